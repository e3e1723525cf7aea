"""Exports to Coq: numbers, subtrees, and what is refused (tests/formal compiles what is exported)."""

import re

import pytest

from tests.checker.bases import base_lines
from tests.examples import example_certificate
from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError
from verishallow.write.logic import coq_terms
from verishallow.write.logic.coq import coq
from verishallow.write.logic.coq_terms import numeral, rational

REFUSED = {
    "bounded": "the claim bounds",
    "equal": "the claim equal",
    "merged": "the construction merge",
    "finite": "the construction finite",
    "one-hidden": "the construction one-hidden",
    "quantised": "the claim equality-on-grid",
    "trimmed": "the claim equality-on-cells",
    "one unit": "one unit per output",
    "left open": "an incomplete certificate",
}


def of_base(name: str) -> Certificate:
    return Certificate(tuple(base_lines(name)))


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_development_does_not_treat_is_refused(name: str) -> None:
    words = f"coq: expected a certificate of equality with the construction cells .*; found {REFUSED[name]}$"
    with pytest.raises(InputError, match=words):
        coq(of_base(name))


@pytest.mark.parametrize("number", [0, 7, -7, 999_999, -999_999, 1_000_000, -(2**70), 3**200])
def test_a_numeral_is_its_number(number: int) -> None:
    spelled = numeral(str(number))
    assert int(spelled, 16 if "0x" in spelled else 10) == number
    assert ("0x" in spelled) == (abs(number) > 999_999)


@pytest.mark.parametrize(
    ("text", "term"),
    [("3/7", "3#7"), ("-3/7", "-3#7"), ("0", "0"), ("16777217", "0x1000001#1"), ("1/1048576", "1#0x100000")],
)
def test_a_rational_is_a_term(text: str, term: str) -> None:
    assert rational(text) == term


def test_large_subtrees_are_defined_before_they_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = example_certificate("two layers on a square")
    whole = coq(certificate).decode()
    monkeypatch.setattr(coq_terms, "LONGEST_TERM", 300)
    text = coq(certificate).decode()
    names = re.findall(r"^Definition (subtree_\d+) ", text, re.MULTILINE)
    assert len(names) > 3
    assert [text.count(f"({name})") for name in names] == [1] * len(names)
    assert all(text.index(f"Definition {name} ") < text.index(f"({name})") for name in names)
    assert "subtree" not in whole
    for name in names:
        body = text.partition(f"Definition {name} : tree :=\n")[2].partition(".\n")[0]
        text = text.replace(f"Definition {name} : tree :=\n{body}.\n", "").replace(f"({name})", f"({body})")
    assert text == whole


def test_where_it_comes_from_is_said() -> None:
    certificate = example_certificate("two layers on a square")
    text = coq(certificate).decode()
    assert certificate.header["network_sha256"] in text
    assert certificate.counts["sha256"] in text


def test_numbers_stand_in_parentheses_where_coq_needs_them() -> None:
    assert re.search(r"Form \[[^]]*\] -", coq(of_base("slice")).decode()) is None
