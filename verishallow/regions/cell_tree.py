"""The cell tree: the one object behind enumeration, construction and proof.

A tree is written as the sequence of its nodes in depth-first preorder; of two children, the one on which the split
neuron is non-negative comes first. An engine yields that sequence: a whole tree is never in memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from verishallow.affine import ONE, AffineForm, AffineMap
from verishallow.errors import ProofError
from verishallow.farkas import FarkasCertificate
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Minimum, Polyhedron
from verishallow.rationals import Vector

Pattern = tuple[tuple[bool, ...], ...]
"""Which neurons are active: one row per hidden layer (an activation pattern)."""


@dataclass(frozen=True, slots=True)
class PathConstraint:
    """The side of a split on which a cell lies: ``form >= 0``, with a primitive form.

    ``violation`` names the layer-1 unit ``ReLU(-form)``: plane number ``k`` of the path, signed, so that
    ``+k`` is ``ReLU(plane_k)`` and ``-k`` is ``ReLU(-plane_k)``. On a strict side the half-open cell does not
    contain ``{form = 0}``.
    """

    form: AffineForm
    violation: int
    strict: bool


@dataclass(frozen=True)
class Cell:
    """A full-dimensional closed cell: the domain and the constraints of one path.

    Constraints are numbered, the rows of the domain first, then the path. ``facets`` are the numbers of those
    that define facets of the cell; all others follow from them. ``positive`` are strict constraints, not facets,
    that cannot vanish where the strict facets are positive.
    """

    domain: Polyhedron
    path: tuple[PathConstraint, ...]
    facets: tuple[int, ...]
    positive: frozenset[int]

    @classmethod
    def whole(cls, domain: Polyhedron) -> "Cell":
        """The domain itself."""
        return cls(domain, (), domain.facets, frozenset())

    @cached_property
    def constraints(self) -> tuple[AffineForm, ...]:
        """All constraints by number; each is non-negative on the cell."""
        return (*self.domain.inequalities, *(constraint.form for constraint in self.path))

    @cached_property
    def polyhedron(self) -> Polyhedron:
        """The closed cell by its facets alone."""
        return Polyhedron(self.domain.dimension, tuple(self.constraints[number] for number in self.facets))

    def split_off(self, constraint: PathConstraint) -> tuple["Cell", "Redundant"]:
        """The part of the cell where one more constraint holds, and which constraints are redundant there."""
        part = self.polyhedron.with_inequality(constraint.form)
        numbers = (*self.facets, len(self.constraints))
        facets = tuple(numbers[facet] for facet in part.facets)
        cell = Cell(self.domain, (*self.path, constraint), facets, self.positive)
        return cell.dropping(number for number in numbers if number in cell.path_numbers() and number not in facets)

    def dropping(self, numbers: Iterable[int]) -> tuple["Cell", "Redundant"]:
        """The same cell, and the reasons why these path constraints, which are no facets, are redundant."""
        dropped = tuple((number, self.minimise(self.constraints[number]).reason) for number in numbers)
        return replace(self, positive=self.positive | self.positive_for(dropped)), Redundant(dropped)

    def positive_for(self, dropped: Iterable[tuple[int, FarkasCertificate]]) -> frozenset[int]:
        """The dropped constraints that are strict and, by their reasons, cannot vanish."""
        strict = {number for number in self.path_numbers() if self.path_number(number).strict}
        return frozenset(
            number
            for number, reason in dropped
            if number in strict
            and (
                not reason.support().isdisjoint(strict)
                or reason.lower_bound(self.constraints[number], self.constraints) > 0
            )
        )

    def minimise(self, form: AffineForm, equations: frozenset[int] = frozenset()) -> Minimum:
        """The least value of a form on the cell, with constraints by number; ``equations`` are those held at 0."""
        numbers = sorted({*self.facets, *equations})
        bounding = Polyhedron(self.domain.dimension, tuple(self.constraints[number] for number in numbers))
        found = bounding.minimise(form, [numbers.index(number) for number in equations])
        numbered = tuple((numbers[index], multiplier) for index, multiplier in found.reason.multipliers)
        return Minimum(found.value, FarkasCertificate(numbered))

    def never_all_zero(self, on: tuple[int, ...]) -> FarkasCertificate | None:
        """Why these constraints have no common zero on the cell; ``None`` where they have one.

        All but the last must have a common zero. The reason bounds the last one below, by a positive number, where the
        others vanish.
        """
        if frozenset.intersection(*(self._zeros[number] for number in on)):
            return None
        *equations, last = on
        minimum = self.minimise(self.constraints[last], frozenset(equations))
        if minimum.value is None or minimum.value <= 0:
            raise ProofError(
                f"constraints {on} have no common vertex, yet the last one's least value is {minimum.value}"
            )
        return minimum.reason

    @cached_property
    def _zeros(self) -> dict[int, frozenset[int]]:
        return {number: self.vanishing(number) for number in self.vanishing_strict()}

    def vanishing_strict(self) -> list[int]:
        """The strict path constraints that may vanish where the cell is half-open."""
        strict = [number for number in self.path_numbers() if self.path_number(number).strict]
        return [number for number in strict if number not in self.positive]

    def vanishing(self, number: int) -> frozenset[int]:
        """The vertices (numbered within the cell) at which a constraint vanishes."""
        form, vertices = self.constraints[number], self.polyhedron.v_representation.vertices
        return frozenset(index for index, vertex in enumerate(vertices) if not form.at_homogeneous((ONE, *vertex)))

    def path_number(self, number: int) -> PathConstraint:
        """The path constraint with this number."""
        return self.path[number - len(self.domain.inequalities)]

    def path_numbers(self) -> range:
        """The numbers of the path constraints."""
        return range(len(self.domain.inequalities), len(self.constraints))


@dataclass(frozen=True, slots=True)
class Decision:
    """A neuron that is stable on a cell, and why: ``h >= 0`` where active, ``-h >= 0`` where inactive."""

    neuron: int
    reason: FarkasCertificate


@dataclass(frozen=True, slots=True)
class Stable:
    """A node that decides stable neurons of the current layer."""

    active: Sequence[Decision]
    inactive: Sequence[Decision]


@dataclass(frozen=True, slots=True)
class LayerEntry:
    """A node that enters a layer (1 is the first): its stable neurons, the undecided ones and their planes.

    Each distinct plane appears once, in the order of the undecided neurons, and takes the next number of the
    path, counted from 1.
    """

    layer: int
    stable: Stable
    undecided: tuple[int, ...]
    planes: tuple[AffineForm, ...]


@dataclass(frozen=True, slots=True)
class Redundant:
    """A node that drops path constraints: each follows from the domain and the path constraints that are kept."""

    constraints: tuple[tuple[int, FarkasCertificate], ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A node that splits the cell at ``{h = 0}`` for an undecided neuron; the children follow, ``h >= 0`` first.

    ``strict_side`` (1 or -1) is the side to which the hyperplane does not belong.
    """

    neuron: int
    strict_side: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A node on which every neuron is decided: the network is one affine map on the closed cell.

    ``witness`` is a rational point strictly inside every constraint of the domain and the path.
    """

    cell: Cell
    pattern: Pattern
    affine_map: AffineMap
    witness: Vector


@dataclass(frozen=True, slots=True)
class Cut:
    """A node that splits the cell at any hyperplane, before a layer is entered; the side ``plane >= 0`` comes first.

    ``strict_side`` (1 or -1) is the side to which the hyperplane does not belong.
    """

    plane: AffineForm
    strict_side: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A leaf with neurons that may be undecided: a proof follows that the network has one affine map on all of it."""

    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Below:
    """A node of the proof below a piece."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class Explicit:
    """A node at the root in which a claim states its function explicitly; only the claim interprets ``of``."""

    of: object


@dataclass(frozen=True, slots=True)
class Open:
    """A cell that was not explored; a certificate that contains one is incomplete."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What an engine yields last: counts of all regions together. It is no node, and is not certified."""

    affine_pieces: int
    linear_regions: int


Node = LayerEntry | Stable | Redundant | Split | Leaf | Cut | Piece | Below | Explicit | Open


class Engine(Protocol):
    """A function that builds a cell tree: its nodes in preorder; a hyperplane belongs to the side of ``reference``."""

    def __call__(
        self, network: ReLUNetwork, domain: Polyhedron, reference: Vector, *, reporting: bool = True
    ) -> Iterator[Node | Reported]:
        """The tree of a network on a full-dimensional domain, and last what is reported, where that is asked for."""
        ...
