"""Points as the user writes them: coordinates, or NumPy's ``.npy`` files, whose floats are read exactly."""

import io
import os
from pathlib import Path

import numpy as np
from gmpy2 import mpq

from verishallow.errors import InputError
from verishallow.rationals import Vector
from verishallow.read.domains import parse_point
from verishallow.read.files import file_bytes
from verishallow.read.places import within

MOST_ENTRIES = 1 << 24


def read_point(text: str, dimension: int) -> Vector:
    """The point that a text spells, such as ``1/2,-3``, or that an ``.npy`` file holds, its entries in C order.

    >>> read_point("1/2, -3", 2)
    (mpq(1,2), mpq(-3,1))
    """
    if Path(text).suffix.lower() != ".npy":
        return parse_point(text, dimension)
    with within(os.fsdecode(text)):
        (found,) = exact_rows(npy_array(file_bytes(text)).reshape(1, -1))
        if len(found) != dimension:
            raise InputError(f"expected {dimension} coordinates, found {len(found)}")
        return found


def npy_array(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    """The array of an ``.npy`` file, whose header must fit its length; objects are refused, not unpickled."""
    try:
        # The array is as long as the data says, whatever its header claims: a short file is refused by NumPy.
        array: np.ndarray[tuple[int, ...], np.dtype[np.generic]] = np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, OSError, EOFError, SyntaxError, TypeError, OverflowError, MemoryError) as error:
        raise InputError(f"expected an array in NumPy's .npy format, found {' '.join(str(error).split())}") from error
    if array.dtype.kind not in "fiub" or array.size > MOST_ENTRIES:
        raise InputError(f"expected at most {MOST_ENTRIES} real numbers, found {array.size} of type {array.dtype}")
    return array


def exact_rows(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> list[Vector]:
    """The rows of a two-dimensional array of finite numbers, exactly."""
    if array.dtype.kind == "f" and not np.isfinite(array.astype(np.float64)).all():
        raise InputError("expected finite numbers, found an infinity or NaN")
    return [tuple(mpq(*value.as_integer_ratio()) for value in row) for row in array]
