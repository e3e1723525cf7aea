"""Graphs as exports of scikit-learn have them: scaled and chosen features, classifiers cut to their logits."""

from typing import Any

import numpy as np
import onnx
import pytest

from tests.read.onnx.learned import NORMED, linear, model, node, shares
from tests.read.onnx.models import agrees_with_onnxruntime, floats, integers, noise, session_of
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.rationals import vector
from verishallow.read.onnx.network import network_from_onnx

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
    "a label that is gathered": (
        model(*LOGITS, node("Softmax", "z", "p", axis=-1), node("ArgMax", "p", "k", axis=1),
              node("Gather", "classes k", "f"), node("Cast", "f", "label", to=7), outputs="label",
              classes=np.array([7, 8, 9], np.int32), **WIDE), 3
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


BRANCH = "MatMul x {0} a{0};Relu a{0} r{0};MatMul r{0} {1} z{0};Sigmoid z{0} q{0};Sub u q{0} o{0};Concat o{0} q{0} p{0}"


def branch(first: str, second: str) -> list[onnx.NodeProto]:
    """A perceptron for two classes as it is exported: the probability of the first class, and of the second."""
    parts = [each.split() for each in BRANCH.format(first, second).split(";")]
    return [
        node(operator, " ".join(inputs), output, **({"axis": 1} if operator == "Concat" else {}))
        for operator, *inputs, output in parts
    ]


def test_perceptrons_one_against_the_rest_are_cut_to_their_logits() -> None:
    columns = {name: floats(3, 2, start=start) for name, start in (("v", -2), ("w", -4))}
    rows = {"s": floats(2, 1, start=-1), "t": floats(2, 1, start=1)}
    both: dict[str, Any] = {**columns, **rows, **UNIT}
    data = model(
        *branch("v", "s"), *branch("w", "t"),
        node("Slice", "pv one two one", "b"), node("Slice", "pw zero one one", "c"),
        node("Concat", "b c", "d", axis=1), node("ArgMax", "d", "label", axis=1),
        node("LpNormalization", "d", "p", axis=1, p=1), outputs="label p",
        zero=integers(0), one=integers(1), two=integers(2), **both,
    )  # fmt: skip
    plain = [*branch("v", "s")[:3], *branch("w", "t")[:3]]
    network = network_from_onnx(data, logits=True)
    assert network == network_from_onnx(
        model(*plain, node("Neg", "zw", "m"), node("Concat", "zv m", "y", axis=1), **both)
    )
    session = session_of(data)
    for point in noise(20, 3, seed=5) * 3:
        label, odds = session.run(None, {"x": point[None]})
        logits = np.array([float(z) for z in network([str(x) for x in map(float, point)])])
        np.testing.assert_allclose(odds[0], shares(logits), rtol=1e-4, atol=1e-5)
        assert label[0] == np.argmax(logits)


@pytest.mark.parametrize(("classes", "post"), [(2, "LOGISTIC"), (3, "SOFTMAX")])
def test_the_logits_are_scikit_learns_decision_function(classes: int, post: str) -> None:
    """As exports of LogisticRegression have it: for two classes the row of the second, and minus it."""
    models = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is not installed")
    points = noise(40, 3, seed=6)
    learnt = models.LogisticRegression().fit(points, np.arange(40) % classes)
    rows, shifts = learnt.coef_, learnt.intercept_
    if classes == 2:
        rows, shifts = np.concatenate([-rows, rows]), np.concatenate([-shifts, shifts])
    words = {"classlabels_ints": list(range(classes)), "post_transform": post}
    classifier = node("LinearClassifier", "x", "label p", coefficients=rows.ravel().tolist(),
                      intercepts=shifts.tolist(), **words)  # fmt: skip
    network = network_from_onnx(model(classifier, NORMED, outputs="label q"), logits=True)
    found = np.array([[float(z) for z in network([str(x) for x in map(float, point)])] for point in points])
    wanted = learnt.decision_function(points).reshape(40, -1)
    np.testing.assert_allclose(found[:, -wanted.shape[1] :], wanted, rtol=1e-4, atol=1e-5)


def test_two_classifiers_of_one_sample_are_joined() -> None:
    """As exports of MultiOutputClassifier have them: labels joined, and probabilities in a sequence."""
    columns = {name: floats(3, 2, start=start) for name, start in (("v", -2), ("w", -4))}
    both: dict[str, Any] = {**columns, "s": floats(2, 1, start=-1), "t": floats(2, 1, start=1), **UNIT}
    data = model(
        *branch("v", "s"), *branch("w", "t"), node("SequenceConstruct", "pv pw", "map"),
        node("ArgMax", "pv", "j", axis=1), node("ArgMax", "pw", "k", axis=1), node("Concat", "j k", "label", axis=1),
        outputs="label map", **both,
    )  # fmt: skip
    plain = [*branch("v", "s")[:3], *branch("w", "t")[:3]]
    assert network_from_onnx(data, logits=True) == network_from_onnx(
        model(*plain, node("Concat", "zv zw", "y", axis=1), **both)
    )


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
    "a probability of several that is gathered": (
        model(linear("SOFTMAX"), node("Gather", "p one", "y", axis=1), one=integers(1)), "only a final one can be cut"
    ),
    "a label that goes on": (
        model(linear("SOFTMAX"), node("Neg", "label", "y"), outputs="y"), "only a final one can be cut off"
    ),
    "one probability of several": (
        model(linear("SOFTMAX"), node("Slice", "p one two one", "y"), one=integers(1), two=integers(2)),
        "only a final one can be cut off",
    ),
    "two probabilities that are subtracted": (
        model(*LOGITS, node("Sigmoid", "z", "q"), node("Sigmoid", "a", "r2"), node("Sub", "q r2", "y"), w=noise(3, 4),
              v=noise(4, 4, seed=1)),
        "only a final one can be cut off",
    ),
    "a probit": (model(linear("PROBIT"), outputs="p"), "'PROBIT' is not piecewise linear; expected NONE, SOFTMAX or"),
    "a softmax of all but zeros": (model(linear("SOFTMAX_ZERO"), outputs="p"), "'SOFTMAX_ZERO' is not piecewise"),
    "a softmax of one row": (model(linear("SOFTMAX", 1, labels=(0, 1)), outputs="p"), "expected 2 rows, one per class"),
    "too few rows": (model(linear("NONE", 2), outputs="p"), "expected 3 intercepts and 3 times 3 coefficients, one"),
    "a classifier of what is cut off": (
        model(node("Softmax", "x", "s", axis=1), node("LinearClassifier", "s", "label p", classlabels_ints=[0, 1, 2],
              coefficients=[1.0] * 9, intercepts=[0.0] * 3), outputs="p"),
        "only a final one can be cut off",
    ),
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
