"""The nearest point in a Euclidean metric, against the nearest points of the affine hulls of all faces."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import points, polyhedra
from verishallow.affine import rank
from verishallow.errors import ProofError
from verishallow.explain.linear_algebra import difference, dot, gram_matrix, solved
from verishallow.explain.projection import _Metric, _prove, projection
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, vector


def identity(size: int) -> tuple[Vector, ...]:
    return tuple(tuple(mpq(int(i == j)) for j in range(size)) for i in range(size))


def squared(gram: tuple[Vector, ...], step: Vector) -> mpq:
    return dot(step, [dot(row, step) for row in gram])


def on_hulls(start: Vector, polyhedron: Polyhedron, gram: tuple[Vector, ...]) -> Iterator[Vector]:
    """The points of the polyhedron that are nearest on the common zeros of some of its inequalities."""
    n = len(start)
    for size in range(n + 1):
        for forms in combinations(polyhedron.inequalities, size):
            normals = [form.linear for form in forms]
            if rank(normals) == size:
                # gram (y - start) = sum of multipliers times normals, and every form vanishes at y.
                rows = [(*row, *(-a[i] for a in normals)) for i, row in enumerate(gram)]
                rows += [(*a, *(mpq(0) for _ in forms)) for a in normals]
                right = [*(dot(row, start) for row in gram), *(-form.constant for form in forms)]
                point = solved(rows, right)[:n]
                if polyhedron.contains(point):
                    yield point


@st.composite
def metrics(draw: st.DrawFn, dimension: int) -> tuple[Vector, ...]:
    """Positive definite matrices: R^T R + 1."""
    entries = st.lists(st.integers(-2, 2), min_size=dimension, max_size=dimension)
    rows = [vector(draw(entries)) for _ in range(dimension)]
    products = gram_matrix(list(zip(*rows, strict=True)))
    return tuple(tuple(a + (i == j) for j, a in enumerate(row)) for i, row in enumerate(products))


@given(st.data(), polyhedra(), st.booleans())
@settings(max_examples=120, deadline=None)
def test_it_is_the_nearest_of_all_faces(data: st.DataObject, polyhedron: Polyhedron, plain: bool) -> None:
    start = data.draw(points(polyhedron.dimension))
    gram = identity(polyhedron.dimension) if plain else data.draw(metrics(polyhedron.dimension))
    found = projection(start, polyhedron, None if plain else gram)
    least = min((squared(gram, difference(y, start)) for y in on_hulls(start, polyhedron, gram)), default=None)
    if found is None:
        assert least is None
    else:
        assert polyhedron.contains(found.point)
        assert least == found.squared_distance == squared(gram, difference(found.point, start))


def test_a_point_inside_is_its_own_projection() -> None:
    found = projection((mpq(1, 3), mpq(0)), Polyhedron.box([(-1, 1), (-1, 1)]))
    assert found is not None
    assert (found.point, found.squared_distance, found.multipliers) == ((mpq(1, 3), mpq(0)), 0, ())


def test_a_constraint_that_was_held_is_let_go() -> None:
    # The most violated row is held first; once the second is held too it would have to pull.
    wedge = Polyhedron.of([[-4, 1, 1], [-3, 1, 0]])
    found = projection((mpq(2), mpq(-5)), wedge)
    assert found is not None
    assert wedge.contains(found.point)
    assert found.point == (mpq("11/2"), mpq("-3/2"))


@pytest.mark.parametrize(
    "rows",
    [[[-1, 1], [-1, -1]], [[-1, 0]], [[-1, 1, 0], [0, -1, 0]], [[-1, 1, 1], [0, -1, 0], [0, 0, -1]]],
)
def test_an_empty_polyhedron_has_no_nearest_point(rows: list[list[int]]) -> None:
    polyhedron = Polyhedron.of(rows)
    assert projection((mpq(0),) * polyhedron.dimension, polyhedron) is None


def test_many_dimensions() -> None:
    simplex = Polyhedron.of([[-1] + [1] * 40, *([0] + [int(i == j) for j in range(40)] for i in range(40))])
    found = projection((mpq(0),) * 40, simplex)
    assert found is not None
    assert found.squared_distance == mpq(1, 40)


def test_a_wrong_answer_is_not_proved() -> None:
    polyhedron, start = Polyhedron.of([[-1, 1, 0], [-2, 1, 1]]), (mpq(0), mpq(0))
    found = projection(start, polyhedron)
    assert found is not None
    wrong = [
        replace(found, point=(mpq(3), mpq(0))),
        replace(found, point=(mpq(0), mpq(0)), multipliers=()),
        replace(found, multipliers=tuple((number, -value) for number, value in found.multipliers)),
        replace(found, multipliers=((0, mpq(1)),)),
    ]
    for other in wrong:
        with pytest.raises(ProofError, match="is not proved"):
            _prove(other, start, polyhedron, _Metric(None))
