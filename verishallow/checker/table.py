# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The table of claims and constructions, and the header that names them (FORMAT.md, section 4)."""

from math import gcd
from typing import Any

from .bounds import Bounds, check_bounds
from .equal import Equal
from .finite import Finite
from .gated import Gated
from .merge import Merge
from .one_hidden import OneHidden
from .quantised import Quantised
from .regions import Regions
from .units import Equality
from .values import Record, Row, array, integers, members, natural, require, shown

CLAIMED = {
    "equality": ("boundary", "construction"),
    "equality-on-cells": ("boundary", "construction"),
    "equality-on-grid": ("construction", "gate_weight", "grid"),
    "regions": (),
    "bounds": ("bounds",),
    "equal": ("other_network_sha256",),
}
WALKS = {
    "cells": Equality,
    "merge": Merge,
    "gated": Gated,
    "quantised": Quantised,
    "one-hidden": OneHidden,
    "finite": Finite,
    "regions": Regions,
    "bounds": Bounds,
    "equal": Equal,
}
CONSTRUCTIONS = {
    "equality": ("cells", "merge", "gated", "one-hidden", "finite"),
    "equality-on-cells": ("cells", "merge", "gated"),
    "equality-on-grid": ("quantised",),
}


def check_header(record: Record) -> list[Row]:
    kind: Any = record.get("claim")
    require(type(kind) is str and kind in CLAIMED, f"claim {shown(kind)} is unknown")
    claimed = ("claim", "domain", "inputs", "network_sha256", "outputs", *CLAIMED[kind])
    claimed += ("other_network_sha256",) if kind == "equality" and record.get("construction") == "one-hidden" else ()
    exact = (record.get("construction"), record.get("boundary")) in (("cells", "exact"), ("merge", "exact"))
    claimed += ("low",) if "low" in record and exact else ()
    members(record, "record", "format", "version", *claimed, *(["slice"] if "slice" in record else []))
    require(record["format"] == "verishallow-certificate", f"format {shown(record['format'])} is unknown")
    require(type(record["version"]) is int and record["version"] == 1, f"version {shown(record['version'])} is unknown")
    n, m = natural(record["inputs"], "inputs"), natural(record["outputs"], "outputs")
    require(n >= 1 and m >= 1, "inputs and outputs must be at least 1")
    if "construction" in CLAIMED[kind]:
        construction = record["construction"]
        require(construction in CONSTRUCTIONS[kind], f"construction {shown(construction)} is unknown")
    if "boundary" in CLAIMED[kind]:
        known = ("exact", "ignore") if kind == "equality" else ("exact",)
        require(record["boundary"] in known, f"boundary {shown(record['boundary'])} is unknown")
    if kind == "bounds":
        check_bounds(record["bounds"], m)
    require("slice" not in record or array(record["slice"], "slice"), "the slice has no row")
    rows = [integers(row, "a row of the domain", n + 1) for row in array(record["domain"], "domain")]
    require(all(any(row[1:]) for row in rows), "a row of the domain has no linear part")
    require(all(gcd(*row) == 1 for row in rows), "a row of the domain is not primitive")
    return rows
