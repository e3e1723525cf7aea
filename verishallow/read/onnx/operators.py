"""The table of the supported ONNX operators, and how one of them is applied to exact tensors."""

from collections.abc import Mapping, Sequence
from typing import Any

from verishallow.errors import NetworkError
from verishallow.read.onnx import (
    activations,
    arithmetic,
    convolutions,
    einsum,
    indexing,
    layout,
    learners,
    matrices,
    normalization,
    ordering,
    parts,
    pooling,
    reductions,
    resize,
    stepwise,
    values,
)
from verishallow.read.onnx.neurons import Neurons
from verishallow.read.onnx.node import ANY_NUMBER, Node, Notes, Operator
from verishallow.read.onnx.refusals import refused, require_no_jump
from verishallow.read.onnx.tensors import Tensor
from verishallow.read.places import shown

FAMILIES = (
    activations,
    arithmetic,
    convolutions,
    einsum,
    indexing,
    layout,
    matrices,
    normalization,
    ordering,
    parts,
    pooling,
    reductions,
    resize,
    stepwise,
    values,
)

OPERATORS: dict[str, Operator] = dict(sorted(item for family in FAMILIES for item in family.OPERATORS.items()))
"""The supported operators of the standard domain, by name."""

LEARNERS: dict[str, Operator] = dict(sorted(learners.OPERATORS.items()))
"""The supported operators of the domain ai.onnx.ml."""

TABLES: dict[str, dict[str, Operator]] = {"": OPERATORS, "ai.onnx": OPERATORS, "ai.onnx.ml": LEARNERS}


def is_supported(operator_type: str, domain: str) -> bool:
    """Whether an operator is in the tables."""
    return operator_type in TABLES.get(domain, {})


def require_supported(operator_type: str, domain: str) -> None:
    """Refuse an operator outside the tables, with the reason."""
    if not is_supported(operator_type, domain):
        raise refused(operator_type, domain, OPERATORS)


def apply(
    operator_type: str,
    domain: str,
    inputs: Sequence[Tensor | None],
    attributes: Mapping[str, Any],
    outputs: int,
    neurons: Neurons,
    notes: Notes,
) -> Sequence[Tensor]:
    """The outputs of one node; its errors leave it to the caller to say which node that is."""
    operator = TABLES[domain][operator_type]
    given = [tensor for tensor in inputs if tensor is not None]
    told = domain in ("", "ai.onnx") and stepwise.is_stepwise(operator_type, given)
    _check_inputs(operator, inputs, jumps=told or operator_type in stepwise.MOVING)
    if not told:
        require_no_jump(operator_type, given)
    if outputs > operator.outputs:
        raise NetworkError(f"expected {_counted('output', operator.outputs)}, found {outputs}")
    absent = 0 if operator.most == ANY_NUMBER else operator.most - len(inputs)
    node = Node((*inputs, *(None,) * absent), _attributes(operator, attributes), outputs, neurons, notes)
    result = stepwise.stepwise(operator_type, node) if told else operator.function(node)
    return [result] if isinstance(result, Tensor) else result


def _check_inputs(operator: Operator, inputs: Sequence[Tensor | None], *, jumps: bool) -> None:
    """``jumps`` says whether it may read what jumps."""
    given = [tensor for tensor in inputs if tensor is not None]
    required = inputs if operator.most == ANY_NUMBER else inputs[: operator.least]
    if len(required) < operator.least or None in required or len(inputs) > operator.most:
        raise NetworkError(f"expected {_range(operator)}, found {len(given)}")
    for tensor in given:
        if tensor.kind == "BOOL" and not operator.booleans:
            raise NetworkError("expected floating-point or integer entries, found BOOL")
        if tensor.steps is not None:
            if not jumps:
                raise NetworkError(f"it reads {tensor.defect}")
        elif tensor.defect and not operator.infinities:
            raise NetworkError(tensor.defect)


def _range(operator: Operator) -> str:
    if operator.least == operator.most:
        return _counted("input", operator.least)
    if operator.most == ANY_NUMBER:
        return f"at least {_counted('input', operator.least)}"
    return f"{operator.least} to {_counted('input', operator.most)}"


def _counted(noun: str, number: int) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _attributes(operator: Operator, given: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        if name not in operator.attributes:
            raise NetworkError(
                f"unknown attribute {shown(name)}, expected only: {', '.join(operator.attributes) or 'none'}; "
                "older exports may need opset 7 or later"
            )
        known = operator.attributes[name]
        kind = known if isinstance(known, type) else type(known)
        if not isinstance(value, kind):
            raise NetworkError(f"attribute {name!r}: expected {kind.__name__}, found {shown(value)}")
    defaults = {name: None if isinstance(known, type) else known for name, known in operator.attributes.items()}
    return {**defaults, **given}
