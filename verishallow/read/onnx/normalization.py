"""Batch normalisation for inference: one affine map per channel, its scale exact or the nearest float."""

from math import isqrt
from typing import NamedTuple

from gmpy2 import is_square, mpq

from verishallow.errors import NetworkError
from verishallow.read.onnx.node import Node, Operator, Table, float32, require_constant
from verishallow.read.onnx.tensors import Tensor, multiplied, reshaped, scaled, total


class Precision(NamedTuple):
    """The floats ``m * 2^e`` with ``|m| < 2^bits`` and ``least <= e <= greatest``."""

    name: str
    bits: int
    least: int
    greatest: int


FLOAT32 = Precision("float32", 24, -149, 104)
FLOAT64 = Precision("float64", 53, -1074, 971)


def _batch_normalization(node: Node) -> Tensor:
    tensor = node.first
    if node.attributes["training_mode"] or not node.attributes["spatial"]:
        raise NetworkError("expected batch normalisation for inference, a channel at a time")
    gamma, beta, mean, variance = (_by_channel(tensor, given) for given in node.tensors[1:])
    scale = Tensor.of(_scales(node, gamma, variance), gamma.shape)
    return total(scaled(tensor, scale), total(beta, multiplied(scaled(mean, scale), -1)))


def _by_channel(tensor: Tensor, given: Tensor) -> Tensor:
    """A list of one number per channel, in the shape in which it is broadcast."""
    if len(tensor.shape) < 2 or given.shape != tensor.shape[1:2]:
        raise NetworkError(f"shape {list(given.shape)} is not one number per channel of {list(tensor.shape)}")
    return reshaped(require_constant(given, "each statistic"), (given.size, *(1,) * (len(tensor.shape) - 2)))


def _scales(node: Node, gamma: Tensor, variance: Tensor) -> list[mpq]:
    epsilon, precision = node.exact("epsilon"), FLOAT64 if gamma.kind == "DOUBLE" else FLOAT32
    pairs = zip(gamma.rows.constants.tolist(), variance.rows.constants.tolist(), strict=True)
    found = [_scale(g, v + epsilon, precision) for g, v in pairs]
    if rounded := sum(irrational for _, irrational in found):
        node.notes.plain.append(
            f"{rounded} of {len(found)} scales gamma / sqrt(variance + epsilon) are irrational: the {precision.name} "
            "nearest to each is taken; the shifts are exact"
        )
    return [scale for scale, _ in found]


def _scale(gamma: mpq, variance: mpq, precision: Precision) -> tuple[mpq, bool]:
    """``gamma / sqrt(variance)``, and whether it had to be rounded."""
    if variance <= 0:
        raise NetworkError("expected every variance + epsilon to be positive, found one that is not")
    square = gamma * gamma / variance
    sign = (gamma > 0) - (gamma < 0)
    if is_square(square.numerator) and is_square(square.denominator):
        return sign * mpq(isqrt(int(square.numerator)), isqrt(int(square.denominator))), False
    return sign * nearest_root(square, precision), True


def nearest_root(square: mpq, precision: Precision) -> mpq:
    """The float nearest to the square root of a positive rational whose root is irrational.

    >>> float(nearest_root(mpq(2), FLOAT64)) == 2**0.5
    True
    """
    size = (square.numerator.bit_length() - square.denominator.bit_length()) // 2
    # The root is at least 2^(size - 1/2) and below 2^(size + 1): one more step reaches the exponent.
    exponent = max(size - precision.bits, precision.least)
    if _rounded_root(square, exponent) >> precision.bits:
        exponent += 1
    digits = _rounded_root(square, exponent)
    if exponent + (digits >> precision.bits) > precision.greatest:
        raise NetworkError(f"a scale gamma / sqrt(variance + epsilon) is larger than any {precision.name}")
    return digits * _power_of_two(exponent)


def _power_of_two(exponent: int) -> mpq:
    return mpq(1 << exponent) if exponent >= 0 else mpq(1, 1 << -exponent)


def _rounded_root(square: mpq, exponent: int) -> int:
    """The integer nearest to ``sqrt(square) / 2^exponent``; there is no tie, as the root is irrational."""
    four_times = 4 * square / _power_of_two(2 * exponent)
    doubled = isqrt(int(four_times.numerator // four_times.denominator))
    return (doubled + 1) // 2


OPERATORS: Table = {
    "BatchNormalization": Operator(
        _batch_normalization,
        5,
        5,
        {"epsilon": float32(1e-5), "momentum": float, "training_mode": 0, "spatial": 1},
        outputs=5,
    ),
}
"""The attribute ``spatial`` and outputs after the first are of exports before opset 9."""
