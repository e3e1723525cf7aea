"""Exact numbers in and out: what is read, what is refused, and how it is spelled."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq, mpz
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import rationals, wide_rationals
from verishallow.errors import InputError, RationalError
from verishallow.rationals import (
    MAX_DIGITS,
    ExtendedRational,
    format_rational,
    from_float,
    parse_rational,
    rational,
    rows_of,
    vector,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, mpq(0)),
        (-3, mpq(-3)),
        (Fraction(6, -4), mpq(-3, 2)),
        (mpq(2, 4), mpq(1, 2)),
        (mpz(5), mpq(5)),
        ("7", mpq(7)),
        ("-3/4", mpq(-3, 4)),
        ("2/4", mpq(1, 2)),
        ("007", mpq(7)),
        ("-0", mpq(0)),
        (" 1/2 ", mpq(1, 2)),
        ("0.1", mpq(1, 10)),
        ("-0.50", mpq(-1, 2)),
        ("1e-3", mpq(1, 1000)),
        ("25E2", mpq(2500)),
        ("1.5e+1", mpq(15)),
        ("-0.25e1", mpq(-5, 2)),
        ("+2", mpq(2)),
        ("+2/4", mpq(1, 2)),
        ("1.", mpq(1)),
        ("-1.", mpq(-1)),
        (".5", mpq(1, 2)),
        ("+.5", mpq(1, 2)),
        ("-.5", mpq(-1, 2)),
        ("1.e-3", mpq(1, 1000)),
        (".5E+1", mpq(5)),
    ],
)
def test_exact_numbers_are_read(value: Any, expected: mpq) -> None:
    read = rational(value)
    assert read == expected
    assert type(read) is type(mpq())


@pytest.mark.parametrize(
    ("value", "fragment"),
    [
        (float("nan"), "expected a finite number, found nan"),
        (float("-inf"), "expected a finite number, found -inf"),
        (np.float32("inf"), "expected a finite number, found inf"),
        (np.array([1.0]), "expected a number (int, float, Fraction, mpq, or a text like '1/10'), found ndarray"),
        (True, "found bool True"),
        (None, "found NoneType None"),
        (1j, "found complex 1j"),
        (b"1", "found bytes b'1'"),
        ("", "expected a rational such as -3/4 or an exact decimal such as 0.25, found ''"),
        ("+", "found '+'"),
        (".", "found '.'"),
        ("-.", "found '-.'"),
        (".e5", "found '.e5'"),
        ("1..", "found '1..'"),
        ("1.5.", "found '1.5.'"),
        ("+-1", "found '+-1'"),
        ("1/+2", "found '1/+2'"),
        ("1./2", "found '1./2'"),
        ("1e", "found '1e'"),
        ("1.e99999", "'1.e99999' needs more than 4000 digits"),
        (".1e-99999", "'.1e-99999' needs more than 4000 digits"),
        ("1_0", "found '1_0'"),
        ("1 / 2", "found '1 / 2'"),
        ("1/-2", "found '1/-2'"),
        ("1/2/3", "found '1/2/3'"),
        ("0x10", "found '0x10'"),
        ("1.5/2", "found '1.5/2'"),
        ("nan", "found 'nan'"),
        ("inf", "found 'inf'"),
        ("٣", "found '٣'"),
        ("1\n2", "found '1\\n2'"),
        ("1/0", "the denominator of '1/0' is zero"),
        ("0/000", "the denominator of '0/000' is zero"),
        ("1e99999", "'1e99999' needs more than 4000 digits"),
        ("1e-99999", "'1e-99999' needs more than 4000 digits"),
        ("1e5000000", "found '1e5000000'"),
        ("x" * 60, "found '" + "x" * 37 + "...'"),
    ],
)
def test_all_else_is_refused_in_one_line(value: Any, fragment: str) -> None:
    with pytest.raises(RationalError) as caught:
        rational(value)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_rational_error_is_an_input_error_and_a_value_error() -> None:
    assert issubclass(RationalError, InputError)
    assert issubclass(RationalError, ValueError)


@pytest.mark.parametrize("spelled", ["{}", "-{}", "1/{}", "{}/7", "-{}/7"])
def test_the_limit_of_digits_is_sharp(spelled: str) -> None:
    longest = spelled.format("9" * MAX_DIGITS)
    assert rational(longest) == mpq(*map(mpz, longest.split("/")))
    with pytest.raises(RationalError, match="needs more than 4000 digits"):
        rational(spelled.format("9" * (MAX_DIGITS + 1)))


@pytest.mark.parametrize(
    ("allowed", "refused"), [("1e3999", "1e4000"), ("1e-3999", "1e-4000"), ("0.1e4000", "0.1e4001")]
)
def test_an_exponent_counts_by_the_digits_it_spells(allowed: str, refused: str) -> None:
    exponent = int(allowed.partition("e")[2])
    base = parse_rational(allowed.partition("e")[0])
    assert parse_rational(allowed) == base * mpq(10) ** exponent
    with pytest.raises(RationalError, match="digits"):
        parse_rational(refused)


@given(st.one_of(rationals, wide_rationals))
def test_what_is_written_is_read_again(value: mpq) -> None:
    text = format_rational(value)
    assert parse_rational(text) == value
    assert format_rational(parse_rational(text)) == text
    assert not text.endswith("/1")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_decimals_are_exact(value: Any) -> None:
    numerator, denominator = value.as_integer_ratio()
    assert parse_rational(str(value)) == mpq(numerator, denominator)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_binary_rational_that_it_is(value: float) -> None:
    exact = from_float(value)
    assert Fraction(int(exact.numerator), int(exact.denominator)) == Fraction(value)


def test_one_tenth_is_not_the_float() -> None:
    assert from_float(0.1) == mpq(3602879701896397, 36028797018963968)
    assert rational("0.1") == mpq(1, 10)


def test_a_vector_is_a_tuple_of_rationals() -> None:
    assert vector(["1/2", 3, Fraction(1, 3)]) == (mpq(1, 2), mpq(3), mpq(1, 3))
    assert vector([1, 0.5]) == (mpq(1), mpq(1, 2))
    assert vector(np.array([0.1, -3])) == (from_float(0.1), mpq(-3))


@pytest.mark.parametrize("values", ["1,2", 3, 0.5, None, np.float64(1), np.array(2.0)])
def test_a_vector_is_a_sequence(values: Any) -> None:
    with pytest.raises(RationalError, match="expected a point, a sequence of numbers"):
        vector(values)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1, from_float(0.1)),
        (np.float32(0.1), mpq(13421773, 134217728)),
        (np.float16(0.5), mpq(1, 2)),
        (np.longdouble(0.25), mpq(1, 4)),
        (np.int8(-3), mpq(-3)),
        (np.array(0.75), mpq(3, 4)),
        (Decimal("0.1"), mpq(1, 10)),
    ],
)
def test_floats_of_every_kind_are_the_rationals_that_they_are(value: Any, expected: mpq) -> None:
    assert rational(value) == expected
    assert type(rational(value)) is type(mpq())


def test_batches_are_told_from_points() -> None:
    assert rows_of([1, 2]) is rows_of(["1/2", 3]) is rows_of(()) is rows_of(np.zeros(3)) is None
    assert rows_of([[1], (2,)]) == [[1], (2,)]
    assert [row.tolist() for row in rows_of(np.eye(2)) or ()] == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("value", "shown", "sign"),
    [("inf", "inf", 1), ("-inf", "-inf", -1), ("-3/6", "-1/2", -1), (0, "0", 0), (mpq(7, 2), "7/2", 1)],
)
def test_extended_rationals_are_read_and_shown(value: Any, shown: str, sign: int) -> None:
    read = ExtendedRational.of(value)
    assert (str(read), read.sign()) == (shown, sign)
    assert repr(read) == f"ExtendedRational.of('{shown}')"
    assert ExtendedRational.of(read) is read


@pytest.mark.parametrize(("finite", "infinite"), [(1, 1), (-2, -1), (0, 2), (0, -7)])
def test_an_extended_rational_is_finite_or_one_infinity(finite: int, infinite: int) -> None:
    with pytest.raises(RationalError, match="finite or one signed infinity"):
        ExtendedRational(mpq(finite), infinite)
