"""Networks, domains and points from files and texts, as exact values."""

import os
from pathlib import Path

from verishallow.network import ReLUNetwork
from verishallow.read.files import file_bytes
from verishallow.read.network_json import network_from_json
from verishallow.read.places import within

__all__ = ["load"]


def load(path: str | os.PathLike[str]) -> ReLUNetwork:
    """The exact network that a file holds: ONNX (``.onnx``) or verishallow's own JSON (``.json``).

    Under any other suffix the content decides: a text that begins with ``{`` is JSON.
    Raises :class:`~verishallow.errors.InputError`, which names the file and the place in it.

    >>> load("no-such-network.onnx")
    Traceback (most recent call last):
    verishallow.errors.InputError: no-such-network.onnx: cannot be read: No such file or directory
    """
    data = file_bytes(path)
    with within(os.fsdecode(path)):
        return network_from_json(data) if _is_json(path, data) else _network_from_onnx(data)


def _is_json(path: str | os.PathLike[str], data: bytes) -> bool:
    suffix = Path(path).suffix.lower()
    return suffix == ".json" or (suffix != ".onnx" and data.lstrip().startswith(b"{"))


def _network_from_onnx(data: bytes) -> ReLUNetwork:
    # Importing onnx takes longer than most commands run, and JSON needs none of it.
    from verishallow.read.onnx_network import network_from_onnx  # noqa: PLC0415

    return network_from_onnx(data)
