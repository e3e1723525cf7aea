"""The adjacency graph: Graphviz reads it, and it is the one of the complex."""

import json
import shutil
import subprocess
from collections import Counter
from typing import Any

import pytest

from tests.examples import EXAMPLES, each_example, example_certificate
from verishallow.errors import LimitError
from verishallow.network import ReLUNetwork
from verishallow.proof import prove
from verishallow.regions.neighbours import neighbours
from verishallow.regions.region import affine_pieces
from verishallow.write.regions.dot import dot


def graph(text: bytes) -> dict[str, Any]:
    program = shutil.which("dot") or pytest.skip("dot is not installed (apt-get install graphviz)")
    run = subprocess.run([program, "-Tdot_json"], input=text, capture_output=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (0, b"")
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@each_example
def test_graphviz_reads_regions_and_neighbours(name: str) -> None:
    regions = example_certificate(name).regions
    found = graph(dot(example_certificate(name)))
    nodes = found.get("objects", [])
    assert [node["name"] for node in nodes] == [f"r{number}" for number in range(1, len(regions) + 1)]
    edges = {(edge["tail"], edge["head"]) for edge in found.get("edges", [])}
    assert edges == {(pair.one, pair.other) for pair in neighbours(regions, EXAMPLES[name].domain)}
    assert len({node["fillcolor"] for node in nodes}) == affine_pieces(regions)


def test_labels_of_the_triangle() -> None:
    found = graph(dot(example_certificate("triangle")))
    assert [node["label"] for node in found["objects"]] == [
        "region 1\\n11\\npiece 1\\ny0 = -1 + 3*x0 - x1",
        "region 2\\n10\\npiece 2\\ny0 = x0 - x1",
        "region 3\\n00\\npiece 3\\ny0 = 0",
    ]
    assert Counter(edge["label"] for edge in found["edges"]) == {"-1 + 2*x0 = 0": 1, "x0 - x1 = 0": 1}


def test_edges_between_regions_of_one_map_are_dashed() -> None:
    found = graph(dot(example_certificate("one affine map on many regions")))
    assert [edge["style"] for edge in found["edges"]] == ["dashed"] * 4
    assert not any("style" in edge for edge in graph(dot(example_certificate("triangle")))["edges"])


def test_long_maps_are_in_the_tooltip_only() -> None:
    digits = "1" * 200
    certificate = prove(ReLUNetwork.of([([[digits, 2]], [1]), ([[1]], [f"1/{digits}"])]))
    found = graph(dot(certificate))
    assert found["objects"][0]["label"] == "region 1\\n1\\npiece 1"
    assert f"{digits}*x0" in found["objects"][0]["tooltip"]
    assert f"{digits}*x0" in found["edges"][0]["tooltip"]


def test_many_inputs_are_refused() -> None:
    certificate = prove(ReLUNetwork.of([([[1] * 13], [0]), ([[1]], [0])]), "box:-1,1")
    with pytest.raises(LimitError, match="dot: lists vertices"):
        dot(certificate)
