"""scikit-learn's multilayer perceptrons."""

from typing import Any

from verishallow.affine import AffineMap
from verishallow.errors import InputError, NetworkError
from verishallow.network import Layer, ReLUNetwork
from verishallow.read.arrays.exact_arrays import exact_matrix, exact_vector, require_sizes
from verishallow.read.places import shown

MODELS = ("MLPClassifier", "MLPRegressor")
HIDDEN = ("relu", "identity")
OUTPUT = {"MLPClassifier": ("softmax", "logistic"), "MLPRegressor": ("identity",)}


def network_from_sklearn(model: Any) -> ReLUNetwork:
    """The network of a fitted MLPClassifier or MLPRegressor with the activation "relu" or "identity".

    A classifier's outputs are its logits: one per class, or for two classes (and for each of several labels) a single
    one whose sign decides. Raises :class:`~verishallow.errors.NetworkError`, which names what is not piecewise linear.
    """
    try:
        return _network(model)
    except InputError as error:
        raise NetworkError(f"{type(model).__name__}: {error}") from error


def _network(model: Any) -> ReLUNetwork:
    _require_supported(model)
    require_sizes(array.size for array in (*model.coefs_, *model.intercepts_))
    # scikit-learn keeps one column per output.
    weights = [exact_matrix(array.T, f"coefs_[{number}]") for number, array in enumerate(model.coefs_)]
    biases = [exact_vector(array, f"intercepts_[{number}]") for number, array in enumerate(model.intercepts_)]
    layers = [Layer(*pair, (number,)) for number, pair in enumerate(zip(weights, biases, strict=True))]
    network = ReLUNetwork(len(weights[0][0]), tuple(layers))
    return _multiplied_out(network) if model.activation == "identity" else network


def _require_supported(model: Any) -> None:
    kind = next((base.__name__ for base in type(model).__mro__ if base.__name__ in MODELS), None)
    if kind is None:
        raise InputError(f"expected {' or '.join(MODELS)}; of a pipeline, load the last step")
    if not hasattr(model, "coefs_"):
        raise InputError("expected a fitted model; call fit first")
    if model.activation not in HIDDEN:
        raise InputError(f"the activation {shown(model.activation)} is not piecewise linear, expected relu or identity")
    if model.out_activation_ not in OUTPUT[kind]:
        raise InputError(f"the output's activation {shown(model.out_activation_)} is not piecewise linear")


def _multiplied_out(network: ReLUNetwork) -> ReLUNetwork:
    forms = AffineMap.identity(network.inputs)
    for layer in network.layers:
        forms = forms.then(layer.weight, layer.bias)
    return ReLUNetwork.of([([form.linear for form in forms.forms], [form.constant for form in forms.forms])])
