"""Networks as layers of dots; regions, complexes and certificates of two inputs as maps, of one input as graphs."""

from collections.abc import Iterator, Sequence
from functools import singledispatch
from math import atan2
from xml.etree.ElementTree import Element

from verishallow.certificate.certificate import Certificate
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector
from verishallow.regions.colours import PALETTE, TINTS
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.plane import Window, extent, polygons, wider
from verishallow.regions.region import Region
from verishallow.shallow.three_layer import ThreeLayerNetwork
from verishallow.show.report.elements import element
from verishallow.show.report.frame import PictureFrame, picture
from verishallow.show.report.graph_of_outputs import graph_of_outputs
from verishallow.show.report.map_of_regions import map_of_regions, paint

MOST_REGIONS = 300
"""Regions up to which all of them are drawn."""

MOST_DOTS = 12
"""Neurons up to which a layer is drawn in full; else the first and last ones with dots between, and their number."""

MOST_COLUMNS = 12
"""Layers beyond which a network is not drawn."""

COLUMN, ROW, DOT = 90, 24, 7
"""Distances between layers and neurons, and the radius of a neuron."""


@singledispatch
def drawing(value: object) -> Element | None:
    """The picture of a value; ``None`` where there is none.

    >>> len(list(drawing(ReLUNetwork.of([([[1, 2]], [0])])).iter("circle")))
    3
    """
    del value
    return None


@drawing.register
def _(value: ReLUNetwork) -> Element | None:
    reads = [layer.reads for layer in value.layers]
    return layers([value.inputs, *(layer.width for layer in value.layers)], reads)


@drawing.register
def _(value: ThreeLayerNetwork) -> Element | None:
    widths = [value.inputs, value.layer1.width, value.layer2.width, value.outputs]
    return layers(widths, [(0,), (1,), (2,)])


def layers(widths: Sequence[int], reads: Sequence[Sequence[int]]) -> Element | None:
    """Columns of dots, each with its number of neurons, and lines to the layers they read; ``None`` if very many."""
    if len(widths) > MOST_COLUMNS:
        return None
    height = ROW * (min(max(widths), MOST_DOTS) + 2)
    columns = (child for place, width in enumerate(widths) for child in _column(width, _across(place), height))
    lines = (
        _between(widths, source, place, height) for place, sources in enumerate(reads, start=1) for source in sources
    )
    size = {"viewBox": f"0 0 {COLUMN * len(widths)} {height}", "xmlns": "http://www.w3.org/2000/svg"}
    title = element("title", f"layers of {', '.join(map(str, widths))} neurons")
    return element("svg", title, *lines, *columns, **size, role="img")


def _across(place: int) -> int:
    return COLUMN * place + COLUMN // 2


def _heights(width: int, height: int) -> list[int]:
    """Where the dots of a column stand; a gap in the middle stands for those left out."""
    count = min(width, MOST_DOTS)
    top = (height - ROW - ROW * (count - 1)) // 2
    places = [top + ROW * k for k in range(count)]
    return places if width <= MOST_DOTS else [y for k, y in enumerate(places) if k != MOST_DOTS - 2]


def _column(width: int, x: int, height: int) -> Iterator[Element]:
    for y in _heights(width, height):
        yield element("circle", cx=x, cy=y, r=DOT, fill=f"#{PALETTE[0]}", stroke="currentColor")
    if width > MOST_DOTS:
        yield _label("\N{VERTICAL ELLIPSIS}", x, _heights(width, height)[-1] - ROW + 6)
    yield _label(str(width), x, height - 8)


def _label(text: str, x: int, y: int) -> Element:
    style = {"font_size": "15", "font_family": "sans-serif", "text_anchor": "middle", "fill": "currentColor"}
    return element("text", text, x=x, y=y, **style)


def _between(widths: Sequence[int], source: int, place: int, height: int) -> Element:
    """A line from each neuron to each of the layer before; a single arc to a layer before that one."""
    left, right = _across(source), _across(place)
    starts, ends = _heights(widths[source], height), _heights(widths[place], height)
    lines = "".join(f"M{left} {a}L{right} {b}" for a in starts for b in ends)
    arc = f"M{left} {starts[0]}Q{(left + right) // 2} {2 - ROW} {right} {ends[0]}"
    style = {"stroke": "currentColor", "stroke_width": "0.4", "stroke_opacity": "0.6", "fill": "none"}
    return element("path", d=lines if place == source + 1 else arc, **style)


@drawing.register
def _(value: Region) -> Element | None:
    if value.polyhedron.dimension != 2:
        return None
    generators = value.v_representation
    bounded = not generators.rays and not generators.lines
    sides = [extent(vertex[axis] for vertex in generators.vertices) for axis in (0, 1)]
    across, up = sides if bounded else [wider(*side) for side in sides]
    frame = PictureFrame(Window(*across, *up))
    paths = (_polygon(part.corners, 0, frame) for part in polygons([value], frame.window))
    return picture(frame, "a region", *paths)


def _polygon(corners: Sequence[Vector], colour: int, frame: PictureFrame) -> Element:
    shape = {"d": frame.path(corners, closed=True), "stroke": "currentColor", "vector_effect": "non-scaling-stroke"}
    return element("path", **shape, **paint(colour))


@drawing.register
def _(value: PolyhedralComplex) -> Element | None:
    if value.dimension != 2 or value.lines or value.cells > MOST_REGIONS or not value.finite[0].all():
        return None
    points = [value.point(number) for number in range(len(value.points))]
    frame = PictureFrame(Window(*extent(point[0] for point in points), *extent(point[1] for point in points)))
    cells = ([points[number] for number in numbers.tolist()] for numbers in value.vertices_of(2))
    colours = len(PALETTE) * len(TINTS)
    paths = (_polygon(around(cell), number % colours, frame) for number, cell in enumerate(cells))
    return picture(frame, f"the {value.cells} cells of a complex", *paths)


def around(corners: Sequence[Vector]) -> list[Vector]:
    """The corners of a convex polygon in order, anticlockwise.

    >>> from gmpy2 import mpq
    >>> [tuple(map(int, c)) for c in around([(mpq(0), mpq(0)), (mpq(1), mpq(1)), (mpq(1), mpq(0)), (mpq(0), mpq(1))])]
    [(0, 0), (1, 0), (1, 1), (0, 1)]
    """
    x, y = (sum(column) / len(corners) for column in zip(*corners, strict=True))
    return sorted(corners, key=lambda corner: atan2(corner[1] - y, corner[0] - x))


@drawing.register
def _(value: Certificate) -> Element | None:
    inputs = value.header["inputs"]
    if inputs > 2 or value.counts.get("leaves", MOST_REGIONS + 1) > MOST_REGIONS:
        return None
    drawn, _ = map_of_regions(value, classes=False) if inputs == 2 else graph_of_outputs(value)
    return drawn
