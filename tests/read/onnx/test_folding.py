"""Constants that are computed in floats, and operators as opsets 1 to 6 wrote them."""

from fractions import Fraction
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from tests.read.onnx.models import Graph, agrees_with_onnxruntime, floats, graph, integers, node, noise, one, scalar
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.rationals import vector
from verishallow.read.onnx.network import network_from_onnx

W = noise(3, 4)
BYTES = np.array([[10, -5, 3, 0], [3, 127, -128, 1], [0, 1, 2, 3]], np.int8)


def weights(network: ReLUNetwork) -> list[list[Fraction]]:
    return [[Fraction(int(w.numerator), int(w.denominator)) for w in row] for row in network.layers[0].weight]


def floats_of(array: np.ndarray) -> list[list[Fraction]]:
    return [[Fraction(float(entry)) for entry in row] for row in array]


def times(*nodes: onnx.NodeProto, opset: int = 21, **constants: Any) -> Graph:
    """The input times the constant c, which the nodes make."""
    return graph(*nodes, node("MatMul", "x c", "y"), opset=opset, **constants)


def square_root(x: np.ndarray) -> np.ndarray:
    result: np.ndarray = np.sqrt(x)
    return result


FOLDED: dict[str, tuple[Graph, np.ndarray]] = {
    # each with the float32 weights that numpy computes in the same steps
    "a root": (times(node("Sqrt", "w", "c"), w=np.abs(W)), square_root(np.abs(W))),
    "a root, then arithmetic": (
        times(node("Sqrt", "w", "r"), node("Mul", "r w", "m"), node("Div", "m d", "c"), w=np.abs(W), d=scalar(3)),
        square_root(np.abs(W)) * np.abs(W) / np.float32(3),
    ),
    "bytes, dequantised": (
        times(node("DequantizeLinear", "w s", "c"), opset=13, w=BYTES, s=scalar(0.1)),
        BYTES.astype(np.float32) * np.float32(0.1),
    ),
    "bytes, dequantised by columns": (
        times(node("DequantizeLinear", "w s z", "c", axis=1), opset=13, w=BYTES,
              s=np.array([0.1, 0.2, 0.3, 0.4], np.float32), z=np.array([0, 1, -2, 3], np.int8)),
        (BYTES.astype(np.float32) - np.array([0, 1, -2, 3], np.float32)) * np.array([0.1, 0.2, 0.3, 0.4], np.float32),
    ),
    "rounded": (times(node("Round", "w", "c"), w=floats(3, 4)), np.round(floats(3, 4))),
    "signs": (times(node("Sign", "w", "c"), w=floats(3, 4)), np.sign(floats(3, 4))),
    "in half precision": (
        times(node("Sqrt", "w", "r"), node("Cast", "r", "c", to=TensorProto.FLOAT), w=np.abs(W).astype(np.float16)),
        np.sqrt(np.abs(W).astype(np.float16)).astype(np.float32),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOLDED)
def test_a_constant_is_folded_in_its_own_type(name: str) -> None:
    model, expected = FOLDED[name]
    network = network_from_onnx(model.data)
    assert weights(network) == floats_of(expected.T)
    assert any("a constant, folded in floating point as a runtime folds it" in note for note in network.notes)


NORMALISED = times(
    node("ReduceL2", "w", "n", axes=[1], keepdims=1),
    node("Div", "w n", "u"),
    node("Transpose", "u", "t"),
    node("Mul", "t g", "c"),
    opset=13,
    w=noise(4, 3, seed=1),
    g=noise(4, seed=2),
)

COMPARED: dict[str, Graph] = {
    # what is folded in all these ways, to rounding
    **{
        f"{operator} in opset {opset}": times(node(operator, "w", "c"), opset=opset, w=np.abs(W) + scalar(0.25))
        for operator in ("Sqrt", "Exp", "Log", "Tanh", "Sigmoid", "Erf", "Softplus", "Sin", "Softmax")
        for opset in (9, 13, 18)
    },
    "powers": times(node("Pow", "w e", "c"), w=np.abs(W), e=scalar(1.5)),
    "squares": times(node("Pow", "w e", "c"), w=W, e=scalar(2)),
    "norms": NORMALISED,
    "norms of newer opsets": times(node("ReduceL2", "w a", "n"), node("Div", "w n", "c"), opset=18, w=W, a=integers(1)),
    "logarithms of sums": times(node("ReduceLogSumExp", "w a", "n"), node("Sub", "w n", "c"), w=W, a=integers(1)),
    "sums of squares": times(node("ReduceSumSquare", "w a", "n"), node("Sub", "w n", "c"), w=W, a=integers(1)),
    "products of what is folded": times(
        node("Exp", "w", "e"), node("MatMul", "e v", "c"), w=noise(3, 2), v=noise(2, 3)
    ),
    "gates beside activations": graph(
        node("Sigmoid", "g", "s"), node("Relu", "x", "r"), node("Mul", "r s", "y"), g=noise(3)
    ),
    "unsigned bytes": times(
        node("DequantizeLinear", "w s z", "c"),
        opset=13,
        w=BYTES.astype(np.uint8),
        s=scalar(0.5),
        z=np.array(7, np.uint8),
    ),
}


@pytest.mark.parametrize("name", COMPARED)
def test_onnxruntime_folds_alike(name: str) -> None:
    agrees_with_onnxruntime(COMPARED[name].data, network_from_onnx(COMPARED[name].data))


def test_stored_constants_are_still_divided_exactly() -> None:
    network = network_from_onnx(graph(node("Div", "a b", "c"), node("Mul", "x c", "y"), a=[1], b=[3]).data)
    assert network([3, 6, 9]) == vector([1, 2, 3])


def test_a_final_operator_on_constants_is_not_cut_off() -> None:
    model = graph(node("Softmax", "c", "s"), node("Mul", "x s", "m"), node("Softmax", "m", "y"), c=[[1, 2, 3]])
    network = network_from_onnx(model.data, logits=True)
    assert [note.partition(":")[0] for note in network.notes] == ["node 1 'n_s' (Softmax)", "node 3 'n_y' (Softmax)"]
    inner = graph(node("Softmax", "c", "s"), node("Mul", "x s", "y"), c=[[1, 2, 3]])
    assert network == network_from_onnx(inner.data)


REFUSED: dict[str, tuple[Graph, str]] = {
    "a root of a negative number": (times(node("Sqrt", "w", "c"), w=floats(3, 2)), "expected a finite number, found n"),
    "an infinite logarithm": (times(node("Log", "w", "c"), w=floats(3, 2, start=0)), "expected a finite number"),
    "powers that would be too many": (
        times(node("Pow", "w e", "c"), w=floats(2000, 1), e=floats(1, 2000)), "more than 1000000 entries"
    ),
    "shapes that do not meet": (times(node("Pow", "w e", "c"), w=floats(2), e=floats(3)), "cannot be broadcast"),
    "an axis that is not there": (times(node("Softmax", "w", "c", axis=7), w=W), "its constants cannot be folded"),
    "a root of activations": (graph(node("Sqrt", "x", "y")), "it curves: it is not piecewise linear"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_folded_is_refused_in_one_line(name: str) -> None:
    model, fragment = REFUSED[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(model.data)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


# ----------------------------------------------------------------------------------------- Opsets 1 to 6

BLOCK = (1, 2, 3)
OLD: dict[str, tuple[Graph, Graph]] = {
    # each with the graph of a later opset that means the same
    "added along an axis": (
        one("Add", "x c", shape=BLOCK, opset=6, c=floats(2), broadcast=1, axis=1),
        one("Add", "x c", shape=BLOCK, c=floats(2, 1)),
    ),
    "added along an axis from the end": (
        one("Sub", "x c", shape=BLOCK, opset=6, c=floats(2), broadcast=1, axis=-2),
        one("Sub", "x c", shape=BLOCK, c=floats(2, 1)),
    ),
    "multiplied along the last axis": (
        one("Mul", "x c", shape=BLOCK, opset=6, c=floats(3), broadcast=1), one("Mul", "x c", shape=BLOCK, c=floats(3))
    ),
    "equal shapes": (one("Add", "x x", opset=6), one("Add", "x x")),
    "consumed inputs": (one("Relu", opset=1, consumed_inputs=[0]), one("Relu")),
    "a clip": (
        one("Clip", opset=1, min=-1.0, max=1.0, consumed_inputs=[0]),
        one("Clip", "x a b", a=scalar(-1), b=scalar(1)),
    ),
    "slopes of channels": (
        one("PRelu", "x s", shape=BLOCK, opset=6, s=floats(2)), one("PRelu", "x s", shape=BLOCK, s=floats(2, 1))
    ),
    "a shape as an attribute": (
        one("Reshape", shape=BLOCK, opset=1, shape_=(1, -1)), one("Reshape", "x s", shape=BLOCK, s=integers(1, -1))
    ),
    "pads": (
        one("Pad", opset=1, paddings=[0, 1, 0, 1], value=2.0),
        one("Pad", "x p v", p=integers(0, 1, 0, 1), v=scalar(2)),
    ),
    "a type by its name": (one("Cast", opset=1, to="FLOAT"), one("Cast", to=TensorProto.FLOAT)),
    "joined": (one("Concat", "x x", opset=1), one("Concat", "x x", axis=1)),
    "tiles": (
        one("Tile", "x t a", opset=1, t=scalar(2), a=scalar(1)), one("Tile", "x r", r=integers(1, 2))
    ),
    "scales": (
        one("Upsample", shape=(1, 1, 2, 2), opset=1, height_scale=2.0, width_scale=1.0),
        one("Upsample", "x s", shape=(1, 1, 2, 2), opset=9, s=np.array([1, 1, 2, 1], np.float32)),
    ),
    "a product with a shift": (
        one("Gemm", "x w b", opset=6, w=floats(3, 2), b=floats(2), broadcast=1),
        one("Gemm", "x w b", w=floats(3, 2), b=floats(2)),
    ),
    "dropout for inference": (one("Dropout", opset=6, is_test=1), one("Identity")),
    "batch normalisation for inference": (
        one("BatchNormalization", "x c c c v", opset=6, c=floats(3), v=floats(3, start=12), is_test=1, spatial=1,
            epsilon=0.25),
        one("BatchNormalization", "x c c c v", c=floats(3), v=floats(3, start=12), epsilon=0.25),
    ),
}  # fmt: skip


def renamed(model: Graph) -> bytes:
    """The attribute that a keyword cannot be called: shape."""
    parsed = onnx.ModelProto.FromString(model.data)
    for attribute in parsed.graph.node[0].attribute:
        attribute.name = attribute.name.removesuffix("_")
    return bytes(parsed.SerializeToString())


@pytest.mark.parametrize("name", OLD)
def test_old_opsets_say_the_same(name: str) -> None:
    old, new = OLD[name]
    network = network_from_onnx(renamed(old))
    assert network == network_from_onnx(new.data)
    agrees_with_onnxruntime(new.data, network)


NOT_OLD: dict[str, tuple[Graph, str]] = {
    "shapes that differ without broadcast": (one("Add", "x c", opset=6, c=floats(1)), "expected equal shapes without"),
    "an axis that does not fit": (
        one("Add", "x c", opset=6, c=floats(3), broadcast=1, axis=2), "attribute 'axis': 2 does not fit [3] into [1, 3]"
    ),
    "a second that is larger": (
        one("Add", "x c", opset=6, c=floats(2, 3), broadcast=1), "shape [2, 3] cannot be broadcast to [1, 3]"
    ),
    "training": (one("Dropout", opset=6, is_test=0), "attribute 'is_test': expected inference, found training mode"),
    "an unknown type": (one("Cast", opset=1, to="QUATERNION"), "expected the name of a type, found 'QUATERNION'"),
    "an old attribute in a new opset": (one("Add", "x c", c=floats(3), broadcast=1), "unknown attribute 'broadcast'"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_OLD)
def test_what_old_opsets_do_not_mean_is_refused(name: str) -> None:
    model, fragment = NOT_OLD[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(model.data)
    assert fragment in str(caught.value)
