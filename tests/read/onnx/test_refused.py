"""ONNX files that are refused, damaged or too large: one clear line, in little time and memory."""

import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from tests.read.onnx.models import Graph, floats, graph, integers, node, noise, one, scalar, value
from verishallow.errors import InputError, LimitError, NetworkError
from verishallow.read.onnx.network import network_from_onnx

TIMES_W = graph(node("MatMul", "x w", "y"), shape=("n", 2))


def stored(**entries: Any) -> bytes:
    """A model whose weights w, of shape 2, 1, are spelt in this way."""
    spelt: dict[str, Any] = {"name": "w", "data_type": TensorProto.FLOAT, "dims": [2, 1]} | entries
    weights = onnx.TensorProto(**spelt)
    return changed(TIMES_W, lambda parsed: parsed.graph.initializer.append(weights))


def changed(model: Graph, change: Callable[[onnx.ModelProto], object]) -> bytes:
    parsed = onnx.ModelProto.FromString(model.data)
    change(parsed)
    return bytes(parsed.SerializeToString())


def with_input(*inputs: onnx.ValueInfoProto) -> bytes:
    def change(parsed: onnx.ModelProto) -> None:
        del parsed.graph.input[:]
        parsed.graph.input.extend(inputs)

    return changed(one("Relu"), change)


EIGHT = b"\0" * 8

REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not an ONNX file: expected a graph with an output, found none"),
    "a text": (b"this is a text, not a network", "not an ONNX file, or a damaged one"),
    "cut short": (one("Add", "x b", b=floats(3)).data[:-9], "not an ONNX file, or a damaged one"),
    "no graph": (onnx.ModelProto(ir_version=8).SerializeToString(), "expected a graph with an output, found none"),
    "an operator that is not known": (
        one("Rellu").data, "not known here; near it: Relu, PRelu; the guide of verishallow.read lists those that are re"
    ),
    "an operator of another domain": (
        graph(node("Relu", "x", "y", domain="custom")).data, "(Relu): of the domain 'custom'; only piecewise-linear"
    ),
    "a zip map": (graph(node("ZipMap", "x", "y", domain="ai.onnx.ml")).data, "of the domain 'ai.onnx.ml'; only piec"),
    "the second of two nodes": (graph(node("Relu", "x", "r"), node("Exp", "r", "y")).data, "node 2 'n_y' (Exp): only"),
    "weights that are not there": (TIMES_W.data, "node 1 'n_y' (MatMul): 'w' is neither the input, nor stored, nor"),
    "a circle": (graph(node("Relu", "y", "y")).data, "node 1 'n_y' (Relu): it reads what it gives, perhaps through"),
    "a circle of three": (
        graph(node("Neg", "x", "z"), node("Sum", "z b", "a"), node("Relu", "c", "b"), node("Neg", "a", "c"),
              node("Relu", "c", "y")).data,
        "node 2 'n_a' (Sum): it reads what it gives, perhaps through other nodes: a circle",
    ),
    "an output that is not there": (graph().data, "'y' is neither the input, nor stored, nor the output of an earlier"),
    "an output without entries": (graph(node("Identity", "c", "y"), c=floats(0)).data, "expected an output with at le"),
    "an output that is infinite": (graph(node("Identity", "c", "y"), c=[np.inf]).data, "output 'y': tensor 'c', entry"),
    "a name given again": (graph(node("Identity", "x", "x"), outputs="x").data, "expected outputs of new names, found"),
    "a stored name given again": (graph(node("Relu", "x", "w"), outputs="w", w=[1]).data, "expected outputs of new na"),
    "one name for two outputs": (
        graph(node("Split", "x", "y y", axis=1, num_outputs=2)).data, "expected outputs of new names, found ['y', 'y']"
    ),
    "a node without outputs": (
        graph(node("Relu", "x", "y"), helper.make_node("Relu", ["x"], ["", "z"]), outputs="y z").data,
        "node 2 '' (Relu): expected 1 output, found 2",
    ),
    "no input": (graph(node("Relu", "c", "y"), inputs={"c": [1]}, c=[1]).data, "expected at least one input, found no"),
    "an input twice": (with_input(value("x", [1, 2]), value("x", [1, 2])), "expected each input to have its own"),
    "an input without shape": (with_input(value("x", None)), "input 'x': expected a tensor with a shape, found none"),
    "a symbolic axis": (with_input(value("x", [1, "k"])), "only the first (batch) dimension may be"),
    "an input of integers": (with_input(value("x", [1, 2], TensorProto.INT64)), "expected floating-point entries, fou"),
    "a huge input": (with_input(value("x", [1, 10**9])), "has more than 1000000 entries"),
    "large inputs": (with_input(value("x", [1, 600_000]), value("z", [1, 600_000])), "has more than 1000000 entries"),
    "an input of many axes": (with_input(value("x", [1] * 100)), "expected at most 32 axes, found 100"),
    "weights of many axes": (stored(dims=[1] * 100, float_data=[1.0]), "tensor 'w': "),
    "a sequence": (
        with_input(helper.make_tensor_sequence_value_info("x", 1, [1, 2])), "input 'x': expected a tensor with a shape"
    ),
    "NaN": (stored(raw_data=np.array([1, np.nan], np.float32).tobytes()), "tensor 'w', entry 1: expected a finite num"),
    "infinity": (stored(raw_data=np.array([-np.inf, 1], np.float32).tobytes()), "tensor 'w', entry 0: expected a fini"),
    "complex numbers": (stored(data_type=TensorProto.COMPLEX64, raw_data=EIGHT), "tensor 'w': expected floating-point"),
    "texts": (stored(data_type=TensorProto.STRING, string_data=[b"1", b"2"]), "found STRING"),
    "no type": (stored(data_type=TensorProto.UNDEFINED, raw_data=EIGHT), "found UNDEFINED"),
    "a type that is not known": (stored(data_type=999, raw_data=EIGHT), "found type 999"),
    "an 8-bit float": (stored(data_type=TensorProto.FLOAT8E5M2, raw_data=b"\0\0"), "found FLOAT8E5M2"),
    "too few data": (stored(raw_data=b"\0" * 7), "tensor 'w': the stored data do not fill its shape [2, 1]"),
    "too many data": (stored(raw_data=b"\0" * 12), "the stored data do not fill its shape [2"),
    "no data": (stored(), "tensor 'w': the stored data do not fill its shape [2, 1]"),
    "a negative size": (stored(dims=[-1, 1], raw_data=EIGHT), "tensor 'w': expected data of shape [-1, 1], found [2, "),
    "a huge size": (stored(dims=[2**40, 2**40], raw_data=EIGHT), "has more than 4194304 entries"),
    "a segment": (stored(raw_data=EIGHT, segment=onnx.TensorProto.Segment(begin=0)), "stored data do not"),
    "one name for two tensors": (
        changed(graph(node("Relu", "x", "y"), w=[1]), lambda parsed: parsed.graph.initializer.add(name="w")),
        "expected each stored tensor to have its own name, found 'w' twice",
    ),
    "sparse tensors": (
        changed(one("Relu"), lambda parsed: parsed.graph.sparse_initializer.add()), "expected dense initializers, found"
    ),
    "a graph as an attribute": (
        graph(node("If", "c", "y", then_branch=helper.make_graph([], "g", [], [])), c=np.array(True)).data,
        "(If): attribute 'then_branch': expected a graph of 1 outputs",
    ),
    "an attribute by reference": (
        changed(one("LeakyRelu", alpha=0.5), lambda parsed: setattr(
            parsed.graph.node[0].attribute[0], "ref_attr_name", "a")),
        "attribute 'alpha': expected a number, a list, a text or a tensor",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_in_one_line(name: str) -> None:
    data, fragment = REFUSED[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(data)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_with_line_breaks_stays_on_one_line() -> None:
    strange = helper.make_node("Sig\nmoid", ["x"], ["y"], name="two\nlines")
    with pytest.raises(NetworkError) as caught:
        network_from_onnx(graph(strange).data)
    assert str(caught.value).startswith(r"node 1 'two\nlines' (Sig\nmoid): only piecewise-linear operators are exact")


def repeated(operator: str, inputs: str, times: int, **constants: Any) -> Graph:
    """This many nodes, each reading what the one before it gives, in the place of each "_"."""
    names = ["x", *(f"h{number}" for number in range(1, times)), "y"]
    nodes = [node(operator, inputs.replace("_", source), target) for source, target in pairwise(names)]
    return graph(*nodes, shape=("n", 2), **constants)


def squares(times: int) -> Graph:
    names = ["c", *(f"c{number}" for number in range(times))]
    nodes = [node("Mul", f"{source} {source}", target) for source, target in pairwise(names)]
    return graph(*nodes, node("Mul", f"x {names[-1]}", "y"), c=floats(1, start=3))


WIDE = ("n", 1000, 1000)

LARGE: dict[str, tuple[Graph, str]] = {
    "weights of one layer": (
        graph(node("Relu", "x", "r"), node("Add", "r r", "s"), node("Relu", "s", "y"), shape=("n", 10_000)),
        "the layers have more than 67108864 weights together",
    ),
    "neurons": (one("Relu", shape=("n", 300_000)), "expected at most 262144 neurons, found 300000 up to here"),
    "terms of one product": (
        graph(node("MatMul", "x w", "y"), shape=WIDE, w=noise(1000, 10)),
        "terms together, more t",
    ),
    "terms of one convolution": (
        graph(node("Conv", "x w", "y"), shape=("n", 64, 64, 64), w=np.ones((64, 64, 3, 3), np.float32)),
        "terms together",
    ),
    "numbers squared again and again": (squares(40), "bits, more than 100000"),
    "entries of a border": (
        graph(node("Pad", "x p", "y"), shape=WIDE, p=integers(0, 1, 0, 0, 0, 0)),
        "1000000 entries",
    ),
    "entries of a repetition": (graph(node("Tile", "x r", "y"), shape=WIDE, r=integers(1, 2, 1)), "1000000 entries"),
    "entries of a stack": (graph(node("Concat", "x x", "y", axis=1), shape=WIDE), "1000000 entries"),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_would_be_too_large_is_refused_before_it_is(name: str) -> None:
    model, fragment = LARGE[name]
    data = model.data
    tracemalloc.start()
    try:
        with pytest.raises(LimitError) as caught:
            network_from_onnx(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert fragment in str(caught.value)
    assert peak < 2**30


def test_the_work_of_all_nodes_together_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verishallow.read.onnx.evaluation.MAX_WORK", 100)
    assert network_from_onnx(repeated("Neg", "_", 20).data).outputs == 2
    with pytest.raises(LimitError, match=r"node 26 .* more than 100 entries and terms together"):
        network_from_onnx(repeated("Neg", "_", 40).data)


def test_a_long_chain_of_nodes_is_read() -> None:
    network = network_from_onnx(repeated("LeakyRelu", "_", 60).data)
    assert network.widths == (2,) * 62


SEEDS = [
    graph(
        node("Gemm", "x w b", "a", transB=1, alpha=0.5),
        node("LeakyRelu", "a", "r"),
        node("Reshape", "r s", "t"),
        node("MaxPool", "t", "m", kernel_shape=[2], strides=[1]),
        node("Flatten", "m", "f"),
        node("Softmax", "f", "y"),
        w=noise(4, 3),
        b=noise(4),
        s=integers(1, 2, 2),
    ),
    graph(
        node("Conv", "x w", "a", pads=[1, 1, 1, 1], strides=[2, 1], group=2),
        node("BatchNormalization", "a b b b v", "n"),
        node("Clip", "n low high", "c"),
        node("AveragePool", "c", "p", kernel_shape=[2, 2], ceil_mode=1),
        node("Pad", "p pads", "q"),
        node("Slice", "q begin end axes", "z"),
        node("ReduceMean", "z axes", "y"),
        shape=("n", 2, 4, 4),
        w=noise(2, 1, 3, 3),
        b=noise(2),
        v=noise(2) + 2,
        low=scalar(-1),
        high=scalar(1),
        pads=integers(0, 0, 1, 0, 0, 0, 0, 1),
        begin=integers(1),
        end=integers(3),
        axes=integers(2),
    ),
    graph(
        node("Split", "x", "a b", axis=1, num_outputs=2),
        node("Max", "a b", "m"),
        node("Concat", "m a", "c", axis=-1),
        node("Transpose", "c", "t", perm=[1, 0]),
        node("Gather", "t i", "g"),
        node("Unsqueeze", "g i", "u"),
        node("Resize", "u - - z", "v"),
        node("ConvTranspose", "v w", "y", strides=[2], output_padding=[1]),
        shape=("n", 4),
        i=integers(1),
        z=integers(1, 1, 2),
        w=noise(1, 2, 2),
    ),
]


def read_or_refused(data: bytes, *, logits: bool) -> None:
    try:
        network_from_onnx(data, logits=logits)
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - pytest.raises would demand an error


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([model.data for model in SEEDS]), st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused_in_one_line(seed: bytes, place: int, damage: bytes) -> None:
    data = bytearray(seed)
    start = place % len(data)
    data[start : start + len(damage)] = damage
    read_or_refused(bytes(data), logits=True)


@pytest.mark.parametrize("model", SEEDS)
def test_a_file_cut_short_is_refused(model: Graph) -> None:
    for size in range(0, len(model.data), 7):
        read_or_refused(model.data[:size], logits=True)


NUMBERS = st.sampled_from([0, 1, 2, -1, -2, 3, 7, 10**6, 2**31, 2**62, -(2**62)])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.data())
def test_other_numbers_in_a_file_are_read_or_refused_in_one_line(model: Graph, data: st.DataObject) -> None:
    parsed = onnx.ModelProto.FromString(model.data)
    lists = [a for n in parsed.graph.node for a in n.attribute if a.type == onnx.AttributeProto.INTS]
    for attribute in lists:
        if data.draw(st.booleans()):
            attribute.ints[data.draw(st.integers(0, len(attribute.ints) - 1))] = data.draw(NUMBERS)
    for proto in parsed.graph.initializer:
        if proto.data_type == TensorProto.INT64 and data.draw(st.booleans()):
            entries = data.draw(st.lists(NUMBERS, min_size=0, max_size=8))
            proto.CopyFrom(numpy_helper.from_array(np.array(entries, np.int64), proto.name))
    read_or_refused(parsed.SerializeToString(), logits=True)
