"""The campaign of properties runs, and its oracle decides ties, strict rows and flat domains."""

import random
from typing import Any

import pytest
from gmpy2 import mpq

from tests.campaigns.properties import counterexample, difference, forgery, main, refuted
from tests.checker.bases import base_lines
from tests.checker.editing import parsed, put
from verishallow.network import ReLUNetwork
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property
from verishallow.verify.verification import verify

MODULUS = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])


def interval(low: Any, high: Any, *strict: int) -> Conjunction:
    return Conjunction.of([[-mpq(low), 1], [mpq(high), -1]], strict)


def asked(domain: Conjunction, row: list[int], strict: bool = False) -> Property:
    return Property.of(1, 1, domain, [Conjunction.of([row], [0] if strict else [])])


UNSAFE_POINTS = {
    "the greatest value is attained": (asked(interval(-1, 2), [-2, 0, 1]), (mpq(2),)),
    "it is not exceeded": (asked(interval(-1, 2), [-2, 0, 1], strict=True), None),
    "it is not attained on the open domain": (asked(interval(-1, 2, 1), [-2, 0, 1]), None),
    "a flat domain has its point": (asked(interval(2, 2), [-2, 0, 1]), (mpq(2),)),
    "an empty domain has none": (asked(interval(2, 1), [-2, 0, 1]), None),
    "a domain that strictness makes empty": (asked(interval(2, 2, 0), [-2, 0, 1]), None),
    "a tie on a boundary of regions": (asked(interval(-1, 1), [0, 0, -1]), (mpq(0),)),
}


@pytest.mark.parametrize("case", UNSAFE_POINTS.values(), ids=UNSAFE_POINTS.keys())
def test_the_oracle(case: tuple[Property, Any]) -> None:
    assert counterexample(MODULUS, case[0]) == case[1]
    assert difference(verify(MODULUS, case[0]), MODULUS, case[0]) is None


def test_a_wrong_verdict_is_noticed() -> None:
    holds, violated = (UNSAFE_POINTS[name][0] for name in ("it is not exceeded", "the greatest value is attained"))
    wrong = difference(verify(MODULUS, holds), MODULUS, violated)
    assert wrong == "holds, but unsafe: (mpq(2,1),)"


def test_a_false_claim_is_refuted() -> None:
    records = parsed(base_lines("property"))
    assert refuted(records) is None
    put("header/unsafe/0/rows/0/0", "-1")(records)
    assert str(refuted(records)).startswith("unsafe: ")


def test_a_forgery_is_false_by_no_more_than_a_tie() -> None:
    records = parsed(base_lines("property"))
    for seed in range(20):
        changed = forgery(records, random.Random(seed))
        assert changed is not None
        assert str(refuted(changed)).startswith("unsafe: ")
    assert forgery(parsed(base_lines("counterexample")), random.Random(0)) is None


def test_a_short_campaign_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--properties", "60", "--mutants", "200", "--seed", "3"]) == 0
    found = capsys.readouterr().out
    assert "holds" in found
    assert "violated" in found
    assert "mutants invalid" in found
    assert "forgeries invalid" in found
