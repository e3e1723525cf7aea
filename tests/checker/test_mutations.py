"""A single random change of a valid certificate, hashes redone, is refused or leaves a claim that is true."""

import random
from collections.abc import Iterator
from functools import cache

import pytest

from tests.checker.bases import BASES, base_lines
from tests.checker.claims import refutations
from tests.checker.editing import each, encoded, parsed, put
from tests.checker.mutations import mutant
from tests.checker.survivors import explanation
from verishallow import checker

MUTANTS = 250
"""Of each base."""

DIGITS = b"0123456789"
COMPLETE = [name for name, base in BASES.items() if not base.last_leaf_open]


@cache
def survivors(name: str) -> tuple[tuple[str, str, list[bytes]], ...]:
    """The changed certificates that are not invalid: what was changed, the verdict, the lines."""
    rng, lines = random.Random(name), list(base_lines(name))
    records = parsed(lines)
    mutants = [mutant(records, rng) for _ in range(MUTANTS)]
    judged = [(text, checker.check_lines(changed).kind, changed) for text, changed in mutants if changed != lines]
    return tuple(each for each in judged if each[1] != "invalid")


@pytest.mark.parametrize("name", BASES)
def test_a_change_is_refused_or_explained(name: str) -> None:
    original = parsed(base_lines(name))
    unexplained = [text for text, kind, changed in survivors(name) if not explanation(original, parsed(changed), kind)]
    assert unexplained == []


@pytest.mark.parametrize("name", COMPLETE)
def test_what_is_still_valid_is_still_true(name: str) -> None:
    rng = random.Random(name)
    claims = [(text, refutations(changed, rng)) for text, kind, changed in survivors(name) if kind == "valid"]
    assert [claim for claim in claims if claim[1]] == []


FALSE = {
    "an equality": ("bend", put("network/layers/1/weight/0/0", "2")),
    "an equality, boundary ignored": ("cross, boundary ignored", put("network/layers/1/bias/0", "4")),
    "pieces": ("merged", put("network/layers/1/weight/0/2", "-4")),
    "gated cells": ("gated, with skips", put("leaf 0/units/1/weight", "1")),
    "a count": ("counted, with skips", put("end/activation_regions", 4)),
    "a low bound": ("bounded", put("header/bounds/0/low", "1/9")),
    "a high bound": ("bounded, with skips", put("header/bounds/1/high", "4")),
    "a property": ("property", put("header/unsafe/0/rows/0/0", "-1")),
    "a property in the open domain": (
        "property",
        each(put("header/unsafe/0/rows/0/0", "-1"), put("header/strict", [0, 1, 2])),
    ),
    "a counterexample": ("counterexample", put("header/strict", [0, 1])),
    "equal networks": ("equal, maxima", put("record 2/layers/1/weight/0/2", "2")),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_claim_is_refuted(name: str) -> None:
    base, edit = FALSE[name]
    records = parsed(base_lines(base))
    assert refutations(encoded(records), random.Random(name)) == []
    edit(records)
    assert refutations(encoded(records), random.Random(name)) != []


def other_digits(content: bytes) -> Iterator[bytes]:
    """The content with one digit replaced by another, in every possible way."""
    for at, byte in enumerate(content):
        if byte in DIGITS:
            yield from (content[:at] + bytes([other]) + content[at + 1 :] for other in DIGITS if other != byte)


@pytest.mark.parametrize("name", ["bend", "cross, boundary ignored", "shut", "counted", "bounded", "equal"])
def test_without_the_hashes_every_change_of_a_digit_is_refused(name: str) -> None:
    accepted = [
        changed
        for changed in other_digits(b"".join(base_lines(name)))
        if checker.check_lines(checker.lines_of([changed])).kind != "invalid"
    ]
    assert accepted == []
