"""The construction ``gated``: cells for the hidden layers before the last two, whose neurons become units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, plane_of, side_of
from verishallow.claims.claim import REGIONS, without
from verishallow.claims.construction import Construction, Recorded
from verishallow.claims.equality import Equality
from verishallow.errors import InputError
from verishallow.network import Layer, ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.read import load
from verishallow.read.sources import Model
from verishallow.records.lines import Tally
from verishallow.records.spelling import Record
from verishallow.records.tree import RecordedTree
from verishallow.records.walk import PlaceInTree
from verishallow.regions.cell_tree import (
    Cell,
    Decision,
    Engine,
    LayerEntry,
    Leaf,
    Node,
    Reported,
    Stable,
)
from verishallow.shallow.gated import gated_cell
from verishallow.shallow.signed_faces import Boundary
from verishallow.shallow.three_layer import ThreeLayerBuilder, ThreeLayerNetwork


@dataclass(frozen=True, slots=True)
class Gated(Equality):
    """Cells of the hidden layers before the last two; the neurons of the last two are units themselves.

    ``units_of_a_face`` is the number of units of layer 2 per face, which :func:`gated` computes.
    """

    units_of_a_face: int = 0
    construction: ClassVar[str] = "gated"
    in_parts: ClassVar[bool] = False
    """The leaves need layers that the explored network does not have."""

    def __post_init__(self) -> None:
        super(Gated, self).__post_init__()
        if self.boundary != "exact":
            raise InputError("boundary: the gated construction needs 'exact', found 'ignore'; merge takes either")
        if self.low:
            raise InputError("low: a neuron of the gated construction is one unit already")

    def tree(
        self, engine: Engine, network: ReLUNetwork, domain: Polyhedron, reference: Vector
    ) -> Iterator[Node | Reported]:
        """The tree of the front layers; each leaf then enters the second to last hidden layer."""
        front, leaves = front_of(network), 0
        for node in engine(front, domain, reference, reporting=False):
            if isinstance(node, Leaf):
                leaves += 1
                if len(network.hidden) > 1:
                    yield entered(node, len(network.hidden) - 1)
                yield node
            else:
                yield node
        yield Reported(leaves, leaves)

    def leaf(self, leaf: Leaf) -> tuple[Record, Tally]:
        """The units of the cell and its faces; their finite weights are those of the network."""
        members, tally = super(Gated, self).leaf(leaf)
        return {name: value for name, value in members.items() if name != "map"}, tally

    def end(self, inputs: int, outputs: int, total: Tally, reported: Reported) -> Record:
        """The counts; those of regions and affine pieces are not claimed."""
        counts = super(Gated, self).end(inputs, outputs, total, reported)
        units = {**counts["units"], "layer2": self.units_of_a_face * total.faces}
        return {**without(counts, *REGIONS, "affine_pieces"), "units": units}


def gated(network: Model, boundary: Boundary = "exact") -> Gated:
    """The gated construction for a network.

    Raises :class:`~verishallow.errors.InputError` for ``boundary="ignore"``, since biases of layer 3 count only once.

    >>> from verishallow import ReLUNetwork, prove
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> prove(modulus, claim=gated(modulus)).shallow.layer2.infinite_weights()
    0
    """
    return Gated(boundary, units_of_a_face=units_of_a_face(load(network)))


def units_of_a_face(network: ReLUNetwork) -> int:
    """One unit per neuron of the last hidden layer that an output reads; two more per output if any reads more."""
    return len(neurons_read_by_outputs(network)) + 2 * network.outputs * has_rest(network)


def has_rest(network: ReLUNetwork) -> bool:
    """Whether outputs read anything but the last hidden layer."""
    return network.layers[-1].reads != (len(network.hidden),) or not network.hidden


def neurons_read_by_outputs(network: ReLUNetwork) -> tuple[int, ...]:
    """The neurons of the last hidden layer that some output reads with a weight other than 0."""
    last, hidden = network.layers[-1], len(network.hidden)
    if not hidden or hidden not in last.reads:
        return ()
    start = sum(network.widths[source] for source in last.reads if source != hidden)
    columns = range(start, start + network.widths[hidden])
    return tuple(column - start for column in columns if any(row[column] for row in last.weight))


def front_of(network: ReLUNetwork) -> ReLUNetwork:
    """The network whose tree is needed: the hidden layers before the last two; the next layer is its output."""
    hidden = len(network.hidden)
    if hidden > 1:
        return ReLUNetwork(network.inputs, network.layers[: hidden - 1])
    nothing = Layer((AffineForm.zero(network.inputs).linear,), (AffineForm.zero(1).constant,), (0,))
    return ReLUNetwork(network.inputs, (nothing,))


def entered(leaf: Leaf, layer: int) -> LayerEntry:
    """The record that enters a layer whose pre-activations are the map of a leaf, and decides its stable neurons."""
    active, inactive, undecided = list[Decision](), list[Decision](), list[int]()
    for neuron, form in enumerate(leaf.affine_map.forms):
        side, decision = _decided(leaf.cell, neuron, form)
        if decision is None:
            undecided.append(neuron)
        else:
            (active if side > 0 else inactive).append(decision)
    planes = dict.fromkeys(plane_of(leaf.affine_map.forms[neuron]) for neuron in undecided)
    return LayerEntry(layer, Stable(tuple(active), tuple(inactive)), tuple(undecided), tuple(planes))


def _decided(cell: Cell, neuron: int, form: AffineForm) -> tuple[int, Decision | None]:
    for side in (-1, 1):
        least = cell.minimise(form if side > 0 else -form)
        if least.value is not None and least.value >= 0:
            return side, Decision(neuron, least.reason)
    return 0, None


def gated_network(recorded: Recorded) -> ThreeLayerNetwork:
    """The three-layer network of the gated construction: per face, one unit per neuron that outputs read."""
    network, tree = recorded.network, recorded.tree
    builder = ThreeLayerBuilder(network.inputs, network.outputs)
    first = [builder.add_plane(plane) for plane in tree.planes]
    for leaf in tree.leaves:
        place = leaf.place or PlaceInTree()
        cell = gated_cell(network, place.pattern, dict(place.decided))
        inner = [_unit_of(form, place, tree, first) for form in cell.inner]
        for face in leaf.faces:
            gates = [first[abs(unit) - 1] + (unit < 0) for unit in face.gates]
            for unit in cell.units:
                through = [(inner[j][0], weight * inner[j][1]) for j, weight in unit.value.inner]
                outputs = [(output, weight * face.weight) for output, weight in unit.outputs]
                builder.add_gated_unit(unit.value.form, through, gates, outputs)
    return builder.build(network.layers[-1].bias)


def _unit_of(form: AffineForm, place: PlaceInTree, tree: RecordedTree, first: Sequence[int]) -> tuple[int, mpq]:
    """The unit of layer 1 of which ``ReLU(form)`` is a multiple, and the factor."""
    if form.is_constant():
        return 0, ZERO
    plane, side = plane_of(form), side_of(form)
    number = next((n for n in reversed(place.scope) if tree.planes[n - 1] == plane), None)
    if number is None:
        return 0, ZERO
    factor = next(a / b for a, b in zip(form.linear, plane.linear, strict=True) if b)
    return first[number - 1] + (side < 0), abs(factor)


GATED = Construction(
    Gated.construction,
    what="cells for all hidden layers but the last two",
    section="15.3",
    make=lambda asked: gated(asked.network, asked.boundary),
    three_layer=gated_network,
    signed_faces=True,
)
