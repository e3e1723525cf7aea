"""Whole networks: real ones, and each kind of layer together, against onnxruntime; how long large ones take."""

from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import onnx
import pytest

from tests.read.onnx.models import Graph, agrees_with_onnxruntime, graph, integers, node, noise, points_for, scalar
from verishallow.network import ReLUNetwork
from verishallow.read import load
from verishallow.read.onnx.network import network_from_onnx

SHARED = Path(__file__).resolve().parents[4] / "shared" / "networks"

WIDTHS = {
    "tll_n2_m8_0": (2, 128, 64, 32, 16, 8, 4, 1),
    "tll_n2_m8_1": (2, 128, 64, 32, 16, 8, 4, 1),
    "lindex": (1, 128, 128, 128, 1),
    "vdp": (3, 32, 32, 3),
    "acasxu_1_1": (5, 50, 50, 50, 50, 50, 50, 5),
    "fc_2x25x25x25x2": (2, 25, 25, 25, 2),
}


@pytest.mark.parametrize("name", WIDTHS)
def test_a_real_network_has_its_widths_and_values(name: str) -> None:
    path = SHARED / f"{name}.onnx"
    if not path.exists():
        pytest.skip("the folder of real networks is absent")
    network = load(path)
    assert network.widths == WIDTHS[name]
    assert all(layer.reads == (number,) for number, layer in enumerate(network.layers))
    agrees_with_onnxruntime(path.read_bytes(), network, points_for(network.inputs, 3) / 2)


def convolution(
    number: int, source: str, outputs: int, inputs: int, **attributes: object
) -> tuple[onnx.NodeProto, dict[str, Any]]:
    weight = noise(outputs, inputs, 3, 3, seed=number) / 2
    made = node("Conv", f"{source} w{number} b{number}", f"c{number}", pads=[1, 1, 1, 1], **attributes)
    return made, {f"w{number}": weight, f"b{number}": noise(outputs, seed=number)}


def residual() -> Graph:
    """Two convolutions around a shortcut, normalised, pooled, with two outputs."""
    first, constants = convolution(1, "x", 2, 1)
    second, more = convolution(2, "r1", 2, 2)
    statistics: dict[str, Any] = {f"{name}n": noise(2, seed=seed) for seed, name in enumerate("gbm")} | {
        "vn": noise(2) + 1.5
    }
    nodes = [
        first,
        node("BatchNormalization", "c1 gn bn mn vn", "n1"),
        node("Relu", "n1", "r1"),
        second,
        node("Add", "c2 r1", "s"),
        node("LeakyRelu", "s", "l", alpha=0.125),
        node("MaxPool", "l", "p", kernel_shape=[2, 2], strides=[2, 2]),
        node("GlobalAveragePool", "p", "q"),
        node("Flatten", "q", "f"),
        node("Gemm", "f w", "y", transB=1),
    ]
    return graph(*nodes, shape=("n", 1, 4, 4), outputs="y f", w=noise(3, 2), **constants, **more, **statistics)


def dense() -> Graph:
    """Every layer reads the input and all earlier ones, by every activation."""
    activations = ["Relu", "LeakyRelu", "Abs", "HardSigmoid", "Clip"]
    nodes, constants, source, width = list[onnx.NodeProto](), dict[str, Any](), "x", 3
    for number, activation in enumerate(activations):
        constants[f"w{number}"] = noise(width, 2, seed=number)
        bounds = " low high" if activation == "Clip" else ""
        nodes += [
            node("MatMul", f"{source} w{number}", f"z{number}"),
            node(activation, f"z{number}{bounds}", f"a{number}"),
            node("Concat", f"{source} a{number}", f"s{number}", axis=1),
        ]
        source, width = f"s{number}", width + 2
    nodes.append(node("ReduceMean", f"{source} axis", "y"))
    return graph(*nodes, low=scalar(-0.5), high=scalar(0.5), axis=integers(1), **constants)


def upwards() -> Graph:
    """From a point to a picture: a small generator."""
    return graph(
        node("Gemm", "x w", "h"),
        node("Relu", "h", "r"),
        node("Reshape", "r s", "t"),
        node("ConvTranspose", "t k", "u", strides=[2, 2], pads=[1, 1, 1, 1]),
        node("PRelu", "u slope", "v"),
        node("Resize", "v - scales", "e"),
        node("Conv", "e c", "g"),
        node("Clip", "g low high", "y"),
        w=noise(3, 8),
        s=integers(1, 2, 2, 2),
        k=noise(2, 2, 4, 4),
        slope=noise(2, 1, 1),
        scales=np.array([1, 1, 2, 1], np.float32),
        c=noise(1, 2, 3, 3),
        low=scalar(-0.25),
        high=scalar(0.75),
    )


WHOLE: dict[str, tuple[Graph, tuple[int, ...]]] = {
    "residual": (residual(), (16, 32, 32, 16, 8, 5)),
    "dense": (dense(), (3, 2, 2, 2, 4, 4, 1)),
    "upwards": (upwards(), (3, 8, 32, 24, 12)),
}


@pytest.mark.parametrize("name", WHOLE)
def test_layers_of_every_kind_together(name: str) -> None:
    model, widths = WHOLE[name]
    network = network_from_onnx(model.data)
    assert network.widths == widths
    agrees_with_onnxruntime(model.data, network)


def perceptron(*sizes: int) -> Graph:
    nodes, constants = list[onnx.NodeProto](), dict[str, Any]()
    for number, (inputs, outputs) in enumerate(pairwise(sizes)):
        constants[f"w{number}"] = noise(outputs, inputs, seed=number) / inputs**0.5
        constants[f"b{number}"] = noise(outputs, seed=number)
        source = f"r{number - 1}" if number else "x"
        nodes += [
            node("Gemm", f"{source} w{number} b{number}", f"h{number}", transB=1),
            node("Relu", f"h{number}", f"r{number}"),
        ]
    return graph(*nodes[:-1], shape=("n", sizes[0]), outputs=f"h{len(sizes) - 2}", **constants)


def convolutional() -> Graph:
    """A small network for pictures of 28 by 28: two convolutions and two layers, 4814 neurons and outputs."""
    return graph(
        node("Conv", "x a", "c", strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Relu", "c", "r"),
        node("Conv", "r b", "d", strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Relu", "d", "s"),
        node("Flatten", "s", "f"),
        node("Gemm", "f w", "g"),
        node("Relu", "g", "h"),
        node("Gemm", "h v", "y"),
        shape=("n", 1, 28, 28),
        a=noise(16, 1, 4, 4) / 2,
        b=noise(32, 16, 4, 4) / 8,
        w=noise(1568, 100) / 40,
        v=noise(100, 10) / 10,
    )


LARGE: dict[str, tuple[Graph, tuple[int, ...]]] = {
    "784-256-256-10": (perceptron(784, 256, 256, 10), (784, 256, 256, 10)),
    "convolutions of 28 by 28": (convolutional(), (784, 3136, 1568, 100, 10)),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_network_for_pictures_is_read_in_seconds(name: str) -> None:
    model, widths = LARGE[name]
    data, start = model.data, process_time()
    network = network_from_onnx(data)
    assert process_time() - start < 20
    assert network.widths == widths
    agrees_with_onnxruntime(data, network, points_for(784, 1)[:1])


def test_every_layer_reads_just_the_one_before_it() -> None:
    network: ReLUNetwork = network_from_onnx(LARGE["784-256-256-10"][0].data)
    assert [layer.reads for layer in network.layers] == [(0,), (1,), (2,)]
