"""Two networks as one: x -> (f(x), g(x)), with the hidden layers of f, then those of g."""

from collections.abc import Iterable, Sequence

from verishallow.affine import ZERO, AffineMap
from verishallow.errors import NetworkError
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector


def side_by_side(one: ReLUNetwork, other: ReLUNetwork) -> ReLUNetwork:
    """The network with the outputs of both, those of ``one`` first; they need the same inputs and outputs.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> double = ReLUNetwork.of([([[2]], [1])])
    >>> [int(y) for y in side_by_side(modulus, double)(["-3"])]
    [3, -5]
    """
    for what in ("inputs", "outputs"):
        here, there = getattr(one, what), getattr(other, what)
        if here != there:
            raise NetworkError(f"networks with as many {what} can be compared, found {here} and {there}")
    first = [0, *range(1, len(one.layers))]
    second = [0, *range(len(one.layers), len(one.layers) + len(other.layers) - 1)]
    hidden = [*_renumbered(one.hidden, first), *_renumbered(other.hidden, second)]
    return ReLUNetwork(one.inputs, (*hidden, _stacked(one, first, other, second)))


def halves(affine_map: AffineMap) -> tuple[AffineMap, AffineMap]:
    """The maps of the two networks, from that of both side by side."""
    half = len(affine_map.forms) // 2
    return AffineMap(affine_map.forms[:half]), AffineMap(affine_map.forms[half:])


def _renumbered(layers: Iterable[Layer], numbers: Sequence[int]) -> list[Layer]:
    return [Layer(layer.weight, layer.bias, tuple(numbers[source] for source in layer.reads)) for layer in layers]


def _stacked(one: ReLUNetwork, first: Sequence[int], other: ReLUNetwork, second: Sequence[int]) -> Layer:
    ends = [(one, first), (other, second)]
    read = {numbers[source]: network.widths[source] for network, numbers in ends for source in network.layers[-1].reads}
    sources = sorted(read)
    rows = [row for network, numbers in ends for row in _spread(network, numbers, sources, read)]
    return Layer(tuple(rows), (*one.layers[-1].bias, *other.layers[-1].bias), tuple(sources))


def _spread(
    network: ReLUNetwork, numbers: Sequence[int], sources: Sequence[int], widths: dict[int, int]
) -> Iterable[Vector]:
    """The rows of the last layer over all sources, with zeros where it does not read."""
    last = network.layers[-1]
    for row in last.weight:
        blocks, start = dict[int, Vector](), 0
        for source in last.reads:
            blocks[numbers[source]] = row[start : start + network.widths[source]]
            start += network.widths[source]
        yield tuple(a for source in sources for a in blocks.get(source, (ZERO,) * widths[source]))
