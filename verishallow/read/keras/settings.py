"""The settings of a Keras layer as its file spells them: read by type, and none that matters is overlooked."""

import math
import re
from collections.abc import Collection
from typing import Any

from verishallow.errors import InputError
from verishallow.read.places import shown
from verishallow.read.strict_json import Number, Object, elements, found

_INTEGER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_REAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)

WITHOUT_MEANING = frozenset({"name", "trainable", "dtype"})
"""Settings that change nothing about the function. (Weights are stored in their own type.)"""
TRAINING = ("_initializer", "_regularizer", "_constraint")
"""How the names of settings end that matter in training alone."""


class Settings:
    """The entries of a JSON object, which remember whether they were read."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, Object):
            raise InputError(f"{place}: expected an object {{...}}, found {found(value)}")
        self._entries = dict(value.pairs)
        self._unread = set(self._entries)
        if len(self._entries) < len(value.pairs):
            raise InputError(f"{place}: a key appears twice")

    def value(self, key: str) -> Any:
        """The entry as it is, None where there is none."""
        self._unread.discard(key)
        return self._entries.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A text."""
        value = self.value(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise InputError(f"{key}: expected a text, found {found(value)}")
        return value

    def choice(self, key: str, choices: Collection[str], default: str) -> str:
        """One of these texts."""
        value = self.text(key, default)
        if value not in choices:
            raise InputError(f"{key}: expected {' or '.join(choices)}, found {shown(value)}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise InputError(f"{key}: expected true or false, found {found(value)}")
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer."""
        value = self.value(key)
        return default if value is None and default is not None else _integer(value, key)

    def integers(self, key: str) -> list[int]:
        """A list of integers."""
        return [_integer(value, key) for value in elements(self.value(key), key)]

    def sizes(self, key: str, count: int) -> list[int]:
        """This many positive integers."""
        sizes = self.integers(key)
        if len(sizes) != count or min(sizes) < 1:
            raise InputError(f"{key}: expected {count} positive integers, found {sizes}")
        return sizes

    def pairs(self, key: str, count: int) -> list[list[int]]:
        """This many pairs of non-negative integers; one pair may stand alone."""
        rows = elements(self.value(key), key)
        if count == 1 and not any(isinstance(row, list) for row in rows):
            rows = [rows]
        pairs = [[_integer(value, key) for value in elements(row, key)] for row in rows]
        if len(pairs) != count or any(len(pair) != 2 or min(pair) < 0 for pair in pairs):
            raise InputError(f"{key}: expected {count} pairs of sizes, found {pairs}")
        return pairs

    def number(self, key: str, default: float | None = None) -> float:
        """A real number, rounded to 64 bits as Keras rounds it."""
        value = self.value(key)
        return default if value is None and default is not None else real(value, key)

    def objects(self, key: str) -> list["Settings"]:
        """A list of objects."""
        return [Settings(value, f"{key} {number}") for number, value in enumerate(elements(self.value(key), key))]

    def object(self, key: str) -> "Settings":
        """An object."""
        return Settings(self.value(key), key)

    def require_all_read(self) -> None:
        """Refuse settings that no rule has read, since they may change the function."""
        for key in sorted(self._unread - WITHOUT_MEANING):
            if not key.endswith(TRAINING) and self._entries[key] not in (None, False):
                raise InputError(f"expected only settings known to this reader, found {shown(key)}")

    def ignore(self, *keys: str) -> None:
        """Count these as read: they matter in training alone."""
        self._unread.difference_update(keys)


def real(value: Any, place: str) -> float:
    """The finite number that a JSON number spells, rounded to 64 bits.

    >>> real(Number("0.1"), "scale")
    0.1
    """
    number = float(value.text) if isinstance(value, Number) and _REAL.fullmatch(value.text) else math.inf
    if not math.isfinite(number):
        raise InputError(f"{place}: expected a finite number, found {found(value)}")
    return number


def _integer(value: Any, place: str) -> int:
    if not isinstance(value, Number) or not _INTEGER.fullmatch(value.text):
        raise InputError(f"{place}: expected an integer, found {found(value)}")
    return int(value.text)
