"""Slices in JSON: ``{"format": "verishallow-slice", "version": 1, "rows": [["b", "a1", ..., "ak"], ...]}``.

There is one row for each input of the network, the value of that input as an affine form of the k parameters.
"""

from typing import Any

from verishallow.errors import DomainError, InputError
from verishallow.rationals import format_rational
from verishallow.read.files import file_bytes, utf8_text
from verishallow.read.places import within
from verishallow.read.strict_json import elements, exact, fields, parse_json, require_format
from verishallow.slices import Slice

FORMAT = "verishallow-slice"


def slice_from_json(text: str) -> Slice:
    """The slice that a JSON text spells.

    >>> slice_from_json('{"format": "verishallow-slice", "version": 1, "rows": [["1/2", 1], [0, 3]]}').inputs
    2
    """
    entries = fields(parse_json(text), "slice", ("format", "version", "rows"))
    require_format(entries, FORMAT)
    rows = [elements(row, f"row {number}") for number, row in enumerate(elements(entries["rows"], "rows"))]
    lengths = {len(row) for row in rows}
    if len(lengths) != 1 or min(lengths) < 2:
        raise DomainError(
            f"rows: expected rows [b, a1, ..., ak] of one length, k >= 1, found lengths {sorted(lengths)}"
        )
    try:
        return Slice.of(
            [exact(entry, f"row {number}, column {column}") for column, entry in enumerate(row)]
            for number, row in enumerate(rows)
        )
    except InputError as error:
        raise DomainError(str(error)) from error


def slice_from_file(path: str) -> Slice:
    """The slice in a file."""
    data = file_bytes(path)
    with within(path, DomainError):
        return slice_from_json(utf8_text(data))


def slice_to_json(embedding: Slice) -> dict[str, Any]:
    """The JSON object of a slice, its rationals in their canonical spelling.

    >>> slice_to_json(Slice.line([0, 1], [2, "1/2"]))["rows"]
    [['0', '2'], ['1', '-1/2']]
    """
    rows = [[format_rational(entry) for entry in form.row] for form in embedding.embedding.forms]
    return {"format": FORMAT, "version": 1, "rows": rows}
