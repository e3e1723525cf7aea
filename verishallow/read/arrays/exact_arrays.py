"""Arrays of binary floats or integers as exact rationals, within stated sizes."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from gmpy2 import mpq

from verishallow.errors import InputError, LimitError
from verishallow.rationals import Vector
from verishallow.read.places import within

Array = np.ndarray[tuple[int, ...], np.dtype[Any]]

MAX_ENTRIES = 1_000_000
"""Entries allowed in one array of a network, far beyond what exact arithmetic can use."""

MAX_WEIGHTS = 4_000_000
"""Entries allowed in all arrays of one network together."""

FLOATS = frozenset({"float16", "bfloat16", "float32", "float64"})
"""The types whose values are binary rationals that a 64-bit float holds without rounding."""


def exact_vector(array: Array, place: str) -> Vector:
    """The entries of an array in row-major order, as exact rationals.

    Raises :class:`~verishallow.errors.InputError` for NaN, infinities and other types.

    >>> exact_vector(np.array([0.5, -3], np.float16), "bias")
    (mpq(1,2), mpq(-3,1))
    """
    with within(place):
        require_sizes([array.size])
        values = _numbers(array)
        return tuple(mpq(*value.as_integer_ratio()) for value in values)


def exact_matrix(array: Array, place: str) -> tuple[Vector, ...]:
    """The rows of a matrix, exactly.

    >>> exact_matrix(np.array([[1, 0.25]]), "weight")
    ((mpq(1,1), mpq(1,4)),)
    """
    entries = exact_vector(array, place)
    rows, columns = array.shape
    return tuple(entries[row * columns : (row + 1) * columns] for row in range(rows))


def require_sizes(sizes: Iterable[int]) -> None:
    """Refuse arrays that are too large, alone or together, before any is converted."""
    listed = list(sizes)
    if max(listed, default=0) > MAX_ENTRIES:
        raise LimitError(f"expected at most {MAX_ENTRIES} entries in one array, found {max(listed)}")
    if sum(listed) > MAX_WEIGHTS:
        raise LimitError(f"expected at most {MAX_WEIGHTS} weights in one network, found {sum(listed)}")


def _numbers(array: Array) -> list[Any]:
    name = array.dtype.name
    if array.dtype.kind not in "iu" and name not in FLOATS:
        raise InputError(f"expected floats of 16, 32 or 64 bits, or integers, found entries of type {name}")
    if array.dtype.kind in "iu":
        return _listed(array)
    with np.errstate(invalid="ignore"):  # a signalling NaN is refused below
        wide = array.astype(np.float64)
    if not (finite := np.isfinite(wide.ravel())).all():
        first = int(np.argmin(finite))
        raise InputError(f"entry {first}: expected a finite number, found {wide.ravel()[first]}")
    return _listed(wide)


def _listed(array: Array) -> list[Any]:
    listed: list[Any] = array.ravel().tolist()
    return listed
