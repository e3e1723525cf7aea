"""Compiling LaTeX inside a test, and reading its log strictly."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

TROUBLE = re.compile(r"^(!|(Over|Under)full|.*(undefined|multiply defined|Rerun|[Ww]arning:)).*$", re.MULTILINE)


def needs(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


def latex(source: Path, runs: int = 3) -> str:
    """The log of the last run of pdflatex in the folder of a file."""
    needs("pdflatex")
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", source.name]
    # Lines of a log are broken elsewhere, and words in them with the lines.
    environment = {**os.environ, "max_print_line": "1000"}
    for _ in range(runs):
        subprocess.run(command, cwd=source.parent, env=environment, capture_output=True, check=False, timeout=100)
    return source.with_suffix(".log").read_text(encoding="latin-1")


def trouble(log: str) -> list[str]:
    """Errors, warnings, and lines that do not fit."""
    return [match[0] for match in TROUBLE.finditer(log)]


def pages(log: str) -> int:
    found = re.search(r"Output written on .*?\((\d+)\s+pages?", log.replace("\n", ""))
    assert found, "no pages were written"
    return int(found[1])


def paper(folder: Path, parts: list[str], preamble: str) -> Path:
    """A paper that has these files in its body."""
    body = "\n".join(f"\\input{{{part}}}" for part in parts)
    source = folder / "paper.tex"
    source.write_text(f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n")
    return source
