"""Claims beside equality: certificates that are accepted where they hold, points where they do not."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.examples import (
    ABSOLUTE_VALUE,
    ALL_DEAD,
    EXAMPLES,
    MAX_OF_TWO,
    NO_HIDDEN_LAYER,
    TWO_OUTPUTS,
    each_counted_example,
    each_example,
    example_leaves,
)
from tests.rearranging import randomly_rearranged
from tests.strategies import boxes, networks, problems
from verishallow import fast_checker
from verishallow.certificate.certificate import Certificate
from verishallow.checker import check_lines
from verishallow.claims.bounds import Bound, OutputBounds, output_range, range_of_leaves
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError, NetworkError, RefutedError
from verishallow.network import Layer, ReLUNetwork
from verishallow.parallel import workers
from verishallow.polyhedron import Polyhedron
from verishallow.proof import difference, prove, prove_equal
from verishallow.rationals import MAX_DIGITS, Vector
from verishallow.regions.enumeration import ENGINES
from verishallow.regions.region import Region
from verishallow.slices import Slice

ENGINE_NAMES = ("auto", *ENGINES)
MODULUS, MAXIMUM = ReLUNetwork.of(ABSOLUTE_VALUE), ReLUNetwork.of(MAX_OF_TWO)
MAXIMUM_EXCHANGED = ReLUNetwork.of([([[-1, 1]], [0]), ([[1, 0, 1]], [0], [0, 1])])

Problem = tuple[ReLUNetwork, Polyhedron]


def valid(certificate: Certificate) -> Certificate:
    """The certificate, which both checkers accept."""
    verdict = check_lines(certificate.lines)
    assert verdict.kind == "valid", verdict
    assert fast_checker.check_lines(certificate.lines) == verdict
    return certificate


def sampled(polyhedron: Polyhedron, rng: random.Random, number: int = 5) -> Iterator[Vector]:
    """Points of a polyhedron: means of its vertices, moved along its rays and lines."""
    generators = polyhedron.v_representation
    for _ in range(number):
        point: list[mpq] = list(rng.choice(generators.vertices))
        for vertex in generators.vertices:
            share = mpq(rng.randrange(4), 7)
            point = [share * a + (1 - share) * b for a, b in zip(vertex, point, strict=True)]
        for ray in (*generators.rays, *generators.lines):
            step = rng.randrange(3)
            point = [x + step * r for x, r in zip(point, ray, strict=True)]
        yield tuple(point)


# --------------------------------------------------------------------------------------------- Regions


@each_counted_example
def test_the_number_of_regions_is_certified(name: str) -> None:
    example = EXAMPLES[name]
    certificate = valid(prove(example.network, example.domain, claim=RegionCount()))
    assert example.counts is not None
    assert certificate.counts["activation_regions"] == example.counts.activation_regions
    assert len(certificate.regions) == example.counts.activation_regions


@each_example
def test_regions_are_read_from_any_claim(name: str) -> None:
    """Without units there are neither maps nor planes in the file: they follow from the network."""
    example = EXAMPLES[name]
    leaves = example_leaves(name)
    for claim in (RegionCount(), EqualNetworks(example.network)):
        regions = prove(example.network, example.domain, engine="cdd", claim=claim).regions
        assert [region.affine_map for region in regions] == [leaf.affine_map for leaf in leaves]
        assert [region.witness for region in regions] == [leaf.witness for leaf in leaves]
        cells = [leaf.cell.polyhedron for leaf in leaves]
        for region, cell in zip(regions, cells, strict=True):
            assert {*region.polyhedron.v_representation.homogeneous} == {*cell.v_representation.homogeneous}


def test_a_count_has_no_three_layer_network() -> None:
    certificate = prove(MODULUS, claim=RegionCount())
    assert (certificate.claim, certificate.other) == ("regions", None)
    with pytest.raises(InputError, match="claims 'regions', and has no three-layer network; needed: equality"):
        _ = certificate.shallow


# ---------------------------------------------------------------------------------------------- Bounds


@given(problems(most_neurons=6), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_a_range_holds_and_is_attained_at_a_vertex(problem: Problem, rng: random.Random) -> None:
    network, domain = problem
    found = {bound.output: bound for bound in output_range(network, domain, engine="cdd")}
    regions = prove(network, domain, engine="cdd", claim=RegionCount()).regions
    corners = [network(vertex) for region in regions for vertex in region.v_representation.vertices]
    inside = [network(point) for region in regions for point in sampled(region.polyhedron, rng, 2)]
    for output in range(network.outputs):
        low, high = (found[output].low, found[output].high) if output in found else (None, None)
        slopes = [slope for region in regions for slope in slopes_to_infinity(region, output)]
        assert low == (None if min(slopes, default=0) < 0 else min(value[output] for value in corners))
        assert high == (None if max(slopes, default=0) > 0 else max(value[output] for value in corners))
        assert all(low is None or low <= value[output] for value in inside)
        assert all(high is None or value[output] <= high for value in inside)


def slopes_to_infinity(region: Region, output: int) -> Iterator[mpq]:
    """How an output grows along the rays and the lines of a region, lines in both directions."""
    generators, form = region.v_representation, region.affine_map.forms[output]
    for ray in generators.rays:
        yield form(ray) - form.constant
    for line in generators.lines:
        yield from (form(line) - form.constant, form.constant - form(line))


@given(problems(), st.sampled_from(ENGINE_NAMES))
@settings(max_examples=40, deadline=None)
def test_an_exact_range_is_proved_and_nothing_beyond(problem: Problem, engine: str) -> None:
    network, domain = problem
    found = output_range(network, domain, engine)
    assume(found)
    valid(prove(network, domain, engine=engine, claim=OutputBounds(found)))
    bound, little = found[-1], mpq(1, 10**20)
    tighter = [Bound(bound.output, bound.low + little, None)] if bound.low is not None else []
    tighter += [Bound(bound.output, None, bound.high - little)] if bound.high is not None else []
    for one in tighter:
        with pytest.raises(RefutedError) as refuted:
            prove(network, domain, engine=engine, claim=OutputBounds((one,)))
        refutes(refuted.value, network, domain, one)


def refutes(error: RefutedError, network: ReLUNetwork, domain: Polyhedron, bound: Bound) -> None:
    """The point lies in the domain and in the cell, and the bound fails there by what the message says."""
    value = network(error.point)[bound.output]
    assert domain.contains(error.point)
    assert error.cell.contains(error.point)
    below = bound.low is not None and value < bound.low
    above = bound.high is not None and value > bound.high
    assert below or above
    assert f"{bound} does not hold: it fails by" in str(error)


@given(problems(), st.integers(-3, 3))
@settings(max_examples=40, deadline=None)
def test_any_bound_is_proved_or_refuted(problem: Problem, number: int) -> None:
    network, domain = problem
    bound = Bound.of(network.outputs - 1, number, number + 2)
    try:
        valid(prove(network, domain, engine="cdd", claim=OutputBounds((bound,))))
    except RefutedError as error:
        refutes(error, network, domain, bound)


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_ranges_by_hand(engine: str) -> None:
    assert output_range(MODULUS, "box:-1,2", engine) == (Bound.of(0, 0, 2),)
    assert output_range(MODULUS, None, engine) == (Bound.of(0, 0),)
    assert output_range(ReLUNetwork.of([([[-1]], [0]), ([[-2]], [3])]), None, engine) == (Bound.of(0, None, 3),)
    assert output_range(ReLUNetwork.of(ALL_DEAD), None, engine) == (Bound.of(0, 3, 3),)
    assert output_range(ReLUNetwork.of([([["1/2"]], [1])]), None, engine) == ()
    both = output_range(ReLUNetwork.of(TWO_OUTPUTS), "box:[-1,1]x[-2,1/3]", engine)
    assert both == (Bound.of(0, 0, 1), Bound.of(1, 1, "4/3"))
    assert output_range(ReLUNetwork.of(NO_HIDDEN_LAYER), "box:-2,2", engine) == (
        Bound.of(0, -2, 4),
        Bound.of(1, "-20/3", "16/3"),
    )


def test_outputs_without_bounds_are_left_out() -> None:
    network = ReLUNetwork.of([([[1], [1]], [0, 0]), ([[1, 0], [1, -2]], [0, 0]), ([[1, 0], [0, 1], [1, 1]], [0, 0, 1])])
    halved = ReLUNetwork.of([([[1]], [0]), ([[1, 0], [0, 1]], [0, 0], [0, 1])])
    assert [bound.output for bound in output_range(network)] == [0, 1, 2]
    assert output_range(halved) == (Bound.of(1, 0),)


@pytest.mark.parametrize(
    ("bound", "spelled"),
    [
        (Bound.of(0, "1/2", 3), "1/2 <= f_0 <= 3"),
        (Bound.of(7, None, "-2/6"), "f_7 <= -1/3"),
        (Bound.of(1, 0), "0 <= f_1"),
    ],
)
def test_a_bound_is_spelled(bound: Bound, spelled: str) -> None:
    assert str(bound) == spelled
    assert set(bound.record()) == {"output"} | {side for side in ("low", "high") if getattr(bound, side) is not None}


@pytest.mark.parametrize(
    ("bounds", "fragment"),
    [
        ([], "expected increasing outputs, at least one, found []"),
        ([Bound.of(1, 0), Bound.of(0, 0)], "expected increasing outputs, at least one, found [1, 0]"),
        ([Bound.of(0, 0), Bound.of(0, None, 1)], "expected increasing outputs, at least one, found [0, 0]"),
        ([Bound.of(0, 0), Bound.of(2, 0)], "expected outputs from 0 to 1, found 2"),
    ],
)
def test_bounds_that_claim_nothing_are_refused(bounds: list[Bound], fragment: str) -> None:
    with pytest.raises(InputError) as refused:
        prove(ReLUNetwork.of(TWO_OUTPUTS), claim=OutputBounds(tuple(bounds)))
    assert fragment in str(refused.value)


@pytest.mark.parametrize(
    ("sides", "fragment"),
    [
        ((0,), "output 0: expected a low or a high bound, found neither"),
        ((-1, 0), "expected a number from 0 on, found -1"),
        ((True, 0), "expected a number from 0 on, found True"),
        ((0, float("nan")), "expected a finite number, found nan"),
        ((0, None, "x"), "expected a rational"),
    ],
)
def test_a_bound_is_checked_when_it_is_born(sides: tuple[Any, ...], fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        Bound.of(*sides)


def test_the_range_of_no_leaves_is_nothing() -> None:
    assert range_of_leaves([]) == ()


# ---------------------------------------------------------------------------------------------- Equal


@given(problems(most_neurons=5), st.sampled_from(ENGINE_NAMES), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_a_rearranged_network_is_proved_equal(problem: Problem, engine: str, rng: random.Random) -> None:
    network, domain = problem
    other = randomly_rearranged(network, rng)
    certificate = valid(prove_equal(network, other, domain, engine))
    assert certificate.other == other
    assert difference(network, other, domain, engine) is None


@given(st.data(), st.sampled_from(ENGINE_NAMES))
@settings(max_examples=60, deadline=None)
def test_with_one_weight_changed_networks_are_equal_or_a_point_says_not(data: st.DataObject, engine: str) -> None:
    network, domain = data.draw(problems(most_neurons=5))
    other = with_a_weight_changed(network, data.draw(st.randoms(use_true_random=False)))
    found = difference(network, other, domain, engine)
    if found is None:
        valid(prove_equal(network, other, domain, engine))
        return
    assert domain.contains(found.point)
    assert found.cell.contains(found.point)
    assert (network(found.point), other(found.point)) == (found.one, found.other)
    assert found.one != found.other
    with pytest.raises(RefutedError, match="the networks differ: output") as refuted:
        prove_equal(network, other, domain, engine)
    assert refuted.value.point == found.point


def with_a_weight_changed(network: ReLUNetwork, rng: random.Random) -> ReLUNetwork:
    layers = list(network.layers)
    number = rng.randrange(len(layers))
    layer = layers[number]
    row = rng.randrange(layer.width)
    weight = [list(entries) for entries in layer.weight]
    weight[row][rng.randrange(len(weight[row]))] += rng.choice([mpq(1), mpq(-2), mpq(1, 10**12)])
    layers[number] = Layer(tuple(map(tuple, weight)), layer.bias, layer.reads)
    return ReLUNetwork(network.inputs, tuple(layers))


@given(networks(2, most_neurons=4), networks(2, most_neurons=4), boxes(2), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_equal_networks_agree_at_points(one: ReLUNetwork, other: ReLUNetwork, box: Polyhedron, rng: Any) -> None:
    assume(one.outputs == other.outputs)
    found = difference(one, other, box, "cdd")
    at_points = all(one(point) == other(point) for point in sampled(box, rng))
    assert at_points or found is not None


def test_two_ways_to_the_maximum_are_one_function() -> None:
    certificate = valid(prove_equal(MAXIMUM, MAXIMUM_EXCHANGED))
    assert (certificate.claim, certificate.other, len(certificate.regions)) == ("equal", MAXIMUM_EXCHANGED, 2)
    assert certificate.check().reason.startswith("f(x) = g(x) for all x in D; D = R^2, 1 output, network sha256")


def test_networks_may_be_equal_on_a_part_alone() -> None:
    bend = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
    line = ReLUNetwork.of([([[1]], [0])])
    assert difference(bend, line, "box:0,5") is None
    found = difference(bend, line, "box:-5,5")
    assert found is not None
    assert found.point[0] < 0


def test_networks_that_differ_by_very_little_differ() -> None:
    tiny = mpq(1, 10**40)
    other = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1 + tiny]], [0])])
    found = difference(MODULUS, other)
    assert found is not None
    assert found.other[0] - found.one[0] == -tiny * found.point[0]


def test_a_difference_that_vanishes_at_the_witness_is_found_beside_it() -> None:
    """Both are 0 at 0, where the only cell has its witness."""
    found = difference(ReLUNetwork.of([([[1]], [0])]), ReLUNetwork.of([([[2]], [0])]), "box:-1,1")
    assert found is not None
    assert found.point != (0,)
    assert found.one != found.other


def test_a_point_of_difference_may_have_more_digits_than_a_certificate() -> None:
    """Between 1/(q+1) and 1/q no number has fewer digits than 2/(2q+1), one more than the format allows."""
    q = 9 * 10 ** (MAX_DIGITS - 1)
    late = ReLUNetwork.of([([[q + 1]], [-1]), ([[1]], [0])])
    with pytest.raises(RefutedError) as refuted:
        prove_equal(late, ReLUNetwork.of([([[0]], [0])]), Polyhedron.of([[0, 1], [1, -q]]))
    assert late(refuted.value.point)[0] > 0


@pytest.mark.parametrize(
    ("one", "other", "fragment"),
    [
        (MODULUS, MAXIMUM, "as many inputs can be compared, found 1 and 2"),
        (MAXIMUM, ReLUNetwork.of(TWO_OUTPUTS), "as many outputs can be compared, found 1 and 2"),
    ],
)
def test_networks_of_other_shapes_are_refused(one: ReLUNetwork, other: ReLUNetwork, fragment: str) -> None:
    with pytest.raises(NetworkError, match=fragment):
        prove_equal(one, other)
    with pytest.raises(NetworkError, match=fragment):
        difference(one, other)


# ------------------------------------------------------------------------------------------- Every claim


CLAIMS = {
    "regions": RegionCount(),
    "bounds": OutputBounds((Bound.of(0, -1, 5),)),
    "equal": EqualNetworks(MAXIMUM_EXCHANGED),
}
each_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=list(CLAIMS))


@each_claim
def test_engines_prove_the_same(claim: Claim) -> None:
    certificates = [valid(prove(MAXIMUM, "box:-1,2", engine=engine, claim=claim)) for engine in ENGINES]
    assert {len(certificate.regions) for certificate in certificates} == {2}


@each_claim
def test_workers_write_the_same_bytes(claim: Claim) -> None:
    with workers(2, None) as (executor, _):
        assert prove(MAXIMUM, "box:-1,2", claim=claim, executor=executor) == prove(MAXIMUM, "box:-1,2", claim=claim)


@each_claim
def test_a_certificate_is_read_back(claim: Claim, tmp_path: Any) -> None:
    certificate = prove(MAXIMUM, "box:-1,2", claim=claim)
    certificate.save(tmp_path / "cert")
    again = Certificate.read(tmp_path / "cert")
    assert again == certificate
    assert (again.claim, again.network, again.domain) == (claim.name, MAXIMUM, certificate.domain)


@each_claim
def test_a_claim_is_proved_on_a_slice(claim: Claim) -> None:
    line = Slice.line([0, 1], [1, "-1/2"])
    certificate = valid(prove(MAXIMUM, "box:0,1", claim=claim, on_slice=line))
    assert (certificate.slice, certificate.whole_network) == (line, MAXIMUM)
    assert len(certificate.regions) == 2
