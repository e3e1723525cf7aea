# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""What claims about a property say: which rows of D are strict, and what is unsafe (FORMAT.md, section 25.1)."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from .values import Record, array, common_denominator, fractions, key, members, naturals, require
from .walk import primitive

SHOWN = 400  # characters of a statement
MAX_SHOWN_BITS = 1600  # of a number in words: more than that many characters


def check_unsafe(header: Record) -> None:
    """The numbers of the strict rows of D, and the conjunctions that are unsafe."""
    naturals(header["strict"], "strict", len(array(header["domain"], "domain")))
    networks = 2 if "other_network_sha256" in header else 1
    width = 1 + header["inputs"] + networks * header["outputs"]
    require(array(header["unsafe"], "unsafe"), "unsafe is empty")
    denominators = set[int]()
    for disjunct in header["unsafe"]:
        members(disjunct, "rows", "strict")
        for row in array(disjunct["rows"], "rows"):
            denominators.update(a.denominator for a in fractions(row, "a row of unsafe", width))
        naturals(disjunct["strict"], "strict", len(disjunct["rows"]))
    common_denominator(denominators)


def rows_of(disjunct: Record) -> list[list[Fraction]]:
    return [[Fraction(text) for text in row] for row in disjunct["rows"]]


def holds(value: Fraction | int, strict: bool) -> bool:
    return value > 0 or (value == 0 and not strict)


def fails_at(rows: Iterable[Sequence[Any]], strict: Iterable[int], point: Sequence[Fraction]) -> int | None:
    """The number of the first row that does not hold at a point; None: all hold."""
    strict = set(strict)
    values = (row[0] + sum(a * x for a, x in zip(row[1:], point) if a) for row in rows)
    return next((i for i, value in enumerate(values) if not holds(value, i in strict)), None)


# ------------------------------------------------------------------------------------------ Compared by value


def same_unsafe(one: Any, other: Any) -> bool:
    """Whether two arrays of conjunctions say the same: whatever the order and the scale of rows."""
    return {told(disjunct) for disjunct in one} == {told(disjunct) for disjunct in other}


def told(disjunct: Record) -> frozenset[tuple[str, bool]]:
    rows, strict = enumerate(rows_of(disjunct)), set(disjunct["strict"])
    return frozenset((key(primitive_of(row)), number in strict) for number, row in rows)


def primitive_of(row: list[Fraction]) -> tuple[int, ...]:
    common = lcm(*(a.denominator for a in row))
    numbers = [int(a * common) for a in row]
    return primitive(numbers) if any(numbers) else tuple(numbers)


# ----------------------------------------------------------------------------------------------------- Words


def unsafe_in_words(header: Record) -> str:
    """The property that no point may have, in one line that is cut if it is long."""
    both = [" and ".join(conjunction_in_words(header, each)) or "any value" for each in header["unsafe"]]
    return shortened(both[0] if len(both) == 1 else ", or ".join(both))


def conjunction_in_words(header: Record, disjunct: Record) -> list[str]:
    names = names_of(header)
    rows = enumerate(rows_of(disjunct))
    return [row_in_words(row, number in disjunct["strict"], names) for number, row in rows]


def names_of(header: Record) -> list[str]:
    """x_i: inputs, y_o: outputs; f_o and g_o: the outputs of two networks."""
    letters = ("f", "g") if "other_network_sha256" in header else ("y",)
    inputs = [f"x_{i}" for i in range(header["inputs"])]
    return inputs + [f"{letter}_{o}" for letter in letters for o in range(header["outputs"])]


def row_in_words(row: list[Fraction], strict: bool, names: list[str]) -> str:
    """Terms on the left, the constant on the right; one term alone without its factor."""
    terms = sorted(((a, name) for a, name in zip(row[1:], names) if a), key=lambda term: term[0] < 0)
    size = abs(terms[0][0]) if terms else Fraction(1)
    turned = len(terms) > 0 and terms[0][0] < 0
    sign = {False: ">", True: "<"}[turned] + ("" if strict else "=")
    factor = (-1 if turned else 1) / size
    left = "".join(term(a * factor, name) for a, name in terms).removeprefix(" + ").strip() or "0"
    return f"{left} {sign} {number_in_words(-row[0] * factor)}"


def term(factor: Fraction, name: str) -> str:
    size = "" if abs(factor) == 1 else f"{number_in_words(abs(factor))} "
    return f" {'-' if factor < 0 else '+'} {size}{name}"


def number_in_words(value: Fraction) -> str:
    """A number; of one that is long, how long it is, for CPython spells no integer of more than 4300 digits."""
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    return str(value) if bits <= MAX_SHOWN_BITS else f"(a number of {bits} bits)"


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 4] + " ..."


def point_in_words(texts: list[str]) -> str:
    return shortened(f"({', '.join(texts)})")
