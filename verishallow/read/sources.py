"""Which reader reads what: files by their suffix, objects by the library that made them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.read.files import file_bytes, is_certificate_content, suffix_of
from verishallow.read.places import shown, within

Model: TypeAlias = Any
"""What callers may name a network by: a network, the name of its file, or a model of torch, Keras or scikit-learn."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A function of a module of this package, and the options that it takes."""

    module: str
    function: str
    options: frozenset[str] = frozenset()

    def __call__(self, source: Any, options: Mapping[str, Any]) -> ReLUNetwork:
        """The network that the reader finds in ``source``; an option that means nothing there is refused."""
        for option in options:
            if option not in self.options and option in SPECIAL:
                raise InputError(f"{option}: {SPECIAL[option]}")
        taken = {option: value for option, value in options.items() if option in self.options}
        # Imported when it is used: onnx alone takes longer than most commands run.
        network: ReLUNetwork = getattr(import_module(f"verishallow.read.{self.module}"), self.function)(source, **taken)
        return network


SPECIAL = {
    "batch_axis": "only ONNX files may fix how many samples an input has",
    "normalised": "only .nnet files store a normalisation of inputs and outputs",
    "shape": "only torch modules leave the shape of an input open",
}
"""Options that only one reader takes, and what the error says where another reader is meant."""

LOGITS = frozenset({"logits"})

FILES = {
    ".h5": Reader("keras.model", "network_from_h5", LOGITS),
    ".hdf5": Reader("keras.model", "network_from_h5", LOGITS),
    ".json": Reader("network_json", "network_from_json"),
    ".keras": Reader("keras.model", "network_from_keras_file", LOGITS),
    ".nnet": Reader("nnet", "network_from_nnet", frozenset({"normalised"})),
    ".npz": Reader("arrays.npz", "network_from_npz"),
    ".onnx": Reader("onnx.network", "network_from_onnx", LOGITS | {"batch_axis", "folder"}),
    ".safetensors": Reader("arrays.safetensors", "network_from_safetensors"),
}
"""The readers of files, by suffix."""

PICKLES = frozenset({".ckpt", ".joblib", ".pickle", ".pkl", ".pt", ".pth"})
"""Suffixes of files that may run any code when they are opened."""

OBJECTS = {
    "keras": Reader("keras.model", "network_from_keras", LOGITS),
    "sklearn": Reader("arrays.sklearn_mlp", "network_from_sklearn"),
    "torch": Reader("torch_module", "network_from_torch", LOGITS | {"shape"}),
}
"""The readers of each library's objects. Models of Keras may be torch modules too, and come first."""


def network_of_file(path: str | os.PathLike[str], options: Mapping[str, Any]) -> ReLUNetwork:
    """The network in a file, whose format follows from its suffix, or from its content where the suffix is unknown."""
    name = os.fsdecode(path)
    suffix = suffix_of(name)
    if suffix in PICKLES:
        raise InputError(
            f"{name}: a {suffix} file may run any code when it is opened; open it yourself, for instance with "
            "torch.load(..., weights_only=True), and load the model, or save it as .safetensors or .onnx"
        )
    data = file_bytes(path)
    if is_certificate_content(data):
        raise InputError(f"{name}: this is a certificate, not a network; name its network")
    kind = suffix if suffix in FILES else _guessed(data)
    with within(name if kind == suffix else f"{name}: read as {kind} (known suffixes are {', '.join(FILES)})"):
        reader = FILES[kind]
        return reader(data, {**options, "folder": Path(name).parent})


def network_of_object(source: Any, options: Mapping[str, Any]) -> ReLUNetwork:
    """The network that a model object of a known library is."""
    library = library_of(source)
    if library is None:
        raise InputError(
            f"expected the name of a file, or a model of {', '.join(OBJECTS)}, found {type(source).__name__} "
            f"{shown(source)}"
        )
    return OBJECTS[library](source, options)


def library_of(source: object) -> str | None:
    """The library whose model an object is; ``None`` for none of those that are read."""
    roots = {kind.__module__.partition(".")[0] for kind in type(source).__mro__}
    return next((library for library in OBJECTS if library in roots), None)


def _guessed(data: bytes) -> str:
    return ".json" if data.lstrip().startswith(b"{") else ".onnx"
