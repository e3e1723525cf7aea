"""Lower bounds of pre-activations on a cell, by substitution backwards in float64 with bounds of the errors made.

The rule of :mod:`verishallow.checker.relaxation` rounds coefficients of neurons, and in the end the bound, down to
integers. A float that is farther from every integer than its error has the exact number's floor. So all that is kept
from one layer to the next is exact, and errors do not add up; the few numbers that are too near to an integer are
computed over the integers, and whole bounds, where that does not help, are left to the rule itself.

Errors: a sum of n products of rounded factors, in whatever order it is added up, is off by at most about (n + 2) 2^-53
times the sum of the absolute values (N. Higham, Accuracy and Stability of Numerical Algorithms, section 3.1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from verishallow.checker.relaxation import Box, Cell, Gates, LayerState, Relaxation, Weights

Array = NDArray[np.float64]

MOST = 48
"""Bits of a coefficient; sums of several such are integers that float64 has."""

READERS = 8
"""Layers that read one layer: so many coefficients are added up."""

RANGE = 2.0**400
"""Numbers are 0, or their absolute values are from 1 / RANGE to RANGE: products neither overflow nor underflow."""

REPAIRS = 4
"""Coefficients of a form and layer that are computed over the integers; where it is more, the rule bounds the form."""


ENTRIES = 1 << 21
"""Coefficients of one layer in one pass; memory is bounded by it."""


class OutOfRangeError(Exception):
    """Numbers that are not for float64."""


def rounding(terms: int) -> float:
    """A bound of the relative error of sums of so many products, with room for the computation of the bound."""
    return (terms + 3) * 2.0**-53 * 1.01


def apart(values: Array, errors: Array) -> NDArray[np.bool_]:
    """Which values are farther from every integer than their errors; floats have the differences exactly."""
    found: NDArray[np.bool_] = np.abs(values - np.rint(values)) > errors
    return found


def in_range(values: Any) -> Array:
    """An array of floats. Raises :class:`OutOfRangeError` where one is too large, or too small."""
    found: Array = np.asarray(values, dtype=np.float64)
    sizes = np.abs(found)
    if not ((sizes < RANGE) & ((sizes > 1 / RANGE) | (sizes == 0))).all():
        raise OutOfRangeError
    return found


def floats_of(integers: Any) -> Array:
    """The floats nearest to integers."""
    try:
        return np.array(integers, dtype=np.float64)
    except OverflowError:
        raise OutOfRangeError from None


def quotients(integers: Iterable[int], denominator: int) -> list[float]:
    """Correctly rounded quotients, as Python's division is; one that is rounded to 0 is far out of range instead."""
    try:
        return [a / denominator or (1 / RANGE**2 if a else 0.0) for a in integers]
    except OverflowError:
        raise OutOfRangeError from None


def matrix_of(rows: Sequence[Sequence[int]], denominator: int) -> Array:
    """A matrix of quotients."""
    return in_range([quotients(row, denominator) for row in rows])


@dataclass(frozen=True, eq=False)
class BoundedGates:
    """What a layer's coefficients are multiplied with on a cell, for its neurons that count."""

    exact: Gates
    open: NDArray[np.intp]
    positive: Array
    negative: Array
    constants: Array

    @classmethod
    def of(cls, gates: Gates, bits: int, places: int) -> "BoundedGates":
        """Those of a state, in floats; ``bits`` is P, and bounds are over 2^``places``."""
        positive, negative, constants = map(floats_of, (gates.positive, gates.negative, gates.constants))
        one = 2.0**-bits
        opened = np.array(gates.open, dtype=np.intp)
        return cls(gates, opened, positive * one, negative * one, constants * (one * 2.0**-places))


@dataclass(frozen=True, eq=False)
class WeightsInFloats:
    """The weights of a layer's open neurons: on open neurons of layers that it reads, then the bias, then on inputs.

    ``below`` are the gates of the layers that it reads, with their numbers, and the first columns are so many.
    """

    below: dict[int, BoundedGates]
    first: int
    matrix: Array
    sizes: Array
    """The absolute values of the matrix, times the relative error of sums of products with it."""
    rounding: float
    """That of the last columns: with what adding them up and taking the least value on a box comes to."""


@dataclass(frozen=True, eq=False)
class FloatLayer:
    """A hidden layer: its weights on each hidden layer that it reads, and beside each other its biases and W_0."""

    blocks: dict[int, Array]
    ends: Array

    @classmethod
    def of(cls, weights: Weights) -> "FloatLayer":
        """The floats nearest to the weights of a layer."""
        blocks = {source: matrix_of(*part) for source, part in weights.parts.items()}
        return cls(blocks, matrix_of(weights.exact, weights.scale))

    def reading(self, here: BoundedGates, gates: Sequence[BoundedGates], additions: int) -> WeightsInFloats:
        """The weights that count on a cell."""
        below, terms = {source: gates[source - 1] for source in self.blocks}, len(here.open)
        columns = [self.blocks[s].take(here.open, 0).take(each.open, 1) for s, each in below.items()]
        first = sum(len(each.open) for each in below.values())
        matrix = np.concatenate([*columns, self.ends.take(here.open, 0)], axis=1)
        sizes = np.abs(matrix)
        sizes[:, :first] *= rounding(terms)
        sizes[:, first:] *= rounding(terms + additions)
        return WeightsInFloats(below, first, matrix, sizes, rounding(terms + additions))

    def fits(self, reading: WeightsInFloats, gates: Sequence[BoundedGates]) -> bool:
        """Whether a reading is one of these gates below the layer."""
        return all(gates[source - 1] is each for source, each in reading.below.items())


@dataclass(frozen=True, eq=False)
class BoundedForms:
    """The forms z of a layer's neurons, then the forms -z; all in units of 2^-S."""

    parts: dict[int, Array]
    ends: Array
    """[c, A_0] of each form."""


class FloatPasses:
    """The rule for one network, for pre-activations alone. Raises :class:`OutOfRangeError` if it is not for floats."""

    def __init__(self, rule: Relaxation) -> None:
        self.rule, self.precision = rule, rule.precision
        self.layers = [FloatLayer.of(layer) for layer in rule.layers]
        readers = [source for layer in self.layers for source in layer.blocks]
        if max(map(readers.count, readers), default=0) > READERS:
            raise OutOfRangeError
        self.additions = 2 * len(self.layers) + rule.inputs + 8
        self.started = dict[int, BoundedForms]()
        self.gates = WeakKeyDictionary[LayerState, BoundedGates]()
        self.readings = dict[int, tuple[BoundedGates, WeightsInFloats]]()
        self.box: tuple[Box | None, FloatBox | None] = None, None

    def lows(self, number: int, cell: Cell, asked: Sequence[tuple[int, int]]) -> list[int | None]:
        """The lower bounds of sign z of some neurons of a layer, as the rule has them.

        Raises :class:`OutOfRangeError` where numbers are not for floats.
        """
        many = max(1, ENTRIES // max(self.rule.widths))
        with np.errstate(all="ignore"):
            parts = (asked[start : start + many] for start in range(0, len(asked), many))
            return [low for part in parts for low in _FloatPass(self, number, cell, part).bounds()]

    def forms(self, number: int) -> BoundedForms:
        """The forms of a layer."""
        if number not in self.started:
            self.started[number] = self._forms(number)
        return self.started[number]

    def _forms(self, number: int) -> BoundedForms:
        exact = [form for sign in (1, -1) for form in self.rule.pre_activations(number, sign)]
        parts = {source: floats_of([form.parts[source] for form in exact]) for source in exact[0].parts}
        if any(np.abs(part).max() >= 2.0**MOST for part in parts.values()):
            raise OutOfRangeError
        return BoundedForms(parts, matrix_of([form.exact for form in exact], self.rule.unit << self.precision.slopes))

    def gates_of(self, state: LayerState) -> BoundedGates:
        """What coefficients are multiplied with."""
        found = self.gates.get(state)
        if found is None:
            bits, places = self.precision.slopes, self.precision.bounds
            found = self.gates[state] = BoundedGates.of(state.gates(bits), bits, places)
        return found

    def reading(self, source: int, gates: Sequence[BoundedGates]) -> WeightsInFloats:
        """The weights of a layer that count; those for the last state of each layer are kept."""
        here, layer = gates[source - 1], self.layers[source - 1]
        before, found = self.readings.get(source, (None, None))
        if found is None or before is not here or not layer.fits(found, gates):
            found = layer.reading(here, gates, self.additions)
            self.readings[source] = here, found
        return found

    def box_of(self, cell: Cell) -> "FloatBox":
        """The box of a cell; that of the last cell is kept."""
        box, found = self.box
        if found is None or box is not cell.box:
            found = FloatBox.of(cell.box)
            self.box = cell.box, found
        return found


@dataclass(frozen=True, eq=False)
class FloatBox:
    """The sides of a box, 0 where they are infinite; and the greater absolute value of both."""

    lows: Array
    highs: Array
    most: Array
    infinite: NDArray[np.bool_]
    """Which sides are, low and high."""

    @classmethod
    def of(cls, box: Box) -> "FloatBox":
        """The floats nearest to its sides."""
        both = box.lows, box.highs
        lows, highs = in_range([quotients([a or 0 for a in each], box.unit) for each in both])
        infinite = np.array([[a is None for a in each] for each in both])
        return cls(lows, highs, np.maximum(np.abs(lows), np.abs(highs)), infinite)


class _FloatPass:
    """One pass backwards, for several neurons of one layer on one cell."""

    def __init__(self, passes: FloatPasses, number: int, cell: Cell, asked: Sequence[tuple[int, int]]) -> None:
        self.passes, self.rule, self.number, self.cell, self.asked = passes, passes.rule, number, cell, asked
        width, forms = self.rule.widths[number], passes.forms(number)
        rows = np.array([neuron if sign > 0 else neuron + width for neuron, sign in asked], dtype=np.intp)
        self.gates = [passes.gates_of(state) for state in cell.layers[: number - 1]]
        self.parts = {s: part.take(rows, 0).take(self.gates[s - 1].open, 1) for s, part in forms.parts.items()}
        self.ends = forms.ends[rows]
        self.errors = rounding(passes.additions) * np.abs(self.ends)
        self.passed = list[tuple[int, Array]]()
        self.unbounded, self.left = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)

    def bounds(self) -> list[int | None]:
        """All lower bounds."""
        for source in range(max(self.parts, default=0), 0, -1):
            if source in self.parts:
                self._through(source, self.parts.pop(source))
        floors, sure = self._least()
        found: list[int | None] = [int(low) for low in np.where(sure, floors, 0.0).tolist()]
        for row in np.nonzero(self.left | self.unbounded | ~sure)[0].tolist():
            found[row] = self._rule(row) if self.left[row] else None if self.unbounded[row] else self._exact_least(row)
        return found

    def _through(self, source: int, coefficients: Array) -> None:
        """Replace the neurons of a layer by forms of what it reads."""
        here, reading = self.gates[source - 1], self.passes.reading(source, self.gates)
        self.passed.append((source, coefficients))
        below = np.minimum(coefficients, 0.0)
        if here.exact.without_low:
            self.unbounded |= below[:, here.exact.without_low].any(axis=1)
        factors = (coefficients - below) * here.positive + below * here.negative
        found, errors = factors @ reading.matrix, np.abs(factors) @ reading.sizes
        # Bounds l of unstable neurons are negative: these are sums of numbers that are not.
        lows, ends = below @ here.constants, reading.first
        self.ends += found[:, ends:]
        self.ends[:, 0] -= lows
        errors[:, ends] += reading.rounding * lows
        self.errors += errors[:, ends:]
        if ends:
            self._read(reading, self._floors(source, reading, found[:, :ends], errors[:, :ends]))

    def _read(self, reading: WeightsInFloats, floors: Array) -> None:
        """Add coefficients of hidden neurons."""
        start = 0
        for below, gates in reading.below.items():
            part, before = floors[:, start : start + len(gates.open)], self.parts.get(below)
            self.parts[below] = part if before is None else before + part
            start += len(gates.open)

    # ------------------------------------------------------------------------------------ Near integers

    def _floors(self, source: int, reading: WeightsInFloats, found: Array, errors: Array) -> Array:
        """Coefficients rounded down: those too near to an integer are computed over the integers.

        Where these are many, or a coefficient is too large, the form is left to the rule.
        """
        floors, sure = np.floor(found), apart(found, errors)
        if sure.all():
            return floors
        doubtful = ~sure & (errors != 0)
        neurons = [(s, i) for s, gates in reading.below.items() for i in gates.exact.open]
        self.left |= doubtful.sum(axis=1) > REPAIRS
        for row, column in np.argwhere(doubtful & ~(self.left | self.unbounded)[:, None]).tolist():
            exact = self._exact(source, row, *neurons[column])
            self.left[row] |= abs(exact) >= 1 << MOST
            floors[row, column] = 0.0 if self.left[row] else exact
        # Those of forms that are left need only be numbers.
        floors[self.left | self.unbounded] = 0.0
        return floors

    def _factors(self, source: int, coefficients: list[float]) -> list[int]:
        """What stands before the pre-activations of a layer's open neurons, over 2^(S+P)."""
        gates = self.gates[source - 1].exact
        pairs = zip(coefficients, gates.positive, gates.negative, strict=True)
        return [int(a) * (p if a > 0 else q) for a, p, q in pairs]

    def _exact(self, source: int, row: int, below: int, neuron: int) -> int:
        """The coefficient of a neuron of a layer below, from those of the layer above that was passed last."""
        rows, scale = self.rule.layers[source - 1].parts[below]
        factors = self._factors(source, self.passed[-1][1][row].tolist())
        total = sum(map(mul, factors, [rows[i][neuron] for i in self.gates[source - 1].exact.open]))
        return int(total // (scale << self.rule.precision.slopes))

    # -------------------------------------------------------------------------------------------- The end

    def _least(self) -> tuple[Array, NDArray[np.bool_]]:
        """The least values on the box, rounded down, and for which of them this is sure."""
        box, linear = self.passes.box_of(self.cell), self.ends[:, 1:]
        errors, above = self.errors, linear > 0
        if box.infinite.any():
            unsure = (np.abs(linear) <= errors[:, 1:]) & (errors[:, 1:] > 0)
            self.left |= (unsure & box.infinite.any(axis=0)).any(axis=1)
            self.unbounded |= (np.where(above, *box.infinite) & (linear != 0)).any(axis=1)
        values = self.ends[:, 0] + (linear * np.where(above, box.lows, box.highs)).sum(axis=1)
        error = errors[:, 0] + errors[:, 1:] @ box.most
        scale = 2.0 ** (self.rule.precision.bounds - self.rule.precision.coefficients)
        return np.floor(values * scale), apart(values * scale, error * scale)

    def _exact_least(self, row: int) -> int | None:
        """The end over the integers, from the coefficients of neurons, which are exact."""
        neuron, sign = self.asked[row]
        exact, lows = list(self.rule.pre_activations(self.number, sign)[neuron].exact), 0
        for source, passed in self.passed:
            coefficients, gates = passed[row].tolist(), self.gates[source - 1].exact
            lows -= sum([int(a) * c for a, c in zip(coefficients, gates.constants, strict=True) if a < 0])
            factors, layer = self._factors(source, coefficients), self.rule.layers[source - 1]
            for column in range(len(exact) if self.rule.hidden[source - 1].inputs else 1):
                total = sum(map(mul, factors, [layer.exact[i][column] for i in gates.open]))
                exact[column] += total * (self.rule.unit // layer.scale)
        return self.rule.least(exact, lows, self.cell.box)

    def _rule(self, row: int) -> int | None:
        """The bound as the rule itself has it."""
        neuron, sign = self.asked[row]
        return self.rule.low(self.rule.pre_activations(self.number, sign)[neuron], self.cell)
