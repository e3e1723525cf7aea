"""From exact points of the plane to centimetres on paper, which are rounded only when they are written."""

from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.rationals import Vector, nearest_decimal
from verishallow.regions.plane import Window

SIZE = mpq(9)
"""Centimetres of the longer side of a window."""

SLIMMEST = 3
"""In a window more oblong than this the two axes have different scales."""

PLACES = 5
"""Decimal places of the centimetres that are written: 0.1 micrometres."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Where a point of the plane is drawn, in centimetres from the window's lower left corner; exact."""

    window: Window

    @property
    def scales(self) -> Vector:
        """Centimetres per unit, horizontally and vertically."""
        width, height = self.window.right - self.window.left, self.window.high - self.window.low
        if max(width, height) > SLIMMEST * min(width, height):
            return SIZE / width, SIZE / height
        return (SIZE / max(width, height),) * 2

    def at(self, point: Vector) -> Vector:
        """The place of a point."""
        across, up = self.scales
        return (point[0] - self.window.left) * across, (point[1] - self.window.low) * up


def drawn(place: Vector) -> str:
    """A place as TikZ reads it: the nearest decimals with ``PLACES`` places."""
    return f"({','.join(nearest_decimal(value, PLACES) for value in place)})"
