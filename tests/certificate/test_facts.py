"""The facts that papers quote are the certificate's, each with its standing."""

import pytest

from tests.examples import EXAMPLES, each_boundary, example_certificate
from verishallow.certificate.facts import facts
from verishallow.claims.regions import RegionCount
from verishallow.proof import prove
from verishallow.shallow.signed_faces import Boundary


@each_boundary
@pytest.mark.parametrize("name", ["two outputs", "max of three", "no hidden layer"])
def test_every_count_of_the_end_record_is_there_once(name: str, boundary: Boundary) -> None:
    certificate = example_certificate(name, boundary)
    found = {fact.words: fact for fact in facts(certificate)}
    counts = {n: v for n, v in certificate.counts.items() if n not in ("record", "sha256", "open", "units")}
    assert len(found) == len(facts(certificate))
    for name_, value in counts.items():
        assert found[name_.replace("_", " ")].value == value
    reported = {fact.words for fact in found.values() if fact.standing == "reported"}
    assert reported == {"affine pieces", "linear regions"}
    layers = (certificate.shallow.layer1, certificate.shallow.layer2, certificate.shallow.layer3)
    weights = sum(len(row) for layer in layers for row in layer.rows)
    assert found["finite weights"].value + found["infinite weights"].value == weights


def test_other_claims_speak_of_no_unit() -> None:
    found = {fact.words for fact in facts(prove(EXAMPLES["two outputs"].network, claim=RegionCount()))}
    assert "activation regions" in found
    assert not {word for word in found if "units" in word or "infinite" in word}
