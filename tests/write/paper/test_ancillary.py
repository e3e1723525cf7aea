"""The ancillary bundle: its one command proves what its README says, and notices what is changed."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gmpy2 import mpq

from tests.examples import EXAMPLES, example_certificate
from tests.write.paper.typesetting import needs
from verishallow import Certificate, checker
from verishallow.claims.bounds import Bound, OutputBounds
from verishallow.claims.regions import RegionCount
from verishallow.proof import prove, prove_equal
from verishallow.read import load
from verishallow.read.domains.texts import parse_domain
from verishallow.write import export
from verishallow.write.paper.ancillary import ancillary
from verishallow.write.paper.assembled_checker import assembled_checker

NETWORK = EXAMPLES["two outputs"].network
BOUNDS = OutputBounds((Bound(1, mpq(0), mpq("7/2")),))

MAKERS: dict[str, Callable[[], Certificate]] = {
    "equality": lambda: example_certificate("two outputs"),
    "equality on all of space": lambda: example_certificate("layer that reads the input and two earlier layers"),
    "equality with boundaries ignored": lambda: example_certificate("weights of float32", "ignore"),
    "regions": lambda: prove(NETWORK, "box:-1,1", claim=RegionCount()),
    "bounds": lambda: prove(NETWORK, "box:-1,1", claim=BOUNDS),
    "two equal networks": lambda: prove_equal(NETWORK, NETWORK, "box:-1,1"),
}


@pytest.fixture(params=MAKERS)
def certificate(request: pytest.FixtureRequest) -> Certificate:
    """A certificate of each kind of claim."""
    return MAKERS[request.param]()


@pytest.fixture
def equality() -> Certificate:
    return MAKERS["equality"]()


def command(folder: Path) -> list[str]:
    """The one command of the README, with the interpreter that runs the tests."""
    readme = (folder / "README").read_text()
    (found,) = re.findall(r"^  python3 (.*)$", readme, re.MULTILINE)
    return [sys.executable, *shlex.split(found)]


def judged(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(folder), cwd=folder, capture_output=True, text=True, check=False)


def test_the_one_command_proves_what_the_readme_says(tmp_path: Path, certificate: Certificate) -> None:
    export(certificate, "anc", tmp_path / "anc")
    done = judged(tmp_path / "anc")
    claim = done.stdout.strip().removeprefix("valid: ")
    assert (done.returncode, done.stderr) == (0, "")
    assert claim == checker.claim(certificate.header, certificate.counts)
    assert f"\n  {claim}\n" in (tmp_path / "anc" / "README").read_text()


def test_the_files_are_those_of_the_certificate(tmp_path: Path, certificate: Certificate) -> None:
    export(certificate, "anc", tmp_path / "anc")
    assert Certificate.read(tmp_path / "anc" / "certificate.jsonl.gz") == certificate
    assert load(tmp_path / "anc" / "network.json") == certificate.network
    if certificate.other is not None:
        assert load(tmp_path / "anc" / "other.json") == certificate.other
    domain = parse_domain(str(tmp_path / "anc" / "domain.json"), certificate.network.inputs)
    assert domain == certificate.domain
    assert (tmp_path / "anc" / "checker.py").read_bytes() == assembled_checker()


def test_the_readme_names_every_file(certificate: Certificate) -> None:
    found = ancillary(certificate).files
    listed = re.findall(r"^  (\S+) {2,}\S", found["README"].decode(), re.MULTILINE)
    assert sorted(listed) == sorted(found)


def test_the_check_sums_hold(tmp_path: Path, equality: Certificate) -> None:
    needs("sha256sum")
    export(equality, "anc", tmp_path / "anc")
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(check, cwd=tmp_path / "anc", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count(": OK")) == (0, 5)
    (tmp_path / "anc" / "README").write_text("changed")
    assert subprocess.run(check, cwd=tmp_path / "anc", capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize(
    ("name", "old", "new", "fragment"),
    [
        ("network.json", '"bias": ["0", "1"]', '"bias": ["0", "2"]', "another network"),
        ("domain.json", '["2", "1", "0"]', '["3", "1", "0"]', "another domain"),
    ],
)
def test_another_network_or_domain_is_noticed(
    tmp_path: Path, equality: Certificate, name: str, old: str, new: str, fragment: str
) -> None:
    export(equality, "anc", tmp_path / "anc")
    file = tmp_path / "anc" / name
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    done = judged(tmp_path / "anc")
    assert (done.returncode, fragment in done.stdout) == (1, True)


def test_a_weaker_claim_is_noticed(tmp_path: Path, equality: Certificate) -> None:
    export(equality, "anc", tmp_path / "anc")
    example_certificate("two outputs", "ignore").save(tmp_path / "anc" / "certificate.jsonl.gz")
    done = judged(tmp_path / "anc")
    assert (done.returncode, "boundary ignore" in done.stdout) == (1, True)


def test_an_archive_holds_the_same_files(tmp_path: Path, equality: Certificate) -> None:
    needs("tar")
    export(equality, "anc", tmp_path / "proof.tar.gz")
    subprocess.run(["tar", "xzf", "proof.tar.gz"], cwd=tmp_path, check=True)
    found = {path.name: path.read_bytes() for path in (tmp_path / "anc").iterdir()}
    assert found == ancillary(equality).files
    assert judged(tmp_path / "anc").returncode == 0
