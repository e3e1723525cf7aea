"""Decisions as integers against the rationals that they stand for, and both spelled alike."""

from collections.abc import Iterable

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from verishallow.errors import LimitError
from verishallow.farkas import FarkasCertificate
from verishallow.rationals import MAX_DIGITS
from verishallow.records.spelling import spelled_decisions
from verishallow.regions.cell_tree import Decision
from verishallow.regions.decisions import IntegerDecision, IntegerDecisions

sizes = st.integers(0, 50) | st.integers(0, 10**60)


@st.composite
def integer_decisions(draw: st.DrawFn) -> IntegerDecision:
    """Multipliers with a common sign, over a denominator with which they have divisors in common."""
    numbers = draw(st.lists(st.integers(0, 9), unique=True, max_size=4).map(sorted))
    factor, sign = draw(st.integers(1, 12)), draw(st.sampled_from([-1, 1]))
    values = [sign * factor * draw(sizes) for _ in numbers]
    return draw(st.integers(0, 99)), numbers, values, factor * draw(st.integers(1, 10**30))


def reason(pairs: Iterable[tuple[int, int]], denominator: int) -> FarkasCertificate:
    return FarkasCertificate(tuple((i, mpq(abs(a), denominator)) for i, a in pairs if a))


@given(st.lists(integer_decisions(), max_size=4))
def test_integers_stand_for_rationals(drawn: list[IntegerDecision]) -> None:
    found = IntegerDecisions()
    for decision in drawn:
        found.add(decision)
    expected = [
        Decision(
            neuron, FarkasCertificate(tuple((i, mpq(abs(a), d)) for i, a in zip(numbers, values, strict=True) if a))
        )
        for neuron, numbers, values, d in drawn
    ]
    assert (list(found), found[:2], len(found), bool(found)) == (expected, expected[:2], len(drawn), bool(drawn))
    assert [found[i] for i in range(len(found))] == expected
    assert spelled_decisions(found) == spelled_decisions(expected)


@given(st.lists(st.tuples(st.integers(0, 9), st.fractions(min_value=0, max_value=9).filter(bool)), max_size=3))
def test_rational_reasons_are_kept(pairs: list[tuple[int, object]]) -> None:
    kept = FarkasCertificate(tuple((number, mpq(value)) for number, value in pairs))
    found = IntegerDecisions()
    found.add_reason(3, kept)
    assert list(found) == [Decision(3, kept)]


@pytest.mark.parametrize("digits", [MAX_DIGITS, MAX_DIGITS + 1, 2 * MAX_DIGITS])
def test_the_limit_of_digits(digits: int) -> None:
    value = 10 ** (digits - 1)
    exact = [Decision(0, FarkasCertificate(((1, mpq(3)), (2, mpq(value)))))]
    found = IntegerDecisions()
    found.add((0, (1, 2), (21, 7 * value), 7))
    if digits <= MAX_DIGITS:
        assert spelled_decisions(found) == spelled_decisions(exact) == f'[[0,[[1,"3"],[2,"{value}"]]]]'
        return
    for decisions in (found, exact):
        with pytest.raises(LimitError, match="more than the format's 4000 digits"):
            spelled_decisions(decisions)
