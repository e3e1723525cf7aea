"""The tree of a proof while it is made: a node per cell, with what was done there."""

from dataclasses import dataclass, field

from gmpy2 import mpq

from verishallow.verify.relaxation import Multipliers
from verishallow.verify.state import RelaxedCell


@dataclass(frozen=True, slots=True)
class Halving:
    """A cut of the box at a value of one input."""

    input: int
    at: mpq


@dataclass(frozen=True, slots=True)
class SignSplit:
    """A case distinction by the sign of one neuron, of a hidden layer counted from 1."""

    layer: int
    neuron: int


@dataclass(frozen=True, slots=True)
class Refutation:
    """Why a conjunction has no point in a cell: integer weights of its rows, and multipliers."""

    weights: tuple[int, ...]
    multipliers: Multipliers


@dataclass(eq=False, slots=True)
class ProofNode:
    """A cell with its state before ``words`` relax it; then it is split, refuted, or open."""

    cell: RelaxedCell
    depth: int = 0
    unrelaxed: int = 0
    """Levels since the last node above that was relaxed."""
    words: tuple[str, ...] | None = None
    split: Halving | SignSplit | None = None
    children: "list[ProofNode]" = field(default_factory=list)
    refutations: tuple[Refutation, ...] | None = None

    @property
    def open(self) -> bool:
        """Whether nothing has closed it."""
        return self.split is None and self.refutations is None


def preorder(root: ProofNode) -> list[ProofNode]:
    """All nodes, each before those below it."""
    found, waiting = list[ProofNode](), [root]
    while waiting:
        found.append(node := waiting.pop())
        waiting += node.children[::-1]
    return found
