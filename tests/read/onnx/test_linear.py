"""Linear operators of ONNX files: the exact affine map that each is, and which are refused."""

from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import assume, example, given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from tests.read.onnx.models import Graph, agrees_with_onnxruntime, floats, graph, integers, node, noise, one, scalar
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.read.onnx.network import network_from_onnx
from verishallow.read.onnx.normalization import FLOAT32, FLOAT64, Precision, nearest_root

X2, STACK = ("n", 2), (1, 2, 2)
UNIT = [[0, 1, 0], [0, 0, 1]]


def pair(operator: str, inputs: str = "x", **entries: Any) -> Graph:
    """A model of one node whose input has two entries."""
    return one(operator, inputs, **{"shape": X2} | entries)


AFFINE: dict[str, tuple[Graph, list[list[Any]]]] = {
    # name: (model, rows [b, a1, ..., an] of the one layer it is)
    "identity": (pair("Identity"), UNIT),
    "gemm": (pair("Gemm", "x w b", w=floats(2, 1, start=4), b=floats(1, start=12)), [[3, 1, "5/4"]]),
    "gemm without bias": (pair("Gemm", "x w", w=floats(2, 1, start=4)), [[0, 1, "5/4"]]),
    "gemm with bias left out": (pair("Gemm", "x w -", w=floats(2, 1, start=4)), [[0, 1, "5/4"]]),
    "gemm with factors": (
        pair("Gemm", "x w b", w=floats(1, 2, start=4), b=scalar(3), alpha=0.5, beta=-2.0, transB=1),
        [[-6, "1/2", "5/8"]],
    ),
    "gemm on the left": (
        pair("Gemm", "w x b", w=floats(1, 2, start=4), b=floats(1, 1, start=4), transB=1, alpha=2.0),
        [[1, 2, "5/2"]],
    ),
    "gemm transposed on the left": (
        pair("Gemm", "w x", w=floats(2, 1, start=4), transA=1, transB=1),
        [[0, 1, "5/4"]],
    ),
    "gemm transposes the activation": (pair("Gemm", "x w", w=floats(1, 1, start=12), transA=1), [[0, 3, 0], [0, 0, 3]]),
    "gemm adds an activation": (
        pair("Gemm", "x w x", w=np.array([[0, 1], [1, 0]], np.float32), beta=3.0),
        [[0, 3, 1], [0, 1, 3]],
    ),
    "matmul": (pair("MatMul", "x w", w=floats(2, 1, start=4)), [[0, 1, "5/4"]]),
    "matmul with a vector": (pair("MatMul", "x w", w=floats(2, start=4)), [[0, 1, "5/4"]]),
    "vector times matrix": (pair("MatMul", "x w", shape=(2,), w=floats(2, 1, start=4)), [[0, 1, "5/4"]]),
    "vector times vector": (pair("MatMul", "w x", shape=(2,), w=floats(2, start=4)), [[0, 1, "5/4"]]),
    "matrix times column": (
        graph(node("Reshape", "x s", "c"), node("MatMul", "w c", "y"), s=integers(3, 1), w=floats(1, 3, start=4)),
        [[0, 1, "5/4", "3/2"]],
    ),
    "constant times a stack": (
        pair("MatMul", "w x", shape=STACK, w=floats(1, 2, start=4)),
        [[0, 1, 0, "5/4", 0], [0, 0, 1, 0, "5/4"]],
    ),
    "a stack times constant": (
        pair("MatMul", "x w", shape=STACK, w=floats(2, 1, start=4)),
        [[0, 1, "5/4", 0, 0], [0, 0, 0, 1, "5/4"]],
    ),
    "a stack times a stack": (
        pair("MatMul", "x w", shape=(1, 2, 1, 2), w=floats(2, 2, 1, start=0)),
        [[0, 0, "1/4", 0, 0], [0, 0, 0, "1/2", "3/4"]],
    ),
    "a vector times a stack": (
        pair("MatMul", "x w", shape=(2,), w=floats(2, 2, 1, start=0)),
        [[0, 0, "1/4"], [0, "1/2", "3/4"]],
    ),
    "a constant stack times": (pair("MatMul", "w x", w=floats(2, 1, 1, start=1)), [
        [0, "1/4", 0], [0, 0, "1/4"], [0, "1/2", 0], [0, 0, "1/2"]
    ]),
    "add": (pair("Add", "x b", b=floats(2)), [["-1/2", 1, 0], ["-1/4", 0, 1]]),
    "add broadcasts": (
        pair("Add", "b x", b=floats(2, 1)),
        [["-1/2", 1, 0], ["-1/2", 0, 1], ["-1/4", 1, 0], ["-1/4", 0, 1]],
    ),
    "sub": (pair("Sub", "x b", b=floats(2)), [["1/2", 1, 0], ["1/4", 0, 1]]),
    "sub from a constant": (pair("Sub", "b x", b=floats(1)), [["-1/2", -1, 0], ["-1/2", 0, -1]]),
    "x + x": (pair("Add", "x x"), [[0, 2, 0], [0, 0, 2]]),
    "x - x": (pair("Sub", "x x"), [[0, 0, 0], [0, 0, 0]]),
    "sum of three": (pair("Sum", "x b x", b=floats(2)), [["-1/2", 2, 0], ["-1/4", 0, 2]]),
    "sum of one": (pair("Sum"), UNIT),
    "mean of three": (pair("Mean", "x b x", b=floats(2)), [["-1/6", "2/3", 0], ["-1/12", 0, "2/3"]]),
    "neg": (pair("Neg"), [[0, -1, 0], [0, 0, -1]]),
    "mul": (pair("Mul", "x b", b=floats(2)), [[0, "-1/2", 0], [0, 0, "-1/4"]]),
    "mul from the left": (pair("Mul", "b x", b=floats(1)), [[0, "-1/2", 0], [0, 0, "-1/2"]]),
    "mul by 0": (pair("Mul", "x b", b=floats(1, start=0)), [[0, 0, 0], [0, 0, 0]]),
    "div": (pair("Div", "x b", b=floats(2, start=12)), [[0, "1/3", 0], [0, 0, "4/13"]]),
    "div by thirds": (
        graph(node("Div", "c d", "q"), node("Mul", "x q", "y"), shape=X2, c=[1], d=[3]),
        [[0, "1/3", 0], [0, 0, "1/3"]],
    ),
    "reciprocal of a constant": (
        graph(node("Reciprocal", "c", "q"), node("Mul", "x q", "y"), shape=X2, c=[3, 7]),
        [[0, "1/3", 0], [0, 0, "1/7"]],
    ),
    "reduce sum": (pair("ReduceSum", "x a", a=integers(1)), [[0, 1, 1]]),
    "reduce sum of all": (pair("ReduceSum", keepdims=0), [[0, 1, 1]]),
    "reduce sum of none": (pair("ReduceSum", noop_with_empty_axes=1), UNIT),
    "reduce sum before opset 13": (pair("ReduceSum", axes=[-1], opset=11), [[0, 1, 1]]),
    "reduce sum of one axis": (
        pair("ReduceSum", "x a", shape=STACK, a=integers(1), keepdims=0),
        [[0, 1, 0, 1, 0], [0, 0, 1, 0, 1]],
    ),
    "reduce mean": (pair("ReduceMean", "x a", shape=("n", 3), a=integers(-1)), [[0, "1/3", "1/3", "1/3"]]),
    "reduce mean before opset 18": (pair("ReduceMean", axes=[1], opset=13), [[0, "1/2", "1/2"]]),
    "normalised input": (
        graph(node("Sub", "x m", "c"), node("Div", "c d", "y"), shape=X2, m=[1, 2], d=[4, 8]),
        [["-1/4", "1/4", 0], ["-1/4", 0, "1/8"]],
    ),
    "batch normalisation": (
        pair(
            "BatchNormalization", "x g b m v", epsilon=0.75,
            g=np.array([2, 3], np.float32), b=np.array([0, 1], np.float32),
            m=np.array([1, 2], np.float32), v=np.array([0.25, 3.25], np.float32),
        ),
        [[-2, 2, 0], [-2, 0, "3/2"]],
    ),
    "batch normalisation with a zero": (
        pair(
            "BatchNormalization", "x g b m v", epsilon=0.5,
            g=np.array([0, 1], np.float32), b=np.array([1, 1], np.float32),
            m=np.array([1, 0], np.float32), v=np.array([0.25, 1.75], np.float32),
        ),
        [[1, 0, 0], [1, 0, "2/3"]],
    ),
}  # fmt: skip
"""All roots of these normalisations are rational."""


@pytest.mark.parametrize("name", AFFINE)
def test_a_graph_without_relu_is_one_exact_layer(name: str) -> None:
    model, rows = AFFINE[name]
    expected = [([row[1:] for row in rows], [row[0] for row in rows])]
    assert network_from_onnx(model.data) == ReLUNetwork.of(expected)


@pytest.mark.parametrize("name", AFFINE)
def test_onnxruntime_computes_the_same(name: str) -> None:
    data = AFFINE[name][0].data
    agrees_with_onnxruntime(data, network_from_onnx(data))


WHOLE = np.array([2**63 + 1, 0], np.uint64)
TYPES: dict[str, tuple[Any, list[Any]]] = {
    # ONNX wants one type throughout, so that onnxruntime refuses these; exact numbers do not mind.
    "half precision": (np.array([0.1, 1], np.float16), [Fraction(float(np.float16(0.1))), 1]),
    "single precision": (np.array([0.1, 1e-45], np.float32), [Fraction(float(np.float32(0.1))), Fraction(1, 2**149)]),
    "double precision": (np.array([0.1, 5e-324]), [Fraction(0.1), Fraction(1, 2**1074)]),
    "the largest double": (np.array([1.7976931348623157e308, 0]), [(2**53 - 1) * 2**971, 0]),
    "bfloat16": (helper.make_tensor("b", TensorProto.BFLOAT16, [2], [0.5, -3.0]), ["1/2", -3]),
    "numbers, not bytes": (helper.make_tensor("b", TensorProto.FLOAT, [2], [0.5, -3.0]), ["1/2", -3]),
    "large integers": (WHOLE, [2**63 + 1, 0]),
    "small integers": (np.array([-128, 127], np.int8), [-128, 127]),
}


@pytest.mark.parametrize("name", TYPES)
def test_every_number_is_the_rational_that_it_is(name: str) -> None:
    stored, (first, second) = TYPES[name]
    add = node("Add", "x b", "y")
    if isinstance(stored, np.ndarray):
        model = graph(add, shape=X2, b=stored)
    else:
        model = graph(node("Constant", "", "b", value=stored), add, shape=X2)
    assert network_from_onnx(model.data) == ReLUNetwork.of([([[1, 0], [0, 1]], [first, second])])


ONES = {name: np.ones(2, np.float32) for name in "gbmv"}


def normalised(**changed: Any) -> Graph:
    return pair("BatchNormalization", "x g b m v", **ONES | changed)


REFUSED: dict[str, tuple[Graph, str]] = {
    "a product of activations": (pair("Mul", "x x"), "(Mul): both factors depend on the network's input: a product"),
    "a matrix product of activations": (pair("MatMul", "x x"), "multiplicative, not piecewise linear"),
    "a gemm of activations": (pair("Gemm", "x x", transB=1), "is multiplicative, not piecewise linear"),
    "attention": (pair("Attention", "x x x"), "a product of activations is multiplicative, not piecewise linear"),
    "einsum": (pair("Einsum", "x x", equation="ij,ij->i"), "(Einsum): only piecewise-linear operators are exact"),
    "a quotient of activations": (pair("Div", "x x"), "the divisor depends on the network's input"),
    "a quotient by activations": (pair("Div", "c x", c=floats(2)), "a quotient of activations is not linear"),
    "a quotient by 0": (pair("Div", "x c", c=floats(2, start=0)), "expected a divisor without zeros"),
    "an inverse of activations": (pair("Reciprocal"), "expected what it inverts to be constant"),
    "an inverse of 0": (pair("Reciprocal", "c", c=floats(1, start=0)), "expected entries other than 0"),
    "factors that do not chain": (pair("MatMul", "x w", w=floats(3, 1)), "shapes [1, 2] and [3, 1] do not chain"),
    "a factor without axes": (pair("MatMul", "x w", w=scalar(1)), "shapes [1, 2] and [] do not chain"),
    "a factor without entries": (pair("MatMul", "x w", w=floats(2, 0)), "do not chain"),
    "stacks that do not fit": (
        pair("MatMul", "x w", shape=(1, 2, 1, 2), w=floats(3, 2, 1)), "shapes [1, 2] and [3] cannot be broadcast"
    ),
    "a huge product": (
        graph(
            node("Expand", "x s", "a"), node("MatMul", "a w", "y"), shape=X2, s=integers(1000, 2), w=floats(2, 5000)
        ),
        "more than",
    ),
    "one factor": (pair("MatMul"), "expected 2 inputs, found 1"),
    "a factor left out": (pair("MatMul", "x -"), "expected 2 inputs, found 1"),
    "gemm of one": (pair("Gemm"), "expected 2 to 3 inputs, found 1"),
    "gemm of a vector": (pair("Gemm", "x w", w=floats(2)), "expected factors of rank 2, found shape [2]"),
    "gemm that does not chain": (pair("Gemm", "x w", w=floats(2, 1), transB=1), "[1, 2] and [1, 2] do not chain"),
    "gemm with a larger bias": (pair("Gemm", "x w b", w=floats(2, 1), b=floats(2)), "shape [2] of C cannot be broad"),
    "gemm with NaN": (pair("Gemm", "x w", w=floats(2, 1), alpha=float("nan")), "expected a finite number, found nan"),
    "gemm with an integer": (pair("Gemm", "x w", w=floats(2, 1), alpha=1), "'alpha': expected float, found 1"),
    "gemm with a text": (pair("Gemm", "x w", w=floats(2, 1), alpha="1"), "'alpha': expected float, found '1'"),
    "add as before opset 7": (pair("Add", "x b", b=floats(2), broadcast=1), "(Add): unknown attribute 'broadcast'"),
    "shapes that differ": (pair("Add", "x b", b=floats(3)), "(Add): shapes [1, 2] and [3] cannot be broadcast"),
    "shapes of sub that differ": (pair("Sub", "x b", b=floats(3)), "(Sub): shapes [1, 2] and [3] cannot be broadcast"),
    "shapes of mul that differ": (pair("Mul", "x b", b=floats(3)), "(Mul): shapes [1, 2] and [3] cannot be broadcast"),
    "a huge sum": (pair("Add", "x b", b=floats(600_000, 1)), "has more than 1000000 entries"),
    "a sum of nothing": (pair("Sum", ""), "expected at least 1 input, found 0"),
    "a mean with an input left out": (pair("Mean", "x -"), "expected at least 1 input, found 1"),
    "minus two": (pair("Neg", "x x"), "expected 1 input, found 2"),
    "truth values": (pair("MatMul", "x w", w=np.array([[True], [False]])), "expected floating-point or integer entri"),
    "NaN": (pair("MatMul", "x w", w=np.array([[1], [np.nan]], np.float32)), "tensor 'w', entry 1: expected a finite"),
    "infinity": (pair("Add", "x w", w=np.array([-np.inf, 1], np.float32)), "entry 0: expected a finite number, found"),
    "reduce an axis that is not there": (pair("ReduceSum", "x a", a=integers(2)), "axes: expected from -2 to 1, found"),
    "reduce an axis twice": (pair("ReduceSum", "x a", a=integers(1, -1)), "axes: expected each axis once"),
    "reduce half an axis": (pair("ReduceSum", "x a", a=floats(1)), "expected its axes to be a constant list of integ"),
    "reduce computed axes": (pair("ReduceSum", "x x"), "expected its axes to be a constant list of integers"),
    "mean of no entry": (graph(node("ReduceMean", "c a", "y"), c=floats(1, 0), a=integers(1)), "a mean of at least"),
    "sum of squares": (pair("ReduceSumSquare"), "(ReduceSumSquare): only piecewise-linear"),
    "norm": (pair("ReduceL2"), "(ReduceL2): only piecewise-linear"),
    "a product along an axis": (pair("ReduceProd"), "expected what it multiplies to be constant"),
    "normalisation while training": (normalised(training_mode=1), "expected batch normalisation for inference"),
    "normalisation without channels": (normalised(g=np.ones(3, np.float32)), "is not one number per channel of [1, 2]"),
    "normalisation of a list": (normalised(shape=(2,)), "shape [2] is not one number per channel of [2]"),
    "normalisation by a computed mean": (pair("BatchNormalization", "x g b x v", **ONES), "not one number per channel"),
    "variance 0": (normalised(v=np.zeros(2, np.float32), epsilon=0.0), "expected every variance + epsilon to be pos"),
    "variance below 0": (normalised(v=-np.ones(2, np.float32)), "expected every variance + epsilon to be positive"),
    "a scale beyond float32": (
        normalised(g=np.full(2, 3e38, np.float32), v=np.full(2, 0.3, np.float32)), "is larger than any float32"
    ),
    "an infinite variance": (normalised(v=np.full(2, np.inf, np.float32)), "expected a finite number, found inf"),
    "normalisation with four inputs": (pair("BatchNormalization", "x g b m", **ONES), "expected 5 inputs, found 4"),
    "layer normalisation": (pair("LayerNormalization", "x g", **ONES), "(LayerNormalization): only piecewise-linear"),
    "instance normalisation": (pair("InstanceNormalization", "x g b", **ONES), "only piecewise-linear"),
    "quantised": (pair("QuantizeLinear", "x g", **ONES), "(QuantizeLinear): only piecewise-linear"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_linear_is_refused(name: str) -> None:
    model, fragment = REFUSED[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(model.data)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


def test_as_many_are_refused_as_accepted() -> None:
    assert len(REFUSED) >= len(AFFINE)


def test_an_irrational_scale_is_the_nearest_float32_and_the_shift_exact() -> None:
    gamma, mean, variance = np.float32(1.7), np.float32(0.3), np.float32(2.1)
    model = one("BatchNormalization", "x g b m v", shape=("n", 1), **{
        name: np.array([entry], np.float32) for name, entry in zip("gbmv", (gamma, 0.2, mean, variance), strict=True)
    })  # fmt: skip
    network = network_from_onnx(model.data)
    root = float(gamma) / (float(variance) + float(np.float32(1e-5))) ** 0.5
    ((scale,),), (shift,) = network.layers[0].weight, network.layers[0].bias
    assert scale == Fraction(float(np.float32(root)))
    assert shift == Fraction(float(np.float32(0.2))) - Fraction(float(mean)) * scale
    (note,) = network.notes
    assert note.startswith("node 1 'n_y' (BatchNormalization): 1 of 1 scales gamma / sqrt(variance + epsilon) are irr")
    assert note.endswith("irrational: the float32 nearest to each is taken; the shifts are exact")


def test_batch_normalisation_agrees_with_onnxruntime_where_roots_are_irrational() -> None:
    entries = {name: noise(3, seed=seed) for seed, name in enumerate("gbm")} | {"v": noise(3) + 1.5}
    model = one("BatchNormalization", "x g b m v", shape=(1, 3, 2, 2), **entries)
    agrees_with_onnxruntime(model.data, network_from_onnx(model.data))


def test_doubles_are_normalised_to_doubles() -> None:
    entries = {name: np.array([2.0]) for name in "gbmv"}
    network = network_from_onnx(one("BatchNormalization", "x g b m v", shape=("n", 1), epsilon=0.0, **entries).data)
    assert network.layers[0].weight == ((Fraction(2**0.5),),)
    assert "the float64 nearest" in network.notes[0]


SQUARES = st.builds(
    lambda digits, power: Fraction(digits) * Fraction(10) ** power, st.integers(1, 10**12), st.integers(-88, 60)
)


@given(SQUARES, st.sampled_from([FLOAT32, FLOAT64]))
@example(Fraction(2, 10**90), FLOAT32)
@example(Fraction(2), FLOAT32)
def test_no_float_is_nearer_to_the_root(square: Fraction, precision: Precision) -> None:
    assume(any(isqrt(part) ** 2 != part for part in (square.numerator, square.denominator)))
    root = nearest_root(mpq(square.numerator, square.denominator), precision)
    kind = np.float32 if precision == FLOAT32 else np.float64
    found = kind(float(root))
    assert Fraction(float(found)) == root
    below, above = (Fraction(float(np.nextafter(found, kind(end)))) for end in (-np.inf, np.inf))
    assert ((below + root) / 2) ** 2 < square < ((root + above) / 2) ** 2
