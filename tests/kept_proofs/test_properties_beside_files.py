"""A certificate of a property in a library is compared with the VNN-LIB file that it is named after."""

import json
from pathlib import Path

import pytest

from tests.examples import ABSOLUTE_VALUE
from verishallow.kept_proofs.library import CheckedProof, check_proof, proofs_in
from verishallow.network import ReLUNetwork
from verishallow.read.network_json import network_to_json
from verishallow.verify.asking import verify

DECLARED = "(declare-const X_0 Real) (declare-const Y_0 Real)\n"
INSIDE = "(assert (>= X_0 -1)) (assert (<= X_0 2))\n"
NEVER = DECLARED + INSIDE + "(assert (> Y_0 2))\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A network, a property and the certificate that it holds."""
    (tmp_path / "net.json").write_text(json.dumps(network_to_json(ReLUNetwork.of(ABSOLUTE_VALUE))))
    (tmp_path / "never.vnnlib").write_text(NEVER)
    outcome = verify(tmp_path / "net.json", tmp_path / "never.vnnlib")
    outcome.certificate.save(tmp_path / "net.property.never.cert.jsonl.gz")
    return tmp_path


def checked(library: Path) -> CheckedProof:
    (files,) = proofs_in(library)
    return check_proof(files)


def test_a_property_beside_its_file_is_valid_without_a_note(library: Path) -> None:
    proof = checked(library)
    assert (proof.kind, proof.note) == ("valid", "")


CHANGES = {
    "another threshold": (NEVER.replace("> Y_0 2", "> Y_0 3"), "about another property"),
    "not strict": (NEVER.replace("(> Y_0 2)", "(>= Y_0 2)"), "about another property"),
    "a larger domain": (NEVER.replace("<= X_0 2", "<= X_0 3"), "about another domain"),
    "an open domain": (NEVER.replace("<= X_0 2", "< X_0 2"), "about another domain"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_file_makes_the_certificate_invalid(library: Path, change: str) -> None:
    text, said = CHANGES[change]
    (library / "never.vnnlib").write_text(text)
    proof = checked(library)
    assert proof.kind == "invalid"
    assert said in proof.reason


def test_the_same_property_spelled_otherwise_is_the_same(library: Path) -> None:
    (library / "never.vnnlib").write_text(DECLARED + "(assert (and (<= -1 X_0) (<= X_0 2.0) (> (* 2 Y_0) 4)))\n")
    assert checked(library).kind == "valid"


def test_without_the_file_the_property_is_the_certificate_s_own(library: Path) -> None:
    (library / "never.vnnlib").unlink()
    proof = checked(library)
    assert proof.kind == "valid"
    assert "property file beside it" in proof.note
