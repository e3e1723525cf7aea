"""Rationals as float64, rounded to nearest, and rounded up to a short rational."""

from gmpy2 import mpq

from verishallow.errors import LimitError
from verishallow.rationals import from_float

FLOAT64_DIGITS = 53
"""Binary digits of a float64."""

SHORT = 24
"""Binary digits, or one more, of a bound that was rounded up."""

LEAST_BOUND = mpq(1, 2**900)
"""Smaller bounds are rounded up to it, so that each is a float64 as well."""


def nearest_float(value: mpq) -> float:
    """The float64 next to a rational; :class:`~verishallow.errors.LimitError` where there is none.

    >>> nearest_float(mpq(1, 10))
    0.1
    """
    try:
        # The quotient of two integers is rounded correctly.
        return int(value.numerator) / int(value.denominator)
    except OverflowError as error:
        digits = len(str(abs(value.numerator) // value.denominator))
        raise LimitError(f"a number of {digits} digits is beyond float64; 'csv' and 'smt2' keep it exact") from error


def rounding_of(value: mpq) -> mpq:
    """How far a rational is from its float64."""
    return abs(from_float(nearest_float(value)) - value)


def is_float(value: mpq) -> bool:
    """Whether a rational is a float64 itself."""
    return abs(value) < 2**1023 and not rounding_of(value)


def rounded_up(value: mpq) -> mpq:
    """A short binary rational, itself a float64, that is not smaller than a non-negative one.

    >>> rounded_up(mpq(1, 3)) >= mpq(1, 3), float(rounded_up(mpq(1, 3)))
    (True, 0.3333333432674408)
    """
    if not value:
        return value
    if value < LEAST_BOUND:
        return LEAST_BOUND
    exponent = value.numerator.bit_length() - value.denominator.bit_length() - SHORT
    unit = mpq(2) ** exponent
    return -(-value // unit) * unit
