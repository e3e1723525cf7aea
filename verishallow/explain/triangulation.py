"""The exact volumes of the cells of a bounded complex, by one triangulation of all of them.

Every face is pulled at its least vertex: its simplices join that vertex to the simplices of the facets that do not
contain it. A face is triangulated once, whichever cells share it.
"""

from collections.abc import Iterator, Sequence
from math import factorial, prod

from flint import fmpz_mat
from gmpy2 import mpq

from verishallow.errors import DomainError
from verishallow.explain.linear_algebra import total
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.lattice_engine import lattice_engine

Simplex = tuple[int, ...]
"""The numbers of its vertices, one more than its dimension."""


def require_bounded(found: PolyhedralComplex) -> None:
    """Refuse a complex with rays or lines, which has no volume."""
    if found.lines or not found.finite[0].all():
        raise DomainError("expected a bounded domain, such as box:-1,1: an unbounded one has no finite volume")


def simplices_of_cells(found: PolyhedralComplex) -> Iterator[list[Simplex]]:
    """The simplices of each cell of a bounded complex, in order."""
    require_bounded(found)
    least = list(range(len(found.points)))
    simplices: list[list[Simplex]] = [[(number,)] for number in least]
    for dimension in range(1, found.lattice.dimension):
        least, simplices = _pulled(found, dimension, least, simplices)
    facets = _facets(found, found.lattice.dimension)
    yield from (_simplices(of_cell, least, simplices) for of_cell in facets)


def _pulled(
    found: PolyhedralComplex, dimension: int, least: Sequence[int], simplices: Sequence[list[Simplex]]
) -> tuple[list[int], list[list[Simplex]]]:
    """The least vertex and the simplices of every face of a dimension, from those one below."""
    facets = _facets(found, dimension)
    tops = [min(least[facet] for facet in of_face) for of_face in facets]
    return tops, [_simplices(of_face, least, simplices) for of_face in facets]


def _simplices(facets: Sequence[int], least: Sequence[int], simplices: Sequence[list[Simplex]]) -> list[Simplex]:
    apex = min(least[facet] for facet in facets)
    # A facet contains the apex just when it is the facet's own least vertex.
    return [(apex, *simplex) for facet in facets if least[facet] != apex for simplex in simplices[facet]]


def _facets(found: PolyhedralComplex, dimension: int) -> list[list[int]]:
    facets: list[list[int]] = [[] for _ in range(found.lattice.counts[dimension])]
    for face, facet in found.incidence(dimension).tolist():
        facets[face].append(facet)
    return facets


class Volumes:
    """The volumes of simplices on the points of a complex."""

    def __init__(self, found: PolyhedralComplex) -> None:
        self.rows: list[list[int]] = [[int(a) for a in row] for row in found.points.tolist()]
        self.factor = factorial(found.lattice.dimension)

    def of(self, simplex: Simplex) -> mpq:
        """The determinant of homogeneous integer rows, divided by their first entries and by n!."""
        rows = [self.rows[number] for number in simplex]
        return mpq(abs(_determinant(rows)), self.factor * prod(row[0] for row in rows))


def _determinant(rows: list[list[int]]) -> int:
    if len(rows) == 2:
        (a, b), (c, d) = rows
        return a * d - b * c
    if len(rows) == 3:
        (a, b, c), (d, e, f), (g, h, i) = rows
        return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return int(fmpz_mat(rows).det())


def cell_volumes(found: PolyhedralComplex) -> list[mpq]:
    """The volume of every cell of a bounded complex.

    >>> from verishallow import polyhedral_complex
    >>> diagonal = ReLUNetwork.of([([[1, -1]], [0]), ([[1]], [0])])
    >>> cell_volumes(polyhedral_complex(diagonal, "box:0,1"))
    [mpq(1,2), mpq(1,2)]
    """
    volumes = Volumes(found)
    return [total(map(volumes.of, simplices)) for simplices in simplices_of_cells(found)]


def volume(polytope: Polyhedron) -> mpq:
    """The volume of a bounded polyhedron of full dimension.

    >>> volume(Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, -1]]))
    mpq(1,2)
    """
    anything = ReLUNetwork.of([([[0] * polytope.dimension], [0])])
    return total(cell_volumes(lattice_engine(anything, polytope)))
