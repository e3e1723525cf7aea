"""Where a certificate of a default name is written: never over another statement, unless that is wanted."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from verishallow.affine import AffineForm
from verishallow.checker import interval
from verishallow.errors import InputError
from verishallow.kept_proofs.library import CERTIFICATES, header_of
from verishallow.polyhedron import Polyhedron
from verishallow.records.spelling import Record, canonical_line
from verishallow.show.domains import domain_text

SAID_OTHERWISE = (
    "bounds",
    "domain",
    "inputs",
    "network_sha256",
    "other_network_sha256",
    "outputs",
    "slice",
    "unsafe",
    "witness",
)
"""Members that are not shown as they are."""


def beside_another(target: Path, header: Record) -> tuple[Path, str | None]:
    """The default name, or, where a file of that name is about something else, one that carries the statement.

    The text says what is kept.
    """
    if not target.is_file():
        return target, None
    kept = _what_is_there(header_of(target), header)
    if kept is None:
        return target, None
    statement = hashlib.sha256(canonical_line(header)).hexdigest()[:8]
    suffix = next((suffix for suffix in CERTIFICATES if target.name.endswith(suffix)), target.suffix)
    own = target.with_name(f"{target.name.removesuffix(suffix)}.{statement}{suffix}")
    return own, f"{target}, {kept}; --force replaces it"


def _what_is_there(stored: Record | None, new: Record) -> str | None:
    """What kind of file would be lost; ``None`` for a certificate of the same statement."""
    try:
        differences = " and ".join(_differences(stored or {}, new))
    except (KeyError, TypeError, InputError):
        return "a file that is no certificate"
    return f"a certificate of another statement, {differences}" if differences else None


def _differences(stored: Record, new: Record) -> Iterator[str]:
    """What the stored statement says otherwise."""
    for key, name in (("network_sha256", "network"), ("other_network_sha256", "other network")):
        if stored.get(key) != new.get(key):
            yield f"about another {name} (sha256 {str(stored.get(key))[:12]}...)"
    if stored.get("slice") != new.get("slice"):
        yield "on another slice"
    if {*map(tuple, stored["domain"])} != {*map(tuple, new["domain"])}:
        domain = Polyhedron(stored["inputs"], tuple(map(AffineForm.of, stored["domain"])))
        yield f"on the domain {domain_text(domain)}"
    if stored.get("bounds") != new.get("bounds"):
        yield f"with the bounds {', '.join(map(interval, stored.get('bounds', ())))}"
    if stored.get("unsafe") != new.get("unsafe"):
        yield "about something else that is unsafe"
    for key in sorted({*stored, *new}):
        if key not in SAID_OTHERWISE and stored.get(key) != new.get(key):
            yield f"with {key.replace('_', ' ')} {stored.get(key, 'none')}"
