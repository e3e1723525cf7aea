"""The three ways to count regions, on regions made by hand."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from tests.examples import MAX_OF_THREE, Layers, each_example, example_leaves, leaves_of, sawtooth
from tests.strategies import problems
from verishallow.affine import AffineForm, AffineMap, plane_of
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.neighbours import linear_regions
from verishallow.regions.region import Region, affine_pieces

ONE, OTHER = AffineMap.of([[1, 2, 3]]), AffineMap.of([[0, 0, 0]])


def region(rows: Sequence[Sequence[Any]], affine_map: AffineMap) -> Region:
    polyhedron = Polyhedron.of(rows)
    return Region((), affine_map, polyhedron, polyhedron.interior_point())


def quadrant(x: int, y: int, affine_map: AffineMap = ONE) -> Region:
    return region([[0, x, 0], [0, 0, y]], affine_map)


def column(low: int, high: int, affine_map: AffineMap = ONE) -> Region:
    return region([[-low, 1, 0], [high, -1, 0]], affine_map)


def square(x: int, y: int, affine_map: AffineMap = ONE) -> Region:
    return region([[-x, 1, 0], [x + 1, -1, 0], [-y, 0, 1], [y + 1, 0, -1]], affine_map)


FOUR = [quadrant(1, 1), quadrant(-1, 1), quadrant(-1, -1), quadrant(1, -1)]


@pytest.mark.parametrize(
    ("regions", "pieces", "linear"),
    [
        ([], 0, 0),
        ([quadrant(1, 1)], 1, 1),
        ([quadrant(1, 1), quadrant(-1, -1)], 1, 2),
        ([quadrant(1, 1), quadrant(-1, 1)], 1, 1),
        (FOUR, 1, 1),
        (FOUR[:3], 1, 1),
        ([quadrant(1, 1), quadrant(-1, 1, OTHER), quadrant(-1, -1)], 2, 3),
        ([quadrant(1, 1), quadrant(-1, 1, OTHER), quadrant(-1, -1, OTHER), quadrant(1, -1)], 2, 2),
        ([column(0, 1), column(1, 2), column(2, 3), column(3, 4)], 1, 1),
        ([column(3, 4), column(0, 1), column(2, 3), column(1, 2)], 1, 1),
        ([column(0, 1), column(1, 2, OTHER), column(2, 3)], 2, 3),
        ([column(0, 1), column(2, 3)], 1, 2),
        ([square(0, 0), square(1, 1)], 1, 2),
        ([square(0, 0), square(1, 1), square(1, 0)], 1, 1),
        ([square(0, 0), square(1, 5)], 1, 2),
        ([column(0, 1), square(1, 3), square(1, 7)], 1, 1),
        (
            [square(0, 0, AffineMap.of([[0, 0, 0], [1, 0, 0]])), square(1, 0, AffineMap.of([[0, 0, 0], [2, 0, 0]]))],
            2,
            2,
        ),
    ],
    ids=[
        "none",
        "one",
        "two that meet in a vertex",
        "two that share a facet",
        "all four quadrants",
        "two that meet in a vertex, joined by a third",
        "two that meet in a vertex, parted by a third",
        "two maps, each on a half-plane",
        "a chain",
        "a chain in another order",
        "parted columns",
        "columns with a gap",
        "squares that meet in a vertex",
        "squares joined by a square",
        "squares on two sides of a line, far apart",
        "small facets in a large one",
        "maps that differ in the second output only",
    ],
)
def test_pieces_and_linear_regions(regions: list[Region], pieces: int, linear: int) -> None:
    assert affine_pieces(regions) == pieces
    assert linear_regions(regions) == linear


def test_the_same_facet_by_another_spelling() -> None:
    left, right = region([[0, -3, 0]], ONE), region([[0, "1/2", 0], [5, 0, 1]], ONE)
    assert linear_regions([left, right]) == 1


def test_redundant_rows_join_nothing() -> None:
    left, right = region([[0, -1, 0], [-1, 0, 1]], ONE), region([[-1, 1, 0], [0, 1, 0]], ONE)
    assert linear_regions([left, right]) == 2


@pytest.mark.parametrize(
    ("layers", "pieces", "linear"), [(sawtooth(4), 17, 18), (sawtooth(1), 3, 3), (MAX_OF_THREE, 3, 3)]
)
def test_networks_on_all_of_space(layers: Layers, pieces: int, linear: int) -> None:
    network = ReLUNetwork.of(layers)
    leaves = leaves_of(network, Polyhedron.whole_space(network.inputs))
    regions = [Region(leaf.pattern, leaf.affine_map, leaf.cell.polyhedron, leaf.witness) for leaf in leaves]
    assert (affine_pieces(regions), linear_regions(regions)) == (pieces, linear)


@each_example
def test_both_representations_of_a_region_are_one_set(name: str) -> None:
    for leaf in example_leaves(name):
        found = Region(leaf.pattern, leaf.affine_map, leaf.cell.polyhedron, leaf.witness)
        assert all(-1 not in found.v_representation.signs(form) for form in found.h_representation)
        again = Polyhedron(found.polyhedron.dimension, found.h_representation)
        assert set(again.v_representation.homogeneous) == set(found.v_representation.homogeneous)


@given(problems(most_neurons=6))
@settings(max_examples=25, deadline=None)
def test_linear_regions_by_the_facets_of_all_pairs(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    network, domain = problem
    regions = [
        Region(leaf.pattern, leaf.affine_map, leaf.cell.polyhedron, leaf.witness) for leaf in leaves_of(network, domain)
    ]
    assert linear_regions(regions) == _components_by_brute_force(regions)
    assert affine_pieces(regions) <= linear_regions(regions) <= len(regions)


def _components_by_brute_force(regions: list[Region]) -> int:
    """Flood through all pairs with one map whose intersection is a facet."""
    unseen, found = set(range(len(regions))), 0
    while unseen:
        found += 1
        front = [unseen.pop()]
        while front:
            here = regions[front.pop()]
            reached = {i for i in unseen if regions[i].affine_map == here.affine_map and _adjacent(regions[i], here)}
            unseen -= reached
            front += reached
    return found


def _adjacent(one: Region, other: Region) -> bool:
    both = (*one.polyhedron.inequalities, *other.polyhedron.inequalities)
    return Polyhedron(one.polyhedron.dimension, both).affine_dimension() == one.polyhedron.dimension - 1


def test_facets_of_a_region_leave_out_what_is_redundant() -> None:
    found = region([[0, 1, 0], [0, 0, 1], [1, 1, 1], [0, 2, 1]], ONE)
    assert {plane_of(form) for form in found.h_representation} == {AffineForm.of(r) for r in ([0, 1, 0], [0, 0, 1])}
