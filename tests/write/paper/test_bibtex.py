"""BibTeX entries: BibTeX reads them, and they name what they should."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.examples import EXAMPLES, example_certificate
from tests.write.paper.typesetting import latex, needs, trouble
from verishallow.claims.claim import Claim
from verishallow.claims.equality import Equality
from verishallow.claims.regions import RegionCount
from verishallow.proof import prove, prove_equal
from verishallow.write.paper.bibtex import bibtex, certificate_key

NETWORK = EXAMPLES["two outputs"].network


def joined(text: bytes) -> str:
    return text.decode("ascii").replace("\\allowbreak ", "")


def test_the_entries_name_certificate_theorem_and_software() -> None:
    certificate = example_certificate("two outputs")
    text = joined(bibtex(certificate))
    assert re.findall(r"@(\w+)\{(.*),", text) == [
        ("misc", certificate_key(certificate)),
        ("misc", "villani2023anydeep"),
        ("misc", "verishallow"),
    ]
    assert "Villani, Mattia Jacopo and Schoots, Nandi" in text
    assert "eprint        = {2306.11827}" in text
    assert f"network \\texttt{{{certificate.header['network_sha256']}}}" in text
    assert f"certificate \\texttt{{{certificate.counts['sha256']}}}" in text


def test_a_certificate_of_two_networks_names_both() -> None:
    certificate = prove_equal(NETWORK, NETWORK, "box:-1,1")
    assert f"other network \\texttt{{{certificate.header['other_network_sha256']}}}" in joined(bibtex(certificate))


def test_every_entry_has_an_author_and_a_year() -> None:
    entries = bibtex(example_certificate("two outputs")).decode("ascii").split("@")[1:]
    fields = [dict(re.findall(r"^  (\w+) *= \{(.*)\},$", entry, re.MULTILINE)) for entry in entries]
    assert [bool(found["author"]) and bool(re.fullmatch("[0-9]{4}", found["year"])) for found in fields] == [True] * 3


STYLES = ("abbrv", "alpha", "apalike", "plain", "plainnat", "unsrt")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("claim", [Equality(), RegionCount()])
def test_bibtex_reads_them_without_a_warning(tmp_path: Path, claim: Claim, style: str) -> None:
    certificate = prove(NETWORK, claim=claim)
    needs("bibtex")
    (tmp_path / "references.bib").write_bytes(bibtex(certificate))
    source = tmp_path / "paper.tex"
    cited = f"\\cite{{{certificate_key(certificate)}}} and \\cite{{villani2023anydeep}}\\nocite{{verishallow}}"
    natbib = r"\usepackage{natbib}" if style.endswith("nat") else ""
    listed = rf"\bibliographystyle{{{style}}}\bibliography{{references}}"
    source.write_text(f"\\documentclass{{article}}{natbib}\\begin{{document}}{cited}{listed}\\end{{document}}")
    latex(source, runs=1)
    done = subprocess.run(["bibtex", "paper"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "warning" in done.stdout.lower()) == (0, False), done.stdout
    assert [line for line in trouble(latex(source, runs=2)) if "Underfull" not in line] == []
