"""The facets of a closed region without its vertices, which may be very many."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul, sub

from verishallow.affine import ZERO, AffineForm, pivots, row_echelon
from verishallow.explain.redundancy import facets_and_inside
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import Pattern

Neuron = tuple[int, int]
"""The number of a hidden layer, from 1, and of a neuron in it, from 0."""


@dataclass(frozen=True, slots=True)
class BoundaryFacet:
    """A primitive form that is non-negative on a region, and where it comes from.

    ``neurons`` change their sign where it vanishes; ``of_domain`` are the numbers of the inequalities equal to it.
    """

    form: AffineForm
    neurons: tuple[Neuron, ...]
    of_domain: tuple[int, ...]


def walls(network: ReLUNetwork, domain: Polyhedron, pattern: Pattern) -> tuple[BoundaryFacet, ...]:
    """The inequalities of the closed region with a pattern, some redundant, each once; those of the domain first.

    >>> rectifier = ReLUNetwork.of([([[1], [2]], [0, 0]), ([[1, 1]], [0])])
    >>> walls(rectifier, Polyhedron.of([[1, 1]]), ((True, True),))[1]
    BoundaryFacet(form=AffineForm(x0), neurons=((1, 0), (1, 1)), of_domain=())
    """
    neurons: dict[AffineForm, list[Neuron]] = {form.primitive(): [] for form in domain.normalised().inequalities}
    for number, (layer, row) in enumerate(zip(network.pre_activations_for(pattern), pattern, strict=True), start=1):
        for neuron, (form, on) in enumerate(zip(layer, row, strict=True)):
            if not form.is_constant():
                neurons.setdefault((form if on else -form).primitive(), []).append((number, neuron))
    rows = [form.primitive() for form in domain.inequalities]
    return tuple(
        BoundaryFacet(form, tuple(found), tuple(number for number, row in enumerate(rows) if row == form))
        for form, found in neurons.items()
    )


@dataclass(frozen=True, slots=True)
class ClosedRegion:
    """A closed region by its facets, and a point strictly inside."""

    facets: tuple[BoundaryFacet, ...]
    witness: Vector


def closed_region(walls_: Sequence[BoundaryFacet], point: Vector) -> ClosedRegion:
    """The facets among the inequalities of a region, each once; ``point`` lies in the closed region.

    No vertex is listed, and only as many coordinates are used as the inequalities depend on.

    >>> rows = ([1, 1], [1, -1], [2, -1])
    >>> found = closed_region([BoundaryFacet(AffineForm.of(row), (), ()) for row in rows], (ZERO,))
    >>> [str(facet.form) for facet in found.facets], found.witness
    (['1 + x0', '1 - x0'], (mpq(0,1),))
    """
    basis = row_echelon([wall.form.linear for wall in walls_])
    here = tuple(sum(map(mul, row, point), ZERO) for row in basis)
    forms = {_in_coordinates(wall.form, basis): wall for wall in walls_}
    facets, inside = facets_and_inside(tuple(forms), here) if basis else (set(forms), here)
    moved = dict(zip(pivots(basis), map(sub, inside, here), strict=True))
    witness = tuple(x + moved.get(index, ZERO) for index, x in enumerate(point))
    return ClosedRegion(tuple(wall for form, wall in forms.items() if form in facets), witness)


def _in_coordinates(form: AffineForm, basis: Sequence[Vector]) -> AffineForm:
    """A form written in the coordinates ``basis . x``; the rows, in reduced echelon form, span its linear part."""
    return AffineForm((form.constant, *(form.linear[pivot] for pivot in pivots(basis)))).primitive()
