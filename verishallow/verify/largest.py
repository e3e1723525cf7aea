"""The largest radius of a certified ball, and the largest difference of two networks: by bisection on rationals."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gmpy2 import mpq

from verishallow.claims.bounds import output_range
from verishallow.errors import InputError
from verishallow.network import Layer, ReLUNetwork, side_by_side
from verishallow.rationals import Vector, rational, vector
from verishallow.read import load
from verishallow.read.domains.usable_domain import Domain
from verishallow.read.properties import sugar
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.sources import Model
from verishallow.verify.asking import robust, verify, within
from verishallow.verify.domains import rows_of_domain
from verishallow.verify.robustness import class_at
from verishallow.verify.verification import Outcome

STEPS = 12
"""Bisections: each halves what is not known."""

DOUBLINGS = 64
"""How often a radius is doubled until a violation is found."""

FEW_INPUTS, FEW_NEURONS = 3, 64
"""Up to so many inputs, and hidden neurons, all regions are listed for an exact maximum."""


@dataclass(frozen=True, slots=True)
class LargestRadius:
    """The largest radius that is certified, with its proof; a counterexample at ``beyond``, the least distance met.

    ``proof`` is ``None`` if no radius above 0 was proved, ``violation`` if none is known to fail.
    """

    radius: mpq
    proof: Outcome | None
    beyond: mpq | None
    violation: Outcome | None

    @property
    def gap(self) -> mpq | None:
        """How much is not known: from the certified radius to the counterexample."""
        return None if self.beyond is None else self.beyond - self.radius


def largest_radius(
    network: Model,
    at: Any,
    *,
    norm: str = "linf",
    winner: int | None = None,
    first: Any = 1,
    most: Any = None,
    steps: int = STEPS,
    **search: Any,
) -> LargestRadius:
    """The largest ball around a point on which one class is certified to win, by bisection.

    It begins with the radius ``first``, and goes up to ``most`` at most. Other options are those of
    :func:`~verishallow.verify.asking.robust`.

    >>> slope = ReLUNetwork.of([([[1]], [0]), ([[1]], [-1])])
    >>> found = largest_radius(slope, [2])
    >>> found.radius, found.beyond, found.violation.point
    (mpq(4095,4096), mpq(1,1), (mpq(1,1),))
    """
    read, point = load(network), vector(at)
    chosen = class_at(read, point) if winner is None else winner

    def ask(radius: mpq) -> tuple[Outcome, mpq | None]:
        outcome = robust(read, point, radius, norm=norm, winner=chosen, **search)
        return outcome, None if outcome.point is None else _distance(norm, point, outcome.point)

    ceiling = None if most is None else rational(most)
    return _bisected(ask, rational(first), ceiling, steps)


def _bisected(
    ask: Callable[[mpq], tuple[Outcome, mpq | None]], first: mpq, ceiling: mpq | None, steps: int
) -> LargestRadius:
    if first <= 0:
        raise InputError(f"radius: expected a number above 0, found {first}")
    low, proof, high, violation = mpq(0), None, None, None
    radius, doublings = first if ceiling is None else min(first, ceiling), 0
    for _ in range(steps + DOUBLINGS):
        outcome, distance = ask(radius)
        if outcome:
            low, proof, doublings = radius, outcome, doublings + 1
        elif distance is not None:
            high, violation = min(distance, radius), outcome
        else:
            break
        if high is None and (low == ceiling or doublings > DOUBLINGS):
            break
        if high is not None:
            steps -= 1
            if steps < 0 or low >= high:
                break
        radius = 2 * low if high is None else between(low, high)
        radius = radius if ceiling is None else min(radius, ceiling)
    return LargestRadius(low, proof, high, violation)


def between(low: mpq, high: mpq) -> mpq:
    """A number near the middle of two others with few digits.

    >>> between(mpq(1, 3), mpq(2, 3))
    mpq(1,2)
    """
    scale, gap = mpq(1), high - low
    while scale * gap < 4:
        scale *= 2
    while scale * gap > 8:
        scale /= 2
    middle = (low + high) / 2 * scale
    return mpq(middle.numerator // middle.denominator) / scale


def _distance(norm: str, point: Vector, other: Vector) -> mpq:
    """The distance; of an l1 ball of many inputs the other point is given by its steps up and down."""
    if len(other) != len(point):
        other = tuple(x + p - q for x, p, q in zip(point, other, other[len(point) :], strict=False))
    sizes = [abs(a - b) for a, b in zip(point, other, strict=True)]
    return max(sizes) if norm == "linf" else sum(sizes, mpq(0))


# ------------------------------------------------------------------------------------- Differences


@dataclass(frozen=True, slots=True)
class LargestDifference:
    """The greatest |f_o - g_o| on a domain lies between ``low``, met at a point, and ``high``, proved; often equal."""

    low: mpq
    high: mpq | None
    point: Vector | None = None
    proof: Outcome | None = None

    @property
    def exact(self) -> bool:
        """Whether it is known exactly."""
        return bool(self.low == self.high)


def largest_difference(
    one: Model, other: Model, domain: Domain = None, *, steps: int = STEPS, **search: Any
) -> LargestDifference:
    """The greatest difference of outputs of two networks on a bounded domain.

    It is exact where regions can be listed, else certified bounds by bisection.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> leaky = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, "99/100"]], [0])])
    >>> largest_difference(modulus, leaky, "box:-1,1").high
    mpq(1,100)
    """
    first, second = load(one), load(other)
    difference = difference_of(first, second)
    if first.inputs <= FEW_INPUTS and sum(layer.width for layer in difference.hidden) <= FEW_NEURONS:
        found = {bound.output: bound for bound in output_range(difference, domain)}
        ends = [end for o in range(difference.outputs) for end in _ends(found.get(o))]
        return _attained(first, second, max(ends), domain, search)
    return _squeezed(first, second, difference, domain, steps, search)


def _attained(
    one: ReLUNetwork, other: ReLUNetwork, greatest: mpq, domain: Any, search: dict[str, Any]
) -> LargestDifference:
    """The exact greatest difference with a point where it is met, and the proof that it is not exceeded."""
    asked = sugar.within(one, other, rows_of_domain(domain, one.inputs), greatest)
    met = replace(asked, unsafe=tuple(Conjunction(each.forms) for each in asked.unsafe))
    point = verify(one, met, other=other, **search).point
    return LargestDifference(greatest, greatest, point, verify(one, asked, other=other, **search))


def difference_of(one: ReLUNetwork, other: ReLUNetwork) -> ReLUNetwork:
    """The network whose outputs are the differences of those of two.

    >>> bend = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
    >>> difference_of(bend, ReLUNetwork.of([([[1]], [0]), ([[2]], [1])]))(["3"])
    (mpq(-4,1),)
    """
    if (one.inputs, one.outputs) != (other.inputs, other.outputs):
        raise InputError(
            f"within: expected networks with as many inputs and outputs, found {one.inputs} and {one.outputs}, "
            f"{other.inputs} and {other.outputs}"
        )
    both = side_by_side(one, other)
    *hidden, last = both.layers
    m = one.outputs
    pairs = [(last.weight[o], last.weight[m + o], last.bias[o] - last.bias[m + o]) for o in range(m)]
    weight = tuple(tuple(a - b for a, b in zip(first, second, strict=True)) for first, second, _ in pairs)
    return ReLUNetwork(both.inputs, (*hidden, Layer(weight, tuple(bias for *_, bias in pairs), last.reads)))


def _ends(bound: Any) -> tuple[mpq, mpq]:
    if bound is None or bound.low is None or bound.high is None:
        raise InputError("largest difference: it is not bounded on this domain; name a bounded one")
    return -bound.low, bound.high


def _squeezed(
    one: ReLUNetwork, other: ReLUNetwork, difference: ReLUNetwork, domain: Any, steps: int, search: dict[str, Any]
) -> LargestDifference:
    low, high, point, proof, eps = mpq(0), None, None, None, mpq(1)
    for _ in range(steps + DOUBLINGS):
        outcome = within(one, other, eps, domain, **search)
        if outcome:
            high, proof = eps, outcome
        elif outcome.point is not None:
            point, low = outcome.point, max(abs(value) for value in difference(outcome.point))
        else:
            break
        if high is not None:
            steps -= 1
            if steps < 0 or low >= high:
                break
        eps = max(2 * low, 2 * eps) if high is None else between(low, high)
    return LargestDifference(low, high, point, proof)
