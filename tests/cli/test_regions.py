"""The command that counts regions, and the bound on how many there may be."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import facts_of, names, network_text, plain, run
from tests.cli.test_commands import CLAIM_KEYS
from tests.cli.test_failures import fails_in_one_line
from tests.examples import EXAMPLES, Counts
from verishallow import ReLUNetwork
from verishallow.records.spelling import network_sha256

KEYS = (CLAIM_KEYS - {"reason"}) | {
    "f_vector",
    "euler_characteristic",
    "enumeration_seconds",
    "patterns",
    "upper_bound",
}
NOT_CLAIMED = ("leaves", "faces", "units", "boundary", "construction", "certificate")
TOO_MANY = "stopped: there are more than {} regions (--max-regions); nothing was written"


def write_example(folder: Path, name: str) -> tuple[str, ...]:
    """The files of an example, and the arguments that name them."""
    example = EXAMPLES[name]
    (folder / "it.json").write_text(network_text(example.layers), encoding="utf-8")
    rows = [[str(a) for a in form.row] for form in example.domain.inequalities]
    domain = {"format": "verishallow-domain", "version": 1, "inequalities": rows}
    (folder / "domain.json").write_text(json.dumps(domain), encoding="utf-8")
    return ("it.json", "--domain", "domain.json") if rows else ("it.json",)


@pytest.mark.parametrize("engine", ["auto", "lattice", "tree", "cdd"])
@pytest.mark.parametrize("name", ["two layers on a square", "all biases 0 in space", "sawtooth of depth 3"])
def test_regions_reports_in_json(folder: Path, name: str, engine: str) -> None:
    example = EXAMPLES[name]
    facts = facts_of(run("regions", *write_example(folder, name), "--engine", engine, "--json"))
    used = "lattice" if engine == "auto" else engine
    assert set(facts) == KEYS
    assert (facts["verdict"], facts["engine"]) == ("unchecked", used)
    assert [facts[key] for key in NOT_CLAIMED] == [None] * len(NOT_CLAIMED)
    counts = Counts(facts["activation_regions"], facts["affine_pieces"], facts["linear_regions"])
    assert counts == (example.counts or Counts(17, 17, 17))
    assert (facts["inputs"], facts["outputs"]) == (example.network.inputs, example.network.outputs)
    assert facts["network_sha256"] == network_sha256(example.network)
    assert (facts["f_vector"] is None) == (facts["euler_characteristic"] is None) == (used != "lattice")
    assert facts["upper_bound"] >= counts.activation_regions
    assert facts["patterns"] == f"2^{sum(layer.width for layer in example.network.hidden)}"
    assert facts["enumeration_seconds"] >= 0


def test_the_faces_are_listed_by_dimension(folder: Path) -> None:
    facts = facts_of(run("regions", *write_example(folder, "two layers on a square"), "--json"))
    assert (facts["f_vector"], facts["euler_characteristic"]) == ([24, 40, 17], 1)


def test_regions_prints_a_table(folder: Path) -> None:
    result = run("regions", *write_example(folder, "two layers on a square"))
    assert result.exit_code == 0
    assert result.stdout.startswith("17 activation regions, counted exactly; run 'verishallow prove' for a proof\n")
    table = plain(result)
    assert (table["activation regions"], table["euler characteristic"], table["engine"]) == ("17", "1", "lattice")
    assert "certificate" not in table
    assert names(folder) == ["cert", "domain.json", "ignoring", "it.json", "net.json", "other.json"]


@pytest.mark.parametrize("name", ["no hidden layer", "all neurons dead"])
def test_a_network_of_one_region_is_counted(folder: Path, name: str) -> None:
    facts = facts_of(run("regions", *write_example(folder, name), "--json"))
    assert (facts["activation_regions"], facts["engine"]) == (1, "lattice")


def test_the_reference_counts_where_the_lattice_cannot_start(folder: Path) -> None:
    arguments = write_example(folder, "max of three")
    assert facts_of(run("regions", *arguments, "--json"))["engine"] == "cdd"
    fails_in_one_line(
        folder, "leave lines in the cells; use the cdd engine", "regions", *arguments, "--engine", "lattice"
    )


# -------------------------------------------------------------------------------------- Engines and bounds


@pytest.mark.parametrize("command", ["regions", "prove"])
@pytest.mark.parametrize("engine", ["nope", "", "Lattice", "tree engine"])
def test_a_bad_engine_is_refused_in_one_line(folder: Path, command: str, engine: str) -> None:
    fails_in_one_line(
        folder, "engine: expected one of auto, lattice, tree, cdd", command, "net.json", "--engine", engine
    )


@pytest.mark.parametrize("engine", ["auto", "lattice", "tree", "cdd"])
@pytest.mark.parametrize("command", [("regions",), ("prove",)])
def test_more_regions_than_allowed_stop_the_work(folder: Path, command: tuple[str, ...], engine: str) -> None:
    arguments = write_example(folder, "two layers on a square")
    bounded = (*command, *arguments, "--engine", engine, "--max-regions")
    fails_in_one_line(folder, TOO_MANY.format(16), *bounded, "16", code=3)
    assert run(*bounded, "17").exit_code == 0


def test_the_fallback_is_bounded_too(folder: Path) -> None:
    arguments = write_example(folder, "max of three")
    fails_in_one_line(folder, TOO_MANY.format(3), "regions", *arguments, "--max-regions", "3", code=3)
    assert run("regions", *arguments, "--max-regions", "4").exit_code == 0


@pytest.mark.parametrize("command", ["regions", "prove"])
@pytest.mark.parametrize("most", ["0", "-1", "many", "1.5"])
def test_a_bound_that_is_no_number_is_wrong_usage(folder: Path, command: str, most: str) -> None:
    before = names(folder)
    result = run(command, "net.json", "--max-regions", most)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--max-regions" in result.stderr
    assert names(folder) == before


@pytest.mark.usefixtures("folder")
def test_the_upper_bound_of_a_network() -> None:
    facts = facts_of(run("regions", "other.json", "--json"))
    assert (facts["upper_bound"], facts["patterns"]) == (4, "2^2")
    assert facts["network_sha256"] == network_sha256(ReLUNetwork.of(EXAMPLES["two outputs"].layers))


@pytest.mark.parametrize("arguments", [("absent.json",), ("net.json", "--domain", "box:1,0"), ("cert",)])
def test_what_cannot_be_counted_is_refused_in_one_line(folder: Path, arguments: tuple[str, ...]) -> None:
    fails_in_one_line(folder, "verishallow: ", "regions", *arguments)
