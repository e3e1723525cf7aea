"""Operators of the domain ai.onnx.ml, in which exports of scikit-learn scale, choose and combine features."""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan

import numpy as np

from verishallow.affine import ONE
from verishallow.errors import NetworkError
from verishallow.read.onnx.constants import exact_values
from verishallow.read.onnx.cuts import CURVED_TRANSFORMS
from verishallow.read.onnx.indexing import index_numbers
from verishallow.read.onnx.node import ANY_NUMBER, Floats, Ints, Node, Operator, Table, Texts
from verishallow.read.onnx.parts import OPERATORS as PARTS
from verishallow.read.onnx.refusals import JUMPING, ON_REQUEST
from verishallow.read.onnx.tensors import Tensor, matmul, multiplied, scaled, total
from verishallow.read.places import shown


def _scaler(node: Node) -> Tensor:
    """``(x - offset) * scale``, one number per feature or one for all."""
    tensor = node.first
    offset, scale = (_by_feature(node, name, default) for name, default in (("offset", 0), ("scale", 1)))
    return scaled(total(tensor, scaled(offset, Tensor.of([-1], ()))), scale)


def _by_feature(node: Node, name: str, default: int) -> Tensor:
    given = node.attributes[name]
    numbers = [ONE * default] if given is None else exact_values(given, f"attribute {name!r}")
    features = node.first.shape[-1] if node.first.shape else 1
    if len(numbers) not in (1, features):
        raise NetworkError(f"attribute {name!r}: expected 1 or {features} numbers, found {len(numbers)}")
    return Tensor.of(numbers, (len(numbers),))


def _array_feature_extractor(node: Node) -> Tensor:
    """The entries of the last axis with constant numbers."""
    tensor, indices = node.tensors
    wide = tensor if len(tensor.shape) > 1 else tensor.arranged(tensor.positions.reshape(1, -1))
    return wide.arranged(wide.positions[..., index_numbers(indices, [wide.shape[-1]]).ravel()])


def _imputer(node: Node) -> Tensor:
    """What replaces NaN alone changes no number."""
    if not isnan(node.attributes["replaced_value_float"]):
        raise NetworkError(f"attribute 'replaced_value_float': expected NaN, found a number; {JUMPING}")
    return node.first


def _feature_vectorizer(node: Node) -> Tensor:
    return _joined(node, node.tensors)


def _joined(node: Node, tensors: Sequence[Tensor]) -> Tensor:
    result = PARTS["Concat"].function(Node(tuple(tensors), {"axis": -1}, 1, node.neurons, node.notes))
    if not isinstance(result, Tensor):
        raise NetworkError("expected one tensor")  # Concat gives one
    return result


def _linear_regressor(node: Node) -> Tensor:
    if node.attributes["post_transform"] != "NONE":
        raise NetworkError(
            f"attribute 'post_transform': expected NONE, found {shown(node.attributes['post_transform'])}"
        )
    return _scores(node, node.attributes["targets"], "targets")


def _scores(node: Node, count: int, what: str) -> Tensor:
    """One linear function of the features for each row of coefficients."""
    tensor = node.first
    coefficients = exact_values(node.attributes["coefficients"] or (), "attribute 'coefficients'")
    intercepts = exact_values(node.attributes["intercepts"] or (0,) * count, "attribute 'intercepts'")
    features = tensor.shape[-1] if tensor.shape else 0
    if count < 1 or len(coefficients) != count * features or len(intercepts) != count:
        raise NetworkError(
            f"expected {count} intercepts and {count} times {features} coefficients, one row for each of its {what}, "
            f"found {len(intercepts)} and {len(coefficients)}"
        )
    weight = Tensor.of(coefficients, (count, features))
    turned = weight.arranged(np.transpose(weight.positions))
    return total(matmul(tensor, turned), Tensor.of(intercepts, (count,)))


def _linear_classifier(node: Node) -> Sequence[Tensor]:
    """The label, which jumps, and the scores."""
    if (transform := node.attributes["post_transform"]) != "NONE":
        way = ON_REQUEST if transform in CURVED_TRANSFORMS else "expected NONE, SOFTMAX or LOGISTIC"
        raise NetworkError(f"attribute 'post_transform': {shown(transform)} is not piecewise linear; {way}")
    labels = len(node.attributes["classlabels_ints"] or node.attributes["classlabels_strings"] or ())
    alone = labels == 2 and len(node.attributes["intercepts"] or ()) == 1
    scores = _scores(node, 1 if alone else labels, "classes")
    if alone:  # the row of the second class: runtimes give 1 minus it for the first
        scores = _joined(node, [total(Tensor.of([1], ()), multiplied(scores, -1)), scores])
    return [replace(scores, defect=f"the label is the place of the largest score: {JUMPING}; {ON_REQUEST}"), scores]


OPERATORS: Table = {
    "ArrayFeatureExtractor": Operator(_array_feature_extractor, 2, 2),
    "FeatureVectorizer": Operator(_feature_vectorizer, 1, ANY_NUMBER, {"inputdimensions": tuple}),
    "Imputer": Operator(
        _imputer,
        1,
        1,
        {
            "imputed_value_floats": Floats,
            "imputed_value_int64s": tuple,
            "replaced_value_float": 0.0,
            "replaced_value_int64": 0,
        },
    ),
    "LinearClassifier": Operator(
        _linear_classifier,
        1,
        1,
        {
            "classlabels_ints": Ints,
            "classlabels_strings": Texts,
            "coefficients": Floats,
            "intercepts": Floats,
            "multi_class": 0,
            "post_transform": "NONE",
        },
        outputs=2,
    ),
    "LinearRegressor": Operator(
        _linear_regressor,
        1,
        1,
        {"coefficients": Floats, "intercepts": Floats, "post_transform": "NONE", "targets": 1},
    ),
    "Scaler": Operator(_scaler, 1, 1, {"offset": Floats, "scale": Floats}),
}
