"""Affine forms and maps: rows, values, spellings, compositions."""

from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import forms, points, rationals
from verishallow.affine import AffineForm, AffineMap, plane_of, rank, side_of
from verishallow.rationals import vector

form_and_point = st.integers(1, 3).flatmap(lambda n: st.tuples(forms(n), points(n)))
two_forms_and_point = st.integers(1, 3).flatmap(lambda n: st.tuples(forms(n), forms(n), points(n)))
matrices = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.tuples(*[rationals] * columns), min_size=1, max_size=4),
)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ([0, 0], "0"),
        (["-1/2", 0, 0], "-1/2"),
        ([0, 1], "x0"),
        ([0, -1], "-x0"),
        ([1, "1/2", -1], "1 + 1/2*x0 - x1"),
        ([0, 0, "-3/2"], "-3/2*x1"),
        ([-1, 0, 0, 1], "-1 + x2"),
    ],
)
def test_a_form_is_shown_as_people_write_it(row: list[Any], shown: str) -> None:
    assert str(AffineForm.of(row)) == shown
    assert repr(AffineForm.of(row)) == f"AffineForm({shown})"


@pytest.mark.parametrize(
    ("row", "primitive", "plane", "side"),
    [
        ([2, 4, -6], [1, 2, -3], [1, 2, -3], 1),
        (["1/2", "-1/3"], [3, -2], [-3, 2], -1),
        ([0, 0, "-5/7"], [0, 0, -1], [0, 0, 1], -1),
        ([6, 0, 0], [1, 0, 0], [1, 0, 0], 0),
        (["-1/6", 0], [-1, 0], [-1, 0], 0),
        ([0, 0], [0, 0], [0, 0], 0),
    ],
)
def test_the_one_spelling_of_half_spaces_and_planes(
    row: list[Any], primitive: list[int], plane: list[int], side: int
) -> None:
    form = AffineForm.of(row)
    assert form.primitive() == AffineForm.of(primitive)
    assert plane_of(form) == AffineForm.of(plane)
    assert side_of(form) == side


@given(form_and_point, st.sampled_from([mpq(3), mpq(1, 7), mpq(-1, 7), mpq(-2)]))
def test_proportional_forms_share_their_plane(drawn: tuple[AffineForm, Any], factor: mpq) -> None:
    form, at = drawn
    assert form.primitive()(at) * form(at) >= 0
    if not form.is_constant():
        assert plane_of(form.scaled(factor)) == plane_of(form)
        assert side_of(form.scaled(factor)) == side_of(form) * (1 if factor > 0 else -1)
        assert (plane_of(form)(at) > 0) == (side_of(form) * form(at) > 0)


@given(two_forms_and_point, rationals)
def test_arithmetic_of_forms_is_arithmetic_of_values(drawn: tuple[AffineForm, AffineForm, Any], factor: mpq) -> None:
    one, other, at = drawn
    assert (one + other)(at) == one(at) + other(at)
    assert (one - other)(at) == one(at) - other(at)
    assert (-one)(at) == -one(at)
    assert one.scaled(factor)(at) == factor * one(at)


@given(form_and_point)
def test_a_value_is_the_constant_and_the_linear_part(drawn: tuple[AffineForm, Any]) -> None:
    form, at = drawn
    assert form(at) == form.constant + sum(a * x for a, x in zip(form.linear, at, strict=True))
    assert form.at_homogeneous((mpq(0), *at)) == form(at) - form.constant
    assert form.is_constant() == (form.primitive().linear == AffineForm.zero(form.dimension).linear)


def test_coordinates_and_zero() -> None:
    assert AffineForm.coordinate(1, 3) == AffineForm.of([0, 0, 1, 0])
    assert AffineForm.zero(2) == AffineForm.of([0, 0, 0])
    assert AffineMap.identity(2)(["1/2", 7]) == vector(["1/2", 7])


@pytest.mark.parametrize("point", [[], [1], [1, 2, 3]])
def test_a_point_of_another_dimension_is_no_point(point: list[int]) -> None:
    with pytest.raises(ValueError, match="zip"):
        AffineForm.of([1, 2, 3])(point)


@given(st.data())
def test_a_composition_is_the_composition(data: st.DataObject) -> None:
    n, middle, m = (data.draw(st.integers(1, 3)) for _ in range(3))
    inner = AffineMap(tuple(data.draw(forms(n)) for _ in range(middle)))
    weight = [data.draw(points(middle)) for _ in range(m)]
    bias, at = data.draw(points(m)), data.draw(points(n))
    expected = tuple(sum(w * v for w, v in zip(row, inner(at), strict=True)) for row in weight)
    assert inner.then(weight, bias)(at) == tuple(value + b for value, b in zip(expected, bias, strict=True))


def test_equal_maps_are_one_key() -> None:
    maps = {AffineMap.of([["1/2", 1]]), AffineMap.of([["2/4", "3/3"]]), AffineMap.of([["1/2", -1]])}
    assert len(maps) == 2


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], 0),
        ([[0, 0]], 0),
        ([[1, 2], [2, 4]], 1),
        ([["1/3", 0], [0, "1/7"]], 2),
        ([[1, 1, 0], [0, 1, 1], [1, 2, 1]], 2),
        ([[1], [2], [3]], 1),
    ],
)
def test_rank(rows: list[list[Any]], expected: int) -> None:
    assert rank([vector(row) for row in rows]) == expected


@given(matrices)
def test_rank_is_the_number_of_pivots(rows: list[Any]) -> None:
    assert rank(rows) == _pivots([list(row) for row in rows])


def _pivots(rows: list[list[mpq]]) -> int:
    """Gaussian elimination, with nothing shared."""
    found = 0
    for column in range(len(rows[0])):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows = [[a - row[column] / pivot[column] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        found += 1
    return found
