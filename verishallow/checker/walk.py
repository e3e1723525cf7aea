# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The walk over the tree of cells: what all claims and constructions share (FORMAT.md, sections 6 to 10, 12.1 to 14).

A node is a cell, given by constraints, with what is decided about neurons on it. A record says how the walk goes on
from a node: with one child, with two, or with none. :class:`Rules` says which kinds of record a certificate may have.
"""

from collections.abc import Callable, Container, Iterable
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
    key,
    members,
    natural,
    naturals,
    rational,
    require,
    require_bits,
    require_size,
    shown,
)

# -------------------------------------------------------------------------------------------------- Rows


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


# -------------------------------------------------------------------------------------- What the rules are

NODES = {
    "layer": ("active", "inactive", "layer", "planes", "undecided"),
    "stable": ("active", "inactive"),
    "split": ("neuron",),
    "open": (),
}
"""Kinds of record that every tree may have, each with its members besides ``record``."""

ELSEWHERE = {
    "dropped": ": the claim is not one on some cells alone",
    "leaf": ": a leaf of this construction is a piece",
}


@dataclass(frozen=True)
class Rules:
    """A line of the table of claims and constructions: what is in such a certificate, and who checks it.

    A member whose name ends in "?" is in the header and in each leaf, or in none of them.
    """

    claim: str
    walk: "type[Tree]"
    files: tuple[str, ...]  # that check it, besides those that check every certificate
    statement: Callable[[Record, Record], str]  # that is proved, given the header and the end record
    nodes: dict[str, tuple[str, ...]]  # the kinds of record of its tree, each with its members
    counts: tuple[str, ...]  # of the end record, counted here and compared
    reported: tuple[str, ...] = ()  # of the end record, believed
    construction: str = ""
    boundary: str = ""
    header: tuple[str, ...] = ()  # members of the header besides those of every certificate
    everywhere: bool = True  # whether it is about all points of the domain

    def begin(self, header: Record, domain: list[Row], network: Network) -> Any:
        """The walk before the first node, a :class:`Tree`."""
        return self.walk(self, header, domain, network)


def named(names: Iterable[str], header: Record) -> list[str]:
    """The members of these names, without those that the header leaves out."""
    return [name.removesuffix("?") for name in names if not name.endswith("?") or name.removesuffix("?") in header]


def stated(text: str) -> Callable[[Record, Record], str]:
    """The statement of these very words."""
    return lambda _header, _counts: text


# --------------------------------------------------------------------------------------------------- Nodes


class Side(NamedTuple):
    """A path constraint: a row that is at least 0, or above 0 where it is strict."""

    row: Row
    violation: int  # the unit of layer 1 that is positive where the constraint fails
    strict: bool


@dataclass(frozen=True)
class State:
    """What is known where the walk stands. ``pending[k]``: the forms of layer k, as far as they are decided."""

    layer: int
    undecided: frozenset[int]
    pending: tuple[tuple[Row, ...], ...]
    depth: int  # path constraints above this node
    planes: int  # planes declared above this node
    units: dict[int, int]  # undecided neurons of the current layer -> the numbers of their planes
    side: Side | None = None  # the path constraint that enters this node
    dropped: frozenset[int] = frozenset()  # path constraints that follow from the others
    positive: frozenset[int] = frozenset()  # those of them that are positive where the strict ones not dropped are
    piece: Any = None  # the map of the piece whose proof this node belongs to


class Tree:
    """The depth-first walk over a tree: one record per node, one method ``rule_KIND`` per kind of record."""

    def __init__(self, rules: Rules, header: Record, domain: list[Row], network: Network) -> None:
        self.rules, self.header, self.domain, self.network = rules, header, domain, network
        self.waiting = list[Any]()
        self.nodes = {kind: named(names, header) for kind, names in rules.nodes.items()}
        self.counts = dict.fromkeys(("leaves", "open", "faces", "dropped"), 0)

    @staticmethod
    def check_claimed(header: Record) -> None:
        """What the header says for this claim alone."""

    def take(self, record: Record) -> None:
        """Enter the next node, and go on from it as the record says."""
        node = self.entered(self.waiting.pop())
        kind = record["record"]
        require(kind in self.nodes, f"record {shown(kind)} is no node of the tree{ELSEWHERE.get(kind, '')}")
        members(record, "record", *self.nodes[kind])
        rule = getattr(self, f"rule_{kind}")
        rule(node, record)

    def entered(self, node: Any) -> Any:
        """A node, where the walk stands now."""
        return node

    def rule_open(self, _node: Any, _record: Record) -> None:
        self.counts["open"] += 1

    # ---------------------------------------------------------------------------------------------- End

    def check_end(self, record: Record) -> None:
        members(record, "record", "sha256", *self.rules.counts, *self.rules.reported)
        counted = {**self.counts, "activation_regions": self.counts["leaves"]}
        for name in self.rules.counts:
            if name == "units":
                self.check_units_of_s(record["units"])
            else:
                require(natural(record[name], name) == counted[name], f"the count of {name} is not {counted[name]}")

    def check_units_of_s(self, given: Any) -> None:
        members(given, "layer1", "layer2")
        for name, number in zip(("layer1", "layer2"), self.units_of_s()):
            require(natural(given[name], name) == number, f"the count of {name} units is not {number}")

    def units_of_s(self) -> tuple[int, int]:
        """The number of units in each hidden layer of S, for certificates that count them."""
        raise NotImplementedError


class Walk(Tree):
    """The walk over a tree of cells on whose leaves the network is affine."""

    def __init__(self, rules: Rules, header: Record, domain: list[Row], network: Network) -> None:
        super().__init__(rules, header, domain, network)
        pending = tuple(tuple(tuple(row) for row in forms) for forms in network.start)
        self.waiting.append(State(0, frozenset(), pending, 0, 0, {}))
        self.exact, self.outputs, self.domain_rows = rules.boundary == "exact", header["outputs"], len(domain)
        self.rows, self.path, self.planes = list(domain), list[Side](), 0

    def entered(self, node: State) -> State:
        """The constraints of the path are those of this node."""
        del self.rows[self.domain_rows + node.depth :], self.path[node.depth :]
        if node.side:
            self.rows.append(node.side.row)
            self.path.append(node.side)
        return replace(node, depth=len(self.path), side=None)

    # ------------------------------------------------------------------------------ Layers and decisions

    def rule_layer(self, state: State, record: Record) -> None:
        require(not state.undecided, f"neurons of layer {state.layer} are undecided")
        number = state.layer + 1
        require(natural(record["layer"], "layer") == number, f"expected layer {number}")
        require(number < self.network.last, "there is no further hidden layer")
        width = self.network.widths[number]
        require_bits(max(a.bit_length() for form in state.pending[number] for a in form), "a coefficient")
        settled = self.settle(replace(state, layer=number, undecided=frozenset(range(width))), record)
        undecided = naturals(record["undecided"], "undecided", width)
        require(settled.undecided == set(undecided), "undecided neurons are not those left over")
        forms = [state.pending[number][neuron] for neuron in undecided]
        require(all(any(form[1:]) for form in forms), "an undecided neuron has no linear part")
        numbers = self.declare(state, [plane_of(form) for form in forms], record["planes"])
        units = dict(zip(undecided, numbers))
        self.waiting.append(replace(settled, planes=max([state.planes, *numbers]), units=units))

    def declare(self, state: State, planes: list[Row], given: Any) -> list[int]:
        """The numbers of the planes; those given are the same ones in the same order, equal ones once."""
        distinct = {key(plane): plane for plane in planes}
        for number, (texts, plane) in enumerate(zip(array(given, "planes", len(distinct)), distinct.values())):
            holds = integers(texts, "a plane", len(plane)) == plane
            require(holds, f"plane {state.planes + 1 + number} is not its neuron's")
        self.planes += len(distinct)
        numbers = dict(zip(distinct, range(state.planes + 1, state.planes + 1 + len(distinct))))
        return [numbers[key(plane)] for plane in planes]

    def rule_stable(self, state: State, record: Record) -> None:
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

    # ------------------------------------------------------------------------------------------- Splits

    def rule_split(self, state: State, record: Record) -> None:
        neuron = natural(record["neuron"], "neuron")
        require(neuron in state.undecided, f"neuron {neuron} is not an undecided one of layer {state.layer}")
        form = state.pending[state.layer][neuron]
        below = replace(state, undecided=state.undecided - {neuron})
        self.branch(below, record, primitive(form), state.units[neuron], self.fed(state, [neuron]))

    def branch(self, state: State, record: Record, row: Row, number: int, pending: tuple[tuple[Row, ...], ...]) -> None:
        """The children at plane ``number``, on which a row is at least 0 (with these pending forms), and at most 0."""
        require("strict" not in record or record["strict"] in ("+", "-"), "strict is neither '+' nor '-'")
        self.check_depth(state)
        # The child that comes first is stacked last.
        for sign, forms in ((-1, state.pending), (1, pending)):
            turned = tuple(sign * a for a in row)
            side = Side(turned, -first_sign(turned) * number, self.is_strict(turned, sign, record))
            self.waiting.append(replace(state, pending=forms, side=side))

    def is_strict(self, _row: Row, sign: int, record: Record) -> bool:
        """Whether the points of the plane are in the other child's half-open cell."""
        return bool(record.get("strict") == ("+" if sign > 0 else "-"))

    def check_depth(self, state: State) -> None:
        size = max(state.depth * self.network.coefficients, len(self.rows) ** 2)
        require_size(size, "the tree is too deep for so wide a network, or for so many constraints")

    # ------------------------------------------------------------------------------------------- Leaves

    def rule_leaf(self, state: State, record: Record) -> None:
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
