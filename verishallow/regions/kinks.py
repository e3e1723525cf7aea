"""Kinks: the facets between two activation regions on which the function itself is not affine.

They depend on the function, not on the network: permuted, rescaled or otherwise rewritten networks have the same ones.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from gmpy2 import mpq

from verishallow.affine import ONE, ZERO, AffineForm, AffineMap, plane_of
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Leaf
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.composition import composed_forms
from verishallow.regions.integer_network import IntegerNetwork
from verishallow.regions.lattice_engine import lattice_engine


@dataclass(frozen=True, slots=True)
class Kink:
    """A facet between two affine pieces.

    ``plane`` is its hyperplane; ``generators`` are homogeneous, ``(1, vertex)`` or ``(0, ray)``, where a line counts as
    two rays; ``jump`` is the map where ``plane >= 0`` minus the map on the other side, a multiple of ``plane``.
    """

    plane: AffineForm
    generators: tuple[Vector, ...]
    jump: AffineMap


def kinks(network: ReLUNetwork, domain: Polyhedron) -> tuple[Kink, ...]:
    """The kinks of a network inside a full-dimensional domain, facet by facet.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> kinks(modulus, Polyhedron.whole_space(1))[0].jump
    AffineMap(forms=(AffineForm(2*x0),))
    """
    try:
        return tuple(_of_complex(network, lattice_engine(network, domain)))
    except InputError:
        # Layers that skip may bend along lines that the first layer leaves in the cells: no complex is known then.
        nodes = cdd_engine(network, domain, generic_point(domain), reporting=False)
        return tuple(_between([node for node in nodes if isinstance(node, Leaf)]))


def _of_complex(network: ReLUNetwork, found: PolyhedralComplex) -> Iterator[Kink]:
    maps, n = _maps(network, found), found.lattice.dimension
    if not n:
        return
    facets, cells = found.inner_facets().tolist(), found.vertices_of(n)
    of_facets = found.vertices_of(n - 1)
    for facet, one, other in facets:
        if maps[one] == maps[other]:
            continue
        jump = _difference(maps[one], maps[other])
        plane = plane_of(next(form for form in jump.forms if not form.is_constant()))
        above = next(s for s in (_side(found, plane, point) for point in cells[one].tolist()) if s) > 0
        generators = _homogeneous(found, of_facets[facet].tolist())
        yield Kink(plane, generators, jump if above else _difference(maps[other], maps[one]))


def _between(leaves: Sequence[Leaf]) -> Iterator[Kink]:
    """The kinks between leaves, found pair by pair."""
    sides: defaultdict[AffineForm, tuple[list[Leaf], list[Leaf]]] = defaultdict(lambda: ([], []))
    for leaf in leaves:
        for form in leaf.cell.polyhedron.inequalities:
            plane = plane_of(form)
            sides[plane][form.primitive() != plane].append(leaf)
    for plane, (above, below) in sides.items():
        for one, other in product(above, below):
            if one.affine_map != other.affine_map and (shared := _shared_facet(one, other)):
                yield Kink(plane, shared, _difference(one.affine_map, other.affine_map))


def _shared_facet(one: Leaf, other: Leaf) -> tuple[Vector, ...]:
    """The generators of the common facet of two cells; empty if they share no facet."""
    cells = one.cell.polyhedron, other.cell.polyhedron
    both = Polyhedron(cells[0].dimension, (*cells[0].inequalities, *cells[1].inequalities))
    if both.affine_dimension() != both.dimension - 1:
        return ()
    found = both.v_representation
    return (*found.homogeneous, *((ZERO, *(-a for a in line)) for line in found.lines))


def _maps(network: ReLUNetwork, found: PolyhedralComplex) -> list[AffineMap]:
    integers, last = IntegerNetwork.of(network), len(network.layers) - 1
    forms = composed_forms(integers, found.patterns > 0, last)
    scale = integers.layers[-1].scale
    return [AffineMap(tuple(AffineForm(tuple(mpq(a, scale) for a in row)) for row in rows)) for rows in forms.tolist()]


def _difference(one: AffineMap, other: AffineMap) -> AffineMap:
    return AffineMap(tuple(a - b for a, b in zip(one.forms, other.forms, strict=True)))


def _side(found: PolyhedralComplex, plane: AffineForm, point: int) -> int:
    value = plane.at_homogeneous(_homogeneous(found, [point])[0])
    return int(value > 0) - int(value < 0)


def _homogeneous(found: PolyhedralComplex, points: list[int]) -> tuple[Vector, ...]:
    finite = found.finite[0]
    rows = [(ONE if finite[point] else ZERO, *found.point(point)) for point in points]
    lines = [(ZERO, *(sign * a for a in line)) for line in found.lines for sign in (1, -1)]
    return (*rows, *lines)
