"""Why an operator is not read: its values jump, it multiplies activations, it curves, or it is not known here."""

from collections.abc import Collection
from difflib import get_close_matches

from verishallow.errors import NetworkError
from verishallow.read.onnx.tensors import MULTIPLICATIVE, Tensor
from verishallow.read.places import shown

ONLY = "only piecewise-linear operators are exact"
JUMPING = "its values jump: it is not continuous"
UNSEEN = "what it chooses between is not seen to be equal where its condition changes: it may not be continuous"
IN_INPUT = "in what it reads, which depends on the network's input"
CURVED = "it curves: it is not piecewise linear"
GUIDE = "the guide of verishallow.read lists those that are read"
ON_REQUEST = "a final one is cut off on request, with --logits or logits=True"

FINAL = frozenset({"ArgMax", "Hardmax", "LogSoftmax", "LpNormalization", "Sigmoid", "Softmax", "Tanh"})
"""What may be cut off at the end of a network."""

JUMPS = frozenset(
    {
        *("And", "ArgMax", "ArgMin", "Bernoulli", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor"),
        *("Ceil", "Compress", "DynamicQuantizeLinear", "Equal", "Floor", "Greater", "GreaterOrEqual", "Hardmax"),
        *("IsInf", "IsNaN", "Less", "LessOrEqual", "Mod", "NonMaxSuppression", "NonZero", "Not", "OneHot", "Or"),
        *("QuantizeLinear", "Round", "Sign", "Unique", "Xor", "Binarizer", "LabelEncoder", "TreeEnsemble"),
        *("TreeEnsembleClassifier", "TreeEnsembleRegressor"),
    }
)
"""Operators that are not continuous in what they read."""

MULTIPLIES = frozenset(
    {
        *("Attention", "BilinearForm", "DeformConv", "Det", "GRU", "GridSample", "GroupNormalization", "HardSwish"),
        *("InstanceNormalization", "LRN", "LSTM", "LayerNormalization", "LpNormalization", "MeanVarianceNormalization"),
        *("MultiHeadAttention", "Normalizer", "RMSNormalization", "ReduceProd", "ReduceSumSquare", "RotaryEmbedding"),
        *("SVMClassifier", "SVMRegressor", "SkipLayerNormalization", "Swish"),
    }
)
"""Operators that multiply activations with each other, or divide them by each other."""

CURVES = frozenset(
    {
        *("Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "BiasGelu", "Celu", "Cos", "Cosh", "Elu", "Erf", "Exp"),
        *("FastGelu", "Gelu", "Log", "LogSoftmax", "Mish", "Pow", "RNN", "Reciprocal", "ReduceL2", "ReduceLogSum"),
        *("ReduceLogSumExp", "Selu", "Sigmoid", "Sin", "Sinh", "Softmax", "Softplus", "Softsign", "Sqrt", "Tan"),
        *("QuickGelu", "SoftmaxCrossEntropyLoss", "Tanh"),
    }
)
"""Operators whose graphs are curved."""


def not_exact(reason: str) -> NetworkError:
    """The refusal of an operator for one of the reasons."""
    return NetworkError(f"{ONLY}; {reason}")


def refused(operator_type: str, domain: str, known: Collection[str]) -> NetworkError:
    """The reason why an operator is not read, and where those are listed that are."""
    if domain not in ("", "ai.onnx", "ai.onnx.ml", "com.microsoft"):
        return NetworkError(f"of the domain {shown(domain)}; {ONLY}; {GUIDE}")
    if operator_type in FINAL and domain in ("", "ai.onnx"):
        return NetworkError(f"{ONLY}; {_reason(operator_type)}; {ON_REQUEST}")
    if reason := _reason(operator_type):
        return not_exact(reason)
    of = "" if domain in ("", "ai.onnx") else f"of the domain {shown(domain)}; "
    near = get_close_matches(operator_type, sorted(known), 3, 0.7)
    alike = f"; near it: {', '.join(near)}" if near else ""
    return NetworkError(f"{of}{ONLY}; not known here{alike}; {GUIDE}")


def _reason(operator_type: str) -> str | None:
    if operator_type in JUMPS:
        return JUMPING
    if operator_type in MULTIPLIES:
        return MULTIPLICATIVE
    return CURVED if operator_type in CURVES else None


def require_no_jump(operator_type: str, tensors: Collection[Tensor]) -> None:
    """Refuse an operator that jumps, unless everything that it reads is constant."""
    if operator_type in JUMPS and not all(tensor.settled().is_constant() for tensor in tensors):
        raise not_exact(f"{JUMPING} {IN_INPUT}")
