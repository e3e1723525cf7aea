"""Two networks as one: both outputs, each layer reading its own network's layers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import ABSOLUTE_VALUE, MAX_OF_THREE, MAX_OF_TWO, NO_HIDDEN_LAYER, RESIDUAL, TWO_OUTPUTS, Layers
from tests.rearranging import randomly_rearranged
from tests.strategies import networks, points
from verishallow.affine import AffineMap
from verishallow.errors import NetworkError
from verishallow.network import ReLUNetwork, halves, side_by_side


def outputs_alike(network: ReLUNetwork, outputs: int) -> ReLUNetwork:
    """The network with its outputs cut, or the first one repeated, to have this many."""
    *hidden, last = network.layers
    weight, bias = (last.weight * 2)[:outputs], (last.bias * 2)[:outputs]
    return ReLUNetwork.of(
        (layer.weight, layer.bias, layer.reads) for layer in [*hidden, type(last)(weight, bias, last.reads)]
    )


@given(st.data())
def test_both_outputs_come_out(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    one, other = data.draw(networks(n)), data.draw(networks(n))
    other, at = outputs_alike(other, one.outputs), data.draw(points(n))
    assert side_by_side(one, other)(at) == (*one(at), *other(at))


@pytest.mark.parametrize(
    ("one", "other", "reads"),
    [
        (ABSOLUTE_VALUE, ABSOLUTE_VALUE, [(0,), (0,), (1, 2)]),
        (MAX_OF_TWO, RESIDUAL, [(0,), (0,), (0, 2), (0, 1, 3)]),
        (RESIDUAL, MAX_OF_TWO, [(0,), (0, 1), (0,), (0, 2, 3)]),
        (NO_HIDDEN_LAYER, TWO_OUTPUTS, [(0,), (0, 1)]),
        (TWO_OUTPUTS, NO_HIDDEN_LAYER, [(0,), (0, 1)]),
        (NO_HIDDEN_LAYER, NO_HIDDEN_LAYER, [(0,)]),
        (MAX_OF_THREE, MAX_OF_THREE, [(0,), (0, 1), (0,), (0, 3), (0, 2, 4)]),
    ],
)
def test_each_layer_reads_its_own_network(one: Layers, other: Layers, reads: list[tuple[int, ...]]) -> None:
    both = side_by_side(ReLUNetwork.of(one), ReLUNetwork.of(other))
    assert [layer.reads for layer in both.layers] == reads
    hidden = [*ReLUNetwork.of(one).hidden, *ReLUNetwork.of(other).hidden]
    assert [(layer.weight, layer.bias) for layer in both.hidden] == [(layer.weight, layer.bias) for layer in hidden]


@pytest.mark.parametrize(
    ("one", "other", "fragment"),
    [
        (ABSOLUTE_VALUE, TWO_OUTPUTS, "as many inputs can be compared, found 1 and 2"),
        (MAX_OF_TWO, TWO_OUTPUTS, "as many outputs can be compared, found 1 and 2"),
    ],
)
def test_networks_of_other_shapes_are_refused(one: Any, other: Any, fragment: str) -> None:
    with pytest.raises(NetworkError, match=fragment):
        side_by_side(ReLUNetwork.of(one), ReLUNetwork.of(other))


def test_halves_of_a_map() -> None:
    first, second = AffineMap.of([[1, 2], [3, 4]]), AffineMap.of([[5, 6], [7, 8]])
    assert halves(AffineMap(first.forms + second.forms)) == (first, second)


@given(networks(), st.randoms(use_true_random=False), st.data())
def test_a_rearranged_network_is_the_same_function(network: ReLUNetwork, rng: Any, data: st.DataObject) -> None:
    at = data.draw(points(network.inputs))
    assert randomly_rearranged(network, rng)(at) == network(at)
