"""A claim, tried: at points, by exact evaluation; a number of regions, by counting them by another engine."""

import random
from collections.abc import Iterable, Iterator
from itertools import product

from gmpy2 import mpq

from tests.checker import property_claims
from tests.checker.editing import parsed
from verishallow.certificate.certificate import Certificate
from verishallow.claims.regions import RegionCount
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.rationals import Vector, parse_rational
from verishallow.records.half_open_cells import visits
from verishallow.regions.enumeration import enumerate_regions
from verishallow.regions.region import Region
from verishallow.shallow.grids import Grid

MOST_ON_AN_AXIS = 40


def refutations(lines: Iterable[bytes], rng: random.Random) -> list[str]:
    """What was tried and shows that the claim of a certificate is false: points, or another count."""
    kept = tuple(lines)
    records = parsed(kept)
    if records[0]["claim"] in ("property", "counterexample"):
        return property_claims.refutations(records, rng)
    certificate = Certificate(kept)
    if certificate.claim == "regions":
        return list(_another_count(certificate))
    return [str(point) for point in points(certificate, rng) if not holds(certificate, point)]


def holds(certificate: Certificate, point: Vector) -> bool:
    deep = certificate.network(point)
    match certificate.claim:
        case "equality":
            factor = 1 if certificate.boundary == "exact" else certificate.closed_cells_at(point)
            return factor >= 1 and tuple(factor * value for value in deep) == tuple(certificate.shallow(point))
        case "equality-on-cells":
            kept = any(v.points and v.kind in ("leaf", "piece") for v in visits(certificate.lines, [point]))
            return not kept or tuple(deep) == tuple(certificate.shallow(point))
        case "equality-on-grid":
            return tuple(deep) == tuple(certificate.shallow(point))
        case "bounds":
            return all(_between_sides(deep[entry["output"]], entry) for entry in certificate.header["bounds"])
        case "equal":
            return certificate.other is not None and deep == certificate.other(point)
    raise AssertionError(f"the claim {certificate.claim!r} has no oracle: say in holds() when it is true at a point")


def _between_sides(value: mpq, entry: dict[str, str]) -> bool:
    above = "low" not in entry or parse_rational(entry["low"]) <= value
    return above and ("high" not in entry or value <= parse_rational(entry["high"]))


def _another_count(certificate: Certificate) -> Iterator[str]:
    counted = enumerate_regions(certificate.network, certificate.domain.normalised()).activation_regions
    if counted != certificate.counts["activation_regions"]:
        yield f"{counted} regions"


def points(certificate: Certificate, rng: random.Random) -> Iterator[Vector]:
    """Vertices, witnesses, points between them, and points far out along rays; all lie in the domain."""
    if certificate.grid is not None:
        yield from _of_grid(certificate.domain, certificate.grid)
        return
    regions = _regions(certificate)
    corners = [corner for region in regions for corner in _corners(region.polyhedron)]
    special = list(dict.fromkeys([*corners, *(region.witness for region in regions)]))
    inside = [point for point in special if certificate.domain.contains(point)]
    yield from inside
    for _ in range(10):
        yield _between(rng.choice(inside), rng.choice(inside), mpq(rng.randrange(8), 7))


def _of_grid(domain: Polyhedron, grid: Grid) -> Iterator[Vector]:
    """The points of a grid in a bounded domain, the first few of each axis where there are many."""
    corners = list(zip(*domain.v_representation.vertices, strict=True))
    axes = [
        [offset + k * step for k in range(*_numbers(min(ends), max(ends), offset, step))][:MOST_ON_AN_AXIS]
        for ends, offset, step in zip(corners, grid.offsets, grid.steps, strict=True)
    ]
    yield from (point for point in product(*axes) if domain.contains(point))


def _numbers(low: mpq, high: mpq, offset: mpq, step: mpq) -> tuple[int, int]:
    """The least k with ``offset + k step >= low``, and the least beyond ``high``."""
    return int(-((offset - low) // step)), int((high - offset) // step) + 1


def _regions(certificate: Certificate) -> tuple[Region, ...]:
    """Those of the certificate; where it has none, since its cells leave neurons undecided, those of its network."""
    if certificate.header.get("construction") == "gated":
        return prove(certificate.network, certificate.domain, claim=RegionCount()).regions
    return certificate.regions


def _corners(polyhedron: Polyhedron) -> Iterator[Vector]:
    generators = polyhedron.v_representation
    yield from generators.vertices
    for corner in generators.vertices:
        for ray in (*generators.rays, *generators.lines):
            yield tuple(c + 3 * r for c, r in zip(corner, ray, strict=True))


def _between(one: Vector, other: Vector, share: mpq) -> Vector:
    return tuple(share * a + (1 - share) * b for a, b in zip(one, other, strict=True))
