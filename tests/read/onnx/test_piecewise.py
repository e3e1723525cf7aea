"""Norms of order 1, sums along axes, orders, interpolations, indices: read exactly, and compared with onnxruntime."""

import re
from typing import Any

import numpy as np
import onnx
import pytest
from gmpy2 import mpq

import verishallow.read
from tests.read.onnx.models import Graph, agrees_with_onnxruntime, floats, graph, integers, node, noise, one, scalar
from verishallow.errors import InputError
from verishallow.rationals import vector
from verishallow.read.onnx.network import network_from_onnx
from verishallow.read.onnx.operators import LEARNERS, OPERATORS
from verishallow.read.onnx.refusals import CURVED, JUMPING, ONLY
from verishallow.read.onnx.tensors import MULTIPLICATIVE

LINE, IMAGE, BLOCK = (1, 2, 4), (1, 1, 3, 4), (1, 2, 3)

VALUES: dict[str, tuple[Graph, list[Any], list[Any]]] = {
    # name: (model, a point, the value by hand)
    "the norm of order 1": (one("ReduceL1", "x a", a=integers(1)), [1, -2, "1/3"], ["10/3"]),
    "running sums": (one("CumSum", "x a", a=integers(1)), [1, -2, "1/3"], [1, -1, "-2/3"]),
    "running sums before each": (one("CumSum", "x a", a=integers(1), exclusive=1), [1, -2, 5], [0, 1, -1]),
    "running sums from the end": (one("CumSum", "x a", a=integers(-1), reverse=1), [1, -2, 5], [4, 3, 5]),
    "both": (one("CumSum", "x a", a=integers(1), reverse=1, exclusive=1), [1, -2, 5], [3, 5, 0]),
    "the power 1": (one("Pow", "x c", c=scalar(1)), [1, -2, 5], [1, -2, 5]),
    "powers 0 and 1": (one("Pow", "x c", c=np.array([1, 0, 1], np.float32)), [7, -2, 5], [7, 1, 5]),
    "shrunk": (one("Shrink", bias=0.5, lambd=0.5), [2, "-1/4", -1], ["3/2", 0, "-1/2"]),
    "shrunk by nothing": (one("Shrink", bias=0.0, lambd=0.0), [2, "-1/4", -1], [2, "-1/4", -1]),
    "a threshold at 0": (one("ThresholdedRelu", alpha=0.0), [2, 0, -1], [2, 0, 0]),
    "the two largest": (one("TopK", "x k", k=integers(2)), [1, -2, 5], [5, 1]),
    "all in order": (one("TopK", "x k", k=integers(3)), [2, 7, "1/2"], [7, 2, "1/2"]),
    "the least": (one("TopK", "x k", k=integers(1), largest=0), [1, -2, 5], [-2]),
    "times zero times itself": (graph(node("Mul", "x z", "a"), node("Mul", "a x", "y"), z=[0]), [1, -2, 5], [0, 0, 0]),
    "divided by 1 and zeros": (
        graph(node("Mul", "x z", "a"), node("Add", "a o", "b"), node("Div", "x b", "y"), z=[0], o=[2]),
        [1, -2, 5],
        ["1/2", -1, "5/2"],
    ),
    "halfway": (
        one("Resize", "x - - z", shape=(1, 1, 1, 2), z=integers(1, 1, 1, 4), mode="linear",
            coordinate_transformation_mode="half_pixel"),
        [0, 4],
        [0, 1, 3, 4],
    ),
    "thirds": (
        one("Resize", "x - - z", shape=(1, 1, 1, 2), z=integers(1, 1, 1, 4), mode="linear",
            coordinate_transformation_mode="align_corners"),
        [0, 1],
        [0, "1/3", "2/3", 1],
    ),
    "einstein's sum": (one("Einsum", "x w", w=floats(3, 2), equation="ij,jk->ik"), [1, -2, 4], ["3/2", "9/4"]),
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_the_value_is_the_one_by_hand(name: str) -> None:
    model, point, expected = VALUES[name]
    assert network_from_onnx(model.data)(point) == vector(expected)


def resized(mode: str, coordinate: str, *, scales: Any = None, sizes: Any = None, **more: Any) -> Graph:
    words = {"mode": mode, "coordinate_transformation_mode": coordinate, "shape": IMAGE, **more}
    if scales is not None:
        return one("Resize", "x - s", s=np.array(scales, np.float32), **words)
    return one("Resize", "x - - z", z=integers(*sizes), **words)


COORDINATES = ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric")

COMPARED: dict[str, Graph] = {
    **{name: model for name, (model, _, _) in VALUES.items()},
    "the norm of order 1 of all": one("ReduceL1", keepdims=0),
    "the norm of order 1 before opset 18": one("ReduceL1", axes=[-1], opset=13),
    "pooled norms": one("LpPool", shape=IMAGE, kernel_shape=[2, 3], strides=[1, 1], pads=[1, 1, 0, 1], p=1),
    "pooled norms of all": one("GlobalLpPool", shape=LINE, p=1),
    "running sums along the first axis": one("CumSum", "x a", shape=BLOCK, a=integers(1)),
    "the largest along an axis": one("TopK", "x k", shape=BLOCK, k=integers(2), axis=1),
    "the least in order": one("TopK", "x k", shape=(1, 4), k=integers(3), largest=0),
    "the largest as an attribute": one("TopK", shape=(1, 4), k=2, opset=9),
    **{f"linear, {c}": resized("linear", c, sizes=(1, 1, 5, 3)) for c in COORDINATES},
    **{f"cubic, {c}": resized("cubic", c, sizes=(1, 1, 5, 6)) for c in COORDINATES[:4]},
    "linear by fractions": resized("linear", "half_pixel", scales=[1, 1, 1.5, 0.75]),
    "linear in opset 10": one(
        "Resize", "x s", shape=IMAGE, s=np.array([1, 1, 2, 1.5], np.float32), mode="linear", opset=10
    ),
    "upsampled linearly": one(
        "Upsample", "x s", shape=IMAGE, s=np.array([1, 1, 2, 2], np.float32), mode="linear", opset=9
    ),
    "cubic of another shape": resized("cubic", "half_pixel", sizes=(1, 1, 6, 3), cubic_coeff_a=-0.5),
    "a sum over both": one("Einsum", "x w", shape=(1, 3), w=noise(3, 2), equation="ij,jk->k"),
    "a sum that copies": one("Einsum", "w x", shape=(1, 3), w=noise(2, 3), equation="aj,ij->iaj"),
    "a sum over constants alone": one("Einsum", "x w v", w=noise(3, 2), v=noise(2, 4), equation="ij,jk,kl->il"),
    "a diagonal": one("Einsum", shape=(3, 3), equation="ii->i"),
    "a transposition": one("Einsum", shape=BLOCK, equation="abc->cab"),
    "an ellipsis": one("Einsum", "x w", shape=(1, 2, 3), w=noise(3, 4), equation="...j,jk->...k"),
    "no arrow": one("Einsum", "x w", w=noise(3, 2), equation="bj,ja"),
    "gathered elements": one("GatherElements", "x i", i=integers(2, 0, 0, -1).reshape(1, 4), axis=1),
    "gathered rows": one("GatherND", "x i", shape=BLOCK, i=np.array([[0, 1], [0, -2]], np.int64)),
    "scattered elements": one(
        "ScatterElements", "x i u", i=np.array([[2, 0]], np.int64), u=noise(1, 2), axis=1
    ),
    "scattered activations": graph(
        node("Neg", "x", "n"), node("ScatterND", "c i n", "y"),
        shape=(1, 3), c=floats(4, 3), i=integers(2).reshape(1, 1),
    ),
    "an upper triangle": one("Trilu", "x k", shape=BLOCK, k=np.array(1, np.int64)),
    "a lower triangle": one("Trilu", shape=BLOCK, upper=0),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in COMPARED if "half_pixel_symmetric" not in name])
def test_onnxruntime_computes_the_same(name: str) -> None:
    model = COMPARED[name]
    data = model.data
    if name.startswith(("the two largest", "all in order", "the least", "the largest")):
        data = with_second_output(model)
    agrees_with_onnxruntime(data, network_from_onnx(model.data))


def with_second_output(model: Graph) -> bytes:
    parsed = onnx.ModelProto.FromString(model.data)
    parsed.graph.node[0].output.append("indices")
    return bytes(parsed.SerializeToString())


def test_order_costs_a_neuron_a_comparison() -> None:
    network = network_from_onnx(one("TopK", "x k", shape=(1, 4), k=integers(2)).data)
    assert sum(layer.width for layer in network.hidden) == 3 + 2
    assert network.notes == (
        "node 1 'n_y' (TopK): the first 2 of 4 in order are chains of maxima of two; neurons counted for it: 5",
    )


def test_the_guide_lists_the_operators_that_are_read() -> None:
    guide = verishallow.read.__doc__ or ""
    listed = re.search(r"These operators are read exactly:\n\n(.*?), and `If`", guide, re.DOTALL)
    assert listed is not None
    assert listed[1].replace(",", " ").split() == list(OPERATORS)
    assert [name for name in LEARNERS if f"`{name}`" not in guide] == []


def test_attributes_are_the_floats_that_they_are() -> None:
    network = network_from_onnx(one("Shrink", shape=(1,), bias=0.1, lambd=0.1).data)
    assert network([1]) == (1 - mpq(float(np.float32(0.1))),)


REASONS: dict[str, tuple[Graph, str]] = {
    # each with the sentence that is true of it
    "the sign": (one("Sign"), JUMPING),
    "rounded down": (one("Floor"), JUMPING),
    "rounded up": (one("Ceil"), JUMPING),
    "rounded": (one("Round"), JUMPING),
    "quantised": (one("QuantizeLinear", "x s", s=scalar(0.5)), JUMPING),
    "compared": (one("Less", "x c", c=floats(3)), JUMPING),
    "a threshold at 1": (one("ThresholdedRelu"), JUMPING),
    "hard shrinkage": (one("Shrink", bias=0.0, lambd=0.5), JUMPING),
    "shrinkage by more than its threshold": (one("Shrink", bias=1.0, lambd=0.5), JUMPING),
    "made an integer": (one("Cast", to=6), JUMPING),
    "the index of the largest": (one("ArgMin"), JUMPING),
    "an argmax": (one("ArgMax"), JUMPING),
    "squared": (one("Pow", "x c", c=scalar(2)), MULTIPLICATIVE),
    "squares summed": (one("ReduceSumSquare"), MULTIPLICATIVE),
    "times itself": (one("Mul", "x x"), MULTIPLICATIVE),
    "attention": (one("Attention", "x x x"), MULTIPLICATIVE),
    "normalised": (one("LayerNormalization", "x s", s=floats(3)), MULTIPLICATIVE),
    "einstein's sum of two": (one("Einsum", "x x", equation="ij,ij->i"), MULTIPLICATIVE),
    "a root": (one("Sqrt"), CURVED),
    "a power 1/2": (one("Pow", "x c", c=scalar(0.5)), CURVED),
    "a power -1": (one("Pow", "x c", c=scalar(-1)), CURVED),
    "an exponential": (one("Pow", "c x", c=scalar(2)), CURVED),
    "a sigmoid": (one("Sigmoid"), CURVED),
    "the norm of order 2": (one("ReduceL2"), CURVED),
    "pooled norms of order 2": (one("LpPool", shape=LINE, kernel_shape=[2]), CURVED),
    "gelu": (one("Gelu"), CURVED),
}


@pytest.mark.parametrize("name", REASONS)
def test_a_refusal_gives_the_reason_that_is_true(name: str) -> None:
    model, reason = REASONS[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(model.data)
    reasons = [each for each in (JUMPING, MULTIPLICATIVE, CURVED) if each in str(caught.value)]
    assert reasons == [reason]
    assert ONLY in str(caught.value) or name in ("times itself", "made an integer")
    assert len(str(caught.value)) < 250


REFUSED: dict[str, tuple[Graph, str]] = {
    "a sum without arrow over unknown letters": (one("Einsum", equation="i1->i"), "expected letters and '...', found"),
    "terms for two": (one("Einsum", equation="ij,jk->i"), "expected 1 terms, as there are inputs"),
    "axes that do not meet": (one("Einsum", "x w", w=noise(2, 2), equation="ij,jk->ik"), "expected one size for j"),
    "a result of its own": (one("Einsum", equation="ij->k"), "expected a result of labels that the terms have"),
    "too many labels": (one("Einsum", equation="ijk->i"), "'ijk' does not fit a tensor of 2 axes"),
    "an axis too far": (one("CumSum", "x a", a=integers(2)), "axis: expected from -2 to 1, found 2"),
    "indices too far": (one("GatherND", "x i", shape=BLOCK, i=integers(3)), "expected indices into sizes [1], found"),
    "added where it is scattered": (
        one("ScatterND", "x i u", shape=(3,), i=integers(0).reshape(1, 1), u=floats(1), reduction="add"),
        "attribute 'reduction': expected 'none'",
    ),
    "an order of too many": (one("TopK", "x k", shape=(1, 9000), k=integers(8)), "more than 65536 comparisons"),
    "a sum over too much": (
        one("Einsum", "x w", shape=(1, 3000), w=floats(1, 3000), equation="ij,kl->jl"),
        "terms together, more than",
    ),
    "a triangle of a list": (one("Trilu", shape=(3,)), "expected matrices, found shape [3]"),
    "anti-aliased": (resized("linear", "half_pixel", sizes=(1, 1, 2, 2), antialias=1), "'antialias' and 'exclude_out"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused(name: str) -> None:
    model, fragment = REFUSED[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(model.data)
    assert fragment in str(caught.value)
