"""Signs over the integers against the network's own exact forward pass: at points, along rays, at any magnitude."""

import random
from collections.abc import Sequence
from itertools import pairwise
from math import gcd
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES, each_example
from tests.strategies import networks, wide_rationals
from verishallow.affine import ZERO
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector, from_float
from verishallow.regions.integer_network import (
    IntegerNetwork,
    Integers,
    primitive_integers,
    rounded_points,
)

# -------------------------------------------------------------------------------------------- The oracle


def pre_activations(network: ReLUNetwork, at: Sequence[Any]) -> list[Vector]:
    """Of every layer at a homogeneous point (w, x): at x / w; for w = 0 those of the recession function."""
    w, x = at[0], at[1:]
    sources: list[Vector] = [tuple(mpq(int(a), int(w) or 1) for a in x)]
    found = []
    for layer in network.layers:
        bias = layer.bias if w else (ZERO,) * layer.width
        found.append(Layer(layer.weight, bias, layer.reads)(sources))
        sources.append(tuple(max(z, ZERO) for z in found[-1]))
    return found


def signs_by_hand(network: ReLUNetwork, points: Integers) -> list[list[list[int]]]:
    """For each layer the signs at all points, one row per point."""
    values = [pre_activations(network, point) for point in points.tolist()]
    return [[[(z > 0) - (z < 0) for z in at[layer]] for at in values] for layer in range(len(network.layers))]


def assert_signs(network: ReLUNetwork, points: Integers) -> None:
    integers = IntegerNetwork.of(network)
    expected = signs_by_hand(network, points)
    for layer in range(len(network.layers)):
        assert integers.signs(points, layer).tolist() == expected[layer]


def homogeneous(rows: Sequence[Sequence[int]]) -> Integers:
    return np.array([primitive_integers([mpq(a) for a in row]) for row in rows], dtype=object)


# ------------------------------------------------------------------------------------------------- Signs

small = st.integers(-6, 6)
huge = st.integers(-(10**40), 10**40)


@st.composite
def homogeneous_points(draw: Any, dimension: int, entries: st.SearchStrategy[int]) -> Integers:
    """Points and directions, ties with small networks among them."""
    at = st.sampled_from([0, 1, 1, 2, 3, 6, 10**25])
    row = st.tuples(at, *[entries] * dimension).filter(any)
    return homogeneous(draw(st.lists(row, min_size=1, max_size=12)))


@given(networks(), st.data())
@settings(max_examples=120, deadline=None)
def test_the_signs_of_a_degenerate_network(network: ReLUNetwork, data: st.DataObject) -> None:
    assert_signs(network, data.draw(homogeneous_points(network.inputs, small)))


@given(networks(), st.data())
@settings(max_examples=40, deadline=None)
def test_the_signs_at_points_of_many_digits(network: ReLUNetwork, data: st.DataObject) -> None:
    assert_signs(network, data.draw(homogeneous_points(network.inputs, huge)))


def deep(source: random.Random, entry: Any, widths: Sequence[int]) -> ReLUNetwork:
    layers = []
    for below, width in pairwise(widths):
        weight = [[entry(source) for _ in range(below)] for _ in range(width)]
        layers.append((weight, [entry(source) for _ in range(width)]))
    return ReLUNetwork.of(layers)


def wide(source: random.Random) -> mpq:
    return mpq(source.randint(-(10**30), 10**30), source.randint(1, 10**30))


def float32(source: random.Random) -> mpq:
    """A mantissa of 24 bits with any exponent of a float32."""
    return from_float(source.randint(-(2**24) + 1, 2**24 - 1) * 2.0 ** source.randint(-149, 103))


def ordinary(source: random.Random) -> mpq:
    return from_float(float(np.float32(source.gauss(0, 1))))


def extreme(source: random.Random) -> mpq:
    return source.choice([-1, 0, 1]) * mpq(10) ** source.choice([-400, -310, -300, 0, 0, 0, 300, 310, 400])


ENTRIES = {"of 30 digits": wide, "of float32's whole range": float32, "of a trained network": ordinary}


@pytest.mark.parametrize("entries", ENTRIES)
@pytest.mark.parametrize("seed", range(3))
def test_the_signs_of_deep_networks(entries: str, seed: int) -> None:
    source = random.Random(seed)
    network = deep(source, ENTRIES[entries], (3, 7, 6, 5, 2))
    rows = [
        [source.choice([0, 1, 1, 10**9]), *(source.randint(-(10**12), 10**12) for _ in range(3))] for _ in range(40)
    ]
    assert_signs(network, homogeneous(rows))


@pytest.mark.parametrize("seed", range(8))
def test_the_signs_where_floats_overflow_or_underflow(seed: int) -> None:
    source = random.Random(seed)
    network = deep(source, extreme, (2, 4, 4, 2))
    magnitudes = [0, 1, 10**300, 10**310, 10**400]
    rows = [
        [source.choice([0, 1, 10**310, 10**400]), *(source.choice([-1, 1]) * source.choice(magnitudes) for _ in "xy")]
        for _ in range(40)
    ]
    assert_signs(network, homogeneous([row for row in rows if any(row)]))


@each_example
def test_the_signs_at_exact_ties(name: str) -> None:
    network = EXAMPLES[name].network
    source = random.Random(name)
    rows = [[source.choice([0, 1, 2, 6]), *(source.randint(-3, 3) for _ in range(network.inputs))] for _ in range(60)]
    assert_signs(network, homogeneous([row for row in rows if any(row)]))


def test_a_sum_that_only_rounding_makes_zero() -> None:
    third = [[mpq(1, 3), mpq(1, 3), mpq(1, 3)], [mpq(1, 10), mpq(2, 10), mpq(-3, 10)]]
    network = ReLUNetwork.of([(third, [-1, mpq(1, 2**80)]), ([[1, 1]], [0])])
    points = homogeneous([[1, 1, 1, 1], [2**90, 2**90, 2**90, 2**90 - 1], [0, 1, 1, 1], [0, 1, 1, -2]])
    assert IntegerNetwork.of(network).signs(points, 0).tolist() == [[0, 1], [-1, 1], [1, 0], [0, 1]]
    assert_signs(network, points)


@given(networks(), st.data())
@settings(max_examples=40, deadline=None)
def test_signs_that_are_wanted_are_right(network: ReLUNetwork, data: st.DataObject) -> None:
    points = data.draw(homogeneous_points(network.inputs, small))
    layer = data.draw(st.integers(0, len(network.layers) - 1))
    source = np.random.default_rng(len(points))
    wanted = source.integers(0, 2, (len(points), network.layers[layer].width)) > 0
    integers = IntegerNetwork.of(network)
    values, bounds = integers.bounded_values(points, layer)
    found = integers.signs_within(points, layer, values, bounds, wanted)
    last = integers.signs_within(points, layer, values[:, 1:], bounds[:, 1:])
    assert np.array_equal(last, integers.signs(points, layer)[:, 1:])
    expected = np.array(signs_by_hand(network, points)[layer])
    assert np.array_equal(found[wanted], expected[wanted])


@pytest.mark.parametrize("seed", range(4))
def test_a_ray_has_the_signs_of_points_far_out(seed: int) -> None:
    # The recession function is what is left of the pre-activation far away, wherever its sign is not 0.
    source = random.Random(seed)
    network = deep(source, lambda rng: mpq(rng.randint(-3, 3)), (2, 4, 3, 1))
    rows = [(source.randint(-5, 5), source.randint(-5, 5)) for _ in range(30)]
    directions = homogeneous([[0, *row] for row in rows if any(row)])
    far = homogeneous([[1, *(10**9 * int(a) for a in row[1:])] for row in directions])
    integers = IntegerNetwork.of(network)
    for layer in range(3):
        at_infinity, near = integers.signs(directions, layer), integers.signs(far, layer)
        assert np.array_equal(near[at_infinity != 0], at_infinity[at_infinity != 0])


# ------------------------------------------------------------------------------- The floating-point filter


@pytest.mark.parametrize("entries", [wide, float32, ordinary, extreme, lambda rng: mpq(rng.randint(-1, 1))])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.filterwarnings("ignore:.* encountered in:RuntimeWarning")  # overflow is part of the question
def test_the_error_of_the_filter_stays_within_its_bound(entries: Any, seed: int) -> None:
    source = random.Random(seed)
    network = deep(source, entries, (3, 8, 8, 8, 1))
    rows = [[source.choice([1, 3, 2**70 + 1]), *(source.randint(-(2**75), 2**75) for _ in range(3))] for _ in range(20)]
    points = homogeneous(rows)
    exact = [pre_activations(network, point) for point in points.tolist()]
    for layer in range(len(network.layers)):
        values, bounds = IntegerNetwork.of(network)._rounded_pass(points, layer)
        known = np.isfinite(values) & np.isfinite(bounds)
        for i, j in zip(*np.nonzero(known), strict=True):
            error = abs(exact[i][layer][j] - from_float(float(values[i, j])))
            assert error <= from_float(float(bounds[i, j]))
        assert not np.any(np.abs(values[~known]) > bounds[~known])


@pytest.mark.parametrize("number", [0, 1, 3, 4, 10])
def test_points_are_passed_through_in_parts(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    network = IntegerNetwork.of(EXAMPLES["max of three on a cube"].network)
    points = homogeneous([[1, i, 2 - i, 3 * i] for i in range(number)]).reshape(-1, 4)
    values, bounds = network.bounded_values(points, 1)
    monkeypatch.setattr("verishallow.regions.integer_network.AT_ONCE", 3)
    values_in_parts, bounds_in_parts = network.bounded_values(points, 1)
    assert values.shape == (number, len(network.layers[1].bias))
    assert values_in_parts.tolist() == values.tolist()
    # Products of other shapes may be summed in another order.
    np.testing.assert_allclose(bounds_in_parts, bounds, rtol=1e-12)


def test_the_filter_is_sure_of_ordinary_signs() -> None:
    source = random.Random(0)
    network = deep(source, ordinary, (3, 8, 8, 1))
    points = homogeneous([[1, *(source.randint(-99, 99) for _ in range(3))] for _ in range(200)])
    values, bounds = IntegerNetwork.of(network)._rounded_pass(points, 1)
    assert np.all(np.abs(values) > bounds)


# -------------------------------------------------------------------------------------------- The scaling


@given(networks())
@settings(max_examples=60, deadline=None)
def test_a_layer_times_its_scale_has_integer_weights(network: ReLUNetwork) -> None:
    fractional = ReLUNetwork.of(
        [
            (
                [[w / (3 + i + j) for j, w in enumerate(row)] for i, row in enumerate(layer.weight)],
                layer.bias,
                layer.reads,
            )
            for layer in network.layers
        ]
    )
    for layer, integers in zip(fractional.layers, IntegerNetwork.of(fractional).layers, strict=True):
        columns = integers.columns.tolist()
        assert [[mpq(w * c, integers.scale) for w, c in zip(row, columns, strict=True)] for row in integers.weight] == [
            list(row) for row in layer.weight
        ]
        assert [mpq(b, integers.scale) for b in integers.bias] == list(layer.bias)


@given(st.lists(wide_rationals, min_size=1, max_size=5).filter(any))
def test_primitive_integers_are_coprime_and_on_the_same_ray(values: list[mpq]) -> None:
    found = primitive_integers(values)
    place = next(i for i, a in enumerate(values) if a)
    assert gcd(*found) == 1
    assert [a * values[place] for a in found] == [a * found[place] for a in values]
    assert found[place] * values[place] > 0


@pytest.mark.parametrize(
    ("row", "x", "at"),
    [
        ([1, 2, -3], [2.0, -3.0], 1.0),
        ([4, 2, -3], [0.5, -0.75], 1.0),
        ([0, 2, -4], [0.5, -1.0], 0.0),
        ([3, 10**400, 1], [float("inf"), 1 / 3], 1.0),
        ([3, -(10**400), 1], [float("-inf"), 1 / 3], 1.0),
        ([10**400, 10**400, 1], [1.0, 0.0], 1.0),
        ([0, 10**400, 1], [1.0, 0.0], 0.0),
        ([3 * 10**400, 10**400, 0], [1 / 3, 0.0], 1.0),
    ],
)
def test_points_are_rounded_once(row: list[int], x: list[float], at: float) -> None:
    inside, found = rounded_points(np.array([row], dtype=object))
    assert (inside.tolist(), found.tolist()) == ([x], [at])
