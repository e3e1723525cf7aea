"""The README is one page, and what its commands print is what it says, but for the seconds."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import run

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECONDS = re.compile(r"[0-9.]+$")
MOST_LINES = 150


def example() -> tuple[str, str]:
    """The first command of the README, and what it is said to print."""
    (command,) = re.findall(r"\.venv/bin/verishallow (prove .*)\n", README)
    return command, README.partition("prints, but for the seconds,\n\n```text\n")[2].partition("```")[0]


def without_times(text: str) -> list[str]:
    return [SECONDS.sub("", line) if " seconds " in line else line for line in text.splitlines()]


def test_the_readme_is_one_page() -> None:
    assert README.count("\n") <= MOST_LINES


def test_the_first_command_prints_what_the_readme_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "proofs" / "iris", tmp_path / "proofs" / "iris")
    monkeypatch.chdir(tmp_path)
    command, printed = example()
    result = run(*command.split())
    assert result.exit_code == 0
    assert without_times(result.stdout) == without_times(printed)


def test_the_certificate_is_checked_by_the_command_that_the_readme_gives() -> None:
    (command,) = re.findall(r"^python3 (.*)$", README, re.MULTILINE)
    checked = subprocess.run(
        [sys.executable, *shlex.split(command)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert checked.stdout == example()[1].splitlines()[0] + "\n"
