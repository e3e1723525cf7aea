"""The colours of cells: one per piece, pattern or class, chosen so that colour-blind readers tell them apart."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from verishallow.affine import AffineMap
from verishallow.errors import InputError
from verishallow.explain.classes import winners_text
from verishallow.explain.names import Names
from verishallow.regions.colours import PALETTE, colouring
from verishallow.regions.region_words import pattern_text
from verishallow.show.plot.cells import Cells, DrawnCell
from verishallow.show.plot.texts import equation

ColorBy = Literal["piece", "pattern", "output", "class"]
COLOR_BY: tuple[ColorBy, ...] = get_args(ColorBy)

TINTS = (60, 90, 30)
"""Per cent over white of the first eight colours and of their repetitions, all lighter than the lines."""

GREY = "#d0d0d0"
"""The colour where classes tie on a whole region."""

MOST_NAMED = 400
"""Pieces, patterns or classes beyond which none is named."""

MOST_OUTPUTS = 3
"""Outputs up to which the formula of a piece is written out."""


@dataclass(frozen=True, slots=True)
class Colouring:
    """The piece, pattern or class ("thing") of each cell, and the colour and the name of each thing."""

    things: tuple[int, ...]
    colours: tuple[str, ...]
    names: tuple[str, ...]

    def of_cell(self, number: int) -> str:
        """The colour of a cell."""
        return self.colours[self.things[number]]


def color_by(text: str) -> ColorBy:
    """The meaning of colours that a text names."""
    found = next((known for known in COLOR_BY if known == text), None)
    if found is None:
        raise InputError(f"color: expected one of {', '.join(COLOR_BY)}, found {text!r}")
    return found


def coloured(cells: Cells, by: ColorBy, names: Names) -> Colouring:
    """The colours of all cells; pieces and patterns that touch have different ones while there are enough colours.

    With ``by="output"`` every cell is one thing without a colour of its own.

    >>> from verishallow import ReLUNetwork
    >>> from verishallow.polyhedron import Polyhedron
    >>> from verishallow.show.plot.cells import cells_of
    >>> from verishallow.show.plot.frame import frame_of
    >>> network, line = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]), Polyhedron.box([(-1, 1)])
    >>> coloured(cells_of(network, line, frame_of(network, line)), "piece", Names(("x",), ("y",))).names
    ('y = x', 'y = 0')
    """
    if by == "output":
        every = range(len(cells.cells))
        return Colouring(tuple(every), tuple(GREY for _ in every), tuple("" for _ in every))
    keys, named = _KEYS[by], _NAMES[by]
    of_cell = [keys(cell) for cell in cells.cells]
    things = dict.fromkeys(sorted(of_cell, key=repr) if by == "class" else of_cell)
    colours = _of_classes(things) if by == "class" else _apart(things, of_cell, cells)
    number = {thing: index for index, thing in enumerate(things)}
    texts = ("",) * len(things) if len(things) > MOST_NAMED else tuple(named(thing, names) for thing in things)
    return Colouring(tuple(number[key] for key in of_cell), tuple(colours), texts)


def class_colour(number: int, *, strong: bool = False) -> str:
    """The colour of a class; ``strong`` for data points, which are drawn over it.

    >>> class_colour(0), class_colour(0, strong=True)
    ('#99d2f1', '#56b4e9')
    """
    tint = 100 if strong else TINTS[number // len(PALETTE) % len(TINTS)]
    return mixed(PALETTE[number % len(PALETTE)], tint)


def mixed(colour: str, tint: int) -> str:
    """A colour over white, with ``tint`` per cent of it."""
    parts = [int(colour[i : i + 2], 16) for i in (0, 2, 4)]
    return "#" + "".join(f"{(part * tint + 255 * (100 - tint)) // 100:02x}" for part in parts)


def _apart(things: dict[Hashable, None], of_cell: Sequence[Hashable], cells: Cells) -> Iterator[str]:
    touching = [(of_cell[facet.cells[0]], of_cell[facet.cells[1]]) for facet in cells.facets if len(facet.cells) == 2]
    found = colouring(things, touching)
    return (class_colour(found[thing]) for thing in things)


def _of_classes(things: dict[Hashable, None]) -> Iterator[str]:
    for won in things:
        yield class_colour(won[0]) if isinstance(won, tuple) and len(won) == 1 else GREY


def _piece_name(thing: Hashable, names: Names) -> str:
    if not isinstance(thing, AffineMap) or len(thing.forms) > MOST_OUTPUTS:
        return ""
    pairs = zip(names.outputs, thing.forms, strict=True)
    return "\n".join(equation(output, form, names.features) for output, form in pairs)


def _pattern_name(thing: Hashable, _names: Names) -> str:
    return pattern_text(thing) if isinstance(thing, tuple) else ""


def _class_name(thing: Hashable, names: Names) -> str:
    return winners_text(thing, names.outputs) if isinstance(thing, tuple) else ""


_KEYS: dict[ColorBy, Callable[[DrawnCell], Hashable]] = {
    "piece": lambda cell: cell.affine_map,
    "pattern": lambda cell: cell.pattern,
    "class": lambda cell: cell.winners,
}
_NAMES: dict[ColorBy, Callable[[Hashable, Names], str]] = {
    "piece": _piece_name,
    "pattern": _pattern_name,
    "class": _class_name,
}
