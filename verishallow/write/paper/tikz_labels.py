"""The labels of a figure of regions: dots, numbers, bounds, and the maps of the colours."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import hypot

from gmpy2 import mpq

from verishallow.affine import AffineMap
from verishallow.rationals import Vector
from verishallow.regions.plane import Polygon
from verishallow.write.paper.centimetres import Paper, drawn
from verishallow.write.paper.tex_numbers import form_latex, number_latex

ROOM_FOR_A_NUMBER = 0.22
"""Centimetres of room that a region's number needs around it; else it is left out."""

LONGEST_DECIMAL, LONGEST_BOUND = 4, 12
"""Decimal places, and characters, up to which a bound of the window is written exactly."""

MOST_DOTS, MOST_MAPS, MOST_OUTPUTS = 200, 8, 3


def dots(names: Mapping[Vector, str], paper: Paper) -> list[str]:
    """A dot at each vertex inside the window, unless there are too many."""
    inside = [name for point, name in names.items() if paper.window.polyhedron.contains_strictly(point)]
    return [f"\\fill ({name}) circle[radius=0.7pt];" for name in inside] if len(inside) <= MOST_DOTS else []


def region_numbers(parts: Iterable[Polygon], paper: Paper) -> list[str]:
    """The number of each region, where there is room for it."""
    return [
        f"\\node[font=\\scriptsize, inner sep=0pt] at {drawn(middle)} {{{part.number}}};"
        for part in parts
        for middle, room in [_middle([paper.at(corner) for corner in part.corners])]
        if room > ROOM_FOR_A_NUMBER
    ]


def _middle(places: Sequence[Vector]) -> tuple[Vector, float]:
    """The mean of the corners, and its approximate distance from the sides."""
    middle = tuple(sum(column) / len(places) for column in zip(*places, strict=True))
    return middle, min(_distance(middle, one, other) for one, other in pairwise((*places, places[0])))


def _distance(point: Vector, one: Vector, other: Vector) -> float:
    """The distance of a point from the line through two others, rounded."""
    (x, y), (a, b), (c, d) = (tuple(map(float, place)) for place in (point, one, other))
    return abs((c - a) * (y - b) - (d - b) * (x - a)) / hypot(c - a, d - b)


def frame(paper: Paper) -> list[str]:
    """The window with its bounds and the names of the coordinates."""
    width, height = paper.at(paper.window.corners[2])
    ticks = {
        "below": [((mpq(0), mpq(0)), paper.window.left), ((width, mpq(0)), paper.window.right)],
        "left": [((mpq(0), mpq(0)), paper.window.low), ((mpq(0), height), paper.window.high)],
    }
    return [
        f"\\draw[gray, line width=0.2pt] (0,0) rectangle {drawn((width, height))};",
        *(
            f"\\node[{side}, font=\\footnotesize] at {drawn(place)} {{${_bound(value)}$}};"
            for side, found in ticks.items()
            for place, value in found
        ),
        f"\\node[below] at {drawn((width / 2, mpq(0)))} {{$x_1$}};",
        f"\\node[left] at {drawn((mpq(0), height / 2))} {{$x_2$}};",
    ]


def _bound(value: mpq) -> str:
    """A number on one line: an exact decimal, else p/q, else abbreviated."""
    if 10**LONGEST_DECIMAL % value.denominator == 0:
        text = format(Decimal(int(value * 10**LONGEST_DECIMAL)).scaleb(-LONGEST_DECIMAL).normalize(), "f")
    else:
        text = str(value)
    return text if len(text) <= LONGEST_BOUND else number_latex(value)


def legend(coloured: Iterable[tuple[AffineMap, str]]) -> list[str]:
    """The map of each colour below the figure, unless there are too many."""
    found = list(coloured)
    if len(found) > MOST_MAPS:
        return []
    return [line for number, (affine_map, colour) in enumerate(found) for line in _entry(number, affine_map, colour)]


def _entry(number: int, affine_map: AffineMap, colour: str) -> list[str]:
    place = f"(vsmap{number - 1}.south west)" if number else "(0.4,-0.8)"
    style = "anchor=north west, align=left, text width=8.4cm, inner ysep=2pt, font=\\footnotesize"
    swatch = f"([xshift=-3mm,yshift=-1mm]vsmap{number}.north west) rectangle ++(2.5mm,-2.5mm)"
    return [
        f"\\node[{style}] (vsmap{number}) at {place} {{${_map(affine_map)}$}};",
        f"\\fill[{colour}] {swatch};",
    ]


def _map(affine_map: AffineMap) -> str:
    forms = [form_latex(form) for form in affine_map.forms[:MOST_OUTPUTS]]
    if len(affine_map.forms) == 1:
        return f"f(x) = {forms[0]}"
    more = ["\\ldots"] if len(affine_map.forms) > MOST_OUTPUTS else []
    return f"f(x) = ({', '.join([*forms, *more])})"
