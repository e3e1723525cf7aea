"""ONNX files as exact networks: the graph is evaluated on affine expressions over the rationals."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import onnx
from flint import fmpq
from gmpy2 import mpq
from google.protobuf.message import DecodeError

from verishallow.affine import ZERO
from verishallow.errors import NetworkError
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector
from verishallow.read.onnx_constants import FLOATING, constant_tensor, element_type
from verishallow.read.onnx_operators import apply, require_supported
from verishallow.read.places import shown, within
from verishallow.read.tensors import Tensor, dense


def network_from_onnx(data: bytes) -> ReLUNetwork:
    """The network that the bytes of an ONNX file define, with every number exact.

    Linear operators without a ReLU between them are multiplied out, and a layer reads every earlier layer that
    it depends on. The batch dimension is 1 and the input is read in row-major order.
    Raises :class:`~verishallow.errors.NetworkError`, which names the node or tensor.
    """
    try:
        return _network(_graph(data))
    except UnicodeDecodeError as error:
        raise NetworkError("damaged ONNX file: expected names in UTF-8, found other bytes") from error


def _graph(data: bytes) -> onnx.GraphProto:
    try:
        model: onnx.ModelProto = onnx.ModelProto.FromString(data)
    except DecodeError as error:
        raise NetworkError("not an ONNX file, or a damaged one: its protocol buffer cannot be decoded") from error
    if not model.graph.output:
        raise NetworkError("not an ONNX file: expected a graph with an output, found none")
    if model.graph.sparse_initializer:
        raise NetworkError("expected dense initializers, found sparse ones; store them as dense tensors")
    graph: onnx.GraphProto = model.graph
    return graph


def _network(graph: onnx.GraphProto) -> ReLUNetwork:
    evaluation = _Evaluation(_stored(graph))
    source = _only("input", [value for value in graph.input if value.name not in evaluation.stored])
    result = _only("output", graph.output)
    input_tensor = Tensor.source(0, _input_shape(source))
    evaluation.tensors[source.name] = input_tensor
    for number, node in _needed(graph.node, result.name):
        evaluation.run(number, node)
    output = evaluation.tensor(result.name).without_zero_parts()
    return ReLUNetwork(input_tensor.size, _layers([*evaluation.hidden, output], input_tensor.size))


def _only(kind: str, values: Sequence[onnx.ValueInfoProto]) -> onnx.ValueInfoProto:
    if len(values) != 1:
        names = ", ".join(shown(value.name) for value in values)
        raise NetworkError(f"expected exactly one {kind}, found {len(values)}{': ' if names else ''}{names}")
    return values[0]


def _stored(graph: onnx.GraphProto) -> dict[str, onnx.TensorProto]:
    stored: dict[str, onnx.TensorProto] = {}
    for proto in graph.initializer:
        if proto.name in stored:
            raise NetworkError(f"expected each stored tensor to have its own name, found {shown(proto.name)} twice")
        stored[proto.name] = proto
    return stored


def _input_shape(value: onnx.ValueInfoProto) -> tuple[int, ...]:
    place = f"input {shown(value.name)}"
    if not value.type.tensor_type.HasField("shape"):
        raise NetworkError(f"{place}: expected a tensor with a shape, found none")
    if (kind := element_type(value.type.tensor_type.elem_type)) not in FLOATING:
        raise NetworkError(f"{place}: expected floating-point entries, found {kind}")
    sizes = [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
    # A symbolic dimension has the value 0 here, and some exporters write -1.
    sizes = [1 if axis == 0 and size <= 0 else size for axis, size in enumerate(sizes)]
    if min(sizes, default=1) < 1:
        raise NetworkError(f"{place}: only the first (batch) dimension may be symbolic, found {_spelt(value)}")
    if len(sizes) > 1 and sizes[0] != 1:
        raise NetworkError(f"{place}: expected a batch dimension of 1 or a symbolic one, found shape {sizes}")
    return tuple(sizes)


def _spelt(value: onnx.ValueInfoProto) -> str:
    return shown([dimension.dim_param or dimension.dim_value for dimension in value.type.tensor_type.shape.dim])


def _needed(nodes: Iterable[onnx.NodeProto], output: str) -> list[tuple[int, onnx.NodeProto]]:
    """The numbered nodes that the output depends on, in the order of the file."""
    needed, kept = {output}, []
    for number, node in reversed(list(enumerate(nodes, start=1))):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append((number, node))
    return kept[::-1]


@dataclass(slots=True)
class _Evaluation:
    """The graph evaluated so far: the tensor of each name, and the pre-activations of the hidden layers."""

    stored: Mapping[str, onnx.TensorProto]
    tensors: dict[str, Tensor] = field(default_factory=dict)
    hidden: list[Tensor] = field(default_factory=list)

    def run(self, number: int, node: onnx.NodeProto) -> None:
        """Evaluate one node."""
        with within(f"node {number} {shown(node.name)} ({shown(node.op_type)[1:-1]})"):
            require_supported(node.op_type, node.domain)
            names = [name for name in node.output if name]
            if len(names) != 1 or names[0] in self.tensors or names[0] in self.stored:
                raise NetworkError(f"expected one output of a new name, found {shown(names)}")
            inputs = [self.tensor(name) if name else None for name in node.input]
            self.tensors[names[0]] = apply(node.op_type, inputs, _attributes(node), self.hidden)

    def tensor(self, name: str) -> Tensor:
        """The tensor of this name; constants are read when they are first needed."""
        if name not in self.tensors and name in self.stored:
            self.tensors[name] = constant_tensor(self.stored[name])
        if name not in self.tensors:
            raise NetworkError(f"{shown(name)} is neither the input, nor stored, nor the output of an earlier node")
        return self.tensors[name]


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {attribute.name: _attribute_value(attribute) for attribute in node.attribute}


def _attribute_value(attribute: onnx.AttributeProto) -> Any:
    kinds: dict[int, Callable[[], Any]] = {
        onnx.AttributeProto.FLOAT: lambda: attribute.f,
        onnx.AttributeProto.INT: lambda: attribute.i,
        onnx.AttributeProto.TENSOR: lambda: attribute.t,
        onnx.AttributeProto.FLOATS: lambda: list(attribute.floats),
        onnx.AttributeProto.INTS: lambda: list(attribute.ints),
    }
    if attribute.ref_attr_name or attribute.type not in kinds:
        raise NetworkError(f"attribute {shown(attribute.name)}: expected a number, a list of numbers or a tensor")
    return kinds[attribute.type]()


def _layers(tensors: Sequence[Tensor], inputs: int) -> tuple[Layer, ...]:
    """The layers that the last tensor depends on; tensor k - 1 is the pre-activation of source k."""
    used = _used_sources(tensors)
    numbers = {source: number for number, source in enumerate([0, *used])}
    return tuple(_layer(tensor, numbers, inputs) for tensor in (*(tensors[k - 1] for k in used), tensors[-1]))


def _used_sources(tensors: Sequence[Tensor]) -> list[int]:
    used = set(tensors[-1].parts)
    for source in range(len(tensors) - 1, 0, -1):
        if source in used:
            used.update(tensors[source - 1].parts)
    return sorted(used - {0})


def _layer(tensor: Tensor, numbers: Mapping[int, int], inputs: int) -> Layer:
    bias = _exact(tensor.constant)
    if tensor.is_constant():
        return Layer(((ZERO,) * inputs,) * tensor.size, bias, (0,))
    sources = sorted(tensor.parts)
    blocks = [[_exact(row) for row in dense(tensor.parts[source]).tolist()] for source in sources]
    weight = tuple(tuple(entry for row in rows for entry in row) for rows in zip(*blocks, strict=True))
    return Layer(weight, bias, tuple(numbers[source] for source in sources))


def _exact(entries: Iterable[fmpq]) -> Vector:
    return tuple(mpq(int(entry.p), int(entry.q)) for entry in entries)
