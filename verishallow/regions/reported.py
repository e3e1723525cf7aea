"""What is reported about all regions together, affine pieces and linear regions, from parts explored separately."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from verishallow.affine import AffineForm, AffineMap, plane_of
from verishallow.errors import DomainError
from verishallow.polyhedron import Polyhedron
from verishallow.regions.cell_tree import Leaf, Reported
from verishallow.regions.components import Components

Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SharedFacet:
    """A facet of a region on the boundary of its part of the tree: its plane and side, and the region's facets."""

    plane: Row
    side: int
    affine_map: bytes
    component: int
    facets: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class PartReport:
    """The affine maps of one part, as digests, its components, and its boundary facets towards other parts."""

    affine_maps: frozenset[bytes]
    components: int
    walls: tuple[SharedFacet, ...]


def digest_of(affine_map: AffineMap) -> bytes:
    """A digest of an affine map, which does not depend on where the map was found."""
    text = ";".join(",".join(map(str, form.row)) for form in affine_map.forms)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def report_of_leaf(leaf: Leaf) -> PartReport:
    """The report of a part that is a single region."""
    digest = digest_of(leaf.affine_map)
    rows = tuple(integer_row(form) for form in leaf.cell.polyhedron.inequalities)
    walls = [leaf.cell.constraints[number] for number in leaf.cell.facets if number in leaf.cell.path_numbers()]
    return PartReport(frozenset([digest]), 1, tuple(wall_at(form, digest, 0, rows) for form in walls))


def wall_at(form: AffineForm, affine_map: bytes, component: int, facets: tuple[Row, ...]) -> SharedFacet:
    """The boundary facet of a region where a primitive form, positive inside, vanishes."""
    plane = plane_of(form)
    return SharedFacet(integer_row(plane), 1 if plane == form else -1, affine_map, component, facets)


def merged(parts: Sequence[PartReport]) -> Reported:
    """The counts of all parts together: components with the same map that share a facet become one."""
    maps = frozenset[bytes]().union(*(part.affine_maps for part in parts))
    first, starts = 0, list[int]()
    for part in parts:
        starts.append(first)
        first += part.components
    joined = Components(first)
    for (one, a), (other, b) in _facing(parts):
        root, other_root = starts[one] + a.component, starts[other] + b.component
        if joined.root(root) != joined.root(other_root) and _overlap(a, b):
            joined.merge(root, other_root)
    return Reported(len(maps), joined.count())


Located = tuple[int, SharedFacet]


def _facing(parts: Sequence[PartReport]) -> Iterator[tuple[Located, Located]]:
    sides: defaultdict[tuple[Row, bytes], tuple[list[Located], list[Located]]] = defaultdict(lambda: ([], []))
    for number, part in enumerate(parts):
        for wall in part.walls:
            sides[wall.plane, wall.affine_map][wall.side < 0].append((number, wall))
    for above, below in sides.values():
        yield from product(above, below)


def _overlap(one: SharedFacet, other: SharedFacet) -> bool:
    return share_a_facet(one.plane, (*one.facets, *other.facets))


def share_a_facet(plane: Row, facets: Iterable[Row]) -> bool:
    """Whether two regions on the two sides of a plane share a set of full dimension in it.

    ``facets`` are the rows of both. An exact linear program on the plane looks for a point that strictly satisfies
    all other rows; with many inputs there would be too many vertices.

    >>> above, below, beside = ((0, 0, 1), (1, 1, 0), (1, -1, 0)), ((0, 0, -1), (0, 1, 0)), ((0, 0, -1), (-1, 1, 0))
    >>> share_a_facet((0, 0, 1), above + below), share_a_facet((0, 0, 1), above + beside)
    (True, False)
    """
    forms = [AffineForm.of(row) for row in rows_on_plane(plane, facets)]
    if len(plane) == 2:
        return all(form.constant > 0 for form in forms)
    try:
        Polyhedron(len(plane) - 2, tuple(forms)).interior_point()
    except DomainError:
        return False
    return True


def rows_on_plane(plane: Row, facets: Iterable[Row]) -> list[Row]:
    """The rows of other planes restricted to this one, each once, up to positive factors.

    The first variable with a non-zero coefficient in the plane is eliminated.
    """
    place = next(i for i, a in enumerate(plane) if a and i)
    restricted = dict.fromkeys(_on_plane(plane, place, row) for row in facets)
    return [row for row in restricted if any(row)]


def _on_plane(plane: Row, place: int, row: Row) -> Row:
    # The plane's first coefficient is positive, and so is the factor.
    pairs = enumerate(zip(plane, row, strict=True))
    return tuple(b * plane[place] - row[place] * a for i, (a, b) in pairs if i != place)


def integer_row(form: AffineForm) -> Row:
    """The primitive integer row of a form."""
    return tuple(int(a) for a in form.primitive().row)
