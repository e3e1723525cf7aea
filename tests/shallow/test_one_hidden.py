"""One hidden layer: the least number of neurons, against all choices of sides, and what becomes of the affine part."""

from itertools import combinations, product

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import rationals
from verishallow.affine import AffineForm, AffineMap, plane_of
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import vector
from verishallow.shallow.one_hidden import OneHiddenLayer, one_hidden_layer
from verishallow.shallow.terms import SumOfTerms, Term

PLANES = [AffineForm.of(row) for row in ([0, 1, 0], [1, 0, 1], [0, 1, 1], [-1, 1, 2])]


def scalar(affine: list[object], *weights: object) -> SumOfTerms:
    """A function of two inputs: an affine form, and the first planes with these weights."""
    terms = [Term((plane,), vector([weight])) for plane, weight in zip(PLANES, weights, strict=False)]
    return SumOfTerms(AffineMap.of([affine]), tuple(terms))


def least_by_trying(function: SumOfTerms) -> int:
    """The least number of neurons of a scalar function on the plane, by trying the sides of all of them."""
    kinks = function.terms
    left = []
    for sides in product((0, 1), repeat=len(kinks)):
        row = list(function.affine.forms[0].linear)
        for term, turned in zip(kinks, sides, strict=True):
            row = [a + turned * term.weight[0] * b for a, b in zip(row, term.forms[0].linear, strict=True)]
        left.append(tuple(row))
    if any(not any(row) for row in left):
        return len(kinks)
    parallel = (row[0] * t.forms[0].linear[1] == row[1] * t.forms[0].linear[0] for row in left for t in kinks)
    return len(kinks) + (1 if any(parallel) else 2)


def values_agree(function: SumOfTerms, layer: OneHiddenLayer, points: list[tuple[mpq, ...]]) -> bool:
    return all(function(point) == layer.network(point) for point in points)


POINTS = [(mpq(a, 3), mpq(b, 2)) for a in (-7, -1, 0, 2, 5) for b in (-5, 0, 1, 4)]


@given(st.tuples(*[st.integers(-2, 2)] * 3), st.lists(st.sampled_from([-2, -1, 1, 2]), max_size=4))
@settings(max_examples=150, deadline=None)
def test_the_least_number_is_known_and_reached(affine: tuple[int, ...], weights: list[int]) -> None:
    function = scalar(list(affine), *weights)
    layer = one_hidden_layer(function, Polyhedron.whole_space(2))
    assert layer.least == (least_by_trying(function),) * 2 == (len(layer.terms),) * 2
    assert values_agree(function, layer, POINTS)


@given(st.tuples(*[rationals] * 3), st.lists(rationals.filter(bool), max_size=4))
@settings(max_examples=60, deadline=None)
def test_on_a_box_one_neuron_besides_is_enough(affine: tuple[mpq, ...], weights: list[mpq]) -> None:
    function = scalar(list(affine), *weights)
    layer = one_hidden_layer(function, Polyhedron.box([(-3, 2), (-3, 2)]))
    assert layer.least[0] == layer.least[1] <= len(weights) + 1
    assert values_agree(function, layer, [point for point in POINTS if max(point) <= 2 and min(point) >= -3])


@pytest.mark.parametrize(
    ("affine", "weights", "neurons"),
    [
        ([5, 0, 0], (), 0),
        ([5, 1, 0], (), 2),
        ([0, 0, 0], (1, 1), 2),
        ([0, -1, -1], (1, 1), 2),
        ([0, -1, 0], (1, 1), 2),
        ([0, 3, 0], (1, 1), 3),
        ([0, 1, 1], (1, 1), 4),
        ([0, 7, 1], (1,), 3),
        ([0, 7, 3], (1, 1), 4),
    ],
)
def test_neurons_of_small_functions(affine: list[object], weights: tuple[int, ...], neurons: int) -> None:
    layer = one_hidden_layer(scalar(affine, *weights), Polyhedron.whole_space(2))
    assert layer.least == (neurons, neurons)
    assert values_agree(scalar(affine, *weights), layer, POINTS)


def test_half_spaces_bound_some_forms() -> None:
    half = Polyhedron.of([[0, 1, 0]])
    assert len(one_hidden_layer(scalar([0, 3, 0], 1), half).terms) == 1 + 1
    assert one_hidden_layer(scalar([0, 0, 1], 1), half).least == (2, 3)


def test_outputs_share_neurons() -> None:
    planes = [Term((plane,), vector(weight)) for plane, weight in zip(PLANES, ([1, 2], [0, 3]), strict=False)]
    function = SumOfTerms(AffineMap.of([[0, 1, 0], [0, 2, 0]]), tuple(planes))
    layer = one_hidden_layer(function, Polyhedron.whole_space(2))
    assert layer.least == (3, 3)
    assert values_agree(function, layer, POINTS)


def test_many_neurons_are_not_searched() -> None:
    rows = [[number, 1, number + 1] for number in range(30)]
    terms = tuple(Term((AffineForm.of(row),), vector([1])) for row in rows)
    layer = one_hidden_layer(SumOfTerms(AffineMap.of([[0, 1, 7]]), terms), Polyhedron.whole_space(2))
    assert layer.least == (30, 31)


def test_no_two_neurons_have_one_place() -> None:
    layer = one_hidden_layer(scalar([0, 3, 0], 1, 1), Polyhedron.whole_space(2))
    forms = [term.forms[0] for term in layer.terms]
    assert len(set(forms)) == len(forms)
    assert all(plane_of(one) != plane_of(two) or one == -two for one, two in combinations(forms, 2))
