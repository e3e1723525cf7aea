"""Table 9: what the counts that are only reported cost beside the proof, on networks with dead outputs."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from statistics import median
from typing import Any
from unittest.mock import patch

from gmpy2 import mpq

from tests.benchmarks.measuring import LONG, table
from tests.benchmarks.networks import UNIT_BOX, WHOLE, Case
from verishallow.claims.equality import Equality
from verishallow.claims.regions import RegionCount
from verishallow.network import Layer, ReLUNetwork
from verishallow.proof import proof_lines
from verishallow.regions.lattice_tree import LatticeTree
from verishallow.regions.reported import LeafReport, Together

COUNTING = ((LatticeTree, "report"), (LeafReport, "add"), (LeafReport, "reported"), (Together, "add"))
"""All that is done for the counts alone."""

QUICK = (("lattice", Case("3-12-12-1", WHOLE)), ("tree", Case("7-4-4-1", UNIT_BOX)))
CASES = (
    *QUICK,
    ("lattice", Case("3-24-24-1", WHOLE)),
    ("lattice", Case("4-12-12-1", WHOLE)),
    ("lattice", Case("4-20-20-1", WHOLE)),
    ("tree", Case("8-10-10-1", UNIT_BOX)),
)
HEADS = (
    "network", "domain", "engine", "regions", "affine pieces", "linear regions", "proof without counts, CPU s",
    "counts, CPU s", "counts / proof", "claim regions, CPU s",
)  # fmt: skip
NOTES = """\
Random networks with 6-bit weights and a ReLU behind their outputs: where it is shut, thousands of regions have one map.
The counts of affine pieces and linear regions are timed inside the proof of equality, whose other work is the column
before; medians over rounds, one where that takes long. The claim `regions` reports no such counts, and finds none.
"""


@dataclass(frozen=True)
class Round:
    """One proof: its last record, and the CPU seconds of the counts and of all else."""

    end: dict[str, Any]
    counts: float
    proof: float


@dataclass(frozen=True)
class Measured:
    """All rounds of one network, and the CPU seconds of the claim that reports nothing."""

    engine: str
    case: Case
    rounds: tuple[Round, ...]
    unreported: float

    @property
    def share(self) -> float:
        """The counts' time over the proof's."""
        return median(each.counts / each.proof for each in self.rounds)

    def row(self) -> tuple[str, ...]:
        end = self.rounds[0].end
        numbers = (f"{end[name]:,}" for name in ("activation_regions", "affine_pieces", "linear_regions"))
        seconds = (median(each.proof for each in self.rounds), median(each.counts for each in self.rounds))
        proof, counts = (f"{each:.2f}" for each in seconds)
        name = f"{self.case.label}, ReLU"
        return (name, self.case.domain, self.engine, *numbers, proof, counts, f"{self.share:.3f}",
                f"{self.unreported:.2f}")  # fmt: skip


def report(repeat: int, quick: bool, full: bool) -> Iterator[str]:
    """The table, and the largest share."""
    del full
    found: list[Measured] = []
    yield NOTES
    yield from table(HEADS, (each.row() for each in _kept(repeat, QUICK if quick else CASES, found)))
    yield f"The counts take at most {max(each.share for each in found):.3f} times what the proof takes without them."


def _kept(repeat: int, cases: tuple[tuple[str, Case], ...], found: list[Measured]) -> Iterator[Measured]:
    for engine, case in cases:
        found.append(measured(engine, case, repeat))
        yield found[-1]


def measured(engine: str, case: Case, repeat: int) -> Measured:
    """So many rounds; one where it takes long."""
    network, rounds = with_dead_outputs(case.network), list[Round]()
    while len(rounds) < repeat and sum(each.counts + each.proof for each in rounds) < LONG:
        rounds.append(one_round(engine, network, case))
    start = time.process_time()
    deque(proof_lines(network, case.polyhedron, RegionCount(), engine), maxlen=0)
    return Measured(engine, case, tuple(rounds), time.process_time() - start)


def with_dead_outputs(network: ReLUNetwork) -> ReLUNetwork:
    """The network with a ReLU behind its outputs."""
    outputs = range(network.outputs)
    identity = tuple(tuple(mpq(int(i == j)) for j in outputs) for i in outputs)
    last = Layer(identity, tuple(mpq(0) for _ in outputs), (len(network.layers),))
    return ReLUNetwork(network.inputs, (*network.layers, last))


def one_round(engine: str, network: ReLUNetwork, case: Case) -> Round:
    """A proof of equality with a clock at all that is done for the counts."""
    start = time.process_time()
    with clock_at_counts() as clock:
        (line,) = deque(proof_lines(network, case.polyhedron, Equality(), engine), maxlen=1)
    return Round(json.loads(line), clock.seconds, time.process_time() - start - clock.seconds)


class Clock:
    """The CPU seconds spent in some functions, those that call each other counted once."""

    def __init__(self) -> None:
        self.seconds, self._inside = 0.0, False

    def on(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed."""

        @wraps(function)
        def timed(*arguments: Any) -> Any:
            if self._inside:
                return function(*arguments)
            start, self._inside = time.process_time(), True
            try:
                return function(*arguments)
            finally:
                self.seconds, self._inside = self.seconds + time.process_time() - start, False

        return timed


@contextmanager
def clock_at_counts() -> Iterator[Clock]:
    """A clock that runs while the counts are made."""
    clock = Clock()
    patches = [patch.object(owner, name, clock.on(getattr(owner, name))) for owner, name in COUNTING]
    for each in patches:
        each.start()
    try:
        yield clock
    finally:
        for each in reversed(patches):
            each.stop()
