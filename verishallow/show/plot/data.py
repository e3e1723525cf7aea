"""Data points to lay over a picture: rows of coordinates, exact, and perhaps a label for each."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verishallow.errors import InputError, RationalError, require
from verishallow.explain.names import index_spelled
from verishallow.rationals import Vector, parse_rational
from verishallow.read.arrays.exact_arrays import exact_matrix
from verishallow.read.arrays.npy import npy_array
from verishallow.read.files import file_bytes, suffix_of, utf8_text
from verishallow.read.places import within

MOST_LABELS = 24


@dataclass(frozen=True, slots=True)
class Data:
    """Points; if ``labels`` has names, ``of_label`` has the number of each point's label."""

    points: tuple[Vector, ...]
    of_label: tuple[int, ...]
    labels: tuple[str, ...] = ()

    @classmethod
    def of(cls, points: Iterable[Iterable[object]], labels: Sequence[object] | None = None) -> "Data":
        """Points with exact coordinates, and labels in the order of their names (numbers by size).

        >>> Data.of([["1/2", 0], [1, 2]], ["b", "a"]).of_label
        (1, 0)
        """
        rows = tuple(tuple(parse_rational(str(entry)) for entry in row) for row in points)
        if labels is None:
            return cls(rows, (0,) * len(rows))
        if len(labels) != len(rows):
            raise InputError(f"data: expected a label for each of {len(rows)} points, found {len(labels)}")
        spelled = [_label(str(label)) for label in labels]
        names = sorted(set(spelled), key=_by_size)
        if len(names) > MOST_LABELS:
            raise InputError(f"data: expected at most {MOST_LABELS} different labels, found {len(names)}")
        number = {name: index for index, name in enumerate(names)}
        return cls(rows, tuple(number[label] for label in spelled), tuple(names))


def points_of(data: Data | None) -> tuple[Vector, ...]:
    """The points of data, if there are any.

    >>> points_of(None), points_of(Data.of([["1/2"]]))
    ((), ((mpq(1,2),),))
    """
    if data is None:
        return ()
    require("data", data, Data, "points, as Data.of(points, labels) in verishallow.show.plot.data makes them")
    return data.points


def _label(text: str) -> str:
    """A whole number that is spelled as a float, as files of floats hold it, is that number.

    >>> _label("1.000000000000000000e+00"), _label("setosa"), _label("1/2")
    ('1', 'setosa', '1/2')
    """
    value = parse_rational(text) if {*text.lower()} & {".", "e"} and _is_number(text) else None
    return str(value) if value is not None and value.denominator == 1 else text


def _by_size(name: str) -> tuple[bool, int, str, str]:
    """Numbers first, by size; the name itself last, so that different names have different keys."""
    digits = name.lstrip("0") if name.isascii() and name.isdecimal() else None
    return (True, 0, "", name) if digits is None else (False, len(digits), digits, name)


def read_data(path: str, inputs: int, classes: Sequence[str] = ()) -> Data:
    """The rows of an ``.npy``, ``.csv`` or ``.txt`` file: as many coordinates as inputs, then perhaps a label.

    In a text, entries stand between commas, semicolons, or spaces, as ``numpy.savetxt`` writes them; lines that begin
    with # are comments, and a first line that is no point is the heads. Labels that all name or number ``classes`` are
    these.
    """
    suffix, content = suffix_of(path), file_bytes(path)
    with within(path):
        if suffix == ".npy":
            rows = [[str(entry) for entry in row] for row in _matrix(content)]
        elif suffix in (".csv", ".txt"):
            rows = _without_heads(_rows(utf8_text(content)), inputs)
        else:
            raise InputError("data: expected a file .npy, .csv or .txt")
        return _data(rows, inputs, classes)


def _rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    separator = next((sign for sign in ",;" if any(sign in line for line in lines)), None)
    return [line.split() for line in lines] if separator is None else [*csv.reader(lines, delimiter=separator)]


def _matrix(content: bytes) -> tuple[Vector, ...]:
    array = npy_array(content)
    if array.ndim != 2 or not array.size:
        raise InputError(f"data: expected a matrix, one row per point, found an array of shape {list(array.shape)}")
    return exact_matrix(array, "data")


def _without_heads(rows: Sequence[Sequence[str]], inputs: int) -> list[list[str]]:
    found = [[entry.strip() for entry in row] for row in rows if any(entry.strip() for entry in row)]
    return found[1:] if found and not all(_is_number(entry) for entry in found[0][:inputs]) else found


def _is_number(text: str) -> bool:
    try:
        parse_rational(text)
    except RationalError:
        return False
    return True


def _data(rows: Sequence[Sequence[str]], inputs: int, classes: Sequence[str]) -> Data:
    widths = sorted({len(row) for row in rows})
    if widths not in ([inputs], [inputs + 1]):
        found = ", ".join(map(str, widths)) or "no rows"
        raise InputError(
            f"data: expected rows of {inputs} coordinates, or with a label {inputs + 1} entries, found {found}"
        )
    points = [row[:inputs] for row in rows]
    if widths == [inputs]:
        return Data.of(points)
    labels = [row[inputs] for row in rows]
    numbers = [_class_number(label, classes) for label in labels]
    data = Data.of(points, labels)
    known = tuple(number for number in numbers if number is not None)
    return Data(data.points, known, tuple(classes)) if len(known) == len(labels) else data


def _class_number(label: str, classes: Sequence[str]) -> int | None:
    """The class that a label names or numbers (as a float too: matrices of floats hold labels as such)."""
    if label in classes:
        return classes.index(label)
    return index_spelled(_label(label), len(classes))
