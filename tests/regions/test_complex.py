"""The finished complex: every face against brute force, Euler's relation, and what its parts say of each other."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings

from tests.examples import (
    ALL_DEAD,
    CENTRAL_PLANE,
    EXAMPLES,
    FREE_COORDINATE,
    LINE,
    NO_HIDDEN_LAYER,
    PLANE,
    RANK_DEFICIENT,
    SPACE,
    SQUARE,
    TANGENT,
    UNIT_INTERVAL,
    UNIT_SQUARE,
    WIDTH_ONE,
    Layers,
    each_example,
    leaves_of,
)
from tests.regions.test_integer_network import pre_activations
from tests.strategies import problems
from verishallow.affine import ONE, ZERO, AffineForm, AffineMap, rank
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork, rectified
from verishallow.polyhedron import Polyhedron
from verishallow.proof import polyhedral_complex
from verishallow.rationals import Vector
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.integer_network import primitive_integers
from verishallow.regions.lattice_engine import lattice_engine

Problem = tuple[ReLUNetwork, Polyhedron]
SignVector = tuple[int, ...]


def complex_of(problem: Problem) -> PolyhedralComplex | None:
    try:
        return lattice_engine(*problem)
    except InputError:
        return None


def problem_of(name: str) -> Problem:
    return EXAMPLES[name].network, EXAMPLES[name].domain


# ----------------------------------------------------------------------------- All faces, by brute force


class Face(NamedTuple):
    """The signs of the domain's rows and of all neurons on the interior of a face, and its dimension."""

    rows: SignVector
    neurons: SignVector
    dimension: int


def faces_of(found: PolyhedralComplex, domain: Polyhedron) -> Iterator[Face]:
    """The faces that are not at infinity, from the complex."""
    for k, finite in enumerate(found.finite):
        for number in np.flatnonzero(finite).tolist():
            generators = found.v_representation(k, number)
            rows = tuple(max(generators.signs(form)) for form in domain.inequalities)
            yield Face(rows, tuple(found.sign_vector(k, number).tolist()), k + len(found.lines))


class Part(NamedTuple):
    """A closed polyhedron on the interior of which rows and neurons have the signs that are listed."""

    polyhedron: Polyhedron
    signs: SignVector

    def cut(self, form: AffineForm, sides: tuple[int, ...] = (-1, 0, 1)) -> Iterator["Part"]:
        """The parts on whose interior the form has each of these signs, where there is such a part."""
        on_generators = self.polyhedron.v_representation.signs(form)
        for side in sides:
            meets = side in on_generators if side else on_generators in ({0}, {-1, 1}, {-1, 0, 1})
            if meets:
                yield Part(_where(self.polyhedron, form, side), (*self.signs, side))


def _where(polyhedron: Polyhedron, form: AffineForm, side: int) -> Polyhedron:
    if side:
        return polyhedron.with_inequality(form if side > 0 else -form)
    return polyhedron.with_inequality(form).with_inequality(-form)


def faces_by_brute_force(network: ReLUNetwork, domain: Polyhedron) -> Iterator[Face]:
    """Every sign vector that some point of the domain has, found by cutting with one form after the other."""
    parts = [Part(Polyhedron.whole_space(domain.dimension), ())]
    for form in domain.inequalities:
        parts = [cut for part in parts for cut in part.cut(form, (0, 1))]
    identity = AffineMap.identity(network.inputs)
    waiting: list[tuple[Part, tuple[AffineMap, ...]]] = [(part, (identity,)) for part in parts]
    rows = len(domain.inequalities)
    while waiting:
        part, sources = waiting.pop()
        if len(sources) == len(network.layers):
            yield Face(part.signs[:rows], part.signs[rows:], part.polyhedron.affine_dimension())
        else:
            waiting += _through_a_layer(network, part, sources)


def _through_a_layer(
    network: ReLUNetwork, part: Part, sources: tuple[AffineMap, ...]
) -> Iterator[tuple[Part, tuple[AffineMap, ...]]]:
    forms, parts = network.layers[len(sources) - 1].on(sources), [part]
    for form in forms.forms:
        parts = [cut for whole in parts for cut in whole.cut(form)]
    for cut in parts:
        active = [sign > 0 for sign in cut.signs[-len(forms.forms) :]]
        yield cut, (*sources, rectified(forms, active))


def assert_all_faces(problem: Problem, found: PolyhedralComplex) -> None:
    brute = Counter(faces_by_brute_force(*problem))
    assert Counter(faces_of(found, problem[1])) == brute
    dimensions = Counter(face.dimension for face in brute)
    assert found.f_vector == tuple(dimensions[k] for k in range(problem[1].dimension + 1))


@each_example
def test_all_faces_of_the_examples(name: str) -> None:
    found = complex_of(problem_of(name))
    if found is not None:
        assert_all_faces(problem_of(name), found)


@given(problems(most_neurons=6))
@settings(max_examples=50, deadline=None)
def test_all_faces_of_random_networks(problem: Problem) -> None:
    found = complex_of(problem)
    if found is not None:
        assert_all_faces(problem, found)


# ------------------------------------------------------------------------------------ Euler's relation


def interior_euler(found: PolyhedralComplex, domain: Polyhedron) -> int:
    """The alternating sum over the faces neither at infinity nor on the boundary of the domain."""
    return sum((-1) ** face.dimension for face in faces_of(found, domain) if all(face.rows))


@given(problems())
@settings(max_examples=60, deadline=None)
def test_eulers_relation(problem: Problem) -> None:
    found = complex_of(problem)
    if found is not None:
        assert interior_euler(found, problem[1]) == (-1) ** problem[1].dimension


@each_example
def test_eulers_relation_on_the_examples(name: str) -> None:
    found = complex_of(problem_of(name))
    if found is not None:
        domain = EXAMPLES[name].domain
        assert interior_euler(found, domain) == (-1) ** domain.dimension
        generators = domain.v_representation
        if not generators.rays and not generators.lines:
            assert found.euler_characteristic == 1
        if not domain.inequalities:
            assert found.euler_characteristic == (-1) ** domain.dimension


# ------------------------------------------------------------------------------- Points and sign vectors


@given(problems())
@settings(max_examples=60, deadline=None)
def test_every_point_has_the_signs_of_the_network(problem: Problem) -> None:
    found = complex_of(problem)
    if found is None:
        return
    for number, signs in enumerate(found.signs.tolist()):
        at = primitive_integers([ONE if found.points[number, 0] else ZERO, *found.point(number)])
        values = [z for layer in pre_activations(problem[0], at)[:-1] for z in layer]
        assert signs == [(z > 0) - (z < 0) for z in values]


@given(problems())
@settings(max_examples=60, deadline=None)
def test_the_points_of_a_face_satisfy_its_sign_vector(problem: Problem) -> None:
    found = complex_of(problem)
    if found is None:
        return
    for k, count in enumerate(found.lattice.counts):
        members = found.vertices_of(k)
        for face in range(count):
            at_points, inside = found.signs[members[face]], found.sign_vector(k, face)
            assert np.all((at_points == 0) | (at_points == inside))
            assert np.array_equal(inside != 0, (at_points != 0).any(axis=0))
        some = np.arange(count)[::-2]
        assert found.signs_on(k, some).tolist() == [found.sign_vector(k, face).tolist() for face in some]
    top = found.lattice.dimension
    assert [found.sign_vector(top, cell).tolist() for cell in range(found.cells)] == found.patterns.tolist()


def test_a_hyperplane_that_touches_a_cell_leaves_it_whole() -> None:
    found = polyhedral_complex(ReLUNetwork.of(TANGENT), UNIT_SQUARE)
    at = {found.point(number): found.signs[number].tolist() for number in range(len(found.points))}
    # x + y, x, x + y - 2 and x - y: the first three touch the square in a vertex, an edge, a vertex
    assert at == {(0, 0): [0, 0, -1, 0], (1, 0): [1, 1, -1, 1], (0, 1): [1, 0, -1, -1], (1, 1): [1, 1, 0, 0]}
    touching = [edge for edge in range(5) if found.sign_vector(1, edge)[1] == 0]
    assert [found.sign_vector(1, edge).tolist() for edge in touching] == [[1, 0, -1, -1]]
    assert sorted(found.patterns.tolist()) == [[1, 1, -1, -1], [1, 1, -1, 1]]


def test_a_neuron_that_is_identically_0_on_a_cell_has_sign_0_there() -> None:
    example = EXAMPLES["neuron identically 0"]
    found = polyhedral_complex(example.network, example.domain)
    assert sorted(found.patterns.tolist()) == [[-1, -1, 0, -1], [1, 1, 0, -1], [1, 1, 0, 1]]


# -------------------------------------------------------------------------------------------- Neighbours


@given(problems())
@settings(max_examples=60, deadline=None)
def test_neighbours_share_exactly_a_facet(problem: Problem) -> None:
    found = complex_of(problem)
    if found is None:
        return
    n, cells = found.lattice.dimension, [set(points.tolist()) for points in found.vertices_of(found.lattice.dimension)]
    facets = [frozenset(points.tolist()) for points in found.vertices_of(n - 1)] if n else []
    shared = Counter(facet for _, facet in found.incidence(n).tolist())
    pairs = {frozenset(pair) for pair in found.neighbours().tolist()}
    assert len(pairs) == len(found.neighbours()) == sum(number == 2 for number in shared.values())
    for one, other in found.neighbours().tolist():
        assert frozenset(cells[one] & cells[other]) in facets
        assert np.any(found.patterns[one] != found.patterns[other])


@given(problems())
@settings(max_examples=40, deadline=None)
def test_neighbours_differ_first_where_the_label_of_their_facet_says(problem: Problem) -> None:
    found = complex_of(problem)
    if found is None:
        return
    owners: dict[int, list[int]] = {}
    for cell, facet in found.incidence(found.lattice.dimension).tolist():
        owners.setdefault(facet, []).append(cell)
    for facet, cells in owners.items():
        label = int(found.facet_labels[facet])
        if len(cells) == 2:
            one, other = found.patterns[cells]
            assert int(np.flatnonzero((one > 0) != (other > 0))[0]) == label
        else:
            assert label < 0


# ----------------------------------------------------------------------- Both representations of a cell


def normal(generators: list[Vector], found: PolyhedralComplex) -> set[tuple[int, ...]]:
    """Generators up to scale, with the dropped coordinates made 0 along the lines."""
    reduced = set()
    for generator in generators:
        moved = list(generator)
        for place, line in zip(found.dropped, found.lines, strict=True):
            moved = [a - generator[place + 1] * d for a, d in zip(moved, (ZERO, *line), strict=True)]
        reduced.add(tuple(primitive_integers(moved)))
    return reduced


@given(problems())
@settings(max_examples=40, deadline=None)
def test_the_cells_have_the_generators_that_cddlib_finds(problem: Problem) -> None:
    found = complex_of(problem)
    if found is None:
        return
    cells = {tuple((row > 0).tolist()): number for number, row in enumerate(found.patterns)}
    leaves = leaves_of(*problem)
    assert len(cells) == len(leaves) == found.cells
    for leaf in leaves:
        number = cells[tuple(on for row in leaf.pattern for on in row)]
        ours = found.v_representation(found.lattice.dimension, number)
        theirs = leaf.cell.polyhedron.v_representation
        assert rank([*ours.lines, *theirs.lines]) == len(ours.lines) == len(theirs.lines)
        pointed = len(theirs.homogeneous) - len(theirs.lines)
        assert normal(list(theirs.homogeneous[:pointed]), found) == normal(
            list(ours.homogeneous[: len(ours.vertices) + len(ours.rays)]), found
        )


# ----------------------------------------------------------------------------- Rays, lines, small cases


def test_four_rays_leave_a_cross() -> None:
    cross = polyhedral_complex(ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])]))
    assert sorted(map(tuple, cross.points.tolist())) == [(0, -1, 0), (0, 0, -1), (0, 0, 1), (0, 1, 0), (1, 0, 0)]
    assert [int(mark.sum()) for mark in cross.finite] == [1, 4, 4]
    assert cross.lattice.counts == [5, 8, 4]
    corner = cross.v_representation(2, 0)
    assert (corner.vertices, len(corner.rays), corner.lines) == (((0, 0),), 2, ())


def test_sign_0_at_infinity_means_parallel() -> None:
    network = ReLUNetwork.of([([[1, 0], [0, 1], [1, 0]], [0, 0, 5]), ([[1, 1, 1]], [0])])
    found = polyhedral_complex(network)
    up = found.points.tolist().index([0, 0, 1])
    assert found.signs[up].tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("layers", "domain", "f_vector", "euler", "lines", "neighbours"),
    [
        (WIDTH_ONE, LINE, (2, 3), -1, 0, 2),
        (WIDTH_ONE, UNIT_INTERVAL, (2, 1), 1, 0, 0),
        (NO_HIDDEN_LAYER, PLANE, (0, 0, 1), 1, 2, 0),
        (NO_HIDDEN_LAYER, SQUARE, (4, 4, 1), 1, 0, 0),
        (ALL_DEAD, LINE, (0, 1), -1, 1, 0),
        (ALL_DEAD, UNIT_INTERVAL, (2, 1), 1, 0, 0),
        ((([[0, 0, 0]], [1]), ([[1]], [0])), SPACE, (0, 0, 0, 1), -1, 3, 0),
        (RANK_DEFICIENT, SPACE, (0, 0, 2, 3), -1, 2, 2),
        (FREE_COORDINATE, SPACE, (0, 1, 4, 4), -1, 1, 4),
        (CENTRAL_PLANE, PLANE, (1, 6, 6), 1, 0, 6),
    ],
    ids=[
        "one input",
        "one input on an interval",
        "no hidden layer",
        "no hidden layer on a square",
        "all neurons dead",
        "all neurons dead on an interval",
        "a constant in three dimensions",
        "a first layer of rank 1",
        "a coordinate that nothing reads",
        "lines through one point",
    ],
)
def test_small_complexes(
    layers: Layers, domain: Polyhedron, f_vector: tuple[int, ...], euler: int, lines: int, neighbours: int
) -> None:
    found = polyhedral_complex(ReLUNetwork.of(layers), domain)
    assert (found.f_vector, found.euler_characteristic) == (f_vector, euler)
    assert (found.dimension, len(found.lines)) == (domain.dimension, lines)
    assert found.neighbours().shape == (neighbours, 2)
    assert found.incidence(found.lattice.dimension).shape[1] == 2


def test_the_quotient_is_lifted_again() -> None:
    found = polyhedral_complex(ReLUNetwork.of(RANK_DEFICIENT))
    assert (found.dropped, found.lattice.counts) == ((0, 2), [4, 3])
    assert found.lines == ((1, -1, 0), (0, 0, 1))
    vertices = {found.point(number) for number in np.flatnonzero(found.finite[0]).tolist()}
    assert vertices == {(0, 0, 0), (0, 1, 0)}
    assert {found.point(n) for n in np.flatnonzero(~found.finite[0]).tolist()} == {(0, -1, 0), (0, 1, 0)}
    middle = next(cell for cell in range(3) if len(found.v_representation(1, cell).vertices) == 2)
    assert found.v_representation(1, middle).lines == found.lines


def test_a_single_cell_is_one_point_of_the_quotient() -> None:
    found = polyhedral_complex(ReLUNetwork.of(NO_HIDDEN_LAYER))
    assert (found.cells, found.lattice.counts, found.vertices_of(0)[0].tolist()) == (1, [1], [0])
    assert found.v_representation(0, 0).vertices == ((0, 0),)
    assert found.v_representation(0, 0).lines == ((1, 0), (0, 1))
