"""Properties by what they say: bounds of outputs, robustness of a class, two networks close to each other."""

from collections.abc import Iterable, Mapping
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import rational
from verishallow.read.domains.texts import parse_domain
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property

Domain = Conjunction | Polyhedron | str | None
"""A domain; a text is one of those that ``--domain`` takes and that have an interior."""


def conjunction_of(domain: Domain, inputs: int) -> Conjunction:
    """The rows of a domain."""
    if isinstance(domain, Conjunction):
        return domain
    polyhedron = domain if isinstance(domain, Polyhedron) else parse_domain(domain, inputs)
    return Conjunction(polyhedron.inequalities)


def bounds(
    network: ReLUNetwork, domain: Domain, low: Mapping[int, Any] | None = None, high: Mapping[int, Any] | None = None
) -> Property:
    """Outputs, by their numbers, are at least the ``low`` and at most the ``high`` numbers on a domain.

    >>> identity = ReLUNetwork.of([([[1]], [0])])
    >>> bounds(identity, "box:0,1", high={0: 2}).unsafe
    (Conjunction(forms=(AffineForm(-2 + x1),), strict=(0,)),)
    """
    sides = [(o, rational(v), -1) for o, v in (low or {}).items()] + [
        (o, rational(v), 1) for o, v in (high or {}).items()
    ]
    unsafe = [Conjunction((_output(network, o, -sign * v, {o: mpq(sign)}),), (0,)) for o, v, sign in sides]
    return Property.of(network.inputs, network.outputs, conjunction_of(domain, network.inputs), unsafe)


def robustness(network: ReLUNetwork, domain: Domain, winner: int) -> Property:
    """One output is greater than every other one on a domain; a tie is unsafe.

    >>> both = ReLUNetwork.of([([[1], [-1]], [0, 0])])
    >>> robustness(both, "box:1,2", 0).unsafe
    (Conjunction(forms=(AffineForm(-x1 + x2),), strict=()),)
    """
    others = [o for o in range(network.outputs) if o != winner]
    unsafe = [Conjunction((_output(network, winner, mpq(0), {o: mpq(1), winner: mpq(-1)}),)) for o in others]
    return Property.of(network.inputs, network.outputs, conjunction_of(domain, network.inputs), unsafe)


def within(one: ReLUNetwork, other: ReLUNetwork, domain: Domain, distance: Any) -> Property:
    """No output of two networks differs by more than a distance on a domain; its outputs are those of both.

    >>> identity = ReLUNetwork.of([([[1]], [0])])
    >>> within(identity, identity, None, "1/2").unsafe[0]
    Conjunction(forms=(AffineForm(-1/2 + x1 - x2),), strict=(0,))
    """
    if (one.inputs, one.outputs) != (other.inputs, other.outputs):
        raise InputError(
            f"within: expected networks with as many inputs and outputs, found {one.inputs} and {one.outputs}, "
            f"{other.inputs} and {other.outputs}"
        )
    n, m, eps = one.inputs, one.outputs, rational(distance)
    unsafe = [
        Conjunction((_row(n, 2 * m, -eps, {o: mpq(sign), m + o: mpq(-sign)}),), (0,))
        for o in range(m)
        for sign in (1, -1)
    ]
    return Property.of(n, 2 * m, conjunction_of(domain, n), unsafe)


def _output(network: ReLUNetwork, output: int, constant: mpq, coefficients: Mapping[int, mpq]) -> AffineForm:
    if type(output) is not int or not 0 <= output < network.outputs:
        raise InputError(f"expected an output from 0 to {network.outputs - 1}, found {output!r}")
    return _row(network.inputs, network.outputs, constant, coefficients)


def _row(inputs: int, outputs: int, constant: mpq, coefficients: Mapping[int, mpq]) -> AffineForm:
    values: Iterable[mpq] = (coefficients.get(o, mpq(0)) for o in range(outputs))
    return AffineForm((constant, *(mpq(0),) * inputs, *values))
