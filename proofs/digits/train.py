"""Trains the perceptron of this folder: 64-64-32-10, ReLU, from the 8x8 pixels of a digit to the ten logits.

``python proofs/digits/train.py`` writes ``network.onnx``, ``slice.json`` and ``domain.json`` beside itself, the same
bytes each time on one machine (another linear algebra library may train other weights). The data are those that
scikit-learn ships; every fifth image is kept for the test. The slice is the plane through the first images of a 3, a 5
and an 8 among those.
"""

import json
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.read import load
from verishallow.read.domains.slices import slice_to_json
from verishallow.read.domains.texts import domain_to_json
from verishallow.slices import Slice
from verishallow.whole_file import written_whole

FOLDER = Path(__file__).resolve().parent
HIDDEN = (64, 32)
SEED = 0
BLACKEST = 16
SHOWN = (3, 5, 8)
MIXTURES = Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, -1]])
"""The parameters of the convex combinations of the three images."""

Matrix = NDArray[np.float64]
AffineLayer = tuple[Matrix, Matrix]


def main() -> None:
    """Train, write the files, and report what the exact network does on the images kept for the test."""
    digits = load_digits()
    kept = np.arange(len(digits.data)) % 5 == 0
    layers = trained_layers(digits.data[~kept], digits.target[~kept])
    with written_whole(FOLDER / "network.onnx") as stream:
        stream.write(onnx_model(layers).SerializeToString(deterministic=True))
    write_json("slice.json", slice_to_json(plane(digits.data[kept], digits.target[kept])))
    write_json("domain.json", domain_to_json(MIXTURES))
    accuracy = exact_accuracy(load(FOLDER / "network.onnx"), digits.data[kept], digits.target[kept])
    print(f"test accuracy of the exact network: {accuracy} = {float(accuracy):.4f}")


def trained_layers(data: Matrix, target: NDArray[np.int64]) -> list[AffineLayer]:
    """The layers (weight with one column a neuron, bias) of a trained network that reads pixels from 0 to 16."""
    classifier = MLPClassifier(HIDDEN, solver="lbfgs", alpha=1.0, max_iter=500, random_state=SEED)
    with warnings.catch_warnings(action="ignore"):  # so many steps suffice, whatever the optimiser would like
        classifier.fit(data / BLACKEST, target)
    layers = list(zip(classifier.coefs_, classifier.intercepts_, strict=True))
    # Division by a power of two is exact: the first layer absorbs it.
    return [(layers[0][0] / BLACKEST, layers[0][1]), *layers[1:]]


def onnx_model(layers: list[AffineLayer]) -> onnx.ModelProto:
    """The float32 model: Gemm, Relu, Gemm, Relu, Gemm."""
    nodes, initializers, value = [], [], "pixels"
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
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["batch", 64])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 10])
    graph = helper.make_graph(nodes, "digits", [pixels], [logits], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def plane(images: Matrix, labels: NDArray[np.int64]) -> Slice:
    """The plane through the first image of each digit that is shown: these have the parameters (0,0), (1,0), (0,1)."""
    firsts = [images[np.flatnonzero(labels == digit)[0]] for digit in SHOWN]
    origin, *others = ([int(pixel) for pixel in image] for image in firsts)
    return Slice.plane(origin, *others)


def write_json(name: str, value: dict[str, object]) -> None:
    """One JSON object on one line, beside this file."""
    with written_whole(FOLDER / name) as stream:
        stream.write(json.dumps(value).encode() + b"\n")


def exact_accuracy(network: ReLUNetwork, images: Matrix, labels: NDArray[np.int64]) -> Fraction:
    """The share of the images that the exact network reads as they are labelled."""
    values = (network([int(pixel) for pixel in image]) for image in images)
    right = sum(max(range(10), key=logits.__getitem__) == label for logits, label in zip(values, labels, strict=True))
    return Fraction(int(right), len(labels))


if __name__ == "__main__":
    main()
