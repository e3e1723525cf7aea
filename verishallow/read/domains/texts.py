"""Domains and points as the user writes them: boxes, files of inequalities, coordinates."""

from collections.abc import Sequence
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import DomainError, InputError, RationalError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, format_rational, parse_rational
from verishallow.read.domains.ine import rows_of_ine
from verishallow.read.domains.npz import rows_of_npz
from verishallow.read.files import file_bytes, suffix_of, utf8_text
from verishallow.read.places import shown, within
from verishallow.read.strict_json import elements, exact, fields, parse_json, require_format

FORMAT = "verishallow-domain"


def parse_domain(text: str | None, dimension: int) -> Polyhedron:
    """The closed, full-dimensional polyhedron that a text describes, with primitive integer rows.

    None is all of space; ``box:-1,1`` is the same interval for every input; ``box:[-1,1]x[0,1/2]`` one interval
    per input; anything else names a file: JSON, cdd's ``.ine``, or ``.npz`` with ``A x <= b``. Numbers are rationals,
    exact decimals, or the binary rationals that floats are.
    Raises :class:`~verishallow.errors.DomainError` for what is empty, flat, of another dimension or malformed.

    >>> parse_domain("box: [-1, 1] x [0, 0.5]", 2).inequalities
    (AffineForm(1 + x0), AffineForm(1 - x0), AffineForm(x1), AffineForm(1 - 2*x1))
    """
    if text is None:
        return Polyhedron.whole_space(dimension)
    if text.strip().startswith("box:"):
        with within(f"domain {shown(text)}", DomainError):
            return _box(_intervals(text.strip().removeprefix("box:").strip(), dimension), dimension)
    return _domain_from_file(text, dimension)


def domain_from_json(text: str, dimension: int) -> Polyhedron:
    """The domain that a JSON text holds, as "inequalities" (rows ``[b, a1, ..., an]``) or as a "box".

    >>> domain_from_json('{"format": "verishallow-domain", "version": 1, "box": [[0, "1/2"]]}', 1).inequalities
    (AffineForm(x0), AffineForm(1 - 2*x0))
    """
    entries = fields(parse_json(text), "domain", ("format", "version"), ("inequalities", "box"))
    require_format(entries, FORMAT)
    if ("inequalities" in entries) == ("box" in entries):
        raise DomainError("expected either the key 'inequalities' or the key 'box'")
    if "box" in entries:
        return _box(_rows(entries["box"], "box", "interval"), dimension)
    return _from_rows(_rows(entries["inequalities"], "inequalities", "inequality"), dimension)


def domain_from_ine(text: str, dimension: int) -> Polyhedron:
    """The domain that the text of a cdd ``.ine`` file holds."""
    return _from_rows(rows_of_ine(text), dimension)


def domain_to_json(polyhedron: Polyhedron) -> dict[str, Any]:
    """The JSON object of a domain, its rationals in their canonical spelling.

    >>> domain_to_json(Polyhedron.box([(0, "1/2")]))["inequalities"]
    [['0', '1'], ['1/2', '-1']]
    """
    rows = [[format_rational(entry) for entry in form.row] for form in polyhedron.inequalities]
    return {"format": FORMAT, "version": 1, "inequalities": rows}


def parse_point(text: str, dimension: int) -> Vector:
    """The point with these coordinates, separated by commas.

    >>> parse_point("1/2, -3", 2)
    (mpq(1,2), mpq(-3,1))
    """
    entries = text.split(",")
    if len(entries) != dimension:
        raise InputError(f"point {shown(text)}: expected {dimension} coordinates, found {len(entries)}")
    return tuple(_parsed(entry, f"point {shown(text)}, x{index}") for index, entry in enumerate(entries))


def _domain_from_file(path: str, dimension: int) -> Polyhedron:
    try:
        data = file_bytes(path)
    except InputError as error:
        raise DomainError(f"domain: expected box:low,high or box:[low,high]x... or a file; {error}") from error
    with within(path, DomainError):
        if suffix_of(path) == ".npz":
            return _from_rows(rows_of_npz(data), dimension)
        text = utf8_text(data)
        reader = domain_from_json if text.lstrip().startswith("{") else domain_from_ine
        return reader(text, dimension)


def _parsed(text: str, place: str) -> mpq:
    with within(place, RationalError):
        return parse_rational(text)


def _intervals(text: str, dimension: int) -> list[Vector]:
    if not text.startswith("["):
        return [_interval(text, "interval")] * dimension
    return [
        _interval(_unbracketed(part.strip(), f"interval {number}"), f"interval {number}")
        for number, part in enumerate(text.split("x"))
    ]


def _unbracketed(text: str, place: str) -> str:
    if not (text.startswith("[") and text.endswith("]")):
        raise DomainError(f"{place}: expected [low,high], found {shown(text)}")
    return text[1:-1]


def _interval(text: str, place: str) -> Vector:
    ends = text.split(",")
    if len(ends) != 2:
        raise DomainError(f"{place}: expected low,high, found {shown(text)}")
    return tuple(_parsed(end, f"{place}, {name}") for end, name in zip(ends, ("low", "high"), strict=True))


def _box(intervals: Sequence[Vector], dimension: int) -> Polyhedron:
    if len(intervals) != dimension:
        raise DomainError(f"expected {dimension} intervals, one per input, found {len(intervals)}")
    for index, interval in enumerate(intervals):
        _check_interval(index, interval)
    return Polyhedron.box([(interval[0], interval[1]) for interval in intervals]).normalised()


def _check_interval(index: int, interval: Vector) -> None:
    if len(interval) != 2:
        raise DomainError(f"interval {index}: expected low and high, found {len(interval)} numbers")
    low, high = interval
    if low >= high:
        raise DomainError(
            f"interval {index}: expected low < high, found {shown(str(low))} and {shown(str(high))}, "
            f"which makes the domain {'flat' if low == high else 'empty'} in the input x{index}"
            + ("; a slice fixes an input" if low == high else "")
        )


def _rows(value: Any, key: str, name: str) -> list[Vector]:
    arrays = (elements(row, f"{name} {number}") for number, row in enumerate(elements(value, key)))
    return [_row(row, f"{name} {number}") for number, row in enumerate(arrays)]


def _row(row: Sequence[Any], place: str) -> Vector:
    return tuple(exact(entry, f"{place}, column {column}") for column, entry in enumerate(row))


def _from_rows(rows: Sequence[Vector], dimension: int) -> Polyhedron:
    for number, row in enumerate(rows):
        if len(row) != dimension + 1:
            raise DomainError(
                f"inequality {number}: expected {dimension + 1} numbers b, a1, ..., a{dimension}, found {len(row)}"
            )
    forms = [AffineForm(row) for row in rows]
    domain = _normalised(dimension, forms)
    if not _has_interior(domain):
        _blame_first(dimension, forms)
    return domain


def _normalised(dimension: int, forms: Sequence[AffineForm]) -> Polyhedron:
    # Rows that are always true, such as 0 >= 0, would look flat to the search for an interior point.
    return Polyhedron(dimension, tuple(forms)).normalised()


def _has_interior(domain: Polyhedron) -> bool:
    try:
        domain.interior_point()
    except DomainError:
        return False
    return True


def _blame_first(dimension: int, forms: Sequence[AffineForm]) -> None:
    """Raise the error of the first inequality that, with those before it, leaves no interior."""
    for number in range(len(forms)):
        with within(f"inequality {number}, with those before it", DomainError):
            _normalised(dimension, forms[: number + 1]).interior_point()
