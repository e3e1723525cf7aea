"""Networks, regions, complexes and certificates as a notebook shows them: never more than fits on a screen."""

from collections.abc import Callable
from typing import TypeVar
from xml.etree.ElementTree import Element, tostring

from verishallow.errors import VerishallowError
from verishallow.show.notebook.drawings import drawing
from verishallow.show.notebook.formulas import formula
from verishallow.show.notebook.summaries import summary
from verishallow.show.report.elements import element, markup

__all__ = ["html_of", "latex_of", "svg_of"]

SHOWN_WIDTH = 360

Shown = TypeVar("Shown")


def html_of(value: object) -> str | None:
    """A summary in a table, with a picture below it where there is one.

    >>> from verishallow import ReLUNetwork
    >>> html_of(ReLUNetwork.of([([[1]], [0])]))[:64]
    '<div><table><tr><th>inputs</th><td><data value="1">1</data></td>'
    """
    rows = _or_nothing(summary, value)
    if rows is None:
        return None
    table = element("table", *(element("tr", element("th", name), element("td", child)) for name, child in rows))
    return markup(element("div", table, _sized(_or_nothing(drawing, value))))


def latex_of(value: object) -> str | None:
    """A formula, in display mode."""
    found = _or_nothing(formula, value)
    return None if found is None else f"$\\displaystyle {found}$"


def svg_of(value: object) -> str | None:
    """A picture on white."""
    drawn = _sized(_or_nothing(drawing, value))
    if drawn is None:
        return None
    paper = element("rect", width="100%", height="100%", fill="#fff")
    drawn.insert(0, paper)
    drawn.set("color", "#000")
    # It is a file of its own, so it must be XML.
    return tostring(drawn, encoding="unicode")


def _or_nothing(show: Callable[[object], Shown | None], value: object) -> Shown | None:
    """The display of a value; ``None``, without an error, where it cannot be computed."""
    try:
        return show(value)
    except VerishallowError:
        return None


def _sized(drawn: Element | None) -> Element | None:
    if drawn is not None:
        drawn.set("width", str(SHOWN_WIDTH))
    return drawn
