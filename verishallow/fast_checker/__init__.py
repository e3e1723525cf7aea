"""The verdicts of :mod:`verishallow.checker`, word for word, sooner.

That checker stands alone, and is the one to trust. This one reads the same files by the same rules and believes no more
than it does: records that hold are accepted by quicker arithmetic, and a record on which that has doubts is put before
the stand-alone checker. The price is a few dependencies.

>>> print(check_lines([b"{}"]))
invalid: line 1: not the canonical spelling (sorted keys, no spaces, each key once)
"""

from collections.abc import Iterable
from itertools import chain
from os import PathLike
from typing import Any

from verishallow import checker
from verishallow.checker import Network, Record, Row, Verdict
from verishallow.checker.property import Property
from verishallow.fast_checker.farkas import packing
from verishallow.fast_checker.walk import FastWalk, bounds

CELLS = checker.CELLS[0].construction
"""The construction whose leaves the fast walk knows."""


class _Judge(checker.Judge):
    """The checker itself, except that it skips the records of the tree that the fast walk accepts."""

    def __init__(self, lines: Iterable[bytes], expected: Record) -> None:
        super().__init__(lines, expected)
        self._rest, self._fast = self.lines, None  # type: tuple[Any, FastWalk | None]

    def walk(self, header: Record, domain: list[Row], network: Network) -> checker.Tree:
        """The checker's walk, with the fast walk beside it; of properties the same walk with quicker numbers."""
        rules = checker.rules_of(header)
        if rules.walk is Property:
            # It needs numpy, which no other certificate waits for.
            from verishallow.fast_checker.property import FastProperty  # noqa: PLC0415

            return FastProperty(rules, header, domain, network)
        walk: checker.Tree = super().walk(header, domain, network)
        if not isinstance(walk, checker.Walk):
            return walk
        packed = packing(network, domain, [bound for *_, bound in bounds(header)])
        # Pieces and gated cells are left to the checker: they are few, and the proofs below them are short.
        plain = header["claim"] != "equality-on-cells" and "low" not in header
        known = plain and header.get("construction") in (None, CELLS)
        self._fast = FastWalk(walk, packed) if packed and known else None
        return walk

    def read(self, kind: str | None = None) -> tuple[bytes, Record]:
        """The next line and its record; within the tree, the next one that the fast walk does not accept."""
        if self._fast and kind is None:
            self._pass_over(self._fast)
        return super().read(kind)

    def _pass_over(self, walk: FastWalk) -> None:
        walk.take_over()
        while walk.take(line := self._next_line()):
            self.digest.update(line)
        walk.hand_over()
        self.number, self.lines = self.number - 1, chain([line], self._rest)

    def _next_line(self) -> bytes:
        self.number += 1
        self.place = f"line {self.number}"
        return next(self._rest, b"")


def check_lines(lines: Iterable[bytes], **expected: Any) -> Verdict:
    """The verdict on lines, with expected values as in :func:`verishallow.checker.check_lines`."""
    return _Judge(lines, expected).verdict()


def check(path: str | PathLike[str], **expected: Any) -> Verdict:
    """The verdict on a certificate file, gzipped or plain. Raises OSError if it cannot be opened."""
    with open(path, "rb") as file:
        return check_lines(checker.lines_of(checker.chunks_of(file)), **expected)
