"""Counting without a proof: engines agree, the fallback, and the upper bound."""

from itertools import pairwise

import pytest
from hypothesis import given, settings

from tests.examples import EXAMPLES, Counts, Layers, each_example, sawtooth
from tests.strategies import problems
from verishallow.errors import IncompleteError, InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.enumeration import Enumeration, affine_map_numbers, enumerate_regions, upper_bound
from verishallow.regions.lattice_engine import lattice_engine


def counts(found: Enumeration) -> Counts:
    return Counts(found.activation_regions, found.affine_pieces, found.linear_regions)


@each_example
def test_all_engines_count_the_same(name: str) -> None:
    example = EXAMPLES[name]
    reference = enumerate_regions(example.network, example.domain, "cdd")
    found = enumerate_regions(example.network, example.domain)
    assert counts(found) == counts(reference)
    assert example.counts in (None, counts(found))
    assert (reference.f_vector, reference.euler_characteristic, reference.engine) == (None, None, "cdd")
    assert (found.engine == "cdd") == (found.f_vector is None)


@pytest.mark.parametrize("name", ["max of three", "residual block"])
def test_the_reference_steps_in_where_lines_stay_in_cells(name: str) -> None:
    example = EXAMPLES[name]
    assert enumerate_regions(example.network, example.domain, "auto").engine == "cdd"
    with pytest.raises(InputError, match="use the cdd engine"):
        enumerate_regions(example.network, example.domain, "lattice")


@pytest.mark.parametrize("name", ["no hidden layer", "all neurons dead"])
def test_a_complex_of_one_point_is_counted(name: str) -> None:
    example = EXAMPLES[name]
    found = enumerate_regions(example.network, example.domain, "lattice")
    assert (counts(found), found.engine) == (Counts(1, 1, 1), "lattice")


@given(problems())
@settings(max_examples=40, deadline=None)
def test_both_engines_count_the_same_on_random_networks(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    found = enumerate_regions(*problem)
    assert counts(found) == counts(enumerate_regions(*problem, "cdd"))
    assert found.affine_pieces <= found.linear_regions <= found.activation_regions <= upper_bound(problem[0])


@pytest.mark.parametrize("block", [1, 2, 7])
def test_affine_maps_have_one_number_in_blocks_of_any_size(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network = ReLUNetwork.of(sawtooth(4))
    found = lattice_engine(network, Polyhedron.whole_space(1))
    whole = affine_map_numbers(network, found).tolist()
    monkeypatch.setattr("verishallow.regions.enumeration.BLOCK", block)
    assert affine_map_numbers(network, found).tolist() == whole
    assert len(set(whole)) == 17


@pytest.mark.parametrize("engine", ["cdd", "lattice", "auto"])
def test_a_watch_may_end_every_engine(engine: str) -> None:
    def stop(_done: int, _of: int, cells: int) -> None:
        if cells > 3:
            raise IncompleteError

    example = EXAMPLES["two layers on a square"]
    with pytest.raises(IncompleteError):
        enumerate_regions(example.network, example.domain, engine, stop)


# -------------------------------------------------------------------------------------- The upper bound


def zeros(*widths: int) -> Layers:
    pairs = pairwise(widths)
    return tuple(([[0] * below for _ in range(width)], [0] * width) for below, width in pairs)


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (zeros(2, 1), 1),
        (zeros(1, 1, 1), 2),
        (zeros(1, 5, 1), 6),
        (zeros(2, 3, 1), 7),
        (zeros(2, 4, 1), 11),
        (zeros(3, 3, 1), 8),
        (zeros(9, 3, 1), 8),
        (zeros(1, 2, 2, 1), 3 + 2 * 3),
        (zeros(2, 1, 4, 1), 5 + 1),
        (zeros(2, 2, 2, 1), 4 + 2 * 3 + 1),
        ((([[0]], [0]), ([[0, 0]] * 2, [0] * 2, [0, 1]), ([[0, 0]], [0])), 3 + 3),
    ],
    ids=[
        "no hidden layer",
        "one neuron",
        "points on a line",
        "three lines",
        "four lines",
        "three planes",
        "three hyperplanes in nine dimensions",
        "two layers on a line",
        "a bottleneck",
        "two layers of two",
        "a layer that reads past a bottleneck",
    ],
)
def test_the_upper_bound(layers: Layers, expected: int) -> None:
    assert upper_bound(ReLUNetwork.of(layers)) == expected
