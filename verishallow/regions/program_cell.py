"""LP cells: cells known by points and linear programs, for dimensions in which they have too many vertices to list.

Points strictly inside a cell show that a neuron takes both signs; a point that violates one constraint alone shows
that this constraint is a facet. Both are certain: floating point comes with an error bound. If no such point is known,
an oracle, a linear program in floating point, proposes a point or the support of a Farkas certificate, and the
proposal is proved exactly. If that fails, exact linear programs decide.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import DomainError, ProofError
from verishallow.farkas import FarkasCertificate
from verishallow.polyhedron import Minimum, Polyhedron, simplest_point
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import Cell, PathConstraint, Redundant
from verishallow.regions.cone import combination
from verishallow.regions.constraint_rows import affine_form, integer_row_of, oriented
from verishallow.regions.float_program import FloatProgram, Guess
from verishallow.regions.integer_network import primitive_integers
from verishallow.regions.program_space import FAR, Space, factor_of
from verishallow.regions.sure_signs import (
    Floats,
    RayShooting,
    Row,
    common_zero,
    exact_point,
    rounded_point,
    rounded_row,
    signs_taken,
    sure_signs,
    surely_inside,
    value_at,
)

NEARLY_ZERO = 1e-9
"""The oracle's values below this may stand for 0. This decides what is tried first, never what is true."""
MOST_POINTS, FEW_POINTS, SHOTS_AT_A_WALL = 64, 24, 4
SHARES = np.array([1.0, 0.25, 1 / 32, 1 / 1024])


@dataclass(frozen=True, eq=False)
class LPCell(Cell):
    """A cell that also has its constraints, under the same numbers, as integer rows and as rounded rows.

    All rows of the domain stay among its ``facets``, redundant or not: only path constraints need reasons.
    ``inside`` is an exact point strictly inside, for when no float point is known: see :meth:`exact_inside`.
    """

    space: Space
    rows: tuple[Row, ...]
    rounded: tuple[list[float], ...]
    inside: Row
    beyond: dict[int, Floats] = field(default_factory=dict)
    """For some path constraints a float point that certainly violates this one and strictly satisfies all others."""
    found: list[Floats] = field(default_factory=list)
    """Float points that are certainly strictly inside, in blocks."""
    met: list[frozenset[int]] = field(default_factory=list)
    """For points of the cell that were found so far, the strict constraints that vanish there."""

    @classmethod
    def start(cls, domain: Polyhedron) -> "LPCell":
        """The domain itself, full-dimensional.

        >>> cell = LPCell.start(Polyhedron.box([(-1, 1)]))
        >>> [decided and decided[0] for decided in cell.sides([(2, 1), (-3, 1), (0, 1)])]
        [1, -1, None]
        """
        inside = tuple(primitive_integers([mpq(1), *domain.interior_point()]))
        space = Space.of(domain, rounded_point(inside))
        numbers, rounded = tuple(range(len(space.rows))), tuple(map(rounded_row, space.rows))
        cell = cls(domain, (), numbers, frozenset(), space, space.rows, rounded, inside)
        cell._keep(rounded_point(inside)[None])
        cell._shoot({})
        return cell

    def split_off(self, constraint: PathConstraint) -> tuple["LPCell", Redundant]:
        """The part of the cell where one more constraint holds, and which constraints are redundant there."""
        row = tuple(int(a) for a in constraint.form.row)
        form = rounded_row(row)
        inside, points = self._inside_where(row, np.array(form))
        beyond, lost = self._beyond_where(np.array(form))
        part = LPCell(
            self.domain,
            (*self.path, constraint),
            (*self.facets, len(self.rows)),
            self.positive,
            self.space,
            (*self.rows, row),
            (*self.rounded, form),
            inside,
            beyond,
            [points],
        )
        part._shoot(lost)
        return part._without_redundant()

    def _inside_where(self, row: Row, form: Floats) -> tuple[Row, Floats]:
        """An exact point strictly inside at which a form is positive, and the float points at which it certainly is."""
        points = self.points[sure_signs(self.points, form[None])[:, 0] > 0]
        if len(points):
            return self.inside, points
        if value_at(row, self.exact_inside()) > 0:
            return self.exact_inside(), points
        found = self._decide(self._program, self.facets, self.walls, oriented(row, active=False))
        if isinstance(found, FarkasCertificate):
            raise ProofError("a cell of the tree is empty")
        return (found, points) if isinstance(found, tuple) else (exact_point(found), found[None])

    def _beyond_where(self, form: Floats) -> tuple[dict[int, Floats], dict[int, Floats]]:
        """The points beyond one facet at which a form is certainly positive, and the others."""
        if not self.beyond:
            return {}, {}
        signs = sure_signs(np.array([*self.beyond.values()]), form[None])[:, 0].tolist()
        pairs = list(zip(self.beyond.items(), signs, strict=True))
        return dict(pair for pair, sign in pairs if sign > 0), dict(pair for pair, sign in pairs if sign <= 0)

    def _shoot(self, lost: dict[int, Floats]) -> None:
        """Find points inside, and points beyond the facets; ``lost`` are points to aim at for some of the facets."""
        points, n = self.points, self.domain.dimension
        wanted = [number for number in self._path_facets() if number not in self.beyond]
        shots = 2 * SHOTS_AT_A_WALL * len(wanted) + max(FEW_POINTS - len(points), 0)
        if not len(points) or not shots:
            return
        starts = points[np.arange(shots) % len(points)]
        directions = np.zeros((shots, n + 1))
        # The random directions depend on the cell alone: a proof is the same with or without other workers.
        directions[:, 1:] = np.random.default_rng([n, len(self.path)]).standard_normal((shots, n))
        for index, number in enumerate(wanted):
            first, last = 2 * SHOTS_AT_A_WALL * index, 2 * SHOTS_AT_A_WALL * (index + 1)
            directions[first:last:2, 1:] = [-a for a in self.rounded[number][1:]]
            if number in lost:
                directions[first + 1 : last : 2] = lost[number] - starts[first + 1 : last : 2]
        found = RayShooting(starts, directions, self.walls, FAR)
        self._keep(found.inside)
        self._keep_beyond([self.facets[wall] for wall in found.walls], found.beyond)

    def _keep(self, candidates: Floats) -> None:
        sure = (sure_signs(candidates, self.walls) > 0).all(axis=1)
        # The oracle's points come last, and stay: they lie where ray shooting seldom finds points.
        self.found[:] = [np.vstack([candidates[sure], self.points])[-MOST_POINTS:]]

    def _keep_beyond(self, numbers: Sequence[int], candidates: Floats) -> None:
        """Keep the points that certainly violate one path facet alone."""
        signs = sure_signs(candidates, self.walls)
        alone = (signs > 0).sum(axis=1) == len(self.facets) - 1
        for number, point, row, only in zip(numbers, candidates, signs, alone.tolist(), strict=True):
            if only and number >= len(self.space.rows) and row[self.facets.index(number)] < 0:
                self.beyond.setdefault(number, point)

    def _path_facets(self) -> tuple[int, ...]:
        return tuple(number for number in self.facets if number >= len(self.space.rows))

    def _without_redundant(self) -> tuple["LPCell", Redundant]:
        """The same cell without the path constraints that are not facets; the last one is a facet."""
        facets, reasons = list(self.facets), dict[int, FarkasCertificate]()
        for number in self._path_facets()[:-1]:
            if number not in self.beyond:
                others = [other for other in facets if other != number]
                walls = self.walls[[self.facets.index(other) for other in others]]
                found = self._decide(self._program_without(others, number), others, walls, self.rows[number])
                if isinstance(found, FarkasCertificate):
                    facets, reasons[number] = others, found
                elif not isinstance(found, tuple):
                    self.beyond[number] = found
        if not reasons:
            return self, Redundant(())
        cell = replace(self, facets=tuple(facets))
        dropped = tuple((number, cell.over_facets(number, reason)) for number, reason in reasons.items())
        return replace(cell, positive=cell.positive | cell.positive_for(dropped)), Redundant(dropped)

    def over_facets(self, number: int, reason: FarkasCertificate) -> FarkasCertificate:
        """A reason for a redundant constraint that uses no other redundant one."""
        if reason.support().issubset(self.facets):
            return reason
        found = self._decide(self._program, self.facets, self.walls, self.rows[number])
        if not isinstance(found, FarkasCertificate):
            raise ProofError(f"constraint {number} was redundant, and is not without the other redundant ones")
        return found

    @property
    def points(self) -> Floats:
        """All float points known to lie strictly inside."""
        if len(self.found) != 1:
            self.found[:] = [np.vstack([np.zeros((0, self.domain.dimension + 1)), *self.found])]
        return self.found[0]

    def exact_inside(self) -> Row:
        """A point strictly inside, as homogeneous integers."""
        return exact_point(self.points[0]) if len(self.points) else self.inside

    @cached_property
    def walls(self) -> Floats:
        """The rounded facets."""
        return self._stacked(self.rounded[number] for number in self.facets)

    def _stacked(self, rows: Iterable[list[float]]) -> Floats:
        return np.array([*rows], dtype=np.float64).reshape(-1, self.domain.dimension + 1)

    @cached_property
    def _centre(self) -> Floats:
        return np.asarray(self.points.mean(axis=0)) if len(self.points) else rounded_point(self.inside)

    @cached_property
    def _program(self) -> FloatProgram:
        rows = [self.rounded[number] for number in self.facets]
        return FloatProgram(self.domain.dimension, [*rows, *self.space.fence])

    def _program_without(self, others: Sequence[int], number: int) -> FloatProgram:
        """The program in which one constraint is relaxed, but not removed, so that it stays bounded."""
        constant, *linear = self.rounded[number]
        rows = [self.rounded[other] for other in others]
        return FloatProgram(self.domain.dimension, [*rows, [constant + 1.0, *linear], *self.space.fence])

    # ------------------------------------------------------------------------------------------ Signs

    def sides(self, rows: Sequence[Row]) -> Iterator[tuple[int, FarkasCertificate] | None]:
        """For each form ``None`` if it takes both signs inside; else its sign, 1 or -1, and the reason.

        For the sign 1 the reason proves that the form is non-negative, for -1 that its negative is; a form that is 0
        everywhere has the sign -1.
        """
        forms, seen = self._stacked(map(rounded_row, rows)), len(self.points)
        above, below = signs_taken(self.points, forms)
        for index, row in enumerate(rows):
            if len(self.points) > seen:
                later = signs_taken(self.points[seen:], forms)
                above, below, seen = above | later[0], below | later[1], len(self.points)
            if any(row[1:]):
                yield self._side(row, bool(above[index]), bool(below[index]))
            else:
                yield (1 if row[0] > 0 else -1, FarkasCertificate(()))

    def _side(self, row: Row, above: bool, below: bool) -> tuple[int, FarkasCertificate] | None:
        if above and below:
            return None
        at_inside = above - below or value_at(row, self.exact_inside())
        if not at_inside:
            return None
        side = 1 if at_inside > 0 else -1
        found = self._proved(oriented(row, side > 0))
        if isinstance(found, FarkasCertificate):
            return side, found
        if not isinstance(found, tuple):
            self.found.append(found[None])
        return None

    def _proved(self, row: Row) -> FarkasCertificate | Floats | Row:
        on_box = self._on_box(row)
        return self._decide(self._program, self.facets, self.walls, row) if on_box is None else on_box

    def _on_box(self, row: Row) -> FarkasCertificate | Floats | None:
        """Why a box alone keeps a form non-negative, or a point of the whole box where it is negative, if known."""
        box = self.space.box
        if box is None:
            return None
        multipliers, least = box.least(row)
        if least >= 0:
            return self._numbered(multipliers)
        if self.path:
            return None
        return surely_inside(box.near_the_least(row, self._centre), self.walls, row)

    def minimise(self, form: AffineForm, equations: frozenset[int] = frozenset()) -> Minimum:
        """The least value of a form on the cell, as :meth:`Cell.minimise`; on a box in very many inputs by its ends."""
        if self.space.box is None or equations:
            return super().minimise(form, equations)
        if not self.path:
            multipliers, least = self.space.box.least(form.row)
            return Minimum(least, self._numbered(multipliers))
        return self._proposed(integer_row_of(form), form) or super().minimise(form, equations)

    def _proposed(self, row: Row, form: AffineForm) -> Minimum | None:
        """The optimum that the oracle proposes, once a reason and a point of the cell prove it."""
        guess = self._program.minimise(rounded_row(row))
        if guess is None:
            return None
        used = [self.facets[index] for index in guess.support if index < len(self.facets)]
        reason = self._reason(row, used)
        at = common_zero([self.rows[number] for number in used], np.array([1.0, *guess.point]))
        if reason is None or at is None or any(value_at(self.rows[number], at) < 0 for number in self.facets):
            return None
        scale = factor_of(row, form.row)
        certificate = FarkasCertificate(tuple((number, value / scale) for number, value in reason[0].multipliers))
        return Minimum(reason[1] / scale, certificate) if value_at(row, at) == reason[1] * at[0] else None

    def _decide(
        self, program: FloatProgram, numbers: Sequence[int], walls: Floats, row: Row
    ) -> "FarkasCertificate | Floats | Row":
        """Why a form is non-negative where the constraints with these numbers are; else a point where it is negative.

        The point strictly satisfies those constraints; its coordinates are floats or exact.
        """
        form = rounded_row(row)
        guess = program.minimise(form)
        if guess is not None and guess.value > -NEARLY_ZERO:
            reason = self._reason(row, [numbers[index] for index in guess.support if index < len(numbers)])
            if reason is not None and reason[1] >= 0:
                return reason[0]
        if guess is not None and guess.value < 0:
            points = self._drawn_inside(guess, np.array(form))
            signs = sure_signs(points, np.vstack([walls, form]))
            sure = np.flatnonzero((signs[:, -1] < 0) & (signs[:, :-1] > 0).all(axis=1))
            if len(sure):
                return np.asarray(points[sure[0]])
        return self._decide_exactly(numbers, row)

    @np.errstate(all="ignore")
    def _drawn_inside(self, guess: Guess, form: Floats) -> Floats:
        """Points from near the optimum towards the middle, at which a form stays negative."""
        optimum, centre = np.array([1.0, *guess.point]), self._centre
        least, there = float(optimum @ form), float(centre @ form)
        share = 0.5 if there <= 0 or least >= 0 else 0.5 * least / (least - there)
        points: Floats = optimum + share * SHARES[:, None] * (centre - optimum)
        points[:, 0] = 1.0
        return points

    def _decide_exactly(self, numbers: Sequence[int], row: Row) -> FarkasCertificate | Row:
        forms = tuple(affine_form(self.rows[number]) for number in numbers)
        negative = affine_form(oriented(row, active=False))
        try:
            point = Polyhedron(self.domain.dimension, (*forms, negative)).interior_point()
        except DomainError:
            pass
        else:
            return tuple(primitive_integers([mpq(1), *point]))
        minimum = Polyhedron(self.domain.dimension, forms).minimise(affine_form(row))
        if minimum.value is None or minimum.value < 0:
            raise ProofError(f"a form is negative nowhere inside a cell, yet its least value is {minimum.value}")
        return self._numbered((numbers[index], value) for index, value in minimum.reason.multipliers)

    def _reason(
        self, row: Row, used: Sequence[int], equations: Collection[int] = ()
    ) -> tuple[FarkasCertificate, mpq] | None:
        """The certificate over these constraints and the bound that it proves; ``None`` if there is none."""
        free = [index for index, number in enumerate(used) if number in equations]
        found = combination(row[1:], [self.rows[number][1:] for number in used], free)
        if found is None:
            return None
        bound = row[0] - sum((value * self.rows[used[index]][0] for index, value in found), mpq(0))
        return self._numbered((used[index], value) for index, value in found), bound

    def _numbered(self, multipliers: Iterable[tuple[int, mpq]]) -> FarkasCertificate:
        """Multipliers of rows as multipliers of constraints."""
        factors = self.space.factors
        named = ((n, value * factors[n] if n < len(factors) else value) for n, value in multipliers)
        return FarkasCertificate(tuple(named))

    # ------------------------------------------------------------------------------------------- Leaves

    def witness(self) -> Vector:
        """A point strictly inside, with a small denominator."""
        rows, centre = [self.rows[number] for number in self.facets], self._centre[1:].tolist()
        for bits in (0, 1, 3, 7, 15, 31, 52) if np.abs(self._centre).max() < 2.0**900 else ():
            point = (1 << bits, *(round(x * 2.0**bits) for x in centre))
            if all(value_at(row, point) > 0 for row in rows):
                return tuple(mpq(x, 1 << bits) for x in point[1:])
        inside = self.exact_inside()
        return simplest_point(tuple(mpq(x, inside[0]) for x in inside[1:]), self.polyhedron.contains_strictly)

    def never_all_zero(self, on: tuple[int, ...]) -> FarkasCertificate | None:
        """Why these constraints have no common zero on the cell, as :meth:`Cell.never_all_zero`."""
        if any(zeros.issuperset(on) for zeros in self.met):
            return None
        *equations, last = on
        numbers = sorted({*self.facets, *equations})
        rows = [*(self.rounded[number] for number in numbers), *self.space.fence]
        program = FloatProgram(self.domain.dimension, rows, [numbers.index(number) for number in equations])
        guess = program.minimise(self.rounded[last])
        if guess is not None and guess.value > NEARLY_ZERO:
            used = [numbers[index] for index in guess.support if index < len(numbers)]
            reason = self._reason(self.rows[last], used, equations)
            if reason is not None and reason[1] > 0:
                return reason[0]
        elif guess is not None:
            self.met.append(self._zeros_at(np.array([1.0, *guess.point])))
            if self.met[-1].issuperset(on):
                return None
        minimum = self.minimise(self.constraints[last], frozenset(equations))
        return minimum.reason if minimum.value is not None and minimum.value > 0 else None

    def _zeros_at(self, point: Floats) -> frozenset[int]:
        """The strict constraints that vanish at an exact point of the cell near a float point, if there is one."""
        if not np.isfinite(point).all():
            return frozenset()
        strict = self.vanishing_strict()
        numbers = sorted({*self.facets, *strict})
        near = [n for n in numbers if abs(float(np.array(self.rounded[n]) @ point)) < NEARLY_ZERO]
        exact = common_zero([self.rows[number] for number in near], point)
        if exact is None or any(value_at(self.rows[number], exact) < 0 for number in self.facets):
            return frozenset()
        return frozenset(number for number in strict if not value_at(self.rows[number], exact))
