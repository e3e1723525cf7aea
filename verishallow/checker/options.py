# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The command, and the files that say what a certificate must be about (FORMAT.md, section 3).

Nothing here checks a certificate; the files that options name are turned into what is expected of it.
"""

import argparse
import json
import re
import sys
from fractions import Fraction
from typing import Any

from .judge import Verdict, check
from .table import CLAIMED
from .values import MAX_DIGITS, Invalid, Record, Row, array, common_denominator, members, naturals, require, shown
from .walk import primitive


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
        reads = [source_number(source) for source in array(layer.get("reads", [str(number)]), "reads")]
        layers.append({"weight": weight, "bias": [str(exact(b)) for b in array(layer["bias"], "bias")]})
        layers[-1].update({} if reads == [number] else {"reads": reads})
    return {"record": "network", "layers": layers}


def source_number(text: Any, place: str = "reads", thing: str = "layer") -> int:
    number = exact(text)
    require(number.denominator == 1, f"{place} names {shown(text)}, which is no number of a {thing}")
    return number.numerator


def expected_domain(text: str) -> tuple[list[Row], list[int]]:
    """The primitive rows of a domain file, those without linear part too: they tell its inputs. None for ``R^n``.

    The second list has the numbers of those that are strict.
    """
    if text == "R^n":
        return [], []
    content = read_json(text, "verishallow-domain", inequalities=(), box=(), strict=[])  # () is no value of JSON
    given = [name for name in ("inequalities", "box") if content[name] != ()]
    require(given, f"{text} has neither inequalities nor a box")
    rows, bounds = (list(array(content[name], name)) if name in given else [] for name in ("inequalities", "box"))
    strict = numbers_below(len(rows), content["strict"])
    for i, (low, high) in enumerate(bounds):
        before, after = ["0"] * i, ["0"] * (len(bounds) - i - 1)
        rows += [[str(-exact(low)), *before, "1", *after], [high, *before, "-1", *after]]
    return [integral([exact(a) for a in array(row, "a row")]) for row in rows], strict


def numbers_below(many: int, given: Any) -> list[int]:
    """An increasing array of numbers of rows."""
    numbers = [source_number(number, "strict", "row") for number in array(given, "strict")]
    return naturals(numbers, "strict", many)


def integral(row: list[Fraction]) -> Row:
    """The primitive row on the ray of this one; a row of zeros as it is."""
    require(row, "an inequality has no numbers")
    common = common_denominator(a.denominator for a in row)
    numbers = [int(a * common) for a in row]
    return primitive(numbers) if any(numbers) else tuple(numbers)


def expected_slice(path: str) -> list[list[str]]:
    """The rows of a slice file."""
    rows = array(read_json(path, "verishallow-slice", rows=None)["rows"], "rows")
    return [[str(exact(a)) for a in array(row, "a row")] for row in rows]


def expected_unsafe(path: str) -> list[Record]:
    """The conjunctions of a file of what is unsafe."""
    conjunctions = array(read_json(path, "verishallow-unsafe", unsafe=None)["unsafe"], "unsafe")
    require(conjunctions, "unsafe is empty")
    return [expected_conjunction(each) for each in conjunctions]


def expected_conjunction(given: Any) -> Record:
    members(given, "rows", "strict")
    rows = [[str(exact(a)) for a in array(row, "a row")] for row in array(given["rows"], "rows")]
    return {"rows": rows, "strict": numbers_below(len(rows), given["strict"])}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check a verishallow certificate.", epilog="Exit codes: 0, 1, 2, 3.")
    parser.add_argument("certificate")
    parser.add_argument("--network", help="a verishallow-network file that the certificate must be about")
    parser.add_argument("--other", help="likewise, the second network of a certificate that two are equal")
    parser.add_argument("--claim", choices=sorted(CLAIMED), help="the kind of claim that is needed")
    parser.add_argument("--domain", help="a verishallow-domain file, or R^n, that the certificate must be about")
    parser.add_argument("--unsafe", help="a verishallow-unsafe file, what no point of the domain may be")
    parser.add_argument("--slice", help="a verishallow-slice file, on whose parameters the domain is")
    parser.add_argument(
        "--boundary", choices=("exact", "ignore"), help="that of the claim; of an equality exact, if not said"
    )
    parser.add_argument("--files", action="store_true", help="say which files of the checker the rules stand in")
    options = parser.parse_args(arguments)
    try:
        network, other = (expected_network(path) if path else None for path in (options.network, options.other))
        domain, strict = expected_domain(options.domain) if options.domain else (None, None)
        embedding = expected_slice(options.slice) if options.slice else None
        unsafe = expected_unsafe(options.unsafe) if options.unsafe else None
        about: Record = {"network": network, "other": other, "slice": embedding}
        about |= {"domain": domain, "strict": strict, "unsafe": unsafe}
        verdict = check(options.certificate, **about, claim=options.claim, boundary=options.boundary)
    except (OSError, Invalid, ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        print(f"checker: {error or type(error).__name__}", file=sys.stderr)
        return 2
    report(verdict, options.files)
    return verdict.exit_code


def report(verdict: Verdict, with_files: bool) -> None:
    print(verdict)
    if with_files:
        print("checked by:", *(f"{name}.py" for name in verdict.files))
