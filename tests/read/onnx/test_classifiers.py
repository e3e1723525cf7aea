"""Graphs as exports of scikit-learn have them: scaled and chosen features, classifiers cut to their logits."""

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tests.read.onnx.models import agrees_with_onnxruntime, floats, integers, noise, session_of, value
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.rationals import vector
from verishallow.read.onnx.network import network_from_onnx

ML = "ai.onnx.ml"
LEARNED = {
    "ArrayFeatureExtractor", "Binarizer", "FeatureVectorizer", "Imputer", "LabelEncoder", "LinearRegressor",
    "Normalizer", "Scaler", "ZipMap",
}  # fmt: skip


def node(operator: str, inputs: str, outputs: str, **attributes: Any) -> onnx.NodeProto:
    domain = ML if operator in LEARNED else ""
    return helper.make_node(operator, inputs.split(), outputs.split(), name=f"n_{outputs}", domain=domain, **attributes)


def model(*nodes: onnx.NodeProto, outputs: str = "y", features: int = 3, **constants: Any) -> bytes:
    stored = [
        helper.make_tensor(name, TensorProto.STRING, [len(entries)], entries)
        if isinstance(entries, list)
        else numpy_helper.from_array(entries, name)
        for name, entries in constants.items()
    ]
    results = [value(name, None) if kind is None else kind for name, kind in _typed(outputs)]
    graph = helper.make_graph(list(nodes), "g", [value("x", ["n", features])], results, stored)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(ML, 1)]
    return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString())


def _typed(outputs: str) -> list[tuple[str, Any]]:
    kinds = {"label": TensorProto.INT64, "name": TensorProto.STRING}
    return [
        (
            name,
            value(name, None, kinds[name])
            if name in kinds
            else onnx.ValueInfoProto(name=name)
            if name == "map"
            else None,
        )
        for name in outputs.split()
    ]


PREPARED: dict[str, tuple[bytes, list[Any], list[Any]]] = {
    # each with a point and its value by hand
    "a scaler": (
        model(node("Scaler", "x", "y", offset=[1.0, 2.0, -0.5], scale=[0.5, 4.0, 1.0])), [3, 0, 1], [1, -8, "3/2"]
    ),
    "a scaler of one number": (model(node("Scaler", "x", "y", offset=[1.0], scale=[0.5])), [3, 0, 1], [1, "-1/2", 0]),
    "chosen features": (model(node("ArrayFeatureExtractor", "x i", "y"), i=integers(2, 0)), [3, 0, 1], [1, 3]),
    "numbers in place of NaN": (
        model(node("Imputer", "x", "y", imputed_value_floats=[1.0], replaced_value_float=float("nan"))),
        [3, 0, 1],
        [3, 0, 1],
    ),
    "joined features": (model(node("FeatureVectorizer", "x x", "y", inputdimensions=[3, 3])), [3, 0, 1], [3, 0, 1] * 2),
    "a linear regressor": (
        model(node("LinearRegressor", "x", "y", coefficients=[1.0, 2.0, 0.5, 0.0, 1.0, 0.0], intercepts=[1.0, -1.0],
                   targets=2)),
        [3, 0, 1],
        ["9/2", -1],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PREPARED)
def test_what_prepares_features_is_read_exactly(name: str) -> None:
    data, point, expected = PREPARED[name]
    network = network_from_onnx(data)
    assert network(point) == vector(expected)
    agrees_with_onnxruntime(data, network)


LOGITS = (node("MatMul", "x w", "a"), node("Relu", "a", "r"), node("MatMul", "r v", "z"))
WIDE: dict[str, Any] = {"w": noise(3, 4), "v": noise(4, 3, seed=1)}
ONE: dict[str, Any] = {"w": noise(3, 4), "v": noise(4, 1, seed=1)}
LABEL = (node("ArrayFeatureExtractor", "classes k", "e"), node("Reshape", "e s", "f"))
ZIP = node("ZipMap", "p", "map", classlabels_int64s=[0, 1, 2])

SEVERAL = (*LOGITS, node("Softmax", "z", "p", axis=-1), node("ArgMax", "p", "k", axis=1))
BINARY = (
    *LOGITS, node("Sigmoid", "z", "q"), node("Sub", "u q", "o"), node("Concat", "o q", "p", axis=1),
    node("ArgMax", "p", "k", axis=1),
)  # fmt: skip
NUMBERS: dict[str, Any] = {"classes": np.array([0, 1, 2], np.int32), "s": integers(-1)}
TEXTS: dict[str, Any] = {"classes": ["no", "perhaps", "yes"], "s": integers(-1)}
UNIT: dict[str, Any] = {"u": np.array(1, np.float32)}

CLASSIFIERS: dict[str, tuple[bytes, int]] = {
    # each with its number of logits
    "several classes": (
        model(*SEVERAL, *LABEL, node("Cast", "f", "label", to=7), outputs="label p", **WIDE, **NUMBERS), 3
    ),
    "several classes, the label alone": (
        model(*SEVERAL, *LABEL, node("Cast", "f", "label", to=7), outputs="label", **WIDE, **NUMBERS), 3
    ),
    "several classes as a map": (
        model(*SEVERAL, *LABEL, node("Cast", "f", "label", to=7), ZIP, outputs="label map", **WIDE, **NUMBERS), 3
    ),
    "classes that are texts": (
        model(*SEVERAL, *LABEL, node("Identity", "f", "name"), outputs="name p", **WIDE, **TEXTS), 3
    ),
    "two classes": (
        model(*BINARY, *LABEL, node("Cast", "f", "label", to=7), outputs="label p", **ONE, **NUMBERS, **UNIT), 1
    ),
    "two classes as a map": (
        model(*BINARY, *LABEL, node("Cast", "f", "label", to=7), ZIP, outputs="label map", **ONE, **NUMBERS, **UNIT), 1
    ),
    "several labels": (
        model(*LOGITS, node("Sigmoid", "z", "q"), node("Binarizer", "q", "b", threshold=0.5),
              node("Cast", "b", "label", to=7), node("Sub", "u q", "o"), node("Concat", "o q", "p", axis=1),
              outputs="label p", **WIDE, **UNIT),
        3,
    ),
    "a label by its number": (
        model(*LOGITS, node("Softmax", "z", "p", axis=-1), node("ArgMax", "p", "k", axis=1),
              node("LabelEncoder", "k", "name", classes_strings=["a", "b"]), outputs="name p", **WIDE), 3
    ),
    "a threshold": (
        model(*LOGITS, node("Sigmoid", "z", "q"), node("Greater", "q h", "b"), node("Cast", "b", "label", to=7),
              outputs="label", h=np.array(0.5, np.float32), **ONE), 1
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_is_cut_to_its_logits(name: str) -> None:
    data, count = CLASSIFIERS[name]
    weights = WIDE if count == 3 else ONE
    network = network_from_onnx(data, logits=True)
    assert network == network_from_onnx(model(*LOGITS, outputs="z", **weights))
    assert any("cut off; the outputs are what it reads" in note for note in network.notes)
    with pytest.raises(InputError, match="a final one is cut off on request"):
        network_from_onnx(data)


@pytest.mark.parametrize("name", ["several classes", "two classes"])
def test_the_logits_decide_as_onnxruntime_does(name: str) -> None:
    data, count = CLASSIFIERS[name]
    network, session = network_from_onnx(data, logits=True), session_of(data)
    for point in noise(20, 3, seed=4) * 3:
        label, odds = session.run(None, {"x": point[None]})
        logits = np.array([float(z) for z in network([str(x) for x in map(float, point)])])
        expected = np.exp(logits) / np.exp(logits).sum() if count > 1 else 1 / (1 + np.exp([logits[0], -logits[0]]))
        np.testing.assert_allclose(odds[0], expected, rtol=1e-4, atol=1e-5)
        assert label[0] == np.argmax(expected)


def test_two_heads_are_joined() -> None:
    heads = (
        node("MatMul", "x w", "a"), node("Softmax", "a", "p", axis=-1), node("MatMul", "x v", "b"),
        node("Softmax", "b", "q", axis=-1), node("Concat", "p q", "y", axis=1),
    )  # fmt: skip
    network = network_from_onnx(model(*heads, w=floats(3, 2), v=floats(3, 2, start=3)), logits=True)
    assert network == network_from_onnx(
        model(node("MatMul", "x w", "a"), node("MatMul", "x v", "b"), node("Concat", "a b", "y", axis=1),
              w=floats(3, 2), v=floats(3, 2, start=3))
    )  # fmt: skip


REFUSED: dict[str, tuple[bytes, str]] = {
    "a scaler of too many numbers": (model(node("Scaler", "x", "y", offset=[1.0, 2.0])), "expected 1 or 3 numbers"),
    "a number that is replaced": (
        model(node("Imputer", "x", "y", imputed_value_floats=[1.0], replaced_value_float=0.0)), "expected NaN, found a"
    ),
    "an odds ratio": (
        model(node("LinearRegressor", "x", "y", coefficients=[1.0] * 3, targets=1, post_transform="LOGISTIC")),
        "attribute 'post_transform': expected NONE, found 'LOGISTIC'",
    ),
    "too few coefficients": (
        model(node("LinearRegressor", "x", "y", coefficients=[1.0] * 2, targets=1)), "expected 1 intercepts and 1 times"
    ),
    "a normaliser": (model(node("Normalizer", "x", "y", norm="L2")), "multiplicative, not piecewise linear"),
    "a binariser": (model(node("Binarizer", "x", "y", threshold=0.5)), "its values jump: it is not continuous"),
    "what subtracts an activation": (
        model(*LOGITS, node("Sigmoid", "z", "q"), node("Sub", "z q", "y"), **WIDE), "only a final one can be cut off"
    ),
    "what joins an activation": (
        model(*LOGITS, node("Sigmoid", "z", "q"), node("Concat", "z q", "y", axis=1), **WIDE), "only a final one can be"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_exact_is_refused(name: str) -> None:
    data, fragment = REFUSED[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(data, logits=True)
    assert fragment in str(caught.value)


def test_a_scaled_perceptron_is_one_network() -> None:
    data = model(
        node("Scaler", "x", "h", offset=[1.0], scale=[0.5]), node("MatMul", "h w", "a"), node("Relu", "a", "y"),
        features=1, w=np.array([[2, -2]], np.float32),
    )  # fmt: skip
    assert network_from_onnx(data) == ReLUNetwork.of([([[1], [-1]], [-1, 1]), ([[1, 0], [0, 1]], [0, 0])])
