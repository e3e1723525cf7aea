"""The project's own library: every theorem is proved, described, and made again."""

import gzip
import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from verishallow.kept_proofs.library import check_proof, proofs_in
from verishallow.read import load

PROOFS = Path(__file__).resolve().parents[2] / "proofs"
THEOREMS = {
    "absolute-value",
    "absolute-value-of-pixels",
    "all-dead",
    "all-duplicate",
    "cancelling-merged",
    "coinciding-facets",
    "collision-avoidance",
    "digits",
    "digits-convolution",
    "iris",
    "max-of-five",
    "max-of-three",
    "max-of-two",
    "rank-deficient",
    "sawtooth-3",
    "sawtooth-3-gated",
    "sawtooth-8",
    "sawtooth-below-one",
    "xor",
    "xor-trimmed",
}

each_proof = pytest.mark.parametrize("files", proofs_in(PROOFS), ids=lambda files: files.name)


def test_the_library_has_its_theorems() -> None:
    assert {files.name for files in proofs_in(PROOFS)} >= THEOREMS


@each_proof
def test_every_theorem_is_proved_and_described(files: Any) -> None:
    checked = check_proof(files)
    assert (checked.kind, checked.header.get("boundary", "exact")) == ("valid", "exact"), checked.reason
    text = (files.certificates[0].parent / "README.md").read_text(encoding="utf-8")
    said = {name: {int(n.replace(",", "")) for n in re.findall(pattern, text)} for name, pattern in COUNTED.items()}
    known = counts_of(checked.counts)
    assert said == {name: {known[name]} if known[name] is not None else set() for name in COUNTED}


COUNTED = {
    "leaves": r"([\d,]+)\s+leaves",
    "activation regions": r"([\d,]+)\s+activation\s+regions?",
    "affine pieces": r"([\d,]+)\s+affine\s+pieces?",
    "linear regions": r"([\d,]+)\s+linear\s+regions?",
    "faces": r"([\d,]+)\s+signed\s+faces?",
    "layer 1": r"([\d,]+)\s+units\s+in\s+layer\s+1",
    "layer 2": r"and\s+([\d,]+)\s+in\s+layer\s+2",
}


def counts_of(end: dict[str, Any]) -> dict[str, int | None]:
    """What a paragraph has to say; ``None`` for what a certificate does not count, or counts as regions."""
    return {
        "leaves": None if "activation_regions" in end else end["leaves"],
        "activation regions": end.get("activation_regions"),
        "affine pieces": end.get("affine_pieces"),
        "linear regions": end.get("linear_regions"),
        "faces": end.get("faces"),
        "layer 1": end.get("units", {}).get("layer1"),
        "layer 2": end.get("units", {}).get("layer2"),
    }


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make", PROOFS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_library_is_made_again_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = maker()
    for name in make.TRAINED:
        shutil.copytree(PROOFS / name, tmp_path / name)
        (tmp_path / name / "network.cert.jsonl.gz").unlink()
    for name, (_, asked) in make.PROPERTIES.items():
        (tmp_path / name).mkdir()
        shutil.copy(PROOFS / name / f"{asked}.vnnlib", tmp_path / name)
    monkeypatch.setattr(make, "FOLDER", tmp_path)
    make.main()
    assert {files.name for files in proofs_in(tmp_path)} == {*make.TRAINED, *make.NETWORKS, *make.PROPERTIES}
    for path in sorted(path for path in tmp_path.rglob("*") if path.is_file()):
        assert content(path) == content(PROOFS / path.relative_to(tmp_path)), path


def content(path: Path) -> bytes:
    """Another zlib may compress to other bytes: what is compressed counts."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


@pytest.mark.parametrize(
    ("name", "point", "value"),
    [
        ("absolute-value", ["-2/3"], "2/3"),
        ("max-of-two", [-5, "-9/2"], "-9/2"),
        ("max-of-three", [1, 3, 2], "3"),
        *(("max-of-five", [9 if i == k else i for i in range(5)], "9") for k in range(5)),
        ("sawtooth-3", ["1/16"], "1/2"),
        ("sawtooth-3", ["5/8"], "1"),
        ("sawtooth-8", ["3/256"], "1"),
        ("sawtooth-8", ["1/128"], "0"),
        *(("xor", [x, y], str(x ^ y)) for x in (0, 1) for y in (0, 1)),
        ("all-dead", ["-1", "1"], "5/7"),
        ("rank-deficient", [4, 0, -1], "6"),
        ("all-duplicate", [1, 0], "6"),
        ("coinciding-facets", [1, 0], "6"),
        ("coinciding-facets", [0, 1], "-3"),
    ],
)
def test_the_networks_are_what_their_names_say(name: str, point: list[Any], value: str) -> None:
    network = load(PROOFS / name / "network.json")
    assert [str(y) for y in network(point)] == [value]
