"""Writes the stored cases, and what every checker must say of them: ``python -m tests.checker.write_cases``."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.checker.cases import STORED

HERE = Path(__file__).parent
FOLDERS = ("accept", "reject")
EXPECTED = HERE / "expected.json"


def expected() -> str:
    """The text of ``expected.json``: file -> [verdict, a piece of the reason]."""
    verdicts = {file: [case.kind, case.reason] for file, case in STORED.items()}
    return json.dumps(verdicts, indent=0, sort_keys=True) + "\n"


def stored_files() -> Iterator[str]:
    """The files that lie on disk, by their names in the table."""
    for folder in FOLDERS:
        for path in (HERE / folder).rglob("*"):
            if path.is_file():
                yield path.relative_to(HERE).as_posix()


def main() -> None:
    for folder in FOLDERS:
        shutil.rmtree(HERE / folder, ignore_errors=True)
    for file, case in STORED.items():
        path = HERE / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.content())
    EXPECTED.write_text(expected(), encoding="utf-8")
    print(f"{len(STORED)} cases written")


if __name__ == "__main__":
    main()
