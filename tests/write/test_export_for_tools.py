"""All kinds for other tools by way of the registry and of the command line: files, options, refusals, determinism."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import run
from tests.examples import EXAMPLES, example_certificate
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError
from verishallow.proof import prove
from verishallow.write import KINDS, export, options_of

OPTIONS: dict[str, tuple[str, ...]] = {
    "smt2": ("query", "files"),
    "ine": ("region",),
    "ext": ("region",),
    "polymake": (),
    "dot": (),
    "csv": ("rounded",),
    "parquet": ("rounded",),
    "onnx": ("within",),
    "torch": ("within",),
    "npz": ("within",),
}
FOLDERS = ("ine", "ext")
NETWORKS = ("onnx", "torch", "npz")
each_kind = pytest.mark.parametrize("kind", OPTIONS)


def need(kind: str) -> None:
    if kind == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()} if path.is_dir() else {"": path.read_bytes()}


@each_kind
def test_one_certificate_gives_the_same_bytes(kind: str, tmp_path: Path) -> None:
    need(kind)
    for name in ("one", "two"):
        export(example_certificate("two outputs"), kind, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert (tmp_path / "one").is_dir() == (kind in FOLDERS)
    assert (KINDS[kind].suffix == "") == (kind in FOLDERS)


@each_kind
def test_its_options(kind: str) -> None:
    assert options_of(kind) == OPTIONS[kind]


@pytest.mark.parametrize("kind", [kind for kind in OPTIONS if kind not in NETWORKS])
@pytest.mark.parametrize("claim", ["regions", "equal"])
def test_regions_of_other_claims_are_exported_too(kind: str, claim: str, tmp_path: Path) -> None:
    need(kind)
    example = EXAMPLES["max of two on a square"]
    made = RegionCount() if claim == "regions" else EqualNetworks(example.network)
    export(prove(example.network, example.domain, claim=made), kind, tmp_path / "out")
    assert all(contents(tmp_path / "out").values())


@pytest.mark.parametrize("kind", NETWORKS)
def test_without_a_three_layer_network_there_is_none_to_export(kind: str, tmp_path: Path) -> None:
    example = EXAMPLES["triangle"]
    with pytest.raises(InputError, match=f"{kind}: expected a certificate of the claim equality, found regions"):
        export(prove(example.network, example.domain, claim=RegionCount()), kind, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@each_kind
@pytest.mark.parametrize("name", ["no hidden layer", "all neurons dead", "absolute value on a half-line"])
def test_certificates_of_a_single_region(kind: str, name: str, tmp_path: Path) -> None:
    need(kind)
    export(example_certificate(name), kind, tmp_path / "out")
    assert all(contents(tmp_path / "out").values())


@pytest.mark.parametrize(
    ("kind", "arguments", "options"),
    [
        ("smt2", ["--query", "cover"], {"query": "cover"}),
        ("smt2", ["--files", "many"], {"files": "many"}),
        ("ine", ["--region", "2"], {"region": 2}),
        ("ext", ["--region", "1"], {"region": "1"}),
        ("csv", ["--rounded", "float64"], {"rounded": "float64"}),
        ("npz", ["--within", "box:-1,1"], {"within": "box:-1,1"}),
        ("polymake", [], {}),
        ("dot", [], {}),
        ("onnx", [], {}),
        ("torch", [], {}),
    ],
)
def test_the_command_writes_what_the_library_writes(
    kind: str, arguments: list[str], options: dict[str, Any], tmp_path: Path
) -> None:
    certificate = example_certificate("triangle")
    certificate.save(tmp_path / "cert")
    result = run("export", str(tmp_path / "cert"), "--to", kind, "-o", str(tmp_path / "out"), *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    export(certificate, kind, tmp_path / "wanted", **options)
    assert contents(tmp_path / "out") == contents(tmp_path / "wanted")


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["--to", "ine", "--region", "7"], "region: expected a number from 1 to 3, found '7'"),
        (["--to", "smt2", "--query", "every"], "query: expected one of all, regions, cover, single, found 'every'"),
        (["--to", "onnx", "--within", "box:2,3"], "within: the polyhedron is empty"),
        (["--to", "dot", "--region", "1"], "dot: has no option 'region'"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_nothing_written(
    arguments: list[str], fragment: str, tmp_path: Path
) -> None:
    example_certificate("triangle").save(tmp_path / "cert")
    result = run("export", str(tmp_path / "cert"), "-o", str(tmp_path / "out"), *arguments)
    assert result.exit_code == 2
    assert fragment in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["cert"]
