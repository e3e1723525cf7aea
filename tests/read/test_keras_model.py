"""Keras 3 models: every layer against Keras's own floats, its two kinds of files, and what is refused."""

import io
import json
import logging
import os
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.read.mutated_files import outcomes
from verishallow.errors import InputError, NetworkError
from verishallow.read import load
from verishallow.read.archives import members
from verishallow.read.hdf5 import Hdf5, hdf5_content
from verishallow.read.keras_graph import onnx_of_config
from verishallow.read.keras_model import network_from_keras_file
from verishallow.read.keras_weights import KerasArchiveWeights
from verishallow.read.strict_json import parse_json

os.environ.setdefault("KERAS_BACKEND", "torch")
keras: Any = pytest.importorskip("keras", reason="keras is not installed")
pytest.importorskip("torch", reason="torch is not installed")
layers: Any = keras.layers

# Keras's own: a tensor of torch, made an array, by an interface that NumPy 2 has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

CHANNELS_FIRST = {"data_format": "channels_first"}


@pytest.fixture(autouse=True)
def names_from_the_start() -> Iterator[None]:
    """Keras counts the layers of a session in their names; and it warns about the older kind of file."""
    keras.backend.clear_session(free_memory=False)
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def sequential(shape: Sequence[int | None], *parts: Any) -> Any:
    return keras.Sequential([layers.Input(shape), *parts])


def functional(shape: Sequence[int | None], function: Callable[[Any], Any]) -> Any:
    source = keras.Input(shape)
    return keras.Model(source, function(source))


def dense(*settings: Any, **more: Any) -> Any:
    return layers.Dense(*settings, **more)


def merged(x: Any) -> Any:
    return layers.Concatenate()(
        [
            layers.Add()([x, dense(3)(x), dense(3)(x)]),
            layers.Average()([x, dense(3)(x), x]),
            layers.Maximum()([x, dense(3)(x), dense(3)(x)]),
            layers.Minimum()([x, dense(3)(x)]),
            layers.Subtract()([x, dense(3)(x)]),
        ]
    )


def operated(x: Any) -> Any:
    ops = keras.ops
    kinks = ops.maximum(1.0 - ops.absolute(x) * 0.1, -x / 3) + ops.minimum(x, 0.5)
    return ops.relu(2 - x) + ops.relu6(x) - kinks + ops.divide(ops.negative(x), 7)


def nested(x: Any) -> Any:
    inner = sequential((4,), dense(4, activation="relu", name="first"), dense(4, name="second"))
    deeper = functional((4,), lambda y: sequential((4,), dense(4, name="third"))(inner(inner(y))) + y)
    return dense(1)(deeper(deeper(x)) + x)


def shared(x: Any) -> Any:
    inner = sequential((4,), dense(4, activation="relu", name="inner"))
    return inner(functional((4,), lambda y: inner(y) + y)(x))


MODELS: dict[str, Callable[[], Any]] = {
    "dense": lambda: sequential((3,), dense(4, activation="relu"), dense(2, use_bias=False)),
    "dense on the last axis": lambda: sequential((2, 3), dense(4, activation="relu"), layers.Flatten(), dense(1)),
    "activations by name": lambda: sequential(
        (3,), *(dense(3, activation=name) for name in ("relu6", "hard_sigmoid", "hard_tanh", "leaky_relu", "linear"))
    ),
    "activations as layers": lambda: sequential(
        (3,),
        dense(4),
        layers.ReLU(max_value=1.5, negative_slope=0.25),
        dense(4),
        layers.LeakyReLU(0.125),
        layers.PReLU(),
        layers.ReLU(),
        layers.Activation("hard_tanh"),
    ),
    "convolution in one dimension": lambda: sequential(
        (7, 2),
        layers.Conv1D(3, 3, padding="causal", dilation_rate=2, activation="relu"),
        layers.AveragePooling1D(3, padding="same", strides=2),
        layers.ZeroPadding1D((1, 2)),
        layers.Cropping1D((1, 0)),
        layers.PReLU(shared_axes=[1]),
        layers.GlobalMaxPooling1D(),
    ),
    "convolution in two dimensions": lambda: sequential(
        (5, 4, 2),
        layers.Conv2D(4, 3, padding="same", strides=2, activation="relu", groups=2),
        layers.BatchNormalization(),
        layers.Conv2D(3, 2, use_bias=False),
        layers.Flatten(),
    ),
    "channels first": lambda: sequential(
        (2, 4, 5),
        layers.Conv2D(3, 3, padding="same", **CHANNELS_FIRST),
        layers.BatchNormalization(axis=1),
        layers.MaxPooling2D(**CHANNELS_FIRST),
        layers.ZeroPadding2D(((0, 1), (2, 0)), **CHANNELS_FIRST),
        layers.Flatten(**CHANNELS_FIRST),
        dense(2),
    ),
    "convolution in three dimensions": lambda: sequential(
        (3, 3, 4, 1),
        layers.Conv3D(2, 2),
        layers.AveragePooling3D((1, 1, 2)),
        layers.GlobalAveragePooling3D(keepdims=True),
    ),
    "transposed convolutions": lambda: sequential(
        (3, 2),
        layers.Conv1DTranspose(2, 3, strides=2, padding="same", activation="relu"),
        layers.Conv1DTranspose(2, 2, strides=3),
        layers.Conv1DTranspose(1, 3, dilation_rate=2, padding="same"),
    ),
    "depthwise and separable convolutions": lambda: sequential(
        (4, 4, 2),
        layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same"),
        layers.SeparableConv2D(2, 2, depth_multiplier=2, strides=2, activation="relu"),
        layers.GlobalAveragePooling2D(),
    ),
    "the same in one dimension": lambda: sequential(
        (6, 2), layers.DepthwiseConv1D(3, depth_multiplier=2, strides=2), layers.SeparableConv1D(2, 2, padding="same")
    ),
    "pooling": lambda: sequential(
        (5, 4, 1),
        layers.MaxPooling2D(3, strides=2, padding="same"),
        layers.AveragePooling2D(2, padding="same", strides=1),
        layers.ZeroPadding2D(((1, 0), (2, 1))),
        layers.UpSampling2D((1, 2)),
        layers.Cropping2D(((0, 1), (1, 0))),
    ),
    "shapes": lambda: sequential(
        (2, 3, 2),
        layers.Permute((3, 1, 2)),
        layers.Reshape((4, -1)),
        dense(2, activation="relu"),
        layers.UpSampling1D(2),
    ),
    "what does nothing in inference": lambda: sequential(
        (3,),
        layers.Dropout(0.5),
        layers.GaussianNoise(1.0),
        layers.GaussianDropout(0.5),
        layers.AlphaDropout(0.5),
        layers.ActivityRegularization(l1=0.5),
        layers.Identity(),
        dense(2, kernel_regularizer="l2", kernel_constraint="non_neg"),
    ),
    "normalisations": lambda: sequential(
        (3,),
        layers.Normalization(),
        layers.Rescaling(1 / 255, offset=-0.5),
        layers.BatchNormalization(scale=False, center=False, epsilon=0.25),
    ),
    "merging layers": lambda: functional((3,), merged),
    "operations": lambda: functional((3,), operated),
    "models inside models, used twice": lambda: functional((4,), nested),
}


def with_random_weights(model: Any) -> Any:
    dice = np.random.default_rng(7)
    for weight in model.weights:
        if weight.name != "count":
            values = dice.normal(size=weight.shape).astype(np.float32)
            weight.assign(np.abs(values) + 0.125 if "variance" in weight.name else values)
    return model


def made(name: str) -> Any:
    return with_random_weights(MODELS[name]())


def saved(model: Any, folder: Path, suffix: str) -> Path:
    path = folder / f"model{suffix}"
    model.save(path)
    return path


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_the_function_that_keras_computes(name: str) -> None:
    model = made(name)
    points = np.random.default_rng(1).normal(size=(3, *model.input_shape[1:])).astype(np.float32) * 2
    expected = model.predict(points, verbose=0).reshape(len(points), -1)
    network = load(model)
    found = [[float(value) for value in network(map(Fraction, point.ravel().tolist()))] for point in points]
    assert np.array(found) == pytest.approx(expected, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize(
    "name", ["dense", "convolution in two dimensions", "operations", "models inside models, used twice"]
)
def test_files_hold_the_same_network_as_the_object(name: str, suffix: str, tmp_path: Path) -> None:
    model = made(name)
    assert load(saved(model, tmp_path, suffix)) == load(model)


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
def test_every_weight_is_the_rational_that_it_is(kind: str, tmp_path: Path) -> None:
    model = keras.Sequential([layers.Input((2,), dtype=kind), layers.Dense(2, dtype=kind)])
    model.layers[0].set_weights([np.array([[0.1, -3], [1e-3, 7]]), np.array([1 / 3, 0])])
    kernel, bias = (keras.ops.convert_to_numpy(weight).astype(np.float64) for weight in model.layers[0].weights)
    (layer,) = load(saved(model, tmp_path, ".keras")).layers
    assert [list(row) for row in layer.weight] == [[Fraction(entry) for entry in row] for row in kernel.T.tolist()]
    assert list(layer.bias) == [Fraction(entry) for entry in bias.tolist()]


def test_the_training_mode_of_a_model_stays_as_it_was() -> None:
    model = made("what does nothing in inference")
    model.train()
    load(model)
    assert model.training


def test_several_inputs_and_outputs_are_joined_in_the_order_of_the_model() -> None:
    first, second = keras.Input((2,)), keras.Input((3,))
    hidden = dense(3, activation="relu")(first)
    model = with_random_weights(keras.Model([second, first], [layers.Add()([hidden, second]), hidden]))
    points = [np.array([[1.5, -2, 0.25]], np.float32), np.array([[0.5, 3]], np.float32)]
    expected = np.concatenate(model.predict(points, verbose=0), axis=1)
    found = load(model)([Fraction(value) for point in points for value in point.ravel().tolist()])
    assert [[float(value) for value in found]] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_a_final_activation_is_cut_off_on_request(activation: str, tmp_path: Path) -> None:
    model = with_random_weights(sequential((3,), dense(4, activation="relu"), dense(2, activation=activation)))
    plain = sequential((3,), dense(4, activation="relu"), dense(2))
    plain.set_weights(model.get_weights())
    assert load(model, logits=True) == load(plain)
    assert load(saved(model, tmp_path, ".h5"), logits=True) == load(plain)


class Subclass(keras.Model):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.inner = dense(2)

    def call(self, x: Any) -> Any:
        return self.inner(x)


class Dense(layers.Layer):  # type: ignore[misc]
    """A layer of somebody's own, with the name of one of Keras's."""

    def call(self, x: Any) -> Any:
        return keras.ops.tanh(x)


def subclassed() -> Any:
    model = Subclass()
    model(np.zeros((1, 3), np.float32))
    return model


def attention(x: Any) -> Any:
    return layers.Attention()([x, x])


def spoilt() -> Any:
    model = made("dense")
    model.layers[0].kernel.assign(np.full((3, 4), np.nan))
    return model


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "tanh": (
        lambda: sequential((2,), dense(2, activation="tanh", name="one")),
        "layer 'one' (Dense): expected one of the",
    ),
    "a custom activation": (
        lambda: sequential((2,), layers.Activation(lambda x: x * x)),
        "(Activation): expected one of the activations linear, relu",
    ),
    "a layer of one's own": (lambda: sequential((2,), Dense()), "expected Keras's own layers, found 'Dense' of"),
    "code in a file": (
        lambda: functional((2,), layers.Lambda(lambda x: x, name="code")),
        "layer 'code' (Lambda): only pie",
    ),
    "a subclass": (subclassed, "found 'Subclass' of 'tests"),
    "a product": (lambda: functional((2,), lambda x: x * dense(2)(x)), "multiplicative, not piecewise linear"),
    "attention": (
        lambda: functional((2, 2), attention),
        "(Attention): only piecewise-linear layers are exact; supported",
    ),
    "recurrence": (lambda: sequential((2, 2), layers.SimpleRNN(2)), "(SimpleRNN): only piecewise-linear layers"),
    "an open size": (lambda: sequential((None, 2), dense(2)), "expected an input whose sizes are known"),
    "not built": (lambda: keras.Sequential([dense(2)]), "Sequential: "),
    "a threshold": (lambda: sequential((2,), layers.ReLU(threshold=1.0)), "threshold: expected 0, found another"),
    "a softmax": (
        lambda: sequential((2,), dense(2, activation="softmax")),
        "(Softmax): only piecewise-linear operators",
    ),
    "not finite": (spoilt, "expected a finite number, found nan"),
    "bilinear": (
        lambda: sequential((2, 2, 1), layers.UpSampling2D(interpolation="bilinear")),
        "interpolation: expected nearest, found 'bilinear'",
    ),
    "a list of factors": (
        lambda: sequential((2,), layers.Rescaling([1, 2])),
        "scale: expected a finite number, found an arr",
    ),
    "a layer that two models share": (
        lambda: functional((4,), shared),
        "layer 'inner' (Dense): expected more than 0 weights, found no more in the file; a layer that several models",
    ),
    "variance zero": (
        lambda: sequential((2,), layers.Normalization(mean=[0, 0], variance=[0, 0])),
        "expected more than 0 weights, found no more in the file",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_where_and_what(name: str) -> None:
    make, message = REFUSED[name]
    model = make()
    with pytest.raises(NetworkError) as caught:
        load(model)
    assert message in str(caught.value)


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
        "layer 'dense' (Dense): expected one column of weights a unit, found shape [3",
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
    from verishallow.read.onnx_network import network_from_onnx  # noqa: PLC0415 - as the readers do

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
