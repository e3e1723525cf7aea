"""The library of regression proofs: what is found in a folder, how it is judged, and what each paragraph says."""

import gzip
import hashlib
import importlib.util
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.cli.command_line import facts_of, network_text, run
from tests.examples import ABSOLUTE_VALUE, MAX_OF_TWO, TWO_OUTPUTS
from verishallow import ReLUNetwork, checker, prove
from verishallow.claims import RegionCount
from verishallow.errors import InputError
from verishallow.proof import prove_equal
from verishallow.proof_library import check_proof, proofs_in
from verishallow.read import load
from verishallow.read.network_json import network_to_json
from verishallow.read.slice_files import slice_to_json
from verishallow.slices import Slice

SCALED_MODULUS = (([[-2], ["1/2"]], [0, 0]), ([["1/2", 2]], [0]))
PROOFS = Path(__file__).resolve().parents[1] / "proofs"
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
    "xor",
    "xor-trimmed",
}

each_proof = pytest.mark.parametrize("files", proofs_in(PROOFS), ids=lambda files: files.name)


# ------------------------------------------------------------------------------------- The project's own


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
        "faces": end["faces"],
        "layer 1": end["units"]["layer1"],
        "layer 2": end["units"]["layer2"],
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
    monkeypatch.setattr(make, "FOLDER", tmp_path)
    make.main()
    assert {files.name for files in proofs_in(tmp_path)} == {*make.TRAINED, *make.NETWORKS}
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


# ---------------------------------------------------------------------------------- What a folder may hold


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two proofs in folders of their own, one of them on a domain and with the boundary ignored."""
    certificates = {
        "modulus": prove(ReLUNetwork.of(ABSOLUTE_VALUE)),
        "maximum": prove(ReLUNetwork.of(MAX_OF_TWO), "box:-1,1", "ignore"),
    }
    for name, certificate in certificates.items():
        (tmp_path / name).mkdir()
        network = json.dumps(network_to_json(certificate.network))
        (tmp_path / name / "network.json").write_text(network)
        certificate.save(tmp_path / name / "network.cert.jsonl.gz")
    box = {"format": "verishallow-domain", "version": 1, "box": [["-1", "1"], ["-1", "1.0"]]}
    (tmp_path / "maximum" / "domain.json").write_text(json.dumps(box))
    return tmp_path


def test_a_folder_is_checked_with_a_table(library: Path) -> None:
    result = run("check", str(library))
    heads, *rows = result.stdout.splitlines()
    assert (result.exit_code, result.stderr) == (0, "")
    assert heads.split() == ["name", "claim", "verdict", "regions", "check", "seconds"]
    assert [re.split(r"  +", row)[:4] for row in rows] == [
        ["maximum", "equality off boundaries on R^2, 4 inequalities", "valid", "2"],
        ["modulus", "equality on R^1", "valid", "2"],
    ]


def test_a_folder_is_checked_in_json(library: Path) -> None:
    result = run("check", str(library), "--json")
    maximum, modulus = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (maximum["name"], maximum["verdict"], maximum["boundary"]) == ("maximum", "valid", "ignore")
    assert maximum["domain"] == str(library / "maximum" / "domain.json")
    assert (modulus["network"], modulus["domain"]) == (str(library / "modulus" / "network.json"), None)
    assert (modulus["activation_regions"], modulus["units"]) == (2, {"layer1": 4, "layer2": 6})
    one = facts_of(run("check", modulus["certificate"], "--json"))
    assert {name: modulus[name] for name in one if name in modulus and name != "check_seconds"} == {
        name: value for name, value in one.items() if name in modulus and name != "check_seconds"
    }


def test_a_folder_is_read_symbolically_too(library: Path) -> None:
    for proof in json.loads(run("check", str(library), "--symbolic", "--json").stdout):
        assert proof["verdict"] == "valid"
        assert "on each of 2 regions both networks are the same polynomial map" in proof["reason"]


def test_names_say_where_a_proof_is(library: Path) -> None:
    (library / "more" / "models").mkdir(parents=True)
    (library / "maximum" / "network.json").rename(library / "more" / "models" / "controller.v2.json")
    (library / "maximum" / "network.cert.jsonl.gz").rename(library / "more" / "models" / "controller.v2.cert.jsonl.gz")
    (library / "maximum" / "domain.json").rename(library / "more" / "models" / "domain.json")
    shutil.copy(library / "modulus" / "network.json", library)
    shutil.copy(library / "modulus" / "network.cert.jsonl.gz", library)
    result = run("check", str(library), "--json")
    assert [proof["name"] for proof in json.loads(result.stdout)] == ["network", "modulus", "more/models/controller.v2"]
    assert result.exit_code == 0


def test_every_claim_is_checked_against_the_networks_beside_it(library: Path) -> None:
    (library / "modulus" / "network.other.json").write_text(network_text(SCALED_MODULUS))
    prove_equal(ReLUNetwork.of(ABSOLUTE_VALUE), ReLUNetwork.of(SCALED_MODULUS)).save(
        library / "modulus" / "network.cert.jsonl.gz"
    )
    prove(ReLUNetwork.of(MAX_OF_TWO), "box:-1,1", claim=RegionCount()).save(
        library / "maximum" / "network.cert.jsonl.gz"
    )
    result = run("check", str(library))
    assert result.exit_code == 0, result.stdout
    assert [line.split()[1] for line in result.stdout.splitlines()] == ["claim", "regions", "equal"]
    (library / "modulus" / "network.other.json").write_text(network_text(ABSOLUTE_VALUE))
    assert run("check", str(library)).exit_code == 1
    (library / "modulus" / "network.other.json").unlink()
    result = run("check", str(library))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1].endswith("the other network is not beside it, as network.other.json")


@pytest.fixture
def sliced(library: Path) -> Path:
    """The library with one proof more, on a slice: the maximum of two on a segment."""
    folder = library / "segment"
    folder.mkdir()
    segment = Slice.line([0, 1], [1, 0])
    (folder / "network.json").write_text(network_text(MAX_OF_TWO))
    (folder / "slice.json").write_text(json.dumps(slice_to_json(segment)))
    prove(ReLUNetwork.of(MAX_OF_TWO), embedding=segment).save(folder / "network.cert.jsonl.gz")
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
    "no slice": (no_slice, "invalid", "the certificate is about another domain"),
    "a row too few": (a_row_too_few, "unreadable", "slice: expected a row for each of the 2 inputs of the network"),
    "a broken slice": (a_broken_slice, "unreadable", "slice.json: not JSON"),
}


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


def test_files_of_other_kinds_are_left_alone(library: Path) -> None:
    (library / "modulus" / "package.json").write_text("{}")
    (library / "modulus" / "train.py").write_text("raise SystemExit")
    (library / "formal").mkdir()
    (library / "formal" / "Theorem.v").write_text("Qed.")
    (library / ".hidden").mkdir()
    (library / ".hidden" / "network.json").write_text(network_text(TWO_OUTPUTS))
    assert [files.name for files in proofs_in(library)] == ["maximum", "modulus"]


# ------------------------------------------------------------------------------------------------ Rejects


def another_network(folder: Path) -> None:
    (folder / "network.json").write_text(network_text((*ABSOLUTE_VALUE[:1], ([[1, "100/99"]], [0]))))


def another_domain(folder: Path) -> None:
    rows = {"format": "verishallow-domain", "version": 1, "box": [["-2", "2"]]}
    (folder / "domain.json").write_text(json.dumps(rows))


def no_certificate(folder: Path) -> None:
    (folder / "network.cert.jsonl.gz").unlink()


def no_network(folder: Path) -> None:
    (folder / "network.json").unlink()


def two_certificates(folder: Path) -> None:
    (folder / "network.cert.jsonl").write_bytes(gzip.decompress((folder / "network.cert.jsonl.gz").read_bytes()))


def two_domains(folder: Path) -> None:
    another_domain(folder)
    (folder / "domain.ine").write_text("begin\n1 2 integer\n1 1\nend\n")


def truncated(folder: Path) -> None:
    path = folder / "network.cert.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-20])


def empty(folder: Path) -> None:
    (folder / "network.cert.jsonl.gz").write_bytes(b"")


def one_number_changed(folder: Path) -> None:
    path = folder / "network.cert.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).replace(b'"map":[["0","1"]]', b'"map":[["0","2"]]')
    path.write_bytes(gzip.compress(lines))


def an_open_node(folder: Path) -> None:
    header, network, *_, end = prove(load(folder / "network.json")).lines
    none = {"activation_regions": 0, "affine_pieces": 0, "faces": 0, "leaves": 0, "linear_regions": 0, "open": 1}
    counts = {**json.loads(end), **none, "units": {"layer1": 2, "layer2": 0}}
    del counts["sha256"]
    body = header + network + checker.canonical({"record": "open"})
    sha256 = hashlib.sha256(body + checker.canonical(counts)).hexdigest()
    (folder / "network.cert.jsonl.gz").write_bytes(
        gzip.compress(body + checker.canonical({**counts, "sha256": sha256}))
    )


def a_broken_network(folder: Path) -> None:
    (folder / "network.json").write_text('{"format": "verishallow-network"')


def a_domain_of_another_dimension(folder: Path) -> None:
    rows = {"format": "verishallow-domain", "version": 1, "box": [["-2", "2"]] * 2}
    (folder / "domain.json").write_text(json.dumps(rows))


def a_folder_in_the_place_of_the_certificate(folder: Path) -> None:
    no_certificate(folder)
    (folder / "network.cert.jsonl.gz").mkdir()


REJECTS: dict[str, tuple[Callable[[Path], None], str, int, str]] = {
    "a stale certificate": (another_network, "invalid", 1, "the certificate is about another network"),
    "a certificate for another domain": (another_domain, "invalid", 1, "the certificate is about another domain"),
    "a network without a certificate": (no_certificate, "invalid", 1, "network.json has no certificate beside it"),
    "a certificate without a network": (no_network, "invalid", 1, "network.cert.jsonl.gz has no network beside it"),
    "two certificates": (two_certificates, "invalid", 1, "found network.cert.jsonl and network.cert.jsonl.gz"),
    "two domains": (two_domains, "invalid", 1, "found domain.ine and domain.json"),
    "a truncated certificate": (truncated, "invalid", 1, "the gzip stream is truncated"),
    "an empty certificate": (empty, "invalid", 1, "the file ends before its end record"),
    "a certificate with one number changed": (one_number_changed, "invalid", 1, "the affine map of output 0"),
    "a certificate with an open node": (an_open_node, "incomplete", 3, "1 cell is left open"),
    "a broken network": (a_broken_network, "unreadable", 2, "network.json: not JSON"),
    "a broken domain": (a_domain_of_another_dimension, "unreadable", 2, "expected 1 intervals"),
    "a folder for a certificate": (a_folder_in_the_place_of_the_certificate, "invalid", 1, "has no certificate"),
}


@pytest.mark.parametrize("name", REJECTS)
def test_one_bad_proof_fails_the_library(library: Path, name: str) -> None:
    spoil, verdict, code, words = REJECTS[name]
    spoil(library / "modulus")
    result = run("check", str(library), "--json")
    maximum, modulus = json.loads(result.stdout)
    assert (maximum["verdict"], modulus["verdict"], result.exit_code) == ("valid", verdict, code)
    assert words in modulus["reason"]
    plain = run("check", str(library))
    assert plain.exit_code == code
    assert plain.stdout.splitlines()[-1].startswith(f"modulus: {verdict}: ")


def test_the_worst_verdict_is_the_exit_code(library: Path) -> None:
    an_open_node(library / "modulus")
    a_broken_network(library / "maximum")
    assert run("check", str(library)).exit_code == 2
    another_network(library / "modulus")
    assert run("check", str(library)).exit_code == 1


def test_a_stale_certificate_says_how_to_renew_it(library: Path) -> None:
    (library / "maximum" / "network.json").write_text(network_text((([[1, -2]], [0]), MAX_OF_TWO[1])))
    *_, last = run("check", str(library)).stdout.splitlines()
    network, domain, certificate = (
        library / "maximum" / name for name in ("network.json", "domain.json", "network.cert.jsonl.gz")
    )
    assert last.endswith(f"verishallow prove {network} --domain {domain} --boundary ignore -o {certificate}")


# ------------------------------------------------------------------------------- Names that say the claim


@pytest.fixture
def proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that the command line proves of 'n.json' under default names, and of a network that equals it."""
    monkeypatch.chdir(tmp_path)
    Path("n.json").write_text(network_text(ABSOLUTE_VALUE))
    Path("m.v2.json").write_text(network_text(SCALED_MODULUS))
    ways = ((), ("--claim", "bounds"), ("--claim", "regions"), ("--construction", "gated"), ("--boundary", "ignore"))
    for options in ways:
        assert run("prove", "n.json", *options).exit_code == 0
    assert run("equal", "n.json", "m.v2.json").exit_code == 0
    return tmp_path


PROVED = {
    "n": "equality",
    "n.bounds": "bounds",
    "n.equal.m.v2": "equal",
    "n.gated": "equality",
    "n.ignore": "equality",
    "n.regions": "regions",
}


def verdicts(folder: Path) -> dict[str, dict[str, Any]]:
    return {proof["name"]: proof for proof in json.loads(run("check", str(folder), "--json").stdout)}


def test_names_that_say_the_claim_are_of_the_network_they_start_with(proved: Path) -> None:
    found = verdicts(proved)
    assert {name: proof["claim"] for name, proof in found.items()} == PROVED
    assert {proof["verdict"] for proof in found.values()} == {"valid"}
    assert {proof["network"] for proof in found.values()} == {str(proved / "n.json")}
    assert found["n.equal.m.v2"]["other_network"] == str(proved / "m.v2.json")
    assert run("check", str(proved)).exit_code == 0


def test_they_are_about_that_very_network(proved: Path) -> None:
    (proved / "n.json").write_text(network_text(SCALED_MODULUS))
    assert {proof["verdict"] for proof in verdicts(proved).values()} == {"invalid"}


def test_the_other_network_is_the_one_that_the_name_says(proved: Path) -> None:
    (proved / "m.v2.json").write_text(network_text(ABSOLUTE_VALUE))
    assert verdicts(proved)["n.equal.m.v2"]["verdict"] == "invalid"
    (proved / "m.v2.json").unlink()
    equal = verdicts(proved)["n.equal.m.v2"]
    assert (equal["verdict"], equal["reason"]) == ("invalid", "the other network is not beside it, as m.v2.json")


def test_the_longest_name_of_a_network_counts(proved: Path) -> None:
    (proved / "n.bounds.json").write_text(network_text(TWO_OUTPUTS))
    bounds = verdicts(proved)["n.bounds"]
    assert (bounds["verdict"], bounds["network"]) == ("invalid", str(proved / "n.bounds.json"))


def test_a_network_whose_only_proof_has_more_words_has_a_proof(proved: Path) -> None:
    (proved / "n.cert.jsonl.gz").unlink()
    assert set(verdicts(proved)) == set(PROVED) - {"n"}


def test_a_domain_that_is_missing_beside_a_certificate_is_named(proved: Path) -> None:
    assert run("prove", "n.json", "--claim", "bounds", "--domain", "box:-1,1").exit_code == 0
    bounds = verdicts(proved)["n.bounds"]
    assert bounds["verdict"] == "invalid"
    assert bounds["reason"].endswith(
        "the certificate is about another domain; no domain.json or domain.ine lies beside it, "
        "and without one all of R^n is expected"
    )


def test_a_slice_is_for_the_certificates_that_say_so(proved: Path) -> None:
    (proved / "slice.json").write_text(json.dumps(slice_to_json(Slice.line([-1], [2]))))
    for options in ((), ("--claim", "bounds")):
        assert run("prove", "n.json", "--slice", "slice.json", *options).exit_code == 0
    found = verdicts(proved)
    assert set(found) == {*PROVED, "n.slice", "n.slice.bounds"}
    assert {proof["verdict"] for proof in found.values()} == {"valid"}
    (proved / "slice.json").unlink()
    found = verdicts(proved)
    assert {name for name, proof in found.items() if proof["verdict"] != "valid"} == {"n.slice", "n.slice.bounds"}
    assert found["n.slice"]["reason"].endswith("; it is about a slice, and no slice.json lies beside it")


def test_an_empty_folder_is_no_library(tmp_path: Path) -> None:
    result = run("check", str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip().endswith(
        "expected folders with a network and its certificate NAME.cert.jsonl.gz, found none"
    )
    with pytest.raises(InputError, match="found none"):
        proofs_in(tmp_path)


def test_no_one_network_is_expected_of_a_folder(library: Path) -> None:
    result = run("check", str(library), "--network", str(library / "modulus" / "network.json"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no --network" in result.stderr


def test_a_folder_that_cannot_be_read_is_no_empty_one(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(place: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(InputError, match=r"cannot be read: Permission denied"):
        proofs_in(library)
