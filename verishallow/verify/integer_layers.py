"""A network over integers, as the substitution backwards multiplies with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import Any, Self

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector
from verishallow.verify.limbs import Digits, Integers, Limbs, StackedMatrix, lines_of, taken, words_or_none
from verishallow.verify.outputs import SourceForm, neuron_forms
from verishallow.verify.precision import RoundingBits


@dataclass(frozen=True, slots=True)
class Forms:
    """Forms of the sources, one per line: ``parts`` over 2^S, the others over ``fine``.

    ``node`` says on which cell of a batch each form is bounded.
    """

    constant: list[int]
    inputs: Digits
    parts: dict[int, Integers]
    node: NDArray[np.intp]

    def of(self, rows: NDArray[np.intp], node: NDArray[np.intp]) -> "Forms":
        """Some of them, each on a cell."""
        parts = {source: lines_of(part, rows) for source, part in self.parts.items()}
        return Forms([self.constant[row] for row in rows.tolist()], taken(self.inputs, rows), parts, node)


@dataclass(frozen=True, slots=True)
class Block:
    """The weights with which a layer reads a hidden source, over a denominator."""

    source: int
    matrix: StackedMatrix
    denominator: int


@dataclass(frozen=True, slots=True)
class HiddenLayer:
    """What a neuron's coefficient is multiplied with: its bias and its weights on the inputs over ``scale``."""

    bias: StackedMatrix
    inputs: StackedMatrix | None
    blocks: tuple[Block, ...]

    @property
    def width(self) -> int:
        """The number of neurons."""
        return self.bias.height


@dataclass(frozen=True)
class IntegerLayers:
    """A network over integers: hidden weights over one denominator per layer, the rest over ``scale``.

    ``scale`` is a multiple of all denominators of biases, of weights on inputs, and of the rows that are bounded.
    """

    network: ReLUNetwork
    precision: RoundingBits
    scale: int
    limbs: Limbs

    @classmethod
    def of(cls, network: ReLUNetwork, precision: RoundingBits, rows: Iterable[SourceForm] = ()) -> Self:
        """The integers of a network, and of rows in its inputs and outputs that are to be bounded."""
        hidden = [form for k in range(1, len(network.layers)) for form in neuron_forms(network, k)]
        exact = [a for form in (*hidden, *rows) for a in (form.constant, *form.inputs)]
        return cls(network, precision, lcm(*_denominators(exact)), Limbs.for_sums_of(max(network.widths)))

    @property
    def depth(self) -> int:
        """The number of hidden layers, K."""
        return len(self.network.layers) - 1

    @property
    def fine(self) -> int:
        """The denominator of what is not rounded: of constants, and of coefficients of inputs."""
        return self.scale << self.precision.coefficients + self.precision.slopes

    @cached_property
    def hidden(self) -> tuple[HiddenLayer, ...]:
        """The hidden layers."""
        return tuple(self._layer(neuron_forms(self.network, k)) for k in range(1, self.depth + 1))

    @cached_property
    def neurons(self) -> tuple[Forms, ...]:
        """Per hidden layer the forms z of its neurons, then the forms -z."""
        rows = [neuron_forms(self.network, k) for k in range(1, self.depth + 1)]
        return tuple(self.forms([*each, *(form.scaled(mpq(-1)) for form in each)]) for each in rows)

    def forms(self, rows: Sequence[SourceForm]) -> Forms:
        """Forms on the first cell, rounded down as the rule begins."""
        sources, unit = sorted({source for row in rows for source in row.parts}), 1 << self.precision.coefficients
        parts = {s: [[_floor(a, unit) for a in row.parts.get(s, self._zeros(s))] for row in rows] for s in sources}
        return Forms(
            [_floor(row.constant, self.fine) for row in rows],
            self.limbs.of([[_floor(a, self.fine) for a in row.inputs] for row in rows]),
            {source: self._integers(part) for source, part in parts.items()},
            np.zeros(len(rows), dtype=np.intp),
        )

    def _zeros(self, source: int) -> Vector:
        return (mpq(0),) * self.network.widths[source]

    def _integers(self, rows: Any) -> Integers:
        words = words_or_none(rows)
        return self.limbs.of(rows) if words is None else words

    def _layer(self, neurons: Sequence[SourceForm]) -> HiddenLayer:
        bias = [[int(form.constant * self.scale)] for form in neurons]
        inputs = [[int(a * self.scale) for a in form.inputs] for form in neurons]
        common = lcm(*_denominators(a for form in neurons for part in form.parts.values() for a in part))
        sources = sorted({source for form in neurons for source in form.parts})
        blocks = [Block(s, self._matrix([form.parts[s] for form in neurons], common), common) for s in sources]
        reads_inputs = any(any(row) for row in inputs)
        return HiddenLayer(self.limbs.matrix(bias), self.limbs.matrix(inputs) if reads_inputs else None, tuple(blocks))

    def _matrix(self, rows: Sequence[Vector], common: int) -> StackedMatrix:
        return self.limbs.matrix([[int(a * common) for a in row] for row in rows])


def _floor(value: mpq, scale: int) -> int:
    return int(value.numerator) * scale // int(value.denominator)


def _denominators(values: Iterable[Any]) -> set[int]:
    return {1, *(int(a.denominator) for a in values)}
