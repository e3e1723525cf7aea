"""The cell tree read off a finished complex: the trie of the activation patterns, with closed-form reasons.

A stable neuron's reason comes from the vertex of the node at which its pre-activation is least: there its gradient is
a non-negative combination of the constraints that vanish. Floats choose the vertex; the combination is exact.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.affine import AffineForm, AffineMap
from verishallow.farkas import FarkasCertificate
from verishallow.rationals import Vector
from verishallow.regions.cdd_engine import Place
from verishallow.regions.cell_tree import (
    Cell,
    Decision,
    LayerEntry,
    Leaf,
    Node,
    PathConstraint,
    Redundant,
    Split,
    Stable,
)
from verishallow.regions.components import components_of
from verishallow.regions.cone import Basis, combination
from verishallow.regions.constraint_rows import (
    Constraints,
    Row,
    affine_form,
    integer_row_of,
    leading,
    oriented,
    plane_row,
    reason_by_linear_program,
    rounded,
)
from verishallow.regions.face_lattice import Numbers
from verishallow.regions.integer_network import primitive_integers
from verishallow.regions.lattice_cell import LatticeCell
from verishallow.regions.reported import PartReport, digest_of, integer_row, wall_at
from verishallow.regions.sorted_cells import SortedCells
from verishallow.regions.start_complex import AT_INFINITY


class _Run(NamedTuple):
    """A node of the tree while the walk stands there: the run of cells first, ..., last - 1."""

    first: int
    last: int
    layer: int
    undecided: Numbers
    path: tuple[PathConstraint, ...]
    constraints: Constraints
    planes: int
    units: dict[Row, int]
    kept: tuple[int, ...]
    """The path constraints, by number, that are facets of the node's parent, and the last one."""
    positive: frozenset[int]


class LatticeTree:
    """The tree of one complex below one place; :meth:`nodes` yields it in preorder."""

    def __init__(self, cells: SortedCells, place: Place, owner: Vector) -> None:
        self.cells, self.place, self.root = cells, place, place.cell
        self.owner = primitive_integers([mpq(1), *owner])
        self.walls = _walls(cells, self.root)
        self.domain_rows = len(self.root.domain.inequalities)
        self.entry: list[list[int]] = []
        self.forms: list[list[list[Row]]] = []
        self.rounded: list[NDArray[np.float64]] = []
        """The forms divided by their largest coefficient."""
        for layer in range(len(cells.network.layers)):
            entry, forms = cells.entries(layer)
            largest = np.abs(forms).max(axis=2, keepdims=True)
            self.entry.append(entry.tolist())
            self.forms.append([[tuple(form) for form in rows] for rows in forms.tolist()])
            self.rounded.append((forms / np.where(largest == 0, 1, largest)).astype(np.float64))

    def nodes(self) -> Iterator[Node]:
        """All nodes below the place."""
        if self.place.redundant.constraints:
            yield self.place.redundant
        waiting = [self._start()]
        while waiting:
            redundant, place = self._drop(waiting.pop())
            if redundant.constraints:
                yield redundant
            if len(place.undecided):
                stable, place = self._settle(place)
                if stable.active or stable.inactive:
                    yield stable
            while not len(place.undecided):
                if place.layer + 2 == len(self.forms):
                    yield self._leaf(place)
                    break
                entry, place = self._enter_layer(place)
                yield entry
            else:
                split, below = self._split(place)
                yield split
                waiting += below

    def _start(self) -> _Run:
        rows = tuple(integer_row_of(form) for form in self.root.constraints)
        units = {integer_row_of(plane): number for number, plane in enumerate(self.place.units, start=1)}
        return _Run(
            first=0,
            last=self.cells.count,
            layer=len(self.place.pattern) - (not self.place.forms),
            undecided=np.array(self.place.undecided(), dtype=np.int64),
            path=self.root.path,
            constraints=Constraints(rows, tuple(map(self.slope, rows)), {}),
            planes=len(self.place.units),
            units=units,
            kept=tuple(number for number in self.root.path_numbers() if number in self.root.facets),
            positive=self.root.positive,
        )

    def report(self) -> PartReport:
        """What is reported of the cells of this tree."""
        digests = [digest_of(self._affine_map(cell)) for cell in range(self.cells.count)]
        pairs = [(a, b) for a, b in self.cells.neighbours.tolist() if digests[a] == digests[b]]
        component, number = components_of(self.cells.count, pairs)
        walls = [
            wall_at(
                self.root.constraints[self.root.facets[-2 - label]], digests[cell], component[cell], self._rows(cell)
            )
            for cell in range(self.cells.count)
            for label in self.cells.facet_labels.rows(cell, cell + 1).tolist()
            if label < AT_INFINITY and self.root.facets[-2 - label] >= self.domain_rows
        ]
        return PartReport(frozenset(digests), number, tuple(walls))

    def _rows(self, cell: int) -> tuple[Row, ...]:
        """The facets of a cell, as integer rows that are non-negative on it."""
        return tuple(
            self._facet_row(cell, label)
            for label in self.cells.facet_labels.rows(cell, cell + 1).tolist()
            if label != AT_INFINITY
        )

    def _facet_row(self, cell: int, label: int) -> Row:
        if label < AT_INFINITY:
            return integer_row(self.root.constraints[self.root.facets[-2 - label]])
        layer = int(np.searchsorted(self.cells.offsets, label, side="right")) - 1
        form = self.forms[layer][self.entry[layer][cell]][label - int(self.cells.offsets[layer])]
        return oriented(form, bool(self.cells.patterns[cell, label] > 0))

    def _form(self, place: _Run, neuron: int) -> Row:
        return self.forms[place.layer][self.entry[place.layer][place.first]][neuron]

    def _drop(self, place: _Run) -> tuple[Redundant, _Run]:
        """Drop the path constraints in which no cell of the node has a facet."""
        present = set(np.unique(self.cells.facet_labels.rows(place.first, place.last)).tolist())
        facets = self._numbers(place, present)
        dropped = [number for number in place.kept if number not in facets]
        if not dropped:
            return Redundant(()), place
        kept = tuple(number for number in place.kept if number in facets)
        usable = {*range(self.domain_rows), *kept}
        rows = [place.constraints.rows[number] for number in dropped]
        least = self.least_points(self.cells.vertices.rows(place.first, place.last), rows)
        reasons = [
            (number, self.reason(place.constraints, row, 1, point, usable))
            for number, row, point in zip(dropped, rows, least, strict=True)
        ]
        positive = {number for number, reason in reasons if self._stays_positive(place, number, reason)}
        return Redundant(tuple(reasons)), place._replace(kept=kept, positive=place.positive | positive)

    def _stays_positive(self, place: _Run, number: int, reason: FarkasCertificate) -> bool:
        """Whether a strict constraint cannot vanish where the strict ones of its reason are positive."""
        strict = place.path[number - self.domain_rows].strict
        used = [index for index in reason.support() if index >= self.domain_rows]
        rows = place.constraints.rows
        return strict and (
            any(place.path[index - self.domain_rows].strict for index in used)
            or reason.lower_bound(affine_form(rows[number]), [affine_form(row) for row in rows]) > 0
        )

    def _enter_layer(self, place: _Run) -> tuple[LayerEntry, _Run]:
        layer = place.layer + 1
        width = self.cells.network.layers[layer].width
        stable, place = self._settle(place._replace(layer=layer, undecided=np.arange(width), units={}))
        undecided = place.undecided.tolist()
        planes = dict.fromkeys(plane_row(self._form(place, neuron)) for neuron in undecided)
        units = {plane: place.planes + 1 + index for index, plane in enumerate(planes)}
        forms = tuple(affine_form(plane) for plane in planes)
        entered = place._replace(units=units, planes=place.planes + len(units))
        return LayerEntry(layer + 1, stable, tuple(undecided), forms), entered

    def _settle(self, place: _Run) -> tuple[Stable, _Run]:
        columns = self.cells.offsets[place.layer] + place.undecided
        constant = self.cells.run_end[place.first, columns] >= place.last
        neurons = place.undecided[constant].tolist()
        on = (self.cells.patterns[place.first, columns[constant]] > 0).tolist()
        stable = self._stable(place, neurons, on) if neurons else Stable((), ())
        return stable, place._replace(undecided=place.undecided[~constant])

    def _stable(self, place: _Run, neurons: list[int], on: list[bool]) -> Stable:
        layer, scale = place.layer, self.cells.integers.layers[place.layer].scale
        entry = self.entry[layer][place.first]
        slopes = self.rounded[layer][entry][neurons] * np.where(on, 1.0, -1.0)[:, None]
        points = self.cells.vertices.rows(place.first, place.last)
        least = self._least(points, slopes)
        bases: dict[int, Basis | None] = {}
        kinds: tuple[list[Decision], list[Decision]] = ([], [])
        for neuron, active, point in zip(neurons, on, least, strict=True):
            form = oriented(self.forms[layer][entry][neuron], active)
            kinds[active].append(Decision(neuron, self._reason_at(place.constraints, form, scale, point, bases)))
        return Stable(tuple(kinds[True]), tuple(kinds[False]))

    def _reason_at(
        self, constraints: Constraints, form: Row, scale: int, point: int, bases: dict[int, Basis | None]
    ) -> FarkasCertificate:
        """Why ``form / scale`` is least at a point; the bases of points are solved once for many neurons."""
        slope = self.slope(form)
        if not any(slope):
            return FarkasCertificate(())
        if point not in bases:
            tight = self.tight(constraints, point)
            simple = len(tight) == len(slope)
            bases[point] = Basis.of(tight, [constraints.slopes[number] for number in tight]) if simple else None
        basis = bases[point]
        multipliers = basis.combination(slope, scale) if basis else None
        if multipliers is None:
            return self.reason(constraints, form, scale, point, range(len(constraints.rows)))
        return FarkasCertificate(multipliers)

    def least_points(self, points: Numbers, forms: Sequence[Row]) -> Iterator[int]:
        """For each form a point at which it is least, up to rounding."""
        if forms:
            slopes = np.array([rounded(form) for form in forms])
            yield from self._least(points, slopes)

    def _least(self, points: Numbers, slopes: NDArray[np.float64]) -> list[int]:
        # Where floats overflow, some point is returned; a wrong one is found out, and costs a linear program.
        with np.errstate(over="ignore", invalid="ignore"):
            values = np.nan_to_num(self.cells.floats[points] @ slopes.T, nan=np.inf)
        found: list[int] = points[np.argmin(values, axis=0)].tolist()
        return found

    def slope(self, row: Row) -> Row:
        """The linear part of a row in the coordinates of the quotient."""
        return tuple(row[i + 1] for i in self.cells.kept) if self.cells.complex.dropped else row[1:]

    def reason(
        self,
        constraints: Constraints,
        form: Row,
        scale: int,
        point: int,
        usable: Collection[int],
        free: Collection[int] = (),
    ) -> FarkasCertificate:
        """Why ``form / scale`` is least at a point, over usable constraints; those in ``free`` vanish."""
        tight = self.tight(constraints, point)
        if len(usable) < len(constraints.rows):
            tight = [number for number in tight if number in usable]
        free_rows = [index for index, number in enumerate(tight) if number in free] if free else ()
        found = combination(self.slope(form), [constraints.slopes[number] for number in tight], free_rows)
        if found is None:
            return reason_by_linear_program(constraints, form, scale, sorted(usable), free)
        return FarkasCertificate(tuple((tight[index], value / scale) for index, value in found))

    def tight(self, constraints: Constraints, point: int) -> list[int]:
        """The constraints that vanish at a point, by number."""
        numbers = constraints.numbers
        split = sorted(numbers[column] for column in self.cells.zeros[point] if column in numbers)
        return [*self.walls[point], *split]

    def _split(self, place: _Run) -> tuple[Split, list[_Run]]:
        neuron = int(place.undecided[0])
        form = self._form(place, neuron)
        at_owner = sum(a * x for a, x in zip(form, self.owner, strict=True))
        strict = -1 if at_owner >= 0 else 1
        below = [self._below(place, neuron, form, side, strict) for side in (-1, 1)]
        return Split(neuron, strict), below

    def _below(self, place: _Run, neuron: int, form: Row, side: int, strict: int) -> _Run:
        column = int(self.cells.offsets[place.layer]) + neuron
        middle = int(self.cells.run_end[place.first, column])
        plane = plane_row(form)
        facing = side if plane[leading(plane)] * form[leading(plane)] > 0 else -side
        row = plane if facing > 0 else tuple(-a for a in plane)
        constraint = PathConstraint(affine_form(row), -facing * place.units[plane], side == strict)
        first, last = (place.first, middle) if side > 0 else (middle, place.last)
        return place._replace(
            first=first,
            last=last,
            undecided=place.undecided[1:],
            path=(*place.path, constraint),
            constraints=place.constraints.with_split(row, self.slope(row), column),
            kept=(*place.kept, len(place.constraints.rows)),
        )

    def _leaf(self, place: _Run) -> Leaf:
        labels = self.cells.facet_labels.rows(place.first, place.last).tolist()
        facets = tuple(sorted(self._numbers(place, labels)))
        cell = LatticeCell(self.root.domain, place.path, facets, place.positive, self, place.constraints, place.first)
        return Leaf(cell, self._pattern(place.first), self._affine_map(place.first), cell.witness())

    def _affine_map(self, cell: int) -> AffineMap:
        scale = self.cells.integers.layers[-1].scale
        rows = self.forms[-1][self.entry[-1][cell]]
        return AffineMap(tuple(AffineForm(tuple(mpq(a, scale) for a in row)) for row in rows))

    def _numbers(self, place: _Run, labels: Iterable[int]) -> set[int]:
        """The constraints that labels of facets name; a neuron that splits nothing above the node names none."""
        made, facets = place.constraints.numbers, self.root.facets
        return {
            facets[-2 - label] if label < AT_INFINITY else made[label]
            for label in labels
            if label < AT_INFINITY or label in made
        }

    def _pattern(self, cell: int) -> tuple[tuple[bool, ...], ...]:
        signs = (self.cells.patterns[cell] > 0).tolist()
        offsets = self.cells.offsets.tolist()
        return tuple(tuple(signs[a:b]) for a, b in pairwise(offsets))


def _walls(cells: SortedCells, root: Cell) -> list[list[int]]:
    """For each point the constraints of the root, by number, that vanish there; facets only."""
    kept = [0, *(i + 1 for i in cells.kept)]
    rows = np.array(
        [[integer_row_of(root.constraints[number])[i] for i in kept] for number in root.facets], dtype=object
    )
    if not len(rows):
        return [[]] * len(cells.complex.points)
    vanishing = (cells.complex.points @ rows.T) == 0
    return [[root.facets[i] for i in np.flatnonzero(row)] for row in vanishing]
