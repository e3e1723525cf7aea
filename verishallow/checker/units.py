# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The construction ``cells``: units of S for each cell and each signed face (FORMAT.md, sections 11, 12, 23 and 24).

A path constraint that others imply may be dropped: then no unit needs it. At a leaf stand the units that S has for it:
those of the cell, and with the boundary ``exact`` those of its faces, sets of strict constraints that vanish together.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, groupby
from typing import Any

from .network import Network
from .values import Record, Row, array, fractions, integers_are, members, natural, naturals, require, shown
from .walk import NODES, Rules, Side, State, Walk, farkas, stated


class Equality(Walk):
    """``f = S``: at each leaf the map of f, and the units of S."""

    def __init__(self, rules: Rules, header: Record, domain: list[Row], network: Network) -> None:
        super().__init__(rules, header, domain, network)
        self.low: Any = fractions(header["low"], "low", self.outputs) if "low" in header else ()

    def rule_redundant(self, state: State, record: Record) -> None:
        """Path constraints that follow from the domain and those not dropped: no unit below needs them."""
        pairs = [array(entry, "an entry of constraints", 2) for entry in array(record["constraints"], "constraints")]
        numbers = naturals([number for number, _ in pairs], "constraints", len(self.rows))
        require(numbers, "nothing is redundant")
        require(numbers[0] >= self.domain_rows, "constraints names a row of the domain")
        require(state.dropped.isdisjoint(numbers), "a constraint is dropped twice")
        dropped = state.dropped | set(numbers)
        usable = set(range(len(self.rows))) - dropped
        strict = {number for number in usable if number >= self.domain_rows and self.side(number).strict}
        positive = set(state.positive)
        for number, reason in pairs:
            sign = farkas(self.rows[number], 1, reason, self.rows, usable)
            require(sign >= 0, f"the reason of redundant constraint {number} does not bound it below by 0")
            if self.side(number).strict and (sign > 0 or not strict.isdisjoint(index for index, _ in reason)):
                positive.add(number)
        self.waiting.append(replace(state, dropped=dropped, positive=frozenset(positive)))

    def rule_dropped(self, _state: State, _record: Record) -> None:
        """Nothing is claimed about this cell, and S is 0 in it."""
        self.counts["dropped"] += 1

    def check_leaf(self, state: State, record: Record) -> None:
        self.check_map(state, -1, record["map"])
        self.check_units(state, record)

    def check_units(self, state: State, record: Record) -> None:
        if self.low:
            self.check_low(record)
        on_path = range(self.domain_rows, len(self.rows))
        kept = [number for number in on_path if number not in state.dropped]
        if self.exact:
            strict = [number for number in on_path if self.side(number).strict and number not in state.positive]
            self.check_faces(record, kept, strict)
        else:
            (unit,) = array(record["units"], "units", 1)
            self.check_unit(unit, (), kept)
        self.counts["faces"] += len(record["units"])

    def check_low(self, record: Record) -> None:
        """Each output's map is at least its bound on the closed cell: one unit will do."""
        for row, low, reason in zip(record["map"], self.low, array(record["low"], "low", self.outputs)):
            constant, *linear = fractions(row, "a row of map", self.network.inputs + 1)
            sign = farkas((constant - low, *linear), 1, reason, self.rows, range(len(self.rows)))
            require(sign >= 0, "a reason of low does not bound its output below")

    def side(self, number: int) -> Side:
        return self.path[number - self.domain_rows]

    def check_faces(self, record: Record, kept: list[int], strict: list[int]) -> None:
        """Every set of strict constraints has its face listed, or a reason why it vanishes nowhere together."""
        units, absent = iter(array(record["units"], "units")), iter(array(record["absent"], "absent"))
        unit, missing = next(units, ()), next(absent, ())  # () is no value of JSON, as null is
        self.check_unit(unit, (), kept)
        level: list[Row] = [()]
        unit = next(units, ())
        while level:
            present, level = level, []
            for face in candidates(present, strict):
                if type(unit) is dict and unit.get("face") == list(face):
                    self.check_unit(unit, face, kept)
                    level.append(face)
                    unit = next(units, ())
                else:
                    self.check_absent(missing, face, kept)
                    missing = next(absent, ())
        require(unit == (), "units are left over")
        require(missing == (), "absent faces are left over")

    def check_unit(self, unit: Any, face: Row, kept: list[int]) -> None:
        """The two units of each output on this face: which layer-1 units switch them off, and their weight."""
        members(unit, "-inf", "weight", *(["face"] if self.exact else []))
        require(not self.exact or integers_are(unit["face"], list(face)), f"expected the units of face {list(face)}")
        gates = {self.side(number).violation for number in kept}
        gates.update(sign * self.side(number).violation for number in face for sign in (1, -1))
        expected = sorted(gates, key=lambda gate: (abs(gate), gate))
        require(
            integers_are(unit["-inf"], expected), f"-inf of face {list(face)} is not on the units {shown(expected)}"
        )
        weight = "-1" if len(face) % 2 else "1"
        require(unit["weight"] == weight, f"the weight of face {list(face)} is not {weight}")

    def check_absent(self, entry: Any, face: Row, kept: list[int]) -> None:
        require(entry != (), f"face {list(face)} is neither listed nor absent")
        given, reason = array(entry, "an entry of absent", 2)
        require(integers_are(given, list(face)), f"face {list(face)} is neither listed nor absent")
        usable = {*range(self.domain_rows), *kept, *face[:-1]}
        sign = farkas(self.rows[face[-1]], 1, reason, self.rows, usable, face[:-1])
        require(sign > 0, f"the reason for absent face {list(face)} does not bound constraint {face[-1]} above 0")

    def check_end(self, record: Record) -> None:
        """The counts agree; affine pieces and linear regions are reported, not certified."""
        super().check_end(record)
        require(not self.counts["dropped"] or self.counts["leaves"], "every cell is dropped")
        known = [natural(record[name], name) for name in self.rules.reported] + [self.counts["leaves"]]
        require(bool(known[0]) == bool(known[-1]) and known == sorted(known), "reported counts disagree")

    def units_of_s(self) -> tuple[int, int]:
        return 2 * (self.network.inputs + self.planes_of_s()), self.units_of_a_face() * self.counts["faces"]

    def planes_of_s(self) -> int:
        """The planes of which the units of layer 1 are made, besides those that pass the inputs on."""
        return self.planes

    def units_of_a_face(self) -> int:
        return (1 if self.low else 2) * self.outputs


def candidates(present: list[Row], strict: list[int]) -> Iterator[Row]:
    """The sets one larger than those present all of whose subsets one smaller are present, in order."""
    known = set(present)
    yield from ((number,) for number in strict if () in known)
    for _, faces in groupby(present, key=lambda face: face[:-1]):
        for one, other in combinations(faces, 2):
            if known.issuperset(combinations((*one, other[-1]), len(one))):
                yield (*one, other[-1])


# --------------------------------------------------------------------------------------------- The claims


def some_cells_stated(_header: Record, counts: Record) -> str:
    leaves = f"{counts['leaves']} {'leaf' if counts['leaves'] == 1 else 'leaves'}"
    return f"f(x) = S(x) for all x in D in the half-open cells of {leaves} (nothing on {counts['dropped']} dropped)"


def on_some_cells(rules: Rules) -> Rules:
    """The rules of ``equality-on-cells``, given those of ``equality``: cells may be dropped, and are counted."""
    return replace(
        rules,
        claim="equality-on-cells",
        statement=some_cells_stated,
        nodes={**rules.nodes, "dropped": ()},
        counts=("leaves", "open", "faces", "dropped", "units"),
        reported=(),
        everywhere=False,
    )


CELLS_EXACT = Rules(
    claim="equality",
    construction="cells",
    boundary="exact",
    walk=Equality,
    files=("units",),
    statement=stated("f(x) = S(x) for all x in D"),
    nodes={
        **NODES,
        "split": ("neuron", "strict"),
        "redundant": ("constraints",),
        "leaf": ("absent", "low?", "map", "units", "witness"),
    },
    counts=("leaves", "open", "faces", "activation_regions", "units"),
    reported=("affine_pieces", "linear_regions"),
    header=("low?",),
)
CELLS_IGNORE = replace(
    CELLS_EXACT,
    boundary="ignore",
    statement=stated("S(x) = k(x) f(x) for all x in D, k(x) >= 1 the number of closed cells that contain x"),
    nodes={**NODES, "redundant": ("constraints",), "leaf": ("map", "units", "witness")},
    header=(),
)
CELLS = (CELLS_EXACT, CELLS_IGNORE, on_some_cells(CELLS_EXACT))
