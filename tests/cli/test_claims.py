"""``prove --claim``, ``--bound``, ``--other`` and ``equal``: what they print, write and refuse."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import facts_of, names, network_text, plain, run
from tests.examples import ABSOLUTE_VALUE, MAX_OF_TWO, Layers
from verishallow import Certificate, ReLUNetwork
from verishallow.checker import check, expected_network
from verishallow.rationals import parse_rational
from verishallow.records.spelling import network_sha256

RESCALED: Layers = (([["-1/2"], [3]], [0, 0]), ([[2, "1/3"]], [0]))
"""The absolute value once more, with its neurons exchanged and scaled."""

BENT: Layers = (([[1], [-1]], [0, 0]), ([[1, 2]], [0]))
MAX_EXCHANGED: Layers = (([[-1, 1]], [0]), ([[1, 0, 1]], [0], [0, 1]))


@pytest.fixture(autouse=True)
def networks(folder: Path) -> None:
    """More networks in the folder; 'net.json' is the absolute value, 'other.json' has two inputs and outputs."""
    for name, layers in (("same", RESCALED), ("bent", BENT), ("max", MAX_OF_TWO), ("max2", MAX_EXCHANGED)):
        (folder / f"{name}.json").write_text(network_text(layers))


def said(*arguments: str, code: int) -> str:
    """The one line of a command that fails."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.count("\n") == 1
    return result.stderr


# --------------------------------------------------------------------------------------------- Regions


def test_a_count_is_proved_and_written(folder: Path) -> None:
    result = run("prove", "net.json", "--claim", "regions")
    assert result.exit_code == 0
    assert result.stdout.startswith("valid: D has exactly 2 activation regions of f; D = R^1, 1 output, network sha256")
    assert plain(result)["claim"] == "regions"
    assert (
        check(folder / "net.regions.cert.jsonl.gz", network=expected_network("net.json"), claim="regions").kind
        == "valid"
    )


def test_a_count_has_no_units() -> None:
    facts = facts_of(run("prove", "net.json", "--claim", "regions", "--json"))
    assert (facts["verdict"], facts["claim"], facts["activation_regions"], facts["leaves"]) == (
        "valid",
        "regions",
        2,
        2,
    )
    assert all(facts[name] is None for name in ("boundary", "construction", "faces", "units", "affine_pieces"))
    assert facts["certificate"] == "net.regions.cert.jsonl.gz"
    assert facts_of(run("check", "net.regions.cert.jsonl.gz", "--json"))["claim"] == "regions"


# ---------------------------------------------------------------------------------------------- Bounds


@pytest.mark.parametrize(
    ("bounds", "entries", "stated"),
    [
        (["0:0,2"], [{"low": "0", "high": "2", "output": 0}], "0 <= f_0(x) <= 2 for all x in D"),
        (["0:,5/2"], [{"high": "5/2", "output": 0}], "f_0(x) <= 5/2 for all x in D"),
        (["0:-0.25,"], [{"low": "-1/4", "output": 0}], "-1/4 <= f_0(x) for all x in D"),
        ([], [{"low": "0", "high": "2", "output": 0}], "0 <= f_0(x) <= 2 for all x in D"),
    ],
)
def test_bounds_are_proved(folder: Path, bounds: list[str], entries: list[Any], stated: str) -> None:
    options = [part for bound in bounds for part in ("--bound", bound)]
    result = run("prove", "net.json", "--claim", "bounds", *options, "--domain", "box:-1,2", "-o", "proof")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"valid: {stated}; D = ")
    certificate = Certificate.read(folder / "proof")
    assert (certificate.claim, certificate.header["bounds"]) == ("bounds", entries)
    assert plain(result)["bounds"] == stated.removesuffix(" for all x in D")


def test_bounds_of_several_outputs_may_be_named_in_any_order() -> None:
    box = ("--domain", "box:-1,1", "--bound", "1:1,3", "--bound", "0:,1")
    facts = facts_of(run("prove", "other.json", "--claim", "bounds", *box, "--json"))
    assert [entry["output"] for entry in facts["bounds"]] == [0, 1]
    assert facts["reason"].startswith("f_0(x) <= 1, 1 <= f_1(x) <= 3 for all x in D")


def test_without_bounds_the_exact_range_of_each_output_is_proved() -> None:
    facts = facts_of(run("prove", "other.json", "--claim", "bounds", "--json"))
    assert facts["bounds"] == [{"low": "0", "output": 0}, {"low": "1", "output": 1}]


def test_a_bound_that_fails_is_refuted_and_nothing_is_written(folder: Path) -> None:
    before = names(folder)
    line = said("prove", "net.json", "--claim", "bounds", "--bound", "0:0,3/2", "--domain", "box:-1,2", code=1)
    assert line == "verishallow: 0 <= f_0 <= 3/2 does not hold: it fails by 1/2 at (2)\n"
    assert "fails by" in said("prove", "net.json", "--claim", "bounds", "--bound", "0:,10", code=1)
    assert names(folder) == before


def test_a_bound_that_fails_is_refuted_in_json(folder: Path) -> None:
    before, options = names(folder), ("--claim", "bounds", "--bound", "0:0,3/2", "--domain", "box:-1,2", "--json")
    result = run("prove", "net.json", *options)
    reason = "0 <= f_0 <= 3/2 does not hold: it fails by 1/2 at (2)"
    assert result.exit_code == 1
    assert facts_of(result) == {"verdict": "refuted", "reason": reason, "at": ["2"], "output": ["2"]}
    assert names(folder) == before


def test_a_bound_that_fails_on_a_slice_is_refuted_at_an_input_in_json() -> None:
    options = ("--claim", "bounds", "--bound", "0:,3/2", "--line", "0,0", "2,1", "--json")
    result = run("prove", "max.json", *options)
    refuted = facts_of(result)
    assert (result.exit_code, refuted["verdict"], refuted["at"], refuted["output"]) == (
        1,
        "refuted",
        ["2", "1"],
        ["2"],
    )


def test_a_difference_is_refuted_in_json_as_equal_does_it() -> None:
    proved = run("prove", "net.json", "--claim", "equal", "--other", "bent.json", "--json")
    assert proved.exit_code == 1
    assert facts_of(proved) == facts_of(run("equal", "net.json", "bent.json", "--json"))


@pytest.mark.parametrize(
    ("bound", "fragment"),
    [
        ("0", "expected OUTPUT:LOW,HIGH such as 0:-3/2,5"),
        ("0:1", "expected OUTPUT:LOW,HIGH"),
        (":1,2", "expected OUTPUT:LOW,HIGH"),
        ("-1:0,1", "expected OUTPUT:LOW,HIGH"),
        ("y:0,1", "expected OUTPUT:LOW,HIGH"),
        ("\u0661:0,1", "expected OUTPUT:LOW,HIGH"),
        ("9" * 5000 + ":0,1", "expected OUTPUT:LOW,HIGH"),
        ("1:0,1", "expected an output from 0 to 0, found 1"),
        ("0:,", "expected a low or a high bound, found neither"),
        ("0:a,1", "expected a rational"),
        ("0:0,1,2", "expected a rational"),
        ("0:inf,", "expected a rational"),
    ],
)
def test_bounds_that_cannot_be_read_are_refused(bound: str, fragment: str) -> None:
    assert fragment in said("prove", "net.json", "--claim", "bounds", "--bound", bound, code=2)


def test_two_bounds_of_one_output_are_refused() -> None:
    options = ("--bound", "0:0,", "--bound", "0:,9")
    assert "expected increasing outputs" in said("prove", "net.json", "--claim", "bounds", *options, code=2)


def test_a_range_without_bounds_is_refused(folder: Path) -> None:
    (folder / "line.json").write_text(network_text((([[1]], [0]),)))
    assert "no output is bounded on any side" in said("prove", "line.json", "--claim", "bounds", code=2)


# ----------------------------------------------------------------------------------------------- Equal


@pytest.mark.parametrize(
    "command", [("equal", "net.json", "same.json"), ("prove", "net.json", "--claim", "equal", "--other", "same.json")]
)
def test_equal_networks_are_proved_equal(folder: Path, command: tuple[str, ...]) -> None:
    result = run(*command, "-o", "proof")
    assert result.exit_code == 0
    assert result.stdout.startswith("valid: f(x) = g(x) for all x in D; D = R^1, 1 output, network sha256")
    record, other = expected_network("net.json"), expected_network("same.json")
    assert check(folder / "proof", network=record, other=other, claim="equal", domain=[]).kind == "valid"
    assert check(folder / "proof", network=other, other=record).kind == "invalid"
    assert run("check", "proof").exit_code == 0
    assert run("check", "proof", "--network", "net.json").exit_code == 0
    assert run("check", "proof", "--network", "same.json").exit_code == 1


def test_equal_reports_in_json() -> None:
    facts = facts_of(run("equal", "max.json", "max2.json", "--domain", "box:-1,1", "--json"))
    assert (facts["verdict"], facts["claim"], facts["activation_regions"]) == ("valid", "equal", 2)
    assert facts["network_sha256"] == network_sha256(ReLUNetwork.of(MAX_OF_TWO))
    assert facts["other_network_sha256"] == network_sha256(ReLUNetwork.of(MAX_EXCHANGED))
    assert facts["certificate"] == "max.equal.max2.cert.jsonl.gz"


def test_networks_that_differ_differ_at_a_point(folder: Path) -> None:
    before = names(folder)
    result = run("equal", "net.json", "bent.json")
    first, table = result.stdout.splitlines()[0], plain(result)
    assert (result.exit_code, result.stderr) == (1, "")
    assert first == "different: f(x) is not g(x) at x = (-1)"
    assert (table["one"], table["other"]) == ("(1)", "(2)")
    assert names(folder) == before


def test_a_difference_is_reported_in_json() -> None:
    result = run("equal", "net.json", "bent.json", "--domain", "box:-3,1/2", "--json")
    facts = facts_of(result)
    (at,) = map(parse_rational, facts["at"])
    assert (result.exit_code, facts["verdict"]) == (1, "different")
    assert -3 <= at < 0
    assert [parse_rational(facts[name][0]) for name in ("one", "other")] == [-at, -2 * at]


def test_networks_that_differ_elsewhere_are_equal_on_the_domain() -> None:
    assert run("equal", "net.json", "bent.json", "--domain", "box:0,7").exit_code == 0


@pytest.mark.parametrize("engine", ["lattice", "tree", "cdd"])
def test_engines_agree(engine: str) -> None:
    assert run("equal", "max.json", "max2.json", "--engine", engine).exit_code == 0
    assert run("equal", "net.json", "bent.json", "--engine", engine).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "fragment"),
    [
        (("equal", "net.json", "other.json"), 2, "networks with as many inputs can be compared, found 1 and 2"),
        (("equal", "max.json", "other.json"), 2, "networks with as many outputs can be compared, found 1 and 2"),
        (("equal", "net.json", "nothing.json"), 2, "nothing.json"),
        (("equal", "net.json", "same.json", "--domain", "box:1,1,2"), 2, "box"),
        (("equal", "net.json", "same.json", "-o", "same.json"), 2, "same.json: is read by this command"),
        (("equal", "net.json", "same.json", "--max-regions", "1"), 3, "region"),
        (("prove", "net.json", "--claim", "equal"), 2, "name the second network with --other"),
        (("prove", "net.json", "--claim", "equal", "--other", "bent.json"), 1, "the networks differ: output 0"),
        (("prove", "net.json", "--claim", "equal", "--other", "same.json", "-o", "same.json"), 2, "is read by this"),
        (("prove", "net.json", "--claim", "inequality"), 2, "expected equality, regions, bounds or equal"),
        (("prove", "net.json", "--other", "same.json"), 2, "--other is for --claim equal, found --claim equality"),
        (("prove", "net.json", "--bound", "0:0,1"), 2, "--bound is for --claim bounds, found --claim equality"),
        (("prove", "net.json", "--claim", "regions", "--bound", "0:0,1"), 2, "--bound is for --claim bounds"),
        (("prove", "net.json", "--claim", "regions", "--boundary", "ignore"), 2, "--boundary is for --claim equality"),
        (("prove", "net.json", "--claim", "regions", "--units", "one"), 2, "--units is for --claim equality"),
    ],
)  # fmt: skip
def test_what_cannot_be_proved_is_said_in_a_line(
    folder: Path, arguments: tuple[str, ...], code: int, fragment: str
) -> None:
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    assert fragment in said(*arguments, code=code)
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before


NORMALISED = """// y = 3 (x - 2) / 4 + 1
1,1,1,1,
1,1,
0,
-9.0,
9.0,
2.0,1.0,
4.0,1.0,
3.0,
0.0,
"""


def test_both_networks_are_read_with_the_same_options(folder: Path) -> None:
    (folder / "stored.nnet").write_text(NORMALISED)
    (folder / "composed.json").write_text(network_text((([["3/4"]], ["-1/2"]),)))
    arguments = ("--claim", "equal", "--other", "stored.nnet", "-o", "proof")
    assert run("prove", "stored.nnet", *arguments, "--normalised").exit_code == 0
    assert run("check", "proof", "--network", "composed.json").exit_code == 0


def test_the_hash_of_one_network_is_said_once() -> None:
    shown = run("equal", "net.json", "net.json", "-o", "proof").stdout
    assert shown.splitlines()[0].count(network_sha256(ReLUNetwork.of(ABSOLUTE_VALUE))) == 1
    assert "other network sha256" not in shown
    assert "other network sha256" in run("equal", "net.json", "same.json", "-o", "proof").stdout


def test_one_region_is_in_the_singular(folder: Path) -> None:
    (folder / "identity.json").write_text(network_text((([["1"]], [0]),)))
    shown = run("prove", "identity.json", "--claim", "regions", "-o", "proof").stdout
    assert shown.startswith("valid: D has exactly 1 activation region of f;")
    assert run("regions", "identity.json").stdout.startswith("1 activation region, counted exactly")
    one_hidden = run("prove", "identity.json", "--construction", "one-hidden", "-o", "proof").stdout
    assert ", 1 leaf, network sha256" in one_hidden


def test_a_certificate_of_two_networks_is_described() -> None:
    assert run("equal", "net.json", "same.json", "-o", "proof").exit_code == 0
    facts = facts_of(run("info", "proof", "--json"))
    assert facts["claim"] == "equal"
    assert facts["other_network_sha256"] == network_sha256(ReLUNetwork.of(RESCALED))
    assert json.dumps(facts)


def test_bounds_that_are_no_whole_numbers_have_decimals_too(folder: Path) -> None:
    result = run("prove", "net.json", "--claim", "bounds", "--bound", "0:-1/3,2", "--domain", "box:-1,2", "-o", "proof")
    assert plain(result)["bounds"] == "-1/3 <= f_0(x) <= 2"
    assert plain(result)["bounds in decimals"] == "~-0.333333 <= f_0(x) <= 2"
    assert "bounds in decimals" not in json.loads(run("check", str(folder / "proof"), "--json").stdout)
