"""Shapley values: against all orders, their axioms, background sets, and the package shap."""

from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import ABSOLUTE_VALUE, FREE_COORDINATE, MAX_OF_THREE, TWO_OUTPUTS
from tests.strategies import networks, points
from verishallow.errors import InputError, LimitError, ProofError
from verishallow.explain import Attribution, shapley_values
from verishallow.explain.evaluation import values_at
from verishallow.explain.shapley import _by_sets, map_on_box
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector


def by_orders(network: ReLUNetwork, point: Vector, baseline: Vector, output: int) -> list[mpq]:
    """The mean gain of each feature over all orders in which they take the point's values."""
    gains, orders = [mpq(0)] * len(point), list(permutations(range(len(point))))
    for order in orders:
        mixed = list(baseline)
        for player in order:
            before = network(mixed)[output]
            mixed[player] = point[player]
            gains[player] += network(mixed)[output] - before
    return [gain / len(orders) for gain in gains]


@st.composite
def questions(draw: st.DrawFn) -> tuple[ReLUNetwork, Vector, Vector, int]:
    network = draw(networks())
    at, baseline = draw(points(network.inputs)), draw(points(network.inputs))
    return network, at, baseline, draw(st.integers(0, network.outputs - 1))


@given(questions())
@settings(max_examples=60, deadline=None)
def test_they_are_the_mean_gains_over_all_orders(question: tuple[ReLUNetwork, Vector, Vector, int]) -> None:
    network, point, baseline, output = question
    found = shapley_values(network, point, baseline, output)
    assert list(found.values) == by_orders(network, point, baseline, output)
    assert (found.output, found.baseline_output) == (network(point)[output], network(baseline)[output])
    assert sum(found.values) == found.output - found.baseline_output
    assert found == _by_sets(network, point, baseline, output)


@given(questions(), st.data())
@settings(max_examples=30, deadline=None)
def test_a_background_set_is_a_mean(question: tuple[ReLUNetwork, Vector, Vector, int], data: st.DataObject) -> None:
    network, point, _, output = question
    background = data.draw(st.lists(points(network.inputs), min_size=1, max_size=3))
    found = shapley_values(network, point, background, output)
    single = [by_orders(network, point, baseline, output) for baseline in background]
    assert list(found.values) == [sum(column) / len(single) for column in zip(*single, strict=True)]
    assert found.baseline_output == sum(network(baseline)[output] for baseline in background) / len(background)


def test_a_feature_that_nothing_reads_gets_nothing() -> None:
    assert shapley_values(ReLUNetwork.of(FREE_COORDINATE), [3, -2, 5], [-1, 1, -4]).values[2] == 0


def test_symmetric_features_get_the_same() -> None:
    one, two, three = shapley_values(ReLUNetwork.of(MAX_OF_THREE), [2, 2, 2], [0, 0, 0]).values
    assert one == two == three == mpq(2, 3)


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_they_are_linear_in_the_function(data: st.DataObject) -> None:
    network = ReLUNetwork.of(TWO_OUTPUTS)
    total = ReLUNetwork.of([TWO_OUTPUTS[0], ([[2, -3]], [-2])])
    point, baseline = data.draw(points(2)), data.draw(points(2))
    one, other = (shapley_values(network, point, baseline, output).values for output in (0, 1))
    both = shapley_values(total, point, baseline).values
    # The outputs are r0 and r1 + 1: 2 r0 - 3 (r1 + 1) + 1 is the function of ``total``.
    assert list(both) == [2 * a - 3 * b for a, b in zip(one, other, strict=True)]


# -------------------------------------------------------------------------------------- Sizes and refusals


def wide(inputs: int) -> ReLUNetwork:
    rows = [[(3 * i + 5 * j) % 11 - 5 for i in range(inputs)] for j in range(6)]
    return ReLUNetwork.of([(rows, [1, -1, 2, 0, 3, -2]), ([[1, -1, 2, -2, 1, 1]], [0])])


def test_one_region_is_enough_for_a_closed_form() -> None:
    network, small = wide(100), [mpq(1, 10**6)] * 100
    shifted = [mpq(i % 7) for i in range(100)]
    near = [a + b for a, b in zip(shifted, small, strict=True)]
    assert map_on_box(network, tuple(near), tuple(shifted)) is not None
    found = shapley_values(network, near, shifted)
    assert sum(found.values) == network(near)[0] - network(shifted)[0]


def test_features_equal_to_the_baseline_do_not_count() -> None:
    network = wide(40)
    point = [9 if i in (3, 17, 30) else 0 for i in range(40)]
    found = shapley_values(network, point, [0] * 40)
    assert [i for i, value in enumerate(found.values) if value] == [3, 17, 30]
    three = ReLUNetwork.of(
        [
            ([[row[i] for i in (3, 17, 30)] for row in network.layers[0].weight], network.layers[0].bias),
            (network.layers[1].weight, network.layers[1].bias),
        ]
    )
    assert [found.values[i] for i in (3, 17, 30)] == by_orders(three, (mpq(9),) * 3, (mpq(0),) * 3, 0)


def test_twelve_features_are_exact() -> None:
    network = wide(12)
    point, baseline = [mpq(i - 6, 3) for i in range(12)], [mpq(5 - i, 7) for i in range(12)]
    found = shapley_values(network, point, baseline)
    assert sum(found.values) == network(point)[0] - network(baseline)[0]


def test_too_many_features_are_refused() -> None:
    with pytest.raises(LimitError, match="20 features differ from the baseline and several regions lie between"):
        shapley_values(wide(20), [9] * 20, [-9] * 20)


@pytest.mark.parametrize(
    ("point", "baseline", "output", "fragment"),
    [
        ([1, 2], [0], 0, "expected 1 coordinates, found 2"),
        ([1], [0, 0], 0, "expected 1 coordinates, found 2"),
        ([1], [], 0, "baseline: expected a point, or several, found none"),
        ([1], [[0], [1, 2]], 0, "expected 1 coordinates, found 2"),
        ([1], [0], 1, "output: expected a number from 0 to 0, found 1"),
        ([1], [0], -1, "output: expected a number from 0 to 0, found -1"),
        ([float("nan")], [0], 0, "expected a finite number, found nan"),
        (["x"], [0], 0, "expected a rational such as"),
    ],
)
def test_bad_questions(point: list[Any], baseline: list[Any], output: int, fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        shapley_values(ReLUNetwork.of(ABSOLUTE_VALUE), point, baseline, output)


def test_what_does_not_add_up_is_no_attribution() -> None:
    with pytest.raises(ProofError, match="add up to 1"):
        Attribution((mpq(1), mpq(0)), mpq(3), mpq(1))


@given(networks(), st.data())
@settings(max_examples=30, deadline=None)
def test_many_points_are_evaluated_as_one_by_one(network: ReLUNetwork, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(points(network.inputs), max_size=5))
    assert list(values_at(network, chosen)) == [network(point) for point in chosen]


# ----------------------------------------------------------------------------------------------- Package


@pytest.mark.filterwarnings("ignore")
def test_the_package_shap_rounds() -> None:
    shap = pytest.importorskip("shap", reason="shap is not installed")
    network = wide(7)
    rng = np.random.default_rng(3)
    background, points_ = (rng.integers(-40, 40, (size, 7)) / 16 for size in (4, 3))

    def evaluate(rows: Any) -> Any:
        return np.array([[float(y) for y in network([Fraction(x) for x in row])] for row in rows])

    # With all 2^7 sets its weighted regression is exact but for rounding.
    found = shap.KernelExplainer(evaluate, background).shap_values(points_, nsamples=1 << 7, l1_reg=0, silent=True)
    errors = []
    for row, values in zip(points_, np.asarray(found).reshape(3, 7), strict=True):
        exact = shapley_values(network, [Fraction(x) for x in row], [[Fraction(x) for x in b] for b in background])
        errors += [abs(float(a) - b) for a, b in zip(exact.values, values, strict=True)]
    print(f"shap {shap.__version__}: largest error {max(errors):.2g}")
    assert max(errors) < 1e-10
