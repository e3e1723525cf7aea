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


# ------------------------------------------------------------------------------------------- Pipelines

preprocessing = pytest.importorskip("sklearn.preprocessing")
sklearn_compose = pytest.importorskip("sklearn.compose")
decomposition = pytest.importorskip("sklearn.decomposition")
feature_selection = pytest.importorskip("sklearn.feature_selection")
impute = pytest.importorskip("sklearn.impute")
sklearn_pipeline = pytest.importorskip("sklearn.pipeline")


def regressor(**settings: Any) -> Any:
    return neural_network.MLPRegressor(hidden_layer_sizes=(4,), max_iter=3, random_state=1, **settings)


def piped(*steps: Any, points: np.ndarray = POINTS, last: Any = None) -> Any:
    model = sklearn_pipeline.make_pipeline(*steps, regressor() if last is None else last)
    with warnings.catch_warnings(action="ignore"):
        return model.fit(points, points @ SLOPES)


def in_columns() -> Any:
    return sklearn_compose.ColumnTransformer(
        [
            ("scaled", preprocessing.StandardScaler(), [2, 0]),
            ("as it is", "passthrough", slice(1, 2)),
            ("left out", "drop", [0]),
            ("projected", decomposition.TruncatedSVD(1, random_state=0), np.array([True, False, True])),
        ]
    )


STEPS: dict[str, Callable[[], list[Any]]] = {
    "nothing": list,
    "standard scaler": lambda: [preprocessing.StandardScaler()],
    "standard scaler without mean": lambda: [preprocessing.StandardScaler(with_mean=False)],
    "standard scaler without deviation": lambda: [preprocessing.StandardScaler(with_std=False)],
    "min-max scaler": lambda: [preprocessing.MinMaxScaler((-1, 2))],
    "min-max scaler that clips": lambda: [preprocessing.MinMaxScaler(clip=True)],
    "a clip between scalers": lambda: [
        preprocessing.MaxAbsScaler(), preprocessing.MinMaxScaler((-0.5, 0.5), clip=True), preprocessing.StandardScaler()
    ],
    "two clips": lambda: [preprocessing.MinMaxScaler(clip=True), preprocessing.MinMaxScaler((0, 3), clip=True)],
    "max-abs scaler": lambda: [preprocessing.MaxAbsScaler()],
    "robust scaler without its centre": lambda: [preprocessing.RobustScaler(with_centering=False)],
    "robust scaler without its range": lambda: [preprocessing.RobustScaler(with_scaling=False)],
    "robust scaler": lambda: [preprocessing.RobustScaler()],
    "principal components": lambda: [preprocessing.StandardScaler(), decomposition.PCA(2)],
    "a singular value decomposition": lambda: [decomposition.TruncatedSVD(2, random_state=0)],
    "a choice of features": lambda: [feature_selection.SelectKBest(feature_selection.f_regression, k=2)],
    "features that vary": lambda: [feature_selection.VarianceThreshold()],
    "missing values": lambda: [impute.SimpleImputer()],
    "no function": lambda: [preprocessing.FunctionTransformer()],
    "passed through": lambda: ["passthrough"],
    "a pipeline inside": lambda: [
        sklearn_pipeline.make_pipeline(preprocessing.StandardScaler(), preprocessing.MaxAbsScaler())
    ],
    "columns": lambda: [in_columns()],
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_a_pipeline_is_the_function_that_it_predicts(name: str) -> None:
    model = piped(*STEPS[name]())
    network = load(model)
    wider = np.concatenate([POINTS, 3 * POINTS])
    assert network.inputs == 3
    assert exact_values(network, wider)[:, 0] == pytest.approx(model.predict(wider), rel=1e-9, abs=1e-12)


def test_a_scaler_is_composed_exactly() -> None:
    model = piped(preprocessing.StandardScaler())
    (_, scaler), (_, perceptron) = model.steps
    layer, inner = load(model).layers[0], load(perceptron).layers[0]
    centre, scale = map(Fraction, scaler.mean_.tolist()), map(Fraction, scaler.scale_.tolist())
    at_centre = vector(centre)
    assert [sum((w * c for w, c in zip(row, at_centre, strict=True)), b) for row, b in
            zip(layer.weight, layer.bias, strict=True)] == list(inner.bias)  # fmt: skip
    scales = vector(scale)
    assert [[w * s for w, s in zip(row, scales, strict=True)] for row in layer.weight] == [*map(list, inner.weight)]


def test_a_clip_is_a_layer_of_two_neurons_a_feature() -> None:
    assert load(piped(preprocessing.MinMaxScaler(clip=True))).widths == (3, 6, 4, 1)


def test_a_classifier_in_a_pipeline_gives_its_logits() -> None:
    last = neural_network.MLPClassifier(hidden_layer_sizes=(4,), max_iter=3, random_state=1)
    model = sklearn_pipeline.make_pipeline(preprocessing.StandardScaler(), last)
    with warnings.catch_warnings(action="ignore"):
        model.fit(POINTS, CLASSES["two classes"])
    logits = exact_values(load(model), POINTS)
    assert model.predict_proba(POINTS)[:, 1:] == pytest.approx(1 / (1 + np.exp(-logits)), rel=1e-9)


@pytest.mark.parametrize("activation", ["relu", "identity"])
@pytest.mark.parametrize("scaler", ["StandardScaler", "MinMaxScaler"])
@pytest.mark.parametrize("targets", VALUES)
def test_a_scaled_target_is_scaled_back(targets: str, scaler: str, activation: str) -> None:
    model = sklearn_compose.TransformedTargetRegressor(
        sklearn_pipeline.make_pipeline(preprocessing.StandardScaler(), regressor(activation=activation)),
        transformer=getattr(preprocessing, scaler)(),
    )
    with warnings.catch_warnings(action="ignore"):
        model.fit(POINTS, VALUES[targets])
    expected = model.predict(POINTS).reshape(len(POINTS), -1)
    assert exact_values(load(model), POINTS) == pytest.approx(expected, rel=1e-9)


REFUSED_STEPS: dict[str, tuple[Callable[[], list[Any]], str]] = {
    "products": (lambda: [preprocessing.PolynomialFeatures()], "PolynomialFeatures: it multiplies features with each"),
    "norms": (lambda: [preprocessing.Normalizer()], "Normalizer: it multiplies features with each other"),
    "steps": (lambda: [preprocessing.Binarizer()], "Binarizer: its values jump: it is not continuous"),
    "powers": (lambda: [preprocessing.PowerTransformer()], "PowerTransformer: it curves: it is not piecewise linear"),
    "quantiles": (
        lambda: [preprocessing.QuantileTransformer(n_quantiles=9)], "QuantileTransformer: expected one of the steps Col"
    ),
    "whitened": (lambda: [decomposition.PCA(2, whiten=True)], "PCA: whiten: expected False, found True"),
    "code": (lambda: [preprocessing.FunctionTransformer(np.abs)], "func: expected None, found 'absolute': code is not"),
    "another number for missing": (lambda: [impute.SimpleImputer(missing_values=0)], "missing_values: expected NaN, f"),
    "a clip in columns": (
        lambda: [sklearn_compose.ColumnTransformer([("a", preprocessing.MinMaxScaler(clip=True), [0])])],
        "ColumnTransformer: a: expected no clip in the columns of a ColumnTransformer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_STEPS)
def test_refusals_of_steps_say_what_is_not_exact(name: str) -> None:
    make, message = REFUSED_STEPS[name]
    model = piped(*make())
    with pytest.raises(NetworkError) as caught:
        load(model)
    assert message in str(caught.value)
