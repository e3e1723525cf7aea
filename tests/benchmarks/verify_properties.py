"""Table 10: properties decided exactly: what finding and checking cost, beside listing regions and beside Marabou."""

import gzip
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from tests.benchmarks.marabou_peer import available, marabou
from tests.benchmarks.measuring import ONE_THREAD, Run, Worker, environment, kept, table, times
from tests.benchmarks.networks import SHARED, Case
from tests.benchmarks.perceptrons import Ball, balls
from verishallow import checker, fast_checker
from verishallow.claims.bounds import OutputBounds, range_of_leaves
from verishallow.claims.claim import Claim
from verishallow.claims.regions import RegionCount
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import proof_lines
from verishallow.read import load
from verishallow.read.properties import sugar
from verishallow.read.properties.property import Property
from verishallow.read.properties.vnnlib import read_property
from verishallow.regions.cdd_engine import generic_point
from verishallow.regions.cell_tree import Leaf
from verishallow.regions.sharded import lattice_tree_engine
from verishallow.verify import asking

LIMIT = 60.0
"""CPU seconds within which an instance counts as decided."""

SECONDS = 10.0
"""CPU seconds for a ball around a digit."""

LONGEST = 120.0
"""CPU seconds for listing regions."""

SLOW = 1.5
"""Seconds on the clock of a busy machine for one CPU second."""

LEAVES = 10
"""Leaves from which reading the network is no large part of what a leaf costs to check."""

MANY = 1_000
"""Nodes from which two processes are compared with one."""

ALWAYS = "random 3-16-16-1"
VDP, CARTPOLE = "vdp.onnx", "properties/cartpole.onnx"
LISTED = (
    (VDP, "properties/vdp_0.vnnlib"),
    *((CARTPOLE, f"properties/cartpole_case_unsafe_{i}.vnnlib") for i in (1, 3)),
)

HEADS = (
    "instances", "decided", "holds", "violated", "find, CPU s", "leaves", "check, CPU s", "fast, CPU s",
    "ms per leaf, of 10 or more", "fast, ms per leaf", "bytes without the network", "bytes",
)  # fmt: skip
LISTING_HEADS = ("instance", "verdict", "find, CPU s", "bytes", "regions listed, CPU s", "bytes", "faster", "smaller")
RECORD_HEADS = ("network", "bound above the maximum", "verdict", "records", "records, regions listed", "fewer")
JOBS_HEADS = ("instance", "nodes", "--jobs 1, wall s", "--jobs 2, wall s", "faster")
PEER_HEADS = ("instance", "verishallow", "CPU s", "Marabou", "CPU s", "ratio")
T = TypeVar("T")


# --------------------------------------------------------------------------------------------- Instances


@dataclass(frozen=True)
class Instance:
    """A network of the shared folder and a property, both by their files; or a random network and a bound."""

    network_name: str
    property_name: str

    @property
    def name(self) -> str:
        return f"{Path(self.network_name).stem} {Path(self.property_name).stem}"

    @cached_property
    def network(self) -> ReLUNetwork:
        case = self.network_name.partition(" ")[2]
        return Case(case).network if case else load(SHARED / self.network_name)

    @cached_property
    def asked(self) -> Property:
        if self.network_name == ALWAYS:
            return sugar.bounds(self.network, "box:-1,1", high={0: self.property_name})
        return read_property(str(SHARED / self.property_name))

    @property
    def there(self) -> bool:
        return self.network_name == ALWAYS or all((SHARED / name).exists() for name in self._files)

    @property
    def _files(self) -> tuple[str, str]:
        return self.network_name, self.property_name


def acasxu(number: int) -> list[Instance]:
    """A property, on all networks that are there."""
    networks = sorted((SHARED / "acasxu").glob("*.onnx"))
    return [Instance(f"acasxu/{path.name}", f"acasxu/prop_{number}.vnnlib") for path in networks]


# ---------------------------------------------------------------------------------------------- Measured


@dataclass(frozen=True)
class Measured:
    """One instance: CPU seconds of finding and of both checkers, and gzipped bytes with the network and without."""

    name: str
    verdict: str
    nodes: int
    leaves: int
    find: float
    check: float = 0.0
    fast: float = 0.0
    small: int = 0
    whole: int = 0

    @property
    def decided(self) -> bool:
        return self.verdict != "unknown" and self.find <= LIMIT  # a slow machine's clock may allow more


def cpu_seconds(work: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    value = work()
    return time.process_time() - start, value


def measured(instance: Instance | Ball) -> Measured:
    """The instance is decided, and its certificate checked by both checkers, whose verdicts are equal."""
    network, asked = instance.network, instance.asked
    limit = LIMIT if isinstance(instance, Instance) else SECONDS
    find, outcome = cpu_seconds(lambda: asking.verify(network, asked, timeout=SLOW * limit))
    found = Measured(instance.name, outcome.verdict, outcome.nodes, outcome.leaves, find)
    return checked(found, outcome.lines) if found.decided else found


def checked(found: Measured, lines: Sequence[bytes]) -> Measured:
    (check, one), (fast, other) = (cpu_seconds(partial(by.check_lines, lines)) for by in (checker, fast_checker))
    if one != other or one.kind != "valid":
        raise AssertionError(f"{found.name}: {one}; {other}")
    small = [line for line in lines if b'"record":"network"' not in line]
    bytes_of = (gzipped(small), gzipped(lines))
    return Measured(found.name, found.verdict, found.nodes, found.leaves, found.find, check, fast, *bytes_of)


def gzipped(lines: Sequence[bytes]) -> int:
    return len(gzip.compress(b"".join(lines), mtime=0))


def apart(work: Callable[[Any], T], items: Sequence[Any]) -> Iterator[T]:
    """In another process, one after the other, with one thread."""
    with environment(ONE_THREAD), ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        yield from (executor.submit(work, item).result() for item in items)


# --------------------------------------------------------------------------------------------- The tables


def report(repeat: int, quick: bool, full: bool) -> Iterator[str]:
    """The tables; those whose networks or peers are not there say so instead."""
    del repeat, full
    yield f"Within {LIMIT:.0f} CPU seconds each (balls {SECONDS:.0f}); medians of those decided; bytes are gzipped.\n"
    groups = {ALWAYS: [Instance(ALWAYS, "10"), Instance(ALWAYS, "1/2")]} if quick else published()
    found: list[Measured] = []
    yield from table(HEADS, summaries(groups, found))
    yield from skipped("the networks of ACAS Xu are not there", not quick and not acasxu(3))
    yield from table(HEADS, summaries(digit_groups(quick), []))
    yield from beside_listing(quick)
    yield from table(RECORD_HEADS, [record_row("3-8-8-1" if quick else "3-32-32-1")])
    yield from in_two_processes([] if quick else found)
    yield from beside_marabou([] if quick else [each for number in (3, 4) for each in acasxu(number)[::8]])


def published() -> dict[str, list[Instance]]:
    return {f"ACAS Xu, property {number}": acasxu(number) for number in (1, 2, 3, 4) if acasxu(number)}


def digit_groups(quick: bool) -> dict[str, list[Ball]]:
    """Balls around digits that were not trained on."""
    if quick:
        return {"64-8-10, radius 1/50": balls(8, (8,), "1/50", 2)}
    small = {f"64-32-32-10, radius {radius}": balls(8, (32, 32), radius, 10) for radius in ("1/25", "1/10")}
    return small | {f"784-50-50-10, radius {radius}": balls(28, (50, 50), radius, 5) for radius in ("1/50", "1/25")}


def summaries(groups: dict[str, Any], found: list[Measured]) -> Iterator[tuple[str, ...]]:
    for name, instances in groups.items():
        own = list(apart(measured, instances))
        found += own
        yield summary(name, own)
    if len(groups) > 1:
        yield summary("all of these", found)


def summary(name: str, found: Sequence[Measured]) -> tuple[str, ...]:
    """The row of a group: medians over what was decided."""
    decided = [each for each in found if each.decided]
    holds = [each for each in decided if each.verdict == "holds"]
    counts = (len(holds), len(decided) - len(holds))
    sizes = (middle([each.small for each in decided], ",.0f"), middle([each.whole for each in decided], ",.0f"))
    seconds = ([each.check for each in decided], [each.fast for each in decided])
    large = [each for each in holds if each.leaves >= LEAVES]
    per_leaf = ([1000 * each.check / each.leaves for each in large], [1000 * each.fast / each.leaves for each in large])
    return (
        name,
        f"{len(decided)} of {len(found)}",
        *map(str, counts),
        middle([each.find for each in decided], ".2f"),
        middle([each.leaves for each in holds], ",.0f"),
        *(middle(column, ".2f") for column in seconds),
        *(middle(column, ".1f") for column in per_leaf),
        *sizes,
    )


def middle(values: Sequence[float], form: str) -> str:
    return format(median(values), form) if values else "-"


def skipped(reason: str, condition: bool) -> Iterator[str]:
    if condition:
        yield f"Not measured: {reason}.\n"


# ------------------------------------------------------------------------------------------ Listing regions


def beside_listing(quick: bool) -> Iterator[str]:
    instances = [Instance(ALWAYS, "10")] if quick else [Instance(*names) for names in LISTED]
    there = [instance for instance in instances if instance.there]
    yield from table(LISTING_HEADS, map(listing_row, there))
    yield from skipped("vdp_0 and cartpole are not there", len(there) < len(instances))


def listing_row(instance: Instance) -> tuple[str, ...]:
    """The certificate of the property beside that of all regions of its domain."""
    (found,) = apart(measured, [instance])
    worker = Worker(listing, Instance(ALWAYS, "10"))
    outcome = worker.run(instance, LONGEST, 0.0)
    worker.close()
    own = (instance.name, found.verdict, f"{found.find:.2f}", f"{found.small:,}")
    if not isinstance(outcome, Run):
        late = outcome.startswith("over")
        return (*own, outcome, "-", f"at least {times(LONGEST / found.find)}" if late else "-", "-")
    ratios = (times(outcome.cpu / found.find), times(outcome.count / found.small))
    return (*own, f"{outcome.cpu:.2f}", f"{outcome.count:,}", *ratios)


def listing(instance: Instance) -> Callable[[], int]:
    """The bytes, without the network, of a certificate that lists all regions of the property's domain."""
    network, domain = instance.network, Polyhedron(instance.asked.inputs, instance.asked.domain.forms)

    def work() -> int:
        lines = proof_lines(network, domain.normalised(), RegionCount(), "auto")
        return gzipped([line for line in lines if b'"record":"network"' not in line])

    return work


def record_row(name: str) -> tuple[str, ...]:
    """A bound a little above the greatest output: the records of both proofs."""
    case = Case(name)
    network, domain = case.network, case.polyhedron
    nodes = lattice_tree_engine(network, domain, generic_point(domain))
    (own,) = range_of_leaves(node for node in nodes if isinstance(node, Leaf))
    assert own.high is not None
    assert own.low is not None
    high = own.high + (own.high - own.low) / 10_000
    outcome = asking.verify(network, sugar.bounds(network, domain, high={0: high}), timeout=SLOW * LIMIT)
    claim: Claim = OutputBounds.of({0: (None, high)})
    listed = len(list(proof_lines(network, domain, claim, "auto")))
    fewer = times(listed / len(outcome.lines))
    return f"random {name}", "1/10,000 of the range", outcome.verdict, f"{len(outcome.lines):,}", f"{listed:,}", fewer


# ----------------------------------------------------------------------------------- Processes, and a peer


def in_two_processes(found: Sequence[Measured]) -> Iterator[str]:
    """The largest decided instances on the clock, with one process and with two."""
    large = sorted((each for each in found if each.decided and each.nodes > MANY), key=lambda each: -each.nodes)[:2]
    by_name = {each.name: each for number in (1, 2, 3, 4) for each in acasxu(number)}
    yield from table(JOBS_HEADS, (jobs_row(by_name[each.name], each.nodes) for each in large))
    yield from skipped("no instance of more than 1,000 nodes was decided", not large)


def jobs_row(instance: Instance, nodes: int) -> tuple[str, ...]:
    one, two = (wall_seconds(instance, jobs) for jobs in (1, 2))
    return instance.name, f"{nodes:,}", f"{one:.1f}", f"{two:.1f}", times(one / two)


def wall_seconds(instance: Instance, jobs: int) -> float:
    with environment(ONE_THREAD), ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        return executor.submit(_on_the_clock, instance, jobs).result()


def _on_the_clock(instance: Instance, jobs: int) -> float:
    network, asked = instance.network, instance.asked
    start = time.perf_counter()
    asking.verify(network, asked, jobs=jobs, timeout=SLOW * LIMIT)
    return time.perf_counter() - start


@dataclass(frozen=True)
class Compared:
    """An instance by both tools."""

    own: Measured
    answer: str
    seconds: float

    def row(self) -> tuple[str, ...]:
        own = (self.own.name, self.own.verdict, f"{self.own.find:.2f}")
        ratio = times(self.seconds / self.own.find)
        if not self.agreed:
            ratio = f"at least {ratio}" if self.answer == "TIMEOUT" and self.own.decided else "-"
        return (*own, self.answer, f"{self.seconds:.2f}", ratio)

    @property
    def agreed(self) -> bool:
        """Whether both decided, and alike."""
        return (self.own.verdict, self.answer) in (("holds", "unsat"), ("violated", "sat")) and self.own.decided


def beside_marabou(instances: Sequence[Instance]) -> Iterator[str]:
    """Marabou decides in floats, and hands over no certificate here."""
    if not available() or not instances:
        yield from skipped("Marabou (maraboupy, in the Python that MARABOU_PYTHON names) or ACAS Xu is not there", True)
        return
    found: list[Compared] = []
    yield from table(PEER_HEADS, kept(map(compared, instances), found))
    agreed = [each for each in found if each.agreed]
    ratio = median(each.seconds / each.own.find for each in agreed) if agreed else None
    yield f"Median ratio of the {len(agreed)} instances that both decided alike: {times(ratio)}.\n"


def compared(instance: Instance) -> Compared:
    (own,) = apart(measured, [instance])
    network, asked = instance.network, instance.asked
    layers = [{"weight": floats(layer.weight), "bias": floats([layer.bias])[0]} for layer in network.layers]
    (unsafe,) = asked.unsafe
    answer, seconds = marabou(layers, box_of(asked), floats([form.row for form in unsafe.forms]), SLOW * LIMIT)
    return Compared(own, answer, seconds)


def floats(rows: Sequence[Sequence[Any]]) -> list[list[float]]:
    return [[float(a) for a in row] for row in rows]


def box_of(asked: Property) -> list[list[float]]:
    """The sides of a domain that is a box."""
    sides = [[float("-inf"), float("inf")] for _ in range(asked.inputs)]
    for form in asked.domain.forms:
        ((axis, slope),) = ((i, a) for i, a in enumerate(form.linear) if a)
        end = float(-form.constant / slope)
        at = 0 if slope > 0 else 1
        sides[axis][at] = max(sides[axis][at], end) if slope > 0 else min(sides[axis][at], end)
    return sides
