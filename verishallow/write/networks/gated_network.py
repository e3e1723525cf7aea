"""The three-layer network in the form of the exports: finite weights, and the sets of units that shut a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm
from verishallow.errors import InputError
from verishallow.rationals import Vector
from verishallow.shallow.three_layer import SparseLayer, SparseRow, ThreeLayerNetwork

Weights = tuple[tuple[int, mpq], ...]
"""The non-zero finite weights of a unit: pairs (unit below, weight), units increasing."""


@dataclass(frozen=True, slots=True)
class ExportedUnit:
    """A unit of layer 2: ``ReLU(weights . u + bias)``, and 0 where a unit of its gate set is positive."""

    weights: Weights
    bias: mpq
    gate_set: int


@dataclass(frozen=True, slots=True)
class GatedNetwork:
    """A three-layer network whose only infinite weights are the -inf of layer 2.

    ``first``: the pre-activations of layer 1. ``gate_sets``: the distinct sets of units of layer 1 that a unit of
    layer 2 reads with weight -inf; the empty set is one of them where a unit has none.
    """

    inputs: int
    first: tuple[AffineForm, ...]
    gate_sets: tuple[tuple[int, ...], ...]
    second: tuple[ExportedUnit, ...]
    third: tuple[Weights, ...]
    third_bias: Vector

    @classmethod
    def of(cls, network: ThreeLayerNetwork) -> "GatedNetwork":
        """The same network, equal units of layer 1 merged.

        >>> from verishallow import ReLUNetwork, prove
        >>> gated = GatedNetwork.of(prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])).shallow)
        >>> gated.first, gated.gate_sets
        ((AffineForm(x0), AffineForm(-x0)), ((1,), (0,), (0, 1)))
        """
        reduced = network.reduced()
        numbers: dict[tuple[int, ...], int] = {}
        units = []
        for row, bias in zip(reduced.layer2.rows, reduced.layer2.bias, strict=True):
            gates = tuple(index for index, weight in row if weight.infinite)
            if any(weight.infinite > 0 for _, weight in row):
                raise InputError("layer 2: expected no weight +inf, found one")
            units.append(ExportedUnit(_finite(row), bias, numbers.setdefault(gates, len(numbers))))
        # A constant network reads no unit of layer 1, and a layer has one.
        first = _forms(reduced.layer1, network.inputs) or (AffineForm.coordinate(0, network.inputs),)
        third = reduced.layer3
        rows = tuple(_all_finite(row, 3) for row in third.rows)
        return cls(network.inputs, first, tuple(numbers), tuple(units), rows, third.bias)

    @property
    def outputs(self) -> int:
        """The number of outputs, m."""
        return len(self.third)

    @property
    def gates(self) -> frozenset[int]:
        """The units of layer 1 that shut a unit of layer 2."""
        return frozenset(unit for gates in self.gate_sets for unit in gates)

    @property
    def read_finitely(self) -> tuple[int, ...]:
        """The units of layer 1 that a unit of layer 2 reads with a finite weight."""
        return tuple(sorted({index for unit in self.second for index, _ in unit.weights}))

    def scaled(self, factors: Mapping[int, mpq]) -> "GatedNetwork":
        """The same function, with units of layer 1 that only shut units multiplied by positive factors.

        ``-inf`` times a positive number does not change when that number is multiplied by a factor.
        """
        first = tuple(form.scaled(factors.get(index, mpq(1))) for index, form in enumerate(self.first))
        return GatedNetwork(self.inputs, first, self.gate_sets, self.second, self.third, self.third_bias)


def _finite(row: SparseRow) -> Weights:
    return tuple((index, weight.finite) for index, weight in row if not weight.infinite and weight.finite)


def _all_finite(row: SparseRow, layer: int) -> Weights:
    if any(weight.infinite for _, weight in row):
        raise InputError(f"layer {layer}: expected finite weights, found an infinite one")
    return _finite(row)


def _forms(layer: SparseLayer, inputs: int) -> tuple[AffineForm, ...]:
    return tuple(
        AffineForm((bias, *_dense(_all_finite(row, 1), inputs)))
        for row, bias in zip(layer.rows, layer.bias, strict=True)
    )


def _dense(weights: Weights, size: int) -> Sequence[mpq]:
    found = dict(weights)
    return [found.get(index, ZERO) for index in range(size)]
