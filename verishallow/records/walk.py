"""The walk over a certificate's records: for each record of the tree, what the records above it decide and declare."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from verishallow.records.spelling import Record
from verishallow.regions.cell_tree import Pattern

CHILDREN = {
    "terms": 1, "layer": 1, "stable": 1, "redundant": 1, "piece": 1, "split": 2, "cut": 2,
    "leaf": 0, "same": 0, "open": 0, "dropped": 0,
}  # fmt: skip
"""How many records follow directly below a record of each kind."""

ENDS = ("leaf", "piece")
"""The kinds of records that end the path to a cell with its own map."""


@dataclass(frozen=True, slots=True)
class PlaceInTree:
    """The context of a record: its position in the tree, the planes in scope, and the neurons that are decided.

    ``above`` is the line of the record directly above (0: none), ``path`` the splits above as (layer, neuron, sign),
    ``scope`` the planes in scope, numbered over the file. ``pattern`` has the decided layers, ``decided`` the pairs
    (neuron, active) of ``layer``, the current one. ``dropped`` are the numbers of redundant constraints.
    ``proving`` says whether the record belongs to the proof below a piece.
    """

    above: int = 0
    path: tuple[tuple[int, int, int], ...] = ()
    scope: tuple[int, ...] = ()
    pattern: Pattern = ()
    layer: int = 0
    decided: tuple[tuple[int, bool], ...] = ()
    dropped: frozenset[int] = frozenset()
    proving: bool = False

    def whole_pattern(self) -> Pattern:
        """The pattern of the decided layers and of the current one, which must be decided too."""
        return (*self.pattern, tuple(on for _, on in sorted(self.decided))) if self.decided else self.pattern

    def entered(self, record: Record, declared: Iterable[int]) -> "PlaceInTree":
        """This place with the planes of a record in scope; a ``layer`` record also makes its layer the current one."""
        if record["record"] == "layer":
            pattern, scope = self.whole_pattern(), (*self.scope, *declared)
            return replace(self, scope=scope, pattern=pattern, layer=record["layer"], decided=())
        return replace(self, scope=(*self.scope, *declared))

    def below(self, line: int, record: Record) -> "list[PlaceInTree]":
        """The places directly below a record; the first child comes last."""
        match record["record"]:
            case "layer" | "stable":
                found = [(neuron, kind == "active") for kind in ("active", "inactive") for neuron, _ in record[kind]]
                return [replace(self, above=line, decided=(*self.decided, *found))]
            case "redundant":
                numbers = (number for number, _ in record["constraints"])
                return [replace(self, above=line, dropped=self.dropped.union(numbers))]
            case "split":
                return [self._on_side(line, record["neuron"], sign) for sign in (-1, 1)]
            case "piece":
                return [replace(self, above=line, proving=True)]
            case kind:
                return [replace(self, above=line)] * CHILDREN[kind]

    def _on_side(self, line: int, neuron: int, sign: int) -> "PlaceInTree":
        step = (self.layer, neuron, sign)
        return replace(self, above=line, path=(*self.path, step), decided=(*self.decided, (neuron, sign > 0)))


@dataclass(frozen=True, slots=True)
class Step:
    """A record of the tree, its line, counted from 1, and its place; at a ``layer`` record the layer is entered."""

    line: int
    record: Record
    place: PlaceInTree

    @property
    def kind(self) -> str:
        """The kind of its record."""
        return str(self.record["record"])

    @property
    def declared(self) -> Sequence[Sequence[str]]:
        """The planes that the record declares and that have units in layer 1: none in the proof below a piece."""
        return () if self.place.proving else _planes(self.record)


def walk(records: Iterable[Record], first: int) -> Iterator[Step]:
    """The records of a tree, in order, each with its place; the first one is on line ``first``.

    >>> from verishallow import ReLUNetwork, prove
    >>> certificate = prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))
    >>> [(step.line, step.kind, step.place.above, step.place.path) for step in certificate.steps()][-2:]
    [(7, 'stable', 4, ((1, 0, -1),)), (8, 'leaf', 7, ((1, 0, -1),))]
    """
    planes, waiting = 0, [PlaceInTree()]
    for line, record in enumerate(records, start=first):
        place = waiting.pop()
        many = 0 if place.proving else len(_planes(record))
        if many or record["record"] == "layer":
            place = place.entered(record, range(planes + 1, planes + 1 + many))
        planes += many
        yield Step(line, record, place)
        waiting += place.below(line, record)


def _planes(record: Record) -> Sequence[Sequence[str]]:
    """The planes that a record spells."""
    if record["record"] == "layer":
        planes: Sequence[Sequence[str]] = record["planes"]
        return planes
    return (record["plane"],) if record["record"] == "cut" else ()
