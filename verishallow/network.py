"""Deep ReLU networks over the rationals: frozen values with exact evaluation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, Self

from verishallow.affine import ZERO, AffineForm, AffineMap
from verishallow.displayed import Displayed
from verishallow.errors import NetworkError
from verishallow.rationals import Vector, counted, listed, rows_of, vector


@dataclass(frozen=True, slots=True)
class Layer(Displayed):
    """One affine map of a network, ``z = weight . (sources) + bias``.

    ``reads`` names its sources, strictly increasing: 0 is the network's input, k is the output of layer k
    (after its ReLU). The weight has one row per neuron and one column per entry of the sources, in order.

    >>> Layer((vector([1, -2]),), vector([3]), (0,))([vector([1, 1])])
    (mpq(2,1),)
    """

    weight: tuple[Vector, ...]
    bias: Vector
    reads: tuple[int, ...]

    @classmethod
    def of_forms(cls, forms: Iterable[AffineForm]) -> Self:
        """The first layer whose neurons have these forms of the input.

        >>> Layer.of_forms([AffineForm.of([3, 1, -2])]) == Layer((vector([1, -2]),), vector([3]), (0,))
        True
        """
        listed = tuple(forms)
        return cls(tuple(form.linear for form in listed), tuple(form.constant for form in listed), (0,))

    def __repr__(self) -> str:
        columns = len(self.weight[0]) if self.weight else 0
        return f"<Layer of {counted(self.width, 'neuron')}, {columns} weights each, reads {list(self.reads)}>"

    @property
    def width(self) -> int:
        """The number of neurons."""
        return len(self.bias)

    def __call__(self, sources: Sequence[Vector]) -> Vector:
        """The pre-activations, from the values of all sources read so far (entry 0: the input)."""
        values = tuple(chain.from_iterable(sources[source] for source in self.reads))
        return tuple(
            sum((w * v for w, v in zip(row, values, strict=True) if w and v), ZERO) + b
            for row, b in zip(self.weight, self.bias, strict=True)
        )

    def on(self, sources: Sequence[AffineMap]) -> AffineMap:
        """The pre-activations as affine forms of the input, from the affine maps of all sources."""
        forms = tuple(chain.from_iterable(sources[source].forms for source in self.reads))
        return AffineMap(forms).then(self.weight, self.bias)


@dataclass(frozen=True)
class ReLUNetwork(Displayed):
    """A deep ReLU network ``f : Q^n -> Q^m`` with exact rational weights.

    Weights and points may be any numbers, NumPy's and torch's too: each float is the binary rational that it is.

    Every layer but the last is followed by ReLU. By default a layer reads the one before it.
    Raises :class:`~verishallow.errors.NetworkError` when shapes do not chain.

    >>> absolute_value = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> absolute_value(["-1/3"])
    (mpq(1,3),)
    >>> absolute_value([[-0.5], [0.25]])
    ((mpq(1,2),), (mpq(1,4),))
    """

    inputs: int
    layers: tuple[Layer, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)
    """Remarks of the reader on how it made the network; they do not count for equality."""

    def __post_init__(self) -> None:
        if self.inputs < 1 or not self.layers:
            raise NetworkError(f"expected at least one input and one layer, found {self.inputs} and {len(self.layers)}")
        for number, layer in enumerate(self.layers, start=1):
            _check_reads(number, layer)
            _check_shapes(number, layer, sum(self.widths[source] for source in layer.reads))

    def __repr__(self) -> str:
        return f"<ReLUNetwork {'-'.join(map(str, self.widths))}>"

    @classmethod
    def of(cls, layers: Iterable[tuple[Any, ...]]) -> Self:
        """The network of triples (weight, bias, reads), or pairs (weight, bias) for layers that read the one before."""
        expected = "layers: expected pairs (weight, bias) or triples (weight, bias, reads)"
        given = [tuple(listed(layer, expected)) for layer in listed(layers, expected)]
        if any(len(layer) not in (2, 3) for layer in given):
            raise NetworkError(f"{expected}, found other lengths: {sorted({len(layer) for layer in given})}")
        built = tuple(_layer(number, *layer) for number, layer in enumerate(given, start=1))
        if not built or not built[0].weight:
            raise NetworkError("expected a network of at least one layer with at least one neuron, found none")
        return cls(len(built[0].weight[0]), built)

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """The width of every source: the number of inputs, then the width of each layer."""
        return (self.inputs, *(layer.width for layer in self.layers))

    @property
    def outputs(self) -> int:
        """The number of outputs, m."""
        return self.layers[-1].width

    @property
    def hidden(self) -> tuple[Layer, ...]:
        """The layers that ReLU follows."""
        return self.layers[:-1]

    def __call__(self, point: Iterable[Any]) -> Vector:
        """The exact value at a point; of a batch, an array or sequence of points, the tuple of its values."""
        if (batch := rows_of(point)) is not None:
            return tuple(self(each) for each in batch)
        sources = [self._point(point)]
        for layer in self.hidden:
            sources.append(tuple(max(z, ZERO) for z in layer(sources)))
        return self.layers[-1](sources)

    def affine_map_for(self, pattern: Sequence[Sequence[bool]]) -> AffineMap:
        """The affine map of the network where exactly the neurons marked True are active.

        The pattern has one row per hidden layer.
        """
        sources = [AffineMap.identity(self.inputs)]
        for layer, active in zip(self.hidden, pattern, strict=True):
            sources.append(rectified(layer.on(sources), active))
        return self.layers[-1].on(sources)

    def pattern_at(self, point: Iterable[Any]) -> tuple[tuple[bool, ...], ...]:
        """Which neurons are positive at a rational point, one row per hidden layer."""
        sources, pattern = [self._point(point)], list[tuple[bool, ...]]()
        for layer in self.hidden:
            values = layer(sources)
            pattern.append(tuple(z > 0 for z in values))
            sources.append(tuple(max(z, ZERO) for z in values))
        return tuple(pattern)

    def pre_activations_for(self, pattern: Sequence[Sequence[bool]]) -> tuple[tuple[AffineForm, ...], ...]:
        """The pre-activations of every hidden layer as affine forms, if exactly the neurons marked True are active."""
        sources, found = [AffineMap.identity(self.inputs)], list[tuple[AffineForm, ...]]()
        for layer, active in zip(self.hidden, pattern, strict=True):
            forms = layer.on(sources)
            found.append(forms.forms)
            sources.append(rectified(forms, active))
        return tuple(found)

    def _point(self, point: Iterable[Any]) -> Vector:
        values = vector(point)
        if len(values) != self.inputs:
            raise NetworkError(f"expected a point with {self.inputs} coordinates, found {len(values)}")
        return values


def rectified(forms: AffineMap, active: Sequence[bool]) -> AffineMap:
    """The forms of active neurons, and zero forms for the others."""
    zero = AffineForm.zero(forms.forms[0].dimension)
    return AffineMap(tuple(form if on else zero for form, on in zip(forms.forms, active, strict=True)))


def _layer(number: int, weight: Any, bias: Any, reads: Iterable[int] | None = None) -> Layer:
    if isinstance(weight, str) or not isinstance(weight, Iterable):
        raise NetworkError(f"layer {number}: expected a weight matrix, rows of numbers, found {weight!r}")
    rows = tuple(vector(row) for row in weight)
    return Layer(rows, vector(bias), (number - 1,) if reads is None else tuple(reads))


def _check_reads(number: int, layer: Layer) -> None:
    ordered = all(a < b for a, b in zip(layer.reads, layer.reads[1:], strict=False))
    if not layer.reads or not ordered or layer.reads[0] < 0 or layer.reads[-1] >= number:
        raise NetworkError(
            f"layer {number}: expected 'reads' to be increasing numbers from 0 (the input) to {number - 1}, "
            f"found {list(layer.reads)}"
        )


def _check_shapes(number: int, layer: Layer, columns: int) -> None:
    if not layer.weight:
        raise NetworkError(f"layer {number}: expected at least one neuron, found none")
    if len(layer.weight) != layer.width:
        raise NetworkError(f"layer {number}: {len(layer.weight)} weight rows but {layer.width} biases")
    for row in layer.weight:
        if len(row) != columns:
            raise NetworkError(f"layer {number}: expected {columns} weights per neuron, found {len(row)}")


def side_by_side(one: ReLUNetwork, other: ReLUNetwork) -> ReLUNetwork:
    """The network with the outputs of both, those of ``one`` first; both need as many inputs and as many outputs.

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
    """The maps of two networks, from the map of both side by side."""
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
    """The rows of the last layer over all sources, with zeros for those that it does not read."""
    last = network.layers[-1]
    for row in last.weight:
        blocks, start = dict[int, Vector](), 0
        for source in last.reads:
            blocks[numbers[source]] = row[start : start + network.widths[source]]
            start += network.widths[source]
        yield tuple(a for source in sources for a in blocks.get(source, (ZERO,) * widths[source]))
