"""The three-layer network as exports spell it, and its gated pieces, have the values of the network itself."""

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import each_boundary, each_example, example_certificate
from tests.strategies import points, problems
from verishallow.affine import ZERO
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.rationals import ExtendedRational, Vector
from verishallow.shallow.signed_faces import Boundary
from verishallow.shallow.three_layer import SparseLayer, ThreeLayerNetwork
from verishallow.write.networks.gated_network import GatedNetwork
from verishallow.write.networks.gated_pieces import pieces_of


def rectified(value: mpq) -> mpq:
    return max(value, ZERO)


def values(network: GatedNetwork, point: Vector) -> Vector:
    first = [rectified(form(point)) for form in network.first]
    is_open = [not any(first[unit] for unit in gates) for gates in network.gate_sets]
    second = [
        rectified(sum((w * first[j] for j, w in unit.weights), unit.bias)) if is_open[unit.gate_set] else ZERO
        for unit in network.second
    ]
    rows = zip(network.third, network.third_bias, strict=True)
    return tuple(sum((w * second[k] for k, w in row), bias) for row, bias in rows)


def sums_of_pieces(network: GatedNetwork, point: Vector) -> Vector:
    first = [rectified(form(point)) for form in network.first]
    is_open = [not any(first[unit] for unit in gates) for gates in network.gate_sets]
    found = []
    for output, bias in enumerate(network.third_bias):
        total = bias
        for piece in pieces_of(network, output):
            inner = sum((w * first[j] for j, w in piece.units), piece.form(point))
            total += (
                piece.weight * (rectified(inner) if piece.rectified else inner) if is_open[piece.gate_set] else ZERO
            )
        found.append(total)
    return tuple(found)


@given(problems(most_neurons=6), st.data())
@settings(max_examples=40, deadline=None)
def test_all_three_have_one_value_everywhere(problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject) -> None:
    shallow = prove(*problem).shallow
    network = GatedNetwork.of(shallow)
    for _ in range(5):
        point = data.draw(points(network.inputs))
        assert values(network, point) == sums_of_pieces(network, point) == shallow(point)


@each_boundary
@each_example
def test_pieces_of_cells_are_affine(name: str, boundary: Boundary) -> None:
    certificate = example_certificate(name, boundary)
    network = GatedNetwork.of(certificate.shallow)
    for output in range(network.outputs):
        pieces = pieces_of(network, output)
        assert not any(piece.rectified or piece.units for piece in pieces)
        assert len(pieces) <= certificate.counts["faces"]
    for region in certificate.regions:
        assert values(network, region.witness) == sums_of_pieces(network, region.witness)


def test_units_that_do_not_pair_stay_rectified() -> None:
    one, minus_one = ExtendedRational.of(1), ExtendedRational.of(-1)
    both = SparseLayer((((0, one),), ((0, minus_one),)), (mpq(0), mpq(0)))
    second = SparseLayer((((0, one), (1, one)), ((0, one), (1, minus_one))), (mpq(-2), mpq(1)))
    network = ThreeLayerNetwork(1, both, second, SparseLayer((((0, one), (1, one)),), (mpq(3),)))
    gated = GatedNetwork.of(network)
    kinds = [(piece.rectified, str(piece.form), piece.units) for piece in pieces_of(gated, 0)]
    assert kinds == [(True, "-2", ((0, 1), (1, 1))), (True, "1 + x0", ())]
    for x in (-5, -1, 0, "1/2", 7):
        assert values(gated, (mpq(x),)) == sums_of_pieces(gated, (mpq(x),)) == network([x])


def test_a_constant_network_has_a_unit_all_the_same() -> None:
    network = GatedNetwork.of(example_certificate("all neurons dead").shallow)
    assert (len(network.first), network.read_finitely, network.gates) == (1, (), frozenset())


def test_a_scaled_violation_unit_changes_no_value() -> None:
    network = GatedNetwork.of(example_certificate("triangle").shallow)
    only_gates = sorted(network.gates - set(network.read_finitely))
    assert only_gates
    scaled = network.scaled({unit: mpq(1, 1024) for unit in only_gates})
    assert scaled.first != network.first
    for point in ((mpq(1, 3), mpq(1, 5)), (mpq(1, 2), mpq(1, 2)), (mpq(0), mpq(0))):
        assert values(scaled, point) == values(network, point)


@pytest.mark.parametrize(
    ("layer", "fragment"),
    [
        (0, "layer 1: expected finite weights"),
        (1, r"layer 2: expected no weight \+inf"),
        (2, "layer 3: expected finite"),
    ],
)
def test_infinities_elsewhere_are_refused(layer: int, fragment: str) -> None:
    one, infinite = ExtendedRational.of(1), ExtendedRational.of("inf" if layer == 1 else "-inf")
    layers = [SparseLayer((((0, infinite if layer == number else one),),), (mpq(0),)) for number in range(3)]
    with pytest.raises(InputError, match=fragment):
        GatedNetwork.of(ThreeLayerNetwork(1, *layers))
