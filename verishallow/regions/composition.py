"""Affine maps of a layer on many cells at once, exactly, over the integers."""

import numpy as np
from numpy.typing import NDArray

from verishallow.regions.adjoint import (
    Limbs,
    adjoint_forms,
    exact_integers,
    exact_product,
    exact_sum,
    split_integers,
)
from verishallow.regions.face_lattice import Numbers
from verishallow.regions.integer_network import IntegerNetwork, Integers

FEW = 1 << 18
"""With at most so many coefficients on all cells, a layer's forms are composed at once, else on demand."""


class LayerForms:
    """The pre-activations of one layer (from 0) on cells with these activation patterns, composed on demand."""

    def __init__(self, network: IntegerNetwork, patterns: NDArray[np.bool_], layer: int) -> None:
        self.network, self.patterns, self.layer = network, patterns, layer
        few = len(patterns) * len(network.layers[layer].bias) * (network.inputs + 1) <= FEW
        self.limbs = composed_limbs(network, patterns, layer) if few else None

    def of(self, neuron: int, cells: Numbers) -> Integers:
        """The form of a neuron on each of these cells (they may repeat), times the layer's scale."""
        if self.limbs is not None:
            return exact_integers([limb[cells, :, neuron] for limb in self.limbs])
        distinct, row = np.unique(cells, return_inverse=True)
        return adjoint_forms(self.network, self.patterns[distinct], self.layer, neuron)[row]


def composed_forms(network: IntegerNetwork, patterns: NDArray[np.bool_], layer: int) -> Integers:
    """The pre-activations of a layer (from 0) on cells with these activation patterns, times the layer's scale.

    Shape (cells, neurons, n + 1); ``patterns`` has one column per neuron of the earlier layers, in order.
    """
    return exact_integers(composed_limbs(network, patterns, layer)).transpose(0, 2, 1)


def composed_limbs(network: IntegerNetwork, patterns: NDArray[np.bool_], layer: int) -> Limbs:
    """The same as limbs of shape (cells, n + 1, neurons)."""
    cells, n = len(patterns), network.inputs
    sources: list[Limbs] = [[np.broadcast_to(np.eye(n + 1)[:, 1:], (cells, n + 1, n))]]
    start = 0
    for number, current in enumerate(network.layers[: layer + 1]):
        below = _side_by_side([sources[source] for source in current.reads])
        flat = [limb.reshape(cells * (n + 1), -1) for limb in below]
        product = [limb.reshape(cells, n + 1, -1) for limb in exact_product(flat, split_integers(current.weight.T))]
        forms = exact_sum(product, _as_constants(split_integers(current.bias), n))
        if number < layer:
            active = patterns[:, start : start + len(current.bias)]
            start += len(current.bias)
            sources.append([limb * active[:, None, :] for limb in forms])
    shape = (cells, n + 1, len(network.layers[layer].bias))
    return [np.broadcast_to(limb, shape) for limb in forms]


def _as_constants(bias: Limbs, n: int) -> Limbs:
    unit = np.zeros((n + 1, 1))
    unit[0] = 1.0
    return [unit * limb for limb in bias]


def _side_by_side(parts: list[Limbs]) -> Limbs:
    length = max(map(len, parts))
    padded = [[*part, *(np.zeros_like(part[0]) for _ in range(length - len(part)))] for part in parts]
    return [np.concatenate([part[i] for part in padded], axis=2) for i in range(length)]
