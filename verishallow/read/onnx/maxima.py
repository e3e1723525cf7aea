"""Maxima, minima and clips by ReLU that read earlier layers, without an invented hyperplane.

``max(a, b) = b + ReLU(a - b)``; of more than two it is a chain of such, in pairs;
``clip(h) = low + ReLU(h - low) - ReLU(h - high)``.
"""

import numpy as np

from verishallow.affine import ONE
from verishallow.errors import NetworkError
from verishallow.read.onnx.affine_rows import AffineRows, Indices, Objects, constant_rows, minus, plus, stacked, times
from verishallow.read.onnx.neurons import Neurons

ABSENT = -1
"""Stands for no entry in a window."""


def negative(rows: AffineRows) -> AffineRows:
    """The rows times -1."""
    return times(rows, np.full(len(rows), -ONE, dtype=object))


def maximum(neurons: Neurons, first: AffineRows, second: AffineRows) -> AffineRows:
    """``second + ReLU(first - second)``, row by row; where one of the two is constant it is the second."""
    fixed = (first.lengths == 0) & (second.lengths > 0)
    if fixed.any():
        pool, here = stacked([first, second]), np.arange(len(first))
        there = here + len(first)
        first, second = pool.picked(np.where(fixed, there, here)), pool.picked(np.where(fixed, here, there))
    return plus(second, neurons.relu_if_needed(minus(first, second)))


def minimum(neurons: Neurons, first: AffineRows, second: AffineRows) -> AffineRows:
    """``second - ReLU(second - first)``, row by row."""
    return negative(maximum(neurons, negative(first), negative(second)))


def clipped(neurons: Neurons, rows: AffineRows, low: Objects | None, high: Objects | None) -> AffineRows:
    """The rows clipped to constant bounds, either of which may be absent; where they cross, the upper one counts."""
    if high is None:
        return rows if low is None else maximum(neurons, rows, constant_rows(low))
    if low is None:
        return minimum(neurons, rows, constant_rows(high))
    least, greatest = constant_rows(np.minimum(low, high)), constant_rows(high)
    above, beyond = neurons.relu_if_needed(minus(rows, least)), neurons.relu_if_needed(minus(rows, greatest))
    return plus(least, minus(above, beyond))


def maxima(neurons: Neurons, rows: AffineRows, windows: Indices) -> AffineRows:
    """The maximum of the rows in each window: a chain of maxima of two, neighbours first.

    ``windows`` has rank 2: one row per window, the numbers of its entries, ``ABSENT`` where there is none.
    """
    if not (windows >= 0).any(axis=1).all():
        raise NetworkError("expected each maximum to be of at least one entry, found one of none")
    table = np.take_along_axis(windows, np.argsort(windows < 0, axis=1, kind="stable"), axis=1)
    while table.shape[1] > 1:
        rows, table = _paired(neurons, rows, table)
    return rows.picked(table.ravel())


def _paired(neurons: Neurons, rows: AffineRows, table: Indices) -> tuple[AffineRows, Indices]:
    """Windows of half the width: the maximum of each two neighbours, and the rows with these maxima added."""
    first, second = table[:, 0::2], np.full_like(table[:, 0::2], ABSENT)
    second[:, : table.shape[1] // 2] = table[:, 1::2]
    both = second >= 0
    pairs, number = np.unique(np.stack([first[both], second[both]]), axis=1, return_inverse=True)
    larger = maximum(neurons, rows.picked(pairs[0]), rows.picked(pairs[1]))
    halved = first.copy()
    halved[both] = len(rows) + number.ravel()
    return stacked([rows, larger]), halved


def chain_of(length: int) -> str:
    """The note about a maximum of this many entries."""
    return f"a maximum of {length} is a chain of {length - 1} maxima of two"


def leaky(neurons: Neurons, rows: AffineRows, slopes: Objects) -> AffineRows:
    """``slope * h + (1 - slope) * ReLU(h)``, row by row: one neuron per row, for rational slopes of either sign."""
    bent = times(neurons.relu(rows), ONE - slopes)
    return plus(times(rows, slopes).without_zeros(), bent.without_zeros())


def absolute(neurons: Neurons, rows: AffineRows) -> AffineRows:
    """``2 ReLU(h) - h``, row by row."""
    positive = neurons.relu_if_needed(rows)
    return minus(plus(positive, positive), rows)
