"""Line widths, sizes and limits by how much there is to draw, so that ten regions and ten thousand stay legible."""

from math import sqrt
from typing import Any

from verishallow.show.plot.matplotlib_parts import Axes

INK, MUTED, DECISION = "#222222", "#6b6b6b", "#000000"
LINE_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999", "#000000")
"""Okabe and Ito's colours in the order in which they read best as lines on white."""

MOST_DOTS = 80
"""Vertices beyond which none is marked."""

MOST_ELEMENTS = 400
"""Pieces or patterns beyond which those of one colour are drawn as one element."""

MOST_LABELS = 24
"""Regions beyond which none carries a text."""

MOST_ENTRIES = 10
"""Entries of a legend beyond which there is none."""

MOST_TICKS = 12
"""Breakpoints beyond which none is written out."""

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
"""Of matplotlib, for files: the same whatever the user's own settings are."""


def line_width(number: int) -> float:
    """The width in points of the lines between so many regions.

    >>> line_width(10), line_width(10_000)
    (0.9, 0.07)
    """
    return round(min(0.9, 7 / sqrt(number)), 2)


def dot_size(number: int) -> float:
    """The diameter in points of one of so many dots.

    >>> dot_size(5), dot_size(80)
    (3.5, 2.2)
    """
    return round(max(1.2, min(3.5, 20 / sqrt(number))), 1)


def bare(axes: Axes) -> None:
    """Without the two lines of the frame that say nothing."""
    axes.spines[["top", "right"]].set_visible(False)
