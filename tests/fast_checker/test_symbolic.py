"""The symbolic reading agrees where a certificate is right, and says where it is not."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from sympy import QQ
from sympy.polys.rings import PolyRing

from tests.examples import EXAMPLES, each_boundary, each_example, example_certificate
from tests.strategies import problems
from verishallow.certificate.certificate import Certificate
from verishallow.errors import ProofError
from verishallow.fast_checker.symbolic import SymbolicReading, deep_polynomials, symbolic_reading
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.shallow.signed_faces import Boundary

Records = list[dict[str, Any]]


def edited(certificate: Certificate, edit: Callable[[Records], object]) -> Certificate:
    """A certificate with other records; nothing is checked and no hash is redone."""
    records: Records = [json.loads(line) for line in certificate.lines]
    edit(records)
    return Certificate(tuple(json.dumps(record).encode() for record in records))


def leaf(records: Records, number: int) -> dict[str, Any]:
    return [record for record in records if record["record"] == "leaf"][number]


@each_boundary
@each_example
def test_it_agrees_on_the_examples(name: str, boundary: Boundary) -> None:
    certificate = example_certificate(name, boundary)
    counts = certificate.counts
    expected = SymbolicReading(counts["leaves"], counts["affine_pieces"], counts["linear_regions"])
    assert symbolic_reading(certificate) == expected
    assert f"on each of {counts['leaves']} regions" in str(expected)


@given(problems(most_neurons=6))
@settings(max_examples=25, deadline=None)
def test_it_agrees_on_random_networks(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    certificate = prove(*problem)
    assert symbolic_reading(certificate).regions == len(certificate.regions)


@each_example
def test_the_polynomials_of_the_deep_network_are_the_maps(name: str) -> None:
    network = EXAMPLES[name].network
    ring = PolyRing([f"x{i}" for i in range(network.inputs)], QQ)
    for region in example_certificate(name).regions:
        for polynomial, form in zip(deep_polynomials(ring, network, region), region.affine_map.forms, strict=True):
            values = [polynomial.coeff(1), *(polynomial.coeff(generator) for generator in ring.gens)]
            assert [str(value) for value in values] == [str(a) for a in form.row]


@pytest.mark.parametrize(
    ("name", "edit", "fragment"),
    [
        ("absolute value", lambda r: leaf(r, 0)["map"][0].__setitem__(1, "2"), "region 0"),
        ("absolute value", lambda r: leaf(r, 1)["map"][0].__setitem__(0, "1/1000000007"), "region 1"),
        ("two outputs", lambda r: leaf(r, 2)["map"].reverse(), "region 2"),
        ("max of three", lambda r: leaf(r, 3)["units"][0].__setitem__("weight", "-1"), "region 3"),
        ("max of three", lambda r: leaf(r, 1)["units"].pop(0), "region 1|differ"),
        ("absolute value", lambda r: leaf(r, 0)["units"][0].__setitem__("-inf", []), "region"),
        ("absolute value", lambda r: r[1]["layers"][0]["weight"][0].__setitem__(0, "3"), "region 0"),
        ("absolute value", lambda r: r[1]["layers"][1]["bias"].__setitem__(0, "1"), "region 0"),
        (
            "residual block",
            lambda r: r[-1].__setitem__("affine_pieces", 4),
            "affine_pieces: reported 4, derived again 3",
        ),
        (
            "residual block",
            lambda r: r[-1].__setitem__("linear_regions", 4),
            "linear_regions: reported 4, derived again 3",
        ),
    ],
    ids=[
        "a coefficient of a map",
        "the constant of a map",
        "outputs exchanged",
        "the sign of a cell",
        "a unit missing",
        "a gate missing",
        "a weight of the deep network",
        "a bias of the deep network",
        "affine pieces",
        "linear regions",
    ],
)
def test_a_tampered_certificate_is_noticed(name: str, edit: Callable[[Records], object], fragment: str) -> None:
    certificate = edited(example_certificate(name), edit)
    assert [json.loads(line) for line in certificate.lines] != [
        json.loads(line) for line in example_certificate(name).lines
    ]
    with pytest.raises(ProofError, match=fragment):
        symbolic_reading(certificate)


def test_a_sign_on_a_lower_face_is_left_to_the_checker() -> None:
    # The reading is about interiors, where the units of lower faces are shut.
    original = example_certificate("max of two with skip reads")
    certificate = edited(original, lambda r: leaf(r, 0)["units"][1].__setitem__("weight", "1"))
    assert symbolic_reading(certificate) == symbolic_reading(original)
    assert (original.shallow([1, 1])[0], certificate.shallow([1, 1])[0]) == (1, 3)
    assert certificate.check().kind == "invalid"
