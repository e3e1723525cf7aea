"""Points that violate a property: sought in floating point, kept only if they do so exactly."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector, from_float
from verishallow.read.properties.property import Property
from verishallow.verify.float_layers import Array, FloatLayers, nearest
from verishallow.verify.state import Sides

POINTS, CLIMBERS, STEPS = 2000, 60, 40
FIRST_STEP, SHRINKING, SOFTNESS = 0.04, 0.93, 0.1
CLOSE = 1e-7
"""What is short of a violation by so much in floats may be one."""

FAR = 1e3
"""Where a side is infinite, points are drawn up to here."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A point of the domain, the outputs there, and the number of the unsafe conjunction that it is in."""

    point: Vector
    outputs: Vector
    conjunction: int


def exact_counterexample(network: ReLUNetwork, asked: Property, point: Vector) -> Counterexample | None:
    """The counterexample that a point is, if it is one."""
    if not asked.domain.contains(point):
        return None
    outputs = network(point)
    conjunction = asked.violated_at(point, outputs)
    return None if conjunction is None else Counterexample(point, outputs, conjunction)


def first_counterexample(
    network: ReLUNetwork, asked: Property, box: tuple[Sides, Sides], points: Array, most: int = 4
) -> Counterexample | None:
    """The first of some points, in floats, that is one exactly, or becomes one when it is rounded to float32."""
    for point in points[:most]:
        for candidate in roundings(point, box):
            found = exact_counterexample(network, asked, candidate)
            if found is not None:
                return found
    return None


def roundings(point: Array, box: tuple[Sides, Sides]) -> Iterator[Vector]:
    """The point as float32 numbers in the box, where there are any; and as it is, moved into the box."""
    sides = list(zip(*box, strict=True))
    yield tuple(_single(float(x), low, high) for x, (low, high) in zip(point, sides, strict=True))
    yield tuple(_clipped(from_float(float(x)), low, high) for x, (low, high) in zip(point, sides, strict=True))


def _single(value: float, low: mpq | None, high: mpq | None) -> mpq:
    near = np.float32(value)
    for candidate in (near, np.nextafter(near, np.float32(np.inf)), np.nextafter(near, np.float32(-np.inf))):
        exact = from_float(float(candidate))
        if (low is None or low <= exact) and (high is None or exact <= high):
            return exact
    return _clipped(from_float(value), low, high)


def _clipped(value: mpq, low: mpq | None, high: mpq | None) -> mpq:
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def attacked(
    network: ReLUNetwork, asked: Property, layers: FloatLayers, box: tuple[Sides, Sides], seed: int = 0
) -> Counterexample | None:
    """A counterexample among random points of a box, its corners, and what is reached from the best; or none."""
    lows, highs = _finite(
        *(np.array([_float(a, side) for a in sides]) for sides, side in zip(box, (-1, 1), strict=True))
    )
    if (lows > highs).any():
        return None
    draw = np.random.default_rng(seed)
    shares = draw.random((POINTS, len(lows)))
    shares[: POINTS // 4] = np.rint(shares[: POINTS // 4])
    points = lows + shares * (highs - lows)
    margins = layers.margins(points)
    for conjunction in range(layers.conjunctions):
        start = points[np.argsort(-margins[:, conjunction], kind="stable")[:CLIMBERS]]
        chosen = np.full(len(start), conjunction)
        found = climbed_to(network, asked, layers, box, (start, chosen), (lows, highs), STEPS)
        if found is not None:
            return found
    return None


def climbed_to(
    network: ReLUNetwork,
    asked: Property,
    layers: FloatLayers,
    box: tuple[Sides, Sides],
    start: tuple[Array, NDArray[np.intp]],
    within: tuple[Array, Array],
    steps: int,
) -> Counterexample | None:
    """A counterexample reached from points, each with its conjunction, in boxes of their own."""
    points, margins = _climbed(layers, *start, *within, steps)
    good = points[np.argsort(-margins, kind="stable")][: int((margins >= -CLOSE).sum())]
    return first_counterexample(network, asked, box, good)


def _float(value: mpq | None, sign: int) -> float:
    return sign * np.inf if value is None else nearest(value)


def _finite(lows: Array, highs: Array) -> tuple[Array, Array]:
    low = np.where(np.isfinite(lows), lows, np.where(np.isfinite(highs), highs, 0.0) - FAR)
    return low, np.where(np.isfinite(highs), highs, np.maximum(low, 0.0) + FAR)


def _climbed(
    layers: FloatLayers, points: Array, chosen: NDArray[np.intp], lows: Array, highs: Array, steps: int
) -> tuple[Array, Array]:
    """The best points met while the least rows of conjunctions are made greater step by step; their margins."""
    lows, highs = _finite(lows, highs)
    lines, own = np.arange(len(points)), layers.owner == chosen[:, None]
    points, width, size = np.clip(points, lows, highs), highs - lows, FIRST_STEP
    best, margins = points, layers.margins(points)[lines, chosen]
    if not own.any():
        return points, margins
    for _ in range(steps):
        if (margins > CLOSE).any():
            break
        values = np.where(own, layers.rows.values(layers.sources(points)[0]), np.inf)
        ahead = np.sign(layers.gradients(points, _least_most(values))) * width * size
        points, size = np.clip(points + ahead, lows, highs), size * SHRINKING
        now = layers.margins(points)[lines, chosen]
        best = np.where((now > margins)[:, None], points, best)
        margins = np.maximum(now, margins)
    return best, margins


def _least_most(values: Array) -> Array:
    """Weights of rows: most for the least one."""
    least = values.min(axis=1, keepdims=True)
    scale = np.where(np.isfinite(values), np.abs(values), 0.0).max(axis=1, keepdims=True) * SOFTNESS + 1e-12
    powers = np.exp(-np.minimum((values - least) / scale, 700.0))
    weights: Array = powers / powers.sum(axis=1, keepdims=True)
    return weights
