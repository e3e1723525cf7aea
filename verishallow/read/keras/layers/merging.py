"""Keras's layers that merge tensors, and its operations on tensors and numbers."""

from functools import reduce

from verishallow.errors import InputError
from verishallow.read.keras.layers.activations import ACTIVATIONS
from verishallow.read.keras.layers.calls import Call, Rule, Value


def _several(call: Call) -> list[Value]:
    """The merged tensors, all with the same number of axes; there may be one."""
    tensors = call.tensors()
    if not tensors or len({each.rank for each in tensors}) > 1:
        raise InputError(f"expected tensors with the same number of axes, found {[each.rank for each in tensors]}")
    return tensors


def _added(call: Call) -> Value:
    return reduce(lambda total, each: call.then("Add", total, each.name), _several(call))


def _averaged(call: Call) -> Value:
    return call.then("Div", _added(call), call.number(len(call.inputs)))


def _subtracted(call: Call) -> Value:
    first, *others = _several(call)
    if len(others) != 1:
        raise InputError(f"expected two inputs, found {len(others) + 1}")
    return call.then("Sub", first, others[0].name)


def _extreme(operator: str) -> Rule:
    def rule(call: Call) -> Value:
        first, *others = _several(call)
        return call.then(operator, first, *(each.name for each in others))

    return rule


def _concatenated(call: Call) -> Value:
    first, *others = _several(call)
    axis = call.settings.integer("axis", -1)
    if axis == 0 or not -first.rank < axis < first.rank:
        raise InputError(f"axis: expected one of the axes after the batch, found {axis}")
    return call.then("Concat", first, *(each.name for each in others), axis=axis)


LAYERS: dict[str, Rule] = {
    "Add": _added,
    "Average": _averaged,
    "Concatenate": _concatenated,
    "Maximum": _extreme("Max"),
    "Minimum": _extreme("Min"),
    "Subtract": _subtracted,
}


def _binary(operator: str) -> Rule:
    def rule(call: Call) -> Value:
        if len(call.inputs) != 2:
            raise InputError(f"expected two operands, found {len(call.inputs)}")
        names = [each.name if isinstance(each, Value) else call.number(each) for each in call.inputs]
        rank = max(each.rank for each in call.inputs if isinstance(each, Value))
        return Value(call.graph.apply(operator, *names), rank)

    return rule


def _unary(operator: str) -> Rule:
    return lambda call: call.then(operator, call.only())


def _chosen(call: Call) -> Value:
    """By a condition, of two; numbers are in the type of the tensors."""
    if len(call.inputs) != 3:
        raise InputError(f"expected a condition and two to choose between, found {len(call.inputs)} operands")
    names = [each.name if isinstance(each, Value) else call.number(each) for each in call.inputs]
    rank = max(each.rank for each in call.inputs if isinstance(each, Value))
    return Value(call.graph.apply("Where", *names), rank)


COMPARISONS: dict[str, Rule] = {
    **{name: _binary(name) for name in ("Equal", "Greater", "Less")},
    "GreaterEqual": _binary("GreaterOrEqual"),
    "LessEqual": _binary("LessOrEqual"),
    "LogicalAnd": _binary("And"),
    "LogicalNot": _unary("Not"),
    "LogicalOr": _binary("Or"),
    "LogicalXor": _binary("Xor"),
    "Sign": _unary("Sign"),
    "Where": _chosen,
}
"""Comparisons, and what chooses by them: the ONNX reader says whether the result is continuous."""

OPERATIONS: dict[str, Rule] = {
    **COMPARISONS,
    "Absolute": _unary("Abs"),
    "Add": _binary("Add"),
    "Divide": _binary("Div"),
    "Maximum": _binary("Max"),
    "Minimum": _binary("Min"),
    "Multiply": _binary("Mul"),
    "Negative": _unary("Neg"),
    "Relu": _unary("Relu"),
    "Relu6": lambda call: ACTIVATIONS["relu6"](call, call.only()),
    "Subtract": _binary("Sub"),
    "TrueDivide": _binary("Div"),
}
"""The functions of ``keras.ops`` and Python's operators, each as a rule."""
