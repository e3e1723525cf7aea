"""Coq terms of the verified checker's types (proofs/formal/Network.v, Certificate.v): numbers, networks, trees."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from verishallow.records.spelling import Record
from verishallow.records.walk import CHILDREN

LONGEST_DECIMAL = 6
"""Digits beyond which a numeral is written in hexadecimal, which Coq reads two or three times faster."""

LONGEST_TERM = 10_000
"""Characters beyond which a subtree becomes a definition with its own name."""

STRICT_SIDES = {"+": "(Some true)", "-": "(Some false)", None: "None"}


# --------------------------------------------------------------------------------------------- Numbers


def numeral(digits: str) -> str:
    """An integer, from its decimal digits.

    >>> numeral("-12"), numeral("16777216")
    ('-12', '0x1000000')
    """
    if len(digits.lstrip("-")) <= LONGEST_DECIMAL:
        return digits
    return f"{'-' if digits[0] == '-' else ''}{abs(int(digits)):#x}"


def rational(text: str) -> str:
    """A rational, from its spelling in a record: numerator # denominator.

    >>> rational("1/2"), rational("-3"), rational("-1/16777216")
    ('1#2', '-3', '-1#0x1000000')
    """
    top, slash, bottom = (numeral(part) for part in text.partition("/")) if "/" in text else (numeral(text), "", "")
    if slash or "0x" in top:
        return f"{top}#{bottom or 1}"
    return top


def listed(items: Iterable[str]) -> str:
    """A list of terms."""
    return f"[{'; '.join(items)}]"


def rationals(texts: Iterable[str]) -> str:
    """A list of rationals."""
    return listed(map(rational, texts))


def naturals(numbers: Iterable[int]) -> str:
    """A list of natural numbers."""
    return f"{listed(map(str, numbers))}%nat"


# -------------------------------------------------------------------------------------------- Networks


def form(row: Sequence[str]) -> str:
    """An affine form, from its row [b, a1, ..., an]."""
    return f"Form {rationals(row[1:])} ({rational(row[0])})"


def forms(rows: Iterable[Sequence[str]]) -> str:
    """A list of affine forms, one per line."""
    return _lines(map(form, rows))


def layer(number: int, record: Record) -> str:
    """A layer of a network, from its record; by default it reads the one before it."""
    rows = ([bias, *row] for row, bias in zip(record["weight"], record["bias"], strict=True))
    return f"Layer {naturals(record.get('reads', [number - 1]))} {forms(rows)}"


def network(record: Record) -> str:
    """A deep network, from its record."""
    *hidden, last = (layer(number, each) for number, each in enumerate(record["layers"], start=1))
    return f"Network {_lines(hidden)} (\n {last})"


def _lines(items: Iterable[str]) -> str:
    return f"[\n  {joined}]" if (joined := ";\n  ".join(items)) else "[]"


# ----------------------------------------------------------------------------------------------- Trees


def tree_definitions(name: str, records: Sequence[Record]) -> Iterator[str]:
    """Definitions, the last of which is the tree, with this name; large subtrees are defined before it.

    The records, a tree in preorder, are read from the last to the first, so that the children of a node come before it.
    """
    made, waiting = 0, list[str]()
    for record in reversed(records[1:]):
        term = _node(record, waiting)
        if len(term) > LONGEST_TERM:
            made += 1
            yield definition(f"subtree_{made}", "tree", term)
            term = f"subtree_{made}"
        waiting.append(term)
    yield definition(name, "tree", _node(records[0], waiting))


def _node(record: Record, waiting: list[str]) -> str:
    """A node whose children are the last subtrees that have no parent yet."""
    below = [waiting.pop() for _ in range(CHILDREN[record["record"]])]
    return "\n".join([_HEADS[record["record"]](record), *(f"({child})" for child in below)])


def definition(name: str, kind: str, term: str) -> str:
    """A definition of Coq."""
    return f"Definition {name} : {kind} :=\n{term}."


def _layer_head(record: Record) -> str:
    planes = listed(map(rationals, record["planes"]))
    return f"EnterLayer {record['layer']} {_both(record)} {planes} {naturals(record['undecided'])}"


def _both(record: Record) -> str:
    return f"{_decided(record['active'])} {_decided(record['inactive'])}"


def _split_head(record: Record) -> str:
    return f"Split {record['neuron']} {STRICT_SIDES[record.get('strict')]}"


def _leaf(record: Record) -> str:
    absent = listed(f"({naturals(face)}, {_reason(reason)})" for face, reason in record.get("absent", []))
    rows, units = record.get("map", []), record.get("units", [])
    return f"Leaf {absent} {listed(map(rationals, rows))}\n {_lines(map(_unit, units))} {rationals(record['witness'])}"


def _unit(record: Record) -> str:
    negative = "true" if record["weight"] == "-1" else "false"
    return f"Unit {listed(map(str, record['-inf']))}%Z {naturals(record.get('face', []))} {negative}"


def _decided(entries: Iterable[Sequence[Any]]) -> str:
    return listed(f"({number}%nat, {_reason(reason)})" for number, reason in entries)


def _reason(entries: Iterable[Sequence[Any]]) -> str:
    return listed(f"({number}%nat, {rational(multiplier)})" for number, multiplier in entries)


_HEADS: Mapping[str, Callable[[Record], str]] = {
    "layer": _layer_head,
    "stable": lambda record: f"Stable {_both(record)}",
    "redundant": lambda record: f"Redundant {_decided(record['constraints'])}",
    "split": _split_head,
    "leaf": _leaf,
}
