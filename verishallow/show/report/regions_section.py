"""The part of the page with the regions: picture, panel, and the table that is searched, sorted and clicked."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from gmpy2 import mpq

from verishallow.rationals import counted
from verishallow.show.report.contents import Contents
from verishallow.show.report.elements import Child, element, number, table
from verishallow.show.report.frame import PictureFrame
from verishallow.show.report.graph_of_outputs import MOST_OUTPUTS, graph_of_outputs, stroke
from verishallow.show.report.map_of_regions import MOST_CLASSES, map_of_regions, paint
from verishallow.show.report.region_data import MOST_LISTED, class_names
from verishallow.show.report.sections import bar, section
from verishallow.show.tables import rounded

MOST_DRAWN = 20_000
"""Regions up to which all of them are drawn."""

LARGEST = 15
"""Regions whose volumes are listed if no picture is drawn."""


def regions_section(contents: Contents) -> Element:
    """Picture, panel and table, or the reason why there are none."""
    if contents.no_regions is not None:
        return section("regions", "Regions", element("p", contents.no_regions))
    return section(
        "regions",
        "Regions",
        element("div", *_pictures(contents), _panel(), class_="side-by-side"),
        *_table(contents),
    )


def _pictures(contents: Contents) -> Iterator[Element]:
    if contents.inputs > 2:
        yield element("div", *_instead(contents), class_="instead")
    elif len(contents.regions) > MOST_DRAWN:
        words = f"There are {len(contents.regions)} regions; a picture is drawn of at most {MOST_DRAWN}."
        yield element("div", element("p", words), class_="instead")
    else:
        yield _map(contents) if contents.inputs == 2 else _graph(contents)


def _instead(contents: Contents) -> Iterator[Element]:
    yield element(
        "p",
        f"With {contents.inputs} inputs the regions do not fit into a flat picture. A slice does: report it with ",
        element("code", "--plane P Q R"),
        " (the plane through three points) or ",
        element("code", "--line P Q"),
        ". Every region is in the table below.",
    )
    if contents.summary is None:
        yield element("p", contents.no_volumes)
        return
    whole = contents.summary.volume
    sizes = sorted(enumerate(contents.volume_of, start=1), key=lambda pair: (-(pair[1] or 0), pair[0]))[:LARGEST]
    shares = [(index, (size or mpq(0)) / whole) for index, size in sizes]
    rows = [(_link(index), number(100 * share), bar(share, shares[0][1])) for index, share in shares]
    caption = "Shares of the domain" + (f", the {LARGEST} largest" if len(contents.regions) > LARGEST else "")
    yield table(("region", "per cent", ""), rows, caption)


def _link(index: int) -> Element:
    return element("a", str(index), href=f"#region-{index}")


def _map(contents: Contents) -> Element:
    has_classes = len(class_names(contents.names)) <= MOST_CLASSES
    drawn, frame = map_of_regions(contents.certificate, classes=has_classes)
    colours: list[tuple[str, str]] = [("piece", "affine map"), *(("class", "class") for _ in range(has_classes))]
    colours += [(f"value-{k}", f"value of {name}") for k, name in enumerate(contents.names.outputs)]
    choice = element("select", *(element("option", words, value=value) for value, words in colours), id="colour")
    tools = element(
        "div",
        element("label", "Colour by ", choice),
        *_check("decision", "decision boundary", shown=has_classes),
        *_zooms(),
        class_="tools",
    )
    legend = [_swatch(name, **paint(k)) for k, name in enumerate(class_names(contents.names))] if has_classes else []
    return _figure(
        contents,
        frame,
        drawn,
        tools,
        element(
            "p",
            "Click a region, or focus the picture and step through the regions with the arrow keys. Colours tell "
            "neighbouring affine maps apart, and are repeated. Solid lines lie between two maps, dashed ones between "
            "two regions of one map; thick lines bound the domain.",
            _window_words(contents),
        ),
        element("ul", *legend, id="legend", class_="legend", hidden="hidden") if legend else None,
        element("p", id="scale", class_="legend", hidden="hidden"),
    )


ZOOMS = (
    ("closer", "+", "zoom in"),
    ("farther", "\N{MINUS SIGN}", "zoom out"),
    ("whole", "whole", "show the whole picture"),
    ("nearby", "to the chosen region", "zoom to the chosen region"),
)


def _zooms() -> Iterator[Element]:
    return (element("button", text, type="button", id=name, aria_label=words) for name, text, words in ZOOMS)


def _check(name: str, words: str, *, shown: bool) -> Iterator[Element]:
    if shown:
        yield element("label", element("input", type="checkbox", id=name), f" {words}")


def _swatch(words: str, **style: str | None) -> Element:
    box = element("svg", element("rect", width="16", height="16", **style), viewBox="0 0 16 16", aria_hidden="true")
    return element("li", box, f" {words}")


def _graph(contents: Contents) -> Element:
    drawn, frame = graph_of_outputs(contents.certificate)
    names = contents.names.outputs[:MOST_OUTPUTS]
    left = len(contents.names.outputs) - len(names)
    lines = [_line(name, **stroke(k)) for k, name in enumerate(names)]
    return _figure(
        contents,
        frame,
        drawn,
        element("div", *_zooms(), class_="tools"),
        element(
            "p",
            "Click a strip, a region, or focus the picture and step through the regions with the arrow keys.",
            _window_words(contents),
            f" {counted(left, 'more output is', 'more outputs are')} not drawn." if left else None,
        ),
        element("ul", *lines, class_="legend"),
    )


def _line(words: str, **style: str | None) -> Element:
    drawn = element("path", d="M0 8L40 8", stroke_width="3", fill="none", **style)
    return element("li", element("svg", drawn, viewBox="0 0 40 16", class_="line", aria_hidden="true"), f" {words}")


def _window_words(contents: Contents) -> str | None:
    if contents.bounded:
        return None
    return (
        " The domain is unbounded: the whole picture is a window around all vertices, beyond which regions go on; it "
        "starts where most of them are."
        if contents.inputs == 2
        else " The domain is unbounded: shown is an interval around all breakpoints, beyond which regions go on."
    )


def _figure(contents: Contents, frame: PictureFrame, drawn: Element, *more: Child) -> Element:
    """The picture between the labels of its axes."""
    window, features = frame.window, contents.names.features
    upward = features[1] if contents.inputs == 2 else ", ".join(contents.names.outputs[:MOST_OUTPUTS])
    drawn.set("tabindex", "0")
    drawn.set("id", "picture")
    drawn.set("role", "application")
    tools, *captions = more
    up = _axis("up", rounded(window.high), upward, rounded(window.low))
    across = _axis("across", rounded(window.left), features[0], rounded(window.right))
    plot = element("div", up, drawn, across, class_="plot")
    pointed = element("output", id="pointed", aria_live="off")
    return element("figure", tools, plot, pointed, element("figcaption", *captions))


def _axis(name: str, first: str, middle: str, last: str) -> Element:
    spans = (element("span", first), element("span", middle, class_="name"), element("span", last))
    return element("div", *spans, class_=f"axis {name}", id=f"axis-{name}")


def _panel() -> Element:
    hint = element("p", "No region is chosen yet.", class_="hint")
    return element(
        "aside",
        element("h3", "The chosen region", id="panel-heading"),
        element("div", hint, id="chosen"),
        id="panel",
        aria_labelledby="panel-heading",
        aria_live="polite",
    )


COLUMNS = (
    ("number", "region"),
    ("rank", "share"),
    ("piece", "affine map"),
    ("rules", "facets"),
    ("wins", "class at witness"),
    ("pattern", "pattern"),
    ("map", "formula"),
)


def _table(contents: Contents) -> Iterator[Element]:
    listed, has_shares = min(len(contents.regions), MOST_LISTED), contents.summary is not None
    columns = [(key, words) for key, words in COLUMNS if key != "rank" or has_shares]
    field = element("input", type="search", id="search", autocomplete="off", placeholder="words, all of them")
    label = element("label", "Search patterns, formulas, rules, classes, or a number such as #17 ", field)
    left = len(contents.regions) - listed
    words = f" The first {listed} of {len(contents.regions)} regions are listed." if left else None
    yield element("div", label, element("output", id="found", aria_live="polite"), words, class_="tools")
    made = element(
        "table",
        element("caption", f"The {counted(listed, 'region')}"),
        element("thead", element("tr", *(_head(key, text) for key, text in columns))),
        element("tbody", id="rows"),
    )
    yield element("div", made, class_="scroll", id="regions-table")
    turns = (("first", "first page"), ("previous", "previous page"), ("next", "next page"), ("last", "last page"))
    buttons = [element("button", text, type="button", id=name) for name, text in turns]
    yield element("nav", *buttons, element("output", id="place"), class_="tools", aria_label="pages of the table")
    yield element("noscript", element("p", "The table of regions, the panel and the search need JavaScript."))


def _head(key: str, words: str) -> Element:
    return element("th", element("button", words, type="button", data_key=key), scope="col", aria_sort="none")
