"""Numbers of every kind are the rationals that they are, and results become arrays."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq

import verishallow
from tests.face.wrong_arguments import CERTIFICATE, ONE, TWO, Call
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron

np = pytest.importorskip("numpy")

HALF_AND_QUARTER: dict[str, Any] = {
    "texts": ["1/2", "0.25"],
    "floats": [0.5, 0.25],
    "fractions": (Fraction(1, 2), Fraction(1, 4)),
    "decimals": [Decimal("0.5"), Decimal("0.25")],
    "mpq": [mpq(1, 2), mpq(1, 4)],
    "kinds mixed": ["1/2", Fraction(1, 4)],
    "an array of float64": np.array([0.5, 0.25]),
    "an array of float32": np.array([0.5, 0.25], dtype=np.float32),
    "an array of float16": np.array([0.5, 0.25], dtype=np.float16),
    "a list of numpy numbers": [np.float32(0.5), np.float64(0.25)],
    "a list of arrays of one number": [np.array(0.5), np.array(0.25)],
}
EXPECTED = (mpq(1, 2), mpq(1, 4))

each_kind = pytest.mark.parametrize("point", HALF_AND_QUARTER.values(), ids=list(HALF_AND_QUARTER))


@each_kind
def test_a_point_of_any_numbers(point: Any) -> None:
    assert TWO(point) == (mpq(3, 4),)
    assert verishallow.explain(TWO, point).point == EXPECTED
    assert Polyhedron.box([("1/2", 1), ("1/4", 1)]).contains(point)


@each_kind
def test_a_bias_and_a_row_of_any_numbers(point: Any) -> None:
    network = ReLUNetwork.of([([point, point], point)])
    assert network.layers[0].bias == EXPECTED
    assert network.layers[0].weight == (EXPECTED, EXPECTED)


@each_kind
def test_ends_of_boxes_and_bounds_of_any_numbers(point: Any) -> None:
    low, high = sorted(point)[:2] if not isinstance(point[0], str) else (point[1], point[0])
    assert verishallow.parts_of([(low, high)], 1)[0].polyhedron.contains(["1/3"])
    assert verishallow.Bound.of(0, low, high) == verishallow.Bound.of(0, "1/4", "1/2")


def test_tensors_of_torch() -> None:
    torch = pytest.importorskip("torch")
    point = torch.tensor([0.5, 0.25], requires_grad=True)
    assert TWO(point) == TWO(list(point)) == (mpq(3, 4),)
    assert TWO(torch.tensor([[0.5, 0.25], [1, 2]])) == ((mpq(3, 4),), (mpq(3),))
    assert verishallow.prove(ONE, [tuple(torch.tensor([-1.0, 1.0]))]) == CERTIFICATE


def test_a_float_is_its_binary_value_and_a_text_the_decimal_that_it_spells() -> None:
    assert ONE([0.1]) == (mpq(3602879701896397, 36028797018963968),)
    assert ONE(["0.1"]) == ONE([Decimal("0.1")]) == (mpq(1, 10),)


BATCHES: dict[str, Any] = {
    "a list of lists": [[1], ["1/2"]],
    "a tuple of tuples": ((1,), (0.5,)),
    "an array": np.array([[1.0], [0.5]]),
    "a list of arrays": [np.array([1.0]), np.array([0.5])],
}


@pytest.mark.parametrize("batch", BATCHES.values(), ids=list(BATCHES))
@pytest.mark.parametrize(
    "function",
    [ONE, CERTIFICATE, CERTIFICATE.regions[1].affine_map],
    ids=["a network", "a certificate", "an affine map"],
)
def test_a_batch_has_a_value_per_point(function: Call, batch: Any) -> None:
    assert function(batch) == tuple(function(point) for point in ([1], ["1/2"]))


def test_an_array_without_rows_has_no_values() -> None:
    assert ONE(np.zeros((0, 1))) == ()


@pytest.mark.parametrize(
    "point",
    [np.zeros((1, 1, 1)), np.array([0.5, np.inf]), np.array(["a"]), np.array([1j]), np.array(True)],
    ids=["three axes", "an infinity", "texts", "complex numbers", "a truth value"],
)
def test_other_arrays_are_refused(point: Any) -> None:
    with pytest.raises(InputError):
        TWO(point)


def test_an_affine_map_as_arrays() -> None:
    weight, bias = verishallow.explain(TWO, [1, 1]).region.affine_map.to_numpy()
    assert (weight.tolist(), bias.tolist()) == ([[1.0, 1.0]], [0.0])
    assert (weight.dtype, bias.dtype) == (np.float64, np.float64)


def test_a_polyhedron_and_its_vertices_as_arrays() -> None:
    box = Polyhedron.box([("-1/3", 1), (0, 2)])
    weight, bias = box.to_numpy()
    assert (weight.shape, bias.shape) == ((4, 2), (4,))
    vertices, rays = box.v_representation.to_numpy()
    assert (vertices.shape, rays.shape) == ((4, 2), (0, 2))
    assert sorted(vertices.tolist()) == [[-1 / 3, 0], [-1 / 3, 2], [1, 0], [1, 2]]
    assert weight.tolist()[:2] == [[1, 0], [-1, 0]]
    assert bias.tolist() == [1 / 3, 1, 0, 2]


def test_all_of_space_as_arrays_is_the_row_that_always_holds() -> None:
    weight, bias = Polyhedron.whole_space(2).to_numpy()
    assert (weight.tolist(), bias.tolist()) == ([[0.0, 0.0]], [1.0])


def test_a_result_is_a_float_when_asked() -> None:
    assert [float(value) for value in ONE(["-1/3"])] == [1 / 3]
