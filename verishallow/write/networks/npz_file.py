"""The three-layer network as NumPy arrays in one ``.npz`` file: float64, and every weight also as an exact text."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence

import numpy as np
from gmpy2 import mpq

from verishallow.certificate.certificate import Certificate
from verishallow.errors import LimitError
from verishallow.rationals import format_rational
from verishallow.write.bundle import EPOCH
from verishallow.write.networks.float_arrays import Array, first_weights, rounded, second_weights, texts, third_weights
from verishallow.write.networks.float_network import FloatNetwork, float_network
from verishallow.write.networks.gated_network import GatedNetwork
from verishallow.write.networks.ordinary import ordinary_arrays, ordinary_network

MOST_BYTES = 2**30
"""The most bytes of an array of texts, whose entries all take as much room as the longest."""


def npz(certificate: Certificate, *, within: str | None = None) -> bytes:
    """The arrays of a three-layer network, without pickles; equal networks give equal bytes.

    For a construction with finite weights: dense ``W1``, ``b1``, ``W2``, ..., the exact entries of each, and ``about``.

    ``W1`` (k1, n) and ``b1``; ``W2_row``, ``W2_column``, ``W2_value``: the finite entries of W2 that are not 0;
    ``W2_minus_inf_row``, ``W2_minus_inf_column``: its entries -inf; ``b2``; ``W3_row``, ``W3_column``, ``W3_value``,
    ``b3``; ``widths`` = (n, k1, k2, m). ``W1_exact``, ``W2_value_exact``, ... are the rationals "p/q" before rounding.
    ``about`` is JSON: convention, where the network comes from, and the bound on the rounding error; ``error_bound``
    and ``margins`` repeat the bound as arrays of texts (empty texts: no such unit, empty array: no bound).

    >>> from verishallow import ReLUNetwork, prove
    >>> file = np.load(io.BytesIO(npz(prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])))))
    >>> file["W1"].tolist(), file["W1_exact"].tolist(), file["widths"].tolist()
    ([[1.0], [-1.0]], [['1'], ['-1']], [1, 2, 6, 1])
    """
    if certificate.finite is not None:
        return packed(ordinary_arrays(ordinary_network(certificate, certificate.finite, within)))
    return packed(arrays_of(float_network(certificate, within)))


def arrays_of(network: FloatNetwork) -> dict[str, Array]:
    """The arrays by name."""
    bound = network.about["error_bound"]
    return {
        "widths": np.array(_widths(network.exact), np.int64),
        **_finite(network.exact),
        **_minus_infinity(network.exact),
        "error_bound": np.array([] if bound == "none" else json.loads(bound), np.str_),
        "margins": np.array([text or "" for text in json.loads(network.about.get("margins", "[]"))], np.str_),
        "about": np.array(json.dumps(network.about, indent=1), np.str_),
    }


def _widths(network: GatedNetwork) -> tuple[int, int, int, int]:
    return network.inputs, len(network.first), len(network.second), network.outputs


def _finite(network: GatedNetwork) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    first, forms = first_weights(network), network.first
    arrays["W1"] = first.dense()
    arrays["W1_exact"] = _exact([a for form in forms for a in form.linear]).reshape(first.shape)
    for name, matrix in (("W2", second_weights(network)), ("W3", third_weights(network))):
        arrays |= {f"{name}_row": matrix.rows, f"{name}_column": matrix.columns, f"{name}_value": matrix.values}
        arrays[f"{name}_value_exact"] = _exact(matrix.exact)
    biases = {
        "b1": [form.constant for form in forms],
        "b2": [unit.bias for unit in network.second],
        "b3": network.third_bias,
    }
    for name, bias in biases.items():
        arrays |= {name: rounded(bias), f"{name}_exact": _exact(bias)}
    return arrays


def _exact(values: Sequence[mpq]) -> Array:
    longest = max((len(format_rational(value)) for value in values), default=1)
    if 4 * longest * len(values) > MOST_BYTES:
        raise LimitError(
            f"npz: {len(values)} exact weights of up to {longest} characters need more than {MOST_BYTES} bytes as one "
            "array; 'smt2' and 'csv' keep them exact"
        )
    return texts(values)


def _minus_infinity(network: GatedNetwork) -> dict[str, Array]:
    pairs = [(index, gate) for index, unit in enumerate(network.second) for gate in network.gate_sets[unit.gate_set]]
    numbers = np.array(pairs, np.int64).reshape(-1, 2)
    return {"W2_minus_inf_row": numbers[:, 0], "W2_minus_inf_column": numbers[:, 1]}


def packed(arrays: Mapping[str, Array]) -> bytes:
    """The bytes of an ``.npz`` file, which do not depend on the time or the machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", EPOCH)
            archive.writestr(entry, content.getvalue(), zipfile.ZIP_DEFLATED, 6)
    return buffer.getvalue()
