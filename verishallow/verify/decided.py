"""Cells on which every neuron is decided: there the network is affine, and linear programs decide exactly."""

from verishallow.verify.attack import Counterexample
from verishallow.verify.problem import Problem
from verishallow.verify.state import Cell
from verishallow.verify.tree import Refutation


def conclusion(problem: Problem, cell: Cell) -> Counterexample | tuple[Refutation, ...] | None:
    """A counterexample in the cell, or a refutation of each conjunction; ``None`` where neither is found."""
    del problem, cell
    return None
