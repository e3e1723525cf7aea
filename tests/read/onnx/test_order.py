"""Nodes in any order, fixed first dimensions, branches and functions: what surrounds the operators of a graph."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tests.read.onnx.models import Graph, agrees_with_onnxruntime, floats, graph, integers, node, one, value
from verishallow.errors import InputError, LimitError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read import load
from verishallow.read.onnx.network import network_from_onnx

IN_ORDER = graph(node("MatMul", "x w", "a"), node("Relu", "a", "b"), node("Sub", "b a", "y"), w=floats(3, 2))


def changed(model: Graph, change: Callable[[onnx.ModelProto], object]) -> bytes:
    parsed = onnx.ModelProto.FromString(model.data)
    change(parsed)
    return bytes(parsed.SerializeToString())


def reordered(*places: int) -> bytes:
    def change(parsed: onnx.ModelProto) -> None:
        nodes = [parsed.graph.node[place] for place in places]
        kept = [onnx.NodeProto.FromString(each.SerializeToString()) for each in nodes]
        del parsed.graph.node[:]
        parsed.graph.node.extend(kept)

    return changed(IN_ORDER, change)


@pytest.mark.parametrize("places", [(2, 1, 0), (1, 0, 2), (0, 2, 1)])
def test_nodes_are_sorted_and_that_is_said(places: tuple[int, ...]) -> None:
    network = network_from_onnx(reordered(*places))
    assert network == network_from_onnx(IN_ORDER.data)
    assert network.notes == ("nodes read what later ones give: they are sorted",)
    agrees_with_onnxruntime(IN_ORDER.data, network)


def test_nothing_is_said_of_nodes_in_order() -> None:
    assert network_from_onnx(IN_ORDER.data).notes == ()


def test_errors_number_nodes_as_the_file_does() -> None:
    model = graph(node("Exp", "a", "y"), node("Relu", "x", "a"))
    with pytest.raises(NetworkError, match=r"node 1 'n_y' \(Exp\)"):
        network_from_onnx(model.data)


# ------------------------------------------------------------------------------------- First dimensions

COLUMN = graph(
    node("Gemm", "x w b", "h", transA=1, transB=1),
    node("Relu", "h", "r"),
    node("Gemm", "r v", "y", transB=1),
    shape=(2, 1),
    w=floats(3, 2),
    b=floats(3),
    v=floats(1, 3),
)
ROWS = graph(node("MatMul", "x w", "h"), node("Relu", "h", "y"), shape=(2, 2), w=floats(2, 3))

ALL = "all its {} numbers are inputs; where axis 0 is a batch, --batch-axis (batch_axis=True) reads one sample"

FIRST: dict[str, tuple[Graph, int, tuple[str, ...]]] = {
    # each with its inputs and what is said
    "a column": (COLUMN, 2, (f"input 'x' of shape [2, 1]: {ALL.format(2)}",)),
    "two rows": (ROWS, 4, (f"input 'x' of shape [2, 2]: {ALL.format(4)}",)),
    "a vector": (one("MatMul", "x w", shape=(2,), w=floats(2, 3)), 2, ()),
    "rows that are mixed": (
        one("ReduceSum", "x a", shape=(3, 2), a=integers(0)),
        6,
        (f"input 'x' of shape [3, 2]: {ALL.format(6)}",),
    ),
}


@pytest.mark.parametrize("name", FIRST)
def test_a_first_dimension_that_is_fixed_is_part_of_the_input(name: str) -> None:
    model, inputs, notes = FIRST[name]
    network = network_from_onnx(model.data)
    assert (network.inputs, network.notes) == (inputs, notes)
    agrees_with_onnxruntime(model.data, network)


def test_one_sample_of_a_batch_is_read_on_request() -> None:
    sample = network_from_onnx(ROWS.data, batch_axis=True)
    assert sample.notes == ("input 'x' of shape [2, 2]: axis 0 is a batch, of which one sample is read",)
    first, second, whole = [1, "1/2"], [-1, 3], network_from_onnx(ROWS.data)
    assert sample(first) + sample(second) == whole(first + second)


NO_BATCHES: dict[str, tuple[Graph, str]] = {
    "rows that are mixed": (
        one("ReduceSum", "x a", shape=(2, 2), a=integers(0)),
        "axis 0 of the inputs is no batch of 2",
    ),
    "rows that are joined": (
        graph(node("Reshape", "x s", "h"), node("MatMul", "h w", "y"), shape=(2, 2), s=integers(1, -1), w=floats(4, 1)),
        "do not chain",
    ),
    "rows that are cut": (
        graph(node("Reshape", "x s", "h"), node("MatMul", "h w", "y"), shape=(2, 4), s=integers(4, -1), w=floats(2, 1)),
        "do not chain",
    ),
    "a shift for each row": (one("Add", "x c", shape=(2, 3), c=floats(2, 3)), "axis 0 of the inputs is no batch of 2"),
    "a column that is a point": (COLUMN, "do not chain"),
    "two sizes": (graph(node("Concat", "a b", "y", axis=0), inputs={"a": [2, 1], "b": [3, 1]}), "one size of a batch"),
}


@pytest.mark.parametrize("name", NO_BATCHES)
def test_what_is_no_batch_is_not_read_as_one(name: str) -> None:
    model, fragment = NO_BATCHES[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(model.data, batch_axis=True)
    assert fragment in str(caught.value)


def test_several_inputs_and_outputs_have_samples_of_their_own() -> None:
    model = graph(
        node("Add", "a b", "s"), node("Relu", "s", "y"), node("Sub", "a c", "z"),
        inputs={"a": [3, 2], "b": [3, 1], "c": [1, 2]}, outputs="y z",
    )  # fmt: skip
    assert network_from_onnx(model.data, batch_axis=True)([1, 2, -2, 4, 4]) == (0, 0, -3, -2)


def test_a_symbolic_batch_is_one_sample_whatever_is_asked() -> None:
    model = one("Relu", shape=("n", 2))
    assert network_from_onnx(model.data, batch_axis=True).notes == network_from_onnx(model.data).notes == ()


def test_load_takes_the_option_for_onnx_alone(tmp_path: Any) -> None:
    (tmp_path / "rows.onnx").write_bytes(ROWS.data)
    assert load(tmp_path / "rows.onnx", batch_axis=True).inputs == 2
    (tmp_path / "net.nnet").write_bytes(b"")
    with pytest.raises(InputError, match="batch_axis: only ONNX files may fix how many samples an input has"):
        load(tmp_path / "net.nnet", batch_axis=True)


# ---------------------------------------------------------------------------------------------- Branches


def branch(name: str, *nodes: onnx.NodeProto, **stored: Any) -> onnx.GraphProto:
    constants = [numpy_helper.from_array(np.array(entries, np.float32), key) for key, entries in stored.items()]
    return helper.make_graph(list(nodes), name, [], [value(nodes[-1].output[0], None)], constants)


NEGATIVE = branch("negative", node("Neg", "x", "t"))
SHIFTED = branch("shifted", node("Add", "x c", "s"), node("Relu", "s", "t"), c=[1, 2, 3])


def chosen(condition: onnx.NodeProto, *more: onnx.NodeProto) -> Graph:
    return graph(*more, condition, node("If", "c", "y", then_branch=NEGATIVE, else_branch=SHIFTED))


CONDITIONS: dict[str, tuple[Graph, str]] = {
    # each with the branch that it chooses
    "true": (chosen(node("Constant", "", "c", value=numpy_helper.from_array(np.array(True)))), "Neg"),
    "false": (chosen(node("Constant", "", "c", value=numpy_helper.from_array(np.array(False)))), "Relu"),
    "of a shape": (
        chosen(
            node("Greater", "n m", "c"),
            node("Size", "x", "n"),
            node("Constant", "", "m", value=numpy_helper.from_array(np.array(2))),
        ),
        "Neg",
    ),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_constant_condition_chooses_a_branch(name: str) -> None:
    model, operator = CONDITIONS[name]
    network = network_from_onnx(model.data)
    expected = one("Neg") if operator == "Neg" else graph(node("Add", "x c", "a"), node("Relu", "a", "y"), c=[1, 2, 3])
    assert network == network_from_onnx(expected.data)
    agrees_with_onnxruntime(model.data, network)


def test_the_other_branch_may_hold_anything() -> None:
    other = branch("other", node("Exp", "x", "t"))
    condition = node("Constant", "", "c", value=numpy_helper.from_array(np.array(True)))
    model = graph(condition, node("If", "c", "y", then_branch=NEGATIVE, else_branch=other))
    assert network_from_onnx(model.data) == network_from_onnx(one("Neg").data)


REFUSED: dict[str, tuple[Graph, str]] = {
    "a condition on the input": (
        graph(node("Cast", "x", "c", to=TensorProto.BOOL), node("If", "c", "y", then_branch=NEGATIVE)),
        "what becomes BOOL depends on the network's input",
    ),
    "an input as the condition": (
        graph(node("If", "x", "y", then_branch=NEGATIVE), shape=(1,)),
        "expected a constant condition, found one that depends on the network's input",
    ),
    "a branch that is not exact": (
        graph(
            node("Constant", "", "c", value=numpy_helper.from_array(np.array(True))),
            node("If", "c", "y", then_branch=branch("t", node("Neg", "x", "a"), node("Exp", "a", "b"))),
        ),
        "node 2 'n_y' (If): node 2 'n_b' (Exp): only",
    ),
    "a branch that is not there": (
        graph(
            node("Constant", "", "c", value=numpy_helper.from_array(np.array(False))),
            node("If", "c", "y", then_branch=NEGATIVE),
        ),
        "attribute 'else_branch': expected a graph of 1 outputs",
    ),
    "a loop": (graph(node("Loop", "n c x", "y", body=NEGATIVE), n=[1.0], c=[1.0]), "(Loop): only piecewise-linear"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_constant_chooses_is_refused(name: str) -> None:
    model, fragment = REFUSED[name]
    with pytest.raises(NetworkError) as caught:
        network_from_onnx(model.data)
    assert fragment in str(caught.value)


# --------------------------------------------------------------------------------------------- Functions


def with_functions(model: Graph, *functions: onnx.FunctionProto) -> bytes:
    def change(parsed: onnx.ModelProto) -> None:
        parsed.functions.extend(functions)
        parsed.opset_import.append(helper.make_opsetid("own", 1))

    return changed(model, change)


def function(name: str, inputs: str, outputs: str, *nodes: onnx.NodeProto, opset: int = 21, **words: Any) -> Any:
    imports = [helper.make_opsetid("", opset), helper.make_opsetid("own", 1)]
    return helper.make_function("own", name, inputs.split(), outputs.split(), list(nodes), imports, **words)


def by_reference(operator: str, inputs: str, output: str, name: str, outer: str, kind: Any) -> onnx.NodeProto:
    made = node(operator, inputs, output)
    made.attribute.append(onnx.AttributeProto(name=name, ref_attr_name=outer, type=kind))
    return made


LEAKY = function(
    "Leaky", "a", "c", by_reference("LeakyRelu", "a", "c", "alpha", "slope", onnx.AttributeProto.FLOAT),
    attributes=["slope"],
)  # fmt: skip
TWICE = function("Twice", "a", "c", node("Leaky", "a", "b", domain="own", slope=0.5), node("Add", "b b", "c"))
OPTIONAL = function("Bounded", "a low", "c", node("Clip", "a low", "c"))

CALLS: dict[str, tuple[bytes, Graph]] = {
    # each with the graph that it is
    "an attribute of the caller": (
        with_functions(graph(node("Leaky", "x", "y", domain="own", slope=0.25)), LEAKY), one("LeakyRelu", alpha=0.25)
    ),
    "an attribute that is left out": (
        with_functions(graph(node("Leaky", "x", "y", domain="own")), LEAKY), one("LeakyRelu")
    ),
    "a function that calls another": (
        with_functions(graph(node("Twice", "x", "y", domain="own")), LEAKY, TWICE),
        graph(node("LeakyRelu", "x", "b", alpha=0.5), node("Add", "b b", "y")),
    ),
    "an input that is left out": (
        with_functions(graph(node("Bounded", "x", "y", domain="own")), OPTIONAL), one("Identity")
    ),
    "names inside that are names outside": (
        with_functions(graph(node("Neg", "x", "b"), node("Twice", "b", "c", domain="own"), node("Relu", "c", "y")),
                       LEAKY, TWICE),
        graph(node("Neg", "x", "n"), node("LeakyRelu", "n", "b", alpha=0.5), node("Add", "b b", "c"),
              node("Relu", "c", "y")),
    ),
    "another opset inside": (
        with_functions(graph(node("Old", "x", "y", domain="own")),
                       function("Old", "a", "c", node("Squeeze", "a", "c", axes=[0]), opset=11)),
        graph(node("Squeeze", "x i", "y"), i=integers(0)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_a_function_of_the_file_is_its_nodes(name: str) -> None:
    data, meant = CALLS[name]
    assert network_from_onnx(data) == network_from_onnx(meant.data)
    if name != "another opset inside":  # which onnxruntime does not take
        agrees_with_onnxruntime(data, network_from_onnx(data))


def test_a_final_operator_in_a_function_is_cut_off_too() -> None:
    data = with_functions(
        graph(node("Neg", "x", "b"), node("Odds", "b", "y", domain="own")),
        function("Odds", "a", "c", node("Softmax", "a", "c")),
    )
    network = network_from_onnx(data, logits=True)
    assert network == network_from_onnx(one("Neg").data)
    assert network.notes == ("node 2 'n_y' (Odds): node 1 'n_c' (Softmax): cut off; the outputs are what it reads",)


def test_a_function_without_end_is_refused() -> None:
    endless = function("Endless", "a", "c", node("Endless", "a", "c", domain="own"))
    with pytest.raises(LimitError, match="at most 32 graphs and functions inside one another"):
        network_from_onnx(with_functions(graph(node("Endless", "x", "y", domain="own")), endless))


def test_functions_that_call_each_other_without_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verishallow.read.onnx.evaluation.MAX_NODES", 1000)
    doubling = [
        function(
            f"F{n}", "a", "c", node(f"F{n + 1}", "a", "b", domain="own"), node(f"F{n + 1}", "b", "c", domain="own")
        )
        for n in range(20)
    ]
    last = function("F20", "a", "c", node("Neg", "a", "c"))
    with pytest.raises(LimitError, match="expected at most 1000 nodes"):
        network_from_onnx(with_functions(graph(node("F0", "x", "y", domain="own")), *doubling, last))


def test_a_function_of_too_many_inputs_is_refused() -> None:
    with pytest.raises(NetworkError, match="expected at most 1 inputs and 1 outputs, found 2 and 1"):
        network_from_onnx(with_functions(graph(node("Leaky", "x x", "y", domain="own")), LEAKY))


def test_a_network_in_a_function_is_a_network() -> None:
    data = with_functions(
        graph(node("Net", "x", "y", domain="own"), shape=("n", 1)),
        function("Net", "a", "c", node("Relu", "a", "b"), node("Neg", "a", "m"), node("Max", "m b", "c")),
    )
    assert network_from_onnx(data)([-2]) == ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])([2])
