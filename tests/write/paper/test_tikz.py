"""The TikZ figure: exact vertices rounded only where they are drawn, one colour per map, and LaTeX draws it."""

import re
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest
from gmpy2 import mpq

from tests.examples import EXAMPLES, each_boundary, example_certificate
from tests.write.paper.typesetting import latex, pages, paper, trouble
from verishallow import Certificate, ReLUNetwork
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError
from verishallow.proof import prove, prove_equal
from verishallow.regions.plane import Window, polygons, window_of
from verishallow.shallow.signed_faces import Boundary
from verishallow.write.paper.centimetres import PLACES, Paper, drawn
from verishallow.write.paper.tikz import tikz

UNBOUNDED = "two layers in the plane"
IN_THE_PLANE = [name for name, example in EXAMPLES.items() if example.network.inputs == 2]
SPELLED = re.compile(r"^\\coordinate \((v\d+)\) at \(([-0-9.]+),([-0-9.]+)\); % \((\S+), (\S+)\)$", re.MULTILINE)
FILL = re.compile(r"^\\fill\[(\S+)\] (.*) -- cycle; % region (\d+)$", re.MULTILINE)


def grid(size: int) -> ReLUNetwork:
    """size x size squares on [0, size]^2, each with a map of its own."""
    rows = [[1, 0]] * (size - 1) + [[0, 1]] * (size - 1)
    return ReLUNetwork.of([(rows, [-k for k in [*range(1, size)] * 2]), ([[1 + k for k in range(len(rows))]], [0])])


@pytest.mark.parametrize("name", IN_THE_PLANE)
def test_each_vertex_is_exact_and_drawn_where_it_is(name: str) -> None:
    certificate = example_certificate(name)
    text = tikz(certificate).decode("ascii")
    window = window_of(certificate.regions, certificate.domain)
    corners = {corner for part in polygons(certificate.regions, window) for corner in part.corners}
    found = SPELLED.findall(text)
    assert {(mpq(a), mpq(b)) for *_, a, b in found} == corners
    assert len({label for label, *_ in found}) == len(found) == text.count(r"\coordinate") == len(corners)
    paper = Paper(window)
    for _, across, up, a, b in found:
        exact = paper.at((mpq(a), mpq(b)))
        for shown, place in zip((across, up), exact, strict=True):
            assert abs(mpq(Fraction(shown)) - place) <= mpq(1, 2 * 10**PLACES)


@pytest.mark.parametrize("name", IN_THE_PLANE)
def test_each_region_is_filled_and_each_map_has_one_colour(name: str) -> None:
    certificate = example_certificate(name)
    text = tikz(certificate).decode("ascii")
    where = {label: (mpq(a), mpq(b)) for label, *_, a, b in SPELLED.findall(text)}
    colours = defaultdict(set)
    for colour, path, number in FILL.findall(text):
        region = certificate.regions[int(number) - 1]
        corners = [where[label] for label in re.findall(r"\((v\d+)\)", path)]
        assert all(region.polyhedron.contains(corner) for corner in corners)
        colours[region.affine_map].add(colour)
    assert sorted(int(number) for *_, number in FILL.findall(text)) == list(range(1, len(certificate.regions) + 1))
    assert all(len(used) == 1 for used in colours.values())
    assert len({colour for used in colours.values() for colour in used}) == len(colours)


def test_what_is_drawn_is_rounded_to_the_nearest() -> None:
    assert drawn((mpq(2, 3), mpq(-1, 3))) == "(0.66667,-0.33333)"
    assert drawn((mpq(0), mpq(-1, 10**9))) == "(0.00000,0.00000)"
    assert drawn((mpq(9), mpq(-12))) == "(9.00000,-12.00000)"


@pytest.mark.parametrize(
    ("window", "size"), [("box:0,1", (9, 9)), ("box:[0,2]x[0,1]", (9, "9/2")), ("box:[0,100]x[0,1]", (9, 9))]
)
def test_a_window_has_one_scale_unless_it_is_slim(window: str, size: tuple[object, ...]) -> None:
    text = tikz(example_certificate(UNBOUNDED), window=window).decode()
    assert f"rectangle {drawn((mpq(str(size[0])), mpq(str(size[1]))))};" in text


def test_regions_are_clipped_to_the_window_and_counted() -> None:
    text = tikz(example_certificate(UNBOUNDED), window="box:[-1,1/3]x[0,1]").decode()
    points = [(mpq(a), mpq(b)) for *_, a, b in SPELLED.findall(text)]
    assert all(-1 <= a <= mpq(1, 3) and 0 <= b <= 1 for a, b in points)
    shown, total = len(FILL.findall(text)), len(example_certificate(UNBOUNDED).regions)
    assert shown < total
    assert f"% Window [-1, 1/3] x [0, 1]: {shown} of {total} regions meet its interior." in text


@pytest.mark.parametrize("name", ["absolute value", "max of three"])
def test_other_dimensions_are_refused_with_advice(name: str) -> None:
    with pytest.raises(InputError, match=r"needs a network of 2 inputs; this one has \d\. Prove it on a plane"):
        tikz(example_certificate(name))


@pytest.mark.parametrize(
    ("window", "fragment"),
    [
        ("box:1,1", "flat"),
        ("box:[0,1]", "expected 2 intervals"),
        ("0,1", "window: expected box:low,high or"),
        ("domain.json", "window: expected box:low,high or"),
        ("box:a,1", "expected a rational"),
        ("box:[5,6]x[-6,-5]", "no region meets the interior of the window"),
    ],
)
def test_a_window_that_is_none_is_refused(window: str, fragment: str) -> None:
    with pytest.raises(InputError) as caught:
        tikz(example_certificate("triangle"), window=window)
    assert fragment in str(caught.value)


def test_too_many_regions_for_a_figure_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verishallow.write.paper.tikz.MOST_REGIONS", 2)
    with pytest.raises(InputError, match="3 regions meet the window, and a figure has 2 at most"):
        tikz(example_certificate("triangle"))
    assert tikz(example_certificate("triangle"), window="box:[3/4,1]x[0,1/8]")


@pytest.mark.parametrize(
    ("name", "drawn_lines"),
    [
        ("residual block", {"dotted": 1, "0.5pt": 3, "1pt": 0}),
        ("triangle", {"dotted": 0, "0.5pt": 2, "1pt": 5}),
        ("no hidden layer", {"dotted": 0, "0.5pt": 0, "1pt": 0}),
        ("strip that is cut across", {"dotted": 0, "0.5pt": 4, "1pt": 4}),
    ],
)
def test_what_lies_beside_a_line_decides_how_it_is_drawn(name: str, drawn_lines: dict[str, int]) -> None:
    lines = [line for line in tikz(example_certificate(name)).decode().splitlines() if line.startswith(r"\draw[line")]
    assert {style: sum(style in line for line in lines) for style in drawn_lines} == drawn_lines
    assert len(lines) == sum(drawn_lines.values())


@pytest.mark.parametrize(("size", "listed", "dotted"), [(2, 4, 1), (3, 0, 4), (16, 0, 0)])
def test_legend_and_dots_where_there_are_few(size: int, listed: int, dotted: int) -> None:
    text = tikz(prove(grid(size), f"box:0,{size}")).decode()
    assert len(FILL.findall(text)) == size**2
    assert text.count("f(x) = ") == listed
    assert text.count("circle[radius") == dotted


def test_the_legend_has_the_maps() -> None:
    text = tikz(example_certificate("two outputs")).decode()
    assert re.findall(r"\$f\(x\) = (.*?)\$", text) == [
        "(x_{1}, x_{2} + 1)",
        "(x_{1}, 1)",
        "(0, x_{2} + 1)",
        "(0, 1)",
    ]


def other_claims() -> list[Certificate]:
    network = EXAMPLES[UNBOUNDED].network
    return [prove(network, "box:-1,1", claim=RegionCount()), prove_equal(network, network, "box:-1,1")]


def test_other_claims_are_drawn_too() -> None:
    wanted = prove(EXAMPLES[UNBOUNDED].network, "box:-1,1")
    for certificate in other_claims():
        assert len(FILL.findall(tikz(certificate).decode())) == len(wanted.regions)


@each_boundary
def test_a_figure_compiles_by_itself(tmp_path: Path, boundary: Boundary) -> None:
    source = tmp_path / "figure.tex"
    source.write_bytes(tikz(example_certificate(UNBOUNDED, boundary)))
    log = latex(source, runs=1)
    assert (trouble(log), pages(log)) == ([], 1)


def test_figures_are_parts_of_a_paper(tmp_path: Path) -> None:
    certificates = [*(example_certificate(name) for name in IN_THE_PLANE), *other_claims()]
    figures = [tikz(certificate) for certificate in certificates]
    figures += [tikz(prove(grid(16), "box:0,16")), tikz(example_certificate(UNBOUNDED), window="box:[-9,9]x[1/7,3/7]")]
    names = [f"figure{number}" for number in range(len(figures))]
    for name, text in zip(names, figures, strict=True):
        (tmp_path / f"{name}.tex").write_bytes(b"\\clearpage\n" + text)
    log = latex(paper(tmp_path, names, r"\usepackage{tikz,amsmath}"), runs=1)
    assert (trouble(log), pages(log)) == ([], len(figures))


def test_scales() -> None:
    assert Paper(Window(mpq(0), mpq(1), mpq(0), mpq(3))).scales == (3, 3)
    assert Paper(Window(mpq(0), mpq(1), mpq(0), mpq(4))).scales == (9, mpq(9, 4))
