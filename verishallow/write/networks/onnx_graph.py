"""The three-layer network as an ONNX graph in float64, its weights -inf as a mask: no infinity, no NaN."""

from collections.abc import Iterator, Mapping

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

from verishallow import __version__
from verishallow.certificate.certificate import Certificate
from verishallow.errors import LimitError
from verishallow.write.networks.float_arrays import (
    Array,
    first_weights,
    gate_matrix,
    rounded,
    second_weights,
    third_weights,
)
from verishallow.write.networks.float_network import FloatNetwork, float_network
from verishallow.write.networks.gated_network import GatedNetwork
from verishallow.write.networks.ordinary import MOST_BYTES, OrdinaryNetwork, ordinary_network

OPSET, IR_VERSION = 17, 8
"""An old version, for runtimes from 2022 on."""

DOUBLE = TensorProto.DOUBLE


def onnx(certificate: Certificate, *, within: str | None = None) -> bytes:
    """A graph from ``x`` (batch, inputs) to ``y`` (batch, outputs), float64.

    ``u = Relu(W1 x + b1)``; ``v = Where(gates u > 0, 0, Relu(W2 u + b2))``, where row k of the mask ``gates`` marks the
    units that row k of W2 reads with weight -inf (rows that occur often are stored once, ``gate_row`` says which);
    ``y = W3 v + b3``. W2 has columns only for the units it reads with a finite weight, ``W2_units``.
    The metadata say where the network comes from, that its weights are rounded, and the bound on the error, on the
    domain or on the part of it ``within`` a box.
    Networks of finite weights become alternating ``Gemm`` and ``Relu``.
    Raises :class:`~verishallow.errors.LimitError` where the dense matrices do not fit into an ONNX file.
    """
    if certificate.finite is not None:
        model = _ordinary(ordinary_network(certificate, certificate.finite, within))
    else:
        model = _model(float_network(certificate, within))
    checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def _model(network: FloatNetwork) -> ModelProto:
    _require_size(network.exact)
    stored = [numpy_helper.from_array(array, name) for name, array in _constants(network.exact).items()]
    return _graph(list(_nodes()), stored, network.exact.inputs, network.exact.outputs, network.about)


def _graph(
    nodes: list[NodeProto], stored: list[TensorProto], inputs: int, outputs: int, about: dict[str, str]
) -> ModelProto:
    x = helper.make_tensor_value_info("x", DOUBLE, ["batch", inputs])
    y = helper.make_tensor_value_info("y", DOUBLE, ["batch", outputs])
    graph = helper.make_graph(nodes, "three_layer_network", [x], [y], stored)
    model: ModelProto = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="verishallow"
    )
    model.producer_version = __version__
    model.doc_string = f"{about['convention']} {about['rounding']}"
    helper.set_model_props(model, about)
    return model


def _ordinary(network: OrdinaryNetwork) -> ModelProto:
    stored = [numpy_helper.from_array(array, name) for name, array in network.arrays().items()]
    last = len(network.layers)
    nodes = list[NodeProto]()
    for number in range(1, last + 1):
        read, written = "x" if number == 1 else f"u{number - 1}", "y" if number == last else f"h{number}"
        nodes.append(helper.make_node("Gemm", [read, f"W{number}", f"b{number}"], [written], transB=1))
        if number < last:
            nodes.append(helper.make_node("Relu", [written], [f"u{number}"]))
    inputs, outputs = network.layers[0][0].shape[1], network.layers[-1][0].shape[0]
    return _graph(nodes, stored, inputs, outputs, network.about)


def _nodes() -> Iterator[NodeProto]:
    yield helper.make_node("Gemm", ["x", "W1", "b1"], ["h1"], transB=1)
    yield helper.make_node("Relu", ["h1"], ["u"])
    yield helper.make_node("Gather", ["u", "W2_units"], ["u_finite"], axis=1)
    yield helper.make_node("Gemm", ["u_finite", "W2", "b2"], ["h2"], transB=1)
    yield helper.make_node("Relu", ["h2"], ["v_open"])
    yield helper.make_node("Cast", ["gates"], ["gates_float64"], to=DOUBLE)
    yield helper.make_node("Gemm", ["u", "gates_float64"], ["violation"], transB=1)
    yield helper.make_node("Greater", ["violation", "zero"], ["shut_rows"])
    yield helper.make_node("Gather", ["shut_rows", "gate_row"], ["shut"], axis=1)
    yield helper.make_node("Where", ["shut", "zero", "v_open"], ["v"])
    yield helper.make_node("Gemm", ["v", "W3", "b3"], ["y"], transB=1)


def _constants(network: GatedNetwork) -> Mapping[str, Array]:
    units = _finite_units(network)
    return {
        "W1": first_weights(network).dense(),
        "b1": rounded(form.constant for form in network.first),
        "W2": second_weights(network).dense()[:, units],
        "W2_units": np.array(units, np.int64),
        "b2": rounded(unit.bias for unit in network.second),
        "gates": gate_matrix(network),
        "gate_row": np.array([unit.gate_set for unit in network.second], np.int64),
        "W3": third_weights(network).dense(),
        "b3": rounded(network.third_bias),
        "zero": np.zeros((), np.float64),
    }


def _finite_units(network: GatedNetwork) -> list[int]:
    """The units that are read, at least one, since runtimes do not agree on matrices without columns."""
    return list(network.read_finitely) or [0]


def _require_size(network: GatedNetwork) -> None:
    first, second = len(network.first), len(network.second)
    numbers = second * (len(_finite_units(network)) + network.outputs + 2) + first * (network.inputs + 1)
    size = 8 * numbers + first * len(network.gate_sets)
    if size > MOST_BYTES:
        raise LimitError(
            f"onnx: {second} units in layer 2 and {len(network.gate_sets)} gate sets over {first} units in layer 1 "
            f"need {size} bytes, more than the 2 GiB of an ONNX file; 'npz' stores them sparse"
        )
