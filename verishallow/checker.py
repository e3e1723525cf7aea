# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The judge: checks a verishallow certificate with the standard library alone, in one file.

    python -I -S checker.py CERTIFICATE

A certificate claims that a deep ReLU network f and a network S of two hidden layers are one function on a polyhedron
D; or it claims the number of activation regions of f in D, bounds of f on D, or that f and a network g are one
function. The file is a depth-first walk over a tree of cells; this program makes the same walk, recomputes every
affine form from the network alone, and believes nothing that it has not derived. FORMAT.md says why that suffices.

Affine forms are integer vectors over one positive denominator a layer; constraints are primitive integer vectors.
Memory grows with the depth of the tree only. Exit codes: 0 valid, 1 invalid, 2 usage or unreadable, 3 incomplete.
"""

import argparse
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations, groupby
from math import gcd
from os import PathLike
from typing import Any, BinaryIO, NamedTuple

Record = dict[str, Any]
Row = tuple[int, ...]

# ------------------------------------------------------------------------------------------------ Limits

CHUNK = 1 << 20  # bytes read at a time
MAX_LINE = 32 * CHUNK  # bytes of one record, give or take a chunk
MAX_DIGITS = 4000  # of a numerator or a denominator (CPython itself stops at 4300)
MAX_INDEX_DIGITS = 15  # of a bare JSON integer
MAX_BITS = 100_000  # of a recomputed coefficient or common denominator
MAX_COEFFICIENTS = 1 << 25  # of all pre-activations together, in words of WORD bits, times the depth of the tree
WORD = 256


class Invalid(Exception):
    """The first fact that fails."""


def require(holds: object, fact: str) -> None:
    if not holds:
        raise Invalid(fact)


# ----------------------------------------------------------------------------------------------- Verdicts


@dataclass(frozen=True)
class Verdict:
    """What the judge says of a certificate, and why.

    >>> Verdict("invalid", "line 1: not one JSON value in ASCII").exit_code
    1
    """

    kind: str  # "valid", "invalid" or "incomplete"
    reason: str
    header: Record = field(default_factory=dict)
    counts: Record = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        return {"valid": 0, "invalid": 1, "incomplete": 3}[self.kind]

    def __bool__(self) -> bool:
        return self.kind == "valid"

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"


def claim(header: Record, counts: Record) -> str:
    """The statement that a valid certificate proves, in one line."""
    n, m, rows = header["inputs"], header["outputs"], len(header["domain"])
    domain = f"D = {{x in R^{n} : {rows} inequalit{'ies' if rows > 1 else 'y'}}}" if rows else f"D = R^{n}"
    words, networks = f"{m} output{'s' * (m > 1)}", f"network sha256 {header['network_sha256']}"
    if "construction" in header:
        words += f", construction {header['construction']}"
        words += f", boundary {header['boundary']}" if "boundary" in header else f", gates of -{header['gate_weight']}"
        many, regions = counts["leaves"] != 1, "activation_regions" in counts
        words += f", {counts['leaves']} {'activation region' + 's' * many if regions else 'leaves' if many else 'leaf'}"
    if header.get("other_network_sha256", header["network_sha256"]) != header["network_sha256"]:
        networks += f" and {header['other_network_sha256']}"
    if "slice" in header:
        words += f", x in R^{len(header['slice'])} on a slice, given by its {n} parameter{'s' * (n > 1)}"
    return f"{statement(header, counts)}; {domain}, {words}, {networks}"


def statement(header: Record, counts: Record) -> str:
    if header["claim"] == "regions":
        return f"D has exactly {counts['activation_regions']} activation region{'s' * (counts['leaves'] > 1)} of f"
    if header["claim"] == "bounds":
        return f"{', '.join(map(interval, header['bounds']))} for all x in D"
    if header.get("boundary") == "ignore":
        return "S(x) = k(x) f(x) for all x in D, k(x) >= 1 the number of closed cells that contain x"
    part = ""
    if header["claim"] == "equality-on-cells":
        leaves = f"{counts['leaves']} {'leaf' if counts['leaves'] == 1 else 'leaves'}"
        part = f" in the half-open cells of {leaves} (nothing on {counts['dropped']} dropped)"
    if header["claim"] == "equality-on-grid":
        texts = [f"{offset} + {step} Z" for offset, step in header["grid"]]
        grid = texts[0] if len({*texts}) == 1 else f"({', '.join(texts)})"
        part = f" on the grid {grid}, all weights of S finite"
    return f"f(x) = {'g' if header['claim'] == 'equal' else 'S'}(x) for all x in D{part}"


def interval(entry: Record) -> str:
    low, high = (f"{entry['low']} <= " if "low" in entry else "", f" <= {entry['high']}" if "high" in entry else "")
    return f"{low}f_{entry['output']}(x){high}"


# -------------------------------------------------------------------------------------------------- Bytes


def chunks_of(file: BinaryIO) -> Iterator[bytes]:
    """The content of a file, gunzipped if it is gzip, in pieces of bounded size."""
    head = file.read(2)
    if head != b"\x1f\x8b":
        yield head
        yield from iter(lambda: file.read(CHUNK), b"")
        return
    stream, data = zlib.decompressobj(31), head
    while not stream.eof:
        require(data, "the gzip stream is truncated")
        try:
            yield stream.decompress(data, CHUNK)
        except zlib.error:
            raise Invalid("the gzip stream is damaged") from None
        data = stream.unconsumed_tail or file.read(CHUNK)
    require(not stream.unused_data and not data, "bytes follow the gzip stream")


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a stream of bytes, line feeds included."""
    rest = b""
    for chunk in chunks:
        *ended, rest = (rest + chunk).split(b"\n")
        yield from (line + b"\n" for line in ended)
        require(len(rest) <= MAX_LINE, f"a line is longer than {MAX_LINE} bytes")
    require(not rest, "the last line does not end with a line feed")


def bare_integer(text: str) -> int:
    require(len(text) <= MAX_INDEX_DIGITS, f"a bare integer has more than {MAX_INDEX_DIGITS} digits")
    return int(text)


def not_an_integer(text: str) -> Any:
    raise Invalid(f"the bare number {shown(text)} is not an integer; rationals are strings")


DECODER = json.JSONDecoder(parse_int=bare_integer, parse_float=not_an_integer, parse_constant=not_an_integer)


def canonical(record: Any) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def record_of(line: bytes) -> Record:
    """The JSON object of a line, which must be spelled canonically."""
    try:
        record: Record = DECODER.decode(line.decode("ascii"))
        spelled = canonical(record)
    except ValueError:
        raise Invalid("not one JSON value in ASCII") from None
    require(spelled == line, "not the canonical spelling (sorted keys, no spaces, each key once)")
    require(type(record) is dict and type(record.get("record")) is str, "not an object with a 'record'")
    return record


# -------------------------------------------------------------------------------------------------- Values

RATIONAL = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?", re.ASCII)


def members(value: Any, *names: str) -> None:
    """An object with exactly these members."""
    require(type(value) is dict, f"{shown(value)} is not an object")
    missing, unknown = sorted({*names} - {*value}), sorted({*value} - {*names})
    require(not missing, f"the field {', '.join(missing)} is missing")
    require(not unknown, f"the field {shown(', '.join(unknown))} is unknown")


def rational(text: Any) -> tuple[int, int]:
    """A canonical rational, as (numerator, positive denominator)."""
    require(type(text) is str and RATIONAL.fullmatch(text), f"{shown(text)} is not a canonical rational")
    top, _, bottom = text.partition("/")
    require(len(top.lstrip("-")) <= MAX_DIGITS and len(bottom) <= MAX_DIGITS, f"more than {MAX_DIGITS} digits")
    p, q = int(top), int(bottom or 1)
    require(gcd(p, q) == 1 and bottom != "1" and text != "-0", f"{shown(text)} is not in lowest terms")
    return p, q


def natural(value: Any, what: str) -> int:
    require(type(value) is int and value >= 0, f"{what} is {shown(value)}, not a natural number")
    return value


def array(value: Any, what: str, length: int | None = None) -> list[Any]:
    require(type(value) is list, f"{what} is not an array")
    require(length is None or len(value) == length, f"{what} has {len(value)} entries, expected {length}")
    return value


def naturals(value: Any, what: str, below: int) -> list[int]:
    """An increasing array of natural numbers below a bound."""
    previous = -1
    for entry in array(value, what):
        require(natural(entry, f"an entry of {what}") > previous, f"{what} is not increasing")
        require(entry < below, f"{what} names {entry}, expected numbers below {below}")
        previous = entry
    return value


def integers_are(value: Any, expected: list[int]) -> bool:
    """Equality of arrays of integers; JSON's true is no 1."""
    return type(value) is list and all(type(v) is int for v in value) and value == expected


def shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 40 else text[:37] + "..."


def common_denominator(denominators: Iterable[int]) -> int:
    common = 1
    for q in denominators:
        common *= q // gcd(common, q)
        require(common.bit_length() <= MAX_BITS, f"a common denominator needs more than {MAX_BITS} bits")
    return common


def primitive(row: Iterable[int]) -> Row:
    divisor = gcd(*row)
    return tuple(a // divisor for a in row)


def first_sign(row: Row) -> int:
    return next((1 if a > 0 else -1 for a in row[1:] if a), 0)


# ------------------------------------------------------------------------------------ Header and network


CLAIMED = {
    "equality": ("boundary", "construction"),
    "equality-on-cells": ("boundary", "construction"),
    "equality-on-grid": ("construction", "gate_weight", "grid"),
    "regions": (),
    "bounds": ("bounds",),
    "equal": ("other_network_sha256",),
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


def check_bounds(bounds: Any, outputs: int) -> None:
    previous = -1
    for entry in array(bounds, "bounds"):
        sides = [side for side in ("low", "high") if type(entry) is dict and side in entry]
        members(entry, "output", *(sides or ["low"]))
        require(natural(entry["output"], "an output of bounds") > previous, "the outputs of bounds do not increase")
        require(entry["output"] < outputs, f"bounds name output {entry['output']}, but there are {outputs}")
        previous = entry["output"]
        for side in sides:
            rational(entry[side])
    require(bounds, "there is no bound")


def integers(texts: Any, what: str, length: int) -> Row:
    row = [rational(text) for text in array(texts, what, length)]
    require(all(q == 1 for _, q in row), f"{what} has an entry that is not an integer")
    return tuple(p for p, _ in row)


class Network:
    """The deep network over integers: pre-activations of layer k are integer vectors over ``scale[k]``.

    Several networks stand side by side: the hidden layers of each in turn, then the last layer of each.

    ``start[k]`` are the forms of layer k with only biases and inputs summed; ``feeds[s][t]`` lists what an
    active neuron t of layer s adds to later layers, as (layer, row, integer factor).
    """

    def __init__(self, records: list[Record], n: int, m: int, embedding: Any = None) -> None:
        self.inputs, self.factors, self.growth = n, 0, 0  # growth: bits by which forms may outgrow their denominators
        self._add_inputs(embedding)
        self.start: list[list[list[int]]] = [[]]
        self.feeds: list[list[list[tuple[int, int, int]]]] = [[]]
        ends: list[tuple[Any, list[int]]] = []
        for record in records:
            members(record, "record", "layers")
            sources, layers = [0], array(record["layers"], "layers")
            require(layers, "there is no layer")
            self.depth = len(layers)  # in the end, that of the last network
            for layer in layers[:-1]:
                self._add(layer, sources)
                sources.append(len(self.widths) - 1)
            ends.append((layers[-1], sources))
        self.last = len(self.widths)
        for layer, sources in ends:
            self._add(layer, sources)
            require(self.widths[-1] == m, f"the last layer has {self.widths[-1]} neurons, expected {m} outputs")

    def _add_inputs(self, embedding: Any) -> None:
        """Source 0: the inputs, or on a slice their forms in its parameters, as pairs (index, integer)."""
        self.widths, self.scale, self.origin = [self.inputs], [1], list[list[tuple[int, int]]]()
        if embedding is not None:
            rows = [array(row, "a row of the slice", self.inputs + 1) for row in embedding]
            forms = [[rational(text) for text in row] for row in rows]
            self.widths, self.scale = [len(forms)], [common_denominator({q for form in forms for _, q in form})]
            self.growth = max(p.bit_length() for form in forms for p, _ in form)
            size = len(forms) * (self.inputs + 1) * self.scale[0].bit_length()
            require(size <= WORD * MAX_COEFFICIENTS, "the slice is too large")
            self.origin = [[(i, p * (self.scale[0] // q)) for i, (p, q) in enumerate(form) if p] for form in forms]

    def _add(self, layer: Any, sources: list[int]) -> None:
        """Add a layer of a network whose sources, in its own order, are these."""
        number, index = len(sources), len(self.widths)
        self.reads = reads = [sources[source] for source in self._reads(number, layer)]
        bias = [rational(text) for text in array(layer["bias"], f"the bias of layer {number}")]
        require(bias, f"layer {number} has no neuron")
        columns = sum(self.widths[source] for source in reads)
        rows = array(layer["weight"], f"the weight of layer {number}", len(bias))
        weight = [[rational(text) for text in array(row, f"a weight row of layer {number}", columns)] for row in rows]
        below = common_denominator(self.scale[source] for source in reads)
        factor = common_denominator({q for row in weight for _, q in row})
        scale = common_denominator([below * factor, *{q for _, q in bias}])
        self.growth += max(p.bit_length() for row in [bias, *weight] for p, _ in row) + columns.bit_length()
        words = 1 + (self.growth + max(*self.scale, scale).bit_length()) // WORD
        self.coefficients = (sum(self.widths) + len(bias)) * (self.inputs + 1) * words
        self.factors += columns * len(bias)
        size = max(self.coefficients, self.factors * words, index**2)
        require(size <= MAX_COEFFICIENTS, "the network is too wide, or too deep")
        self.widths.append(len(bias))
        self.scale.append(scale)
        self.start.append([[p * (scale // q)] + [0] * self.inputs for p, q in bias])
        self.feeds.append([[] for _ in bias])
        offset = 0
        for source in reads:
            for row_number, row in enumerate(weight):
                for t, (p, q) in enumerate(row[offset : offset + self.widths[source]]):
                    self._connect(index, row_number, source, t, p * (scale // (q * self.scale[source])))
            offset += self.widths[source]

    def _reads(self, number: int, layer: Any) -> list[int]:
        if type(layer) is dict and "reads" not in layer:
            members(layer, "bias", "weight")
            return [number - 1]
        members(layer, "bias", "reads", "weight")
        reads = naturals(layer["reads"], f"reads of layer {number}", number)
        require(reads and reads != [number - 1], f"reads of layer {number} is empty, or spells the default")
        return reads

    def _connect(self, number: int, index: int, source: int, t: int, factor: int) -> None:
        if source == 0:
            for i, a in self.origin[t] if self.origin else [(1 + t, 1)]:
                self.start[number][index][i] += factor * a
        elif factor:
            self.feeds[source][t].append((number, index, factor))


# --------------------------------------------------------------------------------------- Farkas reasons


def farkas(form: Any, scale: int, reason: Any, rows: list[Row], usable: Container[int], equations: Any = ()) -> int:
    """The sign of l_0 in ``form / scale = l_0 + sum l_i rows[i]``, with l_i > 0 but on equations."""
    terms, previous = [], -1
    for entry in array(reason, "a reason"):
        index, text = array(entry, "an entry of a reason", 2)
        require(natural(index, "a constraint number") > previous, "the constraint numbers of a reason do not increase")
        require(index < len(rows), f"a reason names constraint {index}, but there are {len(rows)} here")
        require(index in usable, f"a reason names constraint {index}, which may not be used here")
        p, q = rational(text)
        require(p != 0, f"the multiplier of constraint {index} is 0")
        require(p > 0 or index in equations, f"the multiplier of inequality {index} is negative")
        terms.append((p, q, rows[index]))
        previous = index
    common = common_denominator([q for _, q, _ in terms])
    total = [common * a for a in form]
    for p, q, row in terms:
        factor = scale * p * (common // q)
        total = [a - factor * c for a, c in zip(total, row)]
    require(not any(total[1:]), "the multipliers do not reproduce the linear part")
    return (total[0] > 0) - (total[0] < 0)


# -------------------------------------------------------------------------------------------- Tree walk


# A path constraint row >= 0; violation is the layer-1 unit that is positive where it fails.
Side = NamedTuple("Side", [("row", Row), ("violation", int), ("strict", bool)])


@dataclass(frozen=True)
class State:
    """What is known where the walk stands. ``pending[k]``: the forms of layer k, as far as they are decided."""

    layer: int
    undecided: frozenset[int]
    pending: tuple[tuple[Row, ...], ...]
    depth: int  # path constraints above this node
    planes: int  # planes declared above this node
    units: dict[Row, int]  # planes of the current layer -> their numbers
    side: Side | None = None  # the path constraint that enters this node
    dropped: frozenset[int] = frozenset()  # path constraints that follow from the others
    positive: frozenset[int] = frozenset()  # those of them that are positive where the strict ones not dropped are
    piece: Any = None  # the map of the piece whose proof this node belongs to


class Walk:
    """The depth-first walk: one record a node, one method a kind of record."""

    leaf_members: tuple[str, ...] = ()
    leaves_are_regions = marks_splits = True

    def __init__(self, header: Record, domain: list[Row], network: Network) -> None:
        self.header, self.exact = header, header.get("boundary") == "exact"
        self.marked = self.exact and self.marks_splits  # whether splits say which side is strict
        self.outputs, self.network, self.domain_rows = header["outputs"], network, len(domain)
        self.rows, self.path = list(domain), list[Side]()
        self.planes, self.counts = 0, {"leaves": 0, "open": 0}
        pending = tuple(tuple(tuple(row) for row in forms) for forms in network.start)
        self.waiting = [State(0, frozenset(), pending, 0, 0, {})]

    def take(self, record: Record) -> None:
        state = self.waiting.pop()
        del self.rows[self.domain_rows + state.depth :], self.path[state.depth :]
        if state.side:
            self.rows.append(state.side.row)
            self.path.append(state.side)
        require(hasattr(self, f"rule_{record['record']}"), f"record {shown(record['record'])} is no node of the tree")
        rule = getattr(self, f"rule_{record['record']}")
        rule(replace(state, depth=len(self.path), side=None), record)

    def rule_layer(self, state: State, record: Record) -> None:
        members(record, "record", "active", "inactive", "layer", "planes", "undecided")
        require(not state.undecided, f"neurons of layer {state.layer} are undecided")
        number = state.layer + 1
        require(natural(record["layer"], "layer") == number, f"expected layer {number}")
        require(number < self.network.last, "there is no further hidden layer")
        width = self.network.widths[number]
        bits = max(a.bit_length() for form in state.pending[number] for a in form)
        require(bits <= MAX_BITS, f"a coefficient needs more than {MAX_BITS} bits")
        settled = self.settle(replace(state, layer=number, undecided=frozenset(range(width))), record)
        undecided = naturals(record["undecided"], "undecided", width)
        require(settled.undecided == set(undecided), "undecided neurons are not those left over")
        forms = [state.pending[number][neuron] for neuron in undecided]
        require(all(any(form[1:]) for form in forms), "an undecided neuron has no linear part")
        planes = [plane_of(form) for form in forms]
        units = {plane: state.planes + 1 + i for i, plane in enumerate(dict.fromkeys(planes))}
        for texts, plane in zip(array(record["planes"], "planes", len(units)), units):
            require(integers(texts, "a plane", len(plane)) == plane, f"plane {units[plane]} is not its neuron's")
        self.planes += len(units)
        self.waiting.append(replace(settled, planes=state.planes + len(units), units=units))

    def rule_stable(self, state: State, record: Record) -> None:
        members(record, "record", "active", "inactive")
        require(state.undecided, "no neuron is undecided")
        require(record["active"] != [] or record["inactive"] != [], "nothing is decided")
        self.waiting.append(self.settle(state, record))

    def settle(self, state: State, record: Record) -> State:
        """Decide the active and the inactive neurons of a record, each with its reason."""
        forms, scale = state.pending[state.layer], self.network.scale[state.layer]
        active, inactive = (self.decisions(state, record, kind) for kind in ("active", "inactive"))
        for neuron, reason in active:
            sign = farkas(forms[neuron], scale, reason, self.rows, range(len(self.rows)))
            require(sign >= 0, f"the reason of active neuron {neuron} does not bound it below by 0")
        for neuron, reason in inactive:
            sign = farkas(tuple(-a for a in forms[neuron]), scale, reason, self.rows, range(len(self.rows)))
            require(sign >= 0, f"the reason of inactive neuron {neuron} does not bound it above by 0")
        neurons = [neuron for neuron, _ in active + inactive]
        require(len(set(neurons)) == len(neurons), "a neuron is decided twice")
        pending = self.fed(state, [neuron for neuron, _ in active])
        return replace(state, undecided=state.undecided - set(neurons), pending=pending)

    def decisions(self, state: State, record: Record, kind: str) -> list[Any]:
        pairs = [array(entry, f"an entry of {kind}", 2) for entry in array(record[kind], kind)]
        for neuron in naturals([neuron for neuron, _ in pairs], kind, self.network.widths[state.layer]):
            require(neuron in state.undecided, f"neuron {neuron} is decided already")
        return pairs

    def fed(self, state: State, active: list[int]) -> tuple[tuple[Row, ...], ...]:
        """The pending forms once these neurons of the current layer pass their pre-activation on."""
        changed: dict[int, list[Row]] = {}
        for neuron in active:
            form = state.pending[state.layer][neuron]
            for layer, index, factor in self.network.feeds[state.layer][neuron]:
                forms = changed.setdefault(layer, list(state.pending[layer]))
                forms[index] = tuple([a + factor * b for a, b in zip(forms[index], form)])
        return tuple(tuple(changed.get(layer, forms)) for layer, forms in enumerate(state.pending))

    def rule_split(self, state: State, record: Record) -> None:
        members(record, "record", "neuron", *(["strict"] if self.marked else []))
        neuron = natural(record["neuron"], "neuron")
        require(neuron in state.undecided, f"neuron {neuron} is not an undecided one of layer {state.layer}")
        require(not self.marked or record["strict"] in ("+", "-"), "strict is neither '+' nor '-'")
        self.check_depth(state)
        form = state.pending[state.layer][neuron]
        below = replace(state, undecided=state.undecided - {neuron})
        for sign in (-1, 1):  # the child on which the neuron is non-negative comes first, so it is stacked last
            row = primitive([sign * a for a in form])
            violation = -first_sign(row) * state.units[plane_of(form)]
            side = Side(row, violation, self.marked and record["strict"] == ("+" if sign > 0 else "-"))
            pending = self.fed(state, [neuron]) if sign > 0 else state.pending
            self.waiting.append(replace(below, pending=pending, side=side))

    def check_depth(self, state: State) -> None:
        size = state.depth * max(state.depth, self.network.coefficients)
        require(size <= MAX_COEFFICIENTS, "the tree is too deep for so wide a network")

    def rule_open(self, _state: State, record: Record) -> None:
        members(record, "record")
        self.counts["open"] += 1

    def rule_leaf(self, state: State, record: Record) -> None:
        members(record, "record", "witness", *self.leaf_members)
        require(self.decided(state), "neurons are undecided at a leaf")
        self.check_witness(record["witness"])
        self.check_leaf(state, record)
        self.counts["leaves"] += 1

    def decided(self, state: State) -> bool:
        return not state.undecided and state.layer + 1 == self.network.last

    def check_leaf(self, state: State, record: Record) -> None:
        """What the claim needs on this cell besides; a witness proves that the cell has an interior."""

    def check_witness(self, texts: Any) -> None:
        """Strictly inside the domain and every constraint of the path: the cell has an interior."""
        point = [rational(text) for text in array(texts, "the witness", self.network.inputs)]
        common = common_denominator([q for _, q in point])
        homogeneous = [common, *(p * (common // q) for p, q in point)]
        for number, row in enumerate(self.rows):
            value = sum(a * x for a, x in zip(row, homogeneous))
            require(value > 0, f"the witness is not strictly inside constraint {number}")

    def check_map(self, state: State, layer: int, given: Any) -> None:
        scale = self.network.scale[layer]
        for output, (form, texts) in enumerate(zip(state.pending[layer], array(given, "map", self.outputs))):
            for a, text in zip(form, array(texts, "a row of map", len(form))):
                p, q = rational(text)
                require(p * scale == a * q, f"the affine map of output {output} is not the network's on this cell")

    def check_end(self, record: Record, *others: str) -> None:
        regions = {"activation_regions": self.counts["leaves"]} if self.leaves_are_regions else {}
        counts = {**self.counts, **regions}
        members(record, "record", "sha256", *counts, *others)
        for name, number in counts.items():
            require(natural(record[name], name) == number, f"the count of {name} is not {number}")


# ------------------------------------------------------------------- Equality with the three-layer network


class Equality(Walk):
    """``f = S``: at each leaf the units of its cell and of its signed faces."""

    reported: tuple[str, ...] = ("affine_pieces", "linear_regions")

    def __init__(self, header: Record, domain: list[Row], network: Network) -> None:
        super().__init__(header, domain, network)
        self.counts["faces"] = 0
        if header["claim"] == "equality-on-cells":
            self.counts["dropped"], self.reported, self.leaves_are_regions = 0, (), False
        self.low: Any = fractions(header["low"], "low", self.outputs) if "low" in header else ()
        self.leaf_members = ("map", "units", *(["absent"] if self.exact else []), *(["low"] if self.low else []))

    def rule_redundant(self, state: State, record: Record) -> None:
        """Path constraints that follow from the domain and those not dropped: no unit below needs them."""
        members(record, "record", "constraints")
        pairs = [array(entry, "an entry of constraints", 2) for entry in array(record["constraints"], "constraints")]
        numbers = naturals([number for number, _ in pairs], "constraints", len(self.rows))
        require(numbers, "nothing is redundant")
        require(numbers[0] >= self.domain_rows, "constraints names a row of the domain")
        require(state.dropped.isdisjoint(numbers), "a constraint is dropped twice")
        dropped = state.dropped | set(numbers)
        usable = set(range(len(self.rows))) - dropped
        strict = {number for number in usable if number >= self.domain_rows and self.side(number).strict}
        positive = set(state.positive)
        for number, reason in pairs:
            sign = farkas(self.rows[number], 1, reason, self.rows, usable)
            require(sign >= 0, f"the reason of redundant constraint {number} does not bound it below by 0")
            if self.side(number).strict and (sign > 0 or not strict.isdisjoint(index for index, _ in reason)):
                positive.add(number)
        self.waiting.append(replace(state, dropped=dropped, positive=frozenset(positive)))

    def rule_dropped(self, state: State, record: Record) -> None:
        members(record, "record")
        require("dropped" in self.counts, "the claim is not one on some cells alone")
        require(state.piece is None, "a cell is dropped below a piece, whose units are there")
        self.counts["dropped"] += 1

    def check_leaf(self, state: State, record: Record) -> None:
        self.check_map(state, -1, record["map"])
        self.check_units(state, record)

    def check_low(self, record: Record) -> None:
        """Each output's map is at least its bound on the closed cell: one unit will do."""
        for row, low, reason in zip(record["map"], self.low, array(record["low"], "low", self.outputs)):
            constant, *linear = fractions(row, "a row of map", self.network.inputs + 1)
            sign = farkas((constant - low, *linear), 1, reason, self.rows, range(len(self.rows)))
            require(sign >= 0, "a reason of low does not bound its output below")

    def check_units(self, state: State, record: Record) -> None:
        if self.low:
            self.check_low(record)
        on_path = range(self.domain_rows, len(self.rows))
        kept = [number for number in on_path if number not in state.dropped]
        if self.exact:
            strict = [number for number in on_path if self.side(number).strict and number not in state.positive]
            self.check_faces(record, kept, strict)
        else:
            (unit,) = array(record["units"], "units", 1)
            self.check_unit(unit, (), kept)
        self.counts["faces"] += len(record["units"])

    def side(self, number: int) -> Side:
        return self.path[number - self.domain_rows]

    def check_faces(self, record: Record, kept: list[int], strict: list[int]) -> None:
        """Every set of strict constraints has its face listed, or a reason why it vanishes nowhere together."""
        units, absent = iter(array(record["units"], "units")), iter(array(record["absent"], "absent"))
        unit, missing = next(units, ()), next(absent, ())  # () is no value of JSON, as null is
        self.check_unit(unit, (), kept)
        level: list[Row] = [()]
        unit = next(units, ())
        while level:
            present, level = level, []
            for face in candidates(present, strict):
                if type(unit) is dict and unit.get("face") == list(face):
                    self.check_unit(unit, face, kept)
                    level.append(face)
                    unit = next(units, ())
                else:
                    self.check_absent(missing, face, kept)
                    missing = next(absent, ())
        require(unit == (), "units are left over")
        require(missing == (), "absent faces are left over")

    def check_unit(self, unit: Any, face: Row, kept: list[int]) -> None:
        """The two units of each output on this face: which layer-1 units switch them off, and their weight."""
        members(unit, "-inf", "weight", *(["face"] if self.exact else []))
        require(not self.exact or integers_are(unit["face"], list(face)), f"expected the units of face {list(face)}")
        gates = {self.side(number).violation for number in kept}
        gates.update(sign * self.side(number).violation for number in face for sign in (1, -1))
        expected = sorted(gates, key=lambda gate: (abs(gate), gate))
        require(
            integers_are(unit["-inf"], expected), f"-inf of face {list(face)} is not on the units {shown(expected)}"
        )
        weight = "-1" if len(face) % 2 else "1"
        require(unit["weight"] == weight, f"the weight of face {list(face)} is not {weight}")

    def check_absent(self, entry: Any, face: Row, kept: list[int]) -> None:
        require(entry != (), f"face {list(face)} is neither listed nor absent")
        given, reason = array(entry, "an entry of absent", 2)
        require(integers_are(given, list(face)), f"face {list(face)} is neither listed nor absent")
        usable = {*range(self.domain_rows), *kept, *face[:-1]}
        sign = farkas(self.rows[face[-1]], 1, reason, self.rows, usable, face[:-1])
        require(sign > 0, f"the reason for absent face {list(face)} does not bound constraint {face[-1]} above 0")

    def check_end(self, record: Record, *others: str) -> None:
        """The counts agree; affine pieces and linear regions are reported, not certified."""
        super().check_end(record, "units", *self.reported, *others)
        layer2 = self.units_of_a_face() * self.counts["faces"]
        check_units(record["units"], 2 * (self.network.inputs + self.planes), layer2)
        require(not self.counts.get("dropped") or self.counts["leaves"], "every cell is dropped")
        known = [natural(record[name], name) for name in self.reported] + [self.counts["leaves"]]
        require(bool(known[0]) == bool(known[-1]) and known == sorted(known), "reported counts disagree")

    def units_of_a_face(self) -> int:
        return (1 if self.low else 2) * self.outputs


def check_units(units: Any, layer1: int, layer2: int) -> None:
    members(units, "layer1", "layer2")
    for name, number in {"layer1": layer1, "layer2": layer2}.items():
        require(natural(units[name], name) == number, f"the count of {name} units is not {number}")


def candidates(present: list[Row], strict: list[int]) -> Iterator[Row]:
    """The sets one larger than those present all of whose subsets one smaller are present, in order."""
    known = set(present)
    yield from ((number,) for number in strict if () in known)
    for _, faces in groupby(present, key=lambda face: face[:-1]):
        for one, other in combinations(faces, 2):
            if known.issuperset(combinations((*one, other[-1]), len(one))):
                yield (*one, other[-1])


def plane_of(form: Row) -> Row:
    """The primitive form of a hyperplane whose first non-zero linear coefficient is positive."""
    row = primitive(form)
    return tuple(-a for a in row) if first_sign(row) < 0 else row


# ------------------------------------------------------------------------------------------ Other claims


class Regions(Walk):
    """The number of activation regions: each leaf is one, and its witness proves it."""


class Bounds(Walk):
    """Bounds of outputs: at each leaf one reason for each of them."""

    leaf_members = ("bounds",)

    def check_leaf(self, state: State, record: Record) -> None:
        scale = self.network.scale[-1]
        sides = [(bound, side, sign) for bound in self.header["bounds"] for side, sign in SIDES if side in bound]
        for (bound, side, sign), reason in zip(sides, array(record["bounds"], "bounds", len(sides))):
            p, q = rational(bound[side])
            form = [sign * q * a for a in state.pending[-1][bound["output"]]]
            form[0] -= sign * p * scale
            holds = farkas(tuple(form), scale * q, reason, self.rows, range(len(self.rows))) >= 0
            require(holds, f"the reason of the {side} bound of output {bound['output']} does not prove it")


SIDES = (("low", 1), ("high", -1))


class Equal(Walk):
    """``f = g``: both networks, side by side, have the same map on each leaf."""

    leaf_members = ("map",)

    def check_leaf(self, state: State, record: Record) -> None:
        for layer in (-2, -1):
            self.check_map(state, layer, record["map"])


# -------------------------------------------------------------------------------- Smaller constructions


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


class Gated(Equality):
    """``f = S``, cells for the hidden layers before the last two, whose neurons are units of S."""

    reported, leaves_are_regions = (), False

    def __init__(self, header: Record, domain: list[Row], network: Network) -> None:
        require(header["boundary"] == "exact", "the gated construction needs the boundary exact")
        super().__init__(header, domain, network)
        self.leaf_members = ("absent", "units")

    def decided(self, state: State) -> bool:
        """The layer before the last two is decided, and the next one entered if there are two."""
        return state.layer == max(self.network.last - 2, 0)

    def check_leaf(self, state: State, record: Record) -> None:
        self.check_units(state, record)

    def units_of_a_face(self) -> int:
        """One for each neuron of the last hidden layer that f reads, two an output if it reads anything else."""
        last = self.network.last
        hidden = self.network.feeds[last - 1] if last > 1 else []
        rest = last == 1 or self.network.reads != [last - 1]
        return sum(any(layer == last for layer, _, _ in feeds) for feeds in hidden) + 2 * self.outputs * rest


# -------------------------------------------------------------------------- Constructions of finite weights

Form = tuple[Fraction, ...]
Place = Fraction | float  # on a line; infinite at its ends
Stretch = tuple[Place, Place]


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


class Finite(Walk):
    """``f = S``, S an affine map and terms ``weight * max(0, ...)``, by the kinks of both; one input or two.

    ``kinks`` adds up by how much slopes across lines jump, those of f minus those of S: (line, place) -> changes.
    """

    def __init__(self, header: Record, domain: list[Row], network: Network) -> None:
        require(header["boundary"] == "exact", "the finite construction needs the boundary exact")
        require(network.inputs <= 2, "the finite construction is one of one input or two")
        super().__init__(header, domain, network)
        self.marked = False
        self.affine, self.terms = list[Form](), list[tuple[list[Form], Form]]()
        self.kinks = dict[tuple[Row, Place], list[Fraction]]()
        self.edges = list[tuple[Side, list[tuple[Row, Stretch]]]]()

    def rule_terms(self, state: State, record: Record) -> None:
        members(record, "record", "affine", "terms")
        require(not state.layer and not self.affine, "terms stand at the root, once")
        n, m = self.network.inputs, self.outputs
        self.affine = [fractions(row, "a row of affine", n + 1) for row in array(record["affine"], "affine", m)]
        for term in array(record["terms"], "terms"):
            members(term, "forms", "weight")
            forms = [fractions(row, "a form", n + 1) for row in array(term["forms"], "forms")]
            turned = (-forms[1][2], forms[1][1]) if len(forms) == n == 2 else forms[0][1:] if len(forms) == 1 else ()
            require(turned and dot(forms[0][1:], turned), "the forms of a term are not one, or two independent ones")
            self.terms.append(([(Fraction(0),) * (n + 1), *forms], fractions(term["weight"], "weight", m)))
            self.add_term(*self.terms[-1])
        self.waiting.append(state)

    def add_term(self, forms: list[Form], weight: Form) -> None:
        """Take off the kinks of ``max(forms)``: where two are equal, and none is greater."""
        for pair in combinations(forms, 2):
            apart = [a - b for a, b in zip(*pair)]
            common = common_denominator(a.denominator for a in apart)
            line = plane_of(tuple(int(a * common) for a in apart))
            jump = -next(abs(a / b) for a, b in zip(apart[1:], line[1:]) if b) * dot(line[1:], line[1:])
            below = [[a - b for a, b in zip(pair[0], form)] for form in forms if form not in pair]
            self.add(line, stretch_of(line, [*self.rows, *below]), [jump * w for w in weight])

    def add(self, line: Row, stretch: Stretch | None, jumps: list[Fraction]) -> None:
        for place, sign in zip(stretch or (), (1, -1)):
            before = self.kinks.pop((line, place), [Fraction(0)] * self.outputs)
            if any(after := [bounded(a + sign * b) for a, b in zip(before, jumps)]):
                self.kinks[line, place] = after

    def check_leaf(self, state: State, record: Record) -> None:
        require(self.affine, "there are no terms")
        forms, scale = state.pending[-1], self.network.scale[-1]
        if not self.counts["leaves"]:
            self.check_map_of_terms(fractions(record["witness"], "the witness", self.network.inputs), forms, scale)
        for row, stretch in self.bounding():
            self.add(plane_of(row), stretch, [Fraction(dot(form[1:], row[1:]), scale) for form in forms])

    def check_map_of_terms(self, point: Form, forms: tuple[Row, ...], scale: int) -> None:
        """S has f's map next to a point: at (e, e^2) from it, for all small e > 0."""
        total = self.affine
        for among, weight in self.terms:
            top = max(among, key=lambda form: (form[0] + dot(form[1:], point), *form[1:]))
            total = [tuple(bounded(a + w * b) for a, b in zip(row, top)) for row, w in zip(total, weight)]
        same = all(a * scale == b for row, form in zip(total, forms) for a, b in zip(row, form))
        require(same, "f and the terms have other maps at the first leaf")

    def bounding(self) -> list[tuple[Row, Stretch]]:
        """The path's constraints that bound the cell, each with the stretch of its line; kept for the next leaf."""
        kept = next((i for i, (entry, side) in enumerate(zip(self.edges, self.path)) if entry[0] is not side), 0)
        del self.edges[kept:]
        for side in self.path[kept:]:
            above = self.edges[-1][1] if self.edges else []
            own = stretch_of(plane_of(side.row), [*self.rows[: self.domain_rows], *(row for row, _ in above)])
            cut = [(row, stretch_of(plane_of(row), [side.row], part)) for row, part in above] + [(side.row, own)]
            self.edges.append((side, [(row, part) for row, part in cut if part]))
        return self.edges[-1][1] if self.edges else []

    def check_end(self, record: Record, *others: str) -> None:
        super().check_end(record, "units", *others)
        line = tuple(a if a.bit_length() < 99 else "..." for row, _ in [*self.kinks][:1] for a in row)
        require(record["open"] or not line, f"the kinks of f and of the terms differ on the line {shown(line)}")
        units = 2 * self.network.inputs + len(self.terms)
        check_units(record["units"], units, units if any(len(forms) > 2 for forms, _ in self.terms) else 0)


def bounded(value: Fraction) -> Fraction:
    require(value.denominator.bit_length() <= MAX_BITS, f"a sum of terms needs more than {MAX_BITS} bits")
    return value


def fractions(texts: Any, what: str, length: int) -> Form:
    return tuple(Fraction(*rational(text)) for text in array(texts, what, length))


def dot(one: Any, other: Any) -> Any:
    return sum(a * b for a, b in zip(one, other))


def stretch_of(line: Row, rows: Iterable[Any], within: Stretch = (float("-inf"), float("inf"))) -> Stretch | None:
    """Where rows are positive on a line: places t of ``p + t d``, d its normal turned; of a point, all or nothing."""
    (low, high), (constant, *normal), size = within, line, dot(line[1:], line[1:])
    along = (-normal[1], normal[0]) if len(normal) == 2 else (0,)
    for row in rows:
        start, slope = size * row[0] - constant * dot(normal, row[1:]), dot(along, row[1:])
        if slope:
            place = Fraction(-start, size * slope)
            low, high = (max(low, place), high) if slope > 0 else (low, min(high, place))
        if low >= high or (not slope and start <= 0):
            return None
    return low, high


class Quantised(Equality):
    """``f = S`` on a grid with finite gates: a plane's values there are a residue and multiples of a step.

    The units -k, ``ReLU(residue - plane_k)``, and +k, ``ReLU(plane_k - residue + step)``, are 0 or at least a step.
    """

    def __init__(self, header: Record, domain: list[Row], network: Network) -> None:
        super().__init__(header, domain, network)
        self.leaf_members = ("gates", "map", "reasons")
        (self.weight,) = fractions([header["gate_weight"]], "the gate weight", 1)
        pairs = [fractions(entry, "an entry of grid", 2) for entry in array(header["grid"], "grid", network.inputs)]
        require(self.weight > 0 and all(step > 0 for _, step in pairs), "the gate weight or a step is not positive")
        self.below = common_denominator(x.denominator for pair in pairs for x in pair)
        self.grid = [[int(x * self.below) for x in pair] for pair in pairs]

    def rule_split(self, state: State, record: Record) -> None:
        """The side on which the plane is negative does not own it; where no grid point lies on it, neither does."""
        super().rule_split(state, record)
        for i in (-1, -2):
            side: Any = self.waiting[i].side
            strict = first_sign(side.row) < 0 and not self.on_grid(plane_of(side.row))[0]
            self.waiting[i] = replace(self.waiting[i], side=side._replace(strict=strict))

    def on_grid(self, plane: Row) -> tuple[int, int]:
        """The residue and the step of a plane's values, times ``below``."""
        step = gcd(*(a * s for a, (_, s) in zip(plane[1:], self.grid)))
        return (plane[0] * self.below + sum(a * o for a, (o, _) in zip(plane[1:], self.grid))) % step, step

    def check_leaf(self, state: State, record: Record) -> None:
        self.check_map(state, -1, record["map"])
        numbered = enumerate(self.path, self.domain_rows)
        kept = [side for i, side in numbered if i not in state.dropped or (side.strict and i not in state.positive)]
        kept.sort(key=lambda side: abs(side.violation))
        expected = [side.violation for side in kept]
        require(integers_are(record["gates"], expected), f"the gates are not {shown(expected)}")
        for side, reasons in zip(kept, array(record["reasons"], "reasons", len(kept))):
            self.check_gate(state, side, reasons)
        self.counts["faces"] += 1

    def check_gate(self, state: State, side: Side, reasons: Any) -> None:
        """``gate_weight * gate >= F_o`` and ``>= -F_o`` on the part of D where the gate is at least the step."""
        residue, step = self.on_grid(plane_of(side.row))
        gate = [-self.below * a for a in side.row]
        gate[0] += residue if first_sign(side.row) > 0 else step - residue
        rows = [*self.rows[: self.domain_rows], primitive([gate[0] - step, *gate[1:]])]
        p, q, scale = self.weight.numerator, self.weight.denominator, self.network.scale[-1]
        sides = [(form, sign) for form in state.pending[-1] for sign in (1, -1)]
        for (form, sign), reason in zip(sides, array(reasons, "the reasons of a gate", len(sides))):
            slack = tuple(p * scale * a - sign * q * self.below * b for a, b in zip(gate, form))
            holds = farkas(slack, q * self.below * scale, reason, rows, range(len(rows))) >= 0
            require(holds, f"a reason of gate {side.violation} does not prove that it is large enough")


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

# ---------------------------------------------------------------------------------------------- Judgement


class Judge:
    """Takes a certificate line by line, and knows where it stands when a fact fails."""

    def __init__(self, lines: Iterable[bytes], expected: Record) -> None:
        self.lines, self.expected = iter(lines), expected
        self.number, self.place, self.header, self.digest = 0, "the beginning", Record(), hashlib.sha256()

    def read(self, kind: str | None = None) -> tuple[bytes, Record]:
        self.number += 1
        self.place = f"line {self.number}"
        line = next(self.lines, b"")
        require(line, "the file ends before its end record")
        record = record_of(line)
        self.place = f"line {self.number} ({shown(record['record'])[1:-1]})"
        require(kind in (None, record["record"]), f"expected the {kind} record")
        if kind != "end":
            self.digest.update(line)
        return line, record

    def judge(self) -> Verdict:
        _, header = self.read("header")
        domain, self.header = check_header(header), header
        hashes = [name for name in ("network_sha256", "other_network_sha256") if name in header]
        read = [self.read("network") for _ in hashes]
        network = Network([record for _, record in read], header["inputs"], header["outputs"], header.get("slice"))
        for name, (line, _) in zip(hashes, read):
            require(header[name] == hashlib.sha256(line).hexdigest(), f"the header's {name} is another")
        self.meet_expectations([line for line, _ in read], domain)
        walk = self.walk(header, domain, network)
        while walk.waiting:
            walk.take(self.read()[1])
        _, end = self.read("end")
        walk.check_end(end)
        self.digest.update(canonical({name: value for name, value in end.items() if name != "sha256"}))
        require(end["sha256"] == self.digest.hexdigest(), "only the hash fails: every record verifies, sha256 does not")
        require(next(self.lines, None) is None, "something follows the end record")
        if end["open"]:
            cells = "1 cell is" if end["open"] == 1 else f"{end['open']} cells are"
            return Verdict("incomplete", f"{cells} left open", header, end)
        return Verdict("valid", claim(header, end), header, end)

    def walk(self, header: Record, domain: list[Row], network: Network) -> Walk:
        return WALKS[header["construction" if "construction" in header else "claim"]](header, domain, network)

    def meet_expectations(self, lines: list[bytes], domain: list[Row]) -> None:
        about = [self.expected.get(name) for name in ("network", "other")]
        for network, line in zip(about, [*lines, b""]):
            require(network is None or canonical(network) == line, "the certificate is about another network")
        rows, embedding = self.expected.get("domain"), self.expected.get("slice")
        require(rows is None or {*rows} == {*domain}, "the certificate is about another domain")
        anywhere = rows is None and embedding is None
        require(anywhere or embedding == self.header.get("slice"), "the certificate is about another slice")
        boundary, kind = self.expected.get("boundary"), self.expected.get("claim")
        require(kind in (None, self.header["claim"]), f"the claim is {self.header['claim']}")
        part = self.header["claim"].startswith("equality-on")
        require(kind or rows is None or not part, f"the claim is {self.header['claim']}, not about all of the domain")
        known = "none" if part else self.header.get("boundary", "none")
        require(boundary in (None, known), f"the claim is for boundary {known}")


def check_lines(lines: Iterable[bytes], **expected: Any) -> Verdict:
    """The verdict; what is expected must fit.

    ``network`` and ``other`` are records, ``domain`` primitive rows, ``slice`` rows of texts (without it a domain that
    is expected is one of inputs), ``claim`` and ``boundary`` words.
    """
    judge = Judge(lines, expected)
    try:
        return judge.judge()
    except Invalid as fact:
        return Verdict("invalid", f"{judge.place}: {fact}", judge.header)
    except (RecursionError, MemoryError):
        return Verdict("invalid", f"{judge.place}: too large or nested too deeply", judge.header)


def check(path: str | PathLike[str], **expected: Any) -> Verdict:
    """The verdict on a certificate file, gzipped or plain. Raises OSError where it cannot be opened."""
    with open(path, "rb") as file:
        return check_lines(lines_of(chunks_of(file)), **expected)


def exact(text: Any) -> Fraction:
    spelled = type(text) is str and re.fullmatch(r"-?[0-9]+(/[0-9]+|(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?)", text)
    require(spelled and len(text) < MAX_DIGITS, f"{shown(text)} is no exact number")
    return Fraction(text)


def read_json(path: str, kind: str, **names: Any) -> Record:
    with open(path, "rb") as file:
        content: Record = {**names, **json.loads(file.read(), parse_int=str, parse_float=str)}
    require((content.get("format"), content.get("version")) == (kind, "1"), f"{path} is no {kind} file of version 1")
    members(content, "format", "version", *names)
    return content


def expected_network(path: str) -> Record:
    """The canonical record of a network file."""
    layers: list[Record] = []
    content = read_json(path, "verishallow-network", inputs=None, layers=None)
    for number, layer in enumerate(array(content["layers"], "layers")):
        members({"reads": [], **layer}, "bias", "reads", "weight")
        weight = [[str(exact(a)) for a in array(row, "a row")] for row in array(layer["weight"], "weight")]
        reads = [int(exact(source)) for source in array(layer.get("reads", [str(number)]), "reads")]
        layers.append({"weight": weight, "bias": [str(exact(b)) for b in array(layer["bias"], "bias")]})
        layers[-1].update({} if reads == [number] else {"reads": reads})
    return {"record": "network", "layers": layers}


def expected_domain(text: str) -> list[Row]:
    """The primitive rows of a domain file, or none for ``R^n``; rows that are always true say nothing."""
    if text == "R^n":
        return []
    content = read_json(text, "verishallow-domain", inequalities=[], box=[])
    rows, bounds = list(array(content["inequalities"], "inequalities")), array(content["box"], "box")
    for i, (low, high) in enumerate(bounds):
        before, after = ["0"] * i, ["0"] * (len(bounds) - i - 1)
        rows += [[str(-exact(low)), *before, "1", *after], [high, *before, "-1", *after]]
    told = [row for row in ([exact(a) for a in array(row, "a row")] for row in rows) if any(row[1:]) or row[0] < 0]
    return [primitive([int(a * common_denominator(b.denominator for b in row)) for a in row]) for row in told]


def expected_slice(path: str) -> list[list[str]]:
    """The rows of a slice file."""
    rows = array(read_json(path, "verishallow-slice", rows=None)["rows"], "rows")
    return [[str(exact(a)) for a in array(row, "a row")] for row in rows]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check a verishallow certificate.", epilog="Exit codes: 0, 1, 2, 3.")
    parser.add_argument("certificate")
    parser.add_argument("--network", help="a verishallow-network file that the certificate must be about")
    parser.add_argument("--other", help="likewise, the second network of a certificate that two are equal")
    parser.add_argument("--claim", choices=sorted(CLAIMED), help="the kind of claim that is needed")
    parser.add_argument("--domain", help="a verishallow-domain file, or R^n, that the certificate must be about")
    parser.add_argument("--slice", help="a verishallow-slice file, on whose parameters the domain is")
    parser.add_argument("--boundary", choices=("exact", "ignore"), help="the claim that is needed")
    options = parser.parse_args(arguments)
    try:
        network, other = (expected_network(path) if path else None for path in (options.network, options.other))
        domain = expected_domain(options.domain) if options.domain else None
        embedding = expected_slice(options.slice) if options.slice else None
        about = {"network": network, "other": other, "domain": domain, "slice": embedding}
        verdict = check(options.certificate, **about, claim=options.claim, boundary=options.boundary)
    except (OSError, Invalid, ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        print(f"checker: {error or type(error).__name__}", file=sys.stderr)
        return 2
    print(verdict)
    return verdict.exit_code


if __name__ == "__main__":
    sys.exit(main())
