"""Points that violate a property: sought in floating point, kept only if they do so exactly."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from gmpy2 import mpq

from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector, from_float
from verishallow.read.properties.property import Property
from verishallow.verify.float_layers import Array, FloatLayers
from verishallow.verify.state import Sides

POINTS, STEPS = 200, 60
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
    """The point as float32 numbers in the box, where there are any; and as it is, moved to the sides that it is beyond."""
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
    """A counterexample found by ascent from random points and corners of a box, or none."""
    lows = np.array([-np.inf if a is None else float(a) for a in box[0]])
    highs = np.array([np.inf if a is None else float(a) for a in box[1]])
    lows, highs = _finite(lows, highs)
    if (lows > highs).any():
        return None
    for conjunction in range(layers.conjunctions):
        points = _climbed(layers, conjunction, lows, highs, np.random.default_rng([seed, conjunction]))
        margins = layers.margins(points)[:, conjunction]
        order = np.argsort(-margins, kind="stable")
        good = points[order[margins[order] >= -CLOSE]]
        found = first_counterexample(network, asked, box, good)
        if found is not None:
            return found
    return None


def _finite(lows: Array, highs: Array) -> tuple[Array, Array]:
    low = np.where(np.isfinite(lows), lows, np.where(np.isfinite(highs), highs, 0.0) - FAR)
    return low, np.where(np.isfinite(highs), highs, np.maximum(low, 0.0) + FAR)


def _climbed(layers: FloatLayers, conjunction: int, lows: Array, highs: Array, draw: np.random.Generator) -> Array:
    """Points from which the least row of a conjunction has been made greater, step by step, in shrinking steps."""
    shares = draw.random((POINTS, len(lows)))
    shares[: POINTS // 2] = np.rint(shares[: POINTS // 2])
    points, widths = lows + shares * (highs - lows), highs - lows
    best, margins = points, layers.margins(points)[:, conjunction]
    own = layers.owner == conjunction
    if not own.any():
        return points
    for step in range(STEPS):
        values = np.where(own, layers.rows.values(layers.sources(points)[0]), np.inf)
        least = np.zeros_like(values)
        least[np.arange(len(values)), values.argmin(axis=1)] = 1.0
        ahead = np.sign(layers.gradients(points, least)) * widths * (0.3 * 0.9**step)
        points = np.clip(points + ahead, lows, highs)
        now = layers.margins(points)[:, conjunction]
        best = np.where((now > margins)[:, None], points, best)
        margins = np.maximum(now, margins)
        if (margins > CLOSE).any():
            break
    return best
