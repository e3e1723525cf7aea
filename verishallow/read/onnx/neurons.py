"""The hidden neurons that a file's operators make, and the layers into which they are put.

A neuron goes into the earliest layer possible: the one after the last that it reads. Each
neuron of a ReLU in the file is kept. A ReLU by which another operator is expressed (a maximum, a clip) makes only
neurons that are needed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.affine import ONE, ZERO
from verishallow.errors import SMALLER, LimitError, NetworkError
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector
from verishallow.read.onnx.affine_rows import AffineRows, Indices, constant_rows, stacked, variable_rows

MAX_NEURONS = 2**18
"""Hidden neurons allowed."""

MAX_WEIGHTS = 2**26
"""Weights allowed in all layers together, zeros included."""

Flags = NDArray[np.bool_]
Key = tuple[mpq, bytes, mpq]
Held = tuple[int, list[mpq]]
"""A neuron's variable, and the coefficients of its row."""


@dataclass(slots=True)
class Neurons:
    """All hidden neurons so far: variable ``inputs + i`` is the output of neuron i.

    >>> neurons = Neurons(1)
    >>> once = neurons.relu(variable_rows([0]))
    >>> neurons.network(neurons.relu(once)) == ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
    True
    """

    inputs: int
    blocks: list[AffineRows] = field(default_factory=list)
    depths: Indices = field(init=False)
    known: dict[Key, list[Held]] = field(default_factory=dict)
    firsts: list[int] = field(default_factory=list)
    """The first variable of each block."""
    unfolded: dict[int, Any] = field(default_factory=dict)
    """Neurons as functions of one form, as far as they have been needed."""

    def __post_init__(self) -> None:
        self.depths = np.zeros(self.inputs, np.int64)

    @property
    def count(self) -> int:
        """The number of neurons."""
        return len(self.depths) - self.inputs

    def relu(self, rows: AffineRows) -> AffineRows:
        """A ReLU of the file: each row becomes a neuron, except constants, neurons, and rows of an earlier ReLU."""
        neurons = (rows.lengths == 1) & ~rows.constants.astype(bool)
        neurons[neurons] = self._is_neuron(rows.picked(np.flatnonzero(neurons)))
        return self._rectified(rows, neurons | _signs(rows, 1, rows.lengths == 0), share=False)

    def relu_if_needed(self, rows: AffineRows) -> AffineRows:
        """A ReLU that expresses another operator: no neuron where the sign is obvious, and equal rows share one."""
        rows = rows.without_zeros()
        hidden = np.ones(len(rows), bool)
        hidden[rows.row_of_term[rows.variables < self.inputs]] = False
        return self._rectified(rows, _signs(rows, 1, hidden), share=True, zero=_signs(rows, -1, hidden))

    def network(self, outputs: AffineRows, notes: Sequence[str] = ()) -> ReLUNetwork:
        """The network of these outputs, with the neurons that they read."""
        if not len(outputs):
            raise NetworkError("expected an output with at least one neuron, found none")
        rows, live = stacked([*self.blocks, outputs]), self.live(outputs)
        hidden = [np.flatnonzero(live & (self.depths == depth)) for depth in range(1, self.depths.max() + 1)]
        last = np.arange(len(self.depths), len(self.depths) + len(outputs))
        sources = [np.arange(self.inputs), *(layer for layer in hidden if len(layer)), last]
        return ReLUNetwork(self.inputs, _layers(sources, rows), tuple(notes))

    def _is_neuron(self, rows: AffineRows) -> Flags:
        found: Flags = (rows.variables >= self.inputs) & (rows.coefficients == ONE)
        return found

    def _rectified(self, rows: AffineRows, plain: Flags, *, share: bool, zero: Flags | None = None) -> AffineRows:
        """``plain`` rows unchanged, 0 for others that are ``zero`` (by default constant), neurons for the rest."""
        inactive = ~plain & (rows.lengths == 0) if zero is None else ~plain & zero
        wanted = np.flatnonzero(~plain & ~inactive)
        if self.count + len(wanted) > MAX_NEURONS:
            raise LimitError(f"expected at most {MAX_NEURONS} neurons, found {self.count + len(wanted)} up to here")
        result = rows.replaced(np.flatnonzero(inactive), constant_rows([0] * int(inactive.sum())))
        return result.replaced(wanted, variable_rows(self._numbers(rows.picked(wanted), share=share)))

    def _numbers(self, rows: AffineRows, *, share: bool) -> list[int]:
        """The variable of each row's neuron; one is made where no earlier neuron has the same row."""
        old = len(self.depths)
        numbers, created = list[int](), list[int]()
        for number, (key, coefficients) in enumerate(_keys(rows)):
            same = self.known.setdefault(key, [])
            found = next((v for v, held in same if (share or v < old) and held == coefficients), None)
            if found is None:
                found = old + len(created)
                created.append(number)
                same.append((found, coefficients))
            numbers.append(found)
        self._append(rows.picked(np.array(created, np.int64)))
        return numbers

    def _append(self, rows: AffineRows) -> None:
        depths = np.zeros(len(rows), np.int64)
        np.maximum.at(depths, rows.row_of_term, self.depths[rows.variables])
        self.firsts.append(len(self.depths))
        self.depths = np.concatenate([self.depths, depths + 1])
        self.blocks.append(rows)

    def row(self, variable: int) -> tuple[AffineRows, int]:
        """What a neuron rectifies: rows, and the number of the one that is meant."""
        block = bisect_right(self.firsts, variable) - 1
        return self.blocks[block], variable - self.firsts[block]

    def live(self, outputs: AffineRows) -> Flags:
        """Which variables the outputs read, directly or through neurons."""
        rows = stacked([*self.blocks, outputs])
        live = np.zeros(len(self.depths) + len(outputs), bool)
        live[len(self.depths) :] = True
        for number in range(len(rows) - 1, -1, -1):
            if live[self.inputs + number]:
                live[rows.variables[rows.starts[number] : rows.starts[number + 1]]] = True
        return live[: len(self.depths)]


def _layers(sources: Sequence[Indices], rows: AffineRows) -> tuple[Layer, ...]:
    """The layers that compute the sources, whose variables are given; source 0 is the input."""
    inputs, size = len(sources[0]), int(sources[-1][-1]) + 1
    source_of, place = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for number, variables in enumerate(sources):
        source_of[variables], place[variables] = number, np.arange(len(variables))
    widths = np.array([len(variables) for variables in sources])
    pieces = [rows.picked(variables - inputs) for variables in sources[1:]]
    reads = [
        np.unique(source_of[piece.variables]) if len(piece.variables) else np.zeros(1, np.int64) for piece in pieces
    ]
    if sum(len(piece) * int(widths[read].sum()) for piece, read in zip(pieces, reads, strict=True)) > MAX_WEIGHTS:
        raise LimitError(f"the layers have more than {MAX_WEIGHTS} weights together; {SMALLER}")
    pairs = zip(pieces, reads, strict=True)
    return tuple(_layer(piece, read, widths, source_of, place) for piece, read in pairs)


def _layer(rows: AffineRows, reads: Indices, widths: Indices, source_of: Indices, place: Indices) -> Layer:
    """One layer; its columns are the entries of the sources that it reads, in order."""
    offsets = np.zeros(len(widths), np.int64)
    offsets[reads] = np.cumsum(widths[reads]) - widths[reads]
    places = offsets[source_of[rows.variables]] + place[rows.variables]
    width, bounds = int(widths[reads].sum()), pairwise(rows.starts.tolist())
    terms = list(zip(places.tolist(), rows.coefficients.tolist(), strict=True))
    weight = tuple(_row(width, terms[start:end]) for start, end in bounds)
    return Layer(weight, tuple(rows.constants.tolist()), tuple(reads.tolist()))


def _row(width: int, terms: Iterable[tuple[int, mpq]]) -> Vector:
    row = [ZERO] * width
    for place, coefficient in terms:
        row[place] = coefficient
    return tuple(row)


def _signs(rows: AffineRows, sign: int, where: Flags) -> Flags:
    """Which of these rows have no number of the opposite sign."""
    fits: Flags = where & (rows.constants * sign >= 0)
    terms = np.flatnonzero(where[rows.row_of_term])
    fits[rows.row_of_term[terms[rows.coefficients[terms] * sign < 0]]] = False
    return fits


def _keys(rows: AffineRows) -> Iterator[tuple[Key, list[mpq]]]:
    """A key that equal rows share, and few others do, and the coefficients of each row."""
    for constant, (start, end) in zip(rows.constants.tolist(), pairwise(rows.starts.tolist()), strict=True):
        coefficients = rows.coefficients[start:end].tolist()
        yield (constant, rows.variables[start:end].tobytes(), coefficients[0] if coefficients else ZERO), coefficients
