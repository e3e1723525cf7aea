"""Explanations of one point: of deep networks, of certificates of every construction, of three-layer networks."""

import random
from collections.abc import Iterator

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

import verishallow
from tests.examples import (
    ABSOLUTE_VALUE,
    EXAMPLES,
    MAX_OF_THREE,
    MAX_OF_TWO,
    NO_HIDDEN_LAYER,
    SQUARE,
    each_example,
    example_certificate,
    example_leaves,
)
from tests.strategies import points, problems
from verishallow.affine import AffineForm
from verishallow.claims.gated import Gated
from verishallow.claims.merge import Merged
from verishallow.errors import DomainError, InputError, OutsideDomainError
from verishallow.explain import Distances, Explanation, explain
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import canonical, prove
from verishallow.rationals import Vector

MAXIMUM = ReLUNetwork.of(MAX_OF_TWO)


def sample(name: str, count: int = 6) -> Iterator[Vector]:
    """Points of an example's domain: inside regions, and on the boundaries of several."""
    example, rng = EXAMPLES[name], random.Random(name)
    for leaf in random.Random(1).sample(example_leaves(name), min(3, len(example_leaves(name)))):
        yield leaf.witness
        yield from leaf.cell.polyhedron.v_representation.vertices[:1]
    for _ in range(count):
        point = tuple(mpq(rng.randint(-6, 6), rng.choice([1, 2, 3])) for _ in range(example.network.inputs))
        if example.domain.contains(point):
            yield point


def facets(found: Explanation) -> set[frozenset[AffineForm]]:
    return {frozenset(facet.form for facet in region.facets) for region in found.regions}


@each_example
def test_what_is_said_of_a_deep_network(name: str) -> None:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain
    for point in sample(name):
        found = explain(network, point, domain)
        assert found.output == network(point)
        assert found.on_boundary == (len(found.regions) > 1)
        for region in found.regions:
            assert region.polyhedron.contains(point)
            assert region.polyhedron.contains_strictly(region.witness)
            assert network.affine_map_for(region.pattern or ()) == region.affine_map
            assert network(region.witness) == region.affine_map(region.witness)
            assert [region.contributions(o).output for o in range(network.outputs)] == list(found.output)


@each_example
def test_a_certificate_says_the_same_from_its_three_layer_network(name: str) -> None:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain
    for point in sample(name):
        deep, shallow = explain(network, point, domain), explain(example_certificate(name), point)
        assert shallow.output == deep.output
        assert facets(shallow) == facets(deep)
        assert {(r.pattern, r.affine_map) for r in shallow.regions} == {(r.pattern, r.affine_map) for r in deep.regions}
        assert all(region.units for region in shallow.regions)


@pytest.mark.parametrize("claim", [Merged(), Gated()], ids=["merged", "gated"])
@pytest.mark.parametrize(
    "name", ["two layers on a square", "max of three", "two layers in space", "one affine map on many regions"]
)
def test_other_constructions_are_read_too(name: str, claim: Merged | Gated) -> None:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain
    certificate = prove(network, domain, claim=claim)
    for point in sample(name):
        deep, shallow = explain(network, point, domain), explain(certificate, point)
        assert shallow.output == deep.output
        assert {region.affine_map for region in shallow.regions} == {region.affine_map for region in deep.regions}
        for region in shallow.regions:
            assert region.pattern is None
            assert region.polyhedron.contains(point)
            assert network(region.witness) == region.affine_map(region.witness)


@given(problems(most_neurons=6), st.data())
@settings(max_examples=25, deadline=None)
def test_any_certificate_explains_as_its_network_does(
    problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject
) -> None:
    network, domain = problem
    certificate = prove(network, domain)
    for point in [data.draw(points(network.inputs)), certificate.regions[0].witness]:
        if domain.contains(point):
            deep, shallow = explain(network, point, domain), explain(certificate, point)
            assert facets(shallow) == facets(deep)
            assert {region.affine_map for region in shallow.regions} == {region.affine_map for region in deep.regions}


def test_the_canonical_network_needs_no_certificate() -> None:
    found = explain(canonical(ReLUNetwork.of(MAX_OF_THREE)), [2, 1, 0])
    assert [str(form) for form in found.region.affine_map.forms] == ["x0"]
    # Its tree divides the piece of x0 once more, where only x1 and x2 bend.
    assert facets(found) == {frozenset([AffineForm.of([0, 1, -1, 0]), AffineForm.of([0, 0, 1, -1])])}


def test_a_finite_network_of_three_layers_is_its_own_cell() -> None:
    certificate = prove(ReLUNetwork.of(ABSOLUTE_VALUE), claim=Gated())
    found = explain(certificate, ["-1/2"])
    assert certificate.shallow.layer2.infinite_weights() == 0
    assert (str(found.region.affine_map.forms[0]), facets(found)) == ("-x0", {frozenset([AffineForm.of([0, -1])])})


def test_the_units_named_are_those_whose_rules_end_at_the_facet() -> None:
    certificate = example_certificate("max of two on a square")
    found = explain(certificate, [1, 0])
    (inner,) = [facet for facet in found.region.facets if not facet.of_domain]
    ((layer, unit),) = inner.neurons
    (row,) = [certificate.shallow.layer1.rows[unit]]
    assert layer == 1
    assert {index: weight.finite for index, weight in row} == {i: -a for i, a in enumerate(inner.form.linear)}
    for number in found.region.units:
        infinite = [index for index, weight in certificate.shallow.layer2.rows[number] if weight.infinite]
        assert infinite == [unit]


# --------------------------------------------------------------------------------------- Rules, distances


def test_neurons_and_inequalities_behind_a_rule() -> None:
    found = explain(ReLUNetwork.of(MAX_OF_THREE), [3, 2, 0], Polyhedron.box([(0, 4)] * 3))
    origins = {str(facet.form): (facet.neurons, facet.of_domain) for facet in found.region.facets}
    assert origins["x0 - x1"] == (((1, 0),), ())
    assert origins["4 - x0"] == ((), (1,))
    assert set(origins) == {"x0 - x1", "4 - x0", "x1", "x2", "x0 - x2"}


def test_a_facet_may_be_farther_away_than_its_hyperplane() -> None:
    obtuse = Polyhedron.of([[0, 0, 1], [0, 1, 3], [4, -1, -7]])
    found = explain(ReLUNetwork.of(NO_HIDDEN_LAYER), ["-5/2", "87/100"], obtuse)
    base = found.region.facets[0]
    assert base.to_hyperplane == Distances(mpq(87, 100), mpq(87, 100) ** 2, mpq(87, 100))
    # The base ends at the origin.
    assert base.to_facet == Distances.between((mpq(0), mpq(0)), found.point)


@each_example
def test_facets_are_never_nearer_than_their_hyperplanes(name: str) -> None:
    example = EXAMPLES[name]
    found = explain(example.network, example_leaves(name)[0].witness, example.domain)
    for facet in found.region.facets:
        flat, there = facet.to_hyperplane, facet.to_facet
        assert (flat.l1 <= there.l1, flat.l2_squared <= there.l2_squared, flat.linf <= there.linf) == (True,) * 3
    if found.region.facets:
        # The nearest of all facets is as near as its hyperplane: nothing of the region lies between.
        nearest = min(found.region.facets, key=lambda facet: facet.to_hyperplane.l2_squared)
        assert nearest.to_facet.l2_squared == nearest.to_hyperplane.l2_squared


# -------------------------------------------------------------------------------- Boundaries and refusals


def test_gradients_on_a_boundary() -> None:
    found = explain(MAXIMUM, [1, 1])
    assert set(found.gradients(0)) == {(mpq(1), mpq(0)), (mpq(0), mpq(1))}
    flat = explain(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, -1]], [0])]), [0])
    assert (len(flat.regions), flat.gradients(0)) == (2, ((mpq(1),),))


def test_where_a_certificate_says_nothing() -> None:
    ignoring = prove(MAXIMUM, SQUARE, "ignore")
    assert explain(ignoring, [1, 0]).region.affine_map == explain(MAXIMUM, [1, 0]).region.affine_map
    with pytest.raises(OutsideDomainError, match="lies on a region boundary"):
        explain(ignoring, [1, 1])
    with pytest.raises(OutsideDomainError, match="outside the domain: inequality 1, 2 - x0 >= 0, fails"):
        explain(ignoring, [3, 0])
    with pytest.raises(InputError, match="no three-layer network"):
        explain(prove(MAXIMUM, claim=verishallow.RegionCount()), [1, 0])
    with pytest.raises(InputError, match="a certificate has its own domain, found another"):
        explain(ignoring, [1, 0], "box:0,1")


def test_a_three_layer_network_outside_its_domain() -> None:
    shallow = prove(ReLUNetwork.of(MAX_OF_THREE), Polyhedron.box([(0, 1)] * 3), claim=Merged()).shallow
    inside = explain(shallow, ["1/2", 0, 0])
    assert inside.output == (mpq(1, 2),)
    constant = prove(ReLUNetwork.of([([[0]], [-1]), ([[1]], [3])]), claim=Merged()).shallow
    assert explain(constant, [9]).output == (mpq(3),)


@pytest.mark.parametrize(
    ("point", "domain", "error", "fragment"),
    [
        ([1], None, InputError, "expected 2 coordinates, found 1"),
        ([1, 2, 3], None, InputError, "expected 2 coordinates, found 3"),
        ([2, 0], "box:0,1", OutsideDomainError, "inequality 1, 1 - x0 >= 0, fails"),
        ([0, 0], "box:1,0", DomainError, "empty"),
        (["0.1.2", 0], None, InputError, "expected a rational"),
    ],
)
def test_bad_questions(point: list[object], domain: str | None, error: type[Exception], fragment: str) -> None:
    with pytest.raises(error, match=fragment):
        explain(MAXIMUM, point, domain)


def test_names() -> None:
    found = explain(MAXIMUM, [1, 0], names=["age", " income"], output_names=["risk"])
    assert (found.names.features, found.names.outputs) == (("age", "income"), ("risk",))
    assert [found.names.feature(name) for name in ("age", "income", 1, "0")] == [0, 1, 1, 0]
    assert found.names.output("risk") == 0
    for names in (["age"], ["age", "age"], ["age", ""]):
        with pytest.raises(InputError, match="names of features: expected 2 different ones"):
            explain(MAXIMUM, [1, 0], names=names)
    for unknown in ("weight", "2", "-1", "1/2"):
        with pytest.raises(InputError, match="feature: expected one of age, income, or a number from 0 to 1"):
            found.names.feature(unknown)


def test_the_module_is_what_it_is_named_after() -> None:
    assert verishallow.explain(MAXIMUM, [3, 1]).output == (mpq(3),)
