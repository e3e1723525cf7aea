"""A function on a whole domain, against integrals region by region, other engines, and random points."""

import random
from itertools import product
from math import factorial

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import (
    ABSOLUTE_VALUE,
    EXAMPLES,
    MAX_OF_THREE,
    NO_HIDDEN_LAYER,
    TWO_OUTPUTS,
    example_leaves,
    leaves_of,
    sawtooth,
)
from tests.explain.test_triangulation import BOUNDED
from tests.regions.volume import _determinant, _edges, _pulled, _tight, volume
from tests.strategies import boxes, networks
from verishallow.affine import AffineForm
from verishallow.claims.bounds import output_range
from verishallow.errors import DomainError, IncompleteError, InputError
from verishallow.explain import Summary, class_shares, summarise
from verishallow.explain.classes import score_forms
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.progress import watching
from verishallow.regions.cell_tree import Leaf

MODULUS = ReLUNetwork.of(ABSOLUTE_VALUE)


def integrals(leaf: Leaf, output: int) -> tuple[mpq, mpq, mpq]:
    """The integrals of 1, F and F^2 over a leaf, by quadrature that is exact for squares, on its own simplices.

    Degree 2 on a simplex: the values at the vertices and at the middles of the edges.
    """
    cell, form = leaf.cell.polyhedron, leaf.affine_map.forms[output]
    n, vertices = cell.dimension, frozenset(cell.v_representation.vertices)
    sums = [mpq(0)] * 3
    for simplex in _pulled(vertices, [_tight(vertices, face) for face in cell.inequalities], n):
        size = abs(_determinant(_edges(simplex))) / factorial(n)
        corners = [form(vertex) for vertex in simplex]
        middles = [(a + b) / 2 for i, a in enumerate(corners) for b in corners[:i]]
        for power in range(3):
            at_corners = sum(value**power for value in corners) * mpq(2 - n, (n + 1) * (n + 2))
            at_middles = sum(value**power for value in middles) * mpq(4, (n + 1) * (n + 2))
            sums[power] += size * (at_corners + at_middles)
    return sums[0], sums[1], sums[2]


def agrees(found: Summary, network: ReLUNetwork, leaves: tuple[Leaf, ...]) -> None:
    for output in range(network.outputs):
        parts = [integrals(leaf, output) for leaf in leaves]
        size, first, second = (sum(part[power] for part in parts) for power in range(3))
        assert found.volume == size
        assert found.mean[output] == first / size
        assert found.variance[output] == second / size - (first / size) ** 2
        for feature in range(network.inputs):
            slopes = [
                (part[0], leaf.affine_map.forms[output].linear[feature])
                for part, leaf in zip(parts, leaves, strict=True)
            ]
            assert found.mean_gradient[output][feature] == sum(v * a for v, a in slopes) / size
            assert found.mean_absolute_gradient[output][feature] == sum(v * abs(a) for v, a in slopes) / size


@pytest.mark.parametrize("name", BOUNDED)
def test_moments_and_gradients_are_the_integrals(name: str) -> None:
    example = EXAMPLES[name]
    agrees(summarise(example.network, example.domain), example.network, example_leaves(name))


@given(st.integers(1, 2).flatmap(lambda n: st.tuples(networks(n, most_neurons=5), boxes(n))))
@settings(max_examples=20, deadline=None)
def test_any_network_on_any_box(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    network, box = problem
    leaves = leaves_of(network, box)
    found = summarise(network, box)
    agrees(found, network, leaves)
    shares_agree(found.class_shares, leaves)
    for bound, each in zip(output_range(network, box), found.ranges, strict=True):
        assert (bound.low, bound.high) == (each.low, each.high)


@pytest.mark.parametrize("name", BOUNDED)
def test_the_range_is_that_of_linear_programs_and_is_attained(name: str) -> None:
    example = EXAMPLES[name]
    found = summarise(example.network, example.domain)
    for bound, each in zip(output_range(example.network, example.domain), found.ranges, strict=True):
        assert (bound.low, bound.high) == (each.low, each.high)
        for points, value in ((each.low_at, each.low), (each.high_at, each.high)):
            assert {example.network(point)[bound.output] for point in points} == {value}
            assert all(example.domain.contains(point) for point in points)


def test_the_range_of_three_inputs_is_attained_at_every_corner_that_does() -> None:
    (found,) = summarise(ReLUNetwork.of(MAX_OF_THREE), "box:0,1").ranges
    assert found.low_at == ((0, 0, 0),)
    assert set(found.high_at) >= {corner for corner in product((0, 1), repeat=3) if any(corner)}


# ------------------------------------------------------------------------------------------------ Regions


def test_regions_are_ranked_by_volume() -> None:
    example = EXAMPLES["two layers on a square"]
    found = summarise(example.network, example.domain)
    expected = {
        leaf.pattern: (volume(leaf.cell.polyhedron), leaf.affine_map)
        for leaf in example_leaves("two layers on a square")
    }
    assert {region.pattern: (region.volume, region.affine_map) for region in found.regions} == expected
    assert list(found.regions) == sorted(found.regions, key=lambda region: -region.volume)
    assert sum(region.share for region in found.regions) == 1
    for constant in found.lipschitz.values():
        assert set(constant.regions) <= set(range(len(found.regions)))


def test_a_known_function() -> None:
    found = summarise(MODULUS, "box:-1,2")
    assert (found.volume, found.mean, found.mean_gradient) == (3, (mpq(5, 6),), ((mpq(1, 3),),))
    assert found.variance == (mpq(11, 36),)
    assert found.mean_absolute_gradient == ((1,),)
    assert {norm: constant.constant.low for norm, constant in found.lipschitz.items()} == dict.fromkeys(
        found.lipschitz, 1
    )


def test_many_regions() -> None:
    found = summarise(ReLUNetwork.of(sawtooth(8)), "box:0,1")
    assert (len(found.regions), found.mean, found.variance) == (256, (mpq(1, 2),), (mpq(1, 12),))
    assert found.mean_absolute_gradient == ((256,),)


# ------------------------------------------------------------------------------------------------ Classes


def shares_agree(found: dict[tuple[int, ...], mpq], leaves: tuple[Leaf, ...]) -> None:
    """The volume on which each single class wins, cut out of every leaf by inequalities."""
    size = sum(volume(leaf.cell.polyhedron) for leaf in leaves)
    for number in range(len(score_forms(leaves[0].affine_map))):
        won = mpq(0)
        for leaf in leaves:
            forms = score_forms(leaf.affine_map)
            ahead = [forms[number] - form for k, form in enumerate(forms) if k != number]
            if any(form.is_constant() and form.constant <= 0 for form in ahead):
                continue
            part = Polyhedron(leaf.cell.polyhedron.dimension, (*leaf.cell.polyhedron.inequalities, *ahead)).normalised()
            if part.implicit_equations() == ():
                won += volume(Polyhedron(part.dimension, tuple(part.inequalities[i] for i in part.facets)))
        assert found.get((number,), 0) == won / size
    assert sum(found.values()) == 1


THREE_CLASSES = (
    ([[1, 1], [-1, 2], [1, -1]], [0, "1/2", "-1/3"]),
    ([[1, -1, 1], [-1, 1, 2], ["1/2", 1, -2]], ["1/4", 0, "1/5"]),
)


def test_the_shares_of_three_classes() -> None:
    network, square = ReLUNetwork.of(THREE_CLASSES), Polyhedron.box([(-1, 1), (-1, 1)])
    found = class_shares(network, square)
    assert set(found) == {(0,), (1,), (2,)}
    shares_agree(found, leaves_of(network, square))


def test_random_points_agree_roughly() -> None:
    network, rng = ReLUNetwork.of(THREE_CLASSES), np.random.default_rng(1)
    points = rng.uniform(-1, 1, (20000, 2))
    hidden = np.maximum(points @ np.array([[1, 1], [-1, 2], [1, -1]]).T + [0, 0.5, -1 / 3], 0)
    outputs = hidden @ np.array([[1, -1, 1], [-1, 1, 2], [0.5, 1, -2]]).T + [0.25, 0, 0.2]
    found = summarise(network, "box:-1,1")
    for number in range(3):
        assert abs(float(found.class_shares[number,]) - np.mean(outputs.argmax(axis=1) == number)) < 0.02
        assert abs(float(found.mean[number]) - outputs[:, number].mean()) < 0.05
        assert abs(float(found.variance[number]) - outputs[:, number].var()) < 0.05


def test_ties_are_told_apart() -> None:
    twins = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 0], [1, 0], [0, 1]], [0, 0, 0])])
    assert class_shares(twins, Polyhedron.box([(-1, 3)])) == {(0, 1): mpq(3, 4), (2,): mpq(1, 4)}
    rectifier = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
    assert class_shares(rectifier, Polyhedron.box([(-1, 3)])) == {(0, 1): mpq(1, 4), (1,): mpq(3, 4)}
    everything = ReLUNetwork.of([([[0]], [0]), ([[0], [0], [0]], [1, 1, 1])])
    assert class_shares(everything, Polyhedron.box([(0, 1)])) == {(0, 1, 2): 1}


# ----------------------------------------------------------------------------------------------- Refusals


@pytest.mark.parametrize("domain", [None, Polyhedron.of([[1, 1, 0]]), Polyhedron.of([[0, 1, 0], [0, 0, 1]])])
def test_an_unbounded_domain_is_refused(domain: Polyhedron | None) -> None:
    with pytest.raises(DomainError, match="expected a bounded domain, such as box:-1,1"):
        summarise(ReLUNetwork.of(TWO_OUTPUTS), domain)  # None is refused too


def test_too_many_regions_stop_the_work() -> None:
    with watching(2, 3) as watch, pytest.raises(IncompleteError, match="more than 3 regions"):
        summarise(ReLUNetwork.of(TWO_OUTPUTS), "box:-1,1", watch=watch)


def test_names_are_checked_first() -> None:
    with pytest.raises(InputError, match="names of outputs: expected 2"):
        summarise(ReLUNetwork.of(TWO_OUTPUTS), "box:-1,1", output_names=["a"])


def test_no_hidden_layer() -> None:
    found = summarise(ReLUNetwork.of(NO_HIDDEN_LAYER), "box:0,1")
    assert (len(found.regions), found.mean) == (1, (mpq(3, 4), mpq(5, 6)))
    assert found.regions[0].pattern == ()


def test_a_dead_network_is_constant() -> None:
    found = summarise(ReLUNetwork.of([([[0, 0]], [-1]), ([[1]], [random.Random(0).randint(1, 9)])]), "box:0,1")
    assert found.variance == (0,)
    assert found.lipschitz["l2"].constant.low == 0
    assert AffineForm.of([found.mean[0], 0, 0]) == found.regions[0].affine_map.forms[0]
