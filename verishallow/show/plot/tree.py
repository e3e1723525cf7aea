"""The picture of a verification of one or two inputs: the cells of the tree, or the counterexample's point."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

from verishallow.errors import InputError
from verishallow.explain.names import Names
from verishallow.rationals import Vector, counted
from verishallow.show.plot.axes import Axis
from verishallow.show.plot.cells import cells_of
from verishallow.show.plot.files import figure_bytes, kind_of, write_bytes
from verishallow.show.plot.frame import Frame
from verishallow.show.plot.graph import draw_graph
from verishallow.show.plot.matplotlib_parts import (
    Axes,
    BoundaryNorm,
    Figure,
    ListedColormap,
    Patch,
    ScalarMappable,
    colormaps,
    rc_context,
    to_hex,
)
from verishallow.show.plot.regions import set_axes
from verishallow.show.plot.saying import EXACT, Picture, say
from verishallow.show.plot.shapes import Place, areas, places
from verishallow.show.plot.style import INK, MUTED, SETTINGS, bare, line_width
from verishallow.show.plot.tree_cells import (
    KINDS,
    ColorLeavesBy,
    DrawnLeaf,
    drawn_leaves,
    require_drawable,
    tree_frame,
)
from verishallow.show.verified import Verified

SIZES = {1: (7.0, 5.2), 2: (6.6, 5.4)}
"""Sizes in inches, of intervals below a graph and of boxes."""

KIND_COLOURS = ("#cfe3f2", "#8fc1e3", "#4f94c4", "#f6c6a5")
"""One per kind of cell, darker for what more signs make; open ones in another hue."""

SEAM = 0.3
"""The width in points of the line around an area in its own colour, which closes the seam to its neighbours."""

HATCH = 0.4
"""The width in points of hatches."""

OPEN, POINT, NOTHING = "#d55e00", "#d55e00", "#e9f2f8"
"""Colours of hatches over open cells, of a counterexample, and of a domain without a tree."""


@dataclass(frozen=True, slots=True)
class TreePicture(Picture):
    """What a picture of a verification shows: no regions, but leaves."""

    statement: str
    leaves: int
    open: int

    @property
    def caption(self) -> str:
        """A line below the picture."""
        left = f", {self.open} open" if self.open else ""
        tree = f"{counted(self.leaves, 'leaf', 'leaves')}{left}" if self.leaves or self.open else "violated at the star"
        return " ".join(part for part in (f"{self.statement}: {tree}, on {self.shown}.", self.note, EXACT) if part)


def write_tree(
    found: Verified,
    path: str | PathLike[str],
    by: ColorLeavesBy = "depth",
    names: Names | None = None,
    window: str | None = None,
    caption: bool = True,
) -> TreePicture:
    """Write the picture of a verification of one or two inputs to a file: .svg, .pdf, .png or .html.

    Raises :class:`~verishallow.errors.InputError` for more inputs, and for a domain without interior points.
    """
    kind = kind_of(path)
    require_drawable(found)
    frame = tree_frame(found, window)
    drawn = drawn_leaves(found, frame)
    said = _said(found, frame, drawn)
    with rc_context({**SETTINGS, "hatch.linewidth": HATCH}):
        figure = Figure(figsize=SIZES[len(frame.intervals)], layout="constrained")
        draw = _draw_intervals if len(frame.intervals) == 1 else _draw_boxes
        draw(figure, found, frame, drawn, by, names or found.names(None, None))
        if kind != "html" and caption:
            say(figure, said.caption)
        content = figure_bytes(figure, kind, f"A verification: {found.statement}", said.caption, caption)
    write_bytes(path, content)
    return said


def require_fitting(given: Mapping[str, Any]) -> None:
    """Refuse options that the picture of a verification has not, by their names."""
    for option, value in given.items():
        if value is not None:
            raise InputError(f"plot: a certificate of a property is drawn as the cells of its tree: leave out {option}")


def _said(found: Verified, frame: Frame, drawn: Sequence[DrawnLeaf]) -> TreePicture:
    on_slice = found.certificate.slice
    where = f"a slice of R^{on_slice.inputs}: " if on_slice else ""
    left = sum(node.kind == "open" for node in found.nodes)
    notes = [
        "Hatched cells are split by signs of deeper neurons too." if any(leaf.deep for leaf in drawn) else "",
        "Open cells are crossed." if left else "",
    ]
    note = " ".join(filter(None, notes))
    many = len(found.ends) - left
    return TreePicture(len(frame.intervals), 0, 0, f"{where}{frame.text}", note, found.statement, many, left)


# ---------------------------------------------------------------------------------------------- Two inputs


def _draw_boxes(
    figure: Figure, found: Verified, frame: Frame, drawn: Sequence[DrawnLeaf], by: ColorLeavesBy, names: Names
) -> None:
    axes: Axes = figure.subplots()
    across, up = (Axis(*interval) for interval in frame.intervals)
    shapes = [places(leaf.corners, across, up) for leaf in drawn]
    if found.point is not None:
        corners = frame.part.v_representation.vertices
        axes.add_patch(areas([places(_around(corners), across, up)], NOTHING, "domain", 0.8))
    colours = _fill(axes, drawn, shapes, by)
    _explain(axes, drawn, colours, by)
    _mark(axes, found.point, (across, up), frame)
    set_axes(axes, across, up, names)


def _around(corners: Sequence[Vector]) -> list[Vector]:
    """The corners of a convex polygon, one after the other: first those above its diagonal from the left."""
    left, right = min(corners), max(corners)
    across, up = right[0] - left[0], right[1] - left[1]
    above = [p for p in corners if (p[1] - left[1]) * across >= (p[0] - left[0]) * up]
    below = [p for p in corners if (p[1] - left[1]) * across < (p[0] - left[0]) * up]
    return [*sorted(above), *sorted(below, reverse=True)]


def _fill(
    axes: Axes, drawn: Sequence[DrawnLeaf], shapes: Sequence[Sequence[Place]], by: ColorLeavesBy
) -> dict[int, str]:
    """Draw one element for each depth and kind, by depth, hatched where a cell is less than its corners."""
    colours, members = _colours(drawn, by), defaultdict[tuple[int, int], list[Sequence[Place]]](list)
    for leaf, shape in zip(drawn, shapes, strict=True):
        members[leaf.depth, leaf.kind].append(shape)
    width = line_width(max(len(drawn), 1))
    for (depth, kind), found in members.items():
        is_open = KINDS[kind] == "open"
        colour = KIND_COLOURS[kind] if is_open or by == "kind" else colours[depth]
        axes.add_patch(areas(found, colour, f"{KINDS[kind].replace(' ', '-')}-{depth}", SEAM))
        if is_open or KINDS[kind] == "deeper signs":
            axes.add_patch(_hatched(found, kind, depth))
        axes.add_patch(_outlined(found, depth, width))
    return colours


def _outlined(shapes: Sequence[Sequence[Place]], depth: int, width: float) -> Any:
    """The lines around cells, over their hatches."""
    patch: Any = areas(shapes, INK, f"outlines-{depth}", width)
    patch.set_facecolor("none")
    return patch


def _hatched(shapes: Sequence[Sequence[Place]], kind: int, depth: int) -> Any:
    is_open = KINDS[kind] == "open"
    patch: Any = areas(shapes, MUTED, f"{'crosses' if is_open else 'hatches'}-{depth}", 0)
    patch.set(facecolor="none", edgecolor=OPEN if is_open else MUTED, hatch="xxx" if is_open else "////", linewidth=0)
    return patch


def _colours(drawn: Sequence[DrawnLeaf], by: ColorLeavesBy) -> dict[int, str]:
    """The colour of each kind, or of each depth of a leaf: from light to dark."""
    if by == "kind":
        return dict(enumerate(KIND_COLOURS))
    found = [leaf.depth for leaf in drawn if not leaf.open] or [0]
    depths = range(min(found), max(found) + 1)
    colours = colormaps["YlGnBu"]
    return {
        depth: to_hex(colours(0.08 + 0.5 * number / max(len(depths) - 1, 1))) for number, depth in enumerate(depths)
    }


def _explain(axes: Axes, drawn: Sequence[DrawnLeaf], colours: dict[int, str], by: ColorLeavesBy) -> None:
    """A scale of depths, or a legend of the kinds that there are."""
    if by == "kind" and drawn:
        kinds = sorted({leaf.kind for leaf in drawn})
        handles = [Patch(facecolor=colours[k], edgecolor=MUTED, linewidth=0.4, label=KINDS[k]) for k in kinds]
        axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=8)
    elif len(colours) > 1:
        norm = BoundaryNorm([min(colours) + k - 0.5 for k in range(len(colours) + 1)], len(colours))
        mappable = ScalarMappable(norm, ListedColormap(list(colours.values())))
        bar = axes.figure.colorbar(mappable, ax=axes, label="depth in the tree", shrink=0.85)
        step = -(-len(colours) // 10)
        bar.set_ticks(list(colours)[::step])


def _mark(axes: Axes, point: Vector | None, frame: tuple[Axis, Axis], shown: Frame) -> None:
    if point is not None and shown.part.contains(point):
        ((x, y),) = places([point], *frame)
        style: Any = {"markersize": 11, "markeredgecolor": INK, "markeredgewidth": 0.6, "zorder": 7}
        axes.plot([x], [y], "*", color=POINT, gid="counterexample", clip_on=False, **style)


# ------------------------------------------------------------------------------------------------ One input


def _draw_intervals(
    figure: Figure, found: Verified, frame: Frame, drawn: Sequence[DrawnLeaf], by: ColorLeavesBy, names: Names
) -> None:
    """The graph of the outputs, and below it an interval per cell, at its depth."""
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    network = found.certificate.explored
    cells = cells_of(network, found.certificate.domain, frame)
    draw_graph(upper, cells, frame, names, "output", list(range(network.outputs)))
    upper.set_xlabel("")
    across, deepest = Axis(*frame.intervals[0]), max((leaf.depth for leaf in drawn), default=0)
    bars = [_bar(leaf, across) for leaf in drawn]
    colours = _fill(lower, drawn, bars, by)
    if by == "kind":
        _explain(lower, drawn, colours, by)
    bare(lower)
    lower.set(xlabel=names.features[0], ylabel="depth", xlim=across.ends, ylim=(deepest + 0.6, -0.6))
    lower.set_yticks(range(0, deepest + 1, -(-(deepest + 1) // 8)))
    _mark_on_line(upper, lower, found, frame, across)


def _bar(leaf: DrawnLeaf, across: Axis) -> list[Place]:
    (left,), (right,) = leaf.corners
    ends, low, high = (across.at(left), across.at(right)), leaf.depth - 0.4, leaf.depth + 0.4
    return [(ends[0], low), (ends[1], low), (ends[1], high), (ends[0], high)]


def _mark_on_line(upper: Axes, lower: Axes, found: Verified, frame: Frame, across: Axis) -> None:
    """Mark a counterexample on the graph of every output, and below."""
    if found.point is None or found.outputs is None or not frame.part.contains(found.point):
        return
    x = across.at(found.point[0])
    for name, axes, heights in (("outputs", upper, [float(y) for y in found.outputs]), ("point", lower, [0.0])):
        style: Any = {"markersize": 11, "markeredgecolor": INK, "markeredgewidth": 0.6, "zorder": 7}
        gid = "counterexample" if name == "point" else "counterexample-outputs"
        axes.plot([x] * len(heights), heights, "*", color=POINT, gid=gid, clip_on=False, **style)
