"""The construction finite: one function with the network, everywhere, and no infinite weight."""

from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.claims.test_merge_and_gated import special_points
from tests.hidden_layers.test_decide import write
from tests.regions.test_lattice_engine import NETWORKS
from tests.strategies import points, problems
from verishallow import fast_checker
from verishallow.certificate.sizes import ShallowSize
from verishallow.claims.finite import finite
from verishallow.claims.regions import RegionCount
from verishallow.cli import app
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.read import load
from verishallow.read.domains.usable_domain import usable_domain
from verishallow.slices import Slice

Problem = tuple[ReLUNetwork, Polyhedron]

CORNER = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])
SPACE = ReLUNetwork.of([([[1, 1, 0], [0, -1, 1]], [0, 1]), ([[1, 1]], [0])])

few_inputs = problems(7).filter(lambda problem: problem[0].inputs < 3)


@given(few_inputs, st.data())
@settings(max_examples=60, deadline=None)
def test_it_is_the_network(problem: Problem, data: Any) -> None:
    network, domain = problem
    drawn = data.draw(st.lists(points(network.inputs), max_size=5))
    tried = [*special_points(network, domain), *(point for point in drawn if domain.contains(point))]
    certificate = prove(network, domain, claim=finite(network, usable_domain(domain, network.inputs)))
    shallow = certificate.shallow
    assert shallow.layer2.infinite_weights() == 0
    assert [point for point in tried if tuple(shallow(point)) != tuple(network(point))] == []


@given(few_inputs)
@settings(max_examples=60, deadline=None)
def test_both_checkers_find_it_valid(problem: Problem) -> None:
    network, domain = problem
    certificate = prove(network, domain, claim=finite(network, usable_domain(domain, network.inputs)))
    verdict = certificate.check()
    assert verdict.kind == "valid", verdict
    assert fast_checker.check_lines(certificate.lines) == verdict
    regions = prove(network, domain, claim=RegionCount()).counts["activation_regions"]
    assert certificate.counts["activation_regions"] == len(certificate.regions) == regions


@given(few_inputs)
@settings(max_examples=40, deadline=None)
def test_what_is_counted_is_there(problem: Problem) -> None:
    network, domain = problem
    certificate = prove(network, domain, claim=finite(network, usable_domain(domain, network.inputs)))
    assert certificate.finite is not None
    units = certificate.counts["units"]
    hidden = certificate.finite.widths[1:-1]
    assert hidden == ((units["layer1"], units["layer2"]) if units["layer2"] else (units["layer1"],))
    assert len(hidden) == 1 or network.inputs == 2


def test_its_size_is_that_of_its_own_layers() -> None:
    bend = ReLUNetwork.of([([[1]], [0]), ([[1]], [1])])
    certificate = prove(bend, claim=finite(bend, Polyhedron.whole_space(1)))
    assert ShallowSize.of(certificate) == ShallowSize(3, 0, 6, 0)


@pytest.mark.parametrize("engine", ["cdd", "lattice", "tree"])
def test_every_engine_makes_it(engine: str) -> None:
    certificate = prove(CORNER, "box:-2,2", claim=finite(CORNER, Polyhedron.box([(-2, 2)] * 2)), engine=engine)
    assert certificate.check().kind == "valid"
    assert certificate(["1/2", "-3/7"]) == (mpq(1, 2),)


@pytest.mark.parametrize(
    "name",
    ["concurrent3", "int_2-5-5-5_s0", "parallel_dup", "sawtooth_6", "small_deep_2e-36", "strip_2e-30", "touch_facet"],
)
@pytest.mark.parametrize("domain", [None, "box:-1,1"])
def test_degenerate_networks(name: str, domain: str | None) -> None:
    path = NETWORKS / "degenerate" / f"{name}.json"
    if not path.exists():
        pytest.skip("needs the degenerate networks")
    network = load(path)
    certificate = prove(network, domain, claim=finite(network, usable_domain(domain, network.inputs)))
    assert certificate.check().kind == "valid"


def test_on_a_slice() -> None:
    plane = Slice.plane([0, 0, "-1/3"], [1, 0, "1/6"], [0, "3/2", 1])
    claim = finite(plane.restricted(SPACE), Polyhedron.box([(0, 1)] * 2))
    certificate = prove(SPACE, "box:0,1", claim=claim, embedding=plane)
    assert certificate.check().kind == "valid"
    assert certificate(["1/2", "1/3"]) == tuple(plane.restricted(SPACE)(["1/2", "1/3"]))


def test_terms_of_another_domain_are_refused() -> None:
    claim = finite(CORNER, Polyhedron.box([(1, 2)] * 2))
    assert prove(CORNER, "box:1,2", claim=claim).check().kind == "valid"
    assert "the kinks of f and of the terms differ" in prove(CORNER, "box:-2,2", claim=claim).check().reason


def test_more_inputs_are_refused_with_the_literature() -> None:
    with pytest.raises(InputError, match=r"one input or two, found 3.*2503\.13001.*2505\.14338"):
        finite(SPACE, Polyhedron.whole_space(3))


# ---------------------------------------------------------------------------------------- Command line


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


def test_the_command_line_takes_it(tmp_path: Path) -> None:
    network, certificate = str(write(tmp_path, CORNER)), str(tmp_path / "finite.cert.jsonl.gz")
    code, text = run("prove", network, "--construction", "finite", "-o", certificate)
    assert (code, "6 in layer 1, 6 in layer 2" in text) == (0, True)
    assert [run(name, certificate)[0] for name in ("check", "info")] == [0, 0]
    code, text = run("eval", certificate, "--at", "5/2,1")
    assert (code, "y0  3/2" in text) == (0, True)


def test_there_is_no_boundary_to_ignore(tmp_path: Path) -> None:
    path = str(write(tmp_path, CORNER))
    code, text = run("prove", path, "--construction", "finite", "--boundary", "ignore")
    assert (code, "found --boundary ignore" in text) == (2, True)


def test_three_inputs_on_the_command_line(tmp_path: Path) -> None:
    code, text = run("prove", str(write(tmp_path, SPACE)), "--construction", "finite")
    assert (code, "arXiv 2503.13001" in " ".join(text.split())) == (2, True)
