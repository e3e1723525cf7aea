"""Trains the convolutional network of this folder, from the 8x8 pixels of a digit to the ten logits.

Conv (3 filters of 3x3, padded), ReLU, average of 2x2, Conv (6 filters of 3x3), ReLU, dense: 192 + 24 hidden neurons.
``python proofs/digits-convolution/train.py`` writes ``network.onnx``, ``slice.json`` and ``domain.json`` beside itself,
the same bytes each time on one machine (another linear algebra library may train other weights). Data, test and slice
are those of ``proofs/digits``. The gradient is written out: no library for training is needed.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from scipy.optimize import minimize
from sklearn.datasets import load_digits

from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.read import load
from verishallow.read.domains.slices import slice_to_json
from verishallow.read.domains.texts import domain_to_json
from verishallow.slices import Slice
from verishallow.whole_file import written_whole

FOLDER = Path(__file__).resolve().parent
FIRST, SECOND = 3, 6
SHAPES = ((FIRST, 9), (FIRST,), (SECOND, 9 * FIRST), (SECOND,), (10, 4 * SECOND), (10,))
"""Filters and biases of both convolutions, weights and biases of the dense layer."""

SEED, STEPS, DECAY = 0, 300, 1e-3
BLACKEST = 16
SHOWN = (3, 5, 8)
MIXTURES = Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, -1]])
"""The parameters of the convex combinations of the three images."""

Array = NDArray[np.float64]


def main() -> None:
    """Train, write the files, and report what the exact network does on the images kept for the test."""
    digits = load_digits()
    kept = np.arange(len(digits.data)) % 5 == 0
    parameters = trained(digits.data[~kept] / BLACKEST, digits.target[~kept])
    with written_whole(FOLDER / "network.onnx") as stream:
        stream.write(onnx_model(parameters).SerializeToString(deterministic=True))
    write_json("slice.json", slice_to_json(plane(digits.data[kept], digits.target[kept])))
    write_json("domain.json", domain_to_json(MIXTURES))
    accuracy = exact_accuracy(load(FOLDER / "network.onnx"), digits.data[kept], digits.target[kept])
    print(f"test accuracy of the exact network: {accuracy} = {float(accuracy):.4f}")


# ---------------------------------------------------------------------------------------------- Training


def windows(side: int, size: int, stride: int) -> NDArray[np.int64]:
    """The pixels of each window of a square image, row by row: one row a window."""
    corners = range(0, side - size + 1, stride)
    inside = [(i, j) for i in range(size) for j in range(size)]
    return np.array([[(row + i) * side + column + j for i, j in inside] for row in corners for column in corners])


CONVOLVED, POOLED, CONVOLVED_AGAIN = windows(10, 3, 1), windows(8, 2, 2), windows(4, 3, 1)


class Pass(NamedTuple):
    """What one evaluation of many images leaves behind, channels last."""

    patches: Array
    first: Array
    pooled_patches: Array
    second: Array
    flat: Array
    logits: Array


def trained(images: Array, labels: NDArray[np.int64]) -> list[Array]:
    """The arrays of :data:`SHAPES`, trained by L-BFGS on all images at once."""
    dice = np.random.default_rng(SEED)
    scales = [np.sqrt(2 / shape[-1]) if len(shape) > 1 else 0 for shape in SHAPES]
    start = joined([scale * dice.normal(size=shape) for scale, shape in zip(scales, SHAPES, strict=True)])
    answers = np.eye(10)[labels]
    found = minimize(loss, start, (images, answers), "L-BFGS-B", jac=True, options={"maxiter": STEPS})
    return parted(found.x)


def joined(arrays: list[Array]) -> Array:
    """All numbers in one vector."""
    return np.concatenate([array.ravel() for array in arrays])


def parted(vector: Array) -> list[Array]:
    """The arrays that a vector holds."""
    ends = np.cumsum([np.prod(shape) for shape in SHAPES])
    return [part.reshape(shape) for part, shape in zip(np.split(vector, ends[:-1]), SHAPES, strict=True)]


def evaluated(parameters: list[Array], images: Array) -> Pass:
    """The network on many images, each a row of 64 pixels."""
    filters, bias, filters2, bias2, weight, bias3 = parameters
    n = len(images)
    patches = np.pad(images.reshape(n, 8, 8), ((0, 0), (1, 1), (1, 1))).reshape(n, 100)[:, CONVOLVED]
    first = patches @ filters.T + bias
    pooled = np.maximum(first, 0)[:, POOLED].mean(axis=2)
    pooled_patches = pooled[:, CONVOLVED_AGAIN].transpose(0, 1, 3, 2).reshape(n, 4, -1)
    second = pooled_patches @ filters2.T + bias2
    flat = np.maximum(second, 0).transpose(0, 2, 1).reshape(n, -1)
    return Pass(patches, first, pooled_patches, second, flat, flat @ weight.T + bias3)


def loss(vector: Array, images: Array, answers: Array) -> tuple[float, Array]:
    """The mean cross-entropy with a penalty on large weights, and its gradient."""
    parameters, n = parted(vector), len(images)
    filters, _, filters2, _, weight, _ = parameters
    seen = evaluated(parameters, images)
    scores = seen.logits - seen.logits.max(axis=1, keepdims=True)
    logarithms = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    penalty = sum((array**2).sum() for array in (filters, filters2, weight)) / 2
    at_logits = (np.exp(logarithms) - answers) / n
    at_second = (at_logits @ weight).reshape(n, SECOND, 4).transpose(0, 2, 1) * (seen.second > 0)
    at_patches = (at_second @ filters2).reshape(n, 4, FIRST, 9).transpose(0, 1, 3, 2)
    at_pooled = np.zeros((n, 16, FIRST))
    for window, pixels in enumerate(CONVOLVED_AGAIN):
        at_pooled[:, pixels] += at_patches[:, window]
    at_first = np.zeros_like(seen.first)
    for corner in range(4):
        at_first[:, POOLED[:, corner]] = at_pooled / 4
    at_first *= seen.first > 0
    gradient = [
        np.einsum("npf,npk->fk", at_first, seen.patches) + DECAY * filters,
        at_first.sum(axis=(0, 1)),
        np.einsum("npf,npk->fk", at_second, seen.pooled_patches) + DECAY * filters2,
        at_second.sum(axis=(0, 1)),
        at_logits.T @ seen.flat + DECAY * weight,
        at_logits.sum(axis=0),
    ]
    return float(DECAY * penalty - (logarithms * answers).sum() / n), joined(gradient)


# ----------------------------------------------------------------------------------------------- Files


def onnx_model(parameters: list[Array]) -> onnx.ModelProto:
    """The float32 model; its first filters absorb the division by 16, which is exact."""
    filters, bias, filters2, bias2, weight, bias3 = parameters
    arrays = {
        "filters1": filters.reshape(FIRST, 1, 3, 3) / BLACKEST,
        "bias1": bias,
        "filters2": filters2.reshape(SECOND, FIRST, 3, 3),
        "bias2": bias2,
        "weight": weight,
        "bias": bias3,
    }
    nodes = [
        helper.make_node("Conv", ["pixels", "filters1", "bias1"], ["affine1"], name="conv1", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["affine1"], ["hidden1"], name="relu1"),
        helper.make_node("AveragePool", ["hidden1"], ["pooled"], name="pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["pooled", "filters2", "bias2"], ["affine2"], name="conv2"),
        helper.make_node("Relu", ["affine2"], ["hidden2"], name="relu2"),
        helper.make_node("Flatten", ["hidden2"], ["flat"], name="flatten"),
        helper.make_node("Gemm", ["flat", "weight", "bias"], ["logits"], name="gemm", transB=1),
    ]
    initializers = [numpy_helper.from_array(array.astype(np.float32), name) for name, array in arrays.items()]
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["batch", 1, 8, 8])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 10])
    graph = helper.make_graph(nodes, "digits", [pixels], [logits], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def plane(images: Array, labels: NDArray[np.int64]) -> Slice:
    """The plane through the first image of each digit that is shown: these have the parameters (0,0), (1,0), (0,1)."""
    firsts = [images[np.flatnonzero(labels == digit)[0]] for digit in SHOWN]
    origin, *others = ([int(pixel) for pixel in image] for image in firsts)
    return Slice.plane(origin, *others)


def write_json(name: str, value: dict[str, object]) -> None:
    """One JSON object on one line, beside this file."""
    with written_whole(FOLDER / name) as stream:
        stream.write(json.dumps(value).encode() + b"\n")


def exact_accuracy(network: ReLUNetwork, images: Array, labels: NDArray[np.int64]) -> Fraction:
    """The share of the images that the exact network reads as they are labelled."""
    values = (network([int(pixel) for pixel in image]) for image in images)
    right = sum(max(range(10), key=logits.__getitem__) == label for logits, label in zip(values, labels, strict=True))
    return Fraction(int(right), len(labels))


if __name__ == "__main__":
    main()
