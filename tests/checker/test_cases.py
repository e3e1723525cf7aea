"""Every case has its verdict, from the library and from the command; the stored files are the table's."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.checker.bases import BASES, base_lines
from tests.checker.case import Case
from tests.checker.cases import CASES, RULES, STORED
from tests.checker.editing import HASHED
from tests.checker.write_cases import EXPECTED, HERE, expected, stored_files
from verishallow import checker

EXIT_CODES = {"valid": 0, "invalid": 1, "incomplete": 3}
COMMAND = (sys.executable, "-I", "-S", str(Path(checker.__file__).with_name("__main__.py")))
BY_COMMAND = (
    "bytes/a-lone-surrogate",
    "nested-900-deep",
    "gzip-without-its-checksum",
    "a-kind-with-a-method",
    "both-leaves",
)
REWRITE = "python -m tests.checker.write_cases renews the files"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


def test_the_table_covers_every_rule() -> None:
    counts = Counter((case.rule, case.kind) for case in CASES)
    assert {case.rule for case in CASES} == set(RULES)
    assert all(counts[rule, "invalid"] >= counts[rule, "valid"] for rule in RULES)
    assert all(counts[rule, "valid"] or counts[rule, "incomplete"] for rule in RULES)


def test_no_two_cases_share_a_file() -> None:
    assert len(STORED) == sum(case.stored for case in CASES)


@pytest.mark.parametrize("name", BASES)
def test_a_base_is_what_it_says(name: str) -> None:
    kind = "incomplete" if BASES[name].last_leaf_open else "valid"
    verdict, claimed = checker.check_lines(base_lines(name)), BASES[name].claim.header()
    assert (verdict.kind, {field: verdict.header[field] for field in claimed}) == (kind, claimed)


STATEMENTS = {
    "bend": "f(x) = S(x) for all x in D; D = R^1, 1 output, construction cells, boundary exact, 2 activation regions",
    "cross, boundary ignored": (
        "S(x) = k(x) f(x) for all x in D, k(x) >= 1 the number of closed cells that contain x; "
        "D = {x in R^2 : 4 inequalities}, 1 output, construction cells, boundary ignore, 4 activation regions"
    ),
    "counted, with skips": "D has exactly 3 activation regions of f; D = {x in R^2 : 4 inequalities}, 2 outputs",
    "bounded": "0 <= f_0(x) <= 1 for all x in D; D = {x in R^1 : 2 inequalities}, 1 output",
    "bounded, two outputs": "0 <= f_0(x) <= 2, 1/2 <= f_1(x) for all x in D; D = R^1, 2 outputs",
    "bounded, with skips": (
        "f_0(x) <= 5, -2/3 <= f_1(x) <= 9/2 for all x in D; D = {x in R^2 : 4 inequalities}, 2 outputs"
    ),
    "slice in space": (
        "f(x) = S(x) for all x in D; D = {x in R^2 : 4 inequalities}, 1 output, construction cells, boundary exact, "
        "4 activation regions, x in R^3 on a slice, given by its 2 parameters"
    ),
    "slice, equal": "f(x) = g(x) for all x in D; D = R^1, 1 output, x in R^2 on a slice, given by its 1 parameter",
    "equal, maxima": "f(x) = g(x) for all x in D; D = R^2, 1 output",
}
"""What is proved about D, before the hashes."""


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_verdict_states_the_claim(name: str) -> None:
    verdict = checker.check_lines(base_lines(name))
    hashes = [verdict.header[field] for field in HASHED if field in verdict.header]
    assert verdict.reason == f"{STATEMENTS[name]}, network sha256 {' and '.join(hashes)}"


@pytest.mark.parametrize("rule", RULES)
def test_stored_cases_are_those_of_the_table(rule: str) -> None:
    stored = {file: case for file, case in STORED.items() if case.rule == rule}
    rotten = [file for file, case in stored.items() if (HERE / file).read_bytes() != case.content()]
    assert not rotten, REWRITE


def test_no_other_files_are_stored() -> None:
    assert set(stored_files()) == set(STORED), REWRITE
    assert EXPECTED.read_text(encoding="utf-8") == expected(), REWRITE


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_a_case_has_its_verdict(case: Case, tmp_path: Path) -> None:
    path = HERE / case.file if case.stored else tmp_path / "certificate"
    if not case.stored:
        path.write_bytes(case.content())
    verdict = checker.check(path)
    assert verdict.kind == case.kind, str(verdict)
    assert case.reason in str(verdict)
    assert str(verdict).isascii()
    assert str(verdict).isprintable()


@pytest.mark.parametrize("file", sorted(file for file in STORED if any(part in file for part in BY_COMMAND)))
def test_the_command_has_the_same_verdict(file: str) -> None:
    case, result = STORED[file], run(str(HERE / file))
    assert (result.returncode, result.stderr) == (EXIT_CODES[case.kind], "")
    assert result.stdout.startswith(f"{case.kind}: ")
    assert case.reason in result.stdout
    assert result.stdout.count("\n") == 1


def test_the_command_accepts_a_valid_certificate() -> None:
    result = run(str(HERE / "accept/bytes/gzipped.jsonl.gz"))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("valid: f(x) = S(x) for all x in D; D = R^1, 1 output")


@pytest.mark.parametrize(
    "arguments", [(), ("no-such-file",), (".",), ("--boundary", "some", "file"), ("--claim", "some", "file")]
)
def test_the_command_refuses_what_it_cannot_open(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
