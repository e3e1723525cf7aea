"""``verishallow plot``: what the files hold, that they are the same each time, and what is refused."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command_line import facts_of, names, plain, run
from tests.read.domains.test_texts import domain_text
from tests.show.plot.pictures import area, corners, elements, of_kind, polygons
from verishallow import Slice, load, prove

pytest.importorskip("matplotlib", reason="matplotlib is not installed")
pytest.importorskip("plotly", reason="plotly is not installed")

SQUARE = ("plane.json", "--domain", "box:-2,3")


def drawn(*arguments: str) -> dict[str, str]:
    result = run("plot", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return plain(result)


@pytest.mark.parametrize(("color", "things"), [("piece", 4), ("pattern", 7)])
def test_regions_are_drawn_once_each_and_fill_the_square(folder: Path, color: str, things: int) -> None:
    facts = drawn(*SQUARE, "--color", color, "-o", "out.svg")
    assert [facts["activation regions"], facts["affine pieces"]] == ["7", "4"]
    found = of_kind(folder / "out.svg", color)
    assert len(found) == things
    assert polygons(folder / "out.svg", color) == 7
    [domain] = elements(folder / "out.svg")["domain"]
    square = sum(area(d) for paths in found.values() for d in paths)
    x, y = zip(*corners(domain), strict=True)
    assert square == pytest.approx((max(x) - min(x)) * (max(y) - min(y)), rel=1e-6)


def test_borders_between_maps_and_within_one_are_told_apart(folder: Path) -> None:
    drawn(*SQUARE, "-o", "out.svg")
    found = elements(folder / "out.svg")
    assert [len(corners(d)) // 2 for d in (*found["kinks"], *found["folds"])] == [5, 4]
    assert "vertices" in found


def test_classes_are_cut_along_the_decision_boundary(folder: Path) -> None:
    drawn("classes.json", "--domain", "box:0,2", "--color", "class", "-o", "out.svg")
    found = elements(folder / "out.svg")
    assert sorted(of_kind(folder / "out.svg", "class")) == ["class-1", "class-2", "class-3"]
    # x = 1 and y = 1 up to (1, 1), and the diagonal beyond.
    [boundary] = found["decision-boundary"]
    places = {(round(x, 3), round(y, 3)) for x, y in corners(boundary)}
    assert len(places) == 4
    drawn("classes.json", "--domain", "box:0,2", "--no-decision-boundary", "--color", "class", "-o", "none.svg")
    assert "decision-boundary" not in elements(folder / "none.svg")
    drawn("classes.json", "--domain", "box:0,2", "--decision-boundary", "-o", "piece.svg")
    assert "decision-boundary" in elements(folder / "piece.svg")


def test_an_output_is_drawn_in_bands_that_fill_the_square(folder: Path) -> None:
    drawn(*SQUARE, "--color", "output", "-o", "out.svg")
    found = of_kind(folder / "out.svg", "band")
    assert len(found) >= 10
    [domain] = elements(folder / "out.svg")["domain"]
    x, y = zip(*corners(domain), strict=True)
    square = (max(x) - min(x)) * (max(y) - min(y))
    assert sum(area(d) for paths in found.values() for d in paths) == pytest.approx(square, rel=1e-5)


def test_a_graph_bends_at_its_breakpoints_alone(folder: Path) -> None:
    drawn("line.json", "--domain", "box:-1,3", "--of", "0", "-o", "out.svg")
    found = elements(folder / "out.svg")
    [line] = found["y0"]
    x = [a for a, _ in corners(line)]
    assert [round((a - x[0]) / (x[-1] - x[0]) * 4 - 1, 6) for a in x] == [-1, 0, 1, 1.5, 3]
    assert len(of_kind(folder / "out.svg", "piece")) == 4
    drawn("line.json", "--domain", "box:-1,3", "-o", "both.svg")
    assert {"y0", "y1", "breakpoints-y0", "breakpoints-y1"} <= set(elements(folder / "both.svg"))


def test_data_are_laid_over_and_those_outside_counted(folder: Path) -> None:
    (folder / "data.csv").write_text("a,b,kind\n1,1/2,0\n0.25,2,1\n9,9,1\n")
    facts = drawn("classes.json", "--domain", "box:0,2", "--color", "class", "--data", "data.csv", "-o", "out.svg")
    assert facts["notes"] == "1 of 3 data points lie outside."
    assert {"data-y0", "data-y1"} <= set(elements(folder / "out.svg"))
    np.save("data.npy", np.array([[0.5, 0.5], [1, 1]]))
    drawn("classes.json", "--data", "data.npy", "-o", "all.svg")
    assert "data-data" in elements(folder / "all.svg")
    (folder / "line.csv").write_text("1\n2\n")
    drawn("line.json", "--data", "line.csv", "-o", "rug.svg")
    assert "data-data" in elements(folder / "rug.svg")


@pytest.mark.parametrize(
    ("network", "shown"),
    [
        (
            "plane.json",
            "[-3/10, 13/10] x [-3/10, 13/10], a window of an unbounded domain, around the vertices of all regions",
        ),
        ("line.json", "[-2/5, 19/10], a window of an unbounded domain, around the vertices of all regions"),
    ],
)
def test_a_window_of_an_unbounded_domain_is_chosen_and_said(folder: Path, network: str, shown: str) -> None:
    assert drawn(network, "-o", "out.svg")["shown"] == shown
    assert shown in (folder / "out.svg").read_text()
    assert drawn(network, "--window", "box:0,1", "-o", "out.svg")["shown"].endswith("the window asked for")


@pytest.mark.parametrize("kind", ["svg", "png", "pdf", "html"])
@pytest.mark.parametrize("network", ["line.json", "plane.json"])
def test_every_format_has_its_own_beginning(folder: Path, network: str, kind: str) -> None:
    drawn(network, "-o", f"out.{kind}")
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "html": b"<!DOCTYPE html>"}
    assert (folder / f"out.{kind}").read_bytes().startswith(starts[kind])


@pytest.mark.parametrize(("network", "option"), [("plane.json", "--surface"), ("space.json", "--cells")])
@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_space_is_drawn_on_paper_too(folder: Path, network: str, option: str, kind: str) -> None:
    drawn(network, "--domain", "box:-1,1", "--color", "output", option, "-o", f"out.{kind}")
    assert (folder / f"out.{kind}").stat().st_size > 4000
    if kind == "svg":
        # Eight cubes show three of their faces each.
        assert len(elements(folder / "out.svg")["faces"]) == 24 or option == "--surface"


@pytest.mark.parametrize(("network", "option"), [("plane.json", "--surface"), ("space.json", "--cells")])
def test_a_page_in_space_reads_nothing_else(folder: Path, network: str, option: str) -> None:
    drawn(network, "--domain", "box:-1,1", option, "-o", "out.html")
    page = (folder / "out.html").read_text()
    assert not re.search(r"""<(script|link|img|iframe)[^>]+(src|href)\s*=""", page)
    assert '"mesh3d"' in page
    assert "Exact inside, rounded only where drawn." in page


@pytest.mark.usefixtures("folder")
def test_the_cells_of_space_have_all_their_facets() -> None:
    from verishallow import plot_cells  # noqa: PLC0415 - plotly is an extra

    mesh = plot_cells(load("space.json"), "box:-1,1").data[0]
    # Eight cubes of six squares of two triangles.
    assert (len(mesh.facecolor), len(mesh.x), len(set(mesh.facecolor))) == (96, 192, 8)


def test_equal_pictures_are_equal_bytes(folder: Path) -> None:
    for seed in ("0", "1"):
        script = "\n".join(
            f"plot(load({name!r}), {name!r} + '.{seed}.{kind}', color={color!r})"
            for name, color, kind in [
                ("plane.json", "piece", "svg"),
                ("plane.json", "class", "pdf"),
                ("plane.json", "output", "png"),
                ("line.json", "pattern", "html"),
                ("space.json", "piece", "html"),
                ("space.json", "class", "svg"),
            ]
        )
        command = [sys.executable, "-c", f"from verishallow import load, plot\n{script}"]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    written = sorted(path for path in folder.iterdir() if ".0." in path.name)
    assert len(written) == 6
    for path in written:
        assert path.read_bytes() == (folder / path.name.replace(".0.", ".1.")).read_bytes()


def test_a_certificate_and_a_slice_are_drawn_too(folder: Path) -> None:
    prove(load("plane.json"), "box:-2,3").save("cert")
    of_certificate = facts_of(run("plot", "cert", "-o", "cert.svg", "--json"))
    of_network = facts_of(run("plot", *SQUARE, "-o", "net.svg", "--json"))
    assert {**of_certificate, "written": ""} == {**of_network, "written": ""}
    assert (folder / "cert.svg").read_bytes() == (folder / "net.svg").read_bytes()
    facts = drawn("four.json", "--plane", "0,0,0,0", "1,0,1,0", "0,1,0,1", "--domain", "box:-1,1", "-o", "slice.svg")
    assert facts["activation regions"] == "4"
    assert facts["shown"].startswith("a slice of R^4, parameters t0, t1: [")
    shown = drawn("four.json", "--line", "0,0,0,0", "1,0,1,0", "-o", "line.svg")["shown"]
    assert shown == "a slice of R^4, parameter t0: [0, 1]"
    assert shown in (folder / "line.svg").read_text()
    plane = Slice.plane([0, 0, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1])
    prove(load("four.json"), "box:-1,1", on_slice=plane).save("flat")
    assert drawn("flat", "-o", "flat.svg")["shown"] == facts["shown"]


def test_a_domain_that_is_no_box_is_named(folder: Path) -> None:
    (folder / "triangle.json").write_text(
        domain_text('"inequalities": [[0, 1, 0], [0, 0, 1], [1, -1, -1], [2, -2, -2]]')
    )
    (folder / "wedge.json").write_text(domain_text('"inequalities": [[0, 1, -1], [0, 1, 1]]'))
    (folder / "square.json").write_text(
        domain_text('"inequalities": [[0, 1, 0], [0, 0, 1], [1, -1, 0], [1, 0, -1], [5, -1, -1]]')
    )
    on = {name: ("plane.json", "--domain", f"{name}.json", "-o", "out.svg") for name in ("triangle", "wedge", "square")}
    triangle = "the domain D (3 inequalities), shown in [0, 1] x [0, 1]"
    assert drawn(*on["triangle"])["shown"] == triangle
    text = (folder / "out.svg").read_text()
    assert f"on {triangle}." in " ".join(text.split())
    window = "[0, 1] x [0, 1/2], the window asked for"
    found = drawn(*on["triangle"], "--window", "box:[0,1]x[0,1/2]")
    assert found["shown"] == f"the part of the domain D (3 inequalities) in {window}"
    assert drawn(*on["triangle"], "--window", "box:0,1/4")["shown"] == "[0, 1/4] x [0, 1/4], the window asked for"
    assert drawn(*on["wedge"])["shown"].startswith("the part of the domain D (2 inequalities) in [")
    assert drawn(*on["square"])["shown"] == "[0, 1] x [0, 1]"


@pytest.mark.parametrize("kind", ["html", "svg"])
def test_cells_that_are_pulled_apart_say_so(folder: Path, kind: str) -> None:
    facts = drawn("space.json", "--domain", "box:-1,1", "--cells", "-o", f"out.{kind}")
    assert facts["notes"] == "Cells are drawn pulled apart, each at 86 % of its size."
    assert facts["notes"] in (folder / f"out.{kind}").read_text()
    many = facts_of(run("plot", "plane.json", "--surface", "-o", "flat.svg", "--json"))
    assert many["notes"] is None


REFUSED = {
    "more inputs": (["four.json", "-o", "out.svg"], "--plane P Q R"),
    "another suffix": (["plane.json", "-o", "out.jpg"], ".svg, .png, .pdf, .html"),
    "no suffix": (["plane.json", "-o", "out"], "expected a file name that ends in"),
    "no such color": ([*SQUARE, "--color", "layer", "-o", "out.svg"], "expected one of piece, pattern, output, class"),
    "no such output": ([*SQUARE, "--of", "3", "-o", "out.svg"], "output: expected one of y0"),
    "a surface of a line": (["line.json", "--surface", "-o", "out.html"], "--surface: expected a function of 2 inputs"),
    "cells of a plane": (["plane.json", "--cells", "-o", "out.html"], "--cells: expected a function of 3 inputs"),
    "a window elsewhere": ([*SQUARE, "--window", "box:7,8", "-o", "out.svg"], "no interior point in common"),
    "a window that is no box": ([*SQUARE, "--window", "1,2", "-o", "out.svg"], "window: expected box:low,high"),
    "data of another width": ([*SQUARE, "--data", "wide.csv", "-o", "out.svg"], "expected rows of 2 coordinates"),
    "data of unequal rows": ([*SQUARE, "--data", "ragged.csv", "-o", "out.svg"], "found 2, 3"),
    "data that are no numbers": ([*SQUARE, "--data", "words.csv", "-o", "out.svg"], "expected"),
    "data of another kind": ([*SQUARE, "--data", "plane.json", "-o", "out.svg"], "expected a file .npy, .csv or .txt"),
    "no data": ([*SQUARE, "--data", "absent.csv", "-o", "out.svg"], "absent.csv"),
    "data in space": (["space.json", "--data", "three.csv", "-o", "out.html"], "not over pictures in space"),
    "over its own network": (["plane.svg", "-o", "plane.svg"], "is read by this command"),
    "a twin with a window": ([*SQUARE, "--twin", "--window", "box:0,1", "-o", "out.svg"], "leave out --window"),
    "a domain for a certificate": (["cert", "--domain", "box:0,1", "-o", "out.svg"], "has its own domain"),
}


@pytest.mark.parametrize(("arguments", "said"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(folder: Path, arguments: list[str], said: str) -> None:
    (folder / "wide.csv").write_text("1,2,3,4\n")
    (folder / "ragged.csv").write_text("1,2\n1,2,3\n")
    (folder / "words.csv").write_text("a,b\nc,d\n")
    (folder / "three.csv").write_text("1,2,3\n")
    (folder / "plane.svg").write_bytes((folder / "plane.json").read_bytes())
    if "cert" in arguments:
        prove(load("plane.json"), "box:-2,3").save("cert")
    before = names(folder)
    result = run("plot", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert names(folder) == before


def test_too_many_regions_stop_it(folder: Path) -> None:
    result = run("plot", *SQUARE, "--max-regions", "3", "-o", "out.svg")
    assert result.exit_code == 3
    assert not (folder / "out.svg").exists()


def test_without_the_extra_it_says_what_to_install(folder: Path) -> None:
    for absent, network, target in (("matplotlib", "plane.json", "out.svg"), ("plotly", "space.json", "out.html")):
        script = f"import sys; sys.modules[{absent!r}] = None; from verishallow.cli import app; app()"
        arguments = ["plot", network, "--domain", "box:-1,1", "-o", target]
        found = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
        assert (found.returncode, found.stdout) == (2, "")
        assert "pip install 'verishallow[plot]'" in found.stderr
        assert not (folder / target).exists()


@pytest.mark.usefixtures("folder")
def test_json_has_the_same_facts() -> None:
    found = facts_of(run("plot", *SQUARE, "-o", "out.svg", "--json"))
    assert found == {
        "written": "out.svg",
        "activation_regions": 7,
        "affine_pieces": 4,
        "shown": "[-2, 3] x [-2, 3]",
        "notes": None,
    }
