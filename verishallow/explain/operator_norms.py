"""Operator norms of affine maps, and with them Lipschitz constants; exact, or in a proved rational interval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flint import fmpq, fmpq_poly
from gmpy2 import mpq

from verishallow.affine import ZERO, AffineMap, flint_matrix
from verishallow.explain.distances import Norm
from verishallow.explain.linear_algebra import dot, gram_matrix
from verishallow.rationals import Vector

BITS = 40
"""Bisections after which an interval is narrow enough: 2^-40 of its first width."""


@dataclass(frozen=True, slots=True)
class NormInterval:
    """A proved enclosure of a number, which is exact where both ends are equal."""

    low: mpq
    high: mpq

    @classmethod
    def exactly(cls, value: mpq) -> "NormInterval":
        """The interval of one number."""
        return cls(value, value)

    @property
    def is_exact(self) -> bool:
        """Whether the number is known."""
        return bool(self.low == self.high)


@dataclass(frozen=True, slots=True)
class Lipschitz:
    """The Lipschitz constant of a function from a norm to the same norm, for L2 its square.

    ``regions`` are the numbers of the regions that attain it; for L2, of those whose interval may contain it.
    """

    norm: Norm
    constant: NormInterval
    regions: tuple[int, ...]


def lipschitz(maps: Iterable[AffineMap], norm: Norm) -> Lipschitz:
    """The Lipschitz constant on a convex domain of a function that has these affine maps on its regions.

    >>> maps = [AffineMap.of([[0, 3, -4]]), AffineMap.of([[1, 4, 3]]), AffineMap.of([[0, 1, 0]])]
    >>> [(found.constant.low, found.regions) for found in (lipschitz(maps, norm) for norm in ("l1", "l2", "linf"))]
    [(mpq(4,1), (0, 1)), (mpq(25,1), (0, 1)), (mpq(7,1), (0, 1))]
    """
    numbers: dict[tuple[Vector, ...], list[int]] = {}
    for number, affine_map in enumerate(maps):
        numbers.setdefault(tuple(form.linear for form in affine_map.forms), []).append(number)
    found = _largest_squares(numbers) if norm == "l2" else {rows: _norm(rows, norm) for rows in numbers}
    low = max(interval.low for interval in found.values())
    attaining = [rows for rows, interval in found.items() if interval.high >= low]
    high = max(found[rows].high for rows in attaining)
    return Lipschitz(norm, NormInterval(low, high), tuple(sorted(n for rows in attaining for n in numbers[rows])))


def _norm(rows: Sequence[Vector], norm: Norm) -> NormInterval:
    """The operator norm of L1 (the largest column) or Linf (the largest row)."""
    lines = rows if norm == "linf" else list(zip(*rows, strict=True))
    return NormInterval.exactly(max(sum(map(abs, line), ZERO) for line in lines))


def _largest_squares(matrices: Iterable[tuple[Vector, ...]]) -> dict[tuple[Vector, ...], NormInterval]:
    """The squared L2 norms of those matrices that may have the largest one."""
    rough = {rows: _rough_square(rows) for rows in matrices}
    low = max(interval.low for interval in rough.values())
    return {rows: largest_eigenvalue(smaller_gram(rows)) for rows, interval in rough.items() if interval.high >= low}


def _rough_square(rows: Sequence[Vector]) -> NormInterval:
    """The largest row, and the sum of all entries squared."""
    squares = [dot(row, row) for row in rows]
    return NormInterval(max(squares), sum(squares, ZERO))


def smaller_gram(rows: Sequence[Vector]) -> tuple[Vector, ...]:
    """The scalar products of the rows or of the columns, whichever are fewer: both have the same largest eigenvalue."""
    return gram_matrix(rows if len(rows) <= len(rows[0]) else list(zip(*rows, strict=True)))


def largest_eigenvalue(gram: Sequence[Vector]) -> NormInterval:
    """The largest eigenvalue of a symmetric matrix without negative ones: exact where it is rational.

    All roots of the characteristic polynomial p are real, so none exceeds t just when p(x + t) has no negative
    coefficient.

    >>> largest_eigenvalue([(mpq(2), mpq(1)), (mpq(1), mpq(2))])
    NormInterval(low=mpq(3,1), high=mpq(3,1))
    >>> golden = largest_eigenvalue([(mpq(2), mpq(1)), (mpq(1), mpq(1))])
    >>> golden.low < mpq("2.618033988750") and golden.high > mpq("2.618033988749")
    True
    """
    if len(gram) == 1:
        return NormInterval.exactly(gram[0][0])
    polynomial = flint_matrix(gram).charpoly()
    low, high = max(row[i] for i, row in enumerate(gram)), sum((row[i] for i, row in enumerate(gram)), ZERO)
    for root in _rational_roots(polynomial):
        if low <= root <= high and _bounds_roots(polynomial, root):
            return NormInterval.exactly(root)
    for _ in range(BITS):
        middle = (low + high) / 2
        low, high = (low, middle) if _bounds_roots(polynomial, middle) else (middle, high)
    return NormInterval(low, high)


def _bounds_roots(polynomial: fmpq_poly, bound: mpq) -> bool:
    shifted = polynomial(fmpq_poly([fmpq(int(bound.numerator), int(bound.denominator)), fmpq(1)]))
    return all(a >= 0 for a in shifted.coeffs())


def _rational_roots(polynomial: fmpq_poly) -> list[mpq]:
    _, factors = polynomial.numer().factor()
    linear = (factor.coeffs() for factor, _ in factors if factor.degree() == 1)
    return [mpq(-int(constant), int(slope)) for constant, slope in linear]
