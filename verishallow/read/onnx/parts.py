"""Operators that put tensors together or take them apart: joins, splits, slices, borders, choices."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from verishallow.affine import ZERO
from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import Indices, constant_rows, stacked
from verishallow.read.onnx.node import (
    ANY_NUMBER,
    Ints,
    Node,
    Operator,
    Table,
    axes_of,
    axis_of,
    integer_list,
    one_number,
    require_constant,
)
from verishallow.read.onnx.tensors import Tensor, bounded_size, repeated_alike
from verishallow.read.places import shown


def _concat(node: Node) -> Tensor:
    tensors, axis = node.tensors, node.attributes["axis"]
    if axis is None:
        raise NetworkError("attribute 'axis': expected an integer, found none")
    axis = axis_of(axis, len(tensors[0].shape), "attribute 'axis'")
    _require_alike(tensors, axis)
    offsets = accumulate((tensor.size for tensor in tensors), initial=0)
    positions = [tensor.positions + offset for tensor, offset in zip(tensors, offsets, strict=False)]
    shape = list(tensors[0].shape)
    shape[axis] = sum(tensor.shape[axis] for tensor in tensors)
    bounded_size(shape)
    pool = stacked([tensor.rows for tensor in tensors])
    joined = Tensor((len(pool),), pool, tensors[0].kind)
    return joined.arranged(np.concatenate(positions, axis=axis))


def _require_alike(tensors: Sequence[Tensor], axis: int) -> None:
    rests = {(len(tensor.shape), tensor.shape[:axis], tensor.shape[axis + 1 :]) for tensor in tensors}
    if len(rests) > 1:
        listed = ", ".join(str(list(tensor.shape)) for tensor in tensors)
        raise NetworkError(f"shapes {listed} differ off axis {axis}")


def _split(node: Node) -> Sequence[Tensor]:
    tensor = node.first
    axis = axis_of(node.attributes["axis"], len(tensor.shape), "attribute 'axis'")
    sizes = integer_list(node, "split", 1) or _even_sizes(node, tensor.shape[axis])
    if min(sizes) < 0 or sum(sizes) != tensor.shape[axis] or len(sizes) != node.outputs:
        raise NetworkError(f"parts of sizes {shown(sizes)} do not make {node.outputs} outputs of {tensor.shape[axis]}")
    ends = pairwise(accumulate(sizes, initial=0))
    return [tensor.arranged(tensor.positions[(slice(None),) * axis + (slice(*bounds),)]) for bounds in ends]


def _even_sizes(node: Node, size: int) -> list[int]:
    """Equal parts, the last one smaller where they do not fit; as many as there are outputs."""
    count = node.attributes["num_outputs"] or node.outputs
    if count != node.outputs:
        raise NetworkError(f"attribute 'num_outputs': expected {node.outputs}, as there are outputs, found {count}")
    part = -(-size // count)
    return [part] * (count - 1) + [size - part * (count - 1)]


def _slice(node: Node) -> Tensor:
    tensor, rank = node.first, len(node.first.shape)
    starts, ends = integer_list(node, "starts", 1), integer_list(node, "ends", 2)
    if starts is None or ends is None:
        raise NetworkError("expected starts and ends, found none")
    listed, steps = integer_list(node, "axes", 3), integer_list(node, "steps", 4)
    axes = axes_of(range(len(starts)) if listed is None else listed, rank)
    steps = [1] * len(starts) if steps is None else steps
    if not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
        raise NetworkError("expected as many starts, ends, axes and steps, none of the steps 0")
    cuts = [slice(None)] * rank
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        cuts[axis] = _cut(start, end, step, tensor.shape[axis])
    return tensor.arranged(tensor.positions[tuple(cuts)])


def _cut(start: int, end: int, step: int, size: int) -> slice:
    """Python's slice, which means the same for bounds beyond the ends."""
    first, last, step = slice(start, end, step).indices(size)
    return slice(0, 0) if first < 0 else slice(first, None if last < 0 else last, step)


def _pad(node: Node) -> Tensor:
    tensor, mode = node.first, node.attributes["mode"]
    widths = _pad_widths(node, len(tensor.shape))
    value = node.exact("value") if node.inputs[2] is None else one_number(node.inputs[2], "its value")
    kept = tensor.positions[tuple(map(_uncut, tensor.shape, widths))]
    wider = [(max(before, 0), max(after, 0)) for before, after in widths]
    bounded_size([size + before + after for size, (before, after) in zip(kept.shape, wider, strict=True)])
    pool = Tensor((tensor.size + 1,), stacked([tensor.rows, constant_rows([value])]), tensor.kind)
    return pool.arranged(_padded(kept, wider, mode, tensor.size))


def _uncut(size: int, widths: tuple[int, int]) -> slice:
    """What negative pads leave of an axis."""
    before, after = widths
    return slice(max(-before, 0), max(size + min(after, 0), 0))


def _pad_widths(node: Node, rank: int) -> list[tuple[int, int]]:
    pads = integer_list(node, "pads", 1)
    listed = None if node.inputs[3] is None else integer_list(node, "axes", 3)
    axes = list(range(rank)) if listed is None else axes_of(listed, rank)
    if pads is None or len(pads) != 2 * len(axes):
        raise NetworkError(f"pads: expected {2 * len(axes)} numbers, two per axis, found {shown(pads)}")
    widths = [(0, 0)] * rank
    for axis, before, after in zip(axes, pads[: len(axes)], pads[len(axes) :], strict=True):
        widths[axis] = (before, after)
    return widths


def _padded(positions: Indices, widths: list[tuple[int, int]], mode: str, border: int) -> Indices:
    """The positions with a border around them, which repeats the entry ``border`` or their own entries, by the mode."""
    if mode == "constant":
        return np.pad(positions, widths, mode="constant", constant_values=border)
    least = {"edge": 0, "reflect": 1, "wrap": 0}.get(mode)
    if least is None:
        raise NetworkError(f"attribute 'mode': expected constant, reflect, edge or wrap, found {shown(mode)}")
    for size, (before, after) in zip(positions.shape, widths, strict=True):
        if max(before, after) and (size == 0 or (mode != "edge" and max(before, after) > size - least)):
            raise NetworkError(f"pads of {before} and {after} are too wide for {size} entries in mode {shown(mode)}")
    return np.asarray(np.pad(positions, widths, mode=mode))  # type: ignore[call-overload] # one of numpy's modes by now


def _where(node: Node) -> Tensor:
    condition, first, second = repeated_alike(require_constant(node.first, "its condition"), *node.tensors[1:])
    pool = Tensor((2 * first.size,), stacked([first.rows, second.rows]), first.kind)
    chosen = condition.constants != ZERO
    return pool.arranged(np.where(chosen, first.positions, second.positions + first.size))


OPERATORS: Table = {
    "Concat": Operator(_concat, 1, ANY_NUMBER, {"axis": int}, booleans=True),
    "Pad": Operator(_pad, 1, 4, {"mode": "constant", "pads": Ints, "value": 0.0, "axes": Ints}),
    "Slice": Operator(_slice, 1, 5, {"starts": Ints, "ends": Ints, "axes": Ints, "steps": Ints}, booleans=True),
    "Split": Operator(_split, 1, 2, {"axis": 0, "split": Ints, "num_outputs": int}, outputs=ANY_NUMBER),
    "Where": Operator(_where, 3, 3, booleans=True),
}
"""Lists that are attributes here are so in older exports, and inputs in newer ones."""
