"""A network over homogeneous integers, and the exact signs of its neurons at many points at once.

A point is an integer vector ``(w, x1, ..., xn)``: the rational point ``x / w``, or for ``w = 0`` the direction
``x``. Biases are scaled by ``w``, so that one forward pass serves both. At a direction it yields the recession
function, which does not depend on the cell from which the direction starts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import gcd, lcm
from typing import Any

import numpy as np
from flint import fmpz_mat
from numpy.typing import NDArray

from verishallow.network import Layer, ReLUNetwork

Floats = NDArray[np.float64]
Signs = NDArray[np.int8]
Integers = NDArray[np.object_]
"""An array of Python integers of any size."""

Whole = NDArray[np.int64] | Integers
"""An array of integers, in machine words if all of them fit."""

AT_ONCE = 4096
"""The number of points whose values fit into a cache."""

ROUNDING = 2.0**-53
SMALLEST_WEIGHT = 2.0**-900
UNDERFLOW = 2.0**-1000
"""Far above all that a sum of fewer than 2^20 products can lose to gradual underflow."""


@dataclass(frozen=True, eq=False)
class IntegerLayer:
    """One layer over integers: ``scale`` times its pre-activations are ``weight . sources + bias * w``.

    The sources are scaled integers too: ``columns`` times the values that they stand for.
    """

    reads: tuple[int, ...]
    weight: Integers
    bias: Integers
    scale: int
    columns: Integers

    @cached_property
    def exact_weight(self) -> fmpz_mat:
        """The transposed weight with the bias as its first row, for points as rows ``(w, sources)``."""
        rows = np.vstack([self.bias[None, :], self.weight.T])
        return fmpz_mat([[int(a) for a in row] for row in rows])

    @cached_property
    def rounded(self) -> tuple[Floats, Floats]:
        """The rational weight and bias, rounded once each."""
        weight, bias = quotients(self.weight * self.columns, self.scale), quotients(self.bias, self.scale)
        return _normal(weight, self.weight), _normal(bias, self.bias)


@dataclass(frozen=True)
class IntegerNetwork:
    """The hidden layers of a network over integers, and its last layer; ``layers[k]`` is layer k + 1."""

    inputs: int
    layers: tuple[IntegerLayer, ...]

    @classmethod
    def of(cls, network: ReLUNetwork) -> "IntegerNetwork":
        """Scale every layer by one common denominator."""
        scales, layers = [1], list[IntegerLayer]()
        for layer in network.layers:
            layers.append(_integer_layer(layer, scales, network.widths))
            scales.append(layers[-1].scale)
        return cls(network.inputs, tuple(layers))

    def signs(self, points: Integers, layer: int) -> Signs:
        """The exact signs of the neurons of a layer (counted from 0) at homogeneous points, one row per point."""
        return self.signs_within(points, layer, *self.bounded_values(points, layer))

    def bounded_values(self, points: Integers, layer: int) -> tuple[Floats, Floats]:
        """Pre-activations in floats at ``x / w``, or ``x / max |x|`` if w = 0, and bounds of their errors."""
        width = len(self.layers[layer].bias)
        values, bounds = np.empty((len(points), width)), np.empty((len(points), width))
        # Overflow ends in NaN, which counts as undecided below.
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(points), AT_ONCE):
                part = slice(start, start + AT_ONCE)
                values[part], bounds[part] = self._rounded_pass(points[part], layer)
        return values, bounds

    def signs_within(
        self, points: Integers, layer: int, values: Floats, bounds: Floats, wanted: NDArray[np.bool_] | None = None
    ) -> Signs:
        """The exact signs at points, given float values and bounds of their errors.

        The values may cover only the last neurons of the layer. If ``wanted`` is given, signs of other neurons may be
        wrong.
        """
        signs = (values > bounds).astype(np.int8) - (values < -bounds)
        # NaN compares false, so an overflow counts as undecided.
        doubtful = signs == 0 if wanted is None else (signs == 0) & wanted
        unsure = doubtful.any(axis=1).nonzero()[0]
        if len(unsure):
            found = _signs_of(self._exact_pass(points[unsure], layer))
            signs[unsure] = found[:, found.shape[1] - signs.shape[1] :]
        return signs

    def _rounded_pass(self, points: Integers, last: int) -> tuple[Floats, Floats]:
        """Floating-point pre-activations, each with a rigorous bound on its error."""
        inputs, at = rounded_points(points)
        sources = [(inputs, np.abs(inputs) * (2 * ROUNDING) + UNDERFLOW)]
        for layer in self.layers[: last + 1]:
            values = np.hstack([sources[source][0] for source in layer.reads])
            errors = np.hstack([sources[source][1] for source in layer.reads])
            z, bound = _affine_with_bound(layer, values, errors, at)
            sources.append((np.maximum(z, 0.0), bound))
        return z, bound

    def _exact_pass(self, points: Integers, last: int) -> fmpz_mat:
        at = points[:, :1].tolist()
        sources: list[list[list[Any]]] = [points[:, 1:].tolist()]
        for layer in self.layers[: last + 1]:
            rows = [list(chain(*parts)) for parts in zip(at, *(sources[source] for source in layer.reads), strict=True)]
            product = fmpz_mat(rows) * layer.exact_weight
            # flint's integers are passed back to flint unchanged.
            sources.append([[max(0, a) for a in row] for row in product.tolist()])
        return product


def rounded_points(points: Integers) -> tuple[Floats, Floats]:
    """Points as floats ``x / w``, directions divided by their largest entry; and 1 or 0 in place of ``w``."""
    return quotients(points[:, 1:], sizes(points)[:, None]), (points[:, 0] != 0).astype(np.float64)


def narrowed(values: Integers) -> Whole:
    """The same integers, in machine words where they and their negatives fit.

    >>> narrowed(np.array([3, -5], dtype=object)).dtype, narrowed(np.array([2**63], dtype=object)).dtype
    (dtype('int64'), dtype('O'))
    """
    try:
        words = values.astype(np.int64)
    except OverflowError:
        return values
    return values if (words == np.iinfo(np.int64).min).any() else words


def primitive_integers(values: Sequence[Any]) -> list[int]:
    """The coprime integers on the ray of a non-zero rational vector."""
    common = lcm(*(int(a.denominator) for a in values))
    integers = [int(a * common) for a in values]
    divisor = gcd(*integers)
    return [a // divisor for a in integers]


def _integer_layer(layer: Layer, scales: Sequence[int], widths: Sequence[int]) -> IntegerLayer:
    below = lcm(*(scales[source] for source in layer.reads))
    denominators = {int(w.denominator) for row in layer.weight for w in row}
    scale = lcm(below * lcm(*denominators), *(int(b.denominator) for b in layer.bias))
    columns = list(chain.from_iterable([scales[source]] * widths[source] for source in layer.reads))
    weight = [[int(w * scale) // below_ for w, below_ in zip(row, columns, strict=True)] for row in layer.weight]
    bias = [int(b * scale) for b in layer.bias]
    return IntegerLayer(layer.reads, _integers(weight), _integers(bias), scale, _integers(columns))


def _integers(values: list[Any]) -> Integers:
    return np.array(values, dtype=object)


def _affine_with_bound(layer: IntegerLayer, values: Floats, errors: Floats, at: Floats) -> tuple[Floats, Floats]:
    # A dot product of k terms, in any order, errs by at most (k + 2) roundings of the sum of absolute values; one
    # more for the rounded weight, one for the rounded bias. 1.01 covers the second order, 1.0001 the bound's own.
    weight, bias = layer.rounded
    share = (weight.shape[1] + 4) * ROUNDING * 1.01
    z = values @ weight.T + at[:, None] * bias
    doubts = errors * (1 + 4 * ROUNDING) + share * np.abs(values)
    bound = (doubts @ np.abs(weight).T + share * np.abs(bias)) * 1.0001 + UNDERFLOW
    return z, bound


def _signs_of(matrix: fmpz_mat) -> Signs:
    return np.array([[(a > 0) - (a < 0) for a in row] for row in matrix.tolist()], dtype=np.int8)


def sizes(points: Integers) -> Integers:
    """The numbers by which points are divided: ``w``, or for directions the largest entry."""
    found = points[:, 0].copy()
    directions = (found == 0).nonzero()[0]
    if len(directions):
        found[directions] = np.max(np.abs(points[directions, 1:]), axis=1, initial=0)
    return found


def quotients(values: Integers, divisor: Any) -> Floats:
    """Quotients of integers, each rounded once, or infinite if too large for a float."""
    try:
        found: Floats = (values / divisor).astype(np.float64)
    except OverflowError:
        found = np.vectorize(_quotient, otypes=[np.float64])(values, divisor)
    return found


def _quotient(value: int, divisor: int) -> float:
    try:
        return value / divisor
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def _normal(values: Floats, exact: Integers) -> Floats:
    """The same numbers, but NaN, which decides no sign, for those that lost digits to underflow."""
    return np.where((np.abs(values) < SMALLEST_WEIGHT) & (exact != 0), np.nan, values)
