"""``verishallow report``: a page for a network or a certificate, whole or not at all."""

from pathlib import Path

import pytest

from tests.cli.command_line import facts_of, names, run
from tests.show.report.pages import regions_of
from verishallow.certificate.certificate import Certificate
from verishallow.proof import prove
from verishallow.read import load
from verishallow.show.report import report


def test_a_network_is_proved_and_shown(folder: Path) -> None:
    facts = facts_of(run("report", "net.json", "--domain", "box:-1,1", "-o", "page.html", "--json"))
    assert (facts["written"], facts["activation_regions"], facts["claim"]) == ("page.html", 2, "equality")
    expected = report(prove(load("net.json"), "box:-1,1"), "net.json")
    assert (folder / "page.html").read_bytes() == expected


def test_by_default_it_lies_beside_the_file(folder: Path) -> None:
    result = run("report", "net.json")
    assert result.exit_code == 0
    assert "net.report.html" in names(folder)
    assert "2 activation regions" in (folder / "net.report.html").read_text()


def test_a_certificate_is_checked_and_shown(folder: Path) -> None:
    assert run("report", "cert", "-o", "page.html", "--names", "age", "--output-names", "risk").exit_code == 0
    expected = report(Certificate.read("cert"), "cert", ["age"], ["risk"])
    assert (folder / "page.html").read_bytes() == expected


def test_a_slice_has_parameters(folder: Path) -> None:
    assert run("report", "net.json", "--line", "-1", "3", "-o", "page.html").exit_code == 0
    assert "t0" in (folder / "page.html").read_text()


@pytest.mark.parametrize(
    "options",
    [
        ["merge"],
        ["gated"],
        ["quantised", "--grid", "1/4"],
        ["one-hidden"],
        ["finite"],
    ],
    ids=lambda options: options[0],
)
def test_every_construction_has_a_report(folder: Path, options: list[str]) -> None:
    proved = run("prove", "net.json", "--domain", "box:-1,1", "-o", "made", "--construction", *options)
    assert proved.exit_code == 0, proved.stderr
    assert run("report", "made", "-o", "page.html").exit_code == 0
    page = (folder / "page.html").read_bytes()
    assert b"No region can be shown" in page or [region["line"] for region in regions_of(page)["regions"]] == [
        number
        for number, line in enumerate(Certificate.read("made").lines, start=1)
        if b'"record":"leaf"' in line or b'"record":"piece"' in line
    ]
    assert (b"No region can be shown" in page) == (options == ["gated"])
    assert b"three-layer network" in page


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["cert", "--domain", "box:0,1"], 2, "a certificate has its own domain"),
        (["net.json", "--names", "a,b"], 2, "names of features: expected 1 different ones"),
        (["net.json", "--domain", "box:1,0"], 2, "domain"),
        (["net.json", "--boundary", "maybe"], 2, "boundary: expected exact or ignore"),
        (["net.json", "--max-regions", "1"], 3, "more than 1 regions"),
        (["missing.json"], 2, "missing.json"),
        (["broken"], 1, "invalid"),
    ],
)
def test_failures_leave_no_page(folder: Path, arguments: list[str], code: int, words: str) -> None:
    (folder / "broken").write_bytes((folder / "cert").read_bytes()[:-30])
    before = names(folder)
    result = run("report", *arguments, "-o", "page.html")
    assert (result.exit_code, result.stderr.count("\n")) == (code, 1)
    assert words in result.stderr
    assert names(folder) == before


def test_the_page_never_replaces_what_it_is_made_from(folder: Path) -> None:
    result = run("report", "net.json", "-o", "net.json")
    assert result.exit_code == 2
    assert "is read by this command" in result.stderr
    assert load(str(folder / "net.json")).inputs == 1
