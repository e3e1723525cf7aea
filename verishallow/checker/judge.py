# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The verdict on a certificate, line by line (FORMAT.md, sections 3 and 14)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

from .network import Network
from .table import check_header, rules_of
from .unsafe import same_unsafe
from .values import Invalid, Record, Row, canonical, chunks_of, key, lines_of, record_of, require, shown
from .walk import Tree

KERNEL = ("values", "network", "walk", "table", "judge")
"""The files that check every certificate."""


@dataclass(frozen=True)
class Verdict:
    """What the checker says of a certificate, why, and in which of its files the rules stand that were applied.

    >>> Verdict("invalid", "line 1: not one JSON value in ASCII").exit_code
    1
    """

    kind: str  # "valid", "invalid" or "incomplete"
    reason: str
    header: Record = field(default_factory=dict)
    counts: Record = field(default_factory=dict)
    files: tuple[str, ...] = KERNEL

    @property
    def exit_code(self) -> int:
        return {"valid": 0, "invalid": 1, "incomplete": 3}[self.kind]

    def __bool__(self) -> bool:
        return self.kind == "valid"

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"

    def __repr__(self) -> str:
        return f"<Verdict {self}>"


def claim(header: Record, counts: Record) -> str:
    """The statement that a valid certificate proves, in one line."""
    n, m, rows = header["inputs"], header["outputs"], len(header["domain"])
    strict = f", {len(header['strict'])} of them strict" if header.get("strict") else ""
    domain = f"D = {{x in R^{n} : {rows} inequalit{'ies' if rows > 1 else 'y'}{strict}}}" if rows else f"D = R^{n}"
    words, networks = f"{m} output{'s' * (m > 1)}", f"network sha256 {header['network_sha256']}"
    if "construction" in header:
        words += f", construction {header['construction']}"
        words += f", boundary {header['boundary']}" if "boundary" in header else f", gates of -{header['gate_weight']}"
        many, regions = counts["leaves"] != 1, "activation_regions" in counts
        words += f", {counts['leaves']} {'activation region' + 's' * many if regions else 'leaves' if many else 'leaf'}"
    if header.get("other_network_sha256", header["network_sha256"]) != header["network_sha256"]:
        networks += f" and {header['other_network_sha256']}"
    if "slice" in header:
        words += f", x in R^{len(header['slice'])} on a slice, given by its {n} parameter{'s' * (n > 1)}"
    return f"{rules_of(header).statement(header, counts)}; {domain}, {words}, {networks}"


class Judge:
    """Takes a certificate line by line, and knows where it stands when a fact fails."""

    def __init__(self, lines: Iterable[bytes], expected: Record) -> None:
        self.lines, self.expected = iter(lines), expected
        self.number, self.place, self.header, self.digest = 0, "the beginning", Record(), hashlib.sha256()
        self.files: tuple[str, ...] = KERNEL

    def verdict(self) -> Verdict:
        try:
            kind, reason, counts = self.judge()
        except Invalid as fact:
            kind, reason, counts = "invalid", f"{self.place}: {fact}", {}
        except (RecursionError, MemoryError):
            kind, reason, counts = "invalid", f"{self.place}: too large or nested too deeply", {}
        return Verdict(kind, reason, self.header, counts, self.files)

    def read(self, kind: str | None = None) -> tuple[bytes, Record]:
        self.number += 1
        self.place = f"line {self.number}"
        line = next(self.lines, b"")
        require(line, "the file ends before its end record")
        record = record_of(line)
        self.place = f"line {self.number} ({shown(record['record'])[1:-1]})"
        require(kind in (None, record["record"]), f"expected the {kind} record")
        if kind != "end":
            self.digest.update(line)
        return line, record

    def judge(self) -> tuple[str, str, Record]:
        """The kind of the verdict, its reason, and the end record."""
        _, header = self.read("header")
        domain, self.header = check_header(header), header
        self.files = KERNEL + rules_of(header).files
        hashes = [name for name in ("network_sha256", "other_network_sha256") if name in header]
        read = [self.read("network") for _ in hashes]
        network = Network([record for _, record in read], header["inputs"], header["outputs"], header.get("slice"))
        for name, (line, _) in zip(hashes, read):
            require(header[name] == hashlib.sha256(line).hexdigest(), f"the header's {name} is another")
        self.meet_expectations([line for line, _ in read], domain)
        walk = self.walk(header, domain, network)
        while walk.waiting:
            walk.take(self.read()[1])
        _, end = self.read("end")
        walk.check_end(end)
        self.digest.update(canonical({name: value for name, value in end.items() if name != "sha256"}))
        require(end["sha256"] == self.digest.hexdigest(), "only the hash fails: every record verifies, sha256 does not")
        require(next(self.lines, None) is None, "something follows the end record")
        if end["open"]:
            cells = "1 cell is" if end["open"] == 1 else f"{end['open']} cells are"
            return "incomplete", f"{cells} left open", end
        return "valid", claim(header, end), end

    def walk(self, header: Record, domain: list[Row], network: Network) -> Tree:
        return rules_of(header).begin(header, domain, network)

    def meet_expectations(self, lines: list[bytes], domain: list[Row]) -> None:
        about = [self.expected.get(name) for name in ("network", "other")]
        for network, line in zip(about, [*lines, b""]):
            require(network is None or canonical(network) == line, "the certificate is about another network")
        rows, embedding = self.expected.get("domain"), self.expected.get("slice")
        same = rows is None or same_domain(rows, domain, self.header, self.expected.get("strict") or ())
        require(same, "the certificate is about another domain")
        anywhere = rows is None and embedding is None
        require(anywhere or embedding == self.header.get("slice"), "the certificate is about another slice")
        unsafe = self.expected.get("unsafe")
        same = unsafe is None or same_unsafe(unsafe, self.header.get("unsafe", ()))
        require(same, "the certificate is about another property")
        boundary, kind = self.expected.get("boundary"), self.expected.get("claim")
        require(kind in (None, self.header["claim"]), f"the claim is {self.header['claim']}")
        everywhere = rules_of(self.header).everywhere
        about_all = kind or (rows is None and unsafe is None) or everywhere
        require(about_all, f"the claim is {self.header['claim']}, not about all of the domain")
        known = self.header.get("boundary", "none") if everywhere else "none"
        needed = boundary or ("exact" if kind == "equality" else known)
        require(needed == known, f"the claim is for boundary {known}")


def same_domain(expected: list[Row], domain: list[Row], header: Record, strict: Iterable[int]) -> bool:
    """Whether rows, all of them of so many inputs, are those of a domain; one that is always true says nothing."""
    strict, open_ones = set(strict), set(header.get("strict", ()))
    known = [(row, number in strict) for number, row in enumerate(expected)]
    told = {(key(row), open_) for row, open_ in known if any(row[1:]) or row[0] < 0 or (row[0] == 0 and open_)}
    found = {(key(row), number in open_ones) for number, row in enumerate(domain)}
    return all(len(row) == header["inputs"] + 1 for row in expected) and closed_once(told) == closed_once(found)


def closed_once(rows: set[tuple[str, bool]]) -> set[tuple[str, bool]]:
    """The rows without those that a strict one says too."""
    return {(row, strict) for row, strict in rows if strict or (row, True) not in rows}


def check_lines(lines: Iterable[bytes], **expected: Any) -> Verdict:
    """The verdict; what is expected must fit.

    ``network`` and ``other`` are records, ``domain`` primitive rows, of which those numbered in ``strict`` are strict,
    ``slice`` rows of texts (without it a domain that is expected is one of inputs), ``unsafe`` conjunctions as in a
    header, ``claim`` and ``boundary`` words. Without a boundary the claim ``equality`` is the exact one.
    """
    return Judge(lines, expected).verdict()


def check(path: str | PathLike[str], **expected: Any) -> Verdict:
    """The verdict on a certificate file, gzipped or plain. Raises OSError where it cannot be opened."""
    with open(path, "rb") as file:
        return check_lines(lines_of(chunks_of(file)), **expected)
