"""The engine for many inputs: a search of the cell tree that never lists the vertices or faces of a cell.

It makes the splits of the reference engine, in its order. A :class:`~verishallow.regions.program_cell.LPCell`
decides every neuron, exactly; this module adds the network's forms and the order of the walk.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from flint import fmpz_mat
from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.farkas import FarkasCertificate
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.cdd_engine import NOTHING_REDUNDANT
from verishallow.regions.cell_tree import (
    Decision,
    LayerEntry,
    Leaf,
    Node,
    PathConstraint,
    Pattern,
    Redundant,
    Reported,
    Split,
    Stable,
)
from verishallow.regions.constraint_rows import affine_form, leading, oriented, plane_row
from verishallow.regions.integer_network import IntegerLayer, IntegerNetwork, primitive_integers
from verishallow.regions.program_cell import LPCell
from verishallow.regions.reported import LeafReport
from verishallow.regions.sure_signs import Row

Columns = list[list[int]]
"""The affine forms of a source as the columns of a matrix: constants in row 0, then one row per input."""


DEPTH_OF_A_BRANCH = 7
"""The number of splits above the branches that workers explore: there are at most 2^7 branches."""


@dataclass(frozen=True, slots=True)
class TreePlace:
    """Where the walk stands: a cell, and what is known there."""

    cell: LPCell
    sources: tuple[Columns, ...]
    pattern: Pattern = ()
    forms: tuple[Row, ...] = ()
    """The pre-activations of the layer being decided, times its scale; empty between layers."""
    decided: tuple[bool | None, ...] = ()
    planes: int = 0
    """How many planes the path declares."""
    units: tuple[tuple[Row, int], ...] = ()
    """The planes of the layer being decided, with their numbers."""
    redundant: Redundant = NOTHING_REDUNDANT

    def is_branch(self) -> bool:
        """Whether one worker explores the tree below."""
        return len(self.cell.path) >= DEPTH_OF_A_BRANCH

    def undecided(self) -> list[int]:
        """The neurons of the current layer that are not decided."""
        return [neuron for neuron, active in enumerate(self.decided) if active is None]


def tree_engine(
    network: ReLUNetwork, domain: Polyhedron, reference: Vector, *, reporting: bool = True
) -> Iterator[Node | Reported]:
    """The cell tree of a network on a full-dimensional domain, nodes in preorder, by linear programs.

    >>> network = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> *nodes, reported = tree_engine(network, Polyhedron.box([(-1, 1), (-1, 1)]), (mpq(1, 3), mpq(0)))
    >>> [type(node).__name__ for node in nodes], reported
    (['LayerEntry', 'Split', 'Leaf', 'Leaf'], Reported(affine_pieces=2, linear_regions=2))
    """
    walk = TreeSearch(network, reference)
    if not reporting:
        yield from walk.below(walk.start(domain))
        return
    report = LeafReport(network)
    yield from report.watched(walk.below(walk.start(domain)))
    yield report.reported()


class TreeSearch:
    """A depth-first walk over the cells of a network."""

    def __init__(self, network: ReLUNetwork, reference: Vector) -> None:
        self.layers = IntegerNetwork.of(network).layers
        self.inputs = network.inputs
        self.reference = primitive_integers([mpq(1), *reference])

    def start(self, domain: Polyhedron) -> TreePlace:
        """The domain, with nothing decided."""
        identity = [[int(i == j + 1) for j in range(self.inputs)] for i in range(self.inputs + 1)]
        return TreePlace(LPCell.start(domain), (identity,))

    def below(self, place: TreePlace) -> Iterator[Node]:
        """The nodes from a place on, in preorder."""
        waiting = [place]
        while waiting:
            nodes, below = self.expand(waiting.pop())
            yield from nodes
            waiting += reversed(below)

    def top(self, place: TreePlace) -> Iterator[list[Node] | TreePlace]:
        """The nodes above all branches, and the places where branches begin, in preorder."""
        if place.is_branch():
            yield place
            return
        nodes, below = self.expand(place)
        yield nodes
        for child in below:
            yield from self.top(child)

    def expand(self, place: TreePlace) -> tuple[list[Node], list[TreePlace]]:
        """The nodes from a place down to a leaf, or to a split and the two places below."""
        nodes: list[Node] = [place.redundant] if place.redundant.constraints else []
        if place.forms:
            stable, place = self._settle(place)
            nodes += [stable] if stable.active or stable.inactive else []
        while not place.undecided():
            place = _leave_layer(place)
            if len(place.pattern) + 1 == len(self.layers):
                return [*nodes, self._leaf(place)], []
            entry, place = self._enter_layer(place)
            nodes.append(entry)
        neuron = place.undecided()[0]
        at_reference = sum(a * x for a, x in zip(place.forms[neuron], self.reference, strict=True))
        strict = -1 if at_reference >= 0 else 1
        return [*nodes, Split(neuron, strict)], [_below(place, neuron, side, side == strict) for side in (1, -1)]

    def _enter_layer(self, place: TreePlace) -> tuple[LayerEntry, TreePlace]:
        number = len(place.pattern)
        forms = _forms(self.layers[number], place.sources)
        stable, place = self._settle(replace(place, forms=forms, decided=(None,) * len(forms)))
        undecided = place.undecided()
        planes = dict.fromkeys(plane_row(forms[neuron]) for neuron in undecided)
        units = tuple((plane, index) for index, plane in enumerate(planes, start=place.planes + 1))
        entry = LayerEntry(number + 1, stable, tuple(undecided), tuple(affine_form(plane) for plane in planes))
        return entry, replace(place, units=units, planes=place.planes + len(units))

    def _settle(self, place: TreePlace) -> tuple[Stable, TreePlace]:
        """Decide every undecided neuron that is stable on the cell."""
        active: list[Decision] = []
        inactive: list[Decision] = []
        decided, undecided, scale = list(place.decided), place.undecided(), self.layers[len(place.pattern)].scale
        sides = place.cell.sides([place.forms[neuron] for neuron in undecided])
        for neuron, found in zip(undecided, sides, strict=True):
            if found is not None:
                decided[neuron] = found[0] > 0
                (active if found[0] > 0 else inactive).append(Decision(neuron, _divided(found[1], scale)))
        return Stable(tuple(active), tuple(inactive)), replace(place, decided=tuple(decided))

    def _leaf(self, place: TreePlace) -> Leaf:
        layer = self.layers[-1]
        forms = [AffineForm(tuple(mpq(a, layer.scale) for a in row)) for row in _forms(layer, place.sources)]
        return Leaf(place.cell, place.pattern, AffineMap(tuple(forms)), place.cell.witness())


def _forms(layer: IntegerLayer, sources: tuple[Columns, ...]) -> tuple[Row, ...]:
    """The pre-activations of a layer as integer rows, times its scale."""
    unit = [[int(i == 0)] for i in range(len(sources[0]))]
    rows = [list(chain(*parts)) for parts in zip(unit, *(sources[source] for source in layer.reads), strict=True)]
    product = fmpz_mat(rows) * layer.exact_weight
    return tuple(tuple(int(a) for a in column) for column in product.transpose().tolist())


def _divided(reason: FarkasCertificate, scale: int) -> FarkasCertificate:
    return FarkasCertificate(tuple((number, value / scale) for number, value in reason.multipliers))


def _leave_layer(place: TreePlace) -> TreePlace:
    if not place.forms:
        return place
    active = tuple(bool(on) for on in place.decided)
    kept = [form if on else (0,) * len(form) for form, on in zip(place.forms, active, strict=True)]
    outputs = [list(row) for row in zip(*kept, strict=True)]
    return replace(
        place, sources=(*place.sources, outputs), pattern=(*place.pattern, active), forms=(), decided=(), units=()
    )


def _below(place: TreePlace, neuron: int, side: int, strict: bool) -> TreePlace:
    form = place.forms[neuron]
    plane = plane_row(form)
    facing = side if form[leading(form)] > 0 else -side
    number = dict(place.units)[plane]
    constraint = PathConstraint(affine_form(oriented(plane, facing > 0)), -facing * number, strict)
    decided = tuple(side > 0 if index == neuron else on for index, on in enumerate(place.decided))
    cell, redundant = place.cell.split_off(constraint)
    return replace(place, cell=cell, decided=decided, redundant=redundant)
