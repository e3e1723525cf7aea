"""What the tree of a certificate says about its three-layer network: all planes, and all leaves with their faces."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import InputError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import vector
from verishallow.records.spelling import Record
from verishallow.records.walk import ENDS, PlaceInTree, Step
from verishallow.regions.region import Region


@dataclass(frozen=True, slots=True)
class Face:
    """The units of one face: the layer-1 units with weight -inf (planes numbered over the file), and its weight."""

    gates: tuple[int, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class RecordedLeaf:
    """A leaf: its region and its faces; a leaf of the gated construction has its place instead of a region."""

    region: Region | None
    faces: tuple[Face, ...]
    place: PlaceInTree | None = None


@dataclass(frozen=True, slots=True)
class RecordedTree:
    """All planes in the order in which they are declared, all leaves, and the record at the root."""

    planes: tuple[AffineForm, ...]
    leaves: tuple[RecordedLeaf, ...]
    first: Record
    """The record at the root."""


def recorded_tree(
    leaf: Callable[[Sequence[AffineForm], PlaceInTree, Record], RecordedLeaf], steps: Iterable[Step]
) -> RecordedTree:
    """All planes and leaves of a tree; ``leaf`` makes a leaf from the planes so far, its place and its record."""
    planes: list[AffineForm] = []
    leaves: list[RecordedLeaf] = []
    first: Record = {}
    for step in steps:
        first = first or step.record
        planes += [AffineForm.of(row) for row in step.declared]
        if step.kind in ENDS:
            leaves.append(leaf(planes, step.place, step.record))
    return RecordedTree(tuple(planes), tuple(leaves), first)


def leaf_behind_gates(
    domain: Polyhedron, planes: Sequence[AffineForm], place: PlaceInTree, record: Record
) -> RecordedLeaf:
    """A leaf that states its map: its cell is the part of the domain on which all gates of its first face are 0."""
    faces = faces_of(place, record)
    kept = [planes[abs(unit) - 1] for unit in faces[0].gates]
    holding = tuple(-plane if unit > 0 else plane for plane, unit in zip(kept, faces[0].gates, strict=True))
    polyhedron = Polyhedron(domain.dimension, (*domain.inequalities, *holding))
    region = Region(place.whole_pattern(), AffineMap.of(record["map"]), polyhedron, vector(record["witness"]))
    return RecordedLeaf(region, faces)


def faces_of(place: PlaceInTree, record: Record) -> tuple[Face, ...]:
    """The faces of a leaf's record."""
    return tuple(Face(in_file(place, units["-inf"]), int(units["weight"])) for units in record["units"])


def region_of(leaf: RecordedLeaf) -> Region:
    """The region of a leaf; an error if it has none."""
    if leaf.region is None:
        raise InputError("a gated certificate has no regions: its cells leave the neurons of the last layers undecided")
    return leaf.region


def in_file(place: PlaceInTree, units: Iterable[int]) -> tuple[int, ...]:
    """Units that are numbered along a path, numbered over the whole file instead."""
    return tuple(place.scope[abs(unit) - 1] * (1 if unit > 0 else -1) for unit in units)
