"""Attributions from gradients: integrated gradients along a segment, and gradient times input, both exact."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.affine import ZERO
from verishallow.errors import InputError, KinkError
from verishallow.explain.attribution import Attribution, mean_attribution
from verishallow.explain.linear_algebra import difference, moved
from verishallow.explain.meeting import patterns_at
from verishallow.explain.points import Baseline, baselines_of, output_of, point_of
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, format_rational
from verishallow.read import load
from verishallow.read.sources import Model
from verishallow.regions.adjoint import adjoint_forms
from verishallow.regions.integer_network import IntegerNetwork
from verishallow.regions.lattice_engine import lattice_engine
from verishallow.slices import Slice

AtKinks = Literal["refuse", "mean"]
"""Where the function bends and has no gradient: raise an error, or take the mean of the gradients that meet."""

AT_KINKS: tuple[AtKinks, ...] = get_args(AtKinks)


def gradient(network: Model, point: Iterable[Any], output: int | str = 0, at_kinks: str = "refuse") -> Vector:
    """The gradient of an output at a point.

    Where regions with different gradients meet there is none: raises :class:`~verishallow.errors.KinkError`, or, with
    ``at_kinks="mean"``, takes the mean of the different ones.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> gradient(modulus, [-3]), gradient(modulus, [0], at_kinks="mean")
    ((mpq(-1,1),), (mpq(0,1),))
    """
    read = load(network)
    return mean_gradient(gradients_at(read, point_of(read, point), output_of(read, output)), at_kinks, "at the point")


def gradients_at(network: ReLUNetwork, point: Vector, output: int) -> tuple[Vector, ...]:
    """The gradients of an output on the regions that meet at a point, each once."""
    patterns = patterns_at(network, point, Polyhedron.whole_space(network.inputs))
    maps = (network.affine_map_for(pattern) for pattern in patterns)
    return tuple(dict.fromkeys(affine_map.forms[output].linear for affine_map in maps))


def mean_gradient(found: Sequence[Vector], at_kinks: str, place: str) -> Vector:
    """The only gradient, or on request the mean of several."""
    if at_kinks not in AT_KINKS:
        raise InputError(f"kinks: expected one of {', '.join(AT_KINKS)}, found {at_kinks!r}")
    if len(found) > 1 and at_kinks == "refuse":
        raise KinkError(
            f"there is no gradient {place}: the function bends there, and {len(found)} different ones meet; "
            'their mean can be asked for (--kinks mean; in Python at_kinks="mean")'
        )
    return tuple(sum(column, ZERO) / len(found) for column in zip(*found, strict=True))


def gradient_times_input(
    network: Model, point: Iterable[Any], output: int | str = 0, at_kinks: str = "refuse"
) -> Attribution:
    """The gradient's entries times the point's coordinates.

    They add up to the output minus ``baseline_output``, the value at the origin of the affine function there.

    >>> clipped = ReLUNetwork.of([([[1, 1]], [-3]), ([[2]], [1])])
    >>> gradient_times_input(clipped, [3, 1])
    Attribution(values=(mpq(6,1), mpq(2,1)), output=mpq(3,1), baseline_output=mpq(-5,1))
    """
    read = load(network)
    at, chosen = point_of(read, point), output_of(read, output)
    return times_input(gradient(read, at, chosen, at_kinks), at, read(at)[chosen])


def times_input(slopes: Vector, point: Vector, value: mpq) -> Attribution:
    """The entries of a gradient times the coordinates of its point, where the output has this value.

    >>> times_input((mpq(2), mpq(2)), (mpq(3), mpq(1)), mpq(3)).baseline_output
    mpq(-5,1)
    """
    values = tuple(a * x for a, x in zip(slopes, point, strict=True))
    return Attribution(values, value, value - sum(values, ZERO))


@dataclass(frozen=True, slots=True)
class PathPiece:
    """A part of a segment, by its parameters between 0 (the baseline) and 1, and the gradients that meet there.

    There is one gradient, unless the piece lies in a kink.
    """

    start: mpq
    end: mpq
    gradients: tuple[Vector, ...]

    def __str__(self) -> str:
        return f"between t = {format_rational(self.start)} and t = {format_rational(self.end)} of the segment"


def gradients_along(network: ReLUNetwork, baseline: Vector, point: Vector, output: int) -> Iterator[PathPiece]:
    """The pieces of the segment from a baseline to another point on which no neuron changes its sign.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> [str(piece.end) for piece in gradients_along(modulus, (mpq(-1),), (mpq(2),), 0)]
    ['1/3', '1']
    """
    line = Slice.line(baseline, point)
    found = lattice_engine(line.restricted(network), Polyhedron.box([(0, 1)]))
    parameters = [found.point(number)[0] for number in range(len(found.points))]
    linear = _gradients_on(network, found.patterns > 0, output)
    ends = [sorted(parameters[number] for number in cell) for cell in found.lattice.edges.tolist()]
    for cell, (start, end) in sorted(enumerate(ends), key=lambda pair: pair[1]):
        if found.patterns[cell].all():
            yield PathPiece(start, end, (linear[cell],))
        else:
            # A neuron is 0 on all of the piece, but perhaps not next to it.
            yield PathPiece(start, end, gradients_at(network, line.affine_map([(start + end) / 2]), output))


def _gradients_on(network: ReLUNetwork, patterns: NDArray[np.bool_], output: int) -> list[Vector]:
    """The gradients where exactly these neurons are active, one row of patterns per cell."""
    integers, last = IntegerNetwork.of(network), len(network.layers) - 1
    scale = integers.layers[last].scale
    rows = adjoint_forms(integers, patterns, last, output).tolist()
    return [tuple(mpq(a, scale) for a in row[1:]) for row in rows]


def integrated_gradients(
    network: Model, point: Iterable[Any], baseline: Baseline, output: int | str = 0, at_kinks: str = "refuse"
) -> Attribution:
    """The integral of the gradient along the segment from a baseline to a point, times their difference.

    The integral is a sum over the pieces of the segment. Against several baselines it is the mean. Where the segment
    lies in a kink there is no gradient: raises :class:`~verishallow.errors.KinkError`, or, with
    ``at_kinks="mean"``, takes the mean of those that meet. Source: Sundararajan et al., arXiv 1703.01365.

    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> integrated_gradients(maximum, [4, 2], [0, 1]).values
    (mpq(8,3), mpq(1,3))
    """
    read = load(network)
    at, chosen = point_of(read, point), output_of(read, output)
    return mean_attribution([_along(read, at, other, chosen, at_kinks) for other in baselines_of(read, baseline)])


def _along(network: ReLUNetwork, point: Vector, baseline: Vector, output: int, at_kinks: str) -> Attribution:
    mean, step = (ZERO,) * len(point), difference(point, baseline)
    for piece in gradients_along(network, baseline, point, output) if any(step) else ():
        mean = moved(mean, piece.end - piece.start, mean_gradient(piece.gradients, at_kinks, str(piece)))
    values = tuple(a * d for a, d in zip(mean, step, strict=True))
    return Attribution(values, network(point)[output], network(baseline)[output])
