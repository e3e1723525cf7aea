r"""A TikZ figure of the regions of a network of two inputs, every vertex exact until it is drawn."""

from collections.abc import Iterable, Mapping, Sequence

from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError
from verishallow.rationals import Vector, format_rational
from verishallow.read.domains.texts import parse_domain
from verishallow.regions.colours import PALETTE, colour_of, colouring
from verishallow.regions.plane import Polygon, Window, borders, polygons, sides, window_of
from verishallow.regions.region import Region
from verishallow.write.paper.centimetres import PLACES, Paper, drawn
from verishallow.write.paper.tex import document
from verishallow.write.paper.tikz_labels import dots, frame, legend, region_numbers

MOST_REGIONS = 5000

STYLES = {
    "fold": "line width=0.3pt, dotted",
    "kink": "line width=0.5pt",
    "domain": "line width=1pt",
}


def tikz(certificate: Certificate, *, window: str | None = None) -> bytes:
    r"""The figure as a file that compiles by itself and that a paper may ``\input``.

    Regions are clipped, exactly, to ``window`` (``box:-1,1`` or ``box:[-1,1]x[0,2]``; by default the bounding box of
    a bounded domain, else a rectangle around all vertices), numbered as in the LaTeX appendix, and coloured by affine
    map. Each vertex is named once, computed exactly, and rounded only when it is drawn. Raises
    :class:`~verishallow.errors.InputError` unless the network has two inputs.

    >>> from verishallow import ReLUNetwork, prove
    >>> figure = tikz(prove(ReLUNetwork.of([([[1, "-1/3"]], [0]), ([[1]], [0])]), "box:-1,1")).decode()
    >>> print(next(line for line in figure.splitlines() if "1/3" in line))
    \coordinate (v1) at (3.00000,0.00000); % (-1/3, -1)
    """
    _require_a_plane(certificate)
    shown = window_of(certificate.regions, certificate.domain) if window is None else _parsed(window)
    parts, regions = polygons(certificate.regions, shown), certificate.regions
    _require_something(parts, shown)
    paper, names, colours = Paper(shown), _names(parts), _coloured(parts, regions)
    body = [
        r"\begin{tikzpicture}[line join=round, line cap=round]",
        *(_coordinate(name, point, paper) for point, name in names.items()),
        *_colours(),
        *(_area(part, colours[part.number], names) for part in parts),
        *_lines(parts, certificate, shown, names),
        *dots(names, paper),
        *region_numbers(parts, paper),
        *frame(paper),
        *legend(dict.fromkeys((regions[number - 1].affine_map, colour) for number, colour in colours.items())),
        r"\end{tikzpicture}",
    ]
    return document(_remarks(certificate, shown, parts), ["tikz", "amsmath"], body)


def _require_a_plane(certificate: Certificate) -> None:
    inputs = certificate.header["inputs"]
    if inputs != 2:
        raise InputError(
            f"tikz: draws regions in the plane, so it needs a network of 2 inputs; this one has {inputs}. "
            "Prove it on a plane: verishallow prove NETWORK --plane P Q R, or --slice FILE"
        )


def _parsed(text: str) -> Window:
    if not text.strip().startswith("box:"):
        raise InputError(f"window: expected box:low,high or box:[low,high]x[low,high], found {text!r}")
    left, right, low, high = (form.constant / -sum(form.linear) for form in parse_domain(text, 2).inequalities)
    return Window(left, right, low, high)


def _require_something(parts: Sequence[Polygon], window: Window) -> None:
    if not parts:
        raise InputError(f"tikz: no region meets the interior of the window {_window_text(window)}; choose another")
    if len(parts) > MOST_REGIONS:
        raise InputError(f"tikz: {len(parts)} regions meet the window, and a figure has {MOST_REGIONS} at most")


def _remarks(certificate: Certificate, window: Window, parts: Sequence[Polygon]) -> list[str]:
    return [
        f"Activation regions of a ReLU network of two {_plane(certificate)}, from its verishallow certificate.",
        f"network sha256     {certificate.header['network_sha256']}",
        f"certificate sha256 {certificate.counts['sha256']}",
        f"Window {_window_text(window)}: {len(parts)} of {len(certificate.regions)} regions meet its interior.",
        "Regions of one affine map have one colour; solid lines lie between two maps, dotted ones between two regions",
        "of one map; thick lines bound the domain; regions without a line go on outside the window.",
        "Vertices are exact: each is computed as the rationals behind it, mapped exactly to centimetres, and only",
        f"there rounded to {PLACES} places. Regions that share a vertex share its name, so no gap can open.",
    ]


def _plane(certificate: Certificate) -> str:
    """The meaning of the coordinates."""
    return "inputs" if certificate.slice is None else f"parameters, on a slice of its {certificate.slice.inputs} inputs"


def _window_text(window: Window) -> str:
    return f"[{window.left}, {window.right}] x [{window.low}, {window.high}]"


def _names(parts: Iterable[Polygon]) -> dict[Vector, str]:
    """A name for every corner, in the order of the regions."""
    corners = dict.fromkeys(corner for part in parts for corner in part.corners)
    return {corner: f"v{number}" for number, corner in enumerate(corners, start=1)}


def _coordinate(name: str, point: Vector, paper: Paper) -> str:
    exact = ", ".join(format_rational(value) for value in point)
    return f"\\coordinate ({name}) at {drawn(paper.at(point))}; % ({exact})"


def _coloured(parts: Sequence[Polygon], regions: Sequence[Region]) -> dict[int, str]:
    """The colour of each region: one for each affine map, another on the two sides of a segment between two maps."""
    maps = {part.number: regions[part.number - 1].affine_map for part in parts}
    facing = [numbers for numbers in sides(parts).values() if len(numbers) == 2]
    found = colouring(dict.fromkeys(maps.values()), [(maps[one], maps[other]) for one, other in facing])
    return {number: colour_of(found[affine_map]) for number, affine_map in maps.items()}


def _colours() -> list[str]:
    return [f"\\definecolor{{vs{number}}}{{HTML}}{{{value}}}" for number, value in enumerate(PALETTE)]


def _area(part: Polygon, colour: str, names: Mapping[Vector, str]) -> str:
    return f"\\fill[{colour}] {_path(part.corners, names)} -- cycle; % region {part.number}"


def _path(corners: Iterable[Vector], names: Mapping[Vector, str]) -> str:
    return " -- ".join(f"({names[corner]})" for corner in corners)


def _lines(
    parts: Sequence[Polygon], certificate: Certificate, window: Window, names: Mapping[Vector, str]
) -> list[str]:
    found = borders(parts, certificate.regions, certificate.domain, window)
    return [
        f"\\draw[{style}] {_path(sorted(segment), names)};"
        for kind, style in STYLES.items()
        for segment, border in found.items()
        if border == kind
    ]
