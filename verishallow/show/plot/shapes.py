"""Exact polygons and segments as matplotlib's paths: many in one path, without simplification."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from verishallow.rationals import Vector
from verishallow.show.plot.axes import Axis
from verishallow.show.plot.matplotlib_parts import DrawnPath, PathPatch

Place = tuple[float, float]
Style = str | tuple[float, Sequence[float]]
"""The style of a line in matplotlib's notation."""


def places(points: Iterable[Vector], across: Axis, up: Axis) -> list[Place]:
    """Where points of the plane are drawn."""
    return [(across.at(point[0]), up.at(point[1])) for point in points]


def areas(polygons: Iterable[Sequence[Place]], colour: str, name: str, edge: float) -> PathPatch:
    """Filled polygons of one colour; a line of the same colour, of the width ``edge``, closes the seams."""
    patch = PathPatch(
        _path(polygons, closed=True), facecolor=colour, edgecolor=colour, linewidth=edge, joinstyle="round"
    )
    patch.set(gid=name, snap=False)
    return patch


def lines(
    segments: Iterable[Sequence[Place]], colour: str, width: float, name: str, style: Style = "solid", order: float = 2
) -> PathPatch:
    """Segments, or polylines, of one colour and width."""
    path = _path(segments, closed=False)
    patch = PathPatch(path, fill=False, edgecolor=colour, linewidth=width, linestyle=style, capstyle="round")
    patch.set(gid=name, snap=False, zorder=order)
    return patch


def _path(shapes: Iterable[Sequence[Place]], *, closed: bool) -> DrawnPath:
    corners: list[NDArray[np.float64]] = []
    codes: list[NDArray[np.uint8]] = []
    for shape in shapes:
        ends = [*shape, shape[0]] if closed else shape
        corners.append(np.array(ends))
        code = np.full(len(ends), DrawnPath.LINETO, np.uint8)
        code[0], code[-1] = DrawnPath.MOVETO, DrawnPath.CLOSEPOLY if closed else DrawnPath.LINETO
        codes.append(code)
    path = DrawnPath(np.concatenate(corners), np.concatenate(codes)) if corners else DrawnPath(np.zeros((0, 2)))
    path.should_simplify = False
    return path
