"""Operators as opsets 1 to 6 wrote them, in the words of later ones."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import onnx

from verishallow.errors import NetworkError
from verishallow.read.onnx.node import Floats, Ints
from verishallow.read.onnx.tensors import Tensor, common_shape, reshaped
from verishallow.read.places import shown

FIRST_MODERN = 7
"""From this opset on shapes are broadcast as numpy does it, and inference is what is meant."""

Inputs = list[Tensor | None]
Attributes = dict[str, Any]

BROADCASTING = frozenset(
    {"Add", "And", "Div", "Equal", "Greater", "Less", "Mul", "Or", "Pow", "Sub", "Xor"}
)  # fmt: skip


def modernised(
    operator_type: str, opset: int, inputs: Sequence[Tensor | None], attributes: Mapping[str, Any]
) -> tuple[Inputs, Attributes]:
    """The inputs and attributes that say the same from opset 7 on."""
    given, words = list(inputs), dict(attributes)
    if opset < FIRST_MODERN:
        words.pop("consumed_inputs", None)
        if not words.pop("is_test", 1):
            raise NetworkError("attribute 'is_test': expected inference, found training mode")
        if operator_type in BROADCASTING:
            _align(given, words)
        elif operator_type in _RULES:
            _RULES[operator_type](given, words)
    return given, words


def _align(inputs: Inputs, attributes: Attributes) -> None:
    """The second tensor with axes of size 1 behind it, so that its first one meets ``axis``."""
    wanted, axis = attributes.pop("broadcast", 0), attributes.pop("axis", None)
    if len(inputs) != 2 or inputs[0] is None or inputs[1] is None:
        return
    first, second = inputs[0], inputs[1]
    if not wanted and first.shape != second.shape:
        raise NetworkError(
            f"expected equal shapes without 'broadcast', found {list(first.shape)}, {list(second.shape)}"
        )
    if wanted and axis is not None:
        start = axis + len(first.shape) if axis < 0 else axis
        behind = len(first.shape) - start - len(second.shape)
        if start < 0 or behind < 0:
            raise NetworkError(f"attribute 'axis': {axis} does not fit {list(second.shape)} into {list(first.shape)}")
        second = inputs[1] = reshaped(second, (*second.shape, *(1,) * behind))
    if common_shape(first.shape, second.shape) != first.shape:
        raise NetworkError(f"shape {list(second.shape)} cannot be broadcast to {list(first.shape)}")


def _slopes(inputs: Inputs, _: Attributes) -> None:
    """One slope a channel, which later opsets broadcast from the last axis on."""
    if len(inputs) == 2 and inputs[0] is not None and inputs[1] is not None:
        tensor, slope = inputs[0], inputs[1]
        if len(slope.shape) == 1 and slope.size > 1:
            inputs[1] = reshaped(slope, (slope.size, *(1,) * (len(tensor.shape) - 2)))


def _shape(inputs: Inputs, attributes: Attributes) -> None:
    if isinstance(sizes := attributes.pop("shape", None), Ints):
        inputs.append(Tensor.of(list(sizes), (len(sizes),), "INT64"))


def _pads(_: Inputs, attributes: Attributes) -> None:
    if "paddings" in attributes:
        attributes["pads"] = attributes.pop("paddings")


def _type(_: Inputs, attributes: Attributes) -> None:
    if isinstance(name := attributes.get("to"), str):
        types: dict[str, int] = dict(onnx.TensorProto.DataType.items())
        if name.upper() not in types:
            raise NetworkError(f"attribute 'to': expected the name of a type, found {shown(name)}")
        attributes["to"] = types[name.upper()]


def _scales(_: Inputs, attributes: Attributes) -> None:
    if "height_scale" in attributes:
        attributes["scales"] = Floats((1.0, 1.0, attributes.pop("height_scale"), attributes.pop("width_scale", 1.0)))


def _repeats(inputs: Inputs, _: Attributes) -> None:
    """Opset 1 has a number of tiles along one axis."""
    if len(inputs) == 3 and all(tensor is not None and tensor.size == 1 for tensor in inputs[1:]):
        tensor, tiles, axis = (tensor for tensor in inputs if tensor is not None)
        repeats = [1] * len(tensor.shape)
        place = int(axis.rows.constants[0])
        if not 0 <= place < len(repeats):
            raise NetworkError(f"axis: expected from 0 to {len(repeats) - 1}, found {place}")
        repeats[place] = int(tiles.rows.constants[0])
        inputs[1:] = [Tensor.of(repeats, (len(repeats),), "INT64")]


def _joined_axis(_: Inputs, attributes: Attributes) -> None:
    attributes.setdefault("axis", 1)


def _without_broadcast(_: Inputs, attributes: Attributes) -> None:
    attributes.pop("broadcast", None)  # later opsets always do


_RULES: dict[str, Callable[[Inputs, Attributes], None]] = {
    "Cast": _type,
    "Concat": _joined_axis,
    "Gemm": _without_broadcast,
    "PRelu": _slopes,
    "Pad": _pads,
    "Reshape": _shape,
    "Tile": _repeats,
    "Upsample": _scales,
}
