"""Facets without vertices, against facets from vertices."""

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES, each_example, example_leaves
from tests.strategies import polyhedra
from verishallow.affine import AffineForm
from verishallow.errors import DomainError
from verishallow.explain.facets import BoundaryFacet, closed_region, walls
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron


@each_example
def test_the_facets_of_every_region(name: str) -> None:
    example = EXAMPLES[name]
    for leaf in example_leaves(name):
        found = closed_region(walls(example.network, example.domain, leaf.pattern), leaf.witness)
        expected = {leaf.cell.constraints[number].primitive() for number in leaf.cell.facets}
        assert {wall.form for wall in found.facets} == expected
        assert all(wall.form(found.witness) > 0 for wall in found.facets)


@given(polyhedra(), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_the_facets_of_any_polyhedron_from_any_of_its_points(polyhedron: Polyhedron, corner: int) -> None:
    normalised = polyhedron.normalised()
    try:
        inside = normalised.interior_point()
    except DomainError:
        return
    vertices = normalised.v_representation.vertices
    start = vertices[corner % len(vertices)] if corner else inside
    found = closed_region([BoundaryFacet(form, (), ()) for form in normalised.inequalities], start)
    assert {wall.form for wall in found.facets} == {normalised.inequalities[i] for i in normalised.facets}
    assert normalised.contains_strictly(found.witness)


def test_a_wall_says_which_neurons_and_which_inequalities_it_is() -> None:
    network = ReLUNetwork.of([([[1, 0], [2, 0], [-1, 0]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    domain = Polyhedron.of([[5, -1, 0], [0, 3, 0], [0, 0, 1]])
    by_form = {str(wall.form): wall for wall in walls(network, domain, ((True, True, False),))}
    assert (by_form["x0"].neurons, by_form["x0"].of_domain) == (((1, 0), (1, 1), (1, 2)), (1,))
    assert (by_form["5 - x0"].neurons, by_form["5 - x0"].of_domain) == ((), (0,))


def test_many_inputs_cost_no_vertices() -> None:
    rng = np.random.default_rng(1)
    rows = rng.integers(-9, 10, (12, 60)).tolist()
    network = ReLUNetwork.of([(rows, [1] * 12), ([[1] * 12], [0])])
    point = (mpq(0),) * 60
    found = closed_region(walls(network, Polyhedron.whole_space(60), network.pattern_at(point)), point)
    assert len(found.facets) == 12


def test_a_point_outside_is_noticed() -> None:
    with pytest.raises(DomainError, match="empty"):
        closed_region([BoundaryFacet(AffineForm.of(row), (), ()) for row in ([0, 1], [-1, -1])], (mpq(0),))
