# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The construction ``one-hidden``: S has one hidden layer or none, and is stored (FORMAT.md, section 15.4)."""

from .equal import Equal
from .network import Network
from .values import Record, Row, require
from .walk import NODES, Rules, stated


class OneHidden(Equal):
    """``f = S``, S the second network."""

    def __init__(self, rules: Rules, header: Record, domain: list[Row], network: Network) -> None:
        require(network.depth <= 2, "the second network has more than one hidden layer")
        require(network.reads == [network.last - 1 if network.depth > 1 else 0], "its outputs read the input")
        super().__init__(rules, header, domain, network)

    def units_of_s(self) -> tuple[int, int]:
        return self.network.widths[self.network.last - 1] if self.network.depth > 1 else 0, 0


ONE_HIDDEN = (
    Rules(
        claim="equality",
        construction="one-hidden",
        boundary="exact",
        walk=OneHidden,
        files=("equal", "one_hidden"),
        statement=stated("f(x) = S(x) for all x in D"),
        nodes={**NODES, "leaf": ("map", "witness")},
        counts=("leaves", "open", "units"),
        header=("other_network_sha256",),
    ),
)
