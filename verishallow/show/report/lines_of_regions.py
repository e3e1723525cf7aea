"""Where in a certificate the records of each region stand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from verishallow.certificate import Certificate
from verishallow.record_walk import CHILDREN
from verishallow.spelling import Record

ENDS = ("leaf", "piece")
"""The records that end the way to a region."""

BRANCHES = {**CHILDREN, "terms": 1}
"""How many nodes of the tree follow a record; the terms of a finite network stand before the tree."""


@dataclass(frozen=True, slots=True)
class LinesOfRegions:
    """The tree of a certificate's lines, counted from 1.

    ``above`` has for each line the one above it in the tree (0: none), in the order of lines; ``ends`` the line at
    which each region ends, in the order of regions.
    """

    above: tuple[int, ...]
    ends: tuple[int, ...]

    def way_to(self, region: int) -> tuple[int, ...]:
        """The lines that lead to a region, numbered from 0, from the root down."""
        way = [self.ends[region]]
        while above := self.above[way[-1] - 1]:
            way.append(above)
        return tuple(reversed(way))


def lines_of_regions(certificate: Certificate) -> LinesOfRegions:
    """The way to every region.

    >>> from verishallow import ReLUNetwork, prove
    >>> modulus = prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))
    >>> [lines_of_regions(modulus).way_to(region) for region in (0, 1)]
    [(3, 4, 5, 6), (3, 4, 7, 8)]
    """
    first = 2 if certificate.whole_other is None else 3
    above, ends, waiting = [0] * first, list[int](), [0]
    for number, record in enumerate(_records(certificate, first), start=first + 1):
        parent = waiting.pop()
        above.append(parent)
        waiting += [number] * BRANCHES[record]
        if record in ENDS:
            ends.append(number)
    return LinesOfRegions((*above, 0), tuple(ends))


def _records(certificate: Certificate, first: int) -> Sequence[str]:
    return [_kind(line) for line in certificate.lines[first:-1]]


def _kind(line: bytes) -> str:
    """The kind of a record, read from its line."""
    record: Record = json.loads(line)
    return str(record["record"])
