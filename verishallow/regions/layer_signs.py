"""The exact signs of one layer's neurons at the points of a complex, kept up to date while edges are cut.

On an edge of a cell the neurons of a layer are affine. Their values at a new vertex are non-negative combinations of
their values at the ends of its edge. So no digits cancel, and floats with an error bound decide almost every sign
without another evaluation of the network.
"""

from typing import NamedTuple

import numpy as np

from verishallow.regions.face_lattice import Numbers, Signs
from verishallow.regions.growing_rows import GrowingRows
from verishallow.regions.integer_network import ROUNDING, UNDERFLOW, Floats, IntegerNetwork, Integers

SMALLEST_SHARE = 2.0**-900
"""Smaller coefficients may have lost digits to underflow."""


class NewPoints(NamedTuple):
    """Points on edges: ``shares[0]`` times one end plus ``shares[1]`` times the other, shares rounded once, or NaN.

    Points are normalised before they are combined, and afterwards: ``x / w``, or ``x / max |x|`` if w = 0.
    """

    points: Integers
    one: Numbers
    other: Numbers
    shares: Floats


class LayerSigns:
    """The signs of a layer (from 0) at points; after a cut by a neuron, new points get only those of later neurons."""

    def __init__(self, network: IntegerNetwork, points: Integers, layer: int) -> None:
        self.network, self.layer, self.points = network, layer, len(points)
        values, bounds = network.bounded_values(points, layer)
        self._signs = GrowingRows(network.signs_within(points, layer, values, bounds))
        self._values = np.stack([values, bounds], axis=1)
        """Shape (points with spare room, 2, last neurons): values and error bounds."""

    @property
    def signs(self) -> Signs:
        """One row per point; 0 for a neuron at the points where it cut edges."""
        return self._signs.rows

    def add(self, new: NewPoints, neuron: int) -> None:
        """Add the points where a neuron vanishes on edges that it cuts; it vanishes at no end of these edges."""
        one, other = self.signs.take(new.one, axis=0), self.signs.take(new.other, axis=0)
        signs = sign_between(one, other)
        signs[:, neuron] = 0
        later = slice(neuron + 1, None)
        values = self._between(new, signs.shape[1] - neuron - 1)
        changing = one[:, later] * other[:, later] < 0
        found = self.network.signs_within(new.points, self.layer, values[:, 0], values[:, 1], changing)
        np.copyto(signs[:, later], found, where=changing)
        self._signs.append(signs)
        self._append(values)

    def _between(self, new: NewPoints, neurons: int) -> Floats:
        first = self._values.shape[2] - neurons
        # An overflow ends in NaN or infinity, which decide no sign.
        left = self._values[new.one, :, first:] * new.shares[0][:, None, None]
        right = self._values[new.other, :, first:] * new.shares[1][:, None, None]
        values: Floats = left + right
        # Shares and products are rounded once each, their sum once; 4 for 3, and 1.0001, cover the second order and
        # the roundings of the bound itself.
        size = np.abs(left[:, 0]) + np.abs(right[:, 0])
        values[:, 1] = (values[:, 1] + (4 * ROUNDING) * size) * 1.0001 + UNDERFLOW
        return values

    def _append(self, values: Floats) -> None:
        start, end = self.points, self.points + len(values)
        neurons = values.shape[2]
        if end > len(self._values):
            longer = np.empty((2 * end, 2, neurons))
            longer[:start] = self._values[:start, :, self._values.shape[2] - neurons :]
            self._values = longer
        self._values[start:end, :, self._values.shape[2] - neurons :] = values
        self.points = end


def sign_between(one: Signs, other: Signs) -> Signs:
    """The sign inside an edge of a function that is affine on it and does not change sign."""
    return np.where(one != 0, one, other)
