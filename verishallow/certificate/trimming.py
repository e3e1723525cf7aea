"""Certificates of less: of a smaller domain, or of those cells alone that certain points visit."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError, OutsideDomainError
from verishallow.rationals import Vector, point_text, vector
from verishallow.records.half_open_cells import visits
from verishallow.records.spelling import Record, canonical_line

TRIMMED = {"equality": ("cells", "merge", "gated"), "equality-on-cells": ("cells", "merge", "gated")}
"""The claims and the constructions whose cells can be dropped."""


def trimmed_to_points(certificate: Certificate, points: Iterable[Iterable[Any]]) -> Certificate:
    """The certificate with the cells alone in which points lie; it claims equality there, and nothing elsewhere.

    Raises :class:`~verishallow.errors.InputError` for a certificate that cannot be trimmed, or no points, and
    :class:`~verishallow.errors.OutsideDomainError` for a point about which it claims nothing.

    >>> from verishallow import ReLUNetwork, prove
    >>> modulus = prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))
    >>> kept = trimmed_to_points(modulus, [["-3"], ["-1/2"]])
    >>> kept.counts["leaves"], kept.counts["dropped"], kept(["-7"])
    (1, 1, (mpq(7,1),))
    """
    _require_cells(certificate)
    listed = [vector(point) for point in points]
    _require_inside(certificate, listed)
    return Certificate(tuple(_lines(certificate, listed)))


def _lines(certificate: Certificate, points: list[Vector]) -> Iterator[bytes]:
    header = {**certificate.header, "claim": "equality-on-cells"}
    digest, counted = hashlib.sha256(), dict.fromkeys(COUNTED, 0)
    for line in (canonical_line(header), certificate.lines[1], *_kept(certificate, points)):
        digest.update(line)
        yield line
        _count(counted, json.loads(line), merged=header["construction"] == "merge")
    of_a_face = certificate.counts["units"]["layer2"] // certificate.counts["faces"]
    units = {"layer1": 2 * (header["inputs"] + counted.pop("planes")), "layer2": of_a_face * counted["faces"]}
    end = {"record": "end", **counted, "units": units}
    digest.update(canonical_line(end))
    yield canonical_line({**end, "sha256": digest.hexdigest()})


def _kept(certificate: Certificate, points: list[Vector]) -> Iterator[bytes]:
    for visit in visits(certificate.lines, points):
        if visit.points and visit.kind == "dropped":
            at = point_text(points[visit.points[0]])
            raise OutsideDomainError(f"the point {at} lies in a cell that is dropped already")
        yield visit.line if visit.points else canonical_line({"record": "dropped"})


COUNTED = ("leaves", "dropped", "faces", "open", "planes")


def _count(counted: dict[str, int], record: Record, *, merged: bool) -> None:
    """Planes of the proofs below pieces are no units."""
    match record["record"]:
        case "leaf" | "piece":
            counted["leaves"] += 1
            counted["faces"] += len(record["units"])
        case "dropped":
            counted["dropped"] += 1
        case "cut":
            counted["planes"] += 1
        case "layer" if not merged:
            counted["planes"] += len(record["planes"])
        case _:
            pass


def _require_cells(certificate: Certificate) -> None:
    known = TRIMMED.get(certificate.claim, ())
    if certificate.header.get("construction") not in known or certificate.boundary != "exact":
        words = [
            str(certificate.header[name])
            for name in ("claim", "construction", "boundary")
            if name in certificate.header
        ]
        raise InputError(
            "trim: points keep cells of the constructions cells, merge and gated with the boundary exact, found "
            f"{', '.join(words)}; --domain takes every construction"
        )


def _require_inside(certificate: Certificate, points: list[Vector]) -> None:
    if not points:
        raise InputError("trim: expected at least one point")
    for number, point in enumerate(points, start=1):
        if not certificate.domain.contains(point):
            raise OutsideDomainError(f"point {number}, {point_text(point)}, lies outside the certificate's domain")
