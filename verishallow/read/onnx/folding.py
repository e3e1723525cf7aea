"""Constants that a runtime computes in floats: folded as it folds them, in their own type.

What is rational is computed exactly (`operators`). Roots, powers and the like of constants are not: they, and what is
computed of them by arithmetic, are what ONNX's reference implementation gives, rounded at every step as in any runtime.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import require_room
from verishallow.read.onnx.constants import element_type, floats
from verishallow.read.onnx.node import Notes
from verishallow.read.onnx.tensors import Tensor, common_shape
from verishallow.read.places import reason_of

ENTRYWISE = frozenset(
    {
        *("Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Celu", "Cos", "Cosh", "Elu", "Erf", "Exp", "Gelu"),
        *("HardSwish", "Log", "Mish", "Pow", "Round", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus"),
        *("Softsign", "Sqrt", "Tan", "Tanh"),
    }
)
ROUNDED = ENTRYWISE | {
    *("DequantizeLinear", "DynamicQuantizeLinear", "LogSoftmax", "LpNormalization", "QuantizeLinear", "ReduceL2"),
    *("ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare", "Softmax"),
}
"""Operators that are folded wherever all that they read is constant."""

LEAST_OPSET = {"DequantizeLinear": 19, "QuantizeLinear": 19}
"""Where the reference implementation begins only after an operator's first opset, which says the same."""

ARITHMETIC = frozenset(
    {
        *("Abs", "Add", "Cast", "CastLike", "Clip", "Div", "Gemm", "HardSigmoid", "LeakyRelu", "MatMul", "Max", "Mean"),
        *("Min", "Mul", "Neg", "Reciprocal", "ReduceL1", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "Relu"),
        *("Sub", "Sum"),
    }
)
"""Operators that are folded where they read what has been folded; of stored constants alone they are exact."""


def is_folded(operator_type: str, inputs: Sequence[Tensor | None]) -> bool:
    """Whether a node's constant is one that a runtime computes in floats."""
    given = [tensor for tensor in inputs if tensor is not None]
    if not given or not all(tensor.is_constant() for tensor in given):
        return False
    return operator_type in ROUNDED or (operator_type in ARITHMETIC and any(tensor.folded for tensor in given))


def folded(
    node: onnx.NodeProto, opset: int, inputs: Sequence[Tensor | None], attributes: Mapping[str, Any], notes: Notes
) -> list[Tensor]:
    """What the reference implementation gives, each number the binary rational that it is."""
    _require_room(node.op_type, [tensor for tensor in inputs if tensor is not None])
    names = [f"x{number}" if tensor is not None else "" for number, tensor in enumerate(inputs)]
    arrays = {name: _array(tensor) for name, tensor in zip(names, inputs, strict=True) if tensor is not None}
    outputs = [f"y{number}" for number in range(len(node.output))]
    alone = helper.make_node(node.op_type, names, outputs, **attributes)
    results = _run(alone, max(opset, LEAST_OPSET.get(node.op_type, 1)), arrays, outputs)
    if node.op_type in ROUNDED:
        notes.plain.append("a constant, folded in floating point as a runtime folds it")
    return [_tensor(np.asarray(result)) for result in results]


def _require_room(operator_type: str, tensors: Sequence[Tensor]) -> None:
    for tensor in tensors:
        if tensor.defect:
            raise NetworkError(tensor.defect)
    if operator_type in ("Gemm", "MatMul"):
        columns = max((size for tensor in tensors[1:] for size in tensor.shape), default=1)
        require_room(tensors[0].size * columns)
    elif operator_type in ENTRYWISE | ARITHMETIC and not operator_type.startswith("Reduce"):
        common_shape(*(tensor.shape for tensor in tensors))


def _array(tensor: Tensor) -> NDArray[Any]:
    kind = helper.tensor_dtype_to_np_dtype(getattr(TensorProto, tensor.kind))
    numbers = [float(value) if value.denominator != 1 else int(value) for value in tensor.rows.constants.tolist()]
    return np.array(numbers, dtype=object).astype(kind).reshape(tensor.shape)


def _run(node: onnx.NodeProto, opset: int, arrays: Mapping[str, NDArray[Any]], outputs: Sequence[str]) -> list[Any]:
    from onnx.reference import ReferenceEvaluator  # noqa: PLC0415 - few files need it

    inputs = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
        for name, array in arrays.items()
    ]
    results = [helper.make_tensor_value_info(name, TensorProto.UNDEFINED, None) for name in outputs]
    graph = helper.make_graph([node], "folded", inputs, results)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    try:
        with np.errstate(all="ignore"):
            found = ReferenceEvaluator(model).run(None, dict(arrays))
    except Exception as error:  # foreign code, on a file's numbers
        raise NetworkError(f"its constants cannot be folded: {reason_of(error)}") from error
    return list(found)


def _tensor(array: NDArray[Any]) -> Tensor:
    kind = element_type(helper.np_dtype_to_tensor_dtype(array.dtype))
    if array.dtype.kind in "biu":
        return Tensor.of([int(value) for value in array.ravel().tolist()], array.shape, kind, folded=True)
    with np.errstate(invalid="ignore"):
        return floats(array.astype(np.float64), kind, "what it gives").as_folded()
