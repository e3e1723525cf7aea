"""Line widths, sizes and limits by how much there is to draw, so that ten regions and ten thousand stay legible."""

from math import sqrt
from typing import Any

from verishallow.show.plot.matplotlib_parts import Axes

INK, MUTED, DECISION = "#222222", "#6b6b6b", "#000000"
LINE_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999", "#000000")
"""Okabe and Ito's colours in the order in which they read best as lines on white."""

MOST_DOTS = 80
"""Vertices up to which they are marked."""

MOST_ELEMENTS = 400
"""Pieces or patterns up to which each is an element of its own; beyond, each colour is one."""

MOST_LABELS = 24
"""Regions up to which they carry a text."""

MOST_ENTRIES = 10
"""Entries up to which there is a legend."""

MOST_TICKS = 12
"""Breakpoints up to which they are written out."""

SETTINGS: Any = {
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "figure.dpi": 100,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "pdf.fonttype": 42,
    "savefig.dpi": 200,
    "svg.fonttype": "path",
    "svg.hashsalt": "verishallow",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
}
"""Matplotlib's settings for files, the same whatever the user's own are."""


def line_width(number: int) -> float:
    """The width in points of the lines between this many regions.

    >>> line_width(10), line_width(10_000)
    (0.9, 0.07)
    """
    return round(min(0.9, 7 / sqrt(number)), 2)


def dot_size(number: int) -> float:
    """The diameter in points of a dot, one of this many.

    >>> dot_size(5), dot_size(80)
    (3.5, 2.2)
    """
    return round(max(1.2, min(3.5, 20 / sqrt(number))), 1)


def bare(axes: Axes) -> None:
    """Remove the top and right lines of the frame."""
    axes.spines[["top", "right"]].set_visible(False)
