"""Small exact linear systems."""

from collections.abc import Iterable, Sequence
from operator import add

from flint import fmpq_mat
from gmpy2 import mpq

from verishallow.affine import ZERO, flint_matrix, from_flint
from verishallow.rationals import Vector

Rows = Sequence[Sequence[mpq]]


def dot(one: Sequence[mpq], other: Sequence[mpq]) -> mpq:
    """The scalar product.

    >>> dot((mpq(1), mpq(2)), (mpq(3), mpq(-1)))
    mpq(1,1)
    """
    return sum((a * b for a, b in zip(one, other, strict=True) if a and b), ZERO)


def total(values: Iterable[mpq]) -> mpq:
    """The sum, neighbours first: in a running sum of many fractions every step would be as expensive as the last.

    >>> total([mpq(1, 2), mpq(1, 3), mpq(1, 6)]), total([])
    (mpq(1,1), mpq(0,1))
    """
    rest = list(values) or [ZERO]
    while len(rest) > 1:
        rest = [*map(add, rest[::2], rest[1::2]), *rest[len(rest) & ~1 :]]
    return rest[0]


def difference(one: Vector, other: Vector) -> Vector:
    """``one - other``."""
    return tuple(a - b for a, b in zip(one, other, strict=True))


def moved(point: Vector, step: mpq, direction: Vector) -> Vector:
    """``point + step * direction``."""
    return tuple(x + step * d for x, d in zip(point, direction, strict=True))


def gram_matrix(rows: Rows) -> tuple[Vector, ...]:
    """The scalar products of all rows.

    >>> gram_matrix([(mpq(1), mpq(2)), (mpq(0), mpq(3))])
    ((mpq(5,1), mpq(6,1)), (mpq(6,1), mpq(9,1)))
    """
    return tuple(tuple(dot(one, other) for other in rows) for one in rows)


def solved(rows: Rows, right: Sequence[mpq]) -> Vector:
    """The solution of a regular system.

    >>> solved([(mpq(2), mpq(1)), (mpq(0), mpq(4))], (mpq(1), mpq(2)))
    (mpq(1,4), mpq(1,2))
    """
    return entries(flint_matrix(rows).solve(flint_matrix([[a] for a in right]))) if rows else ()


def entries(found: fmpq_mat) -> Vector:
    """All entries of FLINT's matrix, row by row."""
    return tuple(map(from_flint, found.entries()))
