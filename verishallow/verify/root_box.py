"""The box around a domain: sides that single rows give, and those that several rows give together, with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import lcm

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.polyhedron import MANY, Polyhedron
from verishallow.rationals import Vector
from verishallow.verify.outputs import SourceForm
from verishallow.verify.problem import Problem
from verishallow.verify.relaxation import Multipliers
from verishallow.verify.state import Sides


@dataclass(frozen=True, slots=True)
class SideReason:
    """Why x_input is bounded on a side: ``low(weight x)``, or ``low(- weight x)``, with multiples of rows taken off."""

    input: int
    side: str
    weight: int
    lambdas: tuple[tuple[int, int], ...]

    def record(self) -> list[object]:
        """As the header spells it."""
        return [self.input, self.side, str(self.weight), [[row, str(t)] for row, t in self.lambdas]]


def with_sides(problem: Problem) -> tuple[Problem, tuple[SideReason, ...]]:
    """The problem with all sides of its box that linear programs find, and their reasons; as it is for a box.

    >>> from verishallow import ReLUNetwork
    >>> from verishallow.read.properties.conjunction import Conjunction
    >>> from verishallow.read.properties.property import Property
    >>> from verishallow.verify.precision import RoundingBits
    >>> triangle = Conjunction.of([[0, 1, 0], [0, 0, 1], [1, -3, -1]])
    >>> asked = Property.of(2, 1, triangle, [Conjunction.of([[0, 0, 0, 1]])])
    >>> problem = Problem.of(ReLUNetwork.of([([[1, 1]], [0])]), asked, RoundingBits())
    >>> with_sides(problem)[0].highs
    (mpq(1,3), mpq(1,1))
    """
    domain = Polyhedron(problem.network.inputs, problem.asked.domain.forms)
    if not problem.slanted or domain.dimension > MANY or is_empty(domain):
        return problem, ()
    reasons = list[SideReason]()
    for number in range(domain.dimension):
        for side, sign in (("low", 1), ("high", -1)):
            found = _reason(problem, domain, number, side, sign)
            if found is not None:
                reasons.append(found[0])
                problem = replace(problem, lows=found[1]) if sign > 0 else replace(problem, highs=found[1])
    return problem, tuple(reasons)


def is_empty(domain: Polyhedron) -> bool:
    """Whether a closed polyhedron has no point."""
    return domain.implicit_equations() is None


def _reason(problem: Problem, domain: Polyhedron, number: int, side: str, sign: int) -> tuple[SideReason, Sides] | None:
    """A reason for a better side, and the sides with it."""
    form = AffineForm.coordinate(number, domain.dimension).scaled(mpq(sign))
    least = domain.minimise(form)
    sides = problem.lows if side == "low" else problem.highs
    known = sides[number]
    if least.value is None or (known is not None and sign * known >= least.value):
        return None
    weight = lcm(1, *(int(t.denominator) for _, t in least.reason.multipliers))
    unit = weight << problem.precision.slopes
    reason = SideReason(number, side, weight, tuple((row, int(t * unit)) for row, t in least.reason.multipliers))
    value = side_of(problem, reason)
    if value is None or (known is not None and sign * (value - known) <= 0):
        return None
    return reason, (*sides[:number], value, *sides[number + 1 :])


def side_of(problem: Problem, reason: SideReason) -> mpq | None:
    """The side that a reason proves on the box as it is; ``None``: none."""
    sign = 1 if reason.side == "low" else -1
    weighted = [mpq(0)] * problem.network.inputs
    weighted[reason.input] = mpq(sign * reason.weight)
    forms = problem.layers.forms([SourceForm(mpq(0), tuple(weighted), {})])
    (low,) = problem.rule.low(forms, [problem.root], [Multipliers(lambdas=reason.lambdas)])
    return None if low is None else mpq(sign * low, reason.weight << problem.precision.bounds)


def witness_of(problem: Problem, domain: Polyhedron) -> tuple[Vector | None, bool]:
    """A point of the domain, strict rows strictly, where one is found; and whether the domain is known to be empty."""
    asked, box = problem.asked.domain, list(zip(problem.lows, problem.highs, strict=True))
    if not problem.slanted:
        point = tuple(_between(low, high) for low, high in box)
    elif domain.dimension > MANY:
        return None, False
    elif is_empty(domain):
        return None, True
    else:
        point = inside(domain, problem.asked.domain.strict)
    return (point, False) if asked.contains(point) else (None, True)


def _between(low: mpq | None, high: mpq | None) -> mpq:
    if low is None or high is None:
        return low + 1 if low is not None else high - 1 if high is not None else mpq(0)
    return (low + high) / 2


def inside(domain: Polyhedron, strict: Sequence[int]) -> Vector:
    """A point of a polyhedron that is not empty, at which the least of these rows is as great as it can be, up to 1."""
    lifted = [
        AffineForm((*form.row, mpq(-1 if number in strict else 0))) for number, form in enumerate(domain.inequalities)
    ]
    at_most_one = AffineForm((mpq(1), *(mpq(0),) * domain.dimension, mpq(-1)))
    deepest = Polyhedron(domain.dimension + 1, (*lifted, at_most_one))
    *point, _ = deepest.minimiser(-AffineForm.coordinate(domain.dimension, domain.dimension + 1))
    return tuple(point)
