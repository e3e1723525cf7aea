"""Linear classifiers as scikit-learn exports them, cut to their scores."""

from typing import Any

import numpy as np
import pytest

from tests.read.onnx.learned import NORMED, linear, model, node, shares, sigmoid
from tests.read.onnx.models import agrees_with_onnxruntime, integers, noise, session_of
from verishallow.errors import InputError
from verishallow.rationals import vector
from verishallow.read.onnx.network import network_from_onnx

SCORES = [5, "3/2", "1/4"]
"""Its scores at (1, -3, 1/4)."""


LINEAR: dict[str, tuple[bytes, list[Any]]] = {
    # each with its logits at (1, -3, 1/4)
    "several classes": (model(linear("SOFTMAX"), NORMED, outputs="label q"), SCORES),
    "the odds alone": (model(linear("SOFTMAX"), outputs="p"), SCORES),
    "the label alone": (model(linear("SOFTMAX"), outputs="label"), SCORES),
    "a map": (model(linear("SOFTMAX"), NORMED, node("Cast", "label", "l", to=7),
                    node("ZipMap", "q", "map", classlabels_int64s=[0, 1, 2]), outputs="l map"), SCORES),
    "classes that are texts": (model(linear("SOFTMAX", outputs="name p", labels=("a", "b", "c")), outputs="name p"),
                               SCORES),
    "odds of each class": (model(linear("LOGISTIC"), outputs="label p"), SCORES),
    "two rows of two classes": (model(linear("LOGISTIC", 2, labels=(0, 1)), outputs="label p"), SCORES[:2]),
    "one row of two classes": (model(linear("LOGISTIC", 1, labels=(0, 1)), outputs="label p"), [-5, 5]),
    "one row of two classes, its scores": (model(linear("NONE", 1, labels=(0, 1)), outputs="label p"), [-4, 5]),
    "scores and a label": (model(linear("NONE"), outputs="label p"), SCORES),
    "one against the rest": (
        model(linear("LOGISTIC", 2, "l0 p0", (0, 1)), linear("LOGISTIC", 1, "l1 p1", (0, 1)),
              node("Slice", "p0 one two one", "a"), node("Slice", "p1 one two one", "b"),
              node("Concat", "a b", "c", axis=1), node("ArgMax", "c", "k", axis=1),
              node("LpNormalization", "c", "p", axis=1, p=1), node("ArrayFeatureExtractor", "classes k", "e"),
              node("Cast", "e", "label", to=7), outputs="label p",
              classes=np.array([0, 1], np.int32), one=integers(1), two=integers(2)),
        ["3/2", 5],
    ),
    "scores against the rest": (
        model(linear("NONE", 2, "l0 s0", (0, 1)), linear("NONE", 1, "l1 s1", (0, 1)),
              node("ArrayFeatureExtractor", "s0 one", "a"), node("ArrayFeatureExtractor", "s1 one", "b"),
              node("Concat", "a b", "c", axis=1), node("ArgMax", "c", "label", axis=1),
              node("LpNormalization", "c", "p", axis=1, p=1), outputs="label p", one=integers(1)),
        ["3/2", 5],
    ),
    "several labels": (
        model(linear("LOGISTIC", 2, "l0 p0", (0, 1)), node("Slice", "p0 one two one", "a"),
              node("Sub", "a half", "t"), node("Sign", "t", "g"), node("Cast", "g", "i", to=7),
              node("Clip", "i zero", "label"), outputs="label a",
              one=integers(1), two=integers(2), half=np.array(0.5, np.float32), zero=np.array(0, np.int64)),
        ["3/2"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LINEAR)
def test_a_linear_classifier_is_cut_to_its_scores(name: str) -> None:
    data, expected = LINEAR[name]
    network = network_from_onnx(data, logits=True)
    assert network([1, -3, "1/4"]) == vector(expected)
    assert not network.hidden
    assert any("cut off; the outputs are what it reads" in note for note in network.notes)
    with pytest.raises(InputError, match="a final one is cut off on request"):
        network_from_onnx(data)


def softmax(z: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(z) / np.exp(z).sum())


ODDS: dict[str, Any] = {
    "several classes": softmax,
    "odds of each class": sigmoid,
    "one row of two classes": sigmoid,
    "one row of two classes, its scores": lambda z: z,
    "scores and a label": lambda z: z,
    "one against the rest": shares,
    "scores against the rest": lambda z: z / np.abs(z).sum(),
    "several labels": sigmoid,
}


@pytest.mark.parametrize("name", ODDS)
def test_onnxruntime_makes_its_odds_of_these_scores(name: str) -> None:
    data, _ = LINEAR[name]
    network, session = network_from_onnx(data, logits=True), session_of(data)
    for point in noise(20, 3, seed=4) * 3:
        label, odds = session.run(None, {"x": point[None]})
        logits = np.array([float(z) for z in network([str(x) for x in map(float, point)])])
        np.testing.assert_allclose(odds[0], ODDS[name](logits), rtol=1e-4, atol=1e-5)
        expected = int(logits[0] > 0) if len(logits) == 1 else np.argmax(logits)
        assert np.ravel(label)[0] == expected or name.startswith("one row of two classes")


def test_scores_alone_are_read_as_they_are() -> None:
    data = model(linear("NONE"), outputs="p")
    assert network_from_onnx(data)([1, -3, "1/4"]) == vector(SCORES)
    agrees_with_onnxruntime(data, network_from_onnx(data))


def test_the_label_of_one_row_is_its_sign() -> None:
    data = LINEAR["one row of two classes"][0]
    network, session = network_from_onnx(data, logits=True), session_of(data)
    labels = [session.run(["label"], {"x": point[None]})[0][0] for point in noise(20, 3, seed=4)]
    logits = [network([str(x) for x in map(float, point)]) for point in noise(20, 3, seed=4)]
    assert labels == [int(second > first) for first, second in logits]
    assert set(labels) == {0, 1}
