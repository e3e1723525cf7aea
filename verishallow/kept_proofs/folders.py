"""Where the tests of a suite keep their certificates, and which of these files no test uses.

The certificate of ``test_a.py::TestClass::test_b`` about ``net.onnx`` is
``__certificates__/test_a/TestClass.test_b.net.cert.jsonl.gz`` beside ``test_a.py``.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

FOLDER, SUFFIX = "__certificates__", ".cert.jsonl.gz"
LONGEST = 100
"""The most characters of one part of a name; file systems allow 255."""

_NOT_PORTABLE = re.compile(r"[^A-Za-z0-9_.,=+@\[\]-]")


def readable(text: str) -> str:
    """A text as part of a file name; if characters had to be replaced or cut off, a hash makes it unique.

    >>> readable("test_bounds[0.5-low]"), readable("a/b"), readable("a:b")
    ('test_bounds[0.5-low]', 'a_b-c14cddc0', 'a_b-6783a31e')
    """
    name = _NOT_PORTABLE.sub("_", text)[:LONGEST]
    return name if name == text else f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class ProofPlace:
    """The place of a test: its file, and its name in that file after the names of its classes."""

    file: Path
    names: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """The folder of all certificates of the test's file."""
        return self.file.parent / FOLDER / readable(self.file.name.removesuffix(".py"))

    @property
    def beginning(self) -> str:
        """The beginning of the path of each certificate of this test."""
        return str(self.folder / readable(".".join(self.names))) + "."

    def certificate(self, about: str) -> Path:
        """The path of a certificate about something, such as a network, by its name."""
        return Path(f"{self.beginning}{readable(about)}{SUFFIX}")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run of tests, or its part in another process, knows about certificate files; paths are texts.

    ``complete`` are folders whose test file was collected as a whole, or no longer exists; ``partial`` those whose test
    file could not be collected. ``collected``, ``passed`` and ``failed`` are the beginnings of tests' certificates.
    """

    used: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    complete: set[str] = field(default_factory=set)
    partial: set[str] = field(default_factory=set)
    collected: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    def update(self, other: Mapping[str, Iterable[str]]) -> None:
        """Add what another part of the run knows, given by its :meth:`texts`."""
        for name, paths in other.items():
            getattr(self, name).update(paths)

    def texts(self) -> dict[str, list[str]]:
        """The same as lists of texts, which can be sent between processes."""
        return {entry.name: sorted(getattr(self, entry.name)) for entry in fields(self)}

    def unused(self) -> list[Path]:
        """The certificates that no test uses: their test no longer exists, or has passed without them.

        A test that was deselected, was skipped or has failed may still need its own.
        """
        unsure = tuple(self.collected - (self.passed - self.failed))
        folders = (Path(folder) for folder in sorted(self.complete - self.partial))
        files = (file for folder in folders for file in sorted(folder.glob("*" + SUFFIX)))
        return [file for file in files if str(file) not in self.used and not str(file).startswith(unsure)]


def orphaned_folders(directory: Path) -> list[Path]:
    """The folders of certificates in a directory whose test file no longer exists; none if it cannot be read."""
    if not os.path.isdir(directory / FOLDER):
        return []
    try:
        there = {ProofPlace(file, ()).folder for file in directory.iterdir()}
        return sorted(folder for folder in (directory / FOLDER).iterdir() if folder.is_dir() and folder not in there)
    except OSError:
        return []


def removed(files: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Delete files, and folders that become empty; the files that are gone, and those that could not be deleted."""
    gone, kept = list[Path](), list[Path]()
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError:
            kept.append(file)
        else:
            gone.append(file)
    for folder in {file.parent for file in gone}:
        _remove_empty(folder)
    return gone, kept


def _remove_empty(folder: Path) -> None:
    """Remove a folder, and then the one above it, if they are empty."""
    for place in (folder, folder.parent):
        try:
            place.rmdir()
        except OSError:
            return
