"""Polyhedra in both representations: round trips, minima with their reasons, interior points, facets."""

from collections.abc import Iterable
from contextlib import nullcontext
from fractions import Fraction
from typing import Any

import cdd
import cdd.gmp
import pytest
from gmpy2 import mpq
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.examples import CONE, CUBE, DOMAINS, LINE, PLANE, SQUARE, STRIP, TRIANGLE, UNIT_INTERVAL, WEDGE
from tests.strategies import domains, forms, points, polyhedra
from verishallow.affine import AffineForm
from verishallow.errors import DomainError, ProofError
from verishallow.polyhedron import Polyhedron, VRepresentation, simplest_point
from verishallow.rationals import Vector, vector

EMPTY = Polyhedron.of([[0, 1, 0], [-1, -1, 0]])
NOWHERE = Polyhedron.of([[-1, 0, 0]])
FLAT = Polyhedron.of([[0, 1, 0], [0, -1, 0]])
SEGMENT = Polyhedron.of([[0, 1, 0], [0, -1, 0], [1, 0, 1], [1, 0, -1]])
A_POINT = Polyhedron.of([[-1, 2], [1, -2]])

each_domain = pytest.mark.parametrize("name", DOMAINS)
with_form = polyhedra().flatmap(lambda p: st.tuples(st.just(p), forms(p.dimension)))


# ---------------------------------------------------------------------------------- Both representations


@pytest.mark.parametrize(
    ("polyhedron", "vertices", "rays", "lines", "dimension"),
    [
        (LINE, 1, 0, 1, 1),
        (PLANE, 1, 0, 2, 2),
        (UNIT_INTERVAL, 2, 0, 0, 1),
        (SQUARE, 4, 0, 0, 2),
        (CUBE, 8, 0, 0, 3),
        (TRIANGLE, 3, 0, 0, 2),
        (WEDGE, 1, 2, 0, 2),
        (CONE, 1, 4, 0, 3),
        (STRIP, 2, 0, 1, 2),
        (EMPTY, 0, 0, 0, -1),
        (NOWHERE, 0, 0, 0, -1),
        (FLAT, 1, 0, 1, 1),
        (SEGMENT, 2, 0, 0, 1),
        (A_POINT, 1, 0, 0, 0),
    ],
)
def test_generators_and_dimensions(
    polyhedron: Polyhedron, vertices: int, rays: int, lines: int, dimension: int
) -> None:
    found = polyhedron.v_representation
    assert (len(found.vertices), len(found.rays), len(found.lines)) == (vertices, rays, lines)
    assert polyhedron.affine_dimension() == dimension


def test_a_moved_apex_is_found_where_it_is() -> None:
    assert WEDGE.v_representation.vertices == (vector([1, 2]),)
    assert set(WEDGE.v_representation.rays) == {vector([0, 1]), vector([1, 1])}
    assert CONE.v_representation.vertices == (vector([1, 1, 1]),)


@given(polyhedra())
def test_from_inequalities_to_generators_and_back(polyhedron: Polyhedron) -> None:
    found = polyhedron.v_representation
    assert _holds_on(polyhedron.inequalities, found)
    if found.vertices:
        back = _hull(found)
        assert _holds_on(back.inequalities, found)
        assert _holds_on(back.inequalities, polyhedron.v_representation)
        assert _same_set(back, polyhedron)
    else:
        assert _minimum_of_slack(polyhedron) < 0


def _holds_on(inequalities: Iterable[AffineForm], generators: VRepresentation) -> bool:
    return all(-1 not in generators.signs(form) for form in inequalities)


def _hull(generators: VRepresentation) -> Polyhedron:
    """The H-representation that cddlib finds for generators."""
    lines = range(len(generators.homogeneous) - len(generators.lines), len(generators.homogeneous))
    rows = [[Fraction(int(a.numerator), int(a.denominator)) for a in row] for row in generators.homogeneous]
    matrix = cdd.gmp.matrix_from_array(rows, lin_set=set(lines), rep_type=cdd.RepType.GENERATOR)
    found = cdd.gmp.copy_inequalities(cdd.gmp.polyhedron_from_matrix(matrix))
    forms_found = [AffineForm.of(row) for row in found.array]
    equations = [-forms_found[index] for index in found.lin_set]
    return Polyhedron(len(rows[0]) - 1, tuple(forms_found + equations))


def _same_set(one: Polyhedron, other: Polyhedron) -> bool:
    return _holds_on(one.inequalities, other.v_representation) and _holds_on(other.inequalities, one.v_representation)


def _minimum_of_slack(polyhedron: Polyhedron) -> mpq:
    """The greatest t <= 1 such that some point satisfies every inequality with slack t, by a linear program."""
    lifted = [AffineForm((*form.row, mpq(-1))) for form in polyhedron.inequalities]
    bounded = Polyhedron(polyhedron.dimension + 1, (*lifted, AffineForm.of([1] + [0] * polyhedron.dimension + [-1])))
    least = bounded.minimise(-AffineForm.coordinate(polyhedron.dimension, polyhedron.dimension + 1)).value
    assert least is not None
    return -least


@pytest.mark.parametrize(
    ("polyhedron", "row", "signs"),
    [
        (SQUARE, [0, 1, 0], {-1, 1}),
        (SQUARE, [2, 1, 0], {0, 1}),
        (SQUARE, [3, 1, 0], {1}),
        (SQUARE, [0, 0, 0], {0}),
        (STRIP, [0, 1, -1], {-1, 1}),
        (STRIP, [-2, 1, 1], {-1}),
        (WEDGE, [-1, 1, 0], {0, 1}),
        (WEDGE, [0, 1, 0], {0, 1}),
        (WEDGE, [0, -1, 0], {-1, 0}),
        (EMPTY, [1, 0, 0], set()),
    ],
)
def test_signs_on_the_generators(polyhedron: Polyhedron, row: list[int], signs: set[int]) -> None:
    found = polyhedron.v_representation.signs(AffineForm.of(row))
    assert found >= signs if polyhedron is STRIP else found == signs


# ------------------------------------------------------------------------------------------------ Minima


@given(with_form)
def test_a_minimum_is_the_least_over_the_generators(drawn: tuple[Polyhedron, AffineForm]) -> None:
    polyhedron, form = drawn
    assume(polyhedron.v_representation.vertices)
    minimum = polyhedron.minimise(form)
    assert minimum.value == _least(polyhedron, form)
    if minimum.value is not None:
        assert minimum.reason.lower_bound(form, polyhedron.inequalities) == minimum.value


def _least(polyhedron: Polyhedron, form: AffineForm) -> mpq | None:
    generators = polyhedron.v_representation
    origin = form.constant
    if any(form(ray) < origin for ray in generators.rays) or any(form(line) != origin for line in generators.lines):
        return None
    return min(form(vertex) for vertex in generators.vertices)


@given(st.integers(1, 3).flatmap(lambda n: st.tuples(domains(n), forms(n))), st.data())
def test_a_minimum_on_a_face(drawn: tuple[Polyhedron, AffineForm], data: st.DataObject) -> None:
    polyhedron, form = drawn
    assume(polyhedron.inequalities)
    equations = data.draw(st.sets(st.integers(0, len(polyhedron.inequalities) - 1), max_size=2))
    face = Polyhedron(
        polyhedron.dimension, (*polyhedron.inequalities, *(-polyhedron.inequalities[i] for i in equations))
    )
    assume(face.v_representation.vertices)
    minimum = polyhedron.minimise(form, equations)
    assert minimum.value == _least(face, form)
    if minimum.value is not None:
        assert minimum.reason.lower_bound(form, polyhedron.inequalities, equations) == minimum.value


@pytest.mark.parametrize("name", ["the line", "a wedge", "a strip", "a half-line"])
def test_an_unbounded_minimum_is_none(name: str) -> None:
    polyhedron = DOMAINS[name]
    downwards = -AffineForm.of([0] + [1] * (polyhedron.dimension - 1) + [2])
    assert polyhedron.minimise(downwards).value is None


@given(with_form)
def test_a_point_below_zero_is_found_where_there_is_one(drawn: tuple[Polyhedron, AffineForm]) -> None:
    polyhedron, form = drawn
    assume(polyhedron.v_representation.vertices)
    point, least = polyhedron.point_below_zero(form), _least(polyhedron, form)
    if point is None:
        assert least is not None
        assert least >= 0
        return
    assert polyhedron.contains(point)
    assert form(point) < 0
    assert least is None or form(point) == least


@given(with_form)
def test_a_minimiser_has_the_least_value(drawn: tuple[Polyhedron, AffineForm]) -> None:
    polyhedron, form = drawn
    assume(polyhedron.v_representation.vertices)
    least = _least(polyhedron, form)
    assume(least is not None)
    point = polyhedron.minimiser(form)
    assert polyhedron.contains(point)
    assert form(point) == least


@pytest.mark.parametrize(
    ("polyhedron", "row", "found"),
    [
        (SQUARE, [1, 1, 0], -1),
        (SQUARE, [2, 1, 0], None),
        (SQUARE, [-1, 0, 0], -1),
        (SQUARE, [0, 0, 0], None),
        (A_POINT, [0, -1], "-1/2"),
        (LINE, [0, 1], -1),
        (LINE, [-7, 1], -7),
        (STRIP, [5, 1, -1], -1),
        (WEDGE, [0, -1, 0], -1),
    ],
)
def test_points_below_zero_by_hand(polyhedron: Polyhedron, row: list[Any], found: Any) -> None:
    """The value at the point: the least one, or some value below 0 where there is no least."""
    form = AffineForm.of(row)
    point = polyhedron.point_below_zero(form)
    assert (None if point is None else form(point)) == (None if found is None else mpq(found))


def test_an_empty_polyhedron_has_no_minimum() -> None:
    with pytest.raises(ProofError, match="non-empty polyhedron"):
        EMPTY.minimise(AffineForm.of([0, 1, 0]))


# --------------------------------------------------------------------------------------- Points and facets


@given(st.integers(1, 3).flatmap(domains))
def test_a_full_dimensional_polyhedron_has_an_interior_point(polyhedron: Polyhedron) -> None:
    assert polyhedron.contains_strictly(polyhedron.interior_point())
    assert polyhedron.affine_dimension() == polyhedron.dimension
    inside = polyhedron.v_representation.relative_interior_point()
    assert inside is not None
    assert polyhedron.contains_strictly(inside)


BOXES: dict[str, tuple[list[list[Any]], str | None]] = {
    "a box, with one bound twice": ([["1/3", 1, 0], [1, -1, 0], [5, -2, 0], [0, 0, 1], [1, 0, -1]], None),
    "a flat box": ([[0, 1, 0], [0, -1, 0], [0, 0, 1], [1, 0, -1]], "is flat"),
    "an empty box": ([[0, 1, 0], [-1, -1, 0], [0, 0, 1], [1, 0, -1]], "is empty"),
    "an unbounded box": ([[0, 1, 0], [1, -1, 0], [0, 0, 1]], None),
    "a triangle": ([[0, 1, 0], [0, 0, 1], [1, -1, -1]], None),
}


@pytest.mark.parametrize("name", BOXES)
def test_boxes_of_many_inputs_need_no_linear_program(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    rows, error = BOXES[name]
    box = Polyhedron.of(rows)
    monkeypatch.setattr("verishallow.polyhedron.MANY", 1)
    if name.startswith("a box"):
        monkeypatch.setattr(Polyhedron, "_deepest", None)
    with pytest.raises(DomainError, match=error) if error else nullcontext():
        assert box.contains_strictly(box.interior_point())


def test_an_interior_point_of_a_box_of_784_inputs() -> None:
    pixels = Polyhedron.box([(0, "1/255")] * 784)
    assert pixels.interior_point() == (mpq(1, 510),) * 784


@given(polyhedra())
def test_an_interior_point_exists_just_when_the_dimension_is_full(polyhedron: Polyhedron) -> None:
    polyhedron = polyhedron.normalised()
    if polyhedron.affine_dimension() == polyhedron.dimension:
        assert polyhedron.contains_strictly(polyhedron.interior_point())
    else:
        with pytest.raises(DomainError, match=r"flat|empty"):
            polyhedron.interior_point()


@pytest.mark.parametrize(
    ("polyhedron", "fragment"),
    [(EMPTY, "is empty"), (NOWHERE, "is empty"), (FLAT, "is flat"), (SEGMENT, "is flat"), (A_POINT, "is flat")],
)
def test_a_polyhedron_without_interior_is_called_by_its_name(polyhedron: Polyhedron, fragment: str) -> None:
    with pytest.raises(DomainError, match=fragment):
        polyhedron.interior_point()


@each_domain
def test_facets_are_the_irredundant_inequalities(name: str) -> None:
    polyhedron = DOMAINS[name]
    assert polyhedron.facets == tuple(range(len(polyhedron.inequalities)))


@given(st.integers(1, 3).flatmap(domains))
def test_facets_agree_with_redundancy(polyhedron: Polyhedron) -> None:
    normalised = polyhedron.normalised()
    assume(normalised.inequalities)  # cddlib has no answer for a single row
    redundant = cdd.gmp.redundant_rows(normalised.matrix())
    constant = len(normalised.inequalities)
    assert {*normalised.facets} == {*range(constant)} - redundant
    assert constant in redundant


def test_a_facet_that_is_spelled_twice_is_listed_twice() -> None:
    assert Polyhedron.of([[0, 1], [0, 2], [1, 1]]).facets == (0, 1)


@given(polyhedra(), st.data())
def test_normalising_keeps_the_set(polyhedron: Polyhedron, data: st.DataObject) -> None:
    normalised, at = polyhedron.normalised(), data.draw(points(polyhedron.dimension))
    assert normalised.contains(at) == polyhedron.contains(at)
    assert _same_set(normalised, polyhedron)
    assert normalised.normalised() == normalised
    assert len(set(normalised.inequalities)) == len(normalised.inequalities)


@pytest.mark.parametrize(
    ("point", "closed", "strict"),
    [([0, 0], True, True), ([2, 0], True, False), (["-2", "2"], True, False), (["2.001", 0], False, False)],
)
def test_membership(point: list[Any], closed: bool, strict: bool) -> None:
    assert SQUARE.contains(point) == closed
    assert SQUARE.contains_strictly(point) == strict


@pytest.mark.parametrize(
    ("dimension", "rows", "fragment"),
    [(0, (), "dimension >= 1, found 0"), (2, ([0, 1],), "inequality 0 has 1 coefficients, expected 2")],
)
def test_a_malformed_polyhedron_is_refused(dimension: int, rows: tuple[Any, ...], fragment: str) -> None:
    with pytest.raises(DomainError, match=fragment):
        Polyhedron(dimension, tuple(AffineForm.of(row) for row in rows))


def test_no_rows_say_no_dimension() -> None:
    with pytest.raises(DomainError, match="one row or more"):
        Polyhedron.of([])


@given(points(2), st.sampled_from([mpq(1, 50), mpq(1, 2), mpq(3)]))
def test_the_simplest_point_is_accepted_and_no_larger(point: Vector, radius: mpq) -> None:
    found = simplest_point(point, lambda at: all(abs(a - b) < radius for a, b in zip(at, point, strict=True)))
    assert all(abs(a - b) < radius for a, b in zip(found, point, strict=True))
    assert max(a.denominator for a in found) <= max(2 * a.denominator for a in point)


def test_the_simplest_point_is_an_integer_where_one_is_accepted() -> None:
    assert simplest_point(vector(["10001/3000"]), lambda _: True) == vector([3])
    assert simplest_point(vector(["1/3"]), lambda at: at == vector(["1/3"])) == vector(["1/3"])
