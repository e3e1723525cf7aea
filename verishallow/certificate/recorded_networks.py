"""The three-layer networks that the records of a certificate determine."""

from collections.abc import Sequence

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, plane_of, side_of
from verishallow.certificate.recorded_tree import RecordedTree, region_of
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector, rational
from verishallow.records.spelling import Record
from verishallow.records.walk import Place
from verishallow.shallow.gated import gated_cell
from verishallow.shallow.grids import Grid
from verishallow.shallow.three_layer import ThreeLayerBuilder, ThreeLayerNetwork


def cells_network(
    builder: ThreeLayerBuilder, first: Sequence[int], walk: RecordedTree, low: Vector
) -> ThreeLayerNetwork:
    """The three-layer network of cells or pieces: two units a face and output, or one where ``low`` bounds each output.

    ``first`` are the units of the planes, by their numbers.
    """
    for leaf in walk.leaves:
        forms = region_of(leaf).affine_map.forms
        for face in leaf.faces:
            gates = [first[abs(unit) - 1] + (unit < 0) for unit in face.gates]
            if not low:
                builder.add_gated_map(region_of(leaf).affine_map, gates, face.weight)
            for output, (form, bound) in enumerate(zip(forms if low else (), low, strict=True)):
                raised = AffineForm((form.constant - bound, *form.linear))
                builder.add_gated_unit(raised, (), gates, [(output, mpq(face.weight))])
    return builder.build(low or None)


def gated_network(
    network: ReLUNetwork, builder: ThreeLayerBuilder, first: Sequence[int], walk: RecordedTree
) -> ThreeLayerNetwork:
    """The three-layer network of the gated construction; ``first`` are the units of the planes, by their numbers."""
    for leaf in walk.leaves:
        place = leaf.place or Place()
        cell = gated_cell(network, place.pattern, dict(place.decided))
        inner = [_unit_of(form, place, walk, first) for form in cell.inner]
        for face in leaf.faces:
            gates = [first[abs(unit) - 1] + (unit < 0) for unit in face.gates]
            for unit in cell.units:
                through = [(inner[j][0], weight * inner[j][1]) for j, weight in unit.value.inner]
                outputs = [(output, weight * face.weight) for output, weight in unit.outputs]
                builder.add_gated_unit(unit.value.form, through, gates, outputs)
    return builder.build(network.layers[-1].bias)


def quantised_network(header: Record, grid: Grid, walk: RecordedTree) -> ThreeLayerNetwork:
    """The three-layer network with finite gates: two units of layer 1 for each plane, shifted into the grid's gaps."""
    builder, weight = ThreeLayerBuilder(header["inputs"], header["outputs"]), -rational(header["gate_weight"])
    first = [builder.add_units(grid.gate(-plane), grid.gate(plane)) for plane in walk.planes]
    for leaf in walk.leaves:
        (face,) = leaf.faces
        gates = [(first[abs(unit) - 1] + (unit < 0), weight) for unit in face.gates]
        for output, form in enumerate(region_of(leaf).affine_map.forms):
            for sign in (1, -1):
                builder.add_gated_unit(form.scaled(mpq(sign)), gates, (), [(output, mpq(sign))])
    return builder.build()


def _unit_of(form: AffineForm, place: Place, walk: RecordedTree, first: Sequence[int]) -> tuple[int, mpq]:
    """The unit of layer 1 of which ``ReLU(form)`` is a multiple, and the factor."""
    if form.is_constant():
        return 0, ZERO
    plane, side = plane_of(form), side_of(form)
    number = next((n for n in reversed(place.scope) if walk.planes[n - 1] == plane), None)
    if number is None:
        return 0, ZERO
    factor = next(a / b for a, b in zip(form.linear, plane.linear, strict=True) if b)
    return first[number - 1] + (side < 0), abs(factor)
