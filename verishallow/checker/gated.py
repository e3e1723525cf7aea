# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The construction ``gated``: neurons of the last two hidden layers are units of S (FORMAT.md, section 15.3).

The tree ends where the layers before the last two hidden ones are decided, and the next one is entered.
"""

from dataclasses import replace

from .units import CELLS_EXACT, Equality, on_some_cells
from .values import Record
from .walk import State


class Gated(Equality):
    """``f = S``: at each leaf the units of S, whose weights are those of f on the cell."""

    def decided(self, state: State) -> bool:
        """The layer before the last two is decided, and the next one entered if there are two."""
        return state.layer == max(self.network.last - 2, 0)

    def check_leaf(self, state: State, record: Record) -> None:
        self.check_units(state, record)

    def units_of_a_face(self) -> int:
        """One for each neuron of the last hidden layer that f reads, two per output if it reads anything else."""
        last = self.network.last
        hidden = self.network.feeds[last - 1] if last > 1 else []
        rest = last == 1 or self.network.reads != [last - 1]
        return sum(any(layer == last for layer, _, _ in feeds) for feeds in hidden) + 2 * self.outputs * rest


GATED_EXACT = replace(
    CELLS_EXACT,
    construction="gated",
    walk=Gated,
    files=("units", "gated"),
    nodes={**CELLS_EXACT.nodes, "leaf": ("absent", "units", "witness")},
    counts=("leaves", "open", "faces", "units"),
    reported=(),
    header=(),
)
GATED = (GATED_EXACT, on_some_cells(GATED_EXACT))
