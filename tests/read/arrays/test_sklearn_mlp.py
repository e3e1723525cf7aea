"""scikit-learn's perceptrons: the exact network against the library's own floats, and what is refused."""

import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from verishallow.errors import NetworkError
from verishallow.network import ReLUNetwork
from verishallow.rationals import vector
from verishallow.read import load

neural_network = pytest.importorskip("sklearn.neural_network", reason="scikit-learn is not installed")

DICE = np.random.default_rng(3)
POINTS = DICE.normal(size=(60, 3))
SLOPES = np.array([1.0, -2.0, 0.5])
CLASSES = {
    "two classes": (POINTS @ SLOPES > 0).astype(int),
    "three classes": np.digitize(POINTS @ SLOPES, [-1, 1]),
    "several labels": (np.array([[1, 2, 3], [0, -1, 1.0]]) @ POINTS.T > 0).T.astype(int),
}
VALUES = {"one output": POINTS @ SLOPES, "two outputs": POINTS @ np.array([[1, 2.0], [0, 1], [-1, 1]])}


def fitted(kind: str, targets: np.ndarray, points: np.ndarray = POINTS, **settings: Any) -> Any:
    settings = {"hidden_layer_sizes": (5, 4), "activation": "relu", "max_iter": 3, "random_state": 1} | settings
    model = getattr(neural_network, kind)(**settings)
    with warnings.catch_warnings(action="ignore"):  # three steps do not converge
        return model.fit(points, targets)


def exact_values(network: ReLUNetwork, points: np.ndarray) -> np.ndarray:
    return np.array([[float(value) for value in network(map(Fraction, point))] for point in points.tolist()])


@pytest.mark.parametrize("activation", ["relu", "identity"])
@pytest.mark.parametrize("targets", VALUES)
def test_a_regressor_is_the_function_that_it_predicts(targets: str, activation: str) -> None:
    model = fitted("MLPRegressor", VALUES[targets], activation=activation)
    expected = model.predict(POINTS).reshape(len(POINTS), -1)
    assert exact_values(load(model), POINTS) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("activation", ["relu", "identity"])
@pytest.mark.parametrize("targets", CLASSES)
def test_a_classifier_gives_its_logits(targets: str, activation: str) -> None:
    model = fitted("MLPClassifier", CLASSES[targets], activation=activation)
    logits = exact_values(load(model), POINTS)
    if targets == "three classes":
        odds = np.exp(logits)
        expected = odds / odds.sum(axis=1, keepdims=True)
    else:
        expected = 1 / (1 + np.exp(-logits))
    found = model.predict_proba(POINTS)
    assert (found[:, 1:] if targets == "two classes" else found) == pytest.approx(expected, rel=1e-9)


def test_the_weights_are_the_binary_rationals_that_they_are() -> None:
    model = fitted("MLPRegressor", VALUES["one output"].astype(np.float32), POINTS.astype(np.float32))
    assert model.coefs_[0].dtype == np.float32
    network = load(model)
    for layer, weight, bias in zip(network.layers, model.coefs_, model.intercepts_, strict=True):
        assert layer.weight == tuple(vector(map(Fraction, column)) for column in weight.T.tolist())
        assert layer.bias == vector(map(Fraction, bias.tolist()))


def test_no_hidden_layer_is_one_affine_map() -> None:
    model = fitted("MLPRegressor", VALUES["one output"], hidden_layer_sizes=())
    assert len(load(model).layers) == 1
    assert exact_values(load(model), POINTS)[:, 0] == pytest.approx(model.predict(POINTS), rel=1e-9)


def test_identities_are_multiplied_out() -> None:
    assert load(fitted("MLPRegressor", VALUES["one output"], activation="identity")).widths == (3, 1)


def spoilt() -> Any:
    model = fitted("MLPRegressor", VALUES["one output"])
    model.coefs_[1][0, 2] = np.nan
    return model


def pipeline() -> Any:
    return pytest.importorskip("sklearn.pipeline").make_pipeline(neural_network.MLPRegressor())


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "tanh": (
        lambda: fitted("MLPRegressor", VALUES["one output"], activation="tanh"),
        "MLPRegressor: the activation 'tanh'",
    ),
    "logistic": (
        lambda: fitted("MLPClassifier", CLASSES["two classes"], activation="logistic"),
        "activation 'logistic'",
    ),
    "an exponential output": (
        lambda: fitted("MLPRegressor", np.abs(VALUES["one output"]), loss="poisson"),
        "MLPRegressor: the output's activation 'exp' is not piecewise linear",
    ),
    "not fitted": (neural_network.MLPClassifier, "MLPClassifier: expected a fitted model; call fit first"),
    "not finite": (spoilt, "MLPRegressor: coefs_[1]: entry 10: expected a finite number, found nan"),
    "another model": (neural_network.BernoulliRBM, "BernoulliRBM: expected MLPClassifier or MLPRegressor"),
    "a pipeline": (pipeline, "Pipeline: MLPRegressor: expected a fitted model; call fit first"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_what_is_not_exact(name: str) -> None:
    make, message = REFUSED[name]
    model = make()
    with pytest.raises(NetworkError) as caught:
        load(model)
    assert message in str(caught.value)
