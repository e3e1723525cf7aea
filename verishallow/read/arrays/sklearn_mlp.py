"""scikit-learn's multilayer perceptrons, alone or at the end of a pipeline."""

from typing import Any

from verishallow.affine import AffineMap
from verishallow.errors import InputError, NetworkError
from verishallow.network import Layer, ReLUNetwork
from verishallow.read.arrays.exact_arrays import exact_matrix, exact_vector, require_sizes
from verishallow.read.arrays.sklearn_steps import Features, apply_step, inverse_of
from verishallow.read.places import shown, within

MODELS = ("MLPClassifier", "MLPRegressor")
HIDDEN = ("relu", "identity")
OUTPUT = {"MLPClassifier": ("softmax", "logistic"), "MLPRegressor": ("identity",)}


def network_from_sklearn(model: Any) -> ReLUNetwork:
    """The network of a fitted MLPClassifier or MLPRegressor with the activation "relu" or "identity".

    A classifier's outputs are its logits: one per class, or for two classes (and for each of several labels) one whose
    sign decides. The steps of a pipeline before it, scalers and the like, are composed exactly, and so is the scaling
    of a TransformedTargetRegressor. Raises :class:`~verishallow.errors.NetworkError`, which names what is not piecewise
    linear.
    """
    try:
        return _network(model)
    except InputError as error:
        raise NetworkError(f"{type(model).__name__}: {error}") from error


def _network(model: Any) -> ReLUNetwork:
    if hasattr(model, "best_estimator_"):  # of a search among settings
        return _network(model.best_estimator_)
    if _is(model, "TransformedTargetRegressor"):
        return _with_target(model)
    *steps, last = [step for _, step in model.steps] if _is(model, "Pipeline") else [model]
    if _is(last, "Pipeline", "TransformedTargetRegressor") and not steps:
        return _network(last)
    if _is(model, "Pipeline"):
        with within(type(last).__name__):
            _require_supported(last)
    else:
        _require_supported(last)
    features = Features(AffineMap.identity(getattr(model, "n_features_in_", last.n_features_in_)))
    for step in steps:
        apply_step(step, features)
    return _perceptron(last, features)


def _perceptron(model: Any, features: Features) -> ReLUNetwork:
    """The perceptron of these features of the inputs."""
    require_sizes(array.size for array in (*model.coefs_, *model.intercepts_))
    # scikit-learn keeps one column per output.
    weights = [exact_matrix(array.T, f"coefs_[{number}]") for number, array in enumerate(model.coefs_)]
    biases = [exact_vector(array, f"intercepts_[{number}]") for number, array in enumerate(model.intercepts_)]
    if len(weights[0][0]) != features.width:
        raise InputError(f"expected {len(weights[0][0])} features after all steps, found {features.width}")
    maps = [features.forms.then(weights[0], biases[0])]
    pairs = list(zip(weights[1:], biases[1:], strict=True))
    if model.activation == "identity":
        for weight, bias in pairs:
            maps[0] = maps[0].then(weight, bias)
        pairs = []
    made = [(tuple(form.linear for form in maps[0].forms), tuple(form.constant for form in maps[0].forms)), *pairs]
    first = len(features.layers)
    layers = [Layer(*pair, (first + number,)) for number, pair in enumerate(made)]
    inputs = len(features.layers[0].weight[0]) if features.layers else len(made[0][0][0])
    return ReLUNetwork(inputs, (*features.layers, *layers))


def _with_target(model: Any) -> ReLUNetwork:
    """A regressor whose target was scaled: its outputs scaled back."""
    if not hasattr(model, "regressor_"):
        raise InputError("expected a fitted model; call fit first")
    network, transformer = _network(model.regressor_), model.transformer_
    factors, shifts = inverse_of(transformer, network.outputs)
    *hidden, last = network.layers
    weight = tuple(tuple(factor * w for w in row) for row, factor in zip(last.weight, factors, strict=True))
    bias = tuple(factor * b + shift for b, factor, shift in zip(last.bias, factors, shifts, strict=True))
    return ReLUNetwork(network.inputs, (*hidden, Layer(weight, bias, last.reads)))


def _is(model: Any, *names: str) -> bool:
    return any(base.__name__ in names for base in type(model).__mro__)


def _require_supported(model: Any) -> None:
    kind = next((base.__name__ for base in type(model).__mro__ if base.__name__ in MODELS), None)
    if kind is None:
        raise InputError(f"expected {' or '.join(MODELS)}, or a Pipeline that ends in one")
    if not hasattr(model, "coefs_"):
        raise InputError("expected a fitted model; call fit first")
    if model.activation not in HIDDEN:
        raise InputError(f"the activation {shown(model.activation)} is not piecewise linear, expected relu or identity")
    if model.out_activation_ not in OUTPUT[kind]:
        raise InputError(f"the output's activation {shown(model.out_activation_)} is not piecewise linear")
