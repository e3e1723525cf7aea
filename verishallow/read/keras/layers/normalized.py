"""Keras's normalisations in inference: by the statistics of channels, or of any axes, stored or given."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from verishallow.errors import InputError
from verishallow.read.arrays.exact_arrays import Array
from verishallow.read.keras.layers.calls import Call, Value
from verishallow.read.keras.settings import real

LEAST_VARIANCE = 1e-12
"""Keras divides by the larger of sqrt(variance) and its epsilon, 1e-7, which a program may set and no file stores.

Above this variance the root is above 1e-6: it is the larger one, even with an epsilon ten times as large.
"""

MOST_NUMBERS = 1 << 16
"""Numbers allowed in a mean that the settings give."""


def axis_of_channels(call: Call) -> int:
    """The one axis that a layer's statistics belong to."""
    rank, given = call.only().rank, call.settings.value("axis")
    axes = call.settings.integers("axis") if isinstance(given, list) else [call.settings.integer("axis", -1)]
    if len(axes) != 1 or axes[0] not in (-1, 1, rank - 1):
        raise InputError(f"axis: expected the first after the batch, or the last, found {axes}")
    return axes[0] % rank


def normalised_by_channel(call: Call, arrays: Sequence[Array], epsilon: float) -> Value:
    """ONNX's BatchNormalization with scale, shift, mean and variance along the channels."""
    stored = [call.graph.constant(array) for array in arrays]
    return call.with_channels_first(
        call.only(),
        axis_of_channels(call) != 1,
        lambda x: call.then("BatchNormalization", x, *stored, epsilon=epsilon),
    )


def normalization(call: Call) -> Value:
    """``(x - mean) / sqrt(variance)``, or inverted; with statistics that the layer has stored, or its settings give."""
    rank, kept, invert = call.only().rank, _kept_axes(call), call.settings.flag("invert", False)
    means, variances = call.settings.value("mean"), call.settings.value("variance")
    stored = means is None and variances is None
    if stored:
        mean, variance, _ = call.weight(len(kept)), call.weight(len(kept)), call.weight(0)
    else:
        mean, variance = _given(means, "mean"), _given(variances, "variance")
    if not (variance > LEAST_VARIANCE).all():
        raise InputError(f"expected variances above {LEAST_VARIANCE}, found a smaller one")
    if stored and not invert and kept in ([1], [rank - 1]):
        return normalised_by_channel(call, (np.ones_like(mean), np.zeros_like(mean), mean, variance), 0.0)
    shift, squares = (call.graph.constant(_spread(array, kept, rank)) for array in (mean, variance))
    root = call.graph.apply("Sqrt", squares)
    if invert:
        return call.then("Add", call.then("Mul", call.only(), root), shift)
    return call.then("Div", call.then("Sub", call.only(), shift), root)


def _kept_axes(call: Call) -> list[int]:
    """The axes that have statistics of their own, in order."""
    rank, given = call.only().rank, call.settings.value("axis")
    axes = call.settings.integers("axis") if isinstance(given, list) else []
    if given is not None and not isinstance(given, list):
        axes = [call.settings.integer("axis", -1)]
    kept = sorted({axis % rank for axis in axes if -rank <= axis < rank})
    if len(kept) < len(axes) or 0 in kept:
        raise InputError(f"axis: expected different axes behind the batch, from 1 to {rank - 1}, found {axes}")
    return kept


def _given(value: Any, key: str) -> Array:
    """A number, or lists of numbers, in single precision as Keras keeps them."""
    numbers = _flat(value, key)
    if len(numbers) > MOST_NUMBERS:
        raise InputError(f"{key}: expected at most {MOST_NUMBERS} numbers, found {len(numbers)}")
    return np.array(numbers, np.float32).reshape(_shape(value))


def _flat(value: Any, key: str) -> list[float]:
    if isinstance(value, list):
        if len({_shape(part) for part in value}) != 1:
            raise InputError(f"{key}: expected lists of one length, found others")
        return [number for part in value for number in _flat(part, key)]
    return [real(value, key)]


def _shape(value: Any) -> tuple[int, ...]:
    return (len(value), *(_shape(value[0]) if value else ())) if isinstance(value, list) else ()


def _spread(array: Array, kept: Sequence[int], rank: int) -> Array:
    """The statistics with an axis for each of the tensor's; those that they have are the last of the kept ones."""
    if array.ndim > len(kept):
        raise InputError(f"expected statistics of at most {len(kept)} axes, found shape {list(array.shape)}")
    shape = [1] * rank
    for axis, size in zip(reversed(kept), reversed(array.shape), strict=False):
        shape[axis] = size
    return array.reshape(shape)
