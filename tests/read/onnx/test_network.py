"""ONNX graphs as a whole: layers, branches, several inputs and outputs, final operators, files."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from tests.read.onnx.models import Graph, agrees_with_onnxruntime, floats, graph, integers, node, one, value
from verishallow.errors import NetworkError
from verishallow.network import ReLUNetwork
from verishallow.rationals import vector
from verishallow.read import load
from verishallow.read.onnx.network import network_from_onnx
from verishallow.read.onnx.refusals import FINAL

ABSOLUTE = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
X2, UNIT = ("n", 2), [[1, 0], [0, 1]]


def chain(*operators: str, shape: Sequence[int | str] = X2, outputs: str = "y", **constants: Any) -> Graph:
    """A model of nodes, each reading the one before it and perhaps constants: "MatMul w", "Relu"."""
    names = ["x", *(f"h{number}" for number in range(1, len(operators))), "y"]
    split = [operator.split() for operator in operators]
    nodes = [
        node(operator, " ".join([source, *others]), target)
        for (operator, *others), (source, target) in zip(split, pairwise(names), strict=True)
    ]
    return graph(*nodes, shape=shape, outputs=outputs, **constants)


def read(model: Graph, **options: Any) -> ReLUNetwork:
    return network_from_onnx(model.data, **options)


def test_relu_makes_layers_and_linear_operators_between_them_multiply_out() -> None:
    network = read(chain("MatMul u", "MatMul v", "Relu", "MatMul w", u=[[0.5], [1]], v=[[0.5, 0]], w=[[1], [2]]))
    assert network == ReLUNetwork.of([([["1/4", "1/2"], [0, 0]], [0, 0]), ([[1, 2]], [0])])


BRANCHES: dict[str, tuple[Graph, list[tuple[Any, ...]]]] = {
    # each with the layers that it is
    "sums of branches": (
        graph(
            node("Relu", "x", "r1"),
            node("MatMul", "r1 w", "a"),
            node("Relu", "a", "r2"),
            node("Add", "r2 r1", "s"),
            node("Add", "s x", "y"),
            shape=X2,
            w=[[1, 2], [3, 4]],
        ),
        [
            (UNIT, [0, 0]),
            ([[1, 3], [2, 4]], [0, 0]),
            ([[1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1]], [0, 0], [0, 1, 2]),
        ],
    ),
    "a residual block": (
        graph(
            node("MatMul", "x w", "a"),
            node("Relu", "a", "r"),
            node("MatMul", "r v", "b"),
            node("Add", "b x", "s"),
            node("Relu", "s", "t"),
            node("MatMul", "t u", "y"),
            shape=X2,
            w=[[1, 0], [2, 1]],
            v=[[1, 1], [0, 1]],
            u=[[1], [1]],
        ),
        [([[1, 2], [0, 1]], [0, 0]), ([[1, 0, 1, 0], [0, 1, 1, 1]], [0, 0], [0, 1]), ([[1, 1]], [0])],
    ),
    "branches side by side are one layer": (
        graph(
            node("Relu", "x", "a"),
            node("Neg", "x", "m"),
            node("Relu", "m", "b"),
            node("Concat", "a b", "c", axis=1),
            node("ReduceSum", "c i", "y"),
            shape=("n", 1),
            i=integers(1),
        ),
        [([[1], [-1]], [0, 0]), ([[1, 1]], [0])],
    ),
    "a neuron goes into the earliest layer": (
        graph(
            node("Relu", "x", "a"),
            node("Concat", "x a", "c", axis=1),
            node("Add", "c b", "d"),
            node("Relu", "d", "y"),
            shape=("n", 1),
            b=[1, -1],
        ),
        [([[1], [1]], [0, 1]), ([[1, 0]], [-1]), ([[0, 1, 0], [0, 0, 1]], [0, 0], [1, 2])],
    ),
    "layers that cancel are left out": (
        graph(
            node("Relu", "x", "r1"),
            node("Sub", "r1 r1", "zero"),
            node("Sub", "x zero", "a"),
            node("Relu", "a", "y"),
            shape=X2,
        ),
        [(UNIT, [0, 0]), (UNIT, [0, 0])],
    ),
    "neurons of weight 0 stay": (
        chain("MatMul w", "Relu", "MatMul v", "Relu", "MatMul u", w=[[1, 0], [1, 0]], v=[[0, 1], [0, 1]], u=[[0], [1]]),
        [([[1, 1], [0, 0]], [0, 0]), ([[0, 0], [1, 1]], [0, 0]), ([[0, 1]], [0])],
    ),
    "equal neurons stay": (
        chain("MatMul w", "Relu", "MatMul v", w=[[1, 1], [1, 1]], v=[[1], [1]]),
        [([[1, 1], [1, 1]], [0, 0]), ([[1, 1]], [0])],
    ),
    "what is not needed is not read": (
        graph(node("Softmax", "x", "z"), node("Relu", "bad", "r"), node("Relu", "x", "y"), shape=X2, bad=[np.nan]),
        [(UNIT, [0, 0]), (UNIT, [0, 0])],
    ),
    "a constant": (graph(node("Relu", "c", "y"), shape=X2, c=[-1, 2]), [([[0, 0], [0, 0]], [0, 2])]),
    "the input": (graph(shape=X2, outputs="x"), [(UNIT, [0, 0])]),
}


@pytest.mark.parametrize("name", BRANCHES)
def test_a_graph_is_exactly_these_layers(name: str) -> None:
    model, layers = BRANCHES[name]
    assert read(model) == ReLUNetwork.of(layers)


JOINED: dict[str, tuple[Graph, tuple[int, ...], tuple[str, ...]]] = {
    # each with its widths and notes
    "two inputs": (
        graph(node("Sub", "a b", "y"), inputs={"a": ["n", 2], "b": ["n", 2]}),
        (4, 2),
        ("2 inputs are joined: 'a' is 0 to 1, 'b' is 2 to 3",),
    ),
    "two outputs": (
        graph(node("Relu", "x", "y"), node("Neg", "x", "z"), shape=X2, outputs="y z"),
        (2, 2, 4),
        ("2 outputs are joined: 'y' is 0 to 1, 'z' is 2 to 3",),
    ),
    "an input that is not needed": (graph(node("Relu", "x", "y"), inputs={"x": ["n", 1], "z": ["n", 2]}), (3, 1, 1), (
        "2 inputs are joined: 'x' is 0 to 0, 'z' is 1 to 2",
    )),
    "two inputs, two outputs": (
        graph(node("Concat", "a b", "c", axis=1), node("Split", "c", "y z", axis=1, num_outputs=2),
              inputs={"b": ["n", 3], "a": ["n", 1]}, outputs="z y"),
        (4, 4),
        ("2 inputs are joined: 'b' is 0 to 2, 'a' is 3 to 3", "2 outputs are joined: 'z' is 0 to 1, 'y' is 2 to 3"),
    ),
    "a batch that is symbolic": (graph(node("Relu", "x", "y"), shape=("batch_size", 2, 2)), (4, 4, 4), ()),
    "a batch of -1": (graph(node("Relu", "x", "y"), shape=(-1, 2)), (2, 2, 2), ()),
    "a batch of 0": (graph(node("Relu", "x", "y"), shape=(0, 2)), (2, 2, 2), ()),
    "no batch": (graph(node("Relu", "x", "y"), shape=(2,)), (2, 2, 2), ()),
    "a number": (graph(node("Relu", "x", "y"), shape=()), (1, 1, 1), ()),
}  # fmt: skip


@pytest.mark.parametrize("name", JOINED)
def test_inputs_and_outputs_are_joined_in_the_order_of_the_file(name: str) -> None:
    model, widths, notes = JOINED[name]
    network = read(model)
    assert (network.widths, network.notes) == (widths, notes)


RUN = [name for name in JOINED if name not in ("a batch of -1", "a batch of 0", "an input that is not needed")]


@pytest.mark.parametrize("model", [BRANCHES[name][0] for name in BRANCHES] + [JOINED[name][0] for name in RUN])
def test_onnxruntime_computes_the_same(model: Graph) -> None:
    agrees_with_onnxruntime(model.data, read(model))


def test_the_input_is_flattened_in_row_major_order() -> None:
    assert read(one("Relu", shape=(1, 2, 2)))([1, -2, 3, -4]) == vector([1, 0, 3, 0])


def test_networks_are_equal_whatever_is_said_of_them() -> None:
    assert read(JOINED["two inputs"][0]) == ReLUNetwork.of([([[1, 0, -1, 0], [0, 1, 0, -1]], [0, 0])])


def proto(model: Graph, change: Callable[[onnx.ModelProto], object]) -> bytes:
    parsed = onnx.ModelProto.FromString(model.data)
    change(parsed)
    return bytes(parsed.SerializeToString())


def test_an_input_that_is_no_float_and_not_needed_is_left_out() -> None:
    data = proto(one("Relu"), lambda parsed: parsed.graph.input.append(value("training", [], TensorProto.BOOL)))
    network = network_from_onnx(data)
    assert (network.inputs, network.notes) == (3, ("input 'training' is not needed and left out",))


def test_initializers_may_be_among_the_inputs() -> None:
    data = proto(one("Add", "x b", b=floats(3)), lambda parsed: parsed.graph.input.insert(0, value("b", [3])))
    assert network_from_onnx(data) == read(one("Add", "x b", b=floats(3)))


# Final operators


@pytest.mark.parametrize("operator", sorted(FINAL))
def test_a_final_operator_is_cut_off_on_request(operator: str) -> None:
    model = chain("MatMul w", operator, w=[[1, 2], [0, 1]])
    with pytest.raises(NetworkError, match="a final one is cut off on request, with --logits or logits=True"):
        read(model)
    network = read(model, logits=True)
    assert network == read(chain("MatMul w", w=[[1, 2], [0, 1]]))
    assert network.notes == (f"node 2 'n_y' ({operator}): cut off; the outputs are what it reads",)


REARRANGED = [
    chain("MatMul w", "Softmax", "Flatten", w=UNIT),
    chain("MatMul w", "Transpose", "Softmax", "Transpose", w=UNIT),
    chain("MatMul w", "Sigmoid", "Reshape s", "Identity", w=UNIT, s=integers(2, 1)),
    chain("MatMul w", "ArgMax", "Squeeze", w=UNIT),
    chain("MatMul w", "Softmax", "ArgMax", "Reshape s", w=UNIT, s=integers(1)),
    chain("MatMul w", "LogSoftmax", "Dropout", "Unsqueeze a", w=UNIT, a=integers(0)),
]


@pytest.mark.parametrize("model", REARRANGED)
def test_what_only_rearranges_may_follow(model: Graph) -> None:
    assert read(model, logits=True) == read(chain("MatMul w", w=UNIT))


def test_a_transpose_after_the_cut_is_kept() -> None:
    model = graph(node("Softmax", "x", "s"), node("Transpose", "s", "y", perm=[0, 2, 1]), shape=(1, 2, 2))
    assert read(model, logits=True)([1, 2, 3, 4]) == vector([1, 3, 2, 4])


def test_outputs_that_are_one_after_the_cut_are_joined_once() -> None:
    nodes = [node("MatMul", "x w", "h"), node("Softmax", "h", "p"), node("ArgMax", "p", "c")]
    network = read(graph(*nodes, shape=X2, outputs="c p", w=UNIT), logits=True)
    assert (network.outputs, read(graph(*nodes, shape=X2, outputs="h p", w=UNIT), logits=True).outputs) == (2, 2)


NOT_FINAL: dict[str, tuple[Graph, str]] = {
    "a softmax inside": (
        chain("Softmax", "MatMul w", w=UNIT),
        "node 2 'n_y' (MatMul): reads what node 1 'n_h1' (Softmax) gives: only a final one can be cut off",
    ),
    "a sigmoid before relu": (chain("Sigmoid", "Relu"), "(Relu): reads what node 1 'n_h1' (Sigmoid) gives"),
    "a tanh, moved and summed": (
        graph(node("Tanh", "x", "t"), node("Flatten", "t", "f"), node("Add", "f x", "y")),
        "reads what node 1 'n_t' (Tanh) gives",
    ),
    "attention": (
        graph(node("Softmax", "x", "s"), node("Mul", "s x", "y")),
        "(Mul): reads what node 1 'n_s' (Softmax) gives: only a final one",
    ),
    "the shape of a softmax": (graph(node("Softmax", "x", "s"), node("Shape", "s", "y")), "(Shape): reads what node 1"),
    "an exponential": (chain("Exp"), "(Exp): only piecewise-linear operators are exact"),
    "a softmax of a softmax of another domain": (
        graph(node("Softmax", "x", "y", domain="custom")),
        "of the domain 'custom'; only piecewise-linear",
    ),
    "a softmax of nothing": (graph(node("Softmax", "z", "y")), "'z' is neither the input, nor stored"),
}


@pytest.mark.parametrize("name", NOT_FINAL)
def test_only_a_final_operator_is_cut_off(name: str) -> None:
    model, fragment = NOT_FINAL[name]
    with pytest.raises(NetworkError) as caught:
        read(model, logits=True)
    assert fragment in str(caught.value)


def test_logits_change_nothing_where_nothing_is_final() -> None:
    assert read(one("Relu"), logits=True) == read(one("Relu"))


# Files


def with_function(name: str) -> bytes:
    body = [helper.make_node("Add", ["a", "a"], ["b"]), helper.make_node("Relu", ["b"], ["c"])]
    opset = [helper.make_opsetid("", 21)]

    def change(parsed: onnx.ModelProto) -> None:
        parsed.functions.append(helper.make_function("own", name, ["a"], ["c"], body, opset))
        parsed.opset_import.append(helper.make_opsetid("own", 1))

    return proto(graph(node("Double", "x", "y", domain="own"), shape=("n", 1)), change)


def test_functions_of_the_file_are_written_out() -> None:
    assert network_from_onnx(with_function("Double")) == ReLUNetwork.of([([[2]], [0]), ([[1]], [0])])
    with pytest.raises(NetworkError, match="of the domain 'own'"):
        network_from_onnx(with_function("Other"))


def outside(folder: Path, size: int = 8) -> Path:
    """A model whose weights lie in a file beside it."""
    weights = onnx.TensorProto(name="w", data_type=1, dims=[2, 1], data_location=TensorProto.EXTERNAL)
    weights.external_data.add(key="location", value="weights.bin")
    (folder / "weights.bin").write_bytes(np.array([0.5, 3], np.float32).tobytes()[:size])
    data = proto(one("MatMul", "x w", shape=X2), lambda parsed: parsed.graph.initializer.append(weights))
    (folder / "network.onnx").write_bytes(data)
    return folder / "network.onnx"


def test_data_beside_the_file_are_read(tmp_path: Path) -> None:
    assert load(outside(tmp_path)) == ReLUNetwork.of([([["1/2", 3]], [0])])


def test_data_beside_the_file_may_be_absent_or_short(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"tensor 'w': the stored data do not fill its shape \[2, 1\]"):
        load(outside(tmp_path, size=7))
    path = outside(tmp_path)
    with pytest.raises(NetworkError, match="tensor 'w': expected its data inside the file, found external data"):
        network_from_onnx(path.read_bytes())
    (tmp_path / "weights.bin").unlink()
    with pytest.raises(NetworkError, match="tensor 'w': its data outside the file cannot be read") as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_load_chooses_by_suffix_then_by_content(tmp_path: Path) -> None:
    data = chain("MatMul u", "Relu", "MatMul v", shape=("n", 1), u=[[1, -1]], v=[[1], [1]]).data
    for name in ("network.onnx", "network.ONNX", "network", "network.bin"):
        (tmp_path / name).write_bytes(data)
        assert load(tmp_path / name) == ABSOLUTE


def test_load_cuts_off_on_request(tmp_path: Path) -> None:
    (tmp_path / "network.onnx").write_bytes(chain("Softmax").data)
    assert load(tmp_path / "network.onnx", logits=True) == ReLUNetwork.of([(UNIT, [0, 0])])
    with pytest.raises(NetworkError, match=r"network\.onnx: node 1 'n_y' \(Softmax\)"):
        load(tmp_path / "network.onnx")


def test_load_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(b"{}")
    with pytest.raises(NetworkError, match=r"network\.onnx: not an ONNX file"):
        load(path)
