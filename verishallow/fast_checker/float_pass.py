"""Lower bounds of pre-activations on a cell, by substitution backwards in float64 with bounds of the errors made.

The rule of :mod:`verishallow.checker.relaxation` rounds coefficients of neurons, and in the end the bound, down to
integers. A float that is farther from every integer than its error has the exact number's floor. So all that is kept
from one layer to the next is exact, and errors do not add up; the few numbers that are too near to an integer are
computed over the integers, and whole bounds, where that does not help, are left to the rule itself.

Errors: a sum of n products of rounded factors, in whatever order it is added up, is off by at most about (n + 2) 2^-53
times the sum of the absolute values, which is at most the product of the Euclidean lengths of the factors.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from verishallow.checker.relaxation import Box, Cell, Gates, LayerState, Relaxation

Array = NDArray[np.float64]

MOST = 48
"""Bits of a coefficient; sums of several such are integers that float64 has."""

READERS = 8
"""Layers that read one layer: so many coefficients are added up."""

RANGE = 2.0**400
"""Numbers are 0, or their absolute values are from 1 / RANGE to RANGE: products neither overflow nor underflow."""

LEAST_ERROR = 2.0**-45
"""Of numbers that are not 0: more than what comparing them with integers adds."""

REPAIRS = 4
"""Coefficients of a form and layer that are computed over the integers; where it is more, the whole form is."""


class OutOfRangeError(Exception):
    """Numbers that are not for float64."""


def rounding(terms: int) -> float:
    """A bound of the relative error of sums of so many products, with room for the computation of the bound."""
    return (terms + 16) * 2.0**-53 * 1.01


def in_range(values: Any) -> Array:
    """An array of floats. Raises :class:`OutOfRangeError` where one is too large, or too small."""
    found: Array = np.asarray(values, dtype=np.float64)
    sizes = np.abs(found)
    if not ((sizes < RANGE) & ((sizes > 1 / RANGE) | (sizes == 0))).all():
        raise OutOfRangeError
    return found


def quotients(integers: Iterable[int], denominator: int) -> list[float]:
    """Correctly rounded quotients; Python's division is. None of them is 0 but that of 0."""
    try:
        return [a / denominator or (1.0 / RANGE**2 if a else 0.0) for a in integers]
    except OverflowError:
        raise OutOfRangeError from None


def matrix_of(rows: Sequence[Sequence[int]], denominator: int) -> Array:
    """A matrix of quotients."""
    return in_range([quotients(row, denominator) for row in rows])


@dataclass(frozen=True, eq=False)
class FloatGates:
    """What a layer's coefficients are multiplied with on a cell, for its neurons that count."""

    exact: Gates
    open: NDArray[np.intp]
    positive: Array
    negative: Array
    constants: Array
    without_low: list[int]

    @classmethod
    def of(cls, gates: Gates, bits: int, places: int) -> "FloatGates":
        """Those of a state, in floats; ``bits`` is P, and bounds are over 2^``places``."""
        factors = (quotients(each, 1 << bits) for each in (gates.positive, gates.negative))
        constants = in_range(quotients(gates.constants, 1 << bits + places))
        return cls(gates, np.array(gates.open, dtype=np.intp), *map(np.array, factors), constants, gates.without_low)


@dataclass(frozen=True, eq=False)
class Reading:
    """The weights of a layer's open neurons: on open neurons of layers that it reads, then the bias, then on inputs."""

    below: tuple[FloatGates, ...]
    matrix: Array
    errors: Array
    """What, times the length of the factors, bounds the error of each column."""
    bias: float
    """The length of the column of biases."""


@dataclass(frozen=True, eq=False)
class FloatLayer:
    """A hidden layer: its weights on each hidden layer that it reads, and beside each other its biases and W_0."""

    blocks: dict[int, Array]
    ends: Array

    def reading(self, here: FloatGates, gates: Sequence[FloatGates]) -> Reading:
        """The weights that count on a cell."""
        below = tuple(gates[source - 1] for source in self.blocks)
        columns = [block[here.open][:, each.open] for block, each in zip(self.blocks.values(), below, strict=True)]
        matrix = np.concatenate([*columns, self.ends[here.open]], axis=1)
        lengths = np.sqrt(np.einsum("ij,ij->j", matrix, matrix))
        errors = rounding(len(here.open)) * lengths + LEAST_ERROR * (lengths > 0)
        return Reading(below, matrix, errors, float(lengths[-self.ends.shape[1]]))


@dataclass(frozen=True, eq=False)
class FloatForms:
    """The forms z of a layer's neurons, then the forms -z; all in units of 2^-S."""

    parts: dict[int, Array]
    ends: Array
    """[c, A_0] of each form."""


class FloatPasses:
    """The rule for one network, for pre-activations alone. Raises :class:`OutOfRangeError` if it is not for floats."""

    def __init__(self, rule: Relaxation) -> None:
        self.rule, self.precision = rule, rule.precision
        self.layers = [
            FloatLayer({s: matrix_of(*part) for s, part in layer.parts.items()}, matrix_of(layer.exact, layer.scale))
            for layer in rule.layers
        ]
        readers = [s for layer in self.layers for s in layer.blocks]
        if max(map(readers.count, readers), default=0) > READERS:
            raise OutOfRangeError
        self.rounding = rounding(max(rule.widths) + 4 * len(self.layers))
        self.started = dict[int, FloatForms]()
        self.gates = WeakKeyDictionary[LayerState, FloatGates]()
        self.readings = WeakKeyDictionary[FloatGates, Reading]()

    def lows(self, number: int, cell: Cell, asked: Sequence[tuple[int, int]]) -> list[int | None]:
        """The lower bounds of sign z of some neurons of a layer, as the rule has them.

        Raises :class:`OutOfRangeError` where numbers are not for floats.
        """
        width = self.rule.widths[number]
        rows = np.array([neuron + width * (sign < 0) for neuron, sign in asked], dtype=np.intp)
        with np.errstate(all="ignore"):
            found, left = _Pass(self, number, cell, rows).bounds()
        for place in left:
            neuron, sign = asked[place]
            found[place] = self.rule.low(self.rule.pre_activations(number, sign)[neuron], cell)
        return found

    def forms(self, number: int) -> FloatForms:
        """The forms of a layer."""
        if number not in self.started:
            self.started[number] = self._forms(number)
        return self.started[number]

    def _forms(self, number: int) -> FloatForms:
        exact = [form for sign in (1, -1) for form in self.rule.pre_activations(number, sign)]
        parts = {source: np.array([form.parts[source] for form in exact], dtype=object) for source in exact[0].parts}
        if any(abs(a) >= 1 << MOST for part in parts.values() for a in part.flat):
            raise OutOfRangeError
        ends = matrix_of([form.exact for form in exact], self.rule.unit << self.precision.slopes)
        return FloatForms({source: part.astype(np.float64) for source, part in parts.items()}, ends)

    def gates_of(self, state: LayerState) -> FloatGates:
        """What coefficients are multiplied with."""
        found = self.gates.get(state)
        if found is None:
            bits, places = self.precision.slopes, self.precision.bounds
            found = self.gates[state] = FloatGates.of(state.gates(bits), bits, places)
        return found

    def reading(self, source: int, gates: Sequence[FloatGates]) -> Reading:
        """The weights of a layer that count; kept as long as the layer's state is, for the last states below it."""
        here, layer = gates[source - 1], self.layers[source - 1]
        found = self.readings.get(here)
        if found is None or any(gates[s - 1] is not each for s, each in zip(layer.blocks, found.below, strict=True)):
            found = self.readings[here] = layer.reading(here, gates)
        return found


class _Pass:
    """One pass backwards, for several neurons of one layer on one cell."""

    def __init__(self, rule: FloatPasses, number: int, cell: Cell, rows: NDArray[np.intp]) -> None:
        self.rule, self.cell = rule, cell
        self.gates = [rule.gates_of(state) for state in cell.layers[: number - 1]]
        forms = rule.forms(number)
        self.parts = {s: part[rows[:, None], self.gates[s - 1].open] for s, part in forms.parts.items()}
        self.ends = forms.ends[rows]
        self.sizes = np.abs(self.ends[:, 0])
        self.errors = 2.0**-52 * np.abs(self.ends)
        self.unbounded, self.left = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)

    def bounds(self) -> tuple[list[int | None], list[int]]:
        """All lower bounds, and the places of those that are left to the rule."""
        for source in range(max(self.parts, default=0), 0, -1):
            if source in self.parts:
                self._through(source, self.parts.pop(source))
        lows = self._least()
        left = np.nonzero(self.left)[0].tolist()
        self.unbounded |= self.left
        return [None if none else low for low, none in zip(lows, self.unbounded.tolist(), strict=True)], left

    def _through(self, source: int, coefficients: Array) -> None:
        """Replace the neurons of a layer by forms of what it reads."""
        here, reading = self.gates[source - 1], self.rule.reading(source, self.gates)
        below = np.minimum(coefficients, 0.0)
        if here.without_low:
            self.unbounded |= below[:, here.without_low].any(axis=1)
        factors = (coefficients - below) * here.positive + below * here.negative
        found, lengths = factors @ reading.matrix, np.sqrt(np.einsum("ij,ij->i", factors, factors))
        errors = np.where(lengths > 0, np.maximum(lengths, 1.0), 0.0)[:, None] * reading.errors
        # Bounds l of unstable neurons are negative: these are sums of numbers of one sign.
        lows = below @ here.constants
        self._read(source, coefficients, found, errors)
        self.ends += found[:, -self.ends.shape[1] :]
        self.ends[:, 0] -= lows
        self.errors += errors[:, -self.ends.shape[1] :]
        self.sizes += lows + lengths * reading.bias

    def _read(self, source: int, coefficients: Array, found: Array, errors: Array) -> None:
        """Coefficients of hidden neurons, rounded down."""
        width = found.shape[1] - self.ends.shape[1]
        if not width:
            return
        floors = np.floor(found[:, :width])
        above = found[:, :width] - floors
        sure = np.minimum(above, 1.0 - above) > errors[:, :width]
        if not sure.all():
            self._repair(source, coefficients, floors, ~sure & (errors[:, :width] != 0))
        start = 0
        for below, gates in zip(self.rule.layers[source - 1].blocks, self._below(source), strict=True):
            part = floors[:, start : start + len(gates.open)]
            before = self.parts.get(below)
            self.parts[below] = part if before is None else before + part
            start += len(gates.open)

    def _below(self, source: int) -> list[FloatGates]:
        return [self.gates[s - 1] for s in self.rule.layers[source - 1].blocks]

    # ------------------------------------------------------------------------------------ Near integers

    def _repair(self, source: int, coefficients: Array, floors: Array, doubtful: NDArray[np.bool_]) -> None:
        """Compute doubtful coefficients over the integers; forms with many of them are left to the rule."""
        self.left |= doubtful.sum(axis=1) > REPAIRS
        # The coefficients of what is left need only be numbers.
        floors[self.left] = 0.0
        doubtful[self.left | self.unbounded] = False
        columns = [(s, i) for s, each in zip(self.rule.layers[source - 1].blocks, self._below(source), strict=True)
                   for i in each.exact.open]  # fmt: skip
        for row, column in np.argwhere(doubtful).tolist():
            exact = self._exact(source, coefficients[row].tolist(), *columns[column])
            fits = abs(exact) < 1 << MOST
            floors[row, column] = exact if fits else 0.0
            self.left[row] |= not fits

    def _exact(self, source: int, coefficients: list[float], below: int, neuron: int) -> int:
        """A coefficient of a neuron of a layer below, from those of a layer above."""
        gates, (rows, scale) = self.gates[source - 1].exact, self.rule.rule.layers[source - 1].parts[below]
        factors = zip(coefficients, gates.positive, gates.negative, gates.open, strict=True)
        total = sum(int(a) * (p if a > 0 else q) * rows[i][neuron] for a, p, q, i in factors if a)
        return total // (scale << self.rule.precision.slopes)

    # -------------------------------------------------------------------------------------------- The end

    def _least(self) -> list[int]:
        """The least values on the box, rounded down."""
        (lows, highs), infinite = sides_of(self.cell.box)
        linear, errors = self.ends[:, 1:], self.errors[:, 1:]
        above = linear > 0
        if infinite.any():
            self._infinite(np.where(above, *infinite) & (linear != 0), infinite.any(axis=0))
        most = np.maximum(np.abs(lows), np.abs(highs))
        values = self.ends[:, 0] + (linear * np.where(above, lows, highs)).sum(axis=1)
        error = self.rule.rounding * (self.sizes + np.abs(linear) @ most) + self.errors[:, 0] + errors @ most
        shift = self.rule.precision.bounds - self.rule.precision.coefficients
        values, error = np.ldexp(values, shift), np.ldexp(error, shift) + LEAST_ERROR
        floors = np.floor(values)
        sure = np.minimum(values - floors, floors + 1.0 - values) > error
        self.left |= ~sure & ~self.unbounded
        return [int(low) for low in np.where(sure, floors, 0.0).tolist()]

    def _infinite(self, needed: NDArray[np.bool_], some: NDArray[np.bool_]) -> None:
        """No bound, where an infinite side is needed; left to the rule, where a sign is not known."""
        errors, sizes = self.errors[:, 1:], np.abs(self.ends[:, 1:])
        unsure = (sizes <= errors) & (errors > 0) & some
        self.left |= unsure.any(axis=1)
        self.unbounded |= needed.any(axis=1)


def sides_of(box: Box) -> tuple[Array, NDArray[np.bool_]]:
    """The sides of a box, low and high, 0 where they are infinite; and where they are."""
    both = box.lows, box.highs
    values = in_range([quotients([a or 0 for a in each], box.unit) for each in both])
    return values, np.array([[a is None for a in each] for each in both])


