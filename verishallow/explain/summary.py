"""A function on a whole bounded domain, exactly: volumes, moments, gradients, range, Lipschitz constants, classes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, AffineMap
from verishallow.explain.classes import Winners, comparing, winners_of
from verishallow.explain.distances import NORMS, Norm
from verishallow.explain.evaluation import values_at
from verishallow.explain.linear_algebra import total
from verishallow.explain.names import Names
from verishallow.explain.operator_norms import Lipschitz, lipschitz
from verishallow.explain.triangulation import Simplex, Volumes, cell_volumes, simplices_of_cells
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.read import load
from verishallow.read.domains.usable_domain import Domain, usable_domain
from verishallow.read.sources import Model
from verishallow.regions.cell_tree import Pattern
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.composition import composed_forms
from verishallow.regions.integer_network import IntegerNetwork
from verishallow.regions.lattice_engine import Watch, lattice_engine

BLOCK = 4096
"""Cells whose affine maps are composed together."""


@dataclass(frozen=True, slots=True)
class RegionVolume:
    """An activation region: its pattern, its affine map, its volume and its share of the domain."""

    pattern: Pattern
    affine_map: AffineMap
    volume: mpq
    share: mpq


@dataclass(frozen=True, slots=True)
class OutputRange:
    """The least and the greatest value of an output, and the vertices of regions that attain them."""

    low: mpq
    high: mpq
    low_at: tuple[Vector, ...]
    high_at: tuple[Vector, ...]


@dataclass(frozen=True)
class Summary:
    """A function on a bounded domain with uniform measure.

    ``regions`` are sorted by volume, largest first. ``mean``, ``variance``, ``ranges``, ``mean_gradient`` and
    ``mean_absolute_gradient`` have one entry per output; the last two have one number per feature in it, and the last
    is the features' importance. ``lipschitz`` has one constant per norm, whose regions are numbered as in ``regions``.
    ``class_shares``: the share of the domain on which each class, or each tie of classes, wins; a single output makes
    the classes 0 (not positive) and 1.
    """

    volume: mpq
    regions: tuple[RegionVolume, ...]
    mean: Vector
    variance: Vector
    ranges: tuple[OutputRange, ...]
    mean_gradient: tuple[Vector, ...]
    mean_absolute_gradient: tuple[Vector, ...]
    lipschitz: dict[Norm, Lipschitz]
    class_shares: dict[Winners, mpq]
    names: Names


def summarise(
    network: Model,
    domain: Domain,
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
    watch: Watch | None = None,
) -> Summary:
    """The exact summary of a network on a bounded domain.

    Raises :class:`~verishallow.errors.DomainError` if the domain is not bounded.

    >>> found = summarise(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]), "box:-1,2")
    >>> found.mean, found.variance, found.mean_gradient, [str(region.share) for region in found.regions]
    ((mpq(5,6),), (mpq(11,36),), ((mpq(1,3),),), ['2/3', '1/3'])
    """
    network = load(network)
    called = Names.of(network.inputs, network.outputs, names, output_names)
    usable = usable_domain(domain, network.inputs)
    found = lattice_engine(network, usable, watch)
    simplices = list(simplices_of_cells(found))
    volumes = _simplex_volumes(found, simplices)
    regions = ranked(network, found, [total(of_cell) for of_cell in volumes])
    points = [found.point(number) for number in range(len(found.points))]
    values = list(values_at(network, points))
    mean, variance = _moments(simplices, volumes, values)
    return Summary(
        volume=total(region.volume for region in regions),
        regions=regions,
        mean=mean,
        variance=variance,
        ranges=tuple(_range(points, column) for column in zip(*values, strict=True)),
        mean_gradient=_mean_gradient(regions, absolute=False),
        mean_absolute_gradient=_mean_gradient(regions, absolute=True),
        lipschitz={norm: lipschitz((region.affine_map for region in regions), norm) for norm in NORMS},
        class_shares=class_shares(network, usable),
        names=called,
    )


def class_shares(network: ReLUNetwork, domain: Polyhedron) -> dict[Winners, mpq]:
    """The share of a bounded domain on which each class wins, ties of several apart; no entry is 0.

    >>> class_shares(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [-1])]), Polyhedron.box([(-3, 2)]))
    {(0,): mpq(2,5), (1,): mpq(3,5)}
    """
    found = lattice_engine(comparing(network), domain)
    neurons, sizes = sum(layer.width for layer in network.hidden), defaultdict[Winners, list[mpq]](list)
    for signs, size in zip(found.patterns[:, neurons:].tolist(), cell_volumes(found), strict=True):
        sizes[winners_of(signs)].append(size)
    won = {classes: total(sizes[classes]) for classes in sorted(sizes)}
    whole = total(won.values())
    return {classes: size / whole for classes, size in won.items()}


def ranked(network: ReLUNetwork, found: PolyhedralComplex, volumes: Sequence[mpq]) -> tuple[RegionVolume, ...]:
    """The cells of the complex of a network, largest first."""
    whole, patterns = total(volumes), (found.patterns > 0).tolist()
    regions = [
        RegionVolume(by_layers(network, pattern), affine_map, size, size / whole)
        for pattern, affine_map, size in zip(patterns, affine_maps(network, found), volumes, strict=True)
    ]
    return tuple(sorted(regions, key=lambda region: -region.volume))


def affine_maps(network: ReLUNetwork, found: PolyhedralComplex) -> Iterator[AffineMap]:
    """The affine map of a network on every cell of its complex."""
    integers, last = IntegerNetwork.of(network), len(network.layers) - 1
    scale = integers.layers[last].scale
    for start in range(0, found.cells, BLOCK):
        forms = composed_forms(integers, found.patterns[start : start + BLOCK] > 0, last)
        for rows in forms.tolist():
            yield AffineMap(tuple(AffineForm(tuple(mpq(a, scale) for a in row)) for row in rows))


def by_layers(network: ReLUNetwork, pattern: Sequence[bool]) -> Pattern:
    """The activations of all hidden neurons, layer by layer."""
    layers, start = list[tuple[bool, ...]](), 0
    for layer in network.hidden:
        layers.append(tuple(pattern[start : start + layer.width]))
        start += layer.width
    return tuple(layers)


def _simplex_volumes(found: PolyhedralComplex, simplices: Sequence[Sequence[Simplex]]) -> list[list[mpq]]:
    volumes = Volumes(found)
    return [[volumes.of(simplex) for simplex in of_cell] for of_cell in simplices]


def _moments(
    simplices: Sequence[Sequence[Simplex]], volumes: Sequence[Sequence[mpq]], values: Sequence[Vector]
) -> tuple[Vector, Vector]:
    """The mean and the variance of each output, from its values at the vertices.

    On a simplex with d + 1 vertices an affine function F has the mean sum F_i / (d + 1), and its square the mean
    ((sum F_i)^2 + sum F_i^2) / ((d + 1)(d + 2)).
    """
    pairs = [pair for cell, sizes in zip(simplices, volumes, strict=True) for pair in zip(cell, sizes, strict=True)]
    measure, corners = total(size for _, size in pairs), len(simplices[0][0])
    mean, variance = [], []
    for column in zip(*values, strict=True):
        moments = [_moments_of_simplex(size, [column[number] for number in simplex]) for simplex, size in pairs]
        average = total(first for first, _ in moments) / (corners * measure)
        mean.append(average)
        variance.append(total(second for _, second in moments) / (corners * (corners + 1) * measure) - average**2)
    return tuple(mean), tuple(variance)


def _moments_of_simplex(size: mpq, values: Sequence[mpq]) -> tuple[mpq, mpq]:
    first = sum(values, ZERO)
    return size * first, size * (first**2 + sum(y * y for y in values))


def _range(points: Sequence[Vector], values: Sequence[mpq]) -> OutputRange:
    low, high = min(values), max(values)
    low_at, high_at = (tuple(p for p, y in zip(points, values, strict=True) if y == end) for end in (low, high))
    return OutputRange(low, high, low_at, high_at)


def _mean_gradient(regions: Sequence[RegionVolume], *, absolute: bool) -> tuple[Vector, ...]:
    outputs = len(regions[0].affine_map.forms)
    return tuple(tuple(_mean_slopes(regions, output, absolute=absolute)) for output in range(outputs))


def _mean_slopes(regions: Sequence[RegionVolume], output: int, *, absolute: bool) -> Iterator[mpq]:
    """The means of one output's slopes, or of their absolute values, over the domain."""
    for feature in range(regions[0].affine_map.forms[0].dimension):
        slopes = [region.affine_map.forms[output].linear[feature] for region in regions]
        shares = (region.share * (abs(a) if absolute else a) for region, a in zip(regions, slopes, strict=True))
        yield total(shares)
