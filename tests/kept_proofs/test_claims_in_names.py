"""Names that say the claim, and the network that a certificate is of."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import network_text, run
from tests.examples import ABSOLUTE_VALUE, SCALED_MODULUS, TWO_OUTPUTS
from verishallow.read.domains.slices import slice_to_json
from verishallow.slices import Slice


@pytest.fixture
def proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that the command line proves of 'n.json' under default names, and of a network that equals it."""
    monkeypatch.chdir(tmp_path)
    Path("n.json").write_text(network_text(ABSOLUTE_VALUE))
    Path("m.v2.json").write_text(network_text(SCALED_MODULUS))
    ways = ((), ("--claim", "bounds"), ("--claim", "regions"), ("--construction", "gated"), ("--boundary", "ignore"))
    for options in ways:
        assert run("prove", "n.json", *options).exit_code == 0
    assert run("equal", "n.json", "m.v2.json").exit_code == 0
    return tmp_path


PROVED = {
    "n": "equality",
    "n.bounds": "bounds",
    "n.equal.m.v2": "equal",
    "n.gated": "equality",
    "n.ignore": "equality",
    "n.regions": "regions",
}


def verdicts(folder: Path) -> dict[str, dict[str, Any]]:
    return {proof["name"]: proof for proof in json.loads(run("check", str(folder), "--json").stdout)}


def test_names_that_say_the_claim_are_of_the_network_they_start_with(proved: Path) -> None:
    found = verdicts(proved)
    assert {name: proof["claim"] for name, proof in found.items()} == PROVED
    assert {proof["verdict"] for proof in found.values()} == {"valid"}
    assert {proof["network"] for proof in found.values()} == {str(proved / "n.json")}
    assert found["n.equal.m.v2"]["other_network"] == str(proved / "m.v2.json")
    assert run("check", str(proved)).exit_code == 0


def test_they_are_about_that_very_network(proved: Path) -> None:
    (proved / "n.json").write_text(network_text(SCALED_MODULUS))
    assert {proof["verdict"] for proof in verdicts(proved).values()} == {"invalid"}


def test_the_other_network_is_the_one_that_the_name_says(proved: Path) -> None:
    (proved / "m.v2.json").write_text(network_text(ABSOLUTE_VALUE))
    assert verdicts(proved)["n.equal.m.v2"]["verdict"] == "invalid"
    (proved / "m.v2.json").unlink()
    equal = verdicts(proved)["n.equal.m.v2"]
    assert (equal["verdict"], equal["reason"]) == ("invalid", "the other network is not beside it, as m.v2.json")


def test_the_longest_name_of_a_network_counts(proved: Path) -> None:
    (proved / "n.bounds.json").write_text(network_text(TWO_OUTPUTS))
    bounds = verdicts(proved)["n.bounds"]
    assert (bounds["verdict"], bounds["network"]) == ("invalid", str(proved / "n.bounds.json"))


def test_a_network_whose_only_proof_has_more_words_has_a_proof(proved: Path) -> None:
    (proved / "n.cert.jsonl.gz").unlink()
    assert set(verdicts(proved)) == set(PROVED) - {"n"}


def test_a_domain_that_is_missing_beside_a_certificate_is_named(proved: Path) -> None:
    assert run("prove", "n.json", "--claim", "bounds", "--domain", "box:-1,1").exit_code == 0
    bounds = verdicts(proved)["n.bounds"]
    assert bounds["verdict"] == "invalid"
    assert bounds["reason"].endswith(
        "the certificate is about another domain; no domain.json or domain.ine lies beside it, "
        "and without one all of R^n is expected"
    )


def test_a_slice_is_for_the_certificates_that_say_so(proved: Path) -> None:
    (proved / "slice.json").write_text(json.dumps(slice_to_json(Slice.line([-1], [2]))))
    for options in ((), ("--claim", "bounds")):
        assert run("prove", "n.json", "--slice", "slice.json", *options).exit_code == 0
    found = verdicts(proved)
    assert set(found) == {*PROVED, "n.slice", "n.slice.bounds"}
    assert {proof["verdict"] for proof in found.values()} == {"valid"}
    (proved / "slice.json").unlink()
    found = verdicts(proved)
    assert {name for name, proof in found.items() if proof["verdict"] != "valid"} == {"n.slice", "n.slice.bounds"}
    assert found["n.slice"]["reason"].endswith("; it is about a slice, and no slice.json lies beside it")
