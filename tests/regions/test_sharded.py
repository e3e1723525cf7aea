"""Trees in parts: shards of any size make the same tree, and counts across boundary facets are those of the whole."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import Future

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.campaigns.degenerate_networks import skeleton
from tests.examples import EXAMPLES, LINE, PLANE, SPACE, Counts, sawtooth
from tests.strategies import problems
from verishallow import prove
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.cdd_engine import CellPlace, cdd_engine, generic_point
from verishallow.regions.cell_tree import Leaf, Node
from verishallow.regions.enumeration import enumerate_regions
from verishallow.regions.sharded import explore, lattice_tree_engine, shard
from verishallow.shallow.signed_faces import Boundary

SIZES = (3, 10, 100)


def integer_network(
    widths: Sequence[int], largest: int, seed: int, biases: bool = True, skip: bool = False
) -> ReLUNetwork:
    """Small integer weights: many hyperplanes meet in one point; layers may read the two before them."""
    source, layers = random.Random(seed), []
    for number in range(1, len(widths)):
        reads = [number - 2, number - 1] if skip and number > 1 else [number - 1]
        columns, width = sum(widths[below] for below in reads), widths[number]
        weight = [[source.randint(-largest, largest) for _ in range(columns)] for _ in range(width)]
        layers.append((weight, [source.randint(-largest, largest) * biases for _ in range(width)], reads))
    return ReLUNetwork.of(layers)


PROBLEMS = {
    "two layers in the plane": (integer_network((2, 10, 8, 1), 3, 1), PLANE),
    "weights -1, 0 and 1": (integer_network((2, 9, 8, 7, 1), 1, 7), PLANE),
    "weights -1, 0 and 1 on a box": (integer_network((3, 8, 6, 2), 1, 6), Polyhedron.box([(-2, 2)] * 3)),
    "all hyperplanes through the origin": (integer_network((3, 8, 3, 1), 2, 0, biases=False), SPACE),
    "layers that skip": (integer_network((2, 6, 5, 5, 1), 2, 4, skip=True), PLANE),
    "one input": (ReLUNetwork.of(sawtooth(7)), LINE),
    "a coordinate that nothing reads": (
        ReLUNetwork.of([([[*row, 0] for row in ([1, 2], [2, -1], [1, 1], [-1, 3])], [0, 1, -1, 2]), ([[1] * 4], [0])]),
        SPACE,
    ),
    "cells with lines": (EXAMPLES["max of three"].network, EXAMPLES["max of three"].domain),
}

each_problem = pytest.mark.parametrize("name", PROBLEMS)


def shards_of(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("verishallow.regions.sharded.CELLS_OF_A_SHARD", size)


# ----------------------------------------------------------------------------------------- One same tree


def test_most_problems_have_more_regions_than_small_shards() -> None:
    regions = [enumerate_regions(*problem).activation_regions for problem in PROBLEMS.values()]
    assert sum(number > 100 for number in regions) >= 5


@each_problem
def test_the_tree_does_not_depend_on_the_size_of_shards(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network, domain = PROBLEMS[name]
    reference = generic_point(domain)
    whole = list(skeleton(lattice_tree_engine(network, domain, reference)))
    for size in SIZES:
        shards_of(monkeypatch, size)
        assert list(skeleton(lattice_tree_engine(network, domain, reference))) == whole


@pytest.mark.parametrize(("size", "boundary"), [(4, "exact"), (100, "ignore")])
@each_problem
def test_certificates_made_in_shards_are_valid(
    name: str, size: int, boundary: Boundary, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards_of(monkeypatch, size)
    certificate = prove(*PROBLEMS[name], boundary=boundary)
    assert certificate.check().kind == "valid"
    counts = certificate.counts
    counted = enumerate_regions(*PROBLEMS[name])
    assert counts["activation_regions"] == counted.activation_regions
    assert Counts(counts["leaves"], counts["affine_pieces"], counts["linear_regions"]) == Counts(
        counted.activation_regions, counted.affine_pieces, counted.linear_regions
    )


@pytest.mark.parametrize("size", [1, 2, 3])
@given(problems())
@settings(max_examples=25, deadline=None)
def test_random_networks_in_small_shards(size: int, problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    network, domain = problem[0], problem[1].normalised()
    reference = generic_point(domain)
    with pytest.MonkeyPatch.context() as monkeypatch:
        shards_of(monkeypatch, size)
        found = list(skeleton(lattice_tree_engine(network, domain, reference)))
    assert found == list(skeleton(cdd_engine(network, domain, reference)))


def test_a_place_too_large_for_a_shard_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    network, domain = PROBLEMS["two layers in the plane"]
    place, reference = CellPlace.start(network, domain), generic_point(domain)
    regions = enumerate_regions(network, domain).activation_regions
    shards_of(monkeypatch, regions)
    assert shard(network, place, reference) is not None
    shards_of(monkeypatch, regions - 1)
    assert shard(network, place, reference) is None


def test_a_place_without_vertices_is_none() -> None:
    network, domain = PROBLEMS["cells with lines"]
    assert shard(network, CellPlace.start(network, domain), generic_point(domain)) is None


# --------------------------------------------------------------------------------------------- Explore


class Desk:
    """Takes places, and counts those whose result nobody has asked for."""

    def __init__(self, sizes: st.DataObject | None = None) -> None:
        self.held = self.most = self.submitted = 0
        self._data = sizes

    def submit(self, _place: CellPlace) -> "Future[str | None]":
        self.submitted += 1
        self.held += 1
        self.most = max(self.most, self.held)
        done = self._data is not None and self._data.draw(st.booleans())
        return _Taken(self, "a shard" if done else None)


class _Taken(Future[str | None]):
    def __init__(self, desk: Desk, value: str | None) -> None:
        super().__init__()
        self._desk = desk
        self.set_result(value)

    def result(self, timeout: float | None = None) -> str | None:
        self._desk.held -= 1
        return super().result(timeout)


def explored(desk: Desk, ahead: int) -> Iterator[list[Node] | str]:
    network, domain = EXAMPLES["two layers in the plane"].network, EXAMPLES["two layers in the plane"].domain
    return explore(network, domain, generic_point(domain), desk.submit, ahead)


@pytest.mark.parametrize("ahead", [1, 2, 3, 8])
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_no_more_than_so_many_places_are_handed_out(ahead: int, data: st.DataObject) -> None:
    desk = Desk(data)
    for _ in explored(desk, ahead):
        assert desk.most <= ahead
    assert desk.held == 0


@pytest.mark.parametrize("ahead", [1, 2, 8])
def test_places_that_are_all_too_large_are_split_down_to_leaves(ahead: int) -> None:
    desk = Desk()
    nodes = [node for part in explored(desk, ahead) for node in part]
    network, domain = EXAMPLES["two layers in the plane"].network, EXAMPLES["two layers in the plane"].domain
    expected = list(skeleton(cdd_engine(network, domain, generic_point(domain))))[:-1]
    assert list(skeleton(node for node in nodes if not isinstance(node, str))) == expected
    assert desk.submitted == 2 * sum(isinstance(node, Leaf) for node in nodes) - 1
    assert ahead == 1 or desk.most > 1
