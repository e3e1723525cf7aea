"""Sufficient inputs: minimal against all subsets, proved and refuted exactly, what is taken and refused."""

import json
import random
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

import verishallow
from tests.cli.command_line import facts_of, names, plain, run
from tests.strategies import networks
from tests.verify import plain_checker
from verishallow.certificate.certificate import Certificate
from verishallow.errors import IncompleteError, InputError, OutsideDomainError
from verishallow.explain import SufficientInputs, classes_at, sufficient
from verishallow.network import Layer, ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.read.network_json import network_to_json
from verishallow.read.properties.conjunction import Conjunction
from verishallow.slices import Slice

ROOT = Path(__file__).resolve().parents[2]
IRIS, FLOWERS, SETOSA = ROOT / "proofs/iris/network.onnx", ROOT / "proofs/iris/domain.json", "5.1,3.5,1.4,0.2"
Sides = list[tuple[mpq, mpq]]

SWITCH = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[2, -1]], ["-1/2"])])
"""2 ReLU(x0) - ReLU(x1) - 1/2: on the unit box x0 = 1 makes it positive, whatever x1 is."""

EITHER = ReLUNetwork.of([([[1, 1, 0]], [0]), ([[1]], ["-1/2"])])
"""ReLU(x0 + x1) - 1/2: on the unit box x0 = 1 is enough, or x1 = 1; x2 says nothing."""

THREE = ReLUNetwork.of([([[1, -1], [-1, 1]], [0, 0]), ([[1, 0], [0, 1], [0, 0]], [0, 0, "1/4"])])
"""The classes x0 > x1 + 1/4, x1 > x0 + 1/4, and both near."""


def unit(n: int) -> list[tuple[Any, Any]]:
    return [(0, 1)] * n


# ----------------------------------------------------------------------------------- Against all subsets


def forces(network: ReLUNetwork, at: Vector, sides: Sides, kept: Iterable[int], winner: int) -> bool:
    """Whether inputs suffice, by listing all regions of the leads of the class, on the slice of the free inputs."""
    free = [i for i in range(len(at)) if i not in set(kept)]
    lead = leads(network, winner)
    if not free:
        return all(value > 0 for value in lead(at))
    rows = [[0 if i in free else x, *(int(i == j) for j in free)] for i, x in enumerate(at)]
    bounds = verishallow.output_range(Slice.of(rows).restricted(lead), Polyhedron.box([sides[i] for i in free]))
    return len(bounds) == lead.outputs and all(bound.low is not None and bound.low > 0 for bound in bounds)


def leads(network: ReLUNetwork, winner: int) -> ReLUNetwork:
    """How much the class is ahead of each other one."""
    *hidden, last = network.layers
    rows = list(zip(last.weight, last.bias, strict=True))
    if len(rows) == 1:
        rows = [((mpq(0),) * len(last.weight[0]), mpq(0)), *rows]
    (own, bias), others = rows[winner], [row for number, row in enumerate(rows) if number != winner]
    weight = tuple(tuple(a - b for a, b in zip(own, other, strict=True)) for other, _ in others)
    return ReLUNetwork(network.inputs, (*hidden, Layer(weight, tuple(bias - b for _, b in others), last.reads)))


def greedily(order: Iterable[int], n: int, suffices: Callable[[set[int]], bool]) -> set[int]:
    """What is left when inputs are let go one after the other."""
    kept = set(range(n))
    for number in order:
        kept = kept - {number} if suffices(kept - {number}) else kept
    return kept


def random_question(seed: int) -> tuple[ReLUNetwork, Vector, Sides, list[int]]:
    """A network of 2 or 3 inputs, a point of a box with one class, an order."""
    rng = random.Random(seed)
    while True:
        n, width, outputs = rng.randint(2, 3), rng.randint(1, 4), rng.randint(1, 3)

        def row(columns: int) -> list[int]:
            return [rng.randint(-2, 2) for _ in range(columns)]

        network = ReLUNetwork.of(
            [([row(n) for _ in range(width)], row(width)), ([row(width) for _ in range(outputs)], row(outputs))]
        )
        at = tuple(mpq(rng.randint(-4, 4), 2) for _ in range(n))
        sides = [(x - mpq(rng.randint(0, 3), 2) - mpq(1, 4), x + mpq(rng.randint(1, 3), 2)) for x in at]
        if len(classes_at(network, at)) == 1:
            return network, at, sides, rng.sample(range(n), n)


@pytest.mark.parametrize("seed", range(60))
def test_the_set_is_the_one_that_letting_go_in_order_leaves_and_no_proper_subset_of_it_suffices(seed: int) -> None:
    network, at, sides, order = random_question(seed)
    found = sufficient(network, at, sides, order=order)
    (winner,) = classes_at(network, at)

    def suffices(kept: Iterable[int]) -> bool:
        return forces(network, at, sides, kept, winner)

    assert (found.winner, found.minimal, found.not_shown) == (winner, True, ())
    assert set(found.kept) == greedily(order, len(at), suffices)
    subsets = [set(some) for size in range(len(at) + 1) for some in combinations(range(len(at)), size)]
    assert [some for some in subsets if some <= set(found.kept) and suffices(some)] == [set(found.kept)]
    assert plain_checker.check(found.proof.lines) == "valid"
    assert found.proof.certificate.header["domain"] == domain_with(found, sides, found.kept)
    for number, outcome in found.needed.items():
        assert outcome is not None
        assert outcome.certificate.check().kind == "valid"
        assert outcome.certificate.header["domain"] == domain_with(found, sides, set(found.kept) - {number})


def domain_with(found: SufficientInputs, sides: Sides, fixed: Iterable[int]) -> list[list[str]]:
    """The rows of the box, then two rows per input that is fixed, as a header spells them."""
    n, rows = len(sides), list[tuple[str, ...]]()
    bounds = [*enumerate(sides), *((i, (found.at[i], found.at[i])) for i in sorted(fixed))]
    for i, (low, high) in bounds:
        for sign, end in ((1, low), (-1, high)):
            scale = end.denominator
            rows.append((str(-sign * end * scale), *(str(sign * scale) if i == j else "0" for j in range(n))))
    return [list(row) for row in dict.fromkeys(rows)]


# ----------------------------------------------------------------------------------------------- Laws


@given(st.data())
def test_the_kept_inputs_force_the_class_and_each_counterexample_moves_one_of_them_alone(data: st.DataObject) -> None:
    network = data.draw(networks(most_neurons=6))
    at = data.draw(point_of(network.inputs))
    won = classes_at(network, at)
    if len(won) > 1:
        with pytest.raises(InputError, match="tie at the point"):
            sufficient(network, at, [(x - 1, x + 1) for x in at])
        return
    found = sufficient(network, at, [(x - 1, x + 1) for x in at])
    assert sorted((*found.kept, *found.freed)) == list(range(network.inputs))
    for _ in range(5):
        moved = data.draw(point_of(network.inputs))
        inside = tuple(x if i in found.kept else x + y / 4 for i, (x, y) in enumerate(zip(at, moved, strict=True)))
        assert classes_at(network, inside) == won
    for number, outcome in found.needed.items():
        assert outcome is not None
        assert outcome.point is not None
        changed = {i for i, (x, y) in enumerate(zip(at, outcome.point, strict=True)) if x != y}
        assert number in changed <= {number, *found.freed}
        assert all(abs(x - y) <= 1 for x, y in zip(at, outcome.point, strict=True))
        assert outcome.outputs == network(outcome.point)
        assert classes_at(network, outcome.point) != won


def point_of(dimension: int) -> st.SearchStrategy[Vector]:
    """Points in quarters, up to 4 from 0."""
    return st.tuples(*[st.builds(mpq, st.integers(-16, 16), st.just(4))] * dimension)


# --------------------------------------------------------------------------------------- What is decided


FOUND: dict[str, tuple[ReLUNetwork, list[Any], Any, dict[str, Any], tuple[int, ...]]] = {
    "one input is enough": (SWITCH, [1, 0], unit(2), {}, (0,)),
    "of class 0 of a single output": (SWITCH, [0, 1], unit(2), {}, (0,)),
    "the first that is let go": (EITHER, [1, 1, 0], unit(3), {"order": [0]}, (1,)),
    "the other one that is let go": (EITHER, [1, 1, 0], unit(3), {"order": [1]}, (0,)),
    "what says nothing goes first, by default": (EITHER, [1, 0, 0], unit(3), {}, (0,)),
    "the narrow input goes before the wide one": (EITHER, [1, 1, 0], [(0, 2), (0, 1), (0, 1)], {}, (0,)),
    "no input where a class wins everywhere": (EITHER, [1, 1, 0], [("1/2", 1), ("1/2", 1), (0, 1)], {}, ()),
    "all of them": (THREE, [1, 0], unit(2), {}, (0, 1)),
    "an input on a side of its own": (SWITCH, [1, 0], [(1, 1), (0, 1)], {}, ()),
    "a tie is no win": (SWITCH, [1, 0], [("1/2", 1), (0, "1/2")], {"order": [0, 1]}, (1,)),
    "without the tie it wins": (SWITCH, [1, 0], [("3/5", 1), (0, "3/5")], {"order": [0, 1]}, ()),
    "a tie outside an open domain": (
        SWITCH,
        [1, 0],
        Conjunction.of([["-1/2", 1, 0], [1, -1, 0], [0, 0, 1], ["1/2", 0, -1]], [0]),
        {"order": [0, 1]},
        (),
    ),
    "a slanted domain": (SWITCH, [1, 0], Polyhedron.of([[0, 0, 1], [0, 1, -2], [1, -1, 0]]), {}, (0,)),
    "an unbounded domain": (EITHER, [0, 1, 0], Conjunction.of([[0, 1, 0, 0], [0, 0, 1, 0]]), {}, (1,)),
    "all of R^n": (EITHER, [1, 1, 0], Conjunction(), {}, (0, 1)),
    "the class that is named": (THREE, [1, 0], unit(2), {"winner": 0}, (0, 1)),
    "with two processes": (SWITCH, [1, 0], unit(2), {"jobs": 2}, (0,)),
}


@pytest.mark.parametrize(("network", "at", "domain", "options", "kept"), FOUND.values(), ids=FOUND.keys())
def test_what_is_found(network: ReLUNetwork, at: list[Any], domain: Any, options: dict[str, Any], kept: Any) -> None:
    found = sufficient(network, at, domain, **options)
    assert (found.kept, found.minimal) == (kept, True)
    assert found.proof.certificate.check().kind == "valid"


@pytest.mark.parametrize(
    ("budget", "unknown"),
    [({"max_nodes": 0}, (1,)), ({"timeout": 0}, (0, 1))],
    ids=["no cell, but points are tried", "no time"],
)
def test_without_a_budget_inputs_are_kept_and_said_to_be_not_shown_to_be_needed(
    budget: dict[str, Any], unknown: tuple[int, ...]
) -> None:
    found = sufficient(SWITCH, [1, 0], unit(2), **budget)
    assert (found.kept, found.not_shown, found.minimal, found.freed) == ((0, 1), unknown, False, ())
    assert repr(found) == "<SufficientInputs: [0, 1] of 2 for class 1, not shown to be minimal>"
    assert found.proof.certificate.check().kind == "valid"


def test_a_point_that_is_not_proved_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verishallow.verify.sufficient.NODES_OF_A_POINT", 0)
    with pytest.raises(IncompleteError, match="the class of the point itself was not proved"):
        sufficient(THREE, [1, 0], unit(2))


def test_runs_are_let_go_together() -> None:
    many = ReLUNetwork.of([([[1] + [0] * 31], [0]), ([[1]], ["-1/2"])])
    found = sufficient(many, [1] * 32, unit(32))
    assert (found.kept, len(found.freed)) == ((0,), 31)
    assert found.proof.certificate.header["inputs"] == 32


REFUSED: dict[str, tuple[list[Any], Any, dict[str, Any], type[Exception], str]] = {
    "no domain": ([1, 0], None, {}, InputError, "expected a domain, the values that inputs may have once"),
    "a point of three": ([1, 0, 0], unit(2), {}, InputError, "at: expected 2 coordinates, found 3"),
    "a point outside": ([2, 0], unit(2), {}, OutsideDomainError, "inequality 1, 1 - x0 >= 0, fails"),
    "a point on an open side": (
        [1, 0],
        Conjunction.of([[1, -1, 0]], [0]),
        {},
        OutsideDomainError,
        "inequality 0, 1 - x0 > 0, fails",
    ),
    "a domain of three": ([1, 0], Polyhedron.box(unit(3)), {}, InputError, "domain: expected one of 2 inputs, found 3"),
    "a tie": (["1/4", 0], unit(2), {}, InputError, "classes 0 and 1 tie at the point"),
    "another class": ([1, 0], unit(2), {"winner": 0}, InputError, "class: expected that of the point, 1, found 0"),
    "an input that is none": ([1, 0], unit(2), {"order": [2]}, InputError, "different numbers of inputs from 0 to 1"),
    "an input twice": ([1, 0], unit(2), {"order": [0, 0]}, InputError, "different numbers of inputs from 0 to 1"),
    "an input by a truth value": ([1, 0], unit(2), {"order": [True]}, InputError, "different numbers of inputs"),
    "no process": ([1, 0], unit(2), {"jobs": 0}, InputError, "jobs: expected a number of processes"),
}


@pytest.mark.parametrize(("at", "domain", "options", "error", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused(at: list[Any], domain: Any, options: dict[str, Any], error: Any, said: str) -> None:
    with pytest.raises(error) as caught:
        sufficient(SWITCH, at, domain, **options)
    assert said in str(caught.value)


def test_a_result_is_checked_when_it_is_born() -> None:
    found = sufficient(SWITCH, [1, 0], unit(2))
    with pytest.raises(InputError, match="each of 2 inputs kept or freed"):
        SufficientInputs(found.at, 1, (0,), (), found.proof, found.needed)
    violated = found.needed[0]
    assert violated is not None
    with pytest.raises(InputError, match="a proof that holds"):
        SufficientInputs(found.at, 1, (0,), (1,), violated, found.needed)


# ----------------------------------------------------------------------------------------- Command line


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, network in (("switch", SWITCH), ("either", EITHER)):
        (tmp_path / f"{name}.json").write_text(json.dumps(network_to_json(network)))
    (tmp_path / "iris.onnx").write_bytes(IRIS.read_bytes())
    return tmp_path


ASKED = ("explain", "switch.json", "--at", "1,0", "--domain", "box:0,1", "--sufficient")


def test_the_command_writes_the_proof_beside_the_network(folder: Path) -> None:
    result = run(*ASKED, "--names", "level,noise")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(
        "1 of 2 inputs force class 1, whatever the others are in the domain; each is needed"
    )
    assert plain(result)["free"] == "noise"
    assert plain(result)["certificate"] == "switch.property.sufficient.cert.jsonl.gz"
    assert names(folder) == ["either.json", "iris.onnx", "switch.json", "switch.property.sufficient.cert.jsonl.gz"]
    assert Certificate.read("switch.property.sufficient.cert.jsonl.gz").check().kind == "valid"


def test_in_a_folder_the_counterexamples_have_certificates_too(folder: Path) -> None:
    command = ("explain", "iris.onnx", "--at", SETOSA, "--domain", str(FLOWERS), "--sufficient")
    facts = facts_of(run(*command, "-o", "out/", "--json"))
    assert (facts["verdict"], facts["class"], facts["minimal"]) == ("holds", "0", True)
    assert (facts["sufficient"], facts["freed"]) == ([1, 2, 3], [0])
    assert facts["certificate"] == "out/iris.property.sufficient.cert.jsonl.gz"
    for number, needed in zip(facts["sufficient"], facts["needed"], strict=True):
        certificate = Certificate.read(needed["certificate"])
        assert (needed["input"], needed["certificate"]) == (
            number,
            f"out/iris.counterexample.sufficient-{number}.cert.jsonl.gz",
        )
        assert (certificate.claim, certificate.check().kind) == ("counterexample", "valid")
        assert certificate.header["point"] == needed["point"]
        assert needed["classes"] == [str(won) for won in classes_at(IRIS, needed["point"])]
    assert len(names(folder / "out")) == 4


@pytest.mark.usefixtures("folder")
def test_what_is_not_shown_to_be_needed_is_said_and_ends_with_3() -> None:
    result = run(*ASKED, "--max-nodes", "0")
    assert (result.exit_code, result.stderr) == (3, "")
    assert result.stdout.startswith(
        "class 1 at the point; none of 2 inputs was let go; not shown to be needed within the budget: x1\n"
    )
    facts = facts_of(run(*ASKED, "--max-nodes", "0", "--json", "-o", "other.gz"))
    assert (facts["minimal"], facts["certificate"]) == (False, "other.gz")
    assert [(each["input"], each["point"] is None) for each in facts["needed"]] == [(0, False), (1, True)]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("order", "kept"), [("a", [1]), ("b", [0]), ("1,a", [0]), ("c,a", [1])])
def test_the_order_is_by_names_or_numbers(order: str, kept: list[int]) -> None:
    command = ("explain", "either.json", "--at", "1,1,0", "--domain", "box:0,1", "--sufficient", "--names", "a,b,c")
    facts = facts_of(run(*command, "--order", order, "--json"))
    assert (facts["sufficient"], facts["features"]) == (kept, ["a", "b", "c"])


@pytest.mark.usefixtures("folder")
def test_classes_have_names() -> None:
    facts = facts_of(run(*ASKED, "--output-names", "low,high", "--class", "high", "--json"))
    assert (facts["class"], facts["needed"][0]["classes"]) == ("high", ["low"])


def test_where_no_input_is_needed_that_is_said(folder: Path) -> None:
    result = run("explain", "either.json", "--at", "1,1,1", "--domain", "box:1/2,1", "--sufficient")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("class 1 wins everywhere in the domain: none of 3 inputs is needed\n")
    assert "either.property.sufficient.cert.jsonl.gz" in names(folder)


WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "no domain": (ASKED[:4] + ASKED[-1:], "expected --domain D, the values that inputs may have once they are let go"),
    "no point": (("explain", "switch.json", "--domain", "box:0,1", "--sufficient"), "expected --at X, the point whose"),
    "a tree": ((*ASKED, "--tree", "text"), "--sufficient: leave out --tree"),
    "a slice": ((*ASKED, "--line", "0,0", "1,1"), "--sufficient: leave out --line"),
    "a baseline": ((*ASKED, "--baseline", "0,0"), "--sufficient: leave out --baseline"),
    "another class": ((*ASKED, "--class", "0"), "class: expected that of the point, 1, found 0"),
    "a class that is none": ((*ASKED, "--class", "2"), "class: expected one of 0, 1"),
    "a feature that is none": ((*ASKED, "--order", "x2"), "feature: expected one of x0, x1"),
    "a feature twice": ((*ASKED, "--order", "x0,0"), "order: expected different numbers of inputs"),
    "a point outside": (("explain", "switch.json", "--at", "2,0", *ASKED[4:]), "the point lies outside the domain"),
    "a flat domain": (
        (*ASKED[:4], "--domain", "box:[1,1]x[0,1]", "--sufficient"),
        "makes the domain flat in the input x0",
    ),
    "the network as its proof": ((*ASKED, "-o", "switch.json"), "switch.json: is read by this command"),
    "an order of nothing": ((*ASKED[:-1], "--order", "0"), "belong to --sufficient"),
    "a budget of nothing": ((*ASKED[:-1], "--max-nodes", "5"), "belong to --sufficient"),
}


@pytest.mark.parametrize(("command", "said"), WORDS.values(), ids=WORDS.keys())
def test_bad_input_gets_one_line_and_nothing_is_written(folder: Path, command: tuple[str, ...], said: str) -> None:
    result = run(*command)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert said in result.stderr
    assert names(folder) == ["either.json", "iris.onnx", "switch.json"]


def test_a_certificate_is_refused(folder: Path) -> None:
    assert run(*ASKED, "-o", "c.gz").exit_code == 0
    result = run("explain", "c.gz", *ASKED[2:])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--sufficient: expected a network, found a certificate, c.gz" in result.stderr
    assert names(folder) == ["c.gz", "either.json", "iris.onnx", "switch.json"]
