"""Non-negative combinations of integer vectors: the multipliers of Farkas certificates, in closed form for few rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from operator import mul
from typing import Any

from flint import fmpz_mat
from gmpy2 import mpq

MOST_TRIED = 2000

Row = Sequence[int]
Multipliers = tuple[tuple[int, mpq], ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """As many independent integer rows as dimensions, inverted once: coefficient i of t is ``duals[i] . t / size``.

    >>> basis = Basis.of((4, 7), [[1, 0], [1, 2]])
    >>> basis.coefficients([3, 4]), basis.size
    ((2, 4), 2)
    """

    numbers: tuple[int, ...]
    duals: tuple[Row, ...]
    size: int

    @classmethod
    def of(cls, numbers: Sequence[int], rows: Sequence[Row]) -> "Basis | None":
        """The basis of numbered rows; ``None`` where they are dependent."""
        duals, determinant = _duals(rows)
        if not determinant:
            return None
        positive = duals if determinant > 0 else tuple(tuple(-a for a in dual) for dual in duals)
        return cls(tuple(numbers), positive, abs(determinant))

    def coefficients(self, target: Row) -> Sequence[int]:
        """The coefficients of a target, each times ``size``."""
        if len(target) == 2:
            (a, b), (c, d) = self.duals
            x, y = target
            return a * x + b * y, c * x + d * y
        return [sum(map(mul, dual, target)) for dual in self.duals]


def _duals(rows: Sequence[Row]) -> tuple[tuple[Row, ...], int]:
    """Rows d_i with ``d_i . rows[j] = determinant`` where i = j, and 0 elsewhere."""
    if len(rows) == 1:
        return ((1,),), rows[0][0]
    if len(rows) == 2:
        (a, b), (c, d) = rows
        return ((d, -c), (-b, a)), a * d - b * c
    if len(rows) == 3:
        one, two, three = rows
        normal = _cross(two, three)
        return (normal, _cross(three, one), _cross(one, two)), sum(map(mul, one, normal))
    return _duals_by_inverse(rows)


def _duals_by_inverse(rows: Sequence[Row]) -> tuple[tuple[Row, ...], int]:
    matrix = fmpz_mat([list(row) for row in rows])
    if not matrix.det():
        return (), 0
    inverse: Any = matrix.inv()
    numerator, denominator = inverse.numer_denom()
    return tuple(tuple(int(a) for a in row) for row in numerator.transpose().tolist()), int(denominator)


def combination(target: Row, rows: Sequence[Row], free: Collection[int] = ()) -> Multipliers | None:
    """Multipliers with ``target = sum l_i rows[i]``, positive except those of ``free`` rows; zeros are left out.

    The rows used are linearly independent. ``None`` if there are no such multipliers, or too many rows to try.

    >>> combination([3, 1], [[1, 1], [1, 0], [0, 1]])
    ((0, mpq(1,1)), (1, mpq(2,1)))
    """
    if not any(target):
        return ()
    for size in range(min(len(target), len(rows)), 0, -1):
        for chosen in islice(combinations(range(len(rows)), size), MOST_TRIED):
            found = _solve(target, [rows[i] for i in chosen])
            if found and all(value >= 0 or i in free for i, value in zip(chosen, found, strict=True)):
                return tuple((i, value) for i, value in zip(chosen, found, strict=True) if value)
    return None


def _solve(target: Row, rows: Sequence[Row]) -> list[mpq] | None:
    """The coefficients of the target in independent rows; ``None`` if they are dependent or do not span the target."""
    if len(rows) == 1:
        return _solve_one(target, rows[0])
    if len(rows) == 2 == len(target):
        return _solve_two(target, *rows)
    if len(rows) == 3 == len(target):
        return _solve_three(target, *rows)
    return _solve_any(target, rows)


def _solve_one(target: Row, row: Row) -> list[mpq] | None:
    place = next(i for i, a in enumerate(row) if a)
    if all(t * row[place] == a * target[place] for t, a in zip(target, row, strict=True)):
        return [mpq(target[place], row[place])]
    return None


def _solve_two(target: Row, one: Row, other: Row) -> list[mpq] | None:
    determinant = one[0] * other[1] - one[1] * other[0]
    if not determinant:
        return None
    first = target[0] * other[1] - target[1] * other[0]
    second = one[0] * target[1] - one[1] * target[0]
    return [mpq(first, determinant), mpq(second, determinant)]


def _solve_three(target: Row, a: Row, b: Row, c: Row) -> list[mpq] | None:
    bc, ca, ab = _cross(b, c), _cross(c, a), _cross(a, b)
    determinant = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2]
    if not determinant:
        return None
    return [mpq(target[0] * v[0] + target[1] * v[1] + target[2] * v[2], determinant) for v in (bc, ca, ab)]


def _cross(a: Row, b: Row) -> tuple[int, int, int]:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _solve_any(target: Row, rows: Sequence[Row]) -> list[mpq] | None:
    columns = [[row[i] for row in rows] + [t] for i, t in enumerate(target)]
    reduced, denominator, rank = fmpz_mat(columns).rref()
    if rank < len(rows) or any(reduced[i, i] == 0 for i in range(len(rows))):
        return None
    if rank > len(rows):
        return None
    return [mpq(int(reduced[i, len(rows)]), int(denominator)) for i in range(len(rows))]
