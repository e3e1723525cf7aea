"""Exact values of a network at many points at once."""

from collections.abc import Iterator, Sequence
from itertools import chain
from math import lcm

from flint import fmpz_mat
from gmpy2 import mpq

from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector
from verishallow.regions.integer_network import IntegerNetwork

BLOCK = 4096
"""Points that are evaluated together."""

Rows = list[list[int]]


def values_at(network: ReLUNetwork, points: Sequence[Vector]) -> Iterator[Vector]:
    """The outputs at rational points, in order.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> [int(y) for (y,) in values_at(modulus, [(mpq(-2),), (mpq(3),)])]
    [2, 3]
    """
    integers = IntegerNetwork.of(network)
    for start in range(0, len(points), BLOCK):
        rows = [_homogeneous(point) for point in points[start : start + BLOCK]]
        scale = integers.layers[-1].scale
        for row, values in zip(rows, _outputs(integers, rows), strict=True):
            yield tuple(mpq(value, scale * row[0]) for value in values)


def _homogeneous(point: Vector) -> list[int]:
    at = lcm(*(int(x.denominator) for x in point))
    return [at, *(int(x * at) for x in point)]


def _outputs(network: IntegerNetwork, points: Rows) -> Rows:
    at, sources = [[row[0]] for row in points], [[row[1:] for row in points]]
    for layer in network.layers:
        rows = [list(chain(*parts)) for parts in zip(at, *(sources[source] for source in layer.reads), strict=True)]
        values = [[int(a) for a in row] for row in (fmpz_mat(rows) * layer.exact_weight).tolist()]
        sources.append([[max(a, 0) for a in row] for row in values])
    return values
