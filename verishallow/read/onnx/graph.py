"""The graph that the bytes of an ONNX file hold: its inputs, stored tensors, nodes and their attributes."""

from collections.abc import Callable, Iterable
from typing import Any

import onnx
from google.protobuf.message import DecodeError
from onnx import inliner

from verishallow.errors import NetworkError
from verishallow.read.onnx.constants import FLOATING, element_type
from verishallow.read.onnx.node import Floats, Ints
from verishallow.read.places import shown


def graph_of(data: bytes) -> onnx.GraphProto:
    """The graph of a model, its own functions written out."""
    try:
        model: onnx.ModelProto = onnx.ModelProto.FromString(data)
    except DecodeError as error:
        raise NetworkError("not an ONNX file, or a damaged one: its protocol buffer cannot be decoded") from error
    if not model.graph.output:
        raise NetworkError("not an ONNX file: expected a graph with an output, found none")
    if model.functions:
        model = _inlined(model)
    if model.graph.sparse_initializer:
        raise NetworkError("expected dense initializers, found sparse ones; store them as dense tensors")
    graph: onnx.GraphProto = model.graph
    return graph


def _inlined(model: onnx.ModelProto) -> onnx.ModelProto:
    try:
        inlined: onnx.ModelProto = inliner.inline_local_functions(model)
    except (RuntimeError, ValueError) as error:
        raise NetworkError(f"the functions of the file cannot be written out: {shown(str(error))}") from error
    return inlined


def stored_tensors(graph: onnx.GraphProto) -> dict[str, onnx.TensorProto]:
    """The stored tensors by name."""
    stored: dict[str, onnx.TensorProto] = {}
    for proto in graph.initializer:
        if proto.name in stored:
            raise NetworkError(f"expected each stored tensor to have its own name, found {shown(proto.name)} twice")
        stored[proto.name] = proto
    return stored


def input_shape(value: onnx.ValueInfoProto) -> tuple[int, ...]:
    """The shape of an input, its batch dimension being 1."""
    place = f"input {shown(value.name)}"
    if not value.type.tensor_type.HasField("shape"):
        raise NetworkError(f"{place}: expected a tensor with a shape, found none")
    if not is_floating(value):
        kind = element_type(value.type.tensor_type.elem_type)
        raise NetworkError(f"{place}: expected floating-point entries, found {kind}")
    sizes = [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
    # A symbolic dimension has the value 0 here, and some exporters write -1.
    sizes = [1 if axis == 0 and size <= 0 else size for axis, size in enumerate(sizes)]
    if min(sizes, default=1) < 1:
        raise NetworkError(
            f"{place}: only the first (batch) dimension may be symbolic, and none empty, found {_spelt(value)}; "
            "export the model with the other dimensions fixed"
        )
    if len(sizes) > 1 and sizes[0] != 1:
        raise NetworkError(f"{place}: expected a batch dimension of 1 or a symbolic one, found shape {sizes}")
    return tuple(sizes)


def is_floating(value: onnx.ValueInfoProto) -> bool:
    """Whether the entries of an input are floats."""
    return element_type(value.type.tensor_type.elem_type) in FLOATING


def _spelt(value: onnx.ValueInfoProto) -> str:
    return shown([dimension.dim_param or dimension.dim_value for dimension in value.type.tensor_type.shape.dim])


def needed_nodes(
    nodes: Iterable[onnx.NodeProto], outputs: Iterable[str]
) -> tuple[list[tuple[int, onnx.NodeProto]], set[str]]:
    """The numbered nodes on which the outputs depend, in the order of the file, and all names that they read."""
    needed, kept = set(outputs), []
    for number, node in reversed(list(enumerate(nodes, start=1))):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append((number, node))
    return kept[::-1], needed


def attributes_of(node: onnx.NodeProto) -> dict[str, Any]:
    """The attributes of a node: numbers, lists of numbers, texts and tensors."""
    return {attribute.name: _value(attribute) for attribute in node.attribute}


def _value(attribute: onnx.AttributeProto) -> Any:
    kinds: dict[int, Callable[[], Any]] = {
        onnx.AttributeProto.FLOAT: lambda: attribute.f,
        onnx.AttributeProto.INT: lambda: attribute.i,
        onnx.AttributeProto.STRING: lambda: attribute.s.decode("utf-8", "replace"),
        onnx.AttributeProto.TENSOR: lambda: attribute.t,
        onnx.AttributeProto.FLOATS: lambda: Floats(attribute.floats),
        onnx.AttributeProto.INTS: lambda: Ints(attribute.ints),
    }
    if attribute.ref_attr_name or attribute.type not in kinds:
        raise NetworkError(f"attribute {shown(attribute.name)}: expected a number, a list, a text or a tensor")
    return kinds[attribute.type]()
