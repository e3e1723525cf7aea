"""The benchmarks run: each table on its tiniest network, with the peers that are there."""

from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import (
    enumeration,
    finite_weights,
    measuring,
    miscounts,
    networks,
    proofs,
    real,
    reported_counts,
    sizes,
    verify_properties,
)
from tests.benchmarks.float_twin import float_twin
from tests.benchmarks.marabou_peer import available, marabou
from tests.benchmarks.measuring import Outcome, Run, Tool, Worker, in_turn, installed, measured
from tests.benchmarks.networks import WHOLE, Case
from tests.benchmarks.peers import AFFINITREE, OURS, REGIONCAM, TINY, TWIN, affinitree, ours, regioncam

CASES = (TINY, Case(TINY.name, WHOLE))


class Here:
    """A worker that is no process: sooner ready."""

    def __init__(self, tool: Tool, _warm_up: Any) -> None:
        self.tool = tool

    def run(self, case: Any, _seconds: float, _enough: float) -> Outcome:
        return measured(self.tool(case), 0.0)

    @property
    def alive(self) -> bool:
        return True

    def close(self) -> None:
        pass


@pytest.fixture
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "Worker", Here)


@pytest.mark.usefixtures("_here")
def test_enumeration() -> None:
    found = list(enumeration.measure(CASES, 2))
    assert all(len(each.row()) == len(enumeration.HEADS) for each in found)
    assert all(each.faster(TWIN) for each in found)
    assert all("not measured" in line or "met on" in line for line in enumeration.targets(found))
    assert OURS in enumeration.noise(found)


@pytest.mark.usefixtures("_here")
def test_proofs(tmp_path: Path) -> None:
    claim = proofs.ProofCase(TINY, "exact", tmp_path / "proof.jsonl")
    assert len(proofs.proof_row(claim, 1)) == len(proofs.HEADS)
    assert len(proofs.growth_row(claim, peers=False)) == len(proofs.GROWTH_HEADS)
    assert proofs.reasons(claim.path).total() > 0


@pytest.mark.parametrize("engine", ["lattice", "tree"])
def test_reported_counts(engine: str) -> None:
    found = reported_counts.measured(engine, TINY, 2)
    assert len(found.row()) == len(reported_counts.HEADS)
    assert len(found.rounds) == 2
    assert all(each.counts > 0 and each.proof > 0 for each in found.rounds)
    assert found.share < 1


def test_finite_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    found = finite_weights.measured(TINY)
    assert len(found.row()) == len(finite_weights.HEADS)
    assert 0 < found.share < 10
    monkeypatch.setattr(finite_weights, "QUICK", (TINY,))
    *rows, last = finite_weights.report(1, quick=True, full=False)
    assert len(rows) == 4
    assert last.startswith("Neurons for each linear region, both hidden layers together: at most ")


def test_sizes() -> None:
    rows = list(sizes.report(1, quick=True, full=False))
    assert sum(row.startswith(f"| {sizes.TINIEST.name} |") for row in rows) >= 10
    found, halved = (sizes.made(sizes.TINIEST, "cells", units=units) for units in ("two", "one"))
    assert found.leaves == halved.leaves
    assert found.size.layer2 == 2 * halved.size.layer2
    assert sizes.made(sizes.TINIEST, "quantised").size.infinite_weights == 0


@pytest.mark.usefixtures("_here")
@pytest.mark.skipif(not installed("z3"), reason="z3 is not installed")
def test_proofs_beside_z3(tmp_path: Path) -> None:
    claim = proofs.ProofCase(TINY, "ignore", tmp_path / "proof.jsonl")
    assert len(proofs.z3_row(claim, 1)) == len(proofs.Z3_HEADS)


@pytest.mark.usefixtures("_here")
def test_miscounts() -> None:
    (found,) = miscounts.count([TINY], {TINY: ours(TINY)()})
    assert found.row()[2:4] == [str(found.right), "right"]
    assert f"- {OURS}: 0 of 1 counts are wrong, 0 are not given." in list(miscounts.summary([found]))
    with pytest.raises(RuntimeError, match="known 0"):
        list(miscounts.count([TINY], {TINY: 0}))


def test_real_cases(tmp_path: Path) -> None:
    case = real.kept_proof("collision-avoidance", "a plane")
    line = real.RealCase(case.path, "a line", ("--line", "1,-1,1,1,1", "1/20,1,1,1,1"))
    missing = real.RealCase(tmp_path / "missing.onnx", "R^n", ())
    (row, other) = real.rows([case, missing, line])
    assert len(row) == len(real.HEADS)
    assert row[:6] == ["proofs/collision-avoidance", "a plane", "395", "395", "395", "1,499"]
    assert int(other[2]) > 1
    with pytest.raises(RuntimeError, match="expected 5 coordinates"):
        next(real.rows([real.RealCase(case.path, "a line", ("--line", "1", "2"))]))


@pytest.mark.skipif(not installed("sklearn"), reason="scikit-learn is not installed")
def test_verify() -> None:
    lines = list(verify_properties.report(1, quick=True, full=False))
    (own,) = (line for line in lines if line.startswith(f"| {verify_properties.ALWAYS} | 2 of 2 | 1 | 1 |"))
    assert own.count("|") == len(verify_properties.HEADS) + 1
    assert any(line.startswith("| 64-8-10, radius 1/50 | 2 of 2 |") for line in lines)
    assert any(line.startswith("Not measured: Marabou") for line in lines)


def test_what_was_not_decided_is_counted_and_in_no_median() -> None:
    late = verify_properties.Measured("late", "holds", 9, 5, 2 * verify_properties.LIMIT)
    unknown = verify_properties.Measured("unknown", "unknown", 9, 5, 1.0)
    found = verify_properties.Measured("found", "holds", 3, 20, 0.5, 0.25, 0.125, 100, 200)
    row = verify_properties.summary("a group", [late, unknown, found])
    assert row == ("a group", "1 of 3", "1", "0", "0.50", "20", "0.25", "0.12", "12.5", "6.2", "100", "200")
    assert verify_properties.summary("none", [unknown])[:5] == ("none", "0 of 1", "0", "0", "-")


PEER_ROWS = {
    "both alike": ("holds", "unsat", "2.00x"),
    "Marabou ran out of time": ("holds", "TIMEOUT", "at least 2.00x"),
    "Marabou failed": ("holds", "fails (killed)", "-"),
    "they differ": ("holds", "sat", "-"),
    "neither decided": ("unknown", "TIMEOUT", "-"),
}


@pytest.mark.parametrize(("verdict", "answer", "ratio"), PEER_ROWS.values(), ids=PEER_ROWS.keys())
def test_a_ratio_is_one_of_two_answers(verdict: str, answer: str, ratio: str) -> None:
    own = verify_properties.Measured("an instance", verdict, 3, 2, 0.5)
    found = verify_properties.Compared(own, answer, 1.0)
    assert found.row()[-1] == ratio
    assert found.agreed == (answer == "unsat")


def test_the_box_of_a_property() -> None:
    instance = verify_properties.Instance(verify_properties.ALWAYS, "1/2")
    assert verify_properties.box_of(instance.asked) == [[-1.0, 1.0]] * 3


@pytest.mark.parametrize(("bound", "expected"), [(1.5, "sat"), (2.5, "unsat")])
def test_marabou_answers(bound: float, expected: str) -> None:
    if not available():
        pytest.skip("in the Python that MARABOU_PYTHON names maraboupy is not installed")
    layers = [{"weight": [[1.0], [-1.0]], "bias": [0.0, 0.0]}, {"weight": [[1.0, 1.0]], "bias": [0.0]}]
    assert marabou(layers, [[-1.0, 2.0]], [[-bound, 0.0, 1.0]], 60.0)[0] == expected


@pytest.mark.parametrize("tool", [affinitree, regioncam], ids=[AFFINITREE, REGIONCAM])
def test_peers_count_simple_networks_alike(tool: Tool) -> None:
    if not installed(tool.__name__):
        pytest.skip(f"{tool.__name__} is not installed")
    assert tool(TINY)() == ours(TINY)()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.domain)
def test_the_float_twin_counts_simple_networks_alike(case: Case) -> None:
    patterns, signs = float_twin(case.network, case.polyhedron)
    assert (len(patterns), signs.shape[1]) == (ours(case)(), 3)


def test_a_worker_is_a_process_that_answers_or_says_why_not() -> None:
    found = in_turn({"right": ours, "wrong": regioncam}, CASES[1], TINY, 2, 60.0, 0.0)
    assert [type(outcome) for outcome in found["right"]] == [Run, Run]
    assert len(found["wrong"]) == 1
    assert isinstance(found["wrong"][0], str)


def test_a_worker_is_given_up_after_its_time() -> None:
    worker = Worker(ours, TINY)
    assert worker.run(Case("8-10-10-1"), 0.3, 0.0) == "over 0 s"
    assert worker.run(TINY, 1.0, 0.0) == "crashes"
    worker.close()


def test_bounds_of_boxes() -> None:
    assert Case("2-3-1", "box:[-1/2,1]x[0,3]").bounds == [(-0.5, 1.0), (0.0, 3.0)]
    assert Case("2-3-1", WHOLE).bounds is None


def test_published_layers_are_those_of_the_file() -> None:
    case = Case("tll_n2_m8_0.onnx", "box:-2,2")
    if not (networks.SHARED / case.name).exists():
        pytest.skip("the shared networks are not there")
    layers = case.float_layers()
    assert [weight.shape[1] for weight, _, _ in layers][:3] == [2, 8, 64]
    assert sum(relu for _, _, relu in layers) == len(case.network.hidden)
