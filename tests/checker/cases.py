"""All cases: for each rule of the checker, certificates that keep it and certificates that break it."""

from tests.checker.rules import (
    bounds,
    counterexample,
    dropped,
    ending,
    equal,
    faces,
    farkas,
    files,
    finite,
    gated,
    header,
    layer,
    leaf,
    merge,
    network,
    one_hidden,
    one_unit,
    quantised,
    redundant,
    refuted,
    regions,
    relax,
    slices,
    spelling,
    split,
    stable,
    units,
    unsafe,
)

RULES = (
    "bytes", "header", "network", "layer", "stable", "farkas", "split", "leaf-witness", "leaf-map",
    "redundant", "faces", "units", "open", "end", "hash",
    "regions", "bounds", "equal", "slice", "merge", "gated", "one-hidden", "finite", "quantised", "dropped", "one-unit",
    "unsafe", "sides", "relax", "halve", "sign", "open-property", "refuted", "empty", "low", "counterexample",
)  # fmt: skip

TABLES = (
    files, spelling, header, network, layer, stable, farkas, split, leaf, redundant, faces, units, ending,
    regions, bounds, equal, slices, merge, gated, one_hidden, finite, quantised, dropped, one_unit,
    unsafe, relax, refuted, counterexample,
)  # fmt: skip
CASES = [case for listed in TABLES for case in listed.CASES]
STORED = {case.file: case for case in CASES if case.stored}
