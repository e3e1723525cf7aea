"""The decision boundary of a classifier: the polyhedral pieces where one class meets another, exactly."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verishallow.affine import ONE, ZERO, AffineForm, AffineMap, plane_of
from verishallow.errors import InputError, ProofError
from verishallow.explain.classes import Winners, comparing, score_forms, winners_of
from verishallow.explain.summary import by_layers
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron, VRepresentation, extreme_generators
from verishallow.read import load
from verishallow.read.domains.usable_domain import Domain, usable_domain
from verishallow.read.sources import Model
from verishallow.regions.cell_tree import Pattern
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.lattice_engine import Watch, lattice_engine


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a piece: the activation region there, its affine map, and the classes that win beside the piece."""

    pattern: Pattern
    affine_map: AffineMap
    winners: Winners


@dataclass(frozen=True)
class BoundaryPiece:
    """A polyhedron of one dimension less on whose two sides different classes win (a tie counts as a class of its own).

    ``plane`` is its hyperplane; ``v_representation`` its vertices, rays and lines; ``sides`` are ordered by winners.
    Both sides have the same pattern where the piece lies inside a region.
    """

    plane: AffineForm
    v_representation: VRepresentation
    sides: tuple[Side, Side]

    def h_representation(self, network: ReLUNetwork, domain: Polyhedron) -> Polyhedron:
        """The piece as inequalities, some redundant: both closed regions, the tie, and no other class greater."""
        rows = [*domain.inequalities, self.plane, -self.plane]
        for side in self.sides:
            for layer, row in zip(network.pre_activations_for(side.pattern), side.pattern, strict=True):
                rows += [form if on else -form for form, on in zip(layer, row, strict=True)]
            forms = score_forms(side.affine_map)
            rows += [forms[side.winners[0]] - form for form in forms]
        return Polyhedron(domain.dimension, tuple(rows)).normalised()


def decision_boundary(network: Model, domain: Domain = None, watch: Watch | None = None) -> tuple[BoundaryPiece, ...]:
    """The pieces of the decision boundary in the interior of a domain; the class is the greatest output.

    A single output divides the points where it is positive (class 1) from the others (class 0). Points where classes
    tie and the winner is the same all around are no boundary.
    Raises :class:`~verishallow.errors.InputError` where regions contain lines that cannot be divided out: a bounded
    domain never has any.

    >>> cross = ReLUNetwork.of([([[1, 0], [-1, 0]], [0, 0]), ([[1, 1], [0, 0]], [0, 1])])
    >>> for piece in decision_boundary(cross, "box:-2,2"):
    ...     print(piece.plane, "= 0:", piece.sides[0].winners, piece.sides[1].winners)
    -1 + x0 = 0: (0,) (1,)
    1 + x0 = 0: (0,) (1,)
    """
    network = load(network)
    usable = usable_domain(domain, network.inputs)
    try:
        found = lattice_engine(comparing(network), usable, watch)
    except InputError as error:
        raise InputError(f"decision boundary: {error}; or give a bounded domain") from error
    groups = defaultdict[tuple[Side, Side], list[int]](list)
    for facet, sides in _divided(network, found):
        groups[sides].append(facet)
    facets = found.vertices_of(found.lattice.dimension - 1) if groups else []
    return tuple(_piece(found, sides, [facets[number].tolist() for number in of]) for sides, of in groups.items())


def _divided(network: ReLUNetwork, found: PolyhedralComplex) -> Iterator[tuple[int, tuple[Side, Side]]]:
    """The facets between two cells with different winners, and their sides."""
    neurons, patterns = sum(layer.width for layer in network.hidden), found.patterns.tolist()
    known: dict[int, Side] = {}
    for facet, one, other in found.inner_facets().tolist():
        won = [winners_of(patterns[cell][neurons:]) for cell in (one, other)]
        if won[0] != won[1]:
            sides = [
                known.setdefault(cell, _side(network, patterns[cell][:neurons], winners))
                for cell, winners in zip((one, other), won, strict=True)
            ]
            first, second = sorted(sides, key=lambda side: (side.winners, side.pattern))
            yield facet, (first, second)


def _side(network: ReLUNetwork, signs: Sequence[int], winners: Winners) -> Side:
    pattern = by_layers(network, [sign > 0 for sign in signs])
    return Side(pattern, network.affine_map_for(pattern), winners)


def _piece(found: PolyhedralComplex, sides: tuple[Side, Side], facets: Sequence[Sequence[int]]) -> BoundaryPiece:
    """Facets with the same regions and winners on their sides are one convex piece, cut by other comparisons."""
    points = sorted({point for facet in facets for point in facet})
    rows = [(ONE if found.finite[0][point] else ZERO, *found.point(point)) for point in points]
    extreme = extreme_generators(rows) if len(facets) > 1 else tuple(rows)
    vertices, rays = (tuple(row[1:] for row in extreme if bool(row[0]) is finite) for finite in (True, False))
    return BoundaryPiece(_plane(*sides), VRepresentation(vertices, rays, found.lines), sides)


def _plane(one: Side, other: Side) -> AffineForm:
    """The form that vanishes where a winner of one side that does not win on the other ties with a winner there."""
    for here, there in ((one, other), (other, one)):
        for challenger in there.winners:
            if challenger not in here.winners:
                forms = score_forms(here.affine_map)
                return plane_of(forms[here.winners[0]] - forms[challenger])
    raise ProofError("expected different winners on the two sides of a piece")
