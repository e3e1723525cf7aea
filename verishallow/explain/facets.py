"""The facets of a closed region without its vertices, which may be very many."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import mul, sub

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, pivots, row_echelon
from verishallow.errors import ProofError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import PathConstraint, Pattern
from verishallow.regions.constraint_rows import integer_row_of
from verishallow.regions.program_cell import ProgramCell

Neuron = tuple[int, int]
"""A hidden layer, from 1, and a neuron of it, from 0."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A primitive form that is non-negative on a region, and where it comes from.

    ``neurons`` change their sign where it vanishes; ``of_domain`` are the inequalities of the domain that it is.
    """

    form: AffineForm
    neurons: tuple[Neuron, ...]
    of_domain: tuple[int, ...]


def walls(network: ReLUNetwork, domain: Polyhedron, pattern: Pattern) -> tuple[Wall, ...]:
    """The inequalities of the closed region with a pattern, redundant ones too, each once: the domain's first.

    >>> rectifier = ReLUNetwork.of([([[1], [2]], [0, 0]), ([[1, 1]], [0])])
    >>> walls(rectifier, Polyhedron.of([[1, 1]]), ((True, True),))[1]
    Wall(form=AffineForm(x0), neurons=((1, 0), (1, 1)), of_domain=())
    """
    neurons: dict[AffineForm, list[Neuron]] = {form.primitive(): [] for form in domain.normalised().inequalities}
    for number, (layer, row) in enumerate(zip(network.pre_activations_for(pattern), pattern, strict=True), start=1):
        for neuron, (form, on) in enumerate(zip(layer, row, strict=True)):
            if not form.is_constant():
                neurons.setdefault((form if on else -form).primitive(), []).append((number, neuron))
    rows = [form.primitive() for form in domain.inequalities]
    return tuple(
        Wall(form, tuple(found), tuple(number for number, row in enumerate(rows) if row == form))
        for form, found in neurons.items()
    )


@dataclass(frozen=True, slots=True)
class ClosedRegion:
    """A region by its facets alone, and a point strictly inside."""

    facets: tuple[Wall, ...]
    witness: Vector


def closed_region(walls_: Sequence[Wall], point: Vector) -> ClosedRegion:
    """Which walls of a region are facets, each once; ``point`` lies in the closed region.

    No vertex is listed: a linear program for a wall, in floating point, and its answer proved exactly, in as many
    coordinates as the walls depend on.

    >>> rows = ([1, 1], [1, -1], [2, -1])
    >>> found = closed_region([Wall(AffineForm.of(row), (), ()) for row in rows], (mpq(1),))
    >>> [str(facet.form) for facet in found.facets], found.witness
    (['1 + x0', '1 - x0'], (mpq(0,1),))
    """
    basis = row_echelon([wall.form.linear for wall in walls_])
    here = tuple(sum(map(mul, row, point), ZERO) for row in basis)
    forms = {_in_coordinates(wall.form, basis): wall for wall in walls_}
    facets, inside = _facets(forms, here) if basis else (forms.keys(), here)
    moved = dict(zip(pivots(basis), map(sub, inside, here), strict=True))
    witness = tuple(x + moved.get(index, ZERO) for index, x in enumerate(point))
    return ClosedRegion(tuple(wall for form, wall in forms.items() if form in facets), witness)


def _in_coordinates(form: AffineForm, basis: Sequence[Vector]) -> AffineForm:
    """A form as one of ``basis . x``, rows in reduced echelon form that span its linear part."""
    return AffineForm((form.constant, *(form.linear[pivot] for pivot in pivots(basis)))).primitive()


def _facets(forms: Iterable[AffineForm], point: Vector) -> tuple[Collection[AffineForm], Vector]:
    """The forms that are facets of what all of them bound, and a point strictly inside."""
    cell = ProgramCell.start(Polyhedron.whole_space(len(point)))
    for form in sorted(forms, key=lambda form: _squared_distance(form, point)):
        cell = _bounded_by(cell, form)
    kept = {constraint.form for number, constraint in enumerate(cell.path) if number in cell.facets}
    return kept, point if all(form(point) > 0 for form in kept) else cell.witness()


def _squared_distance(form: AffineForm, point: Vector) -> mpq:
    return form(point) ** 2 / sum(a * a for a in form.linear)


def _bounded_by(cell: ProgramCell, form: AffineForm) -> ProgramCell:
    """The part of a cell where a primitive form is non-negative; it is positive somewhere inside."""
    (side,) = cell.sides([integer_row_of(form)])
    if side is None:
        return cell.split_off(PathConstraint(form, 0, strict=False))[0]
    if side[0] < 0:
        raise ProofError(f"{form} is positive nowhere in a region that it bounds")
    return cell
