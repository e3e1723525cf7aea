"""``verify``, ``robust`` and ``within``: what they print, write, refuse and resume."""

import gzip
import json
from pathlib import Path

import pytest
from gmpy2 import mpq

from tests.cli.command_line import facts_of, names, network_text, plain, run
from tests.examples import Layers
from verishallow import Certificate
from verishallow.read.properties.vnnlib import property_of_vnnlib

DECLARED = "(declare-const X_0 Real) (declare-const Y_0 Real)\n"
BOX = "(assert (>= X_0 -1)) (assert (<= X_0 2))\n"
NEVER = DECLARED + BOX + "(assert (> Y_0 2))\n"
MET = DECLARED + BOX + "(assert (>= Y_0 2))\n"
OPEN = DECLARED + "(assert (>= X_0 -1)) (assert (< X_0 2)) (assert (>= Y_0 2))\n"
NOWHERE = DECLARED + "(assert (>= X_0 1)) (assert (<= X_0 0)) (assert (>= Y_0 2))\n"
INPUTS_ALONE = DECLARED + BOX
PRODUCT = DECLARED + BOX + "(assert (> (* X_0 Y_0) 2))\n"
TWO_INPUTS = "(declare-const X_0 Real) (declare-const X_1 Real) (declare-const Y_0 Real) (assert (> Y_0 2))"

SAW: Layers = (
    ([[1], [1]], [0, "-1/2"]),
    ([[2, -4], [2, -4]], [0, "-1/2"]),
    ([[2, -4], [2, -4]], [0, "-1/2"]),
    ([[2, -4]], [0]),
)
BELOW = DECLARED + "(assert (>= X_0 0)) (assert (<= X_0 1)) (assert (> Y_0 1))\n"
CLASSES: Layers = (([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]))


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    """Properties of the absolute value 'net.json'; a sawtooth, and a network of two classes."""
    texts = {"never": NEVER, "met": MET, "open": OPEN, "nowhere": NOWHERE, "inputs": INPUTS_ALONE, "product": PRODUCT}
    for name, text in (texts | {"two": TWO_INPUTS, "below": BELOW}).items():
        (folder / f"{name}.vnnlib").write_text(text)
    (folder / "saw.json").write_text(network_text(SAW))
    (folder / "classes.json").write_text(network_text(CLASSES))
    (folder / "leaky.json").write_text(network_text((([[1], [-1]], [0, 0]), ([[1, "99/100"]], [0]))))


# ---------------------------------------------------------------------------------------------- verify


def test_a_property_that_holds_is_written_and_checked(folder: Path) -> None:
    result = run("verify", "net.json", "never.vnnlib")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("holds: no x in D with y_0 > 2\n")
    assert plain(result)["certificate"] == "net.property.never.cert.jsonl.gz"
    assert Certificate.read(folder / "net.property.never.cert.jsonl.gz").check().kind == "valid"
    assert run("check", "net.property.never.cert.jsonl.gz", "--network", "net.json").exit_code == 0


def test_a_violated_property_names_the_exact_point(folder: Path) -> None:
    result = run("verify", "net.json", "met.vnnlib", "--json")
    facts = facts_of(result)
    assert (result.exit_code, facts["verdict"], facts["point"], facts["outputs"]) == (1, "violated", ["2"], ["2"])
    assert facts["float32"] == {"point": ["2"], "outputs": ["2"], "inside": True, "conjunction": 0}
    assert facts["certificate"] == "net.counterexample.met.cert.jsonl.gz"
    assert Certificate.read(folder / facts["certificate"]).claim == "counterexample"


def test_verify_never_exits_0_on_a_counterexample_and_check_says_what_is_proved() -> None:
    run("verify", "net.json", "met.vnnlib")
    result = run("check", "net.counterexample.met.cert.jsonl.gz")
    assert result.exit_code == 0
    assert "x in D with y_0 >= 2: (2)" in result.stdout
    assert run("check", "net.counterexample.met.cert.jsonl.gz", "--claim", "property").exit_code == 1


VERDICTS = {
    "never.vnnlib": ("holds", 0),
    "met.vnnlib": ("violated", 1),
    "open.vnnlib": ("holds", 0),
    "nowhere.vnnlib": ("holds", 0),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_json_has_the_same_members_for_every_verdict(name: str) -> None:
    result = run("verify", "net.json", name, "--json")
    verdict, code = VERDICTS[name]
    facts = facts_of(result)
    assert (facts["verdict"], result.exit_code) == (verdict, code)
    assert {"point", "outputs", "certificate", "nodes", "leaves", "find_seconds", "check_seconds"} <= set(facts)


def test_an_empty_domain_is_said_to_be_one() -> None:
    result = run("verify", "net.json", "nowhere.vnnlib")
    assert result.exit_code == 0
    assert result.stdout.startswith("holds: the domain is empty, and every property holds on it")


def test_a_gzipped_property_is_read(folder: Path) -> None:
    (folder / "packed.vnnlib.gz").write_bytes(gzip.compress(NEVER.encode()))
    assert run("verify", "net.json", "packed.vnnlib.gz").exit_code == 0


def test_a_domain_is_intersected_with_the_file_s() -> None:
    assert run("verify", "net.json", "met.vnnlib", "--domain", "box:-1,1").exit_code == 0


def test_what_is_unknown_is_resumed(folder: Path) -> None:
    first = run("verify", "saw.json", "below.vnnlib", "--max-nodes", "3")
    assert (first.exit_code, first.stdout[:8]) == (3, "unknown:")
    kept = "saw.property.below.cert.jsonl.gz"
    assert run("check", kept).exit_code == 3
    assert plain(first)["to go on"] == f"the same command with --resume {kept}"
    assert run("verify", "saw.json", "below.vnnlib", "--resume", kept).exit_code == 0
    assert Certificate.read(folder / kept).check().kind == "valid"


def test_what_is_unknown_for_want_of_a_bounded_domain_says_so(folder: Path) -> None:
    (folder / "far.vnnlib").write_text(DECLARED + "(assert (<= Y_0 -1))\n")
    result = run("verify", "net.json", "far.vnnlib", "--max-nodes", "0")
    assert result.exit_code == 3
    assert "the domain is not bounded in x_0" in result.stdout
    assert run("verify", "net.json", "far.vnnlib").exit_code == 0


def test_resuming_from_another_property_is_refused() -> None:
    run("verify", "net.json", "never.vnnlib")
    result = run("verify", "net.json", "met.vnnlib", "--resume", "net.property.never.cert.jsonl.gz")
    assert result.exit_code == 2
    assert "resume" in result.stderr


REFUSED = {
    "a property about inputs alone": (("net.json", "inputs.vnnlib"), "this is a domain, not a property"),
    "a product of variables": (("net.json", "product.vnnlib"), "product.vnnlib: statement 5"),
    "another number of inputs": (("net.json", "two.vnnlib"), "expected 1 inputs, as the network has, found 2"),
    "no property": (("net.json",), "expected NETWORK and PROPERTY.vnnlib"),
    "a file that is not there": (("net.json", "absent.vnnlib"), "absent.vnnlib"),
    "a network as a property": (("net.json", "net.json"), "net.json"),
    "instances without a folder": (("--instances", "i.csv"), "--folder OUT"),
    "no jobs": (("net.json", "never.vnnlib", "--jobs", "0"), "--jobs"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_one_line_and_nothing_is_written(name: str, folder: Path) -> None:
    arguments, said = REFUSED[name]
    before = names(folder)
    result = run("verify", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert names(folder) == before


def test_a_default_name_is_never_taken_from_another_statement(folder: Path) -> None:
    run("verify", "net.json", "never.vnnlib")
    (folder / "never.vnnlib").write_text(NEVER.replace("> Y_0 2", "> Y_0 3"))
    result = run("verify", "net.json", "never.vnnlib")
    assert result.exit_code == 0
    assert len([name for name in names(folder) if name.startswith("net.property.never")]) == 2
    assert "--force replaces it" in result.stdout


def test_prove_points_to_verify() -> None:
    result = run("prove", "net.json", "--domain", "met.vnnlib")
    assert result.exit_code == 2
    assert "verishallow verify NETWORK FILE" in result.stderr


COMPETITION = {"never.vnnlib": "unsat\n", "met.vnnlib": "sat\n((X_0 2)\n (Y_0 2))\n"}


@pytest.mark.parametrize("name", COMPETITION)
def test_the_competition_s_answer(name: str, folder: Path) -> None:
    run("verify", "net.json", name, "--vnncomp", "answer.txt")
    assert (folder / "answer.txt").read_text() == COMPETITION[name]


def test_the_competition_calls_a_search_without_time_a_timeout(folder: Path) -> None:
    run("verify", "saw.json", "below.vnnlib", "--vnncomp", "answer.txt", "--timeout", "0")
    assert (folder / "answer.txt").read_text() == "timeout\n"


def test_instances_are_decided_in_one_table_and_not_twice(folder: Path) -> None:
    (folder / "i.csv").write_text("# network,property,seconds\nnet.json,never.vnnlib,60\nnet.json,met.vnnlib,60\n")
    first = run("verify", "--instances", "i.csv", "--folder", "out")
    assert (first.exit_code, first.stderr) == (1, "")
    assert first.stdout.endswith("1 holds, 1 violated; 2 in all\n")
    stored = (folder / "out" / "results.csv").read_bytes()
    (folder / "net.json").unlink()
    again = run("verify", "--instances", "i.csv", "--folder", "out", "--json")
    assert (folder / "out" / "results.csv").read_bytes() == stored
    assert [row["verdict"] for row in json.loads(again.stdout)["instances"]] == ["holds", "violated"]


def test_an_instance_that_cannot_be_read_is_an_error_in_its_row(folder: Path) -> None:
    (folder / "i.csv").write_text("net.json,absent.vnnlib,1\nnet.json,never.vnnlib,60\n")
    result = run("verify", "--instances", "i.csv", "--folder", "out")
    assert result.exit_code == 2
    assert "error: absent.vnnlib" in result.stdout
    assert "1 holds" in result.stdout


def test_bounds_by_relaxation() -> None:
    claim = ("prove", "net.json", "--domain", "box:-1,2", "--claim", "bounds", "--engine", "relax")
    assert run(*claim, "--bound", "0:0,2").stdout.startswith("holds: no x in D with y_0 < 0, or y_0 > 2\n")
    assert run(*claim, "--bound", "0:0,1").exit_code == 1
    assert run(*claim).exit_code == 2
    assert run("prove", "net.json", "--engine", "relax").exit_code == 2


# ------------------------------------------------------------------------------------- robust and within


def test_one_class_wins_on_a_ball_or_there_is_an_exact_point() -> None:
    assert facts_of(run("robust", "classes.json", "--at", "1", "--radius", "1/2", "--json"))["radius"] == "1/2"
    result = run("robust", "classes.json", "--at", "1", "--radius", "1", "--json")
    assert (result.exit_code, facts_of(result)["point"]) == (1, ["0"])


@pytest.mark.parametrize("norm", ["linf", "l1"])
def test_the_largest_radius_lies_within_its_gap(norm: str) -> None:
    facts = facts_of(run("robust", "classes.json", "--at", "3/2", "--largest", "--norm", norm, "--json"))
    radius, beyond, gap = (mpq(facts[name]) for name in ("radius", "violated_at", "gap"))
    assert radius < mpq(3, 2) == beyond
    assert gap == beyond - radius <= mpq(1, 1000)


ROBUST_REFUSED = {
    "a tie at the point": (("--at", "0", "--radius", "1"), "tie at the point"),
    "no radius": (("--at", "1"), "expected --radius R, or --largest"),
    "a negative radius": (("--at", "1", "--radius", "-1"), "radius: expected 0 or more"),
    "an unknown norm": (("--at", "1", "--radius", "1", "--norm", "l2"), "norm: expected linf or l1"),
    "a class that is not there": (("--at", "1", "--radius", "1", "--class", "2"), "class"),
    "another number of coordinates": (("--at", "1,2", "--radius", "1"), "expected 1 coordinates"),
}


@pytest.mark.parametrize("name", ROBUST_REFUSED)
def test_what_robust_refuses(name: str, folder: Path) -> None:
    arguments, said = ROBUST_REFUSED[name]
    before, result = names(folder), run("robust", "classes.json", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert names(folder) == before


def test_two_networks_within_a_distance_and_the_largest() -> None:
    on = ("net.json", "leaky.json", "--domain", "box:-1,2")
    assert run("within", *on, "--eps", "1/100").exit_code == 0
    violated = run("within", *on, "--eps", "1/200", "--json")
    assert violated.exit_code == 1
    assert mpq(facts_of(violated)["point"][0]) < 0
    facts = facts_of(run("within", *on, "--largest-difference", "--json"))
    assert (facts["exact"], facts["eps"], facts["met"]) == (True, "1/100", "1/100")


def test_within_needs_one_question() -> None:
    for options in ((), ("--eps", "1", "--largest-difference")):
        result = run("within", "net.json", "leaky.json", *options)
        assert result.exit_code == 2
        assert "either --eps E or --largest-difference" in result.stderr


def test_the_certificate_of_a_file_states_the_file_s_property(folder: Path) -> None:
    run("verify", "net.json", "open.vnnlib")
    header, asked = Certificate.read(folder / "net.property.open.cert.jsonl.gz").header, property_of_vnnlib(OPEN)
    assert len(header["strict"]) == len(asked.domain.strict) == 1
    assert header["unsafe"] == [{"rows": [["-2", "0", "1"]], "strict": []}]


def test_a_certificate_is_compared_with_a_property_s_file() -> None:
    run("verify", "net.json", "never.vnnlib")
    kept = "net.property.never.cert.jsonl.gz"
    assert run("check", kept, "--property", "never.vnnlib").exit_code == 0
    for other, said in (("met.vnnlib", "about another property"), ("open.vnnlib", "about another domain")):
        result = run("check", kept, "--property", other)
        assert result.exit_code == 1
        assert said in result.stdout
    run("verify", "net.json", "met.vnnlib")
    found = "net.counterexample.met.cert.jsonl.gz"
    assert run("check", found, "--property", "met.vnnlib").exit_code == 1
    assert run("check", found, "--property", "met.vnnlib", "--claim", "counterexample").exit_code == 0
    assert run("check", found, "--property", "absent.vnnlib").exit_code == 2


def test_given_bounds_in_many_inputs_are_proved_without_regions(folder: Path) -> None:
    wide: Layers = (([[1] * 60, [-1] * 60], [0, 0]), ([[1, 1]], [0]))
    (folder / "wide.json").write_text(network_text(wide))
    result = run("prove", "wide.json", "--domain", "box:-1,1", "--claim", "bounds", "--bound", "0:0,60")
    assert result.exit_code == 0
    assert result.stdout.startswith("holds: no x in D with y_0 < 0, or y_0 > 60\n")


def test_what_float32_does_at_a_counterexample_is_said_by_every_command() -> None:
    robust = facts_of(run("robust", "classes.json", "--at", "1", "--radius", "1", "--json"))
    within = facts_of(run("within", "net.json", "leaky.json", "--domain", "box:-1,2", "--eps", "1/200", "--json"))
    assert robust["float32"] == {"point": ["0"], "outputs": ["0", "0"], "inside": True, "conjunction": 0}
    assert (within["float32"]["inside"], len(within["float32"]["outputs"])) == (True, 2)
