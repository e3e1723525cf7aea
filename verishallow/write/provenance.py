"""The origin of an export, in words that fit into a comment of any language."""

import json
from collections.abc import Iterable

from verishallow import __version__
from verishallow.certificate.certificate import Certificate
from verishallow.records.spelling import form_texts

MOST_NUMBERS = 400
"""Coefficients up to which affine forms are written into comments."""


def provenance(certificate: Certificate) -> dict[str, str]:
    """Names and values: the claim, the domain, the hashes of the network and of the certificate.

    >>> from verishallow import ReLUNetwork, prove
    >>> found = provenance(prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]), domain="box:-1,1"))
    >>> found["claim"], found["domain"]
    ('equality, construction cells, boundary exact', '[["1", "1"], ["1", "-1"]]')
    """
    header = certificate.header
    rows = header.get("slice")
    words = [f"{name} {header[name]}" for name in ("construction", "boundary") if name in header]
    return {
        "written_by": f"verishallow {__version__}",
        "claim": ", ".join([certificate.claim, *words]),
        "domain": _rows_text(form_texts(form) for form in certificate.domain.inequalities),
        **({"grid": _rows_text(header["grid"])} if "grid" in header else {}),
        **({"slice": f"the inputs of the network, of the parameters x: {_rows_text(rows)}"} if rows else {}),
        "network_sha256": header["network_sha256"],
        "certificate_sha256": certificate.counts["sha256"],
    }


def _rows_text(rows: Iterable[list[str]]) -> str:
    listed = list(rows)
    if sum(map(len, listed)) > MOST_NUMBERS:
        return f"{len(listed)} affine forms, see the certificate"
    return json.dumps(listed)


def comment(certificate: Certificate, mark: str) -> list[str]:
    """The provenance as lines that begin with a comment mark; domain rows [b, a1, ..., an] mean b + a.x >= 0."""
    return [f"{mark} {name}: {value}" for name, value in provenance(certificate).items()]
