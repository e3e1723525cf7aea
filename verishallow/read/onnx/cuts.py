"""Where a network is cut off before its final operators, and what may follow those."""

from dataclasses import dataclass

from verishallow.read.onnx.tensors import Tensor

REARRANGING = frozenset({"Cast", "Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze"})
"""What may follow that which is cut off."""

DECIDING = frozenset(
    {
        *("ArgMin", "ArrayFeatureExtractor", "Binarizer", "Equal", "Greater", "GreaterOrEqual", "LabelEncoder", "Less"),
        *("LessOrEqual", "Normalizer", "Not", "Sub", "ZipMap"),
    }
)
"""What makes labels, or the probability of the other class, of what is cut off, with constants: it is left out too."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """Where the network was cut off, and whether the entries still have their places."""

    place: str
    in_place: bool


def one_tensor(tensors: list[Tensor]) -> bool:
    """Whether tensors hold the very same entries."""
    return len({id(tensor.rows) for tensor in tensors}) == 1
