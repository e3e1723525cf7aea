"""Balls as domains: ``ball:linf:POINT:RADIUS`` and ``ball:l1:POINT:RADIUS``, exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import comb
from operator import mul

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap, plane_of
from verishallow.errors import DomainError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, parse_rational
from verishallow.read.domains.points import read_point
from verishallow.read.places import shown
from verishallow.slices import Slice

MOST_INPUTS_OF_L1 = 12
"""An L1 ball has 2^n facets."""

MOST_FACETS_OF_L1 = 2048
"""Facets allowed on a slice of two parameters; half as many for each further parameter."""


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

    def on_slice(self, on_slice: Slice) -> Polyhedron:
        """The parameters of the points of a slice that lie in the ball."""
        distances = self.distances(on_slice.affine_map)
        k, facets = on_slice.parameters, most_facets(distances)
        if self.norm == "linf":
            return Polyhedron(k, tuple(_facets("linf", distances, self.radius)))
        if facets << max(k - 2, 0) <= MOST_FACETS_OF_L1:
            return _l1_ball(distances, self.radius, k)
        if len(distances) <= MOST_INPUTS_OF_L1:
            return Polyhedron(k, tuple(_facets("l1", distances, self.radius)))
        raise DomainError(
            f"ball: on this slice the L1 norm may have {facets} facets, with {k} parameters; "
            f"expected at most {MOST_FACETS_OF_L1 >> max(k - 2, 0)}"
        )


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


def most_facets(distances: Iterable[AffineForm]) -> int:
    """How many facets the set where absolute values add up to at most a number may have.

    The hyperplanes where a form vanishes cut its boundary into as many parts as a sphere at most; each is one facet.

    >>> most_facets(map(AffineForm.of, ([0, 1, 0], [0, 0, 1], [5, 0, 3], [1, 0, 0])))
    6
    """
    planes = {plane_of(form) for form in distances if not form.is_constant()}
    dimension = next(iter(planes)).dimension if planes else 0
    return 2 * sum(comb(len(planes) - 1, i) for i in range(dimension)) if planes else 0


def _l1_ball(distances: tuple[AffineForm, ...], radius: mpq, dimension: int) -> Polyhedron:
    """The points where absolute values add up to at most the radius: facets are added until no vertex lies outside.

    The search starts from the L-infinity ball. It ends, since each added facet cuts off a vertex and is one of
    finitely many.
    """
    found = Polyhedron(dimension, tuple(_facets("linf", distances, radius))).normalised()
    inside = set[Vector]()
    while True:
        outside = set[tuple[int, ...]]()
        for vertex in found.v_representation.vertices:
            if vertex not in inside:
                values = _values(distances, vertex)
                if sum(map(abs, values)) > radius:
                    outside.add(tuple(1 if value >= 0 else -1 for value in values))
                else:
                    inside.add(vertex)
        if not outside:
            return _without_redundant(found)
        cuts = (_below(_signed_sum(distances, signs), radius, dimension) for signs in sorted(outside))
        found = Polyhedron(dimension, (*found.inequalities, *cuts)).normalised()


def _values(forms: Iterable[AffineForm], point: Vector) -> list[mpq]:
    return [form.constant + sum(map(mul, form.linear, point)) for form in forms]


def _without_redundant(polyhedron: Polyhedron) -> Polyhedron:
    """The polyhedron by its facets; unchanged where it has no interior, since callers that need one refuse it."""
    if polyhedron.implicit_equations() != ():
        return polyhedron
    return Polyhedron(polyhedron.dimension, tuple(polyhedron.inequalities[i] for i in polyhedron.facets))
