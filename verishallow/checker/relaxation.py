# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The one rule of proofs of properties: a lower bound of a form on a cell, by substitution backwards (FORMAT.md, 24).

A form is c + A_0 . x + the sum over hidden layers s of A_s . v_s, where v_s are the values ReLU(z_s) of the neurons.
From the last layer to the first, each a v is replaced by a form that is nowhere greater on the cell:

    z >= 0, or z <= 0 there     a z, or 0
    unstable, a > 0             a alpha z, with 0 <= alpha <= 1         for v >= alpha z
    unstable, a < 0             a m (z - l), with m >= u / (u - l)      for v <= m (z - l) where l <= z <= u
    a sign sigma is assumed     - beta sigma z besides, with beta >= 0  for sigma z >= 0
    the coefficient of v_s      its floor                               for v_s >= 0

What is left is affine in x; its least value on the box of the cell is the bound. All numbers are integers over one
denominator each: A_s over 2^S, slopes over 2^P, bounds over 2^X, c and A_0 over ``unit`` 2^(S+P), sides of a box over
a multiple of 2^X.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from operator import mul
from typing import NamedTuple

from .network import Network
from .values import Row, common_denominator, require

MAX_PRODUCTS = 1 << 40
LEVELS = 64  # an alpha in a file is k / LEVELS
FEW = 3  # columns that are not worth packing


class Precision(NamedTuple):
    """The numbers of bits after the point: P, S and X."""

    slopes: int
    coefficients: int
    bounds: int


class Form(NamedTuple):
    """``exact``: [c, *A_0] over unit 2^(S+P). ``parts``: A_s over 2^S, for the layers s that occur."""

    exact: list[int]
    parts: dict[int, list[int]]


class Reason(NamedTuple):
    """Which slopes and multipliers to take: alphas over LEVELS (None: the default), betas and lambdas over 2^P."""

    alphas: dict[int, list[int | None]]
    betas: dict[int, list[tuple[int, int]]]
    lambdas: list[tuple[int, int]]


DEFAULTS = Reason({}, {}, [])


class Box(NamedTuple):
    """Sides over a unit; None: infinite."""

    unit: int
    lows: tuple[int | None, ...]
    highs: tuple[int | None, ...]


class Gates(NamedTuple):
    """What a coefficient a of each neuron is multiplied with, over 2^P; and m l over 2^(P+X), where a < 0."""

    positive: list[int]
    negative: list[int]
    constants: list[int]
    without_low: list[int]  # neurons for which there is nothing where a < 0


class LayerState:
    """Of each neuron of a layer whether it is (a)ctive, (i)nactive or (u)nstable, and its bounds over 2^X, or None."""

    def __init__(self, kinds: str, lows: Sequence[int | None], highs: Sequence[int | None]) -> None:
        self.kinds, self.lows, self.highs, self.made = kinds, lows, highs, dict[int, Gates]()

    def decided(self, neuron: int, kind: str) -> "LayerState":
        return LayerState(self.kinds[:neuron] + kind + self.kinds[neuron + 1 :], self.lows, self.highs)

    def gates(self, bits: int) -> Gates:
        if bits not in self.made:
            self.made[bits] = self.gates_of(1 << bits)
        return self.made[bits]

    def gates_of(self, one: int) -> Gates:
        gates = Gates([], [], [], [])
        for neuron, (kind, low, high) in enumerate(zip(self.kinds, self.lows, self.highs)):
            above = below = one if kind == "a" else 0
            constant = 0
            if kind == "u":
                above = one if low is not None and (high is None or high > -low) else 0
                below = one if low is None or high is None else -(-one * high // (high - low))
                constant = below * (low or 0)
                gates.without_low.extend([neuron] if low is None else [])
            gates.positive.append(above)
            gates.negative.append(below)
            gates.constants.append(constant)
        return gates


class Cell(NamedTuple):
    """A box, the signs assumed as (layer, neuron) -> 1 or -1, and what is known of the neurons of each layer."""

    box: Box
    signs: dict[tuple[int, int], int]
    layers: tuple[LayerState, ...]
    relaxed: bool = False


# ------------------------------------------------------------------------------------------ Products


class Matrix:
    """Rows of integers, to be multiplied with a vector from the left, each row packed into one long integer."""

    def __init__(self, rows: list[list[int]]) -> None:
        self.columns = list(zip(*rows))
        self.rows, self.bits = rows, max(abs(a) for row in rows for a in row).bit_length()
        self.packed = dict[int, tuple[list[int], int]]()

    def product(self, factors: list[int]) -> list[int]:
        """The sums over i of factors[i] rows[i][j]: each is less than 2^bits in size, so that it fits its slot."""
        if len(self.columns) <= FEW:
            return [sum(map(mul, factors, column)) for column in self.columns]
        size = slot(sum(map(abs, factors)).bit_length() + self.bits)
        rows, halves = self.in_slots(size)
        total = (sum(map(mul, factors, rows)) + halves).to_bytes(size * len(self.columns), "little")
        half = 1 << 8 * size - 1
        return [int.from_bytes(total[i : i + size], "little") - half for i in range(0, len(total), size)]

    def in_slots(self, size: int) -> tuple[list[int], int]:
        """The rows in slots of so many bytes, and half a slot's range in each slot, which makes all sums positive."""
        if size not in self.packed:
            ones = sum(1 << 8 * size * j for j in range(len(self.columns)))
            self.packed[size] = [packed(row, size) for row in self.rows], ones << 8 * size - 1
        return self.packed[size]


def slot(bits: int) -> int:
    """Bytes for a signed number of so many bits; of few different sizes, for packed rows are kept."""
    size = 8
    while 8 * size <= bits:
        size = size * 3 // 2 if size & size - 1 == 0 else size * 4 // 3
    return size


def packed(row: list[int], size: int) -> int:
    """The sum of row[j] 2^(8 size j)."""
    halves = 1 << 8 * size - 1
    shifted = b"".join((a + halves).to_bytes(size, "little") for a in row)
    return int.from_bytes(shifted, "little") - sum(halves << 8 * size * j for j in range(len(row)))


# ------------------------------------------------------------------------------------------- Network


class SourceForm(NamedTuple):
    """A form with rational coefficients: [c, *A_0], and A_s for the layers s that occur."""

    exact: list[Fraction]
    parts: dict[int, list[Fraction]]


def source_forms(network: Network, layer: int) -> list[SourceForm]:
    """The pre-activations of a layer, or the outputs that a last layer computes."""
    scale = network.scale[layer]
    forms = [SourceForm([Fraction(a, scale) for a in row], {}) for row in network.start[layer]]
    for source in range(1, min(layer, network.last)):
        over = Fraction(network.scale[source], scale)
        for neuron, terms in enumerate(network.feeds[source]):
            for target, row, factor in terms:
                if target == layer:
                    part = forms[row].parts.setdefault(source, [Fraction(0)] * network.widths[source])
                    part[neuron] += factor * over
    return forms


def combined(pairs: Iterable[tuple[Fraction, SourceForm]], inputs: int) -> SourceForm:
    """The sum of multiples of forms."""
    exact, parts = [Fraction(0)] * (1 + inputs), dict[int, list[Fraction]]()
    for factor, form in pairs:
        if factor:
            exact = [a + factor * b for a, b in zip(exact, form.exact)]
            for source, part in form.parts.items():
                before = parts.get(source, [Fraction(0)] * len(part))
                parts[source] = [a + factor * b for a, b in zip(before, part)]
    return SourceForm(exact, parts)


class Layer(NamedTuple):
    """A hidden layer as the rule multiplies with it."""

    exact: Matrix  # rows [b, *W_0] over the unit; [b] alone if the layer does not read the input
    blocks: list[tuple[int, Matrix, int]]  # (s, W_s, the denominator of W_s) for the hidden layers s that it reads
    products: int  # that count towards the limit, in one pass


def over_one(rows: Iterable[Sequence[Fraction]], unit: int = 1) -> tuple[list[list[int]], int]:
    """Rows as integers over one denominator, a multiple of the unit."""
    listed = list(rows)
    common = lcm(unit, common_denominator(a.denominator for row in listed for a in row))
    return [[int(a * common) for a in row] for row in listed], common


# ---------------------------------------------------------------------------------------------- Rule


class Relaxation:
    """The rule for one network; ``rows``: the forms in inputs and neurons that are bounded besides pre-activations."""

    def __init__(self, network: Network, precision: Precision, domain: list[Row], rows: list[SourceForm]) -> None:
        self.network, self.precision, self.domain = network, precision, domain
        self.forms = [source_forms(network, layer) for layer in range(1, network.last)]
        exact = [form.exact for forms in [*self.forms, rows] for form in forms]
        self.unit = common_denominator(a.denominator for row in exact for a in row)
        self.hidden = [self.layer(forms) for forms in self.forms]
        self.spent, self.neurons = 0, dict[tuple[int, int], list[Form]]()

    def layer(self, forms: list[SourceForm]) -> Layer:
        exact, _ = over_one([form.exact for form in forms], self.unit)
        reads_input = any(a for row in exact for a in row[1:])
        blocks, width = list[tuple[int, Matrix, int]](), 1 + self.network.inputs
        for source in sorted({source for form in forms for source in form.parts}):
            zeros = [Fraction(0)] * self.network.widths[source]
            rows, common = over_one(form.parts.get(source, zeros) for form in forms)
            blocks.append((source, Matrix(rows), common))
            width += len(zeros)
        return Layer(Matrix(exact if reads_input else [row[:1] for row in exact]), blocks, width * len(forms))

    def start(self, form: SourceForm) -> Form:
        """A form as the rule begins with it: coefficients of neurons rounded down."""
        fine = self.unit << self.precision.coefficients + self.precision.slopes
        parts = {source: [floored(a, self.precision.coefficients) for a in part] for source, part in form.parts.items()}
        return Form([int(a * fine) for a in form.exact], parts)

    def pre_activations(self, layer: int, sign: int) -> list[Form]:
        """The forms z of a layer's neurons, or -z."""
        if (layer, sign) not in self.neurons:
            pairs = ([(Fraction(sign), form)] for form in self.forms[layer - 1])
            self.neurons[layer, sign] = [self.start(combined(pair, self.network.inputs)) for pair in pairs]
        return self.neurons[layer, sign]

    def spend(self, layer: int, passes: int) -> None:
        """Count passes through all hidden layers below one."""
        self.spent += passes * sum(below.products for below in self.hidden[: layer - 1])
        require(self.spent <= MAX_PRODUCTS, f"more than {MAX_PRODUCTS} products are needed")

    def low(self, form: Form, cell: Cell, reason: Reason = DEFAULTS) -> int | None:
        """The lower bound over 2^X, rounded down; None: there is none."""
        exact, parts, lows = list(form.exact), dict(form.parts), 0
        for source in range(max([*parts, *reason.betas], default=0), 0, -1):
            width, betas = self.network.widths[source], reason.betas.get(source, ())
            coefficients = parts.pop(source, [0] * width)
            gates = cell.layers[source - 1].gates(self.precision.slopes)
            if any(coefficients[neuron] < 0 for neuron in gates.without_low):
                return None
            positive = self.slopes(gates, cell.layers[source - 1], reason.alphas.get(source))
            factors = [a * (p if a > 0 else q) for a, p, q in zip(coefficients, positive, gates.negative)]
            lows -= sum(a * c for a, c in zip(coefficients, gates.constants) if a < 0)
            for neuron, t in betas:
                factors[neuron] -= cell.signs[source, neuron] * t << self.precision.coefficients
            self.read(self.hidden[source - 1], factors, exact, parts)
        return self.least(self.without_domain(exact, reason.lambdas), lows, cell.box)

    def slopes(self, gates: Gates, state: LayerState, alphas: list[int | None] | None) -> list[int]:
        """What positive coefficients are multiplied with: the slopes named, elsewhere the defaults."""
        if alphas is None:
            return gates.positive
        step = (1 << self.precision.slopes) // LEVELS
        chosen = zip(gates.positive, state.kinds, alphas)
        return [default if k is None or kind != "u" else k * step for default, kind, k in chosen]

    def read(self, layer: Layer, factors: list[int], exact: list[int], parts: dict[int, list[int]]) -> None:
        """Put the pre-activations of a layer, times factors over 2^(S+P), for what they are."""
        for i, a in enumerate(layer.exact.product(factors)):
            exact[i] += a
        for source, matrix, denominator in layer.blocks:
            divisor = denominator << self.precision.slopes
            found = [a // divisor for a in matrix.product(factors)]
            before = parts.get(source)
            parts[source] = found if before is None else [a + b for a, b in zip(before, found)]

    def without_domain(self, exact: list[int], lambdas: list[tuple[int, int]]) -> list[int]:
        """Less multiples of rows of the domain, which are not negative on the cell."""
        for number, t in lambdas:
            factor = t * self.unit << self.precision.coefficients
            exact = [a - factor * b for a, b in zip(exact, self.domain[number])]
        return exact

    def least(self, exact: list[int], lows: int, box: Box) -> int | None:
        """The least value of the form on the box, over 2^X and rounded down; ``lows`` over 2^(S+P+X) is added to it."""
        total = exact[0] * box.unit + lows * self.unit * (box.unit >> self.precision.bounds)
        for a, low, high in zip(exact[1:], box.lows, box.highs):
            side = low if a > 0 else high
            if a and side is None:
                return None
            total += a * side if a and side is not None else 0
        fine = self.unit * box.unit << self.precision.coefficients + self.precision.slopes
        return (total << self.precision.bounds) // fine


def floored(value: Fraction, bits: int) -> int:
    """The value over 2^bits, rounded down."""
    return (value.numerator << bits) // value.denominator
