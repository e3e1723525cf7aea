"""Sparse affine expressions: their algebra against plain sums, in both ways, and their limits."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from verishallow.errors import LimitError
from verishallow.read.onnx import affine_rows
from verishallow.read.onnx.affine_rows import (
    AffineRows,
    SparseWeights,
    combined,
    constant_rows,
    exact_array,
    minus,
    plus,
    require_room,
    stacked,
    times,
    variable_rows,
)

VARIABLES = 4

rationals = st.fractions(min_value=-3, max_value=3, max_denominator=6).map(lambda q: mpq(q.numerator, q.denominator))
dense_rows = st.lists(
    st.lists(st.one_of(st.none(), rationals), min_size=VARIABLES + 1, max_size=VARIABLES + 1), min_size=1, max_size=4
)
"""Each row ``[b, a0, a1, ...]``, None where a variable is not read."""

Dense = Sequence[Sequence[mpq | None]]


def sparse(rows: Dense) -> AffineRows:
    lengths = [sum(entry is not None for entry in row[1:]) for row in rows]
    terms = [(variable, entry) for row in rows for variable, entry in enumerate(row[1:]) if entry is not None]
    return AffineRows(
        exact_array([row[0] or mpq(0) for row in rows]),
        np.cumsum([0, *lengths]),
        np.array([variable for variable, _ in terms], np.int64),
        exact_array([entry for _, entry in terms]),
    )


def values(rows: AffineRows, point: Sequence[mpq]) -> list[mpq]:
    starts = rows.starts.tolist()
    terms = [
        sum((rows.coefficients[t] * point[rows.variables[t]] for t in range(start, end)), mpq(0))
        for start, end in pairwise(starts)
    ]
    return [constant + term for constant, term in zip(rows.constants, terms, strict=True)]


def is_canonical(rows: AffineRows) -> bool:
    """Whether the variables of each row increase strictly."""
    same_row = np.diff(rows.row_of_term) == 0
    return bool((np.diff(rows.variables)[same_row] > 0).all()) and rows.starts[-1] == len(rows.coefficients)


POINT = [mpq(2, 3), mpq(-5), mpq(7, 11), mpq(1, 13)]


@settings(max_examples=40)
@given(dense_rows, st.data())
def test_sums_differences_and_multiples_are_those_of_the_values(first: Dense, data: st.DataObject) -> None:
    size = len(first)
    one = sparse(first)
    two = sparse(data.draw(st.permutations(first)))
    factors = exact_array(data.draw(st.lists(rationals, min_size=size, max_size=size)))
    a, b = values(one, POINT), values(two, POINT)
    assert values(plus(one, two), POINT) == [x + y for x, y in zip(a, b, strict=True)]
    assert values(minus(one, two), POINT) == [x - y for x, y in zip(a, b, strict=True)]
    assert values(times(one, factors), POINT) == [f * x for f, x in zip(factors, a, strict=True)]
    assert is_canonical(plus(one, two))


@settings(max_examples=40)
@given(dense_rows, dense_rows, st.data())
def test_rows_are_picked_stacked_and_replaced(first: Dense, second: Dense, data: st.DataObject) -> None:
    one, two = sparse(first), sparse(second)
    both = values(one, POINT) + values(two, POINT)
    assert values(stacked([one, two]), POINT) == both
    chosen = data.draw(st.lists(st.integers(0, len(both) - 1), max_size=6))
    picked = stacked([one, two]).picked(np.array(chosen, np.int64))
    assert values(picked, POINT) == [both[number] for number in chosen]
    place = data.draw(st.integers(0, len(first) - 1))
    replaced = one.replaced(np.array([place]), two.picked(np.array([0])))
    assert values(replaced, POINT) == [*both[:place], both[len(first)], *both[place + 1 : len(first)]]


@settings(max_examples=60)
@given(dense_rows, st.data(), st.sampled_from([0, 10**9]))
def test_a_linear_map_is_that_of_the_values_by_both_roads(rows: Dense, data: st.DataObject, dense: int) -> None:
    entry = st.one_of(st.none(), rationals)
    width = len(rows)
    matrix = data.draw(st.lists(st.lists(entry, min_size=width, max_size=width), min_size=1, max_size=4))
    places = [(i, k, a) for i, row in enumerate(matrix) for k, a in enumerate(row) if a is not None]
    weights = SparseWeights.of(len(matrix), [p[0] for p in places], [p[1] for p in places], [p[2] for p in places])
    given_rows = sparse(rows)
    before = values(given_rows, POINT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(affine_rows, "_DENSE", dense)
        result = combined(given_rows, weights)
    expected = [sum((a * v for a, v in zip(row, before, strict=True) if a is not None), mpq(0)) for row in matrix]
    assert values(result, POINT) == expected
    assert is_canonical(result)


@given(dense_rows)
def test_both_roads_read_the_same_variables(rows: Dense) -> None:
    given_rows = sparse(rows)
    count = len(rows)
    ones = SparseWeights.of(1, [0] * count, list(range(count)), [1] * count)
    results = []
    for dense in (0, 10**9):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(affine_rows, "_DENSE", dense)
            results.append(combined(given_rows, ones))
    assert results[0].variables.tolist() == results[1].variables.tolist()
    assert results[0].coefficients.tolist() == results[1].coefficients.tolist()


def test_a_weight_0_still_reads() -> None:
    rows = combined(variable_rows([0, 1]), SparseWeights.of(1, [0, 0], [0, 1], [0, 2]))
    assert rows.variables.tolist() == [0, 1]
    assert rows.without_zeros().variables.tolist() == [1]


def test_what_cancels_in_a_sum_is_dropped() -> None:
    rows = variable_rows([0, 1])
    assert minus(rows, rows).is_constant()
    zero = times(rows, exact_array([0, 0]))
    assert plus(zero, zero).variables.tolist() == [0, 1]


def test_what_cancels_in_a_map_is_still_read() -> None:
    rows = combined(variable_rows([0, 0]), SparseWeights.of(1, [0, 0], [0, 1], [1, -1]))
    assert (rows.variables.tolist(), rows.coefficients.tolist()) == ([0], [0])


def test_no_rows_are_rows() -> None:
    none = constant_rows([])
    assert (len(none), len(stacked([none, none])), len(plus(none, none)), none.is_constant()) == (0, 0, 0, True)


HUGE = mpq(3) ** 70_000


@pytest.mark.parametrize(
    ("number", "limit", "message"),
    [
        (Fraction(1, 3), 1, "bits together"),
        (HUGE, 2**32, "an exact entry needs 110949 bits, more than 100000"),
        (1 / HUGE, 2**32, "more than 100000"),
    ],
)
def test_numbers_that_grow_too_long_are_refused(
    number: mpq, limit: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(affine_rows, "MAX_BITS", limit)
    with pytest.raises(LimitError, match=message):
        times(constant_rows([mpq(number), mpq(5)]), exact_array([3, 7]))


def test_denominators_that_differ_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affine_rows, "_DENSE", 0)
    monkeypatch.setattr(affine_rows, "MAX_BITS", 10)
    with pytest.raises(LimitError, match="over one denominator need more than 10 bits together"):
        combined(variable_rows([0, 1]), SparseWeights.of(1, [0, 0], [0, 1], [mpq(1, 7), mpq(1, 1024)]))


def test_terms_are_bounded() -> None:
    require_room(2**23)
    with pytest.raises(LimitError, match="8388609 terms together, more than 8388608"):
        require_room(2**23 + 1)
