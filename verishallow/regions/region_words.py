"""Patterns and affine maps of regions in words, and the numbers of their affine pieces."""

from collections.abc import Sequence

from verishallow.affine import AffineMap
from verishallow.regions.cell_tree import Pattern
from verishallow.regions.region import Region


def pattern_text(pattern: Pattern) -> str:
    """The activation pattern: 1 for an active neuron, 0 for any other, a bar between layers.

    >>> pattern_text(((True, False), (True,)))
    '10|1'
    """
    return "|".join("".join("1" if on else "0" for on in layer) for layer in pattern)


def map_text(affine_map: AffineMap) -> str:
    """The outputs ``y0``, ``y1``, ... as affine forms of the inputs, exact.

    >>> map_text(AffineMap.of([["1/2", -1]]))
    'y0 = 1/2 - x0'
    """
    return "; ".join(f"y{output} = {form}" for output, form in enumerate(affine_map.forms))


def piece_numbers(regions: Sequence[Region]) -> tuple[int, ...]:
    """For each region the number of its affine map, counted from 1 in the order in which maps are met."""
    numbers: dict[AffineMap, int] = {}
    return tuple(numbers.setdefault(region.affine_map, len(numbers) + 1) for region in regions)
