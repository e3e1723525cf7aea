"""The small networks that the tests share: by name in words, with their domains, and their counts where known."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from verishallow.certificate.certificate import Certificate
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Leaf
from verishallow.shallow.signed_faces import Boundary

Layers = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Counts:
    """What a hand argument gives: activation regions, affine pieces, linear regions."""

    activation_regions: int
    affine_pieces: int
    linear_regions: int


@dataclass(frozen=True)
class Example:
    """A network on a domain."""

    layers: Layers
    domain: Polyhedron
    counts: Counts | None = None

    @property
    def network(self) -> ReLUNetwork:
        return ReLUNetwork.of(self.layers)


# ---------------------------------------------------------------------------------------------- Domains

LINE, PLANE, SPACE = (Polyhedron.whole_space(n) for n in (1, 2, 3))
UNIT_INTERVAL = Polyhedron.box([(0, 1)])
HALF_LINE = Polyhedron.of([[-1, 2]])
SQUARE = Polyhedron.box([(-2, 2), (-2, 2)])
UNIT_SQUARE = Polyhedron.box([(0, 1), (0, 1)])
CUBE = Polyhedron.box([(-1, 1), (-1, 1), (-1, "3/2")])
TRIANGLE = Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, -1]])
WEDGE = Polyhedron.of([[-1, 1, 0], [-1, -1, 1]])
"""Apex (1, 2), rays (0, 1) and (1, 1)."""
PYRAMID = Polyhedron.of([[0, 1, 0, 1], [0, -1, 0, 1], [0, 0, 1, 1], [0, 0, -1, 1]])
CONE = Polyhedron.of([[-2, 1, 0, 1], [0, -1, 0, 1], [-2, 0, 1, 1], [0, 0, -1, 1]])
"""The pyramid |x|, |y| <= z without a base, its apex (not simple: four facets) moved to (1, 1, 1)."""
STRIP = Polyhedron.of([[1, 1, 1], [1, -1, -1]])
"""-1 <= x + y <= 1: it contains the line along (1, -1)."""

DOMAINS = {
    "the line": LINE,
    "the plane": PLANE,
    "space": SPACE,
    "an interval": UNIT_INTERVAL,
    "a half-line": HALF_LINE,
    "a square": SQUARE,
    "a cube": CUBE,
    "a triangle": TRIANGLE,
    "a wedge": WEDGE,
    "a pyramid without base": PYRAMID,
    "a cone with a moved apex": CONE,
    "a strip": STRIP,
}


# --------------------------------------------------------------------------------------------- Networks


def sawtooth(depth: int) -> Layers:
    """The tent map ``2 ReLU(x) - 4 ReLU(x - 1/2)``, composed with itself: 2^depth pieces on [0, 1]."""
    first = ([[1], [1]], [0, "-1/2"])
    again = ([[2, -4], [2, -4]], [0, "-1/2"])
    return (first, *(again for _ in range(depth - 1)), ([[2, -4]], [0]))


ABSOLUTE_VALUE = (([[1], [-1]], [0, 0]), ([[1, 1]], [0]))
SCALED_MODULUS = (([[-2], ["1/2"]], [0, 0]), ([["1/2", 2]], [0]))
"""|x| by other weights."""
MAX_OF_TWO = (([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1]))
MAX_OF_THREE = (
    ([[1, -1, 0]], [0]),
    ([[0, 1, -1, 1]], [0], [0, 1]),
    ([[0, 0, 1, 1]], [0], [0, 2]),
)
PARALLEL_AND_DUPLICATED = (([[1, 0], [2, 0], [1, 0], [-1, 0]], [0, 0, -1, 0]), ([[1, 1, 1, 1]], [0]))
RANK_DEFICIENT = (([[1, 1, 0], [1, 1, 0], [-1, -1, 0]], [0, -1, 0]), ([[1, 1, 1]], [0]))
IDENTICALLY_ZERO = (([[1], [1]], [0, 0]), ([[1, -1], [1, 0]], [0, -1]), ([[1, 1]], [0]))
TANGENT = (([[1, 1], [1, 0], [1, 1], [1, -1]], [0, 0, -2, 0]), ([[1, 1, 1, 1]], [0]))
CENTRAL_PLANE = (([[1, 0], [0, 1], [1, 1]], [0, 0, 0]), ([[1, 2, 4]], [0]))
CENTRAL_SPACE = (([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], [0, 0, 0, 0]), ([[1, 2, 4, 8]], [0]))
NO_HIDDEN_LAYER = (([["1/2", -1], [0, 3]], [1, "-2/3"]),)
WIDTH_ONE = (([[1]], [0]), ([[-1]], [1]), ([[1]], [0]))
TWO_OUTPUTS = (([[1, 0], [0, 1]], [0, 0]), ([[1, 0], [0, 1]], [0, 1]))
READS_INPUT_AND_TWO = (
    ([[1]], [0]),
    ([[1]], [-1], [0]),
    ([[1, 1, -3]], [-1], [0, 1, 2]),
    ([[1]], [0], [3]),
)
RESIDUAL = (([[1, 1]], [-1]), ([[1, 0, -1]], [0], [0, 1]), ([[1, 0, 1]], [0], [0, 2]))
FREE_COORDINATE = (([[1, 0, 0], [0, 1, 0]], [0, "1/3"]), ([[1, 2]], [0]))
ONE_MAP = (([[1, 0], [0, 1]], [0, 0]), ([[0, 0]], [7]))
ALL_DEAD = (([[0], [0]], [-1, 0]), ([[1, 1]], [3]))
FOLDED_TRIANGLE = (([[1, -1], [2, 0]], [0, -1]), ([[1, 1]], [0]))
CUT_WEDGE = (([[1, 1], [1, 0]], [-4, -2]), ([[1, 2]], [0]))
THROUGH_THE_APEX = (([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [-1, -1, -2]), ([[1, 2, 4]], [0]))
CUT_STRIP = (([[1, 1], [1, 0]], [0, 0]), ([[1, 2]], [0]))
LONG_STRIPS = (([[1, 1], [2, 2]], [0, 1]), ([[1, 2]], [0]))
MEET_IN_A_VERTEX = (([[1, 1]], [0]), ([[0, 1, -1], [1, 0, -1]], [0, 0], [0, 1]), ([[1, 1]], [0]))
FLOATS = (([["13421773/134217728", "-1/3"], [1, "7/5"]], ["1/7", 0]), ([["2/3", -1]], ["13421773/134217728"]))
TWO_LAYERS_IN_THE_PLANE = (
    ([[1, 2], [-1, 1], [1, -1], [2, 1]], [0, 1, -1, 1]),
    ([[1, -1, 0, 2], [-2, 1, 1, -1], [1, 1, -2, 1]], [-1, 1, 0]),
    ([[1, -2, 3]], [0]),
)
TWO_LAYERS_IN_SPACE = (
    ([[1, 0, 1], [-1, 1, 0], [0, 1, -1]], [0, "1/2", 0]),
    ([[1, -1, 1], [1, 1, -2]], ["-1/3", 0]),
    ([[1, -1], [2, 1]], [0, 1]),
)

EXAMPLES = {
    "absolute value": Example(ABSOLUTE_VALUE, LINE, Counts(2, 2, 2)),
    "absolute value on a half-line": Example(ABSOLUTE_VALUE, HALF_LINE, Counts(1, 1, 1)),
    "max of two with skip reads": Example(MAX_OF_TWO, PLANE, Counts(2, 2, 2)),
    "max of two on a square": Example(MAX_OF_TWO, SQUARE, Counts(2, 2, 2)),
    "max of three": Example(MAX_OF_THREE, SPACE, Counts(4, 3, 3)),
    "max of three on a cube": Example(MAX_OF_THREE, CUBE, Counts(4, 3, 3)),
    "sawtooth of depth 1": Example(sawtooth(1), LINE, Counts(3, 3, 3)),
    "sawtooth of depth 3": Example(sawtooth(3), UNIT_INTERVAL, Counts(8, 8, 8)),
    "sawtooth of depth 3 on the line": Example(sawtooth(3), LINE, Counts(10, 9, 10)),
    "parallel and duplicated neurons": Example(PARALLEL_AND_DUPLICATED, PLANE, Counts(3, 3, 3)),
    "first layer of deficient rank": Example(RANK_DEFICIENT, SPACE, Counts(3, 3, 3)),
    "neuron identically 0": Example(IDENTICALLY_ZERO, LINE, Counts(3, 2, 2)),
    "hyperplane tangent to a cell": Example(TANGENT, UNIT_SQUARE, Counts(2, 2, 2)),
    "all biases 0 in the plane": Example(CENTRAL_PLANE, PLANE, Counts(6, 6, 6)),
    "all biases 0 in the plane on a square": Example(CENTRAL_PLANE, SQUARE, Counts(6, 6, 6)),
    "all biases 0 in space": Example(CENTRAL_SPACE, SPACE, Counts(14, 14, 14)),
    "no hidden layer": Example(NO_HIDDEN_LAYER, PLANE, Counts(1, 1, 1)),
    "no hidden layer on a triangle": Example(NO_HIDDEN_LAYER, TRIANGLE, Counts(1, 1, 1)),
    "layers of width 1": Example(WIDTH_ONE, LINE, Counts(3, 3, 3)),
    "two outputs": Example(TWO_OUTPUTS, SQUARE, Counts(4, 4, 4)),
    "layer that reads the input and two earlier layers": Example(READS_INPUT_AND_TWO, LINE, Counts(5, 3, 4)),
    "residual block": Example(RESIDUAL, PLANE, Counts(4, 3, 3)),
    "cells that contain a line": Example(FREE_COORDINATE, SPACE, Counts(4, 4, 4)),
    "one affine map on many regions": Example(ONE_MAP, PLANE, Counts(4, 1, 1)),
    "all neurons dead": Example(ALL_DEAD, LINE, Counts(1, 1, 1)),
    "triangle": Example(FOLDED_TRIANGLE, TRIANGLE, Counts(3, 3, 3)),
    "wedge with a moved apex": Example(CUT_WEDGE, WEDGE, Counts(3, 3, 3)),
    "cone with four facets at its apex": Example(THROUGH_THE_APEX, CONE, Counts(8, 8, 8)),
    "strip that is cut across": Example(CUT_STRIP, STRIP, Counts(4, 4, 4)),
    "strip of strips": Example(LONG_STRIPS, STRIP, Counts(3, 3, 3)),
    "two regions with one map that meet only in a vertex": Example(MEET_IN_A_VERTEX, PLANE, Counts(6, 5, 6)),
    "weights of float32": Example(FLOATS, TRIANGLE),
    "two layers in the plane": Example(TWO_LAYERS_IN_THE_PLANE, PLANE),
    "two layers on a square": Example(TWO_LAYERS_IN_THE_PLANE, SQUARE),
    "two layers in a strip": Example(TWO_LAYERS_IN_THE_PLANE, STRIP),
    "two layers in space": Example(TWO_LAYERS_IN_SPACE, SPACE),
    "two layers on a cube": Example(TWO_LAYERS_IN_SPACE, CUBE),
    "two layers on a cone": Example(TWO_LAYERS_IN_SPACE, CONE),
}

each_example = pytest.mark.parametrize("name", EXAMPLES)
each_counted_example = pytest.mark.parametrize("name", [name for name in EXAMPLES if EXAMPLES[name].counts])
each_boundary = pytest.mark.parametrize("boundary", ["exact", "ignore"])


# ---------------------------------------------------------------------------- What is made of them, once


def leaves_of(network: ReLUNetwork, domain: Polyhedron) -> tuple[Leaf, ...]:
    """The leaves that the reference engine finds; hyperplanes belong to the side of a generic reference point."""
    nodes = cdd_engine(network, domain, generic_point(domain))
    return tuple(node for node in nodes if isinstance(node, Leaf))


@cache
def example_leaves(name: str) -> tuple[Leaf, ...]:
    return leaves_of(EXAMPLES[name].network, EXAMPLES[name].domain)


@cache
def example_certificate(name: str, boundary: Boundary = "exact") -> Certificate:
    return prove(EXAMPLES[name].network, EXAMPLES[name].domain, boundary)
