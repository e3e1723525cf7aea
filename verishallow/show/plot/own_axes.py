"""Figures, and axes in a figure of their own, that a notebook shows if they are the last value of a cell."""

from io import BytesIO
from typing import Any

from verishallow.errors import require
from verishallow.show.plot.matplotlib_parts import Axes, Figure


def axes_for(given: Axes | None, size: tuple[float, float]) -> Axes:
    """The axes that a caller gives, or new ones.

    >>> axes_for(own_axes((2, 1)), (2, 1)).get_title()
    ''
    """
    if given is None:
        return own_axes(size)
    require("axes", given, Axes, "axes of matplotlib")
    return given


def own_axes(size: tuple[float, float]) -> Axes:
    """Axes of a new figure of this size in inches; IPython shows its picture.

    >>> own_axes((2, 1))._repr_png_()[1:4]
    b'PNG'
    """
    figure = own_figure(size)
    drawn: Axes = figure.subplots()
    # IPython asks a value for its picture, and an Axes of matplotlib has none of its own.
    asked: Any = drawn
    asked._repr_png_ = figure._repr_png_
    return drawn


def own_figure(size: tuple[float, float]) -> Any:
    """A new figure of this size in inches, which IPython shows without pyplot too."""
    figure: Any = Figure(figsize=size, layout="constrained")
    figure._repr_png_ = lambda: _png_of(figure)
    return figure


def _png_of(figure: Figure) -> bytes:
    file = BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()
