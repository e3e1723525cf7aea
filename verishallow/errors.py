"""The tree of errors: every message says where, what was expected, what was found, what to do."""


class VerishallowError(Exception):
    """Any failure that verishallow foresees; the command line shows its message as one line."""


class InputError(VerishallowError):
    """Something the user gave cannot be used: a file, an option, a number (exit code 2)."""


class RationalError(InputError, ValueError):
    """A text or a value that is not one exact rational number."""


class NetworkError(InputError):
    """A network that is malformed, or outside the exact piecewise-linear world."""


class DomainError(InputError):
    """A domain that is empty, flat, of the wrong dimension, or not a rational polyhedron."""


class OutsideDomainError(InputError):
    """A point at which a certificate claims nothing."""


class LimitError(InputError):
    """A stated limit would be exceeded, for instance the digits of one number of the format."""


class IncompleteError(VerishallowError):
    """Work that a stated bound stopped before its end (exit code 3)."""


class InvalidCertificateError(VerishallowError):
    """The checker refused a certificate; the message is its reason."""


class UndefinedArithmeticError(VerishallowError, ArithmeticError):
    """The extended rationals leave inf - inf undefined: it is an error, never a value."""


class ProofError(VerishallowError):
    """An oracle's answer did not survive its exact re-proof: a bug here or in a library, never a result."""
