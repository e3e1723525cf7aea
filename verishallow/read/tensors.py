"""Tensors whose entries are exact affine expressions in the sources of a network.

Source 0 is the network's input, source k the output of hidden layer k. An operator of a file is one function
from tensors to tensors, so that consecutive linear operators multiply out over the rationals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Self

import numpy as np
from flint import fmpq, fmpq_mat

from verishallow.errors import LimitError, NetworkError

MAX_ENTRIES = 1_000_000
"""Entries allowed in one tensor, far beyond what exact arithmetic can use."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The linear map that copies entries of a source: entry i is the source's entry ``indices[i]``.

    A product with it moves columns, where a dense matrix of zeros and ones would be multiplied.
    """

    indices: tuple[int, ...]
    width: int

    def is_identity(self) -> bool:
        """Whether every entry of the source is copied to its own place."""
        return self.indices == tuple(range(self.width))


LinearPart = fmpq_mat | Selection


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor ``constant + sum over sources s of parts[s] . s``, its entries in row-major order.

    >>> x = Tensor.source(0, (1, 2))
    >>> y = total(matmul(x, Tensor.of([1, 2, 3, 4], (2, 2))), Tensor.of([fmpq(1, 2)], ()))
    >>> y.shape, y.constant, y.parts[0].tolist()
    ((1, 2), (1/2, 1/2), [[1, 3], [2, 4]])
    """

    shape: tuple[int, ...]
    constant: tuple[fmpq, ...]
    parts: Mapping[int, LinearPart] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Iterable[fmpq | int], shape: Sequence[int]) -> Self:
        """A tensor of constants."""
        return cls(tuple(shape), tuple(fmpq(value) for value in values))

    @classmethod
    def source(cls, number: int, shape: Sequence[int]) -> Self:
        """All entries of a source, arranged in this shape."""
        size = bounded_size(shape)
        return cls(tuple(shape), (fmpq(0),) * size, {number: Selection(tuple(range(size)), size)})

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self.constant)

    def is_constant(self) -> bool:
        """Whether no entry reads a source."""
        return not self.parts

    def matrix(self, rows: int) -> fmpq_mat:
        """The constants as a matrix with this many rows."""
        return fmpq_mat(rows, self.size // rows, list(self.constant))

    def without_zero_parts(self) -> "Tensor":
        """The same expressions, reading only the sources that they depend on."""
        return replace(self, parts={source: part for source, part in self.parts.items() if not _is_zero(part)})


def bounded_size(shape: Sequence[int]) -> int:
    """The number of entries of a shape; :class:`~verishallow.errors.LimitError` beyond ``MAX_ENTRIES``.

    >>> bounded_size((2, 3))
    6
    """
    if (size := prod(shape)) > MAX_ENTRIES:
        raise LimitError(f"a tensor of shape {list(shape)} has more than {MAX_ENTRIES} entries")
    return size


def reshaped(tensor: Tensor, shape: Sequence[int]) -> Tensor:
    """The same entries in the same order, in another shape."""
    if prod(shape) != tensor.size:
        raise NetworkError(f"shape {list(tensor.shape)} does not fit into shape {list(shape)}")
    return replace(tensor, shape=tuple(shape))


def picked(tensor: Tensor, indices: Sequence[int], shape: Sequence[int]) -> Tensor:
    """The entries with these row-major indices, in a new shape."""
    parts = {source: _picked_rows(part, indices) for source, part in tensor.parts.items()}
    return Tensor(tuple(shape), tuple(tensor.constant[index] for index in indices), parts)


def transposed(tensor: Tensor) -> Tensor:
    """The transpose of a tensor of rank 2."""
    indices = np.arange(tensor.size).reshape(tensor.shape).T
    return picked(tensor, indices.ravel().tolist(), indices.shape)


def broadcast(tensor: Tensor, shape: Sequence[int]) -> Tensor:
    """The tensor repeated into a larger shape, as numpy repeats it."""
    if tensor.shape == tuple(shape):
        return tensor
    indices = np.broadcast_to(np.arange(tensor.size).reshape(tensor.shape), shape)
    return picked(tensor, indices.ravel().tolist(), shape)


def common_shape(first: Tensor, second: Tensor) -> tuple[int, ...]:
    """The shape into which both tensors are repeated before they are added."""
    try:
        shape = np.broadcast_shapes(first.shape, second.shape)
    except ValueError as error:
        raise NetworkError(
            f"shapes {list(first.shape)} and {list(second.shape)} cannot be broadcast together"
        ) from error
    bounded_size(shape)
    return shape


def total(first: Tensor, second: Tensor) -> Tensor:
    """The sum, entry by entry, after broadcasting."""
    shape = common_shape(first, second)
    first, second = broadcast(first, shape), broadcast(second, shape)
    parts = dict(first.parts)
    for source, part in second.parts.items():
        parts[source] = dense(parts[source]) + dense(part) if source in parts else part
    return Tensor(shape, tuple(a + b for a, b in zip(first.constant, second.constant, strict=True)), parts)


def scaled(tensor: Tensor, factor: fmpq) -> Tensor:
    """The tensor times a number."""
    if factor == 1:
        return tensor
    parts = {source: dense(part) * factor for source, part in tensor.parts.items()}
    return Tensor(tensor.shape, tuple(factor * value for value in tensor.constant), parts)


def mapped(matrix: fmpq_mat, tensor: Tensor, shape: Sequence[int]) -> Tensor:
    """A matrix applied to the tensor's entries as one column."""
    column = matrix * tensor.matrix(tensor.size)
    parts = {source: _product(matrix, part) for source, part in tensor.parts.items()}
    return Tensor(tuple(shape), tuple(column.entries()), parts)


def matmul(first: Tensor, second: Tensor) -> Tensor:
    """The matrix product, as numpy's ``matmul``; one factor at least is a constant of rank 1 or 2."""
    if not first.is_constant() and not second.is_constant():
        raise NetworkError(
            "both factors depend on the network's input: a product of activations is multiplicative, "
            "not piecewise linear"
        )
    _require_chain(first.shape, second.shape)
    return _times_constant(first, second) if second.is_constant() else _constant_times(first, second)


def _require_chain(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    inner = (second[-2:] or (0,))[0]
    if not first or 0 in (*first, *second) or first[-1] != inner:
        raise NetworkError(f"shapes {list(first)} and {list(second)} do not chain in a matrix product")


def _times_constant(tensor: Tensor, weight: Tensor) -> Tensor:
    _require_matrix(weight)
    rows = weight.shape[0]
    shape = (*tensor.shape[:-1], *weight.shape[1:])
    bounded_size(shape)
    return mapped(_kronecker(_identity(tensor.size // rows), weight.matrix(rows).transpose()), tensor, shape)


def _constant_times(weight: Tensor, tensor: Tensor) -> Tensor:
    _require_matrix(weight)
    inner, columns = weight.shape[-1], prod(tensor.shape[1:][-1:])
    shape = (*tensor.shape[:-2], *weight.shape[:-1], *tensor.shape[1:][-1:])
    bounded_size(shape)
    block = _kronecker(weight.matrix(weight.size // inner), _identity(columns))
    return mapped(_kronecker(_identity(tensor.size // (inner * columns)), block), tensor, shape)


def _require_matrix(weight: Tensor) -> None:
    if len(weight.shape) > 2:
        raise NetworkError(f"expected the constant factor to have rank 1 or 2, found shape {list(weight.shape)}")


def dense(part: LinearPart) -> fmpq_mat:
    """A linear part as a matrix, one row an entry of the tensor and one column an entry of the source."""
    if not isinstance(part, Selection):
        return part
    matrix = fmpq_mat(len(part.indices), part.width)
    for row, column in enumerate(part.indices):
        matrix[row, column] = 1
    return matrix


def _product(matrix: fmpq_mat, part: LinearPart) -> fmpq_mat:
    return matrix if isinstance(part, Selection) and part.is_identity() else matrix * dense(part)


def _picked_rows(part: LinearPart, indices: Sequence[int]) -> LinearPart:
    if isinstance(part, Selection):
        return Selection(tuple(part.indices[index] for index in indices), part.width)
    rows = part.tolist()
    return fmpq_mat(len(indices), part.ncols(), [entry for index in indices for entry in rows[index]])


def _is_zero(part: LinearPart) -> bool:
    if isinstance(part, Selection):
        return not part.indices
    return bool(part == fmpq_mat(part.nrows(), part.ncols()))


def _identity(size: int) -> fmpq_mat:
    return dense(Selection(tuple(range(size)), size))


def _kronecker(first: fmpq_mat, second: fmpq_mat) -> fmpq_mat:
    one = fmpq_mat(1, 1, [1])
    if one in (first, second):
        return second if first == one else first
    bounded_size((first.nrows() * second.nrows(), first.ncols() * second.ncols()))
    rows = [[a * b for a in left for b in right] for left in first.tolist() for right in second.tolist()]
    return fmpq_mat(len(rows), len(rows[0]), [entry for row in rows for entry in row])
