"""The cells of a certificate, walked without any vertex, are its regions."""

import pytest

from tests.examples import EXAMPLES, each_boundary, each_example, example_certificate
from verishallow import Certificate, Polyhedron, ReLUNetwork
from verishallow.certificate.cells import RecordedCell, cells
from verishallow.claims.regions import RegionCount
from verishallow.proof import prove, prove_equal
from verishallow.regions.region import Region
from verishallow.shallow.signed_faces import Boundary
from verishallow.write.paper.latex.appendix import latex


def same(certificate: Certificate, cell: RecordedCell, region: Region) -> None:
    polyhedron = Polyhedron(region.polyhedron.dimension, (*certificate.domain.inequalities, *cell.inequalities))
    assert set(polyhedron.v_representation.vertices) == set(region.v_representation.vertices)
    assert set(polyhedron.v_representation.rays) == set(region.v_representation.rays)
    assert polyhedron.contains_strictly(region.witness)
    assert cell.affine_map == region.affine_map
    assert b'"record":"leaf"' in certificate.lines[cell.line - 1]


def check(certificate: Certificate) -> None:
    for cell, region in zip(cells(certificate), certificate.regions, strict=True):
        same(certificate, cell, region)


@each_boundary
@each_example
def test_cells_are_the_regions(name: str, boundary: Boundary) -> None:
    certificate = example_certificate(name, boundary)
    check(certificate)
    rows = len(certificate.domain.inequalities)
    for cell, region in zip(cells(certificate), certificate.regions, strict=True):
        assert set(cell.inequalities) == set(region.polyhedron.inequalities[rows:])


@pytest.mark.parametrize("name", ["two layers on a square", "two layers on a cube", "max of three"])
def test_cells_of_other_claims_are_their_regions(name: str) -> None:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain
    check(prove(network, domain, claim=RegionCount()))
    check(prove_equal(network, network, domain))


def test_many_inputs_cost_no_vertices() -> None:
    rows = [[(-1) ** i * (i + 1) for i in range(30)], [1] * 30]
    network = ReLUNetwork.of([(rows, [1, 0]), ([[1, 1]], [0])])
    certificate = prove(network, "box:-1,1", claim=RegionCount())
    assert [len(cell.inequalities) for cell in cells(certificate)] == [2] * 4
    assert b"4 & " in latex(certificate)
