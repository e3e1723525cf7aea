"""One three-layer network for all networks of one function, and for no other."""

import random
from collections.abc import Sequence

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import problems
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import canonical
from verishallow.read.domains.usable_domain import usable_domain
from verishallow.regions.cell_tree import Cell, Piece
from verishallow.regions.kinks import kinks
from verishallow.shallow.kink_tree import affine_map_on, kink_tree

MODULUS = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
MAXIMUM = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])


def pieces(network: ReLUNetwork, domain: Polyhedron) -> list[Cell]:
    """The cells of the kink tree."""
    nodes = kink_tree(network, domain, kinks(network, domain))
    return [node.leaf.cell for node in nodes if isinstance(node, Piece)]


def rewritten(network: ReLUNetwork, rng: random.Random) -> ReLUNetwork:
    """The same function: neurons permuted, scaled by positive numbers, and one doubled by two halves."""
    layers, columns = list[tuple[object, ...]](), [(i, mpq(1)) for i in range(network.inputs)]
    for layer in network.layers:
        weight = [[row[i] * factor for i, factor in columns] for row in layer.weight]
        bias = list(layer.bias)
        if layer is not network.layers[-1]:
            order = rng.sample(range(len(bias)), len(bias))
            scales = [mpq(rng.randint(1, 6), rng.randint(1, 6)) for _ in order]
            weight = [[a * s for a in weight[i]] for i, s in zip(order, scales, strict=True)]
            bias = [bias[i] * s for i, s in zip(order, scales, strict=True)]
            columns = [(i, 1 / s) for i, s in zip(order, scales, strict=True)]
            weight, bias = [*weight, weight[0]], [*bias, bias[0]]
            columns = [(columns[0][0], columns[0][1] / 2), *columns[1:], (columns[0][0], columns[0][1] / 2)]
        layers.append((weight, bias))
    return ReLUNetwork.of(layers)


@given(problems(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_networks_of_one_function_have_one_three_layer_network(
    problem: tuple[ReLUNetwork, Polyhedron], rng: random.Random
) -> None:
    network, domain = problem[0], usable_domain(problem[1], problem[0].inputs)
    found = canonical(network, domain)
    if all(layer.reads == (number,) for number, layer in enumerate(network.layers)):
        assert canonical(rewritten(network, rng), domain) == found
    for kink in kinks(network, domain):
        for row in kink.generators:
            assert not row[0] or found(row[1:]) == network(row[1:])
    for cell in pieces(network, domain):
        for vertex in cell.polyhedron.v_representation.vertices:
            assert found(vertex) == network(vertex)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 2]], [0])]), "another slope"),
        (ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], ["1/1000000"])]), "another constant"),
        (ReLUNetwork.of([([[1], [-1]], ["1/9", 0]), ([[1, 1]], [0])]), "another kink"),
        (ReLUNetwork.of([([[1]], [0])]), "no kink"),
    ],
)
def test_other_functions_have_others(other: ReLUNetwork, said: str) -> None:
    assert canonical(MODULUS) != canonical(other), said


def test_hyperplanes_without_a_kink_leave_no_trace() -> None:
    cancelling = ReLUNetwork.of([([[1], [-1], [3], [3]], [0, 0, 1, 1]), ([[1, 1, 5, -5]], [0])])
    assert canonical(cancelling) == canonical(MODULUS)


@pytest.mark.parametrize(
    ("network", "domain", "planes", "leaves"),
    [
        (MODULUS, None, [[0, 1]], 2),
        (MODULUS, "box:1,2", [], 1),
        (MAXIMUM, None, [[0, 1, -1]], 2),
        (MAXIMUM, "box:0,1", [[0, 1, -1]], 2),
        (ReLUNetwork.of([([[1, 1]], [0])]), None, [], 1),
        (ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])]), None, [[0, 0, 1], [0, 1, 0]], 4),
    ],
)
def test_the_kinks_are_those_of_the_function(
    network: ReLUNetwork, domain: str | None, planes: Sequence[Sequence[int]], leaves: int
) -> None:
    usable = usable_domain(domain, network.inputs)
    found = kinks(network, usable)
    assert sorted({kink.plane.row for kink in found}) == [tuple(map(mpq, plane)) for plane in planes]
    assert len(pieces(network, usable)) == leaves


@given(problems())
@settings(max_examples=25, deadline=None)
def test_jumps_are_differences_across_their_planes(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    network, domain = problem[0], usable_domain(problem[1], problem[0].inputs)
    for kink in kinks(network, domain):
        for form in kink.jump.forms:
            assert all(not form.at_homogeneous(row) for row in kink.generators)
        assert any(not form.is_constant() for form in kink.jump.forms)


def test_the_map_of_a_cell_is_found_beside_hyperplanes_without_a_kink() -> None:
    network = ReLUNetwork.of([([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]), ([[1, -1, 2, -2]], [3])])
    found = affine_map_on(network, Polyhedron.box([(-1, 1), (-1, 1)]))
    assert [str(form) for form in found.forms] == ["3 + x0 + 2*x1"]
