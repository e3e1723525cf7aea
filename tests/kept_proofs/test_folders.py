"""What a folder may hold, and the verdict on it as a whole."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import facts_of, network_text, run
from tests.examples import ABSOLUTE_VALUE, MAX_OF_TWO, SCALED_MODULUS, TWO_OUTPUTS
from verishallow import ReLUNetwork, prove
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError
from verishallow.kept_proofs.library import proofs_in
from verishallow.proof import prove_equal


def test_a_folder_is_checked_with_a_table(library: Path) -> None:
    result = run("check", str(library))
    heads, *rows = result.stdout.splitlines()
    assert (result.exit_code, result.stderr) == (0, "")
    assert heads.split() == ["name", "claim", "verdict", "regions", "check", "seconds"]
    assert [re.split(r"  +", row)[:4] for row in rows] == [
        ["maximum", "equality off boundaries on R^2, 4 inequalities", "valid", "2"],
        ["modulus", "equality on R^1", "valid", "2"],
    ]


def test_a_folder_is_checked_in_json(library: Path) -> None:
    result = run("check", str(library), "--json")
    maximum, modulus = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (maximum["name"], maximum["verdict"], maximum["boundary"]) == ("maximum", "valid", "ignore")
    assert maximum["domain"] == str(library / "maximum" / "domain.json")
    assert (modulus["network"], modulus["domain"]) == (str(library / "modulus" / "network.json"), None)
    assert (modulus["activation_regions"], modulus["units"]) == (2, {"layer1": 4, "layer2": 6})
    one = facts_of(run("check", modulus["certificate"], "--json"))
    assert {name: modulus[name] for name in one if name in modulus and name != "check_seconds"} == {
        name: value for name, value in one.items() if name in modulus and name != "check_seconds"
    }


def test_a_folder_is_read_symbolically_too(library: Path) -> None:
    for proof in json.loads(run("check", str(library), "--symbolic", "--json").stdout):
        assert proof["verdict"] == "valid"
        assert "on each of 2 regions both networks are the same polynomial map" in proof["reason"]


def test_names_say_where_a_proof_is(library: Path) -> None:
    (library / "more" / "models").mkdir(parents=True)
    (library / "maximum" / "network.json").rename(library / "more" / "models" / "controller.v2.json")
    (library / "maximum" / "network.cert.jsonl.gz").rename(library / "more" / "models" / "controller.v2.cert.jsonl.gz")
    (library / "maximum" / "domain.json").rename(library / "more" / "models" / "domain.json")
    shutil.copy(library / "modulus" / "network.json", library)
    shutil.copy(library / "modulus" / "network.cert.jsonl.gz", library)
    result = run("check", str(library), "--json")
    assert [proof["name"] for proof in json.loads(result.stdout)] == ["network", "modulus", "more/models/controller.v2"]
    assert result.exit_code == 0


def test_every_claim_is_checked_against_the_networks_beside_it(library: Path) -> None:
    (library / "modulus" / "network.other.json").write_text(network_text(SCALED_MODULUS))
    prove_equal(ReLUNetwork.of(ABSOLUTE_VALUE), ReLUNetwork.of(SCALED_MODULUS)).save(
        library / "modulus" / "network.cert.jsonl.gz"
    )
    prove(ReLUNetwork.of(MAX_OF_TWO), "box:-1,1", claim=RegionCount()).save(
        library / "maximum" / "network.cert.jsonl.gz"
    )
    result = run("check", str(library))
    assert result.exit_code == 0, result.stdout
    assert [line.split()[1] for line in result.stdout.splitlines()] == ["claim", "regions", "equal"]
    (library / "modulus" / "network.other.json").write_text(network_text(ABSOLUTE_VALUE))
    assert run("check", str(library)).exit_code == 1
    (library / "modulus" / "network.other.json").unlink()
    result = run("check", str(library))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1].endswith("the other network is not beside it, as network.other.json")


def test_files_of_other_kinds_are_left_alone(library: Path) -> None:
    (library / "modulus" / "package.json").write_text("{}")
    (library / "modulus" / "train.py").write_text("raise SystemExit")
    (library / "formal").mkdir()
    (library / "formal" / "Theorem.v").write_text("Qed.")
    (library / ".hidden").mkdir()
    (library / ".hidden" / "network.json").write_text(network_text(TWO_OUTPUTS))
    assert [files.name for files in proofs_in(library)] == ["maximum", "modulus"]


def test_an_empty_folder_is_no_library(tmp_path: Path) -> None:
    result = run("check", str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip().endswith(
        "expected folders with a network and its certificate NAME.cert.jsonl.gz, found none"
    )
    with pytest.raises(InputError, match="found none"):
        proofs_in(tmp_path)


def test_no_one_network_is_expected_of_a_folder(library: Path) -> None:
    result = run("check", str(library), "--network", str(library / "modulus" / "network.json"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no --network" in result.stderr


def test_a_folder_that_cannot_be_read_is_no_empty_one(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(place: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(InputError, match=r"cannot be read: Permission denied"):
        proofs_in(library)
