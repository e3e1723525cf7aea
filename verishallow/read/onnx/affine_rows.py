"""Many affine expressions at once, sparse and exact: the algebra under the tensors of a file.

The variables are numbered: first the inputs of the network, then its hidden neurons. A coefficient 0 is kept where
weights read a variable, so that a network keeps the neurons its file has; what cancels in a sum is dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from flint import fmpz_mat
from gmpy2 import lcm, mpq, mpz
from numpy.typing import NDArray

from verishallow.affine import ONE, ZERO
from verishallow.errors import SMALLER, LimitError

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]

MAX_TERMS = 2**23
"""Terms allowed in one tensor: products of a coefficient and a variable."""

MAX_BITS = 2**32
"""Bits allowed in the numbers of one tensor."""

MAX_LENGTH = 100_000
"""Bits allowed in one number."""

MAX_PRODUCTS = 2**33
"""Products of two numbers allowed in one operator."""

_CONSTANT = -1
"""In lists of terms, the number of the variable that is always 1."""

_DENSE = 100_000
"""From this many products of coefficients on, a matrix product is tried, which is faster where few entries are zero."""


@dataclass(frozen=True, slots=True, eq=False)
class AffineRows:
    """Row i is ``constants[i] + sum of coefficients[t] * (variable variables[t])`` over its terms.

    The terms of row i are ``starts[i] <= t < starts[i + 1]``, their variables strictly increasing.

    >>> rows = plus(variable_rows([0, 1]), constant_rows([1, 2]))
    >>> rows = combined(rows, SparseWeights.of(1, [0, 0], [0, 1], [3, mpq(1, 2)]))
    >>> rows.constants.tolist(), rows.variables.tolist(), rows.coefficients.tolist()
    ([mpq(4,1)], [0, 1], [mpq(3,1), mpq(1,2)])
    """

    constants: Objects
    starts: Indices
    variables: Indices
    coefficients: Objects

    def __len__(self) -> int:
        return len(self.constants)

    @property
    def lengths(self) -> Indices:
        """The number of terms of each row."""
        return np.diff(self.starts)

    @property
    def row_of_term(self) -> Indices:
        """The row in which each term stands."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def is_constant(self) -> bool:
        """Whether no row reads a variable."""
        return not len(self.variables)

    def picked(self, rows: Indices) -> "AffineRows":
        """The rows with these numbers."""
        lengths = self.lengths[rows]
        require_room(int(lengths.sum()))
        terms = _ranges(self.starts[rows], lengths)
        return AffineRows(self.constants[rows], _starts(lengths), self.variables[terms], self.coefficients[terms])

    def replaced(self, rows: Indices, others: "AffineRows") -> "AffineRows":
        """These rows, with those of the given numbers replaced by the others."""
        order = np.arange(len(self))
        order[rows] = len(self) + np.arange(len(rows))
        return stacked([self, others]).picked(order)

    def without_zeros(self) -> "AffineRows":
        """The same expressions, reading only the variables on which they depend."""
        kept = self.coefficients.astype(bool)
        lengths = np.bincount(self.row_of_term[kept], minlength=len(self))
        return AffineRows(self.constants, _starts(lengths), self.variables[kept], self.coefficients[kept])


@dataclass(frozen=True, slots=True, eq=False)
class SparseWeights:
    """The linear map with ``count`` rows in which row ``rows[t]`` reads entry ``entries[t]``, times a coefficient.

    No row reads an entry twice.
    """

    count: int
    rows: Indices
    entries: Indices
    coefficients: Objects

    @classmethod
    def of(
        cls, count: int, rows: Sequence[int], entries: Sequence[int], coefficients: Sequence[mpq | int]
    ) -> "SparseWeights":
        """The map with these terms."""
        return cls(count, np.array(rows, np.int64), np.array(entries, np.int64), exact_array(coefficients))


def exact_array(values: Sequence[mpq | int]) -> Objects:
    """An array of one axis, its entries rationals."""
    array = np.empty(len(values), dtype=object)
    array[:] = [mpq(value) for value in values]
    return array


def constant_rows(values: Sequence[mpq | int] | Objects) -> AffineRows:
    """Rows without variables."""
    constants = values.ravel() if isinstance(values, np.ndarray) else exact_array(values)
    return AffineRows(constants, np.zeros(len(constants) + 1, np.int64), np.zeros(0, np.int64), exact_array([]))


def variable_rows(variables: Sequence[int] | Indices) -> AffineRows:
    """One row for each variable."""
    numbers = np.asarray(variables, np.int64)
    return AffineRows(_full(len(numbers), ZERO), np.arange(len(numbers) + 1), numbers, _full(len(numbers), ONE))


def stacked(parts: Sequence[AffineRows]) -> AffineRows:
    """The rows of all parts, in order."""
    lengths = np.concatenate([part.lengths for part in parts])
    require_room(int(lengths.sum()))
    return AffineRows(
        np.concatenate([part.constants for part in parts]),
        _starts(lengths),
        np.concatenate([part.variables for part in parts]),
        np.concatenate([part.coefficients for part in parts]),
    )


def plus(first: AffineRows, second: AffineRows) -> AffineRows:
    """The sum, row by row."""
    constants = first.constants + second.constants
    if second.is_constant() or first.is_constant():
        return replace(first if second.is_constant() else second, constants=constants)
    rows = np.concatenate([first.row_of_term, second.row_of_term])
    variables = np.concatenate([first.variables, second.variables])
    coefficients = np.concatenate([first.coefficients, second.coefficients])
    merged = _merged(len(first), rows, variables, coefficients, drop=True)
    return replace(merged, constants=constants)


def minus(first: AffineRows, second: AffineRows) -> AffineRows:
    """The difference, row by row."""
    return plus(first, times(second, _full(len(second), -ONE)))


def times(rows: AffineRows, factors: Objects) -> AffineRows:
    """Each row times a number of its own."""
    coefficients = _products(rows.coefficients, np.repeat(factors, rows.lengths))
    return replace(rows, constants=_products(rows.constants, factors), coefficients=coefficients)


def combined(rows: AffineRows, weights: SparseWeights) -> AffineRows:
    """The linear map of the weights applied to the column of the rows."""
    with_constants = _constants_as_terms(rows)
    lengths = with_constants.lengths[weights.entries]
    number = int(lengths.sum())
    if number >= _DENSE and (product := _dense_product(with_constants, weights, number)) is not None:
        return product
    require_room(number)
    terms = _ranges(with_constants.starts[weights.entries], lengths)
    coefficients = _products(np.repeat(weights.coefficients, lengths), with_constants.coefficients[terms])
    rows_of_terms = np.repeat(weights.rows, lengths)
    return _merged(weights.count, rows_of_terms, with_constants.variables[terms], coefficients, drop=False)


def require_room(terms: int) -> None:
    """Refuse more terms than ``MAX_TERMS``."""
    if terms > MAX_TERMS:
        raise LimitError(f"its entries have {terms} terms together, more than {MAX_TERMS}; {SMALLER}")


def _full(size: int, value: mpq) -> Objects:
    return np.full(size, value, dtype=object)


def _starts(lengths: Indices) -> Indices:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])


def _ranges(starts: Indices, lengths: Indices) -> Indices:
    """The ranges that begin at these starts and have these lengths, joined."""
    ends = np.cumsum(lengths)
    return np.arange(int(lengths.sum())) + np.repeat(starts - ends + lengths, lengths)


def _products(first: Objects, second: Objects) -> Objects:
    """The products of two arrays; a factor 1 costs nothing, and shares its number."""
    result = np.where(first == ONE, second, first)
    rest = np.flatnonzero((first != ONE) & (second != ONE))
    if len(rest):
        _require_short(first[rest], second[rest])
        result[rest] = first[rest] * second[rest]
    return result


def _require_short(*arrays: Objects) -> None:
    lengths = [v.numerator.bit_length() + v.denominator.bit_length() for array in arrays for v in array.tolist()]
    if max(lengths) > MAX_LENGTH:
        raise LimitError(f"an exact entry needs {max(lengths)} bits, more than {MAX_LENGTH}")
    if sum(lengths) > MAX_BITS:
        raise LimitError(f"its exact entries need more than {MAX_BITS} bits together")


def _constants_as_terms(rows: AffineRows) -> AffineRows:
    """The same rows, with each non-zero constant as a term of its own."""
    given = np.flatnonzero(rows.constants.astype(bool))
    if not len(given):
        return rows
    places = np.insert(rows.variables, rows.starts[given], _CONSTANT)
    coefficients = np.insert(rows.coefficients, rows.starts[given], rows.constants[given])
    more = np.zeros(len(rows), np.int64)
    more[given] = 1
    return AffineRows(_full(len(rows), ZERO), _starts(rows.lengths + more), places, coefficients)


def _merged(count: int, rows: Indices, variables: Indices, coefficients: Objects, *, drop: bool) -> AffineRows:
    """The rows with these terms, those of one variable summed; what cancels may be dropped."""
    order = np.lexsort((variables, rows))
    rows, variables, coefficients = rows[order], variables[order], coefficients[order]
    fresh = np.ones(len(rows), bool)
    fresh[1:] = (rows[1:] != rows[:-1]) | (variables[1:] != variables[:-1])
    first = np.flatnonzero(fresh)
    if len(first) < len(rows):
        read = np.logical_or.reduceat(coefficients.astype(bool), first)
        coefficients = np.add.reduceat(coefficients, first)
        kept = coefficients.astype(bool) | ~(read & drop)
        rows, variables, coefficients = rows[first][kept], variables[first][kept], coefficients[kept]
    return _with_constants(count, rows, variables, coefficients)


def _with_constants(count: int, rows: Indices, variables: Indices, coefficients: Objects) -> AffineRows:
    """Sorted terms as rows, the terms of the variable that is always 1 as their constants."""
    constants = _full(count, ZERO)
    fixed = variables == _CONSTANT
    constants[rows[fixed]] = coefficients[fixed]
    lengths = np.bincount(rows[~fixed], minlength=count)
    return AffineRows(constants, _starts(lengths), variables[~fixed], coefficients[~fixed])


def _dense_product(rows: AffineRows, weights: SparseWeights, products: int) -> AffineRows | None:
    """The same as :func:`combined` by a product of matrices, or None where most of their entries would be 0."""
    variables, columns = np.unique(rows.variables, return_inverse=True)
    left = _Matrix((weights.count, len(rows)), weights.rows, weights.entries, weights.coefficients)
    right = _Matrix((len(rows), len(variables)), rows.row_of_term, columns, rows.coefficients)
    size = (weights.count, len(variables))
    if weights.count * prod(right.shape) > min(50 * products, MAX_PRODUCTS):
        return None
    if max(map(prod, (left.shape, right.shape, size))) > MAX_TERMS:
        return None
    values = np.empty(prod(size), dtype=object)
    values[:] = _quotients(left, right)
    row, column = np.nonzero(left.pattern() @ right.pattern())
    return _with_constants(weights.count, row, variables[column], values.reshape(size)[row, column])


@dataclass(frozen=True, slots=True, eq=False)
class _Matrix:
    """The matrix with the given entries, and 0 elsewhere."""

    shape: tuple[int, int]
    rows: Indices
    columns: Indices
    values: Objects

    def pattern(self) -> NDArray[np.float32]:
        """1 where an entry is given."""
        ones = np.zeros(self.shape, np.float32)
        ones[self.rows, self.columns] = 1
        return ones

    def integers(self) -> tuple[fmpz_mat, mpz]:
        """The entries over one denominator, and this denominator."""
        values = self.values.tolist()
        below = lcm(*{value.denominator for value in values})
        if below.bit_length() * len(values) > MAX_BITS:
            raise LimitError(f"its exact entries over one denominator need more than {MAX_BITS} bits together")
        entries = np.full(self.shape, 0, dtype=object)
        entries[self.rows, self.columns] = [int(value.numerator * (below // value.denominator)) for value in values]
        return fmpz_mat(*self.shape, entries.ravel().tolist()), below


def _quotients(left: _Matrix, right: _Matrix) -> list[mpq]:
    """The entries of the product of two matrices."""
    (first, below_first), (second, below_second) = left.integers(), right.integers()
    below = below_first * below_second
    return [mpq(int(entry), below) for entry in (first * second).entries()]
