"""Distances in three norms, against the vertices of the sets above their graphs and against random points."""

import pytest
from gmpy2 import mpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.strategies import forms, points, polyhedra
from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import InputError
from verishallow.explain.distances import NORMS, Distances, Norm, is_empty, nearest, norm_named
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.slices import Slice

SQUARE = Polyhedron.box([(1, 2), (1, 3)])


def above_the_graph(target: Vector, polyhedron: Polyhedron, norm: Norm) -> mpq:
    """The least height of the vertices of {(x, t) : x in the polyhedron, t at least the error}, found by cddlib."""
    n = polyhedron.dimension
    signs = [(s,) * n for s in (1, -1)] if n == 1 else [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    if n == 3:
        signs = [(*pair, s) for pair in signs for s in (1, -1)]
    if norm == "linf":
        signs = [tuple(s if i == j else 0 for j in range(n)) for i in range(n) for s in (1, -1)]
    rows = [AffineForm((*form.row, mpq(0))) for form in polyhedron.inequalities]
    for row in signs:
        shift = sum((s * x for s, x in zip(row, target, strict=True)), mpq(0))
        rows.append(AffineForm.of([shift, *(-s for s in row), 1]))
    found = Polyhedron(n + 1, tuple(rows)).v_representation
    return min(vertex[-1] for vertex in found.vertices)


@given(st.data(), polyhedra(), st.sampled_from(["l1", "linf"]))
@settings(max_examples=60, deadline=None)
def test_programs_find_the_least_height(data: st.DataObject, polyhedron: Polyhedron, norm: Norm) -> None:
    target = data.draw(points(polyhedron.dimension))
    found = nearest(target, polyhedron, norm)
    assert (found is None) == is_empty(polyhedron) == (not polyhedron.v_representation.vertices)
    if found is not None:
        apart = Distances.between(found.point, target)
        assert found.distance == (apart.l1 if norm == "l1" else apart.linf) == above_the_graph(target, polyhedron, norm)
        assert polyhedron.contains(found.point)


@given(st.data(), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_hyperplanes_are_polyhedra(data: st.DataObject, dimension: int) -> None:
    form, point = data.draw(forms(dimension)), data.draw(points(dimension))
    assume(not form.is_constant())
    plane = Polyhedron(dimension, (form, -form))
    assert Distances.to_hyperplane(point, form) == Distances.to_polyhedron(point, plane)


@pytest.mark.parametrize("norm", NORMS)
def test_on_a_slice_the_distance_is_measured_in_the_inputs(norm: Norm) -> None:
    line = Slice.line([0, 0], [3, 1])
    found = nearest((mpq(0), mpq(10)), Polyhedron.box([(0, 100)]), norm, line.affine_map)
    assert found is not None
    apart = Distances.between(line.affine_map(found.point), (mpq(0), mpq(10)))
    expected = {"l1": (mpq(0), mpq(10)), "l2": (mpq(1), mpq(90)), "linf": (mpq(5, 2), mpq(15, 2))}
    assert (found.point[0], found.distance) == expected[norm]
    assert found.distance == {"l1": apart.l1, "l2": apart.l2_squared, "linf": apart.linf}[norm]


@given(st.data(), st.sampled_from(NORMS))
@settings(max_examples=40, deadline=None)
def test_no_point_of_a_skew_slice_is_nearer(data: st.DataObject, norm: Norm) -> None:
    image = AffineMap.of([[1, 2, 0], [0, 1, -1], [-1, 1, 3]])
    target, square = data.draw(points(3)), Polyhedron.box([(-1, 1), (0, 2)])
    found = nearest(target, square, norm, image)
    assert found is not None
    for corner in [*square.v_representation.vertices, data.draw(points(2))]:
        if square.contains(corner):
            for share in (mpq(1, 64), mpq(1, 2), mpq(1)):
                other = tuple(a + share * (b - a) for a, b in zip(found.point, corner, strict=True))
                apart = Distances.between(image(other), target)
                assert {"l1": apart.l1, "l2": apart.l2_squared, "linf": apart.linf}[norm] >= found.distance


def test_a_square_seen_from_the_origin() -> None:
    assert Distances.to_polyhedron((mpq(0), mpq(0)), SQUARE) == Distances(mpq(2), mpq(2), mpq(1))
    assert Distances.to_polyhedron((mpq(3, 2), mpq(2)), SQUARE) == Distances(mpq(0), mpq(0), mpq(0))


def test_a_flat_polyhedron_is_not_empty() -> None:
    assert not is_empty(Polyhedron.of([[0, 1, 0], [0, -1, 0]]))
    assert is_empty(Polyhedron.of([[0, 1, 0], [-1, -1, 0]]))
    assert is_empty(Polyhedron.of([[-1, 0, 0]]))


def test_an_unknown_norm_is_refused() -> None:
    assert [norm_named(norm) for norm in NORMS] == list(NORMS)
    with pytest.raises(InputError, match="norm: expected one of l1, l2, linf, found 'L2'"):
        norm_named("L2")
