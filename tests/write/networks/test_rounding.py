"""The bound on the rounding error: sums in any order keep it, it is needed, and where there is none it is said."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES, example_certificate
from tests.strategies import rationals, wide_rationals
from tests.write.constructions import each_chosen
from tests.write.networks.float_points import (
    Floats,
    bound_of,
    broken_claims,
    claimed,
    exact,
    grid_points,
    points,
    rounds,
)
from verishallow.certificate.certificate import Certificate
from verishallow.claims import CONSTRUCTIONS
from verishallow.claims.equality import CELLS
from verishallow.claims.regions import RegionCount
from verishallow.errors import DomainError, InputError, LimitError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.rationals import from_float
from verishallow.write.networks.float_network import FloatNetwork, float_network
from verishallow.write.networks.float_numbers import nearest_float
from verishallow.write.networks.gated_network import GatedNetwork, Weights
from verishallow.write.networks.rounding import Estimate, NoBound, RoundingBound, _sum

WITHIN = "box:-8,8"


# ------------------------------------------------------------------------------------------------ One sum

floats = st.floats(-(2.0**40), 2.0**40, allow_subnormal=True)
terms = st.lists(st.tuples(st.one_of(rationals, wide_rationals), floats), max_size=6)


def in_some_order(values: list[float], shuffled: random.Random) -> float:
    """The sum along a random tree."""
    while len(values) > 1:
        shuffled.shuffle(values)
        values.append(values.pop() + values.pop())
    return values[0] if values else 0.0


@given(terms, st.one_of(rationals, wide_rationals), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_sum_of_floats_is_as_near_as_estimated(
    pairs: list[tuple[mpq, float]], bias: mpq, shuffled: random.Random
) -> None:
    inputs = [Estimate(abs(from_float(x)), mpq(0)) for _, x in pairs]
    weights: Weights = tuple((index, weight) for index, (weight, _) in enumerate(pairs))
    estimate = _sum(weights, bias, inputs)
    products = [nearest_float(weight) * x for weight, x in pairs]
    computed = in_some_order([*products, nearest_float(bias)], shuffled)
    true = sum((weight * from_float(x) for weight, x in pairs), bias)
    assert abs(true) <= estimate.size
    assert abs(from_float(computed) - true) <= estimate.error


def test_products_below_the_smallest_float_are_counted() -> None:
    tiny, half = mpq(1, 2**1074), mpq(1, 2)
    estimate = _sum([(0, half), (1, half)], mpq(0), [Estimate(tiny, mpq(0))] * 2)
    assert estimate.error >= tiny
    assert 0.5 * float(tiny) + 0.5 * float(tiny) == 0.0


def test_the_rounding_of_a_weight_is_counted() -> None:
    almost_one = 1 + mpq(1, 2**54)
    assert nearest_float(almost_one) == 1
    assert _sum([(0, almost_one)], mpq(0), [Estimate(mpq(8), mpq(0))]).error == mpq(8, 2**54)


def test_errors_below_are_handed_on_times_the_weight() -> None:
    values = [Estimate(mpq(8), mpq(1, 4)), Estimate(mpq(8), mpq(1, 8))]
    error = _sum([(0, mpq(-3)), (1, mpq(2))], mpq(0), values).error
    assert 1 < error < 1 + mpq(1, 10**13)


def test_one_input_passes_without_an_error() -> None:
    assert _sum([(0, mpq(-1))], mpq(0), [Estimate(mpq(5), mpq(0))]) == Estimate(mpq(5), mpq(0))


# ------------------------------------------------------------------------------------------ Whole networks


def evaluated(network: GatedNetwork, point: Floats, shuffled: random.Random) -> list[float]:
    """A network in float arithmetic, every sum in another random order."""

    def row(weights: Weights, bias: mpq, values: list[float]) -> float:
        products = [nearest_float(weight) * values[index] for index, weight in weights if weight]
        return in_some_order([*products, nearest_float(bias)], shuffled)

    inputs = [float(x) for x in point]
    first = [max(row(tuple(enumerate(form.linear)), form.constant, inputs), 0.0) for form in network.first]
    shut = [any(first[unit] > 0 for unit in gates) for gates in network.gate_sets]
    second = [0.0 if shut[unit.gate_set] else max(row(unit.weights, unit.bias, first), 0.0) for unit in network.second]
    return [row(weights, bias, second) for weights, bias in zip(network.third, network.third_bias, strict=True)]


def outputs(network: FloatNetwork, at: Floats) -> Floats:
    shuffled = random.Random(3)
    return np.array([evaluated(network.exact, point, shuffled) for point in at]).reshape(-1, network.exact.outputs)


@each_chosen
def test_the_bound_holds_in_any_order_of_sums(name: str) -> None:
    certificate = example_certificate(name)
    network = float_network(certificate, WITHIN)
    at = points(certificate, network, random=15, near=1)
    assert broken_claims(certificate, network, at, outputs(network, at)) == []


@each_chosen
def test_nothing_rounds_on_the_grid_hyperplanes_included(name: str) -> None:
    certificate = example_certificate(name)
    network = float_network(certificate, WITHIN)
    if bound_of(network).grid is None:
        assert rounds(network)
        return
    assert not rounds(network)
    for point in grid_points(certificate, network):
        at, value = exact(point), np.array(evaluated(network.exact, point, random.Random(4)))
        assert exact(value) == certificate.shallow(at) == certificate.network(at)


def test_off_the_grid_something_rounds() -> None:
    certificate = prove(ReLUNetwork.of([([[1]], [1])]), "box:-2,2")
    network = float_network(certificate)
    grid = bound_of(network).grid
    assert grid is not None
    assert 45 < grid < 53
    for places, is_exact in ((grid, True), (53, False)):
        point = np.array([2.0**-places])
        (value,) = evaluated(network.exact, point, random.Random(5))
        assert ((from_float(value),) == certificate.network(exact(point))) == is_exact


def test_the_bound_is_no_idle_number() -> None:
    third = prove(ReLUNetwork.of([([[1]], [0]), ([["1/3"]], [0])]), "box:-1,1")
    network = float_network(third)
    (allowed,) = bound_of(network).outputs
    at = points(third, network, random=200)
    values = outputs(network, at)
    errors = [abs(from_float(float(y)) - third.network(exact(x))[0]) for x, (y,) in zip(at, values, strict=True)]
    assert 0 < allowed / 20 < max(errors) <= allowed < mpq(1, 10**15)


def test_nearer_than_the_margin_both_cells_may_be_open() -> None:
    certificate = prove(ReLUNetwork.of([([[1, -3]], [0]), ([[1]], [1])]), "box:-1,1", boundary="ignore")
    network = float_network(certificate)
    point = np.array([3 * 0.1, 0.1])
    assert certificate.network(exact(point))[0] < 1 + mpq(1, 10**15)
    assert certificate.closed_cells_at(exact(point)) == 1
    assert evaluated(network.exact, point, random.Random(6)) == [2.0]
    assert not claimed(network, point)
    assert claimed(network, np.array([3 * 0.1 + 1e-14, 0.1]))


# ------------------------------------------------------------------------------------------ Where there is none


@pytest.mark.parametrize(
    ("name", "bounded"),
    [
        ("absolute value", False),
        ("max of two on a square", True),
        ("strip that is cut across", False),
        ("triangle", True),
    ],
)
def test_a_bound_needs_a_bounded_domain(name: str, bounded: bool) -> None:
    network = float_network(example_certificate(name))
    assert isinstance(network.bound, RoundingBound) == bounded
    assert (network.about["error_bound"] == "none") != bounded
    assert ("There is no bound on the error: the domain is unbounded" in network.about["rounding"]) != bounded
    assert "equal" not in network.about["rounding"]
    assert network.about["dtype"] == "float64"


def test_within_a_box_there_is_one_on_that_part() -> None:
    network = float_network(example_certificate("absolute value on a half-line"), "box:-3,2")
    assert bound_of(network).box == ((mpq(1, 2), mpq(2)),)
    assert "of the domain within box:-3,2" in network.about["rounding"]


@pytest.mark.parametrize(
    ("within", "fragment"),
    [("box:-1,0", "within: the polyhedron is empty"), ("box:1", "within: domain 'box:1': interval: expected low,high")],
)
def test_a_part_outside_the_domain_is_refused(within: str, fragment: str) -> None:
    with pytest.raises(DomainError, match=fragment):
        float_network(example_certificate("absolute value on a half-line"), within)


def test_values_beyond_float64_have_no_bound() -> None:
    steep = ReLUNetwork.of([([[10**200]], [0]), ([[1]], [1])])
    network = float_network(prove(steep, f"box:-1,{10**150}"))
    assert network.bound == NoBound("values may overflow float64 on this domain")


def test_weights_beyond_float64_are_refused() -> None:
    certificate = prove(ReLUNetwork.of([([[10**200]], [0]), ([[10**200]], [1])]), "box:-1,1")
    with pytest.raises(LimitError, match="a number of 401 digits is beyond float64; 'csv' and 'smt2' keep it exact"):
        float_network(certificate)


def test_planes_beyond_float64_are_scaled() -> None:
    # The hyperplane x0 = (3/2)^900 x1 needs coprime integers of 300 and more digits; the values do not.
    certificate = prove(ReLUNetwork.of([([[mpq(2, 3) ** 900, -1]], [0]), ([[1]], [0])]), "box:-1,1")
    network = float_network(certificate)
    assert max(max(map(abs, form.linear)) for form in network.exact.first) <= 2
    at = points(certificate, network)
    assert broken_claims(certificate, network, at, outputs(network, at)) == []
    assert bound_of(network).grid is None


def test_constructions_without_signed_faces_have_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONSTRUCTIONS, "another", replace(CELLS, name="another", signed_faces=False))
    certificate = example_certificate("triangle")
    header = json.loads(certificate.lines[0]) | {"construction": "another"}
    other = Certificate((json.dumps(header).encode(), *certificate.lines[1:]))
    assert float_network(other).bound == NoBound("none is proved for the construction 'another'")


def test_other_claims_have_no_such_network() -> None:
    certificate = prove(EXAMPLES["triangle"].network, EXAMPLES["triangle"].domain, claim=RegionCount())
    with pytest.raises(InputError, match="three-layer network"):
        float_network(certificate)


def test_a_domain_of_two_thousand_inequalities_is_not_copied_into_the_words() -> None:
    box = Polyhedron.box([(-1, 1)] * 40)
    certificate = prove(ReLUNetwork.of([([[1] * 40], [0]), ([[1]], [0])]), box)
    assert float_network(certificate).about["domain"] == "80 affine forms, see the certificate"
