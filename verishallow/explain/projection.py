"""The nearest point of a polyhedron in a Euclidean metric, exactly: the dual method of Goldfarb and Idnani.

From the unconstrained nearest point the method adds one violated constraint after the other, and keeps the multipliers
of the constraints that it holds at 0 non-negative. The distance grows with every constraint added, so that no set of
them occurs twice and the method ends. Its answer is proved again by the conditions of Karush, Kuhn and Tucker.
Source: Goldfarb and Idnani, Mathematical Programming 27 (1983).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq_mat
from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, flint_matrix
from verishallow.errors import ProofError
from verishallow.explain.linear_algebra import difference, dot, entries, moved, solved
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector

HOLDS = -1
"""In the place of the number of a constraint to release: the new one is reached."""


@dataclass(frozen=True)
class Projection:
    """The nearest point, its squared distance, and the proof: the gradient there is a combination of tight constraints.

    ``multipliers`` are pairs (number of the inequality, positive multiplier).
    """

    point: Vector
    squared_distance: mpq
    multipliers: tuple[tuple[int, mpq], ...]


def projection(start: Vector, polyhedron: Polyhedron, gram: Sequence[Vector] | None = None) -> Projection | None:
    """The point y of a polyhedron with the least ``(y - start)^T gram (y - start)``; ``None`` where it is empty.

    ``gram`` is positive definite, by default the identity.

    >>> found = projection((ZERO, ZERO), Polyhedron.of([[-1, 1, 1], [0, 1, -3]]))
    >>> found.point, found.squared_distance
    ((mpq(3,4), mpq(1,4)), mpq(5,8))
    """
    metric = _Metric(gram)
    held, point = _Held(metric, polyhedron.inequalities), start
    while (violated := _most_violated(polyhedron.inequalities, point)) is not None:
        reached = held.add(violated, point)
        if reached is None:
            return None
        point = reached
    found = Projection(point, metric.squared(start, point), held.multipliers())
    _prove(found, start, polyhedron, metric)
    return found


class _Metric:
    """A positive definite matrix and its inverse; for the identity neither is stored."""

    def __init__(self, gram: Sequence[Vector] | None) -> None:
        self.gram = None if gram is None else flint_matrix(gram)
        self.inverse = None if self.gram is None else self.gram.inv()

    def raised(self, linear: Vector) -> Vector:
        """The direction in which a linear form grows fastest."""
        return linear if self.inverse is None else _times(self.inverse, linear)

    def lowered(self, direction: Vector) -> Vector:
        """The linear form that grows fastest in a direction."""
        return direction if self.gram is None else _times(self.gram, direction)

    def squared(self, one: Vector, other: Vector) -> mpq:
        """The squared distance."""
        step = difference(other, one)
        return dot(step, self.lowered(step))


class _Held:
    """The constraints held at 0, linearly independent, with their multipliers."""

    def __init__(self, metric: _Metric, forms: Sequence[AffineForm]) -> None:
        self.metric, self.forms = metric, forms
        self.numbers: list[int] = []
        self.values: list[mpq] = []

    def multipliers(self) -> tuple[tuple[int, mpq], ...]:
        """Pairs (number, multiplier), zeros left out."""
        return tuple(sorted((number, value) for number, value in zip(self.numbers, self.values, strict=True) if value))

    def add(self, number: int, point: Vector) -> Vector | None:
        """Hold one more constraint, release those whose multipliers would be negative, and return the new point.

        ``None`` where no point satisfies all of them.
        """
        multiplier, form = ZERO, self.forms[number]
        while True:
            pulls, direction = self._step(form)
            slope = dot(form.linear, direction)
            ends = [(self.values[i] / pull, i) for i, pull in enumerate(pulls) if pull > 0]
            if slope:
                ends.append((-form(point) / slope, HOLDS))
            if not ends:
                return None
            length, leaving = min(ends)
            point, multiplier = moved(point, length, direction), multiplier + length
            self.values = [value - length * pull for value, pull in zip(self.values, pulls, strict=True)]
            if leaving == HOLDS:
                self.numbers.append(number)
                self.values.append(multiplier)
                return point
            del self.numbers[leaving], self.values[leaving]

    def _step(self, form: AffineForm) -> tuple[Vector, Vector]:
        """How fast the multipliers fall as a constraint is approached, and the direction in which the point moves."""
        normals = [self.forms[number].linear for number in self.numbers]
        raised = [self.metric.raised(normal) for normal in normals]
        toward = self.metric.raised(form.linear)
        pulls = solved([[dot(a, b) for b in raised] for a in normals], [dot(a, toward) for a in normals])
        direction = toward
        for pull, lost in zip(pulls, raised, strict=True):
            direction = moved(direction, -pull, lost)
        return pulls, direction


def _most_violated(forms: Sequence[AffineForm], point: Vector) -> int | None:
    values = [(form(point), number) for number, form in enumerate(forms)]
    negative = [(-(value**2) / (dot(forms[n].linear, forms[n].linear) or 1), n) for value, n in values if value < 0]
    return min(negative)[1] if negative else None


def _prove(found: Projection, start: Vector, polyhedron: Polyhedron, metric: _Metric) -> None:
    """Raise unless the point is one of the polyhedron and every other one is farther away."""
    pushed = metric.lowered(difference(found.point, start))
    for number, multiplier in found.multipliers:
        form = polyhedron.inequalities[number]
        if multiplier < 0 or form(found.point):
            raise ProofError(f"the nearest point is not proved: constraint {number} is not tight, or pulls")
        pushed = moved(pushed, -multiplier, form.linear)
    if any(pushed) or not polyhedron.contains(found.point):
        raise ProofError("the nearest point is not proved: its constraints do not balance")


def _times(rows: fmpq_mat, column: Vector) -> Vector:
    return entries(rows * flint_matrix([[a] for a in column]))
