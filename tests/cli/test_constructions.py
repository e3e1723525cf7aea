"""``prove --construction``, and what the other commands make of such certificates."""

from pathlib import Path

import pytest

from tests.cli.command_line import facts_of, names, network_text, plain, run
from tests.examples import Layers
from verishallow import Certificate

CANCELLING: Layers = (([[1], [3], [3]], [0, 1, 1]), ([[1, 5, -5]], [0]))
DEEP: Layers = (([[1]], [0]), ([[-1]], [2]), ([[-1]], [1]), ([[1]], [0]))


@pytest.fixture(autouse=True)
def networks(folder: Path) -> None:
    """'cancelling.json' has two pieces and three cells, 'deep.json' two gated cells and four."""
    for name, layers in (("cancelling", CANCELLING), ("deep", DEEP)):
        (folder / f"{name}.json").write_text(network_text(layers))


@pytest.mark.parametrize(
    ("network", "construction", "leaves"),
    [
        ("cancelling", "cells", 3),
        ("cancelling", "merge", 2),
        ("cancelling", "gated", 1),
        ("deep", "cells", 4),
        ("deep", "gated", 2),
    ],
)
def test_a_construction_is_proved_checked_and_evaluated(network: str, construction: str, leaves: int) -> None:
    proved = facts_of(run("prove", f"{network}.json", "--construction", construction, "-o", "c.gz", "--json"))
    assert (proved["verdict"], proved["construction"], proved["leaves"]) == ("valid", construction, leaves)
    assert (proved["activation_regions"] is None) == (construction != "cells")
    checked = run("check", "c.gz")
    assert (checked.exit_code, f"construction {construction}" in checked.stdout) == (0, True)
    assert facts_of(run("info", "c.gz", "--json"))["construction"] == construction
    for point in ("-1/3", "0", "3/2", "7"):
        through, deep = (facts_of(run("eval", file, "--at", point, "--json")) for file in ("c.gz", f"{network}.json"))
        assert (through["output"], through["through"]) == (deep["output"], "three-layer network")


def test_pieces_with_the_boundary_ignored(folder: Path) -> None:
    result = run("prove", "cancelling.json", "--construction", "merge", "--boundary", "ignore")
    assert (result.exit_code, plain(result)["leaves"]) == (0, "2")
    assert Certificate.read(folder / "cancelling.merge.ignore.cert.jsonl.gz").header["boundary"] == "ignore"


WAYS: dict[str, tuple[tuple[str, ...], str]] = {
    "gated": (("prove", "deep.json", "--construction", "gated"), "gated"),
    "a gated network": (("shallow", "deep.json", "--construction", "gated"), "gated"),
    "merged": (("prove", "deep.json", "--construction", "merge"), "merge"),
    "finite": (("shallow", "deep.json", "--construction", "finite"), "finite"),
    "one hidden layer": (("prove", "deep.json", "--construction", "one-hidden"), "one-hidden"),
    "on a grid": (
        ("shallow", "deep.json", "--construction", "quantised", "--grid", "1/4", "--domain", "box:-1,3"),
        "quantised",
    ),
    "one unit": (("prove", "deep.json", "--units", "one", "--domain", "box:-1,3"), "one-unit"),
    "off boundaries": (("prove", "deep.json", "--boundary", "ignore"), "ignore"),
    "on a slice": (("prove", "deep.json", "--line", "0", "3"), "slice"),
    "a network on a slice": (("shallow", "deep.json", "--line", "0", "3", "--construction", "merge"), "slice.merge"),
    "regions": (("prove", "deep.json", "--claim", "regions"), "regions"),
    "bounds on a slice": (("prove", "deep.json", "--claim", "bounds", "--line", "0", "3"), "slice.bounds"),
    "equal": (("equal", "deep.json", "deep.json"), "equal.deep"),
    "equal, as a claim": (("prove", "deep.json", "--claim", "equal", "--other", "deep.json"), "equal.deep"),
}
"""Ways to prove less or something else than the equality of all cells everywhere, and what the name says."""


@pytest.mark.parametrize("way", WAYS)
def test_no_other_claim_overwrites_the_equality_everywhere(way: str, folder: Path) -> None:
    (folder / "deep.cert.jsonl.gz").write_bytes(b"the equality everywhere")
    command, words = WAYS[way]
    before, result = names(folder), run(*command)
    assert result.exit_code == 0, result.stderr
    assert set(names(folder)) - set(before) == {f"deep.{words}.cert.jsonl.gz"}
    assert (folder / "deep.cert.jsonl.gz").read_bytes() == b"the equality everywhere"


def test_no_regions_are_counted_in_the_table() -> None:
    result = run("prove", "deep.json", "--construction", "gated")
    assert result.exit_code == 0
    assert plain(result)["construction"] == "gated"
    assert "2 leaves" in result.stdout


@pytest.mark.parametrize(("network", "construction"), [("cancelling", "merge"), ("deep", "gated")])
def test_leaves_are_limited(network: str, construction: str, folder: Path) -> None:
    limited = ("prove", f"{network}.json", "--construction", construction, "--max-regions")
    before, result = names(folder), run(*limited, "1")
    assert (result.exit_code, names(folder)) == (3, before)
    assert run(*limited, "2").exit_code == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--construction", "finest"), "construction: expected cells, merge, gated"),
        (("--construction", "gated", "--boundary", "ignore"), "the gated construction needs 'exact'"),
        (("--construction", "merge", "--claim", "regions"), "--construction is for --claim equality"),
    ],
)
def test_a_misunderstanding_is_refused(options: tuple[str, ...], reason: str, folder: Path) -> None:
    before, result = names(folder), run("prove", "deep.json", *options)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert reason in result.stderr
    assert names(folder) == before


def test_gated_cells_are_no_regions(folder: Path) -> None:
    assert run("prove", "deep.json", "--construction", "gated", "-o", "c.gz").exit_code == 0
    before, result = names(folder), run("export", "c.gz", "--to", "csv", "-o", "regions.csv")
    assert (result.exit_code, result.stderr.count("\n"), names(folder)) == (2, 1, before)
    assert "a gated certificate has no regions" in result.stderr
