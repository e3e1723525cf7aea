"""Sufficient inputs: those that, fixed at a point, force its class whatever the others do in a domain, and no fewer."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm
from verishallow.errors import IncompleteError, InputError, OutsideDomainError, ProofError
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector, vector
from verishallow.read import load
from verishallow.read.places import shown
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property
from verishallow.read.sources import Model
from verishallow.verify import verification
from verishallow.verify.asking import executing
from verishallow.verify.attack import exact_counterexample
from verishallow.verify.domains import box_rows, rows_of_domain
from verishallow.verify.precision import RoundingBits
from verishallow.verify.problem import Problem
from verishallow.verify.records import counterexample_lines
from verishallow.verify.robustness import best_at, class_property
from verishallow.verify.root_box import with_sides
from verishallow.verify.verification import Outcome

NODES_OF_A_POINT = 1000
"""Cells bounded at most to prove the class of the point itself, where no input can be let go."""


@dataclass(frozen=True)
class SufficientInputs:
    """The inputs that are ``kept`` force the class ``winner`` on the domain, whatever those that are ``freed`` do.

    ``proof`` proves it. Per input kept, ``needed`` has an exact counterexample that differs from the point ``at`` in
    that input and in freed ones alone; ``None`` where none was found within the budget. ``kept`` increases; ``freed``
    is in the order in which inputs were let go.
    """

    at: Vector
    winner: int
    kept: tuple[int, ...]
    freed: tuple[int, ...]
    proof: Outcome
    needed: Mapping[int, Outcome | None]

    def __post_init__(self) -> None:
        if sorted((*self.kept, *self.freed)) != list(range(len(self.at))) or tuple(self.needed) != self.kept:
            raise InputError(
                f"sufficient inputs: expected each of {len(self.at)} inputs kept or freed, and those kept as the keys "
                f"of needed, found {self.kept}, {self.freed}, {tuple(self.needed)}"
            )
        if not self.proof or any(each is not None and each.point is None for each in self.needed.values()):
            raise InputError("sufficient inputs: expected a proof that holds, and counterexamples with points")

    def __repr__(self) -> str:
        minimal = "minimal" if self.minimal else "not shown to be minimal"
        return f"<SufficientInputs: {list(self.kept)} of {len(self.at)} for class {self.winner}, {minimal}>"

    @property
    def not_shown(self) -> tuple[int, ...]:
        """The inputs that are kept without a counterexample: neither known to be needed nor known not to be."""
        return tuple(number for number, outcome in self.needed.items() if outcome is None)

    @property
    def minimal(self) -> bool:
        """Whether no proper subset of the inputs kept suffices: each of them is shown to be needed."""
        return not self.not_shown


def sufficient(
    network: Model,
    at: Iterable[Any],
    domain: Any,
    *,
    winner: int | None = None,
    order: Iterable[int] | None = None,
    timeout: float | None = None,
    max_nodes: int | None = None,
    jobs: int = 1,
    dask: str | None = None,
) -> SufficientInputs:
    """A subset-minimal set of inputs that, fixed at a point, force its class on a domain (an abductive explanation).

    Inputs are let go one after the other, each if the class still wins without it; a tie is no win. ``order`` are the
    numbers of those tried first; the others follow, the least effect first: the greatest gradient of a lead of the
    class at the point, times the width of the domain in that input. ``winner`` is checked: it must be the class at the
    point. A question bounds at most ``max_nodes`` cells, and all end after ``timeout`` seconds or soon after; an input
    that nothing was found out about is kept, and has no counterexample. Other arguments are those of
    :func:`~verishallow.verify.asking.verify`.
    Raises :class:`~verishallow.errors.InputError`, also where classes tie at the point or it is outside the domain.

    >>> switch = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[2, -1]], ["-1/2"])])
    >>> found = sufficient(switch, [1, 0], [(0, 1), (0, 1)])
    >>> found, found.proof.certificate.check().kind, switch(found.needed[0].point)[0] <= 0
    (<SufficientInputs: [0] of 2 for class 1, minimal>, 'valid', True)
    """
    read, point = load(network), vector(at)
    if len(point) != read.inputs:
        raise InputError(f"at: expected {read.inputs} coordinates, found {len(point)}")
    if domain is None:
        raise InputError(
            "sufficient: expected a domain, the values that inputs may have once they are let go, such as box:0,1; "
            "found none"
        )
    rows = rows_of_domain(domain, read.inputs)
    _require_inside(rows, point)
    everywhere = class_property(read, rows, _winner(read, point, winner))
    tried = _order(read, point, everywhere, order)
    with executing(jobs, dask) as executor:
        return _minimal(_Question(read, point, everywhere, max_nodes, timeout, executor), tried)


# ---------------------------------------------------------------------------------------------- Arguments


def _require_inside(rows: Conjunction, point: Vector) -> None:
    for number, (form, strict) in enumerate(rows.pairs()):
        if form.dimension != len(point):
            raise InputError(f"domain: expected one of {len(point)} inputs, found {form.dimension}")
        if form(point) < 0 or (strict and form(point) == 0):
            relation = ">" if strict else ">="
            raise OutsideDomainError(
                f"the point lies outside the domain: inequality {number}, {form} {relation} 0, fails"
            )


def _winner(network: ReLUNetwork, point: Vector, named: int | None) -> int:
    best = best_at(network, point)
    if len(best) > 1:
        raise InputError(
            f"sufficient: classes {' and '.join(map(str, best))} tie at the point, so that no inputs force one of them"
        )
    if named is not None and named != best[0]:
        raise InputError(
            f"class: expected that of the point, {best[0]}, found {shown(named)}; no inputs of the point force another"
        )
    return best[0]


def _order(network: ReLUNetwork, point: Vector, asked: Property, first: Iterable[int] | None) -> tuple[int, ...]:
    """All inputs: those named first, then the others, the least effect first."""
    named, n = [] if first is None else list(first), network.inputs
    if any(type(number) is not int or not 0 <= number < n for number in named) or len(set(named)) < len(named):
        raise InputError(f"order: expected different numbers of inputs from 0 to {n - 1}, found {shown(named)}")
    others = [number for number in range(n) if number not in set(named)]
    if len(others) < 2:
        return (*named, *others)
    effects = _effects(network, point, asked)
    return (*named, *sorted(others, key=effects.__getitem__))


def _effects(network: ReLUNetwork, point: Vector, asked: Property) -> list[tuple[bool, mpq]]:
    """Per input whether the domain is unbounded there, and the greatest change of a lead, to first order."""
    problem, _ = with_sides(Problem.of(network, asked, RoundingBits()))
    outputs = network.affine_map_for(network.pattern_at(point)).forms
    effects = list[tuple[bool, mpq]]()
    weights = [form.linear[network.inputs :] for each in asked.unsafe for form in each.forms]
    leads = [
        [sum((a * output.linear[i] for a, output in zip(row, outputs, strict=True)), ZERO) for row in weights]
        for i in range(network.inputs)
    ]
    for low, high, gradients in zip(problem.lows, problem.highs, leads, strict=True):
        unbounded = low is None or high is None
        width = mpq(1) if low is None or high is None else high - low
        effects.append((unbounded, width * max(map(abs, gradients), default=ZERO)))
    return effects


# ------------------------------------------------------------------------------------------------- Search


@dataclass(frozen=True)
class _Question:
    """Whether the class wins with some inputs free, the others fixed; asked within a budget."""

    network: ReLUNetwork
    at: Vector
    everywhere: Property
    max_nodes: int | None
    timeout: float | None
    executor: Executor | None
    started: float = field(default_factory=time.monotonic)

    @cached_property
    def values(self) -> tuple[tuple[AffineForm, ...], ...]:
        """Per input the rows that it is at least, and at most, what it is at the point; but for rows of the domain."""
        known = {form for form, strict in self.everywhere.domain.pairs() if not strict}
        forms = [form.primitive() for form in box_rows([(x, x) for x in self.at]).forms]
        return tuple(
            tuple(form for form in pair if form not in known) for pair in zip(forms[::2], forms[1::2], strict=True)
        )

    def asked(self, free: Collection[int]) -> Property:
        """The property on the part of the domain where the inputs that are not free have their values."""
        fixed = [form for number, pair in enumerate(self.values) if number not in free for form in pair]
        return replace(self.everywhere, domain=self.everywhere.domain.also(Conjunction(tuple(fixed))))

    def ask(self, free: Collection[int], shares: int) -> Outcome | None:
        """The outcome, in one of so many equal shares of the time that is left; ``None`` where none is left."""
        left = None if self.timeout is None else self.timeout - (time.monotonic() - self.started)
        if left is not None and left <= 0:
            return None
        options: dict[str, Any] = {"max_nodes": self.max_nodes, "executor": self.executor}
        return verification.verify(self.network, self.asked(free), timeout=left and left / shares, **options)

    def of_the_point(self) -> Outcome:
        """The proof that the class wins where no input is free."""
        outcome = verification.verify(self.network, self.asked(()), max_nodes=NODES_OF_A_POINT)
        if not outcome:
            raise IncompleteError("sufficient: no input was let go, and the class of the point itself was not proved")
        return outcome


def _minimal(question: _Question, order: Sequence[int]) -> SufficientInputs:
    freed, proof, needed = _let_go(question, order)
    kept = tuple(sorted(needed))
    shown_needed = {number: _restated(question, needed[number], {*freed, number}) for number in kept}
    (winner,) = best_at(question.network, question.at)
    return SufficientInputs(
        question.at, winner, kept, tuple(freed), proof or question.of_the_point(), dict(shown_needed)
    )


def _let_go(question: _Question, order: Sequence[int]) -> tuple[list[int], Outcome | None, dict[int, Outcome | None]]:
    """The inputs let go, the last proof, and those kept with what shows that they are needed.

    Runs of inputs are let go together where they can be, else half of a run first: what is let go one after the other
    is the same, since what suffices with more inputs free suffices with fewer.
    """
    freed, proof, needed = list[int](), None, dict[int, Outcome | None]()
    known, runs = dict[frozenset[int], Outcome | None](), [tuple(order)] if order else []
    while runs:
        run = runs.pop()
        free = frozenset((*freed, *run))
        if free not in known:
            known[free] = question.ask(free, len(order) - len(freed) - len(needed))
        outcome = known[free]
        if outcome:
            freed, proof = [*freed, *run], outcome
        elif len(run) > 1:
            runs += [run[len(run) // 2 :], run[: len(run) // 2]]
        else:
            needed[run[0]] = outcome if outcome is not None and outcome.point is not None else None
    return freed, proof, needed


def _restated(question: _Question, outcome: Outcome | None, free: set[int]) -> Outcome | None:
    """A counterexample as one with all inputs free that were let go in the end: it says why one more cannot be."""
    if outcome is None or outcome.point is None:
        return None
    asked = question.asked(free)
    found = exact_counterexample(question.network, asked, outcome.point)
    if found is None:
        raise ProofError("sufficient: a counterexample is none with more inputs free: this is a bug")
    lines = tuple(counterexample_lines([question.network], asked, found))
    return replace(outcome, lines=lines, conjunction=found.conjunction)


__all__ = ["SufficientInputs", "sufficient"]
