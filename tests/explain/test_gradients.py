"""Gradients and integrated gradients: against sums over fine subdivisions, their axioms, kinks, and captum."""

from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import ABSOLUTE_VALUE, MAX_OF_THREE, MAX_OF_TWO, NO_HIDDEN_LAYER, TWO_LAYERS_IN_THE_PLANE, sawtooth
from tests.strategies import networks, points
from verishallow.errors import InputError, KinkError
from verishallow.explain import gradient, gradient_times_input, integrated_gradients
from verishallow.explain.gradients import gradients_along
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector

MAXIMUM, MODULUS = ReLUNetwork.of(MAX_OF_TWO), ReLUNetwork.of(ABSOLUTE_VALUE)
DEEP = ReLUNetwork.of(TWO_LAYERS_IN_THE_PLANE)


def between(one: Vector, other: Vector, share: mpq) -> Vector:
    return tuple(a + share * (b - a) for a, b in zip(one, other, strict=True))


def partial(network: ReLUNetwork, point: Vector, feature: int, output: int) -> mpq:
    """A central difference quotient with a step so small that it is the slope, where the function is affine."""
    step = mpq(1, 10**12)
    ahead, behind = (tuple(x + s * step * (i == feature) for i, x in enumerate(point)) for s in (1, -1))
    return (network(ahead)[output] - network(behind)[output]) / (2 * step)


@st.composite
def segments(draw: st.DrawFn) -> tuple[ReLUNetwork, Vector, Vector, int]:
    network = draw(networks(most_neurons=7))
    ends = draw(points(network.inputs)), draw(points(network.inputs))
    return network, *ends, draw(st.integers(0, network.outputs - 1))


@given(segments())
@settings(max_examples=60, deadline=None)
def test_every_piece_has_the_slopes_of_difference_quotients(segment: tuple[ReLUNetwork, Vector, Vector, int]) -> None:
    network, baseline, point, output = segment
    if point == baseline:
        return
    pieces = list(gradients_along(network, baseline, point, output))
    assert [pieces[0].start, *(piece.end for piece in pieces)] == [*(piece.start for piece in pieces), mpq(1)]
    for piece in pieces:
        middle = between(baseline, point, (piece.start + piece.end) / 2)
        quotient = tuple(partial(network, middle, feature, output) for feature in range(network.inputs))
        if len(piece.gradients) == 1:
            assert piece.gradients == (quotient,)
        # All gradients that meet agree along the segment.
        steps = [b - a for a, b in zip(baseline, point, strict=True)]
        slopes = {sum(a * d for a, d in zip(each, steps, strict=True)) for each in piece.gradients}
        assert len(slopes) == 1


@given(segments())
@settings(max_examples=40, deadline=None)
def test_the_integral_is_complete_also_inside_kinks(segment: tuple[ReLUNetwork, Vector, Vector, int]) -> None:
    network, baseline, point, output = segment
    found = integrated_gradients(network, point, baseline, output, at_kinks="mean")
    assert sum(found.values) == network(point)[output] - network(baseline)[output]
    assert (found.output, found.baseline_output) == (network(point)[output], network(baseline)[output])


@pytest.mark.parametrize("ends", [((-3, 2), (4, -1)), ((0, 0), (5, "7/3")), (("1/3", -4), (-2, 3))])
def test_a_riemann_sum_comes_near(ends: tuple[Any, Any]) -> None:
    baseline, point = (tuple(mpq(x) for x in end) for end in ends)
    found, steps = integrated_gradients(DEEP, point, baseline), 997
    middles = [between(baseline, point, mpq(2 * k + 1, 2 * steps)) for k in range(steps)]
    for feature in range(2):
        slopes = [float(partial(DEEP, middle, feature, 0)) for middle in middles]
        rough = float(point[feature] - baseline[feature]) * sum(slopes) / steps
        spread = max(slopes) - min(slopes)
        # Each of the few breakpoints spoils one step.
        assert abs(rough - float(found.values[feature])) <= 10 * spread * abs(float(point[feature])) / steps + 0.1


def test_where_one_region_suffices_it_is_the_gradient_times_the_difference() -> None:
    affine = ReLUNetwork.of(NO_HIDDEN_LAYER)
    assert integrated_gradients(affine, [3, 1], [1, 0], 1).values == (0, 3)


def test_a_sawtooth_adds_up() -> None:
    found = integrated_gradients(ReLUNetwork.of(sawtooth(8)), [mpq(1, 3)], [0])
    assert found.values == (ReLUNetwork.of(sawtooth(8))([mpq(1, 3)])[0],)
    assert len(list(gradients_along(ReLUNetwork.of(sawtooth(8)), (mpq(0),), (mpq(1),), 0))) == 256


def test_no_way_is_no_attribution() -> None:
    assert integrated_gradients(MAXIMUM, [1, 1], [1, 1]).values == (0, 0)


def test_several_baselines_are_a_mean() -> None:
    found = integrated_gradients(MAXIMUM, [4, 2], [[0, 1], [0, 0]])
    one, other = (integrated_gradients(MAXIMUM, [4, 2], baseline) for baseline in ([0, 1], [0, 0]))
    assert found.values == tuple((a + b) / 2 for a, b in zip(one.values, other.values, strict=True))
    assert found.baseline_output == mpq(1, 2)


# -------------------------------------------------------------------------------------------------- Kinks


def test_inside_a_kink_there_is_no_gradient() -> None:
    with pytest.raises(KinkError, match=r"no gradient between t = 0 and t = 1 of the segment.* 2 different ones meet"):
        integrated_gradients(MAXIMUM, [2, 2], [0, 0])
    assert integrated_gradients(MAXIMUM, [2, 2], [0, 0], at_kinks="mean").values == (1, 1)


def test_a_segment_that_enters_a_kink_half_way() -> None:
    # Up to x0 = 1 only x1 is active; from there on, where x1 = 0, the segment runs inside the kink of ReLU(x1).
    bent = ReLUNetwork.of([([[1, 0], [0, 1]], [-1, 0]), ([[1, 0], [1, 1]], [0, -1]), ([[1, 1]], [0])])
    with pytest.raises(KinkError, match="between t = 2/3 and t = 1"):
        integrated_gradients(bent, [3, 0], [0, 0])
    found = integrated_gradients(bent, [3, 0], [0, 0], at_kinks="mean")
    assert found.values == (3, 0)


def test_a_neuron_that_makes_no_kink_is_no_obstacle() -> None:
    identity = ReLUNetwork.of([([[0, 1], [0, -1]], [0, 0]), ([[1, -1]], [0])])
    assert integrated_gradients(identity, [3, 0], [0, 0]).values == (0, 0)
    assert gradient(identity, [3, 0]) == (0, 1)


def test_the_gradient_at_a_boundary() -> None:
    with pytest.raises(KinkError, match="no gradient at the point: the function bends there, and 3 different"):
        gradient(ReLUNetwork.of(MAX_OF_THREE), [1, 1, 1])
    assert gradient(ReLUNetwork.of(MAX_OF_THREE), [1, 1, 1], at_kinks="mean") == (mpq(1, 3),) * 3
    assert gradient(MODULUS, [0], at_kinks="mean") == (0,)
    assert gradient(ReLUNetwork.of([([[0]], [0]), ([[1]], [0])]), [5]) == (0,)


def test_gradient_times_input_leaves_the_bias() -> None:
    found = gradient_times_input(MAXIMUM, [4, 2])
    assert (found.values, found.output, found.baseline_output) == ((4, 0), 4, 0)
    with pytest.raises(KinkError):
        gradient_times_input(MODULUS, [0])


@given(networks(), st.data())
@settings(max_examples=30, deadline=None)
def test_gradient_times_input_of_a_network_without_biases_is_complete(
    network: ReLUNetwork, data: st.DataObject
) -> None:
    layers = [(layer.weight, [0] * layer.width, layer.reads) for layer in network.layers]
    found = gradient_times_input(ReLUNetwork.of(layers), data.draw(points(network.inputs)), at_kinks="mean")
    assert found.baseline_output == 0


def test_an_unknown_choice_is_refused() -> None:
    with pytest.raises(InputError, match="kinks: expected one of refuse, mean, found 'left'"):
        gradient(MODULUS, [1], at_kinks="left")


# ------------------------------------------------------------------------------------------------- Package


@pytest.mark.filterwarnings("ignore")
def test_the_package_captum_approximates() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    attr = pytest.importorskip("captum.attr", reason="captum is not installed")
    rng = np.random.default_rng(5)
    sizes = [(6, 4), (6, 6), (1, 6)]
    exact = [(rng.integers(-16, 17, shape), rng.integers(-16, 17, shape[0])) for shape in sizes]
    network = ReLUNetwork.of(
        [([[mpq(int(a), 16) for a in row] for row in w], [mpq(int(a), 16) for a in b]) for w, b in exact]
    )
    modules: list[Any] = []
    for weight, bias in exact:
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0]).double()
        linear.weight.data, linear.bias.data = torch.tensor(weight / 16), torch.tensor(bias / 16)
        modules += [linear, torch.nn.ReLU()]
    model = torch.nn.Sequential(*modules[:-1])
    point, baseline = rng.integers(-32, 33, 4), rng.integers(-32, 33, 4)
    found = integrated_gradients(network, [int(x) for x in point], [int(x) for x in baseline])
    ends = [torch.tensor(end[None], dtype=torch.float64) for end in (point, baseline)]
    errors = {}
    for steps in (50, 5000):
        rounded = attr.IntegratedGradients(model).attribute(ends[0], ends[1], n_steps=steps, method="riemann_middle")
        errors[steps] = max(abs(float(a) - float(b)) for a, b in zip(found.values, rounded[0], strict=True))
    print(f"captum: largest error {errors[50]:.2g} with 50 steps, {errors[5000]:.2g} with 5000")
    assert errors[5000] < 0.01 * max(abs(float(a)) for a in found.values)
    assert errors[5000] < errors[50]
