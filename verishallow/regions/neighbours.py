"""Which regions share a facet, or a part of one, whether all meet face to face, and how many are linear regions."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from verishallow.affine import AffineForm, plane_of
from verishallow.polyhedron import Polyhedron
from verishallow.regions.components import Components
from verishallow.regions.region import Region
from verishallow.regions.region_shapes import facets_of, points_of


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two regions, by their indices from 0, with a common part of dimension n - 1, and the hyperplane of that part."""

    one: int
    other: int
    plane: AffineForm


@dataclass(frozen=True, slots=True)
class _Facet:
    """A facet of a region: its hyperplane, the side on which the region lies, its vertices and rays."""

    region: int
    plane: AffineForm
    above: bool
    points: frozenset[tuple[int, ...]]


def neighbours(regions: Sequence[Region], domain: Polyhedron) -> tuple[Neighbours, ...]:
    """All pairs of regions with a common part of dimension n - 1.

    The regions of all cells meet face to face, since pre-activations are continuous: a facet inside the domain belongs
    to two regions, with the same points. Merged pieces may not, so the remaining facets are compared pair by pair.

    >>> from verishallow import ReLUNetwork, prove
    >>> halves = prove(ReLUNetwork.of([([[1, -1]], [0]), ([[1]], [0])]))
    >>> neighbours(halves.regions, halves.domain)
    (Neighbours(one=0, other=1, plane=AffineForm(x0 - x1)),)
    """
    whole, left = _matched(regions)
    parts = [Neighbours(a.region, b.region, a.plane) for a, b in _facing(_inside(left, domain)) if _meet(a, b, regions)]
    return tuple(sorted({*whole, *parts}, key=lambda pair: (pair.one, pair.other)))


def linear_regions(regions: Sequence[Region]) -> int:
    """The number of maximal connected sets, through facets, on which the network is one affine map.

    >>> from verishallow import ReLUNetwork, prove
    >>> linear_regions(prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 0]], [0])])).regions)
    2
    """
    joined = Components(len(regions))
    whole, left = _matched(regions)
    for pair in whole:
        if regions[pair.one].affine_map == regions[pair.other].affine_map:
            joined.merge(pair.one, pair.other)
    for one, other in _facing(left, of=lambda facet: regions[facet.region].affine_map):
        if joined.root(one.region) != joined.root(other.region) and _meet(one, other, regions):
            joined.merge(one.region, other.region)
    return joined.count()


def meet_face_to_face(regions: Sequence[Region], domain: Polyhedron) -> bool:
    """Whether each facet inside the domain is a facet of two regions; then lower faces fit too (Gruber, Ryshkov)."""
    return not any(_inside(_matched(regions)[1], domain))


def _matched(regions: Sequence[Region]) -> tuple[list[Neighbours], list[_Facet]]:
    """The pairs with a whole facet in common, and the facets that belong to one region alone."""
    owners: defaultdict[tuple[AffineForm, frozenset[tuple[int, ...]]], list[_Facet]] = defaultdict(list)
    for facet in _facets(regions):
        owners[facet.plane, facet.points].append(facet)
    pairs = [Neighbours(two[0].region, two[1].region, two[0].plane) for two in owners.values() if len(two) == 2]
    return pairs, [one[0] for one in owners.values() if len(one) == 1]


def _facets(regions: Sequence[Region]) -> Iterator[_Facet]:
    for index, region in enumerate(regions):
        points = list(points_of(region))
        for form in facets_of(region):
            plane = plane_of(form)
            on = frozenset(p for p in points if not sum(a * x for a, x in zip(form.row, p, strict=True)))
            yield _Facet(index, plane, plane == form, on)


def _inside(facets: Iterable[_Facet], domain: Polyhedron) -> Iterator[_Facet]:
    """The facets that do not lie on the boundary of the domain."""
    outer = {plane_of(form) for form in domain.inequalities}
    return (facet for facet in facets if facet.plane not in outer)


def _facing(
    facets: Iterable[_Facet], of: Callable[[_Facet], object] = lambda _: None
) -> Iterator[tuple[_Facet, _Facet]]:
    """Pairs in one hyperplane on both sides of it with the same value of ``of``, the smaller region first."""
    sides: defaultdict[tuple[AffineForm, object, bool], list[_Facet]] = defaultdict(list)
    for facet in facets:
        value = of(facet)
        yield from ((other, facet) for other in sides[facet.plane, value, not facet.above])
        sides[facet.plane, value, facet.above].append(facet)


def _meet(one: _Facet, other: _Facet, regions: Sequence[Region]) -> bool:
    pair = (regions[one.region].polyhedron, regions[other.region].polyhedron)
    both = Polyhedron(pair[0].dimension, tuple(form for polyhedron in pair for form in polyhedron.inequalities))
    return both.affine_dimension() == both.dimension - 1
