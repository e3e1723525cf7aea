"""The rule of :mod:`verishallow.verify.relaxation` in floats, for many cells at a time: never a proof."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from verishallow.verify.float_layers import Array, FloatForms, FloatLayers, nearest
from verishallow.verify.state import RelaxedCell

SURE = 1e-7
"""What a bound in floats must be above, to be tried as one above 0."""


@dataclass(frozen=True, slots=True)
class FloatCells:
    """Boxes, one per line, and per hidden layer the kinds (1, 0, -1), bounds and signs of its neurons."""

    lows: Array
    highs: Array
    kinds: tuple[Array, ...]
    below: tuple[Array, ...]
    above: tuple[Array, ...]
    signs: tuple[Array, ...]

    @classmethod
    def of(cls, cells: Sequence[RelaxedCell], bits: int) -> Self:
        """The floats of cells; bounds are in units of 2^-bits."""
        layers, unit = range(len(cells[0].layers)), 2.0**-bits
        return cls(
            np.array([_sides(cell.lows, -np.inf) for cell in cells]),
            np.array([_sides(cell.highs, np.inf) for cell in cells]),
            tuple(np.array([cell.layers[k].kinds for cell in cells], dtype=float) for k in layers),
            tuple(np.array([_bounds(cell.layers[k].lows, -np.inf, unit) for cell in cells]) for k in layers),
            tuple(np.array([_bounds(cell.layers[k].highs, np.inf, unit) for cell in cells]) for k in layers),
            tuple(np.array([_signs(cell, k) for cell in cells]) for k in layers),
        )

    def taken(self, lines: NDArray[np.intp]) -> "FloatCells":
        """Some of them, in an order."""
        return FloatCells(
            self.lows[lines],
            self.highs[lines],
            *(tuple(a[lines] for a in each) for each in (self.kinds, self.below, self.above, self.signs)),
        )

    def with_boxes(self, lows: Array, highs: Array) -> "FloatCells":
        """The same neurons on other boxes."""
        return replace(self, lows=lows, highs=highs)


@dataclass(frozen=True, slots=True)
class FloatGates:
    """What coefficients of a layer are multiplied with, per cell: where positive, where negative; and m l."""

    positive: Array
    negative: Array
    offset: Array
    loose: NDArray[np.bool_]
    blocked: NDArray[np.bool_]

    @classmethod
    def of(cls, kinds: Array, below: Array, above: Array) -> Self:
        """Those of a layer of cells."""
        loose, active = kinds == 0, (kinds > 0).astype(float)
        blocked = loose & np.isinf(below)
        low, high = np.where(loose & ~blocked, below, -1.0), np.where(loose & np.isfinite(above), above, 1.0)
        wide = loose & np.isfinite(above) & (high > low)
        slope = np.where(wide, high / np.where(wide, high - low, 1.0), 1.0)
        negative = np.where(loose, slope, active)
        steep = loose & ~blocked & (above > -below)
        return cls(
            np.where(loose, steep, active), negative, np.where(loose & ~blocked, slope * low, 0.0), loose, blocked
        )


def gates_of(cells: FloatCells) -> list[FloatGates]:
    """The gates of all layers."""
    return [FloatGates.of(*each) for each in zip(cells.kinds, cells.below, cells.above, strict=True)]


def bounded(layers: FloatLayers, cells: FloatCells) -> FloatCells:
    """The cells with what the rule finds for each neuron that is not decided, layer by layer."""
    gates, kinds, below, above = list[FloatGates](), list(cells.kinds), list(cells.below), list(cells.above)
    for k, forms in enumerate(layers.hidden):
        open_ = np.nonzero((kinds[k] == 0).any(axis=0))[0]
        if len(open_):
            low, high = _ranges(layers, cells, gates, forms.of_rows(open_))
            low, high = np.maximum(low, below[k][:, open_]), np.minimum(high, above[k][:, open_])
            old = kinds[k][:, open_]
            below[k], above[k], kinds[k] = below[k].copy(), above[k].copy(), kinds[k].copy()
            below[k][:, open_], above[k][:, open_] = low, high
            kinds[k][:, open_] = np.where(old != 0, old, np.where(low > SURE, 1.0, np.where(high < -SURE, -1.0, 0.0)))
        gates.append(FloatGates.of(kinds[k], below[k], above[k]))
    return replace(cells, kinds=tuple(kinds), below=tuple(below), above=tuple(above))


def _ranges(
    layers: FloatLayers, cells: FloatCells, gates: Sequence[FloatGates], forms: FloatForms
) -> tuple[Array, Array]:
    """Lower and upper bounds of forms, one line per cell."""
    many = len(forms.constant)
    both = FloatForms(
        np.concatenate([forms.constant, -forms.constant]),
        {source: np.concatenate([part, -part]) for source, part in forms.parts.items()},
    )
    lows = least(layers, cells, gates, both)
    return lows[:, :many], -lows[:, many:]


def least(layers: FloatLayers, cells: FloatCells, gates: Sequence[FloatGates], forms: FloatForms) -> Array:
    """Lower bounds of forms with the default slopes, one line per cell."""
    count = len(cells.lows)
    parts = {source: np.broadcast_to(part, (count, *part.shape)) for source, part in forms.parts.items()}
    constant = np.broadcast_to(forms.constant, (count, len(forms.constant))).copy()
    for source in range(len(gates), 0, -1):
        if source not in parts:
            continue
        coefficients, gate = parts.pop(source), gates[source - 1]
        down = np.minimum(coefficients, 0.0)
        constant -= np.einsum("crn,cn->cr", down, gate.offset)
        if gate.blocked.any():
            constant[((down < 0) & gate.blocked[:, None]).any(axis=2)] = -np.inf
        factors = (coefficients - down) * gate.positive[:, None] + down * gate.negative[:, None]
        layer = layers.hidden[source - 1]
        constant += factors @ layer.constant
        for reads, part in layer.parts.items():
            parts[reads] = parts[reads] + factors @ part if reads in parts else factors @ part
    return constant + least_on_boxes(parts[0], cells.lows[:, None], cells.highs[:, None])


def least_on_boxes(coefficients: Array, lows: Array, highs: Array) -> Array:
    """The least values of linear forms on boxes, infinite ones too."""
    side = np.where(coefficients > 0, lows, highs)
    infinite = np.isinf(side)
    if infinite.any():
        found: Array = (np.where(infinite, 0.0, side) * coefficients).sum(axis=-1)
        return np.where((infinite & (coefficients != 0)).any(axis=-1), -np.inf, found)
    total: Array = np.einsum("...n,...n->...", coefficients, side)
    return total


def _sides(values: Sequence[object], infinite: float) -> list[float]:
    return [infinite if value is None else nearest(value) for value in values]


def _bounds(values: Sequence[int | None], infinite: float, unit: float) -> list[float]:
    return [infinite if value is None else nearest(value) * unit for value in values]


def _signs(cell: RelaxedCell, layer: int) -> list[float]:
    found = [0.0] * len(cell.layers[layer].lows)
    for number, neuron, sign in cell.signs:
        if number == layer + 1:
            found[neuron] = float(sign)
    return found
