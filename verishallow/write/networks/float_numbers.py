"""Rationals as float64, rounded to nearest, and rounded up to a short rational."""

from gmpy2 import mpq

from verishallow.errors import LimitError
from verishallow.rationals import from_float

FLOAT64_DIGITS = 53
"""Binary digits of a float64."""

SHORT = 24
"""Binary digits of a bound that was rounded up, which may have one more."""

LEAST_BOUND = mpq(1, 2**900)
"""The least bound: smaller ones are rounded up to it, so that every bound is a float64 as well."""


def nearest_float(value: mpq) -> float:
    """The float64 nearest to a rational; raises :class:`~verishallow.errors.LimitError` beyond its range.

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
    """The distance of a rational from its float64."""
    return abs(from_float(nearest_float(value)) - value)


def is_float(value: mpq) -> bool:
    """Whether a rational is exactly a float64."""
    return abs(value) < 2**1023 and not rounding_of(value)


def rounded_up(value: mpq) -> mpq:
    """A short binary rational, exactly a float64, that is not smaller than a non-negative rational.

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
