"""Signs that floating point decides with certainty, exact points from float points, and ray shooting in a cell.

Rows ``[b, a1, ..., an]`` and points ``(1, x1, ..., xn)`` are float64 arrays. The floats of a point are its exact
coordinates; a row stands for integers rounded once, up to a positive factor.
"""

from collections.abc import Sequence

import numpy as np
from flint import fmpq, fmpq_mat
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.regions.integer_network import ROUNDING, UNDERFLOW, primitive_integers

Floats = NDArray[np.float64]
Row = tuple[int, ...]

SMALLEST = 2.0**-900
"""Smaller entries of rows count as lost; products of two others stay far above what UNDERFLOW covers."""


def rounded_row(row: Row) -> list[float]:
    """A row of integers divided by the largest entry of its linear part, each entry rounded once.

    If that exceeds the range of floats it is the row 0, which has no certain sign.

    >>> rounded_row((1, 2, -4)), rounded_row((10**400, 1, 0))
    ([0.25, 0.5, -1.0], [0.0, 0.0, 0.0])
    """
    size = max(map(abs, row[1:]), default=0) or abs(row[0]) or 1
    try:
        floats = [a / size for a in row]
    except OverflowError:
        return [0.0 for _ in row]
    small = size.bit_length() > 900 and any(a and abs(b) < SMALLEST for a, b in zip(row, floats, strict=True))
    return [0.0 for _ in row] if small else floats


@np.errstate(all="ignore")
def sure_signs(points: Floats, rows: Floats) -> NDArray[np.int8]:
    """The signs of all rows at all points, one row per point: 1 or -1 if rounding cannot change it, else 0.

    >>> sure_signs(np.array([[1.0, 2.0]]), np.array([[-1.0, 1.0], [-2.0, 1.0]])).tolist()
    [[1, 0]]
    """
    values = points @ rows.T
    # A sum of k products, in any order, errs by at most k + 2 roundings of the sum of absolute values; one more for
    # the rounded row. 1.01 covers the second order, and the rounding of the bound itself.
    bound = (rows.shape[1] + 4) * ROUNDING * 1.01 * (np.abs(points) @ np.abs(rows).T) + UNDERFLOW
    signs: NDArray[np.int8] = (values > bound).astype(np.int8) - (values < -bound)
    return signs


def signs_taken(points: Floats, rows: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each row, whether it is certainly positive at some point, and whether it is certainly negative at some."""
    signs = sure_signs(points, rows)
    return np.asarray((signs > 0).any(axis=0)), np.asarray((signs < 0).any(axis=0))


def exact_point(point: Floats) -> Row:
    """The homogeneous integers ``(w, x1, ..., xn)`` of a point.

    >>> exact_point(np.array([1.0, 0.5, -0.75]))
    (4, 2, -3)
    """
    ratios = [float(x).as_integer_ratio() for x in point]
    common = max(denominator for _, denominator in ratios)
    return tuple(numerator * (common // denominator) for numerator, denominator in ratios)


def rounded_point(point: Row) -> Floats:
    """The float point nearest to homogeneous integers, or NaN if it exceeds the range of floats.

    >>> rounded_point((4, 2, -3)).tolist()
    [1.0, 0.5, -0.75]
    """
    try:
        return np.array([a / point[0] for a in point])
    except OverflowError:
        return np.full(len(point), np.nan)


def value_at(row: Row, point: Row) -> int:
    """The value of a form at homogeneous integers, times their ``w``."""
    return sum(a * x for a, x in zip(row, point, strict=True))


def common_zero(rows: Sequence[Row], near: Floats) -> Row | None:
    """An exact common zero of forms, its free coordinates those of a float point; ``None`` if there is none.

    >>> common_zero([(-1, 3, 0)], np.array([1.0, 0.33, 0.5]))
    (6, 2, 3)
    """
    if not rows:
        return exact_point(near)
    reduced, rank = fmpq_mat([[*row[1:], -row[0]] for row in rows]).rref()
    n, fixed = len(near) - 1, dict[int, fmpq]()
    free = [fmpq(*float(x).as_integer_ratio()) for x in near[1:]]
    for i in range(rank):
        lead = next(j for j in range(n + 1) if reduced[i, j] != 0)
        if lead == n:
            return None
        fixed[lead] = reduced[i, n] - sum((reduced[i, j] * free[j] for j in range(lead + 1, n)), fmpq(0))
    values = [fixed.get(j, free[j]) for j in range(n)]
    return tuple(primitive_integers([mpq(1), *(mpq(int(x.p), int(x.q)) for x in values)]))


class RayShooting:
    """Ray shooting from points inside a cell along lines, both ways, to the first two facets that each ray meets.

    ``inside`` are points between the facets; ``beyond[i]`` lies beyond facet ``walls[i]`` and before the next one.
    None of this is certain yet: the points are rounded.

    >>> square = np.array([[1.0, 1, 0], [1, -1, 0], [1, 0, 1], [1, 0, -1]])
    >>> shots = RayShooting(np.array([[1.0, 0.5, 0]]), np.array([[0.0, 1, 0]]), square, 9.0)
    >>> shots.inside.tolist(), shots.walls, shots.beyond.tolist()
    ([[1.0, 0.0, 0.0]], [0, 1], [[1.0, -2.5, 0.0], [1.0, 1.5, 0.0]])
    """

    @np.errstate(all="ignore")
    def __init__(self, starts: Floats, directions: Floats, walls: Floats, reach: float) -> None:
        shots = len(starts)
        shares = np.linspace(0.3, 0.7, shots) if shots > 1 else 0.5
        speed = directions @ walls.T
        time = (starts @ walls.T) / -speed
        times = np.full((2 * shots, len(walls) + 2), reach)
        times[:, -1] *= 2
        times[:shots, :-2] = np.where(speed < 0, time, np.inf)
        times[shots:, :-2] = np.where(speed > 0, -time, np.inf)
        first = np.argmin(times, axis=1)
        nearest = np.partition(times, 1, axis=1)[:, :2]
        between = nearest[:shots, 0] * shares - nearest[shots:, 0] * (1 - shares)
        self.inside: Floats = starts + directions * between[:, None]
        hit, at = np.unique(first, return_index=True)
        at = at[hit < len(walls)]
        self.walls: list[int] = first[at].tolist()
        signed = np.where(at < shots, 1.0, -1.0) * np.minimum(nearest[at].mean(axis=1), 2 * nearest[at, 0])
        self.beyond: Floats = starts[at % shots] + directions[at % shots] * signed[:, None]


def surely_inside(points: Floats, walls: Floats, below: Row) -> Floats | None:
    """The first of some points at which all walls are surely positive, and a row is surely negative."""
    sure = (sure_signs(points, walls) > 0).all(axis=1)
    sure &= sure_signs(points, np.array(rounded_row(below))[None])[:, 0] < 0
    return np.asarray(points[sure][0]) if sure.any() else None
