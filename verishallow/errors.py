"""The tree of errors: every message says where, what was expected, what was found, what to do."""

from typing import Any


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
