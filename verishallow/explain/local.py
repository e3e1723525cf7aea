"""A function at one point: the regions that meet there, their rules and formulas, and what each feature contributes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.certificate.certificate import Certificate
from verishallow.certificate.meant import function_of
from verishallow.claims.equality import CELLS
from verishallow.displayed import Displayed
from verishallow.errors import InputError, OutsideDomainError
from verishallow.explain.distances import Distances
from verishallow.explain.facets import BoundaryFacet, ClosedRegion, Neuron, closed_region, walls
from verishallow.explain.live_units import LiveCell, live_cells
from verishallow.explain.meeting import patterns_at
from verishallow.explain.names import Names
from verishallow.explain.points import point_of, require_inside
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, clipped, counted, point_text
from verishallow.read.domains.usable_domain import Domain, usable_domain, usable_part
from verishallow.read.sources import Model
from verishallow.regions.cell_tree import Pattern
from verishallow.shallow.three_layer import ThreeLayerNetwork


@dataclass(frozen=True)
class Facet:
    """A rule of a region, ``form >= 0`` with a primitive form, and the distances of a point to its facet.

    ``neurons`` change their sign where the form vanishes: pairs (hidden layer from 1, neuron from 0), of the deep
    network, or of the three-layer one where that is explained. ``of_domain`` are the numbers of the inequalities of
    the domain equal to it. There are distances to the hyperplane, and to the facet itself, which may be farther away.
    """

    form: AffineForm
    neurons: tuple[Neuron, ...]
    of_domain: tuple[int, ...]
    point: Vector
    region: Polyhedron

    @property
    def to_hyperplane(self) -> Distances:
        """The distances to the hyperplane on which the form vanishes."""
        return Distances.to_hyperplane(self.point, self.form)

    @cached_property
    def to_facet(self) -> Distances:
        """The distances to the points of the closed region at which the form vanishes."""
        return Distances.to_polyhedron(self.point, self.region.with_inequality(-self.form))


@dataclass(frozen=True)
class Contributions:
    """An output as a sum: ``bias`` plus one number per feature, its weight times its value."""

    bias: mpq
    features: Vector

    @property
    def output(self) -> mpq:
        """The value of the output."""
        return self.bias + sum(self.features)


@dataclass(frozen=True)
class RegionAt:
    """A closed region that contains a point: its facets, the affine map there, a point strictly inside.

    ``units`` are the live units of layer 2 that say all this, where the three-layer network is explained. ``walls`` are
    the inequalities of the region, redundant ones too: which of them are facets, and a point strictly inside, is found
    when it is asked for, which takes long in hundreds of dimensions. ``own`` is the pattern of the region where it is
    that of the deep network, ``deep`` the network that has it else.
    """

    point: Vector
    affine_map: AffineMap
    walls: tuple[BoundaryFacet, ...]
    units: tuple[int, ...] = ()
    own: Pattern | None = None
    deep: ReLUNetwork | None = None

    @cached_property
    def closed(self) -> ClosedRegion:
        """The walls that are facets, and a point strictly inside."""
        return closed_region(self.walls, self.point)

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """The facets, as rules."""
        polyhedron = Polyhedron(len(self.point), tuple(wall.form for wall in self.closed.facets))
        return tuple(
            Facet(wall.form, wall.neurons, wall.of_domain, self.point, polyhedron) for wall in self.closed.facets
        )

    @property
    def witness(self) -> Vector:
        """A point strictly inside."""
        return self.closed.witness

    @property
    def pattern(self) -> Pattern | None:
        """The activation pattern of the deep network; ``None`` where the region is a union of activation regions."""
        return self.own if self.deep is None else self.deep.pattern_at(self.witness)

    def nearest_walls(self, number: int) -> tuple[Facet, ...]:
        """So many of the walls, the nearest in L2 first, without a look at the others: no linear program.

        The nearest one is a facet wherever it alone is nearest.

        >>> twice = ReLUNetwork.of([([[2], [1]], [0, -1]), ([[1, 1]], [0])])
        >>> [str(wall.form) for wall in explain(twice, [3]).region.nearest_walls(1)]
        ['-1 + x0']
        """
        polyhedron = Polyhedron(len(self.point), tuple(wall.form for wall in self.walls))
        found = [Facet(wall.form, wall.neurons, wall.of_domain, self.point, polyhedron) for wall in self.walls]
        return tuple(sorted(found, key=lambda facet: facet.to_hyperplane.l2_squared)[:number])

    @cached_property
    def polyhedron(self) -> Polyhedron:
        """The closed region by its facets."""
        return Polyhedron(len(self.point), tuple(facet.form for facet in self.facets))

    def contributions(self, output: int) -> Contributions:
        """The contribution of each feature to an output.

        >>> explain(ReLUNetwork.of([([[2, -1]], [3]), ([[1]], [0])]), [1, 2]).region.contributions(0)
        Contributions(bias=mpq(3,1), features=(mpq(2,1), mpq(-2,1)))
        """
        form = self.affine_map.forms[output]
        return Contributions(form.constant, tuple(a * x for a, x in zip(form.linear, self.point, strict=True)))


@dataclass(frozen=True)
class Explanation(Displayed):
    """A function at a point: the value, and all closed regions that contain the point, several on a boundary."""

    point: Vector
    output: Vector
    regions: tuple[RegionAt, ...]
    names: Names

    def __repr__(self) -> str:
        regions = counted(len(self.regions), "region")
        return f"<Explanation at {clipped(point_text(self.point))}: {clipped(point_text(self.output))}, {regions}>"

    @property
    def region(self) -> RegionAt:
        """The region, or the first one where several meet."""
        return self.regions[0]

    @property
    def on_boundary(self) -> bool:
        """Whether several regions meet at the point."""
        return len(self.regions) > 1

    def gradients(self, output: int) -> tuple[Vector, ...]:
        """The gradients of an output on the regions that meet, each once: one, unless the function bends there."""
        return tuple(dict.fromkeys(region.affine_map.forms[output].linear for region in self.regions))


def explain(
    function: Model,
    point: Iterable[Any],
    domain: Domain = None,
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
) -> Explanation:
    """Why a function has the value that it has at a point, exactly.

    ``function`` is a network, its file or a model, which is explained by its activation pattern; or a certificate, on
    its domain, the file of one, or a three-layer network, explained by the units of layer 2 that are live at the point:
    their finite weights are the formula, their weights -inf the rules. ``names`` are those of the features.
    Raises :class:`~verishallow.errors.OutsideDomainError` outside the domain, and where several regions
    meet if the certificate ignores boundaries.

    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> found = explain(maximum, [3, 1])
    >>> str(found.region.affine_map.forms[0]), [str(facet.form) for facet in found.region.facets]
    ('x0', ['x0 - x1'])
    >>> len(explain(maximum, [1, 1]).regions)
    2
    """
    function = function if isinstance(function, ThreeLayerNetwork) else function_of(function)
    if isinstance(function, ReLUNetwork):
        at, part = point_of(function, point), usable_part(domain, function.inputs)
        require_inside(part.polyhedron, at)
        part.strict.require_at(at)
        regions, output = tuple(_of_network(function, part.polyhedron, at)), function(at)
    else:
        regions, at, output = _of_shallow(function, point, domain)
    return Explanation(at, output, regions, Names.of(len(at), len(output), names, output_names))


def _of_network(network: ReLUNetwork, domain: Polyhedron, point: Vector) -> Iterator[RegionAt]:
    for pattern in patterns_at(network, point, domain):
        found = walls(network, domain, pattern)
        yield RegionAt(point, network.affine_map_for(pattern), found, own=pattern)


def _of_shallow(
    function: Certificate | ThreeLayerNetwork, point: Iterable[Any], domain: Domain
) -> tuple[tuple[RegionAt, ...], Vector, Vector]:
    certificate = function if isinstance(function, Certificate) else None
    if certificate is not None and domain is not None:
        raise InputError("explain: a certificate has its own domain, found another")
    if certificate is not None and certificate.claim.startswith("equality-on"):
        raise InputError(
            f"this certificate claims {certificate.claim}, which says too little near a point; explain the deep network"
        )
    shallow = function.shallow if isinstance(function, Certificate) else function
    at = point_of(shallow, point)
    usable = usable_domain(domain, shallow.inputs) if certificate is None else certificate.domain
    require_inside(usable, at)
    cells = live_cells(shallow, at)
    if certificate is not None and certificate.boundary == "ignore" and len(cells) > 1:
        raise OutsideDomainError("the point lies on a region boundary, and this certificate ignores those")
    regions = tuple(region for cell in cells for region in _of_cell(cell, usable, at, certificate))
    return regions, at, shallow(at)


def _of_cell(cell: LiveCell, domain: Polyhedron, point: Vector, certificate: Certificate | None) -> Iterator[RegionAt]:
    """The regions of the small network that the live units of a cell form; one, unless some units bend inside."""
    closed = Polyhedron(domain.dimension, (*domain.inequalities, *cell.rules))
    deep = certificate.network if certificate is not None and certificate.construction is CELLS else None
    for pattern in patterns_at(cell.network, point, closed):
        found = tuple(cell.named(wall, len(domain.inequalities)) for wall in walls(cell.network, closed, pattern))
        yield RegionAt(point, cell.network.affine_map_for(pattern), found, cell.units, deep=deep)
