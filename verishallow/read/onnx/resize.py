"""Enlarging or thinning: the nearest entry copied, by whole factors, or values interpolated between entries."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import ceil, floor
from typing import Any

import numpy as np
from gmpy2 import mpq

from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import SparseWeights, combined, exact_array, require_room
from verishallow.read.onnx.constants import exact_values
from verishallow.read.onnx.node import Floats, Ints, Node, Operator, Table, axes_of, integers, require_constant
from verishallow.read.onnx.tensors import Tensor, bounded_size
from verishallow.read.places import shown

HALF = mpq(1, 2)

COORDINATES: dict[str, Callable[[int, mpq, int, int], mpq]] = {
    # From a place of the result, the scale, and both sizes to a coordinate of the tensor.
    "half_pixel": lambda place, scale, _size, _result: (place + HALF) / scale - HALF,
    "half_pixel_symmetric": lambda place, scale, size, result: (
        (place + HALF) / scale - HALF + mpq(size, 2) * (1 - result / (scale * size))
    ),
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
    """The older name: from the place divided by the scale, rounded down where entries are copied."""
    tensor, given, mode = node.first, node.inputs[1], node.attributes["mode"]
    listed = exact_values(node.attributes["scales"] or (), "attribute 'scales'")
    scales = _numbers(given) if given is not None else listed
    if mode == "linear":
        return _interpolated(tensor, *_scaled(tensor.shape, scales), COORDINATES["asymmetric"], _linear)
    if mode != "nearest":
        raise NetworkError(f"attribute 'mode': expected 'nearest' or 'linear', found {shown(mode)}")
    return _nearest(tensor, _scaled_sizes(tensor.shape, scales), COORDINATES["asymmetric"], floor)


def _resize(node: Node) -> Tensor:
    tensor, (*_, scales, sizes), mode = node.first, node.inputs, node.attributes["mode"]
    if mode not in ("nearest", "linear", "cubic"):
        raise NetworkError(f"attribute 'mode': expected 'nearest', 'linear' or 'cubic', found {shown(mode)}")
    oldest = scales is None and sizes is None  # opset 10
    coordinate = COORDINATES["asymmetric"]
    if not oldest:
        coordinate = _choice(node, "coordinate_transformation_mode", COORDINATES)
    if mode == "nearest":
        rounding = floor if oldest else _choice(node, "nearest_mode", ROUNDINGS)
        wanted = _scaled_sizes(tensor.shape, _numbers(node.inputs[1])) if oldest else _wanted_sizes(node)
        return _nearest(tensor, wanted, coordinate, rounding)
    if node.attributes["antialias"] or node.attributes["exclude_outside"]:
        raise NetworkError("attributes 'antialias' and 'exclude_outside': expected 0, found another value")
    weights = _linear if mode == "linear" else partial(_cubic, a=node.exact("cubic_coeff_a"))
    if oldest:
        return _interpolated(tensor, *_scaled(tensor.shape, _numbers(node.inputs[1])), coordinate, weights)
    return _interpolated(tensor, *_wanted(node), coordinate, weights)


def _linear(coordinate: mpq, size: int) -> list[tuple[int, mpq]]:
    """The two neighbours of a coordinate, which is kept within the tensor, and their shares."""
    inside = min(max(coordinate, mpq(0)), mpq(size - 1))
    low = floor(inside)
    return [(low, 1 - (inside - low)), (min(low + 1, size - 1), inside - low)]


def _cubic(coordinate: mpq, size: int, *, a: mpq) -> list[tuple[int, mpq]]:
    """The four neighbours of a coordinate, those outside being the first or last entry, and their shares."""
    low = floor(coordinate)
    offsets = [(low + step, abs(coordinate - low - step)) for step in (-1, 0, 1, 2)]
    return [(min(max(place, 0), size - 1), _cubic_share(distance, a)) for place, distance in offsets]


def _cubic_share(distance: mpq, a: mpq) -> mpq:
    if distance <= 1:
        return ((a + 2) * distance - (a + 3)) * distance * distance + 1
    return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a if distance < 2 else mpq(0)


def _interpolated(
    tensor: Tensor,
    sizes: Sequence[int],
    scales: Sequence[mpq],
    coordinate: Callable[..., mpq],
    weights: Callable[[mpq, int], list[tuple[int, mpq]]],
) -> Tensor:
    """One axis after the other: each place of the result is a sum of entries, times their shares."""
    _require_positive(tensor.shape, sizes)
    for axis, (result, scale) in enumerate(zip(sizes, scales, strict=True)):
        size = tensor.shape[axis]
        if (result, scale) != (size, 1):
            shares = [weights(coordinate(place, scale, size, result), size) for place in range(result)]
            tensor = _mixed(tensor, axis, shares)
    return tensor


def _mixed(tensor: Tensor, axis: int, shares: Sequence[list[tuple[int, mpq]]]) -> Tensor:
    lines = np.moveaxis(tensor.positions, axis, -1)
    shape = (*lines.shape[:-1], len(shares))
    flat, count = lines.reshape(-1, lines.shape[-1]), bounded_size(shape)
    summed = [_without_repetition(each) for each in shares]
    numbers = np.array([number for number, each in enumerate(summed) for _ in each], np.int64)
    entries = np.array([entry for each in summed for entry in each], np.int64)
    factors = exact_array([share for each in summed for share in each.values()])
    require_room(len(flat) * len(numbers))
    rows = (np.arange(len(flat))[:, None] * len(shares) + numbers).ravel()
    weights = SparseWeights(count, rows, flat[:, entries].ravel(), np.tile(factors, len(flat)))
    mixed = Tensor(shape, combined(tensor.rows, weights), tensor.kind)
    return mixed.arranged(np.moveaxis(mixed.positions, -1, axis))


def _without_repetition(shares: list[tuple[int, mpq]]) -> dict[int, mpq]:
    """The sum of the shares of each entry, where it is not 0."""
    total: dict[int, mpq] = {}
    for entry, share in shares:
        total[entry] = total.get(entry, mpq(0)) + share
    return {entry: share for entry, share in total.items() if share}


def _numbers(tensor: Tensor | None) -> list[mpq]:
    found: list[mpq] = [] if tensor is None else require_constant(tensor, "its scales").rows.constants.tolist()
    return found


def _choice(node: Node, name: str, choices: Mapping[str, Any]) -> Any:
    if (value := node.attributes[name]) not in choices:
        raise NetworkError(f"attribute {name!r}: expected one of {', '.join(choices)}, found {shown(value)}")
    return choices[value]


def _wanted_sizes(node: Node) -> list[int]:
    """The sizes of the result, each a whole factor of the tensor's or its share."""
    tensor, (sizes, scales) = node.first, _wanted(node)
    if node.inputs[3] is None or not node.inputs[3].size:
        _scaled_sizes(tensor.shape, scales)
    return sizes


def _wanted(node: Node) -> tuple[list[int], list[mpq]]:
    """The sizes and scales of the result, from those that are given for some axes or for all."""
    tensor, (*_, scales, sizes) = node.first, node.inputs
    if node.attributes["keep_aspect_ratio_policy"] != "stretch":
        raise NetworkError("attribute 'keep_aspect_ratio_policy': expected 'stretch', found another value")
    rank, axes = len(tensor.shape), node.attributes["axes"]
    listed = list(range(rank)) if axes is None else axes_of(axes, rank)
    part = [tensor.shape[axis] for axis in listed]
    found_sizes = [] if sizes is None else integers(sizes, "its sizes")
    found_scales = [mpq(r, s or 1) for r, s in zip(found_sizes, part, strict=False)]
    if not found_sizes:
        found_sizes, found_scales = _scaled(part, _numbers(scales))
    if len(found_sizes) != len(part):
        raise NetworkError(f"expected {len(part)} sizes, found {len(found_sizes)}")
    chosen = dict(zip(listed, zip(found_sizes, found_scales, strict=True), strict=True))
    both = [chosen.get(axis, (size, mpq(1))) for axis, size in enumerate(tensor.shape)]
    return [size for size, _ in both], [scale for _, scale in both]


def _scaled(shape: Sequence[int], scales: Sequence[mpq]) -> tuple[list[int], list[mpq]]:
    if len(scales) != len(shape) or any(scale <= 0 for scale in scales):
        raise NetworkError(f"expected {len(shape)} positive scales, found {shown([float(scale) for scale in scales])}")
    return [floor(size * scale) for size, scale in zip(shape, scales, strict=True)], list(scales)


def _scaled_sizes(shape: Sequence[int], scales: Sequence[mpq]) -> list[int]:
    sizes, _ = _scaled(shape, scales)
    if any(result != size * scale for result, size, scale in zip(sizes, shape, scales, strict=True)):
        raise NetworkError(f"scales do not map sizes {list(shape)} to whole numbers")
    return sizes


def _require_positive(shape: Sequence[int], sizes: Sequence[int]) -> None:
    if min(sizes, default=1) < 1 or 0 in shape:
        raise NetworkError(f"expected positive sizes, found {shown(list(sizes))} for shape {list(shape)}")
    bounded_size(sizes)


def _nearest(
    tensor: Tensor, sizes: Sequence[int], coordinate: Callable[..., mpq], rounding: Callable[[mpq], int]
) -> Tensor:
    _require_positive(tensor.shape, sizes)
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
            "antialias": 0,
            "axes": Ints,
            "coordinate_transformation_mode": "half_pixel",
            "cubic_coeff_a": -0.75,
            "exclude_outside": 0,
            "extrapolation_value": float,
            "keep_aspect_ratio_policy": "stretch",
            "mode": "nearest",
            "nearest_mode": "round_prefer_floor",
        },
    ),
    "Upsample": Operator(_upsample, 1, 2, {"mode": "nearest", "scales": Floats}),
}
