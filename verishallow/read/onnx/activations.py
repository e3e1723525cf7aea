"""Piecewise-linear activations as ReLU that read earlier layers."""

from functools import reduce

import numpy as np
from gmpy2 import mpq

from verishallow.affine import ONE, ZERO
from verishallow.errors import NetworkError
from verishallow.read.onnx import maxima
from verishallow.read.onnx.affine_rows import AffineRows, Objects, constant_rows, minus, plus, stacked, times
from verishallow.read.onnx.constants import LARGEST
from verishallow.read.onnx.node import ANY_NUMBER, Node, Operator, Table, float32, one_number, require_constant
from verishallow.read.onnx.refusals import JUMPING, not_exact
from verishallow.read.onnx.tensors import Tensor, broadcast, common_shape, multiplied, repeated_alike


def _relu(node: Node) -> Tensor:
    tensor = node.first
    return tensor.with_rows(node.neurons.relu(tensor.rows))


def _leaky_relu(node: Node) -> Tensor:
    tensor = node.first
    slopes = np.full(tensor.size, node.exact("alpha"), dtype=object)
    return tensor.with_rows(maxima.leaky(node.neurons, tensor.rows, slopes))


def _prelu(node: Node) -> Tensor:
    tensor, slope = node.tensors
    if common_shape(tensor.shape, slope.shape) != tensor.shape:
        raise NetworkError(f"slopes of shape {list(slope.shape)} cannot be broadcast to {list(tensor.shape)}")
    slopes = broadcast(require_constant(slope, "its slope"), tensor.shape).rows.constants
    return tensor.with_rows(maxima.leaky(node.neurons, tensor.rows, slopes))


def _abs(node: Node) -> Tensor:
    tensor = node.first
    return tensor.with_rows(maxima.absolute(node.neurons, tensor.rows))


def _clip(node: Node) -> Tensor:
    tensor, least, greatest = node.first, *node.inputs[1:]
    low, high = _bound(node, "min", least), _bound(node, "max", greatest)
    # Exporters write the largest float, or infinity, where they mean no bound.
    low = None if low is not None and low <= -LARGEST else low
    high = None if high is not None and high >= LARGEST else high
    return tensor.with_rows(_clipped(node, tensor.rows, low, high))


def _bound(node: Node, name: str, given: Tensor | None) -> mpq | None:
    if given is not None:
        return one_number(given, f"its bound {name!r}")
    return None if node.attributes[name] is None else node.exact(name)


def _hard_sigmoid(node: Node) -> Tensor:
    tensor = node.first
    scaled = times(tensor.rows, _repeated(node.exact("alpha"), tensor.size))
    shifted = plus(scaled, constant_rows(_repeated(node.exact("beta"), tensor.size)))
    return tensor.with_rows(_clipped(node, shifted, ZERO, ONE))


def _clipped(node: Node, rows: AffineRows, low: mpq | None, high: mpq | None) -> AffineRows:
    if low is not None and high is not None:
        node.notes.counted.append("a clip is low + ReLU(h - low) - ReLU(h - high)")
    least, greatest = (bound if bound is None else _repeated(bound, len(rows)) for bound in (low, high))
    return maxima.clipped(node.neurons, rows, least, greatest)


def _repeated(value: mpq, size: int) -> Objects:
    return np.full(size, value, dtype=object)


def _shrink(node: Node) -> Tensor:
    """``h - lambd`` above lambd, ``h + lambd`` below -lambd, and 0 between, where the file has this much of a jump."""
    threshold, bias, tensor = node.exact("lambd"), node.exact("bias"), node.first
    if bias != max(threshold, ZERO):
        raise not_exact(f"{JUMPING}, as its bias {float(bias)} is not its lambd {float(threshold)}")
    if threshold <= 0:
        return tensor
    shift = constant_rows(_repeated(threshold, tensor.size))
    above = node.neurons.relu_if_needed(minus(tensor.rows, shift))
    below = node.neurons.relu_if_needed(minus(maxima.negative(tensor.rows), shift))
    return tensor.with_rows(minus(above, below))


def _thresholded_relu(node: Node) -> Tensor:
    if threshold := node.exact("alpha"):
        raise not_exact(f"{JUMPING} at {float(threshold)}; with 'alpha' 0 it is Relu")
    return _relu(node)


def _max(node: Node) -> Tensor:
    return _extreme(node, 1)


def _min(node: Node) -> Tensor:
    return _extreme(node, -1)


def _extreme(node: Node, sign: int) -> Tensor:
    """The maximum, or with the sign -1 the minimum, of the tensors entry by entry; constants are folded into one."""
    tensors = repeated_alike(*(multiplied(tensor, sign) for tensor in node.tensors))
    fixed = [tensor.rows.constants for tensor in tensors if tensor.is_constant()]
    links = [tensor.rows for tensor in tensors if not tensor.is_constant()]
    links += [constant_rows(reduce(np.maximum, fixed))] if fixed else []
    if len(links) > 2:
        node.notes.counted.append(maxima.chain_of(len(links)))
    windows = np.arange(len(links) * tensors[0].size).reshape(len(links), -1).T
    return multiplied(tensors[0].with_rows(maxima.maxima(node.neurons, stacked(links), windows)), sign)


OPERATORS: Table = {
    "Abs": Operator(_abs, 1, 1),
    "Clip": Operator(_clip, 1, 3, {"min": float, "max": float}, infinities=True),
    "HardSigmoid": Operator(_hard_sigmoid, 1, 1, {"alpha": float32(0.2), "beta": 0.5}),
    "LeakyRelu": Operator(_leaky_relu, 1, 1, {"alpha": float32(0.01)}),
    "Max": Operator(_max, 1, ANY_NUMBER),
    "Min": Operator(_min, 1, ANY_NUMBER),
    "PRelu": Operator(_prelu, 2, 2),
    "Relu": Operator(_relu, 1, 1),
    "Shrink": Operator(_shrink, 1, 1, {"bias": 0.0, "lambd": 0.5}),
    "ThresholdedRelu": Operator(_thresholded_relu, 1, 1, {"alpha": 1.0}),
}
