"""``verishallow check``: the symbolic reading where there is one, and the claim that is expected."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command_line import facts_of, run

DEEP = {
    "format": "verishallow-network",
    "version": 1,
    "layers": [
        {"weight": [[1], [-1]], "bias": [0, "1/2"]},
        {"weight": [[1, 1]], "bias": [-1]},
        {"weight": [[1]], "bias": [0]},
    ],
}

CLAIMS = {
    "regions": ("prove", "net.json", "--claim", "regions"),
    "bounds": ("prove", "net.json", "--claim", "bounds", "--domain", "box:-1,1"),
    "equal": ("equal", "net.json", "net.json"),
    "equality-on-grid": ("shallow", "net.json", "--construction", "quantised", "--grid", "1/4", "--domain", "box:-1,1"),
    "equality-on-cells": ("trim", "cert", "--data", "point.npy"),
}


@pytest.mark.parametrize("construction", ["merge", "gated", "one-hidden", "finite"])
def test_other_constructions_are_not_read_symbolically(construction: str, folder: Path) -> None:
    network = "deep.json" if construction == "gated" else "net.json"
    (folder / "deep.json").write_text(json.dumps(DEEP))
    assert run("prove", network, "--construction", construction, "--domain", "box:-1,1", "-o", "c").exit_code == 0
    refused_but_valid(f"the symbolic reading is not available for the construction {construction}")


@pytest.mark.parametrize("claim", CLAIMS)
def test_other_claims_are_not_read_symbolically(claim: str, folder: Path) -> None:
    certificate_of(claim, folder)
    refused_but_valid(f"the symbolic reading is not available for the claim {claim}")


def certificate_of(claim: str, folder: Path) -> None:
    np.save(folder / "point.npy", np.array([[0.5]]))
    result = run(*CLAIMS[claim], "-o", "c")
    assert result.exit_code == 0, result.stderr


def refused_but_valid(reason: str) -> None:
    ordinary, result = run("check", "c", "--json"), run("check", "c", "--symbolic", "--json")
    assert (ordinary.exit_code, result.exit_code, result.stderr.count("\n")) == (0, 2, 1)
    assert result.stderr.startswith(f"verishallow: c: {reason}")
    facts, expected = json.loads(result.stdout), json.loads(ordinary.stdout)
    assert {**facts, "check_seconds": 0} == {**expected, "check_seconds": 0}
    assert run("check", "c", "--symbolic").stdout.startswith("valid: ")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("options", [("--units", "one", "--domain", "box:-1,1"), ("--boundary", "ignore")])
def test_cells_are_read_symbolically(options: tuple[str, ...]) -> None:
    assert run("prove", "net.json", *options, "-o", "c").exit_code == 0
    assert facts_of(run("check", "c", "--symbolic", "--json"))["symbolic"].startswith("on each of 2 regions")


def test_a_folder_is_checked_whole_where_one_is_not_read_symbolically(folder: Path) -> None:
    for name in ("merged", "cells"):
        (folder / "library" / name).mkdir(parents=True)
        (folder / "library" / name / "network.json").write_bytes((folder / "net.json").read_bytes())
        path = str(folder / "library" / name / "network.json")
        construction = "merge" if name == "merged" else "cells"
        assert run("prove", path, "--construction", construction).exit_code == 0
    result = run("check", "library", "--symbolic", "--json")
    assert [proof["verdict"] for proof in json.loads(result.stdout)] == ["valid", "valid"]
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "verishallow: merged: the symbolic reading is not available for the construction merge" in result.stderr
    (folder / "library" / "cells" / "network.json").write_bytes((folder / "other.json").read_bytes())
    assert run("check", "library", "--symbolic").exit_code == 1
    (folder / "library" / "cells" / "network.json").write_bytes((folder / "net.json").read_bytes())
    assert run("check", "library", "--claim", "equality").exit_code == 0
    assert run("check", "library", "--claim", "regions").exit_code == 1


@pytest.mark.parametrize("claim", ["equality", *CLAIMS])
def test_the_claim_that_is_expected(claim: str, folder: Path) -> None:
    if claim == "equality":
        (folder / "c").write_bytes((folder / "cert").read_bytes())
    else:
        certificate_of(claim, folder)
    codes = {expected: run("check", "c", "--claim", expected).exit_code for expected in ("equality", *CLAIMS)}
    assert codes == {expected: int(expected != claim) for expected in codes}


@pytest.mark.usefixtures("folder")
def test_an_unknown_claim_is_refused() -> None:
    result = run("check", "cert", "--claim", "sameness")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "claim: expected one of equality, " in result.stderr
