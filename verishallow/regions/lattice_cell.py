"""The cell of a leaf, read off a finished complex: its vertices, rays and facets are known."""

from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from operator import mul

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import ProofError
from verishallow.farkas import FarkasCertificate
from verishallow.polyhedron import Minimum, simplest_point
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import Cell
from verishallow.regions.constraint_rows import Constraints, Row, integer_row_of, leading
from verishallow.regions.vertex_reasons import VertexReasons


@dataclass(frozen=True, eq=False)
class LatticeCell(Cell):
    """The cell of a leaf with known vertices and facets: its minima need no linear program."""

    reasons: VertexReasons
    by_number: Constraints
    index: int

    @cached_property
    def _tight(self) -> dict[int, list[int]]:
        """For each vertex, the constraints that vanish there."""
        points = self.reasons.cells.vertices.rows(self.index, self.index + 1).tolist()
        return {point: self.reasons.tight(self.by_number, point) for point in points}

    def minimise(self, form: AffineForm, equations: frozenset[int] = frozenset()) -> Minimum:
        """The least value of a form on the cell, as :meth:`Cell.minimise`."""
        usable = {*self.facets, *equations}
        points = [point for point, tight in self._tight.items() if equations.issubset(tight)]
        if form.is_constant():
            return Minimum(form.constant, FarkasCertificate(()))
        row = integer_row_of(form)
        if not equations and self._falls_along_a_ray(row):
            return Minimum(None, FarkasCertificate(()))
        point = self.reasons.least_point(points, row)
        scale = mpq(row[leading(row)]) / form.row[leading(row)]
        reason = self.reasons.reason(self.by_number, row, scale, point, sorted(usable), equations)
        return Minimum(reason.lower_bound(form, self.constraints, equations), reason)

    def _falls_along_a_ray(self, row: Row) -> bool:
        if any(sum(map(mul, row[1:], line)) for line in self.reasons.cells.complex.lines):
            return True
        points = self.reasons.cells.complex.points[self.reasons.cells.points.rows(self.index, self.index + 1)]
        slope = (0, *self.reasons.slope(row))
        return any(sum(map(mul, slope, point)) < 0 for point in points.tolist() if not point[0])

    def vanishing(self, number: int) -> frozenset[int]:
        """The vertices at which a constraint vanishes."""
        return frozenset(point for point, tight in self._tight.items() if number in tight)

    def witness(self) -> Vector:
        """A point strictly inside, with a small denominator."""
        rows = [self.by_number.rows[number] for number in self.facets]
        middle = self.reasons.cells.middles[self.index].tolist()
        for bits in (0, 1, 3, 7, 15, 31, 52) if all(map(isfinite, middle)) else ():
            point = [1 << bits, *(round(x * 2.0**bits) for x in middle)]
            if all(sum(map(mul, row, point)) > 0 for row in rows):
                return tuple(mpq(x, 1 << bits) for x in point[1:])
        return self._exact_witness()

    def _exact_witness(self) -> Vector:
        inside = self.polyhedron.v_representation.relative_interior_point()
        if inside is None:
            raise ProofError("a cell of the lattice is empty")
        return simplest_point(inside, self.polyhedron.contains_strictly)
