"""Fans of vertices: terms with the kinks of a function, and no more of them than its vertices and edges need."""

from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import points, problems
from verishallow.affine import AffineForm
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import vector
from verishallow.regions.kinks import Kink, kinks
from verishallow.shallow.terms import SumOfTerms, Term, map_near, pattern_near, sum_of
from verishallow.shallow.vertex_fans import terms_of_kinks

Problem = tuple[ReLUNetwork, Polyhedron]
PLANE = Polyhedron.whole_space(2)

CROSS = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, 2]], [3])])
CORNER = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])
PYRAMID = ReLUNetwork.of([([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]), ([[-1, -1, -1, -1]], [1]), ([[1]], [0])])
"""``max(0, 1 - |x0| - |x1|)``: a top, and four corners."""


def function_of(network: ReLUNetwork, domain: Polyhedron) -> SumOfTerms:
    return sum_of(network, terms_of_kinks(kinks(network, domain), domain), domain)


@given(problems(7).filter(lambda problem: problem[0].inputs < 3), st.data())
@settings(max_examples=80, deadline=None)
def test_the_terms_are_the_function(problem: Problem, data: Any) -> None:
    network, domain = problem
    function, shape = function_of(network, domain), function_of(network, domain).network
    tried = [point for point in data.draw(st.lists(points(network.inputs), max_size=8)) if domain.contains(point)]
    for point in tried:
        assert tuple(function(point)) == tuple(network(point)) == tuple(shape(point)) == tuple(shape.network(point))


@given(problems(7).filter(lambda problem: problem[0].inputs < 3))
@settings(max_examples=40, deadline=None)
def test_terms_may_be_turned(problem: Problem) -> None:
    network, domain = problem
    point, function = domain.interior_point(), function_of(network, domain)
    turned = tuple(term.turned(point) for term in function.terms)
    rest = sum_of(network, turned, domain)
    assert rest.affine == map_near(network, point)
    assert all(len(one.forms) == len(other.forms) for one, other in zip(function.terms, turned, strict=True))
    assert rest([mpq(5, 3)] * network.inputs) == function([mpq(5, 3)] * network.inputs)


@given(problems(6).filter(lambda problem: problem[0].inputs == 2))
@settings(max_examples=40, deadline=None)
def test_there_are_no_more_terms_than_ends_of_kinks_need(problem: Problem) -> None:
    network, domain = problem
    found = kinks(network, domain)
    # Two ends of a kink are two tripods at most, each with a line for its vertex, and an edge may begin with a line.
    assert len(terms_of_kinks(found, domain)) <= 5 * len(found)


@pytest.mark.parametrize(
    ("network", "domain", "tripods", "lines"),
    [
        (CROSS, PLANE, 0, 2),
        (CORNER, PLANE, 1, 1),
        (PYRAMID, PLANE, 8, 2),
        (PYRAMID, Polyhedron.box([(-1, 1), (-1, 1)]), 0, 6),
        (CORNER, Polyhedron.box([(0, 1), (-1, 1)]), 0, 2),
        (CORNER, Polyhedron.box([(0, 1), (0, 1)]), 0, 1),
        (CORNER, Polyhedron.box([(1, 2), (-3, 3)]), 0, 2),
    ],
)
def test_terms_of_small_networks(network: ReLUNetwork, domain: Polyhedron, tripods: int, lines: int) -> None:
    terms = terms_of_kinks(kinks(network, domain), domain)
    counted = [sum(len(term.forms) == size for term in terms) for size in (2, 1)]
    assert counted == [tripods, lines]


def test_a_line_through_vertices_of_others_is_one_term() -> None:
    crossing = ReLUNetwork.of([([[1, 0], [0, 1], [1, 1]], [0, 0, -1]), ([[1, 1, 1]], [0])])
    assert len(terms_of_kinks(kinks(crossing, PLANE), PLANE)) == 3


def test_vertical_rays_and_tall_normals() -> None:
    plane = AffineForm.of([1, 2, 0])
    jump = ReLUNetwork.of([([[2, 0]], [1])]).affine_map_for(())
    up = Kink(plane, (vector([1, "-1/2", 3]), vector([0, 0, 1])), jump)
    assert [term.weight for term in terms_of_kinks([up], PLANE)] == []
    # One ray alone is no kink of a function: its vertex is not balanced, and what is left of it is nothing.
    level = Kink(AffineForm.of([-3, 0, 1]), (vector([1, 0, 3]), vector([0, -1, 0])), jump)
    assert len(terms_of_kinks([level], PLANE)) <= 1


def test_terms_and_patterns_off_a_point() -> None:
    assert pattern_near(CORNER, [0, 0]) == ((True, True), (True,))
    assert pattern_near(CORNER, [0, 0], vector([-1, 5])) == ((False, True), (False,))
    term = Term((AffineForm.of([0, 1, 0]), AffineForm.of([0, 0, 1])), vector([2]))
    assert term.at([3, 5]) == (10,)
    assert term.turned(vector([3, 5])).at([3, 5]) == (0,)
