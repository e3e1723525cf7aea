"""SMT-LIB scripts: three solvers confirm true certificates, and find a point where one is false."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq

from tests.examples import ABSOLUTE_VALUE, EXAMPLES, each_example, example_certificate
from tests.write.constructions import CHOSEN, constructed, each_chosen, each_construction
from tests.write.logic.solvers import SOLVERS, yices
from verishallow.certificate.certificate import Certificate
from verishallow.claims.bounds import Bound, OutputBounds
from verishallow.claims.quantised import quantised
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.proof import prove, prove_equal
from verishallow.regions.region import Region
from verishallow.shallow.grids import Grid
from verishallow.write.bundle import Bundle
from verishallow.write.logic.smt_lib import smt2
from verishallow.write.logic.smt_terms import affine, constant

Records = list[dict[str, Any]]

each_solver = pytest.mark.parametrize("solver", SOLVERS)


def script_of(made: bytes | Bundle, folder: Path) -> Path:
    assert isinstance(made, bytes)
    path = folder / "script.smt2"
    path.write_bytes(made)
    return path


def open_question(made: bytes | Bundle) -> bytes:
    """Without the expected status, over which solvers complain where it is not the answer."""
    assert isinstance(made, bytes)
    return made.replace(b"(set-info :status unsat)\n", b"")


def edited(certificate: Certificate, edit: Callable[[Records], object]) -> Certificate:
    """A certificate with other records; nothing is checked and no hash is redone."""
    records: Records = [json.loads(line) for line in certificate.lines]
    edit(records)
    return Certificate(tuple(json.dumps(record).encode() for record in records))


def leaf(records: Records, number: int) -> dict[str, Any]:
    return [record for record in records if record["record"] == "leaf"][number]


QUESTIONS = [(solver, name) for solver in SOLVERS for name in (EXAMPLES if solver == "yices" else CHOSEN)]


@pytest.mark.parametrize(("solver", "name"), QUESTIONS)
def test_every_query_of_an_example_is_unsat(name: str, solver: str, tmp_path: Path) -> None:
    certificate = example_certificate(name)
    script = script_of(smt2(certificate), tmp_path)
    assert SOLVERS[solver](script) == ["unsat"] * (len(certificate.regions) + 2)


@each_example
def test_with_boundaries_ignored_too(name: str, tmp_path: Path) -> None:
    certificate = example_certificate(name, "ignore")
    script = script_of(smt2(certificate), tmp_path)
    assert yices(script) == ["unsat"] * (len(certificate.regions) + 2)


def test_with_boundaries_ignored_the_hyperplanes_are_left_out_for_a_reason(tmp_path: Path) -> None:
    text = smt2(example_certificate("two outputs", "ignore"), query="single")
    assert isinstance(text, bytes)
    everywhere = [line for line in text.splitlines() if not line.startswith(b"(assert (not (= x")]
    assert len(everywhere) < len(text.splitlines())
    assert yices(script_of(b"\n".join(everywhere), tmp_path)) == ["sat"]


@each_construction
@each_chosen
def test_other_constructions(name: str, construction: str, tmp_path: Path) -> None:
    certificate = constructed(name, construction)
    regions = len(certificate.regions) + 1 if construction != "gated" else 0
    assert yices(script_of(smt2(certificate), tmp_path)) == ["unsat"] * (regions + 1)


def on_a_grid() -> Certificate:
    network = EXAMPLES["two layers on a square"].network
    grid = Grid.of([(0, "1/3"), ("1/4", "1/2")])
    return prove(network, "box:-1,1", claim=quantised(network, "box:-1,1", grid))


@each_solver
def test_at_the_points_of_a_grid(solver: str, tmp_path: Path) -> None:
    found = SOLVERS[solver](script_of(smt2(on_a_grid(), query="single"), tmp_path))
    assert found == ["unsat"]


@each_solver
def test_off_the_grid_it_is_another_function(solver: str, tmp_path: Path) -> None:
    finer = edited(on_a_grid(), lambda r: r[0].__setitem__("grid", [["0", "1/7"], ["0", "1/7"]]))
    script = smt2(on_a_grid(), query="single")
    assert isinstance(script, bytes)
    moved = smt2(finer, query="single")
    assert isinstance(moved, bytes)
    # The points of the finer grid, and the network of the coarse one.
    points = [line for line in moved.splitlines() if b"to_real" in line]
    others = iter(points)
    lines = [next(others) if b"to_real" in line else line for line in script.splitlines()]
    assert SOLVERS[solver](script_of(open_question(b"\n".join(lines) + b"\n"), tmp_path)) == ["sat"]


def test_gated_cells_are_no_regions() -> None:
    with pytest.raises(InputError, match="a gated certificate has no regions"):
        smt2(constructed("residual block", "gated"), query="cover")


@each_solver
def test_a_false_gated_network_is_found_out(solver: str, tmp_path: Path) -> None:
    certificate = constructed("sawtooth of depth 3", "gated")
    false = edited(certificate, lambda r: leaf(r, 0)["units"][0].__setitem__("weight", "-1"))
    assert SOLVERS[solver](script_of(open_question(smt2(false)), tmp_path)) == ["sat"]


TAMPERED: dict[str, tuple[str, str, Callable[[Records], object]]] = {
    "a coefficient of a map, region by region": (
        "regions",
        "absolute value",
        lambda r: leaf(r, 0)["map"][0].__setitem__(1, "1000001/1000000"),
    ),
    "a constant of a map, in the shallow network": (
        "single",
        "absolute value",
        lambda r: leaf(r, 1)["map"][0].__setitem__(0, "1/1000000007"),
    ),
    "the sign of a signed face": (
        "single",
        "max of two with skip reads",
        lambda r: [face.__setitem__("weight", "1") for face in leaf(r, 0)["units"] if face["face"]],
    ),
    "a signed face that is missing": (
        "single",
        "two outputs",
        lambda r: [leaf(r, i)["units"].pop() for i in (0, 1, 2)],
    ),
    "a weight -inf that is missing": (
        "single",
        "absolute value",
        lambda r: leaf(r, 0)["units"][0].__setitem__("-inf", []),
    ),
    "a weight of the deep network": (
        "regions",
        "max of three",
        lambda r: r[1]["layers"][0]["weight"][0].__setitem__(0, "3"),
    ),
}


@each_solver
@pytest.mark.parametrize("tampering", TAMPERED)
def test_a_false_certificate_is_found_out(tampering: str, solver: str, tmp_path: Path) -> None:
    query, name, edit = TAMPERED[tampering]
    certificate = edited(example_certificate(name), edit)
    assert "sat" in SOLVERS[solver](script_of(open_question(smt2(certificate, query=query)), tmp_path))


def test_a_solver_complains_over_the_wrong_status(tmp_path: Path) -> None:
    query, name, edit = TAMPERED["a signed face that is missing"]
    script = script_of(smt2(edited(example_certificate(name), edit), query=query), tmp_path)
    assert any("check annotation that says unsat" in line for line in SOLVERS["z3"](script))


class WithoutItsLastRegion(Certificate):
    @property
    def regions(self) -> tuple[Region, ...]:
        return super().regions[:-1]


@each_example
def test_without_a_region_there_is_no_cover(name: str, tmp_path: Path) -> None:
    certificate = WithoutItsLastRegion(example_certificate(name).lines)
    assert yices(script_of(smt2(certificate, query="cover"), tmp_path)) == ["sat"]


@pytest.mark.parametrize("query", ["cover", "single"])
def test_one_query_needs_no_stack(query: str) -> None:
    text = smt2(example_certificate("absolute value"), query=query)
    assert isinstance(text, bytes)
    assert b"push" not in text
    assert text.count(b"(check-sat)") == text.count(b"(set-info :status unsat)") == text.count(b"; unsat means: ") == 1


def test_many_files_have_one_query_each(tmp_path: Path) -> None:
    bundle = smt2(example_certificate("triangle"), files="many")
    assert isinstance(bundle, Bundle)
    assert list(bundle.files) == [
        "region-0001.smt2",
        "region-0002.smt2",
        "region-0003.smt2",
        "cover.smt2",
        "single.smt2",
    ]
    for text in bundle.files.values():
        assert b"push" not in text
        assert yices(script_of(text, tmp_path)) == ["unsat"]


# ----------------------------------------------------------------------------------------- The other claims

MODULUS = EXAMPLES["absolute value"].network
TWICE_HALVED = ReLUNetwork.of([([[-2], ["1/2"]], [0, 0]), ([["1/2", 2]], [0])])


@each_solver
def test_equal_networks(solver: str, tmp_path: Path) -> None:
    certificate = prove_equal(MODULUS, TWICE_HALVED)
    assert SOLVERS[solver](script_of(smt2(certificate), tmp_path)) == ["unsat"] * 4
    other = edited(certificate, lambda r: r[2]["layers"][1]["weight"][0].__setitem__(0, "1/3"))
    assert SOLVERS[solver](script_of(open_question(smt2(other, query="single")), tmp_path)) == ["sat"]


@each_solver
@pytest.mark.parametrize(("low", "high", "answer"), [("0", "1", "unsat"), ("1/9", "1", "sat"), ("0", "8/9", "sat")])
def test_bounds(solver: str, low: str, high: str, answer: str, tmp_path: Path) -> None:
    certificate = prove(MODULUS, "box:-1,1", claim=OutputBounds((Bound(0, mpq(0), mpq(1)),)))
    claimed = edited(certificate, lambda r: r[0]["bounds"][0].update(low=low, high=high))
    assert SOLVERS[solver](script_of(open_question(smt2(claimed)), tmp_path)) == ["unsat", "unsat", "unsat", answer]


def test_a_count_is_no_query() -> None:
    certificate = prove(MODULUS, "box:-1,1", claim=RegionCount())
    text = smt2(certificate)
    assert isinstance(text, bytes)
    assert text.count(b"(check-sat)") == 3
    with pytest.raises(InputError, match="claim 'regions' has no single query; use --query regions or cover"):
        smt2(certificate, query="single")


# -------------------------------------------------------------------------------------------------- Details


@pytest.mark.parametrize(
    ("option", "fragment"),
    [
        ({"query": "Single"}, "query: expected one of all, regions, cover, single, found 'Single'"),
        ({"files": "2"}, "files: expected one of one, many, found '2'"),
    ],
)
def test_options_are_checked(option: dict[str, str], fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        smt2(example_certificate("absolute value"), **option)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("7", "7"),
        ("-7", "(- 7)"),
        ("1/3", "(/ 1 3)"),
        ("-13421773/134217728", "(/ (- 13421773) 134217728)"),
    ],
)
def test_constants(value: str, text: str) -> None:
    assert constant(mpq(value)) == text


def test_a_sum_of_nothing_is_its_constant() -> None:
    assert [affine([], mpq(0)), affine([(mpq(0), "x0")], mpq(-1))] == ["0", "(- 1)"]


def test_numbers_of_thousands_of_digits(tmp_path: Path) -> None:
    huge = f"{10**3500}/{3**7000}"
    certificate = prove(ReLUNetwork.of([([[huge], ["-1"]], [0, huge]), ABSOLUTE_VALUE[1]]))
    assert yices(script_of(smt2(certificate), tmp_path)) == ["unsat"] * (len(certificate.regions) + 2)
