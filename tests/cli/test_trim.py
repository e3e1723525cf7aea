"""``trim``: to a smaller domain, or to the cells that data visit."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command_line import facts_of, names, network_text, plain, run
from tests.examples import Layers
from verishallow import Certificate

DEEP: Layers = (([[1]], [0]), ([[-1]], [2]), ([[-1]], [1]), ([[1]], [0]))


@pytest.fixture(autouse=True)
def certificate(folder: Path) -> None:
    """'c.gz' is about 'deep.json', with kinks at 0, 1 and 2, on [-1, 3]."""
    (folder / "deep.json").write_text(network_text(DEEP))
    assert run("prove", "deep.json", "--domain", "box:-1,3", "-o", "c.gz").exit_code == 0


def test_to_data(folder: Path) -> None:
    np.save(folder / "data.npy", np.array([[1.5], [1.25], [2.5]], np.float32))
    made = facts_of(run("trim", "c.gz", "--data", "data.npy", "-o", "t.gz", "--json"))
    assert (made["verdict"], made["claim"], made["leaves"], made["dropped"]) == ("valid", "equality-on-cells", 2, 2)
    checked = run("check", "t.gz", "--network", "deep.json")
    assert (checked.exit_code, "half-open cells of 2 leaves (nothing on 2 dropped)" in checked.stdout) == (0, True)
    assert plain(run("info", "t.gz"))["dropped"] == "2"
    inside, outside = (run("eval", "t.gz", "--at", point) for point in ("3/2", "1/2"))
    assert (inside.exit_code, outside.exit_code) == (0, 2)
    assert "a cell that is dropped" in outside.stderr


def test_to_points_as_texts() -> None:
    made = facts_of(run("trim", "c.gz", "--data", "3/2; 5/4", "-o", "t.gz", "--json"))
    assert made["leaves"] == 1


@pytest.mark.parametrize(
    ("construction", "leaves"), [("cells", 2), ("merge", 2), ("gated", 1), ("quantised", 2), ("one-hidden", 2)]
)
def test_to_a_domain_it_is_equality_on_all_of_it(construction: str, leaves: int) -> None:
    grid = ("--grid", "1/4") if construction == "quantised" else ()
    options = ("--construction", construction, "--domain", "box:-1,3", *grid)
    assert run("shallow", "deep.json", *options, "-o", "w.gz").exit_code == 0
    made = facts_of(run("trim", "w.gz", "--domain", "box:1/4,3/2", "-o", "t.gz", "--json"))
    assert (made["verdict"], made["construction"], made["leaves"]) == ("valid", construction, leaves)
    assert made["claim"] == ("equality-on-grid" if grid else "equality")
    assert sorted(Certificate.read(Path("t.gz")).header["domain"]) == [["-1", "4"], ["3", "-2"]]
    for point in ("1/4", "1", "3/2"):
        through, deep = (facts_of(run("eval", file, "--at", point, "--json")) for file in ("t.gz", "deep.json"))
        assert through["output"] == deep["output"]
    assert run("eval", "t.gz", "--at", "2").exit_code == 2


@pytest.mark.parametrize(
    ("domain", "kept"), [("box:2,5", [["-2", "1"], ["3", "-1"]]), ("box:-7,7", [["1", "1"], ["3", "-1"]])]
)
def test_only_the_part_within_the_certificates_domain_is_kept_and_said(domain: str, kept: list[list[str]]) -> None:
    result = run("trim", "c.gz", "--domain", domain, "-o", "t.gz", "--json")
    note = f"only the part of {domain} within the certificate's domain is kept"
    assert (result.exit_code, result.stderr) == (0, f"note: {note}\n")
    assert json.loads(result.stdout)["notes"] == [note]
    assert sorted(Certificate.read(Path("t.gz")).header["domain"]) == kept


def test_all_that_lies_within_the_certificates_domain_is_kept_without_a_word() -> None:
    for domain in ("box:-1,3", "box:0,1"):
        assert "notes" not in facts_of(run("trim", "c.gz", "--domain", domain, "-o", "t.gz", "--json"))


def test_a_trimmed_proof_in_a_library_is_named_as_such(folder: Path) -> None:
    (folder / "library").mkdir()
    for source, target in (("deep.json", "network.json"), ("c.gz", "network.cert.jsonl.gz")):
        (folder / "library" / target).write_bytes((folder / source).read_bytes())
    (folder / "library" / "domain.json").write_text(
        '{"format": "verishallow-domain", "version": 1, "box": [["-1", "3"]]}'
    )
    assert "equality on" in run("check", "library").stdout
    assert run("trim", "c.gz", "--data", "2", "-o", "library/network.cert.jsonl.gz").exit_code == 0
    result = run("check", "library")
    assert (result.exit_code, "equality-on-cells on" in result.stdout) == (0, True)
    assert run("trim", "library/network.cert.jsonl.gz", "--domain", "box:0,1", "-o", "t.gz").exit_code == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((), "expected one of --domain and --data"),
        (("--domain", "box:0,1", "--data", "1"), "expected one of --domain and --data"),
        (("--domain", "box:4,5"), "verishallow: trim: the domain does not meet the certificate's\n"),
        (("--domain", "box:1,1"), "--domain: "),
        (("--domain", "box:3,5"), "the part of the certificate's domain: the polyhedron is flat"),
        (("--data", "4"), "point 1, (4), lies outside the certificate's domain"),
        (("--data", "missing.npy"), "missing.npy: cannot be read"),
        (("--data", "1,2"), "coordinates"),
    ],
)
def test_a_misunderstanding_is_refused(options: tuple[str, ...], reason: str, folder: Path) -> None:
    before, result = names(folder), run("trim", "c.gz", *options, "-o", "t.gz")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert reason in result.stderr
    assert names(folder) == before


@pytest.mark.parametrize("claim", ["regions", "bounds"])
def test_other_claims_have_no_network_to_trim(claim: str) -> None:
    assert run("prove", "deep.json", "--domain", "box:-1,3", "--claim", claim, "-o", "o.gz").exit_code == 0
    result = run("trim", "o.gz", "--domain", "box:0,1", "-o", "t.gz")
    assert (result.exit_code, "expected a certificate of equality" in result.stderr) == (2, True)


def test_what_is_read_is_not_overwritten() -> None:
    result = run("trim", "c.gz", "--data", "1", "-o", "c.gz")
    assert (result.exit_code, "is read by this command" in result.stderr) == (2, True)
