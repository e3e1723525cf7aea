"""Hidden neurons: which layer each goes into, which are shared, and maxima, clips and leaks written in them."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from verishallow.errors import LimitError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read.onnx import neurons as module
from verishallow.read.onnx.affine_rows import (
    AffineRows,
    constant_rows,
    exact_array,
    minus,
    plus,
    stacked,
    variable_rows,
)
from verishallow.read.onnx.maxima import absolute, clipped, leaky, maxima, maximum, minimum
from verishallow.read.onnx.neurons import Neurons

rationals = st.fractions(min_value=-3, max_value=3, max_denominator=6).map(lambda q: mpq(q.numerator, q.denominator))
points = st.lists(rationals, min_size=4, max_size=4)
X = variable_rows([0, 1, 2, 3])


def network(outputs: Callable[[Neurons], AffineRows], inputs: int = 4) -> ReLUNetwork:
    neurons = Neurons(inputs)
    return neurons.network(outputs(neurons))


def halves(rows: AffineRows) -> tuple[AffineRows, AffineRows]:
    return rows.picked(np.array([0, 1])), rows.picked(np.array([2, 3]))


OF_TWO: dict[str, tuple[Callable[..., AffineRows], Callable[[mpq, mpq], mpq]]] = {
    "maximum": (maximum, max),
    "minimum": (minimum, min),
}


@pytest.mark.parametrize("name", OF_TWO)
@settings(max_examples=40)
@given(point=points)
def test_of_two(name: str, point: list[mpq]) -> None:
    written, meant = OF_TWO[name]
    found = network(lambda neurons: written(neurons, *halves(X)))
    assert found.widths == (4, 2, 2)
    assert list(found(point)) == [meant(point[0], point[2]), meant(point[1], point[3])]


@settings(max_examples=40)
@given(points, rationals, rationals, st.sampled_from(["both", "low", "high", "none"]))
def test_a_clip(point: list[mpq], low: mpq, high: mpq, bounds: str) -> None:
    least = exact_array([low] * 4) if bounds in ("both", "low") else None
    greatest = exact_array([high] * 4) if bounds in ("both", "high") else None
    found = network(lambda neurons: clipped(neurons, X, least, greatest))
    raised = [max(x, low) if least is not None else x for x in point]
    assert list(found(point)) == [min(x, high) if greatest is not None else x for x in raised]
    width = {"both": 8 if low < high else 0, "low": 4, "high": 4, "none": 0}[bounds]
    assert sum(found.widths[1:-1]) == width


@settings(max_examples=40)
@given(points, points)
def test_a_leak(point: list[mpq], slopes: list[mpq]) -> None:
    found = network(lambda neurons: leaky(neurons, X, exact_array(slopes)))
    assert list(found(point)) == [x if x > 0 else a * x for x, a in zip(point, slopes, strict=True)]
    assert sum(found.widths[1:-1]) == sum(slope != 1 for slope in slopes)


@settings(max_examples=40)
@given(points)
def test_an_absolute_value(point: list[mpq]) -> None:
    found = network(lambda neurons: absolute(neurons, X))
    assert list(found(point)) == [abs(x) for x in point]
    assert found.widths == (4, 4, 4)


windows = st.lists(st.lists(st.integers(-1, 3), min_size=5, max_size=5), min_size=1, max_size=4)


@settings(max_examples=40)
@given(points, windows.filter(lambda table: all(max(row) >= 0 for row in table)))
def test_maxima_of_windows(point: list[mpq], table: list[list[int]]) -> None:
    found = network(lambda neurons: maxima(neurons, X, np.array(table)))
    assert list(found(point)) == [max(point[number] for number in row if number >= 0) for row in table]


def test_a_maximum_of_many_is_a_chain_of_one_neuron_less() -> None:
    for count in range(1, 10):
        rows, table = variable_rows(range(count)), np.arange(count)[None, :]
        # ruff wants what a loop changes as defaults (B023), and mypy infers no types for the defaults of a lambda.
        found = network(lambda neurons, rows=rows, table=table: maxima(neurons, rows, table), inputs=count)  # type: ignore[misc]
        assert sum(found.widths[1:-1]) == count - 1
        assert len(found.hidden) == (count - 1).bit_length()


def test_a_maximum_of_nothing_is_refused() -> None:
    with pytest.raises(NetworkError, match="expected each maximum to be of at least one entry"):
        maxima(Neurons(4), X, np.array([[0, 1], [-1, -1]]))


def test_equal_rows_share_a_neuron_only_where_an_operator_is_written_in() -> None:
    twice = variable_rows([0, 0])
    neurons = Neurons(1)
    assert neurons.relu(twice).variables.tolist() == [1, 2]
    assert neurons.relu_if_needed(twice).variables.tolist() == [1, 1]
    assert neurons.relu(twice).variables.tolist() == [1, 1]
    assert neurons.count == 2


def test_rows_of_equal_variables_and_other_weights_do_not_share() -> None:
    neurons = Neurons(2)
    sums = plus(variable_rows([0, 0]), variable_rows([1, 1]))
    first = neurons.relu_if_needed(sums)
    second = neurons.relu_if_needed(minus(variable_rows([0]), variable_rows([1])))
    third = neurons.relu_if_needed(plus(sums, constant_rows([1, 2])))
    assert first.variables.tolist() + second.variables.tolist() + third.variables.tolist() == [2, 2, 3, 4, 5]


SURE: dict[str, tuple[Callable[[AffineRows], AffineRows], bool]] = {
    "a neuron": (lambda r: r, True),
    "a sum of neurons": (lambda r: plus(r, r.picked(np.array([1, 0]))), True),
    "a neuron and a positive number": (lambda r: plus(r, constant_rows([1, 2])), True),
    "a neuron and a negative number": (lambda r: plus(r, constant_rows([-1, -2])), False),
    "minus a neuron": (lambda r: minus(constant_rows([0, 0]), r), True),
    "minus a neuron and a negative number": (lambda r: minus(constant_rows([-1, 0]), r), True),
    "minus a neuron and a positive number": (lambda r: minus(constant_rows([1, 1]), r), False),
    "a difference of neurons": (lambda r: minus(r, r.picked(np.array([1, 0]))), False),
    "an input": (lambda _: variable_rows([0, 1]).picked(np.array([1, 0])), False),
    "a number": (lambda _: constant_rows([-1, 1]), True),
}


@pytest.mark.parametrize("name", SURE)
def test_no_neuron_is_written_in_where_the_sign_is_plain(name: str) -> None:
    of_neurons, sure = SURE[name]
    neurons = Neurons(2)
    rows = of_neurons(neurons.relu(plus(variable_rows([0, 1]), constant_rows([1, 1]))))
    before = neurons.count
    rectified = neurons.relu_if_needed(rows)
    assert (neurons.count == before) == sure
    for point in ([mpq(-2), mpq(3)], [mpq(1, 2), mpq(-1, 3)], [mpq(0), mpq(0)]):
        value = neurons.network(rows)(point)
        assert list(neurons.network(rectified)(point)) == [max(entry, mpq(0)) for entry in value]


def test_a_neuron_goes_into_the_layer_after_the_last_that_it_reads() -> None:
    neurons = Neurons(1)
    first = neurons.relu(variable_rows([0]))
    second = neurons.relu(minus(first, constant_rows([1])))
    third = neurons.relu(plus(stacked([second, variable_rows([0])]), constant_rows([-1, -2])))
    assert neurons.depths.tolist() == [0, 1, 2, 3, 1]
    found = neurons.network(third)
    assert found.widths == (1, 2, 1, 1, 2)
    assert [layer.reads for layer in found.layers] == [(0,), (1,), (2,), (1, 3)]


def test_neurons_that_no_output_reads_are_left_out() -> None:
    neurons = Neurons(2)
    first = neurons.relu(variable_rows([0, 1]))
    neurons.relu(minus(first, constant_rows([1, 1])))
    assert neurons.network(first.picked(np.array([1]))).widths == (2, 1, 1)
    assert neurons.live(first.picked(np.array([1]))).tolist() == [False, True, False, True, False, False]


def test_constants_are_a_layer_of_the_input() -> None:
    assert Neurons(2).network(constant_rows([mpq(1, 2)])) == ReLUNetwork.of([([[0, 0]], ["1/2"])])


def test_there_must_be_an_output() -> None:
    with pytest.raises(NetworkError, match="expected an output with at least one neuron, found none"):
        Neurons(1).network(constant_rows([]))


@pytest.mark.parametrize("most", [7, 8])
def test_the_weights_of_all_layers_are_bounded_before_they_are_made(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WEIGHTS", most)
    neurons = Neurons(2)
    outputs = neurons.relu(variable_rows([0, 1]))
    if most == 8:
        assert neurons.network(outputs).widths == (2, 2, 2)
    else:
        with pytest.raises(LimitError, match="the layers have more than 7 weights together"):
            neurons.network(outputs)


def test_remarks_do_not_make_networks_differ() -> None:
    rows: Sequence[int] = [0]
    neurons = Neurons(1)
    with_note = neurons.network(variable_rows(rows), ["a remark"])
    assert with_note == neurons.network(variable_rows(rows))
    assert (with_note.notes, hash(with_note)) == (("a remark",), hash(neurons.network(variable_rows(rows))))
