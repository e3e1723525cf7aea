"""An ONNX operator's inputs and attributes, and its entry in the table of operators."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from gmpy2 import mpq

from verishallow.errors import NetworkError
from verishallow.read.onnx.constants import exact_values
from verishallow.read.onnx.neurons import Neurons
from verishallow.read.onnx.tensors import Tensor
from verishallow.read.places import shown


class Ints(tuple[int, ...]):
    """A list of integers as an attribute."""

    __slots__ = ()


class Floats(tuple[float, ...]):
    """A list of floats as an attribute."""

    __slots__ = ()


class Texts(tuple[str, ...]):
    """A list of texts as an attribute."""

    __slots__ = ()


@dataclass(slots=True)
class Notes:
    """Remarks for the user: plain ones, and those that give the number of neurons of the node."""

    plain: list[str] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the graph.

    ``inputs`` are its tensors, None for one left out; ``outputs`` is the number of outputs that it names; a ReLU adds
    its neurons to ``neurons``.
    """

    inputs: tuple[Tensor | None, ...]
    attributes: Mapping[str, Any]
    outputs: int
    neurons: Neurons
    notes: Notes

    @property
    def tensors(self) -> list[Tensor]:
        """The inputs that are given, among them all that the operator requires."""
        return [tensor for tensor in self.inputs if tensor is not None]

    @property
    def first(self) -> Tensor:
        """The first input."""
        return self.tensors[0]

    def exact(self, name: str) -> mpq:
        """A floating-point attribute as an exact rational."""
        return exact_values([self.attributes[name]], f"attribute {name!r}")[0]


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator's function, how many inputs it takes, and its attributes.

    An attribute has its default, or a type where it has none (it is None where it is left out). ``outputs`` is the
    number of outputs that a node may name; those that the function does not compute cannot be read.
    """

    function: Callable[[Node], Tensor | Sequence[Tensor]]
    least: int
    most: int
    attributes: Mapping[str, Any] = field(default_factory=dict)
    outputs: int = 1
    booleans: bool = False
    """Whether it accepts truth values."""
    infinities: bool = False
    """Whether it accepts infinite constants."""


Table = dict[str, Operator]

ANY_NUMBER = 1_000_000_000
"""Stands for no limit on the number of inputs or outputs."""


def float32(value: float) -> float:
    """A decimal as the default of a floating-point attribute: the nearest float32.

    >>> float32(0.1)
    0.10000000149011612
    """
    return float(np.float32(value))


def integers(tensor: Tensor, what: str) -> list[int]:
    """The integers that a constant tensor of rank 1 or 0 lists."""
    entries = tensor.rows.constants.tolist()
    if not tensor.is_constant() or len(tensor.shape) > 1 or any(value.denominator != 1 for value in entries):
        raise NetworkError(f"expected {what} to be a constant list of integers")
    return [int(value) for value in entries]


def one_number(tensor: Tensor, what: str) -> mpq:
    """The number that a constant tensor of one entry is."""
    if not tensor.is_constant() or tensor.size != 1:
        raise NetworkError(f"expected {what} to be one constant number")
    return tensor.rows.constants[0]


def integer_list(node: Node, name: str, index: int) -> list[int] | None:
    """The integers that older exports give as an attribute, newer ones as an input; None where neither is given."""
    given = node.inputs[index] if index < len(node.inputs) else None
    if given is not None:
        return integers(given, f"its {name}")
    return None if node.attributes[name] is None else list(node.attributes[name])


def axis_of(axis: int, rank: int, name: str = "axis") -> int:
    """The axis that a number, perhaps negative, stands for."""
    if not -rank <= axis < rank:
        raise NetworkError(f"{name}: expected from {-rank} to {rank - 1}, found {axis}")
    return axis % rank


def axes_of(axes: Sequence[int], rank: int) -> list[int]:
    """The different axes that numbers stand for."""
    found = [axis_of(axis, rank, "axes") for axis in axes]
    if len(set(found)) < len(found):
        raise NetworkError(f"axes: expected each axis once, found {shown(list(axes))}")
    return found


def require_constant(tensor: Tensor, what: str) -> Tensor:
    """A tensor that is to be constant."""
    tensor = tensor.settled()
    if not tensor.is_constant():
        raise NetworkError(f"expected {what} to be constant, found what depends on the network's input")
    return tensor
