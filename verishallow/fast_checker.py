"""The verdicts of :mod:`verishallow.checker`, word for word, sooner.

The judge in ``checker.py`` stands alone, and is the one to trust. This one reads the same files by the same rules and
believes no more than it does: records that hold are accepted by quicker arithmetic, and a record on which that has
doubts is put before the judge. The price is a few dependencies.

>>> check_lines([b"{}"]).reason
"line 1: not the canonical spelling (sorted keys, no spaces, each key once)"
"""

import hashlib
from collections.abc import Iterable
from itertools import chain
from os import PathLike
from typing import Any

from verishallow import checker
from verishallow.checker import Invalid, Network, Record, Row, Verdict
from verishallow.fast_farkas import packing
from verishallow.fast_walk import Walk


class _Judge(checker.Judge):
    """The judge, with another walk from the network's record to the end record."""

    def judge(self) -> Verdict:
        _, header = self.read("header")
        domain, self.header = checker.check_header(header), header
        line, record = self.read("network")
        network = Network(record, header["inputs"], header["outputs"])
        _require(header["network_sha256"] == hashlib.sha256(line).hexdigest(), "the header's network_sha256 is another")
        self.meet_expectations(line, domain)
        return self._verdict(self._walked(checker.Walk(header, domain, network), domain))

    def _walked(self, walk: checker.Walk, domain: list[Row]) -> checker.Walk:
        """The judge's walk at its end."""
        packed = packing(walk.network, domain)
        if packed is None:
            while walk.waiting:
                walk.take(self.read()[1])
        else:
            self._walk(Walk(walk, packed))
        return walk

    def _walk(self, walk: Walk) -> None:
        lines = self.lines
        while walk.waiting:
            self.number += 1
            self.place = f"line {self.number}"
            line = next(lines, b"")
            if walk.take(line):
                self.digest.update(line)
            else:
                self.number, self.lines = self.number - 1, chain([line], lines)
                walk.ask(self.read()[1])
        self.lines = lines

    def _verdict(self, walk: checker.Walk) -> Verdict:
        header = self.header
        _, end = self.read("end")
        checker.check_end(end, walk.counts, walk.planes, header)
        self.digest.update(checker.canonical({name: value for name, value in end.items() if name != "sha256"}))
        only_the_hash = "only the hash fails: every record verifies, sha256 does not"
        _require(end["sha256"] == self.digest.hexdigest(), only_the_hash)
        _require(next(self.lines, None) is None, "something follows the end record")
        if end["open"]:
            return Verdict("incomplete", f"{end['open']} cells are left open", header, end)
        return Verdict("valid", checker.claim(header, end), header, end)


def _require(holds: bool, fact: str) -> None:
    if not holds:
        raise Invalid(fact)


def check_lines(lines: Iterable[bytes], **expected: Any) -> Verdict:
    """The verdict on lines; ``network`` (a record), ``domain`` (primitive rows), ``boundary`` must agree if given."""
    judge = _Judge(lines, expected)
    try:
        return judge.judge()
    except Invalid as fact:
        return Verdict("invalid", f"{judge.place}: {fact}", judge.header)
    except (RecursionError, MemoryError):
        return Verdict("invalid", f"{judge.place}: too large or nested too deeply", judge.header)


def check(path: str | PathLike[str], **expected: Any) -> Verdict:
    """The verdict on a certificate file, gzipped or plain. Raises OSError where it cannot be opened."""
    with open(path, "rb") as file:
        return check_lines(checker.lines_of(checker.chunks_of(file)), **expected)
