"""Operators that only move entries to other places: shapes, order, repetition."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np

from verishallow.errors import NetworkError
from verishallow.read.onnx.constants import FLOATING, element_type
from verishallow.read.onnx.node import (
    Ints,
    Node,
    Operator,
    Table,
    axes_of,
    axis_of,
    integer_list,
    integers,
    one_number,
    require_constant,
)
from verishallow.read.onnx.refusals import JUMPING
from verishallow.read.onnx.tensors import Tensor, bounded_size, broadcast, common_shape, reshaped
from verishallow.read.places import shown


def _identity(node: Node) -> Tensor:
    return node.first


def _dropout(node: Node) -> Sequence[Tensor]:
    tensor, training = node.first, node.inputs[2]
    if training is not None and one_number(training, "'training_mode'"):
        raise NetworkError("expected dropout for inference, found training mode")
    return tensor, Tensor.of([1] * tensor.size, tensor.shape, "BOOL")


def _cast(node: Node) -> Tensor:
    return cast(node.first, element_type(node.attributes["to"]))


def _cast_like(node: Node) -> Tensor:
    return cast(node.first, node.tensors[1].kind)


def cast(tensor: Tensor, kind: str) -> Tensor:
    """The tensor as another type: floats stay what they are, and constants become integers or truth values."""
    if kind in FLOATING:
        return replace(tensor, kind=kind)
    if not tensor.settled().is_constant():
        raise NetworkError(f"what becomes {kind} depends on the network's input; {JUMPING}")
    entries = tensor.rows.constants.tolist()
    values = [int(entry != 0) if kind == "BOOL" else int(entry) for entry in entries]
    return Tensor.of(values, tensor.shape, kind)


def _flatten(node: Node) -> Tensor:
    tensor, axis = node.first, node.attributes["axis"]
    rank = len(tensor.shape)
    if not -rank <= axis <= rank:
        raise NetworkError(f"attribute 'axis': expected from {-rank} to {rank}, found {axis}")
    split = axis % rank if axis < 0 else axis
    return reshaped(tensor, (prod(tensor.shape[:split]), prod(tensor.shape[split:])))


def _reshape(node: Node) -> Tensor:
    tensor = node.first
    sizes = integers(node.tensors[1], "its shape")
    if not node.attributes["allowzero"]:
        sizes = [_copied(tensor, axis) if size == 0 else size for axis, size in enumerate(sizes)]
    if sizes.count(-1) > 1 or min(sizes, default=0) < -1:
        raise NetworkError(f"expected sizes with at most one -1, found {shown(sizes)}")
    if -1 in sizes:
        sizes[sizes.index(-1)] = tensor.size // (-prod(sizes) or 1)
    return reshaped(tensor, sizes)


def _copied(tensor: Tensor, axis: int) -> int:
    if axis >= len(tensor.shape):
        raise NetworkError(f"size 0 at axis {axis} copies from shape {list(tensor.shape)}, which has no such axis")
    return tensor.shape[axis]


def _transpose(node: Node) -> Tensor:
    tensor, order = node.first, node.attributes["perm"]
    rank = len(tensor.shape)
    if order is not None and sorted(order) != list(range(rank)):
        raise NetworkError(f"attribute 'perm': expected an order of {rank} axes, found {shown(list(order))}")
    return tensor.arranged(tensor.positions.transpose(order))


def _squeeze(node: Node) -> Tensor:
    tensor, listed = node.first, integer_list(node, "axes", 1)
    ones = [axis for axis, size in enumerate(tensor.shape) if size == 1]
    axes = ones if listed is None else axes_of(listed, len(tensor.shape))
    if not set(axes) <= set(ones):
        raise NetworkError(f"axes: expected axes of size 1 in shape {list(tensor.shape)}, found {axes}")
    return reshaped(tensor, [size for axis, size in enumerate(tensor.shape) if axis not in axes])


def _unsqueeze(node: Node) -> Tensor:
    tensor, listed = node.first, integer_list(node, "axes", 1)
    if listed is None:
        raise NetworkError("expected axes, found none")
    rank = len(tensor.shape) + len(listed)
    axes, sizes = axes_of(listed, rank), iter(tensor.shape)
    return reshaped(tensor, [1 if axis in axes else next(sizes) for axis in range(rank)])


def _expand(node: Node) -> Tensor:
    tensor, sizes = node.first, _sizes(node.tensors[1], "its shape")
    return broadcast(tensor, common_shape(tensor.shape, sizes))


def _sizes(tensor: Tensor, what: str) -> list[int]:
    sizes = integers(tensor, what)
    if min(sizes, default=0) < 0:
        raise NetworkError(f"expected {what} to be of natural numbers, found {shown(sizes)}")
    return sizes


def _tile(node: Node) -> Tensor:
    tensor, repeats = node.first, _sizes(node.tensors[1], "its repeats")
    if len(repeats) != len(tensor.shape):
        raise NetworkError(f"expected {len(tensor.shape)} repeats, one per axis, found {len(repeats)}")
    bounded_size([size * times for size, times in zip(tensor.shape, repeats, strict=True)])
    return tensor.arranged(np.tile(tensor.positions, repeats))


def _depth_to_space(node: Node) -> Tensor:
    tensor, block, mode = node.first, node.attributes["blocksize"], node.attributes["mode"]
    batch, channels, height, width = _block_shape(tensor, block, mode)
    if channels % (block * block):
        raise NetworkError(f"{channels} channels do not make blocks of {block} by {block}")
    deep = channels // (block * block)
    if mode == "DCR":
        moved = tensor.positions.reshape(batch, block, block, deep, height, width).transpose(0, 3, 4, 1, 5, 2)
    else:
        moved = tensor.positions.reshape(batch, deep, block, block, height, width).transpose(0, 1, 4, 2, 5, 3)
    return tensor.arranged(moved.reshape(batch, deep, height * block, width * block))


def _space_to_depth(node: Node) -> Tensor:
    tensor, block, mode = node.first, node.attributes["blocksize"], node.attributes["mode"]
    batch, channels, height, width = _block_shape(tensor, block, mode)
    if height % block or width % block:
        raise NetworkError(f"shape {list(tensor.shape)} does not fall into blocks of {block} by {block}")
    split = tensor.positions.reshape(batch, channels, height // block, block, width // block, block)
    moved = split.transpose((0, 3, 5, 1, 2, 4) if mode == "DCR" else (0, 1, 3, 5, 2, 4))
    return tensor.arranged(moved.reshape(batch, channels * block * block, height // block, width // block))


def _block_shape(tensor: Tensor, block: int | None, mode: str) -> tuple[int, ...]:
    if mode not in ("DCR", "CRD"):
        raise NetworkError(f"attribute 'mode': expected DCR or CRD, found {shown(mode)}")
    if block is None or block < 1 or len(tensor.shape) != 4:
        raise NetworkError(f"expected blocks of at least 1 and a tensor of rank 4, found {block}, {list(tensor.shape)}")
    return tensor.shape


def _gather(node: Node) -> Tensor:
    tensor, indices = node.tensors
    axis = axis_of(node.attributes["axis"], len(tensor.shape), "attribute 'axis'")
    return tensor.arranged(_taken(tensor, require_constant(indices, "its indices"), axis))


def _taken(tensor: Tensor, indices: Tensor, axis: int) -> np.ndarray:
    size = tensor.shape[axis]
    wanted = indices.rows.constants.tolist()
    if not all(index.denominator == 1 and -size <= index < size for index in wanted):
        raise NetworkError(f"expected indices from {-size} to {size - 1}, found others")
    bounded_size((*tensor.shape[:axis], *indices.shape, *tensor.shape[axis + 1 :]))
    numbers = np.array([int(index) % size for index in wanted], np.int64).reshape(indices.shape)
    return np.take(tensor.positions, numbers, axis=axis)


OPERATORS: Table = {
    "Cast": Operator(_cast, 1, 1, {"to": int, "saturate": int, "round_mode": str}, booleans=True, infinities=True),
    "CastLike": Operator(_cast_like, 2, 2, {"saturate": int, "round_mode": str}, booleans=True, infinities=True),
    "DepthToSpace": Operator(_depth_to_space, 1, 1, {"blocksize": int, "mode": "DCR"}),
    "Dropout": Operator(_dropout, 1, 3, {"ratio": float, "seed": int}, outputs=2, booleans=True),
    "Expand": Operator(_expand, 2, 2, booleans=True),
    "Flatten": Operator(_flatten, 1, 1, {"axis": 1}, booleans=True),
    "Gather": Operator(_gather, 2, 2, {"axis": 0}, booleans=True),
    "Identity": Operator(_identity, 1, 1, booleans=True, infinities=True),
    "Reshape": Operator(_reshape, 2, 2, {"allowzero": 0}, booleans=True),
    "SpaceToDepth": Operator(_space_to_depth, 1, 1, {"blocksize": int, "mode": "DCR"}),
    "Squeeze": Operator(_squeeze, 1, 2, {"axes": Ints}, booleans=True),
    "Tile": Operator(_tile, 2, 2, booleans=True),
    "Transpose": Operator(_transpose, 1, 1, {"perm": Ints}, booleans=True),
    "Unsqueeze": Operator(_unsqueeze, 1, 2, {"axes": Ints}, booleans=True),
}
