"""The arrays of a three-layer network in float64, its matrices sparse where they are large."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.rationals import format_rational
from verishallow.write.networks.float_numbers import nearest_float
from verishallow.write.networks.gated_network import GatedNetwork, Weights

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class SparseMatrix:
    """The non-zero entries of a matrix, exact, in the order of rows."""

    rows: Integers
    columns: Integers
    exact: tuple[mpq, ...]
    shape: tuple[int, int]

    @classmethod
    def of(cls, rows: Sequence[Weights], columns: int) -> "SparseMatrix":
        """The matrix with these rows."""
        entries = [(number, column, weight) for number, row in enumerate(rows) for column, weight in row]
        numbers = np.array([entry[:2] for entry in entries], np.int64).reshape(-1, 2)
        exact = tuple(weight for _, _, weight in entries)
        return cls(numbers[:, 0], numbers[:, 1], exact, (len(rows), columns))

    @property
    def values(self) -> Floats:
        """The entries, rounded to nearest."""
        return rounded(self.exact)

    def dense(self) -> Floats:
        """The dense matrix."""
        matrix = np.zeros(self.shape)
        matrix[self.rows, self.columns] = self.values
        return matrix


def rounded(values: Iterable[mpq]) -> Floats:
    """Rationals as float64, to nearest."""
    return np.array([nearest_float(value) for value in values], np.float64)


def texts(values: Iterable[mpq]) -> Array:
    """Rationals as exact texts."""
    return np.array([format_rational(value) for value in values], np.str_)


def first_weights(network: GatedNetwork) -> SparseMatrix:
    """W1, a row for each unit of layer 1."""
    rows = [tuple((i, a) for i, a in enumerate(form.linear) if a) for form in network.first]
    return SparseMatrix.of(rows, network.inputs)


def second_weights(network: GatedNetwork) -> SparseMatrix:
    """The finite part of W2, a row for each unit of layer 2."""
    return SparseMatrix.of([unit.weights for unit in network.second], len(network.first))


def third_weights(network: GatedNetwork) -> SparseMatrix:
    """W3, a row for each output."""
    return SparseMatrix.of(network.third, len(network.second))


def gate_matrix(network: GatedNetwork) -> NDArray[np.bool_]:
    """For each gate set, which units of layer 1 belong to it."""
    matrix = np.zeros((len(network.gate_sets), len(network.first)), np.bool_)
    for number, gates in enumerate(network.gate_sets):
        matrix[number, list(gates)] = True
    return matrix
