"""What is known of the hidden neurons on a cell, and of the cell: its box, its domain, the signs assumed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.network import ReLUNetwork

Sides = tuple[mpq | None, ...]
"""One side of a box per input; ``None``: infinite."""

ACTIVE, UNSTABLE, INACTIVE = 1, 0, -1


@dataclass(frozen=True, eq=False)
class LayerState:
    """Per neuron: active, unstable or inactive, and, of unstable ones, bounds of z in units of 2^-X (None: none)."""

    kinds: NDArray[np.int8]
    lows: tuple[int | None, ...]
    highs: tuple[int | None, ...]
    kept: dict[int, Any] = field(default_factory=dict, repr=False)
    """What is computed of it once."""

    @classmethod
    def unknown(cls, width: int) -> Self:
        """All unstable, without bounds."""
        return cls(np.zeros(width, dtype=np.int8), (None,) * width, (None,) * width)

    @cached_property
    def unstable(self) -> NDArray[np.bool_]:
        """Which neurons are unstable."""
        found: NDArray[np.bool_] = self.kinds == UNSTABLE
        return found

    def __getstate__(self) -> tuple[object, ...]:
        """Without what is computed of it."""
        return self.kinds, self.lows, self.highs

    def __setstate__(self, state: tuple[object, ...]) -> None:
        for name, value in zip(("kinds", "lows", "highs", "kept"), (*state, {}), strict=True):
            object.__setattr__(self, name, value)

    def with_kind(self, neuron: int, kind: int) -> "LayerState":
        """The state with one neuron decided."""
        kinds = self.kinds.copy()
        kinds[neuron] = kind
        return LayerState(kinds, self.lows, self.highs)

    def default_slope(self, neuron: int) -> bool:
        """Whether the slope of an unstable neuron is 1 where none is named, else 0."""
        low, high = self.lows[neuron], self.highs[neuron]
        return low is not None and (high is None or high > -low)

    def multiplier(self, neuron: int, bits: int) -> int:
        """The least multiple m of 2^-bits with v <= m (z - l), of an unstable neuron; 1 if u is infinite."""
        low, high = self.lows[neuron], self.highs[neuron]
        if low is None or high is None:
            return 1 << bits
        return -(-(high << bits) // (high - low))


@dataclass(frozen=True, eq=False)
class RelaxedCell:
    """A box and the signs assumed, as (layer from 1, neuron) to 1 or -1; and the state of the neurons on it."""

    lows: Sides
    highs: Sides
    signs: tuple[tuple[int, int, int], ...]
    layers: tuple[LayerState, ...]

    @classmethod
    def root(cls, network: ReLUNetwork, lows: Sides, highs: Sides) -> Self:
        """The cell where nothing is known."""
        return cls(lows, highs, (), tuple(LayerState.unknown(layer.width) for layer in network.hidden))

    def halved(self, number: int, at: mpq) -> tuple["RelaxedCell", "RelaxedCell"]:
        """The parts where x_number is at most ``at``, and at least."""
        return replace(self, highs=_put(self.highs, number, at)), replace(self, lows=_put(self.lows, number, at))

    def with_sign(self, layer: int, neuron: int, sign: int) -> "RelaxedCell":
        """The part where a neuron's pre-activation has a sign, or is 0."""
        decided = self.layers[layer - 1].with_kind(neuron, sign)
        return replace(self, signs=(*self.signs, (layer, neuron, sign)), layers=_put(self.layers, layer - 1, decided))

    def with_layers(self, layers: Sequence[LayerState]) -> "RelaxedCell":
        """The same cell with another state."""
        return replace(self, layers=tuple(layers))

    @cached_property
    def unstable(self) -> int:
        """The number of unstable neurons."""
        return sum(int(layer.unstable.sum()) for layer in self.layers)


def _put(values: tuple[Any, ...], index: int, value: Any) -> tuple[Any, ...]:
    return (*values[:index], value, *values[index + 1 :])
