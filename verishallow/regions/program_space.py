"""The data that all LP cells of one tree share: the domain as integer rows, and what bounds the oracle's programs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from gmpy2 import mpq

from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.box_programs import BoxOfRows
from verishallow.regions.constraint_rows import integer_row_of
from verishallow.regions.float_program import FloatProgram
from verishallow.regions.sure_signs import (
    Floats,
    Row,
    rounded_row,
)

FAR = 2.0**16
"""How far from the start the oracle searches in an unbounded domain; exact programs search without a limit."""


@dataclass(frozen=True, eq=False)
class Space:
    """The data that all cells of one tree share."""

    rows: tuple[Row, ...]
    """The domain's constraints as primitive integer rows."""
    factors: tuple[mpq, ...]
    """``rows[i]`` is ``factors[i]`` times constraint i."""
    fence: list[list[float]]
    """Rows that bound the oracle's programs where the domain is unbounded."""
    box: BoxOfRows | None = None
    """The domain, where it is a box in very many inputs."""

    @classmethod
    def of(cls, domain: Polyhedron, near: Floats) -> "Space":
        """The space of a domain, around one of its points."""
        rows = tuple(integer_row_of(form) for form in domain.inequalities)
        factors = tuple(factor_of(row, form.row) for row, form in zip(rows, domain.inequalities, strict=True))
        box = BoxOfRows.of(rows, domain.dimension)
        if box is not None:
            return cls(rows, factors, [], box)
        fence = [[(1 + abs(x)) * FAR - side * x, *(side * unit)] for x, unit in _axes(near) for side in (1.0, -1.0)]
        program = FloatProgram(domain.dimension, [rounded_row(row) for row in rows])
        bounded = all(program.minimise(side) is not None for side in fence)
        return cls(rows, factors, [] if bounded else fence)


def _axes(point: Floats) -> Iterator[tuple[float, Floats]]:
    """The coordinates of a point, with their unit vectors."""
    return zip(np.nan_to_num(point[1:]).tolist(), np.eye(len(point) - 1), strict=True)


def factor_of(row: Row, original: Vector) -> mpq:
    """The factor that takes a row to its primitive integers."""
    return next((mpq(a) / b for a, b in zip(row, original, strict=True) if b), mpq(1))
