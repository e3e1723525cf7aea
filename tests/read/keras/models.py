"""Keras 3 models that the tests share: every kind of layer, with random weights."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras: Any = pytest.importorskip("keras", reason="keras is not installed")
pytest.importorskip("torch", reason="torch is not installed")
layers: Any = keras.layers

keras_session = [
    pytest.mark.usefixtures("names_from_the_start"),
    # Keras's own: a tensor of torch, made an array, by an interface that NumPy 2 has renamed.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]
"""What every test of a Keras model runs in."""

CHANNELS_FIRST = {"data_format": "channels_first"}


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


def choosing(x: Any) -> Any:
    hidden = dense(4)(x)
    hidden = keras.ops.where(hidden > 0, hidden, 0.25 * hidden)
    inside = keras.ops.logical_and(hidden >= -0.5, hidden < 0.5)
    hidden = keras.ops.where(inside, hidden, 0.5 * keras.ops.sign(hidden))
    return dense(2)(keras.ops.where(keras.ops.logical_not(hidden <= 0.125), 0.125, hidden))


MODELS: dict[str, Callable[[], Any]] = {
    "choices by comparisons": lambda: functional((3,), choosing),
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
    "shrinkage, and a sigmoid of three pieces": lambda: sequential(
        (3,), dense(4, activation="soft_shrink"), dense(3, activation="sparse_sigmoid"), dense(2)
    ),
    "interpolation between pixels": lambda: sequential(
        (2, 3, 2), layers.UpSampling2D(2, interpolation="bilinear"), layers.Conv2D(1, 2, activation="relu")
    ),
    "interpolation by a factor per axis": lambda: sequential(
        (3, 2, 1), layers.UpSampling2D((3, 1), interpolation="bilinear")
    ),
    "interpolation with channels first": lambda: sequential(
        (2, 1, 3), layers.UpSampling2D((1, 4), interpolation="bilinear", data_format="channels_first")
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
    "normalisation with given statistics": lambda: sequential(
        (2,), layers.Normalization(mean=[1.0, 2.5], variance=[4.0, 0.3]), dense(2, activation="relu")
    ),
    "normalisation with one number for all": lambda: sequential(
        (3, 2), layers.Normalization(axis=None, mean=5.0, variance=2.0), layers.Flatten(), dense(2)
    ),
    "normalisation with one number for each": lambda: sequential(
        (1,), layers.Normalization(mean=5.0, variance=4.0), dense(2)
    ),
    "normalisation of two axes": lambda: sequential(
        (2, 3),
        layers.Normalization(axis=(1, 2)),
        layers.Normalization(axis=(-2, -1), mean=[[1.0, 2.0, 3.0], [0.0, 0.5, 0.0]], variance=[[1.0, 2.0, 3.0]] * 2),
        layers.Normalization(axis=(1, 2), mean=[1.0, 2.0, 3.0], variance=[1.0, 2.0, 3.0]),
    ),
    "normalisation of an inner axis": lambda: sequential((2, 3, 2), layers.Normalization(axis=2)),
    "normalisation of nothing": lambda: sequential((2,), layers.Normalization(axis=None)),
    "normalisation inverted": lambda: sequential(
        (2,),
        dense(2, activation="relu"),
        layers.Normalization(invert=True, mean=[1.0, 2.5], variance=[4.0, 0.3]),
        layers.Normalization(invert=True),
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
