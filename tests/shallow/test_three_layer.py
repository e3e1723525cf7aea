"""Three-layer networks: the extended arithmetic, exact evaluation, construction and reduction."""

from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES, each_boundary, each_example, example_certificate
from tests.strategies import points, problems
from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import NetworkError, UndefinedArithmeticError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.rationals import NEGATIVE_INFINITY, ExtendedRational, vector
from verishallow.shallow.signed_faces import Boundary
from verishallow.shallow.three_layer import SparseLayer, ThreeLayerBuilder, ThreeLayerNetwork


def extended(value: Any) -> ExtendedRational:
    return ExtendedRational.of(value)


# ------------------------------------------------------------------------------------ Extended arithmetic


@pytest.mark.parametrize(
    ("one", "other", "total"),
    [
        ("1/2", "1/3", "5/6"),
        (7, "-inf", "-inf"),
        ("-inf", "-7/2", "-inf"),
        ("-inf", 0, "-inf"),
        ("inf", "-10", "inf"),
        ("inf", "inf", "inf"),
        ("-inf", "-inf", "-inf"),
    ],
)
def test_sums(one: Any, other: Any, total: Any) -> None:
    assert extended(one) + extended(other) == extended(total) == extended(other) + extended(one)


@pytest.mark.parametrize(("one", "other"), [("inf", "-inf"), ("-inf", "inf")])
def test_inf_minus_inf_is_an_error(one: str, other: str) -> None:
    with pytest.raises(UndefinedArithmeticError, match="inf - inf is undefined"):
        extended(one) + extended(other)


@pytest.mark.parametrize(
    ("one", "other", "product"),
    [
        ("2/3", "-3", "-2"),
        (0, "-inf", 0),
        (0, "inf", 0),
        (0, 0, 0),
        ("1/1000000", "-inf", "-inf"),
        (-1, "-inf", "inf"),
        ("-1/2", "inf", "-inf"),
        ("inf", "inf", "inf"),
        ("inf", "-inf", "-inf"),
        ("-inf", "-inf", "inf"),
    ],
)
def test_products(one: Any, other: Any, product: Any) -> None:
    assert extended(one) * extended(other) == extended(product) == extended(other) * extended(one)


@pytest.mark.parametrize(
    ("value", "expected"), [("-inf", 0), ("inf", "inf"), (0, 0), ("-1/9", 0), ("1/9", "1/9"), (-5, 0)]
)
def test_relu(value: Any, expected: Any) -> None:
    assert extended(value).relu() == extended(expected)


# -------------------------------------------------------------------------------------------- Evaluation


def layer(*rows: tuple[list[tuple[int, Any]], Any]) -> SparseLayer:
    """A layer of pairs (non-zero weights, bias)."""
    weights = tuple(tuple((index, extended(weight)) for index, weight in row) for row, _ in rows)
    return SparseLayer(weights, vector(bias for _, bias in rows))


GATED = ThreeLayerNetwork(
    1,
    layer(([(0, 1)], 0), ([(0, -1)], 0), ([(0, 1)], -2)),
    layer(([(0, 1), (2, "-inf")], 1), ([(1, 3), (2, "-inf")], 0)),
    layer(([(0, 1), (1, -1)], "1/2")),
)
"""ReLU(ReLU(x) + 1 - inf ReLU(x - 2)) - ReLU(3 ReLU(-x) - inf ReLU(x - 2)) + 1/2."""


@pytest.mark.parametrize(
    ("point", "value"), [(0, "3/2"), (1, "5/2"), (2, "7/2"), ("2001/1000", "1/2"), (100, "1/2"), (-1, "-3/2")]
)
def test_gates_shut_where_they_are_violated(point: Any, value: Any) -> None:
    assert GATED([point]) == vector([value])


def test_its_shape_is_told() -> None:
    assert (GATED.inputs, GATED.outputs) == (1, 1)
    assert (GATED.layer1.width, GATED.layer2.width, GATED.layer3.width) == (3, 2, 1)
    assert (GATED.layer1.nonzeros(), GATED.layer2.nonzeros(), GATED.layer3.nonzeros()) == (3, 4, 2)
    assert (GATED.layer1.infinite_weights(), GATED.layer2.infinite_weights()) == (0, 2)


@pytest.mark.parametrize("point", [[], [1, 2]])
def test_a_point_of_another_dimension_is_refused(point: list[int]) -> None:
    with pytest.raises(NetworkError, match=f"expected a point with 1 coordinates, found {len(point)}"):
        GATED(point)


@pytest.mark.parametrize(("rows", "bias"), [(0, 1), (1, 0), (2, 1)])
def test_a_layer_has_as_many_rows_as_biases(rows: int, bias: int) -> None:
    with pytest.raises(NetworkError, match=f"a layer of {rows} rows needs as many biases, found {bias}"):
        SparseLayer(((),) * rows, (mpq(0),) * bias)


@pytest.mark.parametrize(
    ("second", "third", "fragment"),
    [
        (([(0, "inf"), (1, "-inf")], 0), ([(0, 1)], 0), "inf - inf"),
        (([(0, "inf")], 0), ([(0, 1)], 0), "an output of the network is infinite"),
        (([(0, 1)], 0), ([(0, "-inf")], 0), "an output of the network is infinite"),
    ],
)
def test_undefined_values_are_errors(second: Any, third: Any, fragment: str) -> None:
    first = layer(([(0, 1)], 0), ([(0, 1)], 1))
    with pytest.raises(UndefinedArithmeticError, match=fragment):
        ThreeLayerNetwork(1, first, layer(second), layer(third))([1])


# ------------------------------------------------------------------------- Construction and reduction


def test_the_builder_builds_pass_through_units_and_gated_pairs() -> None:
    builder = ThreeLayerBuilder(2, 2)
    plane = builder.add_plane(AffineForm.of([-1, 1, 1]))
    builder.add_gated_map(AffineMap.of([[3, 1, 0], ["-1/2", 0, 2]]), [plane], -1)
    built = builder.build()
    assert plane == 4
    assert [tuple(map(str, column)) for column in ([w for _, w in row] for row in built.layer1.rows)] == [
        ("1",), ("-1",), ("1",), ("-1",), ("1", "1"), ("-1", "-1"),
    ]  # fmt: skip
    assert built.layer1.bias == vector([0, 0, 0, 0, -1, 1])
    assert built.layer2.bias == vector([3, -3, "-1/2", "1/2"])
    assert built([3, 0]) == built([1, "1/100"]) == vector([0, 0])
    assert built([2, "-3/2"]) == vector([-5, "7/2"])
    assert built([0, 1]) == vector([-3, "-3/2"])
    assert built([1, "-1/2"]) == vector([-4, "3/2"])


@each_boundary
@each_example
def test_where_infinity_may_stand(name: str, boundary: Boundary) -> None:
    shallow, n = example_certificate(name, boundary).shallow, EXAMPLES[name].network.inputs
    assert shallow.layer1.infinite_weights() == shallow.layer3.infinite_weights() == 0
    for row in shallow.layer2.rows:
        assert all(weight == NEGATIVE_INFINITY for index, weight in row if index >= 2 * n)
        assert not any(weight.infinite for index, weight in row if index < 2 * n)
        assert [index for index, _ in row] == sorted({index for index, _ in row})


@each_boundary
@each_example
def test_the_shapes_are_the_counted_units(name: str, boundary: Boundary) -> None:
    certificate = example_certificate(name, boundary)
    shallow, units = certificate.shallow, certificate.counts["units"]
    assert (shallow.layer1.width, shallow.layer2.width) == (units["layer1"], units["layer2"])
    assert (shallow.inputs, shallow.outputs) == (certificate.network.inputs, certificate.network.outputs)
    assert units["layer2"] == 2 * certificate.network.outputs * certificate.counts["faces"]
    assert {len(row) for row in shallow.layer3.rows} == {2 * certificate.counts["faces"]}


def check_reduction(shallow: ThreeLayerNetwork, at: list[Any]) -> None:
    reduced = shallow.reduced()
    assert [reduced(point) for point in at] == [shallow(point) for point in at]
    first = list(zip(reduced.layer1.rows, reduced.layer1.bias, strict=True))
    assert len(first) == len(set(first)) <= shallow.layer1.width
    assert {index for row in reduced.layer2.rows for index, _ in row} == {*range(reduced.layer1.width)}
    assert reduced.reduced() == reduced


@each_example
def test_reduction_keeps_the_function(name: str) -> None:
    certificate = example_certificate(name)
    vertices = [v for region in certificate.regions for v in region.v_representation.vertices]
    check_reduction(certificate.shallow, [*vertices, *(region.witness for region in certificate.regions)])


@given(problems(most_neurons=6), st.data())
@settings(max_examples=30, deadline=None)
def test_reduction_keeps_random_functions(problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject) -> None:
    check_reduction(prove(*problem).shallow, data.draw(st.lists(points(problem[0].inputs), min_size=1, max_size=5)))


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("absolute value", 4, 2),
        ("one affine map on many regions", 8, 4),
        ("all neurons dead", 2, 0),
        ("two regions with one map that meet only in a vertex", 14, 6),
    ],
)
def test_reduction_merges_equal_units_and_drops_unread_ones(name: str, before: int, after: int) -> None:
    shallow = example_certificate(name).shallow
    assert (shallow.layer1.width, shallow.reduced().layer1.width) == (before, after)


def test_reduction_merges_two_weights_on_equal_units() -> None:
    twice = ThreeLayerNetwork(
        1,
        layer(([(0, 1)], 0), ([(0, 1)], 0), ([(0, 5)], 0)),
        layer(([(0, 2), (1, 3)], 1), ([(0, "-inf"), (1, "-inf")], 1), ([(0, 1), (1, "-inf")], 1)),
        layer(([(0, 1), (1, 10), (2, 100)], 0)),
    )
    assert twice.reduced().layer1.width == 1
    check_reduction(twice, [["-1/2"], [0], ["1/2"], [3]])
