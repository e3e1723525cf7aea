"""Balls in both norms, in all inputs and on slices: membership is that of the norm, exactly, everywhere."""

import random
import time
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import points, rationals
from verishallow.affine import AffineForm
from verishallow.errors import DomainError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, vector
from verishallow.read.domains import balls
from verishallow.read.domains.balls import Ball, most_facets, parse_ball
from verishallow.read.domains.parts_of import domain_parts
from verishallow.slices import Slice

NORMS: dict[str, Callable[[Iterable[mpq]], mpq]] = {
    "l1": lambda values: sum(map(abs, values), mpq(0)),
    "linf": lambda values: max(map(abs, values)),
}
each_norm = pytest.mark.parametrize("norm", NORMS)


def within(ball: Ball, point: Vector) -> bool:
    """By the definition of the norm."""
    return bool(NORMS[ball.norm](x - c for x, c in zip(point, ball.centre, strict=True)) <= ball.radius)


radii = st.sampled_from([mpq(1, 255), mpq(1, 2), mpq(1), mpq(7, 3), mpq(20)])


@st.composite
def some_balls(draw: st.DrawFn) -> Ball:
    centre = draw(points(draw(st.integers(1, 5))))
    return Ball(draw(st.sampled_from(sorted(NORMS))), centre, draw(radii))


@st.composite
def slices(draw: st.DrawFn, inputs: int) -> Slice:
    """Any affine map of one to three parameters, not only injective ones."""
    parameters = draw(st.integers(1, 3))
    row = st.lists(rationals, min_size=parameters + 1, max_size=parameters + 1)
    return Slice.of(draw(st.lists(row, min_size=inputs, max_size=inputs)))


# ------------------------------------------------------------------------------------------- All inputs


@given(some_balls(), st.data())
def test_a_ball_holds_just_the_points_within_its_radius(ball: Ball, data: st.DataObject) -> None:
    polyhedron = ball.polyhedron()
    for direction in data.draw(st.lists(points(len(ball.centre)), min_size=4, max_size=4)):
        size = NORMS[ball.norm](direction)
        for share in (mpq(0), mpq(1, 2), mpq(1), mpq(10**9 + 1, 10**9), mpq(2)):
            step = share * ball.radius / size if size else mpq(0)
            point = tuple(c + step * d for c, d in zip(ball.centre, direction, strict=True))
            assert polyhedron.contains(point) == within(ball, point) == (not size or share <= 1)


@pytest.mark.parametrize("inputs", [1, 2, 3, 5])
def test_the_vertices_of_both_balls(inputs: int) -> None:
    centre, radius = tuple(mpq(i, 3) for i in range(inputs)), mpq(1, 7)
    corners = {
        tuple(c + s * radius for c, s in zip(centre, signs, strict=True)) for signs in product((1, -1), repeat=inputs)
    }
    tips = {
        tuple(c + s * radius * (i == axis) for i, c in enumerate(centre)) for axis in range(inputs) for s in (1, -1)
    }
    assert set(Ball("linf", centre, radius).polyhedron().v_representation.vertices) == corners
    assert set(Ball("l1", centre, radius).polyhedron().v_representation.vertices) == tips


def test_the_l1_ball_of_twelve_inputs_has_its_4096_facets() -> None:
    centre = tuple(mpq(i) for i in range(12))
    ball = Ball("l1", centre, mpq(1))
    polyhedron = ball.polyhedron()
    assert len(set(polyhedron.inequalities)) == 4096
    for axis in range(12):
        tip = tuple(c + (i == axis) for i, c in enumerate(centre))
        beyond = tuple(c + mpq(1001, 1000) * (i == axis) for i, c in enumerate(centre))
        assert polyhedron.contains(tip)
        assert not polyhedron.contains(beyond)


def test_more_inputs_need_a_slice_for_the_l1_norm() -> None:
    ball = Ball("l1", (mpq(0),) * 13, mpq(1))
    with pytest.raises(DomainError, match=r"13 inputs the L1 norm has 2\^13 facets; expected at most 12, or a slice"):
        ball.polyhedron()
    on_a_line = ball.on_slice(Slice.line([0] * 13, [1] * 13)).normalised()
    assert on_a_line.inequalities == (AffineForm.of([1, 13]), AffineForm.of([1, -13]))
    assert len(Ball("linf", (mpq(0),) * 13, mpq(1)).polyhedron().inequalities) == 26


# ------------------------------------------------------------------------------------------------ Slices


def by_signs(ball: Ball, on_slice: Slice) -> Polyhedron:
    """The L1 ball on a slice, one inequality for each choice of signs."""
    k = on_slice.parameters
    found = []
    for signs in product((1, -1), repeat=len(ball.centre)):
        total = AffineForm((ball.radius, *(mpq(0),) * k))
        for sign, c, form in zip(signs, ball.centre, on_slice.affine_map.forms, strict=True):
            total -= AffineForm((form.constant - c, *form.linear)).scaled(mpq(sign))
        found.append(total)
    return Polyhedron(k, tuple(found)).normalised()


def the_same(one: Polyhedron, other: Polyhedron) -> bool:
    """Whether each of two polyhedra lies in the other."""
    pairs = ((one, other.inequalities), (other, one.inequalities))
    return all(form_holds(a, form) for a, forms in pairs for form in forms)


def form_holds(polyhedron: Polyhedron, form: AffineForm) -> bool:
    generators = polyhedron.v_representation
    on_rays = all(form.at_homogeneous((mpq(0), *ray)) >= 0 for ray in generators.rays)
    on_lines = not any(form.at_homogeneous((mpq(0), *line)) for line in generators.lines)
    return on_rays and on_lines and all(form(vertex) >= 0 for vertex in generators.vertices)


@given(some_balls(), st.data())
@settings(max_examples=150)
def test_a_ball_on_a_slice_is_what_all_signs_give(ball: Ball, data: st.DataObject) -> None:
    on_slice = data.draw(slices(len(ball.centre)))
    found = ball.on_slice(on_slice)
    expected = by_signs(ball, on_slice) if ball.norm == "l1" else on_slice.preimage(ball.polyhedron())
    assert the_same(found, expected)
    for parameters in data.draw(st.lists(points(on_slice.parameters), min_size=4, max_size=4)):
        assert found.contains(parameters) == within(ball, on_slice.affine_map(parameters))


@each_norm
def test_a_ball_on_a_plane_of_many_inputs(norm: str) -> None:
    rng = random.Random(norm)
    rows = [
        [mpq(rng.randrange(256), 255), mpq(rng.randrange(-9, 10), 9), mpq(rng.randrange(-9, 10), 9)] for _ in range(64)
    ]
    on_slice = Slice.of(rows)
    ball = Ball(
        norm, tuple(row[0] + mpq(rng.randrange(-3, 4), 30) for row in rows), mpq(9) if norm == "l1" else mpq(1, 2)
    )
    found = ball.on_slice(on_slice).normalised()
    vertices = found.v_representation.vertices
    assert len(vertices) >= 4
    assert all(within(ball, on_slice.affine_map(vertex)) for vertex in vertices)
    middle = found.interior_point()
    for vertex in vertices:
        beyond = tuple(v + (v - m) / 10**6 for v, m in zip(vertex, middle, strict=True))
        assert not within(ball, on_slice.affine_map(beyond))
    for _ in range(50):
        between = tuple((a + b) / 2 for a, b in zip(rng.choice(vertices), rng.choice(vertices), strict=True))
        assert within(ball, on_slice.affine_map(between))


@each_norm
def test_a_slice_that_misses_the_ball_leaves_no_domain(norm: str) -> None:
    missed = Slice.line([0, 5], [1, 5])
    assert Ball(norm, vector([0, 0]), mpq(1)).on_slice(missed).normalised().implicit_equations() is None
    with pytest.raises(DomainError, match="domain: the part of the slice inside the ball: the polyhedron is empty"):
        domain_parts(f"ball:{norm}:0,0:1", 2, missed)


@each_norm
def test_a_slice_that_touches_the_ball_leaves_no_domain(norm: str) -> None:
    touching = Slice.of([[1, 0], [0, 1]]) if norm == "l1" else Slice.of([[1, 1], [1, -1]])
    with pytest.raises(
        DomainError, match="the part of the slice inside the ball: the polyhedron is flat: it has no interior point"
    ):
        domain_parts(f"ball:{norm}:0,0:1", 2, touching)


@each_norm
def test_a_slice_that_stands_still_may_lie_in_the_ball_as_a_whole(norm: str) -> None:
    for x, holds in ((mpq(1, 2), True), (mpq(2), False)):
        found = Ball(norm, vector([0, 0]), mpq(1)).on_slice(Slice.of([[x, 0], [0, 0]]))
        assert found.contains([7]) == found.contains([-(10**6)]) == holds


def test_the_l1_ball_on_many_parameters_of_few_inputs_lists_all_signs() -> None:
    on_slice = Slice.of([[0, *(int(i == j) for j in range(8))] for i in range(10)])
    ball = Ball("l1", (mpq(0),) * 10, mpq(1))
    found = ball.on_slice(on_slice)
    assert len(set(found.inequalities)) == 256
    assert found.contains([1, *[0] * 7])
    assert not found.contains([mpq(1, 2), mpq(1, 2), mpq(1, 100), *[0] * 5])


def test_an_l1_ball_of_too_many_facets_is_refused() -> None:
    rng = random.Random(0)
    on_slice = Slice.of([[rng.randrange(-9, 10) for _ in range(5)] for _ in range(40)])
    with pytest.raises(DomainError, match=r"may have \d+ facets, with 4 parameters; expected at most 512"):
        Ball("l1", (mpq(0),) * 40, mpq(1)).on_slice(on_slice)


def test_so_many_facets_are_possible_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1)
    for n, k in ((6, 1), (9, 2), (7, 3)):
        on_slice = Slice.of([[rng.randrange(-3, 4), *(rng.randrange(-99, 100) for _ in range(k))] for _ in range(n)])
        ball = Ball("l1", (mpq(0),) * n, mpq(10**6))
        facets = most_facets(ball.distances(on_slice.affine_map))
        assert len(ball.on_slice(on_slice).facets) == facets
        with monkeypatch.context() as patch:
            patch.setattr(balls, "MOST_FACETS_OF_L1", facets - 1)
            patch.setattr(balls, "MOST_INPUTS_OF_L1", n - 1)
            with pytest.raises(DomainError, match="may have"):
                ball.on_slice(on_slice)


def test_balls_around_an_image_are_quick() -> None:
    start = time.perf_counter()
    on_slice = Slice.of([[mpq(i % 256, 255), mpq(i % 7 - 3, 7), mpq(i % 5 - 2, 5)] for i in range(784)])
    ball = Ball("linf", tuple(form.constant for form in on_slice.affine_map.forms), mpq(1, 255))
    assert len(domain_parts_of(ball, on_slice).inequalities) <= 8
    assert time.perf_counter() - start < 20


def domain_parts_of(ball: Ball, on_slice: Slice) -> Polyhedron:
    text = f"ball:{ball.norm}:{','.join(map(str, ball.centre))}:{ball.radius}"
    (part,) = domain_parts(text, len(ball.centre), on_slice)
    assert part.slice == on_slice
    return part.polyhedron


# ------------------------------------------------------------------------------------------------- Texts


def test_a_text_names_norm_centre_and_radius(tmp_path: Path) -> None:
    assert parse_ball("ball:linf:1/2, -3:1/255", 2) == Ball("linf", vector(["1/2", -3]), mpq(1, 255))
    assert parse_ball("ball:l1:0.5:1e-3", 1) == Ball("l1", vector(["1/2"]), mpq(1, 1000))
    np.save(tmp_path / "a:b.npy", np.array([[0.5, 0.1]], np.float32))
    found = parse_ball(f"ball:linf:{tmp_path / 'a:b.npy'}:1", 2)
    assert found.centre == (mpq(1, 2), mpq(13421773, 134217728))


REFUSED = {
    "nothing else": ("ball:", "expected ball:linf:POINT:RADIUS or ball:l1:POINT:RADIUS, found 'ball:'"),
    "no radius": ("ball:linf:0,0", "expected ball:linf:POINT:RADIUS"),
    "another norm": ("ball:l2:0,0:1", "expected ball:linf:POINT:RADIUS or ball:l1:POINT:RADIUS, found 'ball:l2:0,0:1'"),
    "a norm in capitals": ("ball:Linf:0,0:1", "expected ball:linf:POINT:RADIUS"),
    "a radius of 0": ("ball:linf:0,0:0", "expected a radius above 0, found '0'"),
    "a negative radius": ("ball:l1:0,0:-1/2", "expected a radius above 0, found '-1/2'"),
    "an infinite radius": ("ball:l1:0,0:inf", "expected a rational such as"),
    "no number": ("ball:l1:0,0:", "expected a rational such as"),
    "a point of another dimension": ("ball:linf:0,0,0:1", "expected 2 coordinates, found 3"),
    "no point": ("ball:linf::1", "expected 2 coordinates, found 1"),
    "a point that is no number": ("ball:linf:0,x:1", "expected a rational such as"),
    "a file that is not there": ("ball:linf:absent.npy:1", "absent.npy: cannot be read: No such file"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_texts_are_refused(name: str) -> None:
    text, words = REFUSED[name]
    with pytest.raises(DomainError) as caught:
        domain_parts(text, 2)
    assert str(caught.value).startswith("domain: ")
    assert words in str(caught.value)
