"""Operators that give constants: stored values, shapes and what exporters compute with them."""

from collections.abc import Callable
from math import prod
from operator import and_, eq, ge, gt, le, lt, or_, xor
from typing import Any

import numpy as np
import onnx

from verishallow.affine import ZERO
from verishallow.errors import NetworkError
from verishallow.read.onnx.constants import constant_tensor, floats
from verishallow.read.onnx.node import Floats, Ints, Node, Operator, Table, integers, one_number, require_constant
from verishallow.read.onnx.tensors import Tensor, bounded_size, repeated_alike
from verishallow.read.places import shown


def _constant(node: Node) -> Tensor:
    given = [(name, value) for name, value in node.attributes.items() if value is not None]
    if len(given) != 1:
        raise NetworkError(f"expected one of the attributes {', '.join(_CONSTANTS)}, found {len(given)}")
    name, value = given[0]
    if isinstance(value, onnx.TensorProto):
        return constant_tensor(value)
    if isinstance(value, int | Ints):
        entries = list(value) if isinstance(value, Ints) else [value]
        return Tensor.of(entries, np.shape(value), "INT64")
    return floats(np.array(value), "FLOAT", f"attribute {name!r}")


_CONSTANTS: dict[str, type] = {
    "value": onnx.TensorProto,
    "value_float": float,
    "value_floats": Floats,
    "value_int": int,
    "value_ints": Ints,
}


def _constant_of_shape(node: Node) -> Tensor:
    sizes = integers(node.first, "its shape")
    if min(sizes, default=0) < 0:
        raise NetworkError(f"expected natural numbers as its shape, found {shown(sizes)}")
    stored = node.attributes["value"]
    value = Tensor.of([0], (1,)) if stored is None else constant_tensor(stored)
    if value.size != 1 or value.defect:
        raise NetworkError(f"attribute 'value': expected one finite number, found shape {list(value.shape)}")
    return Tensor.of([value.rows.constants[0]] * bounded_size(sizes), sizes, value.kind)


def _shape(node: Node) -> Tensor:
    sizes = node.first.shape[slice(node.attributes["start"], node.attributes["end"])]
    return Tensor.of(sizes, (len(sizes),), "INT64")


def _size(node: Node) -> Tensor:
    return Tensor.of([node.first.size], (), "INT64")


def _range(node: Node) -> Tensor:
    start, limit, step = (one_number(tensor, "each bound") for tensor in node.tensors)
    if not step:
        raise NetworkError("expected a step other than 0, found 0")
    count = max(-int((start - limit) // step), 0)
    bounded_size([count])
    return Tensor.of([start + step * number for number in range(count)], (count,), node.first.kind)


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Node], Tensor]:
    def function(node: Node) -> Tensor:
        first, second = repeated_alike(*(require_constant(tensor, "what it compares") for tensor in node.tensors))
        pairs = zip(first.rows.constants.tolist(), second.rows.constants.tolist(), strict=True)
        return Tensor.of([int(compare(a, b)) for a, b in pairs], first.shape, "BOOL")

    return function


def _logical(combine: Callable[[bool, bool], bool]) -> Callable[[Node], Tensor]:
    return _compared(lambda a, b: combine(a != ZERO, b != ZERO))


def _not(node: Node) -> Tensor:
    tensor = require_constant(node.first, "what it negates")
    return Tensor.of([int(entry == 0) for entry in tensor.rows.constants.tolist()], tensor.shape, "BOOL")


def _reduced_product(node: Node) -> Tensor:
    tensor = require_constant(node.first, "what it multiplies")
    if node.attributes["axes"] not in (None, (0,)) or len(tensor.shape) > 1 or node.inputs[1] is not None:
        raise NetworkError("expected the product of all entries of a list, found other axes")
    shape = (1,) * len(tensor.shape) if node.attributes["keepdims"] else ()
    return Tensor.of([prod(integers(tensor, "what it multiplies"))], shape, tensor.kind)


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equal": eq,
    "Greater": gt,
    "GreaterOrEqual": ge,
    "Less": lt,
    "LessOrEqual": le,
}

OPERATORS: Table = {
    "And": Operator(_logical(and_), 2, 2, booleans=True),
    "Constant": Operator(_constant, 0, 0, _CONSTANTS),
    "ConstantOfShape": Operator(_constant_of_shape, 1, 1, {"value": onnx.TensorProto}),
    "Not": Operator(_not, 1, 1, booleans=True),
    "Or": Operator(_logical(or_), 2, 2, booleans=True),
    "Range": Operator(_range, 3, 3),
    "ReduceProd": Operator(_reduced_product, 1, 2, {"axes": Ints, "keepdims": 1, "noop_with_empty_axes": 0}),
    "Shape": Operator(_shape, 1, 1, {"start": 0, "end": int}, booleans=True),
    "Size": Operator(_size, 1, 1, booleans=True),
    "Xor": Operator(_logical(xor), 2, 2, booleans=True),
    **{name: Operator(_compared(compare), 2, 2, booleans=True) for name, compare in COMPARISONS.items()},
}
