"""``shallow``: a network of a construction with its size, and all of them side by side."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import facts_of, names, network_text, plain, run
from tests.examples import Layers
from verishallow import Certificate
from verishallow.claims import CONSTRUCTIONS

DEEP: Layers = (([[1]], [0]), ([[-1]], [2]), ([[-1]], [1]), ([[1]], [0]))


@pytest.fixture(autouse=True)
def network(folder: Path) -> None:
    """'deep.json' has four cells, and two gated ones."""
    (folder / "deep.json").write_text(network_text(DEEP))


def test_the_size_is_that_of_the_network_in_the_certificate(folder: Path) -> None:
    made = facts_of(run("shallow", "deep.json", "--construction", "gated", "-o", "c.gz", "--json"))
    shallow = Certificate.read(folder / "c.gz").shallow
    layers = (shallow.layer1, shallow.layer2, shallow.layer3)
    assert (made["verdict"], made["construction"], made["leaves"]) == ("valid", "gated", 2)
    assert made["units"] == {"layer1": shallow.layer1.width, "layer2": shallow.layer2.width}
    assert made["nonzeros"] == sum(len(row) for layer in layers for row in layer.rows)
    assert made["infinite_weights"] == shallow.layer2.infinite_weights() == 4
    assert made["deep"] == {"hidden": [1, 1, 1], "neurons": 3, "nonzeros": 4}


def test_it_reports_all_that_prove_does() -> None:
    proved = facts_of(run("prove", "deep.json", "-o", "one.gz", "--json"))
    made = facts_of(run("shallow", "deep.json", "-o", "other.gz", "--json"))
    assert set(proved) < set(made)
    assert set(made) - set(proved) == {"nonzeros", "infinite_weights", "deep"}
    assert Path("one.gz").read_bytes() == Path("other.gz").read_bytes()


def test_a_table_for_people() -> None:
    result = run("shallow", "deep.json", "--construction", "gated")
    assert result.exit_code == 0
    shown = plain(result)
    assert (shown["infinite weights"], shown["deep"]) == ("4", "3 neurons, 4 non-zero weights")
    assert shown["certificate"] == "deep.gated.cert.jsonl.gz"


def test_all_side_by_side(folder: Path) -> None:
    before, result = names(folder), run("shallow", "deep.json", "--compare", "--domain", "box:-1,3", "--json")
    compared = facts_of(result)
    rows = {row["construction"]: row for row in compared["constructions"]}
    assert (result.exit_code, names(folder), list(rows)) == (0, before, list(CONSTRUCTIONS))
    assert compared["deep"]["neurons"] == 3
    for name in ("cells", "merge", "gated"):
        alone = facts_of(run("shallow", "deep.json", "--construction", name, "--domain", "box:-1,3", "--json"))
        same = ("leaves", "faces", "units", "nonzeros", "infinite_weights", "construction", "verdict")
        assert {key: rows[name][key] for key in same} == {key: alone[key] for key in same}
    assert all("proof_seconds" in row or "refused" in row for row in rows.values())


def test_all_side_by_side_for_people() -> None:
    result = run("shallow", "deep.json", "--compare", "--domain", "box:-1,3")
    assert result.exit_code == 0
    assert "1-1-1-1-1, 3 neurons, 4 non-zero weights" in result.stdout
    heads = next(line.split() for line in result.stdout.splitlines() if line.startswith("construction"))
    assert heads[:3] == ["construction", "leaves", "faces"]
    (cells,) = [line.split() for line in result.stdout.splitlines() if line.startswith("cells ")]
    assert cells[1] == "4"


def test_why_a_construction_does_not_apply_names_it_once() -> None:
    lines = run("shallow", "deep.json", "--compare", "--domain", "box:-1,3").stdout.splitlines()
    assert "quantised does not apply: name the grid of the inputs with --grid, such as 1/255" in lines


def test_what_stops_early_is_named_beside_the_others() -> None:
    result = run("shallow", "deep.json", "--compare", "--max-regions", "3", "--json")
    rows = {row["construction"]: row for row in json.loads(result.stdout)["constructions"]}
    assert "refused" in rows["cells"]
    assert rows["gated"]["leaves"] == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--construction", "finest"), "construction: expected cells, merge"),
        (("--compare", "-o", "c.gz"), "--compare keeps no certificate"),
        (("-o", "deep.json"), "deep.json: is read by this command"),
    ],
)
def test_a_misunderstanding_is_refused(options: tuple[str, ...], reason: str, folder: Path) -> None:
    before, result = names(folder), run("shallow", "deep.json", *options)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert reason in result.stderr
    assert names(folder) == before


# ------------------------------------------------------------------------------------------------ Quantised

GRID = ("--construction", "quantised", "--domain", "box:-1,3", "--grid", "1/4")


@pytest.mark.parametrize("command", ["shallow", "prove"])
def test_on_a_grid_all_weights_are_finite(command: str, folder: Path) -> None:
    made = facts_of(run(command, "deep.json", *GRID, "-o", "c.gz", "--json"))
    assert (made["verdict"], made["claim"], made["construction"]) == ("valid", "equality-on-grid", "quantised")
    assert (made["grid"], made["gate_weight"]) == ([["0", "1/4"]], "4")
    assert made.get("infinite_weights", 0) == Certificate.read(folder / "c.gz").shallow.layer2.infinite_weights() == 0
    shown = plain(run("info", "c.gz"))
    assert (shown["grid"], shown["gate weight"]) == ("0 + 1/4 Z", "4")
    assert "on the grid 0 + 1/4 Z, all weights of S finite" in run("check", "c.gz").stdout


def test_a_certificate_on_a_grid_is_evaluated_there_and_nowhere_else() -> None:
    assert run("shallow", "deep.json", *GRID, "-o", "c.gz").exit_code == 0
    for point in ("0", "1", "5/4", "2", "3"):
        through, deep = (facts_of(run("eval", file, "--at", point, "--json")) for file in ("c.gz", "deep.json"))
        assert through["output"] == deep["output"]
    off = run("eval", "c.gz", "--at", "1/3")
    assert (off.exit_code, off.stdout) == (2, "")
    assert "none of the grid" in off.stderr


def test_it_is_compared_with_the_others_where_a_grid_is_named() -> None:
    compared = facts_of(run("shallow", "deep.json", "--compare", "--domain", "box:-1,3", "--grid", "1/4", "--json"))
    rows = {row["construction"]: row for row in compared["constructions"]}
    assert (rows["quantised"]["infinite_weights"], rows["quantised"]["leaves"]) == (0, rows["cells"]["leaves"])


@pytest.mark.parametrize(
    ("kind", "finds"),
    [("npz", "none is proved for the claim"), ("onnx", ""), ("torch", "none is proved for the claim"), ("csv", "")],
)
def test_it_is_exported_with_its_grid(kind: str, finds: str, folder: Path) -> None:
    assert run("shallow", "deep.json", *GRID, "-o", "c.gz").exit_code == 0
    if kind == "onnx":
        pytest.importorskip("onnx")
    assert run("export", "c.gz", "--to", kind, "-o", "out").exit_code == 0
    if kind == "torch":
        text = (folder / "out").read_text()
        assert finds in text
        assert "equality-on-grid" in text


def test_what_cannot_be_said_of_a_grid_is_refused(folder: Path) -> None:
    assert run("shallow", "deep.json", *GRID, "-o", "c.gz").exit_code == 0
    before = names(folder)
    for command in (
        ("check", "c.gz", "--symbolic"),
        ("explain", "c.gz", "--at", "1"),
    ):
        result = run(*command)
        assert (result.exit_code, result.stderr.count("\n"), names(folder)) == (2, 1, before)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--construction", "quantised", "--domain", "box:-1,3"), "name the grid of the inputs with --grid"),
        (("--construction", "quantised", "--grid", "1/4"), "input 0 is unbounded on the domain"),
        (("--construction", "quantised", "--grid", "0", "--domain", "box:-1,3"), "expected positive steps"),
        (("--construction", "quantised", "--grid", "1,1", "--domain", "box:-1,3"), "expected one step"),
        (("--construction", "quantised", "--grid", "x", "--domain", "box:-1,3"), "rational"),
    ],
)
def test_a_grid_that_will_not_do_is_refused(options: tuple[str, ...], reason: str, folder: Path) -> None:
    before, result = names(folder), run("shallow", "deep.json", *options)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert reason in result.stderr
    assert names(folder) == before


def test_only_quantised_has_a_grid() -> None:
    result = run("prove", "deep.json", "--grid", "1/4")
    assert (result.exit_code, "--grid is for --construction quantised" in result.stderr) == (2, True)


# --------------------------------------------------------------------------------------------------- One unit


@pytest.mark.parametrize("command", ["shallow", "prove"])
@pytest.mark.parametrize("construction", ["cells", "merge"])
def test_one_unit_a_face_and_output(command: str, construction: str, folder: Path) -> None:
    options = ("deep.json", "--construction", construction, "--domain", "box:-1,3")
    two = facts_of(run(command, *options, "-o", "two.gz", "--json"))
    one = facts_of(run(command, *options, "--units", "one", "-o", "one.gz", "--json"))
    assert (one["verdict"], one["faces"]) == ("valid", two["faces"])
    assert two["units"]["layer2"] == 2 * one["units"]["layer2"]
    for point in ("-1", "0", "1/2", "1", "2", "3"):
        through, deep = (facts_of(run("eval", file, "--at", point, "--json")) for file in ("one.gz", "deep.json"))
        assert through["output"] == deep["output"]
    for kind in ("npz", "torch", "csv", "macros", "bibtex", "smt2"):
        assert run("export", "one.gz", "--to", kind, "-o", f"out.{kind}").exit_code == 0
    trimmed = facts_of(run("trim", "one.gz", "--domain", "box:0,3/2", "-o", "t.gz", "--json"))
    assert (trimmed["verdict"], Certificate.read(folder / "t.gz").header["low"]) == ("valid", ["0"])


def test_one_unit_is_compared_where_it_applies() -> None:
    options = ("shallow", "deep.json", "--compare", "--domain", "box:-1,3", "--json")
    one, two = (
        {row["construction"]: row for row in facts_of(run(*options, "--units", units))["constructions"]}
        for units in ("one", "two")
    )
    for name, factor in (("cells", 2), ("merge", 2), ("gated", 1)):
        assert two[name]["units"]["layer2"] == factor * one[name]["units"]["layer2"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--units", "three"), "units: expected one or two, found 'three'"),
        (("--units", "one", "--construction", "gated"), "--units one is for the constructions cells and merge"),
        (("--units", "one", "--domain", "R^n"), "R^n"),
    ],
)
def test_units_that_will_not_do_are_refused(options: tuple[str, ...], reason: str, folder: Path) -> None:
    before, result = names(folder), run("shallow", "deep.json", *options)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert reason in result.stderr
    assert names(folder) == before


def test_an_output_that_is_not_bounded_below_needs_two(folder: Path) -> None:
    (folder / "line.json").write_text(network_text((([[1]], [0]), ([[-1]], [0]))))
    result = run("shallow", "line.json", "--units", "one")
    assert (result.exit_code, "output 0 is not bounded below" in result.stderr) == (2, True)
    assert run("shallow", "line.json", "--units", "one", "--domain", "box:-1,1").exit_code == 0
