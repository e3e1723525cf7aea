"""``--network``, ``--other``, ``--domain``, ``--slice``, ``--claim``, ``--boundary``: what must be met."""

from pathlib import Path

import pytest

from tests.checker.expectations import EXPECTATIONS, Expectation, outcome
from tests.checker.mutants import COMMAND, SOURCE, Mutant, loaded, mutants
from verishallow import checker

each = pytest.mark.parametrize("expectation", EXPECTATIONS, ids=lambda expectation: expectation.name)


@each
def test_an_expectation_is_met_or_not(expectation: Expectation, tmp_path: Path) -> None:
    code, printed = outcome(checker, expectation, tmp_path)
    assert (code, printed.count("\n")) == (expectation.code, 2 if "--files" in expectation.options else 1)
    assert expectation.said in printed


@pytest.fixture(scope="module")
def as_it_is(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("expectations")
    return {one.name: outcome(checker, one, folder) for one in EXPECTATIONS}


def test_the_command_itself_survives(as_it_is: dict[str, object], tmp_path: Path) -> None:
    module = loaded(SOURCE)
    assert [one.name for one in EXPECTATIONS if outcome(module, one, tmp_path) != as_it_is[one.name]] == []


@pytest.mark.parametrize(
    "mutant", mutants(COMMAND), ids=lambda mutant: f"{mutant.file}.py: {mutant.function}: {mutant.name}"
)
def test_a_check_of_the_command_matters(mutant: Mutant, as_it_is: dict[str, object], tmp_path: Path) -> None:
    assert mutant.source != SOURCE, "the checker does not say so, or more than once"
    module = loaded(mutant.source)
    assert any(outcome(module, one, tmp_path) != as_it_is[one.name] for one in EXPECTATIONS)
