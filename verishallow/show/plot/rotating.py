"""Pictures in space that can be turned: plotly's figures, as pages that need no network."""

from typing import Any

import numpy as np

from verishallow.show.plot.axes import Axis
from verishallow.show.plot.files import page
from verishallow.show.plot.plotly_parts import graph_objects, to_html
from verishallow.show.plot.solids import Point, Solid, triangles
from verishallow.show.plot.style import INK, MUTED

MOST_LINES = 60_000
"""The number of ends of lines beyond which no lines are drawn."""


def rotating(solid: Solid) -> Any:
    """A plotly figure of coloured polygons and lines."""
    figure = graph_objects.Figure([_mesh(solid), *_lines(solid), *_legend(solid)])
    scene = {
        f"{letter}axis": _axis(axis, name) for letter, axis, name in zip("xyz", solid.axes, solid.names, strict=True)
    }
    camera = {"eye": {"x": 1.5, "y": -1.6, "z": 0.9}}
    figure.update_layout(
        scene={**scene, "camera": camera, "aspectmode": "cube"},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        template="plotly_white",
        font={"color": INK, "size": 13},
        legend={"x": 0.01, "y": 0.99, "itemsizing": "constant"},
    )
    return figure


def _mesh(solid: Solid) -> Any:
    corners: list[Point] = []
    faces: list[tuple[int, int, int]] = []
    colours: list[str] = []
    for polygon, colour in zip(solid.polygons, solid.colours, strict=True):
        found = triangles(range(len(corners), len(corners) + len(polygon)))
        corners += polygon
        faces += found
        colours += [colour] * len(found)
    x, y, z = np.array(corners, np.float32).T
    i, j, k = np.array(faces, np.int32).T
    light = {"ambient": 0.75, "diffuse": 0.5, "specular": 0.05, "roughness": 0.9}
    return graph_objects.Mesh3d(
        x=x, y=y, z=z, i=i, j=j, k=k, facecolor=colours, flatshading=True, lighting=light, hoverinfo="x+y+z"
    )


def _lines(solid: Solid) -> list[Any]:
    if sum(map(len, solid.lines)) > MOST_LINES:
        return []
    gap = (float("nan"),) * 3
    x, y, z = np.array([end for line in solid.lines for end in (*line, gap)], np.float32).T
    style = {"color": INK, "width": 2}
    return [graph_objects.Scatter3d(x=x, y=y, z=z, mode="lines", line=style, hoverinfo="skip", showlegend=False)]


def _legend(solid: Solid) -> list[Any]:
    """Legend entries without points."""
    return [
        graph_objects.Scatter3d(
            x=[None],
            y=[None],
            z=[None],
            mode="markers",
            marker={"symbol": "square", "color": colour, "size": 10},
            name=name.replace("\n", "<br>"),
        )
        for colour, name in solid.legend
    ]


def _axis(axis: Axis, name: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "title": {"text": name},
        "color": MUTED,
        "gridcolor": "#dddddd",
        "backgroundcolor": "white",
    }
    if axis.ticks:
        shown |= {"tickvals": list(axis.ticks[0]), "ticktext": list(axis.ticks[1])}
    return shown


def rotating_page(solid: Solid, title: str, caption: str) -> bytes:
    """A page with the picture, and with all the code that turns it."""
    drawing = to_html(
        rotating(solid),
        full_html=False,
        include_plotlyjs=True,
        div_id="picture",
        default_height="85vh",
        config={"displaylogo": False, "responsive": True},
    )
    return page(drawing, title, caption)
