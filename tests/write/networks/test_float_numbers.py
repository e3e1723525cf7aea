"""Rationals rounded to nearest, and rounded up."""

from fractions import Fraction

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import wide_rationals
from verishallow.errors import LimitError
from verishallow.rationals import from_float
from verishallow.write.networks.float_numbers import LEAST_BOUND, is_float, nearest_float, rounded_up, rounding_of


@given(wide_rationals)
def test_to_nearest(value: mpq) -> None:
    assert nearest_float(value) == float(Fraction(int(value.numerator), int(value.denominator)))
    assert is_float(value) == (from_float(nearest_float(value)) == value)


@given(st.floats(allow_nan=False, allow_infinity=False, max_value=1e300, min_value=-1e300))
def test_a_float_is_one(value: float) -> None:
    assert is_float(from_float(value))
    assert rounding_of(from_float(value)) == 0


@given(wide_rationals, st.integers(-800, 900))
def test_rounded_up_is_a_short_float_above(value: mpq, exponent: int) -> None:
    bound = abs(value) * mpq(2) ** exponent
    found = rounded_up(bound)
    assert bound <= found <= max(bound * (1 + mpq(1, 2**22)), LEAST_BOUND)
    assert is_float(found)
    assert is_float(2 * found)


def test_nothing_stays_nothing() -> None:
    assert rounded_up(mpq(0)) == 0
    assert rounded_up(mpq(1, 10**400)) == LEAST_BOUND


@pytest.mark.parametrize("sign", [1, -1])
def test_numbers_beyond_the_largest_float_are_refused(sign: int) -> None:
    assert nearest_float(mpq(sign * 10**308)) == sign * 1e308
    assert not is_float(mpq(sign * 10**400))
    with pytest.raises(LimitError, match="a number of 310 digits is beyond float64"):
        nearest_float(mpq(sign * 10**309))
