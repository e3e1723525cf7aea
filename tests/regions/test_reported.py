"""Counts of regions found separately: boundary facets that meet in a facet, in a part of one, or not at all."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from tests.examples import EXAMPLES, each_example, example_leaves
from tests.strategies import problems
from verishallow.affine import AffineForm, AffineMap
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Leaf, Reported
from verishallow.regions.reported import PartReport, SharedFacet, digest_of, merged, report_of_leaf, wall_at
from verishallow.regions.sharded import lattice_tree_engine

Rows = Sequence[tuple[int, ...]]
ONE, OTHER = digest_of(AffineMap.of([[1, 2, 3]])), digest_of(AffineMap.of([[1, 2, 4]]))


def square(x: int, y: int, width: int = 1, height: int = 1) -> Rows:
    return [(-x, 1, 0), (x + width, -1, 0), (-y, 0, 1), (y + height, 0, -1)]


def part(*regions: Rows, maps: Sequence[bytes] = (ONE,), joined: bool = False) -> PartReport:
    """A part of regions with one map, all their facets walls; one component, or one for each region."""
    walls = [wall(row, maps[i % len(maps)], 0 if joined else i, rows) for i, rows in enumerate(regions) for row in rows]
    return PartReport(frozenset(maps), 1 if joined else len(regions), tuple(walls))


def wall(row: tuple[int, ...], affine_map: bytes, component: int, rows: Rows) -> SharedFacet:
    return wall_at(AffineForm.of(row), affine_map, component, tuple(rows))


@pytest.mark.parametrize(
    ("parts", "pieces", "linear"),
    [
        ([], 0, 0),
        ([part(square(0, 0))], 1, 1),
        ([part(square(0, 0)), part(square(1, 0))], 1, 1),
        ([part(square(1, 0)), part(square(0, 0))], 1, 1),
        ([part(square(0, 0)), part(square(1, 0), maps=[OTHER])], 2, 2),
        ([part(square(0, 0)), part(square(1, 1))], 1, 2),
        ([part(square(0, 0)), part(square(2, 0))], 1, 2),
        ([part(square(0, 0)), part(square(1, 5))], 1, 2),
        ([part(square(0, 0, height=4)), part(square(1, 0)), part(square(1, 3))], 1, 1),
        ([part(square(0, 0, height=4)), part(square(1, -1, height=2))], 1, 1),
        ([part(square(0, 0, height=4)), part(square(1, 4))], 1, 2),
        ([part(square(0, 0, height=4)), part(square(1, -1, height=6))], 1, 1),
        ([part(square(0, 0), square(2, 0)), part(square(1, 0))], 1, 1),
        ([part(square(0, 0), square(2, 0)), part(square(1, 0), maps=[OTHER])], 2, 3),
        ([part(square(0, 0), square(2, 5), joined=True), part(square(1, 0), square(3, 5))], 1, 1),
        ([part(square(0, 0), square(1, 0))], 1, 1),
        ([part(square(0, 0), square(1, 0), maps=[ONE, OTHER])], 2, 2),
    ],
    ids=[
        "nothing",
        "one region",
        "a common facet",
        "a common facet, the other way round",
        "a common facet of two maps",
        "a common vertex",
        "a gap",
        "facets in one line, far apart",
        "two small facets on a large one",
        "facets that overlap in part",
        "facets that meet in their ends",
        "a facet inside a larger one",
        "a third region joins two",
        "a third region with another map joins nothing",
        "components that were joined stay joined",
        "two regions of one part",
        "two regions of one part with two maps",
    ],
)
def test_components_across_parts(parts: list[PartReport], pieces: int, linear: int) -> None:
    assert merged(parts) == Reported(pieces, linear)


@pytest.mark.parametrize(
    ("other", "linear"),
    [([(-1, 1), (2, -1)], 1), ([(-2, 1), (3, -1)], 2), ([(0, 1), (1, -1)], 2)],
    ids=["they meet", "apart", "the same again"],
)
def test_intervals_across_parts(other: Rows, linear: int) -> None:
    assert merged([part([(0, 1), (1, -1)]), part(other)]) == Reported(1, linear)


@pytest.mark.parametrize(
    ("x", "y", "linear"), [(0, 0, 1), (1, 0, 1), (2, 0, 2), (2, 2, 2), (1, 1, 1), (-1, 1, 1), (0, 2, 2), (5, 0, 2)]
)
def test_cubes_on_top_of_each_other(x: int, y: int, linear: int) -> None:
    # The upper cube, of side 2 too, is moved by (x, y): they share a square, an edge, a vertex or nothing.
    lower, upper = cube(0, 0, 0), cube(x, y, 2)
    assert merged([part(lower), part(upper)]) == Reported(1, linear)


def cube(x: int, y: int, z: int) -> Rows:
    return [(-x, 1, 0, 0), (x + 2, -1, 0, 0), (-y, 0, 1, 0), (y + 2, 0, -1, 0), (-z, 0, 0, 1), (z + 2, 0, 0, -1)]


def test_a_wall_names_its_plane_and_its_side() -> None:
    for row, side in (((-1, 2, 0), 1), ((1, -2, 0), -1), ((3, 0, -1), -1)):
        found = wall(row, ONE, 4, square(0, 0))
        assert (found.plane, found.side, found.component) == (tuple(side * a for a in row), side, 4)


def test_maps_have_different_digests_and_equal_maps_the_same() -> None:
    rows: list[Any] = [
        [["1/2", 3]],
        [["1/2", -3]],
        [["1/2", 3], [0, 0]],
        [[0, 0], ["1/2", 3]],
        [[1, 23]],
        [[12, 3]],
        [["1/23", 4]],
    ]
    assert len({digest_of(AffineMap.of(entry)) for entry in rows}) == len(rows)
    assert digest_of(AffineMap.of([["2/4", 3]])) == digest_of(AffineMap.of([["1/2", 3]]))


@each_example
def test_every_leaf_as_a_part_of_its_own(name: str) -> None:
    example = EXAMPLES[name]
    *_, reported = cdd_engine(example.network, example.domain, generic_point(example.domain))
    assert merged([report_of_leaf(leaf) for leaf in example_leaves(name)]) == reported


@given(problems())
@settings(max_examples=40, deadline=None)
def test_leaves_and_shards_are_reported_alike(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    *nodes, reported = cdd_engine(*problem, generic_point(problem[1]))
    assert merged([report_of_leaf(node) for node in nodes if isinstance(node, Leaf)]) == reported
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("verishallow.regions.sharded.CELLS_OF_A_SHARD", 2)
        *_, by_shards = lattice_tree_engine(*problem, generic_point(problem[1]))
    assert by_shards == reported
