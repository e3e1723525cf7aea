"""Rules and formulas in words."""

import re

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import forms, points
from verishallow.affine import AffineForm
from verishallow.explain.texts import formula_text, largest_one, rule_text, sum_text

NAMES = ("age", "income", "height")


def value_of(text: str, point: tuple[mpq, ...]) -> mpq:
    """A sum of products, read as a person would."""
    exact = re.sub(r"\d+(/\d+)?", lambda number: f"mpq('{number[0]}')", text)
    return eval(exact, {"mpq": mpq, **dict(zip(NAMES, point, strict=False))})  # noqa: S307 - a text of our own


@given(st.integers(1, 3).flatmap(lambda n: st.tuples(forms(n), points(n))))
def test_texts_mean_what_they_are_made_of(pair: tuple[AffineForm, tuple[mpq, ...]]) -> None:
    form, point = pair
    names = NAMES[: form.dimension]
    assert value_of(formula_text(form, names), point) == form(point)
    for sign, holds in ((">=", form(point) >= 0), (">", form(point) > 0), ("=", form(point) == 0)):
        left, relation, right = re.split(r" (<=|>=|<|>|=) ", rule_text(form, names, sign=sign))
        one, other = value_of(left, point), value_of(right, point)
        truth = {"<=": one <= other, ">=": one >= other, "<": one < other, ">": one > other, "=": one == other}
        assert truth[relation] == holds


@pytest.mark.parametrize(
    ("row", "rule", "formula"),
    [
        ([0, 1], "age >= 0", "age"),
        ([3, -2], "age <= 3/2", "3 - 2*age"),
        ([-1, "1/2"], "age >= 2", "-1 + 1/2*age"),
        ([3, -2, 1], "2*age - income <= 3", "3 - 2*age + income"),
        ([0, 0, -1], "income <= 0", "-income"),
        ([1, 0], "0 >= -1", "1"),
        ([0, 0], "0 >= 0", "0"),
    ],
)
def test_spellings(row: list[object], rule: str, formula: str) -> None:
    form = AffineForm.of(row)
    assert rule_text(form, NAMES[: form.dimension]) == rule
    assert formula_text(form, NAMES[: form.dimension]) == formula


def test_other_spellings_of_numbers() -> None:
    assert sum_text((mpq(1, 3), mpq(-1)), ("a", "b"), lambda x: f"~{float(x):.2f}") == "~0.33*a - b"


def test_the_largest_coefficient_becomes_one() -> None:
    assert largest_one(AffineForm.of([6, -4, 2])) == AffineForm.of(["3/2", -1, "1/2"])
    assert largest_one(AffineForm.of([6, 0])) == AffineForm.of([6, 0])
