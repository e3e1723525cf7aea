"""The appendix of certificates of other constructions, and of those with a claim on a part of the domain."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gmpy2 import mpq

from tests.examples import EXAMPLES
from tests.write.paper.typesetting import latex as typeset
from tests.write.paper.typesetting import trouble
from verishallow import Certificate, Equality, Grid, Merged, RegionCount, gated, quantised, trimmed_to_points
from verishallow.claims.one_hidden import one_hidden
from verishallow.errors import InputError
from verishallow.proof import prove
from verishallow.read.domains.texts import parse_domain
from verishallow.write.paper.latex.appendix import latex
from verishallow.write.paper.latex.constructions import construction

SQUARE, BOX = EXAMPLES["two layers on a square"].network, "box:-1,1"
LINE = EXAMPLES["absolute value"].network
GRID, MIXED = Grid.of([(0, "1/4")] * 2), Grid.of([(0, "1/4"), ("1/3", "2/3")])

MADE: dict[str, Callable[[], Certificate]] = {
    "merge": lambda: prove(SQUARE, BOX, claim=Merged()),
    "gated": lambda: prove(SQUARE, BOX, claim=gated(SQUARE)),
    "quantised": lambda: prove(SQUARE, BOX, claim=quantised(SQUARE, BOX, GRID)),
    "quantised, other steps": lambda: prove(SQUARE, BOX, claim=quantised(SQUARE, BOX, MIXED)),
    "trimmed": lambda: trimmed_to_points(prove(SQUARE, BOX), [["1/2", "1/3"]]),
    "trimmed, gated": lambda: trimmed_to_points(prove(SQUARE, BOX, claim=gated(SQUARE)), [["1/2", "1/3"]]),
    "one unit": lambda: prove(SQUARE, BOX, claim=Equality(low=(mpq(-100),) * SQUARE.outputs)),
}
SAID = {
    "merge": ("convex pieces of $f$", r"\text{for all }x\in D,"),
    "gated": ("the last two, on closed cells", r"\text{for all }x\in D,"),
    "quantised": (r"$o_i=0$ and $s_i=\frac{1}{4}$ for all $i$", r"\text{for all }x\in D\cap Z,"),
    "quantised, other steps": (r"$(o_{2},s_{2})=(\frac{1}{3},\,\frac{2}{3})$", "Off the grid nothing is claimed"),
    "trimmed": ("the union of the half-open cells of its leaves, 1 in number", r"\text{for all }x\in H."),
    "trimmed, gated": ("keeps only some cells", r"\text{for all }x\in H."),
    "one unit": (r"\ell_o\le f_o(x)", r"\text{for all }x\in D,"),
}
each_made = pytest.mark.parametrize("name", MADE)


@each_made
def test_the_theorem_is_that_of_the_certificate(name: str) -> None:
    certificate, (how, what) = MADE[name](), SAID[name]
    text = latex(certificate).decode("ascii")
    assert how in text
    assert what in text
    assert ("activation region" in text) == ("activation_regions" in certificate.counts)
    everywhere = r"\text{for all }x\in D,"
    assert (everywhere in text) == (certificate.claim == "equality")


@each_made
def test_it_is_typeset(name: str, tmp_path: Path) -> None:
    (tmp_path / "appendix.tex").write_bytes(latex(MADE[name]()))
    assert trouble(typeset(tmp_path / "appendix.tex")) == []


def test_constructions_without_a_paragraph_are_refused() -> None:
    interval = parse_domain(BOX, 1)
    with pytest.raises(
        InputError, match="writes out the constructions cells, merge, gated, quantised, found one-hidden"
    ):
        latex(prove(LINE, interval, claim=one_hidden(LINE, interval)))


def test_other_claims_have_no_construction() -> None:
    assert construction(prove(LINE, claim=RegionCount())) == []
