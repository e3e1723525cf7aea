"""The regions of a function of two inputs: exact polygons, coloured by piece, pattern, output or class."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import Any

from verishallow.explain.names import Names
from verishallow.read.domains.usable_domain import Domain
from verishallow.read.sources import Model
from verishallow.show.plot.axes import Axis
from verishallow.show.plot.bands import Bands, bands_of
from verishallow.show.plot.cells import Cells, cells_of
from verishallow.show.plot.colours import ColorBy, Colouring, class_colour, color_by, coloured
from verishallow.show.plot.data import Data, points_of
from verishallow.show.plot.frame import Frame, frame_of
from verishallow.show.plot.matplotlib_parts import (
    Artist,
    Axes,
    BoundaryNorm,
    Legend,
    Line2D,
    ListedColormap,
    Patch,
    ScalarMappable,
    Text,
)
from verishallow.show.plot.own_axes import axes_for
from verishallow.show.plot.shapes import Place, areas, lines, places
from verishallow.show.plot.style import (
    DECISION,
    INK,
    MOST_DOTS,
    MOST_ELEMENTS,
    MOST_ENTRIES,
    MOST_LABELS,
    MUTED,
    bare,
    dot_size,
    line_width,
)
from verishallow.show.plot.subject import subject_of
from verishallow.slices import Slice

SEAM = 0.6
"""The width in points of the line around an area in its own colour, which closes the seam to its neighbours."""

SLIMMEST = 3
"""In a frame more oblong than this the two axes have different scales."""


def plot_regions(
    function: Model,
    domain: Domain = None,
    *,
    color: str = "piece",
    output: int | str = 0,
    data: Data | None = None,
    decision: bool | None = None,
    window: str | None = None,
    on_slice: Slice | None = None,
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
    axes: Axes | None = None,
) -> Axes:
    """Draw the regions of a network of two inputs (or on a plane, ``on_slice``) and return the axes.

    ``color`` is "piece" (affine map), "pattern", "output" (bands between exact level lines) or "class" (the greatest
    output, or the sign of a single one). The decision boundary is drawn with classes, and if ``decision`` is true.
    Every polygon is exact until it is drawn. ``axes`` are matplotlib's, by default of a new figure; coordinates are
    those of the inputs. Raises :class:`~verishallow.errors.InputError` for other numbers of inputs.

    >>> from verishallow import ReLUNetwork
    >>> xor = ReLUNetwork.of([([[1, 1], [1, 1]], [0, -1]), ([[1, -2]], [0])])
    >>> axes = plot_regions(xor, "box:-1,2")
    >>> [patch.get_gid() for patch in axes.patches]
    ['piece-1', 'piece-2', 'piece-3', 'kinks', 'domain']
    """
    subject = subject_of(function, domain, on_slice, names, output_names)
    subject.require_inputs(2)
    by = color_by(color)
    decides = by == "class" if decision is None else decision
    frame = frame_of(subject.network, subject.domain, window, points_of(data))
    cells = cells_of(subject.network, subject.domain, frame, classes=decides or by == "class")
    drawn = axes_for(axes, (6, 5))
    draw_regions(drawn, cells, frame, subject.names, by, subject.names.output(output), decision=decides)
    if data is not None:
        draw_data(drawn, data, frame)
    return drawn


def draw_regions(
    axes: Axes, cells: Cells, frame: Frame, names: Names, by: ColorBy, output: int, *, decision: bool
) -> None:
    """Draw areas, lines, dots, labels and the legend."""
    across, up = (Axis(*interval) for interval in frame.intervals)
    corners = [places([cells.points[corner] for corner in cell.corners], across, up) for cell in cells.cells]
    if by == "output":
        _draw_bands(axes, cells, (across, up), output, names)
    else:
        colouring = coloured(cells, by, names)
        _draw_things(axes, corners, colouring, by)
        _draw_labels(axes, corners, cells, colouring, by)
        _draw_legend(axes, colouring, by)
    _draw_lines(axes, cells, (across, up), by, decision)
    _draw_dots(axes, cells, frame, (across, up))
    set_axes(axes, across, up, names)


def _draw_things(axes: Axes, corners: Sequence[Sequence[Place]], colouring: Colouring, by: ColorBy) -> None:
    """Draw one element for each piece, pattern or class, or if there are very many one for each colour."""
    few = len(colouring.colours) <= MOST_ELEMENTS
    # Areas of one colour need no line between them; areas of different colours must keep their small cells.
    edge = SEAM if by == "class" else min(SEAM / 2, line_width(len(corners)))
    members: defaultdict[str, list[Sequence[Place]]] = defaultdict(list)
    colours: dict[str, str] = {}
    for thing, polygon in zip(colouring.things, corners, strict=True):
        colour = colouring.colours[thing]
        name = f"{by}-{thing + 1}" if few else f"{by}s-{colour[1:]}"
        members[name].append(polygon)
        colours[name] = colour
    for name, polygons in members.items():
        axes.add_patch(areas(polygons, colours[name], name, edge))


def _draw_bands(axes: Axes, cells: Cells, frame: tuple[Axis, Axis], output: int, names: Names) -> None:
    """Draw the parts of all cells between two level lines."""
    found = bands_of(cells, output)
    parts: defaultdict[int, list[Sequence[Place]]] = defaultdict(list)
    for part in found.parts:
        parts[part.band].append(places(part.corners, *frame))
    for band, polygons in sorted(parts.items()):
        axes.add_patch(areas(polygons, found.colours[band], f"band-{band + 1}", SEAM))
    _draw_scale(axes, found, names.outputs[output])


def _draw_scale(axes: Axes, found: Bands, name: str) -> None:
    axis = Axis(found.bounds[0], found.bounds[-1])
    norm = BoundaryNorm([axis.at(bound) for bound in found.bounds], len(found.colours))
    mappable = ScalarMappable(norm, ListedColormap(list(found.colours)))
    bar = axes.figure.colorbar(mappable, ax=axes, label=name, shrink=0.85, spacing="proportional")
    if axis.ticks:
        bar.set_ticks(axis.ticks[0], labels=axis.ticks[1])


def _draw_lines(axes: Axes, cells: Cells, frame: tuple[Axis, Axis], by: ColorBy, decision: bool) -> None:
    found: defaultdict[str, list[list[Place]]] = defaultdict(list)
    for facet in cells.facets:
        ends = places([cells.points[corner] for corner in facet.corners], *frame)
        found[facet.border].append(ends)
        if decision and facet.decides:
            found["decision"].append(ends)
    width = line_width(cells.regions)
    light = by in ("class", "output")
    for border, name, colour, wide, style in (
        ("fold", "folds", MUTED, 0.6 * width, (0, (1, 2)) if cells.regions < 400 else "solid"),
        ("kink", "kinks", MUTED if light else INK, 0.6 * width if light else width, "solid"),
        ("domain", "domain", INK, 1.1, "solid"),
        ("decision", "decision-boundary", DECISION, 2.0, "solid"),
    ):
        if found[border]:
            drawn: Any = lines(found[border], colour, wide, name, style, 4 if border == "decision" else 2)
            axes.add_patch(drawn)


def _draw_dots(axes: Axes, cells: Cells, frame: Frame, scale: tuple[Axis, Axis]) -> None:
    """Draw the vertices, if they are few."""
    inside = cells.inner_points(frame)
    if 0 < len(inside) <= MOST_DOTS:
        x, y = zip(*places(inside, *scale), strict=True)
        size = dot_size(len(inside))
        axes.plot(x, y, "o", color=INK, markersize=size, markeredgewidth=0, gid="vertices", zorder=5)


def _draw_labels(
    axes: Axes, corners: Sequence[Sequence[Place]], cells: Cells, colouring: Colouring, by: ColorBy
) -> None:
    """Write the patterns of regions, if there are few and there is room."""
    if by != "pattern" or cells.regions > MOST_LABELS:
        return
    (left, right), (low, high) = _extent(corners)
    for number, polygon in enumerate(corners):
        text = colouring.names[colouring.things[number]]
        (x, y), room = _middle([((x - left) / (right - left), (y - low) / (high - low)) for x, y in polygon])
        if room > 0.006 * len(text):
            place = (left + x * (right - left), low + y * (high - low))
            axes.text(*place, text, ha="center", va="center", fontsize=7, zorder=6)


def _extent(corners: Sequence[Sequence[Place]]) -> list[tuple[float, float]]:
    columns = list(zip(*(place for polygon in corners for place in polygon), strict=True))
    return [(min(column), max(column)) for column in columns]


def _middle(polygon: Sequence[Place]) -> tuple[Place, float]:
    """The mean of the corners, and its distance from the nearest side."""
    x, y = (sum(column) / len(polygon) for column in zip(*polygon, strict=True))
    sides = pairwise((*polygon, polygon[0]))
    return (x, y), min(abs((c - a) * (y - b) - (d - b) * (x - a)) / hypot(c - a, d - b) for (a, b), (c, d) in sides)


def _draw_legend(axes: Axes, colouring: Colouring, by: ColorBy) -> None:
    """Write formulas or classes beside the picture, if there are few."""
    names = list(zip(colouring.colours, colouring.names, strict=True))
    if by == "pattern" or len(names) > MOST_ENTRIES or not any(name for _, name in names):
        return
    handles = [Patch(facecolor=colour, edgecolor=MUTED, linewidth=0.4, label=name) for colour, name in names]
    _write_legend(axes, handles)


def set_axes(axes: Axes, across: Axis, up: Axis, names: Names) -> None:
    """Name the axes of the plane; one scale for both where that fits."""
    bare(axes)
    axes.set(xlabel=names.features[0], ylabel=names.features[1], xlim=_roomy(across), ylim=_roomy(up))
    for axis, drawn in ((across, axes.xaxis), (up, axes.yaxis)):
        if axis.ticks:
            drawn.set_ticks(*axis.ticks)
    width, height = across.high - across.low, up.high - up.low
    if max(width, height) <= SLIMMEST * min(width, height) and across.plain == up.plain:
        ratio: Any = "equal" if across.plain else float(height / width)
        axes.set_aspect(ratio)


def _roomy(axis: Axis) -> tuple[float, float]:
    low, high = axis.ends
    return low - (high - low) / 50, high + (high - low) / 50


def draw_data(axes: Axes, data: Data, frame: Frame) -> None:
    """Draw data points over regions, one colour per label; points outside the frame are left out."""
    across, up = (Axis(*interval) for interval in frame.intervals)
    size = max(2.0, min(5.0, 60 / len(data.points) ** 0.5))
    drawn: list[Line2D] = []
    for label, name in enumerate(data.labels or ("data",)):
        chosen = [p for p, number in zip(data.points, data.of_label, strict=True) if number == label]
        shown = [point for point in chosen if frame.part.contains(point)]
        if shown:
            x, y = zip(*places(shown, across, up), strict=True)
            colour = class_colour(label, strong=True) if data.labels else "white"
            style = {"markeredgecolor": INK, "markeredgewidth": 0.5, "markersize": size, "zorder": 7}
            drawn += axes.plot(x, y, "o", color=colour, gid=f"data-{name}", label=name, **style)
    if data.labels:
        _explain_labels(axes, drawn)


def _explain_labels(axes: Axes, drawn: Sequence[Line2D]) -> None:
    """Add labels that the legend does not name yet."""
    legend = axes.get_legend()
    known = {text.get_text(): handle for text, handle in _entries(legend)} if legend else {}
    new = {str(points.get_label()): points for points in drawn if str(points.get_label()) not in known}
    if new and len(known) + len(new) <= MOST_ENTRIES:
        _write_legend(axes, [*known.values(), *new.values()])


def _entries(legend: Legend) -> Iterator[tuple[Text, Artist | None]]:
    return zip(legend.get_texts(), legend.legend_handles, strict=True)


def _write_legend(axes: Axes, handles: Sequence[Any]) -> None:
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=8)
