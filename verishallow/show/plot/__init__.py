"""Pictures: graphs, regions, surfaces and cells, exact until they are drawn; and the deep network beside its twin.

matplotlib and plotly, the extra ``plot``, are imported when a picture is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verishallow.show.plot.data import Data
    from verishallow.show.plot.graph import plot_graph
    from verishallow.show.plot.in_space import plot_cells, plot_surface
    from verishallow.show.plot.picture import plot
    from verishallow.show.plot.regions import plot_regions
    from verishallow.show.plot.twin import plot_twin

_HOMES = {
    "Data": "data",
    "plot": "picture",
    "plot_cells": "in_space",
    "plot_graph": "graph",
    "plot_regions": "regions",
    "plot_surface": "in_space",
    "plot_twin": "twin",
}

__all__ = ["Data", "plot", "plot_cells", "plot_graph", "plot_regions", "plot_surface", "plot_twin"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
