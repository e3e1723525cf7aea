"""The numbers of an ONNX file as exact rationals."""

from collections.abc import Iterable
from dataclasses import replace
from math import inf, isfinite, prod
from pathlib import Path

import numpy as np
import onnx
from gmpy2 import mpq
from numpy.typing import NDArray
from onnx import numpy_helper

from verishallow.errors import LimitError, NetworkError
from verishallow.rationals import from_float
from verishallow.read.onnx.tensors import Tensor
from verishallow.read.places import shown

FLOATING = frozenset({"FLOAT16", "BFLOAT16", "FLOAT", "DOUBLE"})
INTEGER = frozenset({"INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"})

MAX_STORED = 2**22
"""Entries allowed in one stored tensor."""

LARGEST = from_float(float(np.finfo(np.float32).max))
"""The largest finite float32; exporters write it where they mean no bound."""

_BEYOND = mpq(2) ** 1024
"""Stands for an infinity; the tensor that has it is marked, and only bounds may be infinite."""


def element_type(number: int) -> str:
    """ONNX's name of an element type.

    >>> element_type(1)
    'FLOAT'
    """
    names: dict[int, str] = {value: name for name, value in onnx.TensorProto.DataType.items()}
    return names.get(number, f"type {number}")


def constant_tensor(proto: onnx.TensorProto, folder: Path | None = None) -> Tensor:
    """The exact constants that a stored tensor holds; NaN is refused, infinities are marked.

    Data outside the file are looked for in the folder.
    """
    place = f"tensor {shown(proto.name)}"
    if proto.data_location == onnx.TensorProto.EXTERNAL and folder is None:
        raise NetworkError(f"{place}: expected its data inside the file, found external data; save it in one file")
    if (kind := element_type(proto.data_type)) not in FLOATING | INTEGER | {"BOOL"}:
        raise NetworkError(f"{place}: expected floating-point or integer entries, found {kind}")
    if prod(max(size, 1) for size in proto.dims) > MAX_STORED:
        raise LimitError(f"{place}: shape {shown(list(proto.dims))} has more than {MAX_STORED} entries")
    array = _array(proto, place, folder)
    if kind not in FLOATING:
        return Tensor.of([int(value) for value in array.ravel().tolist()], array.shape, kind)
    # Every 16- and 32-bit float is a 64-bit float, so nothing is rounded here; a NaN is refused below.
    with np.errstate(invalid="ignore"):
        return floats(array.astype(np.float64), kind, place)


def floats(array: NDArray[np.float64], kind: str, place: str) -> Tensor:
    """The tensor of these floats as exact rationals; an infinity among them is marked as its defect."""
    values, infinite = array.ravel().tolist(), np.flatnonzero(~np.isfinite(array))
    defect = ""
    if len(infinite):
        defect = f"{place}, entry {infinite[0]}: expected a finite number, found {values[infinite[0]]}"
    if np.isnan(array).any():
        raise NetworkError(defect)
    beyond = {inf: _BEYOND, -inf: -_BEYOND}
    exact = [from_float(value) if value not in beyond else beyond[value] for value in values]
    return replace(Tensor.of(exact, array.shape, kind), defect=defect)


def exact_values(values: Iterable[int | float], place: str) -> list[mpq]:
    """Finite binary numbers as exact rationals.

    >>> exact_values([0.5, -3], "bias")
    [mpq(1,2), mpq(-3,1)]
    """
    return [_finite(value, f"{place}, entry {number}") for number, value in enumerate(values)]


def _finite(value: float, place: str) -> mpq:
    if not isfinite(value):
        raise NetworkError(f"{place}: expected a finite number, found {value}")
    return from_float(value)


def _array(proto: onnx.TensorProto, place: str, folder: Path | None) -> NDArray[np.generic]:
    expected = [int(size) for size in proto.dims]
    try:
        array = numpy_helper.to_array(proto, str(folder or ""))
    except (ValueError, TypeError, OverflowError) as error:
        raise NetworkError(f"{place}: the stored data do not fill its shape {shown(expected)}") from error
    except (OSError, onnx.checker.ValidationError) as error:
        raise NetworkError(f"{place}: its data outside the file cannot be read: {_line(error)}") from error
    if list(array.shape) != expected:
        raise NetworkError(f"{place}: expected data of shape {shown(expected)}, found {list(array.shape)}")
    return array


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
