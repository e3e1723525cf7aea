"""Networks of two hidden layers with extended-rational weights, and their exact evaluation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, AffineMap
from verishallow.displayed import Displayed
from verishallow.errors import NetworkError, UndefinedArithmeticError
from verishallow.rationals import NEGATIVE_INFINITY, ExtendedRational, Vector, counted, rows_of, vector

SparseRow = tuple[tuple[int, ExtendedRational], ...]
"""The non-zero weights of one neuron: pairs (index of the unit below, weight), indices increasing."""


@dataclass(frozen=True, slots=True)
class SparseLayer:
    """An affine map by its non-zero weights: one row and one finite bias per neuron."""

    rows: tuple[SparseRow, ...]
    bias: Vector

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.bias):
            raise NetworkError(f"a layer of {len(self.rows)} rows needs as many biases, found {len(self.bias)}")

    def __repr__(self) -> str:
        return f"<SparseLayer of {counted(self.width, 'unit')}, {counted(self.nonzeros(), 'weight')} not 0>"

    def __call__(self, values: Sequence[ExtendedRational]) -> list[ExtendedRational]:
        """The pre-activations."""
        return [
            sum((weight * values[index] for index, weight in row), ExtendedRational(b))
            for row, b in zip(self.rows, self.bias, strict=True)
        ]

    @property
    def width(self) -> int:
        """The number of neurons."""
        return len(self.bias)

    def nonzeros(self) -> int:
        """The number of non-zero weights."""
        return sum(len(row) for row in self.rows)

    def infinite_weights(self) -> int:
        """The number of infinite weights."""
        return sum(1 for row in self.rows for _, weight in row if weight.infinite)


@dataclass(frozen=True, slots=True)
class ThreeLayerNetwork(Displayed):
    """``y = W3 ReLU(W2 ReLU(W1 x + b1) + b2) + b3`` over the extended rationals (two hidden layers).

    Evaluation is exact, with ``0 * (-inf) = 0``, ``finite + (-inf) = -inf`` and ``ReLU(-inf) = 0``; a sum
    ``inf - inf`` raises :class:`~verishallow.errors.UndefinedArithmeticError`.
    Source: Villani & Schoots, arXiv 2306.11827.

    >>> from verishallow import ReLUNetwork, prove
    >>> shallow = prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])).shallow
    >>> shallow(["2/3"]), shallow.layer2.infinite_weights()
    ((mpq(2,3),), 8)
    """

    inputs: int
    layer1: SparseLayer
    layer2: SparseLayer
    layer3: SparseLayer

    def __repr__(self) -> str:
        widths = (self.inputs, self.layer1.width, self.layer2.width, self.layer3.width)
        return f"<ThreeLayerNetwork {'-'.join(map(str, widths))}>"

    def __call__(self, point: Iterable[Any]) -> Vector:
        """The exact value at a point; of a batch, an array or sequence of points, the tuple of its values."""
        if (batch := rows_of(point)) is not None:
            return tuple(self(each) for each in batch)
        values = [ExtendedRational(x) for x in vector(point)]
        if len(values) != self.inputs:
            raise NetworkError(f"expected a point with {self.inputs} coordinates, found {len(values)}")
        for layer in (self.layer1, self.layer2):
            values = [z.relu() for z in layer(values)]
        return tuple(_finite(y) for y in self.layer3(values))

    @property
    def outputs(self) -> int:
        """The number of outputs, m."""
        return self.layer3.width

    def reduced(self) -> "ThreeLayerNetwork":
        """The same function with equal units of layer 1 merged and without units that none reads."""
        used = sorted({index for row in self.layer2.rows for index, _ in row})
        first = {_neuron(self.layer1, index): index for index in reversed(used)}
        kept = sorted(first.values())
        position = {index: place for place, index in enumerate(kept)}
        place = {index: position[first[_neuron(self.layer1, index)]] for index in used}
        return ThreeLayerNetwork(
            self.inputs,
            SparseLayer(tuple(self.layer1.rows[i] for i in kept), tuple(self.layer1.bias[i] for i in kept)),
            SparseLayer(tuple(_merged(row, place) for row in self.layer2.rows), self.layer2.bias),
            self.layer3,
        )


def _finite(value: ExtendedRational) -> mpq:
    if value.infinite:
        raise UndefinedArithmeticError("an output of the network is infinite")
    return value.finite


def _neuron(layer: SparseLayer, index: int) -> tuple[SparseRow, mpq]:
    return layer.rows[index], layer.bias[index]


def _merged(row: SparseRow, place: Mapping[int, int]) -> SparseRow:
    total: dict[int, ExtendedRational] = {}
    for index, weight in row:
        total[place[index]] = total[place[index]] + weight if place[index] in total else weight
    return tuple(sorted(total.items()))


class ThreeLayerBuilder:
    """Collects the units of a cell tree into a :class:`ThreeLayerNetwork`, in the order in which they are added.

    Layer 1 starts with the pass-through units ``ReLU(x_i)``, ``ReLU(-x_i)`` of every input.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        self._inputs = inputs
        coordinates = [AffineForm.coordinate(i, inputs) for i in range(inputs)]
        self._layer1 = [form for x in coordinates for form in (x, -x)]
        self._layer2: list[tuple[SparseRow, mpq]] = []
        self._layer3: list[list[tuple[int, ExtendedRational]]] = [[] for _ in range(outputs)]

    def add_plane(self, plane: AffineForm) -> int:
        """Add violation units ``ReLU(plane)``, ``ReLU(-plane)``; return the index of the first, the other follows."""
        return self.add_units(plane, -plane)

    def add_units(self, one: AffineForm, other: AffineForm) -> int:
        """Add units ``ReLU(one)``, ``ReLU(other)`` to layer 1; return the index of the first, the other follows."""
        self._layer1 += [one, other]
        return len(self._layer1) - 2

    def add_gated_map(self, affine_map: AffineMap, gates: Iterable[int], weight: int) -> None:
        """Add two units ``ReLU(+-F_o - inf * gates)`` per output ``o``, weighted ``+-weight`` in layer 3."""
        closed = [(index, NEGATIVE_INFINITY) for index in gates]
        for output, form in enumerate(affine_map.forms):
            for sign in (1, -1):
                signed = form if sign > 0 else -form
                self._layer3[output].append((len(self._layer2), ExtendedRational(mpq(sign * weight))))
                self._layer2.append((tuple(sorted(_through(signed) + closed)), signed.constant))

    def add_gated_unit(
        self,
        form: AffineForm,
        through: Iterable[tuple[int, mpq]],
        gates: Iterable[int],
        outputs: Iterable[tuple[int, mpq]],
    ) -> None:
        """Add a unit ``ReLU(form + through - inf * gates)``; ``through`` and ``gates`` refer to units of layer 1."""
        total: dict[int, ExtendedRational] = {}
        for index, weight in (*_through(form), *((i, ExtendedRational(a)) for i, a in through)):
            total[index] = total[index] + weight if index in total else weight
        total |= dict.fromkeys(gates, NEGATIVE_INFINITY)
        for output, weight in outputs:
            self._layer3[output].append((len(self._layer2), ExtendedRational(weight)))
        self._layer2.append((tuple(sorted(total.items())), form.constant))

    def build(self, bias: Vector | None = None) -> ThreeLayerNetwork:
        """The network of all units added so far, with these biases in layer 3, by default 0."""
        rows, second = tuple(row for row, _ in self._layer2), tuple(b for _, b in self._layer2)
        return ThreeLayerNetwork(
            self._inputs,
            SparseLayer(tuple(_sparse(form) for form in self._layer1), tuple(f.constant for f in self._layer1)),
            SparseLayer(rows, second),
            SparseLayer(tuple(tuple(row) for row in self._layer3), bias or (ZERO,) * len(self._layer3)),
        )


def _through(form: AffineForm) -> list[tuple[int, ExtendedRational]]:
    """The weights of a form on the pass-through units, by ``x = ReLU(x) - ReLU(-x)``."""
    return [
        (2 * i + half, ExtendedRational(-a if half else a)) for i, a in enumerate(form.linear) if a for half in (0, 1)
    ]


def _sparse(form: AffineForm) -> SparseRow:
    return tuple((index, ExtendedRational(a)) for index, a in enumerate(form.linear) if a)
