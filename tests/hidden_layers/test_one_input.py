"""Functions of one input in one-sided and two-sided bases, trained neurons read, and interpolation."""

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import problems, rationals
from verishallow.errors import DomainError, InputError
from verishallow.hidden_layers.decide import depth
from verishallow.hidden_layers.one_input import BaseSum, Reading, from_points, one_sided, read_neurons, two_sided
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove_equal
from verishallow.regions.kinks import kinks

Problem = tuple[ReLUNetwork, Polyhedron]

BENT = ReLUNetwork.of([([[1], [1]], [0, -2]), ([[3, -1]], [5])])
SLOPE = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
DEEP = ReLUNetwork.of([([[1], [-1]], [0, 1]), ([[-1, 2], [1, 1]], [2, -1]), ([[1, -1], [0, 2]], [0, "1/3"])])

one_input = problems(7).filter(lambda problem: problem[0].inputs == 1)
PLACES = [mpq(number, 6) for number in range(-30, 31)]


def agrees(found: BaseSum, network: ReLUNetwork, domain: Polyhedron) -> bool:
    places = [place for place in PLACES if domain.contains([place])]
    return all(found(x) == tuple(network([x])) == tuple(found.network([x])) for x in places)


# ------------------------------------------------------------------------------------------------- Bases


@given(one_input, rationals)
@settings(max_examples=60, deadline=None)
def test_two_sided_bases_are_the_function(problem: Problem, centre: mpq) -> None:
    network, domain = problem
    assert agrees(two_sided(network, domain), network, domain)
    if domain.contains([centre]):
        found = two_sided(network, domain, centre)
        assert agrees(found, network, domain)
        assert all((base.side == "left") == (base.knot < centre) for base in found.bases if base.knot != centre)


@given(one_input, st.sampled_from(["left", "right"]))
@settings(max_examples=60, deadline=None)
def test_one_sided_bases_are_the_function_or_are_none(problem: Problem, side: str) -> None:
    network, domain = problem
    try:
        found = one_sided(network, domain, side)
    except InputError:
        far = mpq(10**6) * (-1 if side == "right" else 1)
        assert domain.contains([far])
        assert tuple(network([far])) != tuple(network([2 * far]))
    else:
        assert agrees(found, network, domain)
        assert {base.side for base in found.bases} <= {side}


@given(one_input)
@settings(max_examples=40, deadline=None)
def test_there_is_one_base_a_knot_and_one_more_at_most(problem: Problem) -> None:
    network, domain = problem
    knots = len(kinks(network, domain.normalised()))
    assert len(two_sided(network, domain).bases) <= (knots + 1 if knots else 2)
    assert len({base.knot for base in two_sided(network, domain).bases}) <= max(knots, 1)


@pytest.mark.parametrize("domain", [None, "box:-3,5"])
def test_bases_are_proved_equal(domain: str | None) -> None:
    assert prove_equal(DEEP, two_sided(DEEP, domain).network, domain).check().kind == "valid"


def test_bases_of_a_constant() -> None:
    constant = ReLUNetwork.of([([[0]], [7])])
    for found in (one_sided(constant), one_sided(constant, side="left"), two_sided(constant)):
        assert (found.constants, found.bases, found.network.hidden) == ((7,), (), ())


@pytest.mark.parametrize(("side", "slope"), [("left", r"\(2\)"), ("right", None)])
def test_one_sided_bases_need_an_end(side: str, slope: str | None) -> None:
    if slope is None:
        assert agrees(one_sided(BENT, side=side), BENT, Polyhedron.whole_space(1))
        return
    with pytest.raises(InputError, match=f"the slope {slope}; use two_sided"):
        one_sided(BENT, side=side)


def test_a_half_line_has_one_end() -> None:
    ray = Polyhedron.of([[3, 1]])
    assert agrees(one_sided(SLOPE, ray), SLOPE, ray)
    with pytest.raises(InputError, match="use two_sided"):
        one_sided(SLOPE, ray, side="left")


def test_what_is_no_side_and_no_centre() -> None:
    with pytest.raises(InputError, match="expected right or left, found 'up'"):
        one_sided(BENT, side="up")
    with pytest.raises(InputError, match="expected a point of the domain, found 9"):
        two_sided(BENT, "box:0,1", centre=9)
    with pytest.raises(InputError, match="one input, found 2"):
        two_sided(ReLUNetwork.of([([[1, 1]], [0])]))
    with pytest.raises(DomainError):
        two_sided(BENT, "box:0,0")


# ------------------------------------------------------------------------------------ Trained neurons


TRAINED = ReLUNetwork.of(
    [
        ([[2], [1], [-1], [1], [0], [0], [1], [-3], [1]], [0, 0, 1, -1, 5, -1, 9, 6, -100]),
        ([[1, 4, 2, -2, 1, 1, 3, 0, 1], [0, 1, 2, -2, 0, 0, 1, 0, 2]], [0, 1]),
    ]
)


def test_a_reading() -> None:
    found = read_neurons(TRAINED, "box:-5,5")
    assert [neuron.standing for neuron in found.neurons] == [
        "bends", "bends", "bends", "bends", "always on", "dead", "always on", "dead", "dead",
    ]  # fmt: skip
    assert found.duplicates == ((0, 1),)
    assert found.dead == (5, 7, 8)
    assert [(str(knot.at), knot.neurons, knot.cancels) for knot in found.knots] == [
        ("0", (0, 1), False), ("1", (2, 3), True), ("2", (7,), True),
    ]  # fmt: skip
    assert [knot.at for knot in found.cancelling] == [1, 2]
    assert found.neurons[0].weight == (2, 0)
    assert (found.neurons[4].knot, found.neurons[4].side, found.neurons[4].weight) == (None, None, (5, 0))


def test_all_sides_have_knots_outside() -> None:
    found = read_neurons(TRAINED)
    assert found.dead == (5, 7)
    assert [str(knot.at) for knot in found.knots] == ["-9", "0", "1", "2", "100"]
    assert (found.intervals[0].low, found.intervals[-1].high) == (None, None)


@given(one_input.filter(lambda problem: len(problem[0].layers) == 2 and problem[0].layers[1].reads == (1,)))
@settings(max_examples=60, deadline=None)
def test_a_reading_adds_up(problem: Problem) -> None:
    network, domain = problem
    found = read_neurons(network, domain)
    _intervals_are_the_function(found, network)
    bends = {-kink.plane.constant / kink.plane.linear[0] for kink in kinks(network, domain.normalised())}
    assert {knot.at for knot in found.knots if not knot.cancels} == bends
    for interval in found.intervals:
        inner = _inner(interval.low, interval.high)
        total = [sum(_value(found, n, inner)[o] for n in interval.active) for o in range(network.outputs)]
        biases = network.layers[-1].bias
        assert tuple(a + b for a, b in zip(total, biases, strict=True)) == tuple(network([inner]))
        assert set(found.dead).isdisjoint(n for n in interval.active if any(found.neurons[n].weight))


def _intervals_are_the_function(found: Reading, network: ReLUNetwork) -> None:
    for interval in found.intervals:
        for end in (interval.low, interval.high, _inner(interval.low, interval.high)):
            if end is not None:
                assert tuple(interval.affine_map([end])) == tuple(network([end]))


def _inner(low: mpq | None, high: mpq | None) -> mpq:
    return (
        (high - 2 if high is not None else mpq(3)) if low is None else (low + 2 if high is None else (low + high) / 2)
    )


def _value(found: Reading, number: int, x: mpq) -> list[mpq]:
    neuron = found.neurons[number]
    height = mpq(1) if neuron.knot is None else (x - neuron.knot if neuron.side == "right" else neuron.knot - x)
    return [height * w for w in neuron.weight]


def test_dead_neurons_are_nothing() -> None:
    found = read_neurons(TRAINED, "box:-5,5")
    kept = [number for number in range(9) if number not in found.dead]
    hidden, last = TRAINED.layers
    smaller = ReLUNetwork.of(
        [
            ([hidden.weight[n] for n in kept], [hidden.bias[n] for n in kept]),
            ([[row[n] for n in kept] for row in last.weight], last.bias),
        ]
    )
    assert prove_equal(TRAINED, smaller, "box:-5,5").check().kind == "valid"


@pytest.mark.parametrize(
    "network", [DEEP, ReLUNetwork.of([([[1, 1]], [0]), ([[1]], [0])]), ReLUNetwork.of([([[1]], [0])])]
)
def test_other_networks_are_not_read(network: ReLUNetwork) -> None:
    with pytest.raises(InputError, match="one input and one hidden layer"):
        read_neurons(network)


def test_a_deep_network_is_read_through_its_one_hidden_layer() -> None:
    explicit = depth(DEEP).explicit
    assert explicit is not None
    assert len(read_neurons(explicit).knots) == len(kinks(DEEP, Polyhedron.whole_space(1)))


# --------------------------------------------------------------------------------------- Interpolation


@given(st.dictionaries(rationals, st.tuples(rationals, rationals), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_the_graph_goes_through_the_points(points: dict[mpq, tuple[mpq, mpq]]) -> None:
    order = list(points)
    random.Random(0).shuffle(order)
    network = from_points(order, [points[x] for x in order])
    assert all(tuple(network([x])) == y for x, y in points.items())
    places = sorted(points)
    for low, high in pairwise(places):
        middle = tuple((a + b) / 2 for a, b in zip(points[low], points[high], strict=True))
        assert tuple(network([(low + high) / 2])) == middle
    assert tuple(network([places[0] - 100])) == points[places[0]]
    assert sum(layer.width for layer in network.hidden) <= len(points) - 1


def test_points_of_every_kind() -> None:
    for xs, ys in (
        ([0, 1], ["1/3", Fraction(2, 3)]),
        (np.array([0.0, 1.0]), [mpq(1, 3), "2/3"]),
        ([0, 1], [["1/3"], ["2/3"]]),
    ):
        assert tuple(from_points(xs, ys)(["1/2"])) == (mpq(1, 2),)
    third = np.float32(1) / np.float32(3)
    assert tuple(from_points(np.array([0, 1], np.float32), np.array([third, third]))([0])) == (mpq(11184811, 33554432),)
    assert from_points([0, 1], np.array([[1, 2], [3, 4]])).outputs == 2


def test_points_on_a_line_have_two_neurons_at_most() -> None:
    assert from_points(range(10), range(10)).hidden[0].width == 1
    assert from_points(range(10), [4] * 10).hidden == ()


@pytest.mark.parametrize(
    ("xs", "ys", "said"),
    [
        ([], [], "at least one"),
        ([0, 1], [1], "as many x as y, found 2 and 1"),
        ([0, 0], [1, 2], "different x"),
        ([0, "0/1"], [1, 1], "different x"),
        ([0, 1], [[1], [1, 2]], "as many outputs"),
        ([0, float("nan")], [1, 1], "finite numbers, found nan"),
        ([0, 1], np.array([1, np.inf]), "finite numbers, found inf"),
    ],
)
def test_points_that_are_none(xs: list[Any], ys: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        from_points(xs, ys)
