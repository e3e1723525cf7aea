"""The names of features and outputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from verishallow.errors import InputError, require


@dataclass(frozen=True, slots=True)
class Names:
    """The names, different for each feature and for each output.

    >>> Names.of(2, 1, ["age", "income"])
    Names(features=('age', 'income'), outputs=('y0',))
    """

    features: tuple[str, ...]
    outputs: tuple[str, ...]

    @classmethod
    def of(
        cls, inputs: int, outputs: int, features: Sequence[str] | None = None, of_outputs: Sequence[str] | None = None
    ) -> Self:
        """The given names, which must be all different and as many as needed, or ``x0``, ... and ``y0``, ...

        Raises :class:`~verishallow.errors.InputError` otherwise.
        """
        return cls(_checked("features", "x", inputs, features), _checked("outputs", "y", outputs, of_outputs))

    def feature(self, name: str | int) -> int:
        """The index of a feature, by its name or its index."""
        return index_named("feature", self.features, name)

    def output(self, name: str | int) -> int:
        """The index of an output, by its name or its index."""
        return index_named("output", self.outputs, name)


def _checked(what: str, letter: str, count: int, given: Sequence[str] | None) -> tuple[str, ...]:
    if given is None:
        return tuple(f"{letter}{index}" for index in range(count))
    require(f"names of {what}", given, Sequence, f"a sequence of {count} texts")
    for name in given:
        require(f"names of {what}", name, str, "texts")
    names = tuple(name.strip() for name in given)
    if len(names) != count or len(set(names)) != count or not all(names):
        raise InputError(f"names of {what}: expected {count} different ones, found {', '.join(names) or 'none'}")
    return names


def index_named(what: str, names: Sequence[str], name: str | int) -> int:
    """The index of a name, or the index that the text spells."""
    text = str(name).strip()
    number = names.index(text) if text in names else index_spelled(text, len(names))
    if number is None:
        raise InputError(
            f"{what}: expected one of {', '.join(names)}, or a number from 0 to {len(names) - 1}, found {text!r}"
        )
    return number


def index_spelled(text: str, count: int) -> int | None:
    """The index below ``count`` that a text of at most nine digits spells.

    >>> index_spelled("2", 3), index_spelled("3", 3), index_spelled("-1", 3), index_spelled("0000000012", 2)
    (2, None, None, None)
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        return None
    return int(text) if int(text) < count else None
