"""The exact volume of a polytope: a pulling triangulation from its vertices and facets."""

from collections.abc import Iterator
from math import factorial

from gmpy2 import mpq

from verishallow.affine import AffineForm, rank
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector

Face = frozenset[Vector]


def volume(polytope: Polyhedron) -> mpq:
    """The volume of a bounded, full-dimensional polyhedron."""
    vertices = frozenset(polytope.v_representation.vertices)
    facets = [_tight(vertices, form) for form in polytope.inequalities]
    simplices = _pulled(vertices, facets, polytope.dimension)
    return sum((abs(_determinant(_edges(simplex))) for simplex in simplices), mpq(0)) / factorial(polytope.dimension)


def _tight(vertices: Face, form: AffineForm) -> Face:
    return frozenset(vertex for vertex in vertices if form(vertex) == 0)


def _pulled(face: Face, facets: list[Face], dimension: int) -> Iterator[tuple[Vector, ...]]:
    """The simplices of a face: its least vertex, joined to those of its facets that do not contain it."""
    apex = min(face)
    if dimension == 0:
        yield (apex,)
        return
    for below in {face & facet for facet in facets}:
        if apex not in below and _dimension(below) == dimension - 1:
            yield from ((apex, *simplex) for simplex in _pulled(below, facets, dimension - 1))


def _dimension(face: Face) -> int:
    return rank([(mpq(1), *vertex) for vertex in face]) - 1


def _edges(simplex: tuple[Vector, ...]) -> list[Vector]:
    apex, *others = simplex
    return [tuple(a - b for a, b in zip(vertex, apex, strict=True)) for vertex in others]


def _determinant(rows: list[Vector]) -> mpq:
    if not rows:
        return mpq(1)
    minors = ([row[:column] + row[column + 1 :] for row in rows[1:]] for column in range(len(rows)))
    return sum(
        (
            (-1) ** column * entry * _determinant(minor)
            for column, (entry, minor) in enumerate(zip(rows[0], minors, strict=True))
        ),
        mpq(0),
    )
