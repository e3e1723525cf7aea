"""Keras's piecewise-linear activations, as names in a layer's settings and as layers."""

from collections.abc import Callable

from verishallow.errors import InputError
from verishallow.read.keras.layers.calls import Call, Rule, Value
from verishallow.read.places import shown


def _hard_sigmoid(call: Call, x: Value) -> Value:
    clipped = call.then("Clip", call.then("Add", x, call.number(3)), call.number(0), call.number(6))
    return call.then("Div", clipped, call.number(6))


def _sparse_sigmoid(call: Call, x: Value) -> Value:
    clipped = call.then("Clip", x, call.number(-1), call.number(1))
    return call.then("Mul", call.then("Add", clipped, call.number(1)), call.number(0.5))


ACTIVATIONS: dict[str, Callable[[Call, Value], Value]] = {
    "linear": lambda _, x: x,
    "relu": lambda call, x: call.then("Relu", x),
    "relu6": lambda call, x: call.then("Clip", x, call.number(0), call.number(6)),
    "leaky_relu": lambda call, x: call.then("LeakyRelu", x, alpha=0.2),
    "hard_sigmoid": _hard_sigmoid,
    "hard_tanh": lambda call, x: call.then("Clip", x, call.number(-1), call.number(1)),
    "soft_shrink": lambda call, x: call.then("Shrink", x, lambd=0.5, bias=0.5),
    "sparse_sigmoid": _sparse_sigmoid,
    # A final one of these two can be cut off on request; the ONNX reader decides.
    "softmax": lambda call, x: call.then("Softmax", x, axis=-1),
    "sigmoid": lambda call, x: call.then("Sigmoid", x),
}
"""Keras's named activations, each as a function that adds its ONNX operators."""


def activated(call: Call, value: Value) -> Value:
    """A value after the activation that the layer's settings name."""
    activation = call.settings.value("activation") or "linear"
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise InputError(
            f"expected one of the activations {', '.join(ACTIVATIONS)}, found {shown(activation)}: "
            "only piecewise-linear ones are exact"
        )
    return ACTIVATIONS[activation](call, value)


def _activation(call: Call) -> Value:
    return activated(call, call.only())


def _relu(call: Call) -> Value:
    if call.settings.number("threshold", 0.0):
        raise InputError("threshold: expected 0, found another, at which the activation would jump")
    slope = call.settings.number("negative_slope", 0.0)
    value = call.then("LeakyRelu", call.only(), alpha=slope) if slope else call.then("Relu", call.only())
    if call.settings.value("max_value") is None:
        return value
    return call.then("Min", value, call.number(call.settings.number("max_value")))


def _leaky_relu(call: Call) -> Value:
    return call.then("LeakyRelu", call.only(), alpha=call.settings.number("negative_slope", 0.3))


def _p_relu(call: Call) -> Value:
    call.settings.ignore("shared_axes")  # the slopes have size 1 along them
    value = call.only()
    return call.then("PRelu", value, call.graph.constant(call.weight(value.rank - 1)))


def _softmax(call: Call) -> Value:
    return call.then("Softmax", call.only(), axis=call.settings.integer("axis", -1))


LAYERS: dict[str, Rule] = {
    "Activation": _activation,
    "LeakyReLU": _leaky_relu,
    "PReLU": _p_relu,
    "ReLU": _relu,
    "Softmax": _softmax,
}
