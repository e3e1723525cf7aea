"""What the network does as it is usually run: in float32, at a point rounded to float32 (through float64)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector, from_float
from verishallow.read.properties.property import Property

Single = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SinglePrecision:
    """The nearest float32 point, the outputs computed there in float32, and whether that is a violation too.

    ``conjunction`` is the number of the unsafe conjunction that point and outputs are in; ``None`` for none, or where
    the point lies outside the domain (then ``inside`` is false).
    """

    point: Vector
    outputs: Vector
    inside: bool
    conjunction: int | None


def in_single_precision(networks: Sequence[ReLUNetwork], asked: Property, point: Vector) -> SinglePrecision | None:
    """The networks in float32 at the float32 point nearest to a point; ``None`` where numbers overflow.

    >>> from gmpy2 import mpq
    >>> from verishallow.read.properties.sugar import bounds
    >>> third = ReLUNetwork.of([([["1/3"]], [0]), ([[3]], [0])])
    >>> found = in_single_precision([third], bounds(third, "box:0,1", high={0: "999/1000"}), (mpq(1),))
    >>> found.outputs, found.conjunction
    ((mpq(1,1),), 0)
    """
    with np.errstate(all="ignore"):
        start = np.array([float(x) for x in point], dtype=np.float32)
        values = np.concatenate([_outputs(network, start) for network in networks])
    if not (np.isfinite(start).all() and np.isfinite(values).all()):
        return None
    near, outputs = (tuple(from_float(float(x)) for x in array) for array in (start, values))
    return SinglePrecision(near, outputs, asked.domain.contains(near), asked.violated_at(near, outputs))


def _outputs(network: ReLUNetwork, point: Single) -> Single:
    sources = [point]
    for number, layer in enumerate(network.layers, start=1):
        value = _computed(layer, sources)
        sources.append(value if number == len(network.layers) else np.maximum(value, np.float32(0)))
    return sources[-1]


def _computed(layer: Layer, sources: Sequence[Single]) -> Single:
    weight = np.array([[float(a) for a in row] for row in layer.weight], dtype=np.float32)
    read = np.concatenate([sources[source] for source in layer.reads])
    found: Single = weight @ read + np.array([float(b) for b in layer.bias], dtype=np.float32)
    return found
