"""The regions that meet at a point, against the list of all regions."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import CENTRAL_SPACE, EXAMPLES, SPACE, each_example, example_leaves, leaves_of
from tests.strategies import points, problems
from verishallow.explain.meeting import patterns_at
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import Leaf, Pattern


def meeting(leaves: tuple[Leaf, ...], point: Vector) -> list[Pattern]:
    """The patterns of all closed cells that contain a point."""
    return sorted(leaf.pattern for leaf in leaves if leaf.cell.polyhedron.contains(point))


def corners(leaves: tuple[Leaf, ...]) -> Iterator[Vector]:
    """Witnesses, vertices, and middles of two vertices: points on no, many and some boundaries."""
    for leaf in leaves:
        yield leaf.witness
        vertices = leaf.cell.polyhedron.v_representation.vertices
        yield from vertices[:4]
        for one, other in pairwise(vertices):
            yield tuple((a + b) / 2 for a, b in zip(one, other, strict=True))


@each_example
def test_just_the_regions_that_contain_a_point_meet_there(name: str) -> None:
    example, leaves = EXAMPLES[name], example_leaves(name)
    for point in list(dict.fromkeys(corners(leaves)))[:40]:
        assert sorted(patterns_at(example.network, point, example.domain)) == meeting(leaves, point)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_any_network_anywhere(data: st.DataObject) -> None:
    network, domain = data.draw(problems(most_neurons=6))
    leaves = leaves_of(network, domain)
    for point in [data.draw(points(network.inputs)), *list(corners(leaves))[:4]]:
        if domain.contains(point):
            assert sorted(patterns_at(network, point, domain)) == meeting(leaves, point)


def test_all_regions_of_a_central_arrangement_meet_at_the_origin() -> None:
    network = ReLUNetwork.of(CENTRAL_SPACE)
    assert len(list(patterns_at(network, (mpq(0),) * 3, SPACE))) == 14


@pytest.mark.parametrize("inputs", [30, 200])
def test_a_point_on_no_boundary_needs_no_program(inputs: int) -> None:
    rows = [[(i * j) % 7 - 3 for i in range(inputs)] for j in range(1, 9)]
    network = ReLUNetwork.of([(rows, [mpq(1, 3)] * 8), ([[1] * 8], [0])])
    point = tuple(mpq(i % 5, 7) for i in range(inputs))
    (found,) = patterns_at(network, point, type(SPACE).whole_space(inputs))
    assert found == network.pattern_at(point)
