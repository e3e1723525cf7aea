"""The regions as a polyhedral complex in polymake's data format: ``load("regions.poly")`` in polymake 4."""

import json
from typing import Any

from gmpy2 import mpq

from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError
from verishallow.rationals import format_rational
from verishallow.regions.neighbours import meet_face_to_face
from verishallow.regions.region import Region
from verishallow.regions.region_shapes import SharedPoints, require_vertices, shared_points
from verishallow.regions.region_words import map_text, pattern_text
from verishallow.write.provenance import comment


def polymake(certificate: Certificate) -> bytes:
    """A ``fan::PolyhedralComplex`` of the closed regions: VERTICES, MAXIMAL_POLYTOPES and LINEALITY_SPACE.

    Rows of VERTICES are homogeneous and exact, rays leading with 0; cell k of MAXIMAL_POLYTOPES is region k + 1.
    The description gives their origin and the affine map of the network on each. Raises
    :class:`~verishallow.errors.LimitError` where there may be too many vertices, and
    :class:`~verishallow.errors.InputError` for merged pieces that do not meet face to face.
    """
    require_vertices("polymake", certificate.network.inputs)
    if not meet_face_to_face(certificate.regions, certificate.domain):
        raise InputError(
            "polymake: the pieces of this merged certificate do not meet face to face, so they are no polyhedral "
            "complex; prove it with the construction cells, or export 'ine' or 'csv', which write each piece by itself"
        )
    data = _complex(shared_points(certificate.regions), certificate.network.inputs)
    described = {**data, "_info": {"description": _description(certificate)}}
    return json.dumps(described, indent=1).encode() + b"\n"


def _complex(shared: SharedPoints, inputs: int) -> dict[str, Any]:
    vertices = [_affine_row(point) for point in shared.points]
    lines = [["0", *map(format_rational, line)] for line in shared.lines]
    return {
        "_ns": {"polymake": ["https://polymake.org", "4.0"]},
        "_type": "fan::PolyhedralComplex<Rational>",
        # An empty matrix still needs its number of columns, and a family of sets the size of the ground set.
        "VERTICES": vertices,
        "MAXIMAL_POLYTOPES": [*map(list, shared.cells), {"cols": len(vertices)}],
        "LINEALITY_SPACE": lines or [{"cols": inputs + 1}],
    }


def _affine_row(point: tuple[int, ...]) -> list[str]:
    """A vertex with leading 1, as polymake writes it; a ray as it is."""
    if point[0] in (0, 1):
        return [str(a) for a in point]
    return ["1", *(format_rational(mpq(a, point[0])) for a in point[1:])]


def _description(certificate: Certificate) -> str:
    regions = (_words(number, region) for number, region in enumerate(certificate.regions, start=1))
    return "\n".join(["Activation regions of a ReLU network.", *comment(certificate, ""), *regions])


def _words(number: int, region: Region) -> str:
    neurons = f"neurons {pattern_text(region.pattern)}; " if region.pattern else ""
    return f"region {number}: {neurons}{map_text(region.affine_map)}"
