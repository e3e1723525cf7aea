"""A second, independent reading of a certificate: both networks as polynomials over QQ, region by region.

On the interior of each region every ReLU of both networks has one sign, so both are polynomial maps there; their
difference must be the zero polynomial. The signs are read off the exact generators of the region (cddlib), and sympy
does the algebra: neither the cell tree nor a Farkas certificate is used.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq
from sympy import QQ
from sympy.polys.rings import PolyElement, PolyRing

from verishallow.affine import AffineForm
from verishallow.certificate.certificate import Certificate
from verishallow.claims.equality import CELLS
from verishallow.errors import InputError, ProofError
from verishallow.network import Layer, ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.neighbours import linear_regions
from verishallow.regions.region import Region, affine_pieces
from verishallow.shallow.three_layer import SparseRow, ThreeLayerNetwork
from verishallow.slices import Slice


@dataclass(frozen=True, slots=True)
class SymbolicReading:
    """The result of the reading; a disagreement raises an error, so a result means agreement on every region."""

    regions: int
    affine_pieces: int
    linear_regions: int

    def __str__(self) -> str:
        return (
            f"on each of {self.regions} regions both networks are the same polynomial map over QQ; "
            f"{self.affine_pieces} affine pieces and {self.linear_regions} linear regions derived again"
        )


@dataclass(frozen=True, slots=True)
class _Gate:
    """A unit ``ReLU(form)`` on a region, as a gate.

    ``open`` is true if the unit is 0 on the region, false if it is positive in the whole interior, else ``None``.
    """

    form: AffineForm
    open: bool | None


def symbolic_reading(certificate: Certificate) -> SymbolicReading:
    """Compose both networks on the interior of every region and compare them as polynomials over QQ.

    Raises :class:`~verishallow.errors.ProofError`, naming the region where they differ or the count that differs, and
    :class:`~verishallow.errors.InputError` except for the claim equality with the construction cells.
    """
    _require_regions(certificate)
    ring = PolyRing([f"x{i}" for i in range(certificate.network.inputs)], QQ)
    shallow = certificate.shallow.reduced()
    for number, region in enumerate(certificate.regions):
        deep = deep_polynomials(ring, certificate.whole_network, region, certificate.slice)
        pairs = zip(deep, shallow_polynomials(ring, shallow, region), strict=True)
        difference = [p - q for p, q in pairs]
        if any(difference):
            raise ProofError(f"region {number}, witness {region.witness}: the networks differ by {difference}")
    reading = SymbolicReading(
        len(certificate.regions), affine_pieces(certificate.regions), linear_regions(certificate.regions)
    )
    for name in ("affine_pieces", "linear_regions"):
        if getattr(reading, name) != certificate.counts[name]:
            raise ProofError(f"{name}: reported {certificate.counts[name]}, derived again {getattr(reading, name)}")
    return reading


def _require_regions(certificate: Certificate) -> None:
    """Raise an error unless equality is claimed in the interior of each activation region, where signs are fixed."""
    claim, construction = certificate.claim, certificate.header.get("construction")
    refused = "the symbolic reading is not available for"
    if claim.startswith("equality-on"):
        raise InputError(f"{refused} the claim {claim}, which says nothing about the interiors of all regions")
    if claim != "equality":
        raise InputError(f"{refused} the claim {claim}, which has no three-layer network")
    if construction != CELLS.name:
        raise InputError(f"{refused} the construction {construction}, whose units do not belong to activation regions")


def deep_polynomials(
    ring: PolyRing, network: ReLUNetwork, region: Region, on_slice: Slice | None = None
) -> list[PolyElement]:
    """The outputs of a deep network on the interior of a region, as polynomials in the inputs or parameters."""
    sources: list[list[PolyElement]] = [_inputs(ring, on_slice)]
    for layer in network.hidden:
        sums = _layer_sums(ring, layer, sources)
        sources.append([_relu(ring, z, region) for z in sums])
    return _layer_sums(ring, network.layers[-1], sources)


def _inputs(ring: PolyRing, on_slice: Slice | None) -> list[PolyElement]:
    if on_slice is None:
        return list(ring.gens)
    return [
        sum((x * _number(a) for x, a in zip(ring.gens, form.linear, strict=True)), ring(_number(form.constant)))
        for form in on_slice.affine_map.forms
    ]


def _layer_sums(ring: PolyRing, layer: Layer, sources: list[list[PolyElement]]) -> list[PolyElement]:
    values = [value for source in layer.reads for value in sources[source]]
    return [
        sum((v * _number(w) for w, v in zip(row, values, strict=True) if w and v), ring(_number(b)))
        for row, b in zip(layer.weight, layer.bias, strict=True)
    ]


def shallow_polynomials(ring: PolyRing, network: ThreeLayerNetwork, region: Region) -> list[PolyElement]:
    """The outputs of a three-layer network on the interior of a region, as polynomials in the inputs."""
    first = [_first_unit(ring, row, b) for row, b in zip(network.layer1.rows, network.layer1.bias, strict=True)]
    gates = [_gate(z, region) for z in first]
    second = [
        None
        if _is_off(row, gates, region)
        else _sum_of_relus(ring, [(w, first[i]) for i, w in _finite(row)], b, region)
        for row, b in zip(network.layer2.rows, network.layer2.bias, strict=True)
    ]
    return [
        _sum_of_relus(ring, [(w, second[i]) for i, w in _finite(row) if second[i] is not None], b, region)
        for row, b in zip(network.layer3.rows, network.layer3.bias, strict=True)
    ]


def _first_unit(ring: PolyRing, row: SparseRow, bias: mpq) -> PolyElement:
    return sum((ring.gens[index] * _number(weight.finite) for index, weight in row), ring(_number(bias)))


def _finite(row: SparseRow) -> list[tuple[int, mpq]]:
    return [(index, weight.finite) for index, weight in row if not weight.infinite]


def _is_off(row: SparseRow, gates: Sequence[_Gate], region: Region) -> bool:
    """Whether a unit of layer 2 receives -inf on the whole interior; otherwise it must receive it nowhere."""
    infinite = [gates[index] for index, weight in row if weight.infinite]
    if any(gate.open is False for gate in infinite):
        return True
    unsure = [-gate.form for gate in infinite if gate.open is None]
    if unsure and _meets_interior(region, unsure):
        raise ProofError("a unit of layer 2 is switched off on a part of a region only")
    return bool(unsure)


def _meets_interior(region: Region, forms: list[AffineForm]) -> bool:
    """Whether all forms are non-negative at some interior point of the region."""
    part = Polyhedron(region.polyhedron.dimension, (*region.polyhedron.inequalities, *forms))
    middle = part.v_representation.relative_interior_point()
    return middle is not None and region.polyhedron.contains_strictly(middle)


def _sum_of_relus(ring: PolyRing, terms: list[tuple[mpq, PolyElement]], bias: mpq, region: Region) -> PolyElement:
    """``bias + sum w ReLU(z)`` as a polynomial, by ``ReLU(z) = z + ReLU(-z)`` where signs are not fixed."""
    weights: dict[PolyElement, mpq] = defaultdict(mpq)
    for weight, z in terms:
        weights[z] += weight
    total = ring(_number(bias))
    while weights:
        z, weight = weights.popitem()
        excess = weight + weights.pop(-z, mpq(0))
        total += z * _number(weight)
        if excess:
            total += _relu(ring, -z, region) * _number(excess)
    return total


def _relu(ring: PolyRing, z: PolyElement, region: Region) -> PolyElement:
    vanishes = _gate(z, region).open
    if vanishes is None:
        raise ProofError(f"the sign of {z} is not fixed on a region")
    return ring.zero if vanishes else z


def _gate(z: PolyElement, region: Region) -> _Gate:
    form = _form(z)
    signs = region.v_representation.signs(form)
    return _Gate(form, True if 1 not in signs else False if -1 not in signs else None)


def _form(polynomial: PolyElement) -> AffineForm:
    row = [mpq(0)] * (polynomial.ring.ngens + 1)
    for exponents, coefficient in polynomial.terms():
        place = 1 + exponents.index(1) if any(exponents) else 0
        row[place] = mpq(int(coefficient.numerator), int(coefficient.denominator))
    return AffineForm(tuple(row))


def _number(value: mpq) -> Any:
    return QQ(int(value.numerator), int(value.denominator))
