"""The graph of a network of one input: every region is a strip that can be clicked, every breakpoint is exact."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.certificate.certificate import Certificate
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import counted
from verishallow.regions.colours import PALETTE
from verishallow.regions.plane import Window, extent, wider
from verishallow.regions.region import Region
from verishallow.show.report.elements import element
from verishallow.show.report.frame import PictureFrame, decimal, picture

STROKES = ((6, None), (5, "12 5"), (2, "3 4"), (4, "14 5 3 5"), (0, "6 6"), (1, "20 6"), (7, "2 8"))
"""For each output the number of its colour in the palette (yellow lines are hard to see), and its dashes."""

MOST_OUTPUTS = len(STROKES)
"""Outputs up to which their graphs are drawn, each in a colour and with dashes of its own."""

UNSCALED = {"vector_effect": "non-scaling-stroke"}

MOST_LINES = 500
"""Breakpoints up to which each has a line of its own."""

Interval = tuple[mpq, mpq]


def graph_of_outputs(certificate: Certificate) -> tuple[Element, PictureFrame]:
    """The picture, and its frame; an unbounded domain is shown around all breakpoints."""
    regions, ends = certificate.regions, _shown(certificate)
    strips = [(number, region, _within(region, ends)) for number, region in enumerate(regions, start=1)]
    drawn = [(number, region, strip) for number, region, strip in strips if strip[0] < strip[1]]
    outputs = range(min(len(regions[0].affine_map.forms), MOST_OUTPUTS))
    frame = PictureFrame(Window(*ends, *_heights(drawn, outputs)))
    areas = (_strip(number, strip, frame) for number, _, strip in drawn)
    graphs = (_graph([(region.affine_map.forms[o], strip) for _, region, strip in drawn], o, frame) for o in outputs)
    inner = sorted({end for _, _, strip in drawn for end in strip if ends[0] < end < ends[1]})
    lines = "".join(frame.path([(x, frame.window.low), (x, frame.window.high)]) for x in inner)
    thin = {"stroke": "currentColor", "stroke_width": "0.5", "stroke_opacity": "0.5", **UNSCALED}
    shown = picture(
        frame,
        f"the graph of {counted(len(outputs), 'output')} on {counted(len(regions), 'region')}",
        element("g", *areas, class_="areas"),
        element("path", d=lines, **thin) if len(inner) <= MOST_LINES else None,
        element("g", *graphs, class_="graphs", fill="none", stroke_width="2.5", pointer_events="none"),
    )
    shown.attrib |= {"preserveAspectRatio": "none", "data-axes": "x"}
    return shown, frame


def _shown(certificate: Certificate) -> Interval:
    """The domain if it is bounded, else an interval around all breakpoints."""
    generators = certificate.domain.v_representation
    if not generators.rays and not generators.lines:
        low, high = extent(vertex[0] for vertex in generators.vertices)
        return low, high
    low, high = wider(*extent(v[0] for region in certificate.regions for v in region.v_representation.vertices))
    return low, high


def _within(region: Region, ends: Interval) -> Interval:
    low, high = interval_of(region.polyhedron)
    return max(ends[0], ends[0] if low is None else low), min(ends[1], ends[1] if high is None else high)


def interval_of(polyhedron: Polyhedron) -> tuple[mpq | None, mpq | None]:
    """The ends of a polyhedron of dimension 1; ``None`` where it has none.

    >>> interval_of(Polyhedron.of([[1, 2]]))
    (mpq(-1,2), None)
    """
    lows = [-form.constant / form.linear[0] for form in polyhedron.inequalities if form.linear[0] > 0]
    highs = [-form.constant / form.linear[0] for form in polyhedron.inequalities if form.linear[0] < 0]
    return max(lows, default=None), min(highs, default=None)


def _heights(drawn: Sequence[tuple[int, Region, Interval]], outputs: range) -> Interval:
    """The range of the values, and a twentieth more on both sides."""
    values = [region.affine_map.forms[o]((x,)) for _, region, strip in drawn for o in outputs for x in strip]
    low, high = extent(values)
    room = (high - low) / 20 or mpq(1)
    return low - room, high + room


def _strip(number: int, strip: Interval, frame: PictureFrame) -> Element:
    left, right = (frame.at((end, frame.window.low))[0] for end in strip)
    place = {"x": decimal(left), "y": "0", "width": decimal(right - left), "height": decimal(frame.height)}
    colour = {"fill": "currentColor", "fill_opacity": "0.07" if number % 2 else "0"}
    return element("rect", data_region=number, pointer_events="all", **place, **colour)


def _graph(pieces: Sequence[tuple[AffineForm, Interval]], output: int, frame: PictureFrame) -> Element:
    points = sorted(set(_corners(pieces)))
    return element("path", d=frame.path(points), data_output=output, **UNSCALED, **stroke(output))


def stroke(output: int) -> dict[str, str | None]:
    """The attributes of the line of an output.

    >>> stroke(1)
    {'stroke': '#D55E00', 'stroke_dasharray': '12 5'}
    """
    colour, dashes = STROKES[output]
    return {"stroke": f"#{PALETTE[colour]}", "stroke_dasharray": dashes}


def _corners(pieces: Sequence[tuple[AffineForm, Interval]]) -> Iterator[tuple[mpq, mpq]]:
    for form, strip in pieces:
        yield from ((x, form((x,))) for x in strip)
