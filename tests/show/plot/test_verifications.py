"""Pictures of verifications: cells of the tree that fill the domain, open ones, a counterexample; and refusals."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import plain, run
from tests.examples import ABSOLUTE_VALUE
from tests.show.plot.pictures import area, corners, elements
from tests.show.report.pages import random_network
from verishallow import ReLUNetwork, plot, verify, within
from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError
from verishallow.rationals import parse_rational
from verishallow.read.properties.expressions import variables
from verishallow.slices import Slice

pytest.importorskip("matplotlib", reason="matplotlib is not installed")

MODULUS = ReLUNetwork.of(ABSOLUTE_VALUE)
PLANE, SHALLOW, SPACE = random_network((2, 8, 8, 1)), random_network((2, 6, 1)), random_network((3, 4, 1))
GREATEST = "2488619/479232"
X, _ = variables(2, 1)


def asked(network: ReLUNetwork, threshold: str, domain: Any = "box:-1,1", **options: Any) -> Certificate:
    return verify(network, lambda _, outputs: outputs[0] > parse_rational(threshold), domain, **options).certificate


def of_kind(path: Path, *kinds: str) -> dict[str, list[str]]:
    return {name: paths for name, paths in elements(path).items() if re.fullmatch(f"({'|'.join(kinds)})-[0-9]+", name)}


def greatest(network: ReLUNetwork, domain: str) -> str:
    from verishallow.claims.bounds import output_range  # noqa: PLC0415 - of this alone

    return str(output_range(network, domain)[0].high)


def area_of_square(path: Path) -> float:
    """The area of the bounding box of all outlines."""
    found = [corner for paths in of_kind(path, "outlines").values() for d in paths for corner in corners(d)]
    x, y = [a for a, _ in found], [b for _, b in found]
    return (max(x) - min(x)) * (max(y) - min(y))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "picture.svg"


# ---------------------------------------------------------------------------------------------- What is drawn


def test_cells_of_first_signs_fill_the_square(file: Path) -> None:
    certificate = asked(SHALLOW, greatest(SHALLOW, "box:-1,1"))
    assert certificate.counts["leaves"] > 2
    plot(certificate, file)
    # The empty cells of contradictory signs have no area, and the others meet at their borders alone.
    cells = of_kind(file, "box", "first-signs")
    assert sum(area(d) for paths in cells.values() for d in paths) == pytest.approx(area_of_square(file), rel=1e-6)
    assert of_kind(file, "hatches", "crosses") == {}


def test_deeper_signs_are_hatched_and_open_cells_crossed(file: Path) -> None:
    made = plot(asked(PLANE, GREATEST), file)
    assert of_kind(file, "hatches")
    assert of_kind(file, "crosses", "open") == {}
    assert "260 leaves, on [-1, 1] x [-1, 1]. Hatched" in made.caption
    made = plot(asked(PLANE, GREATEST, max_nodes=12), file)
    assert of_kind(file, "crosses")
    assert of_kind(file, "open")
    assert "0 leaves, 12 open" in made.caption


def test_one_box_is_the_whole_domain(file: Path) -> None:
    plot(asked(PLANE, "1000"), file, color="kind")
    assert list(of_kind(file, "box", "first-signs", "deeper-signs", "open")) == ["box-0"]


@pytest.mark.parametrize("network", [PLANE, MODULUS], ids=["two inputs", "one input"])
def test_a_counterexample_is_marked(file: Path, network: ReLUNetwork) -> None:
    made = plot(asked(network, "1/2"), file)
    assert "counterexample" in elements(file)
    assert "violated at the star" in made.caption


def test_a_counterexample_outside_of_the_window_is_not_drawn(file: Path) -> None:
    plot(asked(MODULUS, "1/2"), file, window="box:-1/10,1/10")
    assert "counterexample" not in elements(file)
    assert "y_0" in elements(file)


def test_intervals_lie_below_the_graph(file: Path) -> None:
    plot(asked(MODULUS, "1"), file)
    found = elements(file)
    assert "y_0" in found
    assert of_kind(file, "box", "first-signs")


DRAWN = {
    "a slice": lambda: asked(SPACE, "100", on_slice=Slice.of([["0", "1", "0"], ["0", "0", "1"], ["0", "1", "1"]])),
    "two networks": lambda: within(SHALLOW, SHALLOW, "1/10", "box:-1,1").certificate,
    "an unbounded domain": lambda: asked(MODULUS, "-1", None),
    "a triangle": lambda: asked(SHALLOW, "100", (X[0] >= 0) & (X[1] >= 0) & (X[0] + X[1] <= 1)),
    "an open domain": lambda: asked(SHALLOW, "100", (X[0] > 0) & (X[1] > 0) & (X[0] + X[1] < 1)),
    "a violated triangle": lambda: asked(SHALLOW, "-100", (X[0] >= 0) & (X[1] >= 0) & (X[0] + X[1] <= 1)),
}


@pytest.mark.parametrize("make", DRAWN.values(), ids=DRAWN)
def test_the_same_certificate_gives_the_same_bytes(file: Path, make: Any) -> None:
    certificate = make()
    plot(certificate, file)
    first = file.read_bytes()
    plot(Certificate(certificate.lines), file)
    assert file.read_bytes() == first


@pytest.mark.parametrize("kind", ["svg", "png", "pdf", "html"])
def test_the_command_writes_every_kind(file: Path, kind: str) -> None:
    asked(PLANE, GREATEST).save("holds.cert.jsonl.gz")
    result = run("plot", "holds.cert.jsonl.gz", "-o", f"picture.{kind}", "--color", "kind", "--names", "age,dose")
    assert (result.exit_code, result.stderr) == (0, "")
    assert plain(result)["leaves"] == "260"
    assert plain(result)["property"] == f"no x in D with y_0 > {GREATEST}"
    assert file.with_suffix(f".{kind}").stat().st_size > 1000


# ------------------------------------------------------------------------------------------------- Refused

REFUSED = {
    "three inputs": (lambda: asked(SPACE, "100"), {}, r"expected a property of 1 or 2 inputs, found 3; .*report CERT"),
    "a flat domain": (lambda: asked(PLANE, "100", [(0, 0), (0, 1)]), {}, "no interior points"),
    "an empty domain": (lambda: asked(PLANE, "100", [(1, 0), (0, 1)]), {}, "no interior points"),
    "colours of regions": (lambda: asked(PLANE, "100"), {"color": "piece"}, "expected depth or kind"),
    "an output": (lambda: asked(PLANE, "100"), {"output": 0}, "leave out output"),
    "in space": (lambda: asked(PLANE, "100"), {"in_space": True}, "leave out in_space"),
    "another domain": (lambda: asked(PLANE, "100"), {"domain": "box:0,1"}, "leave out domain"),
    "a window elsewhere": (lambda: asked(PLANE, "100"), {"window": "box:2,3"}, "no interior point in common"),
}


@pytest.mark.parametrize(("make", "options", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_drawn_is_refused(file: Path, make: Any, options: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        plot(make(), file, **options)
    assert not file.exists()


COMMANDS = {
    "plot of three inputs": (SPACE, ("plot", "-o", "picture.svg"), "found 3"),
    "plot as twins": (PLANE, ("plot", "-o", "picture.svg", "--twin"), "leave out --twin"),
    "plot of a surface": (PLANE, ("plot", "-o", "picture.svg", "--surface"), "leave out --surface"),
    "plot with a domain": (PLANE, ("plot", "-o", "picture.svg", "--domain", "box:0,1"), "domain"),
    "eval": (PLANE, ("eval", "--at", "0,0"), "no three-layer network to evaluate; name the network"),
    "explain": (PLANE, ("explain",), "no three-layer network to explain; name the network"),
    "explain at a point": (PLANE, ("explain", "--at", "0,0"), "no three-layer network to explain"),
    "trim": (PLANE, ("trim", "-o", "picture.svg", "--domain", "box:0,1"), "expected a certificate of equality"),
}


@pytest.mark.parametrize("nodes", [None, 0], ids=["complete", "incomplete"])
@pytest.mark.parametrize(("network", "command", "words"), COMMANDS.values(), ids=COMMANDS)
def test_commands_refuse_it_in_one_line(
    file: Path, network: ReLUNetwork, command: Any, words: str, nodes: int | None
) -> None:
    threshold = "1000" if nodes is None else greatest(network, "box:-1,1")
    asked(network, threshold, max_nodes=nodes).save("answer.cert.jsonl.gz")
    result = run(command[0], "answer.cert.jsonl.gz", *command[1:])
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert words in result.stderr
    assert not file.exists()


@pytest.mark.parametrize(
    ("threshold", "fact"), [("1000", "property"), ("4", "violates")], ids=["a property", "a counterexample"]
)
def test_info_says_the_property(file: Path, threshold: str, fact: str) -> None:
    asked(PLANE, threshold).save(file.with_name("answer.cert.jsonl.gz"))
    result = run("info", "answer.cert.jsonl.gz")
    assert result.exit_code == 0
    assert plain(result)[fact] == f"no x in D with y_0 > {threshold}"
