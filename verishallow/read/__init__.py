"""Networks, domains and points from files, texts and models, as exact values."""

import os
from collections.abc import Sequence
from typing import Any

from verishallow.network import ReLUNetwork
from verishallow.read.sources import network_of_file, network_of_object

__all__ = ["load"]


def load(
    source: Any,
    *,
    normalised: bool = False,
    shape: Sequence[int] | Sequence[Sequence[int]] | None = None,
    logits: bool = False,
) -> ReLUNetwork:
    """The exact network that a file holds, or that a model is; every float is the binary rational that it is.

    Files by suffix: ONNX (``.onnx``), verishallow's own ``.json``, ACAS Xu's ``.nnet`` (``normalised`` composes it
    with the normalisation that the file stores), ``.npz``, ``.safetensors``, and Keras 3's ``.keras`` and ``.h5``;
    under any other suffix a text that begins with ``{`` is JSON, and all else ONNX. Models: a torch module (``shape``
    of one input without the batch, where its first layer is not linear), scikit-learn's MLPClassifier and
    MLPRegressor, a Keras 3 model; a ReLUNetwork is itself. With ``logits`` a final Softmax, LogSoftmax, Hardmax,
    ArgMax, Sigmoid or Tanh is cut off; it is refused otherwise.
    Raises :class:`~verishallow.errors.InputError`, which names the file and the place in it.

    >>> load("no-such-network.onnx")
    Traceback (most recent call last):
    verishallow.errors.InputError: no-such-network.onnx: cannot be read: No such file or directory
    """
    wanted = {"normalised": normalised, "shape": shape, "logits": logits}
    options = {name: value for name, value in wanted.items() if value}
    if isinstance(source, str | os.PathLike):
        return network_of_file(source, options)
    if isinstance(source, ReLUNetwork) and not options:
        return source
    return network_of_object(source, options)
