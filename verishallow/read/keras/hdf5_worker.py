"""The content of an HDF5 file on standard input, as an ``.npz`` archive on standard output.

A separate program: HDF5's C library can crash, loop and grow on damaged files, so it runs in a process with stated
limits. Links to other files are not followed. It imports nothing of verishallow.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import h5py
import numpy as np

MAX_BYTES = 1 << 28
"""Bytes of all arrays together: 256 MiB."""
MAX_OBJECTS = 10_000
MAX_DEPTH = 32
SECONDS = 10
ADDRESS_SPACE = 3 << 30
LEFT_OUT = frozenset({"optimizer", "optimizer_weights"})
"""Groups of Keras's files that are not part of the network."""


def main() -> None:
    """Read, and write the arrays by their paths and all attributes as ``attributes.json``."""
    _limit_resources()
    arrays: dict[str, Any] = {}
    attributes: dict[str, dict[str, Any]] = {}
    with h5py.File(io.BytesIO(sys.stdin.buffer.read()), "r") as file:
        _collect(file, arrays, attributes)
    arrays["attributes.json"] = np.frombuffer(json.dumps(attributes).encode(), np.uint8)
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    sys.stdout.buffer.write(stream.getbuffer())


def _limit_resources() -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, ADDRESS_SPACE), (resource.RLIMIT_CPU, SECONDS)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _collect(file: Any, arrays: dict[str, Any], attributes: dict[str, dict[str, Any]]) -> None:
    size = 0
    for path, item in _objects(file):
        attributes[path] = {name: _plain(item.attrs[name]) for name in item.attrs}
        if isinstance(item, h5py.Dataset):
            size += _size(item)
            if size > MAX_BYTES:
                raise ValueError("the arrays are too large")
            arrays[path] = _array(item)


def _objects(file: Any) -> Iterator[tuple[str, Any]]:
    waiting, number = [("", file, 0)], 0
    while waiting:
        path, item, depth = waiting.pop()
        number += 1
        if number > MAX_OBJECTS or depth > MAX_DEPTH:
            raise ValueError("too many objects, or nested too deeply")
        yield path, item
        if isinstance(item, h5py.Group):
            names = [name for name in item if path or name not in LEFT_OUT]
            waiting += [(f"{path}/{name}".lstrip("/"), _member(item, name), depth + 1) for name in names]


def _member(group: Any, name: str) -> Any:
    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise TypeError("a link to somewhere else")
    return group[name]


def _size(dataset: Any) -> int:
    if dataset.is_virtual or dataset.external:
        raise ValueError("an array stored somewhere else")
    return int(np.prod([int(size) for size in dataset.shape], dtype=object)) * int(dataset.dtype.itemsize)


def _array(dataset: Any) -> Any:
    array = np.asarray(dataset[()])
    if dataset.attrs.get("dtype") == "bfloat16":
        # A bfloat16 is the upper half of the float32 that it equals.
        return (array.view("<u2").astype("<u4") << 16).view("<f4")
    if array.dtype.kind not in "fiu":
        raise TypeError("an array of other things than numbers")
    return array


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, np.ndarray | list):
        return [_plain(entry) for entry in value]
    return value.item() if isinstance(value, np.generic) else value


if __name__ == "__main__":
    main()
