# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The construction ``quantised``: S of finite weights, equal to f on a grid (FORMAT.md, section 22).

A plane's values at the points of the grid are a residue and multiples of a step. So the units of S,
``ReLU(residue - plane)`` and ``ReLU(plane - residue + step)``, are 0 or at least a step there, and a finite weight on
them does what one of minus infinity does.
"""

from math import gcd
from typing import Any

from .network import Network
from .units import Equality
from .values import Record, Row, array, common_denominator, fractions, integers_are, require, shown
from .walk import NODES, Rules, Side, State, farkas, first_sign, plane_of, primitive


class Quantised(Equality):
    """``f = S`` on a grid: at each leaf its map, and its gates with reasons that they are large enough."""

    def __init__(self, rules: Rules, header: Record, domain: list[Row], network: Network) -> None:
        super().__init__(rules, header, domain, network)
        (self.weight,) = fractions([header["gate_weight"]], "the gate weight", 1)
        pairs = [fractions(entry, "an entry of grid", 2) for entry in array(header["grid"], "grid", network.inputs)]
        require(self.weight > 0 and all(step > 0 for _, step in pairs), "the gate weight or a step is not positive")
        self.below = common_denominator(x.denominator for pair in pairs for x in pair)
        self.grid = [[int(x * self.below) for x in pair] for pair in pairs]

    def is_strict(self, row: Row, _sign: int, _record: Record) -> bool:
        """The side on which the plane is negative does not own it, unless no grid point lies on the plane."""
        return first_sign(row) < 0 and not self.on_grid(plane_of(row))[0]

    def on_grid(self, plane: Row) -> tuple[int, int]:
        """The residue and the step of a plane's values, times ``below``."""
        step = gcd(*(a * s for a, (_, s) in zip(plane[1:], self.grid)))
        return (plane[0] * self.below + sum(a * o for a, (o, _) in zip(plane[1:], self.grid))) % step, step

    def check_leaf(self, state: State, record: Record) -> None:
        self.check_map(state, -1, record["map"])
        numbered = enumerate(self.path, self.domain_rows)
        kept = [side for i, side in numbered if i not in state.dropped or (side.strict and i not in state.positive)]
        kept.sort(key=lambda side: abs(side.violation))
        expected = [side.violation for side in kept]
        require(integers_are(record["gates"], expected), f"the gates are not {shown(expected)}")
        for side, reasons in zip(kept, array(record["reasons"], "reasons", len(kept))):
            self.check_gate(state, side, reasons)
        self.counts["faces"] += 1

    def check_gate(self, state: State, side: Side, reasons: Any) -> None:
        """``gate_weight * gate >= F_o`` and ``>= -F_o`` on the part of D where the gate is at least the step."""
        residue, step = self.on_grid(plane_of(side.row))
        gate = [-self.below * a for a in side.row]
        gate[0] += residue if first_sign(side.row) > 0 else step - residue
        rows = [*self.rows[: self.domain_rows], primitive([gate[0] - step, *gate[1:]])]
        p, q, scale = self.weight.numerator, self.weight.denominator, self.network.scale[-1]
        sides = [(form, sign) for form in state.pending[-1] for sign in (1, -1)]
        for (form, sign), reason in zip(sides, array(reasons, "the reasons of a gate", len(sides))):
            slack = tuple(p * scale * a - sign * q * self.below * b for a, b in zip(gate, form))
            holds = farkas(slack, q * self.below * scale, reason, rows, range(len(rows))) >= 0
            require(holds, f"a reason of gate {side.violation} does not prove that it is large enough")


def grid_stated(header: Record, _counts: Record) -> str:
    texts = [f"{offset} + {step} Z" for offset, step in header["grid"]]
    grid = texts[0] if len({*texts}) == 1 else f"({', '.join(texts)})"
    return f"f(x) = S(x) for all x in D on the grid {grid}, all weights of S finite"


QUANTISED = (
    Rules(
        claim="equality-on-grid",
        construction="quantised",
        walk=Quantised,
        files=("units", "quantised"),
        statement=grid_stated,
        nodes={**NODES, "redundant": ("constraints",), "leaf": ("gates", "map", "reasons", "witness")},
        counts=("leaves", "open", "faces", "activation_regions", "units"),
        reported=("affine_pieces", "linear_regions"),
        header=("gate_weight", "grid"),
        everywhere=False,
    ),
)
