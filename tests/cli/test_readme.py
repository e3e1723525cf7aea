"""The README's first command prints what the README says, but for the seconds."""

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import run

ROOT = Path(__file__).resolve().parents[2]
SECONDS = re.compile(r"[0-9.]+$")


def example() -> tuple[str, str]:
    """The first command of the README, and what it is said to print."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"\.venv/bin/verishallow (prove .*)\n", readme)
    return command, readme.partition("The first prints\n\n```text\n")[2].partition("```")[0]


def without_times(text: str) -> list[str]:
    return [SECONDS.sub("", line) if " seconds " in line else line for line in text.splitlines()]


def test_the_first_command_prints_what_the_readme_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "proofs" / "iris", tmp_path / "proofs" / "iris")
    monkeypatch.chdir(tmp_path)
    command, printed = example()
    result = run(*command.split())
    assert result.exit_code == 0
    assert without_times(result.stdout) == without_times(printed)
