"""The graph of a function of one input: its outputs, with every breakpoint, exactly."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from gmpy2 import mpq

from verishallow.explain.names import Names
from verishallow.read.domains.usable_domain import Domain
from verishallow.read.sources import Model
from verishallow.show.plot.axes import Axis, axis_of
from verishallow.show.plot.cells import Cells, cells_of
from verishallow.show.plot.colours import ColorBy, Colouring, class_colour, color_by, coloured
from verishallow.show.plot.data import Data, points_of
from verishallow.show.plot.frame import Frame, frame_of
from verishallow.show.plot.matplotlib_parts import Axes, Patch
from verishallow.show.plot.own_axes import axes_for
from verishallow.show.plot.shapes import Place, areas, lines
from verishallow.show.plot.style import (
    INK,
    LINE_COLOURS,
    MOST_DOTS,
    MOST_ELEMENTS,
    MOST_ENTRIES,
    MOST_TICKS,
    MUTED,
    bare,
    dot_size,
    line_width,
)
from verishallow.show.plot.subject import subject_of
from verishallow.slices import Slice

LONGEST_TICK, NEAREST_TICKS = 9, 0.045
"""Characters up to which breakpoints are written out, and the least distance of two, as a share of the width."""

MOST_LINES = len(LINE_COLOURS)


def plot_graph(
    function: Model,
    domain: Domain = None,
    *,
    color: str = "piece",
    output: int | str | None = None,
    data: Data | None = None,
    window: str | None = None,
    on_slice: Slice | None = None,
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
    axes: Axes | None = None,
) -> Axes:
    """Draw the graph of a network of one input (or on a line, ``on_slice``) and return the axes.

    All outputs are drawn, or the one named. Breakpoints are exact until they are drawn, and written out above where
    they are few and short. Bands behind the graph have one colour for each "piece", "pattern" or "class"; none with
    ``color="output"``. Raises :class:`~verishallow.errors.InputError` for other numbers of inputs.

    >>> from verishallow import ReLUNetwork
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> axes = plot_graph(modulus, "box:-1,2")
    >>> [[float(x) for x in line.get_xdata()] for line in axes.lines if line.get_gid() == "y0"]
    [[-1.0, 0.0, 2.0]]
    """
    subject = subject_of(function, domain, on_slice, names, output_names)
    subject.require_inputs(1)
    by = color_by(color)
    frame = frame_of(subject.network, subject.domain, window, points_of(data))
    cells = cells_of(subject.network, subject.domain, frame, classes=by == "class")
    outputs = range(subject.network.outputs) if output is None else [subject.names.output(output)]
    drawn = axes_for(axes, (6, 3.6))
    draw_graph(drawn, cells, frame, subject.names, by, list(outputs))
    if data is not None:
        draw_rug(drawn, data, frame)
    return drawn


def draw_graph(axes: Axes, cells: Cells, frame: Frame, names: Names, by: ColorBy, outputs: Sequence[int]) -> None:
    """Draw bands, lines, and the breakpoints above."""
    across = Axis(*frame.intervals[0])
    order = sorted(range(len(cells.cells)), key=lambda number: cells.points[cells.cells[number].corners[0]])
    values = {output: _values(cells, order, output) for output in outputs}
    up = axis_of([value for column in values.values() for value in column])
    if by != "output":
        _draw_bands(axes, cells, coloured(cells, by, names), by, across, up)
    kinks = [facet.corners[0] for facet in cells.facets if facet.border in ("kink", "fold")]
    _draw_folds(axes, [cells.points[number][0] for number in kinks], across, up)
    for position, output in enumerate(outputs):
        _draw_output(axes, cells, order, output, values[output], (across, up), position, names)
    _set_axes(axes, across, up, names, outputs)
    _write_breakpoints(axes, sorted(cells.points[number][0] for number in kinks), across)


def _values(cells: Cells, order: Sequence[int], output: int) -> list[mpq]:
    """The values at the left end, at every breakpoint, and at the right end."""
    return [cells.values(number, output)[0] for number in order] + [cells.values(order[-1], output)[1]]


def _draw_output(
    axes: Axes,
    cells: Cells,
    order: Sequence[int],
    output: int,
    values: Sequence[mpq],
    frame: tuple[Axis, Axis],
    position: int,
    names: Names,
) -> None:
    across, up = frame
    corners = [cells.points[cells.cells[number].corners[0]][0] for number in order]
    corners.append(cells.points[cells.cells[order[-1]].corners[1]][0])
    x, y = [across.at(corner) for corner in corners], [up.at(value) for value in values]
    colour = LINE_COLOURS[position % MOST_LINES]
    (line,) = axes.plot(
        x,
        y,
        color=colour,
        linewidth=line_width(len(order)) + 0.9,
        gid=names.outputs[output],
        label=names.outputs[output],
    )
    line.get_path().should_simplify = False
    forms = [cells.cells[number].affine_map.forms[output] for number in order]
    bends = [i for i in range(1, len(order)) if forms[i - 1] != forms[i]]
    if 0 < len(bends) <= MOST_DOTS:
        axes.plot(
            [x[i] for i in bends],
            [y[i] for i in bends],
            "o",
            color=colour,
            markersize=dot_size(len(bends)) + 1,
            markeredgecolor="white",
            markeredgewidth=0.6,
            gid=f"breakpoints-{names.outputs[output]}",
            zorder=5,
        )


def _draw_bands(axes: Axes, cells: Cells, colouring: Colouring, by: ColorBy, across: Axis, up: Axis) -> None:
    """Draw a band behind the graph for each cell, with one colour for each piece, pattern or class."""
    few = len(colouring.colours) <= MOST_ELEMENTS
    low, high = up.ends
    bands: defaultdict[tuple[str, str], list[list[Place]]] = defaultdict(list)
    for number, cell in enumerate(cells.cells):
        left, right = (across.at(cells.points[corner][0]) for corner in cell.corners)
        colour = colouring.of_cell(number)
        name = f"{by}-{colouring.things[number] + 1}" if few else f"{by}s-{colour[1:]}"
        bands[name, colour].append([(left, low), (right, low), (right, high), (left, high)])
    for (name, colour), found in bands.items():
        patch = areas(found, colour, name, 0)
        patch.set(alpha=0.45, zorder=0)
        axes.add_patch(patch)
    if by == "class" and len(colouring.names) <= MOST_ENTRIES:
        handles = [
            Patch(color=c, label=name, alpha=0.45) for c, name in zip(colouring.colours, colouring.names, strict=True)
        ]
        axes.add_artist(axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 0.5), frameon=False))


def _draw_folds(axes: Axes, breakpoints: Sequence[mpq], across: Axis, up: Axis) -> None:
    low, high = up.ends
    ends = [[(across.at(x), low), (across.at(x), high)] for x in breakpoints]
    if ends:
        axes.add_patch(lines(ends, MUTED, 0.5 * line_width(len(ends)), "regions", order=1))


def _set_axes(axes: Axes, across: Axis, up: Axis, names: Names, outputs: Sequence[int]) -> None:
    bare(axes)
    axes.set(xlim=across.ends, ylim=up.ends, xlabel=names.features[0])
    for axis, drawn in ((across, axes.xaxis), (up, axes.yaxis)):
        if axis.ticks:
            drawn.set_ticks(*axis.ticks)
    if len(outputs) == 1:
        axes.set_ylabel(names.outputs[outputs[0]])
    elif len(outputs) <= MOST_LINES:
        axes.legend(
            handles=[line for line in axes.lines if not str(line.get_label()).startswith("_")],
            loc="upper left",
            bbox_to_anchor=(1.01, 1),
            frameon=False,
        )


def _write_breakpoints(axes: Axes, breakpoints: Sequence[mpq], across: Axis) -> None:
    """Write breakpoints exactly above the graph, where there is room."""
    at, width = [across.at(x) for x in breakpoints], across.ends[1] - across.ends[0]
    texts = [str(x).replace("-", "−") for x in breakpoints]
    near = any(b - a < NEAREST_TICKS * width for a, b in pairwise(at))
    if at and len(at) <= MOST_TICKS and not near and max(map(len, texts)) <= LONGEST_TICK:
        above = axes.secondary_xaxis("top")
        above.set_ticks(at, labels=texts)
        above.tick_params(labelsize=7, length=3, color=INK, labelrotation=0 if max(map(len, texts)) < 5 else 30)
        above.spines["top"].set_visible(False)


def draw_rug(axes: Axes, data: Data, frame: Frame) -> None:
    """Draw data as points along the lower edge."""
    across, low = Axis(*frame.intervals[0]), axes.get_ylim()[0]
    for label, name in enumerate(data.labels or ("data",)):
        chosen = [p for p, number in zip(data.points, data.of_label, strict=True) if number == label]
        x = [across.at(point[0]) for point in chosen if frame.part.contains(point)]
        colour = class_colour(label, strong=True) if data.labels else INK
        axes.plot(x, [low] * len(x), "|", color=colour, markersize=9, gid=f"data-{name}", clip_on=False, zorder=7)
