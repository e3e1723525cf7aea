"""cdd's ``.ine`` files: the rows of an H-representation, each meaning ``b + a.x >= 0``."""

import re
from collections.abc import Iterator, Sequence

from gmpy2 import mpq

from verishallow.errors import DomainError
from verishallow.rationals import Vector, parse_rational
from verishallow.read.places import shown, within

_SIZES = re.compile(r"([0-9]{1,9}) +([0-9]{1,9}) +(rational|integer|real)", re.ASCII)

NumberedLine = tuple[int, str]


def rows_of_ine(text: str) -> list[Vector]:
    r"""The rows ``[b, a1, ..., an]`` of an H-representation; decimals are read exactly.

    >>> rows_of_ine("H-representation\nbegin\n1 2 rational\n1/2 -1\nend")
    [(mpq(1,2), mpq(-1,1))]
    """
    lines = _lines(text)
    _read_header(lines)
    rows, columns = _sizes(lines)
    found = [_row(number, line, columns) for number, line in _until_end(lines)]
    if len(found) != rows:
        raise DomainError(f"expected {rows} rows before 'end', found {len(found)}")
    _require_nothing_more(lines)
    return found


def _lines(text: str) -> Iterator[NumberedLine]:
    numbered = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return ((number, line) for number, line in numbered if line and not line.startswith(("*", "#")))


def _read_header(lines: Iterator[NumberedLine]) -> None:
    # Lines before 'begin' that say nothing known are comments in this format.
    for number, line in lines:
        words = line.split()
        if words[0] == "begin":
            return
        if words[0] == "V-representation":
            raise DomainError(f"line {number}: expected an H-representation, found vertices and rays; convert the file")
        if words[0] in ("linearity", "equality", "strict_inequality") and words[1:] != ["0"]:
            raise DomainError(f"line {number}: {words[0]!r} makes the domain flat or open; give closed inequalities")
    raise DomainError("expected a line 'begin' before the rows of an .ine file, found none")


def _sizes(lines: Iterator[NumberedLine]) -> tuple[int, int]:
    for number, line in lines:
        if match := _SIZES.fullmatch(" ".join(line.split())):
            return int(match[1]), int(match[2])
        raise DomainError(f"line {number}: expected 'rows columns rational' after 'begin', found {shown(line)}")
    raise DomainError("expected 'rows columns rational' after 'begin', found the end of the file")


def _until_end(lines: Iterator[NumberedLine]) -> Iterator[NumberedLine]:
    for number, line in lines:
        if line == "end":
            return
        yield number, line
    raise DomainError("expected a line 'end' after the rows, found none: the file is cut short")


def _row(number: int, line: str, columns: int) -> Vector:
    entries = line.split()
    if len(entries) != columns:
        raise DomainError(f"line {number}: expected {columns} numbers, found {len(entries)}")
    return tuple(_entries(number, entries))


def _entries(number: int, entries: Sequence[str]) -> Iterator[mpq]:
    for column, entry in enumerate(entries):
        with within(f"line {number}, column {column}", DomainError):
            yield parse_rational(entry)


def _require_nothing_more(lines: Iterator[NumberedLine]) -> None:
    for number, line in lines:
        raise DomainError(f"line {number}: expected nothing after 'end', found {shown(line)}; remove it")
