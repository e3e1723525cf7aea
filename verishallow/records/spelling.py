"""The canonical text of each value in a record (proofs/FORMAT.md, section 3)."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from math import gcd
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import LimitError
from verishallow.farkas import FarkasCertificate
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import MAX_DIGITS, Vector, format_rational
from verishallow.regions.cell_tree import Decision
from verishallow.regions.decisions import IntegerDecision, IntegerDecisions

Record = dict[str, Any]
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)
_LIMIT = f"a number of this proof needs more than the format's {MAX_DIGITS} digits"
_TOO_LONG = re.compile(f"[0-9]{{{MAX_DIGITS + 1}}}")


class Spelled(str):
    """The canonical text of a member of a record, for members whose text is faster to build than a value to encode."""

    __slots__ = ()


def canonical_line(record: Record) -> bytes:
    """The canonical line of a record: JSON with sorted keys, no spaces, ASCII, and a line feed."""
    members = (f'"{name}":{_text(value)}' for name, value in sorted(record.items()))
    return f"{{{','.join(members)}}}\n".encode()


def _text(value: Any) -> str:
    return value if type(value) is Spelled else _ENCODER.encode(value)


def network_record(network: ReLUNetwork) -> Record:
    """The canonical record of a network; networks are the same when their records are."""
    return {"record": "network", "layers": [_layer_record(i, layer) for i, layer in enumerate(network.layers)]}


def network_sha256(network: ReLUNetwork) -> str:
    """The SHA-256 of the canonical line of a network's record."""
    return hashlib.sha256(canonical_line(network_record(network))).hexdigest()


def form_texts(form: AffineForm) -> list[str]:
    """The row of an affine form."""
    return rational_texts(form.row)


def spelled_forms(forms: Iterable[AffineForm]) -> Spelled:
    """The rows of affine forms.

    >>> spelled_forms([AffineForm.of(["1/2", -3]), AffineForm.of([0, 1])])
    '[["1/2","-3"],["0","1"]]'
    """
    return listed(_row(form.row) for form in forms)


def spelled_point(point: Vector) -> Spelled:
    """The coordinates of a point."""
    return Spelled(_row(point))


def spelled_reason(reason: FarkasCertificate) -> Spelled:
    """Pairs [constraint, multiplier].

    >>> spelled_reason(FarkasCertificate(((0, mpq(1, 2)), (3, mpq(1)))))
    '[[0,"1/2"],[3,"1"]]'
    """
    return Spelled(_reason(reason))


def spelled_decisions(decisions: Sequence[Decision]) -> Spelled:
    """Pairs [neuron, reason]."""
    if isinstance(decisions, IntegerDecisions):
        return listed(map(_integers, decisions.integers))
    return listed(f"[{decision.neuron},{_reason(decision.reason)}]" for decision in decisions)


def spelled_reasons(reasons: Iterable[tuple[int | tuple[int, ...], FarkasCertificate]]) -> Spelled:
    """Pairs [constraint or constraints, reason].

    >>> spelled_reasons([((2, 5), FarkasCertificate(((2, mpq(1)),)))])
    '[[[2,5],[[2,"1"]]]]'
    """
    return listed(f"[{_ENCODER.encode(about)},{_reason(reason)}]" for about, reason in reasons)


def rational_texts(values: Iterable[Any]) -> list[str]:
    """Rationals as texts; raises :class:`~verishallow.errors.LimitError` for more digits than the format allows."""
    return [_within_limits(format_rational(value)) for value in values]


def _row(values: Iterable[mpq]) -> str:
    return _within_limits('["' + '","'.join(map(format_rational, values)) + '"]')


def _reason(reason: FarkasCertificate) -> str:
    pairs = [f'[{index},"{format_rational(value)}"]' for index, value in reason.multipliers]
    return _within_limits(f"[{','.join(pairs)}]")


def _integers(decision: IntegerDecision) -> str:
    """A decision whose reason is integers over one denominator, spelled without making rationals first."""
    neuron, numbers, values, denominator = decision
    pairs = ""
    try:
        for number, value in zip(numbers, values, strict=True):
            if value:
                divisor = gcd(value, denominator)
                above, below = abs(value) // divisor, denominator // divisor
                pairs += f',[{number},"{above}"]' if below == 1 else f',[{number},"{above}/{below}"]'
    except ValueError as error:
        # Python refuses to write integers that are even longer.
        raise LimitError(_LIMIT) from error
    return _within_limits(f"[{neuron},[{pairs[1:]}]]")


def listed(texts: Iterable[str]) -> Spelled:
    """A list of values that are spelled already."""
    return Spelled(f"[{','.join(texts)}]")


def _within_limits(text: str) -> str:
    # A text this short cannot have too many digits; only longer ones are searched.
    if len(text) > MAX_DIGITS and _TOO_LONG.search(text):
        raise LimitError(_LIMIT)
    return text


def _layer_record(index: int, layer: Layer) -> Record:
    reads = {} if layer.reads == (index,) else {"reads": list(layer.reads)}
    return {"weight": [rational_texts(row) for row in layer.weight], "bias": rational_texts(layer.bias), **reads}
