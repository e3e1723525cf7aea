"""Einstein sums of constants with at most one tensor that depends on the network's input."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import Indices, Objects, SparseWeights, combined, exact_array, require_room
from verishallow.read.onnx.node import ANY_NUMBER, Node, Operator, Table
from verishallow.read.onnx.refusals import not_exact
from verishallow.read.onnx.tensors import MULTIPLICATIVE, Tensor, bounded_size, require_rank
from verishallow.read.places import shown

_TERM = re.compile(r"([A-Za-z]*)(?:\.\.\.([A-Za-z]*))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Equation:
    """The label of each axis of each operand and of the result, and each label's size; an ellipsis has labels too."""

    operands: Sequence[Sequence[str]]
    result: Sequence[str]
    sizes: Mapping[str, int]

    def entries(self, labels: Sequence[str], axes: Sequence[str]) -> Indices:
        """For each choice of the labels, in row-major order, the number of an entry of a tensor with these axes."""
        require_rank(len(labels))
        result = np.zeros([self.sizes[label] for label in labels], np.int64)
        for axis in axes:
            along = [self.sizes[axis] if label == axis else 1 for label in labels]
            result = result * self.sizes[axis] + np.arange(self.sizes[axis]).reshape(along)
        return result.ravel()


def _einsum(node: Node) -> Tensor:
    tensors = [tensor.settled() for tensor in node.tensors]
    equation = _equation(str(node.attributes["equation"]), [tensor.shape for tensor in tensors])
    open_ones = [number for number, tensor in enumerate(tensors) if not tensor.is_constant()]
    if len(open_ones) > 1:
        raise not_exact(f"several operands depend on the network's input: {MULTIPLICATIVE}")
    chosen = open_ones[0] if open_ones else 0
    own = equation.operands[chosen]
    labels = list(dict.fromkeys([*own, *equation.result]))
    rest = [number for number in range(len(tensors)) if number != chosen]
    factors = _contracted(equation, [(tensors[number], equation.operands[number]) for number in rest], labels)
    shape = tuple(equation.sizes[label] for label in equation.result)
    rows, entries = equation.entries(labels, equation.result), equation.entries(labels, own)
    weights = SparseWeights(bounded_size(shape), rows, entries, factors)
    return replace(tensors[chosen], shape=shape, rows=combined(tensors[chosen].rows, weights))


def _contracted(
    equation: Equation, constants: Sequence[tuple[Tensor, Sequence[str]]], labels: Sequence[str]
) -> Objects:
    """The sum over all other labels of the products of the constants, for each choice of these labels."""
    others = dict.fromkeys(axis for _, axes in constants for axis in axes if axis not in labels)
    every = [*labels, *others]
    count, width = (prod(equation.sizes[label] for label in part) for part in (labels, others))
    require_room(count * width)
    factors = exact_array([1] * (count * width))
    for tensor, axes in constants:
        factors = factors * tensor.rows.constants[equation.entries(every, axes)]
    return factors if width == 1 else factors.reshape(count, width).sum(axis=1)


def _equation(text: str, shapes: Sequence[tuple[int, ...]]) -> Equation:
    left, arrow, right = "".join(text.split()).partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        raise NetworkError(f"equation {shown(text)}: expected {len(shapes)} terms, as there are inputs")
    operands = [_labels(term, len(shape), text) for term, shape in zip(terms, shapes, strict=True)]
    sizes: dict[str, int] = {}
    for axes, shape in zip(operands, shapes, strict=True):
        for label, size in zip(axes, shape, strict=True):
            if sizes.setdefault(label, size) != size or not size:
                raise NetworkError(
                    f"equation {shown(text)}: expected one size for {label}, found {sizes[label]}, {size}"
                )
    broad = [label for label in sizes if label.isdecimal()]
    dots = sorted(broad, key=int, reverse=True)
    result = _labels(right, None, text, dots) if arrow else [*dots, *_once(left)]
    if not set(result) <= set(sizes) or len(set(result)) < len(result):
        raise NetworkError(f"equation {shown(text)}: expected a result of labels that the terms have, each once")
    return Equation(operands, result, sizes)


def _once(left: str) -> list[str]:
    """Without an arrow the result has the labels that occur once, in alphabetical order."""
    return sorted(label for label in set(left) - set(",.") if left.count(label) == 1)


def _labels(term: str, rank: int | None, text: str, dots: Sequence[str] = ()) -> list[str]:
    """The label of each axis; those of an ellipsis are numbers that count from the last of its axes on."""
    match = _TERM.fullmatch(term)
    if match is None:
        raise NetworkError(f"equation {shown(text)}: expected letters and '...', found {shown(term)}")
    before, after = match[1], match[2]
    if after is None:
        found = list(before)
    else:
        more = list(dots) if rank is None else [str(n) for n in reversed(range(rank - len(before) - len(after)))]
        found = [*before, *more, *after]
    if rank is not None and len(found) != rank:
        raise NetworkError(f"equation {shown(text)}: {shown(term)} does not fit a tensor of {rank} axes")
    return found


OPERATORS: Table = {"Einsum": Operator(_einsum, 1, ANY_NUMBER, {"equation": str})}
