"""Slices and domains in parts on the command line: what is written, what is printed, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq

from tests.cli.command_line import facts_of, names, network_text, plain, run
from tests.cli.test_commands import CLAIM_KEYS, TIMES
from tests.cli.test_failures import fails_in_one_line
from tests.examples import MAX_OF_THREE, MAX_OF_TWO, RESIDUAL
from verishallow import Certificate, ReLUNetwork, prove
from verishallow.records.spelling import network_sha256
from verishallow.regions.enumeration import enumerate_regions
from verishallow.slices import Slice

THREE = ReLUNetwork.of(MAX_OF_THREE)
SHIFTED = (*MAX_OF_THREE[:-1], ([[0, 0, 1, 1]], ["1/2"], [0, 2]))
"""The maximum of three, and one half."""

FIRST_TWO = (([[1, -1, 0]], [0]), ([[0, 1, 0, 1]], [0], [0, 1]))
"""The maximum of the first two of three: another function just where the third is the largest."""


@pytest.fixture
def maximum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the maximum of three, points, slices and properties."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "max.json").write_text(network_text(MAX_OF_THREE))
    (tmp_path / "two.json").write_text(network_text(MAX_OF_TWO))
    (tmp_path / "shifted.json").write_text(network_text(SHIFTED))
    (tmp_path / "first.json").write_text(network_text(FIRST_TWO))
    np.save(tmp_path / "p.npy", np.array([0, 0.5, 0], np.float32))
    np.save(tmp_path / "q.npy", np.array([[1, 0, 0]]))
    rows = [["0", "1", "0"], ["0", "0", "1"], ["1/4", "-1", "0"]]
    (tmp_path / "slice.json").write_text(json.dumps({"format": "verishallow-slice", "version": 1, "rows": rows}))
    declared = "".join(f"(declare-const X_{i} Real)\n" for i in range(3)) + "(declare-const Y_0 Real)\n"
    for name, formula in PROPERTIES.items():
        (tmp_path / f"{name}.vnnlib").write_text(declared + formula)
    return tmp_path


PROPERTIES = {
    "box": "".join(f"(assert (<= -1 X_{i} 1))" for i in range(3)),
    "union": "(assert (or (and (<= 0 X_0 1) (<= 0 X_1 1) (= X_2 0.5)) (and (<= 2 X_0 3) (<= 0 X_1 1) (<= 0 X_2 1))))",
    "late": "(assert (or (and (<= 0 X_0 X_1 1) (= X_2 -1)) (and (<= 0 X_0 X_1 1) (<= 2 X_2 3))))",
    "empty": "(assert (and (<= X_0 0) (>= X_0 1)))",
    "damaged": "(assert (<= X_0 0)",
}

LINE = ("--line", "-1,0,1/2", "1,0.5,0")
PLANE = ("--plane", "p.npy", "q.npy", "0,0,1")

SLICES: dict[str, tuple[tuple[str, ...], Slice]] = {
    "a line": (LINE, Slice.line([-1, 0, "1/2"], [1, "1/2", 0])),
    "a plane of files": (PLANE, Slice.plane([0, "1/2", 0], [1, 0, 0], [0, 0, 1])),
    "a file": (("--slice", "slice.json"), Slice.of([[0, 1, 0], [0, 0, 1], ["1/4", -1, 0]])),
}

each_slice = pytest.mark.parametrize("name", SLICES)


def write_out(path: str) -> Certificate:
    return Certificate.read(path)


# ------------------------------------------------------------------------------------------------- prove


@pytest.mark.usefixtures("maximum")
@each_slice
def test_prove_on_a_slice_reports_in_json(name: str) -> None:
    options, on_slice = SLICES[name]
    result = run("prove", "max.json", *options, "--json")
    facts = facts_of(result)
    counted = enumerate_regions(on_slice.restricted(THREE), prove(THREE, on_slice=on_slice).domain, "cdd")
    assert result.exit_code == 0
    assert set(facts) == CLAIM_KEYS | TIMES | {"slice_of"}
    assert (facts["verdict"], facts["inputs"], facts["slice_of"]) == ("valid", on_slice.parameters, 3)
    assert facts["activation_regions"] == counted.activation_regions
    assert facts["network_sha256"] == network_sha256(THREE)
    assert f"x in R^3 on a slice, given by its {on_slice.parameters} parameter" in facts["reason"]


@each_slice
def test_the_certificate_names_the_slice(maximum: Path, name: str) -> None:
    options, on_slice = SLICES[name]
    assert run("prove", "max.json", *options).exit_code == 0
    certificate = Certificate.read(maximum / "max.slice.cert.jsonl.gz")
    assert (certificate.slice, certificate.whole_network) == (on_slice, THREE)
    assert certificate.network == on_slice.restricted(THREE)
    unit = [f"{side}x{i}" for i in range(on_slice.parameters) for side in ("", "1 - ")]
    assert [str(form) for form in certificate.domain.inequalities] == unit
    middle = [mpq(1, 3)] * on_slice.parameters
    assert certificate(middle) == THREE(on_slice.affine_map(middle))


@pytest.mark.usefixtures("maximum")
@pytest.mark.parametrize(
    ("construction", "boundary"),
    [("cells", "exact"), ("cells", "ignore"), ("merge", "exact"), ("merge", "ignore"), ("gated", "exact")],
)
@pytest.mark.parametrize("engine", ["lattice", "tree", "cdd"])
def test_every_way_to_prove_works_on_a_slice(construction: str, boundary: str, engine: str) -> None:
    ways = ("--construction", construction, "--boundary", boundary, "--engine", engine)
    facts = facts_of(run("prove", "max.json", *PLANE, *ways, "--json"))
    assert (facts["verdict"], facts["slice_of"], facts["engine"]) == ("valid", 3, engine)
    words = (*([construction] * (construction != "cells")), *([boundary] * (boundary != "exact")))
    assert facts["certificate"] == ".".join(("max", "slice", *words, "cert.jsonl.gz"))
    assert run("check", facts["certificate"], "--network", "max.json").exit_code == 0
    assert run("check", facts["certificate"], "--network", "first.json").exit_code == 1


@pytest.mark.usefixtures("maximum")
def test_processes_write_the_same_bytes_on_a_slice(maximum: Path) -> None:
    assert run("prove", "max.json", *PLANE, "--jobs", "2").exit_code == 0
    with_two = (maximum / "max.slice.cert.jsonl.gz").read_bytes()
    assert run("prove", "max.json", *PLANE).exit_code == 0
    assert (maximum / "max.slice.cert.jsonl.gz").read_bytes() == with_two


@pytest.mark.usefixtures("maximum")
def test_a_box_is_about_the_parameters_and_a_ball_about_the_inputs() -> None:
    facts = facts_of(run("prove", "max.json", *LINE, "--domain", "box:-2,3", "--json"))
    assert [str(form) for form in write_out(facts["certificate"]).domain.inequalities] == ["2 + x0", "3 - x0"]
    # On the line the inputs are -1 + 2t, t/2 and 1/2 - t/2.
    facts = facts_of(run("prove", "max.json", *LINE, "--domain", "ball:linf:0,0,0:1/2", "--json"))
    assert [str(form) for form in write_out(facts["certificate"]).domain.inequalities] == ["3 - 4*x0", "-1 + 4*x0"]
    facts = facts_of(run("prove", "max.json", *LINE, "--domain", "ball:l1:0,0,0:1", "--json"))
    assert {str(form) for form in write_out(facts["certificate"]).domain.inequalities} == {"-1 + 4*x0", "3 - 4*x0"}


@pytest.mark.usefixtures("maximum")
def test_a_ball_around_a_file_is_a_domain_of_the_inputs() -> None:
    facts = facts_of(run("prove", "max.json", "--domain", "ball:linf:p.npy:1/255", "--json"))
    assert (facts["verdict"], facts["inputs"], "slice_of" in facts) == ("valid", 3, False)


@pytest.mark.usefixtures("maximum")
def test_an_archive_of_inequalities_is_a_domain(maximum: Path) -> None:
    np.savez(maximum / "d.npz", A=np.vstack([np.eye(3), -np.eye(3)]), b=np.ones(6))
    facts = facts_of(run("regions", "max.json", "--domain", "d.npz", "--json"))
    assert (facts["activation_regions"], facts["inputs"]) == (4, 3)


# --------------------------------------------------------------------------------------------- In parts


def test_a_union_gives_one_certificate_a_part(maximum: Path) -> None:
    before = names(maximum)
    result = run("prove", "max.json", "--domain", "union.vnnlib", "--json")
    facts = facts_of(result)
    written = ["max.part-1.cert.jsonl.gz", "max.part-2.cert.jsonl.gz"]
    assert result.exit_code == 0
    assert set(names(maximum)) - set(before) == set(written)
    assert set(facts) == {"verdict", "parts"}
    assert (facts["verdict"], [part["certificate"] for part in facts["parts"]]) == ("valid", written)
    flat, whole = facts["parts"]
    assert set(flat) == CLAIM_KEYS | TIMES | {"slice_of"}
    assert set(whole) == CLAIM_KEYS | TIMES
    assert (flat["inputs"], flat["slice_of"], whole["inputs"]) == (2, 3, 3)
    certificate = Certificate.read(written[0])
    assert certificate.slice == Slice.of([[0, 1, 0], [0, 0, 1], ["1/2", 0, 0]])
    for path in written:
        assert run("check", path, "--network", "max.json").exit_code == 0


def test_the_parts_have_the_name_that_is_given(maximum: Path) -> None:
    (maximum / "net.v2.json").write_text(network_text(MAX_OF_THREE))
    assert run("prove", "net.v2.json", "--domain", "union.vnnlib").exit_code == 0
    assert run("prove", "max.json", "--domain", "union.vnnlib", "-o", "proof.gz").exit_code == 0
    assert run("prove", "max.json", "--domain", "union.vnnlib", "-o", "proof").exit_code == 0
    found = {name for name in names(maximum) if "part" in name}
    ends = [*(f"net.v2.part-{i}.cert.jsonl.gz" for i in (1, 2)), *(f"proof.part-{i}.gz" for i in (1, 2))]
    assert found == {*ends, "proof.part-1", "proof.part-2"}


@pytest.mark.usefixtures("maximum")
def test_the_parts_are_printed_one_below_the_other() -> None:
    lines = run("prove", "max.json", "--domain", "union.vnnlib").stdout.splitlines()
    assert [line.startswith("valid: ") for line in lines].count(True) == 2
    assert [line.split()[-1] for line in lines if line.startswith("  certificate ")] == [
        "max.part-1.cert.jsonl.gz",
        "max.part-2.cert.jsonl.gz",
    ]


def test_a_file_of_one_part_gives_one_certificate(maximum: Path) -> None:
    facts = facts_of(run("prove", "max.json", "--domain", "box.vnnlib", "--json"))
    assert (facts["certificate"], facts["activation_regions"]) == ("max.cert.jsonl.gz", 4)
    assert Certificate.read(maximum / "max.cert.jsonl.gz").slice is None


@pytest.mark.usefixtures("maximum")
def test_the_worst_part_decides() -> None:
    facts = facts_of(run("prove", "max.json", "--domain", "union.vnnlib", "--no-check", "--json"))
    assert (facts["verdict"], [part["verdict"] for part in facts["parts"]]) == ("unchecked", ["unchecked"] * 2)


# --------------------------------------------------------------------- The other claims and commands


@pytest.mark.usefixtures("maximum")
def test_regions_are_counted_on_a_slice_and_in_parts() -> None:
    facts = facts_of(run("regions", "max.json", *PLANE, "--json"))
    assert (facts["inputs"], facts["slice_of"], facts["activation_regions"]) == (2, 3, 4)
    facts = facts_of(run("regions", "max.json", "--domain", "union.vnnlib", "--json"))
    assert [part["inputs"] for part in facts["parts"]] == [2, 3]
    assert plain(run("regions", "max.json", *PLANE))["slice of"] == "3"


@pytest.mark.usefixtures("maximum")
def test_a_count_is_proved_on_a_slice() -> None:
    facts = facts_of(run("prove", "max.json", *PLANE, "--claim", "regions", "--json"))
    assert (facts["verdict"], facts["slice_of"], facts["activation_regions"]) == ("valid", 3, 4)
    assert "D has exactly 4 activation regions of f" in facts["reason"]


@pytest.mark.usefixtures("maximum")
def test_bounds_are_proved_on_a_slice_and_refuted_at_an_input() -> None:
    # On the line the maximum of -1 + 2t, t/2 and 1/2 - t/2 falls from 1/2 to 1/4, and rises to 1.
    facts = facts_of(run("prove", "max.json", *LINE, "--claim", "bounds", "--json"))
    assert facts["bounds"] == [{"output": 0, "low": "1/4", "high": "1"}]
    result = run("prove", "max.json", *LINE, "--claim", "bounds", "--bound", "0:,3/4")
    assert (result.exit_code, result.stdout) == (1, "")
    expected = "f_0 <= 3/4 does not hold: it fails by 1/4 at (1), in the parameters of the slice, "
    assert result.stderr == f"verishallow: {expected}which is the input (1, 1/2, 0)\n"


@pytest.mark.usefixtures("maximum")
def test_networks_are_compared_on_a_slice() -> None:
    # The third is never the largest on the line from (1, 0, 0) to (0, 1, 0).
    facts = facts_of(run("equal", "max.json", "first.json", "--line", "1,0,0", "0,1,0", "--json"))
    assert (facts["verdict"], facts["slice_of"], facts["inputs"]) == ("valid", 3, 1)
    assert facts["certificate"] == "max.slice.equal.first.cert.jsonl.gz"
    result = run("equal", "max.json", "shifted.json", *LINE, "--json")
    found = facts_of(result)
    assert (result.exit_code, found["verdict"], len(found["at"])) == (1, "different", 3)
    assert mpq(found["other"][0]) - mpq(found["one"][0]) == mpq(1, 2)
    assert [mpq(a) for a in found["one"]] == list(THREE(found["at"]))


@pytest.mark.usefixtures("maximum")
def test_networks_that_differ_in_one_part_of_a_union_differ_at_an_input() -> None:
    result = run("equal", "max.json", "first.json", "--domain", "late.vnnlib", "--json")
    found = facts_of(result)
    assert (result.exit_code, len(found["at"]), mpq(found["at"][2]) >= 2) == (1, 3, True)
    assert found["one"] != found["other"]
    assert [str(a) for a in ReLUNetwork.of(FIRST_TWO)(found["at"])] == found["other"]


@pytest.mark.usefixtures("maximum")
def test_check_info_and_eval_know_the_slice() -> None:
    assert run("prove", "max.json", *LINE).exit_code == 0
    for command in ("check", "info"):
        facts = facts_of(run(command, "max.slice.cert.jsonl.gz", "--json"))
        assert (facts["verdict"], facts["inputs"], facts["slice_of"]) == ("valid", 1, 3)
        assert plain(run(command, "max.slice.cert.jsonl.gz"))["slice of"] == "3"
    found = json.loads(run("eval", "max.slice.cert.jsonl.gz", "--at", "1/2", "--json").stdout)
    assert found["output"] == [str(y) for y in THREE([0, "1/4", "1/4"])]
    result = run("eval", "max.slice.cert.jsonl.gz", "--at", "2")
    assert (result.exit_code, "outside the domain" in result.stderr) == (2, True)


@pytest.mark.usefixtures("maximum")
def test_a_slice_is_read_symbolically_too() -> None:
    assert run("prove", "max.json", *PLANE).exit_code == 0
    facts = facts_of(run("check", "max.slice.cert.jsonl.gz", "--symbolic", "--json"))
    assert facts["symbolic"].startswith("on each of 4 regions both networks are the same polynomial map")


@pytest.mark.usefixtures("maximum")
def test_a_residual_network_on_a_line(maximum: Path) -> None:
    (maximum / "net.json").write_text(network_text(RESIDUAL))
    facts = facts_of(run("prove", "net.json", "--line", "-2,-2", "2,2", "--json"))
    assert (facts["verdict"], facts["activation_regions"]) == ("valid", 4)


def test_a_point_in_a_file_is_evaluated(maximum: Path) -> None:
    np.save(maximum / "q.npy", np.array([0.5, -2, 3]))
    assert facts_of(run("eval", "max.json", "--at", "q.npy", "--json"))["at"] == ["1/2", "-2", "3"]


def test_slices_are_recommended_for_very_many_inputs(maximum: Path) -> None:
    (maximum / "wide.json").write_text(network_text((([[1] * 60], [0]), ([[1]], [0]))))
    ends = ",".join(["0"] * 60), ",".join(["1"] * 60)
    assert run("regions", "wide.json", "--line", *ends).stderr == ""
    warned = run("regions", "wide.json", "--domain", "box:1,2")
    assert (warned.exit_code, warned.stderr.startswith("warning: in 60 inputs each linear")) == (0, True)


# ------------------------------------------------------------------------------------------------ Refused

REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "two slices": ((*LINE, "--slice", "slice.json"), "expected one of --line, --plane and --slice, found several"),
    "a line of one point": (("--line", "1,2,3", "1,2,3"), "slice: expected points that span it, found P = Q"),
    "a plane of a line": (("--plane", "0,0,0", "1,1,1", "-2,-2,-2"), "points that span it, found three on a line"),
    "a point of another dimension": (("--line", "0,0", "1,1"), "point '0,0': expected 3 coordinates, found 2"),
    "a file of another dimension": (("--line", "0,0,0", "r.npy"), "r.npy: expected 3 coordinates, found 2"),
    "a point that is not there": (("--line", "0,0,0", "absent.npy"), "absent.npy: cannot be read: No such file"),
    "a slice that is not there": (("--slice", "absent.json"), "absent.json: cannot be read: No such file"),
    "a slice that is a network": (("--slice", "max.json"), "max.json: slice: unknown key 'inputs'"),
    "a slice of another network": (("--slice", "other.json"), "a row for each of the 3 inputs of the network, found 2"),
    "a box of the inputs": ((*LINE, "--domain", "box:[0,1]x[0,1]x[0,1]"), "expected 1 intervals, one per input"),
    "a ball that the slice misses": (
        (*LINE, "--domain", "ball:linf:9,9,9:1"),
        "inside the ball: the polyhedron is empty",
    ),
    "a ball of nothing": (("--domain", "ball:linf:0,0,0:0"), "domain: ball: expected a radius above 0, found '0'"),
    "a property of another network": (("--domain", "two.vnnlib"), "two.vnnlib: expected 3 inputs, as the network has"),
    "an empty property": (("--domain", "empty.vnnlib"), "hold at more than single points, found none"),
    "a damaged property": (("--domain", "damaged.vnnlib"), "damaged.vnnlib: found an opening parenthesis without"),
    "an output that is the slice": (("--slice", "slice.json", "-o", "slice.json"), "slice.json: is read by this"),
    "an output that is a point": ((*PLANE, "-o", "p.npy"), "p.npy: is read by this command"),
    "a part that is the network": (
        ("--domain", "union.vnnlib", "-o", "max.json"),
        "max.part-2.json: is read by this command",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_proved_is_refused_in_one_line(maximum: Path, name: str) -> None:
    options, fragment = REFUSED[name]
    np.save(maximum / "r.npy", np.zeros(2))
    slice_of_two = {"format": "verishallow-slice", "version": 1, "rows": [["0", "1"], ["1", "0"]]}
    (maximum / "other.json").write_text(json.dumps(slice_of_two))
    (maximum / "two.vnnlib").write_text("(declare-const X_0 Real) (declare-const X_1 Real) (assert (<= X_0 X_1))")
    network = "max.json"
    if "part" in name and "network" in name:
        network = "max.part-2.json"
        (maximum / network).write_text(network_text(MAX_OF_THREE))
    fails_in_one_line(maximum, fragment, "prove", network, *options)


@pytest.mark.parametrize("command", ["regions", "equal"])
def test_the_other_commands_refuse_the_same(maximum: Path, command: str) -> None:
    networks = ("max.json",) if command == "regions" else ("max.json", "first.json")
    fails_in_one_line(maximum, "found P = Q", command, *networks, "--line", "1,2,3", "1,2,3")
    fails_in_one_line(maximum, "found none", command, *networks, "--domain", "empty.vnnlib")


@pytest.mark.usefixtures("maximum")
@pytest.mark.parametrize("options", [("--line", "0,0,0"), ("--plane", "0,0,0", "1,0,0"), ("--slice",)])
def test_too_few_points_are_wrong_usage(options: tuple[str, ...]) -> None:
    result = run("prove", "max.json", *options)
    assert result.exit_code == 2
    assert "Traceback" not in result.stdout + result.stderr


def test_a_part_that_stops_leaves_no_file_of_its_own(maximum: Path) -> None:
    before = set(names(maximum))
    result = run("prove", "max.json", "--domain", "union.vnnlib", "--max-regions", "1")
    assert (result.exit_code, result.stdout) == (3, "")
    assert set(names(maximum)) == before


Spoil = Callable[[dict[str, Any]], None]


def another_row(header: dict[str, Any]) -> None:
    header["slice"][0][0] = "5"


def no_slice(header: dict[str, Any]) -> None:
    del header["slice"]


@pytest.mark.parametrize("spoil", [another_row, no_slice])
def test_a_certificate_for_another_slice_is_invalid(maximum: Path, spoil: Spoil) -> None:
    certificate = prove(THREE, on_slice=SLICES["a line"][1])
    header = json.loads(certificate.lines[0])
    spoil(header)
    spelled = json.dumps(header, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    Certificate((spelled, *certificate.lines[1:])).save(maximum / "cert")
    result = run("check", "cert")
    assert (result.exit_code, result.stdout.startswith("invalid: ")) == (1, True)
