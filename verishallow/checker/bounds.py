# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The claim ``bounds``: certain outputs of f lie between certain bounds on D (FORMAT.md, section 17)."""

from typing import Any

from .values import Record, array, members, natural, rational, require
from .walk import NODES, Rules, State, Walk, farkas

SIDES = (("low", 1), ("high", -1))


class Bounds(Walk):
    """At each leaf one reason for each bound of an output."""

    @staticmethod
    def check_claimed(header: Record) -> None:
        check_bounds(header["bounds"], header["outputs"])

    def check_leaf(self, state: State, record: Record) -> None:
        scale = self.network.scale[-1]
        sides = [(bound, side, sign) for bound in self.header["bounds"] for side, sign in SIDES if side in bound]
        for (bound, side, sign), reason in zip(sides, array(record["bounds"], "bounds", len(sides))):
            p, q = rational(bound[side])
            form = [sign * q * a for a in state.pending[-1][bound["output"]]]
            form[0] -= sign * p * scale
            holds = farkas(tuple(form), scale * q, reason, self.rows, range(len(self.rows))) >= 0
            require(holds, f"the reason of the {side} bound of output {bound['output']} does not prove it")


def check_bounds(bounds: Any, outputs: int) -> None:
    previous = -1
    for entry in array(bounds, "bounds"):
        sides = [side for side in ("low", "high") if type(entry) is dict and side in entry]
        members(entry, "output", *(sides or ["low"]))
        require(natural(entry["output"], "an output of bounds") > previous, "the outputs of bounds do not increase")
        require(entry["output"] < outputs, f"bounds name output {entry['output']}, but there are {outputs}")
        previous = entry["output"]
        for side in sides:
            rational(entry[side])
    require(bounds, "there is no bound")


def interval(entry: Record) -> str:
    low, high = (f"{entry['low']} <= " if "low" in entry else "", f" <= {entry['high']}" if "high" in entry else "")
    return f"{low}f_{entry['output']}(x){high}"


def bounds_stated(header: Record, _counts: Record) -> str:
    return f"{', '.join(map(interval, header['bounds']))} for all x in D"


BOUNDS = (
    Rules(
        claim="bounds",
        walk=Bounds,
        files=("bounds",),
        statement=bounds_stated,
        nodes={**NODES, "leaf": ("bounds", "witness")},
        counts=("leaves", "open", "activation_regions"),
        header=("bounds",),
    ),
)
