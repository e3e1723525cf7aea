"""The map of the regions of two inputs: exact polygons that can be clicked, and the lines between them."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from math import hypot
from typing import TypeVar
from xml.etree.ElementTree import Element

from gmpy2 import mpq

from verishallow.certificate.certificate import Certificate
from verishallow.rationals import Vector, counted
from verishallow.regions.colours import PALETTE, TINTS, colouring
from verishallow.regions.plane import Polygon, Segment, borders, polygons, sides, window_of
from verishallow.regions.region import Region
from verishallow.show.report.class_areas import class_areas, decision_lines
from verishallow.show.report.elements import element
from verishallow.show.report.frame import SIZE, PictureFrame, decimal, picture

MOST_NUMBERED = 150
"""Regions up to which they carry their numbers, where there is room."""

MANY = 1000
"""Regions from which on the lines between them are half as thick."""

MUCH = mpq(1, 2)
"""The picture starts with a part of the window if that is smaller than this share of both sides."""

ROOM = 24
"""The room around a number, in units of the picture."""

MOST_CLASSES = len(PALETTE)
"""Classes up to which areas of classes are drawn, each in a colour of its own."""

Key = TypeVar("Key", bound=Hashable)


def map_of_regions(certificate: Certificate, *, classes: bool = True) -> tuple[Element, PictureFrame]:
    """The picture, and its frame; ``classes`` adds the areas of the classes, and the lines between them."""
    regions, frame = certificate.regions, PictureFrame(window_of(certificate.regions, certificate.domain))
    parts = polygons(regions, frame.window)
    drawn = picture(
        frame,
        f"{counted(len(regions), 'region')}, coloured by affine map",
        *(_classes(class_areas(parts, regions), frame) if classes else ()),
        _areas(parts, _colours(parts, regions), frame),
        _lines(
            borders(parts, regions, certificate.domain, frame.window), frame, mpq(1, 2) if len(parts) > MANY else mpq(1)
        ),
        _numbers(parts, frame) if len(parts) <= MOST_NUMBERED else None,
    )
    generators = certificate.domain.v_representation
    if generators.rays or generators.lines:
        drawn.set("data-start", " ".join(map(decimal, start_view(parts, frame))))
    return drawn, frame


def start_view(parts: Sequence[Polygon], frame: PictureFrame) -> Vector:
    """The part shown at first (left, top, width, height): where most vertices lie, if that is much smaller than all."""
    whole = (mpq(0), mpq(0), mpq(SIZE), frame.height)
    corners = {corner for part in parts for corner in part.corners}
    places = [frame.at(corner) for corner in corners if frame.window.polyhedron.contains_strictly(corner)]
    if not places:
        return whole
    spans = [_middle_part(sorted(place[axis] for place in places)) for axis in (0, 1)]
    share = max((high - low) / side for (low, high), side in zip(spans, whole[2:], strict=True))
    if not 0 < share < MUCH:
        return whole
    middles = [(low + high) / 2 for low, high in spans]
    return (
        middles[0] - share * SIZE / 2,
        middles[1] - share * frame.height / 2,
        share * SIZE,
        share * frame.height,
    )


def _middle_part(values: Sequence[mpq]) -> tuple[mpq, mpq]:
    """The interval between the quartiles, and half as much on both sides."""
    quarter = len(values) // 4
    low, high = values[quarter], values[-1 - quarter]
    room = (high - low) / 2
    return low - room, high + room


def _colours(parts: Sequence[Polygon], regions: Sequence[Region]) -> dict[int, int]:
    """The colour of each region: one for each affine map, another on the two sides of a segment between two maps."""
    maps = {part.number: regions[part.number - 1].affine_map for part in parts}
    facing = [numbers for numbers in sides(parts).values() if len(numbers) == 2]
    found = colouring(dict.fromkeys(maps.values()), [(maps[one], maps[other]) for one, other in facing])
    return {number: found[affine_map] for number, affine_map in maps.items()}


def _areas(parts: Iterable[Polygon], colours: Mapping[int, int], frame: PictureFrame) -> Element:
    groups = _grouped(parts, lambda part: colours[part.number])
    return element("g", *(_colour_group(groups[colour], colour, frame) for colour in sorted(groups)), class_="areas")


def _grouped(parts: Iterable[Polygon], key: Callable[[Polygon], Key]) -> dict[Key, list[Polygon]]:
    groups = defaultdict[Key, list[Polygon]](list)
    for part in parts:
        groups[key(part)].append(part)
    return groups


def _colour_group(parts: Iterable[Polygon], colour: int, frame: PictureFrame) -> Element:
    paths = (element("path", d=frame.path(part.corners, closed=True), data_region=part.number) for part in parts)
    return element("g", *paths, **paint(colour))


def paint(colour: int) -> dict[str, str]:
    """The attributes of a fill with this colour; its tint lets the page shine through, light or dark.

    >>> paint(9)
    {'fill': '#E69F00', 'fill_opacity': '0.25'}
    """
    tint = TINTS[colour // len(PALETTE)]
    return {"fill": f"#{PALETTE[colour % len(PALETTE)]}", "fill_opacity": f"{tint / 100:g}"}


LINES = {"fold": (mpq(1, 2), "2 2"), "kink": (mpq(4, 5), None), "domain": (mpq(2), None)}
"""Widths and dashes between regions of one map, between two maps, and around the domain; none where the window cuts."""


def _lines(found: Mapping[Segment, str], frame: PictureFrame, thickness: mpq) -> Element:
    groups = defaultdict[str, list[Segment]](list)
    for segment, kind in found.items():
        groups[kind].append(segment)
    paths = (
        _line(groups[kind], frame, class_=kind, stroke_width=decimal(thickness * width), stroke_dasharray=dashes)
        for kind, (width, dashes) in LINES.items()
        if groups[kind]
    )
    return element("g", *paths, class_="lines", stroke="currentColor", fill="none", pointer_events="none")


def _line(segments: Iterable[Segment], frame: PictureFrame, **style: str | None) -> Element:
    ends = "".join(frame.path(sorted(segment)) for segment in segments)
    return element("path", d=ends, vector_effect="non-scaling-stroke", **style)


def _classes(areas: Sequence[Polygon], frame: PictureFrame) -> tuple[Element, Element]:
    """The parts that the page shows on request: the areas of classes, and the decision boundary."""
    groups = _grouped(areas, lambda area: area.number)
    filled = (
        element(
            "path",
            d="".join(frame.path(area.corners, closed=True) for area in groups[number]),
            data_class=number,
            **paint(number % MOST_CLASSES),
        )
        for number in sorted(groups)
    )
    border = _line(decision_lines(areas), frame, stroke="currentColor", stroke_width="3", fill="none")
    hidden = {"display": "none", "pointer_events": "none"}
    return element("g", *filled, class_="classes", **hidden), element("g", border, class_="decision", **hidden)


def _numbers(parts: Iterable[Polygon], frame: PictureFrame) -> Element:
    """The numbers of regions, where there is room for them."""
    placed = ((part.number, *_middle([frame.at(corner) for corner in part.corners])) for part in parts)
    texts = (
        element("text", str(number), x=decimal(middle[0]), y=decimal(middle[1]))
        for number, middle, room in placed
        if room > ROOM
    )
    style = {"font_size": "24", "text_anchor": "middle", "dominant_baseline": "central", "pointer_events": "none"}
    return element("g", *texts, class_="numbers", fill="currentColor", font_family="sans-serif", **style)


def _middle(places: Sequence[Vector]) -> tuple[Vector, float]:
    """The mean of the corners, and its approximate distance from the sides."""
    middle = tuple(sum(column) / len(places) for column in zip(*places, strict=True))
    x, y = map(float, middle)
    ends = [tuple(map(float, place)) for place in places]
    return middle, min(
        abs((c - a) * (y - b) - (d - b) * (x - a)) / (hypot(c - a, d - b) or 1)
        for (a, b), (c, d) in zip(ends, [*ends[1:], ends[0]], strict=True)
    )
