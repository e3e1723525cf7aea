"""Exact ranges of outputs on a union of boxes: of each part, and of the union."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import facts_of, network_text, run
from tests.examples import Layers

DECLARED = "(declare-const X_0 Real)(declare-const Y_0 Real)\n"
TWO_BOXES = "(assert (or (and (>= X_0 -3) (<= X_0 -1)) (and (>= X_0 1) (<= X_0 3))))(assert (<= X_0 2))"
RAMP: Layers = (([[1]], [0]), ([[1]], [0]))
TWO_RAMPS: Layers = (([[1], [-1]], [0, 0]), ([[1, 0], [0, -2]], [0, "1/2"]))

Bounds = list[dict[str, Any]]


def entry(output: int, low: str | None = None, high: str | None = None) -> dict[str, Any]:
    sides = {"low": low, "high": high}
    return {"output": output, **{side: value for side, value in sides.items() if value is not None}}


# By hand: ReLU(x) is 0 on [-3, -1] and x on [1, 2]; 1/2 - 2 ReLU(-x) is 1/2 + 2x, and 1/2.
RANGES: dict[str, tuple[Layers, str, list[Bounds], Bounds]] = {
    "one output": (RAMP, TWO_BOXES, [[entry(0, "0", "0")], [entry(0, "1", "2")]], [entry(0, "0", "2")]),
    "two outputs": (
        TWO_RAMPS,
        TWO_BOXES,
        [[entry(0, "0", "0"), entry(1, "-11/2", "-3/2")], [entry(0, "1", "2"), entry(1, "1/2", "1/2")]],
        [entry(0, "0", "2"), entry(1, "-11/2", "1/2")],
    ),
    "a part without a high end": (
        TWO_RAMPS,
        "(assert (or (<= -3 X_0 -1) (>= X_0 1)))",
        [[entry(0, "0", "0"), entry(1, "-11/2", "-3/2")], [entry(0, "1"), entry(1, "1/2", "1/2")]],
        [entry(0, "0"), entry(1, "-11/2", "1/2")],
    ),
    "parts without any common side": (
        (([[1], [-1]], [0, 0]), ([[1, -1]], [0])),
        "(assert (or (<= X_0 -1) (>= X_0 1)))",
        [[entry(0, None, "-1")], [entry(0, "1")]],
        [],
    ),
}


@pytest.fixture
def union(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, layers: Layers, formulas: str) -> None:
    (folder / "n.json").write_text(network_text(layers))
    (folder / "u.vnnlib").write_text(DECLARED + formulas)


ASKED = ("prove", "n.json", "--domain", "u.vnnlib", "--claim", "bounds")


@pytest.mark.parametrize("name", RANGES)
def test_each_part_has_its_exact_range_and_the_union_the_hull_of_them(union: Path, name: str) -> None:
    layers, formulas, parts, whole = RANGES[name]
    written(union, layers, formulas)
    facts = facts_of(run(*ASKED, "--json"))
    assert facts["verdict"] == "valid"
    assert [part["bounds"] for part in facts["parts"]] == parts
    assert facts.get("bounds", []) == whole
    for number, part in enumerate(facts["parts"], start=1):
        checked = json.loads(run("check", part["certificate"], "--claim", "bounds", "--json").stdout)
        assert (checked["verdict"], checked["bounds"]) == ("valid", parts[number - 1])


def test_both_are_printed(union: Path) -> None:
    written(union, RAMP, TWO_BOXES)
    result = run(*ASKED)
    assert result.exit_code == 0
    for words in ("0 <= f_0(x) <= 0", "1 <= f_0(x) <= 2", "on the union of all 2 parts: 0 <= f_0(x) <= 2"):
        assert words in result.stdout


def test_a_part_on_which_nothing_is_bounded_is_named(union: Path) -> None:
    written(union, (([[1, 1], [-1, -1]], [0, 0]), ([[1, -1]], [0])), "")
    (union / "u.vnnlib").write_text("(declare-const X_1 Real)" + DECLARED + "(assert (or (<= X_0 1) (<= X_1 1)))")
    result = run(*ASKED)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "bounds: on part 1 of this domain no output is bounded on any side" in result.stderr
