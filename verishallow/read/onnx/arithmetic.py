"""Sums, differences, and products and quotients by constants."""

from functools import reduce

import numpy as np
from gmpy2 import f_div, mpq

from verishallow.affine import ONE
from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import Objects, constant_rows
from verishallow.read.onnx.constants import INTEGER
from verishallow.read.onnx.node import ANY_NUMBER, Node, Operator, Table, require_constant
from verishallow.read.onnx.refusals import CURVED, not_exact
from verishallow.read.onnx.tensors import MULTIPLICATIVE, Tensor, multiplied, product, repeated_alike, scaled, total


def _add(node: Node) -> Tensor:
    return total(*node.tensors)


def _sub(node: Node) -> Tensor:
    first, second = node.tensors
    return total(first, multiplied(second, -1))


def _mul(node: Node) -> Tensor:
    return product(*node.tensors)


def _div(node: Node) -> Tensor:
    first, second = node.first, node.tensors[1].settled()
    if not second.is_constant():
        raise NetworkError("the divisor depends on the network's input: a quotient of activations is not linear")
    if not second.rows.constants.all():
        raise NetworkError("expected a divisor without zeros, found a 0 among its entries")
    if first.is_constant() and first.kind in INTEGER:
        return _truncated(scaled(first, _inverse(second)))
    return scaled(first, _inverse(second))


def _inverse(tensor: Tensor) -> Tensor:
    return Tensor.of(ONE / tensor.rows.constants, tensor.shape, tensor.kind)


def _truncated(tensor: Tensor) -> Tensor:
    """A quotient of integers is rounded towards 0."""
    entries = [mpq(int(value)) for value in tensor.rows.constants.tolist()]
    return Tensor.of(entries, tensor.shape, tensor.kind)


def _reciprocal(node: Node) -> Tensor:
    tensor = require_constant(node.first, "what it inverts")
    if not tensor.rows.constants.all():
        raise NetworkError("expected entries other than 0, found a 0")
    return _inverse(tensor)


def _pow(node: Node) -> Tensor:
    """Powers 1 and 0, entry by entry; of constants all are folded before."""
    base, exponents = repeated_alike(*node.tensors)
    if not exponents.is_constant():
        raise not_exact(CURVED)
    wanted = exponents.rows.constants
    if others := [value for value in wanted.tolist() if value not in (0, 1)]:
        natural = others[0].denominator == 1 and others[0] > 0
        raise not_exact(f"the power {others[0]}: {MULTIPLICATIVE if natural else CURVED}")
    ones = constant_rows([1] * base.size)
    return base.with_rows(base.rows.replaced(np.flatnonzero(wanted == 0), ones.picked(np.flatnonzero(wanted == 0))))


def _neg(node: Node) -> Tensor:
    return multiplied(node.first, -1)


def _sum(node: Node) -> Tensor:
    return reduce(total, node.tensors)


def _mean(node: Node) -> Tensor:
    return multiplied(reduce(total, node.tensors), mpq(1, len(node.tensors)))


def _mod(node: Node) -> Tensor:
    if node.attributes["fmod"]:
        raise NetworkError("attribute 'fmod': expected 0, found another value")
    first, second = repeated_alike(*(require_constant(tensor, "each side") for tensor in node.tensors))
    if not second.rows.constants.all():
        raise NetworkError("expected a divisor without zeros, found a 0 among its entries")
    return Tensor.of(_remainders(first.rows.constants, second.rows.constants), first.shape, first.kind)


def _remainders(first: Objects, second: Objects) -> list[mpq]:
    return [a - b * _floor(a / b) for a, b in zip(first.tolist(), second.tolist(), strict=True)]


def _floor(value: mpq) -> int:
    return int(f_div(value.numerator, value.denominator))


def _rounded_down(node: Node) -> Tensor:
    return _rounded(node, [_floor(value) for value in _rounding(node)])


def _rounded_up(node: Node) -> Tensor:
    return _rounded(node, [-_floor(-value) for value in _rounding(node)])


def _rounding(node: Node) -> list[mpq]:
    entries: list[mpq] = require_constant(node.first, "what it rounds").rows.constants.tolist()
    return entries


def _rounded(node: Node, entries: list[int]) -> Tensor:
    return Tensor.of(entries, node.first.shape, node.first.kind)


OPERATORS: Table = {
    "Add": Operator(_add, 2, 2),
    "Ceil": Operator(_rounded_up, 1, 1),
    "Div": Operator(_div, 2, 2),
    "Floor": Operator(_rounded_down, 1, 1),
    "Mean": Operator(_mean, 1, ANY_NUMBER),
    "Mod": Operator(_mod, 2, 2, {"fmod": 0}),
    "Mul": Operator(_mul, 2, 2),
    "Neg": Operator(_neg, 1, 1),
    "Pow": Operator(_pow, 2, 2),
    "Reciprocal": Operator(_reciprocal, 1, 1),
    "Sub": Operator(_sub, 2, 2),
    "Sum": Operator(_sum, 1, ANY_NUMBER),
}
