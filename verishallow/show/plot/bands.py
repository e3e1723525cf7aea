"""An output in steps: the exact parts of all cells between two level lines, and their colours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.rationals import Vector
from verishallow.regions.plane import cut
from verishallow.show.plot.axes import levels
from verishallow.show.plot.cells import Cells
from verishallow.show.plot.matplotlib_parts import colormaps, to_hex

MAP_OF_COLOURS = "viridis"
"""Its lightness grows evenly, for colour-blind readers too."""

STEPS = 16
"""The approximate number of bands."""


@dataclass(frozen=True, slots=True)
class BandPart:
    """The polygon where a cell's output lies in one band."""

    band: int
    corners: Sequence[Vector]
    cell: int


@dataclass(frozen=True)
class Bands:
    """The bounds of the bands, one more than bands, their colours, and the polygons into which they cut the cells."""

    bounds: tuple[mpq, ...]
    colours: tuple[str, ...]
    parts: tuple[BandPart, ...]


def bands_of(cells: Cells, output: int) -> Bands:
    """The polygons between round levels of an output, exact; within each the output lies between two bounds.

    >>> from verishallow import ReLUNetwork
    >>> from verishallow.polyhedron import Polyhedron
    >>> from verishallow.show.plot.cells import cells_of
    >>> from verishallow.show.plot.frame import frame_of
    >>> plane, square = ReLUNetwork.of([([[1, 1]], [0])]), Polyhedron.box([(0, 1), (0, 1)])
    >>> found = bands_of(cells_of(plane, square, frame_of(plane, square)), 0)
    >>> len(found.parts), found.bounds[:3]
    (20, (mpq(0,1), mpq(1,10), mpq(1,5)))
    """
    numbers = range(len(cells.cells))
    values = [value for number in numbers for value in cells.values(number, output)]
    low, high = min(values), max(values)
    bounds = (low, *levels(low, high, STEPS), high if high > low else low + 1)
    parts = tuple(part for number in numbers for part in _parts(cells, number, output, bounds))
    return Bands(bounds, shades([mpq(2 * k + 1, 2 * len(bounds) - 2) for k in range(len(bounds) - 1)]), parts)


def shades(shares: Sequence[mpq]) -> tuple[str, ...]:
    """The colours at some shares of the way along the map of colours."""
    return tuple(to_hex(colormaps[MAP_OF_COLOURS](float(share))) for share in shares)


def _parts(cells: Cells, number: int, output: int, bounds: Sequence[mpq]) -> Iterator[BandPart]:
    cell, values = cells.cells[number], cells.values(number, output)
    form, corners = cell.affine_map.forms[output], [cells.points[corner] for corner in cell.corners]
    low, high = min(values), max(values)
    touched = [(band, pair) for band, pair in enumerate(pairwise(bounds)) if pair[0] <= high and low <= pair[1]]
    within = [band for band, (below, above) in touched if below <= low and high <= above]
    if within:
        yield BandPart(within[0], corners, number)
        return
    for band, (below, above) in touched:
        part = cut(cut(corners, _less(form, below)), -_less(form, above))
        if len(part) > 2:
            yield BandPart(band, part, number)


def _less(form: AffineForm, level: mpq) -> AffineForm:
    return AffineForm((form.constant - level, *form.linear))
