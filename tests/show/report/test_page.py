"""The page without a browser: what it carries is exact, nothing is loaded, nothing escapes."""

import re
from html.parser import HTMLParser

import pytest
from gmpy2 import mpq

from tests.examples import ABSOLUTE_VALUE, sawtooth
from tests.show.report.pages import carried, certificate_of, random_network, regions_of
from verishallow.certificate.certificate import Certificate
from verishallow.claims.bounds import OutputBounds, output_range
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.gated import gated
from verishallow.claims.merge import Merged
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError, InvalidCertificateError
from verishallow.explain.facets import walls
from verishallow.network import ReLUNetwork
from verishallow.proof import prove
from verishallow.rationals import format_rational, parse_rational
from verishallow.show.report import report
from verishallow.show.report.region_data import lines_of_regions
from verishallow.slices import Slice

CASES = {
    "one input": ((1, 6, 4, 2), "box:-2,2"),
    "one input, unbounded": ((1, 6, 4, 1), None),
    "two inputs": ((2, 5, 5, 3), "box:-1,1"),
    "two inputs, one output": ((2, 6, 1), "box:-1,1"),
    "two inputs, unbounded": ((2, 4, 4, 1), None),
    "three inputs": ((3, 4, 4, 2), "box:-1,1"),
    "three inputs, unbounded": ((3, 4, 2), None),
    "seven inputs": ((7, 3, 2), "box:-1,1"),
    "no hidden layer": ((2, 3), "box:0,1"),
    "no hidden layer, unbounded": ((1, 1), None),
}

each_case = pytest.mark.parametrize("case", CASES)


class Words(HTMLParser):
    """The text of a page that is seen, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open:
            self.words.append(data)


def read(page: bytes) -> Words:
    found = Words()
    found.feed(page.decode())
    return found


def text_of(page: bytes) -> str:
    return " ".join("".join(read(page).words).split())


@each_case
def test_the_same_certificate_gives_the_same_bytes(case: str) -> None:
    certificate = certificate_of(*CASES[case])
    assert report(certificate) == report(Certificate(certificate.lines))


@each_case
def test_nothing_is_loaded(case: str) -> None:
    page = report(certificate_of(*CASES[case]))
    names = ("src", "href", "style", "srcset", "action", "data")
    loading = [(tag, value) for tag, found in read(page).tags for name, value in found.items() if name in names]
    assert [(tag, value) for tag, value in loading if tag != "a" or not str(value).startswith("#region-")] == []
    assert b"default-src 'none'" in page
    assert {link.decode() for link in re.findall(rb"https?://[^\"'< ]+", page)} <= {"http://www.w3.org/2000/svg"}


@each_case
def test_regions_are_carried_exactly(case: str) -> None:
    certificate = certificate_of(*CASES[case])
    found = regions_of(report(certificate))["regions"]
    assert len(found) == len(certificate.regions) == certificate.counts["activation_regions"]
    for shown, region in zip(found, certificate.regions, strict=True):
        assert [exact for exact, _ in shown["witness"]] == list(map(format_rational, region.witness))
        value = certificate.network(region.witness)
        assert [exact for exact, _ in shown["value"]] == list(map(format_rational, value))
        assert len(shown["rules"]) == len(region.h_representation)


@each_case
def test_the_certificate_is_carried_whole(case: str) -> None:
    certificate = certificate_of(*CASES[case])
    assert carried(report(certificate), "data-certificate") == b"".join(certificate.lines)


@each_case
def test_every_region_ends_at_its_own_record(case: str) -> None:
    certificate = certificate_of(*CASES[case])
    lines = lines_of_regions(certificate)
    for number, region in enumerate(certificate.regions):
        way = lines.way_to(number)
        record = certificate.lines[way[-1] - 1].decode()
        assert f'"witness":[{",".join(f"{chr(34)}{format_rational(x)}{chr(34)}" for x in region.witness)}]' in record
        kinds = [re.findall(r'"record":"(\w+)"', certificate.lines[line - 1].decode())[-1] for line in way]
        assert kinds[-1] == "leaf"
        assert kinds.count("layer") == len(certificate.network.hidden)


@pytest.mark.parametrize("case", ["one input", "two inputs", "three inputs", "seven inputs"])
def test_facets_name_the_neurons_that_vanish_there(case: str) -> None:
    certificate = certificate_of(*CASES[case])
    found = regions_of(report(certificate))["regions"]
    for shown, region in zip(found, certificate.regions, strict=True):
        known = {wall.form: wall for wall in walls(certificate.network, certificate.domain, region.pattern)}
        expected = [known[form.primitive()] for form in region.h_representation]
        assert [rule["neurons"] for rule in shown["rules"]] == [[list(n) for n in wall.neurons] for wall in expected]
        assert [rule["domain"] for rule in shown["rules"]] == [[i + 1 for i in wall.of_domain] for wall in expected]


@pytest.mark.parametrize("case", ["one input", "two inputs", "three inputs"])
def test_volumes_add_up(case: str) -> None:
    certificate = certificate_of(*CASES[case])
    page = report(certificate)
    volumes = [parse_rational(region["volume"][0]) for region in regions_of(page)["regions"]]
    low, high = (-2, 2) if case == "one input" else (-1, 1)
    assert sum(volumes) == mpq(high - low) ** certificate.domain.dimension
    ranks = [region["rank"] for region in regions_of(page)["regions"]]
    assert [volumes[index] for index in sorted(range(len(ranks)), key=ranks.__getitem__)] == sorted(volumes)[::-1]


HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>\x00\udcff"


def test_names_are_escaped() -> None:
    page = report(certificate_of((2, 3, 2), "box:0,1"), HOSTILE, [HOSTILE, "</script>"], ["<b>", HOSTILE])
    tags = read(page).tags
    assert "img" not in {tag for tag, _ in tags}
    assert "b" not in {tag for tag, _ in tags}
    assert [dict(names).get("type") for tag, names in tags if tag == "script"] == ["application/gzip"] * 2 + [None]
    assert "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>" in text_of(page)
    assert regions_of(page)["outputs"][0] == "<b>"


def test_names_must_fit() -> None:
    with pytest.raises(InputError, match="names of features: expected 2 different ones"):
        report(certificate_of((2, 3, 2), "box:0,1"), names=["one"])


def test_importance_and_shares_are_shown() -> None:
    page = report(prove(ReLUNetwork.of(ABSOLUTE_VALUE), "box:-1,2"), names=["age"], output_names=["risk"])
    text = text_of(page)
    assert "Importance for risk" in text
    assert 'value="5/6" title="exactly 5/6"' in page.decode()
    assert "Share of each class" in text


def test_an_unbounded_domain_has_ranges_and_no_volumes() -> None:
    text = text_of(report(prove(ReLUNetwork.of(ABSOLUTE_VALUE))))
    assert "The domain is unbounded" in text
    assert "output least greatest y00unbounded" in text.replace("outputleastgreatest", "output least greatest ")


def test_many_inputs_get_a_clear_word() -> None:
    text = text_of(report(certificate_of((7, 3, 2), "box:-1,1")))
    assert "With 7 inputs the regions do not fit into a flat picture" in text
    assert "--plane P Q R" in text
    assert "with more than 6 inputs (here 7) they are left out" in text


def test_volumes_are_computed_where_they_are_asked_for() -> None:
    certificate = certificate_of((7, 1, 1), "box:0,1")
    volumes = [region["volume"] for region in regions_of(report(certificate, volumes=True))["regions"]]
    assert sum(parse_rational(exact) for exact, _ in volumes) == 1
    assert regions_of(report(certificate_of((2, 3, 2), "box:0,1"), volumes=False))["regions"][0]["volume"] is None


TWO = random_network((2, 4, 4, 1))

CLAIMS: dict[str, tuple[Claim | None, str]] = {
    "regions": (RegionCount(), "box:-1,1"),
    "bounds": (OutputBounds(output_range(TWO, "box:-1,1")), "box:-1,1"),
    "equal": (EqualNetworks(TWO), "box:-1,1"),
    "merge": (Merged(), "box:-1,1"),
    "ignore": (None, "box:-1,1"),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_other_claims_have_regions_too(name: str) -> None:
    claim, domain = CLAIMS[name]
    certificate = prove(TWO, domain, "ignore" if name == "ignore" else "exact", claim=claim)
    page = report(certificate)
    found = regions_of(page)["regions"]
    assert sum(parse_rational(region["volume"][0]) for region in found) == 4
    assert ("There is no three-layer network" in text_of(page)) == (name in ("regions", "bounds", "equal"))
    known = [bool(rule["neurons"] or rule["domain"]) for shown in found for rule in shown["rules"]]
    assert all(known) == (name != "merge")


def test_many_outputs_share_a_table() -> None:
    text = text_of(report(certificate_of((2, 3, 9), "box:0,1")))
    assert "Mean |slope| of each output in each feature" in text
    assert "Importance for y0" not in text


def test_a_gated_certificate_says_why_there_is_no_table() -> None:
    network = random_network((2, 3, 3, 3, 1))
    page = report(prove(network, "box:-1,1", claim=gated(network)))
    assert "No region can be shown: a gated certificate has no regions" in text_of(page)
    assert "Importance for y0" in text_of(page)


def test_an_area_where_a_single_output_is_zero_is_named() -> None:
    rectifier = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
    shown = text_of(report(prove(rectifier, "box:-1,1"), output_names=["rate"]))
    assert "rate = 0" in shown
    assert "rate <= 0 = rate > 0" not in shown


def test_a_slice_is_named() -> None:
    network = random_network((5, 4, 2))
    page = report(prove(network, on_slice=Slice.line([0] * 5, [1] * 5)))
    assert "5 inputs, 4 hidden neurons per layer, 2 outputs, on a slice with 1 parameter" in text_of(page)


def test_an_invalid_certificate_is_refused() -> None:
    certificate = certificate_of((2, 3, 2), "box:0,1")
    with pytest.raises(InvalidCertificateError):
        report(Certificate((*certificate.lines[:-2], certificate.lines[-1])))


def test_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verishallow.show.report.region_data.MOST_LISTED", 10)
    monkeypatch.setattr("verishallow.show.report.regions_section.MOST_LISTED", 10)
    monkeypatch.setattr("verishallow.show.report.regions_section.MOST_DRAWN", 10)
    page = report(prove(ReLUNetwork.of(sawtooth(4)), "box:0,1"))
    assert len(regions_of(page)["regions"]) == 10
    assert "The first 10 of 16 regions are listed." in text_of(page)
    assert "There are 16 regions; a picture is drawn of at most 10." in text_of(page)
