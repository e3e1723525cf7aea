"""The three-layer network with its finite weights as float64, and the proved bound on the rounding in words."""

import json
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.certificate.certificate import Certificate
from verishallow.errors import DomainError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import format_rational
from verishallow.read.domains.texts import parse_domain
from verishallow.read.places import within as place
from verishallow.regions.region_shapes import Box, containing_box
from verishallow.write.networks.gated_network import GatedNetwork
from verishallow.write.networks.rounding import NoBound, RoundingBound, rounding_bound
from verishallow.write.provenance import provenance

KEPT_AS_IT_IS = 1024
"""Violation units with larger coefficients are scaled, so that margins can be compared."""

CONVENTION = (
    "y = W3 v + b3, where v_k = 0 if W2[k, j] = -inf for a unit u_j > 0, else v_k = ReLU(sum of finite W2[k, j] u_j "
    "+ b2_k), and u = ReLU(W1 x + b1). So 0 * (-inf) = 0 and ReLU(-inf) = 0. No infinity is stored, and none occurs "
    "while finite values stay within float64, as they do wherever a bound is given."
)
ROUNDED = (
    "All finite weights are rounded to float64, and evaluation in float64 rounds again: the network in this file is "
    "not the exact one."
)
BOUNDED = (
    "For every float64 point x {where} with |h(x)| > margins[j] for each violation unit j, h(x) = W1[j] x + b1[j] with "
    "the exact weights, the computed output differs from f(x) by at most error_bound (exact rationals, one per "
    "output); margin is the largest of margins; it suffices that the computed |h(x)| is more than twice margins[j]. "
    "Nearer to a hyperplane h = 0 a unit may wrongly be taken for open or shut, and there is no bound{grid}. Assumed: "
    "IEEE 754 binary64, rounding to nearest, gradual underflow; sums in any order, fused or not."
)
GRID = (
    "; except on multiples of 2^-{grid} {where}, where nothing rounds and the output is the exact value of the "
    "three-layer network, on hyperplanes too"
)


@dataclass(frozen=True, slots=True)
class FloatNetwork:
    """The exact network whose weights are rounded, the bound that is proved, and the metadata that state it."""

    exact: GatedNetwork
    bound: RoundingBound | NoBound
    about: dict[str, str]


def float_network(certificate: Certificate, within: str | None = None) -> FloatNetwork:
    """The network of a certificate, with the bound on its domain, or on the part of it within a box or a domain file.

    Violation units with large weights are scaled by a power of 2, which changes no value of the network.

    >>> from verishallow import ReLUNetwork, prove
    >>> third = prove(ReLUNetwork.of([([[1]], [0]), ([["1/3"]], [0])]), domain="box:0,1")
    >>> float_network(third).about["error_bound"]
    '["19573419/75557863725914323419136"]'
    """
    exact = _scaled(GatedNetwork.of(certificate.shallow))
    bound = _bound(certificate, exact, within)
    return FloatNetwork(exact, bound, {**provenance(certificate), **_words(exact, bound, within)})


def _scaled(network: GatedNetwork) -> GatedNetwork:
    """Violation units scaled to coefficients near 1, since the coprime integers of planes may exceed all floats."""
    only_gates = network.gates - set(network.read_finitely)
    sizes = {unit: max(map(abs, network.first[unit].linear)) for unit in only_gates}
    return network.scaled({unit: _power(size) for unit, size in sizes.items() if size > KEPT_AS_IT_IS})


def _power(size: mpq) -> mpq:
    """A power of 2 that brings a positive number near 1."""
    return mpq(2) ** (size.denominator.bit_length() - size.numerator.bit_length())


def _bound(certificate: Certificate, exact: GatedNetwork, within: str | None) -> RoundingBound | NoBound:
    if certificate.claim != "equality":
        return NoBound(f"none is proved for the claim {certificate.claim!r}")
    if not certificate.construction.signed_faces:
        return NoBound(f"none is proved for the construction {certificate.construction.name!r}")
    return bound_within(exact, certificate.domain, within)


def bound_within(exact: GatedNetwork, domain: Polyhedron, within: str | None) -> RoundingBound | NoBound:
    """The bound on the rounding for a bounded domain, or for its part within another domain."""
    box = containing_box(part_within(domain, within))
    if box is None:
        return NoBound("the domain is unbounded; give a bounded part of it, such as --within box:-10,10")
    return rounding_bound(exact, box)


def words_without_bound(convention: str, rounded: str, reason: str) -> dict[str, str]:
    """The words of a file about its numbers where nothing is proved about their rounding."""
    rounding = f"{rounded} There is no bound on the error: {reason}."
    return {"dtype": "float64", "convention": convention, "rounding": rounding, "error_bound": "none"}


def part_within(domain: Polyhedron, within: str | None) -> Polyhedron:
    """The part of a domain within another one, given as a text; it must have interior points."""
    if within is None:
        return domain
    with place("within", DomainError):
        part = Polyhedron(
            domain.dimension, (*domain.inequalities, *parse_domain(within, domain.dimension).inequalities)
        )
        part.interior_point()
    return part


def _words(exact: GatedNetwork, bound: RoundingBound | NoBound, within: str | None) -> dict[str, str]:
    if isinstance(bound, NoBound):
        return words_without_bound(CONVENTION, ROUNDED, bound.reason)
    where = "of the domain" if within is None else f"of the domain within {within}"
    grid = "" if bound.grid is None else GRID.format(grid=bound.grid, where=where)
    margins = [_text(bound.margins.get(unit)) for unit in range(len(exact.first))]
    return {
        "dtype": "float64",
        "convention": CONVENTION,
        "rounding": f"{ROUNDED} {BOUNDED.format(where=where, grid=grid)}",
        "error_bound": json.dumps([format_rational(error) for error in bound.outputs]),
        "margin": format_rational(bound.margin),
        "margins": json.dumps(margins),
        "box": _box_text(bound.box),
        "grid": "none" if bound.grid is None else f"2^-{bound.grid}",
    }


def _text(margin: mpq | None) -> str | None:
    return None if margin is None else format_rational(margin)


def _box_text(box: Box) -> str:
    return json.dumps([[format_rational(low), format_rational(high)] for low, high in box])
