"""Numbers and formulas in pictures: exact where short, else rounded and marked so."""

from collections.abc import Sequence
from decimal import Decimal

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.explain.texts import formula_text

LONGEST_EXACT = 6
"""Characters up to which a number is written exactly."""


def equation(name: str, form: AffineForm, features: Sequence[str]) -> str:
    """An output as an affine form of the features: exact where all numbers are short, else rounded and marked.

    >>> equation("y", AffineForm.of([1, "7/3"]), ["x"]), equation("y", AffineForm.of([1, "1/30003"]), ["x"])
    ('y = 1 + 7/3 x', 'y ≈ 1 + 3.33e-05 x')
    """
    exact = all(len(str(abs(a))) <= LONGEST_EXACT for a in form.row)
    text = formula_text(form, features, str if exact else _three_digits)
    return f"{name} {'=' if exact else '≈'} {text.replace('*', ' ').replace('-', '−').replace('e−', 'e-')}"


def _three_digits(value: mpq) -> str:
    return decimal_text(value, 3)


def decimal_text(value: mpq, digits: int = 6) -> str:
    """A decimal with this many significant digits, for numbers of any size.

    >>> decimal_text(mpq(1, 3)), decimal_text(mpq(10) ** 400)
    ('0.333333', '1.00000e+400')
    """
    quotient = Decimal(int(value.numerator)) / Decimal(int(value.denominator))
    return f"{float(quotient):.{digits}g}" if abs(quotient.adjusted()) < 300 else f"{quotient:.{digits - 1}e}"
