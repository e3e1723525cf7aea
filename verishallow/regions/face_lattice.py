"""The face lattice of a polyhedral complex, refined by one hyperplane per cell at a time; combinatorics only.

Faces of each dimension are numbered from 0. A face at infinity is a face like any other, so unbounded cells need no
box. All that the lattice needs of a hyperplane is the exact sign of an affine function at every vertex; general
position is not assumed.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from verishallow.regions.growing_rows import GrowingRows

Numbers = NDArray[np.int64]
Signs = NDArray[np.int8]
Masks = NDArray[np.int8]

POSITIVE, NEGATIVE, BOTH = np.int8(1), np.int8(2), np.int8(3)
MASK_OF_SIGN: Masks = np.array([0, POSITIVE, NEGATIVE], dtype=np.int8)
"""Indexed by sign; -1 is the last place."""

NO_FACES: Numbers = np.zeros(0, np.int64)


class PairsOfCut(NamedTuple):
    """The pairs (cut k-face, one of its facets), and among them those whose facet is cut too.

    ``places`` are the positions of the pairs, ``numbers`` the indices of the cut k-faces, ``masks`` those of the
    ``facets``. ``wholes`` and ``parts`` list which cut k-face has which cut (k - 1)-face as a facet.
    """

    places: Numbers
    numbers: Numbers
    facets: Numbers
    masks: Masks
    wholes: Numbers
    parts: Numbers


@dataclass(frozen=True)
class LatticeCut:
    """Which faces a hyperplane cuts, and between which vertices the cut edges lie.

    ``masks[k]`` has bit 1 where a k-face has a positive vertex and bit 2 where it has a negative one; ``faces[k]``
    numbers the k-faces with both. ``positive`` and ``negative`` are the endpoints of the cut edges; ``pairs`` is known
    for k >= 2.
    """

    masks: list[Masks]
    faces: list[Numbers]
    positive: Numbers
    negative: Numbers
    pairs: dict[int, PairsOfCut]

    def on_edges(self, values: Numbers) -> Numbers:
        """For each cut edge, the value of some cell around it; ``values`` has one per cell."""
        around = values.take(self.faces[-1])
        for k in range(len(self.faces) - 1, 1, -1):
            inside = np.empty(len(self.faces[k - 1]), values.dtype)
            inside[self.pairs[k].parts] = around.take(self.pairs[k].wholes)
            around = inside
        return around


class FaceLattice:
    """All faces of a complex of dimension n with their facets.

    ``counts[k]`` is the number of k-faces; ``edges`` has one row (vertex, vertex) for each 1-face; for k >= 2,
    ``owners[k]`` and ``facets[k]`` list the pairs (k-face, one of its facets).
    """

    def __init__(
        self, counts: list[int], edges: Numbers, owners: dict[int, Numbers], facets: dict[int, Numbers]
    ) -> None:
        self.counts, self.edges, self.owners, self.facets = counts, edges, owners, facets
        self._edges = GrowingRows(edges)
        self._pairs = {k: (GrowingRows(owners[k]), GrowingRows(facets[k])) for k in owners}

    @property
    def dimension(self) -> int:
        """The dimension of the cells, n."""
        return len(self.counts) - 1

    def facets_of(self, k: int, faces: Numbers) -> tuple[Numbers, Numbers]:
        """All pairs (position in ``faces``, facet) of these k-faces."""
        if k == 0:
            return faces[:0], faces[:0]
        if k == 1:
            return np.repeat(np.arange(len(faces)), 2), self.edges[faces].reshape(-1)
        order = np.argsort(self.owners[k], kind="stable")
        return _joined(faces, self.owners[k][order], self.facets[k][order])

    def cut(self, signs: Signs) -> LatticeCut:
        """What is cut by the hyperplane with these signs at the vertices."""
        masks: list[Masks] = [MASK_OF_SIGN[signs]]
        masks.append(masks[0].take(self.edges[:, 0]) | masks[0].take(self.edges[:, 1]))
        for k in range(2, self.dimension + 1):
            masks.append(_joined_masks(self.counts[k], self.owners[k], masks[k - 1].take(self.facets[k])))
        faces = [NO_FACES, *((mask == BOTH).nonzero()[0] for mask in masks[1:])]
        one, other = self.edges.take(faces[1], axis=0).T
        swapped = masks[0].take(one) == NEGATIVE
        positive, negative = np.where(swapped, other, one), np.where(swapped, one, other)
        return LatticeCut(masks, faces, positive, negative, self._pairs_of_cut(masks, faces))

    def _pairs_of_cut(self, masks: list[Masks], faces: list[Numbers]) -> dict[int, PairsOfCut]:
        if not len(faces[-1]):
            return {}
        positions = [_positions(count, cut) for count, cut in zip(self.counts[1:], faces[1:], strict=True)]
        pairs = {}
        for k in range(2, self.dimension + 1):
            owners = self.owners[k]
            places = (masks[k].take(owners) == BOTH).nonzero()[0]
            numbers, facets = positions[k - 1].take(owners.take(places)), self.facets[k].take(places)
            sides = masks[k - 1].take(facets)
            both = (sides == BOTH).nonzero()[0]
            parts = positions[k - 2].take(facets.take(both))
            pairs[k] = PairsOfCut(places, numbers, facets, sides, numbers.take(both), parts)
        return pairs

    def split(self, cut: LatticeCut) -> None:
        """Replace each cut face by its two sides and its zero face.

        The positive side keeps the number. The negative sides of the cut k-faces come next, then the zero faces of
        the cut (k + 1)-faces, each in the order of ``cut.faces``; new vertices are the zero faces of cut edges.
        """
        if not len(cut.faces[-1]):
            return
        zero_faces = {k - 1: self._facets_of_zero_faces(k, cut) for k in cut.pairs}
        divided = {k: self._divided(k, cut) for k in cut.pairs}
        for k, pairs in divided.items():
            parts = [pairs, zero_faces[k]] if k in zero_faces else [pairs]
            for owners, facets in parts:
                self.owners[k], self.facets[k] = self._pairs[k][0].append(owners), self._pairs[k][1].append(facets)
        self._divide_edges(cut, zero_faces.get(1))
        self.counts = [count + len(cut.faces[k]) + _number(cut, k + 1) for k, count in enumerate(self.counts)]

    def _negative(self, k: int, index: Numbers) -> Numbers:
        """The number of the negative side of the cut k-face with this index."""
        return self.counts[k] + index

    def _zero(self, k: int, cut: LatticeCut, index: Numbers) -> Numbers:
        """The number of the zero face, of dimension k, of the cut (k + 1)-face with this index."""
        return self.counts[k] + (len(cut.faces[k]) if k else 0) + index

    def _divided(self, k: int, cut: LatticeCut) -> tuple[Numbers, Numbers]:
        """Move the facets of cut k-faces to their sides; return the additional pairs of the two sides."""
        pairs = cut.pairs[k]
        moved = (pairs.masks == NEGATIVE).nonzero()[0]
        self.owners[k][pairs.places.take(moved)] = self._negative(k, pairs.numbers.take(moved))
        every = np.arange(len(cut.faces[k]))
        zero = self._zero(k - 1, cut, every)
        owners = [self._negative(k, pairs.wholes), cut.faces[k], self._negative(k, every)]
        return np.concatenate(owners), np.concatenate([self._negative(k - 1, pairs.parts), zero, zero])

    def _facets_of_zero_faces(self, k: int, cut: LatticeCut) -> tuple[Numbers, Numbers]:
        """The pairs (zero face of a cut k-face, one of its facets).

        A facet is the zero face of a cut facet, or an old face inside the hyperplane. Such an old face lies in two
        facets of the cut face, one on each side, so that a search of the positive ones finds it exactly once.
        """
        pairs = cut.pairs[k]
        owners, facets = pairs.wholes, self._zero(k - 2, cut, pairs.parts)
        if not cut.masks[0].all():
            positive = pairs.masks == POSITIVE
            row, old = self._zero_facets(k - 1, cut, pairs.facets[positive])
            owners = np.concatenate([owners, pairs.numbers[positive][row]])
            facets = np.concatenate([facets, old])
        return self._zero(k - 1, cut, owners), facets

    def _zero_facets(self, k: int, cut: LatticeCut, faces: Numbers) -> tuple[Numbers, Numbers]:
        """The pairs (position in ``faces``, facet inside the hyperplane) of k-faces."""
        if k == 1:
            row, end = np.nonzero(cut.masks[0][self.edges[faces]] == 0)
            return row, self.edges[faces[row], end]
        inside = np.flatnonzero(cut.masks[k - 1][self.facets[k]] == 0)
        inside = inside[np.argsort(self.owners[k][inside], kind="stable")]
        return _joined(faces, self.owners[k][inside], self.facets[k][inside])

    def _divide_edges(self, cut: LatticeCut, zero_edges: tuple[Numbers, Numbers] | None) -> None:
        middle = np.arange(self.counts[0], self.counts[0] + len(cut.faces[1]))
        self.edges[cut.faces[1]] = np.array([cut.positive, middle]).T
        self.edges = self._edges.append(np.array([middle, cut.negative]).T)
        if zero_edges is not None:
            owners, ends = zero_edges
            self.edges = self._edges.append(ends[np.argsort(owners, kind="stable")].reshape(-1, 2))


def _joined_masks(count: int, owners: Numbers, masks: Masks) -> Masks:
    """For each of ``count`` faces the union of the masks of its facets."""
    if not masks.all():
        known = masks.nonzero()[0]
        owners, masks = owners.take(known), masks.take(known)
    # A face gets one of its masks; if another one differs, both signs occur.
    joined = np.zeros(count, np.int8)
    joined[owners] = masks
    joined[owners.take((joined.take(owners) != masks).nonzero()[0])] = BOTH
    return joined


def _number(cut: LatticeCut, k: int) -> int:
    return len(cut.faces[k]) if k < len(cut.faces) else 0


def _positions(count: int, chosen: Numbers) -> Numbers:
    """For each chosen one of ``count`` faces its index among the chosen; other entries are undefined."""
    positions = np.empty(count, np.int64)
    positions[chosen] = np.arange(len(chosen))
    return positions


def _joined(faces: Numbers, owners: Numbers, facets: Numbers) -> tuple[Numbers, Numbers]:
    """All pairs (row, facet) with ``faces[row]`` among the sorted ``owners``."""
    first, last = np.searchsorted(owners, faces, "left"), np.searchsorted(owners, faces, "right")
    number = last - first
    row = np.repeat(np.arange(len(faces)), number)
    within = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    return row, facets[np.repeat(first, number) + within]
