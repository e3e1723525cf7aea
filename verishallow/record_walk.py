"""The tree of a certificate's records, walked once: the planes in scope, the neurons decided, the faces of leaves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import InputError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import vector
from verishallow.regions.cell_tree import Pattern
from verishallow.regions.region import Region
from verishallow.spelling import Record

CHILDREN = {
    "layer": 1, "stable": 1, "redundant": 1, "piece": 1, "split": 2, "cut": 2,
    "leaf": 0, "same": 0, "open": 0, "dropped": 0,
}  # fmt: skip
"""How many nodes follow below a node of each kind."""


@dataclass(frozen=True, slots=True)
class Face:
    """The units of one face: the layer-1 units with weight -inf (planes numbered over the file), and its weight."""

    gates: tuple[int, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class RecordedLeaf:
    """A leaf: its region, its faces, and, of the gated construction, where it stands instead of a region."""

    region: Region | None
    faces: tuple[Face, ...]
    place: "Place | None" = None


@dataclass(frozen=True, slots=True)
class RecordedTree:
    """All planes in the order of their declaration, and all leaves."""

    planes: tuple[AffineForm, ...]
    leaves: tuple[RecordedLeaf, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What holds where the walk stands: the planes in scope (numbered over the file), and the neurons decided."""

    scope: tuple[int, ...] = ()
    pattern: Pattern = ()
    active: tuple[tuple[int, bool], ...] = ()
    """The decisions of the current layer: pairs (neuron, active)."""
    proving: bool = False
    """Whether the node belongs to the proof below a piece."""

    def decide(self, record: Record) -> "Place":
        """The place below a record that decides neurons."""
        decisions = [(neuron, kind == "active") for kind in ("active", "inactive") for neuron, _ in record[kind]]
        return replace(self, active=(*self.active, *decisions))

    def whole_pattern(self) -> Pattern:
        """The pattern of all layers entered so far."""
        return (*self.pattern, tuple(on for _, on in sorted(self.active))) if self.active else self.pattern


def walked(
    leaf: Callable[[Sequence[AffineForm], Place, Record], RecordedLeaf], records: Iterable[Record]
) -> RecordedTree:
    """All planes and leaves of a tree; ``leaf`` makes a leaf of the planes so far, its place and its record."""
    planes: list[AffineForm] = []
    leaves: list[RecordedLeaf] = []
    waiting = [Place()]
    for record in records:
        place = waiting.pop()
        if record["record"] == "dropped":
            continue
        if place.proving:
            waiting += [place] * CHILDREN[record["record"]]
        elif record["record"] == "cut":
            planes.append(AffineForm.of(record["plane"]))
            waiting += [replace(place, scope=(*place.scope, len(planes)))] * 2
        elif record["record"] == "piece":
            leaves.append(leaf(planes, place, record))
            waiting.append(replace(place, proving=True))
        elif record["record"] == "layer":
            declared = range(len(planes) + 1, len(planes) + 1 + len(record["planes"]))
            planes += [AffineForm.of(row) for row in record["planes"]]
            waiting.append(Place((*place.scope, *declared), place.whole_pattern()).decide(record))
        elif record["record"] == "stable":
            waiting.append(place.decide(record))
        elif record["record"] in ("redundant", "terms"):
            waiting.append(place)
        elif record["record"] == "split":
            waiting += [replace(place, active=(*place.active, (record["neuron"], on))) for on in (False, True)]
        else:
            leaves.append(leaf(planes, place, record))
    return RecordedTree(tuple(planes), tuple(leaves))


def leaf_behind_gates(domain: Polyhedron, planes: Sequence[AffineForm], place: Place, record: Record) -> RecordedLeaf:
    """A leaf that states its map: its cell is the part of the domain that the gates of its first face leave open."""
    faces = faces_of(place, record)
    kept = [planes[abs(unit) - 1] for unit in faces[0].gates]
    holding = tuple(-plane if unit > 0 else plane for plane, unit in zip(kept, faces[0].gates, strict=True))
    polyhedron = Polyhedron(domain.dimension, (*domain.inequalities, *holding))
    region = Region(place.whole_pattern(), AffineMap.of(record["map"]), polyhedron, vector(record["witness"]))
    return RecordedLeaf(region, faces)


def faces_of(place: Place, record: Record) -> tuple[Face, ...]:
    """The faces of a leaf's record."""
    return tuple(Face(in_file(place, units["-inf"]), int(units["weight"])) for units in record["units"])


def region_of(leaf: RecordedLeaf) -> Region:
    """The region of a leaf, where it has one."""
    if leaf.region is None:
        raise InputError("a gated certificate has no regions: its cells leave the neurons of the last layers undecided")
    return leaf.region


def in_file(place: Place, units: Iterable[int]) -> tuple[int, ...]:
    """The units of a path, named by the number of their plane in the whole file instead."""
    return tuple(place.scope[abs(unit) - 1] * (1 if unit > 0 else -1) for unit in units)
