"""Points and baselines in the forms that this package accepts."""

from collections.abc import Iterable, Sequence
from typing import Any

from gmpy2 import mpq

from verishallow.affine import ZERO
from verishallow.errors import InputError, OutsideDomainError, require
from verishallow.explain.distances import nearest
from verishallow.explain.names import Names
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, vector
from verishallow.read.domains.parts_of import DomainPart
from verishallow.shallow.three_layer import ThreeLayerNetwork

Baseline = Iterable[Any]
"""One point, or several: a background set."""


def point_of(network: ReLUNetwork | ThreeLayerNetwork, point: Iterable[Any]) -> Vector:
    """The point, with as many coordinates as the network has inputs."""
    found = vector(point)
    if len(found) != network.inputs:
        raise InputError(f"point: expected {network.inputs} coordinates, found {len(found)}")
    return found


def require_inside(domain: Polyhedron, point: Vector, what: str = "the point", advice: str = "") -> None:
    """Refuse a point outside a domain: raises :class:`~verishallow.errors.OutsideDomainError`, which says why.

    >>> require_inside(Polyhedron.box([(1, 2)]), (mpq(0),), "the baseline", "; give another")
    Traceback (most recent call last):
    verishallow.errors.OutsideDomainError: the baseline lies outside the domain: inequality 0, -1 + x0 >= 0, fails; \
give another
    """
    for number, form in enumerate(domain.inequalities):
        if form(point) < 0:
            raise OutsideDomainError(f"{what} lies outside the domain: inequality {number}, {form} >= 0, fails{advice}")


def require_in_parts(parts: Sequence[DomainPart], point: Vector) -> None:
    """Refuse an input that lies in no part of a domain, as :func:`require_inside` does of the only one.

    >>> from verishallow.proof import parts_of
    >>> require_in_parts(parts_of("box:0,1", 1), (mpq(1),))
    """
    if len(parts) == 1 and parts[0].slice is None:
        require_inside(parts[0].polyhedron, point)
        parts[0].strict.require_at(point)
    elif not any(is_in(part, point) for part in parts):
        raise OutsideDomainError(f"the point lies outside the domain{', in none of its parts' if parts[1:] else ''}")


def is_in(part: DomainPart, point: Vector) -> bool:
    """Whether a part contains an input; on a slice, whether the nearest point there is the input itself."""
    if not part.strict.hold_at(point):
        return False
    if part.slice is None:
        return part.polyhedron.contains(point)
    found = nearest(point, part.polyhedron, "linf", part.slice.affine_map)
    return found is not None and found.distance == 0


def baselines_of(network: ReLUNetwork, baseline: Baseline) -> tuple[Vector, ...]:
    """The points of a background set, or the only one.

    >>> baselines_of(ReLUNetwork.of([([[1, 1]], [0])]), [[0, 0], ["1/2", 1]])
    ((mpq(0,1), mpq(0,1)), (mpq(1,2), mpq(1,1)))
    """
    entries = list(baseline)
    if not entries:
        raise InputError("baseline: expected a point, or several, found none")
    several = all(isinstance(entry, Iterable) and not isinstance(entry, str) for entry in entries)
    return tuple(point_of(network, entry) for entry in entries) if several else (point_of(network, entries),)


def output_of(network: ReLUNetwork, output: int | str) -> int:
    """The output's index, also of its name ``y0``, ``y1``, ...; refused if there is no such output."""
    if isinstance(output, str):
        return Names.of(network.inputs, network.outputs).output(output)
    require("output", output, int, f"a number from 0 to {network.outputs - 1}")
    if not 0 <= output < network.outputs:
        raise InputError(f"output: expected a number from 0 to {network.outputs - 1}, found {output}")
    return output


def mean_output(network: ReLUNetwork, baseline: Baseline, output: int) -> mpq:
    """The mean of an output over the points of a background set.

    >>> mean_output(ReLUNetwork.of([([[1, 1]], [0])]), [[0, 0], ["1/2", 1]], 0)
    mpq(3,4)
    """
    values = [network(point)[output] for point in baselines_of(network, baseline)]
    return sum(values, ZERO) / len(values)
