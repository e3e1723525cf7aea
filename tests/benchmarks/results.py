"""RESULTS.md: one section per table, written by the command that measured it (``--write``) and by nothing else.

A section is its name, the command, the machine with its versions, what the command printed, and a digest of all that.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from verishallow.whole_file import written_whole

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """\
# What was measured

Each section is written by the command that it names and is never edited by hand: a test compares its digest. Counts
are exact. Seconds are those of the machine that the section names.
"""
HEADING = re.compile(r"^## (?=\S)", re.MULTILINE)
DIGEST = re.compile(r"^<!-- SHA-256 of the section: (\w{64}) -->\n$")


@dataclass(frozen=True)
class Section:
    """The outcome of one table's command."""

    name: str
    command: str
    machine: str
    lines: tuple[str, ...]

    def text(self) -> str:
        """The section in Markdown, its digest last."""
        body = "\n".join(self.lines).strip("\n")
        return signed(f"## {self.name}\n\n`{self.command}`\n\n{self.machine}\n\n{body}\n\n")


def signed(text: str) -> str:
    """A text, and a comment with its digest."""
    return f"{text}<!-- SHA-256 of the section: {hashlib.sha256(text.encode()).hexdigest()} -->\n"


def is_signed(text: str) -> bool:
    """Whether a section is as some command wrote it."""
    *lines, last = text.splitlines(keepends=True)
    found = DIGEST.match(last)
    return found is not None and signed("".join(lines)) == text


def sections(page: str) -> dict[str, str]:
    """The sections of a page by their names; they keep their texts, but for empty lines at the end."""
    _, *found = HEADING.split(page)
    return {text.partition("\n")[0]: f"## {text.rstrip()}\n" for text in found}


def command_of(page: str, name: str) -> list[str]:
    """The words of the command that wrote a section."""
    return sections(page)[name].splitlines()[2].strip("`").split()


def replaced(page: str, section: Section, order: Iterable[str]) -> str:
    """The page with one section instead of its old one, if there was any; all others stay byte for byte."""
    found = {**sections(page), section.name: section.text()}
    return "\n".join([HEAD, *(found[name] for name in order if name in found)])


def write(section: Section, order: Iterable[str], path: Path) -> None:
    """Replace one section of the file, which appears whole or not at all."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    with written_whole(path) as file:
        file.write(replaced(page, section, order).encode())
