"""The gated construction: cells for the hidden layers before the last two, whose neurons become units.

On a cell the pre-activations ``h_j`` of the second to last hidden layer are affine, so there the network is

    f(x) = b + sum_k v_k ReLU(z_k(x)) + r(x),   z_k and r affine in x and the ReLU(h_j).

Each ``ReLU(h_j)`` is a unit of layer 1, each ``ReLU(z_k)`` is one unit of layer 2, and ``r`` is a pair of units there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, AffineMap
from verishallow.network import Layer, ReLUNetwork, rectified
from verishallow.regions.cell_tree import Pattern


@dataclass(frozen=True, slots=True)
class Bent:
    """An affine form plus multiples of the ``ReLU(h_j)``: pairs (j, weight) with j increasing and no weight 0."""

    form: AffineForm
    inner: tuple[tuple[int, mpq], ...] = ()

    def __neg__(self) -> "Bent":
        return Bent(-self.form, tuple((j, -weight) for j, weight in self.inner))


@dataclass(frozen=True, slots=True)
class GatedUnit:
    """A unit ``ReLU(value)`` of layer 2, and its weights in the outputs: pairs (output, weight)."""

    value: Bent
    outputs: tuple[tuple[int, mpq], ...]


@dataclass(frozen=True, slots=True)
class GatedCell:
    """The network on a cell: the pre-activations ``h_j``, and the units of layer 2 that read their ReLUs."""

    inner: tuple[AffineForm, ...]
    units: tuple[GatedUnit, ...]


def gated_cell(network: ReLUNetwork, front: Pattern, decided: Mapping[int, bool]) -> GatedCell:
    """The units of a network on a cell with this activation pattern of the front layers.

    ``decided`` are the neurons of the next layer that are stable on the cell. The bias of the outputs is not included:
    it is the bias of layer 3. Networks with fewer than two hidden layers have no such next layer.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [5])])
    >>> [str(unit.value.form) for unit in gated_cell(modulus, (), {}).units]
    ['x0', '-x0']
    """
    hidden = len(network.hidden)
    sources: list[list[Bent]] = [[Bent(form) for form in AffineMap.identity(network.inputs).forms]]
    for layer, active in zip(network.hidden[: max(hidden - 2, 0)], front, strict=True):
        forms = AffineMap(tuple(value.form for value in _values(layer, sources)))
        sources.append([Bent(form) for form in rectified(forms, active).forms])
    inner: tuple[AffineForm, ...] = ()
    if hidden > 1:
        inner = tuple(value.form for value in _values(network.layers[hidden - 2], sources))
        sources.append([_output(j, form, decided) for j, form in enumerate(inner)])
    bends = _values(network.layers[hidden - 1], sources) if hidden else []
    return GatedCell(inner, (*_units(network, bends), *_rest(network, sources)))


def _output(neuron: int, form: AffineForm, decided: Mapping[int, bool]) -> Bent:
    zero = AffineForm.zero(form.dimension)
    if neuron not in decided:
        return Bent(zero, ((neuron, mpq(1)),))
    return Bent(form if decided[neuron] else zero)


def _values(layer: Layer, sources: Sequence[Sequence[Bent]]) -> list[Bent]:
    read = [value for source in layer.reads for value in sources[source]]
    return [_sum(row, read, bias) for row, bias in zip(layer.weight, layer.bias, strict=True)]


def _sum(weights: Iterable[mpq], values: Iterable[Bent], bias: mpq) -> Bent:
    total, inner = None, dict[int, mpq]()
    for weight, value in zip(weights, values, strict=True):
        scaled = value.form.scaled(weight)
        total = scaled if total is None else total + scaled
        for j, factor in value.inner:
            inner[j] = inner.get(j, ZERO) + weight * factor
    if total is None:
        raise ValueError("a layer reads nothing")
    row = (total.constant + bias, *total.linear)
    return Bent(AffineForm(row), tuple((j, weight) for j, weight in sorted(inner.items()) if weight))


def _units(network: ReLUNetwork, bends: Sequence[Bent]) -> Iterable[GatedUnit]:
    """One unit per neuron of the last hidden layer that an output reads."""
    start = _offset(network)
    for neuron, value in enumerate(bends if start is not None else ()):
        weights = enumerate(row[(start or 0) + neuron] for row in network.layers[-1].weight)
        if outputs := tuple((output, weight) for output, weight in weights if weight):
            yield GatedUnit(value, outputs)


def _offset(network: ReLUNetwork) -> int | None:
    """The column at which the outputs read the last hidden layer."""
    hidden, reads = len(network.hidden), network.layers[-1].reads
    return sum(network.widths[source] for source in reads[:-1]) if hidden and reads[-1] == hidden else None


def _rest(network: ReLUNetwork, sources: Sequence[Sequence[Bent]]) -> Iterable[GatedUnit]:
    """A pair of units per output for all else that it reads, without its bias; none if no output reads more."""
    last, hidden = network.layers[-1], len(network.hidden)
    if last.reads == (hidden,) and hidden:
        return
    read = [value for source in last.reads if source != hidden or not hidden for value in sources[source]]
    for output, row in enumerate(last.weight):
        value = _sum(row[: len(read)], read, ZERO) if read else Bent(AffineForm.zero(network.inputs))
        yield GatedUnit(value, ((output, mpq(1)),))
        yield GatedUnit(-value, ((output, mpq(-1)),))
