"""Certificates trimmed to the cells that points visit: equality on those half-open cells, and no claim elsewhere."""

import subprocess
import sys
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims.test_merge_and_gated import DEEP, MODULUS, special_points
from tests.strategies import problems
from verishallow import checker, fast_checker
from verishallow.certificate.certificate import Certificate
from verishallow.certificate.trimming import trimmed_to_points
from verishallow.claims.equality import Equality
from verishallow.claims.gated import gated
from verishallow.claims.merge import Merged
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError, OutsideDomainError
from verishallow.explain import explain
from verishallow.fast_checker.symbolic import symbolic_reading
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.records.half_open_cells import visits
from verishallow.slices import Slice
from verishallow.write import export

Problem = tuple[ReLUNetwork, Polyhedron]


def proved(network: ReLUNetwork, domain: Any, construction: str) -> Certificate:
    claims = {"cells": Equality(), "merge": Merged(), "gated": gated(network)}
    return prove(network, domain, claim=claims[construction])


each_construction = pytest.mark.parametrize("construction", ["cells", "merge", "gated"])

# ------------------------------------------------------------------------------------------- What is claimed


@given(problems(5), st.sampled_from(["cells", "merge", "gated"]), st.data())
@settings(max_examples=40, deadline=None)
def test_it_is_the_network_on_kept_cells_and_a_constant_elsewhere(
    problem: Problem, construction: str, data: Any
) -> None:
    network, domain = problem
    whole, tried = proved(network, domain, construction), special_points(network, domain)
    chosen = data.draw(st.lists(st.sampled_from(tried), min_size=1, max_size=3))
    trimmed = trimmed_to_points(whole, chosen)
    verdict, shallow, bias = trimmed.check(), trimmed.shallow, trimmed.shallow.layer3.bias
    assert verdict.kind == "valid", verdict
    assert fast_checker.check_lines(trimmed.lines) == verdict
    kept = set(_visited(trimmed, tried))
    assert {tried.index(point) for point in chosen} <= kept
    for number, point in enumerate(tried):
        assert tuple(shallow(point)) == (tuple(network(point)) if number in kept else tuple(bias))


def _visited(certificate: Certificate, points: Any) -> list[int]:
    found = visits(certificate.lines, points)
    return [number for visit in found if visit.kind in ("leaf", "piece") for number in visit.points]


@given(problems(5), st.sampled_from(["cells", "merge", "gated"]))
@settings(max_examples=25, deadline=None)
def test_every_point_lies_in_one_half_open_cell(problem: Problem, construction: str) -> None:
    network, domain = problem
    tried = special_points(network, domain)
    assert sorted(_visited(proved(network, domain, construction), tried)) == list(range(len(tried)))


@given(problems(5))
@settings(max_examples=15, deadline=None)
def test_all_points_keep_all_cells(problem: Problem) -> None:
    network, domain = problem
    whole = proved(network, domain, "cells")
    trimmed = trimmed_to_points(whole, [region.witness for region in whole.regions])
    assert trimmed.lines[1:-1] == whole.lines[1:-1]
    assert (trimmed.counts["leaves"], trimmed.counts["dropped"]) == (whole.counts["leaves"], 0)
    assert trimmed.counts["units"] == whole.counts["units"]


@each_construction
def test_what_is_counted_is_there(construction: str) -> None:
    whole = proved(DEEP, "box:-2,2", construction)
    trimmed = trimmed_to_points(whole, [["1/2", "-1"], [0, 0]])
    shallow, units = trimmed.shallow, trimmed.counts["units"]
    assert (shallow.layer1.width, shallow.layer2.width) == (units["layer1"], units["layer2"])
    assert trimmed.counts["leaves"] <= 2 < whole.counts["leaves"]
    assert units["layer2"] < whole.counts["units"]["layer2"]
    assert trimmed(["1/2", "-1"]) == DEEP(["1/2", "-1"])


def test_the_side_that_has_a_hyperplane_keeps_it() -> None:
    whole = prove(MODULUS)
    ends = [trimmed_to_points(whole, [[side]]) for side in (-1, 1)]
    owning = [end for end in ends if _visited(end, [(mpq(0),)])]
    assert len(owning) == 1
    assert owning[0]([0]) == (0,)
    (other,) = [end for end in ends if end not in owning]
    with pytest.raises(OutsideDomainError, match="a cell that is dropped"):
        other([0])


@each_construction
def test_trimmed_again(construction: str) -> None:
    whole = proved(DEEP, "box:-2,2", construction)
    once = trimmed_to_points(whole, [["1/2", "-1"], ["-3/2", "3/2"]])
    twice = trimmed_to_points(once, [["1/2", "-1"]])
    assert twice.check().kind == "valid"
    assert twice.counts["leaves"] == 1 < once.counts["leaves"]
    assert twice.shallow == trimmed_to_points(whole, [["1/2", "-1"]]).shallow
    with pytest.raises(OutsideDomainError, match="dropped already"):
        trimmed_to_points(twice, [["-3/2", "3/2"]])


def test_on_a_slice() -> None:
    line = Slice.line(["1/2", -1], [1, 2])
    trimmed = trimmed_to_points(prove(DEEP, "box:0,1", on_slice=line), [["2/5"]])
    assert trimmed.check().kind == "valid"
    assert trimmed(["2/5"]) == DEEP(line.affine_map([mpq(2, 5)]))


# --------------------------------------------------------------------- It does not pass for all of the domain


@pytest.fixture
def trimmed() -> Certificate:
    return trimmed_to_points(prove(MODULUS, "box:-1,1"), [["-1/2"]])


def test_it_is_no_equality(trimmed: Certificate) -> None:
    for judge in (checker, fast_checker):
        verdict = judge.check_lines(trimmed.lines, claim="equality")
        assert (verdict.kind, "the claim is equality-on-cells" in verdict.reason) == ("invalid", True)


def test_the_verdict_says_so(trimmed: Certificate) -> None:
    assert "in the half-open cells of 1 leaf (nothing on 1 dropped)" in trimmed.check().reason


def test_a_certificate_of_all_cells_cannot_pretend(trimmed: Certificate) -> None:
    header = trimmed.lines[0].replace(b"equality-on-cells", b"equality")
    verdict = checker.check_lines([header, *trimmed.lines[1:]])
    assert verdict.kind == "invalid"


@pytest.mark.parametrize("kind", ["tikz", "smt2", "polymake", "dot"])
def test_kinds_that_show_all_of_the_domain_are_refused(kind: str, trimmed: Certificate, tmp_path: Any) -> None:
    with pytest.raises(InputError, match=kind):
        export(trimmed, kind, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["bibtex", "latex", "macros", "csv", "npz", "torch"])
def test_others_are_about_the_kept_cells(kind: str, trimmed: Certificate, tmp_path: Any) -> None:
    export(trimmed, kind, tmp_path / "out")
    text = (tmp_path / "out").read_bytes()
    if kind in ("torch", "macros", "latex"):
        assert b"equality-on-cells" in text
    if kind == "latex":
        assert b"nothing is claimed" in text
        assert rb"\text{for all }x\in D" not in text
    if kind == "torch":
        assert b"none is proved for the claim" in text


def test_its_bundle_is_checked_by_its_own_command(trimmed: Certificate, tmp_path: Any) -> None:
    export(trimmed, "anc", tmp_path / "anc")
    (line,) = [line for line in (tmp_path / "anc" / "README").read_text().splitlines() if "python3 -I -S" in line]
    found = subprocess.run(
        [sys.executable, *line.split()[1:]], cwd=tmp_path / "anc", capture_output=True, text=True, check=False
    )
    assert (found.returncode, "half-open cells" in found.stdout) == (0, True)


def test_nothing_around_a_point_is_explained(trimmed: Certificate) -> None:
    with pytest.raises(InputError, match="equality-on-cells"):
        explain(trimmed, ["-1/2"])
    with pytest.raises(InputError, match="equality-on-cells"):
        symbolic_reading(trimmed)


# ------------------------------------------------------------------------------------------------ Refusals


@pytest.mark.parametrize(
    ("points", "error", "reason"),
    [
        ([], InputError, "at least one point"),
        ([[0], [2]], OutsideDomainError, r"point 2, \(2\), lies outside"),
    ],
)
def test_such_points_are_refused(points: Any, error: type[Exception], reason: str) -> None:
    with pytest.raises(error, match=reason):
        trimmed_to_points(prove(MODULUS, "box:-1,1"), points)


@pytest.mark.parametrize("claim", [Equality("ignore"), RegionCount()])
def test_such_certificates_are_refused(claim: Any) -> None:
    with pytest.raises(InputError, match="with the boundary exact, found"):
        trimmed_to_points(prove(MODULUS, claim=claim), [[0]])
