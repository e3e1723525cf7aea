"""The readable reference engine: every cell by its exact generators, cell by cell.

A neuron whose pre-activation takes both signs on the generators of a cell splits it; any other is stable, and
an exact linear program over the facets of the cell yields the Farkas certificate that proves it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap, plane_of, side_of
from verishallow.errors import ProofError
from verishallow.farkas import FarkasCertificate
from verishallow.network import ReLUNetwork, rectified
from verishallow.polyhedron import Polyhedron, simplest_point
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import (
    Cell,
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
from verishallow.regions.neighbours import linear_regions
from verishallow.regions.region import Region, affine_pieces

NOTHING_REDUNDANT = Redundant(())


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where a walk stands: a cell, and what is known there."""

    cell: Cell
    sources: tuple[AffineMap, ...]
    """The input, and the output of every layer that is decided on the cell."""
    pattern: Pattern
    forms: tuple[AffineForm, ...] = ()
    """The pre-activations of the layer being decided; empty between layers."""
    decided: tuple[bool | None, ...] = ()
    """Per neuron of the layer being decided: active, inactive, or not decided yet."""
    units: tuple[AffineForm, ...] = ()
    """The planes declared on the path."""
    redundant: Redundant = NOTHING_REDUNDANT
    """The path constraints that became redundant when the cell was split off."""

    @classmethod
    def start(cls, network: ReLUNetwork, domain: Polyhedron) -> "CellPlace":
        """The domain, with nothing decided."""
        return cls(Cell.whole(domain), (AffineMap.identity(network.inputs),), ())

    def undecided(self) -> list[int]:
        """The neurons of the current layer that are not decided."""
        return [neuron for neuron, active in enumerate(self.decided) if active is None]

    def with_decisions(self, stable: Stable) -> "CellPlace":
        """The same place once these neurons are decided."""
        decided = list(self.decided)
        for decision in stable.active:
            decided[decision.neuron] = True
        for decision in stable.inactive:
            decided[decision.neuron] = False
        return replace(self, decided=tuple(decided))


def cdd_engine(
    network: ReLUNetwork, domain: Polyhedron, reference: Vector, *, reporting: bool = True
) -> Iterator[Node | Reported]:
    """The cell tree of a network on a full-dimensional domain, nodes in preorder; exact throughout."""
    regions: list[Region] = []
    for node in _nodes(network, domain, reference):
        if reporting and isinstance(node, Leaf):
            regions.append(Region(node.pattern, node.affine_map, node.cell.polyhedron, node.witness))
        yield node
    if reporting:
        yield Reported(affine_pieces(regions), linear_regions(regions))


def _nodes(network: ReLUNetwork, domain: Polyhedron, reference: Vector) -> Iterator[Node]:
    waiting = [CellPlace.start(network, domain)]
    while waiting:
        nodes, below = expand(network, waiting.pop(), reference)
        yield from nodes
        waiting += reversed(below)


def expand(network: ReLUNetwork, place: CellPlace, reference: Vector) -> tuple[list[Node], list[CellPlace]]:
    """The nodes from a place down to a leaf, or to a split and the places of its two children."""
    nodes: list[Node] = [place.redundant] if place.redundant.constraints else []
    if place.forms:
        stable, place = _settle(place)
        nodes += [stable] if stable.active or stable.inactive else []
    while not place.undecided():
        place = _leave_layer(place)
        if len(place.pattern) == len(network.hidden):
            return [*nodes, _leaf(network, place)], []
        entry, place = _enter_layer(network, place)
        nodes.append(entry)
    split, below = _split(place, reference)
    return [*nodes, split], below


def generic_point(domain: Polyhedron) -> Vector:
    """A point strictly inside the domain that no hyperplane of an ordinary network contains.

    Any point is sound as the reference point; with a generic one the signed faces are fewest.
    """
    centre = domain.interior_point()
    direction = [mpq(65537 + 7919 * i * i, 99991 - 4993 * i) for i in range(domain.dimension)]
    for halvings in count():
        point = tuple(c + d / (3 * 2**halvings) for c, d in zip(centre, direction, strict=True))
        if domain.contains_strictly(point):
            return point
    raise AssertionError("unreachable: an open set contains a neighbourhood of its points")


def _leave_layer(place: CellPlace) -> CellPlace:
    if not place.forms:
        return place
    active = tuple(bool(on) for on in place.decided)
    outputs = rectified(AffineMap(place.forms), active)
    return replace(place, sources=(*place.sources, outputs), pattern=(*place.pattern, active), forms=(), decided=())


def _enter_layer(network: ReLUNetwork, place: CellPlace) -> tuple[LayerEntry, CellPlace]:
    number = len(place.pattern) + 1
    forms = network.layers[number - 1].on(place.sources).forms
    stable, place = _settle(replace(place, forms=forms, decided=(None,) * len(forms)))
    undecided = place.undecided()
    planes = tuple(dict.fromkeys(plane_of(forms[neuron]) for neuron in undecided))
    entry = LayerEntry(number, stable, tuple(undecided), planes)
    return entry, replace(place, units=(*place.units, *planes))


def _settle(place: CellPlace) -> tuple[Stable, CellPlace]:
    """Decide every undecided neuron that is stable on the cell."""
    active: list[Decision] = []
    inactive: list[Decision] = []
    generators = place.cell.polyhedron.v_representation
    for neuron in place.undecided():
        form = place.forms[neuron]
        signs = generators.signs(form)
        if not {-1, 1} <= signs:
            kind, bounded = (active, form) if 1 in signs else (inactive, -form)
            kind.append(Decision(neuron, _non_negative(place.cell, bounded)))
    stable = Stable(tuple(active), tuple(inactive))
    return stable, place.with_decisions(stable)


def _non_negative(cell: Cell, form: AffineForm) -> FarkasCertificate:
    minimum = cell.minimise(form)
    if minimum.value is None or minimum.value < 0:
        raise ProofError(f"{form} is non-negative on the generators of a cell, but its minimum is {minimum.value}")
    return minimum.reason


def _split(place: CellPlace, reference: Vector) -> tuple[Split, list[CellPlace]]:
    neuron = place.undecided()[0]
    form = place.forms[neuron]
    strict_side = -1 if form(reference) >= 0 else 1
    return Split(neuron, strict_side), [_below(place, neuron, side, side == strict_side) for side in (1, -1)]


def _below(place: CellPlace, neuron: int, side: int, strict: bool) -> CellPlace:
    form = place.forms[neuron]
    # Scopes nest, and a plane may be declared again deeper: the innermost declaration counts.
    number = len(place.units) - place.units[::-1].index(plane_of(form))
    oriented = form if side > 0 else -form
    constraint = PathConstraint(oriented.primitive(), -number * side_of(oriented), strict)
    decided = tuple(side > 0 if index == neuron else on for index, on in enumerate(place.decided))
    cell, redundant = place.cell.split_off(constraint)
    return replace(place, cell=cell, decided=decided, redundant=redundant)


def _leaf(network: ReLUNetwork, place: CellPlace) -> Leaf:
    return Leaf(place.cell, place.pattern, network.layers[-1].on(place.sources), _witness(place.cell))


def _witness(cell: Cell) -> Vector:
    inside = cell.polyhedron.v_representation.relative_interior_point()
    if inside is None:
        raise ProofError("a cell of the tree is empty")
    return simplest_point(inside, cell.polyhedron.contains_strictly)
