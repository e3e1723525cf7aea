"""The campaign on properties runs, and would notice a claim that is false."""

import random

import pytest

from tests.campaigns.mutate_properties import failure, main, searched
from tests.checker.bases import base_lines
from tests.checker.editing import parsed, put


def test_a_short_campaign_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--mutants", "200", "--seed", "3"]) == 0
    assert "invalid" in capsys.readouterr().out


def test_a_false_property_is_found_by_the_search() -> None:
    records = parsed(base_lines("property"))
    assert searched(records) is None
    put("header/unsafe/0/rows/0/0", "-1")(records)
    assert searched(records) is not None


def test_checkers_that_differ_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.verify.plain_checker.check", lambda _lines: "incomplete")
    kind, wrong = failure(parsed(base_lines("property, words")), random.Random(0))
    assert (kind, wrong is not None) == ("valid", True)
