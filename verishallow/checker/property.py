# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The claim ``property``: no point of D is unsafe, proved by bounds on the cells of a tree (FORMAT.md, section 25)."""

from fractions import Fraction
from typing import Any

from .network import Network
from .relaxation import (
    LEVELS,
    Box,
    Cell,
    LayerState,
    Precision,
    Reason,
    Relaxation,
    SourceForm,
    combined,
    weights_of,
)
from .unsafe import check_unsafe, fails_at, number_in_words, rows_of, unsafe_in_words
from .values import (
    Record,
    Row,
    array,
    common_denominator,
    fractions,
    members,
    natural,
    rational,
    require,
    shown,
)
from .walk import Rules, Tree

MAX_PRECISION = 256
MAX_STATES = 1 << 23  # waiting nodes times inputs and hidden neurons
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/="  # the k-th: an alpha of k / LEVELS
SIGNS = {"low": 1, "high": -1}
MULTIPLIERS = ("alphas", "betas", "lambdas")
Sides = dict[str, list[Fraction | None]]


class Property(Tree):
    """The walk over a tree of cells, on whose leaves every conjunction of U is refuted by one bound."""

    def __init__(self, rules: Rules, header: Record, domain: list[Row], network: Network) -> None:
        super().__init__(rules, header, domain, network)
        self.precision = Precision(*(header["precision"][name] for name in ("P", "S", "X")))
        self.strict = frozenset[int](header["strict"])
        layers = weights_of(network)
        self.outputs = [form for layer in layers[network.last - 1 :] for form in layer.forms()]
        self.unsafe = [[self.substituted(row) for row in rows_of(each)] for each in header["unsafe"]]
        self.rule = Relaxation(network, layers, self.precision, domain, [row for rows in self.unsafe for row in rows])
        if "witness" in header:
            point = fractions(header["witness"], "the witness", network.inputs)
            failing = fails_at(domain, header["strict"], point)
            require(failing is None, f"the witness does not fulfil row {failing} of the domain")
        widths = network.widths[1 : network.last]
        self.size = network.inputs + sum(widths)
        self.waiting.append(self.root(tuple(LayerState("u" * n, [None] * n, [None] * n) for n in widths)))

    @staticmethod
    def check_claimed(header: Record) -> None:
        check_unsafe(header)
        members(header["precision"], "P", "S", "X")
        for name, bits in header["precision"].items():
            least = (LEVELS - 1).bit_length() if name == "P" else 0
            require(least <= natural(bits, name) <= MAX_PRECISION, f"{name} is {bits}, not in {least}..{MAX_PRECISION}")

    def substituted(self, row: list[Fraction]) -> SourceForm:
        """A row in inputs and outputs as a form of inputs and neurons."""
        n = self.network.inputs
        own, factors = SourceForm(row[: 1 + n], {}), [Fraction(1), *row[1 + n :]]
        return combined(zip(factors, [own, *self.outputs]), n)

    # --------------------------------------------------------------------------------------- The root's box

    def root(self, layers: tuple[LayerState, ...]) -> Cell:
        """The cell of all of D: its sides are rows of one input each, then those that reasons in the header give."""
        sides: Sides = {side: [None] * self.network.inputs for side in SIGNS}
        for row in self.domain:
            (i, a), *others = [(i, a) for i, a in enumerate(row[1:]) if a]
            if not others:
                tighten(sides, i, "low" if a > 0 else "high", Fraction(-row[0], a))
        cell, previous = Cell(self.box(sides), {}, layers), (-1, False)
        require("sides" not in self.header or array(self.header["sides"], "sides"), "sides is empty")
        for entry in self.header.get("sides", ()):
            i, side, weight, lambdas = array(entry, "an entry of sides", 4)
            require(side in ("low", "high"), f"{shown(side)} is neither low nor high")
            place = natural(i, "an input of sides"), side == "high"
            require(previous < place and i < self.network.inputs, "the entries of sides do not increase, or go too far")
            bound = self.side(cell, i, side, weight, lambdas)
            cell, previous = cell._replace(box=narrowed(cell.box, i, side, bound)), place
        return cell

    def side(self, cell: Cell, i: int, side: str, weight: Any, lambdas: Any) -> Fraction:
        """What a reason proves about one side of the box."""
        times = at_least_1(weight, "a weight of sides")
        form = self.rule.multiple_of_input(i, SIGNS[side] * times)
        bound = self.rule.low(form, cell, self.reason(cell, {"lambdas": lambdas}))
        require(bound is not None, f"the reason of the {side} side of input {i} gives no bound")
        return Fraction(SIGNS[side] * (bound or 0), times << self.precision.bounds)

    def box(self, sides: Sides) -> Box:
        given = [side.denominator for each in sides.values() for side in each if side is not None]
        unit = common_denominator([1 << self.precision.bounds, *given])
        lows, highs = ([None if a is None else int(a * unit) for a in sides[side]] for side in ("low", "high"))
        return Box(unit, tuple(lows), tuple(highs))

    # -------------------------------------------------------------------------------------------- Nodes

    def go_on(self, *cells: Cell) -> None:
        """Children: the first one is stacked last. Those that wait keep no gates, which are larger than all else."""
        for layer in cells[-1].layers if len(cells) > 1 else ():
            layer.made.clear()
        self.waiting.extend(reversed(cells))
        require(len(self.waiting) * self.size <= MAX_STATES, "too many nodes wait, for so many inputs and neurons")

    def rule_relax(self, cell: Cell, record: Record) -> None:
        require(not cell.relaxed, "a node is relaxed twice")
        words, layers = array(record["words"], "words", len(cell.layers)), list(cell.layers)
        require(any(words), "nothing is relaxed")
        for number, word in enumerate(words, start=1):
            if word != "":
                known = cell._replace(layers=tuple(layers))
                self.check_word(number, layers[number - 1], word)
                layers[number - 1] = self.renewed(number, known, word)
        self.go_on(cell._replace(layers=tuple(layers), relaxed=True))

    def check_word(self, number: int, state: LayerState, word: Any) -> None:
        """One letter per neuron: (a)ctive, (i)nactive, (b)oth bounds, or (u)nchanged, which stable ones must be."""
        width = len(state.kinds)
        require(type(word) is str and len(word) == width, f"the word of layer {number} has not {width} letters")
        require(not set(word) - set("aibu"), f"the word of layer {number} has a letter that is none of a, b, i, u")
        require(set(word) != {"u"}, f'the word of layer {number}, which says nothing, is spelled ""')
        told = [neuron for neuron, (letter, kind) in enumerate(zip(word, state.kinds)) if letter != "u" != kind]
        require(not told, f"layer {number}, neuron {told[0] if told else ''} is stable already")

    def renewed(self, number: int, cell: Cell, word: str) -> LayerState:
        """The state of a layer after its word."""
        asked = [(neuron, sign) for sign, letters in ((1, "ab"), (-1, "ib")) for neuron, letter in enumerate(word)
                 if letter in letters]  # fmt: skip
        bounds = dict(zip(asked, self.neuron_lows(number, cell, asked)))
        state = cell.layers[number - 1]
        kinds, lows, highs = list(state.kinds), list(state.lows), list(state.highs)
        for neuron, letter in enumerate(word):
            low, minus_high = bounds.get((neuron, 1)), bounds.get((neuron, -1))
            if letter == "b":
                lows[neuron] = low = greater(lows[neuron], low)
                minus_high = greater(negative(highs[neuron]), minus_high)
                highs[neuron] = negative(minus_high)
            known = "a" if not_below_0(low) else "i" if not_below_0(minus_high) else "u"
            word_holds = letter in "bu" or letter == known
            require(word_holds, f"layer {number}, neuron {neuron}: no bound shows that it is so ({letter})")
            kinds[neuron] = known if letter != "u" else kinds[neuron]
        return LayerState("".join(kinds), lows, highs, state.signed)

    def neuron_lows(self, number: int, cell: Cell, asked: list[tuple[int, int]]) -> list[int | None]:
        """The lower bounds of sign z of some neurons of a layer."""
        self.rule.spend(number, len(asked))
        return [self.rule.low(self.rule.pre_activations(number, sign)[neuron], cell) for neuron, sign in asked]

    def rule_halve(self, cell: Cell, record: Record) -> None:
        number, (p, q) = natural(record["input"], "input"), rational(record["at"])
        require(number < self.network.inputs, f"there is no input {number}")
        require((1 << self.precision.bounds) % q == 0, f"{shown(record['at'])} is no multiple of 1/2^X")
        unit, lows, highs = cell.box
        at, low, high = p * (unit // q), lows[number], highs[number]
        inside = (low is None or low < at) and (high is None or at < high)
        require(inside, f"{shown(record['at'])} is not strictly between the sides of input {number}")
        below, above = (Box(unit, lows, put(highs, number, at)), Box(unit, put(lows, number, at), highs))
        self.go_on(*(cell._replace(box=box, relaxed=False) for box in (below, above)))

    def rule_sign(self, cell: Cell, record: Record) -> None:
        number, neuron = natural(record["layer"], "layer"), natural(record["neuron"], "neuron")
        require(1 <= number <= len(cell.layers), f"there is no hidden layer {number}")
        state = cell.layers[number - 1]
        unstable = neuron < len(state.kinds) and state.kinds[neuron] == "u"
        require(unstable, f"layer {number} has no unstable neuron {neuron} here")
        children = list[Cell]()
        for sign, kind in ((1, "a"), (-1, "i")):
            layers = put(cell.layers, number - 1, state.decided(neuron, kind))
            signs = {**cell.signs, (number, neuron): sign}
            children.append(cell._replace(signs=signs, layers=layers, relaxed=False))
        self.go_on(*children)

    # -------------------------------------------------------------------------------------------- Leaves

    def rule_refuted(self, cell: Cell, record: Record) -> None:
        """For each conjunction weights of its rows, and multipliers, with which their sum is not positive."""
        entries = array(record["disjuncts"], "disjuncts", len(self.unsafe))
        for number, (entry, rows) in enumerate(zip(entries, self.unsafe)):
            given = entry if type(entry) is dict else {}
            members(entry, "w", *(name for name in MULTIPLIERS if name in given))
            texts = array(entry["w"], "w", len(rows))
            weights = [at_least_0(text, "a weight") for text in texts]
            form = combined(((Fraction(-w), row) for w, row in zip(weights, rows)), self.network.inputs)
            strict = any(weights[row] for row in self.header["unsafe"][number]["strict"])
            self.check_refuted(cell, form, strict, entry, f"conjunction {number} is not refuted")
        self.counts["leaves"] += 1

    def rule_empty(self, cell: Cell, record: Record) -> None:
        """No point at all: the form 0 is positive."""
        entry, zero = record["reason"], combined((), self.network.inputs)
        members(entry, *(name for name in MULTIPLIERS if type(entry) is dict and name in entry))
        self.check_refuted(cell, zero, False, entry, "the cell is not shown to be empty")
        self.counts["leaves"] += 1

    def check_refuted(self, cell: Cell, form: SourceForm, strict: bool, entry: Record, fact: str) -> None:
        reason = self.reason(cell, entry)
        low = self.form_low(form, cell, reason)
        enough = strict or any(row in self.strict for row, _ in reason.lambdas)
        holds_here = low is not None and (low > 0 or (low == 0 and enough))
        require(holds_here, f"{fact}: the bound is {'none' if low is None else self.bound_in_words(low)}")

    def bound_in_words(self, low: int) -> str:
        return shown(number_in_words(Fraction(low, 1 << self.precision.bounds)))[1:-1]

    def form_low(self, form: SourceForm, cell: Cell, reason: Reason) -> int | None:
        self.rule.spend(self.network.last, 1)
        return self.rule.low(self.rule.start(form), cell, reason)

    # --------------------------------------------------------------------------------------- Multipliers

    def reason(self, cell: Cell, entry: Record) -> Reason:
        given = [name for name in MULTIPLIERS if name in entry]
        require(all(array(entry[name], name) for name in given), "an array of multipliers that is empty is left out")
        alphas = self.alphas(entry["alphas"]) if "alphas" in entry else {}
        return Reason(alphas, self.betas(cell, entry.get("betas", [])), self.lambdas(entry.get("lambdas", [])))

    def alphas(self, texts: Any) -> dict[int, list[int | None]]:
        widths = self.network.widths[1 : self.network.last]
        found = dict[int, list[int | None]]()
        for layer, (text, width) in enumerate(zip(array(texts, "alphas", len(widths)), widths), start=1):
            if text != "":
                known = type(text) is str and len(text) == width and not set(text) - {".", *LETTERS}
                require(known, f"the alphas of layer {layer} are not {width} known characters")
                require(set(text) != {"."}, f'alphas of layer {layer} that are all left out are spelled ""')
                found[layer] = [None if letter == "." else LETTERS.index(letter) for letter in text]
        require(found, "alphas that are all left out have no member")
        return found

    def betas(self, cell: Cell, entries: list[Any]) -> dict[int, list[tuple[int, int]]]:
        found, previous = dict[int, list[tuple[int, int]]](), (0, 0)
        for entry in entries:
            layer, neuron, t = array(entry, "an entry of betas", 3)
            place = natural(layer, "a layer of betas"), natural(neuron, "a neuron of betas")
            require(previous < place, "betas do not increase")
            require(place in cell.signs, f"no sign of layer {layer}, neuron {neuron} is assumed here")
            found.setdefault(layer, []).append((neuron, at_least_1(t, "a beta")))
            previous = place
        return found

    def lambdas(self, entries: list[Any]) -> list[tuple[int, int]]:
        found = list[tuple[int, int]]()
        for entry in entries:
            row, t = array(entry, "an entry of lambdas", 2)
            increasing = natural(row, "a row of lambdas") > (found[-1][0] if found else -1)
            require(increasing and row < len(self.domain), "lambdas do not increase, or name no row of the domain")
            found.append((row, at_least_1(t, "a lambda")))
        return found


# ------------------------------------------------------------------------------------------------ Values


def at_least_0(text: Any, what: str) -> int:
    p, q = rational(text)
    require(q == 1 and p >= 0, f"{what} is {shown(text)}, not a natural number")
    return p


def at_least_1(text: Any, what: str) -> int:
    value = at_least_0(text, what)
    require(value, f"{what} is 0, and is left out")
    return value


def tighten(sides: Sides, i: int, side: str, value: Fraction) -> None:
    before = sides[side][i]
    sides[side][i] = value if before is None else (max if side == "low" else min)(before, value)


def narrowed(box: Box, i: int, side: str, value: Fraction) -> Box:
    """A box with a side that is this value, unless it is narrower already."""
    unit = common_denominator([box.unit, value.denominator])
    lows, highs = (scaled(sides, unit // box.unit) for sides in (box.lows, box.highs))
    if side == "low":
        return Box(unit, put(lows, i, greater(lows[i], int(value * unit))), highs)
    return Box(unit, lows, put(highs, i, negative(greater(negative(highs[i]), int(-value * unit)))))


def scaled(values: tuple[int | None, ...], times: int) -> tuple[int | None, ...]:
    return values if times == 1 else tuple(None if a is None else a * times for a in values)


def put(values: tuple[Any, ...], index: int, value: Any) -> tuple[Any, ...]:
    return (*values[:index], value, *values[index + 1 :])


def greater(one: int | None, other: int | None) -> int | None:
    return one if other is None else other if one is None else max(one, other)


def negative(value: int | None) -> int | None:
    return None if value is None else -value


def not_below_0(value: int | None) -> bool:
    return value is not None and value >= 0


def property_stated(header: Record, _counts: Record) -> str:
    known = "" if "witness" in header else " (D not shown to be non-empty)"
    return f"no x in D{known} with {unsafe_in_words(header)}"


PROPERTY = (
    Rules(
        claim="property",
        walk=Property,
        files=("unsafe", "relaxation", "property"),
        statement=property_stated,
        nodes={
            "relax": ("words",),
            "halve": ("at", "input"),
            "sign": ("layer", "neuron"),
            "refuted": ("disjuncts",),
            "empty": ("reason",),
            "open": (),
        },
        counts=("leaves", "open"),
        header=("precision", "sides?", "strict", "unsafe", "witness?", "other_network_sha256?"),
    ),
)
