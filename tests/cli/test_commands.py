"""The command line: what each command prints, and its exit codes."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command_line import facts_of, names, network_text, plain, run
from tests.examples import ABSOLUTE_VALUE, EXAMPLES, each_boundary
from verishallow import ReLUNetwork
from verishallow.claims.equality import Equality
from verishallow.records.lines import certificate_lines
from verishallow.records.spelling import network_sha256
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Leaf, Open
from verishallow.regions.enumeration import ENGINES

CLAIM_KEYS = {
    "verdict",
    "reason",
    "inputs",
    "outputs",
    "activation_regions",
    "affine_pieces",
    "linear_regions",
    "leaves",
    "faces",
    "units",
    "claim",
    "boundary",
    "construction",
    "engine",
    "certificate",
    "network_sha256",
}
TIMES = {"proof_seconds", "check_seconds"}


# ------------------------------------------------------------------------------------------------- prove


@each_boundary
@pytest.mark.parametrize("name", ["max of three on a cube", "two outputs", "sawtooth of depth 3", "residual block"])
def test_prove_reports_in_json(folder: Path, name: str, boundary: str) -> None:
    example = EXAMPLES[name]
    (folder / "it.json").write_text(network_text(example.layers))
    rows = [[str(a) for a in form.row] for form in example.domain.inequalities]
    domain = {"format": "verishallow-domain", "version": 1, "inequalities": rows}
    (folder / "domain.json").write_text(json.dumps(domain))
    given_domain = ("--domain", "domain.json") if rows else ()
    result = run("prove", "it.json", *given_domain, "--boundary", boundary, "--json")
    facts, counts = facts_of(result), example.counts
    assert counts is not None
    assert result.exit_code == 0
    assert set(facts) == CLAIM_KEYS | TIMES
    assert (facts["verdict"], facts["boundary"], facts["construction"]) == ("valid", boundary, "cells")
    assert (facts["inputs"], facts["outputs"]) == (example.network.inputs, example.network.outputs)
    assert facts["activation_regions"] == facts["leaves"] == counts.activation_regions
    assert (facts["affine_pieces"], facts["linear_regions"]) == (counts.affine_pieces, counts.linear_regions)
    assert facts["units"]["layer2"] == 2 * facts["outputs"] * facts["faces"]
    assert set(facts["units"]) == {"layer1", "layer2"}
    assert facts["engine"] in ENGINES
    assert facts["network_sha256"] == network_sha256(example.network)
    assert facts["certificate"] == ("it.cert.jsonl.gz" if boundary == "exact" else "it.ignore.cert.jsonl.gz")
    assert run("check", facts["certificate"], "--network", "it.json").exit_code == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("domain", "shown"),
    [
        ("box:-1,1/2", "[-1, 1/2]"),
        ("box:[0,1]x[-1,1]", "[0, 1] x [-1, 1]"),
        ("box:[-1,1]x[-1,1]", "[-1, 1]^2"),
        ("ball:l1:0,0:1", "4 inequalities in R^2"),
        (None, None),
    ],
)
def test_the_domain_is_named(domain: str | None, shown: str | None) -> None:
    network = "net.json" if shown == "[-1, 1/2]" else "other.json"
    result = run("prove", network, "-o", "proof", *(("--domain", domain) if domain else ()))
    assert result.exit_code == 0
    assert plain(result).get("D") == plain(run("check", "proof")).get("D") == plain(run("info", "proof")).get("D")
    assert plain(result).get("D") == shown


def test_prove_prints_a_verdict_and_a_table(folder: Path) -> None:
    result = run("prove", "net.json", "--domain", "box:-1,1", "-o", "proof")
    first, table = result.stdout.splitlines()[0], plain(result)
    assert result.exit_code == 0
    assert first.startswith("valid: f(x) = S(x) for all x in D; D = {x in R^1 : 2 inequalities}, 1 output")
    assert (table["activation regions"], table["linear regions"], table["faces"]) == ("2", "2", "3")
    assert table["units"] == "4 in layer 1, 6 in layer 2"
    assert table["certificate"] == "proof"
    assert (folder / "proof").read_bytes() == (folder / "cert").read_bytes()


def test_prove_writes_beside_the_network_by_default(folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "net.v2.json").write_text(network_text(ABSOLUTE_VALUE))
    assert run("prove", str(folder / "below" / "net.v2.json")).exit_code == 0
    assert names(folder / "below") == ["net.v2.cert.jsonl.gz", "net.v2.json"]


def test_an_unchecked_proof_says_so(folder: Path) -> None:
    result = run("prove", "net.json", "--no-check", "-o", "plain")
    assert result.exit_code == 0
    assert result.stdout.startswith("unchecked: run 'verishallow check' on the certificate\n")
    facts = facts_of(run("prove", "net.json", "--no-check", "-o", "plain", "--json"))
    assert (facts["verdict"], facts["check_seconds"]) == ("unchecked", None)
    assert run("check", "plain").exit_code == 0
    assert "plain" in names(folder)


def test_an_older_certificate_is_replaced(folder: Path) -> None:
    (folder / "proof").write_bytes(b"old")
    assert run("prove", "net.json", "--domain", "box:-1,1", "-o", "proof").exit_code == 0
    assert (folder / "proof").read_bytes() == (folder / "cert").read_bytes()


# --------------------------------------------------------------------------------------- check and info


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", ["check", "info"])
@pytest.mark.parametrize(("file", "boundary", "faces"), [("cert", "exact", 3), ("ignoring", "ignore", 2)])
def test_a_certificate_is_checked_and_described(command: str, file: str, boundary: str, faces: int) -> None:
    facts = facts_of(run(command, file, "--json"))
    assert set(facts) >= CLAIM_KEYS
    assert (facts["verdict"], facts["boundary"], facts["faces"]) == ("valid", boundary, faces)
    assert (facts["inputs"], facts["outputs"], facts["construction"]) == (1, 1, "cells")
    assert facts["network_sha256"] == network_sha256(ReLUNetwork.of(ABSOLUTE_VALUE))
    assert facts["units"] == {"layer1": 4, "layer2": 2 * faces}
    result = run(command, file)
    assert result.exit_code == 0
    assert result.stdout.startswith("valid: ")
    assert plain(result)["faces"] == str(faces)


@pytest.mark.usefixtures("folder")
def test_check_measures_its_time() -> None:
    assert facts_of(run("check", "cert", "--json"))["check_seconds"] >= 0


@pytest.mark.usefixtures("folder")
def test_the_symbolic_reading_is_reported() -> None:
    facts = facts_of(run("check", "cert", "--symbolic", "--json"))
    assert facts["symbolic"].startswith("on each of 2 regions both networks are the same polynomial map")
    assert "2 affine pieces and 2 linear regions" in plain(run("check", "cert", "--symbolic"))["symbolic"]
    assert "symbolic" not in facts_of(run("check", "cert", "--json"))


@pytest.mark.usefixtures("folder")
def test_check_wants_the_very_network() -> None:
    assert run("check", "cert", "--network", "net.json").exit_code == 0
    result = run("check", "cert", "--network", "other.json")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("invalid: ")
    assert "another network" in result.stdout.splitlines()[0]
    facts = facts_of(run("check", "cert", "--network", "other.json", "--json"))
    assert (facts["verdict"], facts["activation_regions"]) == ("invalid", None)


def changed(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        text = gzip.decompress(content)
        assert text.count(old.encode()) >= 1
        return text.replace(old.encode(), new.encode(), 1)

    return change


@pytest.mark.parametrize(
    ("change", "fragment"),
    [
        (changed('"map":[["0","1"]]', '"map":[["0","2"]]'), "line 6"),
        (changed('"witness":["1/2"]', '"witness":["5/2"]'), "line 6"),
        (changed('[[1,[[2,"1"]]]]', '[[1,[[2,"3"]]]]'), "line 5"),
        (changed('"affine_pieces":2', '"affine_pieces":1'), "only the hash fails"),
        (changed('"version":1', '"version":2'), "line 1"),
        (lambda content: content[:-40], "line"),
    ],
    ids=["a map", "a witness", "a reason", "a reported count", "the version", "cut short"],
)
@pytest.mark.parametrize("command", ["check", "info"])
def test_an_invalid_certificate_is_refused_and_the_place_named(
    folder: Path, command: str, change: Callable[[bytes], bytes], fragment: str
) -> None:
    (folder / "cert").write_bytes(change((folder / "cert").read_bytes()))
    result = run(command, "cert")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("invalid: ")
    assert fragment in result.stdout.splitlines()[0]
    assert facts_of(run(command, "cert", "--json"))["verdict"] == "invalid"


@pytest.mark.parametrize("content", [b"nonsense", b"", b"{}\n", network_text(ABSOLUTE_VALUE).encode()[:-1]])
def test_what_is_no_certificate_is_invalid(folder: Path, content: bytes) -> None:
    (folder / "cert").write_bytes(content)
    result = run("check", "cert")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("invalid: line 1: ")


def test_an_incomplete_certificate_has_its_own_exit_code(folder: Path) -> None:
    name = "one affine map on many regions"
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain
    nodes = list(cdd_engine(network, domain, generic_point(domain)))
    last = max(number for number, node in enumerate(nodes) if isinstance(node, Leaf))
    nodes[last] = Open()
    lines = certificate_lines(network, domain, Equality(), nodes)
    (folder / "open").write_bytes(b"".join(lines))
    result = run("check", "open")
    assert result.exit_code == 3
    assert result.stdout.startswith("incomplete: 1 cell is left open")


@pytest.mark.usefixtures("folder")
def test_info_describes_a_network() -> None:
    facts = facts_of(run("info", "net.json", "--json"))
    expected = {"network": "net.json", "inputs": 1, "hidden": [2], "outputs": 1, "weights": 4}
    assert facts == {**expected, "network_sha256": network_sha256(ReLUNetwork.of(ABSOLUTE_VALUE))}
    table = plain(run("info", "net.json"))
    assert (table["inputs"], table["hidden"], table["weights"]) == ("1", "2", "4")


def test_info_describes_a_network_without_hidden_layer(folder: Path) -> None:
    (folder / "affine.json").write_text(network_text(EXAMPLES["no hidden layer"].layers))
    assert plain(run("info", "affine.json"))["hidden"] == "none"


# -------------------------------------------------------------------------------------------------- eval


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("file", "at", "value", "through"),
    [
        ("net.json", "-1/3", "1/3", "network"),
        ("net.json", "-0.25", "1/4", "network"),
        ("net.json", "7", "7", "network"),
        ("cert", "-1/3", "1/3", "three-layer network"),
        ("cert", "0", "0", "three-layer network"),
        ("ignoring", "-5", "5", "three-layer network"),
    ],
)
def test_a_value_is_exact(file: str, at: str, value: str, through: str) -> None:
    facts = facts_of(run("eval", file, "--at", at, "--json"))
    assert (facts["output"], facts["through"]) == ([value], through)
    result = run("eval", file, "--at", at)
    assert result.exit_code == 0
    assert plain(result)["y0"].split()[0] == value


@pytest.mark.usefixtures("folder")
def test_every_output_has_its_row() -> None:
    result = run("eval", "other.json", "--at", "1/3, -2")
    assert result.stdout == "at (1/3, -2)\n  y0  1/3  ~0.333333\n  y1  1\n"
