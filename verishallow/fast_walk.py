"""The judge's walk over a certificate, record by record, for records that can be accepted at a glance.

A rule here either accepts a record, for reasons that :mod:`verishallow.checker` would accept, or it doubts. A doubted
record goes to the judge itself, in the state in which it is met, and the judge's answer stands: so facts that fail are
named by the judge, in its words and in its order.

A line is known to be canonical without being spelled again: see :data:`SKELETONS`.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from math import gcd
from operator import mul
from typing import Any

from gmpy2 import mpq

from verishallow import checker
from verishallow.checker import Network, Record, Row, Side, candidates, first_sign, plane_of, primitive
from verishallow.fast_farkas import DoubtError, Packed, Packing, homogeneous, sizes

DOUBTS = (
    DoubtError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError, MemoryError,
)  # fmt: skip
"""What a rule meets in a record that it does not accept: it takes every value for what it should be."""

PLAIN = b'0123456789-/",:[]{}'
SKELETONS = {
    b"activeinactiverecordstable\n": "stable",
    b"activeinactivelayerplanesrecordlayerundecided\n": "layer",
    b"constraintsrecordredundant\n": "redundant",
    b"maprecordleafunitsinfweightwitness\n": "leaf",
    b"neuronrecordsplitstrict+\n": "split",
    b"neuronrecordsplitstrict\n": "split",
    b"neuronrecordsplit\n": "split",
    b"recordopen\n": "open",
}
"""What is left of a line without its plain characters: the letters of its names, in order, and one line feed.

Let a line be JSON that ends in a brace and a line feed, with such a skeleton, and let its value have the members of
that kind of record, with arrays, integers and texts of plain characters for values. Then it is canonical, if no integer
is spelled -0: each name occurs once, the names are in order (none begins another), and there is no space, no escape, no
fraction, no ``true``.
"""

ABSENT, FACES, WITNESS = b"absentmaprecordleafunits", b"inffaceweight", b"witness\n"
"""The parts of the skeleton of a leaf with faces; the second occurs once a face."""

DECODER = json.JSONDecoder()


@dataclass(slots=True)
class State:
    """What is known at a node; the judge's state with packed forms. Changed in place, but values may be shared."""

    layer: int
    undecided: frozenset[int]
    pending: list[list[Packed]]
    depth: int
    planes: int
    sides: dict[int, tuple[Row, Packed, int]]
    """For each neuron undecided at first: the side where it is active as a row, packed, and its violation unit."""
    entry: tuple[Side, Packed] | None
    dropped: frozenset[int]
    positive: frozenset[int]


class Walk:
    """The walk. Rows, path and counts are those of the judge's walk, which is the second opinion on each record."""

    def __init__(self, header: Record, domain: list[Row], network: Network) -> None:
        self.judge = checker.Walk(header, domain, network)
        self.network, self.exact, self.domain_rows = network, self.judge.exact, len(domain)
        self.rows, self.path, self.counts = self.judge.rows, self.judge.path, self.judge.counts
        bits = sizes(network, domain)
        self.packing = Packing(network.inputs + 1, bits) if bits.fit and network.inputs <= 64 else None
"""
"""
