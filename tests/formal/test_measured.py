"""The campaign and the benchmark of the verified checker run, and count what they say they count."""

import pytest

from tests.benchmarks import verified
from tests.benchmarks.networks import WHOLE, Case
from tests.campaigns.judge_mutants import main, run
from tests.formal.building import Development

TINY = Case("2-3-3-1", WHOLE)


def test_a_short_campaign_finds_nothing(development: Development, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--mutants", "100", "--seed", "3", "--development", str(development.folder)]) == 0
    assert "invalid" in capsys.readouterr().out


def test_every_mutant_is_counted(development: Development) -> None:
    counts, failures = run(150, 5, development)
    assert (counts.total() - counts["certificates"], failures) == (150, [])
    assert min(counts["invalid"], counts["valid"]) > 10


def test_a_table_of_regions_a_second(development: Development) -> None:
    row = verified.row(development, (TINY, "exact"), 1)
    assert len(row) == len(verified.HEADS)
    assert all(int(cell.replace(",", "")) > 0 for cell in row[3:])


def test_a_table_of_seconds_of_coq(development: Development) -> None:
    row = verified.coq_row(development, (TINY, "ignore"), 1)
    assert len(row) == len(verified.COQ_HEADS)
    assert float(row[-1]) > 0
