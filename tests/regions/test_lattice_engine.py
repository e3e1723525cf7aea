"""The lattice engine against the reference, known counts, and networks on which rounding would change the count."""

import json
import random
from collections.abc import Sequence
from itertools import pairwise
from math import comb
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings

from tests.campaigns.degenerate_networks import differences, patterns_of, random_problems, run
from tests.examples import EXAMPLES, Counts, each_example, example_leaves, leaves_of, sawtooth
from tests.regions.test_cdd_engine import DEGENERATE, DEGENERATE_NETWORKS, hyperplanes_in_general_position
from tests.regions.test_integer_network import deep, float32, ordinary
from tests.strategies import problems
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.read import load
from verishallow.read.domains.texts import parse_domain
from verishallow.regions.enumeration import enumerate_regions
from verishallow.regions.lattice_engine import lattice_engine

NETWORKS = DEGENERATE.parent
LEFT_TO_THE_REFERENCE = (
    "max of three",
    "residual block",
    "two regions with one map that meet only in a vertex",
)
"""The first layer alone does not cut the lines of their domains."""


# -------------------------------------------------------------------------------- Against the reference


@each_example
def test_the_patterns_of_the_examples(name: str) -> None:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain
    if name in LEFT_TO_THE_REFERENCE:
        with pytest.raises(InputError, match="leave lines in the cells"):
            lattice_engine(network, domain)
        return
    expected = sorted(leaf.pattern for leaf in example_leaves(name))
    assert sorted(patterns_of(lattice_engine(network, domain), network)) == expected


@given(problems())
@settings(max_examples=60, deadline=None)
def test_the_patterns_of_random_networks(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    try:
        found = patterns_of(lattice_engine(*problem), problem[0])
    except InputError:
        return
    assert sorted(found) == sorted(leaf.pattern for leaf in leaves_of(*problem))


def test_two_hundred_degenerate_networks() -> None:
    counts, failures = run(200, seed=20260)
    assert failures == []
    assert counts["networks"] == 200
    assert counts["left to the reference, for lines in cells"] > 0
    assert counts["regions"] > 1000


def test_the_campaign_sees_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.campaigns.degenerate_networks.upper_bound", lambda _network: 0)
    problem = next(random_problems(1, 0))
    assert differences(problem)[1] == ["more regions than the upper bound"]


# -------------------------------------------------------------------------------------------- Known counts


@pytest.mark.parametrize("place", ["Rn", "box"])
@pytest.mark.parametrize("name", DEGENERATE_NETWORKS)
def test_the_counts_of_the_degenerate_networks(name: str, place: str) -> None:
    if not DEGENERATE.is_dir():
        pytest.skip("the folder of degenerate networks is absent")
    listed = json.loads((DEGENERATE / "counts.json").read_text())["networks"]
    known = next(entry for entry in listed if entry["network"] == name)
    network = load(DEGENERATE / f"{name}.json")
    found = enumerate_regions(network, parse_domain("box:-1,1" if place == "box" else None, network.inputs), "lattice")
    assert found.activation_regions == known[f"activation_regions_{place}"]
    assert found.affine_pieces == known[f"affine_pieces_{place}"]


@pytest.mark.parametrize(
    ("file", "domain", "regions", "pieces"),
    [
        ("tll_n2_m8_0.onnx", "box:-2,2", 433, 5),
        ("tll_n2_m8_1.onnx", "box:-2,2", 798, 7),
        ("lindex.onnx", "box:-1,1", 241, None),
    ],
)
def test_the_counts_of_published_networks(file: str, domain: str, regions: int, pieces: int | None) -> None:
    path = NETWORKS / file
    if not path.is_file():
        pytest.skip("the folder of networks is absent")
    network = load(path)
    found = enumerate_regions(network, parse_domain(domain, network.inputs), "lattice")
    assert found.activation_regions == regions
    assert pieces in (None, found.affine_pieces)
    assert found.euler_characteristic == 1


@pytest.mark.parametrize("depth", range(1, 11))
def test_a_sawtooth_has_two_to_the_depth_pieces(depth: int) -> None:
    network = ReLUNetwork.of(sawtooth(depth))
    found = enumerate_regions(network, Polyhedron.box([(0, 1)]), "lattice")
    assert Counts(found.activation_regions, found.affine_pieces, found.linear_regions) == Counts(*[2**depth] * 3)
    assert found.f_vector == (2**depth + 1, 2**depth)
    on_the_line = enumerate_regions(network, Polyhedron.whole_space(1), "lattice")
    assert on_the_line.activation_regions == 2**depth + (2 if depth > 1 else 1)


@pytest.mark.parametrize(
    ("count", "dimension"), [(1, 1), (9, 1), (2, 2), (3, 2), (9, 2), (3, 3), (4, 3), (7, 3), (4, 4), (6, 4), (6, 5)]
)
@pytest.mark.parametrize("seed", range(2))
def test_the_faces_of_a_simple_arrangement_are_counted_by_binomials(count: int, dimension: int, seed: int) -> None:
    rows = hyperplanes_in_general_position(count, dimension, seed)
    network = ReLUNetwork.of([([row[1:] for row in rows], [row[0] for row in rows]), ([[1] * count], [0])])
    found = lattice_engine(network, Polyhedron.whole_space(dimension))
    assert found.f_vector == tuple(
        sum(comb(count, i) * comb(i, dimension - k) for i in range(dimension - k, dimension + 1))
        for k in range(dimension + 1)
    )


def test_telgarskys_network_in_every_coordinate() -> None:
    # The sum of two sawtooths in two inputs: a grid of 2^3 times 2^3 cells.
    layers: list[tuple[Any, ...]] = [([[1, 0], [1, 0], [0, 1], [0, 1]], [0, "-1/2", 0, "-1/2"])]
    tent = [[2, -4, 0, 0], [2, -4, 0, 0], [0, 0, 2, -4], [0, 0, 2, -4]]
    layers += [(tent, [0, "-1/2", 0, "-1/2"])] * 2
    network = ReLUNetwork.of([*layers, ([[2, -4, 2, -4]], [0])])
    found = enumerate_regions(network, Polyhedron.box([(0, 1), (0, 1)]), "lattice")
    assert found.f_vector == (81, 144, 64)


# ------------------------------------------------------------------------- Where floats miscount, or end


def six_bit_network(widths: Sequence[int], seed: int = 0) -> ReLUNetwork:
    """Normal weights rounded to multiples of 1/64; the same engine in floats miscounts the regions of some."""
    source = np.random.default_rng(seed)
    layers = []
    for below, width in pairwise(widths):
        weight = np.round(source.standard_normal((width, below)) * 64 / np.sqrt(below)).astype(int).tolist()
        bias = np.round(source.standard_normal(width) * 32).astype(int).tolist()
        layers.append(([[mpq(w, 64) for w in row] for row in weight], [mpq(b, 64) for b in bias]))
    return ReLUNetwork.of(layers)


@pytest.mark.parametrize(("widths", "regions"), [((3, 32, 32, 1), 47069), ((2, 64, 64, 64, 1), 16271)])
def test_networks_on_which_floats_miscount(widths: tuple[int, ...], regions: int) -> None:
    found = lattice_engine(six_bit_network(widths), Polyhedron.whole_space(widths[0]))
    assert found.cells == regions
    assert found.euler_characteristic == (-1) ** widths[0]


EXTREME = {
    "huge": ([["1e300", 0], [0, "1e300"], [1, 1]], [0, "1e300", 1], [["1e300", 1, 1], [1, "-1e300", 1]], [0, 1]),
    "tiny": ([["1e-300", 0], [0, "1e-300"], [1, 1]], [0, "1e-300", 1], [["1e-300", 1, 1], [1, "-1e-300", 1]], [0, 1]),
    "beyond all floats": (
        [["1e400", 0], [0, "1e400"], [1, 1]],
        [0, "1e400", 1],
        [["1e400", 1, 1], [1, "-1e400", 1]],
        [0, 1],
    ),
    "below all floats": (
        [["1e-400", 0], [0, "1e-400"], [1, 1]],
        [0, "1e-400", 1],
        [["1e-400", 1, 1], [1, "-1e-400", 1]],
        [0, 1],
    ),
    "a vertex beyond all floats": (
        [["1e-300", 0], [0, 1], [1, 1]],
        ["1e300", "1e-300", 1],
        [[1, 1, 1], [1, "-1e-300", 1]],
        ["1e-300", 1],
    ),
    "cancellation to the last bit": (
        [[1, "1e-30"], [1, "2e-30"], [1, 0]],
        [0, "1e-60", "-1e-90"],
        [[1, -1, 0], [1, 0, -1]],
        [0, "-1e-120"],
    ),
}


@pytest.mark.parametrize("domain", [None, "box:-1e320,1e310", "box:-1e-310,1e-320"])
@pytest.mark.parametrize("name", EXTREME)
def test_weights_that_floats_do_not_hold(name: str, domain: str | None) -> None:
    weight, bias, again, shift = EXTREME[name]
    network = ReLUNetwork.of([(weight, bias), (again, shift), ([[1, -1]], [0])])
    usable = parse_domain(domain, 2)
    found = lattice_engine(network, usable)
    assert sorted(patterns_of(found, network)) == sorted(leaf.pattern for leaf in leaves_of(network, usable))


@pytest.mark.parametrize("entries", [float32, ordinary], ids=["any exponents", "ordinary exponents"])
@pytest.mark.parametrize("widths", [(1, 6, 4, 1), (2, 5, 4, 1), (3, 4, 3, 1)])
def test_mantissas_of_24_bits(entries: Any, widths: tuple[int, ...]) -> None:
    network, domain = deep(random.Random(sum(widths)), entries, widths), Polyhedron.whole_space(widths[0])
    found = lattice_engine(network, domain)
    assert sorted(patterns_of(found, network)) == sorted(leaf.pattern for leaf in leaves_of(network, domain))


def test_vertices_are_primitive_integers() -> None:
    points = lattice_engine(six_bit_network((2, 6, 6, 1)), Polyhedron.whole_space(2)).points
    assert all(isinstance(a, int) for a in points.flat)
    assert set(np.gcd.reduce(points, axis=1).tolist()) == {1}
    assert min(points[:, 0]) == 0
    assert len({tuple(row) for row in points.tolist()}) == len(points)


# -------------------------------------------------------------------------------------------------- Watch


def test_the_watch_sees_every_neuron() -> None:
    seen: list[tuple[int, int, int]] = []
    example = EXAMPLES["two layers on a square"]
    found = lattice_engine(example.network, example.domain, lambda *state: seen.append(state))
    assert [(done, of) for done, of, _ in seen] == [(i, 7) for i in range(1, 8)]
    cells = [number for *_, number in seen]
    assert cells == sorted(cells)
    assert cells[-1] == found.cells


def test_what_the_watch_raises_ends_the_work() -> None:
    def stop(done: int, _of: int, _cells: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    example = EXAMPLES["two layers on a square"]
    with pytest.raises(KeyboardInterrupt):
        lattice_engine(example.network, example.domain, stop)
