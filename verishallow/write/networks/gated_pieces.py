"""The outputs of a three-layer network as sums of gated affine pieces, from ``ReLU(t) - ReLU(-t) = t``.

The identity is used in layer 2, where a row of layer 3 reads two units of one gate set with opposite weights, and in
layer 1, where a unit of layer 2 reads ``ReLU(h)`` and ``ReLU(-h)`` with opposite weights or one of them is a gate.
Units without such a pair stay rectified units.
"""

from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.write.networks.gated_network import ExportedUnit, GatedNetwork, Weights


@dataclass(frozen=True, slots=True)
class GatedPiece:
    """``weight * t`` (``weight * ReLU(t)`` if ``rectified``) where the gate set is open, else 0.

    ``t`` is the affine form plus the weighted units of layer 1 in ``units``.
    """

    weight: mpq
    gate_set: int
    form: AffineForm
    units: Weights
    rectified: bool


def pieces_of(network: GatedNetwork, output: int) -> list[GatedPiece]:
    """The pieces whose sum, with the bias of layer 3, is an output; those that are 0 are left out.

    >>> from verishallow import ReLUNetwork, prove
    >>> modulus = prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))
    >>> for piece in pieces_of(GatedNetwork.of(modulus.shallow), 0):
    ...     print(piece.weight, piece.gate_set, piece.form, piece.units, piece.rectified)
    1 0 x0 () False
    1 1 -x0 () False
    """
    row = dict(network.third[output])
    units = {_key(network.second[index], 1): index for index in row}
    opposite = _opposite_units(network)
    found = []
    for index, weight in network.third[output]:
        if index not in row:
            continue
        del row[index]
        partner = units.get(_key(network.second[index], -1))
        paired = partner is not None and row.get(partner) == -weight
        if partner is not None and paired:
            del row[partner]
        found.append(_piece(network, network.second[index], weight, opposite, rectified=not paired))
    return [piece for piece in found if any(piece.form.row) or piece.units]


def _key(unit: ExportedUnit, sign: int) -> tuple[int, Weights, mpq]:
    return unit.gate_set, tuple((j, sign * w) for j, w in unit.weights), sign * unit.bias


def _opposite_units(network: GatedNetwork) -> dict[int, int]:
    """For each unit ``ReLU(h)`` of layer 1 that has one, the unit ``ReLU(-h)``."""
    units = {form: index for index, form in enumerate(network.first)}
    return {index: units[-form] for form, index in units.items() if -form in units}


def _piece(
    network: GatedNetwork, unit: ExportedUnit, weight: mpq, opposite: dict[int, int], *, rectified: bool
) -> GatedPiece:
    gates = network.gate_sets[unit.gate_set]
    form, left = AffineForm((unit.bias, *(mpq(0),) * network.inputs)), dict(unit.weights)
    for j in list(left):
        other = opposite.get(j)
        if j in left and other is not None and (other in gates or left.get(other) == -left[j]):
            form += network.first[j].scaled(left.pop(j))
            left.pop(other, None)
    return GatedPiece(weight, unit.gate_set, form, tuple(left.items()), rectified)
