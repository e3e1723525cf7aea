# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The construction ``finite``: S of finite weights, by its kinks, for one input or two (FORMAT.md, section 15.5).

f and S are one function if their slopes jump by the same amounts across the same stretches of lines, and if they have
one map next to one point. The leaves tell the jumps of f, the record ``terms`` those of S.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations
from typing import Any

from .network import Network
from .values import (
    Rationals,
    Record,
    Row,
    array,
    common_denominator,
    fractions,
    key,
    members,
    require,
    require_bits,
    require_size,
    shown,
)
from .walk import NODES, Rules, Side, State, Walk, plane_of, stated

Place = Fraction | float  # on a line; infinite at its ends
Stretch = tuple[Place, Place]


class Finite(Walk):
    """``f = S``, S an affine map and terms ``weight * max(0, ...)``.

    ``kinks`` adds up by how much slopes across lines jump, those of f minus those of S: for each line and place on it
    the changes of the jumps there, if there are any.
    """

    def __init__(self, rules: Rules, header: Record, domain: list[Row], network: Network) -> None:
        require(network.inputs <= 2, "the finite construction is one of one input or two")
        super().__init__(rules, header, domain, network)
        self.affine, self.terms = list[Rationals](), list[tuple[list[Rationals], Rationals]]()
        self.kinks = dict[str, tuple[Row, list[Fraction]]]()
        self.edges = list[tuple[Side, list[tuple[Row, Stretch]]]]()

    # ------------------------------------------------------------------------------------ The kinks of S

    def rule_terms(self, state: State, record: Record) -> None:
        require(not state.layer and not self.affine, "terms stand at the root, once")
        n, m = self.network.inputs, self.outputs
        self.affine = [fractions(row, "a row of affine", n + 1) for row in array(record["affine"], "affine", m)]
        terms = array(record["terms"], "terms")
        require_size(len(terms) * len(self.rows), "there are too many terms on a domain of so many rows")
        for term in terms:
            members(term, "forms", "weight")
            forms = [fractions(row, "a form", n + 1) for row in array(term["forms"], "forms")]
            turned = (-forms[1][2], forms[1][1]) if len(forms) == n == 2 else forms[0][1:] if len(forms) == 1 else ()
            require(turned and dot(forms[0][1:], turned), "the forms of a term are not one, or two independent ones")
            self.terms.append(([(Fraction(0),) * (n + 1), *forms], fractions(term["weight"], "weight", m)))
            self.add_term(*self.terms[-1])
        self.waiting.append(state)

    def add_term(self, forms: list[Rationals], weight: Rationals) -> None:
        """Take off the kinks of ``max(forms)``: where two are equal, and none is greater."""
        for pair in combinations(forms, 2):
            apart = [a - b for a, b in zip(*pair)]
            common = common_denominator(a.denominator for a in apart)
            line = plane_of(tuple(int(a * common) for a in apart))
            jump = -next(abs(a / b) for a, b in zip(apart[1:], line[1:]) if b) * dot(line[1:], line[1:])
            below = [[a - b for a, b in zip(pair[0], form)] for form in forms if form not in pair]
            self.add(line, stretch_of(line, [*self.rows, *below]), [jump * w for w in weight])

    def add(self, line: Row, stretch: Stretch | None, jumps: list[Fraction]) -> None:
        """Add jumps of slopes on a stretch of a line: they begin at its start, and are taken off at its end."""
        for place, sign in zip(stretch or (), (1, -1)):
            at = f"{key(line)} at {place if isinstance(place, float) else key(place.as_integer_ratio())}"
            _, before = self.kinks.pop(at, (line, [Fraction(0)] * self.outputs))
            if any(after := [bounded(a + sign * b) for a, b in zip(before, jumps)]):
                self.kinks[at] = line, after

    # ------------------------------------------------------------------------------------ The kinks of f

    def check_leaf(self, state: State, record: Record) -> None:
        require(self.affine, "there are no terms")
        forms, scale = state.pending[-1], self.network.scale[-1]
        if not self.counts["leaves"]:
            self.check_map_of_terms(fractions(record["witness"], "the witness", self.network.inputs), forms, scale)
        for row, stretch in self.bounding():
            self.add(plane_of(row), stretch, [Fraction(dot(form[1:], row[1:]), scale) for form in forms])

    def check_map_of_terms(self, point: Rationals, forms: tuple[Row, ...], scale: int) -> None:
        """S has f's map next to a point: at (e, e^2) from it, for all small e > 0."""
        total = self.affine
        for among, weight in self.terms:
            top = max(among, key=lambda form: (form[0] + dot(form[1:], point), *form[1:]))
            total = [tuple(bounded(a + w * b) for a, b in zip(row, top)) for row, w in zip(total, weight)]
        same = all(a * scale == b for row, form in zip(total, forms) for a, b in zip(row, form))
        require(same, "f and the terms have other maps at the first leaf")

    def bounding(self) -> list[tuple[Row, Stretch]]:
        """The path's constraints that bound the cell, each with the stretch of its line; kept for the next leaf."""
        kept = next((i for i, (entry, side) in enumerate(zip(self.edges, self.path)) if entry[0] is not side), 0)
        del self.edges[kept:]
        for side in self.path[kept:]:
            above = self.edges[-1][1] if self.edges else []
            own = stretch_of(plane_of(side.row), [*self.rows[: self.domain_rows], *(row for row, _ in above)])
            cut = [(row, stretch_of(plane_of(row), [side.row], part)) for row, part in above] + [(side.row, own)]
            # A constraint c without a stretch is left out: here and below, the others imply it. For let all others be
            # positive at y, and all constraints at a point x, as there is one above each leaf, its witness. If c were
            # not positive at y, it would be 0 somewhere between x and y, and the others positive there: a stretch.
            self.edges.append((side, [(row, part) for row, part in cut if part]))
        return self.edges[-1][1] if self.edges else []

    # ------------------------------------------------------------------------------------------- The end

    def check_end(self, record: Record) -> None:
        super().check_end(record)
        line = next((line for line, _ in self.kinks.values()), ())
        short = tuple(a if a.bit_length() < 99 else "..." for a in line)
        require(record["open"] or not line, f"the kinks of f and of the terms differ on the line {shown(short)}")

    def units_of_s(self) -> tuple[int, int]:
        units = 2 * self.network.inputs + len(self.terms)
        return units, units if any(len(forms) > 2 for forms, _ in self.terms) else 0


def bounded(value: Fraction) -> Fraction:
    require_bits(value.denominator.bit_length(), "a sum of terms")
    return value


def dot(one: Any, other: Any) -> Any:
    return sum(a * b for a, b in zip(one, other))


def stretch_of(line: Row, rows: Iterable[Any], within: Stretch = (float("-inf"), float("inf"))) -> Stretch | None:
    """Where rows are positive on a line: places t of ``p + t d``, d its normal turned; of a point, all or nothing."""
    (low, high), (constant, *normal), size = within, line, dot(line[1:], line[1:])
    along = (-normal[1], normal[0]) if len(normal) == 2 else (0,)
    for row in rows:
        start, slope = size * row[0] - constant * dot(normal, row[1:]), dot(along, row[1:])
        if slope:
            place = Fraction(-start, size * slope)
            low, high = (max(low, place), high) if slope > 0 else (low, min(high, place))
        if low >= high or (not slope and start <= 0):
            return None
    return low, high


FINITE = (
    Rules(
        claim="equality",
        construction="finite",
        boundary="exact",
        walk=Finite,
        files=("finite",),
        statement=stated("f(x) = S(x) for all x in D"),
        nodes={**NODES, "terms": ("affine", "terms"), "leaf": ("witness",)},
        counts=("leaves", "open", "activation_regions", "units"),
    ),
)
