"""The commands explain and counterfactual: what they print, exact in JSON, and what they refuse."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.command_line import facts_of, network_text, run
from tests.examples import ABSOLUTE_VALUE, MAX_OF_THREE, MAX_OF_TWO, TWO_OUTPUTS, Layers
from tests.explain.test_summary import THREE_CLASSES
from tests.read.domains.test_texts import domain_text
from verishallow import RegionCount, ReLUNetwork, explain, prove
from verishallow.explain import counterfactual, decision_tree, summarise
from verishallow.slices import Slice

NETWORKS: dict[str, Layers] = {
    "modulus": ABSOLUTE_VALUE,
    "max2": MAX_OF_TWO,
    "max3": MAX_OF_THREE,
    "two": TWO_OUTPUTS,
    "three": THREE_CLASSES,
}
TO_ONE = ("counterfactual", "three.json", "--at", "0,0", "--to", "1")
ROUNDED = "Numbers with ~ are rounded for display; all are exact inside, and with --json."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with networks, a certificate, a background set and a domain."""
    monkeypatch.chdir(tmp_path)
    for name, layers in NETWORKS.items():
        (tmp_path / f"{name}.json").write_text(network_text(layers))
    prove(ReLUNetwork.of(MAX_OF_TWO), "box:-2,2").save("cert")
    prove(ReLUNetwork.of(MAX_OF_TWO), "box:-2,2", claim=RegionCount()).save("counting")
    np.save("background.npy", np.array([[0, 0.5], [1, -1]], np.float32))
    np.save("point.npy", np.array([[1.0], [0.25]]))
    return tmp_path


def numbers(values: list[str]) -> list[Fraction]:
    return [Fraction(value) for value in values]


# ------------------------------------------------------------------------------------------- explain --at


@pytest.mark.usefixtures("folder")
def test_a_point_is_explained_in_json() -> None:
    facts = facts_of(run("explain", "three.json", "--at", "1/3,-1/5", "--baseline", "-1,1/2", "--of", "2", "--json"))
    network = ReLUNetwork.of(THREE_CLASSES)
    expected = explain(network, ["1/3", "-1/5"])
    output, baseline_output = Fraction(facts["output"]), Fraction(facts["baseline_output"])
    assert (output, baseline_output) == (network(["1/3", "-1/5"])[2], network([-1, "1/2"])[2])
    for name in ("shapley", "integrated_gradients"):
        assert sum(numbers(facts[name])) == output - baseline_output
    assert numbers(facts["gradient"]) == list(expected.region.affine_map.forms[2].linear)
    assert (facts["output_index"], facts["outputs"], facts["refused"]) == (2, list(map(str, expected.output)), {})
    region = facts["region"]
    assert facts["regions"] == [region]
    assert region["facets"] == [list(map(str, facet.form.row)) for facet in expected.region.facets]
    assert region["affine_map"] == [list(map(str, form.row)) for form in expected.region.affine_map.forms]
    assert region["pattern"] == [list(layer) for layer in expected.region.pattern or ()]
    assert Fraction(region["contributions"]["bias"]) + sum(numbers(region["contributions"]["features"])) == output
    assert (facts["through"], region["live_units"]) == ("network", None)
    for rule, facet in zip(region["rules"], expected.region.facets, strict=True):
        assert rule["neurons"] == [list(neuron) for neuron in facet.neurons]
        assert rule["distance_to_facet"]["l2_squared"] == str(facet.to_facet.l2_squared)
        assert rule["distance_to_hyperplane"]["linf"] == str(facet.to_hyperplane.linf)


@pytest.mark.usefixtures("folder")
def test_a_certificate_is_explained_from_its_three_layer_network() -> None:
    deep = facts_of(run("explain", "max2.json", "--domain", "box:-2,2", "--at", "1,1/4", "--json"))
    shallow = facts_of(run("explain", "cert", "--at", "point.npy", "--json"))
    assert (deep["through"], shallow["through"]) == ("network", "three-layer network")
    assert shallow["region"]["live_units"]
    for key in ("output", "baseline_output", "shapley", "integrated_gradients", "gradient", "gradient_times_input"):
        assert shallow[key] == deep[key]
    for key in ("facets", "affine_map", "pattern", "contributions"):
        assert shallow["region"][key] == deep["region"][key]


@pytest.mark.usefixtures("folder")
def test_a_boundary_is_explained_by_all_regions() -> None:
    facts = facts_of(run("explain", "max3.json", "--at", "1,1,0", "--json"))
    assert len(facts["regions"]) == 2
    assert facts["gradient"] is facts["integrated_gradients"] is None
    assert set(facts["refused"]) == {"gradient", "integrated_gradients", "gradient_times_input"}
    assert facts["shapley"] == ["1/2", "1/2", "0"]
    mean = facts_of(run("explain", "max3.json", "--at", "1,1,0", "--kinks", "mean", "--json"))
    assert (mean["gradient"], mean["refused"]) == (["1/2", "1/2", "0"], {})


@pytest.mark.usefixtures("folder")
def test_background_sets() -> None:
    rows = facts_of(run("explain", "max2.json", "--at", "2,1", "--baseline", "background.npy", "--json"))
    texts = facts_of(run("explain", "max2.json", "--at", "2,1", "--baseline", "0,1/2;1,-1", "--json"))
    assert rows == texts
    assert (rows["baseline"], rows["baseline_output"]) == ([["0", "1/2"], ["1", "-1"]], "3/4")
    assert sum(numbers(rows["shapley"])) == Fraction(rows["output"]) - Fraction(3, 4)


@pytest.mark.usefixtures("folder")
def test_a_point_is_explained_in_words() -> None:
    named = ("--names", "age,income", "--output-names", "risk")
    result = run("explain", "max2.json", "--at", "1,1/3", *named, "--baseline", "0,2")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "risk = 1 at age = 1, income = ~0.333333"
    assert "  risk = age" in lines
    assert any(line.split()[:3] == ["age", "-", "income"] and "neuron 1.0" in line for line in lines)
    assert lines[-1] == ROUNDED
    assert "rounded" not in run("explain", "modulus.json", "--at", "2").stdout
    shallow = run("explain", "cert", "--at", "1,0").stdout
    assert "explained from the three-layer network" in shallow
    assert "live units" in shallow
    assert "unit 1." in shallow
    boundary = run("explain", "max2.json", "--at", "1,1").stdout
    assert "2 regions meet here, on a boundary" in boundary
    assert "gradient: there is no gradient at the point" in boundary


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("subject", ["far", "max2.json"])
def test_what_lies_outside_the_domain_is_no_baseline(subject: str) -> None:
    prove(ReLUNetwork.of(MAX_OF_TWO), "box:1,3").save("far")
    about = ("explain", subject, *(("--domain", "box:1,3") if subject != "far" else ()), "--at", "3,2")
    facts = facts_of(run(*about, "--json"))
    assert (facts["shapley"], facts["integrated_gradients"], facts["baseline_output"]) == (None, None, None)
    assert set(facts["refused"]) == {"shapley", "integrated_gradients"}
    assert facts["gradient_times_input"] == ["3", "0"]
    text = run(*about).stdout
    reason = "the default baseline 0 lies outside the domain: inequality 0, -1 + x0 >= 0, fails; give --baseline B"
    assert f"  shapley: {reason} inside the domain\n" in text
    assert "integrated gradients" not in text.splitlines()[3]
    inside = facts_of(run(*about, "--baseline", "1,3/2", "--json"))
    assert (inside["refused"], inside["baseline_output"]) == ({}, "3/2")
    assert sum(numbers(inside["shapley"])) == Fraction(3, 2) == sum(numbers(inside["integrated_gradients"]))
    for given, which in (("0,0", "the baseline"), ("1,1;9,1", "baseline 1")):
        refused = run(*about, "--baseline", given)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert f"{which} lies outside the domain: inequality" in refused.stderr
        assert refused.stderr.endswith("; give --baseline inside the domain\n")


def test_mixtures_of_point_and_baseline_lie_in_the_domain_too(folder: Path) -> None:
    rows = '"inequalities": [[0, 1, 0], [0, 0, 1], [1, -1, -1]]'
    (folder / "triangle.json").write_text(domain_text(rows))
    about = ("explain", "max2.json", "--domain", "triangle.json", "--at", "3/4,1/4", "--json")
    crossing = facts_of(run(*about, "--baseline", "0,1"))
    assert "a mixture lies outside the domain, where inequality 2" in crossing["refused"]["shapley"]
    assert sum(numbers(crossing["integrated_gradients"])) == Fraction(3, 4) - 1
    assert facts_of(run(*about))["refused"] == {}


@pytest.mark.usefixtures("folder")
def test_contributions_at_a_kink_are_those_of_a_region_that_is_named() -> None:
    kink = run("explain", "max2.json", "--at", "1,1").stdout
    assert "contribution in region 1" in kink
    assert "(--kinks mean;" in kink
    mean = run("explain", "max2.json", "--at", "1,1", "--kinks", "mean").stdout
    assert "contribution in region 1" in mean
    assert "gradient times input" in mean
    assert "contribution in" not in run("explain", "max2.json", "--at", "2,1").stdout
    # Beyond the edge of the domain the function bends, and inside there is one gradient.
    edge = facts_of(run("explain", "modulus.json", "--domain", "box:0,1", "--at", "0", "--json"))
    assert (edge["gradient"], edge["gradient_times_input"], edge["refused"]) == (["1"], ["0"], {})


@pytest.mark.usefixtures("folder")
def test_on_a_slice_the_parameters_are_explained() -> None:
    facts = facts_of(run("explain", "max3.json", "--line", "0,0,0", "2,1,3", "--at", "1/2", "--json"))
    assert (facts["features"], facts["output"], facts["gradient"]) == (["t0"], "3/2", ["3"])


# ------------------------------------------------------------------------------------------ explain domain


@pytest.mark.usefixtures("folder")
def test_a_domain_is_explained_in_json() -> None:
    facts = facts_of(run("explain", "three.json", "--domain", "box:-1,1", "--json"))
    expected = summarise(ReLUNetwork.of(THREE_CLASSES), "box:-1,1")
    assert Fraction(facts["volume"]) == 4 == sum(Fraction(region["volume"]) for region in facts["regions"])
    assert sum(Fraction(each["share"]) for each in facts["class_shares"]) == 1
    assert numbers(facts["mean"]) == list(expected.mean)
    assert numbers(facts["variance"]) == list(expected.variance)
    assert [numbers(row) for row in facts["mean_absolute_gradient"]] == list(map(list, expected.mean_absolute_gradient))
    ends = [(each["low"], each["high"]) for each in facts["ranges"]]
    assert ends == [(str(each.low), str(each.high)) for each in expected.ranges]
    assert set(facts["lipschitz"]) == {"l1", "l2", "linf"}
    assert len(facts["lipschitz"]["l2"]["constant_squared"]) == 2
    assert facts["lipschitz"]["l1"]["constant"] == str(expected.lipschitz["l1"].constant.low)
    assert facts["activation_regions"] == len(expected.regions)


@pytest.mark.usefixtures("folder")
def test_a_domain_is_explained_in_words() -> None:
    result = run("explain", "modulus.json", "--domain", "box:-1,2", "--names", "age")
    assert result.exit_code == 0
    assert result.stdout.startswith("2 activation regions, volume 3\n")
    assert "y0 > 0      1" in result.stdout
    certificate = run("explain", "cert")
    assert certificate.stdout.startswith("2 activation regions, volume 16\n")
    three = run("explain", "three.json", "--domain", "box:-1,1", "--output-names", "a,b,c").stdout
    assert "standard deviation" in three
    assert "largest regions" in three


# --------------------------------------------------------------------------------------------- explain tree


@pytest.mark.usefixtures("folder")
def test_a_tree_is_printed() -> None:
    text = run("explain", "max3.json", "--tree", "text").stdout
    assert text == decision_tree(ReLUNetwork.of(MAX_OF_THREE)).text() + "\n"
    assert run("explain", "max3.json", "--tree", "dot").stdout == decision_tree(ReLUNetwork.of(MAX_OF_THREE)).dot()
    facts = facts_of(run("explain", "max3.json", "--tree", "text", "--json", "--merge"))
    assert (facts["leaves"], facts["depth"], len(facts["nodes"])) == (4, 2, 7)
    assert facts["nodes"][0] == {"test": ["0", "1", "-1", "0"], "above": 1, "below": 4}
    assert facts["nodes"][2] == {"affine_map": [["0", "1", "0", "0"]]}
    assert run("explain", "cert", "--tree", "text").stdout.startswith("if x0 - x1 >= 0:\n")


# ------------------------------------------------------------------------------------------ counterfactual


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("norm", ["l1", "l2", "linf"])
def test_a_counterfactual_in_json(norm: str) -> None:
    facts = facts_of(run("counterfactual", "three.json", "--at", "1/3,-1/5", "--to", "2", "--norm", norm, "--json"))
    expected = counterfactual(ReLUNetwork.of(THREE_CLASSES), ["1/3", "-1/5"], 2, norm)
    assert expected is not None
    distance = "distance_squared" if norm == "l2" else "distance"
    assert (facts["point"], facts[distance]) == (list(map(str, expected.point)), str(expected.distance))
    assert {"distance", "distance_squared"} & set(facts) == {distance}
    assert (facts["to"], facts["norm"], facts["classes"]) == (2, norm, list(expected.classes))


@pytest.mark.usefixtures("folder")
def test_a_counterfactual_in_words() -> None:
    arguments = ("counterfactual", "two.json", "--at", "0,0", "--to", "right", "--output-names", "right,up")
    result = run(*arguments, "--names", "a,b")
    assert result.exit_code == 0
    assert result.stdout.startswith("class right instead of up: the nearest point is 1 away in L2\n")
    assert "the class ends there, and ties" in result.stdout
    root = run("counterfactual", "max2.json", "--at", "-1,-2", "--to", "1", "--norm", "linf").stdout
    assert root.startswith("class 1 instead of 0: the nearest point is 1 away in Linf\n")


@pytest.mark.usefixtures("folder")
def test_a_point_that_has_the_class_already() -> None:
    already = ("counterfactual", "max2.json", "--at", "2,1", "--to", "1")
    result = run(*already)
    assert (result.exit_code, result.stdout) == (0, "the point is of class 1 already: the distance is 0\n")
    facts = facts_of(run(*already, "--json"))
    assert (facts["from"], facts["point"], facts["distance_squared"]) == ([1], ["2", "1"], "0")
    tied = run("counterfactual", "two.json", "--at", "1,0", "--to", "0").stdout
    assert tied == "the point is of class 0 already (it ties: 0 = 1): the distance is 0\n"
    more = run(*already, "--margin", "3").stdout
    assert more.startswith("class 1 still, with what else is asked for: the nearest point is 1 away in L2\n")


def test_a_point_outside_the_domain_has_no_counterfactual(folder: Path) -> None:
    (folder / "flat.vnnlib").write_text(
        "(declare-const X_0 Real)(declare-const X_1 Real)(declare-const Y_0 Real)(assert (<= X_0 X_1))"
        "(assert (>= X_0 X_1))(assert (<= X_0 2.0))(assert (>= X_0 -2.0))"
    )
    refused = run(*TO_ONE[:3], "3,0", *TO_ONE[4:], "--domain", "box:-1,1")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == "verishallow: the point lies outside the domain: inequality 1, 1 - x0 >= 0, fails\n"
    on_the_line = ("counterfactual", "max2.json", "--to", "1", "--domain", "flat.vnnlib", "--at")
    beside = run(*on_the_line, "-1,-2")
    assert (beside.exit_code, beside.stderr) == (2, "verishallow: the point lies outside the domain\n")
    assert facts_of(run(*on_the_line, "-1,-1", "--json"))["point"] == ["0", "0"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("norm", ["l1", "l2", "linf"])
def test_a_counterfactual_on_a_slice_is_one_of_its_points(norm: str) -> None:
    arguments = ("three.json", "--to", "2", "--norm", norm, "--domain", "box:-9,9", "--json")
    on_the_line = run("counterfactual", *arguments, "--line", "1/3,-1/5", "1/3,1", "--at", "0")
    network, line = ReLUNetwork.of(THREE_CLASSES), Slice.line(["1/3", "-1/5"], ["1/3", 1])
    expected = counterfactual(network, ["1/3", "-1/5"], 2, norm, "box:-9,9", on_slice=line)
    assert expected is not None
    facts = facts_of(on_the_line)
    assert facts["at"] == ["1/3", "-1/5"]
    assert facts["point"] == [str(x) for x in expected.point]
    assert Fraction(facts["point"][0]) == Fraction(1, 3)
    # On this line the first feature is constant: it may as well be held.
    held = counterfactual(network, ["1/3", "-1/5"], 2, norm, fixed=[0])
    assert held is not None
    assert held.distance == expected.distance


@pytest.mark.usefixtures("folder")
def test_fixed_and_bounded_features() -> None:
    base = ("counterfactual", "two.json", "--at", "0,0", "--to", "0", "--norm", "l1", "--json")
    assert facts_of(run(*base, "--fix", "x1"))["point"] == ["1", "0"]
    assert facts_of(run(*base, "--bound", "x0=-2,1/2"))["point"] is None
    assert facts_of(run(*base, "--bound", "x0=-2,2", "--bound", "x1=0,9"))["distance"] == "1"
    assert facts_of(run(*base, "--margin", "1/2"))["distance"] == "3/2"


@pytest.mark.usefixtures("folder")
def test_a_class_that_never_wins() -> None:
    arguments = ("counterfactual", "modulus.json", "--at", "1", "--to", "0")
    facts = facts_of(run(*arguments, "--norm", "l1", "--json"))
    assert (facts["point"], facts["distance"]) == (None, None)
    assert "wins nowhere" in facts["reason"]
    assert facts_of(run(*arguments, "--ties", "--json"))["point"] == ["0"]
    assert "class 0 wins nowhere on the domain" in run(*arguments).stdout


# ------------------------------------------------------------------------------------------------ Refusals


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "fragment", "code"),
    [
        (("explain", "three.json"), "expected a bounded domain", 2),
        (("explain", "three.json", "--at", "1"), "expected 2 coordinates, found 1", 2),
        (("explain", "three.json", "--at", "3,0", "--domain", "box:-1,1"), "outside the domain", 2),
        (("explain", "three.json", "--at", "0,0", "--of", "3"), "output: expected one of y0, y1, y2", 2),
        (("explain", "three.json", "--at", "0,0", "--baseline", "1"), "expected 2 coordinates", 2),
        (("explain", "three.json", "--at", "0,0", "--baseline", "0,0;1"), "expected 2 coordinates", 2),
        (
            ("explain", "max3.json", "--at", "0,0,0", "--baseline", "background.npy"),
            "expected points of 3 coordinates",
            2,
        ),
        (("explain", "three.json", "--at", "0,0", "--kinks", "left"), "kinks: expected one of refuse, mean", 2),
        (("explain", "three.json", "--at", "0,0", "--names", "a"), "names of features: expected 2", 2),
        (("explain", "three.json", "--tree", "svg"), "tree: expected one of text, dot, found 'svg'", 2),
        (("explain", "three.json", "--domain", "box:-1,1", "--max-regions", "2"), "more than 2 regions", 3),
        (("explain", "cert", "--at", "0,0", "--domain", "box:-1,1"), "a certificate has its own domain", 2),
        (("explain", "cert", "--at", "3,0"), "outside the domain: inequality 1", 2),
        (("explain", "counting", "--at", "1,0"), "no three-layer network", 2),
        (("explain", "absent.json", "--at", "0,0"), "absent.json", 2),
        (("counterfactual", "three.json", "--at", "0,0", "--to", "3"), "class: expected one of 0, 1, 2", 2),
        ((*TO_ONE, "--line", "0,0", "1,1"), "expected 1 coordinates, found 2", 2),
        (("counterfactual", "three.json", "--at", "2", "--to", "1", "--line", "0,0", "1,1"), "outside the domain", 2),
        ((*TO_ONE, "--norm", "l0"), "norm: expected one of", 2),
        ((*TO_ONE, "--bound", "x0"), "expected FEATURE=LOW,HIGH", 2),
        (
            (*TO_ONE, "--bound", "z=0,1"),
            "feature: expected one of",
            2,
        ),
        (
            (*TO_ONE, "--fix", "x0,x1"),
            "no point of the domain is left",
            2,
        ),
        ((*TO_ONE, "--margin", "a"), "expected a rational", 2),
        (("counterfactual", "three.json", "--at", "0,0", "--to", "2", "--max-regions", "1"), "more than 1 regions", 3),
    ],
)
def test_one_line_says_what_is_wrong(arguments: tuple[str, ...], fragment: str, code: int) -> None:
    result: Any = run(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith("verishallow: ")
    assert result.stderr.count("\n") == 1
    assert fragment in result.stderr
