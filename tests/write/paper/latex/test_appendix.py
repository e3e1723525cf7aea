"""The certificate appendix: what it says is the certificate's, nothing is left out unsaid, and it fits its pages."""

import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from gmpy2 import mpq

from tests.examples import EXAMPLES, each_boundary, each_example, example_certificate
from tests.write.paper.typesetting import latex as typeset
from tests.write.paper.typesetting import pages, paper, trouble
from verishallow import Certificate, Polyhedron, ReLUNetwork
from verishallow.claims.bounds import Bound, OutputBounds
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError
from verishallow.proof import prove, prove_equal
from verishallow.shallow.signed_faces import Boundary
from verishallow.write.paper.ancillary import checker_source
from verishallow.write.paper.latex.appendix import latex
from verishallow.write.paper.reasons import samples
from verishallow.write.paper.tex_numbers import form_latex, number_latex

IRIS = Path(__file__).parents[4] / "proofs" / "iris" / "network.cert.jsonl.gz"
SQUARE = EXAMPLES["two layers on a square"].network
PREAMBLE = r"\usepackage[margin=25mm]{geometry}\usepackage{amsmath,amssymb,array,longtable}"


@cache
def iris() -> Certificate:
    return Certificate.read(IRIS)


def huge() -> Certificate:
    """Weights of 40 digits, on all of space."""
    unit = mpq(1, 3**80)
    layers = [([[unit * k - 1, 1], [1, unit + k]], [unit, -unit]) for k in (1, 2)]
    return prove(ReLUNetwork.of([*layers, ([[unit, 1 - unit]], [unit])]))


def enormous() -> Certificate:
    """A weight of a thousand digits."""
    return prove(ReLUNetwork.of([([[mpq(1, 7**1200)], [1]], [1, -(11**900)]), ([[1, 1]], [0])]))


def wide(inputs: int) -> Certificate:
    """Many inputs and many outputs."""
    one = [[(-1) ** i * (i + 1) for i in range(inputs)]]
    return prove(ReLUNetwork.of([(one, [1]), ([[k] for k in range(30)], [0] * 30)]), "box:-1,1", "ignore")


def rows_of_table(text: str) -> list[tuple[str, ...]]:
    """The rows of the table of regions, without the ends of their lines."""
    table = text.partition(r"\endhead")[2].partition(r"\end{longtable}")[0]
    lines = (re.sub(r"\\\\(\*| \\noalign\{.*\})?$", "", line) for line in table.strip().splitlines())
    return [tuple(cell.strip() for cell in line.split(" & ")) for line in lines]


# --------------------------------------------------------------------------------------------- What it says


@each_boundary
@each_example
def test_the_table_has_every_map_and_every_inequality(name: str, boundary: Boundary) -> None:
    certificate = example_certificate(name, boundary)
    rows = rows_of_table(latex(certificate).decode("ascii"))
    starts = [place for place, row in enumerate(rows) if row[0]]
    assert [rows[place][0] for place in starts] == [str(k + 1) for k in range(len(certificate.regions))]
    for region, start, end in zip(certificate.regions, starts, [*starts[1:], len(rows)], strict=True):
        maps = [row[1].partition("= ")[2].rstrip("$") for row in rows[start:end] if row[1]]
        assert maps == [form_latex(form) for form in region.affine_map.forms]
        own = region.polyhedron.inequalities[len(certificate.domain.inequalities) :]
        cells = [row[2] for row in rows[start:end] if row[2]]
        assert cells == ([f"${form_latex(form)} \\ge 0$" for form in own] or ["all of the domain"])
        assert b'"record":"leaf"' in certificate.lines[int(rows[start][3]) - 1]


def test_a_small_appendix_in_its_own_words() -> None:
    text = latex(example_certificate("max of two on a square")).decode()
    assert r"$f\colon\mathbb{R}^{2}\to\mathbb{R}^{1}$ be the ReLU network with one hidden layer of 1 neuron" in text
    assert "with layers that read others than the one before" in text
    assert r"Let $D=[-2,\,2]^{2}$." in text
    assert "of 6 and 6 units" in text
    assert r"\[ f(x)=S(x)\qquad\text{for all }x\in D, \]" in text
    assert "exactly 2 activation regions of $f$" in text
    assert "faces & 3 & certified" in text
    assert "affine pieces & 2 & reported" in text


@each_example
def test_the_hypotheses_and_hashes_are_there(name: str) -> None:
    certificate = example_certificate(name)
    text = latex(certificate).decode()
    joined = text.replace("\\allowbreak ", "")
    for digits in (
        certificate.header["network_sha256"],
        certificate.counts["sha256"],
        sha256(checker_source()).hexdigest(),
    ):
        assert f"\\texttt{{{digits}}}" in joined
    if name in ("wedge with a moved apex", "triangle", "cone with four facets at its apex"):
        for form in certificate.domain.inequalities:
            assert f"${form_latex(form)}\\ge 0$" in text
    for words in (
        "Let $S$ be",
        r"0\cdot(-\infty)=0",
        "What is trusted",
        "python3 -I -S checker.py",
        "--boundary exact",
    ):
        assert words in text


def test_ignored_boundaries_claim_less() -> None:
    text = latex(example_certificate("two layers in the plane", "ignore")).decode()
    assert r"S(x)=k(x)\,f(x)" in text
    assert r"\emph{not} claimed" in text
    assert r"f(x)=S(x)\qquad" not in text
    assert "there is no exceptional set" not in text
    assert "so a point counts once for each closed cell" in text
    assert "--boundary ignore" in text


def test_other_claims() -> None:
    bounds = OutputBounds((Bound(0, mpq(-1000), mpq(10**4, 3)),))
    counted = latex(prove(SQUARE, "box:-1,1", claim=RegionCount())).decode()
    bounded = latex(prove(SQUARE, "box:-1,1", claim=bounds)).decode()
    equal = latex(prove_equal(SQUARE, SQUARE, "box:-1,1")).decode()
    assert "Then $D$ has interior points, and exactly" in counted
    assert r"$-1000\le f_{0}(x)\le \frac{10000}{3}$" in bounded
    assert r"\paragraph{A bound.}" in bounded
    assert r"\[ f(x)=g(x)\qquad\text{for all }x\in D. \]" in equal
    assert "$f$ and $g$ side by side" in equal
    assert "--other other.json" in equal
    for text in (counted, bounded, equal):
        assert "two hidden layers, of" not in text
        assert r"-\infty" not in text


@each_example
def test_reasons_are_written_out_in_full(name: str) -> None:
    certificate = example_certificate(name)
    text = latex(certificate).decode()
    for sample in samples(certificate):
        assert f"(Line {sample.line}.)" in text
        assert f"$\\lambda_\\ast = {number_latex(sample.bound)}$" in text
        for number, value in sample.reason.multipliers:
            assert f"$c_{{{number}}}(x) = {form_latex(sample.constraints[number])}$" in text
            assert f"$\\lambda_{{{number}}} = {number_latex(value)}$" in text
    assert text.count(r"\paragraph{") == len(samples(certificate))


def test_iris_has_a_reason_of_each_kind() -> None:
    text = latex(iris()).decode()
    headings = re.findall(r"\\paragraph\{(.*?)\}", text)
    assert headings == ["A stable neuron.", "A redundant constraint.", "An absent face."]


@pytest.mark.parametrize(("most", "shown", "left_out"), [(0, 0, None), (5, 5, 29), (33, 33, 1), (34, 34, None)])
def test_regions_that_are_left_out_are_counted(most: int, shown: int, left_out: int | None) -> None:
    text = latex(iris(), most_regions=most).decode()
    assert len([row for row in rows_of_table(text) if row[0]]) == shown
    said = re.search(r"(\d+) more are left out here", text)
    assert (int(said[1]) if said else None) == left_out
    assert ("All 34 regions are in the certificate; none is listed here." in text) == (not most)


def test_a_negative_number_of_regions_is_refused() -> None:
    with pytest.raises(InputError, match="most regions: expected a number that is not negative, found -1"):
        latex(iris(), most_regions=-1)


def test_long_numbers_are_abbreviated_and_their_digits_said() -> None:
    text = latex(enormous()).decode()
    assert max(map(len, re.findall(r"\d+", text))) < 100
    assert f"_{{[{len(str(11**900))}/1]}}" in text
    assert f"_{{[1/{len(str(7**1200))}]}}" in text


def test_many_inputs_and_outputs() -> None:
    text = latex(wide(40)).decode()
    assert r"Let $D=[-1,\,1]^{40}$." in text
    assert "and 10 more outputs" in text
    assert r"\langle\text{29 more terms}\rangle" in text


def test_many_rows_of_a_domain() -> None:
    rows = [[100 + k, *(k if i == k % 7 else 1 for i in range(7))] for k in range(70)]
    network = ReLUNetwork.of([([[1] * 7], [0]), ([[1]], [0])])
    text = latex(prove(network, Polyhedron.of(rows), "ignore")).decode()
    assert "and 10 more, which are in the certificate." in text
    assert text.partition("and 10 more")[0].count(r"\ge 0$") == 60


# ----------------------------------------------------------------------------------------------- How it looks


ALONE: dict[str, Callable[[], Certificate]] = {
    "Iris": iris,
    "boundaries ignored": lambda: example_certificate("two layers in the plane", "ignore"),
}


@pytest.mark.parametrize("name", ALONE)
def test_an_appendix_compiles_by_itself(tmp_path: Path, name: str) -> None:
    (tmp_path / "appendix.tex").write_bytes(latex(ALONE[name]()))
    log = typeset(tmp_path / "appendix.tex")
    assert trouble(log) == []
    assert pages(log) >= 2


def test_appendices_are_parts_of_a_paper(tmp_path: Path) -> None:
    bounds = OutputBounds((Bound(0, mpq(-(10**30), 7), mpq(10**30, 7)),))
    certificates = [
        *(example_certificate(name) for name in EXAMPLES),
        huge(),
        enormous(),
        wide(40),
        prove(SQUARE, "box:-1,1", claim=RegionCount()),
        prove(SQUARE, "box:-1,1", claim=bounds),
        prove_equal(SQUARE, SQUARE, "box:-1,1"),
    ]
    names = [f"appendix{number}" for number in range(len(certificates))]
    for name, certificate in zip(names, certificates, strict=True):
        (tmp_path / f"{name}.tex").write_bytes(latex(certificate))
    log = typeset(paper(tmp_path, names, PREAMBLE))
    assert trouble(log) == []
    assert pages(log) > len(certificates)
