"""Linear programs on a box in very many inputs, without a solver: each input lies at the end that its slope asks for.

Nothing here is used in few inputs, where programs are short.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from gmpy2 import mpq

from verishallow.polyhedron import MANY
from verishallow.regions.sure_signs import Floats, Row


@dataclass(frozen=True, slots=True)
class BoxOfRows:
    """For each input the numbers of the rows that bound it below and above; no other rows."""

    low: tuple[int, ...]
    high: tuple[int, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, rows: Sequence[Row], dimension: int) -> "BoxOfRows | None":
        """The box that rows are, in more than a hundred inputs; ``None`` for all else.

        >>> BoxOfRows.of([(0, 1), (1, -1)], 1) is None
        True
        """
        if dimension <= MANY or len(rows) != 2 * dimension:
            return None
        found = dict[tuple[int, bool], int]()
        for number, row in enumerate(rows):
            entries = [(position, a) for position, a in enumerate(row[1:]) if a]
            if len(entries) != 1:
                return None
            found[entries[0][0], entries[0][1] > 0] = number
        if len(found) != 2 * dimension:
            return None
        low, high = (tuple(found[i, below] for i in range(dimension)) for below in (True, False))
        return cls(low, high, tuple(rows))

    def least(self, row: Sequence[int] | Sequence[mpq]) -> tuple[tuple[tuple[int, mpq], ...], mpq]:
        """The multipliers of rows that bound a form below, by increasing numbers, and the least value of the form."""
        value, multipliers = mpq(row[0]), dict[int, mpq]()
        for i, a in enumerate(row[1:]):
            if a:
                number = self.low[i] if a > 0 else self.high[i]
                multipliers[number] = mpq(a) / self.rows[number][i + 1]
                value -= multipliers[number] * self.rows[number][0]
        return tuple(sorted(multipliers.items())), value

    def near_the_least(self, row: Row, centre: Floats) -> Floats:
        """Float points between the centre and the corner where a form is least, nearer and nearer to the corner."""
        ends = [self.low[i] if a > 0 else self.high[i] for i, a in enumerate(row[1:])]
        corner = [float(mpq(-self.rows[k][0], self.rows[k][i + 1])) for i, k in enumerate(ends)]
        shares = np.array([2.0**-k for k in (3, 6, 10, 16, 24)])[:, None]
        return np.asarray((1 - shares) * np.array([1.0, *corner]) + shares * centre)
