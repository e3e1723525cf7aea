"""Signs that floating point is sure of, and points strictly inside a cell found by shooting at its walls.

Rows ``[b, a1, ..., an]`` and points ``(1, x1, ..., xn)`` are float64 arrays. A point IS its floats, exactly; a row
stands for integers rounded once, up to a positive factor.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from verishallow.regions.integer_network import ROUNDING, SMALLEST_WEIGHT, UNDERFLOW

Floats = NDArray[np.float64]
Row = tuple[int, ...]


def rounded_row(row: Row) -> list[float]:
    """A row of integers divided by the largest of its linear part, each entry rounded once.

    NaN, which makes every sign unsure, stands where an entry lost digits to underflow.

    >>> rounded_row((1, 2, -4))
    [0.25, 0.5, -1.0]
    """
    size = max(map(abs, row[1:])) or abs(row[0]) or 1
    return [_quotient(a, size) for a in row]


def _quotient(a: int, size: int) -> float:
    try:
        value = a / size
    except OverflowError:
        return float("nan")
    return value if not a or abs(value) >= SMALLEST_WEIGHT else float("nan")


@np.errstate(all="ignore")
def sure_signs(points: Floats, rows: Floats) -> NDArray[np.int8]:
    """The signs of rows (columns) at points (rows) where rounding cannot change them, and 0 elsewhere.

    >>> sure_signs(np.array([[1.0, 2.0]]), np.array([[-1.0, 1.0], [-2.0, 1.0]])).tolist()
    [[1, 0]]
    """
    values = points @ rows.T
    # A sum of k products, in any order, errs by at most k + 2 roundings of the sum of absolute values; one more for
    # the rounded row. 1.01 covers the second order, and the rounding of the bound itself.
    bound = (rows.shape[1] + 4) * ROUNDING * 1.01 * (np.abs(points) @ np.abs(rows).T) + UNDERFLOW
    signs: NDArray[np.int8] = (values > bound).astype(np.int8) - (values < -bound)
    return signs


def exact_point(point: Floats) -> Row:
    """The homogeneous integers ``(w, x1, ..., xn)`` of a point.

    >>> exact_point(np.array([1.0, 0.5, -0.75]))
    (4, 2, -3)
    """
    ratios = [float(x).as_integer_ratio() for x in point]
    common = max(denominator for _, denominator in ratios)
    return tuple(numerator * (common // denominator) for numerator, denominator in ratios)


class Shots:
    """Shots from points inside a cell along lines, both ways, up to the first two walls.

    ``inside`` are points between the walls; ``beyond[i]`` lies behind wall ``walls[i]`` and before the next one.
    Nothing is sure of them yet.
    """

    @np.errstate(all="ignore")
    def __init__(self, starts: Floats, directions: Floats, shares: Floats, walls: Floats, reach: float) -> None:
        speed = directions @ walls.T
        time = (starts @ walls.T) / -speed
        ahead, behind = np.where(speed < 0, time, np.inf), np.where(speed > 0, -time, np.inf)
        both = np.vstack([ahead, behind])
        first = np.argmin(both, axis=1)
        away = np.full((len(both), 2), reach)
        times = np.partition(np.hstack([both, away, 2 * away]), 1, axis=1)[:, :2]
        shot = len(starts)
        between = shares * times[:shot, 0] - (1 - shares) * times[shot:, 0]
        self.inside: Floats = starts + directions * between[:, None]
        hit, at = np.unique(first, return_index=True)
        signed = np.vstack([directions, -directions])[at]
        self.walls: Sequence[int] = hit.tolist()
        self.beyond: Floats = np.vstack([starts, starts])[at] + signed * times[at].mean(axis=1)[:, None]
