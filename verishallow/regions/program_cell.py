"""Cells known by points and linear programs, for dimensions in which nobody can list their vertices.

Points strictly inside show that a neuron takes both signs, points behind one wall alone that it is a facet; both are
sure, in floating point with a bound on its error. Where no point is known an oracle, a linear program in floating
point, proposes a point or the support of a Farkas certificate, and the proposal is proved exactly. Where that fails
exact linear programs decide.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from flint import fmpq, fmpq_mat
from gmpy2 import mpq

from verishallow.errors import DomainError, ProofError
from verishallow.farkas import FarkasCertificate
from verishallow.float_program import FloatProgram, Guess
from verishallow.polyhedron import Polyhedron, simplest_point
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import Cell, PathConstraint, Redundant
from verishallow.regions.cone import combination
from verishallow.regions.constraint_rows import affine_form, integer_row_of, oriented
from verishallow.regions.integer_network import primitive_integers
from verishallow.regions.sure_signs import Floats, Row, Shots, exact_point, rounded_row, sure_signs

NEARLY_ZERO = 1e-9
"""The oracle's values below this may stand for 0. It decides what is tried first, never what is true."""

FAR = 2.0**16
"""How far from the start the oracle looks in an unbounded domain; exact programs look further."""

SHOTS = 32
MOST_POINTS = 64
SHARES = (1.0, 0.25, 1 / 32, 1 / 1024)


@dataclass(frozen=True, eq=False)
class Space:
    """What the cells of one tree share."""

    rows: tuple[Row, ...]
    """The domain's constraints as primitive integer rows."""
    factors: tuple[mpq, ...]
    """``rows[i]`` is ``factors[i]`` times constraint i."""
    fence: Floats
    """Rows that bound the oracle's programs where the domain is unbounded."""
    random: np.random.Generator

    @classmethod
    def of(cls, domain: Polyhedron) -> "Space":
        """The space of a domain."""
        rows = tuple(integer_row_of(form) for form in domain.inequalities)
        factors = tuple(_factor(row, form.row) for row, form in zip(rows, domain.inequalities, strict=True))
        n = domain.dimension
        sides = np.hstack([np.full((2 * n, 1), FAR), np.vstack([np.eye(n), -np.eye(n)])])
        floats = _floats(rows, n)
        fence = np.zeros((0, n + 1)) if _bounded(floats, sides) else sides
        return cls(rows, factors, fence, np.random.default_rng(n))


def _factor(row: Row, original: Vector) -> mpq:
    return next((mpq(a) / b for a, b in zip(row, original, strict=True) if b), mpq(1))


def _bounded(rows: Floats, sides: Floats) -> bool:
    """Whether the oracle sees an end of every coordinate; it serves the oracle alone."""
    if not len(rows):
        return False
    program = FloatProgram(np.nan_to_num(rows).tolist())
    return all(program.minimise(side) is not None for side in sides.tolist())


def _floats(rows: Sequence[Row], dimension: int) -> Floats:
    return np.array([rounded_row(row) for row in rows], dtype=np.float64).reshape(len(rows), dimension + 1)


@dataclass(frozen=True, eq=False)
class ProgramCell(Cell):
    """A cell whose constraints are integer rows too; for path constraints the same numbers.

    ``points`` are float points surely strictly inside, ``inside`` is an exact one (used where there are none), and
    ``beyond`` holds, for some path constraints, a float point surely outside that one alone.
    """

    space: Space
    rows: tuple[Row, ...]
    floats: Floats
    inside: Row
    points: list[Floats] = field(default_factory=list)
    beyond: dict[int, Floats] = field(default_factory=dict)
    met: list[frozenset[int]] = field(default_factory=list)
    """For points of the cell, found by and by, which of its strict constraints vanish there."""

    @classmethod
    def start(cls, domain: Polyhedron) -> "ProgramCell":
        """The domain itself, full-dimensional.

        >>> cell = ProgramCell.start(Polyhedron.box([(-1, 1)]))
        >>> [decided and decided[0] for decided in cell.sides([(2, 1), (-3, 1), (0, 1)])]
        [1, -1, None]
        """
        space = Space.of(domain)
        inside = tuple(primitive_integers([mpq(1), *domain.interior_point()]))
        numbers = tuple(range(len(space.rows)))
        floats = _floats(space.rows, domain.dimension)
        cell = cls(domain, (), numbers, frozenset(), space, space.rows, floats, inside)
        cell._keep(np.array([[a / inside[0] for a in inside]]))
        for _ in range(MOST_POINTS // SHOTS):
            cell._shoot()
        return cell

    # ------------------------------------------------------------------------------------------ Children

    def split_off(self, constraint: PathConstraint) -> tuple["ProgramCell", Redundant]:
        """The part of the cell where one more constraint holds, and which constraints follow from others there."""
        row = tuple(int(a) for a in constraint.form.row)
        floats = np.array(rounded_row(row))
        part = ProgramCell(
            self.domain,
            (*self.path, constraint),
            (*self.facets, len(self.rows)),
            self.positive,
            self.space,
            (*self.rows, row),
            np.vstack([self.floats, floats]),
            self.inside,
            [point for point, sign in zip(self.points, self._signs(floats), strict=True) if sign > 0],
        )
        if not part.points:
            part = replace(part, inside=self._inside_where(row, part.points))
        part._shoot()
        part._keep_beyond(self.beyond)
        return part._without_redundant()

    def _inside_where(self, row: Row, points: list[Floats]) -> Row:
        """An exact point strictly inside at which a form is positive; a float point found on the way is kept."""
        if _at(row, self.exact_inside()) > 0:
            return self.exact_inside()
        found = self._decide(self._program, self.facets, oriented(row, active=False))
        if isinstance(found, FarkasCertificate):
            raise ProofError("a cell of the tree is empty")
        if isinstance(found, tuple):
            return found
        points.append(found)
        return exact_point(found)

    def exact_inside(self) -> Row:
        """A point strictly inside, as homogeneous integers."""
        return exact_point(self.points[0]) if self.points else self.inside

    def _keep(self, candidates: Floats, limit: int = MOST_POINTS) -> None:
        sure = (sure_signs(candidates, self.floats[list(self.facets)]) > 0).all(axis=1)
        self.points.extend(candidates[sure][: limit - len(self.points)])

    def _shoot(self) -> None:
        """More points inside, and points beyond facets."""
        if not self.points or not self.facets:
            return
        random, walls = self.space.random, self.floats[list(self.facets)]
        starts = np.array([self.points[index % len(self.points)] for index in range(SHOTS)])
        directions = random.standard_normal(starts.shape)
        directions[:, 0] = 0.0
        shots = Shots(starts, directions, random.random(SHOTS), walls, FAR)
        self._keep(shots.inside)
        self._keep_beyond({self.facets[wall]: at for wall, at in zip(shots.walls, shots.beyond, strict=True)})

    def _keep_beyond(self, candidates: dict[int, Floats]) -> None:
        """Keep the points that are surely outside one path constraint alone."""
        wanted = [n for n in candidates if n in self.path_numbers() and n in self.facets and n not in self.beyond]
        if wanted:
            signs = sure_signs(np.array([candidates[number] for number in wanted]), self.floats[list(self.facets)])
            for number, row in zip(wanted, signs, strict=True):
                if row[self.facets.index(number)] < 0 and (row > 0).sum() == len(row) - 1:
                    self.beyond[number] = candidates[number]

    def _without_redundant(self) -> tuple["ProgramCell", Redundant]:
        """The same cell without the path constraints that are no facets; the last one is a facet."""
        facets, reasons = list(self.facets), dict[int, FarkasCertificate]()
        for number in self.facets[:-1]:
            if number in self.path_numbers() and number not in self.beyond:
                others = [other for other in facets if other != number]
                found = self._decide(self._program_without(others, number), others, self.rows[number])
                if isinstance(found, FarkasCertificate):
                    facets, reasons[number] = others, found
                elif not isinstance(found, tuple):
                    self.beyond[number] = found
        if not reasons:
            return self, Redundant(())
        cell = replace(self, facets=tuple(facets))
        dropped = tuple((number, cell._over_facets(number, reason)) for number, reason in reasons.items())
        return replace(cell, positive=cell.positive | cell.positive_for(dropped)), Redundant(dropped)

    def _over_facets(self, number: int, reason: FarkasCertificate) -> FarkasCertificate:
        """A reason for a redundant constraint that uses no other redundant one."""
        if reason.support().issubset(self.facets):
            return reason
        found = self._decide(self._program, self.facets, self.rows[number])
        if not isinstance(found, FarkasCertificate):
            raise ProofError(f"constraint {number} was redundant, and is not without the other redundant ones")
        return found

    # ------------------------------------------------------------------------------------------ Signs

    def sides(self, rows: Sequence[Row]) -> Iterator[tuple[int, FarkasCertificate] | None]:
        """For each form: ``None`` where it takes both signs inside; else the sign 1 or -1, and why it is kept.

        The reason is that of the form where the sign is 1, and of its negative where it is -1; the form that is 0
        everywhere has the sign -1.
        """
        floats = _floats(rows, self.domain.dimension)
        signs = sure_signs(np.array(self.points).reshape(-1, floats.shape[1]), floats)
        seen = len(self.points)
        for row, form, above, below in zip(rows, floats, (signs > 0).any(0), (signs < 0).any(0), strict=True):
            if not any(row[1:]):
                yield (1 if row[0] > 0 else -1, FarkasCertificate(()))
                continue
            later = self._signs(form, seen)
            yield self._side(row, bool(above or (later > 0).any()), bool(below or (later < 0).any()))

    def _side(self, row: Row, above: bool, below: bool) -> tuple[int, FarkasCertificate] | None:
        at_inside = _at(row, self.exact_inside()) if above == below else 0
        if above == below and (above or not at_inside):
            return None
        side = 1 if above or at_inside > 0 else -1
        found = self._decide(self._program, self.facets, oriented(row, side > 0))
        if isinstance(found, FarkasCertificate):
            return side, found
        if not isinstance(found, tuple):
            self.points.append(found)
        return None

    def _signs(self, form: Floats, first: int = 0) -> Floats:
        points = self.points[first:]
        return sure_signs(np.array(points), form[None, :])[:, 0] if points else np.zeros(0)

    # ----------------------------------------------------------------------------------------- Decisions

    def _decide(self, program: FloatProgram, numbers: Sequence[int], row: Row) -> "FarkasCertificate | Floats | Row":
        """Why a form is non-negative where the constraints of these numbers are; else a point where it is negative.

        The point lies strictly inside those constraints: float coordinates, or exact ones.
        """
        form = rounded_row(row)
        guess = program.minimise(form)
        if guess is not None and guess.value > -NEARLY_ZERO:
            used = [numbers[index] for index in guess.support if index < len(numbers)]
            reason = self._reason(row, used)
            if reason is not None and reason[1] >= 0:
                return reason[0]
        if guess is not None and guess.value < 0:
            points = self._drawn_inside(guess, np.array(form))
            walls = np.vstack([self.floats[list(numbers)], -np.array(form)])
            sure = np.flatnonzero((sure_signs(points, walls) > 0).all(axis=1))
            if len(sure):
                point: Floats = points[sure[0]]
                return point
        return self._decide_exactly(numbers, row)

    def _drawn_inside(self, guess: Guess, form: Floats) -> Floats:
        """Points from near the optimum towards the middle, at which a form stays negative."""
        optimum, centre = np.array([1.0, *guess.point]), self._centre
        least, there = optimum @ form, centre @ form
        share = 0.5 if there <= 0 else 0.5 * least / (least - there)
        points: Floats = optimum + share * np.outer(SHARES, centre - optimum)
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

    def _reason(self, row: Row, used: list[int], equations: Collection[int] = ()) -> tuple[FarkasCertificate, mpq] | None:
        """The certificate over these constraints and the bound that it proves; ``None`` where there is none."""
        free = [index for index, number in enumerate(used) if number in equations]
        found = combination(row[1:], [self.rows[number][1:] for number in used], free)
        if found is None:
            return None
        multipliers = [(used[index], value) for index, value in found]
        bound = row[0] - sum(value * self.rows[number][0] for number, value in multipliers)
        return self._numbered(iter(multipliers)), mpq(bound)

    def _numbered(self, multipliers: Iterator[tuple[int, mpq]]) -> FarkasCertificate:
        """Multipliers of rows as multipliers of constraints."""
        factors = self.space.factors
        return FarkasCertificate(tuple((n, value * factors[n] if n < len(factors) else value) for n, value in multipliers))

    @cached_property
    def _centre(self) -> Floats:
        if self.points:
            middle: Floats = np.mean(self.points, axis=0)
            return middle
        return np.array([float(mpq(a, self.inside[0])) for a in self.inside])

    @cached_property
    def _program(self) -> FloatProgram:
        return FloatProgram(self._program_rows(self.facets))

    def _program_without(self, others: Sequence[int], number: int) -> FloatProgram:
        """The program in which one constraint is relaxed, but still bounds."""
        rows = self._program_rows((*others, number))
        rows[len(others)][0] += 1.0
        return FloatProgram(rows)

    def _program_rows(self, numbers: Sequence[int]) -> list[list[float]]:
        rows: list[list[float]] = np.nan_to_num(np.vstack([self.floats[list(numbers)], self.space.fence])).tolist()
        return rows

    # ------------------------------------------------------------------------------------------- Leaves

    def witness(self) -> Vector:
        """A point strictly inside, with a small denominator."""
        rows = [self.rows[number] for number in self.facets]
        for bits in (0, 1, 3, 7, 15, 31, 52) if np.isfinite(self._centre).all() else ():
            point = (1 << bits, *(round(float(x) * 2.0**bits) for x in self._centre[1:]))
            if all(_at(row, point) > 0 for row in rows):
                return tuple(mpq(x, 1 << bits) for x in point[1:])
        inside = self.exact_inside()
        return simplest_point(tuple(mpq(x, inside[0]) for x in inside[1:]), self.polyhedron.contains_strictly)

    def never_all_zero(self, on: tuple[int, ...]) -> FarkasCertificate | None:
        """Why these constraints have no common zero on the cell, as :meth:`Cell.never_all_zero`."""
        if any(zeros.issuperset(on) for zeros in self.met):
            return None
        *equations, last = on
        numbers = sorted({*self.facets, *equations})
        program = FloatProgram(self._program_rows(numbers), [numbers.index(number) for number in equations])
        guess = program.minimise(self.floats[last].tolist())
        if guess is not None and guess.value > NEARLY_ZERO:
            used = [numbers[index] for index in guess.support if index < len(numbers)]
            reason = self._reason(self.rows[last], used, equations)
            if reason is not None and reason[1] > 0:
                return reason[0]
        elif guess is not None:
            zeros = self._zeros_at(np.array([1.0, *guess.point]))
            if zeros.issuperset(on):
                self.met.append(zeros)
                return None
        minimum = self.minimise(self.constraints[last], frozenset(equations))
        return minimum.reason if minimum.value is not None and minimum.value > 0 else None

    def _zeros_at(self, point: Floats) -> frozenset[int]:
        """The strict constraints that vanish at the exact point of the cell which a float point stands for, if any."""
        numbers = sorted({*self.facets, *self.vanishing_strict()})
        near = np.abs(np.nan_to_num(self.floats[numbers]) @ point) < NEARLY_ZERO
        exact = _common_zero([self.rows[n] for n, zero in zip(numbers, near.tolist(), strict=True) if zero], point)
        if exact is None or any(_at(self.rows[number], exact) < 0 for number in self.facets):
            return frozenset()
        return frozenset(number for number in self.vanishing_strict() if _at(self.rows[number], exact) == 0)


def _at(row: Row, point: Row) -> int:
    return sum(a * x for a, x in zip(row, point, strict=True))


def _common_zero(rows: Sequence[Row], near: Floats) -> Row | None:
    """The exact common zero of forms that has the free coordinates of a float point."""
    if not rows:
        return exact_point(near)
    reduced, rank = fmpq_mat([[*row[1:], -row[0]] for row in rows]).rref()
    n, fixed = len(near) - 1, dict[int, fmpq]()
    free = [fmpq(*float(x).as_integer_ratio()) for x in near[1:]]
    for i in range(rank):
        lead = next(j for j in range(n + 1) if reduced[i, j] != 0)
        if lead == n:
            return None
        fixed[lead] = reduced[i, n] - sum((reduced[i, j] * free[j] for j in range(lead + 1, n)), fmpq(0))
    values = [fixed.get(j, free[j]) for j in range(n)]
    return tuple(primitive_integers([mpq(1), *(mpq(int(x.p), int(x.q)) for x in values)]))
