"""A picture of a function, written to a file with its caption: a graph, regions, a surface or cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike

from verishallow.errors import InputError
from verishallow.read.domains.usable_domain import Domain
from verishallow.read.sources import Model
from verishallow.regions.lattice_engine import Watch
from verishallow.show.plot.cells import Cells, cells_of
from verishallow.show.plot.colours import ColorBy, color_by
from verishallow.show.plot.data import Data, points_of
from verishallow.show.plot.files import figure_bytes, kind_of, write_bytes
from verishallow.show.plot.frame import Frame, frame_of
from verishallow.show.plot.graph import draw_graph, draw_rug
from verishallow.show.plot.matplotlib_parts import Axes, Figure, rc_context
from verishallow.show.plot.regions import draw_data, draw_regions
from verishallow.show.plot.saying import Picture, say
from verishallow.show.plot.solids import APART, MOST_APART, Solid, solid_cells, surface
from verishallow.show.plot.standing import standing
from verishallow.show.plot.style import SETTINGS
from verishallow.show.plot.subject import Subject, subject_of
from verishallow.show.plot.tree import require_fitting, write_tree
from verishallow.show.plot.tree_cells import color_leaves_by
from verishallow.show.verified import verified
from verishallow.slices import Slice

SIZES = {1: (7.0, 3.8), 2: (6.6, 5.4)}
"""Sizes in inches, of a graph and of regions."""

INCHES_OF_A_CHARACTER = 0.066
"""The width of a character in a legend beside the picture."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The options of a picture: its colours, the output (for a graph by default all), and what is drawn over it."""

    color: ColorBy = "piece"
    output: int | None = None
    data: Data | None = None
    decision: bool | None = None
    in_space: bool = False
    caption: bool = True

    @property
    def decides(self) -> bool:
        """Whether the decision boundary is drawn."""
        return self.color == "class" if self.decision is None else self.decision

    @property
    def classes(self) -> bool:
        """Whether cells are cut where classes tie."""
        return self.color == "class" or self.decides


def plot(
    function: Model,
    path: str | PathLike[str],
    domain: Domain = None,
    *,
    color: str | None = None,
    output: int | str | None = None,
    data: Data | None = None,
    decision: bool | None = None,
    in_space: bool = False,
    window: str | None = None,
    on_slice: Slice | None = None,
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
    caption: bool = True,
) -> Picture:
    """Write a picture of a network of one, two or three inputs to a file: .svg, .pdf, .png or .html.

    One input gives a graph, two its regions, or with ``in_space`` a surface, three its cells; in an .html file pictures
    in space can be turned. A certificate of a property of one or two inputs gives the cells of its tree, with ``color``
    "depth" or "kind", or the point of its counterexample. The same picture has the same bytes; the file appears whole
    or not at all. The other options are those of :func:`plot_regions`.
    Raises :class:`~verishallow.errors.InputError` for more inputs.

    >>> from tempfile import TemporaryDirectory
    >>> folder = TemporaryDirectory()
    >>> from verishallow import ReLUNetwork
    >>> xor = ReLUNetwork.of([([[1, 1], [1, 1]], [0, -1]), ([[1, -2]], [0])])
    >>> print(plot(xor, folder.name + "/xor.svg", "box:0,1").caption)
    2 activation regions, 2 affine pieces on [0, 1] x [0, 1]. Exact inside, rounded only where drawn.
    >>> folder.cleanup()
    """
    if (found := verified(function)) is not None:
        beside = {"domain": domain, "on_slice": on_slice, "output": output, "data": data, "decision": decision}
        require_fitting({**beside, "in_space": in_space or None})
        by = color_leaves_by("depth" if color is None else color)
        return write_tree(found, path, by, found.names(names, output_names), window, caption)
    subject = subject_of(function, domain, on_slice, names, output_names)
    chosen = None if output is None else subject.names.output(output)
    wish = Wish(color_by("piece" if color is None else color), chosen, data, decision, in_space, caption)
    return write_picture(subject, path, wish, window)


def write_picture(
    subject: Subject, path: str | PathLike[str], wish: Wish, window: str | None = None, watch: Watch | None = None
) -> Picture:
    """The same for a given subject and options."""
    kind = kind_of(path)
    _require_drawable(subject, wish)
    frame = frame_of(subject.network, subject.domain, window, points_of(wish.data), watch)
    cells = cells_of(subject.network, subject.domain, frame, classes=wish.classes, watch=watch)
    shown, note = f"{subject.where}{frame.text}", _outside(wish.data, frame) or _how_drawn(subject, cells)
    picture = Picture(subject.network.inputs, cells.regions, cells.pieces, shown, note)
    title = f"A ReLU network on {shown}"
    if _in_space(subject, wish):
        make = solid_cells if picture.inputs == 3 else surface
        solid = make(cells, frame.intervals, wish.color, wish.output or 0, subject.names)
        content = _of_solid(solid, cells, kind, title, picture, wish)
    else:
        with rc_context(SETTINGS):
            figure = _figure(subject, cells, frame, wish, picture if kind != "html" else None)
            content = figure_bytes(figure, kind, title, picture.caption, wish.caption)
    write_bytes(path, content)
    return picture


def _of_solid(solid: Solid, cells: Cells, kind: str, title: str, said: Picture, wish: Wish) -> bytes:
    """A page in which it can be turned, or a drawing from one side."""
    if kind == "html":
        # plotly is not needed for pictures on paper.
        from verishallow.show.plot.rotating import rotating_page  # noqa: PLC0415

        return rotating_page(solid, title, said.caption if wish.caption else "")
    with rc_context(SETTINGS):
        figure = standing(solid, cells)
        if wish.caption:
            say(figure, said.caption)
        return figure_bytes(figure, kind, title, said.caption)


def _in_space(subject: Subject, wish: Wish) -> bool:
    return wish.in_space or subject.network.inputs == 3


def _require_drawable(subject: Subject, wish: Wish) -> None:
    subject.require_inputs(1, 2, 3)
    if wish.in_space and subject.network.inputs == 1:
        raise InputError("plot: a surface needs a function of 2 inputs, and cells one of 3; found 1 input")
    if _in_space(subject, wish) and wish.data is not None:
        raise InputError("plot: data are laid over graphs and regions, not over pictures in space")


def _outside(data: Data | None, frame: Frame) -> str:
    out = sum(not frame.part.contains(point) for point in data.points) if data else 0
    return f"{out} of {len(data.points)} data points lie outside." if data and out else ""


def _how_drawn(subject: Subject, cells: Cells) -> str:
    """For the cells of three inputs: that they are drawn pulled apart, or not all of them."""
    if subject.network.inputs < 3:
        return ""
    if len(cells.cells) > MOST_APART:
        return "Only outer faces are drawn."
    return f"Cells are drawn pulled apart, each at {int(100 * APART)} % of its size."


def _figure(subject: Subject, cells: Cells, frame: Frame, wish: Wish, said: Picture | None) -> Figure:
    figure = Figure(figsize=SIZES[subject.network.inputs], layout="constrained")
    axes: Axes = figure.subplots()
    if subject.network.inputs == 1:
        outputs = range(subject.network.outputs) if wish.output is None else [wish.output]
        draw_graph(axes, cells, frame, subject.names, wish.color, list(outputs))
    else:
        draw_regions(axes, cells, frame, subject.names, wish.color, wish.output or 0, decision=wish.decides)
    if wish.data is not None:
        (draw_rug if subject.network.inputs == 1 else draw_data)(axes, wish.data, frame)
    _make_room(figure, axes)
    if said is not None and wish.caption:
        say(figure, said.caption)
    return figure


def _make_room(figure: Figure, axes: Axes) -> None:
    """The additional width for a legend beside the picture."""
    legend = axes.get_legend()
    if legend is not None:
        longest = max(len(line) for text in legend.get_texts() for line in text.get_text().splitlines())
        figure.set_figwidth(figure.get_figwidth() + 0.5 + INCHES_OF_A_CHARACTER * longest)
