"""``shallow``: a network of a construction with its size, and all of them side by side."""

import json
from pathlib import Path

import pytest

from tests.cli.command_line import facts_of, names, network_text, plain, run
from tests.examples import Layers
from verishallow import Certificate
from verishallow.cli.constructing import CONSTRUCTIONS

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
    assert shown["certificate"] == "deep.cert.jsonl.gz"


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
