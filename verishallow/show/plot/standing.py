"""Pictures in space on paper, seen from one side: from back to front, in an exact order, in parallel projection."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from gmpy2 import mpq

from verishallow.show.plot.axes import Axis, levels
from verishallow.show.plot.cells import Cells
from verishallow.show.plot.depth import back_to_front
from verishallow.show.plot.matplotlib_parts import Axes, Figure, Patch, PolyCollection
from verishallow.show.plot.solids import Point, Solid, normal
from verishallow.show.plot.style import INK, MUTED, line_width
from verishallow.show.plot.texts import decimal_text

TURN, RISE = radians(-55), radians(24)
"""The direction of view: the angle around, and the angle above."""

TOWARDS: Point = (cos(RISE) * cos(TURN), cos(RISE) * sin(TURN), sin(RISE))
"""The direction to the eye, in the unit cube."""

LIGHT: Point = (0.25, -0.55, 0.8)
TICKS = 4

Place = tuple[float, float]
Corner = Point
"""A corner of the unit cube."""

OUTLINE: tuple[list[Corner], ...] = (
    [(0, 0, 1), (0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1), (0, 1, 1), (0, 0, 1)],
    [(0, 0, 0), (0, 1, 0), (1, 1, 0)],
    [(0, 1, 0), (0, 1, 1)],
)
"""The edges of the floor and of the two walls behind."""


@dataclass(frozen=True, slots=True)
class _Element:
    """A polygon, or with two points a line, with its place in the drawing."""

    places: tuple[Place, ...]
    fill: str
    line: str
    width: float


def standing(solid: Solid, cells: Cells) -> Figure:
    """A matplotlib figure of a solid with these cells."""
    figure = Figure(figsize=(6.4, 5.6), layout="constrained")
    axes = figure.subplots()
    _draw_box(axes, solid)
    found = list(_elements(solid, cells))
    collection = PolyCollection(
        [element.places for element in found],
        facecolors=[element.fill for element in found],
        edgecolors=[element.line for element in found],
        linewidths=[element.width for element in found],
        closed=False,
        joinstyle="round",
        capstyle="round",
        zorder=3,
    )
    collection.set_gid("faces")
    axes.add_collection(collection)
    if solid.legend:
        handles = [Patch(facecolor=c, edgecolor=MUTED, linewidth=0.4, label=name) for c, name in solid.legend]
        axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1), frameon=False, fontsize=8)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.margins(0.02)
    return figure


def _elements(solid: Solid, cells: Cells) -> Iterator[_Element]:
    """The elements cell by cell, from the back: its faces, then its lines that no earlier cell has."""
    dimension = len(cells.points[0])
    away = tuple(-mpq(t) * (axis.high - axis.low) for t, axis in zip(TOWARDS[:dimension], solid.axes, strict=False))
    order = back_to_front(cells, away)
    rank = {number: place for place, number in enumerate(order)}
    width = 0.7 * line_width(len(cells.cells))
    drawn: list[list[_Element]] = [[] for _ in order]
    for polygon, owner, colour in zip(solid.polygons, solid.owners, solid.colours, strict=True):
        corners = [_in_cube(point, solid.axes) for point in polygon]
        facing = _dot(normal(corners), TOWARDS)
        if facing > 0 or not solid.closed:
            fill = _lit(colour, corners, turned=facing < 0)
            line = INK if solid.closed else fill
            outline = (*corners, corners[0])
            drawn[rank[owner]].append(_Element(tuple(map(_seen, outline)), fill, line, width if solid.closed else 0.3))
    for ends, beside in zip(solid.lines, solid.beside, strict=True) if not solid.closed else ():
        places = tuple(_seen(_in_cube(point, solid.axes)) for point in ends)
        drawn[max(rank[number] for number in beside)].append(_Element(places, "none", INK, width))
    for of_cell in drawn:
        yield from of_cell


def _in_cube(point: Point, axes: tuple[Axis, Axis, Axis]) -> Corner:
    """The place of a point in the unit cube."""
    x, y, z = ((value - axis.ends[0]) / (axis.ends[1] - axis.ends[0]) for value, axis in zip(point, axes, strict=True))
    return x, y, z


def _seen(corner: Corner) -> Place:
    """The parallel projection of the unit cube."""
    x, y, z = corner
    return y * cos(TURN) - x * sin(TURN), z * cos(RISE) - (x * cos(TURN) + y * sin(TURN)) * sin(RISE)


def _dot(one: Corner, other: Corner) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _lit(colour: str, corners: Sequence[Corner], *, turned: bool) -> str:
    """The colour of a face, a little darker where it turns away from the light."""
    direction = normal(corners)
    size = _dot(direction, direction) ** 0.5 or 1.0
    bright = _dot(direction, LIGHT) / size * (-1 if turned else 1)
    share = 0.8 + 0.2 * max(0.0, bright)
    return "#" + "".join(f"{round(int(colour[i : i + 2], 16) * share):02x}" for i in (1, 3, 5))


def _draw_box(axes: Axes, solid: Solid) -> None:
    """Draw the floor and the two walls behind, with a grid, and numbers along the edges."""
    first, second, third = (_ticks(axis) for axis in solid.axes)
    for x, text in first:
        _line(axes, [(x, 0, 0), (x, 1, 0), (x, 1, 1)])
        _write(axes, (x, -0.04, 0), text, "right", "top")
    for y, text in second:
        _line(axes, [(1, y, 0), (0, y, 0), (0, y, 1)])
        _write(axes, (1.04, y, 0), text, "left", "top")
    for z, text in third:
        _line(axes, [(0, 0, z), (0, 1, z), (1, 1, z)])
        # The lowest number would overlap the first one of the edge below.
        _write(axes, (0, -0.04, z), text if z else "", "right", "center")
    for corners in OUTLINE:
        _line(axes, corners, MUTED)
    _write(axes, (0.5, -0.2, 0), solid.names[0], "right", "top", 9)
    _write(axes, (1.2, 0.5, 0), solid.names[1], "left", "top", 9)
    _write(axes, (0, 0, 1.06), solid.names[2], "center", "bottom", 9)


def _ticks(axis: Axis) -> list[tuple[float, str]]:
    """Round numbers, and how far along the axis they are."""
    if axis.ticks:
        return [(0.0, axis.ticks[1][0]), (1.0, axis.ticks[1][1])]
    found = levels(axis.low, axis.high, TICKS)
    step = found[1] - found[0] if len(found) > 1 else axis.high - axis.low
    ends = [end for end in (axis.low, axis.high) if end % step == 0]
    return [
        (float((value - axis.low) / (axis.high - axis.low)), decimal_text(value, 4).replace("-", "−"))
        for value in sorted({*ends, *found})
    ]


def _line(axes: Axes, corners: Sequence[Corner], colour: str = "#dddddd") -> None:
    x, y = zip(*map(_seen, corners), strict=True)
    axes.plot(x, y, color=colour, linewidth=0.6, zorder=1)


def _write(axes: Axes, corner: Corner, text: str, across: str, up: str, size: float = 7) -> None:
    axes.text(*_seen(corner), text, ha=across, va=up, fontsize=size, color=MUTED if size < 9 else INK)
