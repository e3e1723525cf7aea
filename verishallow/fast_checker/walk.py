"""The checker's walk over a certificate, for the records that quick arithmetic can accept.

A rule here accepts a record only if :mod:`verishallow.checker` accepts it; otherwise it raises a doubt. Then the record
goes to the checker itself, in the present state of the walk, and the checker's answer counts. So the checker names the
facts that fail, in its own words and order.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import repeat, takewhile
from math import gcd
from operator import add, mul
from typing import Any

from gmpy2 import mpq, mpz

from verishallow import checker
from verishallow.checker import Network, Record, Row, Side, candidates, first_sign, key, values
from verishallow.fast_checker.farkas import DoubtError, Packed, Packing, homogeneous

PLAIN = b'0123456789-/",:[]{}'
SKELETONS = {
    b"activeinactiverecordstable\n": "stable",
    b"activeinactivelayerplanesrecordlayerundecided\n": "layer",
    b"constraintsrecordredundant\n": "redundant",
    b"neuronrecordsplitstrict+\n": "split",
    b"neuronrecordsplitstrict\n": "split",
    b"neuronrecordsplit\n": "split",
    b"recordopen\n": "open",
}
"""The skeleton of a line, that is, the line without its plain characters: the letters of its names and a line feed.

Let a line with such a skeleton be JSON that ends in a brace and a line feed, and let its value have the members of that
kind of record, with values made of arrays, integers and texts of plain characters. Then the line is canonical, unless
it spells an integer -0: each name occurs once, the names are in order (none is the beginning of another), and there is
no space, no escape, no fraction and no ``true``.
"""

LEAVES = {
    "bounds": b"boundsrecordleafwitness\n",
    "equal": b"maprecordleafwitness\n",
    "regions": b"recordleafwitness\n",
}
LEAF = b"maprecordleafunitsinfweightwitness\n"
FACED_LEAF, FACE = b"absentmaprecordleafunits%switness\n", b"inffaceweight"

DOUBTS = (
    DoubtError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError, MemoryError,
)  # fmt: skip
"""The errors of a rule that assumes every value to be of the right kind and meets another."""

JSON = json.JSONDecoder()


def doubt_unless(holds: object) -> None:
    """Leave the record to the checker unless a fact holds."""
    if not holds:
        raise DoubtError


def array(value: Any) -> list[Any]:
    """The value, which must be an array; texts and objects can be iterated over too."""
    if type(value) is not list:
        raise DoubtError
    return value


# --------------------------------------------------------------------------------------------- Gates


def code(violation: int) -> int:
    """The code of a gate: codes have the order of gates in a record, and the opposite gate has the last bit flipped."""
    return 2 * abs(violation) + (violation > 0)


def gates(codes: set[int]) -> list[int]:
    """The gates of these codes, in order."""
    return [c >> 1 if c & 1 else -(c >> 1) for c in sorted(codes)]


# -------------------------------------------------------------------------------------------- The walk


@dataclass(slots=True)
class FastState:
    """The checker's state at a node, with packed forms. Its values are shared and never changed."""

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


class FastWalk:
    """The depth-first walk. It shares its rows, its path and its counts with the checker's walk."""

    def __init__(self, judge: checker.Walk, packing: Packing) -> None:
        self.judge, self.network, self.packing = judge, judge.network, packing
        self.exact, self.domain_rows, self.claim = judge.exact, judge.domain_rows, judge.header["claim"]
        self.bounds = bounds(judge.header)
        self.rows, self.path, self.counts = judge.rows, judge.path, judge.counts
        self.packed = [packing.packed(row) for row in self.rows]
        self.feeds = _feeds(self.network)
        self.waiting: list[Any] = judge.waiting
        """One stack for both walks. The checker's states are on top of it, only until they are taken over."""

    def take(self, line: bytes) -> bool:
        """Go on by one record if it is accepted; otherwise only enter its node."""
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

    def _enter(self, state: FastState) -> None:
        if state.entry is None:
            return
        del self.rows[self.domain_rows + state.depth :], self.path[state.depth :]
        del self.packed[self.domain_rows + state.depth :]
        side, packed = state.entry
        self.rows.append(side.row)
        self.path.append(side)
        self.packed.append(packed)
        state.depth, state.entry = state.depth + 1, None

    def _leave(self) -> None:
        """Leave a node without children; the checker leaves the last one, and ends the walk."""
        doubt_unless(len(self.waiting) > 1)
        self.waiting.pop()

    # ---------------------------------------------------------------------- To the checker and back

    def hand_over(self) -> None:
        """Give the node that was entered to the checker."""
        self.waiting[-1] = self._handed_over(self.waiting[-1])

    def take_over(self) -> None:
        """Go on from the checker's state."""
        made = takewhile(lambda state: isinstance(state, checker.State), reversed(self.waiting))
        taken = [self._taken_over(state) for state in made]
        self.waiting[len(self.waiting) - len(taken) :] = reversed(taken)

    def _handed_over(self, state: FastState) -> checker.State:
        pending = tuple(tuple(map(self.packing.row, forms)) for forms in state.pending)
        units = {neuron: abs(violation) for neuron, (_, _, violation) in state.sides.items()}
        known = (state.layer, state.undecided, pending, state.depth, state.planes, units)
        return checker.State(*known, dropped=state.dropped, positive=state.positive)

    def _taken_over(self, state: checker.State) -> FastState:
        pending = [[self.packing.packed(form) for form in forms] for forms in state.pending]
        sides = {neuron: self._side(pending[state.layer][neuron], state.units[neuron]) for neuron in state.undecided}
        entry = (state.side, self.packing.packed(state.side.row)) if state.side else None
        known = (state.layer, state.undecided, pending, state.depth, state.planes, sides, entry)
        return FastState(*known, state.dropped, state.positive)

    # ---------------------------------------------------------------------------- Layers and decisions

    def _layer(self, state: FastState, line: bytes) -> None:
        record, number = members(line, "layer", 6), state.layer + 1
        doubt_unless(record["layer"] == number < self.network.last and not state.undecided)
        forms, width = state.pending[number], self.network.widths[number]
        active, left = self._settled(number, forms, frozenset(range(width)), record)
        undecided, units = sorted(left), dict[str, tuple[int, Row]]()
        sides = {neuron: self._declared(forms[neuron], units, state.planes) for neuron in undecided}
        planes = [plane for _, plane in units.values()]
        doubt_unless(record["undecided"] == undecided)
        doubt_unless(record["planes"] == [list(map(str, plane)) for plane in planes])
        doubt_unless(line.count(b"-") == sum(a < 0 for plane in planes for a in plane))
        state.pending = self._fed(state.pending, number, active)
        state.layer, state.undecided, state.sides, state.planes = number, left, sides, state.planes + len(units)
        self.judge.planes += len(units)

    def _stable(self, state: FastState, line: bytes) -> None:
        record = members(line, "stable", 3)
        active, left = self._settled(state.layer, state.pending[state.layer], state.undecided, record)
        doubt_unless(len(left) < len(state.undecided) and b"-" not in line)
        state.undecided, state.pending = left, self._fed(state.pending, state.layer, active)

    def _settled(
        self, layer: int, forms: list[Packed], undecided: frozenset[int], record: Record
    ) -> tuple[list[int], frozenset[int]]:
        """The active neurons of a record, and those that it leaves undecided."""
        scale = self.network.scale[layer]
        active = self._decided(forms, scale, undecided, record["active"])
        left = undecided.difference(active)
        inactive = self._decided(forms, -scale, left, record["inactive"])
        return active, left.difference(inactive)

    def _decided(self, forms: list[Packed], scale: int, undecided: frozenset[int], decisions: Any) -> list[int]:
        """The neurons of the decisions; each reason must hold for the form over ``scale``, which may be negative."""
        previous, neurons, rest, half = -1, list[int](), self.packing.rest, self.packing.half
        for neuron, reason in array(decisions):
            form = forms[neuron] if scale > 0 else -forms[neuron]
            if not (previous < neuron in undecided and 0 <= rest(form, abs(scale), reason, self.packed) < half):
                raise DoubtError
            neurons.append(neuron)
            previous = neuron
        return neurons

    def _fed(self, pending: list[list[Packed]], layer: int, active: list[int]) -> list[list[Packed]]:
        """The pending forms with the contributions of these active neurons of a layer."""
        fed = list(pending)
        for neuron in active:
            form = pending[layer][neuron]
            for target, factors in self.feeds[layer][neuron]:
                fed[target] = list(map(add, fed[target], map(mul, repeat(form), factors)))
        return fed

    def _declared(self, form: Packed, units: dict[str, tuple[int, Row]], planes: int) -> tuple[Row, Packed, int]:
        """The side of a neuron; a plane without a unit gets the next number."""
        row, packed, sign = self._side(form, 1)
        plane = row if sign < 0 else opposite(row)
        number, _ = units.setdefault(key(plane), (planes + len(units) + 1, plane))
        return row, packed, sign * number

    def _side(self, form: Packed, number: int) -> tuple[Row, Packed, int]:
        """The side on which a form is at least 0, given the number of its plane."""
        row = self.packing.row(form)
        divisor, sign = gcd(*row), first_sign(row)
        doubt_unless(sign)
        return tuple([a // divisor for a in row]), form // divisor, -sign * number

    # --------------------------------------------------------------------------- Splits and constraints

    def _split(self, state: FastState, line: bytes) -> None:
        neuron, mark = int(line[10 : line.index(b",")]), line[-4:-3] if self.exact else b""
        strict = b',"strict":"%b"' % mark if self.exact else b""
        doubt_unless(line == b'{"neuron":%d,"record":"split"%b}\n' % (neuron, strict))
        doubt_unless(neuron in state.undecided and mark in (b"+", b"-", b""))
        size = max(state.depth * self.network.coefficients, len(self.rows) ** 2)
        doubt_unless(size <= values.MAX_COEFFICIENTS)
        row, packed, violation = state.sides[neuron]
        below, pending = state.undecided - {neuron}, self._fed(state.pending, state.layer, [neuron])
        first = replace(state, undecided=below, pending=pending, entry=(Side(row, violation, mark == b"+"), packed))
        state.undecided, state.entry = below, (Side(opposite(row), -violation, mark == b"-"), -packed)
        self.waiting.append(first)

    def _redundant(self, state: FastState, line: bytes) -> None:
        doubt_unless(self.claim == "equality")
        pairs = array(members(line, "redundant", 2)["constraints"])
        numbers = [number for number, _ in pairs]
        dropped, positive = state.dropped.union(numbers), list[int]()
        doubt_unless(b"-" not in line and len(dropped) == len(state.dropped) + len(numbers))
        doubt_unless(numbers[0] >= self.domain_rows and numbers == sorted(numbers))
        for number, reason in pairs:
            rest, named = self.packing.rest(self.packed[number], 1, reason, self.packed), [i for i, _ in reason]
            doubt_unless(0 <= rest < self.packing.half and dropped.isdisjoint(named))
            if self._strict(number) and (rest or any(map(self._strict, named))):
                positive.append(number)
        state.dropped, state.positive = dropped, state.positive.union(positive)

    def _strict(self, number: int) -> bool:
        return number >= self.domain_rows and self.path[number - self.domain_rows].strict

    # ------------------------------------------------------------------------------------------ Leaves

    def _open(self, _state: FastState, line: bytes) -> None:
        doubt_unless(line == b'{"record":"open"}\n')
        self._leave()
        self.counts["open"] += 1

    def _leaf(self, state: FastState, line: bytes) -> None:
        record = members(line, "leaf", 1 + len(self.judge.nodes["leaf"]))
        doubt_unless(not state.undecided and state.layer + 1 == self.network.last and b"-0" not in line)
        point = homogeneous(array(record["witness"]))
        doubt_unless(len(point) == self.network.inputs + 1)
        doubt_unless(all(sum(map(mul, row, point)) > 0 for row in self.rows))
        if self.claim == "equality":
            self._gated(state, line, record)
        else:
            doubt_unless(line.translate(None, PLAIN) == LEAVES[self.claim])
            if self.claim == "equal":
                doubt_unless(record["map"] == self._texts(state, -1) == self._texts(state, -2))
            if self.claim == "bounds":
                self._bounded(state, array(record["bounds"]))
        self._leave()
        self.counts["leaves"] += 1

    def _gated(self, state: FastState, line: bytes, record: Record) -> None:
        """The map of a leaf and its units; this comes last, so that nothing is counted before a doubt."""
        doubt_unless(record["map"] == self._texts(state, -1))
        units = array(record["units"])
        if self.exact:
            doubt_unless(line.translate(None, PLAIN) == FACED_LEAF % (FACE * len(units)))
            self._faces(state, units, array(record["absent"]))
        else:
            doubt_unless(line.translate(None, PLAIN) == LEAF)
            doubt_unless(units == [{"-inf": gates(self._codes(self._kept(state))), "weight": "1"}])
        doubt_unless(len(self.waiting) > 1)
        self.counts["faces"] += len(units)

    def _bounded(self, state: FastState, reasons: list[Any]) -> None:
        """Each bound with its reason, which is about the form minus the bound."""
        scale = self.network.scale[-1]
        for (output, sign, (p, q)), reason in zip(self.bounds, reasons, strict=True):
            slack = sign * (q * state.pending[-1][output] - p * scale)
            doubt_unless(0 <= self.packing.rest(slack, q * scale, reason, self.packed) < self.packing.half)

    def _texts(self, state: FastState, layer: int) -> list[list[str]]:
        """The spelled forms of a last layer."""
        scale = self.network.scale[layer]
        return [[str(mpq(a, scale)) for a in self.packing.row(form)] for form in state.pending[layer]]

    def _kept(self, state: FastState) -> list[int]:
        return [number for number in range(self.domain_rows, len(self.rows)) if number not in state.dropped]

    def _codes(self, numbers: Iterable[int]) -> set[int]:
        return {code(self.path[number - self.domain_rows].violation) for number in numbers}

    def _faces(self, state: FastState, units: list[Any], absent: list[Any]) -> None:
        """Each candidate must be the next listed face or the next absent one."""
        kept, listed, missing = self._kept(state), iter(units), iter(absent)
        on_path = range(self.domain_rows, len(self.rows))
        strict = [number for number in on_path if self._strict(number) and number not in state.positive]
        codes, level, unit = self._codes(kept), [Row()], next(listed, None)
        doubt_unless(unit == self._unit((), codes))
        unit = next(listed, None)
        while level:
            present, level = level, []
            for face in candidates(present, strict):
                if unit is None or unit["face"] != list(face):
                    self._check_absent(next(missing, None), face, kept)
                    continue
                doubt_unless(unit == self._unit(face, codes))
                level.append(face)
                unit = next(listed, None)
        doubt_unless(unit is None and next(missing, None) is None)

    def _unit(self, face: Row, codes: set[int]) -> Record:
        """The entry of a face, given the codes of the kept constraints."""
        on = self._codes(face)
        both = codes.union(on, [c ^ 1 for c in on])
        return {"-inf": gates(both), "face": list(face), "weight": "-1" if len(face) % 2 else "1"}

    def _check_absent(self, entry: Any, face: Row, kept: list[int]) -> None:
        given, reason = entry
        *equations, last = face
        rest = self.packing.rest_on(self.packed[last], reason, self.packed, equations)
        usable = {*range(self.domain_rows), *kept, *equations}
        doubt_unless(given == list(face) and 0 < rest < self.packing.half and usable.issuperset(i for i, _ in reason))


def members(line: bytes, kind: str, number: int) -> Record:
    """The record of a line, if it is of this kind and has this number of members."""
    decoded: tuple[Record, int] = JSON.raw_decode(line.decode("ascii"))
    record, end = decoded
    doubt_unless(end == len(line) - 1 and len(record) == number and record["record"] == kind)
    return record


def bounds(header: Record) -> list[tuple[int, int, tuple[int, int]]]:
    """The bounds that a header claims: output, sign (1 for low, -1 for high), rational."""
    return [
        (bound["output"], sign, checker.rational(bound[side]))
        for bound in header.get("bounds", ())
        for side, sign in checker.SIDES
        if side in bound
    ]


def opposite(row: Row) -> Row:
    """The row of the other side."""
    return tuple([-a for a in row])


def _feeds(network: Network) -> list[list[list[tuple[int, list[Any]]]]]:
    """For each neuron of each source, the layers that read it, with one factor per neuron of such a layer."""
    return [[_columns(network, targets) for targets in feeds] for feeds in network.feeds]


def _columns(network: Network, targets: list[tuple[int, int, int]]) -> list[tuple[int, list[Any]]]:
    columns = {layer: [mpz(0)] * network.widths[layer] for layer, _, _ in targets}
    for layer, index, factor in targets:
        columns[layer][index] = mpz(factor)
    return list(columns.items())
