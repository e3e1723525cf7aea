"""One use of a Keras layer: what it is applied to, and the graph of ONNX operators that it adds to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from verishallow.errors import InputError
from verishallow.read.arrays.exact_arrays import Array
from verishallow.read.keras.settings import Settings
from verishallow.read.onnx.builder import OnnxBuilder


@dataclass(frozen=True, slots=True)
class Value:
    """A tensor in the graph, and how many axes it has, the batch included."""

    name: str
    rank: int


@dataclass(slots=True)
class Call:
    """A layer's settings, its weights in their order, and its inputs; a rule turns it into a value."""

    graph: OnnxBuilder
    settings: Settings
    weights: Sequence[Array]
    inputs: Sequence[Value | float]
    used: int = 0

    def only(self) -> Value:
        """The one tensor that the layer is applied to."""
        tensors = self.tensors()
        if len(tensors) != 1:
            raise InputError(f"expected one input, found {len(tensors)}")
        return tensors[0]

    def tensors(self) -> list[Value]:
        """The tensors that the layer is applied to, none of them a number."""
        tensors = [each for each in self.inputs if isinstance(each, Value)]
        if len(tensors) != len(self.inputs):
            raise InputError("expected tensors as inputs, found a number")
        return tensors

    def weight(self, rank: int) -> Array:
        """The layer's next weight, which must have this many axes."""
        if self.used == len(self.weights):
            shared = "" if self.used else "; a layer that several models share is stored once, and not read here"
            raise InputError(f"expected more than {self.used} weights, found no more in the file{shared}")
        array = self.weights[self.used]
        self.used += 1
        if array.ndim != rank or not array.size:
            raise InputError(
                f"weight {self.used}: expected {rank} axes and some entries, found shape {list(array.shape)}"
            )
        return array

    def then(self, operator: str, value: Value, *others: str, **attributes: Any) -> Value:
        """An operator that keeps the number of axes, applied to a tensor."""
        return Value(self.graph.apply(operator, value.name, *others, **attributes), value.rank)

    def reranked(self, rank: int, operator: str, value: Value, *others: str, **attributes: Any) -> Value:
        """An operator whose result has this many axes, applied to a tensor."""
        return Value(self.graph.apply(operator, value.name, *others, **attributes), rank)

    def number(self, value: float) -> str:
        """A constant, in single precision as Keras computes with it."""
        return self.graph.constant(np.array(value, np.float32))

    def transposed(self, value: Value, axes: Sequence[int]) -> Value:
        """The tensor with its axes in this order."""
        return value if list(axes) == list(range(value.rank)) else self.then("Transpose", value, perm=list(axes))

    def channels_last(self) -> bool:
        """Whether the layer keeps channels on the last axis, and not on the first after the batch."""
        choices = ("channels_last", "channels_first")
        return self.settings.choice("data_format", choices, "channels_last") == "channels_last"

    def with_channels_first(self, value: Value, last: bool, rule: Callable[[Value], Value]) -> Value:
        """A rule for channels on axis 1, as ONNX has them, where the layer may keep them last."""
        if not last:
            return rule(value)
        result = rule(self.transposed(value, [0, value.rank - 1, *range(1, value.rank - 1)]))
        return self.transposed(result, [0, *range(2, result.rank), 1])


Rule = Callable[[Call], Value]


def require_spatial(value: Value, axes: int) -> None:
    """Refuse a value that does not have a batch axis, a channel axis and this many others."""
    if value.rank != axes + 2:
        raise InputError(f"expected an input with {axes + 2} axes, the batch included, found {value.rank}")
