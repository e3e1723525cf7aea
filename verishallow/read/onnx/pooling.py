"""Average and maximum pooling."""

from math import prod

import numpy as np
from gmpy2 import mpq

from verishallow.affine import ONE
from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import Indices, SparseWeights, combined, require_room
from verishallow.read.onnx.maxima import ABSENT, absolute, chain_of, maxima
from verishallow.read.onnx.node import Node, Operator, Table
from verishallow.read.onnx.reductions import require_absolute
from verishallow.read.onnx.tensors import Tensor, bounded_size
from verishallow.read.onnx.windows import WINDOW, WindowAxis, Windows, axes_of_windows, windows_of
from verishallow.read.places import shown


def _max_pool(node: Node) -> Tensor:
    """Along one spatial axis after the other, so that windows share what they have in common.

    The order of storage only concerns the indices, which are not read.
    """
    tensor, axes = node.first, _axes(node)
    counts = [axis.count(ceil=bool(node.attributes["ceil_mode"])) for axis in axes]
    if (length := prod(axis.kernel for axis in axes)) > 2:
        node.notes.counted.append(chain_of(length))
    for number in reversed(range(len(axes))):
        tensor = _maxima_along(node, tensor, number + 2, axes[number], counts[number])
    return tensor


def _maxima_along(node: Node, tensor: Tensor, number: int, axis: WindowAxis, count: int) -> Tensor:
    entries = axis.entries(count)
    inside = (entries >= 0) & (entries < axis.size)
    lines = np.moveaxis(tensor.positions, number, -1)
    shape = (*lines.shape[:-1], count)
    require_room(bounded_size(shape) * axis.kernel)
    windows = np.where(inside, lines[..., np.where(inside, entries, 0)], ABSENT)
    rows = maxima(node.neurons, tensor.rows, windows.reshape(-1, axis.kernel))
    pooled = Tensor(shape, rows, tensor.kind)
    return pooled.arranged(np.moveaxis(pooled.positions, -1, number))


def _average_pool(node: Node) -> Tensor:
    tensor, windows = node.first, windows_of(_axes(node), ceil=bool(node.attributes["ceil_mode"]))
    counted = windows.padded if node.attributes["count_include_pad"] else windows.inside
    numbers = counted.sum(axis=1)
    if not windows.inside.any(axis=1).all():
        raise NetworkError("expected each window to hold an entry, found one that lies in the pads")
    entries, shape = _by_channel(tensor, windows, np.where(windows.inside, windows.entries, ABSENT))
    shares = np.array([mpq(1, int(number)) if number else ONE for number in numbers], dtype=object)
    rows, places = np.nonzero(entries >= 0)
    factors = np.tile(shares, len(entries) // max(len(shares), 1))[rows]
    averages = combined(tensor.rows, SparseWeights(len(entries), rows, entries[rows, places], factors))
    return Tensor(shape, averages, tensor.kind)


def _lp_pool(node: Node) -> Tensor:
    """The sum of the absolute values in each window."""
    require_absolute(node)
    tensor, windows = node.first, windows_of(_axes(node), ceil=bool(node.attributes["ceil_mode"]))
    entries, shape = _by_channel(tensor, windows, np.where(windows.inside, windows.entries, ABSENT))
    rows, places = np.nonzero(entries >= 0)
    factors = np.full(len(rows), ONE, dtype=object)
    sums = SparseWeights(len(entries), rows, entries[rows, places], factors)
    return Tensor(shape, combined(absolute(node.neurons, tensor.rows), sums), tensor.kind)


def _axes(node: Node) -> list[WindowAxis]:
    tensor, kernel = node.first, node.attributes["kernel_shape"]
    if kernel is None or len(tensor.shape) < 3 or 0 in tensor.shape:
        raise NetworkError(f"expected a kernel and spatial axes, found shape {shown(list(tensor.shape))}")
    return axes_of_windows(node, tensor.shape[2:], tuple(kernel))


def _by_channel(tensor: Tensor, windows: Windows, spatial: Indices) -> tuple[Indices, tuple[int, ...]]:
    """The windows of every channel, with the entries' numbers in the tensor; and the shape of the result."""
    batch, channels = tensor.shape[:2]
    shape = (batch, channels, *windows.shape)
    bounded_size(shape)
    require_room(batch * channels * spatial.size)
    offsets = (np.arange(batch * channels) * (tensor.size // (batch * channels)))[:, None, None]
    entries = np.where(spatial >= 0, spatial + offsets, ABSENT)
    return entries.reshape(-1, spatial.shape[1]), shape


_POOLING = {**WINDOW, "ceil_mode": 0}

OPERATORS: Table = {
    "AveragePool": Operator(_average_pool, 1, 1, {**_POOLING, "count_include_pad": 0}),
    "LpPool": Operator(_lp_pool, 1, 1, {**_POOLING, "p": 2}),
    "MaxPool": Operator(_max_pool, 1, 1, {**_POOLING, "storage_order": 0}, outputs=2),
}
"""The second output of MaxPool, its indices, cannot be read."""
