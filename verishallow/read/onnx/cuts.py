"""Where a network is cut off before its final operators, and what may follow those."""

from collections.abc import Sequence
from dataclasses import dataclass

import onnx

from verishallow.errors import NetworkError
from verishallow.read.onnx.tensors import Tensor

REARRANGING = frozenset({"Cast", "Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze"})
"""What may follow that which is cut off."""

CHOOSING = frozenset({"ArrayFeatureExtractor", "Gather", "Slice", "Split"})
"""What may choose entries of it, where each is the probability that belongs to one logit."""

JOINING = frozenset({"Concat", "SequenceConstruct"})
"""What may join several that are cut off."""

DECIDING = frozenset(
    {
        *("ArgMin", "ArrayFeatureExtractor", "Binarizer", "Clip", "Equal", "Greater", "GreaterOrEqual"),
        *("LabelEncoder", "Less", "LessOrEqual", "LpNormalization", "Normalizer", "Not", "Sign", "Sub", "ZipMap"),
    }
)
"""What makes labels, or other probabilities, of what is cut off, with constants: it is left out too."""

CLASSIFIER = ("ai.onnx.ml", "LinearClassifier")
"""The operator that makes probabilities and labels of scores by itself."""

CURVED_TRANSFORMS = frozenset({"LOGISTIC", "SOFTMAX"})
"""What it makes of its scores and can be cut off."""

LOOKING_UP = frozenset({"Gather", "GatherElements", "GatherND"})
"""What makes labels where it reads constants by the places that are cut off."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """Where the network was cut off, and the logit of each entry where the entries still have their places.

    ``sigmoid`` says that each entry is the Sigmoid of its own logit, so that it may be chosen alone, and that the
    probability ``1 - p`` belongs to minus the logit.
    """

    place: str
    logits: Tensor | None = None
    sigmoid: bool = False


def distinct(tensors: Sequence[Tensor]) -> list[Tensor]:
    """The first of those that hold the very same entries."""
    return list({id(tensor.rows): tensor for tensor in reversed(tensors)}.values())[::-1]


def without_transform(node: onnx.NodeProto) -> tuple[onnx.NodeProto, str]:
    """A linear classifier that gives its scores as they are, and what it would make of them.

    Where it has one row, for the second of two classes, probabilities are the sigmoids of that row and of minus it.
    """
    bare, given = onnx.NodeProto(), {attribute.name: attribute for attribute in node.attribute}
    transform = given["post_transform"].s.decode("utf-8", "replace") if "post_transform" in given else "NONE"
    bare.CopyFrom(node)
    if transform not in CURVED_TRANSFORMS:
        return bare, transform
    del bare.attribute[:]
    bare.attribute.extend(attribute for name, attribute in given.items() if name != "post_transform")
    if "intercepts" in given and len(given["intercepts"].floats) == 1:
        if transform == "SOFTMAX":
            raise NetworkError("attribute 'post_transform': for a SOFTMAX expected 2 rows, one per class, found 1")
        for attribute in bare.attribute:
            if attribute.name in ("coefficients", "intercepts"):
                attribute.floats[:] = [*(-number for number in attribute.floats), *attribute.floats]
    return bare, transform
