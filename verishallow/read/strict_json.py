"""JSON that is read safely: numbers stay as they are spelt, and nothing unknown or repeated passes.

The standard reader keeps the last of two equal keys, rounds numbers to binary and lets NaN through. Here a
number stays a text until its place is known, so that it becomes an exact rational or an error that says where.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from verishallow.errors import InputError
from verishallow.rationals import parse_rational
from verishallow.read.files import utf8_text
from verishallow.read.places import shown, within

_NATURAL = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as it is spelt; NaN and Infinity too, which are then no rational."""

    text: str

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Object:
    """A JSON object with all its keys, repeated ones included."""

    pairs: tuple[tuple[str, Any], ...]

    def __repr__(self) -> str:
        return "an object"


def parse_json(data: bytes | str) -> Any:
    """The value that a JSON text denotes, its numbers as :class:`Number` and objects as :class:`Object`.

    >>> parse_json('[0.1, NaN, "1/3"]')
    [0.1, NaN, '1/3']
    """
    text = data if isinstance(data, str) else utf8_text(data)
    try:
        return json.loads(text, parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise InputError("not JSON of this format: brackets are nested too deeply") from error


def _object(pairs: list[tuple[str, Any]]) -> Object:
    return Object(tuple(pairs))


def fields(value: Any, place: str, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """The entries of an object that must have all required keys, no key twice, and no unknown key."""
    if not isinstance(value, Object):
        raise InputError(f"{place}: expected an object {{...}}, found {found(value)}")
    keys = [key for key, _ in value.pairs]
    known = [*required, *optional]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            raise InputError(f"{place}: the key {shown(key)} appears twice")
        if key not in known:
            raise InputError(f"{place}: unknown key {shown(key)}, expected only {', '.join(map(repr, known))}")
    if missing := [key for key in required if key not in keys]:
        raise InputError(f"{place}: the key {missing[0]!r} is missing")
    return dict(value.pairs)


def elements(value: Any, place: str) -> list[Any]:
    """The elements of an array."""
    if not isinstance(value, list):
        raise InputError(f"{place}: expected an array [...], found {found(value)}")
    return value


def exact(value: Any, place: str) -> mpq:
    """The rational that a number, or a text such as "1/2" or "0.25", spells.

    >>> exact(Number("0.1"), "bias 0")
    mpq(1,10)
    """
    if not isinstance(value, str | Number):
        raise InputError(f'{place}: expected a rational such as "-3/4" or 0.25, found {found(value)}')
    with within(place, InputError):
        return parse_rational(value if isinstance(value, str) else value.text)


def natural(value: Any, place: str) -> int:
    """The integer from 0 to 999999999 that a JSON number spells."""
    if not isinstance(value, Number) or not _NATURAL.fullmatch(value.text):
        raise InputError(f"{place}: expected an integer from 0 to 999999999, found {found(value)}")
    return int(value.text)


def require_format(entries: dict[str, Any], name: str) -> None:
    """Refuse an object whose "format" is not this name or whose "version" is not 1."""
    if entries["format"] != name:
        raise InputError(f"format: expected {name!r}, found {found(entries['format'])}")
    if entries["version"] != Number("1"):
        raise InputError(f"version: expected 1, found {found(entries['version'])}")


def found(value: Any) -> str:
    """A JSON value as an error shows it.

    >>> found(None), found([1, 2]), found(True), found("x")
    ('null', 'an array', 'true', "'x'")
    """
    if isinstance(value, list):
        return "an array"
    names = {None: "null", True: "true", False: "false"}
    return names[value] if value is None or isinstance(value, bool) else shown(value)
