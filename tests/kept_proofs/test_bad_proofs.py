"""One bad proof fails the library."""

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command_line import network_text, run
from tests.examples import ABSOLUTE_VALUE, MAX_OF_TWO
from verishallow import checker, prove
from verishallow.read import load


def another_network(folder: Path) -> None:
    (folder / "network.json").write_text(network_text((*ABSOLUTE_VALUE[:1], ([[1, "100/99"]], [0]))))


def another_domain(folder: Path) -> None:
    rows = {"format": "verishallow-domain", "version": 1, "box": [["-2", "2"]]}
    (folder / "domain.json").write_text(json.dumps(rows))


def no_certificate(folder: Path) -> None:
    (folder / "network.cert.jsonl.gz").unlink()


def no_network(folder: Path) -> None:
    (folder / "network.json").unlink()


def two_certificates(folder: Path) -> None:
    (folder / "network.cert.jsonl").write_bytes(gzip.decompress((folder / "network.cert.jsonl.gz").read_bytes()))


def two_domains(folder: Path) -> None:
    another_domain(folder)
    (folder / "domain.ine").write_text("begin\n1 2 integer\n1 1\nend\n")


def truncated(folder: Path) -> None:
    path = folder / "network.cert.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-20])


def empty(folder: Path) -> None:
    (folder / "network.cert.jsonl.gz").write_bytes(b"")


def one_number_changed(folder: Path) -> None:
    path = folder / "network.cert.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).replace(b'"map":[["0","1"]]', b'"map":[["0","2"]]')
    path.write_bytes(gzip.compress(lines))


def an_open_node(folder: Path) -> None:
    header, network, *_, end = prove(load(folder / "network.json")).lines
    none = {"activation_regions": 0, "affine_pieces": 0, "faces": 0, "leaves": 0, "linear_regions": 0, "open": 1}
    counts = {**json.loads(end), **none, "units": {"layer1": 2, "layer2": 0}}
    del counts["sha256"]
    body = header + network + checker.canonical({"record": "open"})
    sha256 = hashlib.sha256(body + checker.canonical(counts)).hexdigest()
    (folder / "network.cert.jsonl.gz").write_bytes(
        gzip.compress(body + checker.canonical({**counts, "sha256": sha256}))
    )


def a_broken_network(folder: Path) -> None:
    (folder / "network.json").write_text('{"format": "verishallow-network"')


def a_domain_of_another_dimension(folder: Path) -> None:
    rows = {"format": "verishallow-domain", "version": 1, "box": [["-2", "2"]] * 2}
    (folder / "domain.json").write_text(json.dumps(rows))


def a_folder_in_the_place_of_the_certificate(folder: Path) -> None:
    no_certificate(folder)
    (folder / "network.cert.jsonl.gz").mkdir()


REJECTS: dict[str, tuple[Callable[[Path], None], str, int, str]] = {
    "a stale certificate": (another_network, "invalid", 1, "the certificate is about another network"),
    "a certificate for another domain": (another_domain, "invalid", 1, "the certificate is about another domain"),
    "a network without a certificate": (no_certificate, "invalid", 1, "network.json has no certificate beside it"),
    "a certificate without a network": (no_network, "invalid", 1, "network.cert.jsonl.gz has no network beside it"),
    "two certificates": (two_certificates, "invalid", 1, "found network.cert.jsonl and network.cert.jsonl.gz"),
    "two domains": (two_domains, "invalid", 1, "found domain.ine and domain.json"),
    "a truncated certificate": (truncated, "invalid", 1, "the gzip stream is truncated"),
    "an empty certificate": (empty, "invalid", 1, "the file ends before its end record"),
    "a certificate with one number changed": (one_number_changed, "invalid", 1, "the affine map of output 0"),
    "a certificate with an open node": (an_open_node, "incomplete", 3, "1 cell is left open"),
    "a broken network": (a_broken_network, "unreadable", 2, "network.json: not JSON"),
    "a broken domain": (a_domain_of_another_dimension, "unreadable", 2, "expected 1 intervals"),
    "a folder for a certificate": (a_folder_in_the_place_of_the_certificate, "invalid", 1, "has no certificate"),
}


@pytest.mark.parametrize("name", REJECTS)
def test_one_bad_proof_fails_the_library(library: Path, name: str) -> None:
    spoil, verdict, code, words = REJECTS[name]
    spoil(library / "modulus")
    result = run("check", str(library), "--json")
    maximum, modulus = json.loads(result.stdout)
    assert (maximum["verdict"], modulus["verdict"], result.exit_code) == ("valid", verdict, code)
    assert words in modulus["reason"]
    plain = run("check", str(library))
    assert plain.exit_code == code
    assert plain.stdout.splitlines()[-1].startswith(f"modulus: {verdict}: ")


def test_the_worst_verdict_is_the_exit_code(library: Path) -> None:
    an_open_node(library / "modulus")
    a_broken_network(library / "maximum")
    assert run("check", str(library)).exit_code == 2
    another_network(library / "modulus")
    assert run("check", str(library)).exit_code == 1


def test_a_stale_certificate_says_how_to_renew_it(library: Path) -> None:
    (library / "maximum" / "network.json").write_text(network_text((([[1, -2]], [0]), MAX_OF_TWO[1])))
    *_, last = run("check", str(library)).stdout.splitlines()
    network, domain, certificate = (
        library / "maximum" / name for name in ("network.json", "domain.json", "network.cert.jsonl.gz")
    )
    assert last.endswith(f"verishallow prove {network} --domain {domain} --boundary ignore -o {certificate}")
