"""Regions of the plane as exact polygons: clipped to a window, with the segments between them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import DomainError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.region import Region

Segment = frozenset[Vector]
"""Two end points, in no particular order."""

Border = Literal["domain", "kink", "fold", "window"]
"""The kind of a segment: on the domain's boundary, between two maps, between regions of one map, cut by the window."""


@dataclass(frozen=True, slots=True)
class Window:
    """The rectangle ``[left, right] x [low, high]``."""

    left: mpq
    right: mpq
    low: mpq
    high: mpq

    def __post_init__(self) -> None:
        if self.left >= self.right or self.low >= self.high:
            raise DomainError("a window needs an interior: left < right and low < high")

    @property
    def corners(self) -> tuple[Vector, ...]:
        """Its corners, anticlockwise."""
        return (
            (self.left, self.low),
            (self.right, self.low),
            (self.right, self.high),
            (self.left, self.high),
        )

    @property
    def polyhedron(self) -> Polyhedron:
        """The rectangle by its inequalities."""
        return Polyhedron.box([(self.left, self.right), (self.low, self.high)])


@dataclass(frozen=True, slots=True)
class Polygon:
    """The part of a region within the window: its corners, anticlockwise, exact; ``number`` counts regions from 1."""

    number: int
    corners: tuple[Vector, ...]

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Its sides."""
        return tuple(frozenset(pair) for pair in zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True))


def polygons(regions: Iterable[Region], window: Window) -> tuple[Polygon, ...]:
    """The regions that meet the interior of the window, each clipped to it.

    >>> from verishallow import ReLUNetwork, prove
    >>> halves = prove(ReLUNetwork.of([([[1, -1]], [0]), ([[1]], [0])])).regions
    >>> [len(part.corners) for part in polygons(halves, Window(mpq(0), mpq(2), mpq(0), mpq(1)))]
    [4, 3]
    """
    clipped = ((number, _clipped(region.polyhedron, window)) for number, region in enumerate(regions, start=1))
    return tuple(Polygon(number, corners) for number, corners in clipped if len(corners) > 2)


def _clipped(polyhedron: Polyhedron, window: Window) -> tuple[Vector, ...]:
    corners = window.corners
    for form in polyhedron.inequalities:
        corners = cut(corners, form)
    return corners


def cut(corners: Sequence[Vector], form: AffineForm) -> tuple[Vector, ...]:
    """The part of a convex polygon where a form is non-negative; fewer than three corners if it is flat."""
    if len(corners) < 3:
        # Going round a segment would give its crossing twice.
        return ()
    kept: list[Vector] = []
    values = [form(corner) for corner in corners]
    for index, (corner, value) in enumerate(zip(corners, values, strict=True)):
        before, other = corners[index - 1], values[index - 1]
        if value * other < 0:
            kept.append(_between(before, corner, other / (other - value)))
        if value >= 0:
            kept.append(corner)
    return tuple(kept)


def _between(one: Vector, other: Vector, part: mpq) -> Vector:
    return tuple(a + part * (b - a) for a, b in zip(one, other, strict=True))


def borders(
    parts: Sequence[Polygon], regions: Sequence[Region], domain: Polyhedron, window: Window
) -> dict[Segment, Border]:
    """All sides of all polygons, each once, with their kinds."""
    return {
        segment: _between_two(regions, *numbers) if len(numbers) == 2 else _outer(segment, domain, window)
        for segment, numbers in sides(parts).items()
    }


def sides(parts: Iterable[Polygon]) -> Mapping[Segment, list[int]]:
    """The numbers of the one or two regions beside each segment."""
    owners: defaultdict[Segment, list[int]] = defaultdict(list)
    for part in parts:
        for segment in part.segments:
            owners[segment].append(part.number)
    return owners


def _between_two(regions: Sequence[Region], one: int, other: int) -> Border:
    return "fold" if regions[one - 1].affine_map == regions[other - 1].affine_map else "kink"


def _outer(segment: Segment, domain: Polyhedron, window: Window) -> Border:
    if any(not any(form(end) for end in segment) for form in domain.inequalities):
        return "domain"
    return "window" if any(not any(form(end) for end in segment) for form in window.polyhedron.inequalities) else "kink"


def window_of(regions: Iterable[Region], domain: Polyhedron) -> Window:
    """The bounding box of a bounded domain; else that of all vertices of all regions, with a margin of a quarter."""
    generators = domain.v_representation
    if not generators.rays and not generators.lines:
        return Window(*extent(v[0] for v in generators.vertices), *extent(v[1] for v in generators.vertices))
    vertices = [v for region in regions for v in region.v_representation.vertices]
    return Window(*wider(*extent(v[0] for v in vertices)), *wider(*extent(v[1] for v in vertices)))


def extent(values: Iterable[mpq]) -> tuple[mpq, mpq]:
    """The least and the greatest of some numbers."""
    found = list(values)
    return min(found), max(found)


def wider(low: mpq, high: mpq) -> tuple[mpq, mpq]:
    """The interval with a margin of a quarter of its length, rounded outwards to a smaller power of ten."""
    margin = (high - low) / 4 or mpq(1)
    step = mpq(1)
    while step > margin:
        step /= 10
    while 10 * step <= margin:
        step *= 10
    return ((low - margin) // step) * step, -((-high - margin) // step) * step
