"""One case: a base certificate, an edit, and the verdict that the edited certificate deserves."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.checker.bases import BASES, base_lines
from tests.checker.editing import AnyEdit, OnBytes, edited
from verishallow import checker

IGNORED = ", boundary ignored"
STATED = {
    "equality": "(x) for all x in D",
    "equality-on-cells": "f(x) = S(x) for all x in D in the half-open cells of ",
    "equality-on-grid": "f(x) = S(x) for all x in D on the grid ",
    "regions": "D has exactly ",
    "bounds": " for all x in D",
    "equal": "f(x) = g(x) for all x in D",
    "property": "no x in D",
    "counterexample": "x in D with ",
}
"""A piece of the statement that is proved, for each claim."""


@dataclass(frozen=True)
class Case:
    """``reason`` is a piece of the checker's reason. Cases that are large are generated, never stored."""

    rule: str
    name: str
    base: str
    edit: AnyEdit
    kind: str
    reason: str
    stored: bool = True

    def content(self) -> bytes:
        return edited(base_lines(self.base), self.edit)

    @property
    def file(self) -> str:
        """Where the case is stored: text as JSON lines, all else as it is."""
        folder = "accept" if self.kind == "valid" else "reject"
        slug = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")
        return f"{folder}/{self.rule}/{slug}{_suffix(self)}"


def _suffix(case: Case) -> str:
    if not isinstance(case.edit, OnBytes):
        return ".jsonl"
    return ".jsonl.gz" if case.content().startswith(b"\x1f\x8b") else ".bin"


Row = tuple[Any, ...]


def table(
    rule: str,
    *,
    accepted: Iterable[Row] = (),
    rejected: Iterable[Row] = (),
    incomplete: Iterable[Row] = (),
    generated: Iterable[Row] = (),
) -> list[Case]:
    """The cases of a rule. Rows are (name, base, edit) and, but for accepted ones, a piece of the reason.

    A base that ends in ``*`` stands for both boundaries; what is refused before they differ is stored for one.
    Generated rows are rejected ones that are not stored.
    """
    cases = [Case(rule, name, base, edit, "valid", _stated(base)) for name, base, edit in accepted]
    for kind, rows, stored in (
        ("invalid", rejected, True),
        ("incomplete", incomplete, True),
        ("invalid", generated, False),
    ):
        cases += [Case(rule, name, base, edit, kind, reason, stored) for name, base, edit, reason in rows]
    return [case for listed in cases for case in _boundaries(listed)]


def _stated(base: str) -> str:
    return STATED[BASES[base.removesuffix("*")].claim.name]


def _boundaries(case: Case) -> Iterator[Case]:
    if not case.base.endswith("*"):
        yield case
        return
    base = case.base.removesuffix("*")
    assert base + IGNORED in BASES
    exact = replace(case, base=base)
    ignored = replace(case, base=base + IGNORED, name=case.name + IGNORED)
    yield exact
    yield replace(ignored, stored=case.stored and not _refused_alike(exact, ignored))


def _refused_alike(exact: Case, ignored: Case) -> bool:
    """Whether both are one text up to the line that is refused, but for the word in the header."""
    exact_lines, ignored_lines = (case.content().split(b"\n") for case in (exact, ignored))
    place = re.match(r"line (\d+)", checker.check_lines(line + b"\n" for line in exact_lines).reason)
    read = int(place[1]) if place and exact.kind == "invalid" else len(exact_lines)
    ignored_lines[0] = ignored_lines[0].replace(b'"ignore"', b'"exact"')
    return exact_lines[:read] == ignored_lines[:read]
