"""Networks of finite weights as ordinary ones in float64: each layer reads the one before, nothing is masked.

Any framework can train them further. The kinds "onnx", "torch" and "npz" use this form for such constructions.
"""

import json
from dataclasses import dataclass

import numpy as np
from gmpy2 import mpq

from verishallow.affine import ONE, ZERO
from verishallow.certificate.certificate import Certificate
from verishallow.errors import LimitError
from verishallow.rationals import format_rational
from verishallow.shallow.finite_network import FiniteNetwork
from verishallow.write.networks.float_arrays import (
    Array,
    SparseMatrix,
    first_weights,
    rounded,
    second_weights,
    texts,
    third_weights,
)
from verishallow.write.networks.float_network import bound_within, words_without_bound
from verishallow.write.networks.gated_network import ExportedUnit, GatedNetwork, Weights
from verishallow.write.networks.rounding import NoBound
from verishallow.write.provenance import provenance

MOST_BYTES = 2**31 - 2**24
"""The most bytes of all weights: the matrices are dense, and an ONNX file, a protocol buffer, has at most 2 GiB."""

CONVENTION = "y = W_k ReLU(... ReLU(W_1 x + b_1) ...) + b_k, an ordinary network of finite weights"
ROUNDED = "All weights are rounded to float64, and evaluation in float64 rounds again."
BOUNDED = (
    "For every float64 point x of the domain{within}, the computed output differs from f(x) by at most error_bound "
    "(exact rationals, one per output). Assumed: IEEE 754 binary64, rounding to nearest, gradual underflow; sums in "
    "any order, fused or not."
)


@dataclass(frozen=True, slots=True, eq=False)
class OrdinaryNetwork:
    """The layers as pairs (weight, exact bias), and the metadata about them."""

    layers: tuple[tuple[SparseMatrix, tuple[mpq, ...]], ...]
    about: dict[str, str]

    def arrays(self) -> dict[str, Array]:
        """Dense ``W1``, ``b1``, ``W2``, ... in float64.

        Raises :class:`~verishallow.errors.LimitError` where they are too large.
        """
        size = sum(8 * rows * columns for weight, _ in self.layers for rows, columns in [weight.shape])
        if size > MOST_BYTES:
            raise LimitError(f"dense weights need {size} bytes, more than {MOST_BYTES}; name a smaller domain")
        found: dict[str, Array] = {}
        for number, (weight, bias) in enumerate(self.layers, start=1):
            found |= {f"W{number}": weight.dense(), f"b{number}": rounded(bias)}
        return found

    def exact(self) -> dict[str, Array]:
        """The entries of each ``W`` that are not 0, by row and column, and each ``b``, as texts."""
        found: dict[str, Array] = {}
        for number, (weight, bias) in enumerate(self.layers, start=1):
            found |= {f"W{number}_row": weight.rows, f"W{number}_column": weight.columns}
            found |= {f"W{number}_value_exact": texts(weight.exact), f"b{number}_exact": texts(bias)}
        return found


def ordinary_network(certificate: Certificate, finite: FiniteNetwork, within: str | None = None) -> OrdinaryNetwork:
    """The network of a certificate; equal units are merged, and units that nothing reads are left out.

    >>> from verishallow.claims.finite import finite
    >>> from verishallow import Polyhedron, ReLUNetwork, prove
    >>> deep = ReLUNetwork.of([([[1]], [0]), ([[-1]], [2]), ([[1]], [0])])
    >>> certificate = prove(deep, claim=finite(deep, Polyhedron.whole_space(1)))
    >>> ordinary = ordinary_network(certificate, certificate.finite)
    >>> [weight.shape for weight, _ in ordinary.layers]
    [(3, 1), (1, 3)]
    """
    network = _read(GatedNetwork.of(finite.three_layer()))
    if len(finite.layers) < 3:
        network = _passed_on(network)
        last = SparseMatrix.of(network.third, len(network.first))
        layers = [(first_weights(network), tuple(form.constant for form in network.first)), (last, network.third_bias)]
    else:
        first = (first_weights(network), tuple(form.constant for form in network.first))
        second = (second_weights(network), tuple(unit.bias for unit in network.second))
        layers = [first, second, (third_weights(network), network.third_bias)]
    return OrdinaryNetwork(tuple(layers), {**provenance(certificate), **_words(certificate, network, within)})


def _read(network: GatedNetwork) -> GatedNetwork:
    """The network without units that nothing reads; every layer keeps at least one."""
    second = sorted({index for row in network.third for index, _ in row}) or [0]
    units = [network.second[index] for index in second]
    first = sorted({index for unit in units for index, _ in unit.weights}) or [0]
    return GatedNetwork(
        network.inputs,
        tuple(network.first[index] for index in first),
        ((),),
        tuple(ExportedUnit(_renumbered(unit.weights, first), unit.bias, 0) for unit in units),
        tuple(_renumbered(row, second) for row in network.third),
        network.third_bias,
    )


def _renumbered(row: Weights, kept: list[int]) -> Weights:
    place = {index: number for number, index in enumerate(kept)}
    return tuple((place[index], weight) for index, weight in row if index in place)


def _passed_on(network: GatedNetwork) -> GatedNetwork:
    """The network, whose layer 2 only passes units on, with each unit of layer 1 passed on only once."""
    source = [unit.weights[0][0] if unit.weights else 0 for unit in network.second]
    rows = list[Weights]()
    for row in network.third:
        total = dict[int, mpq]()
        for index, weight in row:
            total[source[index]] = total.get(source[index], ZERO) + weight
        rows.append(tuple((index, weight) for index, weight in sorted(total.items()) if weight))
    units = tuple(ExportedUnit(((index, ONE),), ZERO, 0) for index in range(len(network.first)))
    return GatedNetwork(network.inputs, network.first, ((),), units, tuple(rows), network.third_bias)


def _words(certificate: Certificate, network: GatedNetwork, within: str | None) -> dict[str, str]:
    found = bound_within(network, certificate.domain, within)
    if isinstance(found, NoBound):
        return words_without_bound(CONVENTION, ROUNDED, found.reason)
    where = "" if within is None else f" within {within}"
    errors = json.dumps([format_rational(error) for error in found.outputs])
    rounding = f"{ROUNDED} {BOUNDED.format(within=where)}"
    return {"dtype": "float64", "convention": CONVENTION, "rounding": rounding, "error_bound": errors}


def ordinary_arrays(network: OrdinaryNetwork) -> dict[str, Array]:
    """All arrays of a file, with ``about`` as JSON."""
    about = np.array(json.dumps(network.about, indent=1), np.str_)
    return {**network.arrays(), **network.exact(), "about": about}
