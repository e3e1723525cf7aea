"""ONNX files: which exact network each graph is, and which graphs are refused with which words."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from verishallow.errors import InputError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.rationals import vector
from verishallow.read import load
from verishallow.read.onnx_network import network_from_onnx
from verishallow.read.onnx_operators import OPERATORS

SHARED = Path(__file__).resolve().parents[3] / "shared" / "networks"
ABSOLUTE = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])


def node(operator: str, inputs: str, output: str, **attributes: Any) -> onnx.NodeProto:
    names = ["" if name == "-" else name for name in inputs.split()]
    return helper.make_node(operator, names, output.split(), name=f"n_{output}", **attributes)


def value(name: str, shape: Sequence[int | str | None] | None, kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def graph_bytes(
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[onnx.ValueInfoProto] = (),
    outputs: str = "y",
    proto: Sequence[onnx.TensorProto] = (),
    **constants: Any,
) -> bytes:
    stored = [numpy_helper.from_array(_array(entries), name) for name, entries in constants.items()]
    results = [value(name, None) for name in outputs.split()]
    graph = helper.make_graph(list(nodes), "g", list(inputs) or [value("x", ["n", 2])], results, [*stored, *proto])
    opset = [helper.make_opsetid("", 14), helper.make_opsetid("custom", 1)]
    return bytes(helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString())


def _array(entries: Any) -> np.ndarray:
    return entries if isinstance(entries, np.ndarray) else np.array(entries, np.float32)


def floats(*sizes: int) -> np.ndarray:
    return (np.arange(np.prod(sizes)).reshape(sizes) - 2).astype(np.float32) / 4


W, B = floats(3, 2), floats(3)
ONE_BY_THREE = [value("x", [1, 3])]
SHAPE = np.array([3, 1], np.int64)

AFFINE_GRAPHS: dict[str, tuple[bytes, list[list[Any]]]] = {
    # name: (graph, rows [b, a1, ..., an] of the one layer it is)
    "identity": (graph_bytes([node("Identity", "x", "y")]), [[0, 1, 0], [0, 0, 1]]),
    "input is output": (graph_bytes([], outputs="x"), [[0, 1, 0], [0, 0, 1]]),
    "gemm": (graph_bytes([node("Gemm", "x w b", "y")], w=[[1], [2]], b=[3]), [[3, 1, 2]]),
    "gemm without bias": (graph_bytes([node("Gemm", "x w", "y")], w=[[1], [2]]), [[0, 1, 2]]),
    "gemm with bias left out": (graph_bytes([node("Gemm", "x w -", "y")], w=[[1], [2]]), [[0, 1, 2]]),
    "gemm with factors": (
        graph_bytes([node("Gemm", "x w b", "y", alpha=0.5, beta=-2.0, transB=1)], w=[[1, 2]], b=3),
        [[-6, "1/2", 1]],
    ),
    "gemm on the left": (
        graph_bytes([node("Gemm", "w x b", "y", transB=1, alpha=2.0)], w=[[1, 2]], b=[[1]]),
        [[1, 2, 4]],
    ),
    "gemm transposed on the left": (
        graph_bytes([node("Gemm", "w x", "y", transA=1, transB=1)], w=[[1], [2]]),
        [[0, 1, 2]],
    ),
    "gemm transposes the activation": (
        graph_bytes([node("Gemm", "x w", "y", transA=1)], w=[[3]]),
        [[0, 3, 0], [0, 0, 3]],
    ),
    "gemm adds an activation": (
        graph_bytes([node("Gemm", "x w x", "y", beta=3.0)], w=[[0, 1], [1, 0]]),
        [[0, 3, 1], [0, 1, 3]],
    ),
    "matmul": (graph_bytes([node("MatMul", "x w", "y")], w=[[1], [2]]), [[0, 1, 2]]),
    "matmul with a vector": (graph_bytes([node("MatMul", "x w", "y")], w=[1, 2]), [[0, 1, 2]]),
    "vector times matrix": (graph_bytes([node("MatMul", "x w", "y")], [value("x", [2])], w=[[1], [2]]), [[0, 1, 2]]),
    "vector times vector": (graph_bytes([node("MatMul", "w x", "y")], [value("x", [2])], w=[1, 2]), [[0, 1, 2]]),
    "matrix times column": (
        graph_bytes([node("Reshape", "x s", "c"), node("MatMul", "w c", "y")], ONE_BY_THREE, s=SHAPE, w=[[1, 2, 3]]),
        [[0, 1, 2, 3]],
    ),
    "constant times a stack": (
        graph_bytes([node("MatMul", "w x", "y")], [value("x", [1, 2, 2])], w=[[1, 10]]),
        [[0, 1, 0, 10, 0], [0, 0, 1, 0, 10]],
    ),
    "a stack times constant": (
        graph_bytes([node("MatMul", "x w", "y")], [value("x", [1, 2, 2])], w=[[1], [10]]),
        [[0, 1, 10, 0, 0], [0, 0, 0, 1, 10]],
    ),
    "add broadcasts": (
        graph_bytes([node("Add", "b x", "y")], b=[[1], [2]]),
        [[1, 1, 0], [1, 0, 1], [2, 1, 0], [2, 0, 1]],
    ),
    "sub": (graph_bytes([node("Sub", "x b", "y")], b=[0.5, 1]), [["-1/2", 1, 0], [-1, 0, 1]]),
    "sub from a constant": (graph_bytes([node("Sub", "b x", "y")], b=1), [[1, -1, 0], [1, 0, -1]]),
    "x + x": (graph_bytes([node("Add", "x x", "y")]), [[0, 2, 0], [0, 0, 2]]),
    "x - x": (graph_bytes([node("Sub", "x x", "y")]), [[0, 0, 0], [0, 0, 0]]),
    "flatten": (graph_bytes([node("Flatten", "x", "y")], [value("x", [1, 1, 2])]), [[0, 1, 0], [0, 0, 1]]),
    "flatten from the end": (graph_bytes([node("Flatten", "x", "y", axis=-1)]), [[0, 1, 0], [0, 0, 1]]),
    "flatten to one row": (
        graph_bytes([node("Flatten", "x", "r", axis=0), node("MatMul", "r w", "y")], w=[[1], [2]]),
        [[0, 1, 2]],
    ),
    "reshape": (
        graph_bytes([node("Reshape", "x s", "r"), node("MatMul", "r w", "y")], s=np.array([0, -1, 1]), w=[[5]]),
        [[0, 5, 0], [0, 0, 5]],
    ),
    "constants fold": (
        graph_bytes(
            [
                node("Constant", "", "c", value_floats=[-1.0, 2.0]),
                node("Relu", "c", "r"),
                node("Constant", "", "one", value_float=1.0),
                node("Add", "r one", "s"),
                node("Add", "x s", "y"),
            ]
        ),
        [[1, 1, 0], [3, 0, 1]],
    ),
    "constant output": (graph_bytes([node("Identity", "c", "y")], c=[1, 2, 3]), [[1, 0, 0], [2, 0, 0], [3, 0, 0]]),
    "integer constants": (
        graph_bytes(
            [
                node("Constant", "", "s", value_ints=[1, 2]),
                node("Constant", "", "i", value_int=3),
                node("Reshape", "x s", "r"),
                node("Add", "r i", "y"),
            ]
        ),
        [[3, 1, 0], [3, 0, 1]],
    ),
    "half precision": (
        graph_bytes([node("Add", "x b", "y")], b=np.array([0.1, 1], np.float16)),
        [[Fraction(float(np.float16(0.1))), 1, 0], [1, 0, 1]],
    ),
    "single precision": (
        graph_bytes([node("Add", "x b", "y")], b=[0.1, 1]),
        [[Fraction(float(np.float32(0.1))), 1, 0], [1, 0, 1]],
    ),
    "double precision": (
        graph_bytes([node("Add", "x b", "y")], b=np.array([0.1, 5e-324])),
        [[Fraction(0.1), 1, 0], [Fraction(5e-324), 0, 1]],
    ),
    "bfloat16": (
        graph_bytes([node("Add", "x b", "y")], proto=[helper.make_tensor("b", TensorProto.BFLOAT16, [2], [0.5, -3.0])]),
        [["1/2", 1, 0], [-3, 0, 1]],
    ),
    "stored as numbers, not bytes": (
        graph_bytes([node("Add", "x b", "y")], proto=[helper.make_tensor("b", TensorProto.FLOAT, [2], [0.5, -3.0])]),
        [["1/2", 1, 0], [-3, 0, 1]],
    ),
    "large integers": (
        graph_bytes([node("Add", "x b", "y")], b=np.array([2**63 + 1, 0], np.uint64)),
        [[2**63 + 1, 1, 0], [0, 0, 1]],
    ),
    "initializers among the inputs": (
        graph_bytes([node("Add", "x b", "y")], [value("b", [2]), value("x", ["n", 2])], b=[1, 2]),
        [[1, 1, 0], [2, 0, 1]],
    ),
    "what is not needed is not read": (
        graph_bytes([node("Softmax", "x", "z"), node("Relu", "x", "r"), node("Identity", "x", "y")], bad=[np.nan]),
        [[0, 1, 0], [0, 0, 1]],
    ),
}


@pytest.mark.parametrize("name", AFFINE_GRAPHS)
def test_a_graph_without_relu_is_one_exact_layer(name: str) -> None:
    data, rows = AFFINE_GRAPHS[name]
    expected = [([row[1:] for row in rows], [row[0] for row in rows])]
    assert network_from_onnx(data) == ReLUNetwork.of(expected)


def test_relu_makes_layers_and_linear_operators_between_them_multiply_out() -> None:
    nodes = [node("MatMul", "x u", "a"), node("MatMul", "a v", "b"), node("Relu", "b", "r"), node("Gemm", "r w", "y")]
    network = network_from_onnx(graph_bytes(nodes, u=[[0.1], [1]], v=[[0.1, 0]], w=[[1], [2]]))
    tenth = Fraction(float(np.float32(0.1)))
    assert network == ReLUNetwork.of([([[tenth**2, tenth], [0, 0]], [0, 0]), ([[1, 2]], [0])])


def test_sums_of_branches_read_earlier_layers() -> None:
    nodes = [
        node("Relu", "x", "r1"),
        node("MatMul", "r1 w", "a"),
        node("Relu", "a", "r2"),
        node("Add", "r2 r1", "s"),
        node("Add", "s x", "y"),
    ]
    unit = [[1, 0], [0, 1]]
    last = ([[1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1]], [0, 0], [0, 1, 2])
    expected = ReLUNetwork.of([(unit, [0, 0]), ([[1, 3], [2, 4]], [0, 0]), last])
    assert network_from_onnx(graph_bytes(nodes, w=[[1, 2], [3, 4]])) == expected


def test_layers_that_cancel_are_left_out() -> None:
    nodes = [
        node("Relu", "x", "r1"),
        node("Sub", "r1 r1", "zero"),
        node("Sub", "x zero", "a"),
        node("Relu", "a", "r2"),
        node("Identity", "r2", "y"),
    ]
    unit = [[1, 0], [0, 1]]
    assert network_from_onnx(graph_bytes(nodes)) == ReLUNetwork.of([(unit, [0, 0]), (unit, [0, 0])])


def test_the_input_is_flattened_in_row_major_order() -> None:
    data = graph_bytes([node("Relu", "x", "y")], [value("x", [1, 2, 2])])
    assert network_from_onnx(data)([1, -2, 3, -4]) == vector([1, 0, 3, 0])


def external() -> onnx.TensorProto:
    proto = onnx.TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2, 1], data_location=TensorProto.EXTERNAL)
    proto.external_data.add(key="location", value="weights.bin")
    return proto


def short() -> onnx.TensorProto:
    return onnx.TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2, 1], raw_data=b"\0" * 7)


def typed(kind: int) -> onnx.TensorProto:
    return onnx.TensorProto(name="w", data_type=kind, dims=[2, 1], raw_data=b"\0" * 8)


TIMES_W = [node("MatMul", "x w", "y")]
RESHAPE = [node("Reshape", "x s", "y")]

REFUSED: list[tuple[bytes, str]] = [
    (b"", "not an ONNX file: expected a graph with an output, found none"),
    (b"this is a text, not a network", "not an ONNX file, or a damaged one"),
    (graph_bytes(TIMES_W, w=[[1], [2]])[:-9], "not an ONNX file, or a damaged one"),
    (graph_bytes([node("Relu", "x", "r"), node("Sigmoid", "r", "y")]), "node 2 'n_y' (Sigmoid): only piecewise-linear"),
    (graph_bytes([node("Sigmoid", "x", "y")]), "supported: " + ", ".join(OPERATORS)),
    (graph_bytes([node("Relu", "x", "y", domain="custom")]), "(Relu): of the domain 'custom'; only piecewise-linear"),
    (graph_bytes([node("MatMul", "x x", "y")]), "(MatMul): both factors depend on the network's input"),
    (graph_bytes([node("Gemm", "x x", "y", transB=1)]), "is multiplicative, not piecewise linear"),
    (graph_bytes(TIMES_W, w=[[1], [2], [3]]), "(MatMul): shapes [1, 2] and [3, 1] do not chain"),
    (graph_bytes(TIMES_W, w=1), "shapes [1, 2] and [] do not chain"),
    (graph_bytes(TIMES_W, w=floats(1, 2, 2)), "expected the constant factor to have rank 1 or 2"),
    (graph_bytes(TIMES_W, w=floats(2, 0)), "do not chain"),
    (graph_bytes(TIMES_W), "node 1 'n_y' (MatMul): 'w' is neither the input, nor stored"),
    (graph_bytes([node("MatMul", "x", "y")]), "expected 2 inputs, found 1"),
    (graph_bytes([node("MatMul", "x -", "y")]), "expected 2 inputs, found 1"),
    (graph_bytes([node("Relu", "x x", "y")]), "expected 1 input, found 2"),
    (graph_bytes([node("Gemm", "x", "y")]), "expected 2 to 3 inputs, found 1"),
    (graph_bytes([node("Gemm", "x w", "y")], w=[1, 2]), "expected factors of rank 2, found shape [2]"),
    (graph_bytes([node("Gemm", "x w", "y", transB=1)], w=[[1], [2]]), "shapes [1, 2] and [1, 2] do not chain"),
    (graph_bytes([node("Gemm", "x w b", "y")], w=[[1], [2]], b=[1, 2]), "shape [2] of C cannot be broadcast to [1, 1]"),
    (graph_bytes([node("Gemm", "x w", "y", alpha=float("nan"))], w=[[1], [2]]), "expected a finite number, found nan"),
    (graph_bytes([node("Gemm", "x w", "y", alpha=1)], w=[[1], [2]]), "attribute 'alpha': expected float, found 1"),
    (graph_bytes([node("Gemm", "x w", "y", alpha="1")], w=[[1], [2]]), "attribute 'alpha': expected a number"),
    (graph_bytes([node("Add", "x b", "y", broadcast=1)], b=[1, 2]), "(Add): unknown attribute 'broadcast'"),
    (graph_bytes([node("Add", "x b", "y")], b=[1, 2, 3]), "(Add): shapes [1, 2] and [3] cannot be broadcast"),
    (graph_bytes([node("Add", "x b", "y")], b=floats(600_000, 1)), "has more than 1000000 entries"),
    (graph_bytes([node("Flatten", "x", "y", axis=3)]), "attribute 'axis': expected from -2 to 2, found 3"),
    (graph_bytes(RESHAPE, s=np.array([3])), "(Reshape): shape [1, 2] does not fit into shape [3]"),
    (graph_bytes(RESHAPE, s=np.array([-1, 3])), "does not fit into shape"),
    (graph_bytes(RESHAPE, s=np.array([-1, -1])), "expected sizes with at most one -1, found [-1, -1]"),
    (graph_bytes(RESHAPE, s=np.array([-2])), "expected sizes with at most one -1"),
    (graph_bytes(RESHAPE, s=np.array([1, 2, 0])), "size 0 at axis 2 copies from shape [1, 2]"),
    (graph_bytes(RESHAPE, s=[0.5, 4]), "expected its shape to be a constant list of integers"),
    (graph_bytes([node("Reshape", "x x", "y")]), "expected its shape to be a constant list of integers"),
    (graph_bytes([node("Reshape", "x s", "y", allowzero=1)], s=np.array([0, -1])), "does not fit into shape"),
    (graph_bytes([node("Constant", "", "c"), node("Add", "x c", "y")]), "expected one of the attributes value, "),
    (graph_bytes([node("Constant", "", "c", value=1.0), node("Add", "x c", "y")]), "attribute 'value': expected"),
    (graph_bytes([node("Constant", "", "c", value_string="1"), node("Add", "x c", "y")]), "attribute 'value_string'"),
    (graph_bytes(TIMES_W, w=[[1], [np.nan]]), "tensor 'w', entry 1: expected a finite number, found nan"),
    (graph_bytes(TIMES_W, w=[[-np.inf], [1]]), "tensor 'w', entry 0: expected a finite number, found -inf"),
    (graph_bytes(TIMES_W, w=np.array([[True], [False]])), "tensor 'w': expected floating-point or integer entries, f"),
    (graph_bytes(TIMES_W, proto=[typed(TensorProto.COMPLEX64)]), "found COMPLEX64"),
    (graph_bytes(TIMES_W, proto=[typed(TensorProto.UNDEFINED)]), "found UNDEFINED"),
    (graph_bytes(TIMES_W, proto=[typed(999)]), "found type 999"),
    (graph_bytes(TIMES_W, proto=[external()]), "tensor 'w': expected its data inside the file, found external data"),
    (graph_bytes(TIMES_W, proto=[short()]), "tensor 'w': the stored data do not fill its shape [2, 1]"),
    (graph_bytes(TIMES_W, proto=[typed(1), typed(1)]), "its own name, found 'w' twice"),
    (graph_bytes([node("Identity", "x", "x")], outputs="x"), "expected one output of a new name, found ['x']"),
    (graph_bytes([node("Relu", "x", "w")], outputs="w", w=[1]), "expected one output of a new name, found ['w']"),
    (graph_bytes([node("Relu", "x", "y z")]), "expected one output of a new name, found ['y', 'z']"),
    (graph_bytes([node("Relu", "a", "y"), node("Relu", "x", "a")]), "node 1 'n_y' (Relu): 'a' is neither"),
    (graph_bytes([], outputs="y"), "'y' is neither the input, nor stored, nor the output of an earlier node"),
    (graph_bytes([node("Relu", "x", "y")], outputs="x y"), "expected exactly one output, found 2: 'x', 'y'"),
    (graph_bytes(TIMES_W, [value("x", [1, 2]), value("w", [2, 1])]), "expected exactly one input, found 2: 'x', 'w'"),
    (graph_bytes([], [value("c", [1])], outputs="c", c=[1]), "expected exactly one input, found 0"),
    (graph_bytes([node("Relu", "x", "y")], [value("x", None)]), "input 'x': expected a tensor with a shape"),
    (graph_bytes([node("Relu", "x", "y")], [value("x", [1, "k"])]), "only the first (batch) dimension may be symbolic"),
    (graph_bytes([node("Relu", "x", "y")], [value("x", [4, 2])]), "expected a batch dimension of 1 or a symbolic one"),
    (graph_bytes([node("Relu", "x", "y")], [value("x", [1, 2], 7)]), "expected floating-point entries, found INT64"),
    (graph_bytes([node("Relu", "x", "y")], [value("x", [1, 10**9])]), "has more than 1000000 entries"),
    (graph_bytes([node("Identity", "c", "y")], c=floats(0)), "at least one neuron"),
]


@pytest.mark.parametrize(("data", "fragment"), REFUSED, ids=[fragment for _, fragment in REFUSED])
def test_a_graph_outside_the_exact_world_is_refused(data: bytes, fragment: str) -> None:
    with pytest.raises(InputError) as caught:
        network_from_onnx(data)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_with_line_breaks_stays_on_one_line() -> None:
    strange = helper.make_node("Sig\nmoid", ["x"], ["y"], name="two\nlines")
    with pytest.raises(NetworkError) as caught:
        network_from_onnx(graph_bytes([strange]))
    assert str(caught.value).startswith(r"node 1 'two\nlines' (Sig\nmoid): only piecewise-linear operators are exact")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
def test_a_damaged_file_is_read_or_refused_in_one_line(place: int, damage: bytes) -> None:
    nodes = [node("Gemm", "x w b", "a", transB=1), node("Relu", "a", "r"), node("Flatten", "r", "y")]
    data = bytearray(graph_bytes(nodes, w=W, b=B))
    start = place % len(data)
    data[start : start + len(damage)] = damage
    try:
        network_from_onnx(bytes(data))
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017


def test_load_chooses_by_suffix_then_by_content(tmp_path: Path) -> None:
    nodes = [node("Gemm", "x u", "a"), node("Relu", "a", "r"), node("Gemm", "r v", "y")]
    data = graph_bytes(nodes, [value("x", ["n", 1])], u=[[1, -1]], v=[[1], [1]])
    for name in ("network.onnx", "network.ONNX", "network", "network.bin"):
        (tmp_path / name).write_bytes(data)
        assert load(tmp_path / name) == ABSOLUTE


def test_load_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(b"{}")
    with pytest.raises(NetworkError, match=r"network\.onnx: not an ONNX file"):
        load(path)


def agrees_with_onnxruntime(data: bytes, network: ReLUNetwork, points: Sequence[np.ndarray]) -> None:
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    session = runtime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    (source,) = session.get_inputs()
    shape = [size if isinstance(size, int) else 1 for size in source.shape]
    for point in points:
        computed = session.run(None, {source.name: point.astype(np.float32).reshape(shape)})[0].ravel()
        exact = np.array([float(entry) for entry in network([Fraction(float(x)) for x in point.astype(np.float32)])])
        np.testing.assert_allclose(computed, exact, rtol=1e-4, atol=1e-4)


def random_points(dimension: int) -> list[np.ndarray]:
    return list(np.random.default_rng(0).uniform(-1, 1, (5, dimension)))


# ONNX wants one type throughout; exact numbers do not mind, but onnxruntime does.
MIXED_TYPES = {"integer constants", "large integers", "half precision", "double precision", "bfloat16"}


@pytest.mark.parametrize("name", [name for name in AFFINE_GRAPHS if name not in MIXED_TYPES])
def test_operators_mean_what_onnxruntime_computes(name: str) -> None:
    data = AFFINE_GRAPHS[name][0]
    network = network_from_onnx(data)
    agrees_with_onnxruntime(data, network, random_points(network.inputs))


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
    agrees_with_onnxruntime(path.read_bytes(), network, random_points(network.inputs))
