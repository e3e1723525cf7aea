# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The construction ``merge``: units for pieces, each with a proof that f is one map on it (FORMAT.md, section 15.2).

A piece is a convex cell, made by cuts. Below it stands a walk through the layers, which is the proof that f is the
piece's map on it; no unit is made of that.
"""

from dataclasses import replace

from .network import Network
from .units import CELLS_EXACT, CELLS_IGNORE, Equality, on_some_cells
from .values import Record, Row, array, integers, rational, require
from .walk import NODES, Rules, State, plane_of


class Merge(Equality):
    """``f = S``: at each piece its map and the units of S; at the end of its proof, f has that map."""

    def __init__(self, rules: Rules, header: Record, domain: list[Row], network: Network) -> None:
        super().__init__(rules, header, domain, network)
        self.cuts = 0

    def rule_cut(self, state: State, record: Record) -> None:
        require(state.piece is None, "a cut stands below a piece")
        plane = integers(record["plane"], "the plane", self.network.inputs + 1)
        require(any(plane[1:]) and plane_of(plane) == plane, "the plane is not spelled as a plane")
        self.cuts += 1
        number = state.planes + 1
        self.branch(replace(state, planes=number), record, plane, number, state.pending)

    def rule_piece(self, state: State, record: Record) -> None:
        require(state.piece is None, "a piece stands below a piece")
        self.check_witness(record["witness"])
        for row in array(record["map"], "map", self.outputs):
            _ = [rational(text) for text in array(row, "a row of map", self.network.inputs + 1)]
        self.check_units(state, record)
        self.counts["leaves"] += 1
        self.waiting.append(replace(state, piece=record["map"]))

    def rule_same(self, state: State, _record: Record) -> None:
        require(self.decided(state), "neurons are undecided where the piece's map is compared")
        require(state.piece is not None, "there is no piece above")
        self.check_map(state, -1, state.piece)

    def rule_layer(self, state: State, record: Record) -> None:
        require(state.piece is not None, "a layer is entered above a piece")
        super().rule_layer(state, record)

    def rule_redundant(self, state: State, record: Record) -> None:
        require(state.piece is None, "constraints are dropped below a piece")
        super().rule_redundant(state, record)

    def rule_dropped(self, state: State, record: Record) -> None:
        require(state.piece is None, "a cell is dropped below a piece, whose units are there")
        super().rule_dropped(state, record)

    def planes_of_s(self) -> int:
        return self.cuts


MERGE_EXACT = replace(
    CELLS_EXACT,
    construction="merge",
    walk=Merge,
    files=("units", "merge"),
    nodes={
        **NODES,
        "redundant": ("constraints",),
        "cut": ("plane", "strict"),
        "piece": ("absent", "low?", "map", "units", "witness"),
        "same": (),
    },
    counts=("leaves", "open", "faces", "units"),
    reported=("affine_pieces",),
)
MERGE_IGNORE = replace(
    MERGE_EXACT,
    boundary="ignore",
    statement=CELLS_IGNORE.statement,
    nodes={**MERGE_EXACT.nodes, "cut": ("plane",), "piece": ("map", "units", "witness")},
    header=(),
)
MERGE = (MERGE_EXACT, MERGE_IGNORE, on_some_cells(MERGE_EXACT))
