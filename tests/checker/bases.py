"""The small certificates that the cases start from, each made by the reference engine."""

from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from gmpy2 import mpq

from tests.checker.editing import encoded, parsed, recounted, sealed
from tests.checker.property_bases import PROPERTY_BASES, Written
from verishallow.certificate.certificate import Certificate
from verishallow.certificate.trimming import trimmed_to_points
from verishallow.claims.bounds import Bound, OutputBounds
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.equality import Equality
from verishallow.claims.finite import Finite, finite
from verishallow.claims.gated import Gated, gated
from verishallow.claims.merge import Merged
from verishallow.claims.one_hidden import OneHidden, one_hidden
from verishallow.claims.quantised import quantised
from verishallow.claims.regions import RegionCount
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import parse_rational, vector
from verishallow.records.lines import certificate_lines
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.shallow.grids import Grid
from verishallow.slices import Slice

Lines = tuple[bytes, ...]
EVERYWHERE, IGNORE, COUNT = Equality("exact"), Equality("ignore"), RegionCount()
MERGED, MERGED_IGNORE = Merged(), Merged("ignore")


@dataclass(frozen=True)
class Base:
    """A network, a domain, what is claimed, and the reference point (None: a generic one).

    On a slice the domain and the reference are about its parameters.
    """

    layers: tuple[tuple[Any, ...], ...]
    domain: Polyhedron
    claim: Claim = EVERYWHERE
    reference: tuple[int, ...] | None = None
    last_leaf_open: bool = False
    slice: Slice | None = None

    def lines(self) -> Lines:
        network = ReLUNetwork.of(self.layers)
        reference = generic_point(self.domain) if self.reference is None else vector(self.reference)
        explored = self.claim.explored(network)
        explored = self.slice.restricted(explored) if self.slice else explored
        nodes = self.claim.tree(cdd_engine, explored, self.domain, reference)
        lines = tuple(certificate_lines(network, self.domain, self.claim, nodes, self.slice))
        return _with_last_leaf_open(lines) if self.last_leaf_open else lines


@dataclass(frozen=True)
class Trimmed(Base):
    """A certificate trimmed to the half-open cells of points."""

    points: tuple[tuple[Any, ...], ...] = ()

    def lines(self) -> Lines:
        lines = trimmed_to_points(Certificate(super().lines()), self.points).lines
        return _with_last_leaf_open(lines) if self.last_leaf_open else lines


def on_cells(claim: Equality) -> Equality:
    """The same claim on some cells alone."""
    kind = type(claim)
    named = type(kind.__name__, (kind,), {"name": "equality-on-cells", "__slots__": ()})
    made: Equality = named(**{each.name: getattr(claim, each.name) for each in fields(claim)})
    return made


def _with_last_leaf_open(lines: Lines) -> Lines:
    records = parsed(lines)
    records[-2] = {"record": "open"}
    recounted(records)
    return tuple(sealed(encoded(records)))


def bounds(*entries: tuple[int, str | None, str | None]) -> OutputBounds:
    """Bounds of outputs, from (output, low, high)."""
    return OutputBounds(tuple(Bound(output, _number(low), _number(high)) for output, low, high in entries))


def _number(text: str | None) -> mpq | None:
    return None if text is None else parse_rational(text)


def equals(*layers: tuple[Any, ...]) -> EqualNetworks:
    """Equality with the network of these layers."""
    return EqualNetworks(ReLUNetwork.of(layers))


def gating(layers: tuple[tuple[Any, ...], ...]) -> Gated:
    """The gated construction for the network of these layers."""
    return gated(ReLUNetwork.of(layers))


def one_layer(layers: tuple[tuple[Any, ...], ...], domain: Polyhedron) -> OneHidden:
    """The network with one hidden layer that equals the network of these layers."""
    return one_hidden(ReLUNetwork.of(layers), domain)


def on_grid(
    layers: tuple[tuple[Any, ...], ...], domain: Polyhedron, *pairs: Any, on_slice: Slice | None = None
) -> Base:
    """The construction of finite weights for inputs (on a slice, parameters) on a grid of these offsets and steps."""
    network = ReLUNetwork.of(layers)
    function = network if on_slice is None else on_slice.restricted(network)
    claim = quantised(function, domain, Grid.of(pairs), "cdd")
    return Base(layers, domain, claim, slice=on_slice)


def by_kinks(layers: tuple[tuple[Any, ...], ...], domain: Polyhedron, on: Slice | None = None) -> Finite:
    """The network of finite weights that equals the network of these layers, on a slice perhaps."""
    network = ReLUNetwork.of(layers)
    return finite(on.restricted(network) if on else network, domain)


LINE, PLANE, SPACE = (Polyhedron.whole_space(n) for n in (1, 2, 3))
UNIT_INTERVAL = Polyhedron.box([(0, 1)])
INTERVAL = Polyhedron.box([(-1, 1)])
LONG_INTERVAL = Polyhedron.box([(-1, 3)])
SQUARE = Polyhedron.box([(-2, 2), (-2, 2)])
QUADRANT = Polyhedron.of([[0, 1, 0], [2, -1, 1]])
SLICED = Slice.plane([0, 0, "-1/3"], [1, 0, "1/6"], [0, "3/2", 1])
WEDGE = Polyhedron.of([[0, 1, 0], [0, -1, 2], [4, -1, 0], [4, -1, 0]])

BEND = (([[1]], [0]), ([[1]], [0]))
TOUCHED = (([[1, -1], [0, 1]], [0, 0]), ([[1, 1]], [1]))
TOUCHED_TURNED = (([[-1, 1], [0, 1]], [0, 0]), ([[1, 1]], [1]))
BEND_AT_A_HALF = (([[2]], [-1]), ([[1]], [0]))
BENT_TWICE = (([[2], [2]], [0, -1]), ([[1, -2]], ["-1/2"]), ([["4/3"]], ["1/7"]))
TENT = (([[1, 0], [0, 1]], [0, -1]), ([[1, -1]], [1]), ([[2]], ["1/3"]))
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
MAXIMUM = (([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1]))
CANCELLING = (([[1], [3], [3]], [0, 1, 1]), ([[1, 5, -5]], [0]))
DEEP = (
    ([[1, 0], [1, -1]], [0, "-1/2"]),
    ([[1, 1], [-1, 2]], [-1, 0]),
    ([[1, 0, 1, -1], [0, 1, "1/2", 1], [1, 1, 0, 0]], [0, 1, -1], [1, 2]),
    ([[2, 0, 1, -1, 0], [0, 1, 0, 3, 0]], ["1/3", -2], [1, 3]),
)

BEND_TWICE = (([[1]], [0]), ([[2]], [0]), ([["1/2"]], [0]))
RESIDUAL_REARRANGED = (
    ([[2, 2]], [-2]),
    ([["-1/2"], ["3/2"]], [1, 0]),
    ([[1, 0, -1, "1/3"], [0, 1, 2, "-1/3"]], [0, "1/3"], [0, 2]),
)
AFFINE_WITH_A_HIDDEN_LAYER = (
    ([[1, 0], [-1, 0]], [0, 0]),
    ([[0, -1, "1/2", "-1/2"], [1, 3, -1, 1]], [1, "-2/3"], [0, 1]),
)
RESIDUAL_OF_ONE = (([[1, 1]], [-1]), ([[1, 0, 1], [0, 1, -1]], [0, "1/3"], [0, 1]))
MAXIMUM_EXCHANGED = (([[-1, 1]], [0]), ([[1, 0, 1]], [0], [0, 1]))

BASES: dict[str, Base | Written] = {
    "bend": Base(BEND, LINE),
    "bend, boundary ignored": Base(BEND, LINE, IGNORE),
    "bent twice": Base(BENT_TWICE, UNIT_INTERVAL),
    "bent twice, boundary ignored": Base(BENT_TWICE, UNIT_INTERVAL, IGNORE),
    "bent thrice": Base(BENT_THRICE, LINE),
    "bent thrice, boundary ignored": Base(BENT_THRICE, LINE, IGNORE),
    "ladder": Base(LADDER, LINE, reference=(-1,)),
    "ladder, boundary ignored": Base(LADDER, LINE, IGNORE),
    "fan": Base(FAN, PLANE, reference=(-3, 1)),
    "modulus": Base(MODULUS, LINE),
    "cross": Base(CROSS, SQUARE),
    "cross, boundary ignored": Base(CROSS, SQUARE, IGNORE),
    "triangle": Base(TRIANGLE, PLANE),
    "triangle, boundary ignored": Base(TRIANGLE, PLANE, IGNORE),
    "concurrent": Base(CONCURRENT, PLANE, reference=(0, 0)),
    "concurrent, seen from outside": Base(CONCURRENT, PLANE, reference=(-3, 1)),
    "corner cut first": Base(CORNER_CUT, PLANE, reference=(-1, -1)),
    "cut corner": Base(CUT_CORNER, PLANE, reference=(-1, -1)),
    "corner of a wedge": Base(CORNER, WEDGE),
    "residual": Base(RESIDUAL, SQUARE),
    "skip": Base(SKIP, LINE),
    "skip, boundary ignored": Base(SKIP, LINE, IGNORE),
    "shut": Base(SHUT, UNIT_INTERVAL),
    "affine": Base(AFFINE, SQUARE),
    "affine, boundary ignored": Base(AFFINE, PLANE, IGNORE),
    "three inputs": Base(THREE_INPUTS, SPACE),
    "two outputs": Base(TWO_OUTPUTS, LINE),
    "two outputs, boundary ignored": Base(TWO_OUTPUTS, LINE, IGNORE),
    "slice": Base(RESIDUAL, UNIT_INTERVAL, slice=Slice.line(["1/2", -1], [1, 2])),
    "slice, boundary ignored": Base(RESIDUAL, UNIT_INTERVAL, IGNORE, slice=Slice.line(["1/2", -1], [1, 2])),
    "slice in space": Base(THREE_INPUTS, SQUARE, slice=Slice.plane([0, 0, "-1/3"], [1, 0, "1/6"], [0, "3/2", 1])),
    "slice, bounded": Base(
        TRIANGLE, Polyhedron.box([(-2, 4)]), bounds((0, "3", "6")), slice=Slice.line([1, 1], ["3/2", 0])
    ),
    "slice, equal": Base(MAXIMUM, LINE, equals(*MAXIMUM_EXCHANGED), slice=Slice.line([0, 1], ["2/3", "1/3"])),
    "left open": replace(Base(CROSS, SQUARE), last_leaf_open=True),
    "left open, boundary ignored": replace(Base(BEND, LINE, IGNORE), last_leaf_open=True),
    "counted": Base(BEND, LINE, COUNT),
    "counted, with skips": Base(RESIDUAL, SQUARE, COUNT),
    "counted, without hidden layers": Base(AFFINE, PLANE, COUNT),
    "counted, left open": replace(Base(CROSS, SQUARE, COUNT), last_leaf_open=True),
    "bounded": Base(BEND, INTERVAL, bounds((0, "0", "1"))),
    "bounded, two outputs": Base(TWO_OUTPUTS, LINE, bounds((0, "0", "2"), (1, "1/2", None))),
    "bounded, with skips": Base(RESIDUAL, SQUARE, bounds((0, None, "5"), (1, "-2/3", "9/2"))),
    "bounded, without hidden layers": Base(AFFINE, SQUARE, bounds((1, "-20/3", "16/3"))),
    "bounded, left open": replace(Base(CROSS, SQUARE, bounds((0, "3", "10"))), last_leaf_open=True),
    "equal": Base(BEND, LINE, equals(*BEND_TWICE)),
    "equal, with skips": Base(RESIDUAL, SQUARE, equals(*RESIDUAL_REARRANGED)),
    "equal, maxima": Base(MAXIMUM, PLANE, equals(*MAXIMUM_EXCHANGED)),
    "equal, without hidden layers": Base(AFFINE, SQUARE, equals(*AFFINE)),
    "equal, one without hidden layers": Base(AFFINE, PLANE, equals(*AFFINE_WITH_A_HIDDEN_LAYER)),
    "equal, left open": replace(Base(BEND, LINE, equals(*BEND)), last_leaf_open=True),
    "merged": Base(CANCELLING, LINE, MERGED),
    "merged, boundary ignored": Base(CANCELLING, LINE, MERGED_IGNORE),
    "merged in the plane": Base(CUT_CORNER, PLANE, MERGED),
    "merged in the plane, boundary ignored": Base(CUT_CORNER, PLANE, MERGED_IGNORE),
    "merged, two outputs": Base(TWO_OUTPUTS, LINE, MERGED),
    "merged, with skips": Base(RESIDUAL, SQUARE, MERGED),
    "merged, with a skip": Base(SKIP, LINE, MERGED),
    "merged, without hidden layers": Base(AFFINE, SQUARE, MERGED),
    "merged, without kinks": Base(AFFINE_WITH_A_HIDDEN_LAYER, PLANE, MERGED),
    "merged, left open": replace(Base(CANCELLING, LINE, MERGED), last_leaf_open=True),
    "gated": Base(BENT_THRICE, LINE, gating(BENT_THRICE)),
    "gated, with skips": Base(DEEP, SQUARE, gating(DEEP)),
    "gated, unbounded": Base(DEEP, PLANE, gating(DEEP)),
    "gated, two hidden layers": Base(BENT_TWICE, UNIT_INTERVAL, gating(BENT_TWICE)),
    "gated, two hidden layers and a skip": Base(RESIDUAL, SQUARE, gating(RESIDUAL)),
    "gated, one hidden layer": Base(TWO_OUTPUTS, LINE, gating(TWO_OUTPUTS)),
    "gated, one hidden layer and a skip": Base(MAXIMUM, PLANE, gating(MAXIMUM)),
    "gated, without hidden layers": Base(AFFINE, SQUARE, gating(AFFINE)),
    "gated, on a slice": Base(DEEP, UNIT_INTERVAL, gating(DEEP), slice=Slice.line(["1/2", -1], [1, 2])),
    "finite": Base(TENT, PLANE, by_kinks(TENT, PLANE)),
    "finite, bounded": Base(DEEP, SQUARE, by_kinks(DEEP, SQUARE)),
    "finite, on a wedge": Base(TENT, WEDGE, by_kinks(TENT, WEDGE)),
    "finite, lines alone": Base(CROSS, PLANE, by_kinks(CROSS, PLANE)),
    "finite, along a side": Base(CROSS, QUADRANT, by_kinks(CROSS, QUADRANT)),
    "finite, of one input": Base(BENT_THRICE, LINE, by_kinks(BENT_THRICE, LINE)),
    "finite, two outputs": Base(TWO_OUTPUTS, UNIT_INTERVAL, by_kinks(TWO_OUTPUTS, UNIT_INTERVAL)),
    "finite, affine": Base(AFFINE, PLANE, by_kinks(AFFINE, PLANE)),
    "finite, on a slice": Base(THREE_INPUTS, SQUARE, by_kinks(THREE_INPUTS, SQUARE, SLICED), slice=SLICED),
    "finite, left open": replace(Base(TENT, PLANE, by_kinks(TENT, PLANE)), last_leaf_open=True),
    "one-hidden": Base(BENT_THRICE, LINE, one_layer(BENT_THRICE, LINE)),
    "one-hidden, two outputs": Base(TWO_OUTPUTS, LINE, one_layer(TWO_OUTPUTS, LINE)),
    "one-hidden, in the plane": Base(MAXIMUM, PLANE, one_layer(MAXIMUM, PLANE)),
    "one-hidden, bounded": Base(RESIDUAL_OF_ONE, SQUARE, one_layer(RESIDUAL_OF_ONE, SQUARE)),
    "one-hidden, affine": Base(AFFINE_WITH_A_HIDDEN_LAYER, PLANE, one_layer(AFFINE_WITH_A_HIDDEN_LAYER, PLANE)),
    "one-hidden, left open": replace(Base(BEND, LINE, one_layer(BEND, LINE)), last_leaf_open=True),
    "gated, left open": replace(Base(BENT_THRICE, LINE, gating(BENT_THRICE)), last_leaf_open=True),
    "one unit": Base(BEND, LINE, Equality(low=(mpq(0),))),
    "one unit, not the least": Base(BENT_TWICE, UNIT_INTERVAL, Equality(low=(mpq(-2),))),
    "one unit, two outputs": Base(TWO_OUTPUTS, LINE, Equality(low=(mpq(0), mpq(1, 2)))),
    "one unit, with skips": Base(RESIDUAL, SQUARE, Equality(low=(mpq(-9), mpq(-9)))),
    "one unit, merged": Base(CUT_CORNER, PLANE, Merged(low=(mpq(0),))),
    "one unit, trimmed": Trimmed(BEND, LINE, on_cells(Equality(low=(mpq(-1),))), points=((-1,),)),
    "trimmed": Trimmed(BEND, LINE, on_cells(EVERYWHERE), points=((-1,),)),
    "trimmed in the plane": Trimmed(FAN, PLANE, on_cells(EVERYWHERE), (-3, 1), points=((1, 2), (0, 0))),
    "trimmed of nothing": Trimmed(BEND, LINE, on_cells(EVERYWHERE), points=((-1,), (1,))),
    "trimmed, with skips": Trimmed(RESIDUAL, SQUARE, on_cells(EVERYWHERE), points=((2, 2),)),
    "trimmed, merged": Trimmed(CANCELLING, LINE, on_cells(MERGED), points=((-3,),)),
    "trimmed, gated": Trimmed(DEEP, SQUARE, on_cells(gating(DEEP)), points=((1, 1),)),
    "trimmed, on a slice": Trimmed(
        RESIDUAL, UNIT_INTERVAL, on_cells(EVERYWHERE), slice=Slice.line(["1/2", -1], [1, 2]), points=(("1/7",),)
    ),
    "quantised": on_grid(BEND, INTERVAL, (0, "1/3")),
    "quantised, between": on_grid(BEND_AT_A_HALF, INTERVAL, (0, "1/3")),
    "quantised, ladder": on_grid(LADDER, LONG_INTERVAL, (0, 1)),
    "quantised, fan": on_grid(FAN, SQUARE, (0, 1), (0, 1)),
    "quantised, touched": on_grid(TOUCHED, Polyhedron.box([(-2, 0), (-2, 2)]), (0, 1), (0, 1)),
    "quantised, touched by an active side": on_grid(TOUCHED_TURNED, Polyhedron.box([(-2, 0), (-2, 2)]), (0, 1), (0, 1)),
    "quantised, passed by": on_grid(TOUCHED, Polyhedron.box([(-2, 0), (-2, 2)]), ("1/2", 1), (0, 1)),
    "quantised, two outputs": on_grid(TWO_OUTPUTS, LONG_INTERVAL, ("1/4", "1/2")),
    "quantised, with skips": on_grid(RESIDUAL, SQUARE, (0, "1/2"), ("1/6", "1/3")),
    "quantised, without hidden layers": on_grid(AFFINE, SQUARE, (0, 1), (0, 1)),
    "quantised, on a slice": on_grid(RESIDUAL, UNIT_INTERVAL, (0, "1/4"), on_slice=Slice.line(["1/2", -1], [1, 2])),
    "quantised, left open": replace(on_grid(BEND, INTERVAL, (0, "1/3")), last_leaf_open=True),
    **PROPERTY_BASES,
}


@cache
def base_lines(name: str) -> Lines:
    """The lines of a base certificate."""
    return BASES[name].lines()
