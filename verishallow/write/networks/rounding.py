"""A proved bound on the distance between a three-layer network in float64 and the exact one, and where it holds.

**Model.** Inputs are float64 numbers, taken as they are. The finite weights are rounded to nearest. All arithmetic is
IEEE 754 binary64, to nearest, with gradual underflow; the terms of a sum are added in any order, fused or not. Then a
sum of t terms ``w_i a_i`` and a bias has an error of at most ``g (sum |w_i a_i| + |bias|) + p 2^-1074``, with
``g = r u / (1 - r u)``, ``u = 2^-53``, ``r`` the number of roundings of one term (t - 1 additions, and a product
unless all weights are 1 or -1), and ``p`` the number of products (Higham, *Accuracy and Stability*, ch. 3 and 4).
Adding zeros and multiplying by 0 rounds nothing.

**Gates.** A unit of layer 2 is shut where a unit ``ReLU(h)`` of its gate set is positive. The computed value of ``h``
is off by at most ``e``, so for ``|h(x)| > e`` its sign is right. ``e`` is the *margin* of that unit.

**Theorem.** Let D be bounded, x in D a float64 point with ``|h(x)| > margin`` for each violation unit. Then all units
are open or shut as in exact arithmetic. x lies on no hyperplane of a violation unit; so a closed cell that contains x
contains a neighbourhood of x in D, and as the interiors of cells are disjoint, only one cell contains x. Its gate set
is the only one that is open there, beside the empty one (a lower face is shut by both units of a hyperplane). The bound
for an output is the largest error that the units of one gate set, and those without gates, can have together.

Nearer to a hyperplane a sign may come out wrong, and no cell, or several, may be open: there is no bound there, with
one exception. On the **grid** of multiples of ``2^-s``, where all weights are float64 themselves, every value and
every partial sum is a multiple of some ``2^-k`` and at most ``2^(53-k)``, thus a float64: nothing is rounded at all.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm
from verishallow.rationals import from_float
from verishallow.regions.region_shapes import Box
from verishallow.write.networks.float_numbers import FLOAT64_DIGITS, is_float, nearest_float, rounded_up
from verishallow.write.networks.gated_network import GatedNetwork, Weights

UNIT = mpq(1, 2**FLOAT64_DIGITS)
SMALLEST = mpq(1, 2**1074)
LARGEST = mpq(2**1022)
"""Values of at most this size do not overflow, nor do their sums on the way."""

FINEST_GRID = 64
"""The finest grid that is tried is that of ``2^-64``."""


@dataclass(frozen=True, slots=True)
class RoundingBound:
    """The bound of each output, the margin of each unit of layer 1 that is a gate, and the grid.

    ``grid`` is the largest ``s`` for which nothing rounds on multiples of ``2^-s``, or ``None``.
    """

    box: Box
    outputs: tuple[mpq, ...]
    margins: dict[int, mpq]
    grid: int | None

    @property
    def margin(self) -> mpq:
        """The largest margin."""
        return max(self.margins.values(), default=ZERO)


@dataclass(frozen=True, slots=True)
class NoBound:
    """The absence of a bound, and its reason."""

    reason: str

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value of at most ``size`` in absolute value, computed with an error of at most ``error``."""

    size: mpq
    error: mpq


def rounding_bound(network: GatedNetwork, box: Box) -> RoundingBound | NoBound:
    """The bound for a domain within a box, if one cell alone is open off the violation units' hyperplanes.

    >>> from verishallow import ReLUNetwork, prove
    >>> half = GatedNetwork.of(prove(ReLUNetwork.of([([[1]], [0]), ([["1/2"]], [0])])).shallow)
    >>> found = rounding_bound(half, ((mpq(-1), mpq(1)),))
    >>> found.grid, found.margin, found.outputs[0] < mpq(1, 10**15)
    (52, mpq(0,1), True)
    """
    inputs = [Estimate(max(abs(low), abs(high)), ZERO) for low, high in box]
    sums = [_sum(enumerate(form.linear), form.constant, inputs) for form in network.first]
    first = [_rectified(*pair, box) for pair in zip(network.first, sums, strict=True)]
    second = [_sum(unit.weights, unit.bias, first) for unit in network.second]
    third = [_sum(*row, second) for row in zip(network.third, network.third_bias, strict=True)]
    if any(estimate.size + estimate.error > LARGEST for estimate in (*sums, _total(first), *second, *third)):
        return NoBound("values may overflow float64 on this domain")
    margins = {unit: rounded_up(first[unit].error) for unit in sorted(network.gates)}
    rows = zip(network.third, network.third_bias, strict=True)
    outputs = tuple(rounded_up(_worst(network, row, bias, second)) for row, bias in rows)
    return RoundingBound(box, outputs, margins, _grid(network, inputs, first, second))


def _rectified(form: AffineForm, estimate: Estimate, box: Box) -> Estimate:
    """The ReLU of a form, at most its largest value on the box; the error stays."""
    largest = form.constant + sum(
        (a * (high if a > 0 else low) for a, (low, high) in zip(form.linear, box, strict=True)), ZERO
    )
    return Estimate(max(largest, ZERO), estimate.error)


def _sum(weights: Iterable[tuple[int, mpq]], bias: mpq, values: Sequence[Estimate]) -> Estimate:
    """A sum of values with rounded weights, computed in floats; ReLU increases neither size nor error."""
    size, computed, error, terms, products = abs(bias), abs(_float(bias)), abs(_float(bias) - bias), 0, 0
    for index, weight in weights:
        rounded, value = _float(weight), values[index]
        size += abs(weight) * value.size
        computed += abs(rounded) * (value.size + value.error)
        error += abs(rounded) * value.error + abs(rounded - weight) * value.size
        terms += bool(rounded)
        products += bool(rounded) and abs(rounded) != 1
    roundings = max(terms + bool(bias) - 1, 0) + bool(products)
    return Estimate(size, error + _gamma(roundings) * computed + products * SMALLEST)


def _float(value: mpq) -> mpq:
    return from_float(nearest_float(value)) if value else ZERO


def _gamma(roundings: int) -> mpq:
    return roundings * UNIT / (1 - roundings * UNIT)


def _total(values: Iterable[Estimate]) -> Estimate:
    """The sum of values, such as the units that shut another one."""
    listed = list(values)
    return Estimate(sum((v.size for v in listed), ZERO), sum((v.error for v in listed), ZERO))


def _worst(network: GatedNetwork, row: Weights, bias: mpq, second: Sequence[Estimate]) -> mpq:
    """The largest error of an output with one gate set open."""
    of_set = defaultdict[int, list[tuple[int, mpq]]](list)
    for index, weight in row:
        of_set[network.second[index].gate_set].append((index, weight))
    always = [pair for number, pairs in of_set.items() if not network.gate_sets[number] for pair in pairs]
    gated = [pairs for number, pairs in of_set.items() if network.gate_sets[number]]
    return max(_sum([*always, *pairs], bias, second).error for pairs in gated or [[]])


def _grid(
    network: GatedNetwork, inputs: Sequence[Estimate], first: Sequence[Estimate], second: Sequence[Estimate]
) -> int | None:
    """The coarseness of the finest grid on which nothing rounds; all partial sums are at most the size of their row."""
    layers = [
        [_row(enumerate(form.linear), form.constant, inputs) for form in network.first],
        [_row(unit.weights, unit.bias, first) for unit in network.second],
        [_row(row, bias, second) for row, bias in zip(network.third, network.third_bias, strict=True)],
    ]
    if any(None in (row.weights, row.bias) for rows in layers for row in rows):
        return None
    coarser = bisect_left(range(FINEST_GRID + 1), x=True, key=lambda s: not _rounds_nothing(layers, s))
    return coarser - 1 if coarser else None


@dataclass(frozen=True, slots=True)
class _Row:
    """The binary places of the weights and of the bias (``None``: not a float64), and the size of partial sums."""

    weights: int | None
    bias: int | None
    size: mpq


def _row(weights: Iterable[tuple[int, mpq]], bias: mpq, values: Sequence[Estimate]) -> _Row:
    pairs = [(index, weight) for index, weight in weights if weight]
    size = sum((abs(weight) * values[index].size for index, weight in pairs), abs(bias))
    return _Row(_places(weight for _, weight in pairs), _places([bias]), size)


def _places(values: Iterable[mpq]) -> int | None:
    """The least k for which all values are multiples of ``2^-k``; ``None`` if one is not a float64."""
    places = 0
    for value in values:
        if not is_float(value):
            return None
        places = max(places, int(value.denominator).bit_length() - 1)
    return places


def _rounds_nothing(layers: Iterable[Iterable[_Row]], places: int) -> bool:
    for rows in layers:
        found = [_exact_places(row, places) for row in rows]
        if None in found:
            return False
        places = max(_known(found), default=0)
    return True


def _exact_places(row: _Row, places: int) -> int | None:
    """The binary places of a row's sums, given those of its inputs; ``None`` if a sum may not be a float64."""
    if row.weights is None or row.bias is None:
        return None
    needed = max(row.weights + places, row.bias)
    return needed if needed <= 1074 and row.size * 2**needed <= 2**FLOAT64_DIGITS else None


def _known(values: Iterable[int | None]) -> Iterator[int]:
    return (value for value in values if value is not None)
