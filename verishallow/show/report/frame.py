"""From exact points of a window to places in a picture, which are rounded only when they are written."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from gmpy2 import mpq

from verishallow.rationals import Vector, nearest_decimal
from verishallow.regions.plane import Window
from verishallow.show.report.elements import element

SIZE = 1000
"""The width of a picture, in its own units."""

LOWEST, HIGHEST = mpq(400), mpq(1200)
"""The bounds of the height, which is that of the window in the same scale if it lies between them."""

PLACES = 3
"""Decimal places of a unit that are written."""


@dataclass(frozen=True, slots=True)
class PictureFrame:
    """Where the points of a window are drawn, in units from the upper left corner; exact."""

    window: Window

    @property
    def height(self) -> mpq:
        """The height of the picture."""
        ratio = (self.window.high - self.window.low) / (self.window.right - self.window.left)
        return min(max(SIZE * ratio, LOWEST), HIGHEST)

    def at(self, point: Vector) -> Vector:
        """The place of a point.

        >>> PictureFrame(Window(mpq(0), mpq(2), mpq(0), mpq(1))).at((mpq(2), mpq(0)))
        (mpq(1000,1), mpq(500,1))
        """
        window = self.window
        return (
            SIZE * (point[0] - window.left) / (window.right - window.left),
            self.height * (window.high - point[1]) / (window.high - window.low),
        )

    def path(self, points: Iterable[Vector], *, closed: bool = False) -> str:
        """The polygon or the line through some points, as the data of an SVG path.

        >>> PictureFrame(Window(mpq(0), mpq(3), mpq(0), mpq(3))).path([(mpq(0), mpq(0)), (mpq(1), mpq(2))])
        'M0 1000L333.333 333.333'
        """
        places = ("{} {}".format(*map(decimal, self.at(point))) for point in points)
        return f"M{'L'.join(places)}{'Z' if closed else ''}"


def decimal(value: mpq) -> str:
    """The nearest decimal with this many places.

    >>> decimal(mpq(-1, 3)), decimal(mpq(5))
    ('-0.333', '5')
    """
    return nearest_decimal(value, PLACES).rstrip("0").rstrip(".")


def picture(frame: PictureFrame, title: str, *children: Element | None) -> Element:
    """An SVG picture of a window, complete in itself, with a title that is read aloud."""
    box = {"viewBox": f"0 0 {SIZE} {decimal(frame.height)}", "xmlns": "http://www.w3.org/2000/svg"}
    return element("svg", element("title", title), *children, **box, role="img", class_="picture")
