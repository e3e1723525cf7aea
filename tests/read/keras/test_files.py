"""Files of Keras 3 that are damaged, lie, or are something else."""

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("keras", reason="keras is not installed")
pytest.importorskip("torch", reason="torch is not installed")

from tests.read.keras.models import dense, functional, keras, keras_session, made, saved
from tests.read.mutated_files import outcomes
from verishallow.errors import InputError, NetworkError
from verishallow.read import load
from verishallow.read.arrays.archives import members
from verishallow.read.keras.graph import onnx_of_config
from verishallow.read.keras.hdf5 import Hdf5, hdf5_content
from verishallow.read.keras.model import network_from_keras_file
from verishallow.read.keras.weights import KerasArchiveWeights
from verishallow.read.strict_json import parse_json

pytestmark = keras_session


def parts_of(model: Any, folder: Path) -> tuple[dict[str, bytes], Hdf5]:
    files = members(saved(model, folder, ".keras").read_bytes())
    return files, hdf5_content(files["model.weights.h5"])


def edited(config: bytes, *changes: tuple[str, str]) -> bytes:
    text = config.decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], Hdf5]:
    """The parts of a small model's file."""
    keras.backend.clear_session(free_memory=False)
    return parts_of(made("dense"), tmp_path_factory.mktemp("small"))


UNITS = '"units": 4'


DAMAGED_CONFIGS: dict[str, tuple[list[tuple[str, str]], str]] = {
    "other units": (
        [(UNITS, '"units": 5')],
        "layer 'dense' (Dense): expected one column of weights per unit, found shape [3",
    ),
    "units as a text": ([(UNITS, '"units": "4"')], "units: expected an integer, found '4'"),
    "an unknown setting": ([(UNITS, '"units": 4, "gate": "on"')], "only settings known to this reader, found 'gate'"),
    "a setting twice": ([(UNITS, '"units": 4, "units": 4')], "a key appears twice"),
    "no bias": ([('"use_bias": true', '"use_bias": false')], "expected 1 weights, found 2"),
    "another name": ([('"name": "dense"', '"name": "other"')], "expected those of 'other', found 'dense'"),
    "a name twice": (
        [('"name": "dense_1"', '"name": "dense"')],
        "expected each layer to have its own name, found one twi",
    ),
    "an object instead of a list": ([('"layers": [', '"layers": {}, "more": [')], "layers: expected an array"),
    "another class": (
        [('"class_name": "Dense"', '"class_name": "Embedding"')],
        "(Embedding): only piecewise-linear layers",
    ),
    "a class that is no text": ([('"class_name": "Dense"', '"class_name": 3')], "class_name: expected a text, found 3"),
    "a size of zero": (
        [('"batch_shape": [null, 3]', '"batch_shape": [null, 0]')],
        "expected 1 positive integers, found [0]",
    ),
    "a huge size": ([('"batch_shape": [null, 3]', '"batch_shape": [1, 999999999]')], "999999999"),
    "no layer at all": ([('"layers": [', '"layers": [], "build_input_shape": [null, 2], "more": [')], ""),
}


@pytest.mark.parametrize("name", DAMAGED_CONFIGS)
def test_configurations_that_lie_are_refused(name: str, small: tuple[dict[str, bytes], Hdf5]) -> None:
    changes, message = DAMAGED_CONFIGS[name]
    files, content = small
    with pytest.raises(InputError) as caught:
        network_of(edited(files["config.json"], *changes), content)
    assert message in str(caught.value)


def network_of(config: bytes, content: Hdf5) -> Any:
    from verishallow.read.onnx.network import network_from_onnx  # noqa: PLC0415 - as the readers do

    return network_from_onnx(onnx_of_config(parse_json(config), KerasArchiveWeights(content)))


def test_a_circle_of_layers_is_refused(tmp_path: Path) -> None:
    model = functional((2,), lambda x: dense(2, name="b")(dense(2, name="a")(x)))
    files, content = parts_of(model, tmp_path)
    config = edited(files["config.json"], ('"keras_history": ["input_layer", 0, 0]', '"keras_history": ["b", 0, 0]'))
    with pytest.raises(InputError, match="expected layers that read earlier ones, found a circle"):
        network_of(config, content)


def test_models_nested_too_deeply_are_refused() -> None:
    config: dict[str, Any] = {"class_name": "Dense", "config": {"name": "x", "trainable": True}}
    for number in range(40):
        config = {
            "class_name": "Sequential",
            "config": {"name": f"m{number}", "trainable": True, "layers": [config], "build_input_shape": [None, 2]},
        }
    with pytest.raises(InputError, match="expected at most 16 models inside one another, found more"):
        onnx_of_config(parse_json(json.dumps(config)), KerasArchiveWeights(Hdf5({}, {})))


def archive(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return stream.getvalue()


def test_files_that_are_something_else_are_refused(small: tuple[dict[str, bytes], Hdf5]) -> None:
    files, _ = small
    for data, message in [
        (b"", "not a zip archive, or a damaged one"),
        (
            archive({"config.json": files["config.json"]}),
            "not a .keras file: expected config.json and model.weights.h5",
        ),
        (archive(files | {"model.weights.h5": b"text"}), "not an HDF5 file of arrays of numbers within 256 MiB"),
        (archive(files | {"config.json": b"["}), "not JSON"),
        (archive(files | {"config.json": b" " * (5 << 20)}), "expected a model described in at most 4 MiB, found more"),
    ]:
        with pytest.raises(NetworkError) as caught:
            network_from_keras_file(data)
        assert message in str(caught.value)


def test_weights_alone_and_files_of_keras_2_are_refused(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py", reason="h5py is not installed")
    weights = tmp_path / "weights.h5"
    made("dense").save_weights(tmp_path / "model.weights.h5")
    (tmp_path / "model.weights.h5").rename(weights)
    with pytest.raises(
        NetworkError, match="expected a whole model, found none: weights alone do not say what the layers"
    ):
        load(weights)
    old = saved(made("dense"), tmp_path, ".h5")
    with h5py.File(old, "a") as file:
        file.attrs["keras_version"] = "2.15.0"
    with pytest.raises(NetworkError, match="expected a file of Keras 3, found another version; open it with Keras 3"):
        load(old)


def test_without_h5py_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = saved(made("dense"), tmp_path, ".keras")
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(InputError, match=r"needs the extra of that name: pip install 'verishallow\[keras\]'"):
        load(path)


@pytest.mark.parametrize("name", ["dense", "merging layers"])
def test_damaged_configurations_are_read_or_refused(name: str, tmp_path: Path) -> None:
    """In an archive the checksums would stop damage before it reaches the configuration."""
    files, content = parts_of(made(name), tmp_path)
    found = outcomes(lambda config: network_of(config, content), files["config.json"], 300)
    assert found["refused"] > 50


def test_damaged_archives_are_read_or_refused(tmp_path: Path) -> None:
    found = outcomes(network_from_keras_file, saved(made("dense"), tmp_path, ".keras").read_bytes(), 150)
    assert found["refused"] > 75
