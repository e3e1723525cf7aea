"""The areas of the classes as exact polygons: the regions, cut further where two scores are equal."""

from collections.abc import Iterable, Iterator, Sequence

from verishallow.explain.classes import score_forms
from verishallow.rationals import Vector
from verishallow.regions.plane import Polygon, Segment, cut, sides
from verishallow.regions.region import Region


def class_areas(parts: Iterable[Polygon], regions: Sequence[Region]) -> tuple[Polygon, ...]:
    """Polygons whose ``number`` is the class that wins there, from 0; the first one where classes tie throughout.

    >>> from gmpy2 import mpq
    >>> from verishallow import ReLUNetwork, prove
    >>> from verishallow.regions.plane import Window, polygons
    >>> (half,) = prove(ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0])])).regions
    >>> parts = polygons([half], Window(mpq(0), mpq(1), mpq(0), mpq(1)))
    >>> [(area.number, len(area.corners)) for area in class_areas(parts, [half])]
    [(0, 3), (1, 3)]
    """
    return tuple(area for part in parts for area in _areas(part, regions[part.number - 1]))


def _areas(part: Polygon, region: Region) -> Iterator[Polygon]:
    forms = score_forms(region.affine_map)
    values = [tuple(form(corner) for corner in part.corners) for form in forms]
    running = _unbeaten(values)
    for winner in running:
        corners = part.corners
        for other in running:
            if other != winner:
                corners = cut(corners, forms[winner] - forms[other])
        if len(corners) > 2:
            yield Polygon(winner, corners)


def _unbeaten(values: Sequence[Vector]) -> list[int]:
    """The classes that no other class equals or exceeds at all corners; of classes equal at all corners, the first."""
    return [
        one
        for one, mine in enumerate(values)
        if not any(
            all(a <= b for a, b in zip(mine, others, strict=True)) and (mine != others or other < one)
            for other, others in enumerate(values)
            if other != one
        )
    ]


def decision_lines(areas: Iterable[Polygon]) -> list[Segment]:
    """The segments between two classes."""
    return [segment for segment, classes in sides(areas).items() if len(set(classes)) > 1]
