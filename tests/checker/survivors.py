"""Why a changed certificate may still be valid: named kinds of change, each with its argument."""

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import combinations
from typing import Any

from tests.checker.editing import Records

Explanation = Callable[[Records, Records], bool]


def explanation(original: Records, changed: Records, kind: str) -> str | None:
    """The name of the first reason for which the change may pass; ``kind`` is the checker's verdict on it."""
    if kind == "incomplete":
        return "nothing is claimed"  # An open cell, counted as one: exit code 3, and no statement is printed.
    return next((name for name, explains in EXPLANATIONS.items() if explains(original, changed)), None)


def alike(original: Records, changed: Records, *blanks: Callable[[Any], None]) -> bool:
    """Whether the records are equal once these fields are left blank, and the hashes."""
    return _blank(original, blanks) == _blank(changed, blanks)


def _blank(records: Records, blanks: Iterable[Callable[[Any], None]]) -> str:
    copied = deepcopy(records)
    for record in copied:
        for blank in (_hashes, *blanks):
            blank(record)
    return json.dumps(copied)


def _field(record: Any, name: str) -> None:
    if name in record:
        record[name] = None


def _hashes(record: Any) -> None:
    _field(record, "sha256")
    _field(record, "network_sha256")
    _field(record, "other_network_sha256")


def _witness(record: Any) -> None:
    _field(record, "witness")


def _reasons(record: Any) -> None:
    for name in ("active", "inactive", "constraints", "absent"):
        for entry in record.get(name, []):
            entry[1] = None
    if record.get("record") in ("leaf", "piece"):
        _field(record, "bounds")
        _field(record, "low")
        _field(record, "reasons")


def _bounds(record: Any) -> None:
    if record.get("record") == "header":
        _field(record, "bounds")
        _field(record, "low")


def _reported(record: Any) -> None:
    _field(record, "affine_pieces")
    _field(record, "linear_regions")


def _domain(record: Any) -> None:
    _field(record, "domain")


def _slice(record: Any) -> None:
    if record.get("record") == "header":
        record.pop("slice", None)


def _layers(record: Any) -> None:
    _field(record, "layers")


def _terms(record: Any) -> None:
    if record.get("record") == "terms":
        _field(record, "affine")
        _field(record, "terms")


def _grid(record: Any) -> None:
    if record.get("record") == "header":
        _field(record, "grid")
        _field(record, "gate_weight")


def _mark(record: Any) -> None:
    _field(record, "strict")


def another_witness(original: Records, changed: Records) -> bool:
    # Any point strictly inside every constraint proves that the cell has an interior, and the checker puts
    # the point into every constraint. The witness has no part in either network.
    return alike(original, changed, _witness)


def another_reason(original: Records, changed: Records) -> bool:
    # The decisions are the same. Any combination that has the form's linear part, signs as they must be, and
    # a constant that suffices proves them; which one is written down is no part of the claim.
    return alike(original, changed, _reasons)


def another_reported_count(original: Records, changed: Records) -> bool:
    # Affine pieces and linear regions are reported, not certified: the claim does not name them.
    return alike(original, changed, _reported)


def another_domain(original: Records, changed: Records) -> bool:
    # The claim is about the domain in the header, whichever that is, and every record was checked against it.
    # Whoever needs one domain says so (--domain), and the rows are compared.
    return alike(original, changed, _domain)


def another_network(original: Records, changed: Records) -> bool:
    # The claim is about the network in the file, whose hash it names, and every form was computed from it:
    # a weight into or out of a neuron that is 0 everywhere, say. Whoever needs one network says so (--network).
    return alike(original, changed, _layers)


def another_slice(original: Records, changed: Records) -> bool:
    # The claim is about the slice in the header, whichever it is, and every form was computed on it: it can change
    # where the network does not look. Whoever needs one slice says so (--slice).
    return alike(original, changed, _slice)


def another_bound(original: Records, changed: Records) -> bool:
    # The claim is about the bounds in the header, whichever they are, and each leaf has a reason for each of them:
    # a reason fixes the linear part alone, so it proves every weaker bound, and a stronger one where there is room.
    return alike(original, changed, _bounds)


def another_grid(original: Records, changed: Records) -> bool:
    # The claim is about the grid in the header, and the weight there, whichever they are: gates were made from the
    # planes and the grid alone, and each has reasons that are about that very gate and that weight.
    return alike(original, changed, _grid)


def two_at_once(original: Records, changed: Records) -> bool:
    # An exchange of two entries is two changes. Each is one of those above.
    return any(alike(original, changed, one, other) for one, other in combinations(FREE, 2))


FREE = (_witness, _reasons, _reported, _domain, _slice, _layers, _bounds, _grid, _terms)


def another_sum(original: Records, changed: Records) -> bool:
    # S is the sum of the terms in the file, whichever they are: in another order, with forms exchanged, or otherwise of
    # the same kinks. These were compared on every line, and the maps next to one point.
    return alike(original, changed, _terms)


def another_reference_point(original: Records, changed: Records) -> bool:
    # Either side of a split may own the hyperplane. The faces are derived from the marks, so where both marks
    # ask for the same faces, because the constraint follows strictly from others, both partitions are true.
    return alike(original, changed, _mark)


def another_place(original: Records, changed: Records) -> bool:
    # What is redundant depends on the path alone, so the record may stand before or after the layers and the
    # stable neurons of its cell; wherever a leaf is below it, the gates must be those of the constraints kept.
    return alike(_others(original), _others(changed)) and _redundant(original) == _redundant(changed)


def _others(records: Records) -> Records:
    return [record for record in records if record["record"] != "redundant"]


def _redundant(records: Records) -> Records:
    return [record for record in records if record["record"] == "redundant"]


def another_proof(original: Records, changed: Records) -> bool:
    # The claim is about the networks, the domain, the unsafe set and the slice in the header, whatever proves it: each
    # bound was computed anew, and the nodes that the file has cover the domain.
    return original[0]["claim"] == "property" and _claimed(original) == _claimed(changed)


def _claimed(records: Records) -> str:
    networks = [record for record in records if record["record"] == "network"]
    proved = ("precision", "sides", "witness", "network_sha256", "other_network_sha256")
    header = {name: value for name, value in records[0].items() if name not in proved}
    return json.dumps([header, *networks])


def another_property(original: Records, changed: Records) -> bool:
    # The claim is about the unsafe set, and the strict rows, in the header, whichever they are: every leaf has a reason
    # for each conjunction, and a reason proves all that is weaker. Whoever needs one says so (--unsafe, --domain).
    return alike(original, changed, _property) or alike(original, changed, _property, _domain)


def another_point(original: Records, changed: Records) -> bool:
    # The checker evaluates the networks at the point in the header, whichever it is.
    return original[0]["claim"] == "counterexample" and alike(original, changed, _point, _property)


def _property(record: Any) -> None:
    if record.get("record") == "header":
        _field(record, "unsafe")
        _field(record, "strict")
        _field(record, "witness")


def _point(record: Any) -> None:
    _field(record, "point")
    _field(record, "disjunct")


EXPLANATIONS: dict[str, Explanation] = {
    "another proof": another_proof,
    "another property": another_property,
    "another point": another_point,
    "another sum": another_sum,
    "another witness": another_witness,
    "another reason": another_reason,
    "another reported count": another_reported_count,
    "another domain": another_domain,
    "another network": another_network,
    "another slice": another_slice,
    "another bound": another_bound,
    "another grid": another_grid,
    "two at once": two_at_once,
    "another reference point": another_reference_point,
    "another place": another_place,
}
