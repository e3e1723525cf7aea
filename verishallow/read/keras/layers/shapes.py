"""Keras's layers without weights: pooling, padding, shapes, and those that do nothing in inference."""

from functools import partial

import numpy as np

from verishallow.errors import InputError
from verishallow.read.keras.layers.calls import Call, Rule, Value, require_spatial
from verishallow.read.keras.layers.windows import SlidingWindow
from verishallow.read.places import shown

LAST = (1 << 31) - 1
"""The end of a slice, beyond the end of every axis."""

INTERPOLATIONS = {
    "nearest": {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"},
    "bilinear": {"mode": "linear", "coordinate_transformation_mode": "half_pixel"},
}
"""Keras's interpolations as attributes of ONNX's Resize."""

NOT_INTERPOLATED = {
    "bicubic": "Keras's backends compute it with different weights",
    "lanczos3": "its weights are sines, which are not rational",
    "lanczos5": "its weights are sines, which are not rational",
}
"""Why the others are not read."""


def _pooled(call: Call, operator: str, axes: int) -> Value:
    sizes = call.settings.sizes("pool_size", axes)
    strides = sizes if call.settings.value("strides") is None else call.settings.sizes("strides", axes)
    window = SlidingWindow(strides, [1] * axes, call.settings.choice("padding", ("valid", "same"), "valid"))
    require_spatial(call.only(), axes)
    return call.with_channels_first(
        call.only(), call.channels_last(), lambda x: call.then(operator, x, **window.attributes(sizes))
    )


def _pooled_globally(call: Call, operator: str, axes: int) -> Value:
    require_spatial(call.only(), axes)
    pooled = call.with_channels_first(call.only(), call.channels_last(), lambda x: call.then(operator, x))
    return pooled if call.settings.flag("keepdims", False) else call.reranked(2, "Flatten", pooled, axis=1)


def _borders(call: Call, key: str, axes: int) -> tuple[list[int], list[int], int]:
    """The sizes before and after each spatial axis, and the number of the first spatial axis."""
    require_spatial(call.only(), axes)
    pairs = call.settings.pairs(key, axes)
    first = 1 if call.channels_last() else 2
    return [low for low, _ in pairs], [high for _, high in pairs], first


def _padded(call: Call, axes: int) -> Value:
    low, high, first = _borders(call, "padding", axes)
    before, after = [0] * first, [0] * (2 - first)
    return call.then("Pad", call.only(), call.graph.integers([*before, *low, *after, *before, *high, *after]))


def _cropped(call: Call, axes: int) -> Value:
    low, high, first = _borders(call, "cropping", axes)
    ends = [-size if size else LAST for size in high]
    spatial = list(range(first, first + axes))
    return call.then("Slice", call.only(), *map(call.graph.integers, (low, ends, spatial)))


def _upsampled(call: Call, axes: int) -> Value:
    """Entries copied, or in two dimensions interpolated between the centres of pixels, as every backend does it."""
    interpolation = call.settings.text("interpolation", "nearest")
    if interpolation not in INTERPOLATIONS:
        reason = NOT_INTERPOLATED.get(interpolation, "unknown to this reader")
        raise InputError(
            f"interpolation: expected {' or '.join(INTERPOLATIONS)}, found {shown(interpolation)}: {reason}"
        )
    given = call.settings.value("size")
    sizes = call.settings.sizes("size", axes) if isinstance(given, list) else [call.settings.integer("size")] * axes
    if min(sizes) < 1:
        raise InputError(f"size: expected positive integers, found {sizes}")
    require_spatial(call.only(), axes)
    scales = call.graph.constant(np.array([1, 1, *sizes], np.float32))
    attributes = INTERPOLATIONS[interpolation]
    return call.with_channels_first(
        call.only(), call.channels_last(), lambda x: call.then("Resize", x, "", scales, **attributes)
    )


def _flattened(call: Call) -> Value:
    value = call.only()
    if not call.channels_last() and value.rank > 2:
        value = call.transposed(value, [0, *range(2, value.rank), 1])
    return call.reranked(2, "Flatten", value, axis=1)


def _reshaped(call: Call) -> Value:
    sizes = call.settings.integers("target_shape")
    if any(size < 1 and size != -1 for size in sizes):
        raise InputError(f"target_shape: expected positive sizes, or -1 for one of them, found {sizes}")
    return call.reranked(len(sizes) + 1, "Reshape", call.only(), call.graph.integers([1, *sizes]))


def _permuted(call: Call) -> Value:
    axes = call.settings.integers("dims")
    if sorted(axes) != list(range(1, call.only().rank)):
        raise InputError(f"dims: expected the axes from 1 to {call.only().rank - 1} in some order, found {axes}")
    return call.transposed(call.only(), [0, *axes])


def _rescaled(call: Call) -> Value:
    scaled = call.then("Mul", call.only(), call.number(call.settings.number("scale")))
    return call.then("Add", scaled, call.number(call.settings.number("offset", 0.0)))


def _unchanged(call: Call, *training: str) -> Value:
    call.settings.ignore(*training)
    return call.only()


def _dropout(call: Call) -> Value:
    return _unchanged(call, "rate", "seed", "noise_shape", "data_format")


LAYERS: dict[str, Rule] = {
    "ActivityRegularization": lambda call: _unchanged(call, "l1", "l2"),
    "AlphaDropout": _dropout,
    "Dropout": _dropout,
    "Flatten": _flattened,
    "GaussianDropout": _dropout,
    "GaussianNoise": lambda call: _unchanged(call, "stddev", "seed"),
    "Identity": _unchanged,
    "Permute": _permuted,
    "Rescaling": _rescaled,
    "Reshape": _reshaped,
}
for _axes in (1, 2, 3):
    LAYERS |= {
        f"AveragePooling{_axes}D": partial(_pooled, operator="AveragePool", axes=_axes),
        f"Cropping{_axes}D": partial(_cropped, axes=_axes),
        f"GlobalAveragePooling{_axes}D": partial(_pooled_globally, operator="GlobalAveragePool", axes=_axes),
        f"GlobalMaxPooling{_axes}D": partial(_pooled_globally, operator="GlobalMaxPool", axes=_axes),
        f"MaxPooling{_axes}D": partial(_pooled, operator="MaxPool", axes=_axes),
        f"SpatialDropout{_axes}D": _dropout,
        f"UpSampling{_axes}D": partial(_upsampled, axes=_axes),
        f"ZeroPadding{_axes}D": partial(_padded, axes=_axes),
    }
