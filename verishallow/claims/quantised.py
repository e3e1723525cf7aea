"""The construction ``quantised``: equality at the points of a grid, all weights finite."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import ClassVar

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm
from verishallow.claims.claim import ClaimKind
from verishallow.claims.construction import Asked, Construction, Recorded
from verishallow.claims.equality import Equality
from verishallow.errors import DomainError, InputError
from verishallow.farkas import FarkasCertificate
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, format_rational, rational
from verishallow.read import load
from verishallow.read.domains.usable_domain import Domain, parts_of
from verishallow.read.sources import Model
from verishallow.records.lines import Tally
from verishallow.records.spelling import Record, listed, rational_texts, spelled_forms, spelled_reason
from verishallow.records.tree import region_of
from verishallow.regions.cdd_engine import generic_point
from verishallow.regions.cell_tree import Cell, Engine, Leaf, Node, Open, PathConstraint, Redundant, Reported, Split
from verishallow.regions.enumeration import ENGINES, engine_named
from verishallow.shallow.grids import Grid
from verishallow.shallow.quantised import Gates
from verishallow.shallow.three_layer import ThreeLayerBuilder, ThreeLayerNetwork
from verishallow.slices import Slice

Drops = tuple[tuple[int, FarkasCertificate], ...]
"""The constraints dropped on a path, each with its reason."""


@dataclass(frozen=True, slots=True)
class GatedByGrid(Leaf):
    """A leaf with the constraints for which its units need gates."""

    gates: tuple[PathConstraint, ...]


@dataclass(frozen=True, slots=True)
class Quantised(Equality):
    """The network and a three-layer network of finite weights are equal at all grid points of a bounded domain.

    Made by :func:`quantised`, which finds a sufficient weight.
    """

    gates: Gates | None = None
    weight: mpq = ZERO
    name: ClassVar[str] = "equality-on-grid"
    construction: ClassVar[str] = "quantised"
    in_parts: ClassVar[bool] = False
    """The gates of a leaf depend on the redundant constraints of its whole path."""

    def header(self) -> Record:
        """The grid, and the weight of the gates."""
        grid = self._gates.grid
        pairs = [rational_texts(pair) for pair in zip(grid.offsets, grid.steps, strict=True)]
        weight = rational_texts([self.weight])[0]
        return {"claim": self.name, "construction": self.construction, "gate_weight": weight, "grid": pairs}

    @property
    def _gates(self) -> Gates:
        if self.gates is None:
            raise InputError("quantised: expected a grid; make the claim with quantised(network, domain, grid)")
        return self.gates

    def tree(
        self, engine: Engine, network: ReLUNetwork, domain: Polyhedron, reference: Vector
    ) -> Iterator[Node | Reported]:
        """The tree of cells; at each leaf it is known which gates are needed."""
        return gated_leaves(engine(network, domain, reference, reporting=self.reports), self._gates.grid)

    def mark(self, _node: Split) -> Record:
        """No mark: the grid says to which side a hyperplane belongs."""
        return {}

    def leaf(self, leaf: Leaf) -> tuple[Record, Tally]:
        """The map of the leaf, its gates, and per gate and output the reason why its weight suffices."""
        found = leaf.gates if isinstance(leaf, GatedByGrid) else ()
        reasons = listed(listed(self._reasons(gate.form, leaf.affine_map.forms)) for gate in found)
        units = [gate.violation for gate in found]
        return {"map": spelled_forms(leaf.affine_map.forms), "gates": units, "reasons": reasons}, Tally(
            leaves=1, faces=1
        )

    def _reasons(self, side: AffineForm, forms: tuple[AffineForm, ...]) -> Iterator[str]:
        gate = self._gates.grid.gate(side).scaled(self.weight)
        for form in forms:
            for slack in (gate - form, gate + form):
                yield spelled_reason(self._gates.reason(side, slack))


def quantised(
    network: Model,
    domain: Domain,
    grid: Grid | str,
    engine: str = "auto",
    on_slice: Slice | None = None,
) -> Quantised:
    """The claim that a network of finite weights equals a network at the points of a grid in a bounded domain.

    The weight of its gates is the least power of two with which each gate alone suffices, everywhere in the domain.
    On a slice (``on_slice``) the domain and the grid are about its parameters. Raises
    :class:`~verishallow.errors.DomainError` for a domain that is unbounded, or has no grid point.

    >>> from verishallow import Grid, ReLUNetwork, prove
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> claim = quantised(modulus, "box:-1,1", Grid.of([(0, "1/255")]))
    >>> prove(modulus, "box:-1,1", claim=claim).shallow.layer2.infinite_weights(), claim.weight
    (0, mpq(1,1))
    """
    read = load(network)
    (part,) = parts_of(domain, read.inputs, on_slice, most=1)
    function = part.slice.restricted(read) if part.slice else read
    points = Grid.meant(grid, part.polyhedron.dimension)
    chosen = ENGINES[engine_named(engine, part.polyhedron.dimension)]
    return _by_cells(function, part.polyhedron, points, chosen, generic_point(part.polyhedron))


def _by_cells(network: ReLUNetwork, domain: Polyhedron, grid: Grid, engine: Engine, reference: Vector) -> Quantised:
    """The claim of equality at the grid points of a bounded domain, for a network on that domain.

    The weight of the gates is the least power of two with which each gate alone, wherever it is at least its step in
    the domain, outweighs the map of the leaf. Raises :class:`~verishallow.errors.DomainError` for a domain that is
    unbounded or has no grid point, and :class:`~verishallow.errors.InputError` for a grid of another dimension.
    """
    if grid.dimension != domain.dimension:
        raise InputError(f"grid: expected {domain.dimension} steps, one for each input, found {grid.dimension}")
    _require_points(domain, grid)
    gates = Gates(domain, grid)
    nodes = gated_leaves(engine(network, domain, reference, reporting=False), grid)
    leaves = (leaf for leaf in nodes if isinstance(leaf, GatedByGrid))
    weight = reduce(lambda known, leaf: _needed(gates, leaf, known), leaves, ZERO)
    return Quantised(gates=gates, weight=weight or mpq(1))


def _needed(gates: Gates, leaf: GatedByGrid, weight: mpq) -> mpq:
    for gate in leaf.gates:
        for form in leaf.affine_map.forms:
            for signed in (form, -form):
                weight = gates.needed(gate.form, signed, weight)
    return weight


def _require_points(domain: Polyhedron, grid: Grid) -> None:
    """Raise an error if the domain is unbounded, or lies between grid points in some coordinate."""
    for i, (offset, step) in enumerate(zip(grid.offsets, grid.steps, strict=True)):
        coordinate = AffineForm.coordinate(i, domain.dimension)
        low, negated = domain.minimise(coordinate).value, domain.minimise(-coordinate).value
        if low is None or negated is None:
            raise DomainError(
                f"quantised: input {i} is unbounded on the domain, and a finite weight is exact only on a bounded one; "
                "name one with --domain"
            )
        if low + (offset - low) % step > -negated:
            raise DomainError(
                f"quantised: no point of the grid lies in the domain, whose input {i} is between "
                f"{format_rational(low)} and {format_rational(-negated)}"
            )


def gated_leaves(nodes: Iterator[Node | Reported], grid: Grid) -> Iterator[Node | Reported]:
    """The nodes of a tree in preorder; the leaves have the gates that they need on a grid."""
    waiting: list[Drops] = [()]
    for node in nodes:
        match node:
            case Redundant():
                waiting[-1] += node.constraints
            case Split():
                waiting.append(waiting[-1])
            case Leaf():
                gates = _gates_of(node.cell, waiting.pop(), grid)
                yield GatedByGrid(node.cell, node.pattern, node.affine_map, node.witness, gates)
                continue
            case Open():
                waiting.pop()
            case _:
                pass
        yield node


def _gates_of(cell: Cell, drops: Drops, grid: Grid) -> tuple[PathConstraint, ...]:
    """The gates of the facets and of the hyperplanes that the cell touches but that do not belong to it, by planes."""
    constraints, numbers = cell.constraints, cell.path_numbers()
    strict = {number for number in numbers if not grid.owned(constraints[number])}
    positive = {
        number
        for number, reason in drops
        if number in strict
        and (not reason.support().isdisjoint(strict) or reason.lower_bound(constraints[number], constraints) > 0)
    }
    kept = [number for number in numbers if number in cell.facets or (number in strict and number not in positive)]
    return tuple(sorted(map(cell.path_number, kept), key=lambda gate: abs(gate.violation)))


def quantised_network(recorded: Recorded) -> ThreeLayerNetwork:
    """The three-layer network with finite gates: two units of layer 1 per plane, shifted into the grid's gaps."""
    header, tree, grid = recorded.header, recorded.tree, Grid.of(recorded.header["grid"])
    builder, weight = ThreeLayerBuilder(header["inputs"], header["outputs"]), -rational(header["gate_weight"])
    first = [builder.add_units(grid.gate(-plane), grid.gate(plane)) for plane in tree.planes]
    for leaf in tree.leaves:
        (face,) = leaf.faces
        gates = [(first[abs(unit) - 1] + (unit < 0), weight) for unit in face.gates]
        for output, form in enumerate(region_of(leaf).affine_map.forms):
            for sign in (1, -1):
                builder.add_gated_unit(form.scaled(mpq(sign)), gates, (), [(output, mpq(sign))])
    return builder.build()


def _asked(asked: Asked) -> Quantised:
    if asked.grid is None:
        raise InputError("quantised: name the grid of the inputs with --grid, such as 1/255")
    if len(asked.parts) != 1:
        raise InputError(f"quantised: expected a domain in one part, found {len(asked.parts)}, each of another weight")
    (part,) = asked.parts
    return quantised(asked.network, part.polyhedron, asked.grid, asked.engine, part.slice)


QUANTISED = Construction(
    Quantised.construction,
    what="all activation regions, for the inputs of a --grid",
    section="22",
    make=_asked,
    three_layer=quantised_network,
    needs_grid=True,
)


ON_GRID = ClaimKind(
    Quantised.name,
    "Certificate that a deep {ReLU} network equals one of two hidden layers on a grid",
    "22",
    shallow=True,
    asked=False,
)
