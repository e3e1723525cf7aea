"""The judge's walk over a certificate, for the records that can be accepted at a glance.

A rule here accepts a record only where :mod:`verishallow.checker` does; otherwise it doubts. A doubted record goes to
the judge itself, in the state in which it is met, and the judge's answer stands. So the facts that fail are named by
the judge, in its words and its order.
"""

import json
from dataclasses import dataclass, replace
from math import gcd
from operator import mul
from typing import Any

from gmpy2 import mpq

from verishallow import checker
from verishallow.checker import Face, Network, Record, Row, Side, candidates, first_sign, plane_of
from verishallow.fast_farkas import DoubtError, Packed, Packing, homogeneous

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

Let a line with such a skeleton be JSON that ends in a brace and a line feed, and let its value have the members of that
kind of record, whose values are made of arrays, integers and texts of plain characters. Then the line is canonical,
unless it spells an integer -0: each name occurs once, the names are in order (none begins with another one), and there
is no space, no escape, no fraction and no ``true``.
"""

FACED_LEAF = b"absentmaprecordleafunits%switness\n"
ONE_FACE = b"inffaceweight"

DOUBTS = (
    DoubtError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError, MemoryError,
)  # fmt: skip
"""What a rule runs into that takes every value for what it should be."""

JSON = json.JSONDecoder()


def doubt_unless(holds: object) -> None:
    """Leave the record to the judge where a fact is not plain."""
    if not holds:
        raise DoubtError


def array(value: Any) -> list[Any]:
    """A value that is an array; texts and objects can be iterated over too."""
    if type(value) is not list:
        raise DoubtError
    return value


# --------------------------------------------------------------------------------------------- Gates


def code(violation: int) -> int:
    """Codes are ordered as gates are in a record; the gate of the other sign has the code with the last bit flipped."""
    return 2 * abs(violation) + (violation > 0)


def gates(codes: set[int]) -> list[int]:
    """The gates of these codes, in order."""
    return [c >> 1 if c & 1 else -(c >> 1) for c in sorted(codes)]


# -------------------------------------------------------------------------------------------- The walk


@dataclass(slots=True)
class State:
    """What is known at a node: the judge's state, with packed forms. Its values are shared and never changed."""

    layer: int
    undecided: frozenset[int]
    pending: list[list[Packed]]
    depth: int
    planes: int
    sides: dict[int, tuple[Row, Packed, int]]
    """The side on which an undecided neuron is active: as a row, packed, and its violation unit."""
    entry: tuple[Side, Packed] | None
    dropped: frozenset[int]
    positive: frozenset[int]


class Walk:
    """The depth-first walk. The judge's walk shares its rows, its path and its counts."""

    def __init__(self, judge: checker.Walk, packing: Packing) -> None:
        self.judge, self.network, self.packing = judge, judge.network, packing
        self.exact, self.domain_rows = judge.exact, judge.domain_rows
        self.rows, self.path, self.counts = judge.rows, judge.path, judge.counts
        self.packed = [packing.packed(row) for row in self.rows]
        self.feeds = _feeds(self.network)
        self.waiting = [self._taken_over(state) for state in judge.waiting]

    def take(self, line: bytes) -> bool:
        """Go on by one record if that is plain; otherwise only the node is entered."""
        state = self.waiting[-1]
        self._enter(state)
        try:
            skeleton = line.translate(None, PLAIN)
            rule = getattr(self, f"_{SKELETONS.get(skeleton, 'leaf')}")
            doubt_unless(line.endswith(b"}\n"))
            rule(state, line)
        except DOUBTS:
            return False
        return True

    def ask(self, record: Record) -> None:
        """Go on by one record by the judge's rules, at the node that was entered."""
        self.judge.waiting = [self._handed_over(self.waiting[-1])]
        self.judge.take(record)
        self.waiting.pop()
        self.waiting += [self._taken_over(state) for state in self.judge.waiting]

    def _enter(self, state: State) -> None:
        if state.entry is None:
            return
        del self.rows[self.domain_rows + state.depth :], self.path[state.depth :]
        del self.packed[self.domain_rows + state.depth :]
        side, packed = state.entry
        self.rows.append(side.row)
        self.path.append(side)
        self.packed.append(packed)
        state.depth, state.entry = state.depth + 1, None

    # ------------------------------------------------------------------------- To the judge and back

    def _handed_over(self, state: State) -> checker.State:
        pending = tuple(tuple(map(self.packing.row, forms)) for forms in state.pending)
        units = {plane_of(row): abs(violation) for row, _, violation in state.sides.values()}
        done = (state.layer, state.undecided, pending, state.depth, state.planes, units)
        return checker.State(*done, dropped=state.dropped, positive=state.positive)

    def _taken_over(self, state: checker.State) -> State:
        pending = [list(map(self.packing.packed, forms)) for forms in state.pending]
        entry = (state.side, self.packing.packed(state.side.row)) if state.side else None
        sides = self._sides(state.undecided, pending[state.layer], dict(state.units))
        done = (state.layer, state.undecided, pending, state.depth, state.planes, sides, entry)
        return State(*done, state.dropped, state.positive)
