"""The verified checker, the stand-alone one and the fast one give one verdict; what it does not treat it names."""

import gzip
import json
import random
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.checker.bases import BASES, base_lines
from tests.checker.editing import parsed
from tests.checker.mutations import mutant
from tests.formal.building import FORMAL, ROOT, Development
from verishallow import checker, fast_checker

STORED = ROOT / "tests" / "checker"
EXPECTED: dict[str, list[str]] = json.loads((STORED / "expected.json").read_text(encoding="utf-8"))
FOLDERS = sorted({str(Path(file).parent) for file in EXPECTED})
PROOFS = sorted((ROOT / "proofs").glob("*/*.cert.jsonl.gz"))
CLAIMS = ("bounds", "equal", "equality-on-grid", "equality-on-cells", "property", "counterexample")
CONSTRUCTIONS = ("merge", "one-hidden", "finite", "quantised")
UNSUPPORTED = (*CLAIMS, *CONSTRUCTIONS, "one unit")
MUTANTS = 6
"""Of each base; a campaign makes many more."""


def header_of(file: Path) -> dict[str, Any]:
    """The header as far as it can be read at all."""
    content = file.read_bytes()
    try:
        plain = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        header = json.loads(plain.partition(b"\n")[0])
    except (EOFError, OSError, ValueError, zlib.error):
        return {}
    return header if isinstance(header, dict) else {}


def unsupported(file: Path) -> str | None:
    """What of a certificate the formal development does not treat, by its header; ``None`` where it treats all."""
    header = header_of(file)
    if header.get("claim") in CLAIMS:
        return str(header["claim"])
    if header.get("claim") == "equality" and header.get("construction") in CONSTRUCTIONS:
        return str(header["construction"])
    return "one unit" if header.get("claim") == "equality" and "low" in header else None


def disagreement(development: Development, file: Path, expected: str) -> str | None:
    """In what the verified checker's answer about a file is not the one expected; ``None`` where it is."""
    word, said = development.verdict(file)
    name = unsupported(file)
    if word == "unsupported":
        return None if said == name else f"unsupported: {said}, expected {name or expected}"
    # A file may be refused before its header says what it claims.
    agreed = word == expected and (name is None or expected == "invalid")
    return None if agreed else f"{word}: {said}, expected {expected}"


def disagreements(development: Development, verdicts: dict[Path, str]) -> dict[str, str]:
    found = {file.name: disagreement(development, file, expected) for file, expected in verdicts.items()}
    return {name: text for name, text in found.items() if text}


@pytest.mark.parametrize("folder", FOLDERS)
def test_one_verdict_on_every_stored_case(development: Development, folder: str) -> None:
    verdicts = {STORED / file: word for file, (word, _) in EXPECTED.items() if str(Path(file).parent) == folder}
    assert verdicts
    assert disagreements(development, verdicts) == {}


def test_three_checkers_agree_about_the_library_of_proofs(development: Development) -> None:
    assert PROOFS
    verdicts = {file: checker.check(file) for file in PROOFS}
    assert {file: fast_checker.check(file) for file in PROOFS} == verdicts
    assert disagreements(development, {file: verdict.kind for file, verdict in verdicts.items()}) == {}


def test_what_it_does_not_treat_is_named_by_the_guide_and_met_in_the_cases() -> None:
    guide = (FORMAL / "README.md").read_text(encoding="utf-8")
    assert [name for name in UNSUPPORTED if f"`{name}`" not in guide] == []
    assert {unsupported(STORED / file) for file in EXPECTED} >= {*UNSUPPORTED, None}


@pytest.mark.parametrize("name", BASES)
def test_one_verdict_on_changed_records(development: Development, name: str, tmp_path: Path) -> None:
    rng, records = random.Random(name), parsed(base_lines(name))
    verdicts = {}
    for number in range(MUTANTS):
        lines = mutant(records, rng)[1]
        file = tmp_path / f"{number}.jsonl"
        file.write_bytes(b"".join(lines))
        verdicts[file] = checker.check_lines(lines).kind
    assert disagreements(development, verdicts) == {}


@pytest.mark.parametrize("arguments", ["absent.jsonl", "."])
def test_what_cannot_be_read_is_told(development: Development, arguments: str, tmp_path: Path) -> None:
    command = [development.folder / "verified_check", tmp_path / arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
