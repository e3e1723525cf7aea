"""Pictures from Python: many regions, extreme numbers, colours, and both networks side by side."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.benchmarks.networks import Case
from tests.show.plot.conftest import ABSOLUTE_VALUE, BENT, CORNER
from tests.show.plot.pictures import corners, elements, of_kind, polygons
from verishallow import (
    Polyhedron,
    RegionCount,
    ReLUNetwork,
    load,
    plot,
    plot_graph,
    plot_regions,
    plot_twin,
    prove,
)
from verishallow.errors import InputError
from verishallow.show.plot.diagram import MOST_UNITS, UNIT, Diagram, Weight, rows_shown

pytest.importorskip("matplotlib", reason="matplotlib is not installed")

from verishallow.show.plot.data import Data
from verishallow.show.plot.style import line_width

PICTURES = Path(__file__).resolve().parents[3] / "notebooks" / "pictures"


def test_thousands_of_regions_make_a_picture_of_a_sane_size(tmp_path: Path) -> None:
    picture = plot(Case("2-64-64-64-1").network, tmp_path / "many.svg", "box:-1,1")
    assert picture.regions == 4052
    assert polygons(tmp_path / "many.svg", "pieces") == 4052
    assert len(of_kind(tmp_path / "many.svg", "pieces")) <= 24
    assert (tmp_path / "many.svg").stat().st_size < 2_000_000
    assert "vertices" not in elements(tmp_path / "many.svg")


def test_lines_grow_thinner_with_the_number_of_regions() -> None:
    widths = [line_width(number) for number in (2, 10, 100, 1000, 10_000)]
    assert widths == sorted(widths, reverse=True)
    assert 0 < widths[-1] < 0.1 < widths[0] < 1


@pytest.mark.parametrize("shift", ["1e400", "1e-400", "1"])
def test_numbers_that_no_float_holds_are_drawn(tmp_path: Path, shift: str) -> None:
    size = {"1e400": 10**400, "1e-400": f"1/{10**400}", "1": 1}[shift]
    network = ReLUNetwork.of([([[1, 1]], [size]), ([[1]], [0])])
    assert plot(network, tmp_path / "out.svg").regions == 2
    assert plot(ReLUNetwork.of([([[1]], [size]), ([[1]], [0])]), tmp_path / "graph.svg").regions == 2


def test_an_affine_function_has_one_piece_and_a_window(tmp_path: Path) -> None:
    found = plot(ReLUNetwork.of([([[1, 2]], [3])]), tmp_path / "out.svg", color="output")
    assert (found.regions, found.pieces) == (1, 1)
    assert plot(ReLUNetwork.of([([[0, 0]], [3])]), tmp_path / "out.svg", color="output").regions == 1
    assert plot(ReLUNetwork.of([([[0]], [3])]), tmp_path / "out.svg").regions == 1


def test_a_half_bounded_domain_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    found = plot(ReLUNetwork.of(BENT), tmp_path / "out.svg", Polyhedron.of([[0, 1, 0]]))
    assert found.shown.startswith("[0, 13/10] x [-3/10, 13/10]")


def test_a_graph_may_be_drawn_on_axes_of_ones_own() -> None:
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra

    axes = Figure().subplots(1, 2)
    assert plot_graph(ReLUNetwork.of(ABSOLUTE_VALUE), "box:-1,1", axes=axes[0]) is axes[0]
    assert plot_regions(ReLUNetwork.of(BENT), "box:-1,1", axes=axes[1], data=Data.of([[0, 1]])) is axes[1]


@pytest.mark.parametrize("kind", ["svg", "png", "pdf", "html"])
def test_many_regions_in_every_format(tmp_path: Path, kind: str) -> None:
    plot(Case("2-16-16-1").network, tmp_path / f"out.{kind}", color="pattern")
    assert (tmp_path / f"out.{kind}").stat().st_size > 10_000


def test_the_twin_has_its_layers_and_its_infinite_weights() -> None:
    certificate = prove(ReLUNetwork.of(BENT), "box:-2,3")
    shallow = certificate.shallow.reduced()
    deep, function, twin = plot_twin(certificate).axes
    names = {patch.get_gid(): patch for patch in twin.patches}
    infinite = [patch for name, patch in names.items() if str(name).startswith("twin-infinite")]
    drawn = sum(len(np.array(patch.get_path().vertices)) // 4 for patch in infinite)
    assert drawn == shallow.layer2.infinite_weights()
    layers = {str(found.get_gid()): len(np.array(found.get_offsets())) for found in twin.collections}
    assert layers == {
        "twin-layer-0": 2,
        "twin-layer-1": shallow.layer1.width,
        "twin-layer-2": shallow.layer2.width,
        "twin-layer-3": 1,
    }
    assert len(deep.collections) == 4
    assert [patch.get_gid() for patch in function.patches][:4] == [f"piece-{number}" for number in range(1, 5)]


def test_a_twin_of_more_inputs_is_drawn_without_its_function() -> None:
    assert len(plot_twin(prove(ReLUNetwork.of(CORNER))).axes) == 2


def test_a_twin_that_none_could_read_is_abridged() -> None:
    certificate = prove(Case("2-16-16-1").network, "box:-1,1")
    widths = (certificate.shallow.reduced().layer1.width, certificate.shallow.reduced().layer2.width)
    assert max(widths) > MOST_UNITS
    *_, twin = plot_twin(certificate).axes
    layers = [len(np.array(found.get_offsets())) for found in twin.collections]
    assert layers == [2, *(len(rows_shown(width)) for width in widths), 1]
    texts = [text.get_text() for text in twin.texts]
    assert [text for text in texts if text.startswith("ReLU")] == [f"ReLU\n{width}" for width in widths]
    assert texts.count("\N{VERTICAL ELLIPSIS}") == sum(width > MOST_UNITS for width in widths)
    assert f"shallow S: 2 hidden layers, {sum(widths)} units" in twin.get_title()


@pytest.mark.parametrize(("width", "shown"), [(1, 1), (399, 399), (400, 400), (401, 40), (10**6, 40)])
def test_units_are_left_out_of_wide_columns_alone(width: int, shown: int) -> None:
    rows = rows_shown(width)
    assert (len(rows), rows[0], rows[-1]) == (shown, 0, width - 1)


def test_weights_of_units_that_are_left_out_are_too() -> None:
    columns = ((UNIT,) * 3, (UNIT,) * 500)
    weights = tuple(Weight((0, i % 3), (1, i), "positive", UNIT) for i in range(500))
    found = Diagram(columns, ("input", "ReLU"), weights, (3, 500)).abridged()
    assert len(found.weights) == 40
    assert {weight.end[1] for weight in found.weights} == set(range(40))
    assert found.weights[-1].start == (0, 499 % 3)
    heights = [found.place((1, row))[1] for row in range(40)]
    assert heights == sorted(heights, reverse=True)
    assert 0 < heights[-1] < heights[-2] - 2 * (heights[0] - heights[1])


def test_a_twin_of_what_has_none_is_refused() -> None:
    counted = prove(ReLUNetwork.of(BENT), claim=RegionCount())
    with pytest.raises(InputError, match="no three-layer network"):
        plot_twin(counted)


def test_the_picture_of_the_readme_is_what_the_command_draws(tmp_path: Path) -> None:
    from tests.cli.command_line import run  # noqa: PLC0415 - it imports the whole command line

    arguments = [str(PICTURES / "thirteen.json"), "--domain", "box:-2,2", "--twin", "-o", str(tmp_path / "twin.svg")]
    assert run("plot", *arguments).exit_code == 0
    fresh, kept = (panels(folder / "twin.svg") for folder in (tmp_path, PICTURES))
    assert {name: sorted(shapes) for name, shapes in fresh.items()} == {name: sorted(kept[name]) for name in kept}
    for name, shapes in kept.items():
        assert len(shapes) >= 2
        for element, shape in shapes.items():
            assert fresh[name][element] == pytest.approx(shape, abs=0.003)
    assert load(PICTURES / "thirteen.json").widths == (2, 3, 3, 3, 1)


def panels(path: Path) -> dict[str, dict[str, list[float]]]:
    """The lines and areas of each part of the picture, in shares of that part's own width and height.

    How large the parts are, and all letters, depend on the fonts of matplotlib's version.
    """
    found: dict[str, dict[str, list[float]]] = {}
    for panel, pattern in {
        "deep": "deep-(positive|negative)-.*",
        "function": "piece-[0-9]+|kinks|domain",
        "twin": "twin-(positive|negative|infinite)-.*",
    }.items():
        named = {name: corners(d) for name, [d, *_] in paths_of(path).items() if re.fullmatch(pattern, name)}
        x, y = zip(*(corner for shape in named.values() for corner in shape), strict=True)
        found[panel] = {
            name: [
                share
                for a, b in shape
                for share in ((a - min(x)) / (max(x) - min(x)), (b - min(y)) / (max(y) - min(y)))
            ]
            for name, shape in named.items()
        }
    return found


def paths_of(path: Path) -> dict[str, list[str]]:
    return {name: paths for name, paths in elements(path).items() if paths}


def test_names_are_no_formulas_and_captions_may_be_left_out(tmp_path: Path) -> None:
    names: dict[str, Any] = {"names": ["$x$ & <b>", "a_b"], "output_names": ["$\\frac$"], "caption": False}
    for kind in ("svg", "html", "pdf"):
        plot(ReLUNetwork.of(BENT), tmp_path / f"out.{kind}", "box:-1,1", color="output", **names)
    plot(ReLUNetwork.of(BENT), tmp_path / "space.html", "box:-1,1", in_space=True, **names)
    for page in ("out.html", "space.html"):
        assert "<p>" not in (tmp_path / page).read_text()


def test_a_domain_with_lines_that_only_a_later_layer_sees(tmp_path: Path) -> None:
    network = ReLUNetwork.of([([[1, 1]], [0]), ([[1, -1, 0]], [0], [0, 1]), ([[1, 1]], [0], [1, 2])])
    assert plot(network, tmp_path / "out.svg").regions == 4


def test_labels_of_data_are_explained_beside_the_pieces() -> None:
    data = Data.of([[0, 1], [1, 0], [9, 9]], ["cat", "owl", "far away"])
    legend = plot_regions(ReLUNetwork.of(BENT), "box:-1,1", data=data).get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["y0 = x0 + x1", "y0 = 1", "cat", "owl"]
