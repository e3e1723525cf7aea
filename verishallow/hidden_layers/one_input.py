"""Functions of one input as sums of basis functions at their knots, and trained neurons as basis functions.

A **knot** is where a function bends, or where a neuron begins. A **basis function** at a knot t is ``ReLU(x - t)``, of
the right side, or ``ReLU(t - x)``, of the left side. **One-sided** basis functions all have the same side; on a domain
that is unbounded on the other side, their sum is constant there. **Two-sided** basis functions point away from a
centre: those at knots to its right have the right side, the others the left side. With a constant, they give every
piecewise linear function. The terms are those of arXiv 2411.06728.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np
from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, AffineMap
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, format_rational, from_float, listed, point_text, rational, vector
from verishallow.read import load
from verishallow.read.domains.usable_domain import Domain, usable_domain
from verishallow.read.sources import Model
from verishallow.regions.kinks import kinks
from verishallow.shallow.one_hidden import network_of_neurons
from verishallow.shallow.terms import map_near

RIGHT, LEFT = "right", "left"


@dataclass(frozen=True, slots=True)
class BasisFunction:
    """``weight * ReLU(x - knot)`` or ``weight * ReLU(knot - x)``, by its side; one weight per output."""

    knot: mpq
    side: str
    weight: Vector

    @property
    def form(self) -> AffineForm:
        """The form inside the ReLU."""
        return AffineForm((-self.knot, mpq(1)) if self.side == RIGHT else (self.knot, mpq(-1)))

    def __str__(self) -> str:
        return f"{point_text(self.weight)} ReLU({self.form})"


@dataclass(frozen=True, slots=True)
class BaseSum:
    """A constant per output, and basis functions by increasing knots."""

    constants: Vector
    bases: tuple[BasisFunction, ...]

    def __call__(self, point: Any) -> Vector:
        """The value at a number."""
        x = rational(point)
        heights = [max(base.form([x]), ZERO) for base in self.bases]
        return tuple(
            sum((h * base.weight[o] for h, base in zip(heights, self.bases, strict=True)), constant)
            for o, constant in enumerate(self.constants)
        )

    @property
    def network(self) -> ReLUNetwork:
        """The network with one neuron per basis function; without a hidden layer if there is none."""
        return network_of_neurons(1, self.constants, [(base.form, base.weight) for base in self.bases])

    def __str__(self) -> str:
        return " + ".join([point_text(self.constants), *map(str, self.bases)])


def one_sided(network: Model, domain: Domain = None, side: str = "right") -> BaseSum:
    """A network of one input on a domain as a sum of basis functions of one side.

    The first one begins at the end of the domain on the other side. Raises :class:`~verishallow.errors.InputError` if
    the domain is unbounded there and the function is not constant: then it is no such sum.

    >>> bent = ReLUNetwork.of([([[1], [1]], [0, -2]), ([[3, -1]], [5])])
    >>> print(one_sided(bent), "|", one_sided(bent, "box:-1,1", side="left"))
    (5) + (3) ReLU(x0) + (-1) ReLU(-2 + x0) | (8) + (3) ReLU(-x0) + (-3) ReLU(1 - x0)
    """
    function = _Function.of(load(network), domain)
    if side not in (RIGHT, LEFT):
        raise InputError(f"side: expected right or left, found {side!r}")
    end, outer = (function.ends[0], function.slopes[0]) if side == RIGHT else (function.ends[1], function.slopes[-1])
    if end is None and any(outer):
        raise InputError(
            f"one-sided basis functions of the {side} side: on a domain that is unbounded on the other side their sum "
            f"is constant there, but this function has the slope {point_text(outer)}; use two_sided"
        )
    sign = 1 if side == RIGHT else -1
    start = end if end is not None else function.beyond(side)
    first = BasisFunction(start, side, tuple(sign * a for a in outer))
    bases = [first, *(BasisFunction(knot, side, jump) for knot, jump in function.jumps)]
    return BaseSum(function.at(start), _sorted(bases))


def two_sided(network: Model, domain: Domain = None, centre: Any = None) -> BaseSum:
    """A network of one input on a domain as a sum of two-sided basis functions; the centre is by default a middle knot.

    >>> bent = ReLUNetwork.of([([[1], [1]], [0, -2]), ([[3, -1]], [5])])
    >>> print(two_sided(bent))
    (11) + (3) ReLU(-x0) + (-3) ReLU(2 - x0) + (2) ReLU(-2 + x0)
    >>> print(two_sided(bent, "box:-1,1", centre=1))
    (8) + (3) ReLU(-x0) + (-3) ReLU(1 - x0) + (3) ReLU(-1 + x0)
    """
    function = _Function.of(load(network), domain)
    middle = function.middle() if centre is None else rational(centre)
    if not function.domain.contains([middle]):
        raise InputError(f"centre: expected a point of the domain, found {format_rational(middle)}")
    left, right = function.slopes_at(middle)
    around = [BasisFunction(middle, LEFT, tuple(-a for a in left)), BasisFunction(middle, RIGHT, right)]
    others = [BasisFunction(t, LEFT if t < middle else RIGHT, jump) for t, jump in function.jumps if t != middle]
    return BaseSum(function.at(middle), _sorted([*around, *others]))


def from_points(xs: Iterable[Any], ys: Iterable[Any]) -> ReLUNetwork:
    """The network with one hidden layer that interpolates points linearly, exactly.

    ``xs`` are different numbers in any order, ``ys`` has a number or a vector for each; a float stands for its
    exact binary value. To the left of the points the network is constant, to the right it continues the last slope. It
    has one neuron per point at which its slope changes.

    >>> tent = from_points([0, 1, 2], [0, 1, 0])
    >>> [int(tent([x])[0]) for x in (-5, 0, 1, 2, 3)], tent.hidden[0].width
    ([0, 0, 1, 0, -1], 2)
    """
    places = list(map(_exact, listed(xs, "points: expected a sequence of numbers x")))
    values = list(map(_row, listed(ys, "points: expected a sequence of numbers, or vectors, y")))
    if len(places) != len(values):
        raise InputError(f"points: expected as many x as y, found {len(places)} and {len(values)}")
    points = sorted(zip(places, values, strict=True))
    if not points:
        raise InputError("points: expected at least one, found none")
    for (x, y), (next_x, next_y) in pairwise(points):
        if x == next_x:
            raise InputError(
                f"points: expected different x, found {point_text(y)} and {point_text(next_y)} at {format_rational(x)}"
            )
        if len(y) != len(next_y):
            raise InputError(f"points: expected as many outputs everywhere, found {len(y)} and {len(next_y)}")
    slopes = [tuple((b - a) / (u - t) for a, b in zip(y, z, strict=True)) for (t, y), (u, z) in pairwise(points)]
    before = [(ZERO,) * len(points[0][1]), *slopes]
    bases = [
        BasisFunction(t, RIGHT, tuple(b - a for a, b in zip(old, new, strict=True)))
        for (t, _), old, new in zip(points, before, slopes, strict=False)
    ]
    return BaseSum(points[0][1], _sorted(bases)).network


# ------------------------------------------------------------------------------- Trained neurons, read


@dataclass(frozen=True, slots=True)
class Neuron:
    """A neuron as ``weight * ReLU(x - knot)`` or ``weight * ReLU(knot - x)``; the knot is ``None`` if it is constant.

    ``standing`` is "bends", "always on", or "dead": always 0 on the domain, or read by no output. ``alike`` are the
    other neurons with the same knot and side; one neuron could replace them all.
    """

    number: int
    knot: mpq | None
    side: str | None
    weight: Vector
    standing: str
    alike: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Knot:
    """A place inside the domain where neurons begin, these neurons, and the jump of the slope by all of them."""

    at: mpq
    neurons: tuple[int, ...]
    jump: Vector

    @property
    def cancels(self) -> bool:
        """Whether the neurons cancel, so that no output bends."""
        return not any(self.jump)


@dataclass(frozen=True, slots=True)
class KnotInterval:
    """The domain between two knots (``None``: unbounded), the neurons that are active there, and the sum of all."""

    low: mpq | None
    high: mpq | None
    active: tuple[int, ...]
    affine_map: AffineMap


@dataclass(frozen=True, slots=True)
class Reading:
    """A network of one input and one hidden layer, read knot by knot, in increasing order."""

    neurons: tuple[Neuron, ...]
    knots: tuple[Knot, ...]
    intervals: tuple[KnotInterval, ...]

    @property
    def dead(self) -> tuple[int, ...]:
        """The neurons that contribute nothing on the domain."""
        return tuple(neuron.number for neuron in self.neurons if neuron.standing == "dead")

    @property
    def duplicates(self) -> tuple[tuple[int, ...], ...]:
        """The groups of neurons with the same knot and side."""
        groups = {tuple(sorted((neuron.number, *neuron.alike))) for neuron in self.neurons if neuron.alike}
        return tuple(sorted(groups))

    @property
    def cancelling(self) -> tuple[Knot, ...]:
        """The knots at which the neurons cancel."""
        return tuple(knot for knot in self.knots if knot.cancels)


def read_neurons(network: Model, domain: Domain = None) -> Reading:
    """The neurons of a network of one input and one hidden layer, knot by knot.

    Raises :class:`~verishallow.errors.InputError` for other networks; :func:`verishallow.depth` may find an equal one.

    >>> found = read_neurons(ReLUNetwork.of([([[2], [1], [-1], [1]], [0, 0, 0, 3]), ([[1, 4, -6, 0]], [0])]))
    >>> found.duplicates, found.dead, [knot.cancels for knot in found.knots]
    (((0, 1),), (3,), [True, True])
    """
    network = load(network)
    if network.inputs != 1 or len(network.layers) != 2 or network.layers[-1].reads != (1,):
        raise InputError(
            f"expected a network of one input and one hidden layer, found {network.inputs} inputs and "
            f"{len(network.hidden)} hidden layers; depth(network).explicit is one, if there is any"
        )
    function = _Function.of(network, domain)
    forms = network.hidden[0].on([AffineMap.identity(1)]).forms
    weights = [vector(column) for column in zip(*network.layers[-1].weight, strict=True)]
    places = sorted({_knot(form) for form in forms if not form.is_constant()})
    inside = [place for place in places if function.domain.contains_strictly([place])]
    intervals = [_interval(network, forms, *ends) for ends in pairwise([function.ends[0], *inside, function.ends[1]])]
    neurons = [_neuron(number, forms, weights, intervals) for number in range(len(forms))]
    return Reading(tuple(neurons), tuple(_knots(inside, neurons, len(weights[0]))), tuple(intervals))


def _neuron(
    number: int, forms: Sequence[AffineForm], weights: Sequence[Vector], intervals: Sequence[KnotInterval]
) -> Neuron:
    form, weight = forms[number], weights[number]
    on = [number in interval.active for interval in intervals]
    standing = "dead" if not any(on) or not any(weight) else "always on" if all(on) else "bends"
    if form.is_constant():
        return Neuron(number, None, None, tuple(max(form.constant, ZERO) * w for w in weight), standing, ())
    slope = form.linear[0]
    alike = (other for other, twin in enumerate(forms) if other != number and twin.primitive() == form.primitive())
    scaled = tuple(abs(slope) * w for w in weight)
    return Neuron(number, _knot(form), RIGHT if slope > 0 else LEFT, scaled, standing, tuple(alike))


def _interval(network: ReLUNetwork, forms: Sequence[AffineForm], low: mpq | None, high: mpq | None) -> KnotInterval:
    inner = _between(low, high)
    active = tuple(number for number, form in enumerate(forms) if form([inner]) > 0)
    return KnotInterval(low, high, active, network.affine_map_for(network.pattern_at([inner])))


def _knots(places: Sequence[mpq], neurons: Sequence[Neuron], outputs: int) -> Iterable[Knot]:
    there = defaultdict[mpq | None, list[Neuron]](list)
    for neuron in neurons:
        there[neuron.knot].append(neuron)
    for place in places:
        weights = [neuron.weight for neuron in there[place]]
        jump = tuple(sum((weight[o] for weight in weights), ZERO) for o in range(outputs))
        yield Knot(place, tuple(neuron.number for neuron in there[place]), jump)


# ------------------------------------------------------------------------------------------------- Parts


@dataclass(frozen=True, slots=True)
class _Function:
    """A function of one input on a domain: its jumps by increasing knots, and the slopes around them."""

    network: ReLUNetwork
    domain: Polyhedron
    ends: tuple[mpq | None, mpq | None]
    jumps: tuple[tuple[mpq, Vector], ...]
    slopes: tuple[Vector, ...]

    @classmethod
    def of(cls, network: ReLUNetwork, domain: Domain) -> "_Function":
        if network.inputs != 1:
            raise InputError(f"expected a network of one input, found {network.inputs}")
        usable = usable_domain(domain, 1)
        found = sorted(
            (_knot(kink.plane), tuple(f.linear[0] for f in kink.jump.forms)) for kink in kinks(network, usable)
        )
        ends = _end(usable, 1), _end(usable, -1)
        start = map_near(network, [_between(ends[0], found[0][0] if found else ends[1])])
        slopes = [tuple(form.linear[0] for form in start.forms)]
        for _, jump in found:
            slopes.append(tuple(a + b for a, b in zip(slopes[-1], jump, strict=True)))
        return cls(network, usable, ends, tuple(found), tuple(slopes))

    def at(self, place: mpq) -> Vector:
        return self.network([place])

    def middle(self) -> mpq:
        return self.jumps[len(self.jumps) // 2][0] if self.jumps else _between(*self.ends)

    def beyond(self, side: str) -> mpq:
        """The knot farthest to the other side; any place if there is none."""
        if self.jumps:
            return self.jumps[0 if side == RIGHT else -1][0]
        return _between(*self.ends)

    def slopes_at(self, place: mpq) -> tuple[Vector, Vector]:
        """The slopes to the left and to the right of a place."""
        left = sum(knot < place for knot, _ in self.jumps)
        return self.slopes[left], self.slopes[sum(knot <= place for knot, _ in self.jumps)]


def _knot(form: AffineForm) -> mpq:
    return -form.constant / form.linear[0]


def _end(domain: Polyhedron, sign: int) -> mpq | None:
    least = domain.minimise(AffineForm((ZERO, mpq(sign)))).value
    return None if least is None else sign * least


def _between(low: mpq | None, high: mpq | None) -> mpq:
    if low is None or high is None:
        return high - 1 if high is not None else low + 1 if low is not None else ZERO
    return (low + high) / 2


def _sorted(bases: Iterable[BasisFunction]) -> tuple[BasisFunction, ...]:
    return tuple(sorted((base for base in bases if any(base.weight)), key=lambda base: (base.knot, base.side)))


def _exact(value: Any) -> mpq:
    if not isinstance(value, float | np.floating):
        return rational(value)
    if not isfinite(value):
        raise InputError(f"points: expected finite numbers, found {value}")
    return from_float(float(value))


def _row(value: Any) -> Vector:
    return tuple(map(_exact, value)) if hasattr(value, "__len__") and not isinstance(value, str) else (_exact(value),)
