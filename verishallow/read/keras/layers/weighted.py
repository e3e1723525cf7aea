"""Keras's layers with weights: dense, convolutions, and normalisations in inference."""

from functools import partial

import numpy as np

from verishallow.errors import InputError
from verishallow.read.arrays.exact_arrays import Array
from verishallow.read.keras.layers.activations import activated
from verishallow.read.keras.layers.calls import Call, Rule, Value, require_spatial
from verishallow.read.keras.layers.normalized import normalised_by_channel, normalization
from verishallow.read.keras.layers.windows import SlidingWindow


def _with_bias(call: Call, value: Value, axes: int) -> Value:
    """The bias added along the axis that this many axes follow, and then the activation."""
    if call.settings.flag("use_bias", True):
        bias = call.weight(1)
        value = call.then("Add", value, call.graph.constant(bias.reshape(-1, *(1,) * axes)))
    return activated(call, value)


def _dense(call: Call) -> Value:
    kernel = call.weight(2)
    if call.settings.integer("units") != kernel.shape[1]:
        raise InputError(f"expected one column of weights per unit, found shape {list(kernel.shape)}")
    return _with_bias(call, call.then("MatMul", call.only(), call.graph.constant(kernel)), 0)


def _convolved(call: Call, value: Value, kernel: Array, groups: int, window: SlidingWindow) -> Value:
    """The convolution of channels on axis 1 with a kernel (spatial..., channels per group, filters)."""
    weight = call.graph.constant(np.moveaxis(kernel, (-1, -2), (0, 1)))
    return call.then("Conv", value, weight, group=groups, **window.attributes(kernel.shape[:-2]))


def _by_channel(kernel: Array) -> Array:
    """A depthwise kernel (spatial..., channels, multiplier) as one with one group per channel."""
    return kernel.reshape(*kernel.shape[:-2], 1, kernel.shape[-2] * kernel.shape[-1])


def _convolution(call: Call, axes: int) -> Value:
    call.settings.ignore("filters", "kernel_size")  # the kernel has these sizes
    kernel, window, groups = (
        call.weight(axes + 2),
        SlidingWindow.of(call.settings, axes),
        call.settings.integer("groups", 1),
    )
    require_spatial(call.only(), axes)
    return call.with_channels_first(
        call.only(),
        call.channels_last(),
        lambda x: _with_bias(call, _convolved(call, x, kernel, groups, window), axes),
    )


def _transposed_convolution(call: Call, axes: int) -> Value:
    call.settings.ignore("filters", "kernel_size")
    kernel, window = call.weight(axes + 2), SlidingWindow.of(call.settings, axes)
    require_spatial(call.only(), axes)
    # The kernel is (spatial..., filters, channels), and ONNX's (channels, filters, spatial...).
    weight = call.graph.constant(np.moveaxis(kernel, (-1, -2), (0, 1)))
    attributes = window.transposed_attributes(kernel.shape[:-2])
    return call.with_channels_first(
        call.only(),
        call.channels_last(),
        lambda x: _with_bias(call, call.then("ConvTranspose", x, weight, **attributes), axes),
    )


def _depthwise(call: Call, axes: int) -> Value:
    call.settings.ignore("depth_multiplier", "kernel_size")
    kernel, window = call.weight(axes + 2), SlidingWindow.of(call.settings, axes)
    require_spatial(call.only(), axes)
    return call.with_channels_first(
        call.only(),
        call.channels_last(),
        lambda x: _with_bias(call, _convolved(call, x, _by_channel(kernel), kernel.shape[-2], window), axes),
    )


def _separable(call: Call, axes: int) -> Value:
    call.settings.ignore("depth_multiplier", "kernel_size", "filters")
    depthwise, pointwise = call.weight(axes + 2), call.weight(axes + 2)
    window, unit = SlidingWindow.of(call.settings, axes), SlidingWindow([1] * axes, [1] * axes)
    require_spatial(call.only(), axes)

    def rule(value: Value) -> Value:
        by_channel = _convolved(call, value, _by_channel(depthwise), depthwise.shape[-2], window)
        return _with_bias(call, _convolved(call, by_channel, pointwise, 1, unit), axes)

    return call.with_channels_first(call.only(), call.channels_last(), rule)


def _batch_normalization(call: Call) -> Value:
    call.settings.ignore("momentum", "renorm_momentum")
    scale = call.weight(1) if call.settings.flag("scale", True) else None
    shift = call.weight(1) if call.settings.flag("center", True) else None
    mean, variance = call.weight(1), call.weight(1)
    scale = np.ones_like(mean) if scale is None else scale
    shift = np.zeros_like(mean) if shift is None else shift
    return normalised_by_channel(call, (scale, shift, mean, variance), call.settings.number("epsilon", 1e-3))


LAYERS: dict[str, Rule] = {
    "BatchNormalization": _batch_normalization,
    "Conv1D": partial(_convolution, axes=1),
    "Conv2D": partial(_convolution, axes=2),
    "Conv3D": partial(_convolution, axes=3),
    "Conv1DTranspose": partial(_transposed_convolution, axes=1),
    "Conv2DTranspose": partial(_transposed_convolution, axes=2),
    "Conv3DTranspose": partial(_transposed_convolution, axes=3),
    "Dense": _dense,
    "DepthwiseConv1D": partial(_depthwise, axes=1),
    "DepthwiseConv2D": partial(_depthwise, axes=2),
    "Normalization": normalization,
    "SeparableConv1D": partial(_separable, axes=1),
    "SeparableConv2D": partial(_separable, axes=2),
}
