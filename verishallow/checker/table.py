# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The table of claims and constructions, and the header that names a line of it (FORMAT.md, section 4).

A claim or a construction is one file; its last lines say what is in its certificates, and here it stands in one line.
"""

from math import gcd
from typing import Any

from .bounds import BOUNDS
from .counterexample import COUNTEREXAMPLE
from .equal import EQUAL
from .finite import FINITE
from .gated import GATED
from .merge import MERGE
from .one_hidden import ONE_HIDDEN
from .property import PROPERTY
from .quantised import QUANTISED
from .regions import REGIONS
from .units import CELLS
from .values import Record, Row, array, integers, members, natural, require, shown
from .walk import Rules, named

TABLE: tuple[Rules, ...] = (
    *CELLS,  # equality, exact or with the boundary ignored, and equality-on-cells
    *MERGE,  # the same
    *GATED,  # equality and equality-on-cells
    *ONE_HIDDEN,  # equality
    *FINITE,  # equality
    *QUANTISED,  # equality-on-grid
    *REGIONS,
    *BOUNDS,
    *EQUAL,
    *PROPERTY,
    *COUNTEREXAMPLE,
)
CLAIMED = tuple(dict.fromkeys(rules.claim for rules in TABLE))
EVERY_HEADER = ("claim", "domain", "format", "inputs", "network_sha256", "outputs", "record", "slice?", "version")


def rules_of(header: Record) -> Rules:
    """The line of the table that a header names."""
    kind: Any = header.get("claim")
    lines = [rules for rules in TABLE if rules.claim == kind]
    require(lines, f"claim {shown(kind)} is unknown")
    missing = [name for name in told_apart_by(lines) if name not in header]
    require(not missing, f"the field {', '.join(missing)} is missing")
    if lines[0].construction:
        construction = header["construction"]
        lines = [rules for rules in lines if rules.construction == construction]
        require(lines, f"construction {shown(construction)} is unknown")
    if lines[0].boundary:
        boundary, known = header["boundary"], " or ".join(rules.boundary for rules in lines)
        needs = f"{lines[0].construction} needs the boundary {known}"
        lines = [rules for rules in lines if rules.boundary == boundary]
        require(lines, f"boundary {shown(boundary)} is unknown: {needs}")
    return lines[0]


def told_apart_by(lines: list[Rules]) -> list[str]:
    """The members of the header that tell these lines of one claim apart."""
    return [name for name in ("boundary", "construction") if getattr(lines[0], name)]


def check_header(record: Record) -> list[Row]:
    """The rows of the domain, once all else that the header says is checked."""
    rules = rules_of(record)
    members(record, *named((*EVERY_HEADER, *told_apart_by([rules]), *rules.header), record))
    require(record["format"] == "verishallow-certificate", f"format {shown(record['format'])} is unknown")
    require(type(record["version"]) is int and record["version"] == 1, f"version {shown(record['version'])} is unknown")
    n, m = natural(record["inputs"], "inputs"), natural(record["outputs"], "outputs")
    require(n >= 1 and m >= 1, "inputs and outputs must be at least 1")
    rules.walk.check_claimed(record)
    require("slice" not in record or array(record["slice"], "slice"), "the slice has no row")
    rows = [integers(row, "a row of the domain", n + 1) for row in array(record["domain"], "domain")]
    require(all(any(row[1:]) for row in rows), "a row of the domain has no linear part")
    require(all(gcd(*row) == 1 for row in rows), "a row of the domain is not primitive")
    return rows
