"""Appendices, entries and bundles of claims that list no regions."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from verishallow import Certificate, ReLUNetwork, verify, within
from verishallow.read.properties.expressions import variables
from verishallow.write import export
from verishallow.write.paper.ancillary import command
from verishallow.write.paper.bibtex import bibtex
from verishallow.write.paper.latex.appendix import latex

MODULUS = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])


def holds() -> Certificate:
    return verify(MODULUS, lambda x, y: (y[0] > 2) | (x[0] - y[0] > 0), domain="box:-1,2").certificate


def in_an_open_domain() -> Certificate:
    (x,), _ = variables(1, 1)
    return verify(MODULUS, lambda _, y: y[0] <= 0, domain=(x > 0) & (x <= 1)).certificate


def violated() -> Certificate:
    return verify(MODULUS, lambda _, y: y[0] >= 2, domain="box:-1,2").certificate


STATED: dict[str, tuple[Callable[[], Certificate], tuple[str, ...]]] = {
    "a union": (holds, (r"there is no $x\in D$ with one of", "$f_{0}(x) - 2> 0$", "$x - f_{0}(x)> 0$")),
    "an open domain": (in_an_open_domain, ("$x> 0$", r"$- x + 1\ge 0$", r"$- f_{0}(x)\ge 0$")),
    "a counterexample": (violated, ("the point $x=(2)$ lies in $D$", r"$f_{0}(x) - 2\ge 0$")),
}


@pytest.mark.parametrize("name", STATED)
def test_the_theorem_says_what_is_unsafe(name: str) -> None:
    make, said = STATED[name]
    text = latex(make()).decode()
    assert [words for words in said if words not in text] == []
    assert "interior points" not in text
    assert "activation region" not in text


def test_the_title_of_the_entry_is_the_claim_s() -> None:
    assert "Certificate of a property of a {ReLU} network" in bibtex(holds()).decode()
    assert "Certificate of a counterexample of a {ReLU} network" in bibtex(violated()).decode()


def two_networks() -> Certificate:
    return within(MODULUS, MODULUS, "1/100", "box:-1,1").certificate


@pytest.mark.parametrize("make", [holds, in_an_open_domain, violated, two_networks])
def test_a_bundle_checks_by_its_own_command(make: Callable[[], Certificate], tmp_path: Path) -> None:
    certificate = make()
    export(certificate, "anc", tmp_path / "anc")
    words = shlex.split(command(certificate))
    assert {"--domain", "--unsafe", "--claim"} <= set(words)
    done = subprocess.run([sys.executable, *words[1:]], cwd=tmp_path / "anc", capture_output=True, check=False)
    assert (done.returncode, done.stdout[:7]) == (0, b"valid: ")


def test_a_bundle_of_another_property_fails(tmp_path: Path) -> None:
    export(holds(), "anc", tmp_path / "one")
    export(in_an_open_domain(), "anc", tmp_path / "two")
    words = shlex.split(command(holds()))
    for name in ("unsafe.json", "domain.json"):
        kept = (tmp_path / "one" / name).read_bytes()
        (tmp_path / "one" / name).write_bytes((tmp_path / "two" / name).read_bytes())
        done = subprocess.run([sys.executable, *words[1:]], cwd=tmp_path / "one", capture_output=True, check=False)
        assert done.returncode == 1
        (tmp_path / "one" / name).write_bytes(kept)
