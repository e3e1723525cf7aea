"""Float points of a domain, many of them a few margins from a hyperplane, and what is claimed at them."""

from collections.abc import Callable

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.certificate.certificate import Certificate
from verishallow.rationals import Vector, from_float
from verishallow.write.networks.float_network import FloatNetwork
from verishallow.write.networks.rounding import Bound

Floats = NDArray[np.float64]
Evaluation = Callable[[Floats], Floats]

STEPS = (-8, -3, -2, -1.25, -0.5, 0, 0.5, 1.25, 2, 3, 8)
"""Margins from a hyperplane, on both sides."""


def exact(point: Floats) -> Vector:
    return tuple(from_float(float(x)) for x in point)


def bound_of(network: FloatNetwork) -> Bound:
    assert isinstance(network.bound, Bound)
    return network.bound


def points(certificate: Certificate, network: FloatNetwork, random: int = 40, near: int = 2) -> Floats:
    """Random points of the box, and points about hyperplanes, that lie in the domain."""
    bound, generator = bound_of(network), np.random.default_rng(7)
    low, high = np.array(bound.box, dtype=np.float64).T
    found = [generator.uniform(low, high) for _ in range(random)]
    for unit, margin in bound.margins.items():
        form = network.exact.first[unit]
        normal, constant = np.array([float(a) for a in form.linear]), float(form.constant)
        for _ in range(near):
            start = generator.uniform(low, high)
            away = start @ normal + constant
            found += [start - (away - step * float(margin)) / (normal @ normal) * normal for step in STEPS]
    inside = [point for point in found if certificate.domain.contains(exact(point)) and in_box(bound, exact(point))]
    return np.array(inside).reshape(-1, len(low))


def in_box(bound: Bound, point: Vector) -> bool:
    return all(low <= x <= high for x, (low, high) in zip(point, bound.box, strict=True))


def claimed(network: FloatNetwork, point: Floats) -> bool:
    """Whether the bound is claimed at a point."""
    at, forms = exact(point), network.exact.first
    return all(abs(forms[unit](at)) > margin for unit, margin in bound_of(network).margins.items())


def is_near(network: FloatNetwork, point: Floats) -> bool:
    """Whether a point is within 4 margins of a hyperplane."""
    at, forms = exact(point), network.exact.first
    return any(abs(forms[unit](at)) <= 4 * margin for unit, margin in bound_of(network).margins.items())


def broken_claims(certificate: Certificate, network: FloatNetwork, at: Floats, outputs: Floats) -> list[str]:
    """Where a claimed bound fails."""
    bound, broken = bound_of(network), []
    assert np.isfinite(outputs).all()
    for point, output in zip(at, outputs, strict=True):
        if claimed(network, point):
            errors = [abs(a - b) for a, b in zip(exact(output), certificate.network(exact(point)), strict=True)]
            if any(error > allowed for error, allowed in zip(errors, bound.outputs, strict=True)):
                broken.append(f"{point}: {[float(error) for error in errors]}")
    return broken


def grid_points(certificate: Certificate, network: FloatNetwork) -> Floats:
    """Points of the grid in the domain, coarse ones, so that many lie on hyperplanes, and fine ones."""
    bound, generator = bound_of(network), np.random.default_rng(8)
    assert bound.grid is not None
    low, high = np.array(bound.box, dtype=np.float64).T
    found = [
        np.round(generator.uniform(low, high) * 2.0**places) / 2.0**places
        for places in (0, 1, bound.grid)
        for _ in range(25)
    ]
    inside = [point for point in found if certificate.domain.contains(exact(point)) and in_box(bound, exact(point))]
    return np.array(inside).reshape(-1, len(low))


def rounds(network: FloatNetwork) -> bool:
    """Whether a finite weight or a bias is no float64."""
    weights = [a for form in network.exact.first for a in form.row]
    weights += [weight for unit in network.exact.second for weight in (unit.bias, *(w for _, w in unit.weights))]
    return any(from_float(float(weight)) != mpq(weight) for weight in weights)
