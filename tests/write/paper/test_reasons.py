"""Sample reasons: each is the certificate's own, about the form that it says, and true on the cells below it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from gmpy2 import mpq

from tests.examples import EXAMPLES, each_boundary, each_example, example_certificate
from verishallow import Certificate
from verishallow.claims.bounds import Bound, OutputBounds
from verishallow.claims.regions import RegionCount
from verishallow.network import side_by_side
from verishallow.proof import prove, prove_equal
from verishallow.rationals import Vector
from verishallow.shallow.signed_faces import Boundary
from verishallow.write.paper.reasons import KINDS, Sample, samples

SQUARE = EXAMPLES["two layers on a square"]
BOUNDS = OutputBounds((Bound(0, mpq(-1000), mpq(1000)),))


def reasons_of(certificate: Certificate) -> dict[str, int]:
    """How many reasons with a multiplier there are of each kind."""
    counted = dict.fromkeys(KINDS.values(), 0)
    for line in certificate.lines[3 if certificate.other else 2 : -1]:
        record = json.loads(line)
        lists = {
            "stable": [*record.get("active", []), *record.get("inactive", [])],
            "redundant": record.get("constraints", []),
            "absent": record.get("absent", []),
            "bound": [[None, pairs] for pairs in record.get("bounds", [])],
        }
        for kind, found in lists.items():
            counted[kind] += sum(bool(pairs) for _, pairs in found)
    return counted


def pre_activation(certificate: Certificate, layer: int, neuron: int, at: Vector) -> mpq:
    """By a forward pass, not by affine forms."""
    network = certificate.network
    network = network if certificate.other is None else side_by_side(network, certificate.other)
    sources = [at]
    for hidden in network.hidden:
        values = hidden(sources)
        sources.append(tuple(max(z, mpq(0)) for z in values))
        if len(sources) == layer + 1:
            return values[neuron]
    raise AssertionError(f"there is no layer {layer}")


def subject_at(certificate: Certificate, sample: Sample, at: Vector) -> mpq:
    """What the reason bounds below, at a point of its cell."""
    if sample.rule in ("active", "inactive"):
        value = pre_activation(certificate, sample.place[0], sample.place[1], at)
        return value if sample.rule == "active" else -value
    if sample.rule in ("low", "high"):
        value = certificate.network(at)[sample.place[0]]
        return value + 1000 if sample.rule == "low" else 1000 - value
    return sample.constraints[sample.place[-1]](at)


def check(certificate: Certificate, sample: Sample) -> None:
    assert KINDS[sample.rule]
    assert sample.bound > 0 if sample.rule == "absent" else sample.bound >= 0
    assert all(value > 0 or number in sample.equations for number, value in sample.reason.multipliers)
    assert sample.constraints[: sample.domain_rows] == certificate.domain.inequalities
    below = [
        region.witness for region in certificate.regions if all(form(region.witness) > 0 for form in sample.constraints)
    ]
    assert below, "no region lies below the node of the reason"
    for at in below:
        assert sample.form(at) == subject_at(certificate, sample, at)
        assert sample.equations or sample.form(at) >= sample.bound
    assert said(certificate, sample) == [[n, str(value)] for n, value in sample.reason.multipliers]


def said(certificate: Certificate, sample: Sample) -> Any:
    """The reason as its line of the file spells it."""
    record = json.loads(certificate.lines[sample.line - 1])
    match sample.rule:
        case "active" | "inactive":
            return dict(record[sample.rule])[sample.place[1]]
        case "redundant":
            return dict(record["constraints"])[sample.place[0]]
        case "absent":
            return next(pairs for face, pairs in record["absent"] if tuple(face) == sample.place)
    return record["bounds"][0 if sample.rule == "low" else 1]


@each_boundary
@each_example
def test_there_is_one_of_each_kind_and_it_holds(name: str, boundary: Boundary) -> None:
    certificate = example_certificate(name, boundary)
    found = samples(certificate)
    assert [KINDS[sample.rule] for sample in found] == [k for k, number in reasons_of(certificate).items() if number]
    for sample in found:
        check(certificate, sample)


OTHER_CLAIMS: dict[str, tuple[Callable[[], Certificate], list[str]]] = {
    "regions": (lambda: prove(SQUARE.network, SQUARE.domain, claim=RegionCount()), ["stable"]),
    "bounds": (lambda: prove(SQUARE.network, SQUARE.domain, claim=BOUNDS), ["stable", "bound"]),
    "equal networks": (lambda: prove_equal(SQUARE.network, SQUARE.network, SQUARE.domain), ["stable"]),
}


@pytest.mark.parametrize("name", OTHER_CLAIMS)
def test_other_claims_have_theirs(name: str) -> None:
    make, kinds = OTHER_CLAIMS[name]
    certificate = make()
    found = samples(certificate)
    assert [KINDS[sample.rule] for sample in found] == kinds
    for sample in found:
        check(certificate, sample)


def test_every_kind_occurs_among_the_examples() -> None:
    found = {KINDS[sample.rule] for name in EXAMPLES for sample in samples(example_certificate(name))}
    assert found == {"stable", "redundant", "absent"}
