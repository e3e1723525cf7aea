# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The claim ``equal``: two networks f and g are one function on D (FORMAT.md, section 18)."""

from .values import Record
from .walk import NODES, Rules, State, Walk, stated


class Equal(Walk):
    """Both networks, side by side, have the same map on each leaf."""

    def check_leaf(self, state: State, record: Record) -> None:
        for layer in (-2, -1):
            self.check_map(state, layer, record["map"])


EQUAL = (
    Rules(
        claim="equal",
        walk=Equal,
        files=("equal",),
        statement=stated("f(x) = g(x) for all x in D"),
        nodes={**NODES, "leaf": ("map", "witness")},
        counts=("leaves", "open", "activation_regions"),
        header=("other_network_sha256",),
    ),
)
