"""Balls as domains: ``ball:linf:POINT:RADIUS`` and ``ball:l1:POINT:RADIUS``, exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import DomainError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, parse_rational
from verishallow.read.places import shown
from verishallow.read.points import read_point
from verishallow.slices import Slice

MOST_INPUTS_OF_L1 = 12
"""An L1 ball has 2^n facets."""


@dataclass(frozen=True, slots=True)
class Ball:
    """The points at a distance of at most ``radius`` from the centre, in the norm "l1" or "linf"."""

    norm: str
    centre: Vector
    radius: mpq

    def distances(self, inputs: AffineMap) -> tuple[AffineForm, ...]:
        """The coordinates of a point minus those of the centre, where each coordinate is an affine form."""
        pairs = zip(inputs.forms, self.centre, strict=True)
        return tuple(AffineForm((form.constant - c, *form.linear)) for form, c in pairs)

    def polyhedron(self) -> Polyhedron:
        """The ball itself."""
        n = len(self.centre)
        if self.norm == "l1" and n > MOST_INPUTS_OF_L1:
            raise DomainError(
                f"ball: in {n} inputs the L1 norm has 2^{n} facets; expected at most {MOST_INPUTS_OF_L1}, or a slice"
            )
        return Polyhedron(n, tuple(_facets(self.norm, self.distances(AffineMap.identity(n)), self.radius)))

    def on_slice(self, embedding: Slice) -> Polyhedron:
        """The parameters of the points of a slice that lie in the ball."""
        distances = self.distances(embedding.embedding)
        if self.norm == "linf":
            return Polyhedron(embedding.parameters, tuple(_facets("linf", distances, self.radius)))
        return _l1_ball(distances, self.radius, embedding.parameters)


def parse_ball(text: str, dimension: int) -> Ball:
    """The ball of ``ball:linf:1,2:1/255``; the point may be an ``.npy`` file.

    >>> parse_ball("ball:l1:0,1/2:3", 2).radius
    mpq(3,1)
    """
    kind, norm, *middle, radius = text.split(":") if text.count(":") >= 3 else ("", "", "")
    if kind.strip() != "ball" or norm not in ("l1", "linf"):
        raise DomainError(f"expected ball:linf:POINT:RADIUS or ball:l1:POINT:RADIUS, found {shown(text)}")
    size = parse_rational(radius)
    if size <= 0:
        raise DomainError(f"ball: expected a radius above 0, found {shown(radius)}")
    return Ball(norm, read_point(":".join(middle), dimension), size)


def _facets(norm: str, distances: tuple[AffineForm, ...], radius: mpq) -> Iterable[AffineForm]:
    dimension = distances[0].dimension
    if norm == "linf":
        yield from (_below(form, radius, dimension) for each in distances for form in (each, -each))
    else:
        for signs in product((1, -1), repeat=len(distances)):
            yield _below(_signed_sum(distances, signs), radius, dimension)


def _below(form: AffineForm, radius: mpq, dimension: int) -> AffineForm:
    return AffineForm((radius, *(mpq(0),) * dimension)) - form


def _signed_sum(forms: Iterable[AffineForm], signs: Iterable[int]) -> AffineForm:
    first, *others = (form if sign > 0 else -form for form, sign in zip(forms, signs, strict=True))
    for form in others:
        first = first + form
    return first


def _l1_ball(distances: tuple[AffineForm, ...], radius: mpq, dimension: int) -> Polyhedron:
    """The points where absolute values add up to at most the radius: facets are added until every vertex is in it.

    Each added facet is one of finitely many, and cuts a vertex off; the L-infinity ball is where it begins.
    """
    found = Polyhedron(dimension, tuple(_facets("linf", distances, radius))).normalised()
    while True:
        outside = {
            signs
            for vertex in found.v_representation.vertices
            if sum(abs(form(vertex)) for form in distances) > radius
            for signs in [tuple(1 if form(vertex) >= 0 else -1 for form in distances)]
        }
        if not outside:
            # Facets describe what has an interior; the rest is refused by those who need one.
            flat = found.implicit_equations() != ()
            return found if flat else Polyhedron(dimension, tuple(found.inequalities[i] for i in found.facets))
        cuts = (_below(_signed_sum(distances, signs), radius, dimension) for signs in sorted(outside))
        found = Polyhedron(dimension, (*found.inequalities, *cuts)).normalised()
