"""Short tables for the terminal."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gmpy2 import mpq

from verishallow.rationals import format_rational

LONGEST = 40
"""A text of six digits is longer only if its exponent is huge; then it is marked as rounded without a comparison."""


def facts_table(facts: Mapping[str, Any]) -> str:
    """Two aligned columns, one fact per line; facts without a value are left out.

    >>> print(facts_table({"regions": 2, "time": None, "boundary": "exact"}))
      regions   2
      boundary  exact
    """
    shown = {name: value for name, value in facts.items() if value is not None}
    width = max(map(len, shown), default=0)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in shown.items())


def columns_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns under their heads; columns of numbers to the right.

    >>> print(columns_table(("name", "regions"), [("iris", "34"), ("xor", "3")]))
    name  regions
    iris       34
    xor         3
    """
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [any(column[1:]) and all(_is_number(text) for text in column[1:] if text) for column in columns]
    return "\n".join(
        "  ".join(
            text.rjust(width) if numbers else text.ljust(width)
            for text, width, numbers in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in (heads, *rows)
    )


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def rounded(value: mpq) -> str:
    """A decimal of six significant digits, marked when it is rounded.

    >>> rounded(mpq(1, 4)), rounded(mpq(1, 3))
    ('0.25', '~0.333333')
    """
    text = f"{Decimal(int(value.numerator)) / Decimal(int(value.denominator)):.6g}"
    return text if len(text) < LONGEST and mpq(text) == value else f"~{text}"


def with_decimal(value: mpq) -> str:
    """An exact number, and a decimal beside it where that says more.

    >>> with_decimal(mpq(1, 3)), with_decimal(mpq(-2))
    ('1/3  ~0.333333', '-2')
    """
    exact = format_rational(value)
    return exact if value.denominator == 1 else f"{exact}  {rounded(value)}"
