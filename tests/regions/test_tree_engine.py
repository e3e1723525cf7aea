"""The engine for many inputs: the reference engine's tree node for node, whatever its oracle says."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.campaigns.degenerate_networks import random_problems, skeleton
from tests.cli.command_line import facts_of, network_text, run
from tests.examples import CUBE, EXAMPLES, ONE_MAP, SQUARE, each_boundary, each_example
from tests.strategies import boxes, points, problems
from verishallow import checker
from verishallow.affine import AffineForm
from verishallow.claims.equality import Equality
from verishallow.errors import ProofError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.rationals import Vector
from verishallow.records.lines import certificate_lines
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Cell, Leaf, Node, PathConstraint, Redundant, Reported
from verishallow.regions.enumeration import ENGINES, engine_named, enumerate_regions
from verishallow.regions.float_program import FloatProgram, Guess
from verishallow.regions.program_cell import LPCell
from verishallow.regions.sure_signs import exact_point, rounded_point, rounded_row, sure_signs, value_at
from verishallow.regions.tree_engine import tree_engine
from verishallow.shallow.signed_faces import Boundary, gated_leaf

Nodes = list[Node | Reported]


def path_facets(node: Node | Reported) -> Node | Reported:
    """A leaf without what its cell says of the domain's rows: the reference drops the redundant ones, this not."""
    if not isinstance(node, Leaf):
        return node
    cell = node.cell
    own = tuple(number for number in cell.facets if number in cell.path_numbers())
    return replace(node, cell=Cell(cell.domain, cell.path, own, cell.positive))


def compared(nodes: Nodes) -> list[tuple[Any, ...]]:
    return list(skeleton(map(path_facets, nodes)))


def both_trees(network: ReLUNetwork, domain: Polyhedron, reference: Vector | None = None) -> tuple[Nodes, Nodes]:
    at = generic_point(domain) if reference is None else reference
    return list(cdd_engine(network, domain, at)), list(tree_engine(network, domain, at))


def check_problem(network: ReLUNetwork, domain: Polyhedron, reference: Vector | None = None) -> None:
    by_reference_engine, found = both_trees(network, domain, reference)
    assert compared(found) == compared(by_reference_engine)
    for boundary in ("exact", "ignore"):
        assert_valid(network, domain, boundary, found)


def assert_valid(network: ReLUNetwork, domain: Polyhedron, boundary: Any, nodes: Nodes) -> None:
    lines = list(certificate_lines(network, domain, Equality(boundary), nodes))
    verdict = checker.check_lines(lines)
    assert verdict.kind == "valid", verdict.reason


def random_network(*widths: int, seed: int = 0, bits: int = 6) -> ReLUNetwork:
    rng, scale = random.Random(seed), 1 << bits
    return ReLUNetwork.of(
        [
            (
                [[mpq(round(rng.gauss(0, 1) * scale / below**0.5), scale) for _ in range(below)] for _ in range(width)],
                [mpq(round(rng.gauss(0, 0.5) * scale), scale) for _ in range(width)],
            )
            for below, width in pairwise(widths)
        ]
    )


def unit_box(dimension: int) -> Polyhedron:
    return Polyhedron.box([(-1, 1)] * dimension)


# ------------------------------------------------------------------------------------- The reference's tree


@each_example
def test_the_tree_of_the_reference(name: str) -> None:
    check_problem(EXAMPLES[name].network, EXAMPLES[name].domain.normalised())


@given(problems(), st.data())
@settings(max_examples=40, deadline=None)
def test_the_tree_of_the_reference_on_random_networks(
    problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject
) -> None:
    network, domain = problem
    reference = data.draw(st.one_of(st.none(), points(network.inputs)))
    check_problem(network, domain.normalised(), reference)


@pytest.mark.parametrize("seed", range(4))
def test_the_tree_of_the_reference_in_up_to_four_dimensions(seed: int) -> None:
    for problem in islice(random_problems(40, seed), 40):
        check_problem(problem.network, problem.domain)


@pytest.mark.parametrize("widths", [(2, 6, 6, 2), (3, 5, 4, 1), (4, 5, 3, 1), (2, 4, 3, 3, 1)], ids=str)
@pytest.mark.parametrize("bits", [6, 52], ids=["6 bits", "52 bits"])
def test_the_tree_of_the_reference_with_generic_weights(widths: tuple[int, ...], bits: int) -> None:
    check_problem(random_network(*widths, bits=bits), unit_box(widths[0]))


def test_the_reasons_are_about_the_rows_as_given() -> None:
    # A row of the cube is 3/2 - x: no integers.
    for node in tree_engine(ReLUNetwork.of([([[1, 0, 0]], [2]), ([[1]], [0])]), CUBE, generic_point(CUBE)):
        for decision in getattr(getattr(node, "stable", None), "active", ()):
            assert decision.reason.lower_bound(AffineForm.of([2, 1, 0, 0]), CUBE.inequalities) == 1


# ---------------------------------------------------------------------------------------------- Many inputs


@pytest.mark.parametrize("widths", [(7, 6, 4, 1), (8, 5, 4, 1)], ids=str)
def test_as_many_regions_as_in_the_lattice(widths: tuple[int, ...]) -> None:
    network, box = random_network(*widths), unit_box(widths[0])
    tree, lattice = (enumerate_regions(network, box, engine) for engine in ("tree", "lattice"))
    assert replace(lattice, f_vector=None, euler_characteristic=None, engine="tree") == tree


def forbidden(_self: Polyhedron) -> NoReturn:
    raise AssertionError("somebody lists vertices")


@each_boundary
@pytest.mark.parametrize("domain", [unit_box(7), Polyhedron.whole_space(7)], ids=["box", "R^n"])
def test_no_vertices_are_ever_listed(domain: Polyhedron, boundary: Boundary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Polyhedron, "v_representation", property(forbidden))
    network = random_network(7, 5, 3, 1)
    nodes = list(tree_engine(network, domain, generic_point(domain)))
    assert_valid(network, domain, boundary, nodes)


def test_regions_with_one_map_are_joined_without_vertices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Polyhedron, "v_representation", property(forbidden))
    rows = [[int(i == j) for j in range(8)] for i in range(4)]
    folded = ReLUNetwork.of([(rows, [0] * 4), ([[1, 0, 0, 0]], [0])])
    found = enumerate_regions(folded, unit_box(8))
    assert (found.activation_regions, found.affine_pieces, found.linear_regions) == (16, 2, 2)
    assert (found.engine, found.f_vector, found.euler_characteristic) == ("tree", None, None)


# --------------------------------------------------------------------------------------- Whatever the oracle says

Oracle = Callable[[FloatProgram, Sequence[float]], Guess | None]
honest = FloatProgram.minimise


def silent(_self: FloatProgram, _form: Sequence[float]) -> None:
    return None


def not_a_number(_self: FloatProgram, form: Sequence[float]) -> Guess:
    return Guess(float("nan"), (float("nan"),) * (len(form) - 1), (0, 99))


def always_zero(_self: FloatProgram, form: Sequence[float]) -> Guess:
    return Guess(0.0, (0.0,) * (len(form) - 1), tuple(range(len(form) - 1)))


def turned_round(program: FloatProgram, form: Sequence[float]) -> Guess | None:
    guess = honest(program, form)
    return guess and replace(guess, value=-guess.value)


def beside_the_point(program: FloatProgram, form: Sequence[float]) -> Guess | None:
    guess = honest(program, form)
    return guess and replace(guess, point=tuple(x + 1e-3 for x in guess.point), support=guess.support[1:])


def infinite(_self: FloatProgram, form: Sequence[float]) -> Guess:
    return Guess(float("-inf"), (float("inf"),) * (len(form) - 1), ())


LIARS: list[Oracle] = [silent, not_a_number, always_zero, turned_round, beside_the_point, infinite]


@pytest.mark.parametrize("oracle", LIARS)
@pytest.mark.parametrize(
    "name",
    [
        "two layers in the plane",
        "two layers in a strip",
        "two layers on a cube",
        "cone with four facets at its apex",
        "hyperplane tangent to a cell",
        "sawtooth of depth 3 on the line",
        "weights of float32",
    ],
)
def test_a_lying_oracle_costs_time_alone(name: str, oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FloatProgram, "minimise", oracle)
    check_problem(EXAMPLES[name].network, EXAMPLES[name].domain.normalised())


def test_the_exact_programs_are_spared_where_the_oracle_is_honest(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> NoReturn:
        raise AssertionError("an exact linear program was asked")

    monkeypatch.setattr(LPCell, "_decide_exactly", refuse)
    network = random_network(5, 6, 4, 1)
    assert sum(isinstance(node, Leaf) for node in tree_engine(network, unit_box(5), (mpq(1, 9),) * 5)) > 50


TINY, HUGE = mpq(1, 2**60), mpq(10**400)
NARROW = {
    "a strip narrower than rounding": ([[1, 0], [1, 0], [1, 1]], ["1/3", mpq(1, 3) + TINY, 0]),
    "a wedge thinner than rounding": ([[1, 0], [1, TINY], [0, 1]], ["1/3", "1/3", "-1/7"]),
    "a corner smaller than rounding": ([[1, 0], [0, 1], [-1, -1]], ["-1/3", "-1/3", mpq(2, 3) + TINY]),
    "weights too large for floats": ([[HUGE, 1], [1, HUGE], [HUGE, -HUGE]], [1, -1, HUGE / 3]),
    "weights too small for floats": ([[1 / HUGE, 1], [1, 1 / HUGE], [1 / HUGE, -1 / HUGE]], [0, 0, 1 / (3 * HUGE)]),
    "a hyperplane far beyond floats": ([[1, 0], [0, 1], [1, 1]], [HUGE, -HUGE, HUGE]),
}


@pytest.mark.parametrize("domain", [SQUARE, Polyhedron.whole_space(2)], ids=["a square", "the plane"])
@pytest.mark.parametrize("name", NARROW)
def test_what_floats_cannot_see(name: str, domain: Polyhedron) -> None:
    weight, bias = NARROW[name]
    network = ReLUNetwork.of([(weight, bias), ([[1, 2, 4], [1, -1, 1]], [0, -1]), ([[1, 1]], [0])])
    check_problem(network, domain)


@pytest.mark.parametrize(
    "domain",
    [
        Polyhedron.box([(HUGE, HUGE + 1), (0, 1)]),
        Polyhedron.box([(10**9, 10**9 + TINY), (0, 1)]),
        Polyhedron.of([[-(10**7), 1, 0]]),
        Polyhedron.of([[HUGE, 1, 0], [0, 1, 1], [0, 1 / HUGE, -1]]),
    ],
    ids=["beyond floats", "thinner than rounding", "a half-plane far away", "rows of all sizes"],
)
def test_domains_that_floats_cannot_see(domain: Polyhedron) -> None:
    centre = generic_point(domain)
    bias = [-a * centre[0] - b * centre[1] for a, b in ((1, 1), (1, -2), (0, 1))]
    network = ReLUNetwork.of([([[1, 1], [1, -2], [0, 1]], bias), ([[1, 2, 4], [1, -1, 1]], [0, -1]), ([[1, 1]], [0])])
    check_problem(network, domain.normalised())


# ------------------------------------------------------------------------------------------------ One cell


def cells(domain: Polyhedron, path: Sequence[PathConstraint]) -> Iterator[tuple[Cell, Redundant]]:
    """The cell of a path, as the reference and as a program has it."""
    for cell in (Cell.whole(domain), LPCell.start(domain)):
        redundant = Redundant(())
        for constraint in path:
            cell, redundant = cell.split_off(constraint)  # noqa: PLW2901 - the cell shrinks
        yield cell, redundant


def test_a_redundant_constraint_has_a_reason_over_the_facets() -> None:
    forms = [AffineForm.of(row) for row in ([0, 1, 1], [1, 1, 2], [0, 1, 0], [0, 0, 1])]
    path = [PathConstraint(form, -number, strict=True) for number, form in enumerate(forms, start=1)]
    (reference, dropped), (cell, dropped_too) = cells(SQUARE, path)
    assert [n for n, _ in dropped_too.constraints] == [n for n, _ in dropped.constraints] == [4, 5]
    for number, reason in dropped_too.constraints:
        assert reason.lower_bound(cell.constraints[number], cell.constraints) >= 0
        assert reason.support() <= {*cell.facets}
    assert cell.positive == reference.positive


def test_faces_that_meet_in_one_vertex_are_found_by_programs() -> None:
    forms = [AffineForm.of([0, 2 * k, k * k - 1, k * k + 1]).primitive() for k in range(-3, 4)]
    path = [PathConstraint(form, number, strict=True) for number, form in enumerate(forms, start=1)]
    for domain in (CUBE.normalised(), Polyhedron.whole_space(3)):
        (reference, _), (cell, _) = cells(domain, path)
        assert gated_leaf(cell, "exact").faces == gated_leaf(reference, "exact").faces
        assert len(gated_leaf(cell, "exact").faces) == 128


def test_an_empty_part_is_an_error() -> None:
    with pytest.raises(ProofError, match="empty"):
        LPCell.start(SQUARE).split_off(PathConstraint(AffineForm.of([-5, 1, 1]), 1, strict=True))


@given(boxes(3), points(3), st.lists(points(3), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_the_sides_of_forms_on_a_box(box: Polyhedron, direction: Vector, others: list[Vector]) -> None:
    rows = [tuple(int(42 * a) for a in (sum(at, mpq(0)), *at)) for at in (direction, *others)]
    cell, generators = LPCell.start(box), box.v_representation
    for row, found in zip(rows, cell.sides(rows), strict=True):
        form = AffineForm.of(row)
        signs = generators.signs(form)
        assert (found is None) == ({-1, 1} <= signs)
        if found is not None:
            side, reason = found
            assert (side > 0) == (1 in signs)
            assert reason.lower_bound(form if side > 0 else -form, box.inequalities) >= 0


@pytest.mark.parametrize("form", [[0, 1, 0], [1, -3, 7], [2, 1, 1]])
def test_a_form_that_vanishes_in_the_only_known_point_takes_both_signs(form: list[int]) -> None:
    cell = LPCell.start(SQUARE)
    cell.found[:] = []
    centre = rounded_point(cell.inside)[1:]
    row = (-sum(a * int(x) for a, x in zip(form[1:], centre, strict=True)), *form[1:])
    assert list(cell.sides([row])) == [None]


# ------------------------------------------------------------------------------------------------- Sure signs

entries = st.one_of(st.integers(-9, 9), st.integers(-(10**40), 10**40), st.sampled_from([10**400, -(10**400), 1, 0]))


@given(
    st.lists(st.tuples(entries, entries, entries), min_size=1, max_size=6),
    st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2), min_size=1, max_size=6),
)
def test_a_sure_sign_is_the_sign(rows: list[tuple[int, int, int]], at: list[tuple[float, float]]) -> None:
    floats = np.array([(1.0, *point) for point in at])
    signs = sure_signs(floats, np.array([rounded_row(row) for row in rows]))
    for point, found in zip(floats, signs.tolist(), strict=True):
        for row, sign in zip(rows, found, strict=True):
            value = value_at(row, exact_point(point))
            assert sign in (0, (value > 0) - (value < 0))


def test_ordinary_signs_are_sure() -> None:
    rows = np.array([rounded_row(row) for row in [(1, 2, 3), (-1, 2, 3), (10**30, -(10**30), 1)]])
    assert sure_signs(np.array([[1.0, 0.25, 0.125], [1.0, 1.0, 0.0]]), rows).tolist() == [[1, -1, 1], [1, 1, 0]]


def test_what_the_oracle_answers() -> None:
    quadrant = [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [3.0, -1.0, -1.0]]
    assert FloatProgram(2, quadrant).minimise([0.0, -2.0, -1.0]) == Guess(-6.0, (3.0, 0.0), (1, 2))
    assert FloatProgram(2, quadrant[:2]).minimise([0.0, -1.0, 0.0]) is None
    assert FloatProgram(2, []).minimise([0.0, 1.0, 0.0]) is None
    held = FloatProgram(2, quadrant, [2]).minimise([0.0, 1.0, 2.0])
    assert held is not None
    assert (held.value, held.point, set(held.support)) == (3.0, (3.0, 0.0), {1, 2})


# --------------------------------------------------------------------------------------------- The choice


@pytest.mark.parametrize(("inputs", "engine"), [(1, "lattice"), (6, "lattice"), (7, "tree"), (50, "tree")])
def test_the_engine_that_is_chosen(inputs: int, engine: str) -> None:
    assert engine_named("auto", inputs) == engine
    assert {engine_named(name, inputs) for name in ENGINES} == {*ENGINES}


@each_boundary
def test_a_proof_by_name(boundary: Boundary) -> None:
    certificate = prove(ReLUNetwork.of(ONE_MAP), "box:-1,1", boundary, "tree")
    assert len(certificate.regions) == 4
    assert (certificate(["1/2", "-1/3"])) == (7,)


SEVEN_INPUTS = (([[1] * 7, [1, -1, 0, 0, 0, 0, 0]], ["1/3", 0]), ([[1, 2]], [0]))


@pytest.fixture
def seven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.json").write_text(network_text(SEVEN_INPUTS))


@pytest.mark.usefixtures("seven")
def test_many_inputs_and_an_exact_boundary_are_worth_a_warning() -> None:
    exact = run("prove", "net.json", "--domain", "box:-1,1", "--json")
    ignoring = run("prove", "net.json", "--domain", "box:-1,1", "--json", "--boundary", "ignore")
    assert exact.exit_code == ignoring.exit_code == 0
    assert exact.stderr.startswith("warning: with 7 inputs an exact boundary takes up to about 2^7 signed faces")
    assert exact.stderr.count("\n") == 1
    assert (json.loads(exact.stdout)["engine"], facts_of(ignoring)["engine"]) == ("tree", "tree")


@pytest.mark.usefixtures("seven")
def test_many_inputs_are_counted_without_a_complex() -> None:
    facts = facts_of(run("regions", "net.json", "--json"))
    assert (facts["activation_regions"], facts["engine"]) == (4, "tree")
    assert facts["f_vector"] is facts["euler_characteristic"] is None
    assert run("regions", "net.json", "--max-regions", "3").exit_code == 3


def test_the_help_says_what_auto_chooses() -> None:
    text = " ".join(run("prove", "--help").stdout.replace("│", " ").split())
    assert "lattice up to 6 inputs, tree from 7 on" in text
