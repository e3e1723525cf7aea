"""What each supported ONNX operator does to exact tensors: one short function an operator, and the table of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import onnx
from flint import fmpq

from verishallow.errors import NetworkError
from verishallow.read.onnx_constants import constant_tensor, exact_values
from verishallow.read.places import shown
from verishallow.read.tensors import Tensor, broadcast, common_shape, matmul, reshaped, scaled, total, transposed

ONLY = "only piecewise-linear operators are exact"


@dataclass(frozen=True, slots=True)
class Node:
    """What an operator works on.

    ``inputs`` are the tensors it is given, None for one left out; ``hidden`` are the pre-activations of the
    hidden layers so far, to which a ReLU adds its own.
    """

    inputs: tuple[Any, ...]
    attributes: Mapping[str, Any]
    hidden: list[Tensor]


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator's function, how many inputs it takes, and its attributes with their defaults (None: any value)."""

    function: Callable[[Node], Tensor]
    least: int
    most: int
    attributes: Mapping[str, Any] = field(default_factory=dict)


def apply(
    operator_type: str, inputs: Sequence[Tensor | None], attributes: Mapping[str, Any], hidden: list[Tensor]
) -> Tensor:
    """The output of one node; its errors leave it to the caller to say which node that is."""
    operator = OPERATORS[operator_type]
    required = inputs[: operator.least]
    if len(required) < operator.least or None in required or len(inputs) > operator.most:
        raise NetworkError(f"expected {_counted(operator)}, found {sum(x is not None for x in inputs)}")
    padded = (*inputs, *(None,) * (operator.most - len(inputs)))
    return operator.function(Node(padded, _attributes(operator, attributes), hidden))


def _counted(operator: Operator) -> str:
    if operator.least == operator.most:
        return f"{operator.least} input{'' if operator.least == 1 else 's'}"
    return f"{operator.least} to {operator.most} inputs"


def _attributes(operator: Operator, given: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        if name not in operator.attributes:
            raise NetworkError(
                f"unknown attribute {shown(name)}, expected only: {', '.join(operator.attributes) or 'none'}; "
                "older exports may need opset 7 or later"
            )
        default = operator.attributes[name]
        if default is not None and type(value) is not type(default):
            raise NetworkError(f"attribute {name!r}: expected {type(default).__name__}, found {shown(value)}")
    return {**operator.attributes, **given}


def _add(node: Node) -> Tensor:
    return total(*node.inputs)


def _sub(node: Node) -> Tensor:
    first, second = node.inputs
    return total(first, scaled(second, fmpq(-1)))


def _matmul(node: Node) -> Tensor:
    return matmul(*node.inputs)


def _gemm(node: Node) -> Tensor:
    first, second, bias = node.inputs
    for factor in (first, second):
        _require_rank_two(factor)
    alpha, beta = exact_values([node.attributes["alpha"], node.attributes["beta"]], "attributes 'alpha', 'beta'")
    first = transposed(first) if node.attributes["transA"] else first
    second = transposed(second) if node.attributes["transB"] else second
    # The factor goes to a constant: scaling an activation would make its selection dense.
    first, second = (scaled(first, alpha), second) if first.is_constant() else (first, scaled(second, alpha))
    product = matmul(first, second)
    return product if bias is None else _added_bias(product, scaled(bias, beta))


def _require_rank_two(factor: Tensor) -> None:
    if len(factor.shape) != 2:
        raise NetworkError(f"expected factors of rank 2, found shape {list(factor.shape)}")


def _added_bias(product: Tensor, bias: Tensor) -> Tensor:
    if common_shape(product, bias) != product.shape:
        raise NetworkError(f"shape {list(bias.shape)} of C cannot be broadcast to {list(product.shape)}")
    return total(product, broadcast(bias, product.shape))


def _relu(node: Node) -> Tensor:
    argument = node.inputs[0].without_zero_parts()
    if argument.is_constant():
        return Tensor.of((max(value, fmpq(0)) for value in argument.constant), argument.shape)
    node.hidden.append(argument)
    return Tensor.source(len(node.hidden), argument.shape)


def _flatten(node: Node) -> Tensor:
    tensor, axis = node.inputs[0], node.attributes["axis"]
    rank = len(tensor.shape)
    if not -rank <= axis <= rank:
        raise NetworkError(f"attribute 'axis': expected from {-rank} to {rank}, found {axis}")
    split = axis % rank if axis < 0 else axis
    return reshaped(tensor, (prod(tensor.shape[:split]), prod(tensor.shape[split:])))


def _reshape(node: Node) -> Tensor:
    tensor, wanted = node.inputs
    sizes = _integers(wanted)
    if not node.attributes["allowzero"]:
        sizes = [_copied(tensor, axis) if size == 0 else size for axis, size in enumerate(sizes)]
    if sizes.count(-1) > 1 or min(sizes, default=0) < -1:
        raise NetworkError(f"expected sizes with at most one -1, found {sizes}")
    if -1 in sizes:
        sizes[sizes.index(-1)] = tensor.size // (-prod(sizes) or 1)
    return reshaped(tensor, sizes)


def _integers(tensor: Tensor) -> list[int]:
    if not tensor.is_constant() or len(tensor.shape) != 1 or any(value.q != 1 for value in tensor.constant):
        raise NetworkError("expected its shape to be a constant list of integers")
    return [int(value.p) for value in tensor.constant]


def _copied(tensor: Tensor, axis: int) -> int:
    if axis >= len(tensor.shape):
        raise NetworkError(f"size 0 at axis {axis} copies from shape {list(tensor.shape)}, which has no such axis")
    return tensor.shape[axis]


def _identity(node: Node) -> Tensor:
    tensor: Tensor = node.inputs[0]
    return tensor


def _constant(node: Node) -> Tensor:
    given = [name for name, value in node.attributes.items() if value is not None]
    if len(given) != 1:
        raise NetworkError(f"expected one of the attributes {', '.join(_CONSTANTS)}, found {len(given)}")
    name = given[0]
    value = node.attributes[name]
    _require_kind(name, value)
    if isinstance(value, onnx.TensorProto):
        return constant_tensor(value)
    place = f"attribute {name!r}"
    if isinstance(value, list):
        return Tensor.of(exact_values(value, place), (len(value),))
    return Tensor.of(exact_values([value], place), ())


def _require_kind(name: str, value: object) -> None:
    if not isinstance(value, _CONSTANTS[name]):
        raise NetworkError(f"attribute {name!r}: expected {_CONSTANTS[name].__name__}, found {type(value).__name__}")


_CONSTANTS: dict[str, type] = {
    "value": onnx.TensorProto,
    "value_float": float,
    "value_floats": list,
    "value_int": int,
    "value_ints": list,
}

OPERATORS: dict[str, Operator] = {
    "Add": Operator(_add, 2, 2),
    "Constant": Operator(_constant, 0, 0, dict.fromkeys(_CONSTANTS)),
    "Flatten": Operator(_flatten, 1, 1, {"axis": 1}),
    "Gemm": Operator(_gemm, 2, 3, {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}),
    "Identity": Operator(_identity, 1, 1),
    "MatMul": Operator(_matmul, 2, 2),
    "Relu": Operator(_relu, 1, 1),
    "Reshape": Operator(_reshape, 2, 2, {"allowzero": 0}),
    "Sub": Operator(_sub, 2, 2),
}
"""The supported operators of the standard domain, by name."""


def require_supported(operator_type: str, domain: str) -> None:
    """Refuse an operator outside the table, with the reason."""
    standard = domain in ("", "ai.onnx")
    if standard and operator_type in OPERATORS:
        return
    reason = f"of the domain {shown(domain)}; " if not standard else ""
    raise NetworkError(f"{reason}{ONLY}; supported: {', '.join(OPERATORS)}")
