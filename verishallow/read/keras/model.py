"""Keras 3 models: ``.keras`` and ``.h5`` files, and model objects, which are read from the file that Keras makes."""

import tempfile
import warnings
from pathlib import Path
from typing import Any

from verishallow.errors import InputError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read.arrays.archives import members
from verishallow.read.arrays.exact_arrays import require_sizes
from verishallow.read.keras.graph import onnx_of_config
from verishallow.read.keras.hdf5 import Hdf5, hdf5_content
from verishallow.read.keras.weights import H5Weights, KerasArchiveWeights
from verishallow.read.onnx.network import network_from_onnx
from verishallow.read.places import reason_of, within
from verishallow.read.strict_json import parse_json

MAX_CONFIG = 1 << 22
"""Bytes allowed in the description of a model: 4 MiB."""


def network_from_keras_file(data: bytes, *, logits: bool = False) -> ReLUNetwork:
    """The network of a ``.keras`` file: a Sequential or functional model of piecewise-linear layers.

    Nothing in the file is run, and Keras itself is not needed. Raises :class:`~verishallow.errors.NetworkError`,
    which names the layer.
    """
    try:
        return network_from_onnx(_onnx_of_archive(data), logits=logits)
    except InputError as error:
        raise NetworkError(str(error)) from error


def network_from_h5(data: bytes, *, logits: bool = False) -> ReLUNetwork:
    """The network of a ``.h5`` file in which Keras 3 saved a whole model."""
    try:
        return network_from_onnx(_onnx_of_h5(data), logits=logits)
    except InputError as error:
        raise NetworkError(str(error)) from error


def network_from_keras(model: Any, *, logits: bool = False) -> ReLUNetwork:
    """The network of a Keras 3 model that has been built, read from the ``.keras`` file that Keras makes of it."""
    name = type(model).__name__
    with tempfile.TemporaryDirectory() as folder, within(name):
        path = Path(folder, "model.keras")
        try:
            with warnings.catch_warnings(action="ignore"):
                model.save(path)
            data = path.read_bytes()
        except Exception as error:  # the model's own code may raise anything
            raise NetworkError(f"Keras cannot save it: {reason_of(error)}") from error
        return network_from_keras_file(data, logits=logits)


def _onnx_of_archive(data: bytes) -> bytes:
    files = members(data)
    if not {"config.json", "model.weights.h5"} <= files.keys():
        raise InputError("not a .keras file: expected config.json and model.weights.h5 in it, found others")
    content = hdf5_content(files["model.weights.h5"])
    return _translated(files["config.json"], content, KerasArchiveWeights(content))


def _onnx_of_h5(data: bytes) -> bytes:
    content = hdf5_content(data)
    config, version = content.attribute("", "model_config"), content.attribute("", "keras_version")
    if not isinstance(config, str):
        raise InputError("expected a whole model, found none: weights alone do not say what the layers are")
    if not str(version).startswith("3."):
        raise InputError(
            "expected a file of Keras 3, found another version; open it with Keras 3 and save it as .keras"
        )
    return _translated(config.encode(), content, H5Weights(content))


def _translated(config: bytes, content: Hdf5, weights: H5Weights | KerasArchiveWeights) -> bytes:
    if len(config) > MAX_CONFIG:
        raise InputError(f"expected a model described in at most {MAX_CONFIG >> 20} MiB, found more")
    require_sizes(array.size for array in content.arrays.values())
    return onnx_of_config(parse_json(config), weights)
