"""The arithmetic of the fast checker: rows packed into one integer, and rationals in their canonical spelling."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verishallow import checker
from verishallow.fast_checker.farkas import DoubtError, Packing, Sizes, positive, rational


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=6))
def test_packing_loses_nothing(row: list[int]) -> None:
    packing = Packing(len(row), Sizes(40, 8))
    assert packing.row(packing.packed(row)) == tuple(row)
    assert packing.row(-packing.packed(row)) == tuple(-a for a in row)


@pytest.mark.parametrize("text", ["0", "1", "-1", "17", "1/2", "-3/2", "10/7", "1/10"])
def test_canonical_rationals_are_read(text: str) -> None:
    assert rational(text) == checker.rational(text)
    assert Fraction(text) <= 0 or positive(text) == checker.rational(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "/", "01", "-0", "-01", "1/", "/1", "1/1", "1/0", "0/1", "0/2", "2/4", "1/02", "1/-2", "--1", "1/2/3"],
)
def test_other_spellings_are_doubted(text: str) -> None:
    for read in (rational, positive):
        with pytest.raises((DoubtError, ValueError)):
            read(text)


@pytest.mark.parametrize(
    "text", ["1e3", "1e999999999", "1.0", " 1", "1_0", "+1", "\u0661", "1/\u0662", "9" * 4001, "9" * 5000]
)
def test_witnesses_spelled_otherwise_are_doubted(text: str) -> None:
    with pytest.raises((DoubtError, ValueError)):
        rational(text)
