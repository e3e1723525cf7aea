"""Where refinement starts: the faces of domains of every kind, and what no neuron sees taken out."""

from math import comb

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.examples import (
    ALL_DEAD,
    CONE,
    CUBE,
    CUT_STRIP,
    EXAMPLES,
    FREE_COORDINATE,
    HALF_LINE,
    LINE,
    MAX_OF_THREE,
    NO_HIDDEN_LAYER,
    PLANE,
    PYRAMID,
    RANK_DEFICIENT,
    RESIDUAL,
    SPACE,
    SQUARE,
    STRIP,
    TRIANGLE,
    UNIT_INTERVAL,
    WEDGE,
    WIDTH_ONE,
    Layers,
)
from tests.strategies import points, problems
from verishallow.affine import AffineForm, rank
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, vector
from verishallow.regions.start_complex import AT_INFINITY, StartComplex, quotient, start_complex


def one_layer(dimension: int) -> ReLUNetwork:
    """A network that sees every coordinate."""
    eye = [[int(i == j) for j in range(dimension)] for i in range(dimension)]
    return ReLUNetwork.of([(eye, [0] * dimension), ([[1] * dimension], [0])])


# ------------------------------------------------------------------------------------- Faces of domains


@pytest.mark.parametrize(
    ("domain", "counts", "infinite"),
    [
        (UNIT_INTERVAL, [2, 1], [0, 0]),
        (HALF_LINE, [2, 1], [1, 0]),
        (LINE, [3, 2], [2, 0]),
        (SQUARE, [4, 4, 1], [0, 0, 0]),
        (TRIANGLE, [3, 3, 1], [0, 0, 0]),
        (WEDGE, [3, 3, 1], [2, 1, 0]),
        (PLANE, [5, 8, 4], [4, 4, 0]),
        (CUBE, [8, 12, 6, 1], [0, 0, 0, 0]),
        (PYRAMID, [5, 8, 5, 1], [4, 4, 1, 0]),
        (CONE, [5, 8, 5, 1], [4, 4, 1, 0]),
        (SPACE, [7, 18, 20, 8], [6, 12, 8, 0]),
        (STRIP, [4, 5, 2], [2, 0, 0]),
    ],
    ids=[
        "interval",
        "half-line",
        "line",
        "square",
        "triangle",
        "wedge",
        "plane",
        "cube",
        "pyramid without base",
        "cone with a moved apex",
        "space",
        "strip",
    ],
)
def test_all_faces_of_a_domain(domain: Polyhedron, counts: list[int], infinite: list[int]) -> None:
    start = start_complex(one_layer(domain.dimension), domain)
    assert start.lattice.counts == counts
    finite = faces_with_a_finite_vertex(start)
    assert [count - seen for count, seen in zip(counts, finite, strict=True)] == infinite


def faces_with_a_finite_vertex(start: StartComplex) -> list[int]:
    marks = start.points[:, 0] != 0
    found = [int(marks.sum())]
    for k in range(1, start.lattice.dimension + 1):
        owner, facet = start.lattice.facets_of(k, np.arange(start.lattice.counts[k]))
        above = np.zeros(start.lattice.counts[k], np.bool_)
        above[owner[marks[facet]]] = True
        marks = above
        found.append(int(marks.sum()))
    return found


@pytest.mark.parametrize("dimension", range(1, 6))
def test_the_faces_of_a_cube_are_counted_by_binomials(dimension: int) -> None:
    box = Polyhedron.box([(-1, i + 1) for i in range(dimension)])
    counts = start_complex(one_layer(dimension), box).lattice.counts
    assert counts == [2 ** (dimension - k) * comb(dimension, k) for k in range(dimension + 1)]


@pytest.mark.parametrize("dimension", range(1, 6))
def test_all_of_space_starts_from_its_orthants(dimension: int) -> None:
    # A k-face at infinity spans a cone of dimension k + 1.
    start = start_complex(one_layer(dimension), Polyhedron.whole_space(dimension))
    cones = [2**k * comb(dimension, k) for k in range(dimension + 1)]
    assert faces_with_a_finite_vertex(start) == cones
    assert start.lattice.counts == [a + b for a, b in zip(cones, [*cones[1:], 0], strict=True)]


def test_redundant_rows_and_repetitions_change_nothing() -> None:
    rows = [form.row for form in SQUARE.inequalities]
    more = Polyhedron.of([*rows, [9, 1, 1], [4, 1, 1], rows[0], [2 * a for a in rows[1]]])
    assert start_complex(one_layer(2), more).lattice.counts == [4, 4, 1]


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in ("max of three", "residual block")])
def test_the_label_of_a_facet_names_what_vanishes_on_it(name: str) -> None:
    reduced = quotient(EXAMPLES[name].network, EXAMPLES[name].domain)
    if len(reduced.dropped) == EXAMPLES[name].network.inputs:
        return
    try:
        start = start_complex(reduced.network, reduced.domain)
    except InputError:
        return
    members = points_of_facets(start)
    assert len(start.labels) == start.lattice.counts[-2] == len(members)
    for label, generators in zip(start.labels.tolist(), members, strict=True):
        form = form_named(label, reduced.network, reduced.domain)
        assert all(form.at_homogeneous(generator) == 0 for generator in generators)


def form_named(label: int, network: ReLUNetwork, domain: Polyhedron) -> AffineForm:
    if label == AT_INFINITY:
        return AffineForm.of([1] + [0] * domain.dimension)
    if label < AT_INFINITY:
        return domain.inequalities[-2 - label]
    return AffineForm((network.layers[0].bias[label], *network.layers[0].weight[label]))


def points_of_facets(start: StartComplex) -> list[list[Vector]]:
    """The points of every facet, from the incidence alone."""
    members = [{number} for number in range(start.lattice.counts[0])]
    for k in range(1, start.lattice.dimension):
        owner, facet = start.lattice.facets_of(k, np.arange(start.lattice.counts[k]))
        above: list[set[int]] = [set() for _ in range(start.lattice.counts[k])]
        for face, below in zip(owner.tolist(), facet.tolist(), strict=True):
            above[face] |= members[below]
        members = above
    return [[vector(start.points[number]) for number in sorted(facet)] for facet in members]


@pytest.mark.parametrize(("layers", "domain"), [(MAX_OF_THREE, SPACE), (RESIDUAL, PLANE), (WIDTH_ONE, PLANE)])
def test_lines_that_the_first_layer_does_not_cut_are_refused(layers: Layers, domain: Polyhedron) -> None:
    network = ReLUNetwork.of(layers) if layers != WIDTH_ONE else ReLUNetwork.of([([[1, 0]], [0]), ([[1]], [0])])
    with pytest.raises(InputError, match="first-layer neurons leave lines in the cells; use the cdd engine"):
        start_complex(network, domain)


# ------------------------------------------------------------------------------------------- The quotient


@pytest.mark.parametrize(
    ("layers", "domain", "dropped"),
    [
        (RANK_DEFICIENT, SPACE, (0, 2)),
        (RANK_DEFICIENT, CUBE, ()),
        (FREE_COORDINATE, SPACE, (2,)),
        (FREE_COORDINATE, CONE, ()),
        (NO_HIDDEN_LAYER, PLANE, (0, 1)),
        (NO_HIDDEN_LAYER, TRIANGLE, ()),
        (NO_HIDDEN_LAYER, STRIP, (0,)),
        (ALL_DEAD, LINE, (0,)),
        (ALL_DEAD, UNIT_INTERVAL, ()),
        (CUT_STRIP, STRIP, ()),
        (RESIDUAL, PLANE, ()),
        (MAX_OF_THREE, SPACE, (0,)),
        (MAX_OF_THREE, CUBE, ()),
    ],
)
def test_what_nothing_depends_on_is_dropped(layers: Layers, domain: Polyhedron, dropped: tuple[int, ...]) -> None:
    network = ReLUNetwork.of(layers)
    reduced = quotient(network, domain)
    assert reduced.dropped == dropped
    assert len(reduced.lines) == rank(reduced.lines) == len(dropped)


@given(problems(), st.data())
@settings(max_examples=60, deadline=None)
def test_the_quotient_is_the_network_where_the_dropped_inputs_are_0(
    problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject
) -> None:
    network, domain = problem
    reduced = quotient(network, domain)
    assume(len(reduced.dropped) < network.inputs)
    kept = [i for i in range(network.inputs) if i not in reduced.dropped]
    at = data.draw(points(len(kept)))
    lifted = tuple(at[kept.index(i)] if i in kept else at[0] * 0 for i in range(network.inputs))
    assert reduced.network(at) == network(lifted)
    assert reduced.domain.contains(at) == domain.contains(lifted)


@given(problems(), st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_hidden_changes_along_the_lines(problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject) -> None:
    network, domain = problem
    at = data.draw(points(network.inputs))
    for line in quotient(network, domain).lines:
        moved = tuple(a + 5 * d for a, d in zip(at, line, strict=True))
        assert hidden_values(network, moved) == hidden_values(network, at)
        assert domain.contains(moved) == domain.contains(at)


def hidden_values(network: ReLUNetwork, at: Vector) -> list[Vector]:
    sources = [at]
    for layer in network.hidden:
        sources.append(tuple(max(z, z * 0) for z in layer(sources)))
    return sources[1:]
