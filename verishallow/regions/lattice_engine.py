"""The default engine: exact refinement of the whole face lattice at once, one neuron after the other.

Every vertex is a primitive integer vector; the exact signs of a neuron at all vertices say which faces it cuts. No
general position is assumed anywhere: a hyperplane may pass through vertices, touch a cell, or repeat another.
"""

from collections.abc import Callable

import numpy as np

from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.composition import LayerForms
from verishallow.regions.face_lattice import FaceLattice, LatticeCut, Numbers, Signs
from verishallow.regions.growing_rows import GrowingRows
from verishallow.regions.integer_network import IntegerNetwork, Integers, quotients, sizes
from verishallow.regions.layer_signs import SMALLEST_SHARE, LayerSigns, NewPoints, sign_between
from verishallow.regions.start_complex import Quotient, StartComplex, quotient, start_complex

SIGNS: Signs = np.array([0, 1, -1, 1], dtype=np.int8)
"""The sign of a cell by its mask; a cut cell keeps its number for its positive side."""

Watch = Callable[[int, int, int], None]


def lattice_engine(network: ReLUNetwork, domain: Polyhedron, watch: Watch | None = None) -> PolyhedralComplex:
    """The polyhedral complex of the activation regions of a network on a full-dimensional domain.

    After each neuron, ``watch`` receives the number of neurons done, the number of all neurons, and the number of
    cells; an exception that it raises ends the work.

    >>> network = ReLUNetwork.of([([[1, 0], [0, 1], [1, 1]], [0, 0, -1]), ([[1, 1, 1]], [0])])
    >>> lattice_engine(network, Polyhedron.whole_space(2)).f_vector
    (3, 9, 7)
    """
    reduced = quotient(network, domain)
    if len(reduced.dropped) == network.inputs:
        return _single_cell(network, reduced)
    start = start_complex(reduced.network, reduced.domain)
    refinement = _Refinement(IntegerNetwork.of(reduced.network), start)
    for layer in range(len(network.hidden)):
        refinement.refine(layer, watch)
    return PolyhedralComplex(
        refinement.points,
        refinement.lattice,
        refinement.patterns,
        refinement.signs_at_points(),
        refinement.labels,
        reduced.dropped,
        reduced.lines,
    )


class _Refinement:
    """The complex during refinement: points, faces, the activation signs of its cells, and the neuron of each facet."""

    def __init__(self, network: IntegerNetwork, start: StartComplex) -> None:
        self.network, self.lattice, self.labels = network, start.lattice, start.labels
        self._points = GrowingRows(start.points)
        self.bounded = bool((start.points[:, 0] != 0).all())
        self._patterns = GrowingRows(np.zeros((self.lattice.counts[-1], 0), np.int8))
        self.neurons = sum(len(layer.bias) for layer in network.layers[:-1])
        self.layer_signs: list[tuple[Signs, int]] = []
        """For each finished layer, its signs and the number of batches of new vertices at that time."""
        self.crossed: list[tuple[Numbers, Numbers]] = []
        """For each batch of new vertices, the ends of the edges on which they lie."""

    @property
    def points(self) -> Integers:
        """All points so far."""
        return self._points.rows

    @property
    def patterns(self) -> Signs:
        """One row per cell, one column per neuron of the layers that were entered."""
        return self._patterns.rows

    @np.errstate(over="ignore", invalid="ignore")
    def refine(self, layer: int, watch: Watch | None) -> None:
        """Cut all cells by the neurons of one layer, which are affine on each of the present cells."""
        before, width = self.patterns.shape[1], len(self.network.layers[layer].bias)
        forms = LayerForms(self.network, self.patterns > 0, layer)
        signs = LayerSigns(self.network, self.points, layer)
        origin = np.arange(len(self.patterns))
        self._patterns = GrowingRows(np.hstack([self.patterns, np.zeros((len(self.patterns), width), np.int8)]))
        for neuron in range(width):
            cut = self.lattice.cut(signs.signs[:, neuron])
            self._mark(before + neuron, cut)
            if len(cut.faces[-1]):
                new = crossings(self.points, forms.of(neuron, cut.on_edges(origin)), cut, self.bounded)
                signs.add(new, neuron)
                origin = np.concatenate([origin, origin.take(cut.faces[-1])])
                self._cut_cells(before + neuron, cut, new.points)
            if watch is not None:
                watch(before + neuron + 1, self.neurons, len(self.patterns))
        self.layer_signs.append((signs.signs.copy(), len(self.crossed)))

    def signs_at_points(self) -> Signs:
        """The sign of every neuron at every point; along edges that later layers cut, earlier neurons keep theirs."""
        complete = np.zeros((len(self.points), self.patterns.shape[1]), np.int8)
        column = 0
        for signs, batches in self.layer_signs:
            own = complete[:, column : column + signs.shape[1]]
            own[: len(signs)] = signs
            known, column = len(signs), column + signs.shape[1]
            for positive, negative in self.crossed[batches:]:
                own[known : known + len(positive)] = sign_between(own[positive], own[negative])
                known += len(positive)
        return complete

    def _mark(self, column: int, cut: LatticeCut) -> None:
        self.patterns[:, column] = SIGNS[cut.masks[-1]]

    def _cut_cells(self, column: int, cut: LatticeCut, new: Integers) -> None:
        self.crossed.append((cut.positive, cut.negative))
        self.labels = self._labels_after(cut, column)
        self.lattice.split(cut)
        self._points.append(new)
        negative = self.patterns[cut.faces[-1]]
        negative[:, column] = -1
        self._patterns.append(negative)

    def _labels_after(self, cut: LatticeCut, column: int) -> Numbers:
        divided = self.labels.take(cut.faces[-2]) if len(cut.faces) > 2 else self.labels[:0]
        return np.concatenate([self.labels, divided, np.full(len(cut.faces[-1]), column)])


def crossings(points: Integers, forms: Integers, cut: LatticeCut, bounded: bool = False) -> NewPoints:
    """Where cut edges cross the zero set: ``|h(v)| u + |h(u)| v``, primitive; ``bounded``: no point at infinity."""
    positive, negative = points.take(cut.positive, axis=0), points.take(cut.negative, axis=0)
    above, below = (forms * positive).sum(axis=1), -(forms * negative).sum(axis=1)
    one, other = positive * below[:, None], negative * above[:, None]
    crossing = one + other
    size = first_column if bounded else sizes
    shares = quotients(np.array([size(one), size(other)]), size(crossing))
    shares[shares < SMALLEST_SHARE] = np.nan
    primitive: Integers = crossing // np.gcd.reduce(crossing, axis=1)[:, None]
    return NewPoints(primitive, cut.positive, cut.negative, shares)


def first_column(points: Integers) -> Integers:
    """The numbers by which finite points are divided."""
    return points[:, 0]


def _single_cell(network: ReLUNetwork, reduced: Quotient) -> PolyhedralComplex:
    """One cell, whose quotient is a point: no hidden neuron depends on the input, and the domain is R^n."""
    integers = IntegerNetwork.of(network)
    origin = np.array([[1] + [0] * network.inputs], dtype=object)
    none = np.zeros((1, 0), np.int8)
    signs = np.hstack([none, *(integers.signs(origin, layer) for layer in range(len(network.hidden)))])
    lattice = FaceLattice([1], np.zeros((0, 2), np.int64), {}, {})
    labels = np.zeros(0, np.int64)
    return PolyhedralComplex(origin[:, :1], lattice, signs, signs, labels, reduced.dropped, reduced.lines)
