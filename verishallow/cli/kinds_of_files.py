"""A clear error for a network where a certificate is expected, instead of a verdict on a file that claims nothing."""

import json
from pathlib import Path

from verishallow.errors import InputError
from verishallow.read.files import (
    GZIP_MAGIC,
    MAX_BYTES,
    file_bytes,
    first_bytes,
    is_certificate,
    suffix_of,
    unpacked_head,
)
from verishallow.read.network_json import FORMAT as NETWORK
from verishallow.read.places import shown

NETWORKS = (".h5", ".hdf5", ".keras", ".nnet", ".npz", ".onnx", ".safetensors")
"""Suffixes that only networks have; JSON is told by its content."""
DOMAINS = (".ine", ".vnnlib")
"""Suffixes that only domains have."""
DOMAIN = "verishallow-domain"
"""The format that a domain in JSON says it has; its reader needs more than a check does."""


def refuse_network(path: Path) -> None:
    """Raise where a file is a network; whatever else it holds, damaged or not, the checker has the verdict."""
    # What is no regular file, such as a pipe, can be read only once.
    if not path.is_file() or is_certificate(path):
        return
    kind = _format_of_json(path)
    if suffix_of(path) in NETWORKS or kind == NETWORK:
        raise InputError(f"{path}: this is a network, not a certificate; 'verishallow prove' makes its certificate")
    if suffix_of(path) in DOMAINS or kind == DOMAIN:
        raise InputError(f"{path}: this is a domain, not a certificate; name the certificate")
    if (stored := first_bytes(path)).startswith(GZIP_MAGIC):
        _refuse_other_content(path, unpacked_head(stored))


def _refuse_other_content(path: Path, head: bytes) -> None:
    """A gzipped file of any other kind; a certificate, damaged or not, begins with a brace."""
    if head and not head.startswith(b"{"):
        raise InputError(
            f"{path}: gzipped, but no certificate: expected a first line that begins with '{{', found "
            f"{shown(head.decode('utf-8', 'replace'))}; name the certificate"
        )


def _format_of_json(path: Path) -> object:
    """The format that a JSON text says it has; None for any other content."""
    if path.stat().st_size > MAX_BYTES:
        return None
    try:
        content = json.loads(file_bytes(path))
    except (InputError, ValueError, RecursionError):
        return None
    return content.get("format") if isinstance(content, dict) else None
