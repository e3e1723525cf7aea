"""Equality at the points of a grid, with finite weights: everywhere on it, with a weight that is the least proved."""

import json
from itertools import product
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import problems
from verishallow import checker, fast_checker
from verishallow.affine import AffineForm, AffineMap
from verishallow.certificate.certificate import Certificate
from verishallow.claims.quantised import Quantised, gated_leaves, quantised
from verishallow.errors import DomainError, InputError, OutsideDomainError
from verishallow.explain import explain
from verishallow.fast_checker.symbolic import symbolic_reading
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import Open
from verishallow.shallow.grids import Grid, least_power
from verishallow.slices import Slice

Problem = tuple[ReLUNetwork, Polyhedron]

MODULUS = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
FAN = ReLUNetwork.of([([[1, 1], [1, 0], [0, 1], [1, -1]], [0, 0, 0, 0]), ([[1, 1, 1, 1]], [0])])
STEPS = ("1", "1/2", "1/3", "2/3")
OFFSETS = ("0", "1/2", "1/3", "-1/7")


def claim_on(network: ReLUNetwork, domain: Polyhedron, grid: Grid, engine: str = "cdd") -> Quantised:
    return quantised(network, domain, grid, engine)


def made(network: ReLUNetwork, domain: Polyhedron, grid: Grid, engine: str = "cdd") -> Certificate:
    return prove(network, domain, claim=claim_on(network, domain, grid, engine), engine=engine)


def points_of(grid: Grid, domain: Polyhedron, reach: int) -> list[Vector]:
    """The points of a grid in a domain within so many units of 0."""
    axes = [
        [offset + k * step for k in range(int(-reach // step) - 1, int(reach // step) + 2)]
        for offset, step in zip(grid.offsets, grid.steps, strict=True)
    ]
    return [point for point in product(*axes) if domain.contains(point)]


@st.composite
def bounded_problems(draw: Any, most: int) -> tuple[ReLUNetwork, Polyhedron, Grid]:
    network, domain = draw(problems(most))
    box = Polyhedron.box([(-2, 2)] * network.inputs)
    both = Polyhedron(network.inputs, (*domain.inequalities, *box.inequalities))
    part = both if len(both.v_representation.vertices) > network.inputs and _full(both) else box
    pairs = [(draw(st.sampled_from(OFFSETS)), draw(st.sampled_from(STEPS))) for _ in range(network.inputs)]
    grid = Grid.of(pairs)
    return network, part if _has_points(part, grid) else box, grid


def _has_points(domain: Polyhedron, grid: Grid) -> bool:
    """Whether each input has a value on the grid: a domain between two of them is refused."""
    sides = [(domain.minimise(x).value, domain.minimise(-x).value) for x in AffineMap.identity(domain.dimension).forms]
    pairs = zip(grid.offsets, grid.steps, sides, strict=True)
    return all(
        low is not None and negated is not None and low + (offset - low) % step <= -negated
        for offset, step, (low, negated) in pairs
    )


def _full(polyhedron: Polyhedron) -> bool:
    return polyhedron.affine_dimension() == polyhedron.dimension


# ---------------------------------------------------------------------------------------------- Equality


@given(bounded_problems(5), st.sampled_from(["cdd", "lattice"]))
@settings(max_examples=20, deadline=None)
def test_it_is_the_network_at_every_point_of_the_grid(problem: tuple[Any, ...], engine: str) -> None:
    network, domain, grid = problem
    certificate = made(network, domain, grid, engine)
    verdict, shallow = certificate.check(), certificate.shallow
    assert verdict.kind == "valid", verdict
    assert fast_checker.check_lines(certificate.lines) == verdict
    tried = points_of(grid, domain, 2)
    assert [point for point in tried if tuple(shallow(point)) != tuple(network(point))] == []


@given(bounded_problems(5))
@settings(max_examples=12, deadline=None)
def test_all_weights_are_finite_and_units_are_counted(problem: tuple[Any, ...]) -> None:
    certificate = made(*problem)
    shallow, units = certificate.shallow, certificate.counts["units"]
    layers = (shallow.layer1, shallow.layer2, shallow.layer3)
    assert sum(layer.infinite_weights() for layer in layers) == 0
    assert (shallow.layer1.width, shallow.layer2.width) == (units["layer1"], units["layer2"])
    assert certificate.counts["faces"] == certificate.counts["activation_regions"] == certificate.counts["leaves"]


@given(bounded_problems(4))
@settings(max_examples=12, deadline=None)
def test_half_the_weight_has_no_proof(problem: tuple[Any, ...]) -> None:
    """Some gate needs more than half of it somewhere: there the reasons of half the weight fail."""
    network, domain, grid = problem
    claim = claim_on(network, domain, grid)
    half = Quantised(gates=claim.gates, weight=claim.weight / 2)
    certificate = prove(network, domain, claim=half)
    gates = any(leaf.get("gates") for leaf in map(_json, certificate.lines[2:-1]))
    maps = any(a != "0" for leaf in map(_json, certificate.lines[2:-1]) for row in leaf.get("map", []) for a in row)
    if gates and maps and claim.weight != 1:
        assert certificate.check().kind == "invalid"


def _json(line: bytes) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(line)
    return record


def test_the_boundary_between_regions_is_included() -> None:
    grid = Grid.of([(0, 1), (0, 1)])
    certificate = made(FAN, Polyhedron.box([(-2, 2), (-2, 2)]), grid)
    on_boundaries = [p for p in points_of(grid, certificate.domain, 2) if certificate.closed_cells_at(p) > 1]
    assert len(on_boundaries) == 17
    assert all(certificate(point) == FAN(point) for point in on_boundaries)


@pytest.mark.parametrize(("step", "weight"), [("1/255", 1), ("1", 1)])
def test_the_modulus_needs_its_slope(step: str, weight: int) -> None:
    assert claim_on(MODULUS, Polyhedron.box([(-1, 1)]), Grid.of([(0, step)])).weight == weight


@pytest.mark.parametrize(("step", "weight"), [("1", 1), ("1/2", 2), ("1/8", 8), ("1/10", 16), ("1/255", 256)])
def test_a_jump_needs_more_on_a_finer_grid(step: str, weight: int) -> None:
    """Beyond the bend at 0 the constant 1 of the other side must be outweighed by the first step."""
    shifted = ReLUNetwork.of([([[1]], [0]), ([["1/1000"]], [1])])
    claim = claim_on(shifted, Polyhedron.box([(-1, 1)]), Grid.of([(0, step)]))
    assert weight <= claim.weight <= 2 * weight


def test_on_a_slice_the_grid_is_one_of_parameters() -> None:
    line, interval = Slice.line([-1, 1], [2, "1/2"]), Polyhedron.box([(0, 1)])
    claim = claim_on(line.restricted(FAN), interval, Grid.of([(0, "1/12")]))
    certificate = prove(FAN, interval, claim=claim, on_slice=line)
    assert certificate.check().kind == "valid"
    for k in range(13):
        assert certificate([mpq(k, 12)]) == FAN(line.affine_map([mpq(k, 12)]))


def test_without_hidden_layers_there_is_no_gate() -> None:
    affine = ReLUNetwork.of([([["1/2", -1], [0, 3]], [1, "-2/3"])])
    certificate = made(affine, Polyhedron.box([(-1, 1)] * 2), Grid.of([(0, 1)] * 2))
    assert certificate.check().kind == "valid"
    assert certificate.header["gate_weight"] == "1"


# ------------------------------------------------------------------------------------------------- Grids


@given(
    st.lists(st.integers(-6, 6), min_size=3, max_size=3).filter(lambda row: any(row[1:])),
    st.tuples(*[st.tuples(st.sampled_from(OFFSETS), st.sampled_from(STEPS))] * 2),
)
def test_values_on_a_grid_are_a_residue_and_steps(row: list[int], pairs: Any) -> None:
    form, grid = AffineForm.of(row), Grid.of(pairs)
    residue, step = grid.values(form)
    assert 0 <= residue < step
    values = {form(point) for point in points_of(grid, Polyhedron.whole_space(2), 6)}
    assert all(((value - residue) / step).denominator == 1 for value in values)
    near = {value for value in values if abs(value) <= 2 * step}
    assert {residue, residue - step} <= near


@given(st.fractions(min_value="1/10000", max_value=10000))
def test_the_least_power_of_two(value: Any) -> None:
    number = mpq(value.numerator, value.denominator)
    power = least_power(number)
    assert power / 2 < number <= power


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [([(0, 0)], "positive steps"), ([(0, "-1/2")], "positive steps"), ([(0, "x")], "rational"), ([], "found none")],
)
def test_such_grids_are_refused(pairs: Any, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        Grid.of(pairs)


def test_offsets_and_steps_come_in_pairs() -> None:
    with pytest.raises(InputError, match="a step for each offset"):
        Grid((mpq(0),), (mpq(1), mpq(1)))


# ------------------------------------------------------------------------------------------------ Refusals


def test_an_unbounded_domain_is_refused() -> None:
    with pytest.raises(DomainError, match="input 0 is unbounded"):
        claim_on(MODULUS, Polyhedron.whole_space(1), Grid.of([(0, 1)]))


@pytest.mark.parametrize(("box", "reason"), [((0, 0), "1/4"), ((1, 1), "1/4")])
def test_a_domain_between_the_points_is_refused(box: tuple[int, int], reason: str) -> None:
    domain = Polyhedron.box([(mpq(1, 8) + box[0], mpq(1, 4) + box[1])])
    with pytest.raises(DomainError, match="no point of the grid lies in the domain"):
        claim_on(MODULUS, domain, Grid.of([(0, "1/2")]))
    assert claim_on(MODULUS, domain, Grid.of([(0, reason)])).weight > 0


def test_a_grid_of_another_dimension_is_refused() -> None:
    with pytest.raises(InputError, match="expected 1 steps"):
        claim_on(MODULUS, Polyhedron.box([(-1, 1)]), Grid.of([(0, 1), (0, 1)]))


def test_a_claim_needs_its_grid() -> None:
    with pytest.raises(InputError, match="expected a grid"):
        Quantised().header()


def test_off_the_grid_nothing_is_claimed() -> None:
    certificate = made(MODULUS, Polyhedron.box([(-1, 1)]), Grid.of([(0, "1/3")]))
    assert certificate(["-2/3"]) == (mpq(2, 3),)
    with pytest.raises(OutsideDomainError, match="none of the grid"):
        certificate(["1/2"])
    with pytest.raises(OutsideDomainError, match="outside the domain"):
        certificate(["4/3"])


def test_what_lies_around_a_point_is_not_explained() -> None:
    certificate = made(MODULUS, Polyhedron.box([(-1, 1)]), Grid.of([(0, "1/3")]))
    with pytest.raises(InputError, match="explain the deep network"):
        explain(certificate, ["1/3"])
    with pytest.raises(InputError, match="says nothing about the interiors"):
        symbolic_reading(certificate)


def test_an_open_cell_has_no_gates() -> None:
    assert [type(node) for node in gated_leaves(iter([Open()]), Grid.of([(0, 1)]))] == [Open]


@pytest.mark.parametrize("expected", ["equality", "regions"])
def test_it_does_not_pass_for_another_claim(expected: str) -> None:
    certificate = made(MODULUS, Polyhedron.box([(-1, 1)]), Grid.of([(0, "1/3")]))
    verdict = checker.check_lines(certificate.lines, claim=expected)
    assert (verdict.kind, verdict.reason) == ("invalid", "line 2 (network): the claim is equality-on-grid")
    assert checker.check_lines(certificate.lines, boundary="exact").kind == "invalid"
