"""Regions of a network, and the three ways to count them, never mixed up."""

from collections.abc import Sequence
from dataclasses import dataclass

from verishallow.affine import AffineForm, AffineMap
from verishallow.displayed import Displayed
from verishallow.polyhedron import Polyhedron, VRepresentation
from verishallow.rationals import Vector, clipped
from verishallow.regions.cell_tree import Pattern
from verishallow.regions.region_words import map_text, pattern_text


@dataclass(frozen=True)
class Region(Displayed):
    """An activation region: a maximal open set on which each neuron is > 0, < 0, or identically 0.

    ``polyhedron`` is its closure (H-representation without redundant path constraints), ``affine_map`` the
    network on that closure, ``witness`` a rational point strictly inside.

    >>> from verishallow import ReLUNetwork, prove
    >>> above, below = prove(ReLUNetwork.of([([[1]], [-2]), ([[3]], [0])])).regions
    >>> above.pattern, above.h_representation, str(above.affine_map.forms[0])
    (((True,),), (AffineForm(-2 + x0),), '-6 + 3*x0')
    """

    pattern: Pattern
    affine_map: AffineMap
    polyhedron: Polyhedron
    witness: Vector

    def __repr__(self) -> str:
        pattern, outputs = clipped(pattern_text(self.pattern)), clipped(map_text(self.affine_map))
        return f"<Region {pattern or 'without neurons'}, {outputs}>"

    @property
    def h_representation(self) -> tuple[AffineForm, ...]:
        """The facets as affine forms that are non-negative on the region."""
        return tuple(self.polyhedron.inequalities[number] for number in self.polyhedron.facets)

    @property
    def v_representation(self) -> VRepresentation:
        """Vertices, rays and lines of the closed region."""
        return self.polyhedron.v_representation


def affine_pieces(regions: Sequence[Region]) -> int:
    """The number of distinct affine maps among the regions."""
    return len({region.affine_map for region in regions})


def piece_numbers(regions: Sequence[Region]) -> tuple[int, ...]:
    """For each region the number of its affine map, counted from 1 in the order in which maps are met."""
    numbers: dict[AffineMap, int] = {}
    return tuple(numbers.setdefault(region.affine_map, len(numbers) + 1) for region in regions)
