"""Networks that are one function: hidden neurons in another order, each scaled by a positive factor."""

import random
from collections.abc import Sequence

from gmpy2 import mpq

from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector

SCALES = (mpq(1), mpq(2), mpq(1, 3), mpq(5, 7))


def rearranged(network: ReLUNetwork, orders: Sequence[Sequence[int]], scales: Sequence[Vector]) -> ReLUNetwork:
    """The network with neuron ``orders[k][i]`` of hidden layer k at place i, times ``scales[k][i]``."""
    identity = (range(network.inputs), (mpq(1),) * network.inputs)
    last = (range(network.outputs), (mpq(1),) * network.outputs)
    sources = [identity, *zip(orders, scales, strict=True), last]
    layers = [_rearranged(network, number, sources) for number in range(1, len(sources))]
    return ReLUNetwork(network.inputs, tuple(layers))


def _rearranged(network: ReLUNetwork, number: int, sources: Sequence[tuple[Sequence[int], Vector]]) -> Layer:
    layer, (order, scale) = network.layers[number - 1], sources[number]
    columns, start = list[tuple[int, mpq]](), 0
    for source in layer.reads:
        columns += [(start + t, s) for t, s in zip(*sources[source], strict=True)]
        start += network.widths[source]
    weight = tuple(
        tuple(factor * layer.weight[row][column] / s for column, s in columns)
        for row, factor in zip(order, scale, strict=True)
    )
    return Layer(weight, tuple(f * layer.bias[row] for row, f in zip(order, scale, strict=True)), layer.reads)


def randomly_rearranged(network: ReLUNetwork, rng: random.Random) -> ReLUNetwork:
    """The network in some other order, with other scales."""
    widths = [len(layer.bias) for layer in network.hidden]
    orders = [rng.sample(range(width), width) for width in widths]
    return rearranged(network, orders, [tuple(rng.choice(SCALES) for _ in range(width)) for width in widths])
