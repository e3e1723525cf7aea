"""Diagrams of networks: one column of units per layer, one line per weight; weights -inf are drawn differently."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from verishallow.network import ReLUNetwork
from verishallow.rationals import ExtendedRational
from verishallow.shallow.three_layer import SparseLayer, ThreeLayerNetwork
from verishallow.show.plot.matplotlib_parts import Axes, DrawnPath, PathPatch
from verishallow.show.plot.style import INK, MUTED

WeightKind = Literal["infinite", "negative", "positive"]
WEIGHT_COLOURS: dict[WeightKind, str] = {"infinite": INK, "negative": "#d55e00", "positive": "#0072b2"}
"""The colours of lines, in the order in which they are drawn."""

MANY_WEIGHTS = 60
"""The number of lines from which on they are thin."""

MOST_UNITS = 400
"""Units of a column up to which all are drawn."""

FEW_UNITS, GAP = 40, 3
"""Units that are drawn of a wider column, and the room, in units, of those left out."""

UNIT, FAINT = "#ffffff", "#b9b9b9"
"""Fill colours: of an ordinary unit, and of a pale one."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A line from a unit of one column to one of a later column."""

    start: tuple[int, int]
    end: tuple[int, int]
    kind: WeightKind
    colour: str


@dataclass(frozen=True)
class Diagram:
    """The fill colours of the units, column by column, the names of the columns, and the weights.

    Of a column with more units, whose number ``widths`` has, the first ones are shown, and the last one after a gap.
    """

    columns: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    weights: tuple[Weight, ...]
    widths: tuple[int, ...]

    def place(self, unit: tuple[int, int]) -> tuple[float, float]:
        """Where a unit is drawn: its column, and its height from 0 to 1."""
        column, row = unit
        shown = len(self.columns[column])
        if shown == self.widths[column]:
            return float(column), 1 - (row + 0.5) / shown
        return float(column), 1 - (row + 0.5 + GAP * (row == shown - 1)) / (shown + GAP)

    def abridged(self) -> "Diagram":
        """The same with few units of each column that nobody could read whole, and the weights between those shown.

        >>> Diagram(((UNIT,) * 1000,), ("ReLU",), (), (1000,)).abridged().place((0, 39))[0]
        0.0
        """
        kept = [rows_shown(len(column)) for column in self.columns]
        places = [{row: place for place, row in enumerate(rows)} for rows in kept]
        weights = (
            replace(
                weight,
                start=(weight.start[0], places[weight.start[0]][weight.start[1]]),
                end=(weight.end[0], places[weight.end[0]][weight.end[1]]),
            )
            for weight in self.weights
            if weight.start[1] in places[weight.start[0]] and weight.end[1] in places[weight.end[0]]
        )
        columns = (tuple(column[row] for row in rows) for column, rows in zip(self.columns, kept, strict=True))
        return replace(self, columns=tuple(columns), weights=tuple(weights))


def rows_shown(width: int) -> list[int]:
    """The units of a column that are drawn: all, or of very many the first ones and the last.

    >>> rows_shown(400) == list(range(400)), rows_shown(401)[-2:], len(rows_shown(401))
    (True, [38, 400], 40)
    """
    return list(range(width)) if width <= MOST_UNITS else [*range(FEW_UNITS - 1), width - 1]


def deep_diagram(network: ReLUNetwork) -> Diagram:
    """A deep network; a layer that reads earlier ones gets their lines too.

    >>> deep_diagram(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])).names
    ('input', 'ReLU', 'output')
    """
    widths = network.widths
    weights = [weight for number, _ in enumerate(network.layers) for weight in _weights_into(network, number)]
    names = ("input", *("ReLU" for _ in network.hidden), "output")
    return Diagram(tuple((UNIT,) * width for width in widths), names, tuple(weights), tuple(widths)).abridged()


def _weights_into(network: ReLUNetwork, number: int) -> Iterator[Weight]:
    layer, widths = network.layers[number], network.widths
    sources = [(column, row) for column in layer.reads for row in range(widths[column])]
    for row, entries in enumerate(layer.weight):
        for source, entry in zip(sources, entries, strict=True):
            if entry:
                kind: WeightKind = "positive" if entry > 0 else "negative"
                yield Weight(source, (number + 1, row), kind, WEIGHT_COLOURS[kind])


def twin_diagram(network: ThreeLayerNetwork, colours: Sequence[str]) -> Diagram:
    """A three-layer network; ``colours`` are those of its units of layer 2, and of the finite weights there."""
    first, second, third = (_sparse_weights(layer) for layer in (network.layer1, network.layer2, network.layer3))
    weights = [
        *(Weight((0, column), (1, row), kind, WEIGHT_COLOURS[kind]) for row, column, kind in first),
        *(
            Weight((1, column), (2, row), kind, INK if kind == "infinite" and colours[row] != FAINT else colours[row])
            for row, column, kind in second
        ),
        *(Weight((2, column), (3, row), kind, colours[column]) for row, column, kind in third),
    ]
    columns = ((UNIT,) * network.inputs, (UNIT,) * network.layer1.width, tuple(colours), (UNIT,) * network.outputs)
    widths = tuple(map(len, columns))
    return Diagram(columns, ("input", "ReLU", "ReLU", "output"), tuple(weights), widths).abridged()


def _sparse_weights(layer: SparseLayer) -> Iterator[tuple[int, int, WeightKind]]:
    """Triples (row, column, kind)."""
    for row, entries in enumerate(layer.rows):
        for column, entry in entries:
            yield row, column, _kind(entry)


def _kind(entry: ExtendedRational) -> WeightKind:
    if entry.infinite:
        return "infinite"
    return "positive" if entry.finite > 0 else "negative"


def draw_diagram(axes: Axes, diagram: Diagram, name: str) -> None:
    """Draw lines first, weights -inf at the back, then units."""
    for kind in WEIGHT_COLOURS:
        of_kind = [weight for weight in diagram.weights if weight.kind == kind]
        for colour in dict.fromkeys(weight.colour for weight in of_kind):
            found = [weight for weight in of_kind if weight.colour == colour]
            axes.add_patch(_curves(diagram, found, colour, f"{name}-{kind}-{colour[1:]}", kind))
    for number, column in enumerate(diagram.columns):
        places = [diagram.place((number, row)) for row in range(len(column))]
        x, y = zip(*places, strict=True)
        sizes = [_size(len(column)) * (0.3 if colour == FAINT else 1) for colour in column]
        edges = [FAINT if colour == FAINT else INK for colour in column]
        axes.scatter(
            x, y, s=sizes, c=list(column), edgecolors=edges, linewidths=0.7, zorder=5, gid=f"{name}-layer-{number}"
        )
        if len(column) < diagram.widths[number]:
            between = (y[-1] + y[-2]) / 2
            axes.text(number, between, "\N{VERTICAL ELLIPSIS}", ha="center", va="center", fontsize=11, color=MUTED)
        label = f"{diagram.names[number]}\n{diagram.widths[number]}"
        axes.text(number, -0.03, label, ha="center", va="top", fontsize=8, color=MUTED)
    axes.set(xlim=(-0.25, len(diagram.columns) - 0.75), ylim=(-0.12, 1.02))
    axes.set_axis_off()


def _curves(diagram: Diagram, weights: Sequence[Weight], colour: str, name: str, kind: WeightKind) -> PathPatch:
    corners, codes = [], []
    for weight in weights:
        (a, b), (c, d) = diagram.place(weight.start), diagram.place(weight.end)
        bend = 0.45 * (c - a)
        corners += [(a, b), (a + bend, b), (c - bend, d), (c, d)]
        codes += [DrawnPath.MOVETO, *[DrawnPath.CURVE4] * 3]
    many = len(diagram.weights) > MANY_WEIGHTS
    width = 0.45 if kind == "infinite" else 0.4 if colour == FAINT else 1.0 if many else 1.3
    patch = PathPatch(DrawnPath(corners, codes), fill=False, edgecolor=colour, linewidth=width)
    patch.set(
        gid=name, linestyle=(0, (1.5, 2)) if kind == "infinite" else "solid", zorder={FAINT: 1, INK: 1.5}.get(colour, 2)
    )
    return patch


def _size(units: int) -> float:
    """The area of a unit in a column of this many."""
    return float(max(9.0, min(110.0, 2400 / units)))
