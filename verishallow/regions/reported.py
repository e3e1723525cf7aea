"""What is reported about all regions together, affine pieces and linear regions, from parts explored separately."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from verishallow.network import ReLUNetwork
from verishallow.regions.cell_tree import Leaf, Node, Reported
from verishallow.regions.components import Components
from verishallow.regions.composition import composed_forms
from verishallow.regions.constraint_rows import plane_row
from verishallow.regions.face_lattice import Signs
from verishallow.regions.integer_network import IntegerNetwork, Integers, Whole, narrowed

Row = tuple[int, ...]

AT_ONCE = 1 << 21
"""Coefficients of pre-activations that are composed at a time."""


class Wall(NamedTuple):
    """A facet of a region that may be a facet of a region elsewhere: its name, and the region's map and component."""

    facet: bytes
    affine_map: bytes
    component: int


class PartReport(NamedTuple):
    """The affine maps of one part, as digests, its connected components, and its walls towards other parts."""

    affine_maps: frozenset[bytes]
    components: int
    walls: tuple[Wall, ...]


class Together:
    """Parts put together one by one: components that share a facet and a map become one.

    A facet belongs to two regions at most, so it is forgotten when it comes the second time.

    >>> whole = Together()
    >>> whole.add(PartReport(frozenset([b"f"]), 1, (Wall(b"facet", b"f", 0),)))
    >>> whole.add(PartReport(frozenset([b"f"]), 2, (Wall(b"facet", b"f", 1),)))
    >>> whole.reported()
    Reported(affine_pieces=1, linear_regions=2)
    """

    def __init__(self) -> None:
        self._maps = set[bytes]()
        self._joined = Components(0)
        self._open: dict[bytes, Wall] = {}

    def add(self, part: PartReport) -> None:
        """One more part."""
        self._maps |= part.affine_maps
        first = self._joined.grow(part.components)
        for wall in part.walls:
            other = self._open.pop(wall.facet, None)
            if other is None:
                self._open[wall.facet] = wall._replace(component=first + wall.component)
            elif other.affine_map == wall.affine_map:
                self._joined.merge(other.component, first + wall.component)

    def as_part(self) -> PartReport:
        """All parts so far as one."""
        numbers, count = self._joined.numbers()
        walls = (wall._replace(component=numbers[wall.component]) for wall in self._open.values())
        return PartReport(frozenset(self._maps), count, tuple(walls))

    def reported(self) -> Reported:
        """The counts of all parts together."""
        return Reported(len(self._maps), self._joined.count())


class LeafReport:
    """What is reported of leaves that come one by one, each with the path constraints that are its facets."""

    def __init__(self, network: ReLUNetwork) -> None:
        self.whole = Together()
        self._network = IntegerNetwork.of(network)
        coefficients = (network.inputs + 1) * sum(layer.width for layer in network.layers)
        self._most = max(1, AT_ONCE // coefficients)
        self._waiting: list[Leaf] = []

    def watched(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """The same nodes, their leaves remembered."""
        for node in nodes:
            if isinstance(node, Leaf):
                self.add(node)
            yield node

    def add(self, leaf: Leaf) -> None:
        """Remember a region."""
        self._waiting.append(leaf)
        if len(self._waiting) >= self._most:
            self._settle()

    def as_part(self) -> PartReport:
        """All leaves so far, and what else is in the whole, as one part."""
        self._settle()
        return self.whole.as_part()

    def reported(self) -> Reported:
        """The counts of all leaves so far, and of what else is in the whole."""
        self._settle()
        return self.whole.reported()

    def _settle(self) -> None:
        leaves, self._waiting = self._waiting, []
        if leaves:
            self.whole.add(part_of_leaves(self._network, leaves))


def part_of_leaves(network: IntegerNetwork, leaves: list[Leaf]) -> PartReport:
    """What is reported of some leaves of a network's tree, each a component."""
    patterns = np.array([[on for layer in leaf.pattern for on in layer] for leaf in leaves], dtype=np.bool_)
    patterns = patterns.reshape(len(leaves), -1)
    last = len(network.layers) - 1
    maps = digests_of(composed_forms(network, patterns, last))
    forms = [narrowed(composed_forms(network, patterns, layer)) for layer in range(last)]
    signs, owners = list[Signs](), list[int]()
    for number, leaf in enumerate(leaves):
        on = _signs_on_walls(leaf, patterns[number], [row for layer in forms for row in layer[number].tolist()])
        signs.append(on)
        owners += [number] * len(on)
    names = names_of_facets(np.concatenate(signs))
    walls = (Wall(name, maps[owner], owner) for name, owner in zip(names, owners, strict=True))
    return PartReport(frozenset(maps), len(leaves), tuple(walls))


def _signs_on_walls(leaf: Leaf, pattern: NDArray[np.bool_], forms: list[list[int]]) -> Signs:
    """The signs of all neurons on each facet of a leaf that its path makes: those vanish whose plane it lies in."""
    inside = np.where(pattern, 1, -1).astype(np.int8)
    planes: dict[Row, list[int]] = {}
    for neuron, form in enumerate(forms):
        if any(form[1:]):
            planes.setdefault(plane_row(tuple(form)), []).append(neuron)
        elif not any(form):
            inside[neuron] = 0
    walls = _planes_of_walls(leaf)
    signs = np.repeat(inside[None], len(walls), axis=0)
    for row, wall in zip(signs, walls, strict=True):
        row[planes[wall]] = 0
    return signs


def _planes_of_walls(leaf: Leaf) -> list[Row]:
    numbers = leaf.cell.path_numbers()
    forms = (leaf.cell.path_number(number).form for number in leaf.cell.facets if number in numbers)
    return [plane_row(tuple(int(a) for a in form.row)) for form in forms]


def names_of_facets(signs: Signs) -> list[bytes]:
    """Short names of facets by the signs of all neurons on them, one row a facet: equal for equal signs alone.

    >>> [name.hex() for name in names_of_facets(np.array([[1, 0], [1, 0], [1, -1]], dtype=np.int8))]
    ['80', '80', '90']
    """
    return [row.tobytes() for row in np.packbits(np.hstack([signs > 0, signs < 0]), axis=1)]


def digests_of(forms: Integers | Whole) -> list[bytes]:
    """Short names of affine maps, the same wherever a map was found; shape (maps, outputs, n + 1), with one scale."""
    texts = (str(rows).encode() for rows in forms.tolist())
    return [hashlib.blake2b(text, digest_size=16).digest() for text in texts]
