"""The cell tree read off a finished complex: the trie of the activation patterns, with closed-form reasons.

A stable neuron's reason comes from the vertex of the node at which its pre-activation is least: there its gradient is
a non-negative combination of the constraints that vanish. Floats choose the vertex; the combination is exact.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import mul
from typing import NamedTuple

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.affine import AffineForm, AffineMap
from verishallow.farkas import FarkasCertificate
from verishallow.rationals import Vector
from verishallow.regions.cdd_engine import CellPlace
from verishallow.regions.cell_tree import (
    LayerEntry,
    Leaf,
    Node,
    PathConstraint,
    Redundant,
    Split,
    Stable,
)
from verishallow.regions.components import components_of
from verishallow.regions.constraint_rows import (
    Constraints,
    Row,
    affine_form,
    integer_row_of,
    leading,
    oriented,
    plane_row,
)
from verishallow.regions.face_lattice import Numbers, Signs
from verishallow.regions.integer_network import Whole, narrowed, primitive_integers
from verishallow.regions.lattice_cell import LatticeCell
from verishallow.regions.reported import PartReport, Wall, digests_of, names_of_facets
from verishallow.regions.sorted_cells import SortedCells
from verishallow.regions.start_complex import AT_INFINITY
from verishallow.regions.vertex_reasons import VertexReasons


class _Run(NamedTuple):
    """The node of the tree that the walk has reached: the run of cells first, ..., last - 1."""

    first: int
    last: int
    layer: int
    undecided: Numbers
    path: tuple[PathConstraint, ...]
    constraints: Constraints
    planes: int
    units: dict[Row, int]
    kept: tuple[tuple[int, int], ...]
    """The path constraints that are facets of the node's parent, and the last one: numbers and labels of facets."""
    positive: frozenset[int]


class LatticeTree:
    """The tree of one complex below one place; :meth:`nodes` yields it in preorder."""

    def __init__(self, cells: SortedCells, place: CellPlace, reference: Vector) -> None:
        self.cells, self.place, self.root = cells, place, place.cell
        self.reference = primitive_integers([mpq(1), *reference])
        self.reasons = VertexReasons(cells, self.root)
        self.domain_rows = len(self.root.domain.inequalities)
        self.offsets: list[int] = cells.offsets.tolist()
        self.maps: dict[int, AffineMap] = {}
        self.entry: list[list[int]] = []
        self.forms: list[Whole] = []
        self.rounded: list[NDArray[np.float64]] = []
        """The forms, each divided by its largest coefficient."""
        for layer in range(len(cells.network.layers)):
            entry, integers = cells.entries(layer)
            forms = narrowed(integers)
            largest = np.abs(forms).max(axis=2, keepdims=True)
            self.entry.append(entry.tolist())
            self.forms.append(forms)
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
            constraints=Constraints(rows, tuple(map(self.reasons.slope, rows)), {}),
            planes=len(self.place.units),
            units=units,
            kept=tuple((number, -2 - i) for i, number in enumerate(self.root.facets) if number >= self.domain_rows),
            positive=self.root.positive,
        )

    def report(self) -> PartReport:
        """What is reported of the cells of this tree."""
        of_entries, entry = digests_of(self.forms[-1]), self.entry[-1]
        component, number = self._components(of_entries)
        cells, signs = self._walls()
        walls = (
            Wall(name, of_entries[entry[cell]], component[cell])
            for name, cell in zip(names_of_facets(signs), cells, strict=True)
        )
        return PartReport(frozenset(of_entries), number, tuple(walls))

    def _components(self, of_entries: list[bytes]) -> tuple[list[int], int]:
        """For each cell the number of its component, joined through facets where maps are one; and how many."""
        numbers = {digest: number for number, digest in enumerate(of_entries)}
        maps = np.array([numbers[digest] for digest in of_entries])[self.entry[-1]]
        pairs = self.cells.neighbours()
        same = maps[pairs[:, 0]] == maps[pairs[:, 1]]
        return components_of(self.cells.count, pairs[same].tolist())

    def _walls(self) -> tuple[list[int], Signs]:
        """The facets in path constraints of the place, where regions of other trees begin: cells, and signs on them."""
        made = [-2 - index for index, number in enumerate(self.root.facets) if number >= self.domain_rows]
        places = np.flatnonzero(np.isin(self.cells.facet_labels.values, made))
        cells = np.searchsorted(self.cells.facets.starts, places, side="right") - 1
        found = self.cells.complex
        return cells.tolist(), found.signs_on(found.lattice.dimension - 1, self.cells.facets.values[places])

    def _form(self, place: _Run, neuron: int) -> Row:
        return tuple(self.forms[place.layer][self.entry[place.layer][place.first], neuron].tolist())

    def _drop(self, place: _Run) -> tuple[Redundant, _Run]:
        """Drop the path constraints that define a facet of no cell of the node."""
        first, last = place.first, place.last
        dropped = [number for number, label in place.kept if not self.cells.have_facet(first, last, label)]
        if not dropped:
            return Redundant(()), place
        kept = tuple(pair for pair in place.kept if pair[0] not in dropped)
        usable = {*range(self.domain_rows), *(number for number, _ in kept)}
        rows = [place.constraints.rows[number] for number in dropped]
        least = self.reasons.least_points(first, last, rows)
        reasons = [
            (number, self.reasons.reason(place.constraints, row, 1, point, usable))
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
        columns = place.undecided + self.offsets[place.layer]
        constant = self.cells.run_end[place.first].take(columns) >= place.last
        neurons = place.undecided[constant]
        if not len(neurons):
            return Stable((), ()), place
        on = self.cells.patterns[place.first].take(columns[constant]) > 0
        return self._stable(place, neurons, on), place._replace(undecided=place.undecided[~constant])

    def _stable(self, place: _Run, neurons: Numbers, on: NDArray[np.bool_]) -> Stable:
        layer, scale = place.layer, self.cells.integers.layers[place.layer].scale
        entry = self.entry[layer][place.first]
        slopes = self.rounded[layer][entry].take(neurons, axis=0) * np.where(on, 1.0, -1.0)[:, None]
        least = self.reasons.least(place.first, place.last, slopes)
        forms = map(tuple, self.forms[layer][entry].take(neurons, axis=0).tolist())
        neurons_with = zip(neurons.tolist(), on.tolist(), forms, least, strict=True)
        return Stable(*self.reasons.of_neurons(place.constraints, neurons_with, scale))

    def _split(self, place: _Run) -> tuple[Split, list[_Run]]:
        neuron = int(place.undecided[0])
        form = self._form(place, neuron)
        plane = plane_row(form)
        at_reference = sum(map(mul, form, self.reference))
        strict = -1 if at_reference >= 0 else 1
        along = 1 if form[leading(form)] > 0 else -1
        below = [self._below(place, neuron, plane, side, side * along, side == strict) for side in (-1, 1)]
        return Split(neuron, strict), below

    def _below(self, place: _Run, neuron: int, plane: Row, side: int, facing: int, strict: bool) -> _Run:
        """The run on one side of a neuron, where ``facing * plane`` is not negative."""
        column = self.offsets[place.layer] + neuron
        middle = int(self.cells.run_end[place.first, column])
        row = oriented(plane, facing > 0)
        constraint = PathConstraint(affine_form(row), -facing * place.units[plane], strict)
        first, last = (place.first, middle) if side > 0 else (middle, place.last)
        return place._replace(
            first=first,
            last=last,
            undecided=place.undecided[1:],
            path=(*place.path, constraint),
            constraints=place.constraints.with_split(row, self.reasons.slope(row), column),
            kept=(*place.kept, (len(place.constraints.rows), column)),
        )

    def _leaf(self, place: _Run) -> Leaf:
        labels = self.cells.facet_labels.rows(place.first, place.last).tolist()
        facets = tuple(sorted(self._numbers(place, labels)))
        cell = LatticeCell(
            self.root.domain, place.path, facets, place.positive, self.reasons, place.constraints, place.first
        )
        return Leaf(cell, self._pattern(place.first), self._affine_map(place.first), cell.witness())

    def _affine_map(self, cell: int) -> AffineMap:
        if cell not in self.maps:
            scale = self.cells.integers.layers[-1].scale
            rows = self.forms[-1][self.entry[-1][cell]].tolist()
            self.maps[cell] = AffineMap(tuple(AffineForm(tuple(mpq(a, scale) for a in row)) for row in rows))
        return self.maps[cell]

    def _numbers(self, place: _Run, labels: Iterable[int]) -> set[int]:
        """The constraints with these labels of facets; a neuron that splits nothing above the node has none."""
        made, facets = place.constraints.numbers, self.root.facets
        return {
            facets[-2 - label] if label < AT_INFINITY else made[label]
            for label in labels
            if label < AT_INFINITY or label in made
        }

    def _pattern(self, cell: int) -> tuple[tuple[bool, ...], ...]:
        signs = (self.cells.patterns[cell] > 0).tolist()
        return tuple(tuple(signs[a:b]) for a, b in pairwise(self.offsets))
