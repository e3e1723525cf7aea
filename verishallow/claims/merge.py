"""The construction ``merge``: units per convex piece of the function, whatever the neurons do on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from verishallow.affine import AffineMap, plane_of
from verishallow.claims.claim import REGIONS, without
from verishallow.claims.construction import Construction
from verishallow.claims.equality import BOUNDARIES, Equality, cells_network
from verishallow.errors import ProofError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.records.lines import NOTHING, Tally
from verishallow.records.spelling import Record, form_texts, spelled_point
from verishallow.regions.cdd_engine import CellPlace
from verishallow.regions.cell_tree import (
    Below,
    Cut,
    Engine,
    Leaf,
    Node,
    Piece,
    Redundant,
    Reported,
    Split,
)
from verishallow.regions.kinks import kinks
from verishallow.regions.sharded import tree_below
from verishallow.shallow.kink_tree import kink_tree


@dataclass(frozen=True, slots=True)
class Merged(Equality):
    """One leaf per convex piece of the function, with a proof that every cell in it has the piece's map.

    >>> from verishallow import ReLUNetwork, prove
    >>> cancelling = ReLUNetwork.of([([[1], [3], [3]], [0, 1, 1]), ([[1, 5, -5]], [0])])
    >>> merged = prove(cancelling, claim=Merged())
    >>> merged.counts["leaves"], merged.shallow(["-7"]), merged.shallow(["1/2"])
    (2, (mpq(0,1),), (mpq(1,2),))
    """

    construction: ClassVar[str] = "merge"
    in_parts: ClassVar[bool] = False
    """The tree needs the kinks of the whole function."""

    def tree(
        self, engine: Engine, network: ReLUNetwork, domain: Polyhedron, reference: Vector
    ) -> Iterator[Node | Reported]:
        """The kink tree, and below each piece the cells of the network in it, from the lattice engine."""
        del engine
        pieces = list[AffineMap]()
        for node in kink_tree(network, domain, kinks(network, domain)):
            yield node
            if isinstance(node, Piece):
                pieces.append(node.leaf.affine_map)
                yield from _proof_of(node.leaf, network, reference)
        yield Reported(len(set(pieces)), len(pieces))

    def node(self, node: Node) -> tuple[Record, Tally] | None:
        """As for the construction ``cells``; below a piece without marks, faces or units."""
        match node:
            case Cut():
                strict = {"strict": "+" if node.strict_side > 0 else "-"} if self.boundary == "exact" else {}
                return {"record": "cut", "plane": form_texts(node.plane), **strict}, Tally(planes=1)
            case Piece():
                members, tally = self.leaf(node.leaf)
                return {"record": "piece", "witness": spelled_point(node.leaf.witness), **members}, tally
            case Below(node=below):
                return self._below(below)
            case _:
                return super(Merged, self).node(node)

    def _below(self, node: Node) -> tuple[Record, Tally] | None:
        match node:
            case Redundant():
                return None
            case Split():
                return {"record": "split", "neuron": node.neuron}, NOTHING
            case Leaf():
                return {"record": "same"}, NOTHING
            case _:
                written = super(Merged, self).node(node)
                return written and (written[0], NOTHING)

    def end(self, inputs: int, outputs: int, total: Tally, reported: Reported) -> Record:
        """The counts; those of regions are not claimed."""
        return without(super(Merged, self).end(inputs, outputs, total, reported), *REGIONS)


def _proof_of(piece: Leaf, network: ReLUNetwork, reference: Vector) -> Iterator[Node]:
    planes = tuple(plane_of(constraint.form) for constraint in piece.cell.path)
    start = CellPlace(piece.cell, (AffineMap.identity(network.inputs),), (), units=planes)
    for node in tree_below(network, start, reference):
        if isinstance(node, Leaf) and node.affine_map != piece.affine_map:
            raise ProofError(f"a cell of a piece has the map {node.affine_map}, expected {piece.affine_map}")
        yield Below(node)


MERGE = Construction(
    Merged.construction,
    what="convex pieces of the function",
    section="15.2",
    make=lambda asked: Merged(asked.boundary, asked.low()),
    three_layer=cells_network,
    boundaries=BOUNDARIES,
    one_unit=True,
    signed_faces=True,
)
