"""The tree that is read off a complex: the reference's, node for node, with reasons that the checker accepts."""

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.campaigns.degenerate_networks import Nodes, skeleton
from tests.examples import EXAMPLES, each_boundary, each_example
from tests.regions.test_lattice_engine import EXTREME, LEFT_TO_THE_REFERENCE
from tests.strategies import forms, networks, points, problems
from verishallow import prove
from verishallow.affine import AffineForm
from verishallow.certificate.certificate import Certificate
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.cdd_engine import CellPlace, cdd_engine, generic_point
from verishallow.regions.cell_tree import Cell, Leaf, Reported
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.lattice_cell import LatticeCell
from verishallow.regions.lattice_engine import lattice_engine
from verishallow.regions.lattice_tree import LatticeTree
from verishallow.regions.sharded import lattice_tree_engine, shard
from verishallow.regions.sorted_cells import SortedCells
from verishallow.shallow.signed_faces import Boundary

in_the_lattice = pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in LEFT_TO_THE_REFERENCE])


@cache
def tree_of(name: str) -> LatticeTree:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain.normalised()
    tree = shard(network, CellPlace.start(network, domain), generic_point(domain))
    assert tree is not None
    return tree


def leaves(nodes: Iterable[object]) -> list[Leaf]:
    return [node for node in nodes if isinstance(node, Leaf)]


# -------------------------------------------------------------------------------- Against the reference


@each_example
def test_the_nodes_are_those_of_the_reference(name: str) -> None:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain.normalised()
    reference = generic_point(domain)
    found = list(skeleton(lattice_tree_engine(network, domain, reference)))
    assert found == list(skeleton(cdd_engine(network, domain, reference)))


@in_the_lattice
def test_one_lattice_makes_the_whole_tree(name: str) -> None:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain.normalised()
    expected = list(cdd_engine(network, domain, generic_point(domain)))
    report = tree_of(name).report()
    assert list(skeleton(tree_of(name).nodes())) == list(skeleton(expected[:-1]))
    assert expected[-1] == Reported(len(report.affine_maps), report.components)
    assert report.walls == ()


@given(problems(), st.data())
@settings(max_examples=40, deadline=None)
def test_any_reference_point_makes_the_same_nodes(problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject) -> None:
    network, domain = problem[0], problem[1].normalised()
    reference = data.draw(points(network.inputs))
    found: Nodes = list(lattice_tree_engine(network, domain, reference))
    assert list(skeleton(found)) == list(skeleton(cdd_engine(network, domain, reference)))


# --------------------------------------------------------------------------------------------- Certificates


def assert_law(certificate: Certificate, found: PolyhedralComplex) -> None:
    """Valid, and the deep network at points of every face: its vertices, its middle, far along its rays."""
    assert certificate.check().kind == "valid"
    deep, shallow = certificate.network, certificate.shallow.reduced()
    for at in points_of_faces(found):
        times = 1 if certificate.boundary == "exact" else certificate.closed_cells_at(at)
        assert shallow(at) == tuple(times * y for y in deep(at))


def points_of_faces(found: PolyhedralComplex, most: int = 60) -> list[Vector]:
    inside = {
        middle
        for k, finite in enumerate(found.finite)
        for face in np.flatnonzero(finite).tolist()
        if (middle := found.v_representation(k, face).relative_interior_point())
    }
    moved = {tuple(a + 7 * d for a, d in zip(at, line, strict=True)) for at in inside for line in found.lines}
    every = sorted(inside | moved)
    return every[:: 1 + len(every) // most]


@each_boundary
@in_the_lattice
def test_certificates_of_the_lattice(name: str, boundary: Boundary) -> None:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain
    assert_law(prove(network, domain, boundary, "lattice"), lattice_engine(network, domain.normalised()))


@each_boundary
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_certificates_of_random_networks(boundary: Boundary, data: st.DataObject) -> None:
    network, domain = data.draw(problems(most_neurons=7))
    assert prove(network, domain, boundary, "lattice").check().kind == "valid"
    assert prove(network, domain, boundary, "cdd").check().kind == "valid"


@each_boundary
@pytest.mark.parametrize("domain", [None, "box:-1e320,1e310", "box:-1e-310,1e-320"])
@pytest.mark.parametrize("name", EXTREME)
def test_certificates_where_floats_overflow_or_underflow(name: str, domain: str | None, boundary: Boundary) -> None:
    weight, bias, again, shift = EXTREME[name]
    network = ReLUNetwork.of([(weight, bias), (again, shift), ([[1, -1]], [0])])
    certificate = prove(network, domain, boundary, "lattice")
    assert_law(certificate, lattice_engine(network, certificate.domain))


# -------------------------------------------------------------------------------------------- Its cells


@in_the_lattice
def test_the_cells_of_the_leaves(name: str) -> None:
    for leaf in leaves(tree_of(name).nodes()):
        cell = leaf.cell
        plain = Cell(cell.domain, cell.path, cell.facets, cell.positive)
        assert isinstance(cell, LatticeCell)
        assert plain.polyhedron.contains_strictly(leaf.witness)
        for number in range(len(cell.constraints)):
            assert len(cell.vanishing(number)) == len(plain.vanishing(number)) or tree_of(name).cells.complex.lines
            assert cell.minimise(cell.constraints[number]).value == plain.minimise(cell.constraints[number]).value


@given(networks(inputs=2, most_neurons=6), forms(2).filter(lambda form: any(form.row)), st.data())
@settings(max_examples=40, deadline=None)
def test_minima_without_a_linear_program(network: ReLUNetwork, drawn: AffineForm, data: st.DataObject) -> None:
    domain, form = Polyhedron.box([(-1, 1), (-1, 2)]), drawn.primitive()
    tree = shard(network, CellPlace.start(network, domain), generic_point(domain))
    assert tree is not None
    cell = data.draw(st.sampled_from([leaf.cell for leaf in leaves(tree.nodes())]))
    plain = Cell(cell.domain, cell.path, cell.facets, cell.positive)
    facet = data.draw(st.sampled_from(cell.facets))
    for equations in (frozenset[int](), frozenset({facet})):
        found, expected = cell.minimise(form, equations), plain.minimise(form, equations)
        assert found.value == expected.value
        assert found.reason.lower_bound(form, cell.constraints, equations) == found.value


def witnesses(layers: list[tuple[object, ...]], domain: Polyhedron) -> Iterator[Vector]:
    network = ReLUNetwork.of(layers)
    complex_ = lattice_engine(network, domain)
    tree = LatticeTree(SortedCells(network, complex_), CellPlace.start(network, domain), generic_point(domain))
    for leaf in leaves(tree.nodes()):
        assert all(form(leaf.witness) > 0 for form in leaf.cell.constraints)
        yield leaf.witness


@pytest.mark.parametrize("power", [0, 20, 60, 200, 1200])
def test_witnesses_in_narrow_and_far_cells(power: int) -> None:
    # Strips of width 2^-power at the origin, and of width 1 at a distance of 2^power.
    narrow = mpq(1, 2**power)
    found = [*witnesses([([[1, 0], [1, 0]], [0, -narrow]), ([[1, 1]], [0])], Polyhedron.box([(-1, 2), (-1, 1)]))]
    assert len(found) == (2 if power == 0 else 3) + (power == 0)
    far = 2**power
    assert len([*witnesses([([[1], [1]], [-far, -far - 1]), ([[1, 1]], [0])], Polyhedron.whole_space(1))]) == 3


def test_witnesses_have_small_denominators() -> None:
    found = [*witnesses([([[1, 1], [1, -1]], [0, 0]), ([[1, 1]], [0])], Polyhedron.box([(-3, 3), (-3, 3)]))]
    assert {a.denominator for witness in found for a in witness} == {1}
