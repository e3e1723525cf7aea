"""What a notebook shows: tables, pictures and formulas of small things, a summary of big ones, and no error."""

from xml.etree.ElementTree import Element, fromstring

import pytest

import verishallow
from tests.examples import ABSOLUTE_VALUE, sawtooth
from tests.show.report.pages import certificate_of, random_network
from verishallow.claims.gated import gated
from verishallow.claims.merge import Merged
from verishallow.claims.regions import RegionCount
from verishallow.network import ReLUNetwork
from verishallow.proof import polyhedral_complex, prove
from verishallow.show.notebook import html_of, latex_of, svg_of
from verishallow.verify import verify

ABSOLUTE = ReLUNetwork.of(ABSOLUTE_VALUE)
PLANE = certificate_of((2, 5, 5, 3), "box:-1,1")
DEEP = random_network((2, 3, 3, 3, 1))
WIDE = random_network((40, 200, 30))

SMALL = {
    "a network": ABSOLUTE,
    "a network of one layer": random_network((3, 2)),
    "a wide network": WIDE,
    "a network that skips": ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])]),
    "a deep network": random_network((1, *[2] * 20, 1)),
    "a three-layer network": PLANE.shallow,
    "a region": PLANE.regions[0],
    "an unbounded region": certificate_of((2, 4, 4, 1)).regions[0],
    "a region that is all of space": prove(random_network((3, 2))).regions[0],
    "a region of many inputs": prove(WIDE, "box:-1/1000000,1/1000000", "ignore").regions[0],
    "a complex": polyhedral_complex(PLANE.network, "box:-1,1"),
    "an unbounded complex": polyhedral_complex(PLANE.network),
    "a complex with lines": polyhedral_complex(ReLUNetwork.of([([[1, 1]], [0]), ([[1]], [0])])),
    "a complex of space": polyhedral_complex(random_network((3, 4, 1)), "box:0,1"),
    "a certificate": PLANE,
    "a certificate of one input": prove(ABSOLUTE),
    "a certificate of three inputs": certificate_of((3, 4, 4, 2), "box:-1,1"),
    "a gated certificate": prove(DEEP, "box:-1,1", claim=gated(DEEP)),
    "a merged certificate": prove(DEEP, "box:-1,1", claim=Merged()),
    "a certificate of a count": prove(DEEP, "box:-1,1", claim=RegionCount()),
    "a certificate of many regions": prove(ReLUNetwork.of(sawtooth(9)), "box:0,1", "ignore"),
}

each = pytest.mark.parametrize("name", SMALL)

MOST_CHARACTERS = 60_000


def read(drawn: str | None) -> Element:
    return fromstring(str(drawn))  # noqa: S314 - our own


@each
def test_everything_has_a_table_of_some_rows(name: str) -> None:
    html = SMALL[name]._repr_html_()
    assert html is not None
    assert 3 <= html.count("<tr>") <= 20
    assert len(html) < MOST_CHARACTERS
    assert html.count("<div") == html.count("</div>")


@each
def test_pictures_are_whole_and_small(name: str) -> None:
    drawn = SMALL[name].as_svg()
    assert drawn is None or read(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert len(drawn or "") < MOST_CHARACTERS


@each
def test_formulas_are_short_and_balanced(name: str) -> None:
    found = SMALL[name].as_latex()
    if found is not None:
        assert found.startswith("$\\displaystyle ")
        assert len(found) < 5000
        assert found.count("{") == found.count("}")
        assert found.count(r"\begin") == found.count(r"\end")


WITHOUT_PICTURE = {
    "a deep network",
    "a region that is all of space",
    "a region of many inputs",
    "an unbounded complex",
    "a complex with lines",
    "a complex of space",
    "a certificate of three inputs",
    "a gated certificate",
    "a certificate of many regions",
}


def test_what_has_a_picture() -> None:
    assert {name for name, value in SMALL.items() if value.as_svg() is None} == WITHOUT_PICTURE


def test_a_network_is_written_out_exactly() -> None:
    assert latex_of(ABSOLUTE) == (
        r"$\displaystyle \begin{aligned}h_{1} &= \operatorname{ReLU}(\begin{pmatrix}1 \\ -1\end{pmatrix} x + "
        r"\begin{pmatrix}0 \\ 0\end{pmatrix}) \\ f(x) &= \begin{pmatrix}1 & 1\end{pmatrix} h_{1} + "
        r"\begin{pmatrix}0\end{pmatrix}\end{aligned}$"
    )
    assert r"W_{1} \in \mathbb{Q}^{200 \times 40}" in str(latex_of(WIDE))


def test_a_region_is_its_map_and_its_rules() -> None:
    region = prove(ReLUNetwork.of([([["1/3", -1]], [0]), ([[3]], [0])]), "box:0,1").regions[0]
    assert latex_of(region) == (
        r"$\displaystyle f(x_1, x_2) = x_{1} - 3 x_{2} \quad\text{where } 1 - x_{1} \ge 0,\ x_{2} \ge 0,\ "
        r"x_{1} - 3 x_{2} \ge 0$"
    ).replace("1 - x_{1}", "- x_{1} + 1")
    assert "x0 - 3*x1" in str(html_of(region)).replace("y0 = ", "")


def test_a_certificate_states_its_claim_and_no_verdict() -> None:
    html = str(html_of(PLANE))
    assert "equality, construction cells, boundary exact" in html
    assert PLANE.header["network_sha256"] in html
    assert "valid" not in html
    assert latex_of(PLANE) == r"$\displaystyle f(x) = S(x) \quad\text{for all } x \in D \subseteq \mathbb{R}^{2}$"
    assert latex_of(prove(ABSOLUTE, boundary="ignore")) is None


def test_every_cell_and_region_is_drawn() -> None:
    for value, number in ((PLANE, len(PLANE.regions)), (SMALL["a complex"], len(PLANE.regions))):
        shapes = read(svg_of(value)).iter("{http://www.w3.org/2000/svg}path")
        closed = [path for path in shapes if (path.get("d") or "").endswith("Z")]
        assert len(closed) == number


def test_a_layer_that_skips_is_drawn_with_an_arc() -> None:
    lines = read(svg_of(SMALL["a network that skips"])).iter("{http://www.w3.org/2000/svg}path")
    assert ["Q" in str(line.get("d")) for line in lines] == [False, True, False]


def test_other_values_have_nothing_to_show() -> None:
    assert (html_of(3), latex_of("x"), svg_of(None)) == (None, None, None)


def test_ipython_saves_the_card_alone() -> None:
    formatter = pytest.importorskip("IPython.core.formatters").DisplayFormatter()
    shown, _ = formatter.format(verishallow.ReLUNetwork.of(ABSOLUTE_VALUE))
    assert set(shown) == {"text/plain", "text/html"}


CARDS = {"holds": (3, "no x in D with y_0 &gt;= 3"), "violated": (2, "y_0 &gt;= 2")}


@pytest.mark.parametrize("verdict", CARDS)
def test_an_answer_about_a_property_has_a_card(verdict: str) -> None:
    threshold, said = CARDS[verdict]
    modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    card = verify(modulus, lambda _, outputs: outputs[0] >= threshold, "box:-1,2")._repr_html_()
    assert card is not None
    assert said in card
    assert f"<td>{verdict}</td>" in card
