"""The half-open cells of leaves as signed sums of closed faces, with the reasons why other faces are empty.

A leaf's half-open cell is its closed cell ``P`` without the hyperplanes ``{s_j = 0}`` of its strict
constraints ``B``. For ``x`` in ``P``,

    [x in half-open P] = sum over S subset of B of (-1)^|S| [x in P and s_j(x) = 0 for all j in S],

so the units of all faces, weighted by their signs, count every point of the domain exactly once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from verishallow.farkas import FarkasCertificate
from verishallow.regions.cell_tree import Cell

Boundary = Literal["exact", "ignore"]
"""The claim: equality everywhere, or everywhere except on the hyperplanes of the splits."""


@dataclass(frozen=True, slots=True)
class SignedFace:
    """The face of a leaf on which the constraints ``on`` (by number) vanish; ``on`` is empty for the cell itself.

    ``gates`` are the violation units that switch its units off: see :class:`PathConstraint`.
    """

    on: tuple[int, ...]
    gates: tuple[int, ...]

    @property
    def sign(self) -> int:
        """``(-1)^|S|``, the weight in layer 3."""
        return -1 if len(self.on) % 2 else 1


@dataclass(frozen=True, slots=True)
class GatedLeaf:
    """The faces that a leaf adds to the three-layer network, and the proof that none is missing.

    ``absent`` are sets of strict constraints with no common zero on the cell, each with the reason why its last
    constraint is positive where the others vanish.
    """

    faces: tuple[SignedFace, ...]
    absent: tuple[tuple[tuple[int, ...], FarkasCertificate], ...]


def gated_leaf(cell: Cell, boundary: Boundary) -> GatedLeaf:
    """The signed faces of the cell of a leaf; with ``boundary="ignore"`` only the closed cell itself."""
    kept = [number for number in cell.path_numbers() if number in cell.facets]
    gates = tuple(cell.path_number(number).violation for number in kept)
    if boundary == "ignore":
        return GatedLeaf((SignedFace((), in_order(gates)),), ())
    faces, absent = _faces(cell, cell.vanishing_strict())
    return GatedLeaf(tuple(SignedFace(on, _gates_on(cell, gates, on)) for on in faces), absent)


def in_order(gates: tuple[int, ...]) -> tuple[int, ...]:
    """The units ordered by plane, ``ReLU(-plane)`` before ``ReLU(plane)``, each once."""
    return tuple(sorted(set(gates), key=lambda unit: (abs(unit), unit)))


def _gates_on(cell: Cell, gates: tuple[int, ...], on: tuple[int, ...]) -> tuple[int, ...]:
    units = [cell.path_number(number).violation for number in on]
    return in_order((*gates, *units, *(-unit for unit in units)))


def _faces(
    cell: Cell, strict: list[int]
) -> tuple[list[tuple[int, ...]], tuple[tuple[tuple[int, ...], FarkasCertificate], ...]]:
    """All sets of strict constraints that have a common zero on the cell, by size, then in order."""
    found: list[tuple[int, ...]] = [()]
    absent: list[tuple[tuple[int, ...], FarkasCertificate]] = []
    level: list[tuple[int, ...]] = [()]
    while level:
        present = set(level)
        level = []
        for on in candidates(present, strict):
            reason = cell.never_all_zero(on)
            if reason is None:
                level.append(on)
            else:
                absent.append((on, reason))
        found += level
    return found, tuple(absent)


def candidates(present: set[tuple[int, ...]], strict: list[int]) -> Iterator[tuple[int, ...]]:
    """The sets with one more element all of whose subsets of the present size are present, in order."""
    for on in sorted(present):
        for number in strict:
            larger = (*on, number)
            if (not on or number > on[-1]) and present.issuperset(combinations(larger, len(on))):
                yield larger
