"""Strict domains: their closure is proved about, points that refute lie in them, and empty ones are said to be."""

import json
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.command_line import facts_of, run
from verishallow import Bound, OutputBounds, ReLUNetwork, difference, explain, parts_of, prove
from verishallow.errors import DomainError, OutsideDomainError, RefutedError
from verishallow.explain import counterfactual
from verishallow.read.domains.parts_of import DomainPart
from verishallow.read.network_json import network_to_json

IDENTITY = ReLUNetwork.of([([[1]], [0])])
SUM = ReLUNetwork.of([([[1, 1], [-1, -1]], [0, 0]), ([[1, -1]], [0])])


def file(folder: Path, formulas: str, inputs: int = 1) -> str:
    declared = "".join(f"(declare-const X_{i} Real)" for i in range(inputs)) + "(declare-const Y_0 Real)\n"
    (folder / "strict.vnnlib").write_text(declared + formulas)
    return str(folder / "strict.vnnlib")


def parts(folder: Path, formulas: str, inputs: int = 2) -> tuple[DomainPart, ...]:
    return parts_of(file(folder, formulas, inputs), inputs)


# ---------------------------------------------------------------------------------- What is in a strict domain

BOX = "(assert (<= -1 X_0 1)) (assert (<= -1 X_1 1))"
Points = list[tuple[Any, Any]]

ROWS: dict[str, tuple[str, tuple[str, ...], Points, Points]] = {
    "less": ("(assert (< X_0 1/2))", ("1/2 - x0 > 0",), [(0, 0), (-1, 1)], [("1/2", 0)]),
    "more": ("(assert (> X_0 X_1))", ("x0 - x1 > 0",), [(1, 0)], [(0, 0), ("1/2", "1/2")]),
    "a chain": ("(assert (< 0 X_0 X_1))", ("x0 > 0", "-x0 + x1 > 0"), [("1/3", 1)], [(0, 1), (1, 1)]),
    "not equal": ("(assert (!= X_0 X_1))", ("x0 - x1 != 0",), [(1, 0), (0, 1)], [(0, 0), (1, 1)]),
    "strict and closed at once": ("(assert (<= X_0 0)) (assert (< X_0 0))", ("-x0 > 0",), [(-1, 0)], [(0, 0)]),
    "closed": ("(assert (<= X_0 1/2))", (), [("1/2", 0), (0, 0)], []),
    "strict on a flat domain": ("(assert (= X_1 1)) (assert (< X_0 X_1))", ("-x0 + x1 > 0",), [(0, 1)], [(1, 1)]),
}


@pytest.mark.parametrize("name", ROWS)
def test_strict_rows_are_kept_apart_from_the_closure(name: str, tmp_path: Path) -> None:
    formula, texts, inside, outside = ROWS[name]
    (part,) = parts(tmp_path, BOX + formula)
    assert part.strict.texts() == texts
    assert [point for point in inside if not part.strict.hold_at(tuple(map(mpq, point)))] == []
    assert [point for point in outside if part.strict.hold_at(tuple(map(mpq, point)))] == []


UNIONS = {
    "one part, and the same strictly": ("(or (<= X_0 0) (< X_0 0))", [()]),
    "one part strictly, and the same": ("(or (< X_0 0) (<= X_0 0))", [()]),
    "two strict parts": ("(or (< X_0 0) (> X_0 0))", [("-x0 > 0",), ("x0 > 0",)]),
    "a part that is empty as it is strict": ("(or (and (<= X_0 0) (> X_0 0)) (> X_0 0))", [("x0 > 0",)]),
}


@pytest.mark.parametrize("name", UNIONS)
def test_unions_of_strict_parts(name: str, tmp_path: Path) -> None:
    formula, texts = UNIONS[name]
    assert [part.strict.texts() for part in parts(tmp_path, f"(assert {formula})", 1)] == texts


# ----------------------------------------------------------------------------------------------- Empty domains

EMPTY = {
    "an interval without a point": "(assert (< X_0 0)) (assert (>= X_0 0))",
    "one point that is excluded": "(assert (= X_0 1)) (assert (= X_1 1)) (assert (!= X_0 X_1))",
    "a line that is excluded": "(assert (> X_0 X_1)) (assert (<= X_0 X_1))",
    "a line that must not be": "(assert (= X_0 X_1)) (assert (!= X_0 X_1))",
    "a face of a box": "(assert (= X_0 1)) (assert (<= 0 X_1 1)) (assert (< X_0 1))",
    "a false constant": "(assert (<= 0 X_0 1)) (assert (< 1 1))",
    "two numbers that are equal": "(assert (<= 0 X_0 1)) (assert (!= 1 1.0))",
    "the edge of a wedge": "(assert (>= X_0 0)) (assert (>= X_1 0)) (assert (<= (+ X_0 X_1) 0)) (assert (> X_0 0))",
}
JUST_NOT_EMPTY = {
    "an open interval": "(assert (< 0 X_0 1))",
    "a line with one strict end": "(assert (= X_0 X_1)) (assert (< X_0 1))",
    "a true constant": "(assert (< 0 1)) (assert (!= 0 1))",
    "an open halfplane that touches": "(assert (> X_0 X_1)) (assert (>= X_0 X_1))",
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_strict_domain_without_a_point_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match=r"the domain is empty|hold at more than single points, found none"):
        parts(tmp_path, EMPTY[name])


@pytest.mark.parametrize("name", [name for name in EMPTY if "wedge" not in name])
def test_that_it_is_empty_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match=r"the domain is empty: no point satisfies its strict inequalities .* 0"):
        parts(tmp_path, EMPTY[name])


@pytest.mark.parametrize("name", JUST_NOT_EMPTY)
def test_one_with_points_is_not(name: str, tmp_path: Path) -> None:
    assert len(parts(tmp_path, JUST_NOT_EMPTY[name])) == 1


# ------------------------------------------------------------------------------------------------- Refutations


def refuted(folder: Path, network: ReLUNetwork, formulas: str, high: str) -> tuple[mpq, ...]:
    claim = OutputBounds((Bound.of(0, None, high),))
    with pytest.raises(RefutedError) as found:
        prove(network, file(folder, formulas, network.inputs), claim=claim)
    point: tuple[mpq, ...] = found.value.point
    excess = network(found.value.point)[0] - mpq(high)
    assert str(found.value).startswith(f"f_0 <= {high} does not hold: it fails by {excess} at (")
    assert excess > 0
    return point


def test_a_refuting_point_lies_in_a_strict_half(tmp_path: Path) -> None:
    (x,) = refuted(tmp_path, IDENTITY, "(assert (>= X_0 0)) (assert (< X_0 0.5))", "1/4")
    assert mpq(1, 4) < x < mpq(1, 2)


@given(
    st.sampled_from(["(assert (< X_0 1)) (assert (< X_1 1))", "(assert (!= X_0 X_1))", "(assert (!= (+ X_0 X_1) 2))"]),
    st.sampled_from(["1", "3/2", "19/10", "199999/100000"]),
)
def test_a_refuting_point_satisfies_every_strict_row(tmp_path_factory: Any, formula: str, high: str) -> None:
    folder = tmp_path_factory.mktemp("strict")
    at = refuted(folder, SUM, BOX + formula, high)
    (part,) = parts(folder, BOX + formula)
    assert part.strict.hold_at(at)
    assert part.polyhedron.contains(at)


def test_a_claim_that_holds_on_the_domain_alone_is_proved(tmp_path: Path) -> None:
    # On the closure it holds too, with equality at the end that is excluded.
    where = file(tmp_path, "(assert (>= X_0 0)) (assert (< X_0 0.5))")
    assert prove(IDENTITY, where, claim=OutputBounds((Bound.of(0, None, "1/2"),))).check()


def test_a_difference_lies_in_the_strict_domain(tmp_path: Path) -> None:
    # They differ at positive numbers alone, and their cells meet at the excluded 1.
    clipped = ReLUNetwork.of([([[1], [1]], [0, -1]), ([[1, 0]], [0])])
    found = difference(clipped, ReLUNetwork.of([([[1]], [0])]), file(tmp_path, "(assert (< X_0 0))"))
    assert found is not None
    assert found.point[0] < 0
    assert found.one != found.other


def test_a_point_on_a_strict_bound_is_not_explained(tmp_path: Path) -> None:
    where = file(tmp_path, "(assert (< X_0 1))")
    assert explain(IDENTITY, [0], where).output == (0,)
    with pytest.raises(OutsideDomainError, match=r"lies outside the domain: 1 - x0 > 0 fails, which is strict"):
        explain(IDENTITY, [1], where)


def test_a_nearest_point_outside_the_strict_domain_says_so(tmp_path: Path) -> None:
    shifted = ReLUNetwork.of([([[1]], [1])])
    found = counterfactual(shifted, [-3], 1)
    assert found is not None
    assert found.in_domain
    inside = counterfactual(shifted, [5], 0, domain=file(tmp_path, "(assert (> X_0 -3))"))
    assert inside is not None
    assert (inside.point, inside.in_domain) == ((-1,), True)
    two = ReLUNetwork.of([([[1, 0]], [0])])
    outside = counterfactual(two, [-1, 0], 1, domain=file(tmp_path, "(assert (!= X_0 0))", 2))
    assert outside is not None
    assert (outside.point, outside.in_domain) == ((0, 0), False)


# ------------------------------------------------------------------------------------------------- Command line


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "n.json").write_text(json.dumps(network_to_json(IDENTITY)))
    return tmp_path


HALF = "(assert (>= X_0 0)) (assert (< X_0 0.5))"
ON_HALF = ("n.json", "--domain", "strict.vnnlib")


def test_what_is_proved_about_the_closure_says_so(folder: Path) -> None:
    file(folder, HALF)
    words = "D is the closure of the domain, in which 1/2 - x0 > 0 is strict"
    result = run("prove", *ON_HALF)
    assert result.exit_code == 0
    assert words in result.stdout
    assert run("report", *ON_HALF).stderr == f"note: {words}\n"
    assert facts_of(run("prove", *ON_HALF, "--claim", "bounds", "--json"))["strict"] == ["1/2 - x0 > 0"]
    assert words in run("regions", *ON_HALF).stdout
    assert words in run("shallow", *ON_HALF, "-o", "s.cert.jsonl").stdout
    file(folder, HALF.replace("<", "<="))
    assert "strict" not in facts_of(run("prove", *ON_HALF, "--json", "-o", "c.cert.jsonl"))


def test_a_refutation_on_the_command_line_lies_inside(folder: Path) -> None:
    file(folder, HALF)
    result = run("prove", *ON_HALF, "--claim", "bounds", "--bound", "0:,1/4")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "f_0 <= 1/4 does not hold: it fails by 1/6 at (5/12)" in result.stderr
    facts = facts_of(run("prove", *ON_HALF, "--claim", "bounds", "--bound", "0:,1/4", "--json"))
    assert (facts["verdict"], facts["at"], facts["output"]) == ("refuted", ["5/12"], ["5/12"])


def test_an_empty_domain_writes_nothing(folder: Path) -> None:
    file(folder, "(assert (> X_0 0)) (assert (<= X_0 0))")
    result = run("prove", *ON_HALF)
    assert (result.exit_code, list(folder.glob("*.gz"))) == (2, [])
    assert "the domain is empty" in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("prove", *ON_HALF),
        ("shallow", *ON_HALF),
        ("regions", *ON_HALF),
        ("equal", "n.json", *ON_HALF),
        ("depth", *ON_HALF),
        ("explain", *ON_HALF, "--at", "1/4"),
        ("counterfactual", *ON_HALF, "--at", "1/4", "--to", "1"),
        ("report", *ON_HALF),
        ("plot", *ON_HALF, "-o", "n.svg"),
    ],
    ids=lambda command: command[0],
)
def test_every_command_refuses_a_property_and_takes_its_inputs_alone(folder: Path, command: tuple[str, ...]) -> None:
    file(folder, HALF + "(assert (>= Y_0 1/8))")
    refused = run(*command)
    assert refused.exit_code == 2
    assert "is a property and no domain" in refused.stderr
    assert "--domain-only" in refused.stderr
    assert run(*command, "--domain-only").exit_code == 0


@pytest.mark.usefixtures("folder")
def test_domain_only_is_for_such_files() -> None:
    for domain in ((), ("--domain", "box:0,1")):
        result = run("prove", "n.json", *domain, "--domain-only")
        assert result.exit_code == 2
        assert "--domain-only is for a VNN-LIB file" in result.stderr
