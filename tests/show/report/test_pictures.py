"""The pictures of a report: exact areas that fill the window, lines between classes where scores are equal."""

import pytest
from gmpy2 import mpq

from tests.show.report.pages import certificate_of
from verishallow.explain import classes_at, decision_boundary, summarise
from verishallow.network import ReLUNetwork
from verishallow.proof import prove
from verishallow.regions.plane import Polygon, Window, polygons
from verishallow.show.report.class_areas import class_areas, decision_lines
from verishallow.show.report.elements import markup
from verishallow.show.report.frame import Frame
from verishallow.show.report.graph_of_outputs import graph_of_outputs
from verishallow.show.report.map_of_regions import map_of_regions

WINDOW = Window(mpq(-1), mpq(1), mpq(-1), mpq(1))


def area(polygon: Polygon) -> mpq:
    corners = polygon.corners
    return sum((a * d - b * c for (a, b), (c, d) in zip(corners, (*corners[1:], corners[0]), strict=True)), mpq(0)) / 2


@pytest.mark.parametrize("widths", [(2, 5, 5, 3), (2, 6, 1), (2, 4, 4, 5)], ids=str)
def test_areas_of_classes_are_their_shares(widths: tuple[int, ...]) -> None:
    certificate = certificate_of(widths, "box:-1,1")
    areas = class_areas(polygons(certificate.regions, WINDOW), certificate.regions)
    for found in areas:
        middle = tuple(sum(column) / len(found.corners) for column in zip(*found.corners, strict=True))
        assert classes_at(certificate.network, middle) == (found.number,)
    shares = summarise(certificate.network, "box:-1,1").class_shares
    assert {(k,): sum(area(a) for a in areas if a.number == k) / 4 for k in {a.number for a in areas}} == shares


@pytest.mark.parametrize("widths", [(2, 5, 5, 3), (2, 6, 1)], ids=str)
def test_lines_between_classes_are_the_decision_boundary(widths: tuple[int, ...]) -> None:
    certificate = certificate_of(widths, "box:-1,1")
    lines = decision_lines(class_areas(polygons(certificate.regions, WINDOW), certificate.regions))
    pieces = decision_boundary(certificate.network, "box:-1,1")
    ends = {vertex for piece in pieces for vertex in piece.v_representation.vertices}
    assert {end for line in lines for end in line} >= ends
    for line in lines:
        middle = tuple((a + b) / 2 for a, b in zip(*line, strict=True))
        assert len(classes_at(certificate.network, middle)) == 2


def test_classes_that_tie_everywhere_are_drawn_once() -> None:
    certificate = prove(ReLUNetwork.of([([[1, 0], [1, 0]], [0, 0])]), "box:-1,1")
    assert [a.number for a in class_areas(polygons(certificate.regions, WINDOW), certificate.regions)] == [0]


@pytest.mark.parametrize("domain", ["box:-1,1", None])
def test_every_region_of_the_plane_can_be_clicked(domain: str | None) -> None:
    certificate = certificate_of((2, 5, 5, 3), domain)
    drawn, _ = map_of_regions(certificate)
    numbers = {int(path.get("data-region") or 0) for path in drawn.iter("path")} - {0}
    assert numbers == set(range(1, len(certificate.regions) + 1))
    assert markup(drawn).startswith('<svg viewBox="0 0 1000')


@pytest.mark.parametrize("domain", ["box:-2,2", None])
def test_every_region_of_the_line_can_be_clicked(domain: str | None) -> None:
    certificate = certificate_of((1, 6, 4, 2), domain)
    drawn, frame = graph_of_outputs(certificate)
    assert len(list(drawn.iter("rect"))) == len(certificate.regions)
    widths = [float(strip.get("width") or 0) for strip in drawn.iter("rect")]
    assert abs(sum(widths) - 1000) < 0.01 * len(widths)
    assert frame.window.left < frame.window.right


def test_a_slim_window_keeps_a_readable_height() -> None:
    assert Frame(Window(mpq(0), mpq(1000), mpq(0), mpq(1))).height == 400
    assert Frame(Window(mpq(0), mpq(1), mpq(0), mpq(1000))).height == 1200


def test_only_an_unbounded_picture_starts_where_the_vertices_are() -> None:
    bounded, _ = map_of_regions(certificate_of((2, 5, 5, 3), "box:-1,1"))
    assert bounded.get("data-start") is None
    unbounded, frame = map_of_regions(certificate_of((2, 8, 8, 1)))
    left, top, width, height = map(float, str(unbounded.get("data-start")).split())
    assert 0 < width < 500
    assert abs(height / width - float(frame.height) / 1000) < 0.001
    assert left + width > 0 < top + height
