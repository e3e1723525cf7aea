"""Keras 3 models that are refused, with the place and the reason."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras", reason="keras is not installed")
pytest.importorskip("torch", reason="torch is not installed")

from tests.read.keras.models import dense, functional, keras, keras_session, layers, made, sequential
from verishallow.errors import NetworkError
from verishallow.read import load

pytestmark = keras_session


def shared(x: Any) -> Any:
    inner = sequential((4,), dense(4, activation="relu", name="inner"))
    return inner(functional((4,), lambda y: inner(y) + y)(x))


class Subclass(keras.Model):  # type: ignore[misc]  # an untyped class
    def __init__(self) -> None:
        super().__init__()
        self.inner = dense(2)

    def call(self, x: Any) -> Any:
        return self.inner(x)


class Dense(layers.Layer):  # type: ignore[misc]  # an untyped class
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
    "an activation that jumps": (
        lambda: sequential((2,), layers.Activation("hard_shrink")),
        "(Activation): expected one of the activations linear, relu",
    ),
    "a choice that jumps": (
        lambda: functional((2,), lambda x: keras.ops.where(x > 0, x, 1.0)),
        "(Where): only piecewise-linear operators are exact; its values jump: it is not continuous",
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
    "bicubic": (
        lambda: sequential((2, 2, 1), layers.UpSampling2D(interpolation="bicubic")),
        "interpolation: expected nearest or bilinear, found 'bicubic': Keras's backends compute it with different",
    ),
    "sines": (
        lambda: sequential((2, 2, 1), layers.UpSampling2D(interpolation="lanczos3")),
        "interpolation: expected nearest or bilinear, found 'lanczos3': its weights are sines",
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
        "expected variances above 1e-12, found a smaller one",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_where_and_what(name: str) -> None:
    make, message = REFUSED[name]
    model = make()
    with pytest.raises(NetworkError) as caught:
        load(model)
    assert message in str(caught.value)
