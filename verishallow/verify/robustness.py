"""Robustness: one class wins on a whole ball around a point, in the norm l-infinity or l1."""

from collections.abc import Sequence
from itertools import product

from gmpy2 import mpq

from verishallow.affine import ONE, ZERO, AffineForm, AffineMap
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector
from verishallow.read.places import shown
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property
from verishallow.read.properties.sugar import robustness
from verishallow.slices import Slice
from verishallow.verify.domains import box_rows

NORMS = ("linf", "l1")
FEW = 6
"""Inputs up to which an l1 ball is written by its 2^n facets; of more, as a set of 2 n parameters."""


def class_at(network: ReLUNetwork, point: Vector) -> int:
    """The class of a point: the greatest output, or of a single one 1 where it is positive, 0 where negative.

    Raises :class:`~verishallow.errors.InputError` where classes tie.

    >>> class_at(ReLUNetwork.of([([[1]], [-2])]), (mpq(3),))
    1
    """
    best = best_at(network, point)
    if len(best) > 1:
        raise InputError(f"robust: classes {' and '.join(map(str, best))} tie at the point; name one with --class")
    return best[0]


def best_at(network: ReLUNetwork, point: Vector) -> list[int]:
    """The classes with the greatest score at a point: one, unless they tie.

    >>> best_at(ReLUNetwork.of([([[1]], [-2])]), (mpq(2),))
    [0, 1]
    """
    outputs = network(point)
    scores = outputs if len(outputs) > 1 else (ZERO, *outputs)
    return [number for number, score in enumerate(scores) if score == max(scores)]


def class_property(network: ReLUNetwork, domain: Conjunction, winner: int) -> Property:
    """The property that a class wins on a domain; a tie is unsafe.

    >>> single = ReLUNetwork.of([([[1]], [-2])])
    >>> class_property(single, Conjunction(), 1).unsafe
    (Conjunction(forms=(AffineForm(-x1),), strict=()),)
    """
    classes = max(network.outputs, 2)
    if type(winner) is not int or not 0 <= winner < classes:
        raise InputError(f"class: expected a number from 0 to {classes - 1}, found {shown(winner)}")
    if network.outputs > 1:
        return robustness(network, domain, winner)
    loses = AffineForm((*(ZERO,) * (network.inputs + 1), ONE if winner == 0 else -ONE))
    return Property.of(network.inputs, 1, domain, [Conjunction((loses,))])


def ball(point: Vector, radius: mpq, norm: str) -> tuple[Conjunction, Slice | None]:
    """The closed ball, as rows of the inputs; an l1 ball of many inputs as rows of parameters of a slice.

    There x = point + p - q, with p, q >= 0, and the sum of all of them is at most the radius.

    >>> rows, on_slice = ball((mpq(1),), mpq(1, 2), "linf")
    >>> rows.forms, on_slice
    ((AffineForm(-1/2 + x0), AffineForm(3/2 - x0)), None)
    """
    if norm not in NORMS:
        raise InputError(f"norm: expected {' or '.join(NORMS)}, found {shown(norm)}")
    if radius < 0:
        raise InputError(f"radius: expected 0 or more, found {radius}")
    box = box_rows([(x - radius, x + radius) for x in point])
    if norm == "linf":
        return box, None
    if len(point) <= FEW:
        facets = (_facet(point, radius, signs) for signs in product((-1, 1), repeat=len(point)))
        return box.also(Conjunction(tuple(facets))), None
    return _parts_of_steps(len(point), radius), _steps(point)


def _facet(point: Vector, radius: mpq, signs: Sequence[int]) -> AffineForm:
    """Radius - the sum of sign (x - point)."""
    constant = radius + sum((sign * x for sign, x in zip(signs, point, strict=True)), ZERO)
    return AffineForm((constant, *(mpq(-sign) for sign in signs)))


def _steps(point: Vector) -> Slice:
    n = len(point)
    up, down = ([AffineForm.coordinate(i + start, 2 * n) for i in range(n)] for start in (0, n))
    forms = [one - two for one, two in zip(up, down, strict=True)]
    return Slice(AffineMap(tuple(AffineForm((x, *form.linear)) for x, form in zip(point, forms, strict=True))))


def _parts_of_steps(n: int, radius: mpq) -> Conjunction:
    """p, q >= 0 and at most the radius, together at most the radius."""
    together = AffineForm((radius, *(-ONE,) * (2 * n)))
    return box_rows([(ZERO, radius)] * (2 * n)).also(Conjunction((together,)))
