"""Convolutions and pooling of ONNX files: shapes, borders and groups, and that onnxruntime computes the same."""

from typing import Any

import numpy as np
import pytest

from tests.read.onnx.models import Graph, agrees_with_onnxruntime, floats, graph, node, noise, one
from verishallow.errors import InputError
from verishallow.read.onnx.network import network_from_onnx

LINE, SQUARE, CUBE = (1, 2, 7), (1, 2, 5, 4), (1, 1, 3, 4, 3)


def conv(shape: tuple[int, ...], *sizes: int, bias: int = 0, operator: str = "Conv", **attributes: Any) -> Graph:
    """A convolution with random weights of these sizes, and this many random biases."""
    inputs, constants = "x w", {"w": noise(*sizes)}
    if bias:
        inputs, constants["b"] = "x w b", noise(bias, seed=1)
    return one(operator, inputs, shape=shape, **constants, **attributes)


def back(shape: tuple[int, ...], *sizes: int, **attributes: Any) -> Graph:
    return conv(shape, *sizes, operator="ConvTranspose", **attributes)


CONVOLUTIONS: dict[str, Graph] = {
    "1-D": conv(LINE, 3, 2, 3),
    "1-D with a bias": conv(LINE, 3, 2, 3, bias=3),
    "1-D with a stride": conv(LINE, 3, 2, 3, strides=[2]),
    "1-D with a dilation": conv(LINE, 3, 2, 3, dilations=[2]),
    "1-D with pads that differ": conv(LINE, 3, 2, 3, pads=[2, 1]),
    "1-D with pads wider than the kernel": conv(LINE, 1, 2, 2, pads=[3, 4]),
    "1-D with a stride beyond the kernel": conv(LINE, 1, 2, 2, strides=[3]),
    "1-D depthwise": conv(LINE, 4, 1, 3, group=2),
    "2-D": conv(SQUARE, 3, 2, 3, 2, bias=3),
    "2-D, one place": conv(SQUARE, 1, 2, 5, 4),
    "2-D, 1 by 1": conv(SQUARE, 3, 2, 1, 1, bias=3),
    "2-D with its kernel named": conv(SQUARE, 3, 2, 3, 2, kernel_shape=[3, 2]),
    "2-D with everything": conv(
        SQUARE, 4, 1, 2, 2, bias=4, group=2, strides=[2, 1], dilations=[2, 1], pads=[1, 0, 2, 1]
    ),
    "2-D in groups": conv((1, 4, 3, 3), 6, 2, 2, 2, group=2),
    "2-D same upper": conv(SQUARE, 2, 2, 3, 2, auto_pad="SAME_UPPER"),
    "2-D same upper with strides": conv(SQUARE, 2, 2, 3, 2, auto_pad="SAME_UPPER", strides=[2, 3]),
    "2-D same lower": conv(SQUARE, 2, 2, 2, 2, auto_pad="SAME_LOWER"),
    "2-D same lower with strides": conv(SQUARE, 2, 2, 2, 3, auto_pad="SAME_LOWER", strides=[2, 2]),
    "2-D valid": conv(SQUARE, 2, 2, 2, 2, auto_pad="VALID"),
    "3-D": conv(CUBE, 2, 1, 2, 2, 2, bias=2),
    "3-D with pads and strides": conv(CUBE, 1, 1, 2, 3, 2, pads=[1, 0, 1, 0, 1, 0], strides=[1, 2, 2]),
    "of a batch that is symbolic": one("Conv", "x w", shape=("batch", 2, 4), w=noise(1, 2, 2)),
    "after a convolution": graph(
        node("Conv", "x w", "a"), node("Conv", "a v", "y"), shape=SQUARE, w=noise(2, 2, 2, 2), v=noise(1, 2, 2, 2)
    ),
    "and relu": graph(
        node("Conv", "x w b", "a"),
        node("Relu", "a", "r"),
        node("Conv", "r v", "y"),
        shape=SQUARE,
        w=noise(2, 2, 2, 2),
        b=noise(2),
        v=noise(1, 2, 2, 2),
        hidden=(24,),
    ),
    "transposed 1-D": back(LINE, 2, 3, 3),
    "transposed 1-D with a bias": back(LINE, 2, 3, 3, bias=3),
    "transposed with a stride": back(LINE, 2, 1, 3, strides=[2]),
    "transposed with pads": back(LINE, 2, 1, 3, strides=[2], pads=[1, 2]),
    "transposed with a dilation": back(LINE, 2, 1, 3, dilations=[2]),
    "transposed with output padding": back(LINE, 2, 1, 3, strides=[3], output_padding=[1]),
    "transposed with an output shape": back(LINE, 2, 1, 3, strides=[2], output_shape=[14]),
    "transposed to an odd output shape": back(LINE, 2, 1, 4, strides=[2], output_shape=[13]),
    "transposed same upper": back(LINE, 2, 1, 3, strides=[2], auto_pad="SAME_UPPER"),
    "transposed same lower": back(LINE, 2, 1, 3, strides=[2], auto_pad="SAME_LOWER"),
    "transposed in groups": back((1, 4, 3), 4, 3, 2, group=2, bias=6),
    "transposed 2-D": back(SQUARE, 2, 3, 3, 2, strides=[2, 1], pads=[1, 0, 0, 1], bias=3),
    "transposed 3-D": back(CUBE, 1, 2, 2, 2, 2, strides=[1, 2, 1]),
}

POOLING: dict[str, Graph] = {
    "average": one("AveragePool", shape=SQUARE, kernel_shape=[2, 2]),
    "average with strides": one("AveragePool", shape=SQUARE, kernel_shape=[2, 2], strides=[2, 2]),
    "average of the inner entries": one("AveragePool", shape=SQUARE, kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
    "average with the pads counted": one(
        "AveragePool", shape=SQUARE, kernel_shape=[3, 3], pads=[1, 1, 0, 1], count_include_pad=1
    ),
    "average of windows that are not whole": one("AveragePool", shape=LINE, kernel_shape=[2], strides=[2], ceil_mode=1),
    "average of windows that are not whole, with pads counted": one(
        "AveragePool", shape=LINE, kernel_shape=[4], strides=[3], pads=[1, 1], ceil_mode=1, count_include_pad=1
    ),
    "average same upper": one("AveragePool", shape=SQUARE, kernel_shape=[2, 3], auto_pad="SAME_UPPER"),
    "average same lower": one("AveragePool", shape=SQUARE, kernel_shape=[2, 2], auto_pad="SAME_LOWER"),
    "average with a dilation": one("AveragePool", shape=LINE, kernel_shape=[2], dilations=[3]),
    "average 3-D": one("AveragePool", shape=CUBE, kernel_shape=[2, 2, 2]),
    "global average": one("GlobalAveragePool", shape=SQUARE),
    "global average of a line": one("GlobalAveragePool", shape=LINE),
    "maximum of two": one("MaxPool", shape=(1, 1, 4), kernel_shape=[2], strides=[2], hidden=(2,)),
    "maximum of two that overlap": one("MaxPool", shape=(1, 1, 4), kernel_shape=[2], hidden=(3,)),
    "maximum of three that overlap": one("MaxPool", shape=(1, 1, 5), kernel_shape=[3], hidden=(3, 3)),
    "maximum of one": one("MaxPool", shape=(1, 2, 4), kernel_shape=[1], strides=[2]),
    "maximum of four": one("MaxPool", shape=(1, 1, 4, 2), kernel_shape=[2, 2], strides=[2, 2], hidden=(4, 2)),
    "maximum with pads": one("MaxPool", shape=(1, 1, 4), kernel_shape=[2], pads=[1, 1], strides=[2], hidden=(1,)),
    "maximum with a dilation": one("MaxPool", shape=(1, 1, 4), kernel_shape=[2], dilations=[2], hidden=(2,)),
    "maximum of windows that are not whole": one(
        "MaxPool", shape=(1, 1, 5), kernel_shape=[2], strides=[2], ceil_mode=1, hidden=(2,)
    ),
    "maximum same upper": one(
        "MaxPool", shape=(1, 1, 3), kernel_shape=[2], strides=[2], auto_pad="SAME_UPPER", hidden=(1,)
    ),
    "maximum same lower": one(
        "MaxPool", shape=(1, 1, 3), kernel_shape=[2], strides=[2], auto_pad="SAME_LOWER", hidden=(1,)
    ),
    "maximum 3-D": one("MaxPool", shape=(1, 1, 2, 2, 2), kernel_shape=[2, 1, 2], hidden=(4, 2)),
    "maximum stored by columns": one(
        "MaxPool", shape=(1, 1, 2, 3), kernel_shape=[2, 2], storage_order=1, hidden=(4, 2)
    ),
    "global maximum": one("GlobalMaxPool", shape=(1, 2, 3), hidden=(2, 2)),
    "maximum after relu": graph(
        node("Relu", "x", "r"),
        node("MaxPool", "r", "y", kernel_shape=[2], strides=[2]),
        shape=(1, 1, 4),
        hidden=(4, 2),
    ),
}

ACCEPTED = CONVOLUTIONS | POOLING


@pytest.mark.parametrize("name", ACCEPTED)
def test_windows_make_so_many_neurons(name: str) -> None:
    network = network_from_onnx(ACCEPTED[name].data)
    assert network.widths[1:-1] == ACCEPTED[name].hidden


@pytest.mark.parametrize("name", ACCEPTED)
def test_onnxruntime_computes_the_same(name: str) -> None:
    agrees_with_onnxruntime(ACCEPTED[name].data, network_from_onnx(ACCEPTED[name].data))


def pool(operator: str = "MaxPool", shape: tuple[int, ...] = LINE, **attributes: Any) -> Graph:
    return one(operator, shape=shape, **({"kernel_shape": [2]} | attributes))


REFUSED: dict[str, tuple[Graph, str]] = {
    "weights that are computed": (one("Conv", "c x", shape=LINE, c=noise(1, 2, 3)), "expected its weights to be const"),
    "two activations": (one("Conv", "x x", shape=LINE), "multiplicative, not piecewise linear"),
    "channels that differ": (conv(LINE, 3, 3, 3), "(Conv): expected 3 channels, found 2"),
    "channels that are not in groups": (conv(LINE, 3, 1, 3, group=2), "expected a divisor of 3 channels, found 2"),
    "no group": (conv(LINE, 3, 2, 3, group=0), "expected a divisor of 3 channels, found 0"),
    "a group below 0": (conv(LINE, 3, 2, 3, group=-1), "expected a divisor of 3 channels, found -1"),
    "groups of other channels": (conv(LINE, 4, 2, 3, group=2), "expected 4 channels, found 2"),
    "weights of another rank": (conv(LINE, 3, 2, 3, 3), "weights of shape [3, 2, 3, 3] do not fit a tensor of"),
    "a tensor without space": (conv((1, 2), 3, 2), "weights of shape [3, 2] do not fit a tensor of shape [1, 2]"),
    "weights without entries": (conv(LINE, 3, 2, 0), "weights of shape [3, 2, 0] do not fit"),
    "a kernel that is too long": (conv(LINE, 1, 2, 8), "a window of 8 entries does not fit into 7, pads included"),
    "a kernel that is dilated too far": (conv(LINE, 1, 2, 4, dilations=[3]), "a window of 10 entries does not fit"),
    "a kernel named otherwise": (conv(LINE, 1, 2, 3, kernel_shape=[2]), "'kernel_shape': expected [3] as the weights"),
    "strides of another rank": (conv(LINE, 1, 2, 3, strides=[1, 1]), "'strides': expected 1 integers from 1"),
    "a stride of 0": (conv(LINE, 1, 2, 3, strides=[0]), "'strides': expected 1 integers from 1 to 1000000, found [0]"),
    "a huge stride": (conv(LINE, 1, 2, 3, strides=[2**62]), "'strides': expected 1 integers from 1 to 1000000"),
    "a dilation of 0": (conv(LINE, 1, 2, 3, dilations=[0]), "'dilations': expected 1 integers from 1"),
    "pads of another rank": (conv(LINE, 1, 2, 3, pads=[1]), "'pads': expected 2 integers from 0"),
    "negative pads": (conv(LINE, 1, 2, 3, pads=[-1, 0]), "'pads': expected 2 integers from 0 to 1000000, found [-1"),
    "huge pads": (conv(LINE, 1, 2, 3, pads=[2**62, 0]), "'pads': expected 2 integers from 0"),
    "large pads": (conv(LINE, 3, 2, 3, pads=[10**6, 0]), "has more than 1000000 entries"),
    "pads beside auto_pad": (conv(LINE, 1, 2, 3, pads=[1, 0], auto_pad="SAME_UPPER"), "expected none beside auto_pad"),
    "an unknown auto_pad": (conv(LINE, 1, 2, 3, auto_pad="SAME"), "'auto_pad': expected NOTSET, SAME_UPPER, SAME_LOW"),
    "auto_pad as a number": (conv(LINE, 1, 2, 3, auto_pad=1), "attribute 'auto_pad': expected str, found 1"),
    "strides as one number": (conv(LINE, 1, 2, 3, strides=1), "attribute 'strides': expected Ints, found 1"),
    "strides that are floats": (conv(LINE, 1, 2, 3, strides=[1.0]), "attribute 'strides': expected Ints"),
    "a bias of another size": (conv(LINE, 3, 2, 3, bias=2), "a bias of shape [2] is not one number per channel"),
    "NaN weights": (one("Conv", "x w", shape=LINE, w=np.full((1, 2, 2), np.nan, np.float32)), "found nan"),
    "infinite weights": (one("Conv", "x w", shape=LINE, w=np.full((1, 2, 2), np.inf, np.float32)), "found inf"),
    "no weights": (one("Conv", shape=LINE), "expected 2 to 3 inputs, found 1"),
    "transposed: weights that are computed": (one("ConvTranspose", "c x", shape=LINE, c=noise(1, 1, 2)), "to be const"),
    "transposed: channels that differ": (back(LINE, 3, 1, 3), "(ConvTranspose): expected 3 channels, found 2"),
    "transposed: groups": (back(LINE, 2, 1, 3, group=3), "expected a divisor of 2 channels, found 3"),
    "transposed: a bias of another size": (back(LINE, 2, 3, 3, bias=2), "a bias of shape [2] is not one number"),
    "transposed: too many pads": (back(LINE, 2, 1, 3, pads=[5, 5]), "the result would have shape [-1]"),
    "transposed: output padding below 0": (back(LINE, 2, 1, 3, output_padding=[-1]), "expected 1 natural numbers"),
    "transposed: output padding of another rank": (back(LINE, 2, 1, 3, output_padding=[0, 1]), "expected 1 natural"),
    "transposed: an output shape of another rank": (back(LINE, 2, 1, 3, output_shape=[9, 9]), "expected 1 natural num"),
    "transposed: an output shape of 0": (back(LINE, 2, 1, 3, output_shape=[-2]), "the result would have shape [-2]"),
    "transposed: a huge output shape": (back(LINE, 2, 1, 3, output_shape=[2**62]), "has more than 1000000 entries"),
    "transposed: strides far apart": (back(LINE, 2, 1, 3, strides=[10**6]), "has more than 1000000 entries"),
    "convolution of integers": (one("ConvInteger", "x w", shape=LINE, w=noise(1, 2, 2)), "only piecewise-linear"),
    "deformable convolution": (one("DeformConv", "x w w", shape=LINE, w=noise(1, 2, 2)), "only piecewise-linear"),
    "max: no kernel": (one("MaxPool", shape=LINE), "expected a kernel and spatial axes"),
    "max: a kernel of another rank": (pool(kernel_shape=[2, 2]), "a kernel of shape [2, 2] does not fit entries of"),
    "max: a kernel of 0": (pool(kernel_shape=[0]), "a kernel of shape [0] does not fit"),
    "max: a huge kernel": (pool(kernel_shape=[2**62], pads=[10**6, 0]), "does not fit entries of shape [7]"),
    "max: a window in the pads": (pool(pads=[3, 0]), "expected each maximum to be of at least one entry"),
    "max: its indices": (
        graph(node("MaxPool", "x", "z y", kernel_shape=[2]), shape=LINE),
        "'y' is an output of node 1",
    ),
    "max: without space": (pool(shape=(1, 2)), "expected a kernel and spatial axes, found shape [1, 2]"),
    "max: windows of too many entries": (pool(shape=(1, 1, 9999), kernel_shape=[5000]), "terms together, more than"),
    "max: truth values": (graph(node("MaxPool", "b", "y", kernel_shape=[1]), b=np.ones((1, 1, 2), bool)), "found BOOL"),
    "max: three outputs": (graph(node("MaxPool", "x", "y z u", kernel_shape=[2]), shape=LINE), "expected 2 outputs, f"),
    "max: unpooling": (one("MaxUnpool", "x x", shape=LINE, kernel_shape=[2]), "(MaxUnpool): only piecewise-linear"),
    "average: no kernel": (one("AveragePool", shape=LINE), "expected a kernel and spatial axes"),
    "average: a window in the pads": (pool("AveragePool", pads=[3, 0]), "expected each window to hold an entry"),
    "average: a kernel that is too long": (pool("AveragePool", kernel_shape=[8]), "a window of 8 entries does not fit"),
    "average: of two": (one("AveragePool", "x x", shape=LINE, kernel_shape=[2]), "expected 1 input, found 2"),
    "average: an unknown attribute": (pool("AveragePool", storage_order=1), "unknown attribute 'storage_order'"),
    "average of powers": (one("LpPool", shape=LINE, kernel_shape=[2]), "(LpPool): only piecewise-linear"),
    "global average of a list": (one("GlobalAveragePool", shape=(3,)), "expected batch and channel axes"),
    "global maximum of a list": (one("GlobalMaxPool", shape=(3,)), "expected batch and channel axes"),
    "global power mean": (one("GlobalLpPool", shape=LINE), "(GlobalLpPool): only piecewise-linear"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_window_that_does_not_fit_is_refused(name: str) -> None:
    model, fragment = REFUSED[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(model.data)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


def test_as_many_are_refused_as_accepted() -> None:
    assert len(REFUSED) >= len(ACCEPTED)


def test_averages_are_exact_thirds() -> None:
    network = network_from_onnx(one("AveragePool", shape=(1, 1, 3), kernel_shape=[3]).data)
    assert [str(entry) for entry in network.layers[0].weight[0]] == ["1/3"] * 3


def test_a_chain_is_said() -> None:
    model = one("MaxPool", shape=(1, 1, 4, 4), kernel_shape=[2, 2], strides=[2, 2])
    chain = "node 1 'n_y' (MaxPool): a maximum of 4 is a chain of 3 maxima of two; neurons counted for it: 12"
    assert network_from_onnx(model.data).notes == (chain,)


def test_windows_that_overlap_share_their_neurons() -> None:
    network = network_from_onnx(one("MaxPool", shape=(1, 1, 6, 6), kernel_shape=[2, 2]).data)
    assert network.widths[1:-1] == (6 * 5, 5 * 5)


def test_what_a_stride_leaves_out_is_not_counted() -> None:
    model = one("MaxPool", shape=(1, 1, 5, 2), kernel_shape=[2, 2], strides=[3, 1])
    assert network_from_onnx(model.data).widths[1:-1] == (4, 2)
    assert "neurons counted for it: 6" in network_from_onnx(model.data).notes[0]


def test_a_stride_thins_what_is_read() -> None:
    model = graph(
        node("Relu", "x", "r"), node("Conv", "r w", "y", strides=[2]), shape=(1, 1, 5), w=floats(1, 1, 1, start=1)
    )
    assert network_from_onnx(model.data).widths == (5, 3, 3)
