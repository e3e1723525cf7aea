# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The construction ``one-hidden``: S is a network with one hidden layer, and stored (FORMAT.md, section 15.4)."""

from .equal import Equal
from .network import Network
from .values import Record, Row, require
from .walk import check_units


class OneHidden(Equal):
    """``f = S``, S the second network, with one hidden layer or none."""

    leaves_are_regions = False

    def __init__(self, header: Record, domain: list[Row], network: Network) -> None:
        require(header["boundary"] == "exact", "networks with one hidden layer need the boundary exact")
        require(network.depth <= 2, "the second network has more than one hidden layer")
        require(network.reads == [network.last - 1 if network.depth > 1 else 0], "its outputs read the input")
        super().__init__(header, domain, network)
        self.marked = False

    def check_end(self, record: Record, *others: str) -> None:
        super().check_end(record, "units", *others)
        check_units(record["units"], self.network.widths[self.network.last - 1] if self.network.depth > 1 else 0, 0)
