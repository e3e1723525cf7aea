"""The exact cells of a picture in one, two or three dimensions, with their corners and their facets by kind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from gmpy2 import mpq

from verishallow.affine import AffineMap
from verishallow.explain.classes import Winners, comparing, winners_of
from verishallow.explain.summary import affine_maps, by_layers
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import Pattern
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.lattice_engine import Watch, lattice_engine
from verishallow.show.plot.frame import Frame

Border = Literal["domain", "window", "kink", "fold", "tie"]
"""The kind of a facet: on the domain's boundary, cut by the window, between two maps, between regions of one map, or
inside a region, where classes tie."""


Edge = Sequence[int]
"""The numbers of its two ends."""


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """The shown part of a region, or where classes are compared the part of it where one class wins."""

    pattern: Pattern
    affine_map: AffineMap
    winners: Winners | None
    facets: tuple[int, ...]
    corners: tuple[int, ...]
    """Numbers of points: of a polygon in cyclic order, of a segment from left to right, else increasing."""


@dataclass(frozen=True, slots=True)
class DrawnFacet:
    """A facet of two cells or of one: its points (of a polygon in cyclic order), its cells and its kind."""

    corners: tuple[int, ...]
    cells: tuple[int, ...]
    border: Border
    decides: bool
    """Whether different classes win on its sides."""


@dataclass(frozen=True)
class Cells:
    """All cells of a picture, their facets and points; exact."""

    points: tuple[Vector, ...]
    cells: tuple[DrawnCell, ...]
    facets: tuple[DrawnFacet, ...]

    @property
    def regions(self) -> int:
        """The number of activation regions that are shown."""
        return len({cell.pattern for cell in self.cells})

    @property
    def pieces(self) -> int:
        """The number of affine pieces that are shown."""
        return len({cell.affine_map for cell in self.cells})

    def values(self, number: int, output: int) -> list[mpq]:
        """The values of an output at the corners of a cell."""
        form, cell = self.cells[number].affine_map.forms[output], self.cells[number]
        return [form(self.points[corner]) for corner in cell.corners]

    def middle(self, number: int) -> Vector:
        """The mean of the corners of a cell."""
        corners = [self.points[corner] for corner in self.cells[number].corners]
        return tuple(sum(column, mpq(0)) / len(corners) for column in zip(*corners, strict=True))

    def inner_points(self, frame: Frame) -> list[Vector]:
        """The points strictly inside the frame, which are vertices of regions."""
        used = sorted({corner for facet in self.facets if facet.border in ("kink", "fold") for corner in facet.corners})
        return [self.points[corner] for corner in used if frame.part.contains_strictly(self.points[corner])]


def cells_of(
    network: ReLUNetwork, domain: Polyhedron, frame: Frame, *, classes: bool = False, watch: Watch | None = None
) -> Cells:
    """The cells of a network on the part of its domain that a frame shows; with ``classes``, cut where classes tie.

    >>> from verishallow.show.plot.frame import frame_of
    >>> network, line = ReLUNetwork.of([([[1], [1]], [0, -1]), ([[1, 1]], [0])]), Polyhedron.box([(-1, 2)])
    >>> found = cells_of(network, line, frame_of(network, line))
    >>> found.regions, [facet.border for facet in found.facets]
    (3, ['domain', 'domain', 'kink', 'kink'])
    """
    explored = comparing(network) if classes else network
    found = lattice_engine(explored, frame.part, watch)
    neurons = sum(layer.width for layer in network.hidden)
    # No input is dropped, even if no neuron reads it, since the shown part is bounded.
    points = tuple(found.point(number) for number in range(len(found.points)))
    below = _facets_of_cells(found)
    patterns, corners = (found.patterns > 0).tolist(), _corners_of_facets(found)
    cells = tuple(
        DrawnCell(
            by_layers(network, patterns[number]),
            affine_map,
            winners_of(found.patterns[number, neurons:].tolist()) if classes else None,
            tuple(below[number]),
            _corners_of_cell([corners[facet] for facet in below[number]], points),
        )
        for number, affine_map in enumerate(affine_maps(explored, found))
    )
    return Cells(points, cells, tuple(_facets(corners, found.facet_labels.tolist(), cells, frame, domain)))


def _facets_of_cells(found: PolyhedralComplex) -> list[list[int]]:
    n = found.lattice.dimension
    return _grouped(*found.lattice.facets_of(n, np.arange(found.lattice.counts[n])), found.lattice.counts[n])


def _grouped(owners: Iterable[int], members: Iterable[int], count: int) -> list[list[int]]:
    groups: list[list[int]] = [[] for _ in range(count)]
    for owner, member in zip(owners, members, strict=True):
        groups[int(owner)].append(int(member))
    return groups


def _corners_of_cell(facets: Sequence[tuple[int, ...]], points: Sequence[Vector]) -> tuple[int, ...]:
    if len(points[0]) == 2:
        return cycle(facets)
    corners = {corner for facet in facets for corner in facet}
    return tuple(sorted(corners, key=points.__getitem__ if len(points[0]) == 1 else None))


def cycle(edges: Sequence[Edge]) -> tuple[int, ...]:
    """The vertices of a polygon, one after the other, from its edges.

    >>> cycle([(4, 7), (2, 4), (7, 2)])
    (4, 7, 2)
    """
    beside: defaultdict[int, list[int]] = defaultdict(list)
    for one, other in edges:
        beside[one].append(other)
        beside[other].append(one)
    found = list(edges[0])
    while len(found) < len(edges):
        one, other = beside[found[-1]]
        found.append(other if one == found[-2] else one)
    return tuple(found)


def _facets(
    corners: Sequence[tuple[int, ...]],
    labels: Sequence[int],
    cells: Sequence[DrawnCell],
    frame: Frame,
    domain: Polyhedron,
) -> list[DrawnFacet]:
    own = set(domain.normalised().inequalities)
    outer = [row in own for row in frame.part.inequalities]
    pairs = [(facet, number) for number, cell in enumerate(cells) for facet in cell.facets]
    sides = _grouped((facet for facet, _ in pairs), (number for _, number in pairs), len(corners))
    return [
        _facet(corners[number], [cells[side] for side in beside], tuple(beside), outer, labels[number])
        for number, beside in enumerate(sides)
    ]


def _facet(
    corners: tuple[int, ...], sides: Sequence[DrawnCell], numbers: tuple[int, ...], outer: Sequence[bool], label: int
) -> DrawnFacet:
    if len(sides) == 1:
        return DrawnFacet(corners, numbers, "domain" if outer[-2 - label] else "window", decides=False)
    one, other = sides
    border: Border = "tie" if one.pattern == other.pattern else "fold" if one.affine_map == other.affine_map else "kink"
    return DrawnFacet(corners, numbers, border, decides=one.winners != other.winners)


def _corners_of_facets(found: PolyhedralComplex) -> list[tuple[int, ...]]:
    lattice = found.lattice
    if lattice.dimension == 1:
        return [(number,) for number in range(lattice.counts[0])]
    edges = [tuple(edge) for edge in lattice.edges.tolist()]
    if lattice.dimension == 2:
        return edges
    below = _grouped(*lattice.facets_of(2, np.arange(lattice.counts[2])), lattice.counts[2])
    return [cycle([edges[edge] for edge in facet]) for facet in below]
