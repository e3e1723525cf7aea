"""The one rule: a lower bound of a form on a cell, by substitution backwards, exactly and for many forms at a time.

From the last hidden layer to the first, each ``a v_i``, v_i = ReLU(z_i), is replaced by a form that is nowhere greater:

| | by | because |
|---|---|---|
| z_i >= 0, or z_i <= 0 on the cell | a z_i, or 0 | it is that |
| unstable, a > 0 | a alpha z_i, 0 <= alpha <= 1 | v_i >= alpha z_i |
| unstable, a < 0 | a m (z_i - l), m >= u / (u - l) | v_i <= m (z_i - l) where l <= z_i <= u |
| a sign sigma is assumed | - beta sigma z_i as well, beta >= 0 | sigma z_i >= 0 |
| the coefficient of a hidden neuron | its floor | neurons are not negative |

What is left is an affine form of the input; multiples of rows of the domain are taken off it, and its least value on
the box is the bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verishallow.affine import AffineForm
from verishallow.errors import DomainError
from verishallow.verify.integer_layers import Block, Forms, HiddenLayer, IntegerLayers
from verishallow.verify.limbs import Array, Digits, Integers, Limbs, Words, added, stacked_digits, taken
from verishallow.verify.precision import LEVELS
from verishallow.verify.state import ACTIVE, INACTIVE, UNSTABLE, LayerState, RelaxedCell, Sides

WORD = 62
"""Bits of a machine word that are used."""


@dataclass(frozen=True, slots=True)
class Multipliers:
    """What a reason names for one form: slopes, and multipliers of assumed signs and of rows of the domain.

    ``alphas`` has one row of numbers k per hidden layer, for the slope k / 64, -1 for the default; no row at all: all
    defaults. ``betas`` are triples (layer, neuron, t) and ``lambdas`` pairs (row, t), for multipliers t / 2^P, t >= 1.
    """

    alphas: tuple[NDArray[np.int8], ...] = ()
    betas: tuple[tuple[int, int, int], ...] = ()
    lambdas: tuple[tuple[int, int], ...] = ()


DEFAULTS = Multipliers()


@dataclass(frozen=True, slots=True)
class RelaxedGates:
    """What coefficients of one layer's neurons are multiplied with on each cell of a batch, over 2^P."""

    positive: NDArray[Any]
    negative: NDArray[Any]
    minus_lows: Digits
    """The numbers - l, over 2^X, of unstable neurons."""
    loose: NDArray[np.bool_]
    """Unstable: there a slope counts, and a negative coefficient needs l."""
    blocked: NDArray[np.bool_]
    """Unstable without l: there a negative coefficient has no bound."""

    @classmethod
    def of(cls, limbs: Limbs, state: LayerState, bits: int) -> "RelaxedGates":
        """Those of one state, as arrays of one line; they are kept with it."""
        found: RelaxedGates | None = state.kept.get(bits)
        if found is None:
            found = state.kept[bits] = cls._made(limbs, state, bits)
        return found

    @classmethod
    def _made(cls, limbs: Limbs, state: LayerState, bits: int) -> "RelaxedGates":
        one, unstable = 1 << bits, np.nonzero(state.unstable)[0].tolist()
        positive = [one * (kind == ACTIVE) for kind in state.kinds.tolist()]
        negative, lows = positive.copy(), [0] * len(positive)
        for i in unstable:
            positive[i], negative[i] = one * state.default_slope(i), state.multiplier(i, bits)
            lows[i] = -(state.lows[i] or 0)
        blocked = np.zeros((1, len(positive)), dtype=bool)
        blocked[0, [i for i in unstable if state.lows[i] is None]] = True
        dtype: Any = np.int64 if bits < WORD else object
        factors = np.array([positive], dtype=dtype), np.array([negative], dtype=dtype)
        return cls(*factors, limbs.of([lows]), state.unstable[None], blocked)

    @classmethod
    def together(cls, each: "Sequence[RelaxedGates]") -> "RelaxedGates":
        """Those of several cells, one line per cell."""
        return cls(
            np.concatenate([gates.positive for gates in each]),
            np.concatenate([gates.negative for gates in each]),
            stacked_digits([gates.minus_lows for gates in each]),
            np.concatenate([gates.loose for gates in each]),
            np.concatenate([gates.blocked for gates in each]),
        )


class Relaxation:
    """Bounds of forms on cells of one network and domain.

    >>> from verishallow import ReLUNetwork
    >>> from gmpy2 import mpq
    >>> from verishallow.verify.precision import RoundingBits
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> layers = IntegerLayers.of(modulus, RoundingBits())
    >>> cell = RelaxedCell.root(modulus, (mpq(-1),), (mpq(2),))
    >>> [low / 2**32 for low in Relaxation(layers, ()).low(layers.neurons[0], [cell])]
    [-1.0, -2.0, -2.0, -1.0]
    """

    def __init__(self, layers: IntegerLayers, domain: Sequence[AffineForm]) -> None:
        if any(a.denominator != 1 for form in domain for a in form.row):
            raise DomainError("expected rows of the domain that are integers; Property.of makes them so")
        self.layers, self.domain, self.limbs = layers, domain, layers.limbs

    def low(
        self, forms: Forms, cells: Sequence[RelaxedCell], multipliers: Sequence[Multipliers] | None = None
    ) -> list[int | None]:
        """The greatest lower bound of each form that the rule gives, in units of 2^-X; ``None``: no bound."""
        return _Pass(self, forms, cells, multipliers).bounds()

    def relaxed(self, cells: Sequence[RelaxedCell], words: Sequence[Sequence[str]]) -> list[RelaxedCell | None]:
        """The cells after ``relax`` records with these words, one text per layer; ``None`` where a word is untrue."""
        states, true = list(cells), [True] * len(cells)
        for number in range(self.layers.depth):
            for index, found in enumerate(self._layer(number, states, [word[number] for word in words])):
                if found is None:
                    true[index] = False
                else:
                    layers = states[index].layers
                    states[index] = states[index].with_layers([*layers[:number], found, *layers[number + 1 :]])
        return [cell if fine else None for cell, fine in zip(states, true, strict=True)]

    def _layer(self, number: int, cells: Sequence[RelaxedCell], words: Sequence[str]) -> list[LayerState | None]:
        """The state of one layer on each cell after its words."""
        width, low = self.layers.hidden[number].width, dict[tuple[int, int], int | None]()
        asked = [
            (index, i + width * side)
            for side, letters in enumerate(("ab", "ib"))
            for index, word in enumerate(words)
            for i, letter in enumerate(word)
            if letter in letters
        ]
        if asked:
            node, rows = np.array(asked, dtype=np.intp).T
            low = dict(zip(asked, self.low(self.layers.neurons[number].of(rows, node), cells), strict=True))
        states = [(cell.layers[number], word) for cell, word in zip(cells, words, strict=True)]
        return [renewed(state, word, low, index) if word else state for index, (state, word) in enumerate(states)]


def renewed(state: LayerState, word: str, bounds: dict[tuple[int, int], int | None], index: int) -> LayerState | None:
    """The state of a layer after a text of letters; ``None``: a letter is untrue.

    ``bounds`` are the lower bounds of z_i, at (index, i), and of -z_i, at (index, width + i).
    """
    kinds, low, high, width = state.kinds.copy(), list(state.lows), list(state.highs), len(state.lows)
    for i, letter in enumerate(word):
        if letter in "ai":
            bound = bounds[index, i if letter == "a" else width + i]
            if bound is None or bound < 0:
                return None
            kinds[i] = ACTIVE if letter == "a" else INACTIVE
        elif letter == "b":
            below = _tighter(low[i], bounds[index, i])
            above = _tighter(_negated(high[i]), bounds[index, width + i])
            low[i], high[i] = below, _negated(above)
            kinds[i] = _kind(below, above)
    return LayerState(kinds, tuple(low), tuple(high))


def _kind(below: int | None, above: int | None) -> int:
    """What a neuron is, from lower bounds of z and of -z."""
    if below is not None and below >= 0:
        return ACTIVE
    return INACTIVE if above is not None and above >= 0 else UNSTABLE


def _tighter(one: int | None, other: int | None) -> int | None:
    return one if other is None else other if one is None else max(one, other)


def _negated(value: int | None) -> int | None:
    return None if value is None else -value


class _Pass:
    """One pass backwards, for all forms together."""

    def __init__(
        self, rule: Relaxation, forms: Forms, cells: Sequence[RelaxedCell], multipliers: Sequence[Multipliers] | None
    ) -> None:
        self.layers, self.limbs, self.domain = rule.layers, rule.limbs, rule.domain
        self.cells, self.node, self.named = cells, forms.node, multipliers
        self.parts, self.inputs, self.count = dict(forms.parts), forms.inputs, len(forms.node)
        self.constant = np.array(forms.constant, dtype=object)
        self.biases, self.lows = _SumOfColumns(self.count), _SumOfColumns(self.count)
        self.unbounded = np.zeros(self.count, dtype=bool)

    def bounds(self) -> list[int | None]:
        """All lower bounds."""
        top = max([*self.parts, *(layer for each in self.named or () for layer, _, _ in each.betas)], default=0)
        for source in range(top, 0, -1):
            self._through(source)
        self._without_domain()
        return self._least()

    # --------------------------------------------------------------------------------------------- Layers

    def _through(self, source: int) -> None:
        """Replace the neurons of a layer by forms of the sources that it reads."""
        coefficients, betas = self.parts.pop(source, None), self._betas(source)
        if coefficients is None and betas is None:
            return
        products = Digits() if coefficients is None else self._gated(source, coefficients)
        factors = products if betas is None else self.limbs.carried(added(products, betas))
        self._read(self.layers.hidden[source - 1], factors)

    def _gated(self, source: int, coefficients: Integers) -> Digits:
        """What stands before each pre-activation instead; the constants go where constants are added up."""
        gates = self._gates(source)
        signs = self.limbs.signs(coefficients) if isinstance(coefficients, list) else coefficients
        above = signs < 0
        chosen = np.where(above, gates.negative[self.node], self._slopes(source, gates))
        words = self._in_words(gates, coefficients)
        if words is not None:
            products = self.limbs.split(words * chosen)
        else:
            products = self.limbs.times(self.limbs.digits(coefficients), self.limbs.of(chosen))
        above &= gates.loose[self.node]
        if above.any():
            self._add_lows(gates, above, products)
        return products

    def _in_words(self, gates: RelaxedGates, coefficients: Integers) -> Words | None:
        """The coefficients, if their products with what is in the gates are machine words."""
        if isinstance(coefficients, list) or gates.negative.dtype == object:
            return None
        most = int(np.abs(coefficients).max(initial=0)) << self.layers.precision.slopes
        return coefficients if most < 1 << WORD else None

    def _add_lows(self, gates: RelaxedGates, above: NDArray[np.bool_], products: Digits) -> None:
        """Add the constants - a m l of relaxed neurons with negative coefficients."""
        relaxed = [np.where(above, product, 0.0) for product in products]
        self.lows.take(self.limbs.row_products(relaxed, taken(gates.minus_lows, self.node)))
        if gates.blocked.any():
            self.unbounded |= (above & gates.blocked[self.node]).any(axis=1)

    def _read(self, layer: HiddenLayer, factors: Digits) -> None:
        self.biases.take([column[:, 0] for column in self.limbs.columns(factors, layer.bias)])
        for block in layer.blocks:
            found = self._rounded(self.limbs.columns(factors, block.matrix), block)
            before = self.parts.get(block.source)
            self.parts[block.source] = found if before is None else self.limbs.sum(before, found)
        if layer.inputs is not None:
            self.inputs = self.limbs.plus(self.inputs, self.limbs.product(factors, layer.inputs))

    def _rounded(self, columns: Digits, block: Block) -> Integers:
        """Coefficients of hidden neurons, which are not negative, rounded down."""
        bits, denominator = self.layers.precision.slopes, block.denominator
        if denominator & (denominator - 1) == 0:
            return self.limbs.shifted(columns, bits + denominator.bit_length() - 1)
        return self.limbs.of(self.limbs.integers(columns) // (denominator << bits))

    # --------------------------------------------------------------------------------------------- RelaxedGates

    def _gates(self, source: int) -> RelaxedGates:
        """What there is to multiply with on each cell."""
        bits = self.layers.precision.slopes
        each = [RelaxedGates.of(self.limbs, cell.layers[source - 1], bits) for cell in self.cells]
        return each[0] if len(each) == 1 else RelaxedGates.together(each)

    def _slopes(self, source: int, gates: RelaxedGates) -> NDArray[Any]:
        """What positive coefficients are multiplied with: the slopes named, elsewhere the defaults."""
        defaults = gates.positive[self.node]
        if self.named is None or not any(each.alphas for each in self.named):
            return defaults
        none = np.full(gates.loose.shape[1], -1)
        named = np.array([each.alphas[source - 1] if each.alphas else none for each in self.named])
        unit = (1 << self.layers.precision.slopes) // LEVELS
        return np.where(gates.loose[self.node] & (named >= 0), named.astype(defaults.dtype) * unit, defaults)

    def _betas(self, source: int) -> Digits | None:
        """What assumed signs add, as digits; ``None`` where no sign of this layer has a multiplier."""
        named = [(row, i, t) for row, each in enumerate(self.named or ()) for k, i, t in each.betas if k == source]
        if not named:
            return None
        total = np.zeros((self.count, self.layers.network.widths[source]), dtype=object)
        for row, i, t in named:
            signs = {(k, neuron): sign for k, neuron, sign in self.cells[self.node[row]].signs}
            total[row, i] -= signs[source, i] * t << self.layers.precision.coefficients
        return self.limbs.of(total)

    # --------------------------------------------------------------------------------------------- The end

    def _without_domain(self) -> None:
        """Take multiples of rows of the domain off."""
        if not any(each.lambdas for each in self.named or ()):
            return
        unit = self.layers.fine >> self.layers.precision.slopes
        taken_off = np.zeros((self.count, self.layers.network.inputs), dtype=object)
        for row, each in enumerate(self.named or ()):
            for number, t in each.lambdas:
                b, *linear = self.domain[number].row
                self.constant[row] -= int(b * t * unit)
                taken_off[row] -= np.array([int(a * t * unit) for a in linear], dtype=object)
        self.inputs = self.limbs.plus(self.inputs, self.limbs.of(taken_off))

    def _least(self) -> list[int | None]:
        """The least value of what is left on the box, rounded down."""
        common, sides, infinite = self._sides()
        signs = self.limbs.signs(self.inputs)
        chosen = _chosen(signs > 0, taken(sides[0], self.node), taken(sides[1], self.node))
        self.unbounded |= ((signs > 0) & infinite[0][self.node]).any(axis=1)
        self.unbounded |= ((signs < 0) & infinite[1][self.node]).any(axis=1)
        on_box = _SumOfColumns(self.count)
        on_box.take(self.limbs.row_products(self.inputs, chosen))
        bits, width, denominator = self.limbs.bits, self.layers.precision.bounds, self.layers.fine * common
        total = (self.constant + self.biases.integers(bits)) * common + on_box.integers(bits)
        # The constants of relaxed neurons are over 2^(S + P + X), all others over fine * common.
        scaled = (total << width) + self.lows.integers(bits) * (self.layers.scale * common)
        pairs = zip(scaled, self.unbounded.tolist(), strict=True)
        return [None if unbounded else int(value // denominator) for value, unbounded in pairs]

    def _sides(self) -> tuple[int, tuple[Digits, Digits], tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
        """The sides of all boxes over a common denominator, low and high, and which are infinite."""
        sides = [cell.lows for cell in self.cells], [cell.highs for cell in self.cells]
        common = lcm(*{int(a.denominator) for each in sides for box in each for a in box if a is not None})
        low, high = (self.limbs.of([_over(common, box) for box in each]) for each in sides)
        missing = [np.array([[a is None for a in box] for box in each], dtype=bool) for each in sides]
        return common, (low, high), (missing[0], missing[1])


def _over(common: int, box: Sides) -> list[int]:
    return [0 if a is None else int(a.numerator) * (common // int(a.denominator)) for a in box]


def _chosen(where: NDArray[np.bool_], one: Digits, other: Digits) -> Digits:
    return [np.where(where, 0.0 if a is None else a, 0.0 if b is None else b) for a, b in zip_longest(one, other)]


class _SumOfColumns:
    """Sums of columns, one integer per form, added in int64: each column has at most 53 bits, and they are few."""

    def __init__(self, count: int) -> None:
        self.columns, self.count = list[NDArray[np.int64]](), count

    def take(self, columns: Sequence[Array]) -> None:
        """Add columns."""
        while len(self.columns) < len(columns):
            self.columns.append(np.zeros(self.count, dtype=np.int64))
        for j, column in enumerate(columns):
            self.columns[j] += column.astype(np.int64)

    def integers(self, bits: int) -> NDArray[Any]:
        """The sums."""
        return sum(
            (column.astype(object) << bits * j for j, column in enumerate(self.columns)),
            np.zeros(self.count, dtype=object),
        )
