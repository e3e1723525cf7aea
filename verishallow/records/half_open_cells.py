"""The half-open cells in which points lie, found by walking down a certificate's tree.

Each split says to which of its sides the hyperplane belongs, so a point of the domain lies in the half-open cell of
exactly one leaf.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import lcm

from verishallow import checker
from verishallow.rationals import Vector
from verishallow.records.spelling import Record
from verishallow.records.walk import CHILDREN

Homogeneous = tuple[int, ...]
"""A point times a positive number, and this number as the first entry."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A node of the tree: its line, the kind of its record, and the numbers of the points in its half-open cell.

    Nodes below a node without points are not visited. Nodes of the proof below a piece have the points of the piece.
    """

    line: bytes
    kind: str
    points: tuple[int, ...]


def visits(lines: Sequence[bytes], points: Iterable[Vector]) -> Iterator[Visit]:
    """The nodes of a valid certificate's tree that points of its domain visit, and the siblings of these nodes.

    >>> from gmpy2 import mpq
    >>> from verishallow import ReLUNetwork, prove
    >>> certificate = prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))
    >>> found = visits(certificate.lines, [(mpq(0),), (mpq(-2),), (mpq(-1),)])
    >>> [visit.points for visit in found if visit.kind == "leaf"]
    [(0,), (1, 2)]
    """
    where, walk = [_homogeneous(point) for point in points], _walk(lines)
    waiting, unvisited = [tuple(range(len(where)))], 0
    for line in lines[2:-1]:
        record: Record = json.loads(line)
        kind = record["record"]
        if unvisited:
            unvisited += CHILDREN[kind] - 1
            continue
        here = waiting.pop()
        yield Visit(line, kind, here)
        if not here:
            walk.waiting.pop()
            unvisited = CHILDREN[kind]
            continue
        walk.take(record)
        waiting += _below(walk, CHILDREN[kind], here, where)


def _walk(lines: Sequence[bytes]) -> checker.Walk:
    header, network = (json.loads(line) for line in lines[:2])
    read = checker.Network([network], header["inputs"], header["outputs"], header.get("slice"))
    walk: checker.Walk = checker.rules_of(header).begin(header, checker.check_header(header), read)
    return walk


def _below(
    walk: checker.Walk, children: int, here: tuple[int, ...], where: Sequence[Homogeneous]
) -> list[tuple[int, ...]]:
    """The points of each child; the first child comes last."""
    states = walk.waiting[-children:] if children else []
    if children < 2 or states[0].piece is not None:
        return [here] * children
    return [tuple(number for number in here if _owns(state.side, where[number])) for state in states]


def _owns(side: checker.Side | None, point: Homogeneous) -> bool:
    if side is None:
        raise ValueError("a split has no side")
    value = sum(a * x for a, x in zip(side.row, point, strict=True))
    return value > 0 or (value == 0 and not side.strict)


def _homogeneous(point: Vector) -> Homogeneous:
    scale = lcm(*(int(x.denominator) for x in point))
    return (scale, *(int(x * scale) for x in point))
