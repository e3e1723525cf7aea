"""The tree of errors: every message says where, what was expected, what was found, what to do."""

from types import UnionType
from typing import Any

MOST_SHOWN = 40
"""Characters of a value that an error shows."""


class VerishallowError(Exception):
    """Any failure that verishallow expects; the command line shows its message as one line."""


class InputError(VerishallowError):
    """An input that cannot be used: a file, an option, a number (exit code 2)."""


class RationalError(InputError, ValueError):
    """A text or a value that is not one exact rational number."""


class NetworkError(InputError):
    """A network that is malformed, or not exactly piecewise linear."""


class DomainError(InputError):
    """A domain that is empty, flat, of the wrong dimension, or not a rational polyhedron."""


class OutsideDomainError(InputError):
    """A point at which a certificate claims nothing."""


class KinkError(InputError):
    """A derivative does not exist at a point, since the function bends there."""


SMALLER = "networks are read whole, as exact matrices: name a smaller one"
"""The advice for a network beyond the limits."""


class LimitError(InputError):
    """A stated limit would be exceeded, for instance the number of digits of a number in the format."""


class IncompleteError(VerishallowError):
    """A bound that the user set stopped the work before its end (exit code 3)."""


class InvalidCertificateError(VerishallowError):
    """The checker refused a certificate; the message is its reason."""


class StaleProofError(VerishallowError):
    """A kept certificate that does not prove what is asked for; ``renewable`` if a new one may do so."""

    def __init__(self, message: str, *, renewable: bool = True) -> None:
        super().__init__(message)
        self.renewable = renewable


class RefutedError(VerishallowError):
    """A claim that does not hold (exit code 1): ``point`` is where it fails, in the closed cell ``cell``."""

    def __init__(self, message: str, point: Any, cell: Any) -> None:
        super().__init__(message, point, cell)
        self.point, self.cell = point, cell

    def __str__(self) -> str:
        return str(self.args[0])


class UndefinedArithmeticError(VerishallowError, ArithmeticError):
    """The extended rationals leave inf - inf undefined: it is an error, never a value."""


class ProofError(VerishallowError):
    """An answer of an oracle failed its exact proof: a bug here or in a library, never a result."""


def require(what: str, value: Any, kinds: type | UnionType, expected: str) -> None:
    """Refuse an argument of another type, and a truth value where a number is expected.

    >>> require("title", 3, str, "a text")
    Traceback (most recent call last):
    verishallow.errors.InputError: title: expected a text, found int 3
    """
    if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is int):
        text = repr(value)
        text = text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "..."
        raise InputError(f"{what}: expected {expected}, found {type(value).__name__} {text}")


def require_whole(what: str, value: Any, least: int, expected: str) -> None:
    """Refuse what is no whole number, or one below the least.

    >>> require_whole("jobs", 0, 1, "a number of processes, 1 or more")
    Traceback (most recent call last):
    verishallow.errors.InputError: jobs: expected a number of processes, 1 or more, found int 0
    """
    require(what, value, int, expected)
    if value < least:
        raise InputError(f"{what}: expected {expected}, found int {value}")
