"""The command export: what it writes, what it prints, and what it refuses."""

from pathlib import Path

import pytest

from tests.cli.command_line import facts_of, names, network_text, plain, run
from tests.examples import MAX_OF_TWO
from verishallow import Certificate
from verishallow.write import KINDS, export

BEFORE = ["cert", "ignoring", "net.json", "other.json"]


@pytest.fixture
def plane(folder: Path) -> Path:
    """The folder with a certificate in the plane."""
    (folder / "max.json").write_text(network_text(MAX_OF_TWO))
    assert run("prove", "max.json", "--domain", "box:-1,1", "-o", "max.cert").exit_code == 0
    return folder


@pytest.mark.parametrize(
    ("kind", "options", "same"),
    [
        ("latex", ["--most-regions", "1"], {"most_regions": 1}),
        ("tikz", ["--window", "box:[0,1]x[-1,1/2]"], {"window": "box:[0,1]x[-1,1/2]"}),
        ("macros", ["--prefix", "net", "--grouped"], {"prefix": "net", "grouped": True}),
        ("bibtex", [], {}),
    ],
)
def test_a_file_is_what_the_library_writes(plane: Path, kind: str, options: list[str], same: dict[str, object]) -> None:
    result = run("export", "max.cert", "--to", kind, "-o", "out", *options)
    export(Certificate.read(plane / "max.cert"), kind, plane / "wanted", **same)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (plane / "out").read_bytes() == (plane / "wanted").read_bytes()
    table = plain(result)
    assert (table["written"], table["kind"], table["claim"]) == ("out", kind, "equality")


@pytest.mark.parametrize("target", ["anc", "anc.tar.gz", "anc.zip"])
def test_a_bundle_is_a_folder_or_an_archive(folder: Path, target: str) -> None:
    result = run("export", "cert", "--to", "anc", "-o", target, "--json")
    facts = facts_of(result)
    assert (result.exit_code, names(folder)) == (0, sorted([*BEFORE, target]))
    assert (folder / target).is_dir() == (target == "anc")
    assert facts == {
        "written": target,
        "kind": "anc",
        "certificate": "cert",
        "claim": "equality",
        "network_sha256": Certificate.read(folder / "cert").header["network_sha256"],
    }


@pytest.mark.parametrize(
    ("arguments", "code", "fragment"),
    [
        (["cert", "--to", "tikz"], 2, "tikz: draws regions in the plane, so it needs a network of 2 inputs"),
        (["cert", "--to", "pdf"], 2, "kind: expected one of latex"),
        (["cert", "--to", "latex", "--prefix", "a"], 2, "latex: has no option 'prefix'; it has most_regions"),
        (["cert", "--to", "macros", "--prefix", "a1"], 2, "prefix: expected letters only"),
        (["absent", "--to", "latex"], 2, "absent: cannot be opened"),
        (["net.json", "--to", "latex"], 2, "net.json: this is a network"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_line(
    folder: Path, arguments: list[str], code: int, fragment: str
) -> None:
    result = run("export", *arguments, "-o", "out")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert fragment in result.stderr
    assert names(folder) == BEFORE


def test_a_tampered_certificate_is_not_exported(folder: Path) -> None:
    lines = b"".join(Certificate.read(folder / "cert").lines)
    (folder / "bad").write_bytes(lines.replace(b'"map":[["0","1"]]', b'"map":[["0","2"]]'))
    result = run("export", "bad", "--to", "macros", "-o", "out")
    assert (result.exit_code, "invalid" in result.stderr) == (1, True)
    assert names(folder) == sorted([*BEFORE, "bad"])


def test_the_certificate_itself_is_spared(folder: Path) -> None:
    before = (folder / "cert").read_bytes()
    result = run("export", "cert", "--to", "macros", "-o", "cert")
    assert (result.exit_code, "is read by this command" in result.stderr) == (2, True)
    assert (folder / "cert").read_bytes() == before


@pytest.mark.parametrize("missing", [["--to", "latex"], ["-o", "out"]])
def test_kind_and_path_are_required(folder: Path, missing: list[str]) -> None:
    assert run("export", "cert", *missing).exit_code == 2
    assert names(folder) == BEFORE


def test_the_help_lists_every_kind() -> None:
    text = " ".join(run("export", "--help").stdout.replace("│", " ").split())
    assert all(f"{name}: " in text for name in KINDS)
