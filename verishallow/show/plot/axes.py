"""From exact coordinates to those of a plot, rounded only there; and round numbers along an axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.show.plot.texts import decimal_text

LARGEST, FINEST = mpq(10**12), mpq(1, 10**9)
"""Plots use the numbers themselves up to this size, and in intervals that are not too short for where they lie."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An interval along which exact numbers are placed: as the nearest floats, or from 0 to 1 where those would fail.

    >>> Axis(mpq(1), mpq(2)).at(mpq(3, 2)), Axis(mpq(10) ** 400, mpq(10) ** 400 + 2).at(mpq(10) ** 400 + 1)
    (1.5, 0.5)
    """

    low: mpq
    high: mpq

    @property
    def plain(self) -> bool:
        """Whether the numbers themselves are drawn."""
        size, length = max(abs(self.low), abs(self.high)), self.high - self.low
        return bool(size < LARGEST and length > FINEST and length > FINEST * size)

    def at(self, value: mpq) -> float:
        """The place of a number."""
        return float(value if self.plain else (value - self.low) / (self.high - self.low))

    @property
    def ends(self) -> tuple[float, float]:
        """The places of both ends."""
        return self.at(self.low), self.at(self.high)

    @property
    def ticks(self) -> tuple[tuple[float, float], tuple[str, str]] | None:
        """The places of the ends, and their values, where the numbers themselves are not drawn; else ``None``."""
        if self.plain:
            return None
        return self.ends, (f"~{decimal_text(self.low, 4)}", f"~{decimal_text(self.high, 4)}")


def axis_of(values: Sequence[mpq]) -> Axis:
    """An axis with room for all these values, and a margin."""
    low, high = min(values), max(values)
    margin = ((high - low) or max(abs(high), mpq(1))) / 12
    return Axis(low - margin, high + margin)


def levels(low: mpq, high: mpq, about: int) -> list[mpq]:
    """Round numbers strictly between two others, equally spaced, about this many; exact.

    >>> [str(level) for level in levels(mpq(0), mpq(1), 4)]
    ['1/5', '2/5', '3/5', '4/5']
    """
    if high <= low:
        return []
    step = _round_step((high - low) / about)
    first = low // step + 1
    return [step * k for k in range(int(first), int(-(-high // step)))]


def _round_step(length: mpq) -> mpq:
    """1, 2 or 5 times a power of ten, nearest below twice the length."""
    power = mpq(1)
    while power > length:
        power /= 10
    while 10 * power <= length:
        power *= 10
    return max((factor * power for factor in (1, 2, 5) if factor * power <= length), default=power)
