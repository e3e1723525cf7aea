"""An ONNX graph in the making, for readers of formats that are graphs of the same operators."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from verishallow.read.arrays.exact_arrays import Array

OPSET, IR_VERSION = 20, 9


@dataclass(slots=True)
class OnnxBuilder:
    """Nodes, stored arrays and inputs; every value is known by its name, and nodes are named after their layer."""

    layer: str = ""
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    stored: dict[str, onnx.TensorProto] = field(default_factory=dict)
    inputs: list[onnx.ValueInfoProto] = field(default_factory=list)

    def input(self, sizes: Sequence[int]) -> str:
        """A new input with one batch entry of this shape."""
        name = f"input {len(self.inputs) + 1}"
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, *sizes]))
        return name

    def constant(self, array: Array) -> str:
        """A stored array."""
        name = f"array {len(self.stored) + 1}"
        self.stored[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def integers(self, values: Sequence[int]) -> str:
        """A stored list of integers."""
        return self.constant(np.array(values, np.int64))

    def apply(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """The output of a new node."""
        number = len(self.nodes) + 1
        name = f"value {number}"
        self.nodes.append(helper.make_node(operator, inputs, [name], name=f"{self.layer}/{number}", **attributes))
        return name

    def file(self, outputs: Sequence[str]) -> bytes:
        """The ONNX file of the graph with these outputs."""
        results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
        graph = helper.make_graph(self.nodes, "network", self.inputs, results, list(self.stored.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        data: bytes = model.SerializeToString()
        return data
