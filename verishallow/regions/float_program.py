"""Linear programs in floating point, by cddlib: an oracle, and nothing more.

Its zeros are rounded and its optima may be wrong. The caller must prove every answer again, exactly; a wrong answer
only costs time.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import cdd

SMALLEST_MULTIPLIER = 1e-10
"""Smaller multipliers, of rows and forms with coefficients of size 1, count as rounding errors.

No result depends on it: every answer of the oracle is proved again exactly.
"""


@dataclass(frozen=True, slots=True)
class Guess:
    """An optimum that the oracle claims: the least value, where it is attained, and the rows with multipliers."""

    value: float
    point: tuple[float, ...]
    support: tuple[int, ...]


class FloatProgram:
    """Linear programs over one set ``{x : row . (1, x) >= 0 for every row}``, with the rows in ``equations`` held at 0.

    >>> FloatProgram(2, [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]).minimise([5.0, 2.0, 1.0])
    Guess(value=5.0, point=(0.0, 0.0), support=(0, 1))
    """

    def __init__(self, dimension: int, rows: Sequence[Sequence[float]], equations: Collection[int] = ()) -> None:
        # cddlib needs at least one row: 1 >= 0 makes R^n possible.
        always = [1.0] + [0.0] * dimension
        self._equations = sorted(equations)
        self._rows = len(rows)
        self._matrix = cdd.matrix_from_array([*rows, always], lin_set=set(equations), rep_type=cdd.RepType.INEQUALITY)
        self._matrix.obj_type = cdd.LPObjType.MIN

    def minimise(self, form: Sequence[float]) -> Guess | None:
        """The least value of a form; ``None`` if it is unbounded below, or if the solver gives up."""
        self._matrix.obj_func = form
        program = cdd.linprog_from_matrix(self._matrix)
        try:
            cdd.linprog_solve(program)
        except RuntimeError:  # cddlib suspects that it cycles
            return None
        if program.status is not cdd.LPStatusType.OPTIMAL:
            return None
        return Guess(program.obj_value, tuple(program.primal_solution), self._support(program))

    def _support(self, program: cdd.LinProg) -> tuple[int, ...]:
        # An equation appears a second time, negated, after all rows and the row 1 >= 0.
        used = (index for index, dual in program.dual_solution if abs(dual) > SMALLEST_MULTIPLIER)
        named = {index if index <= self._rows else self._equations[index - self._rows - 1] for index in used}
        return tuple(sorted(named - {self._rows}))
