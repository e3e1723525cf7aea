"""``.safetensors`` files of dense layers."""

from operator import itemgetter
from typing import Any

import numpy as np

from verishallow.errors import InputError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read.arrays.exact_arrays import Array
from verishallow.read.arrays.named_layers import network_from_arrays
from verishallow.read.places import shown

_TYPES = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}


def network_from_safetensors(data: bytes) -> ReLUNetwork:
    """The network in a ``.safetensors`` file, its arrays named as in :mod:`~verishallow.read.arrays.named_layers`.

    ``0.weight, 0.bias, 2.weight, ...`` as in the state dictionary of a torch Sequential of Linear layers with ReLU
    between them, perhaps with a prefix. Floats of 16 (both kinds), 32 and 64 bits are read exactly.
    Raises :class:`~verishallow.errors.NetworkError`.

    >>> header = b'{"0.weight":{"dtype":"BF16","shape":[1,1],"data_offsets":[0,2]}}'
    >>> network_from_safetensors(len(header).to_bytes(8, "little") + header + bytes([0x40, 0x3F]))([4])
    (mpq(3,1),)
    """
    try:
        return network_from_arrays({name: _array(name, tensor) for name, tensor in _tensors(data)})
    except InputError as error:
        raise NetworkError(str(error)) from error


def _tensors(data: bytes) -> list[tuple[str, dict[str, Any]]]:
    try:
        from safetensors import SafetensorError, deserialize  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(
            "reading .safetensors needs the extra of that name: pip install 'verishallow[safetensors]'"
        ) from error
    parse: Any = deserialize
    try:
        tensors: list[tuple[str, dict[str, Any]]] = parse(data)
    except SafetensorError as error:
        raise InputError("not a safetensors file, or a damaged one") from error
    return sorted(tensors, key=itemgetter(0))  # the library's own order changes from run to run


def _array(name: str, tensor: dict[str, Any]) -> Array:
    kind, content = tensor["dtype"], bytes(tensor["data"])
    if kind == "BF16":
        # A bfloat16 is the upper half of the float32 that it equals.
        return (np.frombuffer(content, "<u2").astype("<u4") << 16).view("<f4").reshape(tensor["shape"])
    if kind not in _TYPES:
        raise InputError(f"{shown(name)}: expected entries of type F16, BF16, F32 or F64, found {kind}")
    return np.frombuffer(content, _TYPES[kind]).reshape(tensor["shape"])
