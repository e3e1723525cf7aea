"""Patterns and affine maps of regions in words."""

from verishallow.affine import AffineMap
from verishallow.regions.cell_tree import Pattern


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
