# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The walk over the tree of cells, and what all claims share (FORMAT.md, sections 6 to 10, 12.1, 13 and 14)."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from math import gcd
from typing import Any, NamedTuple

from .network import Network
from .values import (
    Record,
    Row,
    array,
    common_denominator,
    integers,
    members,
    natural,
    naturals,
    rational,
    require,
    require_bits,
    require_size,
    shown,
)


def primitive(row: Iterable[int]) -> Row:
    divisor = gcd(*row)
    return tuple(a // divisor for a in row)


def first_sign(row: Row) -> int:
    return next((1 if a > 0 else -1 for a in row[1:] if a), 0)


def plane_of(form: Row) -> Row:
    """The primitive form of a hyperplane whose first non-zero linear coefficient is positive."""
    row = primitive(form)
    return tuple(-a for a in row) if first_sign(row) < 0 else row


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
        require_bits(bits, "a coefficient")
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
        require_size(size, "the tree is too deep for so wide a network")

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


def check_units(units: Any, layer1: int, layer2: int) -> None:
    members(units, "layer1", "layer2")
    for name, number in {"layer1": layer1, "layer2": layer2}.items():
        require(natural(units[name], name) == number, f"the count of {name} units is not {number}")
