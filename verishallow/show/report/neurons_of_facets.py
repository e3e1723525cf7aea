"""The neurons that change their sign at each facet of each region, for many regions at once, exactly."""

from collections.abc import Iterator, Sequence

import numpy as np

from verishallow.affine import AffineForm
from verishallow.explain.facets import Neuron
from verishallow.network import ReLUNetwork
from verishallow.regions.composition import composed_forms
from verishallow.regions.integer_network import IntegerNetwork, Integers
from verishallow.regions.region import Region

BLOCK = 256
"""Regions whose pre-activations are composed together."""

Facets = Sequence[AffineForm]


def neurons_of_facets(
    network: ReLUNetwork, regions: Sequence[Region], facets: Sequence[Facets]
) -> Iterator[list[list[Neuron]]]:
    """For each region, and each of its facets (primitive forms), the neurons that vanish there.

    There are none where a region's pattern does not give the sign of every neuron, as for merged pieces.

    >>> from verishallow import prove
    >>> rectifier = ReLUNetwork.of([([[1], [2]], [0, 0]), ([[1, 1]], [0])])
    >>> regions = prove(rectifier, "box:-1,1").regions
    >>> list(neurons_of_facets(rectifier, regions[:1], [[AffineForm.of([1, -1]), AffineForm.of([0, 1])]]))
    [[[], [(1, 0), (1, 1)]]]
    """
    integers, hidden = IntegerNetwork.of(network), len(network.hidden)
    for start in range(0, len(regions), BLOCK):
        block = regions[start : start + BLOCK]
        if any(len(region.pattern) != hidden for region in block) or not hidden:
            yield from (list[list[Neuron]]([] for _ in of) for of in facets[start : start + BLOCK])
            continue
        layers = [_forms(integers, block, layer) for layer in range(hidden)]
        for index, of in enumerate(facets[start : start + BLOCK]):
            yield [_vanishing([layer[index] for layer in layers], facet) for facet in of]


def _forms(integers: IntegerNetwork, regions: Sequence[Region], layer: int) -> Integers:
    """The pre-activations of a layer on each region, as integer rows."""
    below = np.array([[on for row in region.pattern[:layer] for on in row] for region in regions], np.bool_)
    return composed_forms(integers, below.reshape(len(regions), -1), layer)


def _vanishing(layers: Sequence[Integers], facet: AffineForm) -> list[Neuron]:
    """The neurons whose forms are multiples of a facet's form."""
    row = np.array([int(a) for a in facet.row], object)
    pivot = next(index for index in range(1, len(row)) if row[index])
    return [
        (number, int(neuron))
        for number, rows in enumerate(layers, start=1)
        for neuron in np.flatnonzero(
            (rows[:, pivot] != 0) & (rows * row[pivot] == row * rows[:, pivot : pivot + 1]).all(axis=1)
        )
    ]
