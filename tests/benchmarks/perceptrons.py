"""Perceptrons that read digits of 8 times 8 pixels, or the same digits made larger, and balls around test images."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.network import ReLUNetwork
from verishallow.read.properties.property import Property
from verishallow.verify.domains import rows_of_domain
from verishallow.verify.robustness import ball, class_at, class_property

PLACES = 1 << 12
"""Weights are integers over this."""

LEVELS = 16
"""Pixels are integers over this."""

NOISE, COPIES = 1, 3
"""Levels of noise on larger images, and how many are made of one digit."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ball:
    """A test image of a side of so many pixels, and a radius in the norm l-infinity, within the range of pixels."""

    side: int
    widths: tuple[int, ...]
    image: int
    radius: str

    @property
    def name(self) -> str:
        return f"image {self.image}, radius {self.radius}"

    @property
    def network(self) -> ReLUNetwork:
        return trained(self.side, self.widths)[0]

    @property
    def asked(self) -> Property:
        network, images = trained(self.side, self.widths)
        point = tuple(mpq(int(a), LEVELS) for a in images[self.image])
        rows, _ = ball(point, mpq(self.radius), "linf")
        inside = rows.also(rows_of_domain([(0, 1)] * network.inputs, network.inputs))
        return class_property(network, inside, class_at(network, point))


def balls(side: int, widths: tuple[int, ...], radius: str, number: int) -> list[Ball]:
    return [Ball(side, widths, image, radius) for image in range(number)]


@cache
def trained(side: int, widths: tuple[int, ...]) -> tuple[ReLUNetwork, NDArray[np.int64]]:
    """The network, and images that it was not trained on; both the same for the same versions."""
    # Slow to import, and few tables need it.
    from sklearn.datasets import load_digits  # noqa: PLC0415
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415

    digits = load_digits()
    images, labels = larger(digits.data, side), digits.target
    kept = np.arange(len(images)) % 5 == 0
    rng = np.random.default_rng(0)
    shaken = [noisy(images[~kept], rng) for _ in range(COPIES)]
    model = MLPClassifier(widths, max_iter=60, early_stopping=True, random_state=0)
    with catch_warnings():
        simplefilter("ignore", ConvergenceWarning)
        model.fit(np.concatenate(shaken) / LEVELS, np.tile(labels[~kept], COPIES))
    return network_of(model.coefs_, model.intercepts_), images[kept].astype(np.int64)


def larger(data: Floats, side: int) -> Floats:
    """The digits with so many pixels a side, each the nearest of the small image."""
    nearest = np.arange(side) * 8 // side
    found: Floats = data.reshape(-1, 8, 8)[:, nearest][:, :, nearest].reshape(len(data), side * side)
    return found


def noisy(images: Floats, rng: np.random.Generator) -> Floats:
    found: Floats = np.clip(images + rng.integers(-NOISE, NOISE + 1, images.shape), 0, LEVELS)
    return found


def network_of(weights: list[Any], biases: list[Any]) -> ReLUNetwork:
    return ReLUNetwork.of(
        ([[rounded(a) for a in row] for row in weight.T], [rounded(b) for b in bias])
        for weight, bias in zip(weights, biases, strict=True)
    )


def rounded(value: float) -> mpq:
    return mpq(round(float(value) * PLACES), PLACES)
