"""The only import of matplotlib, an extra; without it the error says what to install."""

from verishallow.errors import InputError

try:
    from matplotlib import colormaps, rc_context
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import BoundaryNorm, ListedColormap, to_hex
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch, PathPatch
    from matplotlib.path import Path as DrawnPath
    from matplotlib.text import Text
except ImportError as error:
    raise InputError("pictures need the extra of that name: pip install 'verishallow[plot]'") from error

__all__ = [
    "Artist",
    "Axes",
    "BoundaryNorm",
    "DrawnPath",
    "Figure",
    "Legend",
    "Line2D",
    "ListedColormap",
    "Patch",
    "PathPatch",
    "PolyCollection",
    "ScalarMappable",
    "Text",
    "colormaps",
    "rc_context",
    "to_hex",
]
