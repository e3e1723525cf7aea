"""Tensors whose entries are exact affine expressions in the inputs and hidden neurons of a network.

An operator of a file is one function from tensors to tensors, so that consecutive linear operators multiply out over
the rationals. An operator that only moves entries is an array of *positions*: the row-major numbers of the entries that
it takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from gmpy2 import mpq

from verishallow.affine import ONE
from verishallow.errors import SMALLER, LimitError, NetworkError
from verishallow.read.onnx.affine_rows import (
    AffineRows,
    Indices,
    Objects,
    SparseWeights,
    combined,
    constant_rows,
    exact_array,
    plus,
    require_room,
    times,
    variable_rows,
)
from verishallow.read.places import shown

MAX_ENTRIES = 1_000_000
"""Entries allowed in one tensor that is computed, far beyond what exact arithmetic can use."""

MAX_AXES = 32
"""Axes allowed in one tensor."""

MULTIPLICATIVE = "a product of activations is multiplicative, not piecewise linear"


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A tensor whose entry i, in row-major order, is the affine expression ``rows[i]``.

    >>> x = Tensor.of_variables(0, (1, 2))
    >>> y = total(matmul(x, Tensor.of([1, 2, 3, 4], (2, 2))), Tensor.of([mpq(1, 2)], ()))
    >>> y.shape, y.rows.constants.tolist(), y.rows.variables.tolist(), y.rows.coefficients.tolist()
    ((1, 2), [mpq(1,2), mpq(1,2)], [0, 1, 0, 1], [mpq(1,1), mpq(3,1), mpq(2,1), mpq(4,1)])
    """

    shape: tuple[int, ...]
    rows: AffineRows
    kind: str = "FLOAT"
    """ONNX's name of the element type; it matters for constants."""
    defect: str = ""
    """Why the numbers cannot be used, where they cannot: an infinity is none."""
    folded: bool = False
    """Whether they are constants that a runtime computes in floats."""
    steps: Objects | None = None
    """The entries as functions that may jump, in place of the rows, where they do."""

    @classmethod
    def of(
        cls, values: Sequence[mpq | int] | Objects, shape: Sequence[int], kind: str = "FLOAT", *, folded: bool = False
    ) -> "Tensor":
        """A tensor of constants."""
        return cls(tuple(shape), constant_rows(values), kind, folded=folded)

    @classmethod
    def of_variables(cls, first: int, shape: Sequence[int]) -> "Tensor":
        """The variables from one number on, arranged in this shape."""
        return cls(tuple(shape), variable_rows(np.arange(first, first + bounded_size(shape))))

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self.rows)

    @property
    def constants(self) -> Objects:
        """The constant terms of the entries, in the tensor's shape."""
        return self.rows.constants.reshape(self.shape)

    @property
    def positions(self) -> Indices:
        """The number of each entry, in the tensor's shape."""
        return np.arange(self.size).reshape(self.shape)

    @property
    def terms(self) -> int:
        """The number of variables that its entries read, each as often as it is read."""
        pieces = [] if self.steps is None else self.steps.tolist()
        return len(self.rows.variables) + sum(len(form) for each in pieces for form in each.cells)

    def is_constant(self) -> bool:
        """Whether no entry reads a variable."""
        return self.steps is None and self.rows.is_constant()

    def settled(self) -> "Tensor":
        """The tensor as a constant, where every variable that it reads has the coefficient 0."""
        if self.steps is not None or self.is_constant() or self.rows.coefficients.any():
            return self
        return replace(self, rows=constant_rows(self.rows.constants))

    def as_folded(self) -> "Tensor":
        """The same constants, marked as computed in floats."""
        return replace(self, folded=True)

    def arranged(self, positions: Indices) -> "Tensor":
        """The entries at these positions, in the shape of the positions."""
        if np.array_equal(positions.ravel(), np.arange(self.size)):
            return replace(self, shape=positions.shape)
        bounded_size(positions.shape, self.size)
        steps = None if self.steps is None else self.steps[positions.ravel()]
        return replace(self, shape=positions.shape, rows=self.rows.picked(positions.ravel()), steps=steps)

    def with_rows(self, rows: AffineRows) -> "Tensor":
        """Other entries in the same shape."""
        return replace(self, rows=rows)


def bounded_size(shape: Sequence[int], least: int = 0) -> int:
    """The number of entries of a shape; :class:`~verishallow.errors.LimitError` beyond ``MAX_ENTRIES``.

    Up to ``least`` entries, the size of an existing tensor, are always allowed. An axis of size 0 does not make up
    for others that are too long.

    >>> bounded_size((2, 3))
    6
    """
    require_rank(len(shape))
    if prod(max(size, 1) for size in shape) > max(MAX_ENTRIES, least):
        raise LimitError(f"a tensor of shape {shown(list(shape))} has more than {MAX_ENTRIES} entries; {SMALLER}")
    return prod(shape)


def require_rank(rank: int) -> None:
    """Refuse more axes than ``MAX_AXES``."""
    if rank > MAX_AXES:
        raise LimitError(f"expected at most {MAX_AXES} axes, found {rank}")


def reshaped(tensor: Tensor, shape: Sequence[int]) -> Tensor:
    """The same entries in the same order, in another shape."""
    if prod(shape) != tensor.size:
        raise NetworkError(f"shape {list(tensor.shape)} does not fit into shape {shown(list(shape))}")
    bounded_size(shape, tensor.size)
    return replace(tensor, shape=tuple(shape))


def transposed(tensor: Tensor) -> Tensor:
    """The tensor with its axes in reverse order."""
    return tensor.arranged(tensor.positions.T)


def broadcast(tensor: Tensor, shape: Sequence[int]) -> Tensor:
    """The tensor repeated into a larger shape, as numpy repeats it."""
    if tensor.shape == tuple(shape):
        return tensor
    return tensor.arranged(np.broadcast_to(tensor.positions, tuple(shape)))


def common_shape(*shapes: Sequence[int]) -> tuple[int, ...]:
    """The shape into which tensors of these shapes are repeated before they are added."""
    require_rank(max(map(len, shapes)))
    try:
        shape = np.broadcast_shapes(*map(tuple, shapes))
    except ValueError as error:
        listed = " and ".join(str(list(shape)) for shape in shapes)
        raise NetworkError(f"shapes {listed} cannot be broadcast together") from error
    bounded_size(shape, max(prod(given) for given in shapes))
    return shape


def repeated_alike(*tensors: Tensor) -> list[Tensor]:
    """The tensors, all repeated into their common shape."""
    shape = common_shape(*(tensor.shape for tensor in tensors))
    return [broadcast(tensor, shape) for tensor in tensors]


def total(first: Tensor, second: Tensor) -> Tensor:
    """The sum, entry by entry, after broadcasting."""
    first, second = repeated_alike(first, second)
    return first.with_rows(plus(first.rows, second.rows))


def scaled(tensor: Tensor, factors: Tensor) -> Tensor:
    """The product with a tensor of constants, entry by entry, after broadcasting."""
    tensor, factors = repeated_alike(tensor, factors)
    return tensor.with_rows(times(tensor.rows, factors.rows.constants))


def multiplied(tensor: Tensor, factor: mpq | int) -> Tensor:
    """The tensor times one number."""
    if factor == 1:
        return tensor
    return scaled(tensor, Tensor.of([factor], ()))


def product(first: Tensor, second: Tensor) -> Tensor:
    """The product, entry by entry, after broadcasting; one factor at least is constant."""
    first, second = require_constant_factor(first, second)
    return scaled(first, second) if second.is_constant() else scaled(second, first)


def require_constant_factor(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    """The two factors, one of them a constant; a product of two activations is refused."""
    if not first.is_constant() and not second.is_constant():
        first, second = first.settled(), second.settled()
        if not first.is_constant() and not second.is_constant():
            raise NetworkError(f"both factors depend on the network's input: {MULTIPLICATIVE}")
    return first, second


def matmul(first: Tensor, second: Tensor) -> Tensor:
    """The matrix product, as numpy's ``matmul``; one factor at least is constant."""
    first, second = require_constant_factor(first, second)
    _require_chain(first.shape, second.shape)
    left = first.positions[None, :] if len(first.shape) == 1 else first.positions
    right = second.positions[:, None] if len(second.shape) == 1 else second.positions
    batch = common_shape(left.shape[:-2], right.shape[:-2])
    matrix = (*batch, left.shape[-2], right.shape[-1])
    require_room(prod(matrix) * left.shape[-1])
    terms = (*matrix, left.shape[-1])
    lefts = np.broadcast_to(left[..., :, None, :], terms).ravel()
    rights = np.broadcast_to(right.swapaxes(-1, -2)[..., None, :, :], terms).ravel()
    rows = np.repeat(np.arange(bounded_size(matrix)), left.shape[-1])
    if second.is_constant():
        result = combined(first.rows, SparseWeights(prod(matrix), rows, lefts, second.rows.constants[rights]))
    else:
        result = combined(second.rows, SparseWeights(prod(matrix), rows, rights, first.rows.constants[lefts]))
    return replace(first, shape=_squeezed(matrix, first.shape, second.shape), rows=result)


def _require_chain(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    inner = (second[-2:] or (0,))[0]
    if not first or 0 in (*first, *second) or first[-1] != inner:
        raise NetworkError(f"shapes {list(first)} and {list(second)} do not chain in a matrix product")


def _squeezed(matrix: tuple[int, ...], first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a product, without the axis that a factor of rank 1 was given."""
    columns = () if len(second) == 1 else matrix[-1:]
    rows = () if len(first) == 1 else matrix[-2:-1]
    return (*matrix[:-2], *rows, *columns)


def summed(tensor: Tensor, positions: Indices, factor: mpq = ONE) -> AffineRows:
    """The sum of the entries in each row of an array of positions of rank 2, times one number."""
    count, width = positions.shape
    rows = np.repeat(np.arange(count), width)
    factors = np.broadcast_to(exact_array([factor]), (count * width,))
    return combined(tensor.rows, SparseWeights(count, rows, positions.ravel(), factors))
