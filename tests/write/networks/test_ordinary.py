"""Networks of finite weights, exported: ordinary networks in float64, within the bound that they state."""

import io
import json
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from onnx import load_model_from_string
from onnx.reference import ReferenceEvaluator

from verishallow.certificate.certificate import Certificate
from verishallow.claims.finite import finite
from verishallow.errors import LimitError
from verishallow.hidden_layers.decide import depth
from verishallow.network import ReLUNetwork
from verishallow.proof import prove
from verishallow.rationals import parse_rational
from verishallow.read.domains.usable_domain import usable_domain
from verishallow.write.networks import ordinary
from verishallow.write.networks.npz_file import npz
from verishallow.write.networks.onnx_graph import onnx
from verishallow.write.networks.ordinary import ordinary_network
from verishallow.write.networks.torch_module import torch as as_torch

BOX = "box:-2,2"
CORNER = ReLUNetwork.of([([["1/3", 0], [0, 1]], [0, "1/7"]), ([[1, -1]], ["2/5"]), ([[3], [-1]], [0, 1])])
BENT = ReLUNetwork.of([([[1], [-1]], ["1/3", 0]), ([[-1, "2/3"]], [2]), ([[1]], [0])])
CONSTANT = ReLUNetwork.of([([[1, 1], [1, 1]], [0, 0]), ([[1, -1]], [5])])
SHARED = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[2]], [0])])

POINTS = [(mpq(a, 7), mpq(b, 5)) for a in (-13, -3, 0, 1, 9) for b in (-9, -1, 0, 4, 10)]


def certificates() -> dict[str, Certificate]:
    made = {
        name: prove(network, domain, claim=finite(network, usable_domain(domain, network.inputs)))
        for name, network, domain in (
            ("a fan", CORNER, BOX),
            ("a fan without a bound", CORNER, None),
            ("shared units", SHARED, BOX),
            ("one input", BENT, BOX),
            ("a constant", CONSTANT, BOX),
        )
    }
    return {
        **made,
        "one hidden layer": depth(BENT, BOX).certificate,
        "no hidden layer": depth(CONSTANT, BOX).certificate,
    }


CERTIFICATES = certificates()

each = pytest.mark.parametrize("name", CERTIFICATES)


def exact_and_points(name: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Points that are floats, and the exact values of the network there, rounded last."""
    network = CERTIFICATES[name].network
    rows = [[float(value) for value in point[: network.inputs]] for point in POINTS]
    values = [[float(y) for y in network([mpq(*value.as_integer_ratio()) for value in row])] for row in rows]
    return np.array(rows), np.array(values)


def bound_of(name: str) -> np.ndarray[Any, Any]:
    certificate = CERTIFICATES[name]
    assert certificate.finite is not None
    stated = ordinary_network(certificate, certificate.finite).about["error_bound"]
    if stated == "none":
        return np.array(1e-12)
    return np.array([float(parse_rational(text)) for text in json.loads(stated)]) + 1e-15


def within_the_bound(name: str, found: np.ndarray[Any, Any]) -> None:
    _, values = exact_and_points(name)
    assert (np.abs(found - values) <= bound_of(name)).all()


@each
def test_onnx(name: str) -> None:
    points, _ = exact_and_points(name)
    model = load_model_from_string(onnx(CERTIFICATES[name]))
    assert {node.op_type for node in model.graph.node} <= {"Gemm", "Relu"}
    outputs: Any = ReferenceEvaluator(model).run(None, {"x": points})
    within_the_bound(name, outputs[0])


@each
def test_npz(name: str) -> None:
    points, _ = exact_and_points(name)
    file = np.load(io.BytesIO(npz(CERTIFICATES[name])))
    last = sum(1 for member in file.files if member in ("W1", "W2", "W3"))
    values = points
    for number in range(1, last + 1):
        values = values @ file[f"W{number}"].T + file[f"b{number}"]
        values = values if number == last else np.maximum(values, 0)
    within_the_bound(name, values)
    assert npz(CERTIFICATES[name]) == npz(CERTIFICATES[name])


@each
def test_the_exact_entries_are_those_of_the_function(name: str) -> None:
    file, certificate = np.load(io.BytesIO(npz(CERTIFICATES[name]))), CERTIFICATES[name]
    last = sum(1 for member in file.files if member in ("W1", "W2", "W3"))
    layers = []
    for number in range(1, last + 1):
        weight = [["0"] * file[f"W{number}"].shape[1] for _ in range(file[f"W{number}"].shape[0])]
        entries = zip(*(file[f"W{number}_{part}"].tolist() for part in ("row", "column", "value_exact")), strict=True)
        for row, column, text in entries:
            weight[row][column] = text
        layers.append((weight, file[f"b{number}_exact"].tolist()))
    again = ReLUNetwork.of(layers)
    for point in POINTS:
        assert tuple(again(point[: again.inputs])) == tuple(certificate.network(point[: again.inputs]))


def test_units_are_shared() -> None:
    certificate = CERTIFICATES["shared units"]
    assert certificate.finite is not None
    found = ordinary_network(certificate, certificate.finite)
    first, *_ = found.layers
    assert first[0].shape[0] < certificate.finite.widths[1]


@pytest.mark.parametrize(("name", "layers"), [("one input", 2), ("one hidden layer", 2), ("a fan", 3)])
def test_there_are_no_more_layers_than_needed(name: str, layers: int) -> None:
    certificate = CERTIFICATES[name]
    assert certificate.finite is not None
    assert len(ordinary_network(certificate, certificate.finite).layers) == layers


def test_what_is_said() -> None:
    certificate = CERTIFICATES["a fan without a bound"]
    assert certificate.finite is not None
    about = ordinary_network(certificate, certificate.finite).about
    assert about["error_bound"] == "none"
    assert "unbounded" in about["rounding"]
    part = ordinary_network(certificate, certificate.finite, "box:-1,1").about
    assert "of the domain within box:-1,1" in part["rounding"]
    assert len(json.loads(part["error_bound"])) == 2


def test_dense_weights_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordinary, "MOST_BYTES", 100)
    with pytest.raises(LimitError, match="name a smaller domain"):
        onnx(CERTIFICATES["a fan"])


@each
def test_torch(name: str) -> None:
    torch = pytest.importorskip("torch")
    found: dict[str, Any] = {}
    exec(as_torch(CERTIFICATES[name]).decode(), found)  # noqa: S102 - the module that was written
    points, _ = exact_and_points(name)
    with torch.no_grad():
        within_the_bound(name, found["network"](torch.tensor(points)).numpy())
    assert found["network"].about["dtype"] == "float64"


def test_torch_trains_on() -> None:
    torch = pytest.importorskip("torch")
    found: dict[str, Any] = {}
    exec(as_torch(CERTIFICATES["a fan"]).decode(), found)  # noqa: S102 - the module that was written
    network, (points, values) = found["network"], exact_and_points("a fan")
    x, wanted = torch.tensor(points), torch.tensor(values) + torch.tensor([0.5, 0.0])
    steps = torch.optim.SGD(network.parameters(), lr=1e-3)
    losses = []
    for _ in range(30):
        steps.zero_grad()
        loss = ((network(x) - wanted) ** 2).mean()
        loss.backward()
        steps.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
