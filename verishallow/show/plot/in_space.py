"""Pictures in space, to be turned: the surface of a function of two inputs, the cells of one of three."""

from collections.abc import Sequence
from typing import Any

from verishallow.read.domains.usable_domain import Domain
from verishallow.read.sources import Model
from verishallow.show.plot.cells import cells_of
from verishallow.show.plot.colours import color_by
from verishallow.show.plot.frame import frame_of
from verishallow.show.plot.rotating import rotating
from verishallow.show.plot.solids import solid_cells, surface
from verishallow.show.plot.subject import subject_of
from verishallow.slices import Slice


def plot_surface(
    function: Model,
    domain: Domain = None,
    *,
    color: str = "piece",
    output: int | str = 0,
    window: str | None = None,
    on_slice: Slice | None = None,
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
) -> Any:
    """The graph of an output of a network of two inputs, as a plotly figure.

    Raises :class:`~verishallow.errors.InputError` for other numbers of inputs.

    >>> from verishallow import ReLUNetwork
    >>> xor = ReLUNetwork.of([([[1, 1], [1, 1]], [0, -1]), ([[1, -2]], [0])])
    >>> [trace.type for trace in plot_surface(xor, "box:0,1", color="output").data]
    ['mesh3d', 'scatter3d']
    """
    return _figure(2, function, domain, color, output, window, on_slice, names, output_names)


def plot_cells(
    function: Model,
    domain: Domain = None,
    *,
    color: str = "piece",
    output: int | str = 0,
    window: str | None = None,
    on_slice: Slice | None = None,
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
) -> Any:
    """The regions of a network of three inputs, a little apart, as a plotly figure.

    Of very many cells only the outer faces are drawn, which hide all others. With ``color="output"`` a cell has the
    colour of the mean of the output at its corners. Raises :class:`~verishallow.errors.InputError` for other numbers
    of inputs.

    >>> from verishallow import ReLUNetwork
    >>> corner = ReLUNetwork.of([([[1, 0, 0], [0, 1, 1]], [0, 0]), ([[1, 1]], [0])])
    >>> [trace.type for trace in plot_cells(corner, "box:-1,1").data]
    ['mesh3d', 'scatter3d', 'scatter3d', 'scatter3d', 'scatter3d', 'scatter3d']
    """
    return _figure(3, function, domain, color, output, window, on_slice, names, output_names)


def _figure(
    inputs: int,
    function: Model,
    domain: Domain,
    color: str,
    output: int | str,
    window: str | None,
    on_slice: Slice | None,
    names: Sequence[str] | None,
    output_names: Sequence[str] | None,
) -> Any:
    by, subject = color_by(color), subject_of(function, domain, on_slice, names, output_names)
    subject.require_inputs(inputs)
    frame = frame_of(subject.network, subject.domain, window)
    cells = cells_of(subject.network, subject.domain, frame, classes=by == "class")
    make = surface if inputs == 2 else solid_cells
    return rotating(make(cells, frame.intervals, by, subject.names.output(output), subject.names))
