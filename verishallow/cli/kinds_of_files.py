"""A network where a certificate is meant: said plainly, instead of a verdict on a file that claims nothing."""

import json
from pathlib import Path

from verishallow.errors import InputError
from verishallow.read.files import MAX_BYTES, file_bytes, is_certificate
from verishallow.read.network_json import FORMAT

NETWORKS = (".h5", ".hdf5", ".keras", ".nnet", ".npz", ".onnx", ".safetensors")
"""Suffixes that only networks have; JSON is told by its content."""


def refuse_network(path: Path) -> None:
    """Raise where a file is a network; whatever else it holds, damaged or not, the checker has the verdict."""
    # What is no regular file, such as a pipe, can be read only once.
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
