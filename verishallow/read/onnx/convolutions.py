"""Convolutions and transposed convolutions in any number of dimensions, as sparse linear maps."""

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import Indices, SparseWeights, combined, require_room
from verishallow.read.onnx.node import Ints, Node, Operator, Table, require_constant
from verishallow.read.onnx.tensors import MAX_ENTRIES, Tensor, bounded_size, require_constant_factor, reshaped, total
from verishallow.read.onnx.windows import WINDOW, WindowAxis, axes_of_windows, crossed, everywhere, windows_of
from verishallow.read.places import shown


@dataclass(frozen=True, slots=True, eq=False)
class Taps:
    """Which spatial entry of the result reads which of the tensor, through which place of the kernel."""

    shape: tuple[int, ...]
    results: Indices
    entries: Indices
    places: Indices


def _conv(node: Node) -> Tensor:
    (tensor, weight), bias = node.tensors[:2], node.inputs[2]
    _check_factors(tensor, weight)
    outer, inner = weight.shape[:2]
    groups = _groups(node, outer)
    numbers = np.arange(outer * inner).reshape(groups, outer // groups, inner)
    windows = windows_of(axes_of_windows(node, tensor.shape[2:], weight.shape[2:]))
    inside = np.flatnonzero(windows.inside)
    results, places = np.divmod(inside, windows.entries.shape[1])
    taps = Taps(windows.shape, results, windows.entries.ravel()[inside], places)
    return _with_bias(_filtered(tensor, weight, numbers, taps), bias)


def _conv_transpose(node: Node) -> Tensor:
    (tensor, weight), bias = node.tensors[:2], node.inputs[2]
    _check_factors(tensor, weight)
    inner, outer = weight.shape[:2]
    groups = _groups(node, inner)
    numbers = np.arange(inner * outer).reshape(groups, inner // groups, outer).swapaxes(1, 2)
    taps = _transposed_taps(node, axes_of_windows(node, tensor.shape[2:], weight.shape[2:]))
    return _with_bias(_filtered(tensor, weight, numbers, taps), bias)


def _check_factors(tensor: Tensor, weight: Tensor) -> None:
    require_constant_factor(tensor, weight)
    require_constant(weight, "its weights")
    if len(tensor.shape) < 3 or len(weight.shape) != len(tensor.shape) or 0 in (*tensor.shape, *weight.shape):
        raise NetworkError(f"weights of shape {list(weight.shape)} do not fit a tensor of shape {list(tensor.shape)}")


def _groups(node: Node, channels: int) -> int:
    groups: int = node.attributes["group"]
    kernel = node.attributes["kernel_shape"]
    if groups < 1 or channels % groups:
        raise NetworkError(f"attribute 'group': expected a divisor of {channels} channels, found {groups}")
    shape: tuple[int, ...] = node.tensors[1].shape[2:]
    if kernel is not None and tuple(kernel) != shape:
        raise NetworkError(f"attribute 'kernel_shape': expected {list(shape)} as the weights, found {list(kernel)}")
    return groups


def _filtered(tensor: Tensor, weight: Tensor, numbers: Indices, taps: Taps) -> Tensor:
    """The sum over the channels of each group; ``numbers`` has those of the weights, by group, result and channel."""
    groups, outer, inner = numbers.shape
    batch, channels = tensor.shape[:2]
    if channels != groups * inner:
        raise NetworkError(f"expected {groups * inner} channels, found {channels}")
    shape = (batch, groups * outer, *taps.shape)
    terms = (batch, groups, outer, inner, len(taps.results))
    bounded_size(shape)
    require_room(prod(terms))
    n, g, o, i = np.ogrid[:batch, :groups, :outer, :inner]
    spatial, kernel = prod(tensor.shape[2:]), prod(weight.shape[2:])
    rows = ((n * groups + g) * outer + o)[..., None] * prod(taps.shape) + taps.results
    entries = ((n * groups + g) * inner + i)[..., None] * spatial + taps.entries
    values = weight.rows.constants[numbers[..., None] * kernel + taps.places]
    flat = (np.broadcast_to(array, terms).ravel() for array in (rows, entries, values))
    return Tensor(shape, combined(tensor.rows, SparseWeights(prod(shape), *flat)), tensor.kind)


def _with_bias(tensor: Tensor, bias: Tensor | None) -> Tensor:
    if bias is None:
        return tensor
    if bias.shape != tensor.shape[1:2]:
        raise NetworkError(f"a bias of shape {list(bias.shape)} is not one number per channel of {list(tensor.shape)}")
    return total(tensor, reshaped(bias, (bias.size, *(1,) * (len(tensor.shape) - 2))))


def _transposed_taps(node: Node, axes: list[WindowAxis]) -> Taps:
    """Here a window lies in the result: it holds the entries to which one entry of the tensor is added."""
    placed = _placed(node, axes)
    shape = tuple(size for _, size in placed)
    bounded_size(shape)
    require_room(prod(axis.size * axis.kernel for axis in axes))
    along = [axis.entries(axis.size) for axis, _ in placed]
    inside = np.flatnonzero(everywhere([(a >= 0) & (a < size) for a, size in zip(along, shape, strict=True)]))
    entries, places = np.divmod(inside, prod(axis.kernel for axis in axes))
    return Taps(shape, crossed(along, list(shape)).ravel()[inside], entries, places)


def _placed(node: Node, axes: list[WindowAxis]) -> list[tuple[WindowAxis, int]]:
    """Each axis with its pads, and the size of the result along it."""
    extras = node.attributes["output_padding"] or (0,) * len(axes)
    wanted = node.attributes["output_shape"] or (None,) * len(axes)
    if len(extras) != len(axes) or len(wanted) != len(axes) or min(extras) < 0 or max(extras) > MAX_ENTRIES:
        raise NetworkError(f"expected {len(axes)} natural numbers as 'output_padding' and as 'output_shape'")
    automatic = node.attributes["auto_pad"]
    placed = [_along(axis, extra, size, automatic) for axis, extra, size in zip(axes, extras, wanted, strict=True)]
    if min(size for _, size in placed) < 1:
        raise NetworkError(f"the result would have shape {shown([size for _, size in placed])}")
    return placed


def _along(axis: WindowAxis, extra: int, wanted: int | None, automatic: str) -> tuple[WindowAxis, int]:
    full = axis.stride * (axis.size - 1) + extra + axis.reach
    if wanted is None and not automatic.startswith("SAME"):
        return axis, full - axis.before - axis.after
    size = axis.size * axis.stride if wanted is None else wanted
    surplus = max(full - size, 0)
    before = surplus // 2 if automatic == "SAME_UPPER" else surplus - surplus // 2
    return replace(axis, before=before, after=surplus - before), size


_CONVOLUTION = {**WINDOW, "group": 1}

OPERATORS: Table = {
    "Conv": Operator(_conv, 2, 3, _CONVOLUTION),
    "ConvTranspose": Operator(_conv_transpose, 2, 3, {**_CONVOLUTION, "output_padding": Ints, "output_shape": Ints}),
}
