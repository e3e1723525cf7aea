"""Entries that constant indices choose or replace, and triangles of matrices."""

from collections.abc import Sequence

import numpy as np

from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import Indices, constant_rows, stacked
from verishallow.read.onnx.node import Node, Operator, Table, axis_of, one_number, require_constant
from verishallow.read.onnx.tensors import Tensor, bounded_size
from verishallow.read.places import shown


def _gather_elements(node: Node) -> Tensor:
    tensor, indices = node.tensors
    axis = axis_of(node.attributes["axis"], len(tensor.shape), "attribute 'axis'")
    numbers = index_numbers(indices, [tensor.shape[axis]])
    return tensor.arranged(np.take_along_axis(_cropped(tensor, numbers, axis), numbers, axis))


def _cropped(tensor: Tensor, numbers: Indices, axis: int) -> Indices:
    """The positions of as many entries off an axis as there are indices."""
    sizes = [size for place, size in enumerate(numbers.shape) if place != axis]
    if len(numbers.shape) != len(tensor.shape) or any(
        size > most for size, most in zip(sizes, np.delete(tensor.shape, axis).tolist(), strict=True)
    ):
        raise NetworkError(f"indices of shape {list(numbers.shape)} do not fit a tensor of shape {list(tensor.shape)}")
    cut = tuple(slice(None) if place == axis else slice(size) for place, size in enumerate(numbers.shape))
    return tensor.positions[cut]


def _gather_nd(node: Node) -> Tensor:
    tensor, indices = node.tensors
    if node.attributes["batch_dims"]:
        raise NetworkError("attribute 'batch_dims': expected 0, found another value")
    return tensor.arranged(tensor.positions[_places(indices, tensor)])


def _scatter_nd(node: Node) -> Tensor:
    tensor, indices, updates = node.tensors
    positions = tensor.positions
    places = _places(indices, tensor)
    if positions[places].shape != updates.shape:
        raise NetworkError(f"expected updates of shape {list(positions[places].shape)}, found {list(updates.shape)}")
    positions[places] = updates.positions + tensor.size
    return _updated(node, tensor, updates, positions)


def _scatter_elements(node: Node) -> Tensor:
    tensor, indices, updates = node.tensors
    axis = axis_of(node.attributes["axis"], len(tensor.shape), "attribute 'axis'")
    numbers = index_numbers(indices, [tensor.shape[axis]])
    if updates.shape != numbers.shape:
        raise NetworkError(f"expected updates of shape {list(numbers.shape)}, found {list(updates.shape)}")
    positions = tensor.positions
    np.put_along_axis(_same_memory(positions, tensor, numbers, axis), numbers, updates.positions + tensor.size, axis)
    return _updated(node, tensor, updates, positions)


def _same_memory(positions: Indices, tensor: Tensor, numbers: Indices, axis: int) -> Indices:
    _cropped(tensor, numbers, axis)
    return positions[tuple(slice(None) if place == axis else slice(size) for place, size in enumerate(numbers.shape))]


def _updated(node: Node, tensor: Tensor, updates: Tensor, positions: Indices) -> Tensor:
    if node.attributes["reduction"] != "none":
        raise NetworkError(f"attribute 'reduction': expected 'none', found {shown(node.attributes['reduction'])}")
    pool = Tensor((tensor.size + updates.size,), stacked([tensor.rows, updates.rows]), tensor.kind)
    return pool.arranged(positions)


def index_numbers(indices: Tensor, sizes: Sequence[int]) -> Indices:
    """Constant indices, those below 0 counted from the end; the last axis has one for each size, if several."""
    entries = require_constant(indices, "its indices").rows.constants.tolist()
    if any(entry.denominator != 1 for entry in entries):
        raise NetworkError("expected indices to be integers, found others")
    numbers = np.array([int(entry) for entry in entries], dtype=object).reshape(indices.shape)
    most = np.array(sizes, dtype=object)
    if not ((numbers >= -most) & (numbers < most)).all():
        raise NetworkError(f"expected indices into sizes {list(sizes)}, found others")
    return np.where(numbers < 0, numbers + most, numbers).astype(np.int64)


def _places(indices: Tensor, tensor: Tensor) -> tuple[Indices, ...]:
    """The rows of the last axis as places of the first axes of a tensor."""
    depth = indices.shape[-1] if indices.shape else 0
    if not 1 <= depth <= len(tensor.shape):
        raise NetworkError(f"indices of shape {list(indices.shape)} do not fit a tensor of shape {list(tensor.shape)}")
    bounded_size((*indices.shape[:-1], *tensor.shape[depth:]))
    return tuple(np.moveaxis(index_numbers(indices, tensor.shape[:depth]), -1, 0))


def _trilu(node: Node) -> Tensor:
    tensor, given = node.first, node.inputs[1]
    if len(tensor.shape) < 2:
        raise NetworkError(f"expected matrices, found shape {list(tensor.shape)}")
    offset = 0 if given is None else int(one_number(given, "its diagonal"))
    offset = max(min(offset, tensor.size + 1), -tensor.size - 1)
    kept = (np.triu if node.attributes["upper"] else np.tril)(np.ones(tensor.shape[-2:], bool), offset)
    pool = Tensor((tensor.size + 1,), stacked([tensor.rows, constant_rows([0])]), tensor.kind)
    return pool.arranged(np.where(kept, tensor.positions, tensor.size))


OPERATORS: Table = {
    "GatherElements": Operator(_gather_elements, 2, 2, {"axis": 0}, booleans=True),
    "GatherND": Operator(_gather_nd, 2, 2, {"batch_dims": 0}, booleans=True),
    "Scatter": Operator(_scatter_elements, 3, 3, {"axis": 0, "reduction": "none"}, booleans=True),
    "ScatterElements": Operator(_scatter_elements, 3, 3, {"axis": 0, "reduction": "none"}, booleans=True),
    "ScatterND": Operator(_scatter_nd, 3, 3, {"reduction": "none"}, booleans=True),
    "Trilu": Operator(_trilu, 1, 2, {"upper": 1}, booleans=True),
}
