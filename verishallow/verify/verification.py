"""From a network and a property to a verdict, with the certificate of it."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

import numpy as np

from verishallow.certificate.certificate import Certificate
from verishallow.displayed import Displayed
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork, side_by_side
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, counted, point_text
from verishallow.read.properties.property import Property
from verishallow.slices import Slice
from verishallow.verify.attack import Counterexample, attacked
from verishallow.verify.portfolio import Frontier
from verishallow.verify.precision import RoundingBits
from verishallow.verify.problem import Problem
from verishallow.verify.records import counterexample_lines, proof_lines, require_same_statement
from verishallow.verify.replay import tree_of
from verishallow.verify.root_box import with_sides, witness_of
from verishallow.verify.search import ProofSearch
from verishallow.verify.tree import ProofNode, preorder

Verdict = Literal["holds", "violated", "unknown"]


@dataclass(frozen=True, slots=True)
class Outcome(Displayed):
    """What is known of a property: it holds, it is violated at ``point``, or neither is known; true if it holds.

    ``lines`` are those of a certificate: of the claim "property" (with open nodes where nothing is known), or of
    "counterexample". ``conjunction`` is the number of the unsafe conjunction that the point is in. ``leaves`` are the
    cells in the certificate, ``nodes`` all that were bounded.

    >>> from verishallow import ReLUNetwork, verify
    >>> verify(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]), lambda x, y: y[0] < 0)
    <Outcome: holds, 2 leaves>
    """

    verdict: Verdict
    lines: tuple[bytes, ...]
    nodes: int
    leaves: int
    seconds: float
    point: Vector | None = None
    outputs: Vector | None = None
    conjunction: int | None = None
    empty: bool = False
    """Whether the domain is seen to be empty, so that every property holds."""

    unbounded: tuple[int, ...] = ()
    """The inputs in which the domain is not seen to be bounded: there fewer bounds can be found."""

    def __bool__(self) -> bool:
        return self.verdict == "holds"

    def __repr__(self) -> str:
        cells = counted(self.leaves, "leaf", "leaves")
        said = f"at {point_text(self.point)}" if self.point is not None else cells
        return f"<Outcome: {self.verdict}, {said}>"

    @property
    def certificate(self) -> Certificate:
        """The certificate of the answer: of the property, of the counterexample, or of what is proved so far."""
        return Certificate(self.lines)


def verify(
    network: ReLUNetwork,
    asked: Property,
    *,
    other: ReLUNetwork | None = None,
    on_slice: Slice | None = None,
    timeout: float | None = None,
    max_nodes: int | None = None,
    executor: Executor | None = None,
    resume: Sequence[bytes] | None = None,
    precision: RoundingBits | None = None,
) -> Outcome:
    """Whether a network has a property, exactly.

    With ``other`` the property speaks of both networks' outputs, the first one's first; on a slice its inputs are the
    parameters. A search bounds at most ``max_nodes`` cells, and stops after ``timeout`` seconds; what it proved so far
    is in the lines, from which ``resume`` goes on. An ``executor`` works on parts of the domain.
    Raises :class:`~verishallow.errors.InputError` where the dimensions differ.

    >>> from verishallow import ReLUNetwork
    >>> from verishallow.read.properties.sugar import bounds
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> verify(modulus, bounds(modulus, "box:-1,2", high={0: 2})).verdict
    'holds'
    >>> verify(modulus, bounds(modulus, "box:-1,2", high={0: "3/2"})).point
    (mpq(2,1),)
    """
    started = time.monotonic()
    networks = (network,) if other is None else (network, other)
    whole = network if other is None else side_by_side(network, other)
    function = on_slice.restricted(whole) if on_slice else whole
    _require_dimensions(function, asked)
    bits = precision or RoundingBits()
    if resume is not None:
        require_same_statement(resume, networks, asked, bits, on_slice)
    problem, reasons = with_sides(Problem.of(function, asked, bits))
    root = ProofNode(problem.root) if resume is None else tree_of(problem, resume)

    def stop() -> bool:
        return timeout is not None and time.monotonic() - started > timeout

    deadline = None if timeout is None else time.time() + timeout
    found, nodes = _worked(problem, root, resume is None, executor, max_nodes, stop, deadline)
    seconds = time.monotonic() - started
    if found is not None:
        lines = tuple(counterexample_lines(networks, asked, found, on_slice))
        return Outcome("violated", lines, nodes, 0, seconds, found.point, found.outputs, found.conjunction)
    witness, empty = witness_of(problem, Polyhedron(asked.inputs, asked.domain.forms))
    lines = tuple(proof_lines(networks, asked, problem.precision, root, witness, reasons, on_slice))
    listed = preorder(root)
    leaves = sum(node.refutations is not None for node in listed)
    verdict: Verdict = "unknown" if any(node.open for node in listed) else "holds"
    sides = zip(problem.lows, problem.highs, strict=True)
    unbounded = tuple(i for i, (low, high) in enumerate(sides) if low is None or high is None)
    return Outcome(verdict, lines, nodes, leaves, seconds, empty=empty, unbounded=unbounded)


def _worked(
    problem: Problem,
    root: ProofNode,
    attack: bool,
    executor: Executor | None,
    max_nodes: int | None,
    stop: Callable[[], bool],
    deadline: float | None,
) -> tuple[Counterexample | None, int]:
    """A counterexample, if one is found, and the number of nodes bounded while the tree grew."""
    # Floats may overflow where numbers are wide. They only say what to try.
    with np.errstate(all="ignore"):
        begun = 1 if attack and max_nodes != 0 and not stop() else 0
        found = _begun(problem, root) if begun else None
        if found is not None or root.refutations is not None:
            return found, begun
        if attack:
            found = attacked(problem.network, problem.asked, problem.floats, (problem.lows, problem.highs))
        if found is not None:
            return found, begun
        left = None if max_nodes is None else max_nodes - begun
        found, nodes = Frontier(problem, root, executor, deadline).worked(left, stop)
        return found, begun + nodes


def _begun(problem: Problem, root: ProofNode) -> Counterexample | None:
    """Try one bound of the whole domain, which costs less than to look for counterexamples."""
    search = ProofSearch.of(problem, "turn", problem.root)
    search.advance(1)
    if search.closed:
        root.words, root.refutations = search.root.words, search.root.refutations
    return search.found


def _require_dimensions(network: ReLUNetwork, asked: Property) -> None:
    for what in ("inputs", "outputs"):
        here, there = getattr(network, what), getattr(asked, what)
        if here != there:
            raise InputError(f"property: expected {here} {what}, as the network has, found {there}")


__all__ = ["Counterexample", "Outcome", "verify"]
