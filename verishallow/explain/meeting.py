"""The activation regions that meet at a point, and no others: a walk over the neurons that are 0 there.

Near the point every region is a cone. A neuron that is 0 there splits the cone of those decided so far, or keeps one
sign on it; all others keep the sign that they have at the point.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from verishallow.affine import ZERO, AffineForm, AffineMap
from verishallow.network import ReLUNetwork, rectified
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.cell_tree import Pattern


@dataclass(frozen=True, slots=True)
class _MeetingPlace:
    """The state of the walk: decided layers, neurons of the current one with their forms, the cone at the origin."""

    cone: Polyhedron
    sources: tuple[AffineMap, ...]
    pattern: Pattern = ()
    forms: tuple[AffineForm, ...] = ()
    decided: tuple[bool, ...] = ()


def patterns_at(network: ReLUNetwork, point: Vector, domain: Polyhedron) -> Iterator[Pattern]:
    """The activation patterns of the regions whose closures contain a point of a full-dimensional domain.

    A neuron that is identically 0 on a region counts as inactive, as elsewhere.

    >>> cross = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])])
    >>> origin, above = (ZERO, ZERO), (ZERO, ZERO + 1)
    >>> [len(list(patterns_at(cross, at, Polyhedron.whole_space(2)))) for at in (origin, above)]
    [4, 2]
    """
    tight = tuple(form for form in domain.inequalities if form(point) == 0)
    waiting = [_MeetingPlace(_cone(domain.dimension, tight), (AffineMap.identity(network.inputs),))]
    while waiting:
        place = _entered(network, waiting.pop())
        if len(place.pattern) == len(network.hidden):
            yield place.pattern
            continue
        waiting += _below(place, point)


def _cone(dimension: int, forms: Sequence[AffineForm]) -> Polyhedron:
    return Polyhedron(dimension, tuple(AffineForm((ZERO, *form.linear)) for form in forms))


def _entered(network: ReLUNetwork, place: _MeetingPlace) -> _MeetingPlace:
    """The place at the next neuron to decide, after all layers that are decided."""
    if place.forms and len(place.decided) == len(place.forms):
        outputs = rectified(AffineMap(place.forms), place.decided)
        pattern = (*place.pattern, place.decided)
        place = replace(place, sources=(*place.sources, outputs), pattern=pattern, forms=(), decided=())
    if not place.forms and len(place.pattern) < len(network.hidden):
        place = replace(place, forms=network.layers[len(place.pattern)].on(place.sources).forms)
    return place


def _below(place: _MeetingPlace, point: Vector) -> list[_MeetingPlace]:
    """The place after its next neuron is decided, or two places, the positive side last, where it takes both signs."""
    form = place.forms[len(place.decided)]
    sides = _sides(place.cone, form, point)
    if len(sides) == 1:
        return [replace(place, decided=(*place.decided, sides[0] > 0))]
    return [_behind(place, form if side > 0 else -form, side) for side in reversed(sides)]


def _behind(place: _MeetingPlace, wall: AffineForm, side: int) -> _MeetingPlace:
    cone = place.cone.with_inequality(AffineForm((ZERO, *wall.linear)).primitive())
    return replace(place, decided=(*place.decided, side > 0), cone=cone)


def _sides(cone: Polyhedron, form: AffineForm, point: Vector) -> tuple[int, ...]:
    """The signs that a form takes near a point inside a cone of full dimension, positive first."""
    value = form(point)
    if value or form.is_constant():
        return (1,) if value > 0 else (-1,)
    slope = AffineForm((ZERO, *form.linear))
    # On a cone a linear form is unbounded below, or nowhere negative.
    taken = [sign for sign, bounded in ((1, -slope), (-1, slope)) if cone.minimise(bounded).value is None]
    return tuple(taken)
