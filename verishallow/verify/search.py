"""The search for a proof: cells are bounded in floats, in batches, and closed only by what holds exactly.

A node counts when it is bounded; how a search goes depends on the number of nodes it may take, never on a clock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from verishallow.verify.attack import Counterexample, climbed_to
from verishallow.verify.branching import RULES, Unclosed, middle
from verishallow.verify.decided import conclusion
from verishallow.verify.float_bounds import SURE, FloatCells, bounded
from verishallow.verify.precision import LEVELS
from verishallow.verify.problem import Problem
from verishallow.verify.relaxation import Multipliers
from verishallow.verify.slopes import BETA_STEPS, WEIGHT_STEPS, Ascent, Reasons
from verishallow.verify.state import RelaxedCell
from verishallow.verify.tree import Halving, ProofNode, Refutation, SignSplit

BATCH = 16
STEPS = 20
CLIMB = 6
"""Steps in which a point of a cell is moved towards a violation."""

RELAX_EVERY = 3
"""Levels after which a cell that is split is relaxed in the certificate, so that those below inherit its state."""


@dataclass(eq=False)
class ProofSearch:
    """A tree under construction by one branching rule.

    ``advance`` goes on until the tree is closed, a counterexample is found, or so many nodes are bounded.
    """

    problem: Problem
    rule: str
    root: ProofNode
    waiting: list[ProofNode] = field(default_factory=list)
    nodes: int = 0
    found: Counterexample | None = None
    stuck: list[ProofNode] = field(default_factory=list)
    """Nodes that nothing could be done about: no split is left."""

    @classmethod
    def of(cls, problem: Problem, rule: str, cell: RelaxedCell, depth: int = 0) -> "ProofSearch":
        """The search that begins with a cell."""
        root = ProofNode(cell, depth, RELAX_EVERY)
        return cls(problem, rule, root, [root])

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return self.found is not None or not self.waiting

    @property
    def closed(self) -> bool:
        """Whether every cell is refuted."""
        return self.found is None and not self.waiting and not self.stuck

    def advance(self, budget: int, stop: Callable[[], bool] = lambda: False, *, breadth_first: bool = False) -> None:
        """Bound at most so many nodes; ``stop`` is asked before each batch."""
        end = self.nodes + budget
        while not self.done and self.nodes < end and not stop():
            size = min(BATCH, end - self.nodes)
            if breadth_first:
                batch, self.waiting = self.waiting[:size], self.waiting[size:]
            else:
                batch, self.waiting = self.waiting[-size:][::-1], self.waiting[:-size]
            self.nodes += len(batch)
            self._take(batch)

    # ------------------------------------------------------------------------------------------- A batch

    def _take(self, batch: Sequence[ProofNode]) -> None:
        known = bounded(self.problem.floats, self.problem.in_floats([node.cell for node in batch]))
        reasons = self._reasons(known, len(batch))
        low = reasons.low.reshape(len(batch), -1)
        near = [i for i in range(len(batch)) if low[i].min() > SURE]
        closed = self._closed(batch, known, reasons, near)
        rest = np.array([i for i in range(len(batch)) if i not in closed], dtype=np.intp)
        if len(rest) and not self._violated(known, reasons, rest):
            self._split(batch, known, reasons, rest)

    def _reasons(self, known: FloatCells, count: int) -> Reasons:
        """One line per cell and conjunction, cell by cell."""
        many = self.problem.floats.conjunctions
        lines = np.repeat(np.arange(count), many)
        ascent = Ascent(self.problem.floats, self.problem.float_domain)
        return ascent.reasons(known.taken(lines), np.tile(np.arange(many), count), STEPS)

    def _closed(self, batch: Sequence[ProofNode], known: FloatCells, reasons: Reasons, near: Sequence[int]) -> set[int]:
        """Those of some cells whose refutations hold exactly; they are written to their nodes."""
        if not near:
            return set()
        many, cells = self.problem.floats.conjunctions, [batch[i].cell for i in near]
        words = [words_of(cell, known, i) for cell, i in zip(cells, near, strict=True)]
        relaxed = self.problem.rule.relaxed(cells, words)
        true = [j for j, cell in enumerate(relaxed) if cell is not None]
        found = [
            tuple(self._refutation(reasons, near[j] * many + number, number, cells[j]) for number in range(many))
            for j in true
        ]
        holds = self.problem.refuted([cell for cell in relaxed if cell is not None], found) if true else []
        closed = set[int]()
        for j, refutations, fine in zip(true, found, holds, strict=True):
            if fine:
                node = batch[near[j]]
                node.words, node.refutations = words[j], refutations
                closed.add(near[j])
        return closed

    def _refutation(self, reasons: Reasons, line: int, conjunction: int, cell: RelaxedCell) -> Refutation:
        """What is written for a line of reasons."""
        own = np.nonzero(self.problem.floats.owner == conjunction)[0]
        factor = WEIGHT_STEPS if len(own) > 1 else 1
        weights = tuple(round(float(w) * factor) for w in reasons.weights[line, own])
        unit = (1 << self.problem.precision.slopes) * factor
        betas = sorted(
            (layer, neuron, round(float(reasons.betas[layer - 1][line, neuron]) * BETA_STEPS) * unit // BETA_STEPS)
            for layer, neuron, _ in cell.signs
        )
        lambdas = zip(self.problem.slanted, reasons.lambdas[line].tolist(), strict=True)
        named = tuple((row, round(t * BETA_STEPS) * unit // BETA_STEPS) for row, t in lambdas)
        alphas = tuple(np.rint(alpha[line] * LEVELS).astype(np.int8) for alpha in reasons.alphas)
        return Refutation(
            weights, Multipliers(alphas, tuple(b for b in betas if b[2]), tuple(pair for pair in named if pair[1]))
        )

    # ------------------------------------------------------------------------------------------- The others

    def _violated(self, known: FloatCells, reasons: Reasons, rest: np.typing.NDArray[np.intp]) -> bool:
        """Whether a point that the bounds speak of, or the middle of a box, is a counterexample."""
        many, box = self.problem.floats.conjunctions, (self.problem.lows, self.problem.highs)
        chosen = reasons.low.reshape(-1, many)[rest].argmin(axis=1)
        points = np.concatenate([reasons.minimiser[rest * many + chosen], _middles(known, rest)])
        within = tuple(np.concatenate([sides[rest], sides[rest]]) for sides in (known.lows, known.highs))
        start = points, np.concatenate([chosen, chosen])
        self.found = climbed_to(
            self.problem.network, self.problem.asked, self.problem.floats, box, start, (within[0], within[1]), CLIMB
        )
        return self.found is not None

    def _split(
        self, batch: Sequence[ProofNode], known: FloatCells, reasons: Reasons, rest: np.typing.NDArray[np.intp]
    ) -> None:
        many = self.problem.floats.conjunctions
        worst = reasons.low.reshape(len(batch), many)[rest].argmin(axis=1)
        depths = np.array([batch[i].depth for i in rest], dtype=np.intp)
        unclosed = Unclosed(self.problem, known.taken(rest), reasons.taken(rest * many + worst), worst, depths)
        splits = RULES[self.rule](unclosed)
        self._relax([batch[i] for i in rest], [words_of(batch[i].cell, known, int(i)) for i in rest])
        opened = list[ProofNode]()
        for i, split in zip(rest.tolist(), splits, strict=True):
            opened += self._opened(batch[i], split)
        self.waiting += opened[::-1]

    def _relax(self, nodes: Sequence[ProofNode], words: Sequence[tuple[str, ...]]) -> None:
        """Write down a state for those below, where it is time."""
        due = [
            (node, word)
            for node, word in zip(nodes, words, strict=True)
            if any(word) and (node.unrelaxed >= RELAX_EVERY or not any("b" in text for text in word))
        ]
        for words_tried in (lambda text: text, lambda text: text.replace("a", "b").replace("i", "b")):
            pending = [(node, tuple(map(words_tried, word))) for node, word in due if node.words is None]
            cells = [node.cell for node, _ in pending]
            relaxed = self.problem.rule.relaxed(cells, [word for _, word in pending]) if pending else []
            for (node, word), cell in zip(pending, relaxed, strict=True):
                if cell is not None:
                    node.words, node.unrelaxed, node.cell = word, -1, cell

    def _opened(self, node: ProofNode, split: Halving | SignSplit | None) -> list[ProofNode]:
        """The nodes below one; none where it has been closed, or nothing is left to split."""
        split = self._possible(node, split)
        if split is None:
            return self._concluded(node)
        node.split = split
        match split:
            case Halving(number, at):
                cells = node.cell.halved(number, at)
            case SignSplit(layer, neuron):
                cells = node.cell.with_sign(layer, neuron, 1), node.cell.with_sign(layer, neuron, -1)
        node.children = [ProofNode(cell, node.depth + 1, node.unrelaxed + 1) for cell in cells]
        return node.children

    def _possible(self, node: ProofNode, split: Halving | SignSplit | None) -> Halving | SignSplit | None:
        """The split with its place; by the sign of some neuron where the box cannot be halved."""
        if isinstance(split, Halving):
            at = middle(node.cell, split.input, self.problem.precision.bounds)
            if at is not None:
                return Halving(split.input, at)
            split = None
        if isinstance(split, SignSplit) and node.cell.layers[split.layer - 1].kinds[split.neuron] == 0:
            return split
        return next(
            (
                SignSplit(k + 1, int(np.nonzero(layer.unstable)[0][0]))
                for k, layer in enumerate(node.cell.layers)
                if layer.unstable.any()
            ),
            None,
        )

    def _concluded(self, node: ProofNode) -> list[ProofNode]:
        """On a cell where every neuron is decided all is affine: linear programs decide."""
        verdict = conclusion(self.problem, node.cell)
        if isinstance(verdict, Counterexample):
            self.found = verdict
        elif verdict is None:
            self.stuck.append(node)
        else:
            node.refutations = verdict
        return []


def words_of(cell: RelaxedCell, known: FloatCells, line: int) -> tuple[str, ...]:
    """What a ``relax`` record says of each neuron that is unstable in a cell: what floats see of it."""
    return tuple(_word(layer.unstable, kinds[line]) for layer, kinds in zip(cell.layers, known.kinds, strict=True))


def _word(unstable: np.typing.NDArray[np.bool_], kinds: np.typing.NDArray[np.float64]) -> str:
    if not unstable.any():
        return ""
    letters = np.where(unstable, np.where(kinds > 0, "a", np.where(kinds < 0, "i", "b")), "u")
    return "".join(letters.tolist())


def _middles(known: FloatCells, rest: np.typing.NDArray[np.intp]) -> np.typing.NDArray[np.float64]:
    lows, highs = known.lows[rest], known.highs[rest]
    low = np.where(np.isfinite(lows), lows, np.where(np.isfinite(highs), highs, 0.0))
    return (low + np.where(np.isfinite(highs), highs, low)) / 2
