"""cddlib's files of regions: ``.ine`` (H-representation) and ``.ext`` (V-representation), exact."""

from collections.abc import Callable, Iterable, Sequence

from gmpy2 import mpq

from verishallow.affine import ONE, ZERO
from verishallow.certificate.certificate import Certificate
from verishallow.rationals import Vector, format_rational
from verishallow.regions.region import Region
from verishallow.regions.region_shapes import facets_of, region_numbered, require_vertices
from verishallow.write.bundle import Bundle
from verishallow.write.provenance import comment


def ine(certificate: Certificate, *, region: str | int | None = None) -> bytes | Bundle:
    """The facets of closed regions as cddlib's ``.ine`` files, rows ``b a1 ... an`` meaning ``b + a.x >= 0``.

    A folder or archive with one file per region, since cddlib reads one polyhedron per file; or, with ``region`` (a
    number from 1), the file of that region.

    >>> from verishallow import ReLUNetwork, prove
    >>> text = ine(prove(ReLUNetwork.of([([[2]], [-1]), ([[1]], [0])])), region=1).decode()
    >>> print(text[text.index("H-") :].strip())
    H-representation
    begin
    1 2 rational
    -1 2
    end
    """
    return _files(certificate, region, "ine", _h_representation)


def ext(certificate: Certificate, *, region: str | int | None = None) -> bytes | Bundle:
    """The vertices, rays and lines of closed regions as cddlib's ``.ext`` files; ``region`` as for :func:`ine`.

    Rows ``1 v1 ... vn`` are vertices, ``0 r1 ... rn`` rays; the rows that ``linearity`` names are lines.
    Raises :class:`~verishallow.errors.LimitError` where there are too many inputs to list vertices.
    """
    require_vertices("ext", certificate.network.inputs)
    return _files(certificate, region, "ext", _v_representation)


def _files(
    certificate: Certificate, region: str | int | None, suffix: str, representation: Callable[[Region], list[str]]
) -> bytes | Bundle:
    if region is not None:
        chosen = region_numbered(certificate.regions, region)
        return _text(certificate, int(region), len(certificate.regions), representation(chosen))
    regions = certificate.regions
    texts = {
        f"region-{number:04}.{suffix}": _text(certificate, number, len(regions), representation(one))
        for number, one in enumerate(regions, start=1)
    }
    return Bundle(f"regions-{suffix}", texts)


def _text(certificate: Certificate, number: int, count: int, lines: Iterable[str]) -> bytes:
    head = [f"* region {number} of {count}", *comment(certificate, "*")]
    return "\n".join([*head, *lines, ""]).encode()


def _h_representation(region: Region) -> list[str]:
    # Without a facet the region is all of R^n, which needs a row all the same: 1 >= 0.
    rows = [form.row for form in facets_of(region)] or [(ONE, *(ZERO,) * region.polyhedron.dimension)]
    return ["H-representation", *_matrix(rows)]


def _v_representation(region: Region) -> list[str]:
    generators = region.v_representation
    first = len(generators.vertices) + len(generators.rays) + 1
    lines = range(first, first + len(generators.lines))
    linearity = [" ".join(["linearity", *map(str, [len(lines), *lines])])] if lines else []
    return ["V-representation", *linearity, *_matrix(generators.homogeneous)]


def _matrix(rows: Sequence[Vector]) -> list[str]:
    size = f"{len(rows)} {len(rows[0])} rational"
    return ["begin", size, *(_row(row) for row in rows), "end"]


def _row(row: Iterable[mpq]) -> str:
    return " ".join(format_rational(a) for a in row)
