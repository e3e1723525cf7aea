"""The table of claims and constructions: one line for each, which says what is in a certificate and who checks it."""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.checker.bases import BASES, base_lines
from tests.checker.mutants import mutants
from verishallow import checker, fast_checker
from verishallow.checker.judge import KERNEL

FOLDER = Path(checker.__file__).parent


def test_each_line_is_told_apart_from_all_others() -> None:
    lines = Counter((rules.claim, rules.construction, rules.boundary) for rules in checker.TABLE)
    assert set(lines.values()) == {1}


def test_a_claim_has_a_construction_and_a_boundary_in_all_its_lines_or_in_none() -> None:
    told = {(rules.claim, bool(rules.construction), bool(rules.boundary)) for rules in checker.TABLE}
    assert sorted(claim for claim, _, _ in told) == sorted(checker.CLAIMED)


def test_each_kind_of_record_has_a_rule_and_each_rule_a_line() -> None:
    for rules in checker.TABLE:
        assert [kind for kind in rules.nodes if not hasattr(rules.walk, f"rule_{kind}")] == []
    kinds = {kind for rules in checker.TABLE for kind in rules.nodes}
    assert kinds == {
        name.removeprefix("rule_") for rules in checker.TABLE for name in dir(rules.walk) if "rule_" in name
    }


def test_each_line_has_a_certificate() -> None:
    headers = [checker.record_of(base_lines(name)[0]) for name in BASES]
    assert {id(checker.rules_of(header)) for header in headers} == {id(rules) for rules in checker.TABLE}


def executed(lines: Iterable[bytes]) -> tuple[checker.Verdict, set[str]]:
    """The verdict on lines, and the files of the checker in which something was executed for it."""
    files = set[str]()

    def noted(frame: FrameType, _event: str, _argument: Any) -> None:
        files.add(frame.f_code.co_filename)

    before = sys.getprofile()
    sys.setprofile(noted)
    try:
        verdict = checker.check_lines(lines)
    finally:
        sys.setprofile(before)
    return verdict, {Path(file).stem for file in files if Path(file).parent == FOLDER}


@pytest.mark.parametrize("name", [name for name in BASES if not BASES[name].last_leaf_open])
def test_a_verdict_names_the_files_that_are_executed_for_it(name: str) -> None:
    verdict, files = executed(base_lines(name))
    assert verdict.kind == "valid"
    assert files == set(verdict.files)


def test_a_verdict_names_the_files_in_the_order_of_reading() -> None:
    for rules in checker.TABLE:
        assert [file for file in checker.FILES if file in rules.files] == list(rules.files)
    assert [file for file in checker.FILES if file in KERNEL] == list(KERNEL)


def test_without_a_header_the_kernel_has_the_verdict() -> None:
    assert [judge.check_lines([]).files for judge in (checker, fast_checker)] == [KERNEL, KERNEL]


def test_each_file_has_mutants() -> None:
    assert {mutant.file for mutant in mutants(but=("none",))} == set(checker.FILES)
