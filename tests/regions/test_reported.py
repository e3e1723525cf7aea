"""Counts of regions found separately: boundary facets that meet in a facet, in a part of one, or not at all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES, each_example, example_leaves
from tests.regions.quadratic_counts import Row, counts_of_nodes, quadratic_counts, share_a_facet
from tests.regions.test_sharded import PROBLEMS, each_problem, shards_of
from tests.strategies import problems
from verishallow import prove
from verishallow.affine import AffineForm, AffineMap
from verishallow.claims.bounds import OutputBounds, output_range
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.equality import Equality
from verishallow.claims.finite import finite
from verishallow.claims.gated import gated
from verishallow.claims.regions import RegionCount
from verishallow.network import Layer, ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import PARALLEL
from verishallow.regions import sharded
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Leaf, Node, Reported
from verishallow.regions.enumeration import ENGINES, enumerate_regions
from verishallow.regions.lattice_tree import LatticeTree
from verishallow.regions.reported import LeafReport, PartReport, Together, Wall, digests_of, names_of_facets
from verishallow.regions.sharded import lattice_tree_engine
from verishallow.regions.tree_engine import TreePlace, TreeSearch, tree_engine

Problem = tuple[ReLUNetwork, Polyhedron]
Rows = Sequence[tuple[int, ...]]


# ------------------------------------------------------------------------------------ The oracle's geometry


def square(x: int, y: int, width: int = 1, height: int = 1) -> Rows:
    return [(-x, 1, 0), (x + width, -1, 0), (-y, 0, 1), (y + height, 0, -1)]


def cube(x: int, y: int, z: int) -> Rows:
    return [(-x, 1, 0, 0), (x + 2, -1, 0, 0), (-y, 0, 1, 0), (y + 2, 0, -1, 0), (-z, 0, 0, 1), (z + 2, 0, 0, -1)]


def linear_by_geometry(*regions: Rows, maps: int = 1) -> int:
    """The oracle's linear regions of regions that have so many maps in turn."""
    known = [
        (AffineMap.of([[i % maps] * len(rows[0])]), [AffineForm.of(row) for row in rows])
        for i, rows in enumerate(regions)
    ]
    return quadratic_counts(known).linear_regions


@pytest.mark.parametrize(
    ("regions", "maps", "linear"),
    [
        ([], 1, 0),
        ([square(0, 0)], 1, 1),
        ([square(0, 0), square(1, 0)], 1, 1),
        ([square(1, 0), square(0, 0)], 1, 1),
        ([square(0, 0), square(1, 0)], 2, 2),
        ([square(0, 0), square(1, 1)], 1, 2),
        ([square(0, 0), square(2, 0)], 1, 2),
        ([square(0, 0), square(1, 5)], 1, 2),
        ([square(0, 0, height=4), square(1, 0), square(1, 3)], 1, 1),
        ([square(0, 0, height=4), square(1, -1, height=2)], 1, 1),
        ([square(0, 0, height=4), square(1, 4)], 1, 2),
        ([square(0, 0, height=4), square(1, -1, height=6)], 1, 1),
        ([square(0, 0), square(1, 0), square(2, 0)], 1, 1),
        ([square(0, 0), square(1, 0), square(2, 0)], 2, 3),
    ],
    ids=[
        "nothing",
        "one region",
        "a common facet",
        "a common facet, the other way round",
        "a common facet of two maps",
        "a common vertex",
        "a gap",
        "facets in one line, far apart",
        "two small facets on a large one",
        "facets that overlap in part",
        "facets that meet in their ends",
        "a facet inside a larger one",
        "a third region joins two",
        "a third region with another map joins nothing",
    ],
)
def test_the_oracle_sees_common_facets(regions: list[Rows], maps: int, linear: int) -> None:
    assert linear_by_geometry(*regions, maps=maps) == linear


@pytest.mark.parametrize(
    ("other", "linear"),
    [([(-1, 1), (2, -1)], 1), ([(-2, 1), (3, -1)], 2), ([(0, 1), (1, -1)], 2)],
    ids=["they meet", "apart", "the same again"],
)
def test_the_oracle_on_intervals(other: Rows, linear: int) -> None:
    assert linear_by_geometry([(0, 1), (1, -1)], other) == linear


@pytest.mark.parametrize(
    ("x", "y", "linear"), [(0, 0, 1), (1, 0, 1), (2, 0, 2), (2, 2, 2), (1, 1, 1), (-1, 1, 1), (0, 2, 2), (5, 0, 2)]
)
def test_the_oracle_on_cubes_on_top_of_each_other(x: int, y: int, linear: int) -> None:
    # The upper cube, of side 2 too, is moved by (x, y): they share a square, an edge, a vertex or nothing.
    assert linear_by_geometry(cube(0, 0, 0), cube(x, y, 2)) == linear


@pytest.mark.parametrize(("beside", "shared"), [((0, 1, 0), True), ((-1, 1, 0), False)])
def test_the_oracle_on_half_facets(beside: Row, shared: bool) -> None:
    assert share_a_facet((0, 0, 1), [(0, 0, 1), (1, 1, 0), (1, -1, 0), (0, 0, -1), beside]) == shared


# ------------------------------------------------------------------------------------------ Parts together


def part(*regions: tuple[str, str], joined: bool = False) -> PartReport:
    """A part of regions, each a map and the names of its walls; one component, or one for each region."""
    walls = [
        Wall(facet.encode(), affine_map.encode(), 0 if joined else number)
        for number, (affine_map, facets) in enumerate(regions)
        for facet in facets
    ]
    maps = frozenset(affine_map.encode() for affine_map, _ in regions)
    return PartReport(maps, 1 if joined else len(regions), tuple(walls))


TOGETHER: dict[str, tuple[list[PartReport], Reported]] = {
    "nothing": ([], Reported(0, 0)),
    "one region": ([part(("f", "ab"))], Reported(1, 1)),
    "a common facet": ([part(("f", "ab")), part(("f", "bc"))], Reported(1, 1)),
    "a common facet of two maps": ([part(("f", "a")), part(("g", "a"))], Reported(2, 2)),
    "no common facet": ([part(("f", "a")), part(("f", "b"))], Reported(1, 2)),
    "two common facets": ([part(("f", "ab")), part(("f", "ab"))], Reported(1, 1)),
    "a third region joins two": ([part(("f", "a"), ("f", "b")), part(("f", "ab"))], Reported(1, 1)),
    "a third region comes last": ([part(("f", "a")), part(("f", "b")), part(("f", "ab"))], Reported(1, 1)),
    "a third region with another map": ([part(("f", "a"), ("f", "b")), part(("g", "ab"))], Reported(2, 3)),
    "components that were joined stay so": (
        [part(("f", "a"), ("f", "b"), joined=True), part(("f", "a"), ("f", "b"))],
        Reported(1, 1),
    ),
    "two regions of one part": ([part(("f", "a"), ("f", "a"))], Reported(1, 1)),
    "two regions of one part, two maps": ([part(("f", "a"), ("g", "a"))], Reported(2, 2)),
    "a ring": ([part(("f", "ab")), part(("f", "bc")), part(("f", "cd")), part(("f", "da"))], Reported(1, 1)),
    "two pairs with one map": (
        [part(("f", "a")), part(("f", "b")), part(("f", "a")), part(("f", "b"))],
        Reported(1, 2),
    ),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_parts_are_put_together(name: str) -> None:
    parts, expected = TOGETHER[name]
    assert together(parts).reported() == expected


@pytest.mark.parametrize("name", TOGETHER)
@pytest.mark.parametrize("first", range(5))
def test_parts_put_together_before_are_one_part(name: str, first: int) -> None:
    parts, expected = TOGETHER[name]
    one, other = together(parts[:first]).as_part(), together(parts[first:]).as_part()
    assert together([one, other]).reported() == together([other, one]).reported() == expected


def test_a_facet_is_forgotten_when_both_its_regions_are_there() -> None:
    whole = together([part(("f", "ab")), part(("f", "bc"))])
    assert [wall.facet for wall in whole.as_part().walls] == [b"a", b"c"]


def together(parts: Iterable[PartReport]) -> Together:
    whole = Together()
    for each in parts:
        whole.add(each)
    return whole


# ---------------------------------------------------------------------------------------- Names of facets


def test_facets_have_one_name_just_where_all_signs_are_equal() -> None:
    every = np.array([[a, b, c] for a in (-1, 0, 1) for b in (-1, 0, 1) for c in (-1, 0, 1)], dtype=np.int8)
    assert len(set(names_of_facets(every))) == 27
    assert names_of_facets(every) == names_of_facets(every.copy())


def test_maps_have_different_digests_and_equal_maps_the_same() -> None:
    rows: list[Any] = [[[1, 23]], [[12, 3]], [[-1, 23]], [[1, 2**80]], [[1, -(2**80)]], [[0, 0]]]
    forms = np.array(rows, dtype=object)
    assert len(set(digests_of(forms))) == len(rows)
    small = np.array([[[3, -4], [0, 7]]])
    assert digests_of(small) == digests_of(small.astype(object))
    assert digests_of(small) != digests_of(small[:, ::-1])


# ----------------------------------------------------------------------------- Engines against the oracle


def with_dead_outputs(network: ReLUNetwork) -> ReLUNetwork:
    """The network with a ReLU behind its outputs: many regions have one map, and do not all touch."""
    number, outputs = len(network.layers), network.outputs
    identity = tuple(tuple(mpq(int(i == j)) for j in range(outputs)) for i in range(outputs))
    last = Layer(identity, (mpq(0),) * outputs, (number,))
    return ReLUNetwork(network.inputs, (*network.layers, last))


def counts_by_leaves(problem: Problem, nodes: Iterable[Node | Reported]) -> Reported:
    report = LeafReport(problem[0])
    for node in nodes:
        if isinstance(node, Leaf):
            report.add(node)
    return report.reported()


def counts_by_shards(problem: Problem, size: int) -> Reported:
    with pytest.MonkeyPatch.context() as monkeypatch:
        shards_of(monkeypatch, size)
        return last_of(lattice_tree_engine(*problem, generic_point(problem[1])))


def last_of(nodes: Iterator[Node | Reported]) -> Reported:
    *_, reported = nodes
    assert isinstance(reported, Reported)
    return reported


def assert_all_agree(problem: Problem) -> None:
    nodes = list(cdd_engine(*problem, generic_point(problem[1])))
    expected = counts_of_nodes(nodes)
    assert nodes[-1] == expected
    assert counts_by_leaves(problem, nodes) == expected
    assert last_of(tree_engine(*problem, generic_point(problem[1]))) == expected
    for size in (0, 1, 2, 7, 4096):
        assert counts_by_shards(problem, size) == expected, size


@each_example
def test_examples_are_counted_alike(name: str) -> None:
    example = EXAMPLES[name]
    expected = counts_of_nodes(example_leaves(name))
    assert counts_by_leaves((example.network, example.domain), example_leaves(name)) == expected
    assert_all_agree((example.network, example.domain))


@given(problems())
@settings(max_examples=40, deadline=None)
def test_random_degenerate_networks_are_counted_alike(problem: Problem) -> None:
    assert_all_agree((problem[0], problem[1].normalised()))


@given(problems(most_neurons=7))
@settings(max_examples=40, deadline=None)
def test_random_dead_outputs_are_counted_alike(problem: Problem) -> None:
    assert_all_agree((with_dead_outputs(problem[0]), problem[1].normalised()))


@each_problem
def test_dead_outputs_of_larger_networks(name: str) -> None:
    problem = with_dead_outputs(PROBLEMS[name][0]), PROBLEMS[name][1]
    whole = enumerate_regions(*problem)
    expected = Reported(whole.affine_pieces, whole.linear_regions)
    assert counts_by_shards(problem, 20) == counts_by_shards(problem, 4096) == expected
    assert last_of(tree_engine(*problem, generic_point(problem[1]))) == expected


def test_dead_outputs_leave_fewer_linear_regions_than_regions() -> None:
    found = [enumerate_regions(with_dead_outputs(network), domain) for network, domain in PROBLEMS.values()]
    assert sum(2 * each.linear_regions < each.activation_regions for each in found) >= 2
    assert sum(each.affine_pieces < each.linear_regions for each in found) >= 2


@given(problems(most_neurons=7), st.integers(0, 2))
@settings(max_examples=25, deadline=None)
def test_leaves_above_shards_meet_those_in_shards(problem: Problem, rest: int) -> None:
    network, domain = with_dead_outputs(problem[0]), problem[1].normalised()
    expected = counts_of_nodes(cdd_engine(network, domain, generic_point(domain)))

    def some(network: ReLUNetwork, place: Any, reference: Any) -> LatticeTree | None:
        path = len(place.cell.path)
        return sharded_shard(network, place, reference) if path > 1 and path % 3 == rest else None

    sharded_shard = sharded.shard
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(sharded, "shard", some)
        assert last_of(lattice_tree_engine(network, domain, generic_point(domain))) == expected


@pytest.mark.parametrize("depth", [0, 2, 5])
@pytest.mark.parametrize("name", ["weights -1, 0 and 1 on a box", "layers that skip"])
def test_branches_of_the_tree_engine_are_put_together(name: str, depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network, domain = with_dead_outputs(PROBLEMS[name][0]), PROBLEMS[name][1]
    monkeypatch.setattr("verishallow.regions.tree_engine.DEPTH_OF_A_BRANCH", depth)
    walk, report = TreeSearch(network, generic_point(domain)), LeafReport(network)
    for found in walk.top(walk.start(domain)):
        if isinstance(found, TreePlace):
            branch = LeafReport(network)
            assert all(branch.watched(walk.below(found)))
            report.whole.add(branch.as_part())
        else:
            assert all(report.watched(found))
    whole = enumerate_regions(network, domain)
    assert report.reported() == Reported(whole.affine_pieces, whole.linear_regions)


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_leaves_settled_a_few_at_a_time(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network, domain = with_dead_outputs(PROBLEMS["layers that skip"][0]), PROBLEMS["layers that skip"][1]
    coefficients = (network.inputs + 1) * sum(layer.width for layer in network.layers)
    monkeypatch.setattr("verishallow.regions.reported.AT_ONCE", most * coefficients)
    whole = enumerate_regions(network, domain)
    expected = Reported(whole.affine_pieces, whole.linear_regions)
    assert last_of(tree_engine(network, domain, generic_point(domain))) == expected


# ------------------------------------------------------------------------------------ What is not asked for

CORNER = PROBLEMS["two layers in the plane"][0]
BOX = Polyhedron.box([(-1, 1), (-1, 1)])
CLAIMS: dict[str, Callable[[], Claim]] = {
    "the number of regions": RegionCount,
    "bounds": lambda: OutputBounds(output_range(CORNER, BOX)),
    "two networks are equal": lambda: EqualNetworks(CORNER),
    "a network of finite weights": lambda: finite(CORNER, BOX),
    "gated": lambda: gated(CORNER),
}


def never(*_: object) -> Any:
    raise AssertionError("counted, and nobody asked")


@pytest.fixture
def _uncounted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LatticeTree, "report", never)
    monkeypatch.setattr(LeafReport, "add", never)
    monkeypatch.setattr(Together, "reported", never)
    monkeypatch.setattr("verishallow.regions.cdd_engine.linear_regions", never)


@pytest.mark.usefixtures("_uncounted")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CLAIMS)
def test_what_is_not_asked_for_is_not_counted(name: str, engine: str) -> None:
    counts = prove(CORNER, BOX, engine=engine, claim=CLAIMS[name]()).counts
    assert not {"affine_pieces", "linear_regions"}.intersection(counts)


@pytest.mark.usefixtures("_uncounted")
@pytest.mark.parametrize("engine", PARALLEL)
def test_what_is_not_asked_for_is_not_counted_by_workers_either(engine: str) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert prove(CORNER, BOX, engine=engine, claim="regions", executor=executor).counts["open"] == 0


@pytest.mark.usefixtures("_uncounted")
@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_asked_for_is_counted(engine: str) -> None:
    with pytest.raises(AssertionError, match="counted"):
        prove(CORNER, BOX, engine=engine, claim=Equality())


@pytest.mark.parametrize("size", [20, 4096])
def test_the_counts_ask_for_no_linear_program(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = with_dead_outputs(CORNER), BOX
    expected = counts_by_shards(problem, size)
    shards_of(monkeypatch, size)
    leaves = [node for node in tree_engine(*problem, generic_point(BOX)) if isinstance(node, Leaf)]
    trees = list(sharded.explore(*problem, generic_point(BOX), lambda place: shard_of(problem[0], place), 1))
    for name in ("interior_point", "minimise"):
        monkeypatch.setattr(Polyhedron, name, never)
    assert counts_by_leaves(problem, leaves) == expected
    assert together(tree.report() for tree in trees if isinstance(tree, LatticeTree)).reported() == expected


def shard_of(network: ReLUNetwork, place: Any) -> Future[Any]:
    found: Future[Any] = Future()
    found.set_result(sharded.shard(network, place, generic_point(BOX)))
    return found
