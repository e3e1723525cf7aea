"""LaTeX macros: every number is the certificate's, the names are letters, and LaTeX takes them."""

import re
from pathlib import Path

import pytest

from tests.examples import EXAMPLES, each_boundary, example_certificate
from tests.write.paper.typesetting import latex, paper, trouble
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError
from verishallow.proof import prove, prove_equal
from verishallow.write.paper.macros import macro_name, macros

COMMAND = re.compile(r"\\newcommand\{\\([^}]*)\}\{([^}]*)\}")


def values(text: bytes) -> dict[str, str]:
    return dict(COMMAND.findall(text.decode("ascii")))


@each_boundary
@pytest.mark.parametrize("name", ["two outputs", "sawtooth of depth 3", "no hidden layer", "max of three on a cube"])
def test_every_number_is_the_certificates(name: str, boundary: str) -> None:
    certificate = example_certificate(name, "exact" if boundary == "exact" else "ignore")
    found, counts, network = values(macros(certificate)), certificate.counts, certificate.network
    assert found["vsActivationRegions"] == str(len(certificate.regions)) == str(counts["activation_regions"])
    assert found["vsAffinePieces"] == str(len({region.affine_map for region in certificate.regions}))
    assert found["vsLinearRegions"] == str(counts["linear_regions"])
    assert found["vsFaces"] == str(counts["faces"])
    assert found["vsUnitsInLayerOne"] == str(certificate.shallow.layer1.width)
    assert found["vsUnitsInLayerTwo"] == str(certificate.shallow.layer2.width)
    assert found["vsInfiniteWeights"] == str(certificate.shallow.layer2.infinite_weights())
    assert (found["vsInputs"], found["vsOutputs"]) == (str(network.inputs), str(network.outputs))
    assert found["vsHiddenLayers"] == str(len(network.layers) - 1)
    assert found["vsDomainInequalities"] == str(len(certificate.domain.inequalities))
    assert found["vsCertificateLines"] == str(len(certificate.lines))
    assert found["vsCertificateBytes"] == str(len(b"".join(certificate.lines)))
    assert found["vsBoundary"] == boundary
    assert found["vsNetworkHash"] == certificate.header["network_sha256"]
    assert found["vsCertificateHash"] == counts["sha256"]


def test_each_name_is_letters_and_said_once() -> None:
    found = COMMAND.findall(macros(example_certificate("two outputs"), prefix="Net").decode())
    names = [name for name, _ in found]
    assert len(set(names)) == len(names) > 20
    assert all(re.fullmatch("Net[A-Za-z]+", name) for name in names)


def test_other_claims_have_their_numbers() -> None:
    network = EXAMPLES["two outputs"].network
    counted = values(macros(prove(network, "box:-1,1", claim=RegionCount())))
    assert (counted["vsActivationRegions"], counted["vsClaim"]) == ("4", "regions")
    assert not {"vsFaces", "vsUnitsInLayerTwo", "vsInfiniteWeights", "vsBoundary"} & set(counted)
    assert values(macros(prove_equal(network, network, "box:-1,1")))["vsClaim"] == "equal"


@pytest.mark.parametrize("name", ["affine_pieces", "linear_regions"])
def test_what_is_not_certified_is_marked(name: str) -> None:
    lines = macros(example_certificate("two outputs")).decode().splitlines()
    marked = [line for line in lines if "not certified" in line]
    assert len(marked) == 2
    assert any(macro_name(name) in line for line in marked)


@pytest.mark.parametrize("prefix", ["", "v1", "end", "endgame", "v-s", "über", "v s", "\\vs"])
def test_a_prefix_that_is_none_is_refused(prefix: str) -> None:
    with pytest.raises(InputError, match="prefix: expected letters only"):
        macros(example_certificate("two outputs"), prefix=prefix)


def test_groups_of_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = example_certificate("two outputs")
    monkeypatch.setitem(certificate.counts, "faces", 1234567)
    monkeypatch.setitem(certificate.counts, "leaves", 1234)
    grouped, plain = values(macros(certificate, grouped=True)), values(macros(certificate))
    assert (grouped["vsFaces"], grouped["vsLeaves"]) == (r"1\,234\,567", "1234")
    assert plain["vsFaces"] == "1234567"


def _document(folder: Path, required: str) -> list[str]:
    (folder / "numbers.tex").write_bytes(macros(example_certificate("two outputs")))
    (folder / "others.tex").write_bytes(macros(example_certificate("triangle"), prefix="other", grouped=True))
    (folder / "text.tex").write_text(
        f"\\vsRequireNetwork{{{required}}}\\ifnum\\vsActivationRegions=4 four\\fi, $\\otherFaces$ faces."
    )
    return trouble(latex(paper(folder, ["text"], r"\input{numbers}\input{others}"), runs=1))


def test_a_document_takes_the_numbers_of_two_certificates(tmp_path: Path) -> None:
    assert _document(tmp_path, example_certificate("two outputs").header["network_sha256"]) == []


def test_numbers_of_another_network_stop_a_document(tmp_path: Path) -> None:
    (found, *_) = _document(tmp_path, example_certificate("triangle").header["network_sha256"])
    assert found.startswith("! The numbers belong to another network")
