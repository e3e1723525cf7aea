# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The checker: checks a verishallow certificate with the standard library alone.

    python3 -I -S verishallow/checker/__main__.py CERTIFICATE

A certificate claims that a deep ReLU network f and a network S of two hidden layers are one function on a polyhedron
D; or it claims the number of activation regions of f in D, bounds of f on D, or that f and a network g are one
function. The file is a depth-first walk over a tree of cells; this program makes the same walk, recomputes every
affine form from the network alone, and believes nothing that it has not derived. FORMAT.md says why that suffices.
Of a claim that no point of D is unsafe it walks over boxes and signs, and recomputes a lower bound on each; of a claim
that one is, it evaluates f there.

Affine forms are integer vectors over one positive denominator per layer; constraints are primitive integer vectors.
Memory grows with the depth of the tree only. Exit codes: 0 valid, 1 invalid, 2 usage or unreadable, 3 incomplete.

The files, in the order in which they are read:

    values      the bytes, records and numbers of a file, and the limits
    network     the network over the integers
    walk        the walk over the tree of cells: layers, decisions, splits, witnesses, and the reasons for them
    regions     the claim that D has so many activation regions
    bounds      the claim that outputs lie between bounds
    equal       the claim that two networks are one function
    units       the claim that f = S: the construction of cells, their units and those of their faces
    merge       units for pieces of many cells
    gated       neurons of the last two hidden layers for units
    one_hidden  S of one hidden layer, stored
    finite      S of finite weights, compared by kinks
    quantised   S of finite weights, on a grid
    unsafe      what is unsafe: conjunctions of rows, strict or not, compared and in words
    relaxation  lower bounds on a cell, by substitution backwards
    property    the claim that no point of D is unsafe
    counterexample  the claim that one is
    table       all claims and constructions, and the header
    judge       the verdict, line by line
    options     the command
"""

from .bounds import SIDES, interval
from .judge import Judge, Verdict, check, check_lines, claim
from .network import Network
from .options import expected_network, main
from .table import CLAIMED, TABLE, check_header, rules_of
from .units import CELLS, Equality, candidates
from .unsafe import conjunction_in_words, unsafe_in_words
from .values import Invalid, Record, Row, canonical, chunks_of, key, lines_of, rational, record_of
from .walk import Side, State, Tree, Walk, first_sign, plane_of

__all__ = [
    "CELLS", "CLAIMED", "FILES", "SIDES", "TABLE", "Equality", "Invalid", "Judge", "Network", "Record", "Row",
    "Side", "State", "Tree", "Verdict", "Walk", "candidates", "canonical", "check", "check_header", "check_lines",
    "chunks_of", "claim", "conjunction_in_words", "expected_network", "first_sign", "interval", "key", "lines_of",
    "main", "plane_of", "rational", "record_of", "rules_of", "unsafe_in_words",
]  # fmt: skip

FILES = (
    "values",
    "network",
    "walk",
    "regions",
    "bounds",
    "equal",
    "units",
    "merge",
    "gated",
    "one_hidden",
    "finite",
    "quantised",
    "unsafe",
    "relaxation",
    "property",
    "counterexample",
    "table",
    "judge",
    "options",
)
"""The files in the order in which they are read: each needs only those before it."""
