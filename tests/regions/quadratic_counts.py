"""Affine pieces and linear regions by the facets of all pairs of regions: slow, and nothing but geometry is asked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from verishallow.affine import AffineForm, AffineMap, plane_of
from verishallow.errors import DomainError
from verishallow.polyhedron import Polyhedron
from verishallow.regions.cell_tree import Leaf, Node, Reported
from verishallow.regions.components import Components

Row = tuple[int, ...]
Known = tuple[AffineMap, Sequence[AffineForm]]
"""A region as its map and its facets."""


def counts_of_nodes(nodes: Iterable[Node | Reported]) -> Reported:
    """The counts of a tree's leaves."""
    return quadratic_counts(
        [(node.affine_map, node.cell.polyhedron.inequalities) for node in nodes if isinstance(node, Leaf)]
    )


def quadratic_counts(regions: Sequence[Known]) -> Reported:
    """The counts of regions, every pair with one map on the two sides of a hyperplane looked at."""
    joined = Components(len(regions))
    for plane, one, other in _facing(regions):
        facets = [integer_row(form) for number in (one, other) for form in regions[number][1]]
        if joined.root(one) != joined.root(other) and share_a_facet(integer_row(plane), facets):
            joined.merge(one, other)
    return Reported(len({affine_map for affine_map, _ in regions}), joined.count())


def _facing(regions: Sequence[Known]) -> Iterator[tuple[AffineForm, int, int]]:
    sides: defaultdict[tuple[AffineMap, AffineForm], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for number, (affine_map, facets) in enumerate(regions):
        for form in facets:
            plane = plane_of(form)
            sides[affine_map, plane][form.primitive() != plane].append(number)
    for (_, plane), (above, below) in sides.items():
        yield from ((plane, one, other) for one, other in product(above, below))


def share_a_facet(plane: Row, facets: Iterable[Row]) -> bool:
    """Whether two regions on the two sides of a plane, with these facets together, share one of full dimension."""
    forms = [AffineForm.of(row) for row in rows_on_plane(plane, facets)]
    if len(plane) == 2:
        return all(form.constant > 0 for form in forms)
    try:
        Polyhedron(len(plane) - 2, tuple(forms)).interior_point()
    except DomainError:
        return False
    return True


def rows_on_plane(plane: Row, facets: Iterable[Row]) -> list[Row]:
    """The rows of other planes restricted to this one; the first variable with a coefficient in it is left out."""
    place = next(i for i, a in enumerate(plane) if a and i)
    restricted = dict.fromkeys(_on_plane(plane, place, row) for row in facets)
    return [row for row in restricted if any(row)]


def _on_plane(plane: Row, place: int, row: Row) -> Row:
    # The plane's first coefficient is positive: so is the factor.
    pairs = enumerate(zip(plane, row, strict=True))
    return tuple(b * plane[place] - row[place] * a for i, (a, b) in pairs if i != place)


def integer_row(form: AffineForm) -> Row:
    return tuple(int(a) for a in form.primitive().row)
