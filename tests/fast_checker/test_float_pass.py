"""Bounds of neurons in floats: they are the checker's, to the last bit, or they are left to the checker."""

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verify.random_cells import KINDS, network_of, number
from verishallow.checker.network import Network
from verishallow.checker.relaxation import Box, Cell, LayerState, Precision, Relaxation, weights_of
from verishallow.checker.values import common_denominator
from verishallow.fast_checker import float_pass
from verishallow.fast_checker.float_pass import FloatPasses, OutOfRangeError
from verishallow.network import ReLUNetwork
from verishallow.records.spelling import network_record

BITS = ((6, 20, 24), (0, 8, 32), (0, 8, 32))
"""P, S and X."""


def rule_of(network: ReLUNetwork, precision: Precision) -> Relaxation:
    checked = Network([network_record(network)], network.inputs, network.outputs)
    return Relaxation(checked, weights_of(checked), precision, [], [])


def root_of(rule: Relaxation, sides: list[tuple[Any, Any]]) -> Cell:
    """The cell of a box where nothing is known; sides may be None."""
    unit = common_denominator([1 << rule.precision.bounds, *(a.denominator for side in sides for a in side if a)])
    lows, highs = ([None if a is None else int(a * unit) for a in each] for each in zip(*sides, strict=True))
    widths = rule.widths[1 : rule.last]
    return Cell(
        Box(unit, tuple(lows), tuple(highs)), {}, tuple(LayerState("u" * n, [None] * n, [None] * n) for n in widths)
    )


def both_ways(rule: Relaxation, number: int) -> list[tuple[int, int]]:
    return [(neuron, sign) for sign in (1, -1) for neuron in range(rule.widths[number])]


def checkers(rule: Relaxation, number: int, cell: Cell) -> list[int | None]:
    """What the rule itself says."""
    return [rule.low(rule.pre_activations(number, sign)[neuron], cell) for neuron, sign in both_ways(rule, number)]


def bounded(cell: Cell, number: int, lows: list[int | None], rng: random.Random) -> Cell:
    """The cell with these bounds of a layer's neurons, a few of which stay unknown, or have assumed signs."""
    width = len(lows) // 2
    state = LayerState("u" * width, [None] * width, [None] * width)
    kinds, below, above = [], list[int | None](), list[int | None]()
    for pair in zip(lows[:width], lows[width:], strict=True):
        low, minus_high = pair if rng.random() < 0.9 else (None, None)
        active, inactive = low is not None and low >= 0, minus_high is not None and minus_high >= 0
        kinds.append("a" if active else "i" if inactive else "u")
        below.append(low)
        above.append(None if minus_high is None else -minus_high)
    state = LayerState("".join(kinds), below, above)
    signs = dict(cell.signs)
    for neuron in range(width):
        if kinds[neuron] == "u" and rng.random() < 0.1:
            state, signs[number, neuron] = state.decided(neuron, "a"), 1
    return cell._replace(layers=(*cell.layers[: number - 1], state, *cell.layers[number:]), signs=signs)


def near_integers(rng: random.Random) -> Fraction:
    """Products of such numbers are near integers, on both sides."""
    return rng.randint(-3, 3) + rng.choice([-1, 0, 0, 1]) * Fraction(1, rng.choice([2**30, 10**25, 2**52, 2**90]))


def network_near_integers(rng: random.Random) -> ReLUNetwork:
    widths = [rng.randint(1, 2), *(rng.randint(1, 5) for _ in range(3)), 1]
    return ReLUNetwork.of(
        ([[near_integers(rng) for _ in range(n)] for _ in range(m)], [near_integers(rng) for _ in range(m)])
        for n, m in pairwise(widths)
    )


def compared(network: ReLUNetwork, precision: Precision, rng: random.Random) -> None:
    rule = rule_of(network, precision)
    sides = [sorted([number(rng, "any"), number(rng, "any")]) for _ in range(network.inputs)]
    given = [tuple(None if rng.random() < 0.05 else a for a in each) for each in sides]
    cell = root_of(rule, given)  # type: ignore[arg-type]  # pairs
    try:
        passes = FloatPasses(rule)
        for layer in range(1, rule.last):
            expected = checkers(rule, layer, cell)
            assert passes.lows(layer, cell, both_ways(rule, layer)) == expected
            cell = bounded(cell, layer, expected, rng)
    except OutOfRangeError:
        return


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_the_numbers_are_the_checkers(seed: int) -> None:
    rng = random.Random(seed)
    network = network_of(rng, rng.choice(KINDS), rng.randint(1, 3), 8)
    compared(network, Precision(*(rng.choice(bits) for bits in BITS)), rng)


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_the_numbers_are_the_checkers_near_integers(seed: int) -> None:
    rng = random.Random(seed)
    compared(network_near_integers(rng), Precision(*(rng.choice(bits) for bits in BITS)), rng)


def test_bounds_do_not_depend_on_how_many_are_computed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(5)
    rule = rule_of(network_of(rng, "dyadic", 2, 8), Precision(20, 32, 32))
    cell = root_of(rule, [(Fraction(-1), Fraction(1))] * 2)
    expected = checkers(rule, 1, cell)
    monkeypatch.setattr(float_pass, "ENTRIES", 20)
    assert FloatPasses(rule).lows(1, cell, both_ways(rule, 1)) == expected


TINY = Fraction(1, 2**80)
ROUNDED = {
    "exactly an integer": (Fraction(0), 3),
    "a little above it": (TINY, 3),
    "a little below it": (-TINY, 2),
}


@pytest.mark.parametrize(("shift", "floor"), ROUNDED.values(), ids=ROUNDED.keys())
def test_bounds_near_an_integer_are_rounded_down_exactly(shift: Fraction, floor: int) -> None:
    """The bound of x + shift on [3, 4] in whole units: floats have no more than 3."""
    rule = rule_of(ReLUNetwork.of([([[1]], [shift]), ([[1]], [0])]), Precision(20, 32, 0))
    cell = root_of(rule, [(Fraction(3), Fraction(4))])
    assert FloatPasses(rule).lows(1, cell, [(0, 1)]) == [floor]


@pytest.mark.parametrize(("shift", "floor"), ROUNDED.values(), ids=ROUNDED.keys())
def test_coefficients_near_an_integer_are_rounded_down_exactly(shift: Fraction, floor: int) -> None:
    """The coefficient of the neuron x is 1 (3 + shift), and x is 2^20 there: the bound shows how it was rounded."""
    layers = [([[1]], [0]), ([[1]], [0]), ([[3 + shift]], [0]), ([[1]], [0]), ([[1]], [0])]
    rule = rule_of(ReLUNetwork.of(layers), Precision(20, 0, 0))
    cell = root_of(rule, [(Fraction(2**20), Fraction(2**20))])
    for layer in (1, 2, 3):
        cell = bounded(cell, layer, [1, -1], random.Random(3))
    assert FloatPasses(rule).lows(4, cell, [(0, 1)]) == [floor * 2**20] == checkers(rule, 4, cell)[:1]


@pytest.mark.parametrize(
    "weight", [Fraction(10) ** 200, Fraction(1, 10**200), Fraction(1, 10**500), Fraction(10) ** 500]
)
def test_numbers_that_floats_cannot_hold_are_refused(weight: Fraction) -> None:
    with pytest.raises(OutOfRangeError):
        FloatPasses(rule_of(ReLUNetwork.of([([[weight]], [0]), ([[1]], [0])]), Precision(20, 32, 32)))


def test_a_box_that_floats_cannot_hold_is_refused() -> None:
    rule = rule_of(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]), Precision(20, 32, 32))
    cell = root_of(rule, [(Fraction(1, 10**300), Fraction(1))])
    with pytest.raises(OutOfRangeError):
        FloatPasses(rule).lows(1, cell, [(0, 1)])
