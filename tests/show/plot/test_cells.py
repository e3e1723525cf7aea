"""The exact shapes of pictures: against the polygons of the TikZ figure, found otherwise, and against areas."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from gmpy2 import mpq

from tests.benchmarks.networks import Case
from tests.show.plot.conftest import BENT, THREE_CLASSES
from verishallow import Certificate, Polyhedron, ReLUNetwork, prove
from verishallow.explain import decision_boundary
from verishallow.rationals import Vector
from verishallow.regions.plane import Window, borders, polygons
from verishallow.show.plot.bands import bands_of
from verishallow.show.plot.cells import Cells, cells_of
from verishallow.show.plot.frame import Frame, frame_of

EXAMPLES = {
    "a random network on a square": (Case("2-8-8-2").network, "box:-1,1", None),
    "a window of a square": (Case("2-8-8-2").network, "box:-3,3", "box:[-1/2,2]x[-1,1]"),
    "folds": (ReLUNetwork.of(BENT), "box:-2,3", None),
    "all of the plane": (Case("2-6-5-1").network, None, None),
    "a window beyond the domain": (ReLUNetwork.of(BENT), "box:0,2", "box:-1,1"),
}
each_example = pytest.mark.parametrize(("network", "domain", "window"), EXAMPLES.values(), ids=EXAMPLES)


def shown(network: ReLUNetwork, domain: str | None, window: str | None) -> tuple[Certificate, Frame, Cells]:
    certificate = prove(network, domain)
    frame = frame_of(network, certificate.domain, window)
    return certificate, frame, cells_of(network, certificate.domain, frame)


@each_example
def test_they_are_the_polygons_of_the_tikz_figure(network: ReLUNetwork, domain: str | None, window: str | None) -> None:
    certificate, frame, found = shown(network, domain, window)
    rectangle = Window(*frame.intervals[0], *frame.intervals[1])
    expected = polygons(certificate.regions, rectangle)
    assert {frozenset(part.corners) for part in expected} == {
        frozenset(found.points[corner] for corner in cell.corners) for cell in found.cells
    }
    kinds = borders(expected, certificate.regions, certificate.domain, rectangle)
    assert kinds == {
        frozenset(found.points[corner] for corner in facet.corners): facet.border for facet in found.facets
    }


def area(corners: Sequence[Vector]) -> mpq:
    doubled = sum((a * d - b * c for (a, b), (c, d) in pairwise((*corners, corners[0]))), mpq(0))
    return abs(doubled) / 2


@each_example
def test_bands_are_the_whole_window_and_keep_between_their_bounds(
    network: ReLUNetwork, domain: str | None, window: str | None
) -> None:
    _, frame, found = shown(network, domain, window)
    (left, right), (low, high) = frame.intervals
    bands = bands_of(found, 0)
    assert sum(area(part.corners) for part in bands.parts) == (right - left) * (high - low)
    for part in bands.parts:
        values = [network(corner)[0] for corner in part.corners]
        assert bands.bounds[part.band] <= min(values)
        assert max(values) <= bands.bounds[part.band + 1]


def test_classes_change_just_on_the_decision_boundary() -> None:
    for network in (ReLUNetwork.of(THREE_CLASSES), Case("2-8-8-3").network):
        square = Polyhedron.box([(-4, 4), (-4, 4)])
        found = cells_of(network, square, frame_of(network, square), classes=True)
        drawn = [[found.points[corner] for corner in facet.corners] for facet in found.facets if facet.decides]
        pieces = decision_boundary(network, square)
        assert drawn
        for piece in pieces:
            on = [ends for ends in drawn if not any(piece.plane(end) for end in ends)]
            ends = {end for pair in on for end in pair}
            assert ends >= set(piece.v_representation.vertices)
        assert all(any(not any(piece.plane(end) for end in ends) for piece in pieces) for ends in drawn)
