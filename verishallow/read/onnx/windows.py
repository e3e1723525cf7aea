"""Where the windows of convolutions and pooling lie: kernels, strides, dilations and pads."""

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import Indices, require_room
from verishallow.read.onnx.neurons import Flags
from verishallow.read.onnx.node import Ints, Node
from verishallow.read.onnx.tensors import MAX_ENTRIES, bounded_size
from verishallow.read.places import shown

WINDOW = {"auto_pad": "NOTSET", "dilations": Ints, "kernel_shape": Ints, "pads": Ints, "strides": Ints}
"""The attributes of every operator with windows."""


@dataclass(frozen=True, slots=True)
class WindowAxis:
    """Windows along one axis of ``size`` entries: window o begins at ``o * stride - before``."""

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int

    @property
    def reach(self) -> int:
        """From the first entry of a window to its last, both counted."""
        return (self.kernel - 1) * self.dilation + 1

    def count(self, *, ceil: bool = False) -> int:
        """The number of windows; a last one that is not whole counts if ``ceil``, but not if it begins in the pad."""
        room = self.size + self.before + self.after - self.reach
        if room < 0:
            raise NetworkError(f"a window of {self.reach} entries does not fit into {room + self.reach}, pads included")
        if not ceil:
            return room // self.stride + 1
        count = -(-room // self.stride) + 1
        return count - ((count - 1) * self.stride >= self.size + self.before)

    def entries(self, count: int) -> Indices:
        """The entry that each of ``count`` windows has at each place of the kernel, from -before on."""
        begins = np.arange(count)[:, None] * self.stride - self.before
        return np.asarray(begins + np.arange(self.kernel) * self.dilation)


def axes_of_windows(node: Node, sizes: tuple[int, ...], kernel: tuple[int, ...]) -> list[WindowAxis]:
    """The windows along each spatial axis as the node's attributes say."""
    if not sizes or len(kernel) != len(sizes) or min(kernel) < 1 or max(kernel) > MAX_ENTRIES:
        raise NetworkError(f"a kernel of shape {shown(list(kernel))} does not fit entries of shape {list(sizes)}")
    strides, dilations = (_positive(node, name, len(sizes)) for name in ("strides", "dilations"))
    pads = _pads(node, len(sizes))
    axes = [
        WindowAxis(size, length, stride, dilation, before, after)
        for size, length, stride, dilation, before, after in zip(
            sizes, kernel, strides, dilations, pads[: len(sizes)], pads[len(sizes) :], strict=True
        )
    ]
    return [_padded_alike(axis, node.attributes["auto_pad"]) for axis in axes]


def _positive(node: Node, name: str, rank: int) -> list[int]:
    values = list(node.attributes.get(name) or [1] * rank)
    if len(values) != rank or min(values) < 1 or max(values) > MAX_ENTRIES:
        raise NetworkError(
            f"attribute {name!r}: expected {rank} integers from 1 to {MAX_ENTRIES}, found {shown(values)}"
        )
    return values


def _pads(node: Node, rank: int) -> list[int]:
    pads, automatic = list(node.attributes["pads"] or [0] * 2 * rank), node.attributes["auto_pad"]
    if automatic not in ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"):
        known = "NOTSET, SAME_UPPER, SAME_LOWER or VALID"
        raise NetworkError(f"attribute 'auto_pad': expected {known}, found {shown(automatic)}")
    if len(pads) != 2 * rank or min(pads) < 0 or max(pads) > MAX_ENTRIES:
        raise NetworkError(
            f"attribute 'pads': expected {2 * rank} integers from 0 to {MAX_ENTRIES}, found {shown(pads)}"
        )
    if automatic != "NOTSET" and any(pads):
        raise NetworkError(f"attribute 'pads': expected none beside auto_pad {automatic}, found {shown(pads)}")
    return pads


def _padded_alike(axis: WindowAxis, automatic: str) -> WindowAxis:
    """The axis with the pads that give one window for each stride begun, the odd one above or below."""
    if not automatic.startswith("SAME"):
        return axis
    count = -(-axis.size // axis.stride)
    total = max((count - 1) * axis.stride + axis.reach - axis.size, 0)
    before = total // 2 if automatic == "SAME_UPPER" else total - total // 2
    return replace(axis, before=before, after=total - before)


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """The windows of all axes together: one row per window, one column per place of the kernel, row-major.

    ``entries`` are numbers of spatial entries, meant where ``inside``; ``padded`` marks these and the pads.
    """

    shape: tuple[int, ...]
    entries: Indices
    inside: Flags
    padded: Flags


def windows_of(axes: list[WindowAxis], *, ceil: bool = False) -> Windows:
    """The windows along these axes, combined in all ways."""
    shape = tuple(axis.count(ceil=ceil) for axis in axes)
    bounded_size(shape)
    require_room(prod(shape) * prod(axis.kernel for axis in axes))
    along = [axis.entries(count) for axis, count in zip(axes, shape, strict=True)]
    inside = [(entries >= 0) & (entries < axis.size) for entries, axis in zip(along, axes, strict=True)]
    padded = [entries < axis.size + axis.after for entries, axis in zip(along, axes, strict=True)]
    entries = crossed(along, [axis.size for axis in axes])
    return Windows(shape, entries, everywhere(inside), everywhere(padded))


def crossed(along: list[Indices], sizes: list[int]) -> Indices:
    """Row-major numbers from those along each axis, arrays of rank 2 whose rows and columns are all crossed."""
    result = np.zeros((1, 1), np.int64)
    for numbers, size in zip(along, sizes, strict=True):
        grid = result[:, None, :, None] * size + numbers[None, :, None, :]
        result = grid.reshape(result.shape[0] * numbers.shape[0], result.shape[1] * numbers.shape[1])
    return result


def everywhere(flags: list[Flags]) -> Flags:
    """Where the flags along all axes are set, crossed in the same way."""
    return np.asarray(crossed([flag.astype(np.int64) for flag in flags], [2] * len(flags)) == 2 ** len(flags) - 1)
