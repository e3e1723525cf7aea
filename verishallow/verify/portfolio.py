"""Several branching rules at one cell, in turns that grow; and many cells, one after the other or by an executor."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from verishallow.verify.attack import Counterexample
from verishallow.verify.branching import portfolio
from verishallow.verify.float_bounds import bounded
from verishallow.verify.problem import Problem, Question
from verishallow.verify.search import ProofSearch
from verishallow.verify.state import RelaxedCell
from verishallow.verify.tree import ProofNode, preorder

FIRST_TURN = 256
"""Nodes of the first rule's first turn; the others have a quarter, and turns double."""


def never() -> bool:
    """No reason to stop."""
    return False


@dataclass(frozen=True, slots=True)
class Solved:
    """What a portfolio made of a cell: a tree, closed or not, or a counterexample; and the nodes that it took."""

    root: ProofNode
    found: Counterexample | None
    nodes: int


def solved(
    problem: Problem, cell: RelaxedCell, depth: int, budget: int | None, stop: Callable[[], bool] = never
) -> Solved:
    """The tree of the first rule that closes it; where none does, the first rule's tree as far as it came."""
    free = sum(low is None or high is None or low < high for low, high in zip(cell.lows, cell.highs, strict=True))
    known = bounded(problem.floats, problem.in_floats([cell]))
    unstable = sum(int((kinds == 0).sum()) for kinds in known.kinds)
    searches = [ProofSearch.of(problem, rule, cell, depth) for rule in portfolio(free, unstable)]
    turn, left = FIRST_TURN, budget
    while True:
        for number, search in enumerate(searches):
            if (left is not None and left <= 0) or stop():
                return _unfinished(searches)
            before, size = search.nodes, turn if number == 0 else turn // 4
            search.advance(size if left is None else min(size, left), stop)
            left = None if left is None else left - (search.nodes - before)
            if search.found is not None or search.closed:
                return Solved(search.root, search.found, _nodes(searches))
        if all(search.done for search in searches):
            return _unfinished(searches)
        turn *= 2


def solved_apart(
    about: Question, cell: RelaxedCell, depth: int, budget: int | None, deadline: float | None = None
) -> Solved:
    """What a worker does, until a time of the clock; it makes a problem ready once."""
    with np.errstate(all="ignore"):
        return solved(_ready(about), cell, depth, budget, lambda: deadline is not None and time.time() > deadline)


@lru_cache(maxsize=2)
def _ready(about: Question) -> Problem:
    return Problem(*about)


def _unfinished(searches: Sequence[ProofSearch]) -> Solved:
    return Solved(searches[0].root, None, _nodes(searches))


def _nodes(searches: Sequence[ProofSearch]) -> int:
    return sum(search.nodes for search in searches)


@dataclass(slots=True)
class Frontier:
    """The open nodes of a tree, which are closed one by one, in the tree itself."""

    problem: Problem
    root: ProofNode
    executor: Executor | None = None
    deadline: float | None = None
    """The time of the clock at which workers stop."""

    def worked(self, budget: int | None, stop: Callable[[], bool]) -> tuple[Counterexample | None, int]:
        """Close what can be closed: a counterexample, if one is found, and the number of nodes bounded."""
        return self._in_turn(budget, stop) if self.executor is None else self._by(self.executor, budget, stop)

    def _in_turn(self, budget: int | None, stop: Callable[[], bool]) -> tuple[Counterexample | None, int]:
        nodes = 0
        for node in [node for node in preorder(self.root) if node.open]:
            result = solved(self.problem, node.cell, node.depth, None if budget is None else budget - nodes, stop)
            nodes += result.nodes
            if result.found is not None:
                return result.found, nodes
            graft(node, result.root)
        return None, nodes

    def _by(
        self, executor: Executor, budget: int | None, stop: Callable[[], bool]
    ) -> tuple[Counterexample | None, int]:
        """First a few nodes here; then every open cell is a task, which the executor works on in any order."""
        nodes = self._spread(stop)
        open_nodes = [node for node in preorder(self.root) if node.open]
        share = None if budget is None else max((budget - nodes) // max(len(open_nodes), 1), 1)
        waiting = deque[tuple[ProofNode, Future[Solved]]]()
        for node in open_nodes:
            task = (self.problem.question, node.cell, node.depth, share, self.deadline)
            waiting.append((node, executor.submit(solved_apart, *task)))
        try:
            while waiting and not stop():
                node, future = waiting.popleft()
                result = future.result()
                nodes += result.nodes
                if result.found is not None:
                    return result.found, nodes
                graft(node, result.root)
        finally:
            for _, future in waiting:
                future.cancel()
        return None, nodes

    def _spread(self, stop: Callable[[], bool]) -> int:
        """Split until there are enough open cells."""
        nodes = 0
        for node in [node for node in preorder(self.root) if node.open]:
            if nodes >= SPREAD:
                break
            search = ProofSearch.of(self.problem, "turn", node.cell, node.depth)
            search.advance(SPREAD, stop, breadth_first=True)
            nodes += search.nodes
            if search.found is None:
                graft(node, search.root)
        return nodes


SPREAD = 48
"""Nodes that are bounded before the open ones are handed out."""


def graft(node: ProofNode, root: ProofNode) -> None:
    """Put what was found below the cell of a node there."""
    node.cell, node.words, node.split = root.cell, root.words, root.split
    node.children, node.refutations, node.unrelaxed = root.children, root.refutations, root.unrelaxed
