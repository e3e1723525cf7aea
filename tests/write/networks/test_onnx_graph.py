"""The ONNX graph in onnxruntime: the bound holds near hyperplanes too, nothing is infinite or no number."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from gmpy2 import mpq
from onnx import TensorProto, helper, numpy_helper

from tests.examples import EXAMPLES, each_boundary, each_example, example_certificate
from tests.write.constructions import constructed, each_chosen, each_construction
from tests.write.networks.float_points import (
    Floats,
    bound_of,
    broken_claims,
    claimed,
    exact,
    grid_points,
    is_near,
    points,
)
from verishallow.errors import LimitError
from verishallow.shallow.signed_faces import Boundary
from verishallow.write import export
from verishallow.write.networks import onnx_graph
from verishallow.write.networks.float_network import float_network
from verishallow.write.networks.onnx_graph import onnx as write_onnx

WITHIN = "box:-8,8"


def session(data: bytes) -> Any:
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    return runtime.InferenceSession(data, providers=["CPUExecutionProvider"])


def run(data: bytes, at: Floats) -> Floats:
    found: Floats = session(data).run(None, {"x": at})[0]
    return found


@each_boundary
@each_example
def test_onnxruntime_keeps_the_bound(name: str, boundary: Boundary) -> None:
    certificate = example_certificate(name, boundary)
    network = float_network(certificate, WITHIN)
    at = points(certificate, network)
    outputs = run(write_onnx(certificate, within=WITHIN), at)
    assert outputs.dtype == np.float64
    assert outputs.shape == (len(at), network.exact.outputs)
    assert broken_claims(certificate, network, at, outputs) == []


@each_construction
@each_chosen
def test_other_constructions_keep_it_too(name: str, construction: str) -> None:
    certificate = constructed(name, construction)
    network = float_network(certificate, WITHIN)
    at = points(certificate, network)
    outputs = run(write_onnx(certificate, within=WITHIN), at)
    assert broken_claims(certificate, network, at, outputs) == []
    if bound_of(network).grid is not None:
        at = grid_points(certificate, network)
        for point, output in zip(at, run(write_onnx(certificate), at), strict=True):
            assert exact(output) == certificate.network(exact(point))


def test_the_points_asked_are_near_hyperplanes_on_both_sides_of_the_margin() -> None:
    certificate = example_certificate("two layers in the plane")
    network = float_network(certificate, WITHIN)
    near = [claimed(network, point) for point in points(certificate, network) if is_near(network, point)]
    assert near.count(True) > 100
    assert near.count(False) > 100


@pytest.mark.parametrize(
    "name", ["absolute value", "max of three", "two outputs", "sawtooth of depth 3", "residual block"]
)
def test_on_the_grid_it_gives_the_exact_value_on_hyperplanes_too(name: str) -> None:
    certificate = example_certificate(name)
    at = grid_points(certificate, float_network(certificate, WITHIN))
    outputs = run(write_onnx(certificate, within=WITHIN), at)
    for point, output in zip(at, outputs, strict=True):
        assert exact(output) == certificate.network(exact(point))
    assert any(certificate.closed_cells_at(exact(point)) > 1 for point in at)


@each_example
def test_no_infinity_and_no_nan_is_stored_or_met(name: str) -> None:
    certificate = example_certificate(name)
    model = onnx.load_from_string(write_onnx(certificate))
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    assert all(np.isfinite(array).all() for array in stored.values())
    assert {stored[name].dtype for name in ("W1", "b1", "W2", "b2", "W3", "b3")} == {np.dtype(np.float64)}
    inner = [output for node in model.graph.node for output in node.output if output != "y"]
    model.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in inner)
    met = session(model.SerializeToString()).run(None, {"x": np.array([[1e9] * certificate.network.inputs])})
    assert all(np.isfinite(values).all() for values in met)


def test_the_graph_is_the_three_layer_network() -> None:
    model = onnx.load_from_string(write_onnx(example_certificate("absolute value")))
    onnx.checker.check_model(model, full_check=True)
    operators = [node.op_type for node in model.graph.node]
    assert operators.count("Relu") == 2
    assert (operators.count("Gemm"), operators.count("Where")) == (4, 1)
    ((x,), (y,)) = (model.graph.input, model.graph.output)
    assert [x.type.tensor_type.elem_type, y.type.tensor_type.elem_type] == [TensorProto.DOUBLE] * 2


def test_the_metadata_state_the_rounding_exactly(tmp_path: Path) -> None:
    certificate = example_certificate("weights of float32")
    export(certificate, "onnx", tmp_path / "shallow.onnx")
    model = onnx.load(tmp_path / "shallow.onnx")
    about = {entry.key: entry.value for entry in model.metadata_props}
    bound = bound_of(float_network(certificate))
    assert [mpq(text) for text in json.loads(about["error_bound"])] == list(bound.outputs)
    margins = {unit: mpq(text) for unit, text in enumerate(json.loads(about["margins"])) if text is not None}
    assert margins == bound.margins
    assert mpq(about["margin"]) == max(margins.values())
    assert about["dtype"] == "float64"
    assert about["grid"] == "none"
    assert about["network_sha256"] == certificate.header["network_sha256"]
    assert about["rounding"] in model.doc_string
    assert session((tmp_path / "shallow.onnx").read_bytes()).get_modelmeta().custom_metadata_map == about


def test_without_a_bounded_domain_no_bound_is_stated() -> None:
    model = onnx.load_from_string(write_onnx(example_certificate("two layers in the plane")))
    about = {entry.key: entry.value for entry in model.metadata_props}
    assert about["error_bound"] == "none"
    assert "There is no bound on the error: the domain is unbounded; give a bounded part" in about["rounding"]
    assert not {"margin", "margins", "grid"} & set(about)


def test_what_does_not_fit_into_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = example_certificate("two layers in space")
    monkeypatch.setattr(onnx_graph, "MOST_BYTES", 10_000)
    with pytest.raises(LimitError, match=r"onnx: 316 units in layer 2 .* 'npz' stores them sparse"):
        write_onnx(certificate)


def test_the_size_that_is_judged_is_the_size_that_is_written() -> None:
    for name in EXAMPLES:
        certificate = example_certificate(name)
        data = write_onnx(certificate)
        model = onnx.load_from_string(data)
        stored = sum(len(tensor.raw_data) for tensor in model.graph.initializer)
        assert len(data) - 12_000 < stored < len(data)
