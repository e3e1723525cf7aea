"""A tree of cells that splits on kinks alone: it depends on the function and the domain, not on the network.

At each node the hyperplanes that carry a kink inside the cell are known. A cell without any is a piece; otherwise the
cell is cut at the hyperplane that separates the fewest others, and among equals at the first in order. This rule uses
only the function, so all networks with the same function have the same tree.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron, extreme_generators, simplest_point
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import Cell, Cut, Leaf, PathConstraint, Piece, Redundant
from verishallow.regions.kinks import Kink

MANY_GENERATORS = 12
"""With more generators than this, those that are not extreme are removed."""

Facet = tuple[Vector, ...]
Facets = dict[AffineForm, list[Facet]]
"""The parts of the kinks inside a cell, by their hyperplanes."""

STRICT_SIDE = -1
"""Each hyperplane belongs to the side on which its form is positive."""


def kink_tree(network: ReLUNetwork, domain: Polyhedron, kinks: Iterable[Kink]) -> Iterator[Cut | Redundant | Piece]:
    """The tree of a function on a full-dimensional domain, in preorder, from its kinks there.

    >>> from verishallow.regions.kinks import kinks
    >>> line, modulus = Polyhedron.whole_space(1), ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> [type(node).__name__ for node in kink_tree(modulus, line, kinks(modulus, line))]
    ['Cut', 'Piece', 'Piece']
    """
    facets: Facets = defaultdict(list)
    for kink in kinks:
        facets[kink.plane].append(kink.generators)
    waiting = [(Cell.whole(domain), Redundant(()), facets)]
    while waiting:
        cell, redundant, facets = waiting.pop()
        if redundant.constraints:
            yield redundant
        if not facets:
            yield Piece(Leaf(cell, (), affine_map_on(network, cell.polyhedron), _witness(cell)))
            continue
        plane = _best(facets)
        yield Cut(plane, STRICT_SIDE)
        waiting += [(*_child(cell, plane, side), _part(facets, plane, side)) for side in (-1, 1)]


def _child(cell: Cell, plane: AffineForm, side: int) -> tuple[Cell, Redundant]:
    number = len(cell.path) + 1
    return cell.split_off(PathConstraint(plane if side > 0 else -plane, -side * number, side == STRICT_SIDE))


def _witness(cell: Cell) -> Vector:
    return simplest_point(_weighted_mean(cell.polyhedron, 1), cell.polyhedron.contains_strictly)


def affine_map_on(network: ReLUNetwork, polyhedron: Polyhedron) -> AffineMap:
    """The affine map of a network on a full-dimensional polyhedron on which it is known to be affine.

    >>> network = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, -1]], [3])])
    >>> affine_map_on(network, Polyhedron.box([(-1, 1)]))
    AffineMap(forms=(AffineForm(3 + x0),))
    """
    attempt = 1
    while True:
        point = _weighted_mean(polyhedron, attempt)
        pattern = network.pattern_at(point)
        forms = (form for layer in network.pre_activations_for(pattern) for form in layer)
        if all(form.is_constant() or form(point) for form in forms):
            return network.affine_map_for(pattern)
        attempt += 1


def _weighted_mean(polyhedron: Polyhedron, attempt: int) -> Vector:
    """A point of the interior; enough attempts leave any given hyperplane."""
    generators = polyhedron.v_representation
    weights = [mpq(attempt) ** number for number in range(len(generators.vertices))]
    columns = zip(*generators.vertices, strict=True)
    mean = [sum(w * a for w, a in zip(weights, column, strict=True)) / sum(weights) for column in columns]
    for number, direction in enumerate((*generators.rays, *generators.lines), start=1):
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
    """The parts of the kinks on one side of a hyperplane."""
    form, parts = plane if side > 0 else -plane, Facets()
    for other, pieces in facets.items():
        found = [part for facet in pieces if (part := _cut(facet, form))] if other != plane else []
        if found:
            parts[other] = found
    return parts


def _cut(facet: Facet, form: AffineForm) -> Facet | None:
    """The part of a facet where a form is non-negative; ``None`` if it has a lower dimension."""
    values = [(form.at_homogeneous(generator), generator) for generator in facet]
    above, below = [pair for pair in values if pair[0] > 0], [pair for pair in values if pair[0] < 0]
    if not above:
        return None
    if not below:
        return facet
    crossing = {_normal(_between(*a, *b)) for a, b in product(above, below)}
    kept = tuple(generator for value, generator in values if value >= 0)
    rows = (*kept, *sorted(crossing - set(kept)))
    return extreme_generators(rows) if len(rows) > MANY_GENERATORS else rows


def _between(high: mpq, one: Vector, low: mpq, other: Vector) -> Vector:
    return tuple(high * b - low * a for a, b in zip(one, other, strict=True))


def _normal(row: Vector) -> Vector:
    """The point or ray of a homogeneous row, normalised."""
    size = row[0] or sum(abs(a) for a in row)
    return tuple(a / size for a in row)
