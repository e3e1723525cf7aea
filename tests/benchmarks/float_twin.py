"""The limit: the lattice engine's refinement in plain float64, fast and not exact.

Points, values and crossings are floats, and a sign is ``np.sign`` with no tolerance. The face lattice is the engine's
own. What the exact engine costs beyond this is the price of its exactness.
"""

import numpy as np
from numpy.typing import NDArray

from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.face_lattice import NEGATIVE, LatticeCut
from verishallow.regions.integer_network import IntegerNetwork, rounded_points
from verishallow.regions.start_complex import quotient, start_complex

Floats = NDArray[np.float64]
Signs = NDArray[np.int8]


def float_twin(network: ReLUNetwork, domain: Polyhedron) -> tuple[Signs, Signs]:
    """The patterns of the cells and the signs at all points, as floats see them."""
    reduced = quotient(network, domain)
    refinement = _FloatRefinement(IntegerNetwork.of(reduced.network), reduced.network, reduced.domain)
    with np.errstate(all="ignore"):
        for layer in range(len(network.hidden)):
            refinement.refine(layer)
        signs = np.hstack([np.sign(values) for values in refinement.values(len(network.hidden))]).astype(np.int8)
    return refinement.patterns, signs


class _FloatRefinement:
    def __init__(self, integers: IntegerNetwork, network: ReLUNetwork, domain: Polyhedron) -> None:
        start = start_complex(network, domain)
        floats, at = rounded_points(start.points)
        self.layers, self.lattice = integers.layers, start.lattice
        self.points: Floats = np.hstack([at[:, None], floats])
        self.patterns: Signs = np.zeros((self.lattice.counts[-1], 0), np.int8)
        self.on_planes = integers.signs(start.points, 0) == 0
        """Which first hyperplanes hold the points of the start, which is exact."""

    def values(self, layers: int) -> list[Floats]:
        """The pre-activations of the first layers at the points; at infinity, of the recession functions."""
        at, sources, found = self.points[:, :1], [self.points[:, 1:]], list[Floats]()
        for layer in self.layers[:layers]:
            weight, bias = layer.rounded
            found.append(np.hstack([sources[source] for source in layer.reads]) @ weight.T + at * bias)
            sources.append(np.maximum(found[-1], 0.0))
        return found

    def refine(self, layer: int) -> None:
        values, before = self.values(layer + 1)[-1], self.patterns.shape[1]
        if layer == 0:
            values[self.on_planes] = 0.0
        self.patterns = np.hstack([self.patterns, np.zeros((len(self.patterns), values.shape[1]), np.int8)])
        for neuron in range(values.shape[1]):
            cut = self.lattice.cut(np.sign(values[:, neuron]).astype(np.int8))
            mask = cut.masks[-1]
            self.patterns[:, before + neuron] = np.where(mask == NEGATIVE, -1, mask != 0)
            if len(cut.faces[-1]):
                values = self._cut_cells(before + neuron, neuron, cut, values)

    def _cut_cells(self, column: int, neuron: int, cut: LatticeCut, values: Floats) -> Floats:
        above, below = values[cut.positive, neuron, None], -values[cut.negative, neuron, None]
        crossing = self.points[cut.positive] * below + self.points[cut.negative] * above
        new_values = values[cut.positive] * below + values[cut.negative] * above
        size = np.where(crossing[:, :1] != 0, crossing[:, :1], np.abs(crossing).max(axis=1, initial=0.0)[:, None])
        new_values /= size
        new_values[:, neuron] = 0.0
        self.lattice.split(cut)
        self.points = np.concatenate([self.points, crossing / size])
        negative = self.patterns[cut.faces[-1]]
        negative[:, column] = -1
        self.patterns = np.concatenate([self.patterns, negative])
        return np.concatenate([values, new_values])
