"""Signed faces: at every point the signs add up to 1, and every reason that keeps them few verifies."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.examples import CENTRAL_PLANE, CENTRAL_SPACE, CUBE, EXAMPLES, PLANE, SPACE, SQUARE, TRIANGLE, each_example
from tests.strategies import directions, domains, points, problems
from verishallow.affine import AffineForm, side_of
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, vector
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Cell, Leaf, PathConstraint, Redundant
from verishallow.shallow.signed_faces import GatedLeaf, SignedFace, candidates, gated_leaf, in_order

STRICT, CLOSED = True, False
GENERIC_LINES = (([[1, 2], [-2, 1], [1, -1]], ["1/3", "1/5", "1/7"]), ([[1, 2, 4]], [0]))
ALL_THROUGH_ONE_POINT = (([[1, 0], [0, 1], [1, 1], [1, -1], [1, 2]], [0, 0, 0, 0, 0]), ([[1, 2, 4, 8, 16]], [0]))


def cell_of(domain: Polyhedron, *path: tuple[Sequence[Any], bool]) -> Cell:
    """The cell of a path: pairs (row, whether it is strict)."""
    forms = [AffineForm.of(row).primitive() for row, _ in path]
    violations = [-number * side_of(form) for number, form in enumerate(forms, start=1)]
    return built(domain, map(PathConstraint, forms, violations, [strict for _, strict in path]))[0]


def built(domain: Polyhedron, path: Iterable[PathConstraint]) -> tuple[Cell, list[Redundant]]:
    """The cell of a path, and what each step drops."""
    cell, dropped = Cell.whole(domain), []
    for constraint in path:
        cell, redundant = cell.split_off(constraint)
        dropped.append(redundant)
    return cell, dropped


def strict_numbers(cell: Cell) -> set[int]:
    return {number for number in cell.path_numbers() if cell.path_number(number).strict}


# ------------------------------------------------------------------------------------------ One cell


def in_half_open(cell: Cell, at: Vector) -> bool:
    values = [form(at) for form in cell.constraints]
    return min(values, default=0) >= 0 and all(values[number] > 0 for number in strict_numbers(cell))


def signed_sum(cell: Cell, faces: Iterable[SignedFace], at: Vector) -> int:
    """The signs of the faces that contain a point, taken from the sets of constraints that vanish on them."""
    if any(form(at) < 0 for form in cell.constraints):
        return 0
    return sum(face.sign for face in faces if not any(cell.constraints[number](at) for number in face.on))


def gated_sum(cell: Cell, faces: Iterable[SignedFace], at: Vector) -> int:
    """The same sum, taken from the violation units that gate each face."""
    units = {cell.path_number(number).violation: cell.constraints[number](at) for number in cell.path_numbers()}
    open_gates = {gate for unit, value in units.items() for gate in _open_gates(unit, value)}
    return sum(face.sign for face in faces if open_gates.issuperset(face.gates))


def _open_gates(unit: int, value: mpq) -> list[int]:
    """Of the unit ReLU(-c) and its mirror image ReLU(c): those that are 0."""
    return [gate for gate, opens in ((unit, value >= 0), (-unit, value <= 0)) if opens]


def interesting_points(cell: Polyhedron) -> list[Vector]:
    """Vertices, midpoints of pairs of vertices, points along rays and lines, a point inside."""
    generators = cell.v_representation
    vertices = list(generators.vertices)
    midpoints = [tuple((a + b) / 2 for a, b in zip(*pair, strict=True)) for pair in combinations(vertices, 2)]
    along = [
        tuple(v + 2 * r for v, r in zip(vertex, ray, strict=True))
        for vertex in vertices
        for ray in (*generators.rays, *generators.lines)
    ]
    inside = generators.relative_interior_point()
    return [*vertices, *midpoints, *along, *([] if inside is None else [inside])]


def check_dropped(cell: Cell) -> None:
    """Each constraint is dropped once, for a reason over those that are left; in the end the facets are left."""
    again, steps = built(cell.domain, cell.path)
    left = {*range(len(cell.constraints))}
    positive: set[int] = set()
    assert again == cell
    for step in steps:
        now = {number for number, _ in step.constraints}
        assert now <= left & {*cell.path_numbers()}
        left -= now
        for number, reason in step.constraints:
            bound = reason.lower_bound(cell.constraints[number], cell.constraints)
            assert bound >= 0
            assert reason.support() <= left
            positive |= {number} if bound > 0 or reason.support() & strict_numbers(cell) else set()
    assert left & {*cell.path_numbers()} == {*cell.facets} & {*cell.path_numbers()}
    assert cell.positive == positive & strict_numbers(cell)


def check_absent(cell: Cell, gated: GatedLeaf) -> None:
    for on, reason in gated.absent:
        *equations, last = on
        assert reason.lower_bound(cell.constraints[last], cell.constraints, equations) > 0


def check_faces(cell: Cell, gated: GatedLeaf) -> None:
    """The faces and the absent sets account for every set of the strict constraints that matter."""
    present = {face.on for face in gated.faces}
    absent = [frozenset(on) for on, _ in gated.absent]
    strict = sorted({number for on in (*present, *absent) for number in on})
    assert len(present) == len(gated.faces)
    assert {*strict} <= strict_numbers(cell)
    for size in range(len(strict) + 1):
        for on in combinations(strict, size):
            assert (on in present) != any(never <= {*on} for never in absent)


def check_cell(cell: Cell, more: Iterable[Vector] = ()) -> GatedLeaf:
    gated = gated_leaf(cell, "exact")
    check_dropped(cell)
    check_absent(cell, gated)
    check_faces(cell, gated)
    for at in (*interesting_points(cell.polyhedron), *more):
        assert signed_sum(cell, gated.faces, at) == in_half_open(cell, at)
        if cell.domain.contains(at):
            assert gated_sum(cell, gated.faces, at) == in_half_open(cell, at)
    return gated


def polygonal_cone(facets: int) -> list[tuple[list[int], bool]]:
    """A pointed cone around the z-axis with this many facets, each of them strict."""
    return [([0, 2 * k, k * k - 1, k * k + 1], STRICT) for k in range(-(facets // 2), facets - facets // 2)]


@pytest.mark.parametrize(
    ("domain", "path", "faces", "absent"),
    [
        (PLANE, [], 1, 0),
        (PLANE, [([0, 1, 0], CLOSED)], 1, 0),
        (PLANE, [([0, 1, 0], STRICT)], 2, 0),
        (PLANE, [([0, 1, 0], STRICT), ([0, 0, 1], STRICT)], 4, 0),
        (PLANE, [([0, 1, 0], STRICT), ([0, 0, 1], CLOSED)], 2, 0),
        (PLANE, [([0, 1, 0], STRICT), ([1, -1, 0], STRICT)], 3, 1),
        (SQUARE, [([0, 1, 0], STRICT), ([0, 0, 1], STRICT), ([1, -1, -1], STRICT)], 7, 1),
        (PLANE, [([1, 1, 0], STRICT), ([1, 0, 1], STRICT), ([1, -1, 0], STRICT), ([1, 0, -1], STRICT)], 9, 2),
        (SPACE, polygonal_cone(3), 8, 0),
        (SPACE, polygonal_cone(5), 32, 0),
        (SPACE, polygonal_cone(7), 128, 0),
        (PLANE, [([0, 1, 0], CLOSED), ([0, 0, 1], CLOSED), ([0, 1, 1], STRICT)], 2, 0),
        (PLANE, [([0, 1, 0], STRICT), ([0, 0, 1], CLOSED), ([0, 1, 1], STRICT)], 2, 0),
        (PLANE, [([0, 1, 0], STRICT), ([0, 0, 1], STRICT), ([0, 1, 1], STRICT)], 4, 0),
        (PLANE, [([0, 1, 0], CLOSED), ([0, 0, 1], CLOSED), ([1, 1, 1], STRICT)], 1, 0),
        (PLANE, [([1, 1, 0], STRICT), ([0, 1, 0], CLOSED)], 1, 0),
        (PLANE, [([0, 1, 1], STRICT), ([0, 1, 0], STRICT), ([0, 0, 1], CLOSED), ([0, 1, -1], CLOSED)], 2, 0),
        (PLANE, [([0, 1, 1], STRICT), ([0, 1, 0], STRICT), ([0, 0, 1], CLOSED), ([0, 1, -1], STRICT)], 2, 0),
        (TRIANGLE, [([0, 1, 1], STRICT)], 2, 0),
        (TRIANGLE, [([0, 1, 1], STRICT), ([0, 2, 1], STRICT)], 4, 0),
        (TRIANGLE, [([0, 1, 1], STRICT), ([2, -1, -2], STRICT)], 3, 1),
        (TRIANGLE, [([0, 1, 0], STRICT)], 2, 0),
    ],
    ids=[
        "all of the plane",
        "a closed half-plane",
        "an open half-plane",
        "an open quadrant",
        "a half-open quadrant",
        "an open strip",
        "an open triangle",
        "an open square",
        "an open cone with three facets",
        "an open cone with five facets",
        "an open cone with seven facets",
        "redundant and strict, touching a vertex",
        "redundant, strict, implied by a kept strict one",
        "redundant, strict, implied by both kept strict ones",
        "redundant, strict, and positive throughout",
        "superseded by a later constraint",
        "positive because of a strict one that is dropped later and stays",
        "positive because of a strict one that is dropped later and is positive itself",
        "strict, touching a vertex of the domain",
        "two strict ones that touch one vertex of the domain",
        "two strict ones that touch two vertices of the domain",
        "strict, on a facet of the domain",
    ],
)
def test_the_faces_of_one_cell(domain: Polyhedron, path: list[Any], faces: int, absent: int) -> None:
    gated = check_cell(cell_of(domain, *path))
    assert (len(gated.faces), len(gated.absent)) == (faces, absent)


@given(
    st.integers(2, 3).flatmap(lambda n: st.tuples(domains(n), points(n), st.lists(points(n), max_size=6))), st.data()
)
@settings(max_examples=60, deadline=None)
def test_a_random_path_with_random_marks(drawn: tuple[Polyhedron, Vector, list[Vector]], data: st.DataObject) -> None:
    domain, centre, more = drawn
    rows = st.lists(st.tuples(directions(domain.dimension), st.integers(0, 1), st.booleans()), max_size=6)
    path = [(_half_space(a, centre, slack), strict) for a, slack, strict in data.draw(rows)]
    assume(_has_interior(domain, [row for row, _ in path]))
    check_cell(cell_of(domain, *path), more)


def _half_space(direction: Sequence[int], centre: Vector, slack: int) -> list[mpq]:
    """``a.(x - centre) + slack``: several of slack 0 meet in the centre."""
    return [slack - sum(a * x for a, x in zip(direction, centre, strict=True)), *map(mpq, direction)]


def _has_interior(domain: Polyhedron, rows: list[list[mpq]]) -> bool:
    forms = (*domain.inequalities, *map(AffineForm.of, rows))
    return Polyhedron(domain.dimension, forms).affine_dimension() == domain.dimension


@each_example
def test_ignored_boundaries_leave_the_closed_cell_alone(name: str) -> None:
    for leaf in _leaves(EXAMPLES[name].network, EXAMPLES[name].domain, generic_point(EXAMPLES[name].domain)):
        exact, ignored = gated_leaf(leaf.cell, "exact"), gated_leaf(leaf.cell, "ignore")
        assert ignored == GatedLeaf((exact.faces[0],), ())
        assert exact.faces[0].on == ()


# ------------------------------------------------------------------------------------- All cells of a tree


def _leaves(network: ReLUNetwork, domain: Polyhedron, reference: Vector) -> list[Leaf]:
    return [node for node in cdd_engine(network, domain, reference) if isinstance(node, Leaf)]


def check_partition(network: ReLUNetwork, domain: Polyhedron, reference: Vector, more: Iterable[Vector] = ()) -> int:
    """The number of faces, once the signs add up to 1 and the signed maps to the network at every point."""
    leaves = _leaves(network, domain, reference)
    gated = [check_cell(leaf.cell) for leaf in leaves]
    special = {at for leaf in leaves for at in interesting_points(leaf.cell.polyhedron)}
    for at in special | {at for at in more if domain.contains(at)}:
        sums = [signed_sum(leaf.cell, those.faces, at) for leaf, those in zip(leaves, gated, strict=True)]
        assert sorted(sums)[-2:] in ([0, 1], [1])
        assert sum(sums) == 1
        assert leaves[sums.index(1)].affine_map(at) == network(at)
    return sum(len(those.faces) for those in gated)


@each_example
def test_the_signs_of_the_examples(name: str) -> None:
    example = EXAMPLES[name]
    check_partition(example.network, example.domain, generic_point(example.domain))


@given(problems(most_neurons=6), st.data())
@settings(max_examples=30, deadline=None)
def test_the_signs_of_random_networks(problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject) -> None:
    network, domain = problem
    more = data.draw(st.lists(points(network.inputs), max_size=6))
    check_partition(network, domain, data.draw(points(network.inputs)), more)


@pytest.mark.parametrize(
    "reference",
    [["1/100", "3/1000"], [0, 0], [2, 2], [-2, "1/5"], [1, 0], [0, 5], [100, "-1/3"], [-7, -7]],
    ids=[
        "generic",
        "on every hyperplane",
        "a vertex of the domain",
        "on a facet of the domain",
        "on one hyperplane",
        "outside, on a hyperplane",
        "far outside",
        "outside, on two hyperplanes",
    ],
)
@pytest.mark.parametrize("domain", [PLANE, SQUARE, TRIANGLE], ids=["the plane", "a square", "a triangle"])
@pytest.mark.parametrize("layers", [CENTRAL_PLANE, GENERIC_LINES, ALL_THROUGH_ONE_POINT])
def test_any_reference_point_is_sound(layers: tuple[Any, ...], domain: Polyhedron, reference: list[Any]) -> None:
    assert check_partition(ReLUNetwork.of(layers), domain, vector(reference)) >= 1


@pytest.mark.parametrize("reference", [["1/7", "2/11", "-1/13"], [0, 0, 0], [1, -1, 0], [5, 0, 0]])
@pytest.mark.parametrize("domain", [SPACE, CUBE], ids=["space", "a cube"])
def test_any_reference_point_is_sound_in_space(domain: Polyhedron, reference: list[Any]) -> None:
    assert check_partition(ReLUNetwork.of(CENTRAL_SPACE), domain, vector(reference)) >= 14


def test_a_generic_reference_point_leaves_one_face_for_each_interior_face_of_the_arrangement() -> None:
    # Three lines in general position inside the square: 7 cells, 9 edges and 3 vertices inside.
    lines = ReLUNetwork.of(GENERIC_LINES)
    assert check_partition(lines, SQUARE, generic_point(SQUARE)) == 7 + 9 + 3


# ----------------------------------------------------------------------------------------------- Small parts


@pytest.mark.parametrize(("on", "sign"), [((), 1), ((4,), -1), ((4, 7), 1), ((1, 2, 9), -1)])
def test_the_sign_of_a_face(on: tuple[int, ...], sign: int) -> None:
    assert SignedFace(on, ()).sign == sign


@pytest.mark.parametrize(
    ("gates", "expected"), [((), ()), ((2, -1, 1, 2), (-1, 1, 2)), ((3, -3, -10, 2), (2, -3, 3, -10))]
)
def test_gates_are_named_in_order(gates: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert in_order(gates) == expected


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ({()}, [(1,), (2,), (5,)]),
        ({(1,), (2,), (5,)}, [(1, 2), (1, 5), (2, 5)]),
        ({(1,), (5,)}, [(1, 5)]),
        ({(1, 2), (1, 5)}, []),
        ({(1, 2), (1, 5), (2, 5)}, [(1, 2, 5)]),
    ],
)
def test_candidates_have_all_their_subsets_present(
    present: set[tuple[int, ...]], expected: list[tuple[int, ...]]
) -> None:
    assert list(candidates(present, [1, 2, 5])) == expected
