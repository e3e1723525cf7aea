"""Solvers that know nothing of kinks agree: networks of finite weights are the deep network, at every real point."""

import json
from functools import cache
from pathlib import Path

import pytest

from tests.checker.editing import canonical_line
from tests.examples import EXAMPLES
from tests.write.constructions import CHOSEN
from tests.write.logic.solvers import SOLVERS, yices
from verishallow.certificate.certificate import Certificate
from verishallow.claims.finite import finite
from verishallow.hidden_layers.decide import depth
from verishallow.proof import prove
from verishallow.write.logic.smt_lib import smt2

FEW_INPUTS = [name for name in CHOSEN if EXAMPLES[name].network.inputs < 3]


@cache
def of_finite_weights(name: str) -> Certificate:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain.normalised()
    return prove(network, domain, claim=finite(network, domain))


def answers(certificate: Certificate, solver: str, folder: Path, **options: str) -> list[str]:
    path, made = folder / "script.smt2", smt2(certificate, **options)
    assert isinstance(made, bytes)
    path.write_bytes(made)
    return SOLVERS[solver](path)


@pytest.mark.parametrize("name", FEW_INPUTS)
def test_finite(name: str, tmp_path: Path) -> None:
    certificate = of_finite_weights(name)
    assert answers(certificate, "yices", tmp_path) == ["unsat"] * (len(certificate.regions) + 2)


@pytest.mark.parametrize("solver", SOLVERS)
def test_finite_by_every_solver(solver: str, tmp_path: Path) -> None:
    assert answers(of_finite_weights("residual block"), solver, tmp_path, query="single") == ["unsat"]


@pytest.mark.parametrize("name", FEW_INPUTS)
def test_one_hidden_layer(name: str, tmp_path: Path) -> None:
    found = depth(EXAMPLES[name].network, EXAMPLES[name].domain.normalised())
    if found.explicit is not None:
        assert answers(found.certificate, "yices", tmp_path, query="single") == ["unsat"]


def test_a_false_network_is_refuted(tmp_path: Path) -> None:
    certificate = of_finite_weights("residual block")
    terms = json.loads(certificate.lines[2])
    terms["terms"][0]["weight"][0] = "1/1000"
    record = canonical_line(terms)
    assert record != certificate.lines[2]
    forged = Certificate((*certificate.lines[:2], record, *certificate.lines[3:]))
    path, made = tmp_path / "script.smt2", smt2(forged, query="single")
    assert isinstance(made, bytes)
    path.write_bytes(made)
    assert yices(path)[0] == "sat"
