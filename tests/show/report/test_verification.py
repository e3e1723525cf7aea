"""Pages about verifications: what they say of a tree or a point, and what is refused."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import run
from tests.examples import ABSOLUTE_VALUE
from tests.show.report.pages import carried, random_network
from tests.show.report.test_page import HOSTILE, read, text_of
from verishallow import ReLUNetwork, prove, report, verify, within
from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError, InvalidCertificateError
from verishallow.rationals import format_rational, parse_rational
from verishallow.read.properties.expressions import variables
from verishallow.show.verified import verified
from verishallow.slices import Slice

MODULUS = ReLUNetwork.of(ABSOLUTE_VALUE)
PLANE = random_network((2, 8, 8, 1))
GREATEST = "2488619/479232"
"""The greatest value of PLANE on [-1, 1]^2."""

X, _ = variables(2, 1)


def asked(network: ReLUNetwork, threshold: str, domain: Any = "box:-1,1", **options: Any) -> Certificate:
    return verify(network, lambda _, outputs: outputs[0] > parse_rational(threshold), domain, **options).certificate


def on_diagonal() -> Certificate:
    diagonal = Slice.of([["0", "1"], ["0", "1"]])
    return asked(PLANE, "6", on_slice=diagonal)


def of_two() -> Certificate:
    return within(MODULUS, MODULUS, "1/10", "box:-1,1").certificate


ANSWERS = {
    "holds": (lambda: asked(PLANE, GREATEST), "\N{CHECK MARK} holds", f"no x in D with y_0 > {GREATEST}"),
    "unknown": (lambda: asked(PLANE, GREATEST, max_nodes=12), "? unknown so far", "Neither proved nor refuted yet"),
    "violated": (lambda: asked(PLANE, "4"), "\N{BALLOT X} violated", "False: no x in D with y_0 > 4"),
    "on a slice": (on_diagonal, "\N{CHECK MARK} holds", "on a slice with 1 parameter"),
    "two networks": (of_two, "\N{CHECK MARK} holds", "the other network's sha256"),
    "nothing bounded": (lambda: asked(MODULUS, "-1", None), "\N{BALLOT X} violated", "False: no x in D with y_0 > -1"),
    "an empty domain": (lambda: asked(MODULUS, "0", [(1, 0)]), "\N{CHECK MARK} holds", "no x in D with y_0 > 0"),
}


@pytest.mark.parametrize(("make", "answer", "words"), ANSWERS.values(), ids=ANSWERS)
def test_the_answer_is_said(make: Any, answer: str, words: str) -> None:
    certificate = make()
    page = report(certificate)
    assert answer in text_of(page)
    assert words in text_of(page)
    assert certificate.header["network_sha256"] in text_of(page)
    assert page == report(Certificate(certificate.lines))
    assert carried(page, "data-certificate") == b"".join(certificate.lines)
    assert {link.decode() for link in re.findall(rb"https?://[^\"'< ]+", page)} <= {"http://www.w3.org/2000/svg"}


def test_leaves_are_those_of_the_certificate() -> None:
    certificate = asked(PLANE, GREATEST)
    leaves = json.loads(carried(report(certificate), "data-leaves"))["leaves"]
    assert len(leaves) == certificate.counts["leaves"]
    records = [json.loads(certificate.lines[leaf["line"] - 1])["record"] for leaf in leaves]
    assert records == [leaf["kind"] for leaf in leaves]
    assert all(leaf["path"].count(",") >= leaf["depth"] - 1 for leaf in leaves)
    # Boxes that only halvings cut fill the square.
    halved = asked(random_network((2, 3, 1)), "100", max_nodes=0)
    (whole,) = json.loads(carried(report(halved), "data-leaves"))["leaves"]
    assert (whole["path"], whole["widths"]) == ("the whole domain", [["2", "2"], ["2", "2"]])


def test_counts_of_the_tree_are_those_of_its_records() -> None:
    certificate = asked(PLANE, GREATEST)
    text = text_of(report(certificate))
    kinds = [json.loads(line)["record"] for line in certificate.lines[2:-1]]
    assert f"nodes{len(kinds) - kinds.count('relax')}leaves" in text
    assert f"relaxed nodes, with bounds of neurons{kinds.count('relax')}" in text
    assert f"splits by the sign of a neuron{kinds.count('sign')}" in text


def test_a_counterexample_is_shown_exactly() -> None:
    found = asked(PLANE, "4")
    point = [parse_rational(text) for text in found.header["point"]]
    (value,) = PLANE(point)
    page = report(found, names=["age", "dose"]).decode()
    for number in (*point, value, value - 4):
        assert f'value="{format_rational(number)}"' in page
    assert "age" in text_of(page.encode())


def test_strict_rows_and_slanted_domains_are_said() -> None:
    outcome = verify(PLANE, lambda _, outputs: outputs[0] > 6, (X[0] > -1) & (X[1] >= -1) & (X[0] + X[1] <= 1))
    text = text_of(report(outcome.certificate))
    assert "strict in Dx_0 > -1" in text
    assert "x_0 + x_1 <= 1" in text
    assert "1x_1 >= -1" in text


def test_the_box_around_a_slanted_domain_is_the_checked_one() -> None:
    outcome = verify(PLANE, lambda _, outputs: outputs[0] > 6, (X[0] >= 0) & (X[1] >= 0) & (3 * X[0] + X[1] <= 1))
    found = verified(outcome.certificate)
    assert found is not None
    assert found.root.lows == (0, 0)
    for high, exact in zip(found.root.highs, ("1/3", "1"), strict=True):
        assert high is not None
        assert 0 <= high - parse_rational(exact) < parse_rational("1/1000000")


def test_names_are_escaped() -> None:
    page = report(asked(PLANE, "6"), HOSTILE, [HOSTILE, "</script>"])
    assert "img" not in {tag for tag, _ in read(page).tags}


# ------------------------------------------------------------------------------------------------- Refused


def test_what_is_no_verification_is_none() -> None:
    assert verified(prove(MODULUS)) is None
    assert verified(MODULUS) is None
    assert verified("no-such-file") is None


REFUSED = {
    "another domain": ({"domain": "box:0,1"}, "a certificate has its own domain"),
    "volumes": ({"volumes": True}, "lists no regions"),
    "too few names": ({"names": ["one"]}, "names of features: expected 2 different ones"),
}


@pytest.mark.parametrize(("options", "words"), REFUSED.values(), ids=REFUSED)
def test_options_that_do_not_fit_are_refused(options: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        report(asked(PLANE, "6"), **options)


def test_an_invalid_certificate_has_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    certificate = asked(PLANE, "6")
    Certificate((*certificate.lines[:2], *certificate.lines[3:])).save("damaged.cert.jsonl.gz")
    with pytest.raises(InvalidCertificateError, match="invalid"):
        report("damaged.cert.jsonl.gz")
    result = run("report", "damaged.cert.jsonl.gz", "-o", "page.html")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert not Path("page.html").exists()


@pytest.mark.parametrize("threshold", ["6", "4"])
def test_the_command_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threshold: str) -> None:
    monkeypatch.chdir(tmp_path)
    asked(PLANE, threshold).save("answer.cert.jsonl.gz")
    result = run("report", "answer.cert.jsonl.gz", "-o", "page.html")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"y_0 &gt; {threshold}" in Path("page.html").read_text(encoding="utf-8")
    assert Path("page.html").read_bytes() == report("answer.cert.jsonl.gz", "answer.cert.jsonl.gz")
    result = run("report", "answer.cert.jsonl.gz", "--domain", "box:0,1", "-o", "other.html")
    assert result.exit_code == 2
