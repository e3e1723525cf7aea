"""The inequalities of a polyhedron that are its facets, in dimensions in which its vertices are too many to list.

An inequality of a full-dimensional polyhedron is a facet just where some point violates it alone, and otherwise a
non-negative combination of the others. A descent in floating point (affine scaling) proposes that point or that
combination; either is proved exactly. Where neither is found exact linear programs decide.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.explain.linear_algebra import dot, gram_matrix, moved, solved
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.constraint_rows import integer_row_of
from verishallow.regions.sure_signs import Floats, rounded_row, sure_signs

# These numbers only choose what is tried, and for how long; no result depends on them. What a descent proposes is
# proved exactly or dropped, and exact linear programs decide the rest.

MOST_STEPS = 60
"""The most steps of one descent."""

NEARLY_DONE = 1e-9
"""A step that gains less than this share of the form's value ends the descent."""

SOME = 1e-9
"""A small positive number in the place of 0, which would leave a descent no room, or make a step infinite."""

SMALL = 1e-6
"""Multipliers below this share of the largest are left out of the combination that is tried first."""


def facets_and_inside(forms: Sequence[AffineForm], point: Vector) -> tuple[set[AffineForm], Vector]:
    """The facets among different primitive forms that bound a full-dimensional polyhedron, and a point strictly inside.

    ``point`` lies in the polyhedron, and is returned if it lies strictly inside; the forms' linear parts span the
    space.

    >>> forms = [AffineForm.of(row) for row in ([1, 1], [1, -1], [2, -1])]
    >>> found, inside = facets_and_inside(forms, (mpq(1),))
    >>> sorted(map(str, found)), -1 < inside[0] < 1
    (['1 + x0', '1 - x0'], True)
    """
    inside = _inside(forms, point)
    rows = _rounded(forms)
    start = np.array([1.0, *map(float, inside)])
    sure = bool((sure_signs(start[None], rows) > 0).all())
    found = {form for number, form in enumerate(forms) if not _is_implied(forms, rows, start, number, sure=sure)}
    return found, inside


def _rounded(forms: Sequence[AffineForm]) -> Floats:
    return np.array([rounded_row(integer_row_of(form)) for form in forms])


def _inside(forms: Sequence[AffineForm], point: Vector) -> Vector:
    """A point at which all forms are positive: this one, one found near it, or one from a linear program."""
    if all(form(point) > 0 for form in forms):
        return point
    # With one more coordinate t the forms plus t are positive at t = 1; a descent towards t < 0 leads inside.
    lifted = [AffineForm((*form.row, mpq(1))) for form in forms]
    depth = AffineForm.coordinate(len(point), len(point) + 1)
    rows = _rounded([*lifted, depth])
    start = np.array([1.0, *map(float, point), 1.0])
    for found, _ in _descent(rows, start, len(forms)):
        candidate = tuple(mpq(float(x)) for x in found[1:-1])
        if found[-1] < 0 and all(form(candidate) > 0 for form in forms):
            return candidate
    return Polyhedron(len(point), tuple(forms)).interior_point()


def _is_implied(forms: Sequence[AffineForm], rows: Floats, start: Floats, number: int, *, sure: bool) -> bool:
    """Whether the others imply a form; ``sure`` if floating point shows that the start is inside."""
    others = [form for index, form in enumerate(forms) if index != number]
    multipliers = np.zeros(len(rows))
    for point, estimate in _descent(rows, start, number) if sure else ():
        if _violates_alone(rows, point, number):
            return False
        multipliers = estimate
    support = np.flatnonzero(multipliers > SMALL * multipliers.max(initial=0.0)).tolist()
    chosen = [forms[index] for index in support if index != number]
    if _is_combination(forms[number], chosen):
        return True
    # The full program only where the small one does not decide.
    return any(_is_bounded_by(subset, forms[number]) for subset in (chosen, others) if subset)


def _is_bounded_by(others: Sequence[AffineForm], form: AffineForm) -> bool:
    least = Polyhedron(form.dimension, tuple(others)).minimise(form).value
    return least is not None and least >= 0


def _violates_alone(rows: Floats, point: Floats, number: int) -> bool:
    signs = sure_signs(point[None], rows)[0]
    return bool(signs[number] < 0 and (np.delete(signs, number) > 0).all())


def _is_combination(form: AffineForm, chosen: Sequence[AffineForm]) -> bool:
    """Whether a form is a sum of independent forms with non-negative multipliers, and a non-negative number."""
    linear = [each.linear for each in chosen]
    if not chosen or len(chosen) > form.dimension:
        return False
    try:
        multipliers = solved(gram_matrix(linear), [dot(each, form.linear) for each in linear])
    except ZeroDivisionError:
        return False
    rest = form.row
    for multiplier, each in zip(multipliers, chosen, strict=True):
        rest = moved(rest, -multiplier, each.row)
    return min(multipliers) >= 0 and rest[0] >= 0 and not any(rest[1:])


def _descent(rows: Floats, start: Floats, number: int) -> Iterator[tuple[Floats, Floats]]:
    """Points at which one form falls while the others stay positive, and multipliers that bound it from below.

    The form itself may fall to minus its value at the start.
    """
    walls = rows / np.linalg.norm(rows[:, 1:], axis=1)[:, None]
    slope, value = walls[number, 1:], float(walls[number] @ start)
    walls[number, 0] += max(value, SOME)
    point, gain = start, abs(value) + 1
    for _ in range(MOST_STEPS):
        if gain < NEARLY_DONE * abs(value):
            return
        direction, multipliers, step = _step(walls, point, slope)
        point = np.concatenate([[1.0], point[1:] + step * direction])
        if not np.isfinite(point).all():
            return
        yield point, multipliers
        gain = -step * float(slope @ direction)
        value -= gain


@np.errstate(all="ignore")
def _step(walls: Floats, point: Floats, slope: Floats) -> tuple[Floats, Floats, float]:
    """A step of affine scaling: its direction, its multipliers, and its length, which keeps all forms positive."""
    slacks = walls @ point
    scaled = walls[:, 1:] / slacks[:, None]
    try:
        direction = np.asarray(-np.linalg.solve(scaled.T @ scaled, slope), np.float64)
    except np.linalg.LinAlgError:
        direction = np.full_like(slope, np.nan)
    falls = -(scaled @ direction)
    return direction, falls / slacks, 0.9 / float(falls.max(initial=SOME))
