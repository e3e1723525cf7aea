"""The small certificates that the cases start from, each made by the reference engine."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tests.checker.editing import encoded, parsed, recounted, sealed
from verishallow.claims import Equality
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import vector
from verishallow.records import certificate_lines
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.shallow.signed_faces import Boundary

Lines = tuple[bytes, ...]


@dataclass(frozen=True)
class Base:
    """A network, a domain, and the owner of its hyperplanes (None: a generic point)."""

    layers: tuple[tuple[Any, ...], ...]
    domain: Polyhedron
    boundary: Boundary = "exact"
    owner: tuple[int, ...] | None = None
    last_leaf_open: bool = False

    def lines(self) -> Lines:
        network = ReLUNetwork.of(self.layers)
        owner = generic_point(self.domain) if self.owner is None else vector(self.owner)
        lines = tuple(
            certificate_lines(network, self.domain, Equality(self.boundary), cdd_engine(network, self.domain, owner))
        )
        return _with_last_leaf_open(lines) if self.last_leaf_open else lines


def _with_last_leaf_open(lines: Lines) -> Lines:
    records = parsed(lines)
    records[-2] = {"record": "open"}
    recounted(records)
    return tuple(sealed(encoded(records)))


LINE, PLANE, SPACE = (Polyhedron.whole_space(n) for n in (1, 2, 3))
UNIT_INTERVAL = Polyhedron.box([(0, 1)])
SQUARE = Polyhedron.box([(-2, 2), (-2, 2)])
WEDGE = Polyhedron.of([[0, 1, 0], [0, -1, 2], [4, -1, 0], [4, -1, 0]])

BEND = (([[1]], [0]), ([[1]], [0]))
BENT_TWICE = (([[2], [2]], [0, -1]), ([[1, -2]], ["-1/2"]), ([["4/3"]], ["1/7"]))
BENT_THRICE = (([[1]], [0]), ([[-1]], [2]), ([[-1]], [1]), ([[1]], [0]))
LADDER = (([[1], [1], [1]], [0, -1, -2]), ([[1, 1, 1]], [0]))
FAN = (([[1, 1], [1, 0], [0, 1], [1, -1]], [0, 0, 0, 0]), ([[1, 1, 1, 1]], [0]))
MODULUS = (([[1], [-2]], [0, 0]), ([[1, 1]], [0]))
CROSS = (([[1, 0], [0, 1]], [0, 0]), ([[1, 2]], [3]))
TRIANGLE = (([[1, 0], [0, 1], [-1, -1]], [0, 0, 3]), ([[1, 1, 1]], [0]))
CONCURRENT = (([[-1, -1], [1, 0], [0, 1]], [0, 0, 0]), ([[1, 2, 4]], [0]))
CORNER = (([[1, 0], [0, 2], [-1, 0]], ["-1/2", 1, 5]), ([[1, 1, -1]], [0]))
CORNER_CUT = (([[1, 1], [1, 0], [0, 1]], [-1, 0, 0]), ([[1, 1, 1]], [0]))
CUT_CORNER = (([[1, 0], [0, 1], [1, 1]], [0, 0, -1]), ([[1, 1, 1]], [0]))
RESIDUAL = (([[1, 1]], [-1]), ([[1], [-1]], [0, 1]), ([[1, 0, 1, -1], [0, 1, -1, 2]], [0, "1/3"], [0, 2]))
SKIP = (([[1], [-1]], [0, 1]), ([[1, 1, -2]], [-1], [0, 1]), ([[1, 1, 3]], [0], [1, 2]))
SHUT = (([[1], [0], [0]], [2, 3, -1]), ([[1, 1, 1]], [0]))
AFFINE = (([["1/2", -1], [0, 3]], [1, "-2/3"]),)
THREE_INPUTS = (([[1, 1, 0], [0, -1, 1]], [0, 1]), ([[1, 1]], [0]))
TWO_OUTPUTS = (([[1], [1]], [0, -2]), ([[1, -1], ["1/3", 5]], [0, 1]))

BASES = {
    "bend": Base(BEND, LINE),
    "bend, boundary ignored": Base(BEND, LINE, "ignore"),
    "bent twice": Base(BENT_TWICE, UNIT_INTERVAL),
    "bent twice, boundary ignored": Base(BENT_TWICE, UNIT_INTERVAL, "ignore"),
    "bent thrice": Base(BENT_THRICE, LINE),
    "bent thrice, boundary ignored": Base(BENT_THRICE, LINE, "ignore"),
    "ladder": Base(LADDER, LINE, owner=(-1,)),
    "ladder, boundary ignored": Base(LADDER, LINE, "ignore"),
    "fan": Base(FAN, PLANE, owner=(-3, 1)),
    "modulus": Base(MODULUS, LINE),
    "cross": Base(CROSS, SQUARE),
    "cross, boundary ignored": Base(CROSS, SQUARE, "ignore"),
    "triangle": Base(TRIANGLE, PLANE),
    "triangle, boundary ignored": Base(TRIANGLE, PLANE, "ignore"),
    "concurrent": Base(CONCURRENT, PLANE, owner=(0, 0)),
    "concurrent, seen from outside": Base(CONCURRENT, PLANE, owner=(-3, 1)),
    "corner cut first": Base(CORNER_CUT, PLANE, owner=(-1, -1)),
    "cut corner": Base(CUT_CORNER, PLANE, owner=(-1, -1)),
    "corner of a wedge": Base(CORNER, WEDGE),
    "residual": Base(RESIDUAL, SQUARE),
    "skip": Base(SKIP, LINE),
    "skip, boundary ignored": Base(SKIP, LINE, "ignore"),
    "shut": Base(SHUT, UNIT_INTERVAL),
    "affine": Base(AFFINE, SQUARE),
    "affine, boundary ignored": Base(AFFINE, PLANE, "ignore"),
    "three inputs": Base(THREE_INPUTS, SPACE),
    "two outputs": Base(TWO_OUTPUTS, LINE),
    "two outputs, boundary ignored": Base(TWO_OUTPUTS, LINE, "ignore"),
    "left open": replace(Base(CROSS, SQUARE), last_leaf_open=True),
    "left open, boundary ignored": replace(Base(BEND, LINE, "ignore"), last_leaf_open=True),
}


@cache
def base_lines(name: str) -> Lines:
    """The lines of a base certificate."""
    return BASES[name].lines()
