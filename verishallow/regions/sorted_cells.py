"""The cells of a finished complex in the order of the tree's leaves, as arrays that answer fast."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from verishallow.network import ReLUNetwork
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.composition import composed_forms
from verishallow.regions.face_lattice import Numbers, Signs
from verishallow.regions.integer_network import IntegerNetwork, Integers, rounded_points

HUGE = 2.0**1000


@dataclass(frozen=True, eq=False)
class Ragged:
    """Rows of different lengths, one after the other in ``values``; row i is ``values[starts[i]:starts[i + 1]]``."""

    starts: list[int]
    values: Numbers

    @classmethod
    def of(cls, owners: Numbers, values: Numbers, rows: int) -> "Ragged":
        """The rows of pairs (row, value)."""
        order = np.argsort(owners, kind="stable")
        return cls(np.searchsorted(owners[order], np.arange(rows + 1)).tolist(), values[order])

    def rows(self, first: int, last: int) -> Numbers:
        """The values of rows first, ..., last - 1, one after the other."""
        return self.values[self.span(first, last)]

    def span(self, first: int, last: int) -> slice:
        """The positions of these rows among all values."""
        return slice(self.starts[first], self.starts[last])


class SortedCells:
    """Cells sorted by activation pattern, positive before negative, so that every node of the tree is a run of cells.

    ``run_end[i, c]`` is the first cell after i on which neuron c has another sign.
    """

    def __init__(self, network: ReLUNetwork, complex_: PolyhedralComplex) -> None:
        order = _in_tree_order(complex_.patterns)
        cells = len(order)
        position = np.empty(cells, np.int64)
        position[order] = np.arange(cells)
        self.network, self.complex, self.count = network, complex_, cells
        self.integers = IntegerNetwork.of(network)
        self.patterns: Signs = complex_.patterns[order]
        self.run_end = _run_ends(self.patterns)
        point, column = np.nonzero(complex_.signs == 0)
        self.zeros = _lists(Ragged.of(point, column, len(complex_.points)))
        self.offsets = np.cumsum([0, *(layer.width for layer in network.hidden)])
        self.floats = _floats(complex_)
        owners, points = complex_.point_pairs(complex_.lattice.dimension)
        self.points = Ragged.of(position[owners], points, cells)
        self.middles = _middles(self.floats, self.points)
        finite = complex_.finite[0][points]
        self.vertices = Ragged.of(position[owners[finite]], points[finite], cells)
        self.within_floats = np.nan_to_num(self.floats, posinf=HUGE, neginf=-HUGE)
        """The same without infinities, so that no product with a row of entries of at most 1 overflows."""
        self.vertex_floats = self.within_floats[self.vertices.values]
        owner, facet = complex_.lattice.facets_of(complex_.lattice.dimension, order)
        self.facets = Ragged.of(owner, facet, cells)
        self.facet_labels = Ragged.of(owner, complex_.facet_labels[facet], cells)
        self.cells_by_label = _cells_by_label(owner, complex_.facet_labels[facet])
        self.position = position
        """Of each cell of the complex, where it is among those sorted."""
        self.kept = [i for i in range(network.inputs) if i not in complex_.dropped]

    def neighbours(self) -> Numbers:
        """The pairs of cells that share a facet, one row each."""
        return np.asarray(self.position[self.complex.neighbours()])

    def entries(self, layer: int) -> tuple[Numbers, Integers]:
        """For each cell the row of its forms, and a layer's pre-activations (from 0) on every distinct prefix."""
        before = self.patterns[:, : self.offsets[layer]] > 0
        fresh = np.ones(self.count, np.bool_)
        fresh[1:] = (before[1:] != before[:-1]).any(axis=1)
        forms = composed_forms(self.integers, before[fresh], layer)
        return np.cumsum(fresh) - 1, np.ascontiguousarray(forms)

    def have_facet(self, first: int, last: int, label: int) -> bool:
        """Whether one of the cells first, ..., last - 1 has a facet with this label."""
        cells = self.cells_by_label.get(label, ())
        at = bisect_left(cells, first)
        return at < len(cells) and cells[at] < last


def _lists(ragged: Ragged) -> list[list[int]]:
    values = ragged.values.tolist()
    return [values[first:last] for first, last in pairwise(ragged.starts)]


def _cells_by_label(cells: Numbers, labels: Numbers) -> dict[int, list[int]]:
    """For each label the cells that have a facet with it, increasing."""
    order = np.lexsort([cells, labels])
    names, starts = np.unique(labels[order], return_index=True)
    return {name: part.tolist() for name, part in zip(names.tolist(), np.split(cells[order], starts[1:]), strict=False)}


def _in_tree_order(patterns: Signs) -> Numbers:
    if not patterns.shape[1]:
        return np.arange(len(patterns))
    keys = np.packbits(patterns <= 0, axis=1)
    return np.lexsort(keys.T[::-1])


def _run_ends(patterns: Signs) -> NDArray[np.int32]:
    cells = len(patterns)
    ends = np.full(patterns.shape, cells, np.int32)
    changed = patterns[1:] != patterns[:-1]
    after = np.arange(1, cells, dtype=np.int32)[:, None]
    ends[:-1] = np.where(changed, after, cells)
    return np.minimum.accumulate(ends[::-1], axis=0)[::-1]


@np.errstate(invalid="ignore", over="ignore")
def _middles(floats: NDArray[np.float64], points: Ragged) -> NDArray[np.float64]:
    """Roughly the mean of each cell's vertices, moved along every ray."""
    starts = points.starts[:-1]
    at = floats[points.values, 0]
    vertices = np.repeat(np.add.reduceat(at, starts), np.diff(points.starts))
    weights = np.where(at > 0, 1 / vertices, 1.0)
    middles: NDArray[np.float64] = np.add.reduceat(floats[points.values, 1:] * weights[:, None], starts)
    return middles


def _floats(complex_: PolyhedralComplex) -> NDArray[np.float64]:
    """Homogeneous float coordinates (1, x) or (0, direction) in the space of the network."""
    inside, at = rounded_points(complex_.points)
    n = inside.shape[1] + len(complex_.dropped)
    full = np.zeros((len(inside), n + 1))
    full[:, 0] = at
    full[:, [i + 1 for i in range(n) if i not in complex_.dropped]] = inside
    return full
