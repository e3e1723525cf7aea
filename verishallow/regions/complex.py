"""Polyhedral complexes: all faces of a subdivision, with vertices, incidence and activation signs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.displayed import Displayed
from verishallow.polyhedron import VRepresentation
from verishallow.rationals import Vector, counted
from verishallow.regions.face_lattice import FaceLattice, Numbers, Signs
from verishallow.regions.integer_network import Integers


@dataclass(frozen=True, eq=False)
class PolyhedralComplex(Displayed):
    """The complex of the activation regions of a network on a domain, with every face of every dimension.

    ``points`` are primitive homogeneous integer vectors ``(w, x)``, one per row: the vertex ``x / w``, or for ``w = 0``
    a ray, which is a vertex at infinity. Faces are numbered by dimension; ``patterns`` has the sign (1, -1, or 0 where
    identically 0) of every hidden neuron on every cell, ``signs`` the same at every point.
    ``lines`` spans the directions in which nothing changes; then ``points`` and faces are those of the quotient, where
    the coordinates ``dropped`` are 0; the dimension of a face is greater by ``len(lines)``.

    >>> from verishallow import ReLUNetwork, polyhedral_complex
    >>> cross = polyhedral_complex(ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])]))
    >>> cross.v_representation(2, 0).vertices, cross.sign_vector(1, 0).tolist()
    (((mpq(0,1), mpq(0,1)),), [1, 0])
    """

    points: Integers
    lattice: FaceLattice
    patterns: Signs
    signs: Signs
    facet_labels: Numbers
    dropped: tuple[int, ...]
    lines: tuple[Vector, ...]

    def __repr__(self) -> str:
        return f"<PolyhedralComplex of {counted(self.cells, 'cell')} in R^{self.dimension}>"

    @property
    def dimension(self) -> int:
        """The dimension of the cells, which is that of the space."""
        return self.lattice.dimension + len(self.lines)

    @property
    def cells(self) -> int:
        """The number of cells, the activation regions."""
        return len(self.patterns)

    @cached_property
    def finite(self) -> list[NDArray[np.bool_]]:
        """For each dimension of the quotient, which faces are not at infinity: those with a finite vertex."""
        marks: list[NDArray[np.bool_]] = [self.points[:, 0] != 0]
        if self.lattice.dimension:
            one, other = self.lattice.edges.T
            marks.append(marks[0][one] | marks[0][other])
        for k in range(2, self.lattice.dimension + 1):
            mark = np.zeros(self.lattice.counts[k], np.bool_)
            mark[self.lattice.owners[k][marks[k - 1][self.lattice.facets[k]]]] = True
            marks.append(mark)
        return marks

    @property
    def f_vector(self) -> tuple[int, ...]:
        """The number of faces of each dimension 0, ..., n; faces at infinity do not count."""
        return (*(0,) * len(self.lines), *(int(mark.sum()) for mark in self.finite))

    @property
    def euler_characteristic(self) -> int:
        """The alternating sum of the f-vector."""
        return sum((-1) ** k * number for k, number in enumerate(self.f_vector))

    def vertices_of(self, k: int) -> list[Numbers]:
        """The numbers of the points of each k-face of the quotient, increasing."""
        owners, points = self.point_pairs(k)
        return np.split(points, np.searchsorted(owners, np.arange(1, self.lattice.counts[k])))

    def point_pairs(self, k: int, faces: Numbers | None = None) -> tuple[Numbers, Numbers]:
        """All pairs (k-face, one of its points), sorted; of some k-faces their positions stand for them."""
        members = np.arange(self.lattice.counts[k]) if faces is None else faces
        owners = np.arange(len(members))
        for dimension in range(k, 0, -1):
            row, below = self.lattice.facets_of(dimension, members)
            owners, members = _distinct_pairs(owners[row], below, self.lattice.counts[dimension - 1])
        return owners, members

    def incidence(self, k: int) -> Numbers:
        """The pairs (k-face, one of its facets) of the quotient, one per row."""
        face, facet = self.lattice.facets_of(k, np.arange(self.lattice.counts[k]))
        return np.stack([face, facet], axis=1)

    def v_representation(self, k: int, face: int) -> VRepresentation:
        """The vertices, rays and lines of a k-face of the quotient, lifted to the space of the network."""
        points = self.vertices_of(k)[face].tolist()
        finite = self.finite[0]
        return VRepresentation(
            vertices=tuple(self.point(number) for number in points if finite[number]),
            rays=tuple(self.point(number) for number in points if not finite[number]),
            lines=self.lines,
        )

    def neighbours(self) -> Numbers:
        """The pairs of cells that share a facet: one row (cell, cell) per facet inside the domain."""
        return self.inner_facets()[:, 1:]

    def inner_facets(self) -> Numbers:
        """The facets that two cells share: one row (facet, cell, cell) per facet."""
        n = self.lattice.dimension
        cell, facet = self.lattice.facets_of(n, np.arange(self.lattice.counts[n]))
        order = np.argsort(facet, kind="stable")
        same = np.flatnonzero(facet[order][1:] == facet[order][:-1])
        return np.stack([facet[order][same], cell[order][same], cell[order][same + 1]], axis=1)

    def sign_vector(self, k: int, face: int) -> Signs:
        """The signs of all hidden neurons on the relative interior of a k-face of the quotient."""
        (signs,) = self.signs_on(k, np.array([face]))
        return np.asarray(signs)

    def signs_on(self, k: int, faces: Numbers) -> Signs:
        """The signs of all hidden neurons on the relative interiors of k-faces of the quotient, one row per face."""
        if not len(faces):
            return self.signs[:0]
        owners, points = self.point_pairs(k, faces)
        signs, starts = self.signs[points], np.searchsorted(owners, np.arange(len(faces)))
        # No neuron takes both signs on a face.
        found: Signs = np.sign(np.maximum.reduceat(signs, starts) + np.minimum.reduceat(signs, starts))
        return found

    def point(self, number: int) -> Vector:
        """A vertex, or for ``w = 0`` the direction of a ray, in the space of the network."""
        row: list[Any] = list(self.points[number])
        values = iter(row[1:])
        size = len(row) - 1 + len(self.dropped)
        return tuple(mpq(0) if i in self.dropped else mpq(next(values), row[0] or 1) for i in range(size))


def _distinct_pairs(owners: Numbers, members: Numbers, count: int) -> tuple[Numbers, Numbers]:
    keys = np.unique(owners * count + members)
    return keys // count, keys % count
