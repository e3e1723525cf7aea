# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The one rule of proofs of properties: a lower bound of a form on a cell, by substitution backwards (FORMAT.md, 25.3).

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
from math import gcd
from operator import add, mul
from typing import NamedTuple

from .network import Network
from .values import Row, common_denominator, require

MAX_PRODUCTS = 1 << 40
LEVELS = 64  # an alpha in a file is k / LEVELS


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
    """Of the neurons whose coefficients count, in ``open``: what a coefficient is multiplied with, over 2^P.

    ``constants`` are m l over 2^(P+X), for coefficients below 0; ``without_low``: places where there is none.
    """

    open: list[int]
    positive: list[int]
    negative: list[int]
    constants: list[int]
    without_low: list[int]
    cuts: dict[tuple[int, int], list[slice]]  # where the coefficients of these neurons are in packed sums


class LayerState:
    """Of each neuron of a layer whether it is (a)ctive, (i)nactive or (u)nstable, and its bounds over 2^X, or None."""

    def __init__(
        self, kinds: str, lows: Sequence[int | None], highs: Sequence[int | None], signed: frozenset[int] = frozenset()
    ) -> None:
        self.kinds, self.lows, self.highs, self.signed, self.made = kinds, lows, highs, signed, list[Gates]()

    def decided(self, neuron: int, kind: str) -> "LayerState":
        """The state where the sign of a neuron is assumed, and may have a multiplier."""
        kinds = self.kinds[:neuron] + kind + self.kinds[neuron + 1 :]
        return LayerState(kinds, self.lows, self.highs, self.signed | {neuron})

    def gates(self, bits: int) -> Gates:
        if not self.made:
            self.made.append(self.gates_of(1 << bits))
        return self.made[0]

    def gates_of(self, one: int) -> Gates:
        gates = Gates([], [], [], [], [], {})
        for neuron, (kind, low, high) in enumerate(zip(self.kinds, self.lows, self.highs)):
            if kind == "i" and neuron not in self.signed:
                continue
            above = below = one if kind == "a" else 0
            if kind == "u":
                above = one if low is not None and (high is None or high > -low) else 0
                below = one if low is None or high is None else -(-one * high // (high - low))
                gates.without_low.extend([len(gates.open)] if low is None else [])
            gates.open.append(neuron)
            gates.positive.append(above)
            gates.negative.append(below)
            gates.constants.append(below * (low or 0) if kind == "u" else 0)
        return gates


class Cell(NamedTuple):
    """A box, the signs assumed as (layer, neuron) -> 1 or -1, and what is known of the neurons of each layer."""

    box: Box
    signs: dict[tuple[int, int], int]
    layers: tuple[LayerState, ...]
    relaxed: bool = False


# ------------------------------------------------------------------------------------------ Products


class Matrix:
    """Rows of integers to be multiplied with a vector from the left; the sums are divided and rounded down.

    A row is packed into one long integer, entry j at bit 8 size j, so that one multiplication does for all entries.
    How many bytes a slot has follows from the factors: no sum leaves its slot.
    """

    def __init__(self, rows: list[list[int]], divisor: int = 1) -> None:
        self.rows, self.divisor, self.width = rows, divisor, len(rows[0])
        self.bits = max(abs(a) for row in rows for a in row).bit_length()
        self.kept = dict[int, tuple[list[int], int]]()
        shift = divisor.bit_length() - 1
        self.shift = shift if divisor == 1 << shift else 0  # division by 2^shift is left to the cutting of bytes
        self.pad = -self.shift % 8
        self.quotient = 1 if divisor == 1 << shift else divisor
        self.all = Gates(list(range(self.width)), [], [], [], [], {})

    def product(self, factors: list[int], chosen: list[int], wanted: Gates | None = None) -> list[int]:
        """The sums over i of factors[i] rows[chosen[i]][j] for the wanted j, divided."""
        size = slot(max(sum(map(abs, factors)).bit_length() + self.bits, self.shift) + self.pad)
        rows, halves = self.in_slots(size)
        total = sum(map(mul, factors, [rows[i] for i in chosen])) + halves
        bytes_, half = total.to_bytes(size * self.width, "little"), (1 << 8 * size - 1) >> self.shift + self.pad
        cuts = self.cuts(wanted or self.all, size)
        found = [int.from_bytes(bytes_[cut], "little") - half for cut in cuts]
        return found if self.quotient == 1 else [a // self.quotient for a in found]

    def in_slots(self, size: int) -> tuple[list[int], int]:
        """The rows in slots of so many bytes; and half a slot's range in each slot, which makes all sums positive."""
        if size not in self.kept:
            halves = int.from_bytes((1 << 8 * size - 1).to_bytes(size, "little") * self.width, "little")
            self.kept[size] = [packed(row, size, self.pad) - halves for row in self.rows], halves
        return self.kept[size]

    def cuts(self, wanted: Gates, size: int) -> list[slice]:
        """The bytes of each wanted entry, without those that the division takes away."""
        skip = (self.shift + self.pad) // 8
        if (size, skip) not in wanted.cuts:
            wanted.cuts[size, skip] = [slice(j * size + skip, (j + 1) * size) for j in wanted.open]
        return wanted.cuts[size, skip]


def slot(bits: int) -> int:
    """Bytes for a signed number of so many bits; of few different sizes, for packed rows are kept."""
    size = 8
    while 8 * size <= bits:
        size = size * 3 // 2 if size & size - 1 == 0 else size * 4 // 3
    return size


def packed(row: list[int], size: int, pad: int) -> int:
    """The sum of (row[j] 2^pad + half a slot's range) 2^(8 size j)."""
    half = 1 << 8 * size - 1
    return int.from_bytes(b"".join([((a << pad) + half).to_bytes(size, "little") for a in row]), "little")


# ------------------------------------------------------------------------------------------- Network


class SourceForm(NamedTuple):
    """A form with rational coefficients: [c, *A_0], and A_s for the layers s that occur."""

    exact: list[Fraction]
    parts: dict[int, list[Fraction]]


def combined(pairs: Iterable[tuple[Fraction, SourceForm]], inputs: int) -> SourceForm:
    """The sum of multiples of forms."""
    exact, parts = [Fraction(0)] * (1 + inputs), dict[int, list[Fraction]]()
    for factor, form in pairs:
        if factor:
            exact = [a + factor * b if b else a for a, b in zip(exact, form.exact)]
            for source, part in form.parts.items():
                before = parts.get(source, [Fraction(0)] * len(part))
                parts[source] = [a + factor * b if b else a for a, b in zip(before, part)]
    return SourceForm(exact, parts)


class Weights(NamedTuple):
    """A layer of the network: rows [b, *W_0] over ``scale``, and for each hidden layer s that it reads W_s over one."""

    exact: list[list[int]]
    scale: int
    parts: dict[int, tuple[list[list[int]], int]]

    def forms(self) -> list[SourceForm]:
        """What its neurons compute, as rationals."""
        return [
            SourceForm(over(row, self.scale), {s: over(rows[i], scale) for s, (rows, scale) in self.parts.items()})
            for i, row in enumerate(self.exact)
        ]


def over(row: list[int], scale: int) -> list[Fraction]:
    return [Fraction(a, scale) for a in row]


def weights_of(network: Network) -> list[Weights]:
    """The layers of the network, from the first hidden one."""
    read = [dict[int, list[list[int]]]() for _ in network.widths]
    for source, neurons in enumerate(network.feeds):
        for neuron, terms in enumerate(neurons):
            for layer, row, factor in terms:
                zeros = ([0] * network.widths[source] for _ in network.start[layer])
                rows = read[layer][source] if source in read[layer] else read[layer].setdefault(source, list(zeros))
                rows[row][neuron] = factor
    found = list[Weights]()
    for layer in range(1, len(network.widths)):
        scale = network.scale[layer]
        parts = {s: reduced(rows, scale // network.scale[s]) for s, rows in sorted(read[layer].items())}
        found.append(Weights(*reduced(network.start[layer], scale), parts))
    return found


def reduced(rows: list[list[int]], scale: int) -> tuple[list[list[int]], int]:
    """The same rationals over the least denominator."""
    common = gcd(scale, *(a for row in rows for a in row))
    return [[a // common for a in row] for row in rows], scale // common


class Layer(NamedTuple):
    """A hidden layer as the rule multiplies with it."""

    bias: list[int]  # over the unit
    inputs: Matrix | None  # over the unit; None if the layer does not read the input
    blocks: list[tuple[int, Matrix]]  # (s, W_s) for the hidden layers s that it reads
    products: int  # that count towards the limit, in one pass


# ---------------------------------------------------------------------------------------------- Rule


class Relaxation:
    """The rule for one network; ``rows``: the forms in inputs and neurons that are bounded besides pre-activations."""

    def __init__(
        self,
        network: Network,
        layers: list[Weights],
        precision: Precision,
        domain: list[Row],
        rows: list[SourceForm],
    ) -> None:
        self.inputs, self.widths, self.last = network.inputs, network.widths, network.last
        self.layers, self.precision, self.domain = layers[: network.last - 1], precision, domain
        scales = [layer.scale for layer in self.layers]
        self.unit = common_denominator([*scales, *(a.denominator for row in rows for a in row.exact)])
        self.hidden = [self.layer(layer) for layer in self.layers]
        self.spent, self.neurons = 0, dict[tuple[int, int], list[Form]]()

    def layer(self, layer: Weights) -> Layer:
        times = self.unit // layer.scale
        bias, inputs = [row[0] * times for row in layer.exact], [[a * times for a in row[1:]] for row in layer.exact]
        blocks = [(s, Matrix(rows, scale << self.precision.slopes)) for s, (rows, scale) in layer.parts.items()]
        products = len(bias) * (1 + self.inputs + sum(self.widths[source] for source in layer.parts))
        return Layer(bias, Matrix(inputs) if any(map(any, inputs)) else None, blocks, products)

    def start(self, form: SourceForm) -> Form:
        """A form as the rule begins with it: coefficients of neurons rounded down."""
        fine, bits = self.unit << self.precision.coefficients + self.precision.slopes, self.precision.coefficients
        parts = {s: [(a.numerator << bits) // a.denominator for a in part] for s, part in form.parts.items()}
        return Form([int(a * fine) for a in form.exact], parts)

    def multiple_of_input(self, i: int, factor: int) -> Form:
        exact = [0] * (1 + self.inputs)
        exact[1 + i] = factor * self.unit << self.precision.coefficients + self.precision.slopes
        return Form(exact, {})

    def pre_activations(self, layer: int, sign: int) -> list[Form]:
        """The forms z of a layer's neurons, or -z."""
        if (layer, sign) not in self.neurons:
            made, bits = self.layers[layer - 1], self.precision.coefficients
            times = sign * (self.unit // made.scale) << bits + self.precision.slopes
            self.neurons[layer, sign] = [
                Form(
                    [a * times for a in row],
                    {s: [(sign * a << bits) // scale for a in rows[i]] for s, (rows, scale) in made.parts.items()},
                )
                for i, row in enumerate(made.exact)
            ]
        return self.neurons[layer, sign]

    def spend(self, layer: int, passes: int) -> None:
        """Count passes through all hidden layers below one."""
        self.spent += passes * sum(below.products for below in self.hidden[: layer - 1])
        require(self.spent <= MAX_PRODUCTS, f"more than {MAX_PRODUCTS} products are needed")

    def low(self, form: Form, cell: Cell, reason: Reason = DEFAULTS) -> int | None:
        """The lower bound over 2^X, rounded down; None: there is none."""
        gates = [layer.gates(self.precision.slopes) for layer in cell.layers]
        exact, lows = list(form.exact), 0
        parts = {s: [part[i] for i in gates[s - 1].open] for s, part in form.parts.items()}
        for source in range(max([*parts, *reason.betas], default=0), 0, -1):
            here, betas = gates[source - 1], reason.betas.get(source)
            coefficients = parts.pop(source, None)
            if coefficients is None and betas is None:
                continue
            coefficients = coefficients or [0] * len(here.open)
            if any(coefficients[place] < 0 for place in here.without_low):
                return None
            positive = self.slopes(here, cell.layers[source - 1], reason.alphas.get(source))
            factors = [a * p if a > 0 else a * q for a, p, q in zip(coefficients, positive, here.negative)]
            lows -= sum([a * c for a, c in zip(coefficients, here.constants) if a < 0])
            for neuron, t in betas or ():
                factors[here.open.index(neuron)] -= cell.signs[source, neuron] * t << self.precision.coefficients
            self.read(self.hidden[source - 1], factors, here.open, gates, exact, parts)
        return self.least(self.without_domain(exact, reason.lambdas), lows, cell.box)

    def slopes(self, gates: Gates, state: LayerState, alphas: list[int | None] | None) -> list[int]:
        """What positive coefficients are multiplied with: the slopes named, elsewhere the defaults."""
        if alphas is None:
            return gates.positive
        step = (1 << self.precision.slopes) // LEVELS
        chosen = ((default, alphas[i]) if state.kinds[i] == "u" else (default, None)
                  for default, i in zip(gates.positive, gates.open))  # fmt: skip
        return [default if k is None else k * step for default, k in chosen]

    def read(
        self,
        layer: Layer,
        factors: list[int],
        chosen: list[int],
        gates: list[Gates],
        exact: list[int],
        parts: dict[int, list[int]],
    ) -> None:
        """Add the pre-activations of chosen neurons, times factors over 2^(S+P), to a form."""
        exact[0] += sum(map(mul, factors, [layer.bias[i] for i in chosen]))
        if layer.inputs:
            exact[1:] = map(add, exact[1:], layer.inputs.product(factors, chosen))
        for source, matrix in layer.blocks:
            found = matrix.product(factors, chosen, gates[source - 1])
            before = parts.get(source)
            parts[source] = found if before is None else list(map(add, before, found))

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
