# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""Values: the bytes, lines, records and numbers of a file (FORMAT.md, section 3).

Whatever stands in a file passes through here before a rule looks at it: a JSON value is taken for an array, a natural
number or a rational only once a function of this file has said that it is one.
"""

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import gcd
from typing import Any, BinaryIO

Record = dict[str, Any]
Row = tuple[int, ...]
Rationals = tuple[Fraction, ...]

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


def require_bits(bits: int, what: str) -> None:
    require(bits <= MAX_BITS, f"{what} needs more than {MAX_BITS} bits")


def require_size(size: int, fact: str) -> None:
    require(size <= MAX_COEFFICIENTS, fact)


def words_of(bits: int) -> int:
    """So many words of WORD bits hold these bits."""
    return -(-bits // WORD)


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
    if text == "0":
        return 0, 1  # as nearly all entries are, where there are many inputs
    require(type(text) is str and RATIONAL.fullmatch(text), f"{shown(text)} is not a canonical rational")
    top, _, bottom = text.partition("/")
    require(len(top.lstrip("-")) <= MAX_DIGITS and len(bottom) <= MAX_DIGITS, f"more than {MAX_DIGITS} digits")
    p, q = int(top), int(bottom or 1)
    require(gcd(p, q) == 1 and bottom != "1" and text != "-0", f"{shown(text)} is not in lowest terms")
    return p, q


def fractions(texts: Any, what: str, length: int) -> Rationals:
    return tuple(Fraction(*rational(text)) for text in array(texts, what, length))


def integers(texts: Any, what: str, length: int) -> Row:
    row = [rational(text) for text in array(texts, what, length)]
    require(all(q == 1 for _, q in row), f"{what} has an entry that is not an integer")
    return tuple(p for p, _ in row)


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
        if common % q:
            common *= q // gcd(common, q)
            require_bits(common.bit_length(), "a common denominator")
    return common


def key(row: Iterable[int]) -> str:
    """A row as the key of a dictionary: hashes of texts are salted, those of integers collide where a file wants it."""
    return ",".join(map(hex, row))
