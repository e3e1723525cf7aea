"""What every claim writes: the tree of cells, with a witness at each leaf (proofs/FORMAT.md)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from verishallow.errors import ProofError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.records.lines import NOTHING, Tally
from verishallow.records.spelling import (
    Record,
    spelled_decisions,
    spelled_forms,
    spelled_point,
)
from verishallow.regions.cell_tree import (
    Below,
    Cut,
    Engine,
    Explicit,
    LayerEntry,
    Leaf,
    Node,
    Open,
    Piece,
    Redundant,
    Reported,
    Split,
    Stable,
)


@dataclass(frozen=True, slots=True)
class ClaimKind:
    """A kind of claim: its name, what it proves in the title of a citation, and its section of FORMAT.md.

    ``shallow`` says that it is about a three-layer network; ``asked`` that it is asked for by its name (the others
    come with a construction, are left when cells are dropped, or are what ``verify`` decides).
    """

    name: str
    title: str
    section: str
    shallow: bool = False
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """What every claim writes: the tree, with a witness at each leaf."""

    name: ClassVar[str]
    in_parts: ClassVar[bool] = True
    """Whether parts of the tree can be made apart from each other."""
    reports: ClassVar[bool] = False
    """Whether the end record has counts that engines report of all regions together; else they are not found."""

    def networks(self, network: ReLUNetwork) -> tuple[ReLUNetwork, ...]:
        """The networks that the claim is about."""
        return (network,)

    def explored(self, network: ReLUNetwork) -> ReLUNetwork:
        """The network whose cells make up the tree."""
        return network

    def tree(
        self, engine: Engine, network: ReLUNetwork, domain: Polyhedron, reference: Vector
    ) -> Iterator[Node | Reported]:
        """The nodes of the tree, from an engine."""
        return engine(network, domain, reference, reporting=self.reports)

    def header(self) -> Record:
        """The members of the header that say what is claimed."""
        return {"claim": self.name}

    def node(self, node: Node) -> tuple[Record, Tally] | None:
        """The record of a node and its tally; ``None`` if the claim does not need it."""
        match node:
            case LayerEntry():
                planes = spelled_forms(node.planes)
                numbers = {"layer": node.layer, "undecided": list(node.undecided), "planes": planes}
                return {"record": "layer", **numbers, **_stable(node.stable)}, Tally(planes=len(node.planes))
            case Stable():
                return {"record": "stable", **_stable(node)}, NOTHING
            case Redundant():
                return self.redundant(node)
            case Split():
                return {"record": "split", "neuron": node.neuron, **self.mark(node)}, NOTHING
            case Leaf():
                members, tally = self.leaf(node)
                return {"record": "leaf", "witness": spelled_point(node.witness), **members}, tally
            case Open():
                return {"record": "open"}, Tally(open=1)
            case Cut() | Piece() | Below() | Explicit():
                raise ProofError(f"the claim {self.name} has no nodes of the kind {type(node).__name__}")

    def redundant(self, _node: Redundant) -> tuple[Record, Tally] | None:
        """Only claims with units write which constraints are redundant."""
        return None

    def mark(self, _node: Split) -> Record:
        """Only claims with signed faces write marks."""
        return {}

    def leaf(self, _leaf: Leaf) -> tuple[Record, Tally]:
        """The members of a leaf's record other than its witness."""
        return {}, Tally(leaves=1)

    def failure(self, _values: Sequence[Vector]) -> str | None:
        """What fails at a point where the claim's networks have these values; ``None`` where nothing does."""
        return None

    def end(self, _inputs: int, _outputs: int, total: Tally, _reported: Reported) -> Record:
        """The members of the end record: its counts."""
        return {"leaves": total.leaves, "activation_regions": total.leaves, "open": total.open}


def without(end: Record, *names: str) -> Record:
    """The members of an end record without those that a construction does not claim.

    >>> without({"leaves": 3, "activation_regions": 3}, "activation_regions")
    {'leaves': 3}
    """
    return {name: value for name, value in end.items() if name not in names}


def _stable(stable: Stable) -> Record:
    return {"active": spelled_decisions(stable.active), "inactive": spelled_decisions(stable.inactive)}


REGIONS = ("activation_regions", "linear_regions")
"""The counts that certificates of these constructions do not have."""
