"""A three-layer network at a point: its live units of layer 2, and the small finite network that they form.

A unit is live where every unit of layer 1 that it reads with weight -inf is 0: these are its rules. Units with the
same rules belong to one cell. Their finite weights are the formula there: ReLU(l) and ReLU(-l) with opposite weights
add up to l, and so do two opposite units of layer 2 that layer 3 reads with opposite weights. The remaining units
(only the gated construction has any) bend inside the cell.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm
from verishallow.errors import OutsideDomainError
from verishallow.explain.facets import BoundaryFacet, Neuron
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector
from verishallow.shallow.three_layer import SparseLayer, SparseRow, ThreeLayerNetwork


@dataclass(frozen=True, slots=True)
class LiveCell:
    """A closed cell that contains the point.

    ``gates`` are the units of layer 1 that its units read with the weight -inf, ``rules`` their negatives, which are
    non-negative on the cell, ``units`` those of layer 2. ``network`` is their function on the cell; ``names`` are its
    hidden neurons, layer by layer, as (layer, unit) of the three-layer network.
    """

    gates: tuple[int, ...]
    rules: tuple[AffineForm, ...]
    units: tuple[int, ...]
    network: ReLUNetwork
    names: tuple[tuple[Neuron, ...], ...]

    def named(self, wall: BoundaryFacet, rows: int) -> BoundaryFacet:
        """A rule of the cell with its units of the three-layer network; the domain has ``rows`` inequalities."""
        gates = tuple((1, self.gates[number - rows]) for number in wall.of_domain if number >= rows)
        inner = tuple(self.names[layer - 1][neuron] for layer, neuron in wall.neurons)
        of_domain = tuple(number for number in wall.of_domain if number < rows)
        return replace(wall, neurons=(*gates, *inner), of_domain=of_domain)


def live_cells(shallow: ThreeLayerNetwork, point: Vector) -> tuple[LiveCell, ...]:
    """The closed cells that contain a point, in the order of their units.

    Units whose rules contain an equation belong to signed faces, which make shared points count once; they are not
    cells. A network without any unit in layer 2 is constant, one cell.

    >>> from verishallow import prove
    >>> rectifier = prove(ReLUNetwork.of([([[1]], [-2]), ([[3]], [0])])).shallow
    >>> (cell,) = live_cells(rectifier, (mpq(3),))
    >>> [str(rule) for rule in cell.rules], str(cell.network.affine_map_for(()).forms[0]), cell.units
    (['-2 + x0'], '-6 + 3*x0', (0, 1))
    """
    forms = _forms(shallow.layer1, shallow.inputs)
    groups = defaultdict[tuple[int, ...], list[int]](list)
    for number, row in enumerate(shallow.layer2.rows):
        gates = tuple(index for index, weight in row if weight.infinite)
        if all(forms[gate](point) <= 0 for gate in gates):
            groups[gates].append(number)
    if not shallow.layer2.width:
        groups[()] = []
    if not groups:
        raise OutsideDomainError("no unit of layer 2 is live at the point: its domain does not contain it")
    return tuple(_cell(shallow, forms, gates, units) for gates, units in groups.items() if _is_full(forms, gates))


def _forms(layer: SparseLayer, inputs: int) -> list[AffineForm]:
    found = []
    for row, bias in zip(layer.rows, layer.bias, strict=True):
        weights = dict(row)
        linear = (weights[i].finite if i in weights else ZERO for i in range(inputs))
        found.append(AffineForm((bias, *linear)))
    return found


def _is_full(forms: Sequence[AffineForm], gates: Sequence[int]) -> bool:
    present = {forms[gate] for gate in gates}
    return not any(-form in present for form in present)


@dataclass(frozen=True)
class _Sum:
    """``form`` plus weighted ``ReLU(l)`` of units of layer 1: pairs (unit, weight), in order."""

    form: AffineForm
    bent: tuple[tuple[int, mpq], ...]

    def __neg__(self) -> "_Sum":
        return _Sum(-self.form, tuple((unit, -weight) for unit, weight in self.bent))

    def over(self, inner: Sequence[int]) -> Vector:
        """The weights on the input and on these units."""
        weights = dict(self.bent)
        return (*self.form.linear, *(weights.get(unit, ZERO) for unit in inner))


def _sum_of(row: SparseRow, bias: mpq, forms: Sequence[AffineForm]) -> _Sum:
    """The finite part of a unit of layer 2, each opposite pair replaced by its form."""
    total, bent = AffineForm((bias, *(ZERO,) * forms[0].dimension)), list[tuple[int, mpq]]()
    weights = _by_form(row, forms)
    for form, (unit, weight) in weights.items():
        opposite = weights.get(-form)
        if form.is_constant():
            total = total + AffineForm((max(form.constant, ZERO) * weight, *(ZERO,) * form.dimension))
        elif opposite is None or opposite[1] != -weight:
            bent.append((unit, weight))
        elif unit < opposite[0]:
            total = total + form.scaled(weight)
    return _Sum(total, tuple(bent))


def _by_form(row: SparseRow, forms: Sequence[AffineForm]) -> dict[AffineForm, tuple[int, mpq]]:
    """The non-zero finite weights of a unit, summed over equal units of layer 1, of which the first is named."""
    found: dict[AffineForm, tuple[int, mpq]] = {}
    for unit, weight in row:
        if not weight.infinite:
            first, sum_so_far = found.get(forms[unit], (unit, ZERO))
            found[forms[unit]] = (first, sum_so_far + weight.finite)
    return {form: pair for form, pair in found.items() if pair[1]}


def _cell(
    shallow: ThreeLayerNetwork, forms: Sequence[AffineForm], gates: tuple[int, ...], units: list[int]
) -> LiveCell:
    sums = {unit: _sum_of(shallow.layer2.rows[unit], shallow.layer2.bias[unit], forms) for unit in units}
    outputs = _readers(shallow.layer3, units)
    pairs = dict(_opposite(sums, outputs))
    straight = [(sums[unit], outputs[unit]) for unit in pairs]
    bends = [unit for unit in units if unit not in pairs and unit not in pairs.values() and outputs[unit]]
    bent = [(sums[unit], outputs[unit]) for unit in bends]
    inner = sorted({unit for total, _ in (*straight, *bent) for unit, _ in total.bent})
    network = _network(shallow, forms, inner, bent, straight)
    names = tuple(tuple((layer, unit) for unit in of) for layer, of in ((1, inner), (2, bends)) if of)
    return LiveCell(gates, tuple(-forms[gate] for gate in gates), tuple(units), network, names)


Weights = tuple[tuple[int, mpq], ...]
"""Pairs (output, weight)."""


def _readers(layer: SparseLayer, units: Sequence[int]) -> dict[int, Weights]:
    wanted: dict[int, list[tuple[int, mpq]]] = {unit: [] for unit in units}
    for output, row in enumerate(layer.rows):
        for unit, weight in row:
            if unit in wanted:
                wanted[unit].append((output, weight.finite))
    return {unit: tuple(weights) for unit, weights in wanted.items()}


def _opposite(sums: Mapping[int, _Sum], outputs: Mapping[int, Weights]) -> Iterator[tuple[int, int]]:
    """Pairs of units whose ReLU cancel: opposite units, read with opposite weights."""
    waiting: dict[tuple[_Sum, Weights], int] = {}
    for unit, total in sums.items():
        opposite = waiting.pop((-total, tuple((o, -weight) for o, weight in outputs[unit])), None)
        if opposite is None:
            waiting[total, outputs[unit]] = unit
        else:
            yield opposite, unit


Part = tuple[_Sum, Weights]


def _network(
    shallow: ThreeLayerNetwork,
    forms: Sequence[AffineForm],
    inner: Sequence[int],
    bends: Sequence[Part],
    straight: Sequence[Part],
) -> ReLUNetwork:
    """Hidden layers of the units that bend, ``inner`` in layer 1; the outputs read the rest directly."""
    layers, reads = list[Layer](), [0]
    if inner:
        rows = [forms[unit] for unit in inner]
        layers.append(Layer(tuple(f.linear for f in rows), tuple(f.constant for f in rows), (0,)))
        reads.append(1)
    if bends:
        weight = tuple(total.over(inner) for total, _ in bends)
        layers.append(Layer(weight, tuple(total.form.constant for total, _ in bends), tuple(reads)))
        reads.append(len(layers))
    last = [_output(o, bias, inner, bends, straight, shallow.inputs) for o, bias in enumerate(shallow.layer3.bias)]
    layers.append(Layer(tuple(row for row, _ in last), tuple(bias for _, bias in last), tuple(reads)))
    return ReLUNetwork(shallow.inputs, tuple(layers))


def _output(
    output: int, bias: mpq, inner: Sequence[int], bends: Sequence[Part], straight: Sequence[Part], inputs: int
) -> tuple[Vector, mpq]:
    direct = [ZERO] * (inputs + len(inner))
    for total, weights in straight:
        for factor in (weight for o, weight in weights if o == output):
            bias = bias + factor * total.form.constant
            direct = [a + factor * b for a, b in zip(direct, total.over(inner), strict=True)]
    through = (sum((weight for o, weight in weights if o == output), ZERO) for _, weights in bends)
    return (*direct, *through), bias
