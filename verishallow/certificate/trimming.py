"""Trimmed certificates: only the cells that certain points visit."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from typing import Any

from verishallow.certificate.certificate import Certificate
from verishallow.certificate.meant import certificate_of
from verishallow.claims import CONSTRUCTIONS
from verishallow.claims.equality import EQUALITY, ON_CELLS
from verishallow.errors import InputError, OutsideDomainError
from verishallow.rationals import Vector, listed, point_text, vector
from verishallow.records.half_open_cells import visits
from verishallow.records.spelling import canonical_line
from verishallow.records.walk import ENDS, walk

TRIMMED = (EQUALITY.name, ON_CELLS.name)
"""The claims whose cells can be dropped, with constructions that have signed faces."""


def trimmed_to_points(certificate: Certificate | str | PathLike[str], points: Iterable[Iterable[Any]]) -> Certificate:
    """The certificate of only the cells in which points lie; it claims equality there, and nothing elsewhere.

    Raises :class:`~verishallow.errors.InputError` for a certificate that cannot be trimmed, or without points, and
    :class:`~verishallow.errors.OutsideDomainError` for a point at which it claims nothing.

    >>> from verishallow import ReLUNetwork, prove
    >>> modulus = prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))
    >>> kept = trimmed_to_points(modulus, [["-3"], ["-1/2"]])
    >>> kept.counts["leaves"], kept.counts["dropped"], kept(["-7"])
    (1, 1, (mpq(7,1),))
    """
    whole = certificate_of(certificate)
    _require_cells(whole)
    chosen = [vector(point) for point in listed(points, "points: expected a sequence of points")]
    _require_inside(whole, chosen)
    return Certificate(tuple(_lines(whole, chosen)))


def _lines(certificate: Certificate, points: list[Vector]) -> Iterator[bytes]:
    header = {**certificate.header, "claim": ON_CELLS.name}
    kept = list(_kept(certificate, points))
    counted, of_a_face = _counts(kept), certificate.counts["units"]["layer2"] // certificate.counts["faces"]
    units = {"layer1": 2 * (header["inputs"] + counted.pop("planes")), "layer2": of_a_face * counted["faces"]}
    lines = [canonical_line(header), certificate.lines[1], *kept]
    end = {"record": "end", **counted, "units": units}
    digest = hashlib.sha256(b"".join([*lines, canonical_line(end)]))
    yield from (*lines, canonical_line({**end, "sha256": digest.hexdigest()}))


def _kept(certificate: Certificate, points: list[Vector]) -> Iterator[bytes]:
    """The lines of the tree; cells that no point visits become dropped ones."""
    for visit in visits(certificate.lines, points):
        if visit.points and visit.kind == "dropped":
            at = point_text(points[visit.points[0]])
            raise OutsideDomainError(f"the point {at} lies in a cell that is dropped already")
        yield visit.line if visit.points else canonical_line({"record": "dropped"})


def _counts(lines: Sequence[bytes]) -> dict[str, int]:
    """The counts of the end record, and the number of planes that have units in layer 1."""
    steps = list(walk(map(json.loads, lines), first=3))
    kinds = Counter(step.kind for step in steps)
    leaves = [step.record for step in steps if step.kind in ENDS]
    return {
        "leaves": len(leaves),
        "dropped": kinds["dropped"],
        "faces": sum(len(leaf["units"]) for leaf in leaves),
        "open": kinds["open"],
        "planes": sum(len(step.declared) for step in steps),
    }


def _require_cells(certificate: Certificate) -> None:
    trimmed = certificate.claim in TRIMMED and certificate.construction.signed_faces
    if not trimmed or certificate.boundary != "exact":
        words = [
            str(certificate.header[name])
            for name in ("claim", "construction", "boundary")
            if name in certificate.header
        ]
        raise InputError(
            f"trim: points keep cells of the constructions {_with_signed_faces()} with the boundary exact, found "
            f"{', '.join(words)}; --domain takes every construction"
        )


def _with_signed_faces() -> str:
    *names, last = (name for name, construction in CONSTRUCTIONS.items() if construction.signed_faces)
    return f"{', '.join(names)} and {last}"


def _require_inside(certificate: Certificate, points: list[Vector]) -> None:
    if not points:
        raise InputError("trim: expected at least one point")
    for number, point in enumerate(points, start=1):
        if not certificate.domain.contains(point):
            raise OutsideDomainError(f"point {number}, {point_text(point)}, lies outside the certificate's domain")
