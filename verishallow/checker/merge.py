# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The construction ``merge``: units for pieces, each with a proof that f is one map on it (FORMAT.md, section 15.2)."""

from dataclasses import replace

from .units import Equality
from .values import Invalid, Record, array, integers, members, rational, require
from .walk import Side, State, plane_of


class Merge(Equality):
    """``f = S``, units for pieces: convex cells, made by cuts, below each of which a proof says that f is its map."""

    reported, leaves_are_regions, marks_splits = ("affine_pieces",), False, False

    def rule_cut(self, state: State, record: Record) -> None:
        members(record, "record", "plane", *(["strict"] if self.exact else []))
        require(state.piece is None, "a cut stands below a piece")
        require(not self.exact or record["strict"] in ("+", "-"), "strict is neither '+' nor '-'")
        self.check_depth(state)
        plane = integers(record["plane"], "the plane", self.network.inputs + 1)
        require(any(plane[1:]) and plane_of(plane) == plane, "the plane is not spelled as a plane")
        self.planes += 1
        for sign in (-1, 1):
            strict = self.exact and record["strict"] == ("+" if sign > 0 else "-")
            side = Side(tuple(sign * a for a in plane), -sign * (state.planes + 1), strict)
            self.waiting.append(replace(state, planes=state.planes + 1, side=side))

    def rule_piece(self, state: State, record: Record) -> None:
        members(record, "record", "witness", *self.leaf_members)
        require(state.piece is None, "a piece stands below a piece")
        self.check_witness(record["witness"])
        for row in array(record["map"], "map", self.outputs):
            _ = [rational(text) for text in array(row, "a row of map", self.network.inputs + 1)]
        self.check_units(state, record)
        self.counts["leaves"] += 1
        self.waiting.append(replace(state, piece=record["map"]))

    def rule_same(self, state: State, record: Record) -> None:
        members(record, "record")
        require(self.decided(state), "neurons are undecided where the piece's map is compared")
        require(state.piece is not None, "there is no piece above")
        self.check_map(state, -1, state.piece)

    def rule_leaf(self, _state: State, _record: Record) -> None:
        raise Invalid("a leaf of this construction is a piece")

    def rule_redundant(self, state: State, record: Record) -> None:
        require(state.piece is None, "constraints are dropped below a piece")
        super().rule_redundant(state, record)

    def rule_layer(self, state: State, record: Record) -> None:
        require(state.piece is not None, "a layer is entered above a piece")
        planes = self.planes
        super().rule_layer(state, record)
        self.planes = planes  # no unit is made of these
