"""Small ONNX models for tests, and what onnxruntime computes with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from verishallow.network import ReLUNetwork


def node(operator: str, inputs: str, output: str, **attributes: Any) -> onnx.NodeProto:
    """A node by the names that it reads, "-" for one left out, and those that it gives."""
    names = ["" if name == "-" else name for name in inputs.split()]
    return helper.make_node(operator, names, output.split(), name=f"n_{output}", **attributes)


def value(name: str, shape: Sequence[int | str | None] | None, kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def floats(*sizes: int, start: float = -2) -> np.ndarray:
    """Quarters in increasing order."""
    return (np.arange(np.prod(sizes)).reshape(sizes) + start).astype(np.float32) / 4


def scalar(number: float) -> np.ndarray:
    return np.array(number, np.float32)


def noise(*sizes: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, sizes).astype(np.float32)


def integers(*entries: int) -> np.ndarray:
    return np.array(entries, np.int64)


@dataclass(frozen=True)
class Graph:
    """A model: its nodes in order, the shapes of its inputs, and constants by name."""

    nodes: Sequence[onnx.NodeProto]
    inputs: Mapping[str, Sequence[int | str]] = field(default_factory=lambda: {"x": ["n", 3]})
    constants: Mapping[str, Any] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()
    """The widths of the hidden layers that it is read as."""
    outputs: str = "y"
    opset: int = 21

    @property
    def data(self) -> bytes:
        stored = [numpy_helper.from_array(_array(entries), name) for name, entries in self.constants.items()]
        inputs = [value(name, shape) for name, shape in self.inputs.items()]
        results = [value(name, None) for name in self.outputs.split()]
        graph = helper.make_graph(list(self.nodes), "g", inputs, results, stored)
        opset = [helper.make_opsetid("", self.opset)]
        return bytes(helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString())


def graph(
    *nodes: onnx.NodeProto,
    shape: Sequence[int | str] = ("n", 3),
    hidden: tuple[int, ...] = (),
    opset: int = 21,
    outputs: str = "y",
    inputs: Mapping[str, Sequence[int | str]] | None = None,
    **constants: Any,
) -> Graph:
    """A model with one input x of this shape, unless others are given."""
    return Graph(nodes, inputs or {"x": shape}, constants, hidden, outputs, opset)


def one(operator: str, inputs: str = "x", *, shape: Sequence[int | str] = ("n", 3), **entries: Any) -> Graph:
    """A model of one node from x to y; what is no array or one of :func:`graph`'s words is an attribute."""
    words = {key: entries.pop(key) for key in ("hidden", "opset") if key in entries}
    constants = {key: entries.pop(key) for key in list(entries) if isinstance(entries[key], np.ndarray)}
    return graph(node(operator, inputs, "y", **entries), shape=shape, **words, **constants)


def _array(entries: Any) -> np.ndarray:
    return entries if isinstance(entries, np.ndarray) else np.array(entries, np.float32)


def session_of(data: bytes) -> Any:
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    options = runtime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    # The runtime's further optimisations quantise activations beside quantised weights: another function.
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return runtime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def points_for(dimension: int, count: int = 6) -> np.ndarray:
    """Random points, and points whose coordinates are halves, where many ReLU have a kink."""
    generator = np.random.default_rng(dimension)
    scattered = generator.uniform(-2, 2, (count, dimension))
    return np.concatenate([scattered, generator.integers(-4, 5, (count, dimension)) / 2]).astype(np.float32)


def agrees_with_onnxruntime(data: bytes, network: ReLUNetwork, points: np.ndarray | None = None) -> None:
    """Fail unless onnxruntime computes the network's values, to rounding, at all points."""
    session = session_of(data)
    shapes = [[size if isinstance(size, int) else 1 for size in source.shape] for source in session.get_inputs()]
    sizes = [int(np.prod(shape)) for shape in shapes]
    assert network.inputs == sum(sizes)
    for point in points_for(network.inputs) if points is None else points:
        parts = np.split(point.astype(np.float32), np.cumsum(sizes)[:-1])
        arguments = zip(session.get_inputs(), shapes, parts, strict=True)
        computed = session.run(None, {source.name: part.reshape(shape) for source, shape, part in arguments})
        found = np.concatenate([np.ravel(result) for result in computed]).astype(np.float64)
        exact = [float(entry) for entry in network([Fraction(float(x)) for x in point.astype(np.float32)])]
        np.testing.assert_allclose(found, exact, rtol=1e-4, atol=1e-4)
