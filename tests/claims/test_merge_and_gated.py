"""The constructions merge and gated: one function with the network, everywhere, and smaller than that of all cells."""

from collections.abc import Iterator
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.regions.test_lattice_engine import NETWORKS
from tests.strategies import points, problems
from verishallow import fast_checker
from verishallow.certificate.certificate import Certificate
from verishallow.claims.equality import Equality
from verishallow.claims.gated import gated, has_rest, neurons_read_by_outputs, units_of_a_face
from verishallow.claims.merge import Merged
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.rationals import Vector
from verishallow.read import load
from verishallow.slices import Slice

Problem = tuple[ReLUNetwork, Polyhedron]

CANCELLING = ReLUNetwork.of([([[1], [3], [3]], [0, 1, 1]), ([[1, 5, -5]], [0])])
MODULUS = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
SKIP = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [4], [0, 1])])
TWO_OUTPUTS_OF_A_LINE = ReLUNetwork.of([([[1], [1]], [0, -2]), ([[1, -1], ["1/3", 5]], [0, 1])])
AFFINE = ReLUNetwork.of([([["1/2", -1], [0, 3]], [1, "-2/3"])])
UNREAD = ReLUNetwork.of([([[1], [1]], [0, 1]), ([[0, 0], [0, 0]], [5, "1/3"])])
ONE_NEURON_READ = ReLUNetwork.of([([[1], [1]], [0, 1]), ([[0, 0], [0, 2]], [5, 0])])
PLATEAU = ReLUNetwork.of([([[1], [1]], [0, -1]), ([[1, -1]], [0])])
DEEP = ReLUNetwork.of(
    [
        ([[1, 0], [1, -1]], [0, "-1/2"]),
        ([[1, 1], [-1, 2]], [-1, 0]),
        ([[1, 0, 1, -1], [0, 1, "1/2", 1]], [0, 1], [1, 2]),
        ([[2, 0, 1, -1]], ["1/3"], [1, 3]),
    ]
)


def of_each(network: ReLUNetwork, domain: Polyhedron | str | None = None) -> Iterator[Certificate]:
    """The certificates of both constructions."""
    for claim in (Merged(), gated(network)):
        yield prove(network, domain, claim=claim)


def special_points(network: ReLUNetwork, domain: Polyhedron) -> list[Vector]:
    """Vertices of all activation regions, midpoints between those of one region, and points out along its rays."""
    found = list[Vector]()
    for region in prove(network, domain, claim=RegionCount()).regions:
        generators = region.polyhedron.v_representation
        corners = generators.vertices
        found += [*corners, region.witness]
        found += [_between(corners[0], corner, mpq(1, 2)) for corner in corners[1:]]
        found += [_along(corners[0], ray) for ray in (*generators.rays, *generators.lines)]
    return list(dict.fromkeys(found))


def _between(one: Vector, other: Vector, share: mpq) -> Vector:
    return tuple(share * a + (1 - share) * b for a, b in zip(one, other, strict=True))


def _along(corner: Vector, ray: Vector) -> Vector:
    return tuple(a + 7 * b for a, b in zip(corner, ray, strict=True))


# ---------------------------------------------------------------------------------------------- Equality


@given(problems(6), st.data())
@settings(max_examples=40, deadline=None)
def test_they_are_the_network(problem: Problem, data: Any) -> None:
    network, domain = problem
    drawn = data.draw(st.lists(points(network.inputs), max_size=5))
    tried = [*special_points(network, domain), *(point for point in drawn if domain.contains(point))]
    for certificate in of_each(network, domain):
        shallow = certificate.shallow
        assert [point for point in tried if tuple(shallow(point)) != tuple(network(point))] == []


@given(problems(5))
@settings(max_examples=25, deadline=None)
def test_merged_pieces_with_the_boundary_ignored(problem: Problem) -> None:
    network, domain = problem
    certificate = prove(network, domain, claim=Merged("ignore"))
    for point in special_points(network, domain):
        times = certificate.closed_cells_at(point)
        assert times >= 1
        assert tuple(certificate.shallow(point)) == tuple(times * value for value in network(point))


@given(problems(6))
@settings(max_examples=40, deadline=None)
def test_both_checkers_find_them_valid(problem: Problem) -> None:
    network, domain = problem
    for certificate in of_each(network, domain):
        verdict = certificate.check()
        assert verdict.kind == "valid", verdict
        assert fast_checker.check_lines(certificate.lines) == verdict
        assert "activation_regions" not in certificate.counts


@given(problems(6))
@settings(max_examples=40, deadline=None)
def test_what_is_counted_is_there(problem: Problem) -> None:
    network, domain = problem
    for certificate in of_each(network, domain):
        shallow, units = certificate.shallow, certificate.counts["units"]
        assert (shallow.layer1.width, shallow.layer2.width) == (units["layer1"], units["layer2"])


# ------------------------------------------------------------------------------------------------- Sizes


@given(problems(6))
@settings(max_examples=30, deadline=None)
def test_there_are_no_more_leaves_than_activation_regions(problem: Problem) -> None:
    network, domain = problem
    cells = prove(network, domain).counts["leaves"]
    assert prove(network, domain, claim=gated(network)).counts["leaves"] <= cells


@given(problems(6))
@settings(max_examples=30, deadline=None)
def test_pieces_are_between_the_maps_and_the_cells(problem: Problem) -> None:
    network, domain = problem
    counts, cells = prove(network, domain, claim=Merged()).counts, prove(network, domain).counts
    assert counts["affine_pieces"] == cells["affine_pieces"] <= counts["leaves"] <= cells["leaves"]


@given(problems(6).filter(lambda problem: len(problem[0].hidden) <= 2))
@settings(max_examples=40, deadline=None)
def test_two_hidden_layers_need_no_infinite_weight(problem: Problem) -> None:
    network, domain = problem
    certificate = prove(network, domain, claim=gated(network))
    assert certificate.shallow.layer2.infinite_weights() == 0
    assert (certificate.counts["leaves"], certificate.counts["faces"]) == (1, 1)


@pytest.mark.parametrize(
    ("network", "leaves", "pieces"), [(CANCELLING, 2, 2), (MODULUS, 2, 2), (AFFINE, 1, 1), (PLATEAU, 3, 3)]
)
def test_the_pieces_of_small_networks(network: ReLUNetwork, leaves: int, pieces: int) -> None:
    counts = prove(network, claim=Merged()).counts
    assert (counts["leaves"], counts["affine_pieces"]) == (leaves, pieces)


def test_a_piece_that_is_not_convex_needs_several_leaves() -> None:
    corner = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[-1, -1]], [1]), ([[1]], [0])])
    counts = prove(corner, "box:-2,2", claim=Merged()).counts
    assert counts["affine_pieces"] < counts["leaves"] <= prove(corner, "box:-2,2").counts["leaves"]


@pytest.mark.parametrize(
    ("network", "read", "rest", "units"),
    [
        (MODULUS, (0, 1), False, 2),
        (SKIP, (0,), True, 3),
        (AFFINE, (), True, 4),
        (UNREAD, (), False, 0),
        (ONE_NEURON_READ, (1,), False, 1),
        (DEEP, (0, 1), True, 4),
    ],
)
def test_the_units_of_a_face(network: ReLUNetwork, read: tuple[int, ...], rest: bool, units: int) -> None:
    assert (neurons_read_by_outputs(network), has_rest(network), units_of_a_face(network)) == (read, rest, units)


def test_a_network_that_reads_none_of_its_neurons_is_its_bias() -> None:
    certificate = prove(UNREAD, claim=gated(UNREAD))
    assert certificate.check().kind == "valid"
    assert (certificate.shallow.layer2.width, certificate([7])) == (0, (5, mpq(1, 3)))


def test_deep_gated_cells_are_fewer() -> None:
    gates, cells = (prove(DEEP, "box:-2,2", claim=claim) for claim in (gated(DEEP), Equality()))
    assert gates.counts["leaves"] < cells.counts["leaves"]
    assert gates.shallow.layer2.infinite_weights() < cells.shallow.layer2.infinite_weights()


@pytest.mark.parametrize("engine", ["cdd", "lattice"])
def test_every_engine_makes_them(engine: str) -> None:
    for claim in (Merged(), gated(DEEP)):
        certificate = prove(DEEP, "box:-2,2", claim=claim, engine=engine)
        assert certificate.check().kind == "valid"
        assert certificate(["1/2", "-3/7"]) == tuple(DEEP(["1/2", "-3/7"]))


def test_on_a_slice() -> None:
    line = Slice.line(["1/2", -1], [1, 2])
    for claim in (Merged(), gated(DEEP)):
        certificate = prove(DEEP, "box:0,1", claim=claim, embedding=line)
        assert certificate.check().kind == "valid"
        share = mpq(2, 5)
        assert certificate([share]) == tuple(DEEP([mpq(1, 2) + share / 2, 3 * share - 1]))


# ------------------------------------------------------------------------------------------------- Refusals


def test_gated_needs_the_boundary() -> None:
    with pytest.raises(InputError, match="needs 'exact'"):
        gated(MODULUS, "ignore")


def test_gated_certificates_have_no_regions() -> None:
    with pytest.raises(InputError, match="has no regions"):
        _ = prove(DEEP, "box:-2,2", claim=gated(DEEP)).regions


# ----------------------------------------------------------------------------------------------- VNN-COMP


def test_a_network_of_the_competition_has_six_pieces_for_five_maps() -> None:
    path = NETWORKS / "tll_n2_m8_0.onnx"
    if not path.exists():
        pytest.skip("needs the VNN-COMP network tll_n2_m8_0.onnx")
    certificate = prove(load(path), "box:-2,2", claim=Merged())
    assert (certificate.counts["leaves"], certificate.counts["affine_pieces"]) == (6, 5)
    assert fast_checker.check_lines(certificate.lines).kind == "valid"
