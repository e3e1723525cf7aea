"""Comparisons of activations, and what chooses by them: exact wherever the result is continuous again.

An entry that may jump is a function by the value of one affine form (`pieces`); it is carried along until it is
continuous, when it becomes a sum of ReLU, or until an operator reads it that needs a continuous one.
"""

from collections.abc import Callable, Collection, Sequence
from functools import reduce
from operator import and_, or_, xor

import numpy as np

from verishallow.affine import ONE, ZERO
from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import AffineRows, SparseWeights, combined, constant_rows, exact_array, plus
from verishallow.read.onnx.constants import FLOATING, element_type
from verishallow.read.onnx.node import Node, Operator, Table
from verishallow.read.onnx.pieces import (
    CONSTANT,
    Form,
    Pieces,
    bends,
    combined_pieces,
    multiple,
    product_of,
    signs,
    sum_of,
    together,
    whole,
)
from verishallow.read.onnx.refusals import JUMPING
from verishallow.read.onnx.tensors import Tensor, repeated_alike
from verishallow.read.onnx.unfolding import Unfolding, form_of
from verishallow.read.onnx.values import COMPARISONS

MOVING = frozenset(
    {
        *("Dropout", "Expand", "Flatten", "Gather", "Identity", "Reshape", "Shape", "Size", "Slice", "Split"),
        *("Squeeze", "Tile", "Transpose", "Unsqueeze"),
    }
)
"""Operators that move entries, whatever those are."""


def is_stepwise(operator_type: str, tensors: Collection[Tensor]) -> bool:
    """Whether a node compares activations, or reads what jumps and can be told here."""
    if operator_type in STARTING and not all(tensor.settled().is_constant() for tensor in tensors):
        return True
    return operator_type in STEPWISE and any(tensor.steps is not None for tensor in tensors)


def stepwise(operator_type: str, node: Node) -> Tensor:
    """What a node gives, entry by entry."""
    like = repeated_alike(*node.tensors[: 1 if operator_type == "CastLike" else None])
    unfolding, function = Unfolding(node.neurons), STEPWISE[operator_type]
    columns = [_entries(tensor) for tensor in like]
    entries = [function(node, _aligned(unfolding, parts)) for parts in zip(*columns, strict=True)]
    return _tensor(node, like[0].shape, _kind(operator_type, node, like), entries)


def _entries(tensor: Tensor) -> Sequence[Pieces]:
    if tensor.steps is not None:
        found: list[Pieces] = tensor.steps.tolist()
        return found
    return [whole(form_of(tensor.rows, number)) for number in range(tensor.size)]


def _aligned(unfolding: Unfolding, parts: Sequence[Pieces]) -> list[Pieces]:
    """The entries with the same breaks; those without a direction take that of the others."""
    direction = next((part.direction for part in parts if part.direction is not None), None)
    if direction is None:
        return list(parts)
    return together([unfolding.spread(part.cells[0], direction) if part.direction is None else part for part in parts])


def _kind(operator_type: str, node: Node, tensors: Sequence[Tensor]) -> str:
    if operator_type in COMPARISONS:
        return "BOOL"
    if operator_type == "Cast":
        return element_type(node.attributes["to"])
    return node.tensors[1].kind if operator_type == "CastLike" else tensors[-1].kind


# ----------------------------------------------------------------------------------------------- Tensors of entries


def _tensor(node: Node, shape: tuple[int, ...], kind: str, entries: Sequence[Pieces]) -> Tensor:
    """Entries as ReLU where none of them jumps; else as they are."""
    continuous = [found for entry in entries if (found := bends(entry)) is not None]
    if len(continuous) < len(entries):
        steps = np.empty(len(entries), dtype=object)
        steps[:] = entries
        return Tensor(shape, constant_rows([0] * len(entries)), kind, steps=steps)
    affine = _rows([form for form, _ in continuous])
    kinks = [(number, kink) for number, (_, found) in enumerate(continuous) for kink in found]
    if not kinks:
        return Tensor(shape, affine, kind)
    node.notes.counted.append("a choice that is continuous is a sum of ReLU, one per kink")
    bent = node.neurons.relu_if_needed(_rows([kink.form for _, kink in kinks]))
    numbers = np.array([number for number, _ in kinks], np.int64)
    factors = exact_array([kink.factor for _, kink in kinks])
    weights = SparseWeights(len(entries), numbers, np.arange(len(kinks)), factors)
    return Tensor(shape, plus(affine, combined(bent, weights)), kind)


def _rows(forms: Sequence[Form]) -> AffineRows:
    """Forms as rows."""
    terms = [sorted((variable, value) for variable, value in form.items() if variable != CONSTANT) for form in forms]
    starts = np.cumsum([0, *(len(each) for each in terms)]).astype(np.int64)
    return AffineRows(
        exact_array([form.get(CONSTANT, ZERO) for form in forms]),
        starts,
        np.array([variable for each in terms for variable, _ in each], np.int64),
        exact_array([value for each in terms for _, value in each]),
    )


# ------------------------------------------------------------------------------------------------------- Operators

Rule = Callable[[Node, Sequence[Pieces]], Pieces]


def _by_sign(function: Callable[[Form, int], Form]) -> Rule:
    """A function of an entry and of its sign."""

    def rule(node: Node, parts: Sequence[Pieces]) -> Pieces:
        (part,) = parts
        directed = Unfolding(node.neurons).directed(part.cells[0]) if part.direction is None else part
        finer, values = signs(directed)
        cells = tuple(function(form, sign) for form, sign in zip(finer.cells, values, strict=True))
        return Pieces(finer.direction, finer.breaks, cells).simplified()

    return rule


def _constant(value: float) -> Form:
    return {CONSTANT: ONE * int(value)} if value else {}


def _compared(name: str) -> Rule:
    holds = COMPARISONS[name]
    of_difference = _by_sign(lambda _, sign: _constant(holds(sign, 0)))
    return lambda node, parts: of_difference(node, [combined_pieces(_difference, *parts)])


def _difference(first: Form, second: Form) -> Form:
    return sum_of(first, second, -ONE)


def _pointwise(function: Callable[..., Form]) -> Rule:
    return lambda _, parts: combined_pieces(function, *parts)


def _logical(combine: Callable[[bool, bool], bool]) -> Rule:
    return _pointwise(lambda first, second: _constant(combine(bool(first), bool(second))))


def _cast(node: Node, parts: Sequence[Pieces]) -> Pieces:
    kind = element_type(node.attributes["to"]) if node.attributes.get("to") is not None else node.tensors[1].kind
    if kind in FLOATING:
        return parts[0]
    if kind == "BOOL":
        return _by_sign(lambda _, sign: _constant(abs(sign)))(node, parts)
    if any(form.keys() - {CONSTANT} for form in parts[0].cells):
        raise NetworkError(f"what becomes {kind} depends on the network's input; {JUMPING}")
    return parts[0].mapped(lambda form: _constant(int(form.get(CONSTANT, ZERO)))).simplified()


def _quotient(first: Form, second: Form) -> Form:
    if second.keys() != {CONSTANT}:
        raise NetworkError("expected a constant divisor other than 0, found another")
    return multiple(first, ONE / second[CONSTANT])


_ABSOLUTE = _by_sign(lambda form, sign: multiple(form, ONE * sign))
_POSITIVE = _by_sign(lambda form, sign: form if sign > 0 else {})


def _largest(node: Node, parts: Sequence[Pieces]) -> Pieces:
    """``b + ReLU(a - b)``, one after the other."""

    def larger(first: Pieces, second: Pieces) -> Pieces:
        difference = _POSITIVE(node, [combined_pieces(_difference, first, second)])
        return combined_pieces(sum_of, *_aligned(Unfolding(node.neurons), [second, difference]))

    return reduce(larger, parts)


def _least(node: Node, parts: Sequence[Pieces]) -> Pieces:
    return _negative(node, [_largest(node, [_negative(node, [part]) for part in parts])])


_negative = _pointwise(lambda form: multiple(form, -ONE))

STARTING = frozenset({*COMPARISONS, "Sign"})
"""What may jump although it reads what is continuous."""

STEPWISE: dict[str, Rule] = {
    **{name: _compared(name) for name in COMPARISONS},
    "Abs": _ABSOLUTE,
    "Add": _pointwise(sum_of),
    "And": _logical(and_),
    "Cast": _cast,
    "CastLike": _cast,
    "Div": _pointwise(_quotient),
    "Max": _largest,
    "Min": _least,
    "Mul": _pointwise(product_of),
    "Neg": _negative,
    "Not": _pointwise(lambda form: _constant(not form)),
    "Or": _logical(or_),
    "Relu": _POSITIVE,
    "Sign": _by_sign(lambda _, sign: _constant(sign)),
    "Sub": _pointwise(_difference),
    "Sum": _pointwise(lambda *forms: reduce(sum_of, forms)),
    "Where": _pointwise(lambda condition, first, second: first if condition else second),
    "Xor": _logical(xor),
}
"""For each operator an entry of what it gives, from the entries that it reads."""


def _sign(node: Node) -> Tensor:
    return stepwise("Sign", node)


OPERATORS: Table = {"Sign": Operator(_sign, 1, 1)}
