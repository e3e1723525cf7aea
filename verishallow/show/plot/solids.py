"""What a picture in space consists of: coloured polygons and lines, of a surface or of the cells of three inputs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.explain.names import Names
from verishallow.rationals import Vector
from verishallow.show.plot.axes import Axis, axis_of
from verishallow.show.plot.bands import bands_of, shades
from verishallow.show.plot.cells import Cells
from verishallow.show.plot.colours import ColorBy, coloured
from verishallow.show.plot.style import MOST_ENTRIES

Point = tuple[float, float, float]

APART = mpq(86, 100)
"""Cells shrink to this share of their size, each towards its own middle, so that the inside can be seen."""

MOST_APART = 1500
"""Cells beyond which they are not pulled apart, and only the outer faces, which hide all others, are drawn."""


@dataclass(frozen=True)
class Solid:
    """Polygons, each with its cell and its colour, lines, each with the cells beside it, and the three axes.

    The polygons of a ``closed`` solid are anticlockwise seen from outside their cell, those of a surface from above.
    ``legend`` explains the colours.
    """

    polygons: tuple[tuple[Point, ...], ...]
    owners: tuple[int, ...]
    colours: tuple[str, ...]
    lines: tuple[tuple[Point, ...], ...]
    beside: tuple[tuple[int, ...], ...]
    axes: tuple[Axis, Axis, Axis]
    names: tuple[str, str, str]
    legend: tuple[tuple[str, str], ...]
    closed: bool


def surface(cells: Cells, intervals: Sequence[tuple[mpq, mpq]], by: ColorBy, output: int, names: Names) -> Solid:
    """The graph of an output of a function of two inputs."""
    values = [value for number in range(len(cells.cells)) for value in cells.values(number, output)]
    axes = (Axis(*intervals[0]), Axis(*intervals[1]), axis_of(values))
    faces, colours, legend = _faces_of_surface(cells, by, output, names)
    lifted = [_lifted(cells.cells[cell].affine_map.forms[output], corners, axes) for cell, corners in faces]
    polygons = [polygon if normal(polygon)[2] > 0 else polygon[::-1] for polygon in lifted]
    drawn = [facet for facet in cells.facets if facet.border in ("kink", "domain", "window") or facet.decides]
    lines = [
        _lifted(
            cells.cells[facet.cells[0]].affine_map.forms[output],
            [cells.points[corner] for corner in facet.corners],
            axes,
        )
        for facet in drawn
    ]
    return Solid(
        tuple(polygons),
        tuple(cell for cell, _ in faces),
        tuple(colours),
        tuple(lines),
        tuple(facet.cells for facet in drawn),
        axes,
        (names.features[0], names.features[1], names.outputs[output]),
        legend,
        closed=False,
    )


def _faces_of_surface(
    cells: Cells, by: ColorBy, output: int, names: Names
) -> tuple[list[tuple[int, Sequence[Vector]]], list[str], tuple[tuple[str, str], ...]]:
    """Pairs (cell, polygon in the plane), their colours, and a legend."""
    if by == "output":
        bands = bands_of(cells, output)
        return [(p.cell, p.corners) for p in bands.parts], [bands.colours[p.band] for p in bands.parts], ()
    found = coloured(cells, by, names)
    faces: list[tuple[int, Sequence[Vector]]] = [
        (number, [cells.points[corner] for corner in cell.corners]) for number, cell in enumerate(cells.cells)
    ]
    return faces, [found.of_cell(number) for number in range(len(faces))], _legend(found.colours, found.names)


def _legend(colours: Sequence[str], names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(zip(colours, names, strict=True)) if len(names) <= MOST_ENTRIES and any(names) else ()


def _lifted(form: AffineForm, corners: Iterable[Vector], axes: tuple[Axis, Axis, Axis]) -> tuple[Point, ...]:
    across, deep, up = axes
    return tuple((across.at(x), deep.at(y), up.at(form((x, y)))) for x, y in corners)


def solid_cells(cells: Cells, intervals: Sequence[tuple[mpq, mpq]], by: ColorBy, output: int, names: Names) -> Solid:
    """The cells of a function of three inputs, pulled a little apart; only the outer faces if there are very many."""
    first, second, third = (Axis(*interval) for interval in intervals)
    axes = (first, second, third)
    colours, legend = _colours_of_cells(cells, by, output, names)
    apart = len(cells.cells) <= MOST_APART
    middles = [cells.middle(number) for number in range(len(cells.cells))]
    faces = [
        (number, facet)
        for number, cell in enumerate(cells.cells)
        for facet in (cells.facets[index] for index in cell.facets)
        if apart or len(facet.cells) == 1
    ]
    placed = [
        tuple(_placed(_towards(cells.points[corner], middles[number], apart), axes) for corner in facet.corners)
        for number, facet in faces
    ]
    inside = [_placed(middles[number], axes) for number, _ in faces]
    polygons = [_outward(polygon, middle) for polygon, middle in zip(placed, inside, strict=True)]
    owners = tuple(number for number, _ in faces)
    return Solid(
        tuple(polygons),
        owners,
        tuple(colours[number] for number in owners),
        tuple((*polygon, polygon[0]) for polygon in polygons),
        tuple((number,) for number in owners),
        axes,
        (names.features[0], names.features[1], names.features[2]),
        legend,
        closed=True,
    )


def _colours_of_cells(
    cells: Cells, by: ColorBy, output: int, names: Names
) -> tuple[Sequence[str], tuple[tuple[str, str], ...]]:
    if by == "output":
        values = [_mean_value(cells.values(number, output)) for number in range(len(cells.cells))]
        low, high = min(values), max(values)
        return shades([(value - low) / ((high - low) or 1) for value in values]), ()
    found = coloured(cells, by, names)
    return [found.of_cell(number) for number in range(len(cells.cells))], _legend(found.colours, found.names)


def _mean_value(values: Sequence[mpq]) -> mpq:
    return sum(values, mpq(0)) / len(values)


def _towards(point: Vector, middle: Vector, apart: bool) -> Vector:
    return tuple(b + APART * (a - b) for a, b in zip(point, middle, strict=True)) if apart else point


def _placed(point: Vector, axes: tuple[Axis, Axis, Axis]) -> Point:
    x, y, z = (axis.at(value) for axis, value in zip(axes, point, strict=True))
    return x, y, z


def _outward(polygon: tuple[Point, ...], inside: Point) -> tuple[Point, ...]:
    """The points of a face in the order that is anticlockwise seen from outside its cell, for its shading."""
    away = sum(n * (a - b) for n, a, b in zip(normal(polygon), polygon[0], inside, strict=True))
    return polygon if away > 0 else polygon[::-1]


def normal(polygon: Sequence[Point]) -> Point:
    """Newell's normal of a polygon, which thin polygons have too."""
    pairs = list(zip(polygon, (*polygon[1:], polygon[0]), strict=True))
    return (
        sum((a[1] - b[1]) * (a[2] + b[2]) for a, b in pairs),
        sum((a[2] - b[2]) * (a[0] + b[0]) for a, b in pairs),
        sum((a[0] - b[0]) * (a[1] + b[1]) for a, b in pairs),
    )


def triangles(polygon: Sequence[int]) -> list[tuple[int, int, int]]:
    """A convex polygon as a fan of triangles.

    >>> triangles((4, 5, 6, 7))
    [(4, 5, 6), (4, 6, 7)]
    """
    return [(polygon[0], one, other) for one, other in pairwise(polygon[1:])]
