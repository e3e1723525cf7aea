"""The campaign runs, and counts what it says it counts."""

import pytest

from tests.campaigns.mutate_certificates import main, run


def test_a_short_campaign_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--mutants", "600", "--seed", "3"]) == 0
    assert "invalid" in capsys.readouterr().out


def test_every_mutant_is_counted() -> None:
    counts, failures = run(500, 5)
    assert (counts.total() - counts["certificates"], failures) == (500, [])
    assert counts["invalid"] > 300
