"""Elements of a page; every text, also from files, is escaped."""

from collections.abc import Iterable
from unicodedata import category
from xml.etree.ElementTree import Element, tostring

from gmpy2 import mpq

from verishallow.rationals import format_rational
from verishallow.show.tables import rounded

Child = Element | str | None

REPLACED = "\N{REPLACEMENT CHARACTER}"


def element(tag: str, *children: Child, **attributes: str | int | None) -> Element:
    """An element; ``None`` leaves a child or an attribute out, ``class_`` is class and ``aria_label`` aria-label.

    >>> markup(element("p", "1 < 2 ", element("b", "&"), class_="note"))
    '<p class="note">1 &lt; 2 <b>&amp;</b></p>'
    """
    known = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value is not None}
    made = Element(tag, {name: printable(str(value)) for name, value in known.items()})
    for child in children:
        _append(made, child)
    return made


def _append(parent: Element, child: Child) -> None:
    if isinstance(child, Element):
        parent.append(child)
    elif child and len(parent):
        parent[-1].tail = (parent[-1].tail or "") + printable(child)
    elif child:
        parent.text = (parent.text or "") + printable(child)


def printable(text: str) -> str:
    """A text without control characters and lone surrogates.

    >>> printable("a" + chr(0) + "b") == "a" + REPLACED + "b"
    True
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(REPLACED if category(c) in ("Cc", "Cs") and c not in "\n\t" else c for c in text)


def markup(root: Element) -> str:
    """The element as HTML."""
    return tostring(root, encoding="unicode", method="html")


def count(value: int) -> Element:
    """A whole number with all its digits."""
    return element("data", str(value), value=value)


def number(value: mpq) -> Element:
    """A number rounded for display and marked so, with the exact number in its value and tooltip.

    >>> markup(number(mpq(1, 3)))
    '<data value="1/3" title="exactly 1/3">~0.333333</data>'
    """
    exact, shown = format_rational(value), rounded(value)
    return element("data", shown, value=exact, title=None if shown == exact else f"exactly {exact}")


def table(heads: Iterable[Child], rows: Iterable[Iterable[Child]], caption: str | None = None) -> Element:
    """A table whose first column names its rows; a wide table scrolls on its own."""
    head = element("tr", *(element("th", text, scope="col") for text in heads))
    body = [element("tr", *(_cell(child, index) for index, child in enumerate(row))) for row in rows]
    made = element("table", caption and element("caption", caption), element("thead", head), element("tbody", *body))
    return element("div", made, class_="scroll", tabindex=0, role="group", aria_label=caption or "table")


def _cell(child: Child, index: int) -> Element:
    return element("td", child) if index else element("th", child, scope="row")


def facts(pairs: Iterable[tuple[str, Child]]) -> Element:
    """A list of names and values."""
    entries = [child for name, value in pairs for child in (element("dt", name), element("dd", value))]
    return element("dl", *entries)
