"""Exact numbers: ``mpq`` inside, ``"p/q"`` strings outside, and the extended rationals."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Rational as RationalNumber
from typing import Any, Self

from gmpy2 import mpq, mpz

from verishallow.errors import RationalError, UndefinedArithmeticError

type_of_mpq = type(mpq())
Vector = tuple[mpq, ...]

MAX_DIGITS = 4000
"""The digits allowed in a numerator, a denominator or the expansion of an exponent (CPython stops at 4300)."""

_FRACTION = re.compile(r"([+-]?[0-9]+)/([0-9]+)", re.ASCII)
_DECIMAL = re.compile(r"([+-]?)(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,5}))?", re.ASCII)


def rational(value: Any) -> mpq:
    """The exact rational that ``value`` denotes: an int, a Fraction, an mpq, a float, or a text such as "-3/4", "0.25".

    A float of any precision, Python's, NumPy's or torch's, is the binary rational that it is: ``0.1`` is not one tenth,
    but ``"0.1"`` is. Raises :class:`~verishallow.errors.RationalError`, for infinities and NaN too.

    >>> rational("0.1") + rational("1/2"), rational(0.1)
    (mpq(3,5), mpq(3602879701896397,36028797018963968))
    """
    if isinstance(value, str):
        return parse_rational(value)
    if isinstance(value, type_of_mpq):
        return value
    if type(value) is not bool and isinstance(value, RationalNumber):
        return mpq(int(value.numerator), int(value.denominator))
    if type(value) is not bool and hasattr(value, "as_integer_ratio"):
        return from_float(value)
    if not isinstance(value, bool) and getattr(value, "shape", None) == ():
        # An array of one number: NumPy's without dimensions, or torch's.
        return rational(value.tolist())
    raise RationalError(
        f"expected a number (int, float, Fraction, mpq, or a text like '1/10'), found {type(value).__name__} "
        f"{_shown_value(value)}"
    )


def vector(values: Iterable[Any]) -> Vector:
    """A point or vector of exact rationals, from any sequence or array of numbers.

    >>> vector(["1/2", -3, 0.25])
    (mpq(1,2), mpq(-3,1), mpq(1,4))
    """
    if isinstance(values, str | bytes) or not (hasattr(values, "tolist") or isinstance(values, Iterable)):
        raise RationalError(
            f"expected a point, a sequence of numbers, found {type(values).__name__} {_shown_value(values)}"
        )
    # The entries of arrays as numbers of Python: floats of any precision keep their value.
    listed = values.tolist() if hasattr(values, "tolist") else values
    if not isinstance(listed, Iterable):
        raise RationalError(f"expected a point, a sequence of numbers, found the single number {listed!r}")
    return tuple(rational(value) for value in listed)


def listed(values: Any, expected: str) -> list[Any]:
    """The entries of a sequence or an array; for what has none an error that begins with what is expected.

    >>> listed(3, "bounds: expected pairs")
    Traceback (most recent call last):
    verishallow.errors.RationalError: bounds: expected pairs, found int 3
    """
    try:
        if not isinstance(values, str | bytes):
            return list(values)
    except TypeError:  # not iterable, or an array without dimensions
        pass
    raise RationalError(f"{expected}, found {type(values).__name__} {_shown_value(values)}")


def rows_of(values: Any) -> list[Any] | None:
    """The points in a batch, an array or sequence of points; ``None`` for a single point.

    >>> rows_of([[0, 1], ["1/2", 3]]), rows_of([0, 1])
    ([[0, 1], ['1/2', 3]], None)
    """
    if hasattr(values, "ndim"):
        return list(values) if values.ndim == 2 else None
    if isinstance(values, list | tuple) and values and not isinstance(values[0], str):
        return list(values) if isinstance(values[0], list | tuple) or getattr(values[0], "ndim", 0) == 1 else None
    return None


def parse_rational(text: str) -> mpq:
    """The rational that a text spells: "p/q", an integer, or a decimal with an optional exponent, all exact.

    A sign may be "+", and a point may be the first or the last of a decimal, as most formats' own readers have it.

    >>> parse_rational("1e-3"), parse_rational("+.5"), parse_rational("1.e2")
    (mpq(1,1000), mpq(1,2), mpq(100,1))
    """
    stripped = text.strip()
    if match := _FRACTION.fullmatch(stripped):
        return _fraction(text, match)
    if match := _DECIMAL.fullmatch(stripped):
        return _decimal(text, match)
    raise RationalError(f"expected a rational such as -3/4 or an exact decimal such as 0.25, found {_shown(text)}")


def format_rational(value: mpq) -> str:
    """The canonical text of a rational: lowest terms, no sign on the denominator, "/1" left out.

    >>> format_rational(mpq(-6, 4)), format_rational(mpq(2))
    ('-3/2', '2')
    """
    return str(value)


def point_text(values: Iterable[mpq]) -> str:
    """A point or vector as text for messages.

    >>> point_text([mpq(1, 2), mpq(-3)])
    '(1/2, -3)'
    """
    return f"({', '.join(map(format_rational, values))})"


def counted(number: int, one: str, several: str | None = None) -> str:
    """A number with its noun, in the plural where it needs that; by default the plural ends in s.

    >>> counted(1, "leaf", "leaves"), counted(0, "leaf", "leaves"), counted(2, "region")
    ('1 leaf', '0 leaves', '2 regions')
    """
    return f"{number} {one if number == 1 else several or f'{one}s'}"


LONGEST = 120
"""Characters of a text that is shown in one line."""


def clipped(text: str) -> str:
    """The beginning of a text.

    >>> len(clipped("1" * 1000))
    121
    """
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\N{HORIZONTAL ELLIPSIS}"


def nearest_decimal(value: mpq, places: int) -> str:
    """The nearest decimal with this many places, at least one; of two the greater.

    >>> nearest_decimal(mpq(-1, 3), 3), nearest_decimal(mpq(5), 1)
    ('-0.333', '5.0')
    """
    scaled = (2 * value * 10**places + 1) // 2
    sign, size = "-" if scaled < 0 else "", abs(scaled)
    return f"{sign}{size // 10**places}.{size % 10**places:0{places}d}"


def from_float(value: float) -> mpq:
    """The rational that is exactly equal to a finite float.

    Raises :class:`~verishallow.errors.RationalError` for infinities and NaN.

    >>> from_float(0.5)
    mpq(1,2)
    """
    try:
        numerator, denominator = value.as_integer_ratio()
    except (OverflowError, ValueError) as error:
        raise RationalError(f"expected a finite number, found {value}") from error
    return mpq(int(numerator), int(denominator))


def _fraction(text: str, match: re.Match[str]) -> mpq:
    numerator, denominator = match.groups()
    _require_digits(text, len(numerator.lstrip("+-")), len(denominator))
    if int(denominator) == 0:
        raise RationalError(f"the denominator of {_shown(text)} is zero")
    return mpq(int(numerator), int(denominator))


def _decimal(text: str, match: re.Match[str]) -> mpq:
    sign, whole, fractional, exponent = match.groups()
    digits, shift = (whole + (fractional or "")).lstrip("0") or "0", int(exponent or 0) - len(fractional or "")
    _require_digits(text, len(digits) + max(shift, 0), 1 + max(-shift, 0))
    magnitude = mpq(int(digits)) * mpz(10) ** shift if shift >= 0 else mpq(int(digits), mpz(10) ** -shift)
    return -magnitude if sign == "-" else magnitude


def _require_digits(text: str, *digits: int) -> None:
    if max(digits) > MAX_DIGITS:
        raise RationalError(f"{_shown(text)} needs more than {MAX_DIGITS} digits")


def _shown_value(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


@dataclass(frozen=True, slots=True)
class ExtendedRational:
    """An element of the extended rationals: a rational, or plus or minus infinity.

    The usual conventions hold: ``0 * inf = 0``, ``finite + (-inf) = -inf``, ``ReLU(-inf) = 0``;
    ``inf - inf`` raises :class:`~verishallow.errors.UndefinedArithmeticError`.

    >>> ExtendedRational.of("-inf") + ExtendedRational.of("7/2")
    ExtendedRational.of('-inf')
    >>> ExtendedRational.of("-inf") * ExtendedRational.of(0)
    ExtendedRational.of('0')
    """

    finite: mpq
    infinite: int = 0
    """-1, 0 or 1: the sign of an infinity, 0 for a finite number."""

    def __post_init__(self) -> None:
        if self.infinite not in (-1, 0, 1) or (self.infinite and self.finite):
            raise RationalError(
                f"an extended rational is finite or one signed infinity, found {self.finite, self.infinite}"
            )

    @classmethod
    def of(cls, value: Any) -> Self:
        """The extended rational that a number or a text ("inf" and "-inf" included) denotes."""
        if isinstance(value, cls):
            return value
        if value in ("inf", "-inf"):
            return cls(mpq(0), 1 if value == "inf" else -1)
        return cls(rational(value))

    def __add__(self, other: Self) -> "ExtendedRational":
        if self.infinite and other.infinite and self.infinite != other.infinite:
            raise UndefinedArithmeticError("inf - inf is undefined in the extended rationals")
        if self.infinite or other.infinite:
            return ExtendedRational(mpq(0), self.infinite or other.infinite)
        return ExtendedRational(self.finite + other.finite)

    def __mul__(self, other: Self) -> "ExtendedRational":
        if not self.infinite and not other.infinite:
            return ExtendedRational(self.finite * other.finite)
        return ExtendedRational(mpq(0), self.sign() * other.sign())

    def sign(self) -> int:
        """-1, 0 or 1."""
        return self.infinite or (self.finite > 0) - (self.finite < 0)

    def relu(self) -> "ExtendedRational":
        """``max(self, 0)``."""
        return self if self.sign() > 0 else ExtendedRational(mpq(0))

    def __str__(self) -> str:
        return {-1: "-inf", 0: format_rational(self.finite), 1: "inf"}[self.infinite]

    def __repr__(self) -> str:
        return f"ExtendedRational.of('{self}')"


NEGATIVE_INFINITY = ExtendedRational(mpq(0), -1)
