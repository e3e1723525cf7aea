"""From exact points of the plane to centimetres on paper, which are rounded only where they are written."""

from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.rationals import Vector, nearest_decimal
from verishallow.regions.plane import Window

SIZE = mpq(9)
"""Centimetres of the longer side of a window."""

SLIMMEST = 3
"""A window more oblong than this has a scale of its own on each axis."""

PLACES = 5
"""Decimal places of a centimetre that is drawn: 0.1 micrometres."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Where a point of the plane is drawn, in centimetres from the window's lower left corner; exact."""

    window: Window

    @property
    def scales(self) -> Vector:
        """Centimetres a unit, horizontally and vertically."""
        width, height = self.window.right - self.window.left, self.window.high - self.window.low
        if max(width, height) > SLIMMEST * min(width, height):
            return SIZE / width, SIZE / height
        return (SIZE / max(width, height),) * 2

    def at(self, point: Vector) -> Vector:
        """The place of a point."""
        across, up = self.scales
        return (point[0] - self.window.left) * across, (point[1] - self.window.low) * up


def drawn(place: Vector) -> str:
    """A place as TikZ reads it: the nearest decimals of so many places."""
    return f"({','.join(nearest_decimal(value, PLACES) for value in place)})"
