"""The command line where something is wrong: one line on stderr, the exit code, and no file touched."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tests.cli.command_line import network_text, run
from tests.examples import ABSOLUTE_VALUE


def onnx_bytes(operator: str = "MatMul", weight: Any = ((1.0, 2.0),)) -> bytes:
    stored = numpy_helper.from_array(np.array(weight, np.float32), "w")
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None]) for name in ("x", "y")]
    values[0].type.tensor_type.shape.dim[1].dim_value = 1
    node = helper.make_node(operator, ["x", "w"], ["y"], name="first")
    graph = helper.make_graph([node], "g", values[:1], values[1:], [stored])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    return bytes(model.SerializeToString())


def layers_text(layers: str) -> bytes:
    return f'{{"format": "verishallow-network", "version": 1, "layers": [{layers}]}}'.encode()


BAD_NETWORKS: dict[str, tuple[str, bytes, str]] = {
    "neither ONNX nor JSON": ("bad.onnx", b"hello", "bad.onnx: not an ONNX file"),
    "an empty file": ("bad.onnx", b"", "bad.onnx: not an ONNX file"),
    "a picture": ("bad.png", b"\x89PNG\r\n\x1a\n" + bytes(64), ".safetensors): not an ONNX file"),
    "ONNX cut short": ("bad.onnx", onnx_bytes()[:-15], "bad.onnx: not an ONNX file, or a damaged one"),
    "JSON cut short": ("bad.json", network_text(ABSOLUTE_VALUE).encode()[:-9], "bad.json: not JSON: "),
    "a NaN weight in ONNX": (
        "bad.onnx",
        onnx_bytes(weight=((float("nan"), 1.0),)),
        "entry 0: expected a finite number, found nan",
    ),
    "an infinite weight in ONNX": (
        "bad.onnx",
        onnx_bytes(weight=((1.0, float("inf")),)),
        "entry 1: expected a finite number, found inf",
    ),
    "a NaN weight in JSON": (
        "bad.json",
        layers_text('{"weight": [[NaN]], "bias": [0]}'),
        "weight row 0, column 0: expected a rational",
    ),
    "a text that is no number": (
        "bad.json",
        layers_text('{"weight": [["1_0"]], "bias": [0]}'),
        "layer 1, weight row 0",
    ),
    "shapes that do not chain": (
        "bad.json",
        layers_text('{"weight": [[1], [2]], "bias": [0, 0]}, {"weight": [[1]], "bias": [0]}'),
        "layer 2: expected 2 weights per neuron, found 1",
    ),
    "no layers": ("bad.json", layers_text(""), "at least one layer"),
    "an unsupported operator": (
        "bad.onnx",
        onnx_bytes("Pow"),
        "node 1 'first' (Pow): only piecewise-linear operators are exact",
    ),
    "a folder": ("folder", b"", "Is a directory"),
    "no file": ("absent.onnx", b"", "absent.onnx: cannot be read: No such file or directory"),
}

DOMAIN = '{{"format": "verishallow-domain", "version": 1, "inequalities": {}}}'
BAD_PROOFS: dict[str, tuple[tuple[str, ...], str]] = {
    "an empty box": (("--domain", "box:1,-1"), "which makes the domain empty in the input x0"),
    "a flat box": (("--domain", "box:1/2,0.5"), "which makes the domain flat in the input x0"),
    "an infeasible domain": (("--domain", "infeasible.json"), "infeasible.json: inequality 1, with those before it"),
    "a flat domain": (
        ("--domain", "flat.json"),
        "flat.json: inequality 1, with those before it: the polyhedron is flat",
    ),
    "a domain of another dimension": (("--domain", "plane.json"), "inequality 0: expected 2 numbers b, a1, ..., a1"),
    "intervals of another dimension": (("--domain", "box:[0,1]x[0,1]"), "expected 1 intervals"),
    "a malformed rational": (("--domain", "box:-1,1/0"), "the denominator of '1/0' is zero"),
    "a float that is none": (("--domain", "box:-1,nan"), "expected a rational"),
    "a domain that is no file": (("--domain", "absent.json"), "absent.json: cannot be read"),
    "a domain that is a network": (("--domain", "net.json"), "net.json: "),
    "an unknown boundary": (("--boundary", "half"), "boundary: expected exact or ignore, found 'half'"),
    "an unknown engine": (("--engine", "fast"), "engine: expected one of auto"),
    "an output in no folder": (("-o", "absent/proof"), "absent/proof: cannot be written: No such file or directory"),
    "an output below a file": (("-o", "net.json/proof"), "cannot be written"),
    "an output that is a folder": (("-o", "folder"), "folder: expected a file to write, found a directory"),
}
BAD_READINGS: dict[str, tuple[tuple[str, ...], str]] = {
    "a point outside the domain": (("eval", "cert", "--at", "2"), "the point lies outside the domain: inequality 1"),
    "a point on an ignored boundary": (("eval", "ignoring", "--at", "0"), "lies on a region boundary"),
    "a point of another dimension": (("eval", "cert", "--at", "0,0"), "expected 1 coordinates, found 2"),
    "a malformed coordinate": (("eval", "net.json", "--at", "1/0"), "the denominator of '1/0' is zero"),
    "no coordinate": (("eval", "net.json", "--at", ""), "expected a rational"),
    "no file to evaluate": (("eval", "absent", "--at", "0"), "absent: cannot be opened"),
    "no file to describe": (("info", "absent"), "absent: cannot be opened"),
    "no certificate": (("check", "absent"), "absent: cannot be opened"),
    "a folder instead of a certificate": (("check", "folder"), "expected folders with a network and its certificate"),
    "no network to compare with": (("check", "cert", "--network", "absent.json"), "absent.json: cannot be read"),
    "no network to describe": (("info", "garbage"), "garbage: "),
}


def fails_in_one_line(folder: Path, fragment: str, *arguments: str, code: int = 2) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    result = run(*arguments)
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.startswith("verishallow: ")
    assert result.stderr.count("\n") == 1
    assert fragment in result.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


@pytest.fixture
def odds_and_ends(folder: Path) -> Path:
    """The folder, with what can be taken for something else in it."""
    (folder / "folder").mkdir()
    (folder / "garbage").write_bytes(b"garbage")
    (folder / "infeasible.json").write_text(DOMAIN.format('[["0", "1"], ["-1", "-1"], ["5", "0"]]'))
    (folder / "flat.json").write_text(DOMAIN.format('[["0", "1"], ["0", "-1"]]'))
    (folder / "plane.json").write_text(DOMAIN.format('[["0", "1", "1"]]'))
    return folder


@pytest.mark.parametrize("command", [("prove",), ("info",), ("eval", "--at", "0"), ("check", "cert", "--network")])
@pytest.mark.parametrize("name", BAD_NETWORKS)
def test_a_bad_network_is_refused_in_one_line(odds_and_ends: Path, command: tuple[str, ...], name: str) -> None:
    file, content, fragment = BAD_NETWORKS[name]
    if content or file.startswith("bad"):
        (odds_and_ends / file).write_bytes(content)
    # info and eval open the file first to see whether it is a certificate
    fragment = file if name in ("a folder", "no file") else fragment
    fails_in_one_line(odds_and_ends, fragment, *command, file)


@pytest.mark.parametrize("name", BAD_PROOFS)
def test_a_proof_that_cannot_begin_is_refused_in_one_line(odds_and_ends: Path, name: str) -> None:
    options, fragment = BAD_PROOFS[name]
    fails_in_one_line(odds_and_ends, fragment, "prove", "net.json", *options)


@pytest.mark.parametrize("name", BAD_READINGS)
def test_a_reading_that_fails_is_refused_in_one_line(odds_and_ends: Path, name: str) -> None:
    arguments, fragment = BAD_READINGS[name]
    fails_in_one_line(odds_and_ends, fragment, *arguments)


def test_an_invalid_certificate_is_not_evaluated(folder: Path) -> None:
    (folder / "cert").write_bytes((folder / "cert").read_bytes()[:-40])
    fails_in_one_line(folder, "cert: invalid: ", "eval", "cert", "--at", "0", code=1)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nothing",),
        ("prove",),
        ("prove", "net.json", "--nothing"),
        ("eval", "net.json"),
        ("check", "a", "b"),
    ],
)
def test_wrong_usage_has_exit_code_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_the_onnx_of_these_tests_is_sound() -> None:
    assert onnx.load_model_from_string(onnx_bytes()).graph.node[0].op_type == "MatMul"
