"""Counterfactuals: the nearest point of another class, proved to be the nearest.

The cell tree is searched best first: a cell waits with the exact distance to it, a lower bound for all points inside;
at a leaf the distance to the points of the class is one linear program (L1, Linf) or one projection (L2). The first
leaf whose turn comes with that distance is the answer, since nothing that still waits is nearer.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Any

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, AffineMap
from verishallow.errors import DomainError, IncompleteError, InputError, require
from verishallow.explain.classes import Winners, class_count, classes_at, score_forms
from verishallow.explain.distances import Nearest, Norm, is_empty, nearest, norm_named
from verishallow.explain.names import Names, index_named
from verishallow.explain.points import is_in, point_of
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, rational
from verishallow.read import load
from verishallow.read.domains.parts_of import DomainPart
from verishallow.read.domains.usable_domain import Domain, parts_of
from verishallow.read.sources import Model
from verishallow.regions.cdd_engine import generic_point
from verishallow.regions.cell_tree import Leaf
from verishallow.regions.tree_engine import TreePlace, TreeSearch
from verishallow.slices import Slice, affine_hull


@dataclass(frozen=True, slots=True)
class Search:
    """The work behind the proof: leaves whose class was decided, and cells left unexplored as too far away."""

    leaves: int
    pruned: int


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The nearest point to ``start`` that has class ``to``; ``distance`` is squared for L2.

    ``classes`` are all classes that win at the point: it lies on the boundary of the class as a rule, and ties there.
    ``in_domain`` is false where strict inequalities exclude the point itself, and points of the domain come as near as
    one likes to it.
    """

    start: Vector
    point: Vector
    to: int
    norm: Norm
    distance: mpq
    output: Vector
    classes: Winners
    search: Search
    in_domain: bool = True


def counterfactual(
    network: Model,
    start: Iterable[Any],
    to: int | str,
    norm: str = "l2",
    domain: Domain = None,
    fixed: Collection[int] = (),
    bounds: Mapping[int, tuple[Any, Any]] | None = None,
    margin: Any = 0,
    ties: bool = False,
    most_leaves: int | None = None,
    on_slice: Slice | None = None,
    class_names: Sequence[str] | None = None,
) -> Counterfactual | None:
    """The nearest point of a domain at which class ``to`` wins; ``None`` where it wins nowhere, which is proved too.

    The class is the greatest output; a single output makes the classes 0 (below 0) and 1 (above). A class wins at
    the points where its score exceeds every other, and at their limits; with ``ties``, also where others are equal
    to it; with a positive ``margin``, only where it exceeds every other by that much. ``fixed`` features keep their
    values, ``bounds`` are intervals for some others. With ``on_slice``, the nearest point of that slice
    (``domain`` is a set of its parameters); points, features and distances stay those of the inputs.
    ``to`` is a number from 0, or one of ``class_names``.
    Raises :class:`~verishallow.errors.IncompleteError` beyond ``most_leaves``.

    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1], [0, 0, 0]], [0, 3], [0, 1])])
    >>> found = counterfactual(maximum, [0, 0], 0)
    >>> found.point, found.distance, found.classes
    ((mpq(3,1), mpq(0,1)), mpq(9,1), (0, 1))
    """
    network = load(network)
    number = _class_named(network, to, class_names)
    at, wanted = point_of(network, start), Goal(network, number, rational(margin), ties)
    named, search = norm_named(norm), _Search(most_leaves)
    parts = parts_of(domain, network.inputs, on_slice)
    for part in _usable_parts(parts, at, fixed, bounds or {}):
        search.add(part, wanted, at, named)
    found = search.best()
    if found is None:
        return None
    point, distance = found
    tally = Search(search.leaves, search.unexplored)
    inside = not any(part.strict for part in parts) or any(is_in(part, point) for part in parts)
    return Counterfactual(at, point, number, named, distance, network(point), classes_at(network, point), tally, inside)


def _class_named(network: ReLUNetwork, to: int | str, names: Sequence[str] | None) -> int:
    """The number of a class, given by it or by its name."""
    if not isinstance(to, str):
        return to
    numbers = [str(number) for number in range(class_count(network))]
    return index_named("class", Names.of(network.inputs, len(numbers), None, names or numbers).outputs, to)


@dataclass(frozen=True)
class Goal:
    """The set where class ``to`` wins, a polyhedron in each region.

    >>> from verishallow.affine import AffineMap
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [-2])])
    >>> [str(form) for form in Goal(modulus, 1).wins(AffineMap.of([[-2, 1]]))]
    ['-2 + x0']
    """

    network: ReLUNetwork
    to: int
    margin: mpq = ZERO
    ties: bool = False

    def __post_init__(self) -> None:
        require("class", self.to, int, "its number, or its name")
        if not 0 <= self.to < class_count(self.network):
            raise InputError(f"class: expected a number from 0 to {class_count(self.network) - 1}, found {self.to}")
        if self.margin < 0:
            raise InputError(f"margin: expected at least 0, found {self.margin}")

    def wins(self, affine_map: AffineMap) -> list[AffineForm]:
        """The forms that are not negative where the class wins."""
        forms = score_forms(affine_map)
        own = forms[self.to]
        less = AffineForm((self.margin, *(ZERO,) * own.dimension))
        return [own - form - less for number, form in enumerate(forms) if number != self.to]

    def within(self, region: Polyhedron, affine_map: AffineMap) -> Polyhedron | None:
        """The closed part of a closed region in which the class wins; ``None`` if empty."""
        forms = self.wins(affine_map)
        part = Polyhedron(region.dimension, (*region.inequalities, *forms))
        if self.margin or self.ties:
            return None if is_empty(part) else part
        # The points where the class exceeds all others are open in the region: there are some just if the part is full.
        if any(form.is_constant() and form.constant <= 0 for form in forms):
            return None
        return part if part.normalised().implicit_equations() == () else None


class _Search:
    """A search of all parts of the domain, cells in the order of their distances from the start."""

    def __init__(self, most_leaves: int | None) -> None:
        self.waiting: list[tuple[mpq, int, _Waiting]] = []
        self.numbers, self.leaves, self.most = count(), 0, most_leaves

    def add(self, part: DomainPart, goal: Goal, start: Vector, norm: Norm) -> None:
        """Add the root of the tree of a part."""
        tree = _Tree(part, goal, start, norm)
        self._push(tree, tree.nearest_in(part.polyhedron), tree.walk.start(part.polyhedron))

    def best(self) -> tuple[Vector, mpq] | None:
        """The nearest point of the class, and its distance."""
        while self.waiting:
            distance, _, cell = heappop(self.waiting)
            if cell.place is None:
                return cell.tree.embedded(cell.point), distance
            self._expand(cell, cell.place)
        return None

    @property
    def unexplored(self) -> int:
        """The number of cells that still wait, without the nearest points of leaves that were explored."""
        return sum(cell.place is not None for _, _, cell in self.waiting)

    def _expand(self, cell: "_Waiting", place: TreePlace) -> None:
        nodes, below = cell.tree.walk.expand(place)
        if isinstance(nodes[-1], Leaf):
            self.leaves += 1
            if self.most is not None and self.leaves > self.most:
                raise IncompleteError(f"stopped: there are more than {self.most} regions to look at (--max-regions)")
            self._push(cell.tree, cell.tree.nearest_of_class(nodes[-1]), None)
        for child in below:
            inside = child.cell.path[-1].form(cell.point) >= 0
            here = cell.nearest if inside else cell.tree.nearest_in(child.cell.polyhedron)
            self._push(cell.tree, here, child)

    def _push(self, tree: "_Tree", found: Nearest | None, place: TreePlace | None) -> None:
        if found is not None:
            heappush(self.waiting, (found.distance, next(self.numbers), _Waiting(tree, found, place)))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A cell with its nearest point; without a place, a leaf with its nearest point of the class."""

    tree: "_Tree"
    nearest: Nearest
    place: TreePlace | None

    @property
    def point(self) -> Vector:
        return self.nearest.point


class _Tree:
    """The tree of one part of the domain, on its slice, with its distances from the start."""

    def __init__(self, part: DomainPart, goal: Goal, start: Vector, norm: Norm) -> None:
        self.image = part.slice.affine_map if part.slice else None
        network = part.slice.restricted(goal.network) if part.slice else goal.network
        self.walk = TreeSearch(network, generic_point(part.polyhedron))
        self.goal, self.start, self.norm = goal, start, norm

    def embedded(self, point: Vector) -> Vector:
        return self.image(point) if self.image else point

    def nearest_in(self, polyhedron: Polyhedron) -> Nearest | None:
        return nearest(self.start, polyhedron, self.norm, self.image)

    def nearest_of_class(self, leaf: Leaf) -> Nearest | None:
        part = self.goal.within(leaf.cell.polyhedron, leaf.affine_map)
        return None if part is None else self.nearest_in(part)


def _usable_parts(
    parts: Iterable[DomainPart], start: Vector, fixed: Collection[int], bounds: Mapping[int, tuple[Any, Any]]
) -> list[DomainPart]:
    """The non-empty parts with some features bounded and some held at their values."""
    found = [usable for part in parts if (usable := _held(_bounded(part, bounds, len(start)), start, fixed))]
    if not found:
        raise DomainError("no point of the domain is left with these features fixed or bounded, or only this one")
    return found


def _bounded(part: DomainPart, bounds: Mapping[int, tuple[Any, Any]], inputs: int) -> DomainPart:
    rows = [*part.polyhedron.inequalities]
    for feature, (low, high) in bounds.items():
        form, (least, most) = _feature(part, feature, inputs), _ordered(feature, low, high)
        rows += [_shifted(form, -least), _shifted(-form, most)]
    return DomainPart(Polyhedron(part.polyhedron.dimension, tuple(rows)), part.slice)


def _held(part: DomainPart, start: Vector, fixed: Collection[int]) -> DomainPart | None:
    """The part on the slice where fixed features have their values; ``None`` where it is empty."""
    polyhedron, on_slice = part.polyhedron, part.slice
    if fixed:
        held = [_shifted(_feature(part, feature, len(start)), -start[feature]) for feature in sorted(set(fixed))]
        hull = affine_hull(held, polyhedron.dimension)
        if hull is None:
            return None
        polyhedron, on_slice = hull.preimage(polyhedron), hull if on_slice is None else on_slice.after(hull)
    polyhedron = polyhedron.normalised()
    flat = polyhedron.implicit_equations()
    if flat:
        raise DomainError(f"with these features fixed or bounded the domain is flat: {flat[0]} = 0 throughout")
    return None if flat is None else DomainPart(polyhedron, on_slice)


def _feature(part: DomainPart, feature: int, inputs: int) -> AffineForm:
    """A feature as a form of the part's own coordinates."""
    if not 0 <= feature < inputs:
        raise InputError(f"feature: expected a number from 0 to {inputs - 1}, found {feature}")
    return part.slice.affine_map.forms[feature] if part.slice else AffineForm.coordinate(feature, inputs)


def _ordered(feature: int, low: Any, high: Any) -> tuple[mpq, mpq]:
    least, most = rational(low), rational(high)
    if least >= most:
        raise InputError(f"bounds of feature {feature}: expected low < high, found {least} and {most}")
    return least, most


def _shifted(form: AffineForm, step: mpq) -> AffineForm:
    return AffineForm((form.constant + step, *form.linear))
