"""The face lattice: what a hyperplane cuts, and what is left of the faces afterwards."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import CUBE, EXAMPLES, PLANE, SQUARE
from tests.strategies import problems
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.face_lattice import BOTH, NEGATIVE, POSITIVE, FaceLattice, Numbers, Signs
from verishallow.regions.lattice_engine import lattice_engine
from verishallow.regions.start_complex import start_complex

NOTHING_HIDDEN = ReLUNetwork.of([([[1, 1]], [0])])


def signs(*values: int) -> Signs:
    return np.array(values, dtype=np.int8)


def numbers(*values: int) -> Numbers:
    return np.array(values, dtype=np.int64)


def segment() -> FaceLattice:
    return FaceLattice([2, 1], np.array([[0, 1]]), {}, {})


def square() -> FaceLattice:
    """Vertices 0, 1, 2, 3 in a circle, edge k from vertex k to the next."""
    edges = np.array([[0, 1], [1, 2], [2, 3], [3, 0]])
    return FaceLattice([4, 4, 1], edges, {2: numbers(0, 0, 0, 0)}, {2: numbers(0, 1, 2, 3)})


def cells_by_vertices(lattice: FaceLattice) -> set[frozenset[int]]:
    owner, edge = lattice.facets_of(2, np.arange(lattice.counts[2]))
    return {frozenset(lattice.edges[edge[owner == cell]].ravel().tolist()) for cell in range(lattice.counts[2])}


# --------------------------------------------------------------------------------------------- By hand


def test_what_a_hyperplane_cuts_of_a_square() -> None:
    cut = square().cut(signs(1, 1, -1, 0))
    assert [mask.tolist() for mask in cut.masks] == [[1, 1, 2, 0], [POSITIVE, BOTH, NEGATIVE, POSITIVE], [BOTH]]
    assert [faces.tolist() for faces in cut.faces] == [[], [1], [0]]
    assert (cut.positive.tolist(), cut.negative.tolist()) == ([1], [2])


@pytest.mark.parametrize(
    ("at_vertices", "counts", "cells"),
    [
        ((1, 1, -1, -1), [6, 7, 2], {frozenset({0, 1, 4, 5}), frozenset({2, 3, 4, 5})}),
        ((1, 0, -1, 0), [4, 5, 2], {frozenset({0, 1, 3}), frozenset({1, 2, 3})}),
        ((0, 1, 1, -1), [5, 6, 2], {frozenset({0, 1, 2, 4}), frozenset({0, 3, 4})}),
        ((-1, 1, 1, 1), [6, 7, 2], {frozenset({0, 4, 5}), frozenset({1, 2, 3, 4, 5})}),
        ((0, 1, 1, 1), [4, 4, 1], {frozenset({0, 1, 2, 3})}),
        ((0, 0, 1, 1), [4, 4, 1], {frozenset({0, 1, 2, 3})}),
        ((0, 0, -1, -1), [4, 4, 1], {frozenset({0, 1, 2, 3})}),
        ((0, 0, 0, 0), [4, 4, 1], {frozenset({0, 1, 2, 3})}),
        ((1, 1, 1, 1), [4, 4, 1], {frozenset({0, 1, 2, 3})}),
    ],
    ids=[
        "across two edges",
        "through two vertices",
        "through a vertex and an edge",
        "a corner off",
        "touching a vertex",
        "touching an edge",
        "touching an edge from the other side",
        "identically 0",
        "far away",
    ],
)
def test_a_square_is_split(at_vertices: tuple[int, ...], counts: list[int], cells: set[frozenset[int]]) -> None:
    lattice = square()
    lattice.split(lattice.cut(signs(*at_vertices)))
    assert lattice.counts == counts
    assert cells_by_vertices(lattice) == cells


def test_a_segment_is_split() -> None:
    lattice = segment()
    lattice.split(lattice.cut(signs(-1, 1)))
    assert lattice.counts == [3, 2]
    assert sorted(map(sorted, lattice.edges.tolist())) == [[0, 2], [1, 2]]
    assert lattice.edges[0].tolist() == [1, 2]


def test_the_positive_side_keeps_the_number() -> None:
    lattice = square()
    lattice.split(lattice.cut(signs(-1, -1, 1, 1)))
    facets = lattice.facets_of(2, numbers(0))[1]
    assert {2, 3} <= set(lattice.edges[facets].ravel().tolist())


def test_the_same_hyperplane_cuts_once() -> None:
    lattice = square()
    lattice.split(lattice.cut(signs(1, 1, -1, -1)))
    again = lattice.cut(signs(1, 1, -1, -1, 0, 0))
    assert [len(faces) for faces in again.faces] == [0, 0, 0]


def test_values_of_cells_around_cut_edges() -> None:
    assert square().cut(signs(1, 1, -1, 0)).on_edges(numbers(30)).tolist() == [30]
    assert segment().cut(signs(1, -1)).on_edges(numbers(7)).tolist() == [7]
    lattice = square()
    lattice.split(lattice.cut(signs(1, 1, -1, -1)))
    # Vertices 0, 1 and 2, 3 in two cells, with 4 and 5 between: edges 0 and 2, and edge 6 of both cells, are cut.
    cut = lattice.cut(signs(1, -1, -1, 1, -1, 1))
    around = dict(zip(cut.faces[1].tolist(), cut.on_edges(numbers(10, 20)).tolist(), strict=True))
    assert (around.pop(0), around.pop(2)) == (10, 20)
    assert set(around.values()) <= {10, 20}
    assert len(around) == 1


@given(problems())
@settings(max_examples=40, deadline=None)
def test_the_cell_around_a_cut_edge_contains_it(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    try:
        found = lattice_engine(*problem)
    except InputError:
        return
    if not found.lattice.dimension:
        return
    cut = found.lattice.cut(np.where(np.arange(len(found.points)) % 2, 1, -1))
    around = cut.on_edges(np.arange(found.cells))
    points = found.vertices_of(found.lattice.dimension)
    for edge, cell in zip(cut.faces[1].tolist(), around.tolist(), strict=True):
        assert set(found.lattice.edges[edge].tolist()) <= set(points[cell].tolist())


def test_facets_of_faces() -> None:
    rows, facets = square().facets_of(1, numbers(2, 0))
    assert (rows.tolist(), facets.tolist()) == ([0, 0, 1, 1], [2, 3, 0, 1])
    assert [part.tolist() for part in square().facets_of(2, numbers(0))] == [[0, 0, 0, 0], [0, 1, 2, 3]]


def test_a_vertex_has_no_facets() -> None:
    rows, facets = square().facets_of(0, numbers(0, 3))
    assert (len(rows), len(facets)) == (0, 0)


# ------------------------------------------------------------------------------------------------ Laws


def assert_sound(lattice: FaceLattice) -> None:
    """Between a face and a face of its facets are two facets; no pair occurs twice; a facet belongs to two cells."""
    for k in range(2, lattice.dimension + 1):
        owner, facet = lattice.facets_of(k, np.arange(lattice.counts[k]))
        pairs = list(zip(owner.tolist(), facet.tolist(), strict=True))
        assert len(set(pairs)) == len(pairs)
        row, ridge = lattice.facets_of(k - 1, facet)
        assert set(Counter(zip(owner[row].tolist(), ridge.tolist(), strict=True)).values()) == {2}
    top = lattice.facets_of(lattice.dimension, np.arange(lattice.counts[-1]))[1]
    assert set(np.bincount(top).tolist()) <= {1, 2}


@pytest.mark.parametrize("domain", [SQUARE, CUBE, Polyhedron.box([(0, 1)] * 4)], ids=["square", "cube", "tesseract"])
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_box_that_hyperplanes_cut_stays_sound(domain: Polyhedron, data: st.DataObject) -> None:
    n = domain.dimension
    row = st.lists(st.integers(-2, 2), min_size=n, max_size=n)
    weight = data.draw(st.lists(row, min_size=1, max_size=5))
    bias = data.draw(st.lists(st.integers(-1, 1), min_size=len(weight), max_size=len(weight)))
    lattice = lattice_engine(ReLUNetwork.of([(weight, bias), ([[1] * len(weight)], [0])]), domain).lattice
    assert_sound(lattice)
    assert sum((-1) ** k * count for k, count in enumerate(lattice.counts)) == 1


@given(problems())
@settings(max_examples=40, deadline=None)
def test_every_complex_has_a_sound_lattice(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    try:
        lattice = lattice_engine(*problem).lattice
    except InputError:
        return
    if lattice.dimension:
        assert_sound(lattice)


def test_the_lattice_of_a_start_is_sound() -> None:
    for name in ("two layers on a cube", "cone with four facets at its apex", "two layers in space"):
        assert_sound(start_complex(EXAMPLES[name].network, EXAMPLES[name].domain).lattice)
    with pytest.raises(InputError, match="leave lines in the cells"):
        start_complex(NOTHING_HIDDEN, PLANE)
