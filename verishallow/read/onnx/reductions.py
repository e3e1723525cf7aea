"""Sums, means and maxima along axes."""

from collections.abc import Callable
from math import prod

from gmpy2 import mpq

from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import AffineRows, Indices, constant_rows, require_room
from verishallow.read.onnx.maxima import absolute, chain_of, maxima, negative
from verishallow.read.onnx.node import Ints, Node, Operator, Table, axes_of, integer_list
from verishallow.read.onnx.refusals import CURVED, not_exact
from verishallow.read.onnx.tensors import Tensor, summed

Reduction = Callable[[Node, Tensor, Indices], AffineRows]
"""Reduces a tensor; the positions, of rank 2, have one row per entry of the result."""


def _sum(_: Node, tensor: Tensor, windows: Indices) -> AffineRows:
    return summed(tensor, windows)


def _mean(_: Node, tensor: Tensor, windows: Indices) -> AffineRows:
    if not windows.shape[1]:
        raise NetworkError("expected a mean of at least one entry, found one of none")
    return summed(tensor, windows, mpq(1, windows.shape[1]))


def _absolute_sum(node: Node, tensor: Tensor, windows: Indices) -> AffineRows:
    return summed(tensor.with_rows(absolute(node.neurons, tensor.rows)), windows)


def _max(node: Node, tensor: Tensor, windows: Indices) -> AffineRows:
    if windows.shape[1] > 2:
        node.notes.counted.append(chain_of(windows.shape[1]))
    return maxima(node.neurons, tensor.rows, windows)


def _min(node: Node, tensor: Tensor, windows: Indices) -> AffineRows:
    return negative(_max(node, tensor.with_rows(negative(tensor.rows)), windows))


def _reduced(reduction: Reduction) -> Callable[[Node], Tensor]:
    def function(node: Node) -> Tensor:
        listed = integer_list(node, "axes", 1)
        if not listed and node.attributes["noop_with_empty_axes"]:
            return node.first
        rank = len(node.first.shape)
        return along(node, reduction, axes_of(listed, rank) if listed else list(range(rank)))

    return function


def _global(reduction: Reduction) -> Callable[[Node], Tensor]:
    def function(node: Node) -> Tensor:
        rank = len(node.first.shape)
        if rank < 2:
            raise NetworkError(f"expected batch and channel axes, found shape {list(node.first.shape)}")
        return along(node, reduction, list(range(2, rank)))

    return function


def _global_lp_pool(node: Node) -> Tensor:
    require_absolute(node)
    return _global(_absolute_sum)(node)


def require_absolute(node: Node) -> None:
    """Refuse all norms but that of order 1, which alone among those that pooling knows is piecewise linear."""
    if (order := node.attributes["p"]) != 1:
        raise not_exact(f"the norm of order {order}: {CURVED}; that of order 1 is read")


def along(node: Node, reduction: Reduction, axes: list[int]) -> Tensor:
    """The reduction along these axes, which stay with size 1 unless the node says otherwise."""
    tensor, keep = node.first, node.attributes.get("keepdims", 1)
    rest = [axis for axis in range(len(tensor.shape)) if axis not in axes]
    shape = [1 if axis in axes else size for axis, size in enumerate(tensor.shape) if keep or axis not in axes]
    count, width = prod(tensor.shape[axis] for axis in rest), prod(tensor.shape[axis] for axis in axes)
    require_room(count * width)
    windows = tensor.positions.transpose(*rest, *axes).reshape(count, width)
    rows = reduction(node, tensor, windows) if count else constant_rows([])
    return Tensor(tuple(shape), rows, tensor.kind)


_AXES = {"axes": Ints, "keepdims": 1, "noop_with_empty_axes": 0}

OPERATORS: Table = {
    "GlobalAveragePool": Operator(_global(_mean), 1, 1),
    "GlobalLpPool": Operator(_global_lp_pool, 1, 1, {"p": 2}),
    "GlobalMaxPool": Operator(_global(_max), 1, 1),
    "ReduceL1": Operator(_reduced(_absolute_sum), 1, 2, _AXES),
    "ReduceMax": Operator(_reduced(_max), 1, 2, _AXES),
    "ReduceMean": Operator(_reduced(_mean), 1, 2, _AXES),
    "ReduceMin": Operator(_reduced(_min), 1, 2, _AXES),
    "ReduceSum": Operator(_reduced(_sum), 1, 2, _AXES),
}
