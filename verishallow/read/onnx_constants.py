"""The numbers of an ONNX file as exact rationals."""

from collections.abc import Iterable
from math import isfinite

import numpy as np
import onnx
from flint import fmpq
from onnx import numpy_helper

from verishallow.errors import NetworkError
from verishallow.read.places import shown
from verishallow.read.tensors import Tensor

FLOATING = frozenset({"FLOAT16", "BFLOAT16", "FLOAT", "DOUBLE"})
INTEGER = frozenset({"INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"})


def element_type(number: int) -> str:
    """ONNX's name of an element type.

    >>> element_type(1)
    'FLOAT'
    """
    names: dict[int, str] = {value: name for name, value in onnx.TensorProto.DataType.items()}
    return names.get(number, f"type {number}")


def constant_tensor(proto: onnx.TensorProto) -> Tensor:
    """The exact constants that a stored tensor holds; NaN and infinities are refused."""
    place = f"tensor {shown(proto.name)}"
    if proto.data_location == onnx.TensorProto.EXTERNAL:
        raise NetworkError(f"{place}: expected its data inside the file, found external data; save it in one file")
    if (kind := element_type(proto.data_type)) not in FLOATING | INTEGER:
        raise NetworkError(f"{place}: expected floating-point or integer entries, found {kind}")
    array = _array(proto, place)
    # Every 16- and 32-bit float is a 64-bit float, so nothing is rounded here; a NaN is refused below.
    with np.errstate(invalid="ignore"):
        values = array.ravel().tolist() if kind in INTEGER else array.astype(np.float64).ravel().tolist()
    return Tensor.of(exact_values(values, place), array.shape)


def exact_values(values: Iterable[int | float], place: str) -> list[fmpq]:
    """The rationals that finite binary numbers are.

    >>> exact_values([0.5, -3], "bias")
    [1/2, -3]
    """
    return [_exact(value, f"{place}, entry {number}") for number, value in enumerate(values)]


def _exact(value: float, place: str) -> fmpq:
    if not isfinite(value):
        raise NetworkError(f"{place}: expected a finite number, found {value}")
    return fmpq(*value.as_integer_ratio())


def _array(proto: onnx.TensorProto, place: str) -> np.ndarray:
    expected = [int(size) for size in proto.dims]
    try:
        array = numpy_helper.to_array(proto)
    except (ValueError, TypeError, OverflowError) as error:
        raise NetworkError(f"{place}: the stored data do not fill its shape {shown(expected)}") from error
    if list(array.shape) != expected:
        raise NetworkError(f"{place}: expected data of shape {shown(expected)}, found {list(array.shape)}")
    return array
