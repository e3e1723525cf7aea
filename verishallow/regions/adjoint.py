"""Pre-activations as affine forms on many cells at once, exactly: a neuron's weights carried back to the input.

Only neurons that cut a cell are needed, so carrying one row back costs less than carrying all affine maps forward.
Integers too large for float64 are split into limbs of 20 bits, small enough for exact matrix products.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verishallow.regions.integer_network import IntegerLayer, IntegerNetwork, Integers

Floats = NDArray[np.float64]
Limbs = list[Floats]
"""Integers as ``sum of limb_i * 2^(20 i)``, each limb a float64 array of integers."""

BITS = 20
BASE = float(1 << BITS)
EXACT = float(1 << 51)
"""Every limb stays below this, so that the sum of two limbs is exact too."""


def adjoint_forms(network: IntegerNetwork, patterns: NDArray[np.bool_], layer: int, neuron: int) -> Integers:
    """The pre-activation of one neuron (layers from 0) on cells with these activation patterns.

    One row ``[b, a1, ..., an]`` per cell, up to the layer's positive scale; ``patterns`` has one column per neuron of
    the earlier layers, in order.
    """
    cells = len(patterns)
    offsets = np.cumsum([0, *(len(below.bias) for below in network.layers[:layer])])
    waiting: dict[int, Limbs] = {}
    constant = _constant(network.layers[layer].bias[neuron], cells)
    _pass_back(network, network.layers[layer], _row_limbs(network.layers[layer], neuron, cells), waiting)
    for below in range(layer - 1, -1, -1):
        if below + 1 in waiting:
            active = patterns[:, offsets[below] : offsets[below + 1]]
            carried = [limb * active for limb in waiting.pop(below + 1)]
            constant = exact_sum(constant, exact_product(carried, _bias_limbs(network.layers[below])))
            _pass_back(
                network, network.layers[below], exact_product(carried, _weight_limbs(network.layers[below])), waiting
            )
    slopes = waiting.get(0, [np.zeros((cells, network.inputs))])
    return np.hstack([exact_integers(constant), exact_integers(slopes)])


def _pass_back(network: IntegerNetwork, layer: IntegerLayer, limbs: Limbs, waiting: dict[int, Limbs]) -> None:
    """Hand the columns of a layer's weight to the sources that it reads."""
    start = 0
    for source in layer.reads:
        width = len(network.layers[source - 1].bias) if source else network.inputs
        part = [limb[:, start : start + width] for limb in limbs]
        waiting[source] = exact_sum(waiting[source], part) if source in waiting else part
        start += width


def exact_product(one: Limbs, other: Limbs) -> Limbs:
    """The exact product of two integer matrices."""
    size = max((np.abs(limb).max(initial=0.0) for limb in one), default=0.0)
    weight = max(float(np.abs(limb).sum(axis=0).max(initial=0.0)) for limb in other)
    if size * weight * min(len(one), len(other)) >= EXACT:
        one, other = _normalised(one), _normalised(other)
        terms = other[0].shape[0]
        if terms * min(len(one), len(other)) >= 1 << (51 - 2 * (BITS - 1)):
            # Too many terms for one exact sum: the halves are normalised before they are added.
            halves = (slice(terms // 2), slice(terms // 2, terms))
            return exact_sum(*(exact_product([a[:, half] for a in one], [b[half] for b in other]) for half in halves))
    total: Limbs = [np.zeros((one[0].shape[0], other[0].shape[1])) for _ in range(len(one) + len(other) - 1)]
    for i, left in enumerate(one):
        for j, right in enumerate(other):
            total[i + j] += left @ right
    return total if len(total) == 1 else _normalised(total)


def _normalised(limbs: Limbs) -> Limbs:
    """The same integers with every limb at most half the base, so that products of thousands of terms are exact."""
    result, carry = list[Floats](), np.zeros_like(limbs[0])
    for limb in limbs:
        value = limb + carry
        carry = np.rint(value / BASE)
        result.append(value - carry * BASE)
    while np.any(carry):
        value, carry = carry, np.rint(carry / BASE)
        result.append(value - carry * BASE)
    return result


def exact_sum(one: Limbs, other: Limbs) -> Limbs:
    """The exact sum of two integer arrays."""
    shorter, longer = sorted((one, other), key=len)
    total = [limb + shorter[i] if i < len(shorter) else limb for i, limb in enumerate(longer)]
    return _normalised(total) if max(np.abs(limb).max(initial=0.0) for limb in total) >= EXACT else total


def exact_integers(limbs: Limbs) -> Integers:
    """The Python integers that limbs stand for."""
    total: Any = limbs[0].astype(np.int64).astype(object)
    for i, limb in enumerate(limbs[1:], start=1):
        total = total + limb.astype(np.int64).astype(object) * (1 << (BITS * i))
    return np.asarray(total, dtype=object)


def _constant(value: int, cells: int) -> Limbs:
    return [np.full((cells, 1), limb) for limb in _digits(int(value))]


def _row_limbs(layer: IntegerLayer, neuron: int, cells: int) -> Limbs:
    row = split_integers(layer.weight[neuron][None, :])
    return [np.repeat(limb, cells, axis=0) for limb in row]


@lru_cache(maxsize=64)
def _weight_limbs(layer: IntegerLayer) -> Limbs:
    return split_integers(layer.weight)


@lru_cache(maxsize=64)
def _bias_limbs(layer: IntegerLayer) -> Limbs:
    return split_integers(layer.bias[:, None])


def split_integers(values: Integers) -> Limbs:
    """Python integers of any size as limbs; one limb where float64 holds them all."""
    if all(abs(int(a)) < EXACT for a in values.flat):
        return [values.astype(np.float64)]
    columns = [list(_digits(int(a))) for a in values.flat]
    length = max(map(len, columns))
    padded = np.array([column + [0.0] * (length - len(column)) for column in columns])
    return [padded[:, i].reshape(values.shape) for i in range(length)]


def _digits(value: int) -> Iterator[float]:
    """Signed digits in base 2^20."""
    while True:
        digit = (value + (1 << (BITS - 1))) % (1 << BITS) - (1 << (BITS - 1))
        yield float(digit)
        value = (value - digit) >> BITS
        if not value:
            return
