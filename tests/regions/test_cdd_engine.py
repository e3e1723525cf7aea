"""The reference engine against hand arguments, known counts, and the partition that its leaves must be."""

import json
import random
from itertools import combinations
from math import comb
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import (
    CUBE,
    EXAMPLES,
    SQUARE,
    Counts,
    each_counted_example,
    each_example,
    example_leaves,
    leaves_of,
    sawtooth,
)
from tests.regions.volume import volume
from tests.strategies import boxes, networks, points, problems
from verishallow.affine import AffineForm, AffineMap, plane_of, rank
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.read import load
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Cell, LayerEntry, Leaf, Node, Split, Stable
from verishallow.regions.neighbours import linear_regions
from verishallow.regions.region import Region, affine_pieces

DEGENERATE = Path(__file__).resolve().parents[3] / "shared" / "networks" / "degenerate"
DEGENERATE_NETWORKS = (
    "concurrent3",
    "int_2-5-5-5_s0",
    "int_2-8-8_s1",
    "parallel_dup",
    "sawtooth_6",
    "small_deep_2e-36",
    "strip_2e-30",
    "touch_facet",
    "wedge_2e-30",
    "zero_sum_unit",
)


def regions_of(leaves: tuple[Leaf, ...]) -> list[Region]:
    return [Region(leaf.pattern, leaf.affine_map, leaf.cell.polyhedron, leaf.witness) for leaf in leaves]


# ------------------------------------------------------------------------------------------------ Counts


@each_counted_example
def test_the_counts_of_the_examples(name: str) -> None:
    regions = regions_of(example_leaves(name))
    assert Counts(len(regions), affine_pieces(regions), linear_regions(regions)) == EXAMPLES[name].counts


def known_counts() -> dict[str, dict[str, Any]]:
    if not DEGENERATE.is_dir():
        pytest.skip("the folder of degenerate networks is absent")
    return {known["network"]: known for known in json.loads((DEGENERATE / "counts.json").read_text())["networks"]}


@pytest.mark.parametrize("place", ["Rn", "box"])
@pytest.mark.parametrize("name", DEGENERATE_NETWORKS)
def test_the_counts_of_the_degenerate_networks(name: str, place: str) -> None:
    known, network = known_counts()[name], load(DEGENERATE / f"{name}.json")
    n = network.inputs
    domain = Polyhedron.whole_space(n) if place == "Rn" else Polyhedron.box([(-1, 1)] * n)
    regions = regions_of(leaves_of(network, domain))
    assert len(regions) == known[f"activation_regions_{place}"]
    assert affine_pieces(regions) == known[f"affine_pieces_{place}"]
    assert affine_pieces(regions) <= linear_regions(regions) <= len(regions)


def test_every_degenerate_network_is_counted() -> None:
    files = {path.stem for path in DEGENERATE.glob("*.json")} - {"counts"}
    assert {*known_counts()} == files == {*DEGENERATE_NETWORKS}


@pytest.mark.parametrize("depth", range(1, 8))
def test_a_sawtooth_has_two_to_the_depth_pieces(depth: int) -> None:
    leaves = leaves_of(ReLUNetwork.of(sawtooth(depth)), Polyhedron.box([(0, 1)]))
    assert len(leaves) == affine_pieces(regions_of(leaves)) == 2**depth
    assert {leaf.affine_map.forms[0].linear for leaf in leaves} == {(mpq(2**depth),), (mpq(-(2**depth)),)}


def hyperplanes_in_general_position(count: int, dimension: int, seed: int) -> list[list[int]]:
    """Random integer hyperplanes, any ``dimension`` of which meet in one point, and no more than that."""
    source, found = random.Random(seed), list[list[int]]()
    while len(found) < count:
        row = [source.randint(-9, 9) for _ in range(dimension + 1)]
        if _in_general_position(found, row, dimension):
            found.append(row)
    return found


def _in_general_position(found: list[list[int]], row: list[int], dimension: int) -> bool:
    linear = all(
        rank([tuple(map(mpq, other[1:])) for other in (*others, row)]) == dimension
        for others in combinations(found, min(dimension - 1, len(found)))
        if len(others) == dimension - 1
    )
    full = all(
        rank([tuple(map(mpq, other)) for other in (*others, row)]) == dimension + 1
        for others in combinations(found, dimension)
    )
    return linear and full and any(row[1:])


@pytest.mark.parametrize(("count", "dimension"), [(1, 1), (6, 1), (3, 2), (7, 2), (4, 3), (6, 3), (5, 4)])
@pytest.mark.parametrize("seed", range(2))
def test_a_generic_arrangement_has_a_sum_of_binomials(count: int, dimension: int, seed: int) -> None:
    rows = hyperplanes_in_general_position(count, dimension, seed)
    weight, bias = [row[1:] for row in rows], [row[0] for row in rows]
    network = ReLUNetwork.of([(weight, bias), ([[3**k for k in range(count)]], [0])])
    leaves = leaves_of(network, Polyhedron.whole_space(dimension))
    assert len(leaves) == sum(comb(count, i) for i in range(dimension + 1))
    assert len({leaf.pattern for leaf in leaves}) == len(leaves)


# ------------------------------------------------------------------------- What is true on every leaf


@each_example
def test_every_leaf_is_what_it_says(name: str) -> None:
    example = EXAMPLES[name]
    leaves = example_leaves(name)
    assert len({leaf.pattern for leaf in leaves}) == len(leaves)
    for leaf in leaves:
        check_leaf(example.network, example.domain, leaf)


@given(problems())
@settings(max_examples=40, deadline=None)
def test_every_leaf_of_a_random_network_is_what_it_says(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    network, domain = problem
    for leaf in leaves_of(network, domain):
        check_leaf(network, domain, leaf)


def check_leaf(network: ReLUNetwork, domain: Polyhedron, leaf: Leaf) -> None:
    assert leaf.affine_map == network.affine_map_for(leaf.pattern)
    assert domain.contains_strictly(leaf.witness)
    assert all(form(leaf.witness) > 0 for form in leaf.cell.constraints)
    assert_same_everywhere(network, leaf.affine_map, leaf.cell.polyhedron)


def assert_same_everywhere(network: ReLUNetwork, affine_map: AffineMap, cell: Polyhedron) -> None:
    generators = cell.v_representation
    directions = [*generators.rays, *generators.lines]
    away = [_moved(vertex, ray) for vertex in generators.vertices for ray in directions]
    for at in (*generators.vertices, *away):
        assert network(at) == affine_map(at)


def _moved(vertex: Vector, ray: Vector) -> Vector:
    return tuple(v + 3 * r for v, r in zip(vertex, ray, strict=True))


@given(problems(), st.data())
@settings(max_examples=40, deadline=None)
def test_a_point_lies_in_one_open_leaf_or_on_a_boundary(
    problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject
) -> None:
    network, domain = problem
    leaves = leaves_of(network, domain)
    for at in data.draw(st.lists(points(network.inputs), min_size=1, max_size=8)):
        closed = [leaf for leaf in leaves if leaf.cell.polyhedron.contains(at)]
        inside = [leaf for leaf in closed if leaf.cell.polyhedron.contains_strictly(at)]
        assert bool(closed) == domain.contains(at)
        assert not inside or closed == inside[:1]
        assert len(closed) <= 1 or not inside
        assert {leaf.affine_map(at) for leaf in closed} <= {network(at)}


@pytest.mark.parametrize("name", [name for name in EXAMPLES if EXAMPLES[name].domain in (SQUARE, CUBE)])
def test_the_volumes_of_the_regions_add_up(name: str) -> None:
    bodies = [leaf.cell.polyhedron for leaf in example_leaves(name)]
    assert sum(volume(body) for body in bodies) == volume(EXAMPLES[name].domain)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_the_volumes_of_random_regions_add_up(data: st.DataObject) -> None:
    network = data.draw(networks(inputs=data.draw(st.integers(2, 3))))
    box = data.draw(boxes(network.inputs))
    volumes = [volume(leaf.cell.polyhedron) for leaf in leaves_of(network, box)]
    assert sum(volumes) == volume(box)
    assert min(volumes) > 0


@given(problems(), st.data())
@settings(max_examples=30, deadline=None)
def test_the_signs_of_neurons_are_those_of_the_pattern(
    problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject
) -> None:
    network, domain = problem
    leaf = data.draw(st.sampled_from(leaves_of(network, domain)))
    sources = [leaf.witness]
    for layer, active in zip(network.hidden, leaf.pattern, strict=True):
        z = layer(sources)
        assert [entry > 0 for entry in z] == list(active)
        sources.append(tuple(max(entry, mpq(0)) for entry in z))


# ------------------------------------------------------------------------------------- The tree itself


def nodes_of(network: ReLUNetwork, domain: Polyhedron) -> list[Node]:
    found = cdd_engine(network, domain, generic_point(domain))
    return [node for node in found if isinstance(node, LayerEntry | Stable | Split | Leaf)]


@each_example
def test_a_tree_is_whole_and_its_reasons_hold(name: str) -> None:
    example = EXAMPLES[name]
    nodes = nodes_of(example.network, example.domain)
    splits = sum(isinstance(node, Split) for node in nodes)
    assert sum(isinstance(node, Leaf) for node in nodes) == splits + 1
    cells = _Cells(example.network, example.domain)
    for node in nodes:
        cells.take(node)
    assert not cells.waiting


class _Cells:
    """Walks a tree in preorder with forms recomputed from the network's own layers."""

    def __init__(self, network: ReLUNetwork, domain: Polyhedron) -> None:
        self._network = network
        self.waiting: list[tuple[tuple[AffineForm, ...], dict[int, bool], list[AffineMap], tuple[AffineForm, ...]]] = [
            (domain.inequalities, {}, [AffineMap.identity(network.inputs)], ())
        ]

    def take(self, node: Node) -> None:
        constraints, decided, sources, forms = self.waiting.pop()
        match node:
            case LayerEntry():
                self._enter(node, constraints, decided, sources, forms)
            case Stable():
                self._decide(node, constraints, decided, forms)
                self.waiting.append((constraints, decided, sources, forms))
            case Split():
                assert node.neuron not in decided
                for on in (False, True):
                    side = forms[node.neuron] if on else -forms[node.neuron]
                    below = (*constraints, side.primitive())
                    self.waiting.append((below, {**decided, node.neuron: on}, sources, forms))
            case Leaf():
                assert node.cell.constraints == constraints

    def _enter(
        self,
        node: LayerEntry,
        constraints: tuple[AffineForm, ...],
        decided: dict[int, bool],
        sources: list[AffineMap],
        forms: tuple[AffineForm, ...],
    ) -> None:
        if forms:
            zero = AffineForm.zero(self._network.inputs)
            outputs = tuple(form if decided[i] else zero for i, form in enumerate(forms))
            sources = [*sources, AffineMap(outputs)]
        assert node.layer == len(sources)
        entered = self._network.layers[node.layer - 1].on(sources).forms
        started: dict[int, bool] = {}
        self._decide(node.stable, constraints, started, entered)
        assert {*started, *node.undecided} == {*range(len(entered))}
        assert set(node.planes) == {plane_of(entered[neuron]) for neuron in node.undecided}
        self.waiting.append((constraints, started, sources, entered))

    @staticmethod
    def _decide(
        stable: Stable, constraints: tuple[AffineForm, ...], decided: dict[int, bool], forms: tuple[AffineForm, ...]
    ) -> None:
        for decision in stable.active:
            assert decision.reason.lower_bound(forms[decision.neuron], constraints) >= 0
            decided[decision.neuron] = True
        for decision in stable.inactive:
            assert decision.reason.lower_bound(-forms[decision.neuron], constraints) >= 0
            decided[decision.neuron] = False


def test_a_cell_minimises_by_number() -> None:
    cell = Cell.whole(SQUARE)
    minimum = cell.minimise(AffineForm.of([0, 1, 1]), frozenset({1}))
    assert minimum.value == 0
    assert minimum.reason.lower_bound(AffineForm.of([0, 1, 1]), cell.constraints, {1}) == 0


@given(st.sampled_from(sorted(EXAMPLES)))
def test_the_generic_point_is_inside(name: str) -> None:
    assert EXAMPLES[name].domain.contains_strictly(generic_point(EXAMPLES[name].domain))
