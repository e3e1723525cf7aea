"""A claim, tried at points: the deep network of a certificate against the three-layer network rebuilt from it."""

import random
from collections.abc import Iterable, Iterator

from gmpy2 import mpq

from verishallow.certificate import Certificate
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector


def refutations(lines: Iterable[bytes], rng: random.Random) -> list[Vector]:
    """The points tried at which the claim of a certificate is false."""
    certificate = Certificate(tuple(lines))
    return [point for point in points(certificate, rng) if not holds(certificate, point)]


def holds(certificate: Certificate, point: Vector) -> bool:
    factor = 1 if certificate.boundary == "exact" else certificate.closed_cells_at(point)
    deep = tuple(factor * value for value in certificate.network(point))
    return factor >= 1 and deep == tuple(certificate.shallow(point))


def points(certificate: Certificate, rng: random.Random) -> Iterator[Vector]:
    """Vertices, witnesses, points between them, and points far out along rays; all lie in the domain."""
    corners = [corner for region in certificate.regions for corner in _corners(region.polyhedron)]
    special = list(dict.fromkeys([*corners, *(region.witness for region in certificate.regions)]))
    inside = [point for point in special if certificate.domain.contains(point)]
    yield from inside
    for _ in range(10):
        yield _between(rng.choice(inside), rng.choice(inside), mpq(rng.randrange(8), 7))


def _corners(polyhedron: Polyhedron) -> Iterator[Vector]:
    generators = polyhedron.v_representation
    yield from generators.vertices
    for corner in generators.vertices:
        for ray in (*generators.rays, *generators.lines):
            yield tuple(c + 3 * r for c, r in zip(corner, ray, strict=True))


def _between(one: Vector, other: Vector, share: mpq) -> Vector:
    return tuple(share * a + (1 - share) * b for a, b in zip(one, other, strict=True))
