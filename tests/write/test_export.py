"""The registry of exports: every kind is what it says, and what cannot be written leaves nothing."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.examples import EXAMPLES, example_certificate
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError
from verishallow.proof import prove
from verishallow.write import KINDS, Bundle, Kind, export, exporter, kind_named, options_of, require_options

PLANE = "two layers on a square"
FOR_PAPERS = ("latex", "tikz", "anc", "bibtex", "macros")


@pytest.mark.parametrize("kind", FOR_PAPERS)
def test_each_kind_for_papers_is_written_and_always_the_same(tmp_path: Path, kind: str) -> None:
    certificate = example_certificate(PLANE)
    for name in ("one", "two"):
        export(certificate, kind, tmp_path / name)
    contents = [
        {file.name: file.read_bytes() for file in path.iterdir()} if path.is_dir() else path.read_bytes()
        for path in (tmp_path / "one", tmp_path / "two")
    ]
    assert contents[0] == contents[1]
    assert contents[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_is(kind: str) -> None:
    found = kind_named(kind)
    assert re.fullmatch(r"|\.[a-z0-9.]+", found.suffix)
    assert found.what
    assert callable(exporter(kind))


def test_a_kind_of_a_bundle_has_no_suffix() -> None:
    made = exporter("anc")(example_certificate(PLANE))
    assert isinstance(made, Bundle)
    assert KINDS["anc"].suffix == ""


@pytest.mark.parametrize("kind", ["", "LaTeX", "pdf"])
def test_an_unknown_kind_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(InputError, match="kind: expected one of latex, "):
        export(example_certificate(PLANE), kind, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("latex", ("most_regions",)),
        ("tikz", ("window",)),
        ("anc", ()),
        ("bibtex", ()),
        ("macros", ("prefix", "grouped")),
    ],
)
def test_options_of_the_kinds(kind: str, options: tuple[str, ...]) -> None:
    assert options_of(kind) == options
    require_options(kind, options)
    with pytest.raises(InputError, match=f"{kind}: has no option 'nonsense'; it has {', '.join(options) or 'none'}"):
        require_options(kind, ["nonsense"])


def test_an_option_of_another_kind_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="latex: has no option 'window'"):
        export(example_certificate(PLANE), "latex", tmp_path / "out", window="box:0,1")
    assert list(tmp_path.iterdir()) == []


def test_a_claim_without_a_shallow_network_is_refused_where_one_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "units", Kind("something of the shallow network", ".x", "paper.macros:macros"))
    counted = prove(EXAMPLES[PLANE].network, "box:-1,1", claim=RegionCount())
    with pytest.raises(InputError, match="units: expected a certificate of the claim equality, found regions: there"):
        export(counted, "units", tmp_path / "out")
    export(example_certificate(PLANE), "units", tmp_path / "other")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


@pytest.mark.parametrize("kind", FOR_PAPERS)
def test_other_claims_are_written_for_papers_too(tmp_path: Path, kind: str) -> None:
    export(prove(EXAMPLES[PLANE].network, "box:-1,1", claim=RegionCount()), kind, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("kind", ["latex", "anc"])
@pytest.mark.parametrize("where", ["missing/out", ""])
def test_what_cannot_be_written_is_refused(tmp_path: Path, kind: str, where: str) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    target: Any = tmp_path / where
    with pytest.raises(InputError):
        export(example_certificate(PLANE), kind, target)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
