"""The arrays and attributes of an HDF5 file from untrusted bytes, read in a process of its own."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verishallow.errors import InputError
from verishallow.read.arrays.exact_arrays import Array
from verishallow.read.arrays.npz import arrays_of_npz

WORKER = Path(__file__).with_name("hdf5_worker.py")
SECONDS = 60
"""Seconds allowed for one file."""


@dataclass(frozen=True, slots=True)
class Hdf5:
    """The arrays by their paths, and the attributes of each group and array by its path ("" is the root)."""

    arrays: Mapping[str, Array]
    attributes: Mapping[str, Mapping[str, Any]]

    def attribute(self, path: str, name: str) -> Any:
        """An attribute, or None."""
        return self.attributes.get(path, {}).get(name)


def hdf5_content(data: bytes) -> Hdf5:
    """All arrays of numbers and all attributes of an HDF5 file, except an optimizer's.

    HDF5's library is not made for damaged files: :mod:`~verishallow.read.keras.hdf5_worker` reads them in a process
    with limits on its time and memory; where that fails, raises :class:`~verishallow.errors.InputError`.
    """
    if importlib.util.find_spec("h5py") is None:
        raise InputError("reading Keras's files needs the extra of that name: pip install 'verishallow[keras]'")
    arrays = arrays_of_npz(_answer(data))
    attributes = json.loads(bytes(arrays.pop("attributes.json")))
    return Hdf5(arrays, attributes)


def _answer(data: bytes) -> bytes:
    # The worker finds h5py where this process would, and none of this package's modules in its place.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}
    try:
        return subprocess.run(  # noqa: S603 - our own program, in our own interpreter
            [sys.executable, "-P", os.fspath(WORKER)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env=environment,
        ).stdout
    except subprocess.TimeoutExpired as error:
        raise InputError(f"not an HDF5 file, or a damaged one: reading it takes longer than {SECONDS} s") from error
    except subprocess.CalledProcessError as error:
        raise InputError("not an HDF5 file of arrays of numbers within 256 MiB, or a damaged one") from error
