"""Trains the Iris network of this folder: 4-6-6-3, ReLU, from centimetres to the three classes' logits.

``python proofs/iris/train.py`` writes ``network.onnx`` and ``domain.json`` beside itself, the same bytes each time on
one machine (another linear algebra library may train other weights). The inputs are standardised for training only:
the first layer absorbs the standardisation, is then rounded to float32 as the whole network is, and that rounded
network is the one proved.
"""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_iris
from sklearn.neural_network import MLPClassifier

from verishallow.network import ReLUNetwork
from verishallow.read import load
from verishallow.read.domains.texts import FORMAT
from verishallow.whole_file import written_whole

FOLDER = Path(__file__).resolve().parent
HIDDEN = (6, 6)
SEED = 0

Matrix = NDArray[np.float64]
AffineLayer = tuple[Matrix, Matrix]


def main() -> None:
    """Train, write both files, and report what the exact network does on the data."""
    iris = load_iris()
    layers = trained_layers(iris.data, iris.target)
    model = onnx_model(layers, iris.feature_names, list(iris.target_names))
    with written_whole(FOLDER / "network.onnx") as stream:
        stream.write(model.SerializeToString(deterministic=True))
    with written_whole(FOLDER / "domain.json") as stream:
        stream.write(domain_text(iris.data).encode())
    accuracy = exact_accuracy(load(FOLDER / "network.onnx"), iris.data, iris.target)
    print(f"training accuracy of the exact network: {accuracy} = {float(accuracy):.4f}")


def trained_layers(data: Matrix, target: NDArray[np.int64]) -> list[AffineLayer]:
    """The layers (weight with one column a neuron, bias) of a trained network that reads raw centimetres."""
    mean, deviation = data.mean(axis=0), data.std(axis=0)
    classifier = MLPClassifier(HIDDEN, solver="lbfgs", alpha=0.01, max_iter=5000, random_state=SEED)
    classifier.fit((data - mean) / deviation, target)
    weight, bias = classifier.coefs_[0] / deviation[:, None], classifier.intercepts_[0]
    first = (weight, bias - mean @ weight)
    return [first, *zip(classifier.coefs_[1:], classifier.intercepts_[1:], strict=True)]


def onnx_model(layers: list[AffineLayer], features: list[str], classes: list[str]) -> onnx.ModelProto:
    """The float32 model: Gemm, Relu, Gemm, Relu, Gemm."""
    nodes, initializers, value = [], [], "centimetres"
    for number, (weight, bias) in enumerate(layers, start=1):
        names = [f"weight{number}", f"bias{number}"]
        arrays = zip((weight.T, bias), names, strict=True)
        initializers += [numpy_helper.from_array(np.ascontiguousarray(a, np.float32), name) for a, name in arrays]
        last = number == len(layers)
        affine = "logits" if last else f"affine{number}"
        nodes.append(helper.make_node("Gemm", [value, *names], [affine], name=f"gemm{number}", transB=1))
        if not last:
            value = f"hidden{number}"
            nodes.append(helper.make_node("Relu", [affine], [value], name=f"relu{number}"))
    source = helper.make_tensor_value_info("centimetres", TensorProto.FLOAT, ["batch", len(features)])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(classes)])
    graph = helper.make_graph(nodes, "iris", [source], [logits], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, {"features": ", ".join(features), "classes": ", ".join(classes)})
    return model


def domain_text(data: Matrix) -> str:
    """The box of the data as JSON, in exact decimals of a centimetre."""
    bounds = [[str(low), str(high)] for low, high in zip(data.min(axis=0), data.max(axis=0), strict=True)]
    return json.dumps({"format": FORMAT, "version": 1, "box": bounds}) + "\n"


def exact_accuracy(network: ReLUNetwork, data: Matrix, target: NDArray[np.int64]) -> Fraction:
    """The share of the data that the exact network classifies as it is labelled."""
    values = (network([Fraction(str(entry)) for entry in row]) for row in data)
    right = sum(max(range(3), key=logits.__getitem__) == label for logits, label in zip(values, target, strict=True))
    return Fraction(int(right), len(target))


if __name__ == "__main__":
    main()
