"""z3 agrees: on every cell the network is its map, the cells cover the domain, both networks are one function."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from gmpy2 import mpq

from tests.examples import EXAMPLES, example_certificate
from verishallow.affine import AffineForm
from verishallow.certificate.certificate import Certificate
from verishallow.network import ReLUNetwork
from verishallow.shallow.three_layer import SparseRow, ThreeLayerNetwork

z3: Any = pytest.importorskip("z3", reason="z3 is not installed")


def number(value: mpq) -> Any:
    return z3.RealVal(str(value))


def total(terms: Iterable[tuple[mpq, Any]], bias: mpq) -> Any:
    return z3.Sum([number(bias), *(number(weight) * value for weight, value in terms if weight)])


def relu(z: Any) -> Any:
    return z3.If(z > 0, z, 0)


def variables(network: ReLUNetwork) -> list[Any]:
    return [z3.Real(f"x{i}") for i in range(network.inputs)]


def value_of(form: AffineForm, x: Sequence[Any]) -> Any:
    return total(zip(form.linear, x, strict=True), form.constant)


def inside(forms: Iterable[AffineForm], x: Sequence[Any]) -> Any:
    return z3.And([value_of(form, x) >= 0 for form in forms])


def deep(network: ReLUNetwork, x: Sequence[Any]) -> list[Any]:
    sources, z = [list(x)], list(x)
    for layer in network.layers:
        entries = [entry for source in layer.reads for entry in sources[source]]
        z = [total(zip(row, entries, strict=True), b) for row, b in zip(layer.weight, layer.bias, strict=True)]
        sources.append([relu(entry) for entry in z])
    return z


def shallow(network: ThreeLayerNetwork, x: Sequence[Any]) -> list[Any]:
    first = _units(network.layer1.rows, network.layer1.bias, x)
    second = _units(network.layer2.rows, network.layer2.bias, first)
    return [_finite(row, b, second) for row, b in zip(network.layer3.rows, network.layer3.bias, strict=True)]


def _units(rows: Sequence[SparseRow], bias: Sequence[mpq], below: Sequence[Any]) -> list[Any]:
    """A unit that receives -inf is 0."""
    return [
        z3.If(z3.Or([below[i] > 0 for i, weight in row if weight.infinite]), 0, relu(_finite(row, b, below)))
        for row, b in zip(rows, bias, strict=True)
    ]


def _finite(row: SparseRow, bias: mpq, below: Sequence[Any]) -> Any:
    return total(((weight.finite, below[index]) for index, weight in row if not weight.infinite), bias)


def differ(one: Sequence[Any], other: Sequence[Any]) -> Any:
    return z3.Or([a != b for a, b in zip(one, other, strict=True)])


def answer(*assertions: Any) -> str:
    solver = z3.Solver()
    solver.add(*assertions)
    return str(solver.check())


REGION_BY_REGION = ["max of three", "sawtooth of depth 3 on the line", "two layers on a square", "two layers in space"]


@pytest.mark.parametrize("name", REGION_BY_REGION)
def test_on_every_cell_the_network_is_its_map(name: str) -> None:
    network, x = EXAMPLES[name].network, variables(EXAMPLES[name].network)
    y = deep(network, x)
    for region in example_certificate(name).regions:
        mapped = [value_of(form, x) for form in region.affine_map.forms]
        assert answer(inside(region.polyhedron.inequalities, x), differ(y, mapped)) == "unsat"
        assert answer(inside(region.polyhedron.inequalities, x), differ(y, [m + 1 for m in mapped])) == "sat"


@pytest.mark.parametrize("name", REGION_BY_REGION)
def test_the_cells_cover_the_domain(name: str) -> None:
    certificate, x = example_certificate(name), variables(EXAMPLES[name].network)
    domain = inside(certificate.domain.inequalities, x)
    outside = [z3.Not(inside(region.polyhedron.inequalities, x)) for region in certificate.regions]
    assert answer(domain, *outside) == "unsat"
    assert answer(domain, *outside[1:]) == "sat"


@pytest.mark.parametrize(
    "name", ["absolute value", "max of three", "all biases 0 in the plane", "sawtooth of depth 3 on the line"]
)
def test_the_two_networks_are_one_function(name: str) -> None:
    certificate, x = example_certificate(name), variables(EXAMPLES[name].network)
    y, domain = deep(certificate.network, x), inside(certificate.domain.inequalities, x)
    assert answer(domain, differ(y, shallow(certificate.shallow.reduced(), x))) == "unsat"


def test_without_the_lower_faces_they_differ_just_on_boundaries() -> None:
    certificate: Certificate = example_certificate("max of two with skip reads", "ignore")
    x = variables(certificate.network)
    found = differ(deep(certificate.network, x), shallow(certificate.shallow, x))
    assert answer(found) == "sat"
    assert answer(found, x[0] != x[1]) == "unsat"
