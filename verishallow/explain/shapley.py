"""Exact Shapley values: features change from the baseline's value to the point's, in every order.

The value of a set of features is the output where these have the point's values and all others the baseline's. For a
background set it is the mean over its points, so that the Shapley values are means too.
Source: Lundberg and Lee, arXiv 1705.07874 (interventional values).
"""

from collections.abc import Iterable, Iterator, Sequence
from math import factorial, lcm
from typing import Any

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, AffineMap
from verishallow.errors import LimitError, OutsideDomainError
from verishallow.explain.attribution import Attribution, mean_attribution
from verishallow.explain.evaluation import values_at
from verishallow.explain.points import Baseline, baselines_of, output_of, point_of
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.read import load
from verishallow.read.sources import Model

MOST_PLAYERS = 16
"""Features that may differ from the baseline where one region does not suffice: 2^16 points are evaluated then."""


def shapley_values(network: Model, point: Iterable[Any], baseline: Baseline, output: int | str = 0) -> Attribution:
    """The Shapley values of an output at a point, against a baseline or a background set (several points).

    Computed in closed form where one region contains every mixture of point and baseline, else from all sets of
    features.
    Raises :class:`~verishallow.errors.LimitError` where more than 16 features differ.

    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> shapley_values(maximum, [4, 2], [0, 0]).values
    (mpq(3,1), mpq(1,1))
    """
    read = load(network)
    at, chosen = point_of(read, point), output_of(read, output)
    return mean_attribution([_against(read, at, other, chosen) for other in baselines_of(read, baseline)])


def require_mixtures_inside(domain: Polyhedron, point: Vector, baselines: Iterable[Vector]) -> None:
    """Refuse if a mixture of point and baseline, at which Shapley values evaluate the output, lies outside a domain.

    Raises :class:`~verishallow.errors.OutsideDomainError`. The mixtures are the corners of a box, and an affine
    form is least at one of them.

    >>> triangle = Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, -1]])
    >>> require_mixtures_inside(triangle, (mpq(1), mpq(0)), [(mpq(0), mpq(0))])
    >>> require_mixtures_inside(triangle, (mpq(1), mpq(0)), [(mpq(0), mpq(1))])
    Traceback (most recent call last):
    verishallow.errors.OutsideDomainError: Shapley values mix the coordinates of the point and the baseline, and a \
mixture lies outside the domain, where inequality 2, 1 - x0 - x1 >= 0, fails
    """
    for baseline in baselines:
        for number, form in enumerate(domain.inequalities):
            if least_on_box(form, point, baseline) < 0:
                raise OutsideDomainError(
                    "Shapley values mix the coordinates of the point and the baseline, and a mixture lies outside "
                    f"the domain, where inequality {number}, {form} >= 0, fails"
                )


def _against(network: ReLUNetwork, point: Vector, baseline: Vector, output: int) -> Attribution:
    affine_map = map_on_box(network, point, baseline)
    if affine_map is None:
        return _by_sets(network, point, baseline, output)
    form = affine_map.forms[output]
    values = tuple(a * (x - b) for a, x, b in zip(form.linear, point, baseline, strict=True))
    return Attribution(values, form(point), form(baseline))


def map_on_box(network: ReLUNetwork, one: Vector, other: Vector) -> AffineMap | None:
    """The affine map on the box between two opposite corners, where one closed region contains it all.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> map_on_box(modulus, (mpq(2),), (mpq(0),)), map_on_box(modulus, (mpq(2),), (mpq(-1),))
    (AffineMap(forms=(AffineForm(x0),)), None)
    """
    pattern = network.pattern_at([(a + b) / 2 for a, b in zip(one, other, strict=True)])
    for layer, row in zip(network.pre_activations_for(pattern), pattern, strict=True):
        if not all(least_on_box(form if on else -form, one, other) >= 0 for form, on in zip(layer, row, strict=True)):
            return None
    return network.affine_map_for(pattern)


def least_on_box(form: AffineForm, one: Vector, other: Vector) -> mpq:
    """The least value of a form on the box between two opposite corners.

    >>> least_on_box(AffineForm.of([1, 2, -1]), (mpq(0), mpq(0)), (mpq(1), mpq(3)))
    mpq(-2,1)
    """
    return form.constant + sum((min(a * x, a * y) for a, x, y in zip(form.linear, one, other, strict=True)), ZERO)


def _by_sets(network: ReLUNetwork, point: Vector, baseline: Vector, output: int) -> Attribution:
    players = [i for i, (x, b) in enumerate(zip(point, baseline, strict=True)) if x != b]
    if len(players) > MOST_PLAYERS:
        raise LimitError(
            f"Shapley values: {len(players)} features differ from the baseline and several regions lie between; "
            f"expected at most {MOST_PLAYERS} then, since 2^{len(players)} sets are needed"
        )
    worth = [values[output] for values in values_at(network, list(_mixtures(point, baseline, players)))]
    found = dict(zip(players, _values_of_game(worth, len(players)), strict=True))
    return Attribution(tuple(found.get(i, ZERO) for i in range(len(point))), worth[-1], worth[0])


def _mixtures(point: Vector, baseline: Vector, players: Sequence[int]) -> Iterator[Vector]:
    """A point for each set of players, numbered in binary: they have the point's values."""
    for members in range(1 << len(players)):
        mixed = list(baseline)
        for bit, player in enumerate(players):
            if members >> bit & 1:
                mixed[player] = point[player]
        yield tuple(mixed)


def _values_of_game(worth: Sequence[mpq], players: int) -> list[mpq]:
    """The Shapley values of a game, given the worth of every set of players.

    A player's value is the sum of (s - 1)! (n - s)! / n! worth(S) over the sets S of s players with it, less the
    sum of s! (n - s - 1)! / n! worth(S) over those without. The second sum is taken over all sets first.
    """
    common = lcm(*(int(value.denominator) for value in worth))
    integers, sizes = [int(value * common) for value in worth], range(players + 1)
    # Dividing by n! and the common denominator comes last; the full set has no set without anyone.
    without = [factorial(s) * factorial(players - s - 1) if s < players else 0 for s in sizes]
    both = [without[s] + (factorial(s - 1) * factorial(players - s) if s else 0) for s in sizes]
    less = sum(without[members.bit_count()] * value for members, value in enumerate(integers))
    weighted = [both[members.bit_count()] * value for members, value in enumerate(integers)]
    gains = (sum(value for members, value in enumerate(weighted) if members >> bit & 1) for bit in range(players))
    return [mpq(gain - less, factorial(players) * common) for gain in gains]
