"""Depth, decided: the network with one hidden layer is the function, or two jumps of one hyperplane differ."""

import json
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.regions.test_lattice_engine import NETWORKS
from tests.strategies import points, problems
from verishallow import fast_checker
from verishallow.affine import AffineForm
from verishallow.claims.one_hidden import OneHidden, one_hidden
from verishallow.cli import app
from verishallow.errors import DomainError, InputError, KinkError
from verishallow.hidden_layers.decide import Depth, depth
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.read import load
from verishallow.regions.kinks import kinks
from verishallow.shallow.decision import Jump, jump_at
from verishallow.slices import Slice

Problem = tuple[ReLUNetwork, Polyhedron]

MODULUS = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
CONSTANT = ReLUNetwork.of([([[1], [1]], [0, 0]), ([[1, -1]], [5])])
SLOPE = ReLUNetwork.of([([[1, 2], [-1, -2]], [0, 0]), ([[1, -1], [3, -3]], [5, "1/2"])])
CORNER = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])


@given(problems(6), st.data())
@settings(max_examples=60, deadline=None)
def test_the_answer_is_right(problem: Problem, data: Any) -> None:
    network, domain = problem
    found = depth(network, domain)
    assert found.holds()
    tried = [point for point in data.draw(st.lists(points(network.inputs), max_size=8)) if domain.contains(point)]
    if found.explicit is None:
        assert network.inputs > 1
        assert len(network.hidden) > 1
    else:
        assert [point for point in tried if tuple(found.explicit(point)) != tuple(network(point))] == []
        assert found.hidden_layers == (1 if kinks(network, domain.normalised()) else 0)


@given(problems(4).filter(lambda problem: len(problem[0].hidden) == 1))
@settings(max_examples=30, deadline=None)
def test_one_hidden_layer_is_found_again(problem: Problem) -> None:
    network, domain = problem
    found = depth(network, domain)
    assert found.explicit is not None
    low, high = found.least_neurons or (0, 0)
    assert low <= high == sum(layer.width for layer in found.explicit.hidden)


@given(problems(5).filter(lambda problem: problem[0].inputs == 1))
@settings(max_examples=30, deadline=None)
def test_of_one_input_one_layer_is_always_enough(problem: Problem) -> None:
    found = depth(*problem)
    assert found.hidden_layers <= 1
    assert fast_checker.check_lines(found.certificate.lines) == found.certificate.check()


@pytest.mark.parametrize(
    ("network", "domain", "layers", "neurons"),
    [
        (MODULUS, None, 1, (2, 2)),
        (MODULUS, "box:1,2", 0, None),
        (CONSTANT, None, 0, None),
        (SLOPE, None, 0, None),
        (CORNER, None, 2, None),
        (CORNER, "box:[1,2]x[-5,5]", 1, (2, 2)),
        (CORNER, "box:[-2,-1]x[-5,5]", 0, None),
    ],
)
def test_small_networks(network: ReLUNetwork, domain: str | None, layers: int, neurons: Any) -> None:
    found = depth(network, domain)
    assert (found.hidden_layers, found.least_neurons) == (layers, neurons)
    assert found.holds()


def test_an_uncovered_part_of_a_line_jumps_by_nothing() -> None:
    found = depth(CORNER)
    assert found.plane == AffineForm.of([0, 1, 0])
    assert {jump.vectors for jump in found.jumps} == {((0, 0),), ((1, 0),)}


@pytest.mark.parametrize("name", ["int_2-5-5-5_s0", "int_2-8-8_s1", "concurrent3", "parallel_dup", "touch_facet"])
def test_degenerate_networks(name: str) -> None:
    path = NETWORKS / "degenerate" / f"{name}.json"
    if not path.exists():
        pytest.skip("needs the degenerate networks")
    found = depth(load(path), "box:-1,1")
    assert found.holds()
    assert found.hidden_layers == (2 if name.startswith("int") else 1)


# --------------------------------------------------------------------------------------------- Reasons


def test_a_wrong_jump_does_not_hold() -> None:
    found = depth(CORNER)
    (one, other), plane = found.jumps, found.plane
    wrong = Jump(one.point, ((mpq(7), mpq(0)),))
    assert found.holds()
    for jumps in ((wrong, other), (one, one), (one,), ()):
        assert not Depth(CORNER, found.domain, None, None, plane, jumps).holds()
    assert not Depth(CORNER, found.domain, None, None, None, found.jumps).holds()
    assert not Depth(CORNER, Polyhedron.box([(5, 6), (5, 6)]), None, None, plane, found.jumps).holds()


def test_jumps_at_points_of_several_kinks_are_refused() -> None:
    with pytest.raises(KinkError, match="name another point"):
        jump_at(CORNER, AffineForm.of([0, 1, 0]), [0, 0])
    with pytest.raises(InputError, match="expected a point of the hyperplane"):
        jump_at(CORNER, AffineForm.of([0, 1, 0]), [1, 1])


def test_there_is_no_certificate_of_what_is_not_so() -> None:
    with pytest.raises(InputError, match="no network with one hidden layer"):
        _ = depth(CORNER).certificate
    with pytest.raises(InputError, match="needs more than one hidden layer"):
        one_hidden(CORNER, Polyhedron.whole_space(2))


@pytest.mark.parametrize(
    "network",
    [
        ReLUNetwork.of([([[1]], [0]), ([[1]], [0]), ([[1]], [0])]),
        ReLUNetwork.of([([[1]], [0]), ([[1, 1]], [0], [0, 1])]),
    ],
)
def test_the_claim_needs_one_hidden_layer(network: ReLUNetwork) -> None:
    with pytest.raises(InputError, match="at most one hidden layer"):
        OneHidden(network)


def test_flat_domains_are_refused() -> None:
    with pytest.raises(DomainError):
        depth(CORNER, "box:[0,0]x[0,1]")


def test_the_certificate_is_evaluated_through_its_network() -> None:
    certificate = prove(MODULUS, claim=one_hidden(MODULUS, Polyhedron.whole_space(1)))
    assert certificate(["-3/7"]) == (mpq(3, 7),)
    assert certificate.finite is not None
    assert certificate.finite.widths == (1, 2, 1)
    assert certificate.shallow.layer2.infinite_weights() == 0


SPACE = ReLUNetwork.of([([[1, 1, 0], [0, -1, 1]], [0, 1]), ([[1, 2], [0, 1]], ["1/3", 0]), ([[1, -1]], [0])])


@pytest.mark.parametrize(
    "embedding",
    [
        Slice.line([0, 0, "-1/3"], [1, "3/2", "1/6"]),
        Slice.line([2, 0, 0], [2, 0, -1]),
        Slice.plane([0, 0, 0], [1, 0, "1/6"], [0, 0, 1]),
    ],
)
def test_on_a_slice_the_network_reads_the_inputs(embedding: Slice) -> None:
    usable = Polyhedron.box([(-2, 3)] * embedding.parameters)
    claim = one_hidden(SPACE, usable, embedding)
    certificate = prove(SPACE, usable, claim=claim, embedding=embedding)
    assert certificate.check().kind == "valid"
    assert claim.other.inputs == 3
    point = [mpq(1, 7)] * embedding.parameters
    assert tuple(certificate(point)) == tuple(embedding.restricted(SPACE)(point))


def test_a_slice_that_is_a_point_has_no_parameters_to_find() -> None:
    flat = Slice.of([["0", "1", "1"], ["1", "0", "0"], ["0", "2", "2"]])
    with pytest.raises(InputError, match="one tuple of parameters each"):
        one_hidden(SPACE, Polyhedron.box([(0, 1)] * 2), flat)


# ---------------------------------------------------------------------------------------- Command line


def write(folder: Path, network: ReLUNetwork) -> Path:
    layers = [
        {"weight": [list(map(str, row)) for row in layer.weight], "bias": list(map(str, layer.bias))}
        for layer in network.layers
    ]
    path = folder / "network.json"
    path.write_text(json.dumps({"format": "verishallow-network", "version": 1, "layers": layers}), encoding="utf-8")
    return path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


def test_the_command_says_yes(tmp_path: Path) -> None:
    path = str(write(tmp_path, MODULUS))
    code, text = run("depth", path)
    assert (code, text.splitlines()[0]) == (0, "one hidden layer: 2 neurons are enough, and fewer are not")
    code, text = run("depth", path, "--json")
    found = json.loads(text)
    assert (code, found["hidden_layers"], found["least_neurons"], len(found["layers"])) == (0, 1, [2, 2], 2)


def test_the_command_says_no(tmp_path: Path) -> None:
    path = str(write(tmp_path, CORNER))
    code, text = run("depth", path)
    assert (code, text.splitlines()[0].startswith("two hidden layers or more: on the hyperplane")) == (0, True)
    found = json.loads(run("depth", path, "--json")[1])
    assert (found["hidden_layers"], found["enough_hidden_layers"], found["plane"]) == (2, 2, ["0", "1", "0"])
    assert found["jumps"] == [{"at": ["0", "1"], "by": [["0", "0"]]}, {"at": ["0", "-1"], "by": [["1", "0"]]}]
    assert json.loads(run("depth", path, "--domain", "box:[1,2]x[-5,5]", "--json")[1])["hidden_layers"] == 1


def test_constructions_on_the_command_line(tmp_path: Path) -> None:
    certificate = str(tmp_path / "one.cert.jsonl.gz")
    code, _ = run("prove", str(write(tmp_path, MODULUS)), "--construction", "one-hidden", "-o", certificate)
    assert (code, run("check", certificate)[0], run("info", certificate)[0]) == (0, 0, 0)
    code, text = run("eval", certificate, "--at", "-2")
    assert (code, "y0  2" in text) == (0, True)
    code, text = run("prove", str(write(tmp_path, CORNER)), "--construction", "one-hidden", "-o", certificate)
    assert code == 2
    assert "needs more than one hidden layer" in text


def test_the_command_shows_bases(tmp_path: Path) -> None:
    path = str(write(tmp_path, ReLUNetwork.of([([[2], [1], [-1], [1]], [0, 0, 1, -1]), ([[1, 4, 2, -2]], [0])])))
    code, text = run("depth", path, "--bases")
    assert code == 0
    assert "two sided: (2) + (2) ReLU(-x0) + (4) ReLU(x0)" in text
    assert "use two_sided" in text
    assert "cancels" in text
    found = json.loads(run("depth", path, "--bases", "--domain", "box:-1,3", "--json")[1])
    assert found["duplicates"] == [[0, 1]]
    assert [knot["cancels"] for knot in found["knots"]] == [False, True]
    assert found["one_sided_right"] == {
        "constants": ["4"],
        "bases": [
            {"knot": "-1", "side": "right", "weight": ["-2"]},
            {"knot": "0", "side": "right", "weight": ["6"]},
        ],
    }
    assert [each["active"] for each in found["intervals"]] == [[2], [0, 1, 2], [0, 1, 3]]


def test_bases_are_those_of_one_input(tmp_path: Path) -> None:
    code, text = run("depth", str(write(tmp_path, CORNER)), "--bases")
    assert (code, "one input, found 2" in text) == (2, True)


def test_a_deep_network_has_bases_and_no_neurons_to_read(tmp_path: Path) -> None:
    deep = ReLUNetwork.of([([[1]], [0]), ([[-1]], [2]), ([[1]], [0])])
    code, text = run("depth", str(write(tmp_path, deep)), "--bases")
    assert (code, "two sided" in text, "standing" in text) == (0, True, False)
    assert "neurons" not in json.loads(run("depth", str(write(tmp_path, deep)), "--bases", "--json")[1])
