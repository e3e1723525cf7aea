"""Rational polyhedra in both representations, exactly; the only module that talks to cddlib."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from operator import mul
from typing import Any, Self

import cdd
import cdd.gmp as exact_cdd
from gmpy2 import mpq

from verishallow.affine import ONE, ZERO, AffineForm, arrays_of, rank
from verishallow.errors import DomainError, InputError, ProofError, require
from verishallow.farkas import FarkasCertificate
from verishallow.rationals import Vector, listed, vector

MANY = 100
"""An exact linear program with this many variables takes seconds to minutes, and cannot be interrupted."""


@dataclass(frozen=True)
class VRepresentation:
    """Vertices, rays and lines: the polyhedron is ``conv(vertices) + cone(rays) + span(lines)``.

    If the polyhedron contains a line, ``vertices`` holds one point of each minimal face.
    """

    vertices: tuple[Vector, ...]
    rays: tuple[Vector, ...]
    lines: tuple[Vector, ...]

    def to_numpy(self) -> tuple[Any, Any]:
        """The nearest arrays of float64: the vertices, and the rays with both directions of every line, one per row."""
        import numpy as np  # noqa: PLC0415 - numpy takes longer to import than a small certificate to check

        width = len((*self.vertices, *self.rays, *self.lines)[0])
        directions = (*self.rays, *self.lines, *(tuple(-a for a in line) for line in self.lines))
        arrays = (
            np.array([[float(a) for a in row] for row in rows], dtype=np.float64)
            for rows in (self.vertices, directions)
        )
        vertices, rays = (array.reshape(-1, width) for array in arrays)
        return vertices, rays

    @cached_property
    def homogeneous(self) -> tuple[Vector, ...]:
        """Rows ``(1, vertex)``, then ``(0, ray)``, then ``(0, line)``."""
        return (
            *((ONE, *vertex) for vertex in self.vertices),
            *((ZERO, *ray) for ray in self.rays),
            *((ZERO, *line) for line in self.lines),
        )

    def signs(self, form: AffineForm) -> frozenset[int]:
        """The signs (-1, 0, 1) of a form on the generators; a line counts as two rays."""
        pointed = len(self.vertices) + len(self.rays)
        values = [form.at_homogeneous(generator) for generator in self.homogeneous]
        signs = {(value > 0) - (value < 0) for value in values}
        return frozenset(signs | {-1, 1}) if any(values[pointed:]) else frozenset(signs)

    def relative_interior_point(self) -> Vector | None:
        """A point of the relative interior: the mean of the vertices, moved along every ray; ``None`` if empty."""
        if not self.vertices:
            return None
        mean = tuple(sum(column) / len(self.vertices) for column in zip(*self.vertices, strict=True))
        return tuple(sum(column) for column in zip(mean, *self.rays, strict=True))


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least value of a form on a non-empty polyhedron and its Farkas certificate; ``None`` if unbounded below."""

    value: mpq | None
    reason: FarkasCertificate


@dataclass(frozen=True)
class Polyhedron:
    """The closed set ``{x in R^n : h(x) >= 0 for every h in inequalities}`` (an H-representation).

    >>> square = Polyhedron.box([(-1, 1), (-1, 1)])
    >>> len(square.v_representation.vertices), square.contains(["1/2", 2])
    (4, False)
    """

    dimension: int
    inequalities: tuple[AffineForm, ...]

    def __post_init__(self) -> None:
        require("dimension of a polyhedron", self.dimension, int, "a whole number from 1 on")
        require("inequalities of a polyhedron", self.inequalities, tuple, "a tuple of affine forms")
        if self.dimension < 1:
            raise DomainError(f"a polyhedron needs dimension >= 1, found {self.dimension}")
        for number, form in enumerate(self.inequalities):
            if form.dimension != self.dimension:
                raise DomainError(f"inequality {number} has {form.dimension} coefficients, expected {self.dimension}")

    @classmethod
    def whole_space(cls, dimension: int) -> Self:
        """R^n: no inequality."""
        return cls(dimension, ())

    @classmethod
    def of(cls, rows: Iterable[Iterable[Any]]) -> Self:
        """The polyhedron of rows ``[b, a1, ..., an]``, each meaning ``b + a.x >= 0``; at least one row."""
        forms = tuple(AffineForm.of(row) for row in listed(rows, "polyhedron: expected rows [b, a1, ..., an]"))
        if not forms:
            raise DomainError("a polyhedron given by rows needs one row or more; all of R^n is whole_space(n)")
        return cls(forms[0].dimension, forms)

    @classmethod
    def box(cls, bounds: Sequence[tuple[Any, Any]]) -> Self:
        """The box with these pairs (low, high), one per input; rows ``x_i - low``, ``high - x_i`` in order."""
        expected = "box: expected a pair (low, high) for each input"
        intervals = [vector(pair) for pair in listed(bounds, expected)]
        if any(len(pair) != 2 for pair in intervals):
            raise DomainError(f"{expected}, found other lengths: {sorted({len(pair) for pair in intervals})}")
        coordinates = [AffineForm.coordinate(i, len(intervals)) for i in range(len(intervals))]
        constant = AffineForm.of([1] + [0] * len(intervals))
        return cls(
            len(intervals),
            tuple(
                form
                for x, (low, high) in zip(coordinates, intervals, strict=True)
                for form in (x - constant.scaled(low), constant.scaled(high) - x)
            ),
        )

    def to_numpy(self) -> tuple[Any, Any]:
        """The nearest arrays of float64: ``A`` and ``b``, one row per inequality, with ``A x + b >= 0``.

        >>> weight, bias = Polyhedron.box([(0, "1/2")]).to_numpy()
        >>> weight.tolist(), bias.tolist()
        ([[1.0], [-1.0]], [0.0, 0.5])
        """
        # All of space has the row 1 >= 0, so that the arrays have the right widths.
        return arrays_of(self.inequalities or (AffineForm.of([1] + [0] * self.dimension),))

    def normalised(self) -> "Polyhedron":
        """The same set with primitive integer rows, without repetitions and rows that are always true."""
        primitive = dict.fromkeys(form.primitive() for form in self.inequalities)
        return Polyhedron(self.dimension, tuple(h for h in primitive if not (h.is_constant() and h.constant >= 0)))

    def with_inequality(self, form: AffineForm) -> "Polyhedron":
        """The part where one more form is non-negative."""
        return Polyhedron(self.dimension, (*self.inequalities, form))

    def contains(self, point: Iterable[Any]) -> bool:
        """Whether the closed polyhedron contains the point."""
        homogeneous = (ONE, *self._point(point))
        return all(form.at_homogeneous(homogeneous) >= 0 for form in self.inequalities)

    def contains_strictly(self, point: Iterable[Any]) -> bool:
        """Whether every inequality is strict at the point (then it is interior)."""
        homogeneous = (ONE, *self._point(point))
        return all(form.at_homogeneous(homogeneous) > 0 for form in self.inequalities)

    def _point(self, point: Iterable[Any]) -> Vector:
        found = vector(point)
        if len(found) != self.dimension:
            raise InputError(f"point: expected {self.dimension} coordinates, found {len(found)}")
        return found

    @cached_property
    def v_representation(self) -> VRepresentation:
        """The generators, exact; an empty polyhedron has none."""
        matrix = exact_cdd.copy_generators(exact_cdd.polyhedron_from_matrix(self.matrix()))
        rows = [(index, _vector(row)) for index, row in enumerate(matrix.array)]
        return VRepresentation(
            vertices=tuple(row[1:] for index, row in rows if row[0] and index not in matrix.lin_set),
            rays=tuple(row[1:] for index, row in rows if not row[0] and index not in matrix.lin_set),
            lines=tuple(row[1:] for index, row in rows if index in matrix.lin_set),
        )

    @cached_property
    def facets(self) -> tuple[int, ...]:
        """The indices of the inequalities that are facets; for full-dimensional polyhedra only.

        If two inequalities define the same facet, both are listed.
        """
        return tuple(
            index for index, form in enumerate(self.inequalities) if self._face_dimension([form]) == self.dimension - 1
        )

    def affine_dimension(self) -> int:
        """The dimension of the affine hull; -1 for the empty set."""
        return self._face_dimension([])

    def _face_dimension(self, equations: Sequence[AffineForm]) -> int:
        rows = [_integers(form.row) for form in equations]
        tight = [
            generator
            for generator, integers in zip(self.v_representation.homogeneous, self._integer_generators, strict=True)
            if not any(sum(map(mul, row, integers)) for row in rows)
        ]
        return rank(tight) - 1 if any(generator[0] for generator in tight) else -1

    @cached_property
    def _integer_generators(self) -> list[list[int]]:
        return [_integers(generator) for generator in self.v_representation.homogeneous]

    def _lifted(self) -> Self:
        """The set of points (x, t) such that every inequality is at least t at x, and t <= 1."""
        lifted = [AffineForm((*form.row, -ONE)) for form in self.inequalities]
        at_most_one = AffineForm((ONE, *(ZERO,) * self.dimension, -ONE))
        return type(self)(self.dimension + 1, (*lifted, at_most_one))

    def minimise(self, form: AffineForm, equations: Collection[int] = ()) -> Minimum:
        """The least value of a form where the inequalities numbered in ``equations`` hold with equality.

        The polyhedron must not be empty. The answer comes from an exact linear program; its Farkas
        certificate is always verified here.
        """
        program = exact_cdd.linprog_from_matrix(self.matrix(equations, form))
        exact_cdd.linprog_solve(program)
        if program.status in (cdd.LPStatusType.DUAL_INCONSISTENT, cdd.LPStatusType.STRUC_DUAL_INCONSISTENT):
            return Minimum(None, FarkasCertificate(()))
        if program.status is not cdd.LPStatusType.OPTIMAL:
            raise ProofError(f"expected an optimal linear program on a non-empty polyhedron, found {program.status}")
        reason = FarkasCertificate(self._multipliers(program, sorted(equations)))
        return Minimum(reason.lower_bound(form, self.inequalities, equations), reason)

    def point_below_zero(self, form: AffineForm) -> Vector | None:
        """A point where a form is negative, and least if it is bounded below; ``None`` if there is none.

        The polyhedron must not be empty. Its vertices, of which there may be very many, are not listed.

        >>> Polyhedron.box([(-1, 2)] * 40).point_below_zero(AffineForm.coordinate(39, 40))[39]
        mpq(-1,1)
        """
        least = self.minimise(form).value
        if least is not None:
            return _minimiser(self, form) if least < 0 else None
        somewhere = _minimiser(self, AffineForm.zero(self.dimension))
        at_least_minus_one = AffineForm((form.constant + 1, *form.linear))
        return somewhere if form(somewhere) < 0 else _minimiser(self.with_inequality(at_least_minus_one), form)

    def minimiser(self, form: AffineForm) -> Vector:
        """A point of a non-empty polyhedron at which a form, bounded below there, is least.

        >>> Polyhedron.box([(-1, 2), (0, 1)]).minimiser(AffineForm.of([0, 1, -1]))
        (mpq(-1,1), mpq(1,1))
        """
        return _minimiser(self, form)

    def _multipliers(self, program: exact_cdd.LinProg, equations: list[int]) -> tuple[tuple[int, mpq], ...]:
        # cddlib negates dual values, and appends each equation a second time, negated, after all rows.
        rows, total = len(self.inequalities) + 1, dict[int, mpq]()
        for index, dual in program.dual_solution:
            row, multiplier = (index, -dual) if index < rows else (equations[index - rows], dual)
            if row < len(self.inequalities):
                total[row] = total.get(row, ZERO) + mpq(multiplier)
        return tuple((row, multiplier) for row, multiplier in sorted(total.items()) if multiplier)

    def matrix(self, equations: Collection[int] = (), objective: AffineForm | None = None) -> exact_cdd.Matrix:
        """The H-representation as cddlib's matrix, with equations and an objective to minimise."""
        # The row 1 >= 0 makes R^n possible, and keeps the apex of a cone if b = 0 in all rows.
        rows = [_fractions(form.row) for form in self.inequalities]
        rows.append(_fractions((ONE, *(ZERO,) * self.dimension)))
        matrix = exact_cdd.matrix_from_array(rows, lin_set=set(equations), rep_type=cdd.RepType.INEQUALITY)
        if objective is not None:
            matrix.obj_type = cdd.LPObjType.MIN
            matrix.obj_func = _fractions(objective.row)
        return matrix

    def interior_point(self) -> Vector:
        """A rational point strictly inside every inequality, with a small denominator.

        Raises :class:`~verishallow.errors.DomainError` when the polyhedron is empty or flat.
        """
        middle = self._middle() if self.dimension > MANY else None
        if middle is not None:
            return simplest_point(middle, self.contains_strictly)
        point, depth = self._deepest()
        if depth <= 0:
            raise DomainError(f"the polyhedron is {'flat: it has no interior point' if depth == 0 else 'empty'}")
        return simplest_point(point, self.contains_strictly)

    def _middle(self) -> Vector | None:
        """The middle of a bounded box with an interior, without a linear program; ``None`` for other polyhedra."""
        lows, highs = dict[int, mpq](), dict[int, mpq]()
        for form in self.inequalities:
            entries = [(position, a) for position, a in enumerate(form.linear) if a]
            if len(entries) != 1:
                return None
            ((position, a),) = entries
            bound, side, tighter = -form.constant / a, lows if a > 0 else highs, max if a > 0 else min
            side[position] = tighter(side.get(position, bound), bound)
        if not all(i in lows and i in highs and lows[i] < highs[i] for i in range(self.dimension)):
            return None
        return tuple((lows[i] + highs[i]) / 2 for i in range(self.dimension))

    def implicit_equations(self) -> tuple[AffineForm, ...] | None:
        """The inequalities that vanish everywhere, none if there is an interior; ``None`` for the empty set.

        >>> Polyhedron.of([[0, 1], [0, -1], [3, 1]]).implicit_equations()
        (AffineForm(x0), AffineForm(-x0))
        """
        _, depth = self._deepest()
        if depth:
            return () if depth > 0 else None
        return tuple(form for form in self.inequalities if self.minimise(-form).value == 0)

    def _deepest(self) -> tuple[Vector, mpq]:
        """A point at which the least inequality is greatest, and this value, at most 1."""
        *point, depth = _minimiser(self._lifted(), -AffineForm.coordinate(self.dimension, self.dimension + 1))
        return tuple(point), depth


def extreme_generators(rows: Sequence[Vector]) -> tuple[Vector, ...]:
    """The homogeneous generators, (1, vertex) or (0, ray), that the others do not generate."""
    matrix = exact_cdd.matrix_from_array([_fractions(row) for row in rows], rep_type=cdd.RepType.GENERATOR)
    redundant = exact_cdd.redundant_rows(matrix)
    return tuple(row for number, row in enumerate(rows) if number not in redundant)


def simplest_point(point: Vector, accepts: Callable[[Vector], bool]) -> Vector:
    """The first rounding of a point to halves, quarters, sixteenths ... that is accepted, or the point itself.

    ``accepts`` must hold in a neighbourhood of the point, as it does for an open polyhedron.
    """
    bits = 0
    while bits < _size(point):
        scale = 1 << bits
        rounded = tuple(mpq((2 * a * scale + 1) // 2, scale) for a in point)
        if accepts(rounded):
            return rounded
        bits = 2 * bits + 1
    return point


def _size(point: Vector) -> int:
    return max(int(a.denominator).bit_length() for a in point)


def _minimiser(polyhedron: Polyhedron, form: AffineForm) -> Vector:
    program = exact_cdd.linprog_from_matrix(polyhedron.matrix(objective=form))
    exact_cdd.linprog_solve(program)
    return _vector(program.primal_solution)


def _integers(row: Vector) -> list[int]:
    """A positive multiple with integer entries."""
    denominator = lcm(*(int(a.denominator) for a in row))
    return [int(a * denominator) for a in row]


def _fractions(row: Vector) -> list[Fraction]:
    return [Fraction(int(a.numerator), int(a.denominator)) for a in row]


def _vector(row: Iterable[Fraction]) -> Vector:
    return tuple(mpq(a.numerator, a.denominator) for a in row)
