"""Facets, shared points, neighbours and boxes of regions, against the complex and against linear programs."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from gmpy2 import mpq
from hypothesis import given, settings

from tests.examples import EXAMPLES, each_example, example_certificate
from tests.strategies import polyhedra, problems
from tests.write.constructions import constructed
from verishallow.affine import AffineForm
from verishallow.claims.merge import Merged
from verishallow.errors import InputError, LimitError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import polyhedral_complex, prove
from verishallow.regions import region_shapes
from verishallow.regions.neighbours import meet_face_to_face, neighbours
from verishallow.regions.region import Region
from verishallow.regions.region_shapes import (
    containing_box,
    facets_of,
    region_numbered,
    require_vertices,
    shared_points,
)

WITH_COMPLEX = [
    name
    for name in EXAMPLES
    if name not in ("max of three", "residual block", "two regions with one map that meet only in a vertex")
]
"""The lattice engine needs first-layer neurons that leave no lines."""


@pytest.mark.parametrize("name", WITH_COMPLEX)
def test_points_and_neighbours_are_those_of_the_complex(name: str) -> None:
    regions = example_certificate(name).regions
    whole = polyhedral_complex(EXAMPLES[name].network, EXAMPLES[name].domain)
    shared = shared_points(regions)
    assert len(shared.points) == len(whole.points)
    assert shared.lines == whole.lines
    assert len(neighbours(regions, EXAMPLES[name].domain)) == len(whole.neighbours())
    assert meet_face_to_face(regions, EXAMPLES[name].domain)


@given(problems(most_neurons=6))
@settings(max_examples=25, deadline=None)
def test_neighbours_meet_in_dimension_n_minus_1(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    regions = prove(*problem).regions
    assert meet_face_to_face(regions, problem[1])
    assert {(pair.one, pair.other) for pair in neighbours(regions, problem[1])} == meeting(regions)


@given(problems(most_neurons=6))
@settings(max_examples=25, deadline=None)
def test_merged_pieces_may_share_parts_of_facets(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    pieces = prove(*problem, claim=Merged()).regions
    assert {(pair.one, pair.other) for pair in neighbours(pieces, problem[1])} == meeting(pieces)


def test_pieces_that_do_not_meet_face_to_face_are_noticed() -> None:
    certificate = constructed("residual block", "merge")
    assert not meet_face_to_face(certificate.regions, certificate.domain)
    assert {(pair.one, pair.other) for pair in neighbours(certificate.regions, certificate.domain)} == meeting(
        certificate.regions
    )


def test_regions_with_different_lines_share_no_points() -> None:
    with pytest.raises(InputError, match="different lines"):
        shared_points(
            [*example_certificate("max of two with skip reads").regions, *example_certificate("two outputs").regions]
        )


def meeting(regions: Sequence[Region]) -> set[tuple[int, int]]:
    """All pairs whose common part has one dimension less, by comparing all with all."""
    pairs = set()
    for (one, region), (other, second) in combinations(enumerate(regions), 2):
        both = (*region.polyhedron.inequalities, *second.polyhedron.inequalities)
        dimension = region.polyhedron.dimension
        if Polyhedron(dimension, both).affine_dimension() == dimension - 1:
            pairs.add((one, other))
    return pairs


@each_example
def test_cells_are_generated_by_their_points(name: str) -> None:
    regions = example_certificate(name).regions
    shared = shared_points(regions)
    for region, cell in zip(regions, shared.cells, strict=True):
        generators = region.v_representation
        assert len(cell) == len(generators.vertices) + len(generators.rays)
        for number in cell:
            assert all(
                sum(a * x for a, x in zip(form.row, shared.points[number], strict=True)) >= 0
                for form in region.polyhedron.inequalities
            )


@each_example
def test_facets_by_linear_programs_are_those_by_vertices(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    regions = example_certificate(name).regions
    by_vertices = [set(facets_of(region)) for region in regions]
    monkeypatch.setattr(region_shapes, "MOST_INPUTS", 0)
    assert [set(facets_of(region)) for region in regions] == by_vertices


@given(polyhedra())
@settings(max_examples=100, deadline=None)
def test_a_box_contains_what_is_bounded(polyhedron: Polyhedron) -> None:
    generators = polyhedron.v_representation
    if not generators.vertices:
        return
    box = containing_box(polyhedron)
    assert (box is None) == bool(generators.rays or generators.lines)
    if box:
        assert all(Polyhedron.box(box).contains(vertex) for vertex in generators.vertices)


def test_a_box_from_inequalities_in_one_variable_alone() -> None:
    rows = [[0, 2, 0], [6, -2, 0], [5, -1, 0], [3, 1, 1], [4, 0, -1]]
    assert containing_box(Polyhedron.of(rows)) == ((mpq(0), mpq(3)), (mpq(-6), mpq(4)))


@pytest.mark.parametrize("number", [1, "2", "3"])
def test_regions_are_numbered_from_one(number: str | int) -> None:
    certificate = example_certificate("triangle")
    assert region_numbered(certificate.regions, number) is certificate.regions[int(number) - 1]


@pytest.mark.parametrize("number", [0, 4, -1, "", "one", "1.0", "²", "9" * 5000])
def test_other_numbers_are_refused(number: str | int) -> None:
    with pytest.raises(InputError, match="region: expected a number from 1 to 3, found "):
        region_numbered(example_certificate("triangle").regions, number)


def test_vertices_of_many_inputs_are_refused() -> None:
    require_vertices("dot", 12)
    with pytest.raises(LimitError, match=r"dot: lists vertices, and with 13 inputs .* 2\^13; expected at most 12"):
        require_vertices("dot", 13)


def test_the_hyperplane_of_neighbours() -> None:
    certificate = example_certificate("max of two with skip reads")
    (pair,) = neighbours(certificate.regions, certificate.domain)
    assert (pair.one, pair.other, pair.plane) == (0, 1, AffineForm.of([0, 1, -1]))
