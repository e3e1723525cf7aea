"""Affine forms ``b + a.x`` as rows ``[b, a1, ..., an]``, and affine maps, over the rationals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd, lcm
from typing import Any, Self

from flint import fmpq, fmpq_mat
from gmpy2 import mpq

from verishallow.displayed import Displayed
from verishallow.rationals import Vector, format_rational, listed, rows_of, vector

ZERO, ONE = mpq(0), mpq(1)


@dataclass(frozen=True, slots=True)
class AffineForm:
    """An affine function ``h(x) = b + a1 x1 + ... + an xn``; as a half-space it means ``h(x) >= 0``.

    The row ``[b, a1, ..., an]`` is both a neuron's pre-activation and a row of cddlib; no sign ever changes.

    >>> AffineForm.of(["1/2", -1])([2])
    mpq(-3,2)
    """

    row: Vector

    @classmethod
    def of(cls, row: Iterable[Any]) -> Self:
        """The form whose row has these exact entries."""
        return cls(vector(row))

    @classmethod
    def zero(cls, dimension: int) -> Self:
        """The form that is 0 everywhere on a space of this dimension."""
        return cls((ZERO,) * (dimension + 1))

    @classmethod
    def coordinate(cls, index: int, dimension: int) -> Self:
        """The form ``x_index``, indices from 0."""
        return cls(tuple(ONE if position == index + 1 else ZERO for position in range(dimension + 1)))

    @property
    def dimension(self) -> int:
        """The number of inputs."""
        return len(self.row) - 1

    @property
    def constant(self) -> mpq:
        """The value at the origin, ``b``."""
        return self.row[0]

    @property
    def linear(self) -> Vector:
        """The linear part ``(a1, ..., an)``."""
        return self.row[1:]

    def is_constant(self) -> bool:
        """Whether the linear part is zero."""
        return not any(self.linear)

    def __call__(self, point: Iterable[Any]) -> mpq:
        """The value at a point."""
        return self.at_homogeneous((ONE, *vector(point)))

    def at_homogeneous(self, generator: Vector) -> mpq:
        """``b w + a.x`` at ``(w, x)``: the value at a vertex (w = 1), the slope along a ray (w = 0)."""
        return sum((a * x for a, x in zip(self.row, generator, strict=True) if a and x), ZERO)

    def __neg__(self) -> "AffineForm":
        return AffineForm(tuple(-a for a in self.row))

    def __add__(self, other: "AffineForm") -> "AffineForm":
        return AffineForm(tuple(a + b for a, b in zip(self.row, other.row, strict=True)))

    def __sub__(self, other: "AffineForm") -> "AffineForm":
        return self + (-other)

    def scaled(self, factor: mpq) -> "AffineForm":
        """The form times a number."""
        return AffineForm(tuple(factor * a for a in self.row))

    def primitive(self) -> "AffineForm":
        """The same closed half-space with coprime integer coefficients: a positive multiple of the form.

        >>> AffineForm.of(["1/2", "-1/3"]).primitive()
        AffineForm(3 - 2*x0)
        """
        # Rows of boxes have hundreds of zeros: only the other entries are looked at.
        entries = [(i, a) for i, a in enumerate(self.row) if a]
        denominator = lcm(*(int(a.denominator) for _, a in entries))
        integers = [int(a * denominator) for _, a in entries]
        divisor = gcd(*integers) or 1
        row = [ZERO] * len(self.row)
        for (i, _), a in zip(entries, integers, strict=True):
            row[i] = mpq(a // divisor)
        return AffineForm(tuple(row))

    def __repr__(self) -> str:
        return f"AffineForm({self})"

    def __str__(self) -> str:
        terms = [(a, f"x{i}") for i, a in enumerate(self.linear) if a]
        parts = [] if not self.constant and terms else [format_rational(self.constant)]
        for a, name in terms:
            size = name if abs(a) == 1 else f"{format_rational(abs(a))}*{name}"
            parts.append(("- " if a < 0 else "+ ") + size if parts else ("-" if a < 0 else "") + size)
        return " ".join(parts)


def plane_of(form: AffineForm) -> AffineForm:
    """The hyperplane ``{form = 0}`` in canonical form: primitive, first non-zero linear coefficient positive.

    >>> plane_of(AffineForm.of([2, 0, -4]))
    AffineForm(-1 + 2*x1)
    """
    primitive = form.primitive()
    return -primitive if side_of(form) < 0 else primitive


def side_of(form: AffineForm) -> int:
    """The sign ``s`` with ``form = lambda * plane_of(form)``, ``sign(lambda) = s``; 0 for a constant form."""
    first = next((a for a in form.linear if a), ZERO)
    sign: int = (first > 0) - (first < 0)
    return sign


def arrays_of(forms: Sequence[AffineForm]) -> tuple[Any, Any]:
    """The linear parts of forms, one row each, and their constants, as the nearest arrays of float64."""
    # Only here: numpy takes longer to import than a small certificate to check.
    import numpy as np  # noqa: PLC0415

    rows = np.array([[float(a) for a in form.row] for form in forms], dtype=np.float64)
    return rows[:, 1:], rows[:, 0]


@dataclass(frozen=True, slots=True)
class AffineMap(Displayed):
    """An affine map from Q^n to Q^m, one :class:`AffineForm` per output.

    >>> AffineMap.of([[0, 1, 1], [1, 0, -1]])([2, 3])
    (mpq(5,1), mpq(-2,1))
    """

    forms: tuple[AffineForm, ...]

    @classmethod
    def of(cls, rows: Iterable[Iterable[Any]]) -> Self:
        """The map with these rows ``[b, a1, ..., an]``."""
        return cls(tuple(AffineForm.of(row) for row in listed(rows, "affine map: expected rows [b, a1, ..., an]")))

    @classmethod
    def identity(cls, dimension: int) -> Self:
        """The identity of Q^n."""
        return cls(tuple(AffineForm.coordinate(i, dimension) for i in range(dimension)))

    def to_numpy(self) -> tuple[Any, Any]:
        """The nearest arrays of float64: ``A``, one row per output, and ``b``, with ``y = A x + b``.

        >>> weight, bias = AffineMap.of([["1/2", 1, -2]]).to_numpy()
        >>> weight.tolist(), bias.tolist()
        ([[1.0, -2.0]], [0.5])
        """
        return arrays_of(self.forms)

    def __call__(self, point: Iterable[Any]) -> Vector:
        """The value at a point; of a batch, an array or sequence of points, the tuple of its values."""
        if (batch := rows_of(point)) is not None:
            return tuple(self(each) for each in batch)
        homogeneous = (ONE, *vector(point))
        return tuple(form.at_homogeneous(homogeneous) for form in self.forms)

    def then(self, weight: Sequence[Vector], bias: Vector) -> "AffineMap":
        """The composition ``x -> weight . self(x) + bias``, exact.

        The weight has one column per form of this map.
        """
        product = flint_matrix(weight) * flint_matrix([form.row for form in self.forms])
        rows = ([from_flint(entry) for entry in row] for row in product.tolist())
        return AffineMap(tuple(AffineForm((row[0] + b, *row[1:])) for row, b in zip(rows, bias, strict=True)))


def flint_matrix(rows: Sequence[Sequence[mpq]]) -> fmpq_mat:
    """The FLINT matrix of these rows, at least one."""
    entries = [fmpq(int(a.numerator), int(a.denominator)) for row in rows for a in row]
    return fmpq_mat(len(rows), len(rows[0]), entries)


def from_flint(entry: fmpq) -> mpq:
    """The rational of an entry of a FLINT matrix."""
    return mpq(int(entry.p), int(entry.q))


def rank(rows: Sequence[Vector]) -> int:
    """The rank of a matrix of rationals.

    >>> rank([vector([1, 2]), vector([2, 4])])
    1
    """
    return int(flint_matrix(rows).rank()) if rows else 0


def kernel(rows: Sequence[Vector], dimension: int) -> tuple[Vector, ...]:
    """A basis of the kernel of a matrix with these rows, in reduced row echelon form.

    >>> kernel([vector([1, 1, 0])], 3)
    ((mpq(1,1), mpq(-1,1), mpq(0,1)), (mpq(0,1), mpq(0,1), mpq(1,1)))
    """
    if not rows:
        return tuple(form.linear for form in AffineMap.identity(dimension).forms)
    matrix = row_echelon(rows)
    leading = pivots(matrix)
    basis = []
    for free in (i for i in range(dimension) if i not in leading):
        solution = dict(zip(leading, (-row[free] for row in matrix), strict=True)) | {free: ONE}
        basis.append(tuple(solution.get(i, ZERO) for i in range(dimension)))
    return row_echelon(basis)


def pivots(basis: Sequence[Vector]) -> tuple[int, ...]:
    """The leading columns of a basis in reduced row echelon form."""
    return tuple(next(i for i, a in enumerate(row) if a) for row in basis)


def row_echelon(rows: Sequence[Vector]) -> tuple[Vector, ...]:
    """The reduced row echelon form of a matrix, without its zero rows.

    >>> row_echelon([vector([2, 4]), vector([1, 2])])
    ((mpq(1,1), mpq(2,1)),)
    """
    if not rows:
        return ()
    reduced, number = flint_matrix(rows).rref()
    return tuple(tuple(from_flint(entry) for entry in row) for row in reduced.tolist()[:number])
