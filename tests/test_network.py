"""Deep networks: shapes, reads, exact evaluation."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import EXAMPLES, MAX_OF_THREE, MAX_OF_TWO, Layers, each_example, example_leaves, sawtooth
from tests.strategies import layers, points
from verishallow.affine import AffineMap
from verishallow.errors import InputError, NetworkError
from verishallow.network import Layer, ReLUNetwork, rectified
from verishallow.rationals import Vector, from_float, vector


@pytest.mark.parametrize(
    ("given_layers", "fragment"),
    [
        ([], "at least one layer with at least one neuron"),
        ([([], [])], "at least one layer with at least one neuron"),
        ([([[]], [0])], "expected at least one input and one layer, found 0 and 1"),
        ([([[1], [1, 2]], [0, 0])], "layer 1: expected 1 weights per neuron, found 2"),
        ([([[1]], [0, 0])], "layer 1: 1 weight rows but 2 biases"),
        ([([[1], [2]], [0])], "layer 1: 2 weight rows but 1 biases"),
        ([([[1]], [0]), ([], [])], "layer 2: expected at least one neuron, found none"),
        ([([[1]], [0]), ([[1, 1]], [0])], "layer 2: expected 1 weights per neuron, found 2"),
        ([([[1, 2]], [0]), ([[1]], [0], [0])], "layer 2: expected 2 weights per neuron, found 1"),
        ([([[1]], [0]), ([[1]], [0], [0, 1])], "layer 2: expected 2 weights per neuron, found 1"),
        ([([[1]], [0], [1])], "layer 1: expected 'reads' to be increasing numbers from 0 (the input) to 0, found [1]"),
        ([([[1]], [0]), ([[1]], [0], [])], "layer 2: expected 'reads'"),
        ([([[1]], [0]), ([[1]], [0], [-1])], "found [-1]"),
        ([([[1]], [0]), ([[1, 1]], [0], [1, 0])], "found [1, 0]"),
        ([([[1]], [0]), ([[1, 1]], [0], [1, 1])], "found [1, 1]"),
        (
            [([[1]], [0]), ([[1]], [0], [2])],
            "layer 2: expected 'reads' to be increasing numbers from 0 (the input) to 1",
        ),
    ],
)
def test_shapes_that_do_not_chain_are_refused(given_layers: Sequence[Any], fragment: str) -> None:
    with pytest.raises(NetworkError) as caught:
        ReLUNetwork.of(given_layers)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_network_without_layers_is_refused() -> None:
    with pytest.raises(NetworkError, match="found 2 and 0"):
        ReLUNetwork(2, ())


def test_weights_and_points_are_numbers_of_any_kind() -> None:
    network = ReLUNetwork.of([(np.array([[0.5], [-1]], dtype=np.float32), [0.1, Fraction(1, 3)]), ([[1, "1/2"]], [0])])
    assert network.layers[0].bias == (from_float(0.1), mpq(1, 3))
    for point in ([0.25], ["1/4"], np.array([0.25]), (np.float32(0.25),)):
        assert network(point) == network([mpq(1, 4)])


@pytest.mark.parametrize("weight", [[[float("nan")]], [[float("inf")]], [[True]], [[1j]], 3, [["x"]]])
def test_what_is_no_number_is_refused_as_a_weight(weight: Any) -> None:
    with pytest.raises(InputError):
        ReLUNetwork.of([(weight, [0])])


def test_a_batch_has_the_values_of_its_points() -> None:
    network = ReLUNetwork.of(MAX_OF_TWO)
    points = np.array([[0.5, 2], [-1, 0.25], [3, 3]])
    assert network(points) == tuple(network(point) for point in points) == ((2,), (mpq(1, 4),), (3,))
    assert network(points.tolist()) == network(points)
    with pytest.raises(NetworkError, match="expected a point with 2 coordinates, found 3"):
        network(np.zeros((4, 3)))


@pytest.mark.parametrize(
    ("network_layers", "point", "expected"),
    [
        (MAX_OF_TWO, ["1/3", "1/2"], ["1/2"]),
        (MAX_OF_TWO, [-1, -2], [-1]),
        (MAX_OF_THREE, [1, 3, 2], [3]),
        (MAX_OF_THREE, ["-1/2", -3, "-1/3"], ["-1/3"]),
        (sawtooth(2), ["1/4"], [1]),
        (sawtooth(3), ["1/3"], ["2/3"]),
        (sawtooth(3), ["5/8"], [1]),
        (sawtooth(3), [-7], [0]),
    ],
)
def test_known_values(network_layers: Layers, point: list[Any], expected: list[Any]) -> None:
    assert ReLUNetwork.of(network_layers)(point) == vector(expected)


@given(st.data())
def test_evaluation_reads_what_each_layer_names(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    drawn, at = data.draw(layers(n)), data.draw(points(n))
    assert ReLUNetwork.of(drawn)(at) == tuple(_by_hand(drawn, list(at)))


def _by_hand(drawn: Layers, at: list[mpq]) -> list[mpq]:
    """The definition, with nothing shared."""
    sources, z = [at], at
    for weight, bias, reads in drawn:
        x = [entry for source in reads for entry in sources[source]]
        z = [b + sum(w * v for w, v in zip(row, x, strict=True)) for row, b in zip(weight, bias, strict=True)]
        sources.append([max(entry, mpq(0)) for entry in z])
    return z


def test_every_layer_reads_the_one_before_unless_it_says_otherwise() -> None:
    network = ReLUNetwork.of(MAX_OF_THREE)
    assert [layer.reads for layer in network.layers] == [(0,), (0, 1), (0, 2)]
    assert network.widths == (3, 1, 1, 1)
    assert (network.inputs, network.outputs, len(network.hidden)) == (3, 1, 2)
    assert ReLUNetwork.of(sawtooth(3)).layers[2].reads == (2,)


@pytest.mark.parametrize("point", [[], [1], [1, 2, 3]])
def test_a_point_of_another_dimension_is_refused(point: list[int]) -> None:
    with pytest.raises(NetworkError, match=f"expected a point with 2 coordinates, found {len(point)}"):
        ReLUNetwork.of(MAX_OF_TWO)(point)


@each_example
def test_the_map_of_a_pattern_is_the_network_where_the_pattern_holds(name: str) -> None:
    network = EXAMPLES[name].network
    for leaf in example_leaves(name):
        assert network.affine_map_for(leaf.pattern)(leaf.witness) == network(leaf.witness)


@each_example
def test_the_pre_activations_of_a_pattern_are_those_where_it_holds(name: str) -> None:
    network = EXAMPLES[name].network
    for leaf in example_leaves(name):
        found = network.pre_activations_for(leaf.pattern)
        assert [len(forms) for forms in found] == [layer.width for layer in network.hidden]
        assert [[form(leaf.witness) for form in forms] for forms in found] == _hidden(network, leaf.witness)


def _hidden(network: ReLUNetwork, at: Vector) -> list[list[mpq]]:
    """What each hidden layer computes before the ReLU: the network up to it, without the layers above."""
    upto = (ReLUNetwork(network.inputs, network.layers[:k]) for k in range(1, len(network.layers)))
    return [list(part(at)) for part in upto]


def test_a_pattern_may_be_any() -> None:
    """On a pattern that holds nowhere the forms are those of the network with these neurons on."""
    network = ReLUNetwork.of([([[1], [-1]], [0, 2]), ([[1, 1]], [3]), ([[1]], [0])])
    found = network.pre_activations_for([[False, True], [True]])
    assert found == (AffineMap.of([[0, 1], [2, -1]]).forms, AffineMap.of([[5, -1]]).forms)
    assert network.pre_activations_for([[False, False], [True]])[1] == AffineMap.of([[3, 0]]).forms
    assert ReLUNetwork.of([([[1]], [0])]).pre_activations_for([]) == ()


def test_rectified_keeps_the_active_forms() -> None:
    forms = AffineMap.of([[1, 2], [3, 4]])
    assert rectified(forms, [True, False]) == AffineMap.of([[1, 2], [0, 0]])


def test_networks_are_equal_by_value() -> None:
    assert ReLUNetwork.of([([["2/4"]], [0])]) == ReLUNetwork.of([([["1/2"]], ["0/3"])])
    assert Layer((vector([1]),), vector([0]), (0,)).width == 1
