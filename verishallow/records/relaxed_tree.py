"""The tree in the lines of a proof of a property: its nodes with their boxes and the signs assumed, without states.

A cut of the box and a sign make the cells smaller; what is known of the neurons there is left to the checker.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from gmpy2 import mpq

from verishallow.rationals import parse_rational
from verishallow.records.spelling import Record

Side: TypeAlias = mpq | None
"""A side of a box; ``None``: infinite."""

NodeKind: TypeAlias = Literal["halve", "sign", "refuted", "empty", "open"]
LEAVES = ("refuted", "empty")


@dataclass(frozen=True, slots=True)
class BoxCut:
    """That x_input is at most ``at``, or at least."""

    input: int
    at: mpq
    below: bool


@dataclass(frozen=True, slots=True)
class AssumedSign:
    """That the pre-activation of a neuron, of a hidden layer counted from 1, is at least 0 (1), or at most (-1)."""

    layer: int
    neuron: int
    sign: int

    def __post_init__(self) -> None:
        if self.layer < 1 or self.sign not in (1, -1):
            raise ValueError("a sign is 1 or -1, of a neuron in a hidden layer from 1")


Split: TypeAlias = BoxCut | AssumedSign


@dataclass(frozen=True, slots=True)
class TreeCell:
    """A cell of the tree: the sides of its box, and the splits that lead to it from the root, in order."""

    lows: tuple[Side, ...]
    highs: tuple[Side, ...]
    path: tuple[Split, ...] = ()

    def __post_init__(self) -> None:
        if len(self.lows) != len(self.highs):
            raise ValueError(f"{len(self.lows)} low sides and {len(self.highs)} high ones")

    @property
    def widths(self) -> tuple[Side, ...]:
        """The lengths of its box."""
        sides = zip(self.lows, self.highs, strict=True)
        return tuple(None if low is None or high is None else high - low for low, high in sides)

    @property
    def signs(self) -> tuple[AssumedSign, ...]:
        """The signs assumed on the way."""
        return tuple(split for split in self.path if isinstance(split, AssumedSign))

    def after(self, split: Split) -> "TreeCell":
        """The part of it on one side of a split."""
        path = (*self.path, split)
        if isinstance(split, AssumedSign):
            return replace(self, path=path)
        sides = self.highs if split.below else self.lows
        moved = (*sides[: split.input], split.at, *sides[split.input + 1 :])
        return replace(self, highs=moved, path=path) if split.below else replace(self, lows=moved, path=path)

    def below(self, record: Record) -> tuple["TreeCell", ...]:
        """The cells of the children below the record of a node."""
        match record["record"]:
            case "halve":
                number, at = record["input"], parse_rational(record["at"])
                return self.after(BoxCut(number, at, True)), self.after(BoxCut(number, at, False))
            case "sign":
                at_neuron = record["layer"], record["neuron"]
                return self.after(AssumedSign(*at_neuron, 1)), self.after(AssumedSign(*at_neuron, -1))
        return ()


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A node: the line of its last record, counted from 1, what is done there, its cell, and whether it is relaxed."""

    line: int
    kind: NodeKind
    cell: TreeCell
    relaxed: bool

    @property
    def depth(self) -> int:
        """The number of splits above it."""
        return len(self.cell.path)

    @property
    def is_leaf(self) -> bool:
        """Whether the unsafe is refuted here."""
        return self.kind in LEAVES


def nodes_of(lines: Sequence[bytes]) -> Iterator[TreeNode]:
    """The nodes of a proof that is valid, or is incomplete, in the order of its lines.

    >>> from verishallow import ReLUNetwork, verify
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> found = verify(modulus, lambda inputs, outputs: outputs[0] > 2, domain=[(-1, 2)])
    >>> [(node.kind, node.depth, node.relaxed) for node in nodes_of(found.lines)][:2]
    [('sign', 0, True), ('sign', 1, False)]
    """
    header = json.loads(lines[0])
    first = 3 if "other_network_sha256" in header else 2
    waiting, relaxed = [root_cell(header)], False
    for line, text in enumerate(lines[first:-1], start=first + 1):
        record: Record = json.loads(text)
        if record["record"] == "relax":
            relaxed = True
            continue
        cell = waiting.pop()
        yield TreeNode(line, record["record"], cell, relaxed)
        waiting += cell.below(record)[::-1]
        relaxed = False


# --------------------------------------------------------------------------------------------- The root's box


def root_cell(header: Mapping[str, Any]) -> TreeCell:
    """The cell of all of D: its sides are rows of one input each, then those that reasons in the header give."""
    rows = [[parse_rational(text) for text in row] for row in header["domain"]]
    sides: dict[str, list[Side]] = {"low": [None] * header["inputs"], "high": [None] * header["inputs"]}
    for row in rows:
        others = [(i, a) for i, a in enumerate(row[1:]) if a]
        if len(others) == 1:
            ((number, factor),) = others
            _tighten(sides, number, "low" if factor > 0 else "high", -row[0] / factor)
    for number, side, weight, multiples in header.get("sides", ()):
        _tighten(sides, number, side, _side(header, rows, sides, (number, side, int(weight)), multiples))
    return TreeCell(tuple(sides["low"]), tuple(sides["high"]))


def _tighten(sides: Mapping[str, list[Side]], number: int, side: str, value: mpq) -> None:
    known, keep = sides[side][number], max if side == "low" else min
    sides[side][number] = value if known is None else keep(known, value)


def _side(
    header: Mapping[str, Any],
    rows: Sequence[Sequence[mpq]],
    sides: Mapping[str, list[Side]],
    about: tuple[int, str, int],
    multiples: Sequence[tuple[int, str]],
) -> mpq:
    """What a reason gives: the least value of weight x, or of - weight x, less multiples of rows, rounded down."""
    (number, side, weight), bits = about, header["precision"]
    sign = 1 if side == "low" else -1
    form = [mpq(0)] * (header["inputs"] + 1)
    form[number + 1] = mpq(sign * weight)
    for row, text in multiples:
        times = mpq(int(text), 1 << bits["P"])
        form = [a - times * b for a, b in zip(form, rows[row], strict=True)]
    least = form[0]
    for factor, low, high in zip(form[1:], sides["low"], sides["high"], strict=True):
        end = low if factor > 0 else high
        least += factor * end if factor and end is not None else 0
    unit = 1 << bits["X"]
    return mpq(sign * int(least * unit // 1), unit * weight)
