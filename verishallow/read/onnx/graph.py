"""The graph that the bytes of an ONNX file hold: its inputs, stored tensors, nodes and their attributes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import onnx
from google.protobuf.message import DecodeError

from verishallow.errors import NetworkError
from verishallow.read.onnx.constants import FLOATING, element_type
from verishallow.read.onnx.node import Floats, Ints, Texts
from verishallow.read.places import shown

LATEST = 21
"""The opset of a file that names none."""


@dataclass(frozen=True, slots=True)
class Model:
    """A file's graph, its opset of the standard operators, and its own functions by domain and name."""

    graph: onnx.GraphProto
    opset: int
    functions: Mapping[tuple[str, str], onnx.FunctionProto]


def model_of(data: bytes) -> Model:
    """The model that the bytes of a file hold."""
    try:
        model: onnx.ModelProto = onnx.ModelProto.FromString(data)
    except DecodeError as error:
        raise NetworkError("not an ONNX file, or a damaged one: its protocol buffer cannot be decoded") from error
    if not model.graph.output:
        raise NetworkError("not an ONNX file: expected a graph with an output, found none")
    functions = {(function.domain, function.name): function for function in model.functions}
    return Model(model.graph, opset_of(model.opset_import), functions)


def opset_of(imports: Iterable[onnx.OperatorSetIdProto], default: int = LATEST) -> int:
    """The version of the standard operators that is meant."""
    return next((opset.version for opset in imports if opset.domain in ("", "ai.onnx")), default)


def stored_tensors(graph: onnx.GraphProto) -> dict[str, onnx.TensorProto]:
    """The stored tensors by name."""
    if graph.sparse_initializer:
        raise NetworkError("expected dense initializers, found sparse ones; store them as dense tensors")
    stored: dict[str, onnx.TensorProto] = {}
    for proto in graph.initializer:
        if proto.name in stored:
            raise NetworkError(f"expected each stored tensor to have its own name, found {shown(proto.name)} twice")
        stored[proto.name] = proto
    return stored


def input_shape(value: onnx.ValueInfoProto) -> tuple[int, ...]:
    """The shape of an input; a first dimension that is symbolic is a batch of 1."""
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
    return tuple(sizes)


def is_floating(value: onnx.ValueInfoProto) -> bool:
    """Whether the entries of an input are floats."""
    return element_type(value.type.tensor_type.elem_type) in FLOATING


def _spelt(value: onnx.ValueInfoProto) -> str:
    return shown([dimension.dim_param or dimension.dim_value for dimension in value.type.tensor_type.shape.dim])


def attributes_of(node: onnx.NodeProto, given: Mapping[str, onnx.AttributeProto] | None) -> dict[str, Any]:
    """The attributes of a node: numbers, lists of numbers, texts, tensors and graphs.

    Inside a function an attribute may stand for one that its caller has given, or has left out.
    """
    meant = ((each.name, _meant(each, given)) for each in node.attribute)
    return {name: _value(attribute) for name, attribute in meant if attribute is not None}


def _meant(
    attribute: onnx.AttributeProto, given: Mapping[str, onnx.AttributeProto] | None
) -> onnx.AttributeProto | None:
    return attribute if given is None or not attribute.ref_attr_name else given.get(attribute.ref_attr_name)


def _value(attribute: onnx.AttributeProto) -> Any:
    kinds: dict[int, Callable[[], Any]] = {
        onnx.AttributeProto.FLOAT: lambda: attribute.f,
        onnx.AttributeProto.INT: lambda: attribute.i,
        onnx.AttributeProto.STRING: lambda: attribute.s.decode("utf-8", "replace"),
        onnx.AttributeProto.TENSOR: lambda: attribute.t,
        onnx.AttributeProto.FLOATS: lambda: Floats(attribute.floats),
        onnx.AttributeProto.GRAPH: lambda: attribute.g,
        onnx.AttributeProto.INTS: lambda: Ints(attribute.ints),
        onnx.AttributeProto.STRINGS: lambda: Texts(each.decode("utf-8", "replace") for each in attribute.strings),
    }
    if attribute.ref_attr_name or attribute.type not in kinds:
        raise NetworkError(f"attribute {shown(attribute.name)}: expected a number, a list, a text or a tensor")
    return kinds[attribute.type]()
