"""Affine forms over limbs, carried back and carried forward, against exact composition."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.regions.test_integer_network import ENTRIES, deep
from tests.strategies import networks
from verishallow.affine import AffineForm, AffineMap
from verishallow.network import ReLUNetwork, rectified
from verishallow.regions.adjoint import (
    EXACT,
    Limbs,
    adjoint_forms,
    exact_integers,
    exact_product,
    exact_sum,
    split_integers,
)
from verishallow.regions.composition import composed_forms
from verishallow.regions.integer_network import IntegerNetwork, Integers

Patterns = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


def forms_by_hand(network: ReLUNetwork, pattern: Sequence[bool], layer: int) -> tuple[AffineForm, ...]:
    """The pre-activations of a layer (from 0) where the neurons before have this pattern."""
    sources, start = [AffineMap.identity(network.inputs)], 0
    for number, current in enumerate(network.layers[: layer + 1]):
        forms = current.on(sources)
        active = pattern[start : start + current.width]
        start += current.width
        sources.append(rectified(forms, active) if number < layer else forms)
    return sources[-1].forms


def assert_forms(network: ReLUNetwork, patterns: Patterns) -> None:
    integers = IntegerNetwork.of(network)
    for layer in range(len(network.layers)):
        before = sum(below.width for below in network.layers[:layer])
        scale = integers.layers[layer].scale
        composed = composed_forms(integers, patterns[:, :before], layer)
        expected = [
            [form.scaled(mpq(scale)).row for form in forms_by_hand(network, row, layer)] for row in patterns.tolist()
        ]
        assert composed.tolist() == [[list(row) for row in rows] for rows in expected]
        for neuron in range(network.layers[layer].width):
            adjoint = adjoint_forms(integers, patterns[:, :before], layer, neuron)
            assert adjoint.tolist() == composed[:, neuron].tolist()


def some_patterns(network: ReLUNetwork, cells: int, seed: int) -> Patterns:
    neurons = sum(layer.width for layer in network.hidden)
    found: Patterns = np.random.default_rng(seed).integers(0, 3, (cells, neurons)) > 0
    return found


@given(networks(), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_forms_of_networks_that_skip(network: ReLUNetwork, seed: int) -> None:
    assert_forms(network, some_patterns(network, 5, seed))


@pytest.mark.parametrize("entries", ENTRIES)
@pytest.mark.parametrize("seed", range(2))
def test_forms_of_many_limbs(entries: str, seed: int) -> None:
    network = deep(random.Random(seed), ENTRIES[entries], (3, 4, 3, 3, 2))
    patterns = some_patterns(network, 5, seed)
    assert_forms(network, patterns)
    forms = composed_forms(IntegerNetwork.of(network), patterns, 3)
    assert max(abs(int(a)) for a in forms.flat) > 2**100


def test_forms_one_bit_below_and_above_what_floats_hold() -> None:
    for size in (2**25 - 1, 2**25, 2**26, 2**51 - 1, 2**51, 2**53 + 1, 2**60 + 1):
        network = ReLUNetwork.of([([[size, -1], [1, size]], [1, -size]), ([[size, 1]], [1]), ([[size]], [size])])
        assert_forms(network, np.array([[True, True, True], [True, False, True], [False, False, False]]))


# ------------------------------------------------------------------------------------------- The limbs

integers_of_any_size = st.integers(-(2**200), 2**200) | st.integers(-4, 4) | st.integers(-(2**53), 2**53)


def matrix(rows: list[list[int]]) -> Integers:
    return np.array(rows, dtype=object)


@st.composite
def matrices(draw: st.DrawFn, rows: int, columns: int) -> Integers:
    row = st.lists(integers_of_any_size, min_size=columns, max_size=columns)
    return matrix(draw(st.lists(row, min_size=rows, max_size=rows)))


def assert_small(limbs: Limbs) -> None:
    assert all(np.abs(limb).max() <= EXACT for limb in limbs)


@given(matrices(3, 2))
def test_integers_survive_as_limbs(values: Integers) -> None:
    limbs = split_integers(values)
    assert_small(limbs)
    assert exact_integers(limbs).tolist() == values.tolist()


@given(matrices(3, 2), matrices(3, 2))
def test_sums_are_exact(one: Integers, other: Integers) -> None:
    total = exact_sum(split_integers(one), split_integers(other))
    assert_small(total)
    assert exact_integers(total).tolist() == (one + other).tolist()


@given(matrices(3, 4), matrices(4, 2))
def test_products_are_exact(one: Integers, other: Integers) -> None:
    product = exact_product(split_integers(one), split_integers(other))
    assert_small(product)
    assert exact_integers(product).tolist() == (one @ other).tolist()


@given(st.lists(matrices(2, 2), min_size=2, max_size=6))
def test_long_products_and_sums_are_exact(factors: list[Integers]) -> None:
    limbs, exact = split_integers(factors[0]), factors[0]
    for factor in factors[1:]:
        limbs, exact = exact_product(limbs, split_integers(factor)), exact @ factor
        limbs, exact = exact_sum(limbs, limbs), exact + exact
    assert exact_integers(limbs).tolist() == exact.tolist()


@pytest.mark.parametrize("size", [2**51 - 1, 2**51, 2**53, 2**100])
def test_products_of_a_thousand_terms_are_exact(size: int) -> None:
    one, other = matrix([[size, 1 - size] * 500]), matrix([[size], [size - 1]] * 500)
    product = exact_product(split_integers(one), split_integers(other))
    assert exact_integers(product).tolist() == [[500 * (size * size - (size - 1) ** 2)]]


@pytest.mark.parametrize("terms", [2**11 - 1, 2**11, 2**13, 2**14 + 1])
def test_products_of_more_terms_than_one_sum_holds_are_exact(terms: int) -> None:
    size = sum(((1 << 19) - 1) << (20 * i) for i in range(4))
    one, other = matrix([[size, -size] * (terms // 2) + [1] * (terms % 2)]), matrix([[size]] * terms)
    product = exact_product(split_integers(one), split_integers(other))
    assert_small(product)
    assert exact_integers(product).tolist() == [[size * (terms % 2)]]
    square = exact_product(split_integers(matrix([[size] * terms])), split_integers(other))
    assert exact_integers(square).tolist() == [[size * size * terms]]
