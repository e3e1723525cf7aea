"""NumPy's ``.npy`` format from untrusted bytes: floats and integers only, nothing unpickled."""

import io
import math
import warnings
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.lib import format as npy_format

from verishallow.errors import InputError
from verishallow.read.arrays.exact_arrays import Array

_HEADERS: dict[tuple[int, int], Any] = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}
_DAMAGE = (ValueError, TypeError, SyntaxError, OverflowError, RecursionError, MemoryError, TokenError)


def npy_array(data: bytes) -> Array:
    """The array of real numbers that the bytes of an ``.npy`` file hold, which fill its shape exactly.

    >>> stream = io.BytesIO()
    >>> np.save(stream, np.array([[0.5, 1]], np.float32))
    >>> npy_array(stream.getvalue())
    array([[0.5, 1. ]], dtype=float32)
    """
    stream = io.BytesIO(data)
    shape, column_major, kind = _header(stream)
    if kind.kind not in "fiu":
        raise InputError(f"expected an array of real numbers, found entries of type {kind.name}")
    body = data[stream.tell() :]
    if min(shape, default=0) < 0 or math.prod(shape) * kind.itemsize != len(body):
        raise InputError(f"expected as much data as fills its shape {list(shape)}, found {len(body)} bytes")
    return np.frombuffer(body, kind).reshape(shape, order="F" if column_major else "C")


def _header(stream: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        with warnings.catch_warnings(action="ignore"):  # about headers that Python 2 wrote
            version = npy_format.read_magic(stream)
            header: tuple[tuple[int, ...], bool, np.dtype[Any]] = _HEADERS[version](stream)
    except KeyError as error:
        raise InputError("expected an array in NumPy's .npy format of version 1 or 2, found another") from error
    except _DAMAGE as error:
        raise InputError("expected an array in NumPy's .npy format, found a damaged header") from error
    return header
