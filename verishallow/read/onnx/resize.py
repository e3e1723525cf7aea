"""Enlarging or thinning by whole factors, the nearest entry being copied."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor
from typing import Any

import numpy as np
from gmpy2 import mpq

from verishallow.errors import NetworkError
from verishallow.read.onnx.constants import exact_values
from verishallow.read.onnx.node import Floats, Ints, Node, Operator, Table, axes_of, integers, require_constant
from verishallow.read.onnx.tensors import Tensor, bounded_size
from verishallow.read.places import shown

HALF = mpq(1, 2)

COORDINATES: dict[str, Callable[[int, mpq, int, int], mpq]] = {
    # From a place of the result, the scale, and both sizes to a coordinate of the tensor.
    "half_pixel": lambda place, scale, _size, _result: (place + HALF) / scale - HALF,
    "half_pixel_symmetric": lambda place, scale, _size, _result: (place + HALF) / scale - HALF,
    "pytorch_half_pixel": lambda place, scale, _size, result: (place + HALF) / scale - HALF if result > 1 else mpq(0),
    "asymmetric": lambda place, scale, _size, _result: place / scale,
    "align_corners": lambda place, _scale, size, result: mpq(place * (size - 1), max(result - 1, 1)),
}

ROUNDINGS: dict[str, Callable[[mpq], int]] = {
    "round_prefer_floor": lambda value: ceil(value - HALF),
    "round_prefer_ceil": lambda value: floor(value + HALF),
    "floor": floor,
    "ceil": ceil,
}


def _upsample(node: Node) -> Tensor:
    """The older name: entries are copied from the place divided by the scale, rounded down."""
    tensor, given = node.first, node.inputs[1]
    if node.attributes["mode"] != "nearest":
        raise NetworkError(f"attribute 'mode': expected 'nearest', found {shown(node.attributes['mode'])}")
    listed = exact_values(node.attributes["scales"] or (), "attribute 'scales'")
    sizes = _scaled_sizes(tensor.shape, _numbers(given) if given is not None else listed)
    return _nearest(tensor, sizes, COORDINATES["asymmetric"], floor)


def _resize(node: Node) -> Tensor:
    tensor, (*_, scales, sizes) = node.first, node.inputs
    if node.attributes["mode"] != "nearest":
        raise NetworkError(f"attribute 'mode': expected 'nearest', found {shown(node.attributes['mode'])}")
    if scales is None and sizes is None:  # opset 10
        return _nearest(tensor, _scaled_sizes(tensor.shape, _numbers(node.inputs[1])), COORDINATES["asymmetric"], floor)
    coordinate = _choice(node, "coordinate_transformation_mode", COORDINATES)
    return _nearest(tensor, _wanted_sizes(node), coordinate, _choice(node, "nearest_mode", ROUNDINGS))


def _numbers(tensor: Tensor | None) -> list[mpq]:
    found: list[mpq] = [] if tensor is None else require_constant(tensor, "its scales").rows.constants.tolist()
    return found


def _choice(node: Node, name: str, choices: Mapping[str, Any]) -> Any:
    if (value := node.attributes[name]) not in choices:
        raise NetworkError(f"attribute {name!r}: expected one of {', '.join(choices)}, found {shown(value)}")
    return choices[value]


def _wanted_sizes(node: Node) -> list[int]:
    """The sizes of the result, from the sizes or scales given for some axes or for all."""
    tensor, (*_, scales, sizes) = node.first, node.inputs
    if node.attributes["keep_aspect_ratio_policy"] != "stretch":
        raise NetworkError("attribute 'keep_aspect_ratio_policy': expected 'stretch', found another value")
    rank, axes = len(tensor.shape), node.attributes["axes"]
    listed = list(range(rank)) if axes is None else axes_of(axes, rank)
    part = [tensor.shape[axis] for axis in listed]
    listed_sizes = [] if sizes is None else integers(sizes, "its sizes")
    wanted = listed_sizes or _scaled_sizes(part, _numbers(scales))
    if len(wanted) != len(part):
        raise NetworkError(f"expected {len(part)} sizes, found {len(wanted)}")
    chosen = dict(zip(listed, wanted, strict=True))
    return [chosen.get(axis, size) for axis, size in enumerate(tensor.shape)]


def _scaled_sizes(shape: Sequence[int], scales: Sequence[mpq]) -> list[int]:
    if len(scales) != len(shape) or any(scale <= 0 for scale in scales):
        raise NetworkError(f"expected {len(shape)} positive scales, found {shown([float(scale) for scale in scales])}")
    sizes = [floor(size * scale) for size, scale in zip(shape, scales, strict=True)]
    if any(result != size * scale for result, size, scale in zip(sizes, shape, scales, strict=True)):
        raise NetworkError(f"scales do not map sizes {list(shape)} to whole numbers")
    return sizes


def _nearest(
    tensor: Tensor, sizes: Sequence[int], coordinate: Callable[..., mpq], rounding: Callable[[mpq], int]
) -> Tensor:
    if min(sizes, default=1) < 1 or 0 in tensor.shape:
        raise NetworkError(f"expected positive sizes, found {shown(list(sizes))} for shape {list(tensor.shape)}")
    bounded_size(sizes)
    places = [_sources(*pair, coordinate, rounding) for pair in zip(tensor.shape, sizes, strict=True)]
    return tensor.arranged(tensor.positions[np.ix_(*places)] if places else tensor.positions)


def _sources(size: int, result: int, coordinate: Callable[..., mpq], rounding: Callable[[mpq], int]) -> list[int]:
    """The entry that each place of the result copies."""
    if result % size and size % result:
        raise NetworkError(f"expected sizes to grow or shrink by a whole factor, found {size} and {result}")
    scale = mpq(result, size)
    return [min(max(rounding(coordinate(place, scale, size, result)), 0), size - 1) for place in range(result)]


OPERATORS: Table = {
    "Resize": Operator(
        _resize,
        1,
        4,
        {
            "antialias": int,
            "axes": Ints,
            "coordinate_transformation_mode": "half_pixel",
            "cubic_coeff_a": float,
            "exclude_outside": int,
            "extrapolation_value": float,
            "keep_aspect_ratio_policy": "stretch",
            "mode": "nearest",
            "nearest_mode": "round_prefer_floor",
        },
    ),
    "Upsample": Operator(_upsample, 1, 2, {"mode": "nearest", "scales": Floats}),
}
