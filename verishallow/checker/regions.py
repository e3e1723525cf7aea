# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The claim ``regions``: D has exactly so many activation regions of f (FORMAT.md, section 16).

Nothing is checked besides the walk: each leaf is a region, its witness proves that it has an interior, and no two
leaves have one activation pattern.
"""

from .values import Record
from .walk import NODES, Rules, Walk


class Regions(Walk):
    """The number of activation regions is that of the leaves."""


def regions_counted(_header: Record, counts: Record) -> str:
    number = counts["activation_regions"]
    return f"D has exactly {number} activation region{'s' * (number > 1)} of f"


REGIONS = (
    Rules(
        claim="regions",
        walk=Regions,
        files=("regions",),
        statement=regions_counted,
        nodes={**NODES, "leaf": ("witness",)},
        counts=("leaves", "open", "activation_regions"),
    ),
)
