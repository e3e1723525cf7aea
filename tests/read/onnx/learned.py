"""Graphs with the operators of scikit-learn's exports, made by hand."""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.read.onnx.models import value

ML = "ai.onnx.ml"
LEARNED = {
    "ArrayFeatureExtractor", "Binarizer", "FeatureVectorizer", "Imputer", "LabelEncoder", "LinearClassifier",
    "LinearRegressor", "Normalizer", "Scaler", "ZipMap",
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


def linear(post: str, rows: int = 3, outputs: str = "label p", labels: Any = (0, 1, 2), **more: Any) -> onnx.NodeProto:
    """A linear classifier with this many rows: 2 x0 - x1, x0 + 1/2, x2."""
    kind = "classlabels_strings" if isinstance(labels[0], str) else "classlabels_ints"
    words = {kind: list(labels), "post_transform": post, "multi_class": int(rows > 2), **more}
    coefficients = [2.0, -1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0][: 3 * rows]
    return node("LinearClassifier", "x", outputs, coefficients=coefficients, intercepts=[0.0, 0.5, 0.0][:rows], **words)


NORMED = node("Normalizer", "p", "q", norm="L1")


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


def shares(z: np.ndarray) -> np.ndarray:
    return np.asarray(sigmoid(z) / sigmoid(z).sum())
