"""Numbers and forms in LaTeX: abbreviations are true digits, nothing is lost where nothing is abbreviated."""

import re

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from verishallow.affine import AffineForm
from verishallow.rationals import parse_rational
from verishallow.write.paper.tex import breakable, document, escaped
from verishallow.write.paper.tex_numbers import abbreviated, digits, form_latex, names_of, number_latex, written_out

SHAPE = re.compile(r"([0-9.]+)\{\\ldots\}_\{\[(\d+)/(\d+)\]\}(?:\{\\cdot\}10\^\{(-?\d+)\})?")
long_numbers = st.builds(mpq, st.integers(1, 10**60), st.integers(1, 10**60))


@given(long_numbers)
@settings(deadline=None)
def test_an_abbreviation_is_the_first_six_digits_cut_off(value: mpq) -> None:
    match = SHAPE.fullmatch(abbreviated(value))
    assert match
    shown, numerator, denominator, power = match.groups()
    assert (int(numerator), int(denominator)) == digits(value)
    decimals = len(shown.partition(".")[2])
    scale = mpq(10) ** int(power or 0)
    below = parse_rational(shown) * scale
    assert below <= value < below + scale / 10**decimals
    assert len(shown.replace(".", "").lstrip("0")) == 6


@given(long_numbers)
@settings(deadline=None)
def test_a_number_written_out_has_all_its_digits(value: mpq) -> None:
    assert written_out(value).replace(r"\allowbreak{}", "") == str(value)


def test_a_number_of_thousands_of_digits_is_abbreviated() -> None:
    assert written_out(mpq(10**500)) == r"1.00000{\ldots}_{[501/1]}{\cdot}10^{500}"


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ([0, 0], "0"),
        ([0, 1], "x"),
        ([-1, -1], "- x - 1"),
        (["1/2", "-3/4"], r"- \frac{3 x}{4} + \frac{1}{2}"),
        ([0, 0, 1], "x_{2}"),
        ([5, 0, 0], "5"),
        ([10**25, 2], r"2 x + 1.00000{\ldots}_{[26/1]}{\cdot}10^{25}"),
        ([0, -(10**25)], r"- 1.00000{\ldots}_{[26/1]}{\cdot}10^{25} x"),
        ([-1, *range(1, 11)], None),
    ],
)
def test_forms(row: list[object], text: str | None) -> None:
    spelled = form_latex(AffineForm.of(row))
    if text is None:
        places = [spelled.index(f"x_{{{i}}}") for i in range(1, len(row))]
        assert places == sorted(places)
        assert spelled.endswith("- 1")
    else:
        assert spelled == text


def test_long_coefficients_written_out_stand_in_parentheses() -> None:
    form = AffineForm.of([mpq(1, 3**50), mpq(-1, 3**50)])
    spelled = form_latex(form, written_out).replace(r"\allowbreak{}", "")
    assert spelled == f"- (1/{3**50}) x + 1/{3**50}"


@pytest.mark.parametrize(("terms", "more"), [(4, 0), (5, 0), (6, 2), (100, 96)])
def test_terms_that_are_left_out_are_counted(terms: int, more: int) -> None:
    spelled = form_latex(AffineForm.of([0, *[1] * terms]), most_terms=4)
    left_out = re.search(r"\\langle\\text\{(\d+) more terms\}\\rangle", spelled)
    assert (int(left_out[1]) if left_out else 0) == more
    assert len(re.findall("x_", spelled)) == terms - more


def test_names_and_integers() -> None:
    assert (names_of(1), names_of(2)) == (("x",), ("x_1", "x_2"))
    assert number_latex(mpq(-7)) == "-7"


@given(st.text(max_size=30))
@settings(deadline=None)
def test_an_escaped_text_is_ascii_without_bare_special_characters(text: str) -> None:
    bare = re.sub(r"\\text\w+\{\}|\\[{}$&#%_]", "", escaped(text))
    assert bare.isascii()
    assert not set(bare) & set("\\{}$&#%_^~<>")


def test_digits_may_be_broken_and_are_all_there() -> None:
    assert breakable("ab" * 32).replace("\\allowbreak ", "") == f"\\texttt{{{'ab' * 32}}}"


def test_a_document_loads_its_packages_with_their_options() -> None:
    text = document(["remark"], ["tikz", "[a]b"], ["body"]).decode()
    assert text.startswith("% remark\n")
    assert "\n\\usepackage{tikz}\n\\usepackage[a]{b}\n" in text
