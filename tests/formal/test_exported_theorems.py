"""Coq accepts the exported theorem of every kind of certificate, and refuses each once a number in it is changed."""

import re
from pathlib import Path

import pytest

from tests.checker.bases import base_lines
from tests.formal.building import ROOT, Development
from verishallow.certificate.certificate import Certificate
from verishallow.write.logic.coq import coq

BASES = (
    "bend",
    "ladder",
    "concurrent",
    "residual",
    "affine",
    "two outputs",
    "shut",
    "slice",
    "slice in space",
    "cross, boundary ignored",
    "affine, boundary ignored",
    "slice, boundary ignored",
    "counted",
    "counted, with skips",
    "counted, without hidden layers",
    "gated",
    "gated, with skips",
    "gated, one hidden layer and a skip",
    "gated, without hidden layers",
    "gated, on a slice",
)
"""Every claim, with and without slices, skips, hidden layers, bounds of the domain, and several outputs."""

PROOFS = ("all-dead", "coinciding-facets", "iris", "sawtooth-8")
"""Of the library of proofs: degenerate ones, and ones with subtrees of their own."""

STATEMENTS = {
    "bend": "deep_is_shallow : forall x, length x = 1%nat -> closed domain x -> equal_at shallow f x",
    "slice": "deep_is_shallow_on_slice : forall x, length x = 1%nat -> closed domain x -> exists y, "
    "evaluate shallow x = Some (map finite y) /\\ Forall2 Qeq y (run f (values inputs x))",
    "cross, boundary ignored": "shallow_is_a_multiple : forall x, length x = 2%nat -> closed domain x -> "
    "exists y k, (1 <= k)%nat /\\ evaluate shallow x = Some (map finite y) /\\ "
    "Forall2 Qeq y (map (fun v => inject_Z (Z.of_nat k) * v) (run f (values inputs x)))",
    "counted": "activation_regions_are_counted : exists regions : list (list form), "
    "N.of_nat (length regions) = 2%N /\\ ",
    "gated": "deep_is_shallow : forall x, length x = 1%nat -> closed domain x -> equal_at shallow f x",
}
"""How theorems begin."""

TAMPERED = {
    "a weight of the network": ("cross", "Form [1; 0] (0)", "Form [2; 0] (0)"),
    "an output's weight": ("cross", "Form [1; 2] (3)", "Form [1; 3] (3)"),
    "an affine map": ("bend", "[[0; 1]]\n", "[[0; 2]]\n"),
    "a plane": ("bend", "[[0; 1]] [0]%nat", "[[1; 1]] [0]%nat"),
    "a witness": ("bend", "[-1]))", "[1]))"),
    "a closing unit": ("bend", "Unit [-1]%Z", "Unit [1]%Z"),
    "a face": ("bend", "[0]%nat true", "[1]%nat true"),
    "a multiplier": ("modulus", "[(0%nat, 2)]", "[(0%nat, 1)]"),
    "a count": ("bend", "Tally 2 3 1", "Tally 2 2 1"),
    "the claimed number of regions": ("counted", "= 2%N", "= 3%N"),
    "a row of the domain": ("cross", "Form [1; 0] (2)", "Form [1; 0] (1)"),
    "a row of the slice": ("slice", "(1#2)", "(1#3)"),
    "a weight behind gates": ("gated", "Form [1] (0)", "Form [5] (0)"),
}
REFUSED = r"(The term|Unable to unify|has type|Incorrect)"


def certificate(name: str) -> Certificate:
    return Certificate(tuple(base_lines(name)))


def theorem(text: str) -> str:
    """The last line, whole, without its proof: from its name to the end of the statement."""
    return text[text.rindex("Theorem ") :].removeprefix("Theorem ").partition(". Proof.")[0]


def written(folder: Path, text: str) -> Path:
    file = folder / "theorem.v"
    file.write_text(text)
    return file


@pytest.mark.parametrize("name", BASES)
def test_coq_accepts_an_exported_theorem(development: Development, name: str, tmp_path: Path) -> None:
    text = coq(certificate(name)).decode()
    ran = development.coqc(written(tmp_path, f"{text}Print Assumptions {theorem(text).split()[0]}.\n"))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Closed under the global context\n", "")


@pytest.mark.parametrize("name", PROOFS)
def test_coq_accepts_the_theorem_of_a_proof_of_the_library(development: Development, name: str, tmp_path: Path) -> None:
    exported = coq(Certificate.checked(ROOT / "proofs" / name / "network.cert.jsonl.gz"))
    ran = development.coqc(written(tmp_path, exported.decode()))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_last_line_is_the_theorem(name: str) -> None:
    text = coq(certificate(name)).decode()
    assert text.endswith(" Qed.\n")
    assert re.sub(r"\s+", " ", theorem(text)).startswith(STATEMENTS[name])


@pytest.mark.parametrize("what", TAMPERED)
def test_coq_refuses_a_tampered_file(development: Development, what: str, tmp_path: Path) -> None:
    name, before, after = TAMPERED[what]
    text = coq(certificate(name)).decode()
    assert before in text
    ran = development.coqc(written(tmp_path, text.replace(before, after, 1)))
    assert ran.returncode == 1
    assert re.search(REFUSED, ran.stderr), ran.stderr
    assert "Syntax error" not in ran.stderr
