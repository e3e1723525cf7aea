"""``verishallow check``: the symbolic reading where there is one, and the claim that is expected."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command_line import facts_of, names, run
from verishallow.read.files import is_certificate_content

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
        proof = str(folder / "library" / name / "network.cert.jsonl.gz")
        assert run("prove", path, "--construction", construction, "-o", proof).exit_code == 0
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


@pytest.mark.parametrize(
    ("proved", "options", "code"),
    [
        ("exact", (), 0),
        ("exact", ("--claim", "equality"), 0),
        ("exact", ("--boundary", "exact"), 0),
        ("exact", ("--boundary", "ignore"), 1),
        ("exact", ("--claim", "equality", "--boundary", "ignore"), 1),
        ("ignore", (), 0),
        ("ignore", ("--claim", "equality"), 1),
        ("ignore", ("--boundary", "exact"), 1),
        ("ignore", ("--boundary", "ignore"), 0),
        ("ignore", ("--claim", "equality", "--boundary", "ignore"), 0),
    ],
)
def test_an_equality_is_exact_unless_its_boundary_is_named(
    proved: str, options: tuple[str, ...], code: int, folder: Path
) -> None:
    (folder / "library").mkdir()
    (folder / "library" / "net.json").write_bytes((folder / "net.json").read_bytes())
    network, certificate = (str(folder / "library" / name) for name in ("net.json", "net.cert.jsonl.gz"))
    assert run("prove", network, "--boundary", proved, "-o", certificate).exit_code == 0
    assert [run("check", place, *options).exit_code for place in (certificate, "library")] == [code, code]


@pytest.mark.usefixtures("folder")
def test_an_unknown_boundary_is_refused() -> None:
    result = run("check", "cert", "--boundary", "some")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "boundary: expected exact or ignore, found 'some'" in result.stderr


@pytest.mark.usefixtures("folder")
def test_an_unknown_claim_is_refused() -> None:
    result = run("check", "cert", "--claim", "sameness")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "claim: expected one of equality, " in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("check", "--symbolic"),
        ("export", "--to", "csv", "-o", "out"),
        ("trim", "--domain", "box:0,1", "-o", "out"),
    ],
)
@pytest.mark.parametrize("network", ["net.json", "indented.txt", "a.onnx", "a.ONNX", "w.npz"])
def test_a_network_is_no_certificate(network: str, command: tuple[str, ...], folder: Path) -> None:
    (folder / "indented.txt").write_text(json.dumps(DEEP, indent=2))
    for name in ("a.onnx", "a.ONNX", "w.npz"):
        (folder / name).write_bytes(b"\x08\x07\x12\x04")
    before, result = names(folder), run(command[0], network, *command[1:])
    assert (result.exit_code, result.stdout, result.stderr.count("\n"), names(folder)) == (2, "", 1, before)
    assert f"{network}: this is a network, not a certificate" in result.stderr


DAMAGED = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n",
    "gzip cut short": b"\x1f\x8b\x08",
    "JSON of another kind": b'{"format": "another"}',
    "a list": b"[1]",
    "nested deeply": b"[" * 100_000,
    "a network cut short": json.dumps(DEEP).encode()[:-1],
    "a network and more": json.dumps(DEEP).encode() + b"\n{}",
    "long digits": b"1" * 5000,
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_any_other_file_is_an_invalid_certificate(damage: str, folder: Path) -> None:
    (folder / "c").write_bytes(DAMAGED[damage])
    result = run("check", "c")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("invalid: ")


NO_CERTIFICATES = {
    # name: (the file's name, its content, what is said of it)
    "a gzipped network": ("a.onnx.gz", gzip.compress(b"\x08\x07"), "this is a network, not a certificate"),
    "a gzipped network in JSON": ("a.gz", gzip.compress(json.dumps(DEEP).encode()), "this is a network, not a certif"),
    "a domain": ("a.vnnlib", b"(declare-const X_0 Real)", "this is a domain, not a certificate"),
    "a gzipped domain": ("a.vnnlib.gz", gzip.compress(b"(declare-const X_0 Real)"), "this is a domain, not a certifi"),
    "a domain in JSON": ("a.json", b'{"format": "verishallow-domain", "version": 1}', "this is a domain, not a certif"),
    "any gzipped text": ("a.gz", gzip.compress(b"dear reader"), "gzipped, but no certificate: expected a first line t"),
}


@pytest.mark.parametrize("name", NO_CERTIFICATES)
def test_what_is_known_to_be_no_certificate_is_not_called_an_invalid_one(name: str, folder: Path) -> None:
    file, content, message = NO_CERTIFICATES[name]
    (folder / file).write_bytes(content)
    result = run("check", file)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert f"{file}: {message}" in result.stderr


def test_a_certificate_is_one_under_any_name(folder: Path) -> None:
    (folder / "c.onnx").write_bytes((folder / "cert").read_bytes())
    (folder / "c.json").write_bytes(gzip.decompress((folder / "cert").read_bytes()))
    assert [run("check", name).exit_code for name in ("c.onnx", "c.json")] == [0, 0]


@pytest.mark.parametrize("name", ["c.cert.jsonl.gz", "c.jsonl", "c.json", "c.onnx"])
@pytest.mark.parametrize(
    "command",
    [("regions",), ("depth",), ("prove",), ("shallow",), ("counterfactual", "--at", "1", "--to", "1")],
)
def test_a_certificate_is_no_network(command: tuple[str, ...], name: str, folder: Path) -> None:
    data = (folder / "cert").read_bytes()
    (folder / name).write_bytes(data if name.endswith(("gz", "onnx")) else gzip.decompress(data))
    before, result = names(folder), run(command[0], name, *command[1:])
    assert (result.exit_code, result.stdout, names(folder)) == (2, "", before)
    assert result.stderr == f"verishallow: {name}: this is a certificate, not a network; name its network\n"


def test_other_gzipped_files_are_no_certificates() -> None:
    gzipped = gzip.compress(b"\x08\x07")
    assert not is_certificate_content(gzipped)
    assert not is_certificate_content(b"\x1f\x8b damaged")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", [("equal", "net.json", "cert"), ("check", "cert", "--network", "cert")])
def test_a_certificate_is_no_second_network(command: tuple[str, ...]) -> None:
    result = run(*command)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "cert: this is a certificate, not a network" in result.stderr
