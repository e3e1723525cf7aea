"""A clear error for a network where a certificate is expected, instead of a verdict on a file that claims nothing."""

import json
from pathlib import Path

from verishallow.errors import InputError
from verishallow.read.files import MAX_BYTES, file_bytes, is_certificate
from verishallow.read.network_json import FORMAT

NETWORKS = (".h5", ".hdf5", ".keras", ".nnet", ".npz", ".onnx", ".safetensors")
"""Suffixes that only networks have; JSON is recognised by its content."""


def refuse_network(path: Path) -> None:
    """Raise if a file is a network; the checker gives the verdict on all other files, damaged or not."""
    # A file that is not regular, such as a pipe, can be read only once.
    if path.is_file() and not is_certificate(path) and (path.suffix.lower() in NETWORKS or _is_network_json(path)):
        raise InputError(f"{path}: this is a network, not a certificate; 'verishallow prove' makes its certificate")


def _is_network_json(path: Path) -> bool:
    if path.stat().st_size > MAX_BYTES:
        return False
    try:
        content = json.loads(file_bytes(path))
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.get("format") == FORMAT
