"""Names that say the claim, and the network that a certificate is of."""

import json
import shlex
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


def test_a_domain_without_a_file_is_the_certificates_own(proved: Path) -> None:
    assert run("prove", "n.json", "--claim", "bounds", "--domain", "box:-1,1", "--force").exit_code == 0
    note = "no domain file beside it: its own is shown, and compared with none"
    bounds = verdicts(proved)["n.bounds"]
    assert (bounds["verdict"], bounds["domain"]) == ("valid", None)
    assert bounds["reason"].endswith(f"; {note}")
    shown = run("check", str(proved))
    assert (shown.exit_code, shown.stdout.splitlines()[-1]) == (0, f"n.bounds: {note}")
    assert "bounds on R^1, 2 inequalities" in shown.stdout


def test_a_fresh_certificate_on_a_domain_is_valid_and_a_stale_one_is_renewed_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("n.json").write_text(network_text(ABSOLUTE_VALUE))
    assert run("prove", "n.json", "--domain", "box:-1,1").exit_code == 0
    assert run("check", ".").exit_code == 0
    Path("n.json").write_text(network_text(SCALED_MODULUS))
    *_, last = run("check", ".").stdout.splitlines()
    assert last.endswith("if it is out of date: verishallow prove n.json --domain 'box:[-1,1]' --force")
    assert run(*shlex.split(last.partition("verishallow ")[2])).exit_code == 0
    assert run("check", ".").exit_code == 0


WITHOUT_A_NAME = {
    "another domain": ((), ("--domain", "box:-1,1"), "on the domain R^1"),
    "another domain before": (("--domain", "box:-1,1"), (), "on the domain [-1, 1]"),
    "other bounds": (
        ("--claim", "bounds", "--bound", "0:,3", "--domain", "box:-1,1"),
        ("--claim", "bounds", "--domain", "box:-1,1"),
        "with the bounds f_0(x) <= 3",
    ),
    "another slice": (("--line", "-1", "2"), ("--line", "-1", "3"), "on another slice"),
    "another grid": (
        ("--construction", "quantised", "--grid", "1/2", "--domain", "box:-1,1"),
        ("--construction", "quantised", "--grid", "1/4", "--domain", "box:-1,1"),
        "with grid",
    ),
}


@pytest.mark.parametrize("name", WITHOUT_A_NAME)
def test_a_default_name_is_not_taken_from_another_statement(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("n.json").write_text(network_text(ABSOLUTE_VALUE))
    first, second, words = WITHOUT_A_NAME[name]
    before = Path(json.loads(run("prove", "n.json", *first, "--json").stdout)["certificate"])
    data = before.read_bytes()
    found = json.loads(run("prove", "n.json", *second, "--json").stdout)
    assert found["certificate"] != str(before)
    assert before.read_bytes() == data
    assert found["kept"].startswith(f"{before}, a certificate of another statement, ")
    assert words in found["kept"]
    # The same statement again is the same file, under either name.
    assert json.loads(run("prove", "n.json", *second, "--json").stdout)["certificate"] == found["certificate"]
    again = json.loads(run("prove", "n.json", *first, "--json").stdout)
    assert (again["certificate"], "kept" in again) == (str(before), False)
    assert {proof["verdict"] for proof in verdicts(tmp_path).values()} == {"valid"}
    forced = json.loads(run("prove", "n.json", *second, "--force", "--json").stdout)
    assert (forced["certificate"], "kept" in forced) == (str(before), False)
    assert before.read_bytes() == Path(found["certificate"]).read_bytes()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "a file that is no certificate"),
        (b'{"record":"header","domain":5}', "a file that is no certificate"),
        (b'{"record":"header","domain":[["x"]],"inputs":1}', "a file that is no certificate"),
        (b'{"record":"header","domain":[["1"]]}', "a file that is no certificate"),
        (b"[1]", "a file that is no certificate"),
    ],
)
def test_a_file_that_is_no_certificate_is_kept_too(
    content: bytes, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("n.json").write_text(network_text(ABSOLUTE_VALUE))
    Path("n.cert.jsonl.gz").write_bytes(content)
    assert words in json.loads(run("prove", "n.json", "--json").stdout)["kept"]
    assert Path("n.cert.jsonl.gz").read_bytes() == content


def test_a_slice_is_for_the_certificates_that_say_so(proved: Path) -> None:
    (proved / "slice.json").write_text(json.dumps(slice_to_json(Slice.line([-1], [2]))))
    for options in ((), ("--claim", "bounds")):
        assert run("prove", "n.json", "--slice", "slice.json", *options).exit_code == 0
    found = verdicts(proved)
    assert set(found) == {*PROVED, "n.slice", "n.slice.bounds"}
    assert {proof["verdict"] for proof in found.values()} == {"valid"}
    (proved / "slice.json").unlink()
    found = verdicts(proved)
    assert {proof["verdict"] for proof in found.values()} == {"valid"}
    noted = {name for name, proof in found.items() if "; no slice file beside it" in proof["reason"]}
    assert noted == {"n.slice", "n.slice.bounds"}
