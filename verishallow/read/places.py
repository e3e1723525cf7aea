"""Errors that say where they happened."""

from collections.abc import Iterator
from contextlib import contextmanager

from verishallow.errors import InputError


@contextmanager
def within(place: str, kind: type[InputError] | None = None) -> Iterator[None]:
    """Put ``place`` before the message of every InputError raised inside, and raise it as ``kind`` if one is given.

    >>> with within("layer 2"):
    ...     raise InputError("no neuron")
    Traceback (most recent call last):
    verishallow.errors.InputError: layer 2: no neuron
    """
    try:
        yield
    except InputError as error:
        raise (kind or type(error))(f"{place}: {error}") from error


def shown(value: object) -> str:
    """A value as one short line, for an error's "found ..."; ``repr`` escapes line breaks.

    >>> shown("a" * 50)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."
    """
    text = repr(value[:50] if isinstance(value, str) else value)
    return text if len(text) <= 40 else text[:37] + "..."


def reason_of(error: BaseException) -> str:
    r"""The first line of the original error in a foreign library, which says more than the errors that wrap it.

    >>> reason_of(ValueError("no such thing\nand a long report"))
    'no such thing'
    """
    while error.__cause__ is not None:
        error = error.__cause__
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
