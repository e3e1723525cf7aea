"""Activations of ONNX files: which neurons each becomes, and that onnxruntime computes the same."""

from fractions import Fraction

import numpy as np
import pytest
from gmpy2 import mpq

import verishallow
from tests.read.onnx.models import Graph, agrees_with_onnxruntime, floats, graph, node, noise, one, scalar
from verishallow.errors import InputError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read.onnx.network import network_from_onnx

LARGEST = float(np.finfo(np.float32).max)

ACCEPTED: dict[str, Graph] = {
    "relu": one("Relu", hidden=(3,)),
    "relu of a constant": graph(node("Relu", "c", "r"), node("Add", "x r", "y"), c=[-1, 0, 2]),
    "relu of relu": graph(node("Relu", "x", "r"), node("Relu", "r", "y"), hidden=(3,)),
    "relu of a sum of relu is a neuron": graph(
        node("Relu", "x", "r"), node("MatMul", "r w", "s"), node("Relu", "s", "y"), w=floats(3, 1), hidden=(3, 1)
    ),
    "two relu of one tensor": graph(
        node("Relu", "x", "a"), node("Relu", "x", "b"), node("Sub", "a b", "d"), node("Add", "d a", "y"), hidden=(3,)
    ),
    "relu of x and of -x": graph(
        node("Relu", "x", "a"), node("Neg", "x", "m"), node("Relu", "m", "b"), node("Sub", "a b", "y"), hidden=(6,)
    ),
    "leaky": one("LeakyRelu", hidden=(3,)),
    "leaky with a slope": one("LeakyRelu", alpha=0.3, hidden=(3,)),
    "leaky with slope 0 is relu": one("LeakyRelu", alpha=0.0, hidden=(3,)),
    "leaky with slope 1 is nothing": one("LeakyRelu", alpha=1.0),
    "leaky with a steep slope": one("LeakyRelu", alpha=2.5, hidden=(3,)),
    "leaky with a negative slope": one("LeakyRelu", alpha=-0.5, hidden=(3,)),
    "leaky of leaky": graph(
        node("LeakyRelu", "x", "a", alpha=0.25), node("LeakyRelu", "a", "y", alpha=0.5), hidden=(3, 3)
    ),
    "leaky after relu": graph(node("Relu", "x", "a"), node("LeakyRelu", "a", "y"), hidden=(3,)),
    "prelu with one slope": one("PRelu", "x s", s=floats(1, start=1), hidden=(3,)),
    "prelu with a slope each": one("PRelu", "x s", s=np.array([0.25, 1, -1], np.float32), hidden=(2,)),
    "prelu with a slope a channel": one("PRelu", "x s", shape=(1, 2, 2, 1), s=floats(2, 1, 1), hidden=(4,)),
    "abs": one("Abs", hidden=(3,)),
    "abs of a constant": graph(node("Abs", "c", "a"), node("Add", "x a", "y"), c=[-1, 0, 2]),
    "abs of relu": graph(node("Relu", "x", "r"), node("Abs", "r", "y"), hidden=(3,)),
    "abs of minus relu": graph(node("Relu", "x", "r"), node("Neg", "r", "m"), node("Abs", "m", "y"), hidden=(3,)),
    "max of two": graph(
        node("Split", "x", "a b", axis=1, num_outputs=2), node("Max", "a b", "y"), shape=("n", 4), hidden=(2,)
    ),
    "max with a constant": one("Max", "x c", c=floats(3), hidden=(3,)),
    "max with 0": one("Max", "c x", c=floats(1, start=0), hidden=(3,)),
    "max of one": one("Max"),
    "max of three": graph(node("Split", "x", "a b c", axis=1, num_outputs=3), node("Max", "a b c", "y"), hidden=(1, 1)),
    "max of x and x": one("Max", "x x"),
    "max of x, x + 1 and x + 2": graph(
        node("Add", "x c", "a"), node("Add", "a c", "b"), node("Max", "x a b", "y"), c=[1]
    ),
    "max of constants": graph(node("Max", "c d", "m"), node("Add", "x m", "y"), c=[-1, 0, 2], d=[1]),
    "max of x and constants": one("Max", "c x d", c=floats(3), d=floats(1), hidden=(3,)),
    "max of relu and a negative number": graph(node("Relu", "x", "r"), node("Max", "r c", "y"), c=[-1], hidden=(3,)),
    "min of two": graph(
        node("Split", "x", "a b", axis=1, num_outputs=2), node("Min", "a b", "y"), shape=("n", 4), hidden=(2,)
    ),
    "min with a constant": one("Min", "c x", c=floats(3), hidden=(3,)),
    "min of three": graph(node("Split", "x", "a b c", axis=1, num_outputs=3), node("Min", "a b c", "y"), hidden=(1, 1)),
    "min of relu and 0": graph(node("Relu", "x", "r"), node("Min", "r c", "y"), c=[0]),
    "clip": one("Clip", "x a b", a=scalar(-0.5), b=scalar(1), hidden=(6,)),
    "clip as before opset 11": one("Clip", min=-1.0, max=0.5, opset=6, hidden=(6,)),
    "clip below": one("Clip", "x a", a=scalar(-0.5), hidden=(3,)),
    "clip above": one("Clip", "x - b", b=scalar(0.5), hidden=(3,)),
    "clip without bounds": one("Clip"),
    "clip with the largest floats": one("Clip", min=-LARGEST, max=LARGEST, opset=6),
    "clip with infinities": one("Clip", "x a b", a=scalar(-np.inf), b=scalar(np.inf)),
    "clip of bounds that cross": one("Clip", "x a b", a=scalar(1), b=scalar(-1)),
    "clip of equal bounds": one("Clip", "x a a", a=scalar(1)),
    "relu6 after relu": graph(
        node("Relu", "x", "r"),
        node("Clip", "r a b", "y"),
        a=scalar(0),
        b=scalar(1),
        hidden=(3, 3),
    ),
    "hard sigmoid": one("HardSigmoid", hidden=(6,)),
    "hard sigmoid with a slope": one("HardSigmoid", alpha=0.5, beta=0.25, hidden=(6,)),
    "hard sigmoid of slope 0": one("HardSigmoid", alpha=0.0, beta=0.25),
    "a hidden layer with each": graph(
        node("MatMul", "x w", "h"),
        node("LeakyRelu", "h", "l"),
        node("Abs", "l", "a"),
        node("MatMul", "a v", "g"),
        node("Clip", "g low high", "c"),
        node("MatMul", "c v", "y"),
        w=noise(3, 4),
        v=noise(4, 4),
        low=scalar(-0.25),
        high=scalar(0.5),
        hidden=(4, 4, 8),
    ),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_activation_becomes_so_many_neurons(name: str) -> None:
    network = network_from_onnx(ACCEPTED[name].data)
    assert network.widths[1:-1] == ACCEPTED[name].hidden


@pytest.mark.parametrize("name", ACCEPTED)
def test_onnxruntime_computes_the_same(name: str) -> None:
    agrees_with_onnxruntime(ACCEPTED[name].data, network_from_onnx(ACCEPTED[name].data))


REFUSED: dict[str, tuple[Graph, str]] = {
    "sigmoid": (one("Sigmoid"), "(Sigmoid): only piecewise-linear operators are exact; it curves: it is not piecewise"),
    "tanh": (one("Tanh"), "(Tanh): only piecewise-linear"),
    "softmax": (
        one("Softmax"),
        "; it curves: it is not piecewise linear; a final one is cut off on request, with --logits or lo",
    ),
    "log softmax": (one("LogSoftmax"), "a final one is cut off on request"),
    "arg max": (one("ArgMax"), "a final one is cut off on request"),
    "exp": (one("Exp"), "(Exp): only piecewise-linear operators are exact; it curves"),
    "elu": (one("Elu"), "(Elu): only piecewise-linear"),
    "selu": (one("Selu"), "(Selu): only piecewise-linear"),
    "gelu": (one("Gelu"), "(Gelu): only piecewise-linear"),
    "softplus": (one("Softplus"), "(Softplus): only piecewise-linear"),
    "hard swish": (one("HardSwish"), "a product of activations is multiplicative, not piecewise linear"),
    "a product with a hard sigmoid": (
        graph(node("HardSigmoid", "x", "s"), node("Mul", "x s", "y")),
        "node 2 'n_y' (Mul): both factors depend on the network's input: a product of activations is multiplicative",
    ),
    "thresholded relu": (one("ThresholdedRelu"), "(ThresholdedRelu): only piecewise-linear"),
    "sign": (one("Sign"), "(Sign): only piecewise-linear"),
    "round": (one("Round"), "(Round): only piecewise-linear"),
    "floor of activations": (
        one("Floor"),
        "(Floor): only piecewise-linear operators are exact; its values jump: it is not continuous",
    ),
    "sqrt": (one("Sqrt"), "(Sqrt): only piecewise-linear"),
    "pow": (one("Pow", "x c", c=floats(1)), "(Pow): only piecewise-linear"),
    "leaky with a slope of the wrong type": (one("LeakyRelu", alpha=1), "attribute 'alpha': expected float, found 1"),
    "leaky with a slope that is no number": (one("LeakyRelu", alpha=float("nan")), "expected a finite number"),
    "leaky with an infinite slope": (one("LeakyRelu", alpha=float("inf")), "expected a finite number, found inf"),
    "leaky with an unknown attribute": (one("LeakyRelu", slope=0.5), "unknown attribute 'slope', expected only: alpha"),
    "leaky of two": (one("LeakyRelu", "x x"), "expected 1 input, found 2"),
    "prelu without slope": (one("PRelu"), "expected 2 inputs, found 1"),
    "prelu with a slope that is computed": (one("PRelu", "x x"), "expected its slope to be constant"),
    "prelu with too many slopes": (one("PRelu", "x s", s=floats(2)), "shapes [1, 3] and [2] cannot be broadcast"),
    "prelu with a larger slope": (one("PRelu", "x s", s=floats(2, 3)), "cannot be broadcast to [1, 3]"),
    "prelu with NaN": (one("PRelu", "x s", s=np.array([np.nan], np.float32)), "expected a finite number, found nan"),
    "abs of nothing": (one("Abs", ""), "expected 1 input, found 0"),
    "abs of truth values": (one("Abs", "b", b=np.array([True])), "expected floating-point or integer entries, f"),
    "max of nothing": (one("Max", ""), "expected at least 1 input, found 0"),
    "max of shapes that differ": (one("Max", "x c", c=floats(2)), "(Max): shapes [1, 3] and [2] cannot be broadcast"),
    "max with an input left out": (one("Max", "x -"), "expected at least 1 input, found 1"),
    "max with NaN": (one("Max", "x c", c=np.array([np.nan], np.float32)), "expected a finite number, found nan"),
    "max with infinity": (one("Max", "x c", c=np.array([np.inf], np.float32)), "expected a finite number, found inf"),
    "min of shapes that differ": (one("Min", "x c", c=floats(1, 2)), "cannot be broadcast together"),
    "min with infinity": (one("Min", "x c", c=np.array([-np.inf], np.float32)), "expected a finite number, found -inf"),
    "clip with a computed bound": (one("Clip", "x x"), "expected its bound 'min' to be one constant number"),
    "clip with two bounds": (one("Clip", "x a", a=floats(2)), "expected its bound 'min' to be one constant number"),
    "clip with NaN": (one("Clip", "x - a", a=scalar(np.nan)), "expected a finite number, found nan"),
    "clip with an attribute NaN": (one("Clip", max=float("nan")), "attribute 'max', entry 0: expected a finite number"),
    "clip with four inputs": (one("Clip", "x a a a", a=floats(1)), "expected 1 to 3 inputs, found 4"),
    "clip with text": (one("Clip", min="low"), "attribute 'min': expected float, found 'low'"),
    "hard sigmoid of two": (one("HardSigmoid", "x x"), "expected 1 input, found 2"),
    "hard sigmoid with NaN": (one("HardSigmoid", beta=float("nan")), "attribute 'beta', entry 0: expected a finite"),
    "relu of nothing": (one("Relu", "-"), "expected 1 input, found 0"),
    "relu with an attribute": (one("Relu", alpha=1.0), "unknown attribute 'alpha', expected only: none"),
    "relu of an infinite constant": (one("Relu", "c", c=np.array([np.inf], np.float32)), "expected a finite number"),
    "relu of what is not there": (one("Relu", "z"), "'z' is neither the input, nor stored"),
    "relu with two outputs": (graph(node("Relu", "x", "y z")), "expected 1 output, found 2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_activation_outside_the_exact_world_is_refused(name: str) -> None:
    model, fragment = REFUSED[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(model.data)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


def test_as_many_are_refused_as_accepted() -> None:
    assert len(REFUSED) >= len(ACCEPTED)


def value_at(model: Graph, point: list[str]) -> list[mpq]:
    return list(network_from_onnx(model.data)(point))


def test_slopes_are_the_binary_rationals_that_they_are() -> None:
    slope = Fraction(float(np.float32(0.01)))
    assert value_at(one("LeakyRelu"), ["-1", "2", "-1/3"]) == [-slope, 2, -slope / 3]
    tenth = Fraction(float(np.float32(0.1)))
    assert value_at(one("LeakyRelu", alpha=0.1), ["-1", "0", "1/3"]) == [-tenth, 0, Fraction(1, 3)]


def test_the_slope_of_a_hard_sigmoid_is_a_float32() -> None:
    fifth = Fraction(float(np.float32(0.2)))
    assert value_at(one("HardSigmoid"), ["1", "9", "-9"]) == [fifth + Fraction(1, 2), 1, 0]


def regions(model: Graph) -> int:
    return verishallow.polyhedral_complex(network_from_onnx(model.data)).cells


def on_one(model: Graph) -> Graph:
    return Graph(model.nodes, {"x": ["n", 1]}, model.constants, model.hidden, model.outputs, model.opset)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (one("LeakyRelu"), 2),
        (one("Abs"), 2),
        (one("Max", "x c", c=floats(1)), 2),
        (one("Clip", min=-1.0, max=1.0, opset=6), 3),
        (one("HardSigmoid"), 3),
        (graph(node("LeakyRelu", "x", "a"), node("LeakyRelu", "a", "y")), 2),
        (graph(node("Abs", "x", "a"), node("Max", "a c", "y"), c=[1]), 4),
    ],
)
def test_no_hyperplane_is_invented(model: Graph, expected: int) -> None:
    assert regions(on_one(model)) == expected


def test_the_regions_of_a_maximum_of_two_are_its_two_sides() -> None:
    pair = graph(node("Split", "x", "a b", axis=1, num_outputs=2), node("Max", "a b", "y"), shape=("n", 2))
    assert regions(pair) == 2


def test_a_leaky_network_reads_earlier_layers() -> None:
    model = graph(node("LeakyRelu", "x", "a", alpha=0.5), node("LeakyRelu", "a", "y", alpha=0.5), shape=("n", 1))
    layers = [([[1]], [0]), (([["1/2", "1/2"]]), [0], [0, 1]), ([["1/4", "1/4", "1/2"]], [0], [0, 1, 2])]
    assert network_from_onnx(model.data) == ReLUNetwork.of(layers)


def notes_of(model: Graph) -> tuple[str, ...]:
    return network_from_onnx(model.data).notes


def test_a_chain_is_said() -> None:
    three = graph(node("Split", "x", "a b c", axis=1, num_outputs=3), node("Max", "a b c", "y"))
    chain = "node 2 'n_y' (Max): a maximum of 3 is a chain of 2 maxima of two; neurons counted for it: 2"
    assert notes_of(three) == (chain,)
    assert notes_of(one("Clip", min=-1.0, max=1.0, opset=6)) == (
        "node 1 'n_y' (Clip): a clip is low + ReLU(h - low) - ReLU(h - high); neurons counted for it: 6",
    )
    assert notes_of(one("Max", "x c", c=floats(1))) == notes_of(one("LeakyRelu")) == ()


def test_an_error_is_of_a_network() -> None:
    with pytest.raises(NetworkError):
        network_from_onnx(one("Sigmoid").data)
