"""Reasons in closed form, from the constraints that vanish at the vertex of a cell where a form is least.

There the gradient of the form is a non-negative combination of their gradients. Floats choose the vertex; the
combination is exact.
"""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from verishallow.farkas import FarkasCertificate
from verishallow.regions.cell_tree import Cell
from verishallow.regions.cone import Basis, combination
from verishallow.regions.constraint_rows import Constraints, Row, integer_row_of, reason_by_linear_program, rounded
from verishallow.regions.decisions import IntegerDecisions
from verishallow.regions.face_lattice import Numbers
from verishallow.regions.sorted_cells import SortedCells


class VertexReasons:
    """Reasons from the points of one complex, for the cells of the tree below one place."""

    def __init__(self, cells: SortedCells, root: Cell) -> None:
        self.cells, self.walls = cells, _walls(cells, root)
        dropped = cells.complex.dropped
        self.kept = [i + 1 for i in cells.kept] if dropped else slice(1, None)
        """The positions of the quotient's coordinates in a row."""

    def slope(self, row: Row) -> Row:
        """The linear part of a row in the coordinates of the quotient."""
        return row[self.kept] if isinstance(self.kept, slice) else tuple(row[i] for i in self.kept)

    def tight(self, constraints: Constraints, point: int) -> list[int]:
        """The constraints that vanish at a point, by number."""
        numbers = constraints.numbers
        split = sorted(numbers[column] for column in self.cells.zeros[point] if column in numbers)
        return [*self.walls[point], *split]

    def least_points(self, first: int, last: int, forms: Sequence[Row]) -> list[int]:
        """For each form a vertex of the cells first, ..., last - 1 at which it is least, up to rounding."""
        return self.least(first, last, np.array([rounded(form) for form in forms]))

    def least(self, first: int, last: int, slopes: NDArray[np.float64]) -> list[int]:
        """The same for forms as rows of floats."""
        places = _least(self.cells.vertex_floats[self.cells.vertices.span(first, last)], slopes)
        found: list[int] = self.cells.vertices.rows(first, last)[places].tolist()
        return found

    def least_point(self, points: list[int], form: Row) -> int:
        """The one of these points at which a form is least, up to rounding."""
        return points[int(_least(self.cells.within_floats[points], np.array([rounded(form)]))[0])]

    def reason(
        self,
        constraints: Constraints,
        form: Row,
        scale: int,
        point: int,
        usable: Collection[int],
        free: Collection[int] = (),
    ) -> FarkasCertificate:
        """Why ``form / scale`` is least at a point, by usable constraints; those in ``free`` vanish."""
        tight = self.tight(constraints, point)
        if len(usable) < len(constraints.rows):
            tight = [number for number in tight if number in usable]
        free_rows = [index for index, number in enumerate(tight) if number in free] if free else ()
        found = combination(self.slope(form), [constraints.slopes[number] for number in tight], free_rows)
        if found is None:
            return reason_by_linear_program(constraints, form, scale, sorted(usable), free)
        return FarkasCertificate(tuple((tight[index], value / scale) for index, value in found))

    def of_neurons(
        self, constraints: Constraints, forms: Iterator[tuple[int, bool, Row, int]], scale: int
    ) -> tuple[IntegerDecisions, IntegerDecisions]:
        """Why neurons are active or inactive; each is given as (neuron, whether active, form times scale, point).

        The constraints of a point are solved once for all neurons that are least there.
        """
        active, inactive = IntegerDecisions(), IntegerDecisions()
        bases: dict[int, Basis | None] = {}
        for neuron, on, form, point in forms:
            slope = self.slope(form)
            if point not in bases:
                bases[point] = self._basis(constraints, point)
            basis = bases[point]
            if basis is not None:
                values = basis.coefficients(slope)
                if (min(values) >= 0) if on else (max(values) <= 0):
                    (active if on else inactive).add((neuron, basis.numbers, values, basis.size * scale))
                    continue
            if any(slope):
                bounded = form if on else tuple(-a for a in form)
                reason = self.reason(constraints, bounded, scale, point, range(len(constraints.rows)))
            else:
                reason = FarkasCertificate(())
            (active if on else inactive).add_reason(neuron, reason)
        return active, inactive

    def _basis(self, constraints: Constraints, point: int) -> Basis | None:
        tight = self.tight(constraints, point)
        slopes = [constraints.slopes[number] for number in tight]
        return Basis.of(tight, slopes) if slopes and len(slopes) == len(slopes[0]) else None


def _least(points: NDArray[np.float64], slopes: NDArray[np.float64]) -> Numbers:
    # A wrong choice, by rounding or overflow, is noticed later and only costs a linear program.
    places: Numbers = (points @ slopes.T).argmin(axis=0)
    return places


def _walls(cells: SortedCells, root: Cell) -> list[list[int]]:
    """For each point the constraints of the root, by number, that vanish there; facets only."""
    kept = [0, *(i + 1 for i in cells.kept)]
    rows = np.array(
        [[integer_row_of(root.constraints[number])[i] for i in kept] for number in root.facets], dtype=object
    )
    if not len(rows):
        return [[]] * len(cells.complex.points)
    vanishing = (cells.complex.points @ rows.T) == 0
    return [[root.facets[i] for i in np.flatnonzero(row)] for row in vanishing]
