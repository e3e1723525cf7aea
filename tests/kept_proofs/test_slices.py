"""A proof on a slice is checked on the slice beside it."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command_line import network_text, run
from tests.examples import MAX_OF_TWO
from verishallow import ReLUNetwork, prove
from verishallow.read.domains.slices import slice_to_json
from verishallow.slices import Slice


@pytest.fixture
def sliced(library: Path) -> Path:
    """The library with one proof more, on a slice: the maximum of two on a segment."""
    folder = library / "segment"
    folder.mkdir()
    segment = Slice.line([0, 1], [1, 0])
    (folder / "network.json").write_text(network_text(MAX_OF_TWO))
    (folder / "slice.json").write_text(json.dumps(slice_to_json(segment)))
    prove(ReLUNetwork.of(MAX_OF_TWO), on_slice=segment).save(folder / "network.cert.jsonl.gz")
    return library


def test_a_proof_on_a_slice_is_checked_on_the_slice_beside_it(sliced: Path) -> None:
    result = run("check", str(sliced))
    assert (result.exit_code, result.stderr) == (0, "")
    last = result.stdout.splitlines()[-1]
    assert re.split(r"  +", last)[:4] == ["segment", "equality on R^1, 2 inequalities, a slice of R^2", "valid", "2"]
    *_, segment = json.loads(run("check", str(sliced), "--symbolic", "--json").stdout)
    assert (segment["verdict"], segment["inputs"], segment["slice_of"]) == ("valid", 1, 2)
    assert segment["slice"] == str(sliced / "segment" / "slice.json")
    assert "on each of 2 regions both networks are the same polynomial map" in segment["reason"]


def test_the_domain_beside_a_slice_is_about_its_parameters(sliced: Path) -> None:
    box = {"format": "verishallow-domain", "version": 1, "box": [["0", "1"]]}
    (sliced / "segment" / "domain.json").write_text(json.dumps(box))
    assert run("check", str(sliced)).exit_code == 0
    box["box"] = [["0", "2"]]
    (sliced / "segment" / "domain.json").write_text(json.dumps(box))
    result = run("check", str(sliced))
    assert (result.exit_code, "the certificate is about another domain" in result.stdout) == (1, True)
    network, slice_file, domain = (sliced / "segment" / f"{name}.json" for name in ("network", "slice", "domain"))
    assert f"verishallow prove {network} --slice {slice_file} --domain {domain}" in result.stdout


def another_row(folder: Path) -> None:
    (folder / "slice.json").write_text((folder / "slice.json").read_text().replace('"-1"', '"-2"'))


def rows_exchanged(folder: Path) -> None:
    slice_of_two = json.loads((folder / "slice.json").read_text())
    slice_of_two["rows"].reverse()
    (folder / "slice.json").write_text(json.dumps(slice_of_two))


def no_slice(folder: Path) -> None:
    (folder / "slice.json").unlink()


def a_row_too_few(folder: Path) -> None:
    slice_of_two = json.loads((folder / "slice.json").read_text())
    del slice_of_two["rows"][1]
    (folder / "slice.json").write_text(json.dumps(slice_of_two))


def a_broken_slice(folder: Path) -> None:
    (folder / "slice.json").write_text('{"format": "verishallow-slice"')


SLICE_REJECTS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "another row": (another_row, "invalid", "the certificate is about another slice"),
    "rows exchanged": (rows_exchanged, "invalid", "the certificate is about another slice"),
    "a row too few": (a_row_too_few, "unreadable", "slice: expected a row for each of the 2 inputs of the network"),
    "a broken slice": (a_broken_slice, "unreadable", "slice.json: not JSON"),
}


def test_a_slice_without_a_file_is_the_certificates_own(sliced: Path) -> None:
    no_slice(sliced / "segment")
    *_, segment = json.loads(run("check", str(sliced), "--json").stdout)
    assert (segment["verdict"], segment["slice_of"]) == ("valid", 2)
    assert segment["reason"].endswith("; no slice file beside it: its own is shown, and compared with none")
    box = {"format": "verishallow-domain", "version": 1, "box": [["0", "1/2"]]}
    (sliced / "segment" / "domain.json").write_text(json.dumps(box))
    *_, segment = json.loads(run("check", str(sliced), "--json").stdout)
    assert (segment["verdict"], "another domain" in segment["reason"]) == ("invalid", True)


@pytest.mark.parametrize("name", SLICE_REJECTS)
def test_another_slice_fails_the_library(sliced: Path, name: str) -> None:
    spoil, verdict, words = SLICE_REJECTS[name]
    spoil(sliced / "segment")
    result = run("check", str(sliced), "--json")
    *others, segment = json.loads(result.stdout)
    assert ([proof["verdict"] for proof in others], segment["verdict"]) == (["valid"] * 2, verdict)
    assert words in segment["reason"]
    assert result.exit_code == (1 if verdict == "invalid" else 2)


def test_a_slice_beside_a_proof_without_one_fails_the_library(sliced: Path) -> None:
    shutil.copy(sliced / "segment" / "slice.json", sliced / "maximum")
    box = {"format": "verishallow-domain", "version": 1, "box": [["-1", "1"]]}
    (sliced / "maximum" / "domain.json").write_text(json.dumps(box))
    result = run("check", str(sliced), "--json")
    maximum, *_ = json.loads(result.stdout)
    assert (result.exit_code, maximum["verdict"]) == (1, "invalid")
