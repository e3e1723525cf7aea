"""Keras 3 models: every layer against Keras's own floats, and its two kinds of files."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras", reason="keras is not installed")
pytest.importorskip("torch", reason="torch is not installed")

from tests.read.keras.models import (
    MODELS,
    dense,
    keras,
    keras_session,
    layers,
    made,
    saved,
    sequential,
    with_random_weights,
)
from verishallow.read import load

pytestmark = keras_session


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


def test_pixels_are_interpolated_between_their_centres() -> None:
    network = load(sequential((1, 2, 1), layers.UpSampling2D((1, 2), interpolation="bilinear")))
    assert network([0, 4]) == (0, 1, 3, 4)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_a_final_activation_is_cut_off_on_request(activation: str, tmp_path: Path) -> None:
    model = with_random_weights(sequential((3,), dense(4, activation="relu"), dense(2, activation=activation)))
    plain = sequential((3,), dense(4, activation="relu"), dense(2))
    plain.set_weights(model.get_weights())
    assert load(model, logits=True) == load(plain)
    assert load(saved(model, tmp_path, ".h5"), logits=True) == load(plain)
