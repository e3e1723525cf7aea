"""Networks of finite weights with one or two hidden layers, by their non-zero weights."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gmpy2 import mpq

from verishallow.affine import ONE, ZERO
from verishallow.errors import NetworkError
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import ExtendedRational, Vector
from verishallow.shallow.three_layer import SparseLayer, SparseRow, ThreeLayerNetwork


@dataclass(frozen=True, slots=True)
class FiniteNetwork:
    """A chain of one to three layers of finite weights; each but the last is followed by ReLU.

    >>> double = FiniteNetwork.of(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[2, -2]], [0])]))
    >>> double([-3]), double.three_layer()([-3]), double.network([-3])
    ((mpq(-6,1),), (mpq(-6,1),), (mpq(-6,1),))
    """

    inputs: int
    layers: tuple[SparseLayer, ...]

    @classmethod
    def of(cls, network: ReLUNetwork) -> "FiniteNetwork":
        """The network as a chain; each of its layers must read only the one before."""
        if any(layer.reads != (number,) for number, layer in enumerate(network.layers)):
            raise NetworkError("expected layers that read the one before alone, found one that reads others")
        return cls(
            network.inputs,
            tuple(SparseLayer(tuple(map(sparse, layer.weight)), layer.bias) for layer in network.layers),
        )

    def __repr__(self) -> str:
        return f"<FiniteNetwork {'-'.join(map(str, self.widths))}>"

    def __call__(self, point: Iterable[Any]) -> Vector:
        """The exact value at a point."""
        return self.three_layer()(point)

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of inputs, then the width of each layer."""
        return (self.inputs, *(layer.width for layer in self.layers))

    def three_layer(self) -> ThreeLayerNetwork:
        """The same function with two hidden layers; layers that are added pass values through."""
        *hidden, last = self.layers
        if not hidden:
            hidden, last = [_both_signs(last)], _differences(last.width)
        second = hidden[1] if len(hidden) > 1 else _identity(hidden[0].width)
        return ThreeLayerNetwork(self.inputs, hidden[0], second, last)

    @property
    def network(self) -> ReLUNetwork:
        """The same network with all its weights, zeros included."""
        return ReLUNetwork(
            self.inputs,
            tuple(
                Layer(tuple(_dense(row, width) for row in layer.rows), layer.bias, (number,))
                for number, ((width, _), layer) in enumerate(zip(pairwise(self.widths), self.layers, strict=True))
            ),
        )


def sparse(row: Iterable[mpq]) -> SparseRow:
    """The non-zero entries of a row."""
    return tuple((index, ExtendedRational(a)) for index, a in enumerate(row) if a)


def _dense(row: SparseRow, width: int) -> Vector:
    found = {index: weight.finite for index, weight in row}
    return tuple(found.get(index, ZERO) for index in range(width))


def _identity(width: int) -> SparseLayer:
    return SparseLayer(tuple(((unit, ExtendedRational(ONE)),) for unit in range(width)), (ZERO,) * width)


def _both_signs(layer: SparseLayer) -> SparseLayer:
    rows = [
        tuple((index, ExtendedRational(sign * weight.finite)) for index, weight in row)
        for row in layer.rows
        for sign in (1, -1)
    ]
    return SparseLayer(tuple(rows), tuple(sign * b for b in layer.bias for sign in (1, -1)))


def _differences(width: int) -> SparseLayer:
    signs = [((2 * unit, ExtendedRational(ONE)), (2 * unit + 1, ExtendedRational(-ONE))) for unit in range(width)]
    return SparseLayer(tuple(signs), (ZERO,) * width)
