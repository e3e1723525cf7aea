"""Exports of certificates on slices: each names the slice, and is about its parameters and the whole network's hash."""

import json
import random
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from gmpy2 import mpq

from tests.examples import MAX_OF_THREE
from tests.rearranging import randomly_rearranged
from tests.write.logic.solvers import SOLVERS, yices
from tests.write.paper.typesetting import latex as typeset
from tests.write.paper.typesetting import paper, trouble
from verishallow import Certificate, ReLUNetwork, Slice, prove
from verishallow.claims.bounds import OutputBounds, output_range
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.regions import RegionCount
from verishallow.fast_checker.symbolic import symbolic_reading
from verishallow.read import load
from verishallow.read.domains.slices import slice_from_file
from verishallow.records.spelling import network_sha256
from verishallow.write import KINDS, export
from verishallow.write.logic.smt_lib import smt2
from verishallow.write.paper.bibtex import bibtex
from verishallow.write.paper.latex.appendix import latex
from verishallow.write.paper.macros import macros
from verishallow.write.paper.tikz import tikz
from verishallow.write.provenance import provenance

THREE = ReLUNetwork.of(MAX_OF_THREE)
PLANE = Slice.plane([0, "1/2", 0], [1, 0, 0], [0, 0, 1])
LINE = Slice.line([-1, 0, "1/2"], [1, "1/2", 0])


def many(inputs: int) -> Certificate:
    """A plane through a network of many inputs."""
    rows = [[(-1) ** (i * k) * ((i + k) % 5) for i in range(inputs)] for k in (1, 2, 3)]
    network = ReLUNetwork.of([(rows, [1, 0, -1]), ([[1, -1, 2]], [0])])
    return prove(network, on_slice=Slice.of([[mpq(i % 3, 7), i % 4, 1 - i % 3] for i in range(inputs)]))


def equal() -> Certificate:
    other = randomly_rearranged(THREE, random.Random(1))
    return prove(THREE, claim=EqualNetworks(other), on_slice=PLANE)


MAKERS: dict[str, Callable[[], Certificate]] = {
    "a plane": lambda: prove(THREE, on_slice=PLANE),
    "a plane, boundary ignored": lambda: prove(THREE, boundary="ignore", on_slice=PLANE),
    "a line": lambda: prove(THREE, "box:-2,2", on_slice=LINE),
    "all of a line": lambda: prove(THREE, prove(ReLUNetwork.of([([[1]], [0])])).domain, on_slice=LINE),
    "a count": lambda: prove(THREE, claim=RegionCount(), on_slice=PLANE),
    "bounds": lambda: prove(
        THREE, claim=OutputBounds(output_range(PLANE.restricted(THREE), "box:0,1")), on_slice=PLANE
    ),
    "two networks": equal,
    "many inputs": lambda: many(70),
}
PROVED = [name for name in MAKERS if name not in ("a count", "bounds", "two networks")]


@cache
def made(name: str) -> Certificate:
    return MAKERS[name]()


each_certificate = pytest.mark.parametrize("name", MAKERS)

# -------------------------------------------------------------------------------------------- In a paper


@each_certificate
def test_the_appendix_states_the_whole_network_and_the_slice(name: str) -> None:
    certificate = made(name)
    text = latex(certificate).decode().replace("\\allowbreak ", "")
    n, k = certificate.whole_network.inputs, certificate.network.inputs
    assert certificate.slice is not None
    assert f"Let $F\\colon\\mathbb{{R}}^{{{n}}}\\to\\mathbb{{R}}^{{1}}$ be the ReLU network" in text
    assert f"Let $A\\colon\\mathbb{{R}}^{{{k}}}\\to\\mathbb{{R}}^{{{n}}}$ be the affine map with" in text
    assert f"\\texttt{{{network_sha256(certificate.whole_network)}}}" in text
    assert text.count("$A_{") == min(n, 60)
    assert ("and 10 more, which are in the certificate" in text) == (n == 70)
    assert "Let $f=F\\circ A$" in text
    assert "--slice slice.json" in text
    assert "network's record, the slice and the domain are the intended ones" in text
    assert ("$g=G\\circ A$" in text) == ("let $G\\colon" in text) == (name == "two networks")


def test_the_rows_of_the_slice_are_spelled() -> None:
    text = latex(made("a plane")).decode()
    for form in ("{1}(x)=x_{1}", r"{2}(x)=- \frac{x_{1}}{2} - \frac{x_{2}}{2} + \frac{1}{2}", "{3}(x)=x_{2}"):
        assert f"$A_{form}$" in text
    assert "with the parameters $x_1,\\,x_2$ of the slice as input" in text
    assert "with the parameter $x$ of the slice as input" in latex(made("a line")).decode()


def test_appendices_compile(tmp_path: Path) -> None:
    for number, name in enumerate(MAKERS):
        (tmp_path / f"appendix{number}.tex").write_bytes(latex(made(name)))
    preamble = r"\usepackage[margin=25mm]{geometry}\usepackage{amsmath,amssymb,array,longtable}"
    log = typeset(paper(tmp_path, [f"appendix{number}" for number in range(len(MAKERS))], preamble), runs=2)
    assert trouble(log) == []


@each_certificate
def test_the_macros_count_the_whole_network(name: str) -> None:
    certificate = made(name)
    values = dict(re.findall(r"\\newcommand\{\\([^}]*)\}\{([^}]*)\}", macros(certificate).decode()))
    whole = certificate.whole_network
    assert (values["vsInputs"], values["vsSliceParameters"]) == (str(whole.inputs), str(certificate.network.inputs))
    assert values["vsWeights"] == str(sum(len(row) for layer in whole.layers for row in layer.weight))
    assert values["vsNetworkHash"] == network_sha256(whole)


def test_the_entry_says_that_it_is_about_a_slice() -> None:
    assert "note         = {On a slice of 3 inputs. 4 activation regions." in bibtex(made("a plane")).decode()
    assert "slice" not in bibtex(prove(THREE, "box:-1,1")).decode()


def test_a_figure_of_a_plane() -> None:
    text = tikz(made("many inputs")).decode()
    assert "a ReLU network of two parameters, on a slice of its 70 inputs, from its verishallow certificate" in text
    assert text.count("\\coordinate") > 4


# ----------------------------------------------------------------------------------------------- The bundle


def judged(folder: Path, without: str = "") -> subprocess.CompletedProcess[str]:
    (found,) = re.findall(r"^  python3 (.*)$", (folder / "README").read_text(), re.MULTILINE)
    command = [sys.executable, *shlex.split(found.replace(without, ""))]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@each_certificate
def test_the_one_command_of_the_bundle_proves_it(name: str, tmp_path: Path) -> None:
    certificate = made(name)
    export(certificate, "anc", tmp_path / "anc")
    done = judged(tmp_path / "anc")
    assert (done.returncode, done.stderr, done.stdout.startswith("valid: ")) == (0, "", True)
    assert load(tmp_path / "anc" / "network.json") == certificate.whole_network
    assert slice_from_file(str(tmp_path / "anc" / "slice.json")) == certificate.slice
    readme = (tmp_path / "anc" / "README").read_text()
    assert "  slice.json  " in readme
    assert "On a slice D is a set of parameters" in readme


def test_another_slice_in_the_bundle_is_noticed(tmp_path: Path) -> None:
    export(made("a plane"), "anc", tmp_path / "anc")
    file = tmp_path / "anc" / "slice.json"
    slice_text = file.read_text()
    assert '"-1/2"' in slice_text
    file.write_text(slice_text.replace('"-1/2"', '"-1/3"'))
    done = judged(tmp_path / "anc")
    assert (done.returncode, "another slice" in done.stdout) == (1, True)
    file.write_text(slice_text)
    done = judged(tmp_path / "anc", "--slice slice.json ")
    assert (done.returncode, "another slice" in done.stdout) == (1, True)


def test_without_a_slice_there_is_none_in_the_bundle(tmp_path: Path) -> None:
    export(prove(THREE, "box:-1,1"), "anc", tmp_path / "anc")
    assert not (tmp_path / "anc" / "slice.json").exists()
    assert "slice" not in (tmp_path / "anc" / "README").read_text().replace("slice.json", "")


# ----------------------------------------------------------------------------------------- For other tools


OF_PROPERTIES = ("vnnlib",)
"""What is written of claims about properties alone."""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in OF_PROPERTIES])
def test_every_kind_is_written(kind: str, tmp_path: Path) -> None:
    if kind == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    export(made("a plane"), kind, tmp_path / f"out{KINDS[kind].suffix}")
    assert (tmp_path / f"out{KINDS[kind].suffix}").exists()


NAMING = ("smt2", "ine", "ext", "polymake", "dot", "torch")


@pytest.mark.parametrize("kind", NAMING)
def test_kinds_with_comments_name_the_slice(kind: str, tmp_path: Path) -> None:
    export(made("a plane"), kind, tmp_path / "out")
    files = list((tmp_path / "out").iterdir()) if (tmp_path / "out").is_dir() else [tmp_path / "out"]
    row = json.dumps(["1/2", "-1/2", "-1/2"])
    for file in files:
        text = file.read_text()
        assert "the inputs of the network, of the parameters x" in text
        assert row in text or row.replace('"', '\\"') in text


def test_a_slice_of_very_many_inputs_is_not_spelled_in_comments() -> None:
    assert provenance(many(300))["slice"].endswith("300 affine forms, see the certificate")


QUESTIONS = [(solver, name) for solver in SOLVERS for name in MAKERS if solver == "yices" or name == "a plane"]


@pytest.mark.parametrize(("solver", "name"), QUESTIONS)
def test_solvers_confirm_the_whole_network_on_the_slice(solver: str, name: str, tmp_path: Path) -> None:
    certificate = made(name)
    script = smt2(certificate)
    assert isinstance(script, bytes)
    (tmp_path / "script.smt2").write_bytes(script)
    answers = SOLVERS[solver](tmp_path / "script.smt2")
    assert set(answers) == {"unsat"}
    assert len(answers) == len(certificate.regions) + (1 if name == "a count" else 2)


def test_a_solver_finds_a_point_where_the_slice_is_another(tmp_path: Path) -> None:
    script = smt2(made("a plane"), query="single")
    assert isinstance(script, bytes)
    definition = b"(assert (= in2 x1))"
    assert definition in script
    changed = script.replace(definition, b"(assert (= in2 (+ x1 1)))").replace(b"(set-info :status unsat)\n", b"")
    (tmp_path / "script.smt2").write_bytes(changed)
    assert yices(tmp_path / "script.smt2") == ["sat"]


@pytest.mark.parametrize("name", PROVED)
def test_the_float_network_takes_parameters(name: str, tmp_path: Path) -> None:
    certificate = made(name)
    assert certificate.slice is not None
    export(certificate, "npz", tmp_path / "s.npz")
    with np.load(tmp_path / "s.npz") as stored:
        assert stored.files
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    export(certificate, "onnx", tmp_path / "s.onnx")
    session = runtime.InferenceSession(str(tmp_path / "s.onnx"), providers=["CPUExecutionProvider"])
    about = session.get_modelmeta().custom_metadata_map
    assert about["slice"].startswith("the inputs of the network, of the parameters x: ")
    points = [region.witness for region in certificate.regions]
    (outputs,) = session.run(None, {"x": np.array([[float(a) for a in point] for point in points])})
    exact = [certificate.whole_network(certificate.slice.affine_map(point)) for point in points]
    assert outputs == pytest.approx(np.array([[float(y) for y in row] for row in exact]), rel=1e-9, abs=1e-9)


# ------------------------------------------------------------------------------------- The second reading


@pytest.mark.parametrize("name", ["a plane", "a line", "many inputs"])
def test_the_whole_network_is_read_symbolically_on_the_slice(name: str) -> None:
    reading = symbolic_reading(made(name))
    counts = made(name).counts
    assert (reading.regions, reading.affine_pieces) == (counts["activation_regions"], counts["affine_pieces"])
