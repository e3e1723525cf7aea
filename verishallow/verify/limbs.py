"""Exact arrays of integers of any size, as float64 limbs, so that BLAS multiplies matrices of them.

An array is a list of float64 arrays, its *digits*, the lowest first: its value is ``sum of digit_j 2^(bits j)``, each
digit an integer of absolute value at most ``2^(bits - 1)``. A *column* is a digit that has not been carried yet. A
product of digits has at most ``2 bits - 2`` bits, and ``bits`` is so small that all sums of products that are formed
stay below 2^53, where float64 adds integers without error; how many digits there are follows from the numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Words = NDArray[np.int64]
Digits = list[Array]
Integers = Words | Digits
"""An array of integers: machine words where all are below 2^62, else digits."""

GROUP = 4
"""Digits of a matrix that are multiplied at a time."""

EXACT = 52
"""Bits of a sum of products: one fewer than float64 has, for the carry that is added to it."""


@dataclass(frozen=True, slots=True)
class Limbs:
    """Arithmetic on digits of so many bits.

    >>> limbs = Limbs.for_sums_of(3)
    >>> row, matrix = limbs.of([[2**70, -1, 3]]), limbs.matrix([[5], [2**60], [1]])
    >>> int(limbs.integers(limbs.product(row, matrix))[0, 0]) == 5 * 2**70 - 2**60 + 3
    True
    """

    bits: int

    @classmethod
    def for_sums_of(cls, terms: int) -> "Limbs":
        """The widest digits with which sums of so many products are exact."""
        return cls((EXACT + 2 - (GROUP * max(terms, 1) - 1).bit_length()) // 2)

    def of(self, integers: Any) -> Digits:
        """The digits of an array of integers."""
        words = words_or_none(integers)
        if words is not None:
            return self.split(words)
        rest = np.array(integers, dtype=object)
        base, half, found = 1 << self.bits, 1 << self.bits - 1, Digits()
        while rest.any():
            digit = (rest + half) % base - half
            found.append(digit.astype(np.float64))
            rest = (rest - digit) >> self.bits
        return found

    def split(self, words: Words) -> Digits:
        """The digits of machine words."""
        most, found = int(np.abs(words).max(initial=0)), Digits()
        half, mask = 1 << self.bits - 1, (1 << self.bits) - 1
        while most >= half:
            digit = ((words + half) & mask) - half
            found.append(digit.astype(np.float64))
            words, most = (words - digit) >> self.bits, (most + half) >> self.bits
        return [*found, words.astype(np.float64)]

    def digits(self, integers: Integers) -> Digits:
        """The digits of an array that may be one of words."""
        return integers if isinstance(integers, list) else self.split(integers)

    def integers(self, columns: Sequence[Array]) -> NDArray[Any]:
        """The integers themselves, as an array of Python's."""
        return sum(
            (column.astype(np.int64).astype(object) << self.bits * j for j, column in enumerate(columns)),
            np.zeros(columns[0].shape, dtype=object),
        )

    def carried(self, columns: Iterable[Array]) -> Digits:
        """The digits of columns that may be as large as sums of products."""
        base, inverse, found = float(1 << self.bits), 1.0 / (1 << self.bits), Digits()
        carry: Any = None
        for column in columns:
            total = column if carry is None else column + carry
            carry = np.rint(total * inverse)
            found.append(total - carry * base)
        while carry.any():
            total, carry = carry, np.rint(carry * inverse)
            found.append(total - carry * base)
        while len(found) > 1 and not found[-1].any():
            found.pop()
        return found

    def signs(self, digits: Sequence[Array]) -> Array:
        """-1, 0 or 1: the sign of the highest digit that is not 0, since those below it are less than half of it."""
        found = np.sign(digits[-1])
        for digit in digits[-2::-1]:
            found = np.where(found, found, np.sign(digit))
        return found

    def floored(self, digits: Digits, shift: int) -> Digits:
        """The integers divided by ``2^shift``, rounded down."""
        whole, rest = divmod(shift, self.bits)
        kept = digits[whole:] or [np.zeros_like(digits[0])]
        if whole:
            kept = [kept[0] - (self.signs(digits[:whole]) < 0), *kept[1:]]
        if rest:
            lowest, *above = self.carried(kept)
            kept = added([np.floor(lowest / (1 << rest))], [digit * float(1 << self.bits - rest) for digit in above])
        return self.carried(kept)

    def times(self, one: Digits, other: Digits) -> Digits:
        """The products, entry by entry."""
        few, many = sorted((one, other), key=len)
        total = Digits()
        for start in range(0, len(few), GROUP):
            columns = _convolved(few[start : start + GROUP], many)
            total = self.carried(added(total, _raised(columns, start)))
        return total

    def plus(self, one: Digits, other: Digits) -> Digits:
        """The sums."""
        return self.carried(added(one, other))

    def matrix(self, integers: Any) -> "StackedMatrix":
        """A matrix of integers, ready to be multiplied from the left."""
        digits = self.of(integers)
        groups = (digits[start : start + GROUP] for start in range(0, len(digits), GROUP))
        return StackedMatrix(tuple((np.concatenate(group[::-1]), len(group)) for group in groups), len(digits[0]))

    def columns(self, rows: Digits, matrix: "StackedMatrix") -> Digits:
        """The product of rows, one per line, with a matrix, as columns."""
        total = Digits()
        for number, (stacked, many) in enumerate(matrix.groups):
            columns = _raised(_multiplied(rows, stacked, many, matrix.height), number * GROUP)
            total = self.carried(added(total, columns)) if total else columns
        return total

    def product(self, rows: Digits, matrix: "StackedMatrix") -> Digits:
        """The same product as digits."""
        return self.carried(self.columns(rows, matrix))

    def row_products(self, one: Digits, other: Digits) -> Digits:
        """The scalar products of lines, as columns."""
        few, many = sorted((one, other), key=len)
        if len(few) > GROUP:
            return [column.sum(axis=1) for column in self.times(one, other)]
        columns = [np.zeros(len(one[0])) for _ in range(len(one) + len(other) - 1)]
        for i, left in enumerate(few):
            for j, right in enumerate(many):
                columns[i + j] += np.einsum("ij,ij->i", left, right)
        return columns

    def shifted(self, columns: Digits, shift: int) -> Integers:
        """The integers of columns divided by ``2^shift``, rounded down; words where they fit."""
        whole, rest = divmod(shift, self.bits)
        raised = [(column, self.bits * (j + 1) - rest) for j, column in enumerate(columns[whole + 1 :])]
        if not all(up <= 61 and _below(column, (1 << 61 - up) // len(raised)) for column, up in raised):
            return self.floored(self.carried(columns), shift)
        total = columns[0].astype(np.int64)
        for j in range(1, whole + 1):
            total >>= self.bits
            if j < len(columns):
                total += columns[j].astype(np.int64)
        total >>= rest
        for column, up in raised:
            total += column.astype(np.int64) << up
        return total

    def sum(self, one: Integers, other: Integers) -> Integers:
        """The sums of arrays that may be words."""
        if isinstance(one, list) or isinstance(other, list) or not (_small(one) and _small(other)):
            return self.plus(self.digits(one), self.digits(other))
        return one + other


@dataclass(frozen=True, slots=True)
class StackedMatrix:
    """The digits of a matrix, highest first, one below the other, in groups of at most ``GROUP``."""

    groups: tuple[tuple[Array, int], ...]
    height: int


def _multiplied(rows: Digits, stacked: Array, many: int, height: int) -> Digits:
    """Column c is the sum of the products of digits i and j, i + j = c, all in one product of matrices."""
    lines, padding = len(rows[0]), [np.zeros((len(rows[0]), height * (many - 1)))]
    beside = np.concatenate([*padding, *rows, *padding], axis=1) if many > 1 or len(rows) > 1 else rows[0]
    if not lines:
        return [np.zeros((0, stacked.shape[1]))]
    width = height * many
    return [beside[:, height * c : height * c + width] @ stacked for c in range(len(rows) + many - 1)]


def _convolved(few: Digits, many: Digits) -> Digits:
    columns: list[Array | None] = [None] * (len(few) + len(many) - 1)
    for i, one in enumerate(few):
        for j, other in enumerate(many):
            before = columns[i + j]
            columns[i + j] = one * other if before is None else before + one * other
    return [column for column in columns if column is not None]


def _raised(columns: Digits, places: int) -> Digits:
    return [np.zeros_like(columns[0])] * places + columns


def _below(column: Array, limit: int) -> bool:
    return bool(np.abs(column).max(initial=0.0) < limit)


def _small(words: Words) -> bool:
    return int(np.abs(words).max(initial=0)) < 1 << 60


def words_or_none(integers: Any) -> Words | None:
    """Integers as machine words; ``None`` where one has more than 62 bits."""
    listed = np.array(integers, dtype=object)
    if listed.size and max(map(abs, listed.flat)) >= 1 << 62:
        return None
    return listed.astype(np.int64)


def added(one: Digits, other: Digits) -> Digits:
    """The columns of the sums, not carried."""
    return [b if a is None else a if b is None else a + b for a, b in zip_longest(one, other)]


def stacked_digits(parts: Sequence[Digits]) -> Digits:
    """Arrays one below the other, as digits."""
    most = max(map(len, parts))
    padded = [[*part, *[np.zeros_like(part[0])] * (most - len(part))] for part in parts]
    return [np.concatenate(digits) for digits in zip(*padded, strict=True)]


def taken(digits: Digits, rows: Any) -> Digits:
    """Some lines of an array."""
    return [digit[rows] for digit in digits]


def lines_of(integers: Integers, rows: Any) -> Integers:
    """Some lines of an array that may be one of words."""
    return taken(integers, rows) if isinstance(integers, list) else integers[rows]
