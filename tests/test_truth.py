"""What answers a question is true just when the answer is yes; what is no yes or no refuses, and says how to ask."""

import json
from pathlib import Path

import pytest
from gmpy2 import mpq

from verishallow import Certificate, ReLUNetwork, check, checker, depth, difference, prove
from verishallow.checker import Verdict
from verishallow.errors import InputError
from verishallow.explain import counterfactual
from verishallow.kept_proofs.library import check_proof, proofs_in
from verishallow.read.network_json import network_to_json
from verishallow.write.networks.rounding import NoBound, RoundingBound

MODULUS = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
IDENTITY = ReLUNetwork.of([([[1]], [0])])


@pytest.mark.parametrize(("kind", "true"), [("valid", True), ("invalid", False), ("incomplete", False)])
def test_a_verdict_is_true_just_when_it_is_valid(kind: str, true: bool) -> None:
    assert bool(Verdict(kind, "a reason")) is true


def test_an_assertion_of_a_check_fails_for_a_changed_certificate(tmp_path: Path) -> None:
    file, forged = tmp_path / "n.cert.jsonl.gz", tmp_path / "forged.cert.jsonl"
    certificate = prove(MODULUS)
    certificate.save(file)
    forged.write_bytes(b"\n".join(line.rstrip().replace(b'"1"', b'"2"') for line in certificate.lines) + b"\n")
    assert check(file)
    assert checker.check(file)
    assert check(file, MODULUS)
    assert not check(forged)
    assert not checker.check(forged)
    assert not check(file, IDENTITY)
    assert not check(file, claim="regions")


def test_a_proof_of_a_library_is_true_just_when_it_is_valid(tmp_path: Path) -> None:
    (tmp_path / "n.json").write_text(json.dumps(network_to_json(MODULUS)))
    prove(MODULUS).save(tmp_path / "n.cert.jsonl.gz")
    (files,) = proofs_in(tmp_path)
    assert check_proof(files)
    (tmp_path / "n.json").write_text(json.dumps(network_to_json(IDENTITY)))
    assert not check_proof(files)


def test_a_difference_is_true_and_none_is_false() -> None:
    assert difference(MODULUS, IDENTITY)
    assert not difference(MODULUS, MODULUS)


def test_a_counterfactual_is_true_and_none_is_false() -> None:
    assert counterfactual(IDENTITY, [-1], 1)
    assert not counterfactual(ReLUNetwork.of([([[1]], [0]), ([[1]], [1])]), [-1], 0)


def test_no_bound_is_false_and_a_bound_is_true() -> None:
    assert not NoBound("the domain is unbounded")
    assert RoundingBound(((mpq(0), mpq(1)),), (mpq(0),), {}, None)


@pytest.mark.parametrize(("network", "layers"), [(IDENTITY, 0), (MODULUS, 1)])
def test_a_depth_says_how_to_ask(network: ReLUNetwork, layers: int) -> None:
    found = depth(network)
    with pytest.raises(InputError, match="hidden_layers"):
        bool(found)
    assert found.hidden_layers == layers


@pytest.mark.parametrize("lines", [prove(MODULUS).lines, prove(MODULUS).lines[:2]], ids=["whole", "cut short"])
def test_a_certificate_says_how_to_ask(lines: tuple[bytes, ...]) -> None:
    with pytest.raises(InputError, match=r"check\(\), which is true just when it is valid"):
        bool(Certificate(lines))
