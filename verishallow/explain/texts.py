"""Affine forms as texts: formulas, and half-spaces as rules, with the names of features."""

from collections.abc import Callable, Sequence

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.rationals import Vector, format_rational

Spelling = Callable[[mpq], str]
"""How a number is written: exactly, or rounded and marked so."""


def sum_text(coefficients: Vector, names: Sequence[str], number: Spelling = format_rational) -> str:
    """A linear combination of named features; "0" where nothing is left.

    >>> sum_text((mpq(1), mpq(0), mpq(-2)), ["age", "height", "income"])
    'age - 2*income'
    """
    text = ""
    for a, name in zip(coefficients, names, strict=True):
        if a:
            term = name if abs(a) == 1 else f"{number(abs(a))}*{name}"
            sign = "-" if a < 0 else "+"
            text += f" {sign} {term}" if text else f"-{term}" if a < 0 else term
    return text or "0"


def formula_text(form: AffineForm, names: Sequence[str], number: Spelling = format_rational) -> str:
    """An affine form: the constant, then the features.

    >>> formula_text(AffineForm.of(["1/2", -1]), ["age"])
    '1/2 - age'
    """
    linear = sum_text(form.linear, names, number)
    if linear == "0" or not form.constant:
        return linear if form.constant == 0 else number(form.constant)
    return f"{number(form.constant)} {'- ' + linear[1:] if linear.startswith('-') else '+ ' + linear}"


def rule_text(form: AffineForm, names: Sequence[str], number: Spelling = format_rational, sign: str = ">=") -> str:
    """The half-space where a form is non-negative (or, by ``sign``, vanishes: "=") as a rule about the features.

    A rule about one feature bounds it; in others the first feature has a positive coefficient.

    >>> rule_text(AffineForm.of([3, -2]), ["age"]), rule_text(AffineForm.of([3, -2, 1]), ["age", "income"])
    ('age <= 3/2', '2*age - income <= 3')
    """
    first = next((a for a in form.linear if a), mpq(1))
    scale = first if sum(map(bool, form.linear)) == 1 else mpq(1 if first > 0 else -1)
    scaled = form.scaled(1 / scale)
    turned = {">=": "<=", ">": "<", "=": "="}[sign] if scale < 0 else sign
    return f"{sum_text(scaled.linear, names, number)} {turned} {number(-scaled.constant)}"


def largest_one(form: AffineForm) -> AffineForm:
    """The positive multiple whose largest coefficient is 1, for rounded texts; a constant form is left alone.

    >>> largest_one(AffineForm.of([3, -2, 1]))
    AffineForm(3/2 - x0 + 1/2*x1)
    """
    size = max(map(abs, form.linear))
    return form.scaled(1 / size) if size else form
