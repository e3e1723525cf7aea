"""Regions of the plane as polygons: exact, convex, and together just the window's part of the domain."""

import pytest
from gmpy2 import mpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES, example_certificate
from verishallow import Certificate, Polyhedron
from verishallow.errors import DomainError
from verishallow.rationals import Vector
from verishallow.regions.colours import PALETTE, TINTS, colouring
from verishallow.regions.plane import Polygon, Window, borders, polygons, sides, window_of

IN_THE_PLANE = [name for name, example in EXAMPLES.items() if example.network.inputs == 2]
each_plane_example = pytest.mark.parametrize("name", IN_THE_PLANE)
WINDOW = Window(mpq(-3, 2), mpq(7, 3), mpq(-1), mpq(5, 4))


def area(corners: tuple[Vector, ...]) -> mpq:
    """Twice the signed area, positive for corners that go anticlockwise."""
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return sum((a[0] * b[1] - a[1] * b[0] for a, b in pairs), mpq(0))


def hull_area(polyhedron: Polyhedron) -> mpq:
    """The same of a bounded polyhedron, from cddlib's vertices sorted around one of them."""
    vertices = sorted(polyhedron.v_representation.vertices)
    if len(vertices) < 3:
        return mpq(0)
    (x, y), *rest = vertices
    rest.sort(key=lambda v: ((v[1] - y) / (v[0] - x) if v[0] != x else mpq(10) ** 30, v[1]))
    return area(((x, y), *rest))


def check(certificate: Certificate, window: Window) -> None:
    found = polygons(certificate.regions, window)
    for part in found:
        polyhedron = certificate.regions[part.number - 1].polyhedron
        clipped = Polyhedron(2, (*polyhedron.inequalities, *window.polyhedron.inequalities))
        assert set(part.corners) == set(clipped.v_representation.vertices)
        assert len(set(part.corners)) == len(part.corners)
        turns = zip(part.corners, part.corners[1:] + part.corners[:1], part.corners[2:] + part.corners[:2], strict=True)
        assert all(area(turn) > 0 for turn in turns)
    within = Polyhedron(2, (*certificate.domain.inequalities, *window.polyhedron.inequalities))
    assert sum((area(part.corners) for part in found), mpq(0)) == hull_area(within)
    check_borders(certificate, window, found)


def check_borders(certificate: Certificate, window: Window, found: tuple[Polygon, ...]) -> None:
    """Every side lies between two regions, on the boundary of the domain, or on that of the window."""
    kinds, owners = borders(found, certificate.regions, certificate.domain, window), sides(found)
    assert set(kinds) == set(owners)
    for segment, kind in kinds.items():
        maps = [certificate.regions[number - 1].affine_map for number in owners[segment]]
        assert len(maps) == (2 if kind in ("kink", "fold") else 1)
        middle = tuple(sum(column) / 2 for column in zip(*segment, strict=True))
        if kind == "domain":
            assert not certificate.domain.contains_strictly(middle)
        elif kind == "window":
            assert not window.polyhedron.contains_strictly(middle)
            assert certificate.domain.contains_strictly(middle)
        else:
            assert (maps[0] == maps[1]) == (kind == "fold")
            assert maps[0](middle) == maps[1](middle)


@each_plane_example
def test_polygons_are_the_regions_in_a_window(name: str) -> None:
    check(example_certificate(name), WINDOW)


@each_plane_example
def test_polygons_are_the_regions_in_the_default_window(name: str) -> None:
    certificate = example_certificate(name)
    window = window_of(certificate.regions, certificate.domain)
    check(certificate, window)
    assert len(polygons(certificate.regions, window)) == len(certificate.regions)
    vertices = {v for region in certificate.regions for v in region.v_representation.vertices}
    assert all(window.polyhedron.contains(vertex) for vertex in vertices)


@given(st.tuples(*[st.fractions(-4, 4, max_denominator=7)] * 4))
@example((mpq(0), mpq(1), mpq(0), mpq(3))).via("a region that touches the window in a segment, cut further")
@settings(max_examples=25, deadline=None)
def test_any_window(bounds: tuple[mpq, ...]) -> None:
    left, right, low, high = map(mpq, bounds)
    if left < right and low < high:
        for name in ("two layers in the plane", "wedge with a moved apex"):
            check(example_certificate(name), Window(left, right, low, high))


@pytest.mark.parametrize("name", ["two layers on a square", "weights of float32", "triangle"])
def test_the_window_of_a_bounded_domain_is_its_bounding_box(name: str) -> None:
    certificate = example_certificate(name)
    vertices = certificate.domain.v_representation.vertices
    window = window_of(certificate.regions, certificate.domain)
    assert (window.left, window.low) == tuple(map(min, zip(*vertices, strict=True)))
    assert (window.right, window.high) == tuple(map(max, zip(*vertices, strict=True)))


@pytest.mark.parametrize("bounds", [(0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 2, 2)])
def test_a_flat_window_is_refused(bounds: tuple[int, ...]) -> None:
    with pytest.raises(DomainError, match="a window needs an interior"):
        Window(*map(mpq, bounds))


@given(st.integers(1, 60), st.sets(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=80))
@settings(deadline=None)
def test_colours_differ_while_there_are_some_and_between_neighbours(
    number: int, touching: set[tuple[int, int]]
) -> None:
    pairs = [(a, b) for a, b in touching if a != b and max(a, b) < number]
    found = colouring(range(number), pairs)
    colours = len(PALETTE) * len(TINTS)
    assert set(found.values()) <= set(range(colours))
    assert len(set(found.values())) == min(number, colours)
    degree = max((sum(i in pair for pair in pairs) for i in range(number)), default=0)
    if degree < colours:
        assert all(found[a] != found[b] for a, b in pairs)
