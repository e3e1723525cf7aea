"""A tree of cells that splits on kinks alone: it depends on the function and the domain, not on the network.

At each node the hyperplanes that carry a kink inside the cell are known. A cell without any is a leaf; otherwise the
cell is split on the hyperplane that cuts the fewest others, the first in order among those. That is defined by the
function, so that all networks of one function have one tree.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from verishallow.affine import AffineForm, AffineMap
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron, extreme_generators
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import Cell, PathConstraint
from verishallow.regions.kinks import Kink

MANY_GENERATORS = 12
"""Beyond so many, those that are no vertices are looked for."""

Facet = tuple[Vector, ...]
Facets = dict[AffineForm, list[Facet]]
"""What is left of the kinks inside a cell, by their hyperplanes."""


@dataclass(frozen=True, slots=True)
class KinkLeaf:
    """A cell on which the function is one affine map."""

    cell: Cell
    affine_map: AffineMap


@dataclass(frozen=True, slots=True)
class KinkTree:
    """The hyperplanes of all splits in preorder, numbered from 1, and the leaves."""

    planes: tuple[AffineForm, ...]
    leaves: tuple[KinkLeaf, ...]


def kink_tree(network: ReLUNetwork, domain: Polyhedron, kinks: Iterable[Kink]) -> KinkTree:
    """The tree of a function on a full-dimensional domain, given its kinks there.

    Each hyperplane is owned by the side on which its form is positive.
    """
    facets: Facets = defaultdict(list)
    for kink in kinks:
        facets[kink.plane].append(kink.generators)
    planes, leaves = list[AffineForm](), list[KinkLeaf]()
    waiting = [(Cell.whole(domain), facets)]
    while waiting:
        cell, facets = waiting.pop()
        if not facets:
            leaves.append(KinkLeaf(cell, affine_map_on(network, cell.polyhedron)))
            continue
        plane = _best(facets)
        planes.append(plane)
        for side in (-1, 1):
            constraint = PathConstraint(plane if side > 0 else -plane, -side * len(planes), side < 0)
            waiting.append((cell.split_off(constraint)[0], _part(facets, plane, side)))
    return KinkTree(tuple(planes), tuple(leaves))


def affine_map_on(network: ReLUNetwork, polyhedron: Polyhedron) -> AffineMap:
    """The affine map that a network is on a full-dimensional polyhedron, where it is known to be one."""
    attempt = 1
    while True:
        point = _weighted_mean(polyhedron, attempt)
        pattern = network.pattern_at(point)
        forms = (form for layer in network.pre_activations_for(pattern) for form in layer)
        if all(form.is_constant() or form(point) for form in forms):
            return network.affine_map_for(pattern)
        attempt += 1


def _weighted_mean(polyhedron: Polyhedron, attempt: int) -> Vector:
    """A point of the interior; different attempts lie on no common hyperplane for long."""
    generators = polyhedron.v_representation
    weights = [(attempt + 1) ** number for number in range(len(generators.vertices))]
    columns = zip(*generators.vertices, strict=True)
    mean = [sum(w * a for w, a in zip(weights, column, strict=True)) / sum(weights) for column in columns]
    moves = enumerate((*generators.rays, *generators.lines), start=1)
    for number, direction in moves:
        mean = [a + attempt**number * b for a, b in zip(mean, direction, strict=True)]
    return tuple(mean)


def _best(facets: Facets) -> AffineForm:
    return min(facets, key=lambda plane: (_cuts(plane, facets), _order(plane)))


def _cuts(plane: AffineForm, facets: Facets) -> int:
    """How many other hyperplanes carry kinks on both sides of this one."""
    return sum(_both_sides(plane, pieces) for other, pieces in facets.items() if other != plane)


def _both_sides(plane: AffineForm, pieces: Sequence[Facet]) -> bool:
    values = [plane.at_homogeneous(generator) for facet in pieces for generator in facet]
    return any(value > 0 for value in values) and any(value < 0 for value in values)


def _order(plane: AffineForm) -> tuple[object, ...]:
    """Simple hyperplanes first."""
    return sum(abs(a) for a in plane.row), plane.row


def _part(facets: Facets, plane: AffineForm, side: int) -> Facets:
    """What is left of the kinks on one side of a hyperplane."""
    form, parts = plane if side > 0 else -plane, Facets()
    for other, pieces in facets.items():
        found = [part for facet in pieces if (part := _cut(facet, form))] if other != plane else []
        if found:
            parts[other] = found
    return parts


def _cut(facet: Facet, form: AffineForm) -> Facet | None:
    """The part of a facet where a form is non-negative; ``None`` where it is of lower dimension."""
    values = [(form.at_homogeneous(generator), generator) for generator in facet]
    above, below = [pair for pair in values if pair[0] > 0], [pair for pair in values if pair[0] < 0]
    if not above:
        return None
    if not below:
        return facet
    crossing = {_normal(_between(a, b)) for a, b in product(above, below)}
    kept = tuple(generator for value, generator in values if value >= 0)
    rows = (*kept, *sorted(crossing - set(kept)))
    return extreme_generators(rows) if len(rows) > MANY_GENERATORS else rows


def _between(above: tuple[object, Vector], below: tuple[object, Vector]) -> Vector:
    (high, one), (low, other) = above, below
    return tuple(high * b - low * a for a, b in zip(one, other, strict=True))


def _normal(row: Vector) -> Vector:
    """The point or ray of a homogeneous row in one spelling."""
    size = row[0] or sum(abs(a) for a in row)
    return tuple(a / size for a in row)
