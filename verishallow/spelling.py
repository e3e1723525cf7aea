"""How values are spelled in a record: the one canonical text of each (proofs/FORMAT.md, section 3)."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import LimitError
from verishallow.farkas import FarkasCertificate
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import MAX_DIGITS, format_rational

Record = dict[str, Any]
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def canonical_line(record: Record) -> bytes:
    """The one spelling of a record: JSON with sorted keys, no spaces, ASCII, and a line feed."""
    return _ENCODER.encode(record).encode() + b"\n"


def network_record(network: ReLUNetwork) -> Record:
    """The canonical record of a network; networks are the same when their records are."""
    return {"record": "network", "layers": [_layer_record(i, layer) for i, layer in enumerate(network.layers)]}


def network_sha256(network: ReLUNetwork) -> str:
    """The SHA-256 of the canonical line of a network's record."""
    return hashlib.sha256(canonical_line(network_record(network))).hexdigest()


def form_texts(form: AffineForm) -> list[str]:
    """The row of an affine form."""
    return rational_texts(form.row)


def map_texts(affine_map: AffineMap) -> list[list[str]]:
    """The rows of an affine map."""
    return [form_texts(form) for form in affine_map.forms]


def reason_pairs(reason: FarkasCertificate) -> list[list[Any]]:
    """Pairs [constraint, multiplier]."""
    texts = rational_texts(value for _, value in reason.multipliers)
    return [[index, text] for (index, _), text in zip(reason.multipliers, texts, strict=True)]


def rational_texts(values: Iterable[Any]) -> list[str]:
    """Rationals as texts; :class:`~verishallow.errors.LimitError` beyond the digits that the format allows."""
    texts = [format_rational(value) for value in values]
    for text in texts:
        # A text this short cannot have too many digits: only long ones are looked at.
        if len(text) > MAX_DIGITS and max(len(part.lstrip("-")) for part in text.split("/")) > MAX_DIGITS:
            raise LimitError(f"a number of this proof needs more than the format's {MAX_DIGITS} digits")
    return texts


def _layer_record(index: int, layer: Layer) -> Record:
    reads = {} if layer.reads == (index,) else {"reads": list(layer.reads)}
    return {"weight": [rational_texts(row) for row in layer.weight], "bias": rational_texts(layer.bias), **reads}
