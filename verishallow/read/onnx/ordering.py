"""The largest entries in order, and running sums along an axis."""

from collections.abc import Sequence

import numpy as np

from verishallow.errors import LimitError, NetworkError
from verishallow.read.onnx.affine_rows import (
    AffineRows,
    SparseWeights,
    combined,
    exact_array,
    minus,
    plus,
    require_room,
    stacked,
)
from verishallow.read.onnx.maxima import maximum, negative
from verishallow.read.onnx.neurons import Neurons
from verishallow.read.onnx.node import Node, Operator, Table, axis_of, integers
from verishallow.read.onnx.tensors import Tensor, bounded_size

MAX_STEPS = 2**16
"""Comparisons of whole slices allowed in one order."""


def _top_k(node: Node) -> Tensor:
    """The values, largest first; which they are, the second output, cannot be read."""
    tensor = node.first
    axis = axis_of(node.attributes["axis"], len(tensor.shape), "attribute 'axis'")
    count = _wanted(node, tensor.shape[axis])
    if count * tensor.shape[axis] > MAX_STEPS:
        raise LimitError(f"the first {count} of {tensor.shape[axis]} in order take more than {MAX_STEPS} comparisons")
    lines = np.moveaxis(tensor.positions, axis, 0)
    columns = [tensor.rows.picked(line.ravel()) for line in lines]
    largest = node.attributes["largest"]
    sorted_columns = _largest(node.neurons, columns if largest else [negative(each) for each in columns], count)
    if count and len(columns) > 1:
        node.notes.counted.append(f"the first {count} of {len(columns)} in order are chains of maxima of two")
    shape = (count, *lines.shape[1:])
    bounded_size(shape)
    rows = stacked(sorted_columns or [tensor.rows.picked(np.zeros(0, np.int64))])
    ordered = Tensor(shape, rows if largest else negative(rows), tensor.kind)
    return ordered.arranged(np.moveaxis(ordered.positions, 0, axis))


def _wanted(node: Node, size: int) -> int:
    given = node.inputs[1]
    listed = [node.attributes["k"]] if given is None else integers(given, "its number k")
    if len(listed) != 1 or listed[0] is None or not 0 <= listed[0] <= size:
        raise NetworkError(f"expected a number k from 0 to {size}, found {listed}")
    if not node.attributes["sorted"] and listed[0] > 1:
        raise NetworkError("attribute 'sorted': expected 1, as in no other order the values are continuous")
    return int(listed[0])


def _largest(neurons: Neurons, columns: list[AffineRows], count: int) -> Sequence[AffineRows]:
    """So many columns in order, entry by entry: one pass for each, which carries the largest to the front."""
    for first in range(count):
        for place in range(len(columns) - 1, first, -1):
            one, other = columns[place - 1], columns[place]
            columns[place - 1] = maximum(neurons, one, other)
            columns[place] = minus(plus(one, other), columns[place - 1])
    return columns[:count]


def _cumulative_sum(node: Node) -> Tensor:
    tensor = node.first
    (given,) = integers(node.tensors[1], "its axis")[:1] or [0]
    axis = axis_of(given, len(tensor.shape))
    lines = np.moveaxis(tensor.positions, axis, -1)
    size = lines.shape[-1]
    require_room(tensor.size * size)
    reads = np.tril(np.ones((size, size), bool), -1 if node.attributes["exclusive"] else 0)
    results, sources = np.nonzero(reads[::-1, ::-1] if node.attributes["reverse"] else reads)
    flat = lines.reshape(-1, size)
    rows, entries = flat[:, results].ravel(), flat[:, sources].ravel()
    factors = np.broadcast_to(exact_array([1]), rows.shape)
    return tensor.with_rows(combined(tensor.rows, SparseWeights(tensor.size, rows, entries, factors)))


OPERATORS: Table = {
    "CumSum": Operator(_cumulative_sum, 2, 2, {"exclusive": 0, "reverse": 0}),
    "TopK": Operator(_top_k, 1, 2, {"axis": -1, "k": int, "largest": 1, "sorted": 1}, outputs=2),
}
