"""One proof by many workers: any ``concurrent.futures.Executor`` explores shards, and the bytes are the same.

Places are submitted in the order in which their lines are needed, a bounded number in advance, so that memory is
bounded too. If a worker dies no finished result is lost, and the executor decides whether to try again.
"""

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from verishallow.claims.claim import Claim
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.records.lines import EncodedPart, encoded
from verishallow.regions.cdd_engine import CellPlace
from verishallow.regions.cell_tree import Leaf, Node, Reported
from verishallow.regions.reported import PartReport, merged, report_of_leaf
from verishallow.regions.sharded import explore, shard
from verishallow.regions.tree_engine import Report, TreePlace, TreeSearch

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ProvedShard:
    """The lines of a shard, and what is reported about its regions."""

    part: EncodedPart
    report: PartReport


def prove_shard(network: ReLUNetwork, place: CellPlace, reference: Vector, claim: Claim) -> ProvedShard | None:
    """The work of a worker: the proof below a place, or ``None`` if the place must be split first."""
    tree = shard(network, place, reference)
    return None if tree is None else ProvedShard(encoded(tree.nodes(), claim), tree.report())


def parallel_parts(
    network: ReLUNetwork, domain: Polyhedron, reference: Vector, claim: Claim, executor: Executor, ahead: int
) -> Iterator[Node | EncodedPart | Reported]:
    """The tree of the engine ``lattice`` in preorder; an executor explores its shards, at most ``ahead`` at a time."""
    reports: list[PartReport] = []
    for part in explore(
        network, domain, reference, lambda place: executor.submit(prove_shard, network, place, reference, claim), ahead
    ):
        if isinstance(part, ProvedShard):
            reports.append(part.report)
            yield part.part
        else:
            reports += [report_of_leaf(node) for node in part if isinstance(node, Leaf)]
            yield from part
    yield merged(reports)


@dataclass(frozen=True, slots=True)
class ProvedBranch:
    """The lines below a place of the engine ``tree``, and the report of its regions."""

    part: EncodedPart
    report: Report


def prove_branch(network: ReLUNetwork, place: TreePlace, reference: Vector, claim: Claim) -> ProvedBranch:
    """The work of a worker for the engine ``tree``: the proof below a place."""
    report = Report()
    return ProvedBranch(encoded(report.watched(TreeSearch(network, reference).below(place)), claim), report)


def parallel_branches(
    network: ReLUNetwork, domain: Polyhedron, reference: Vector, claim: Claim, executor: Executor, ahead: int
) -> Iterator[Node | EncodedPart | Reported]:
    """The tree of the engine ``tree`` in preorder; an executor explores its branches, at most ``ahead`` at a time."""
    walk, report = TreeSearch(network, reference), Report()
    parts = (
        executor.submit(prove_branch, network, part, reference, claim) if isinstance(part, TreePlace) else part
        for part in walk.top(walk.start(domain))
    )
    for part in _some_ahead(parts, ahead):
        if isinstance(part, list):
            yield from report.watched(part)
        else:
            branch = part.result()
            report.join(branch.report)
            yield branch.part
    yield report.whole()


def _some_ahead(items: Iterator[Item], ahead: int) -> Iterator[Item]:
    """The same items, each taken ``ahead`` items before it is needed."""
    waiting = deque[Item]()
    for item in items:
        waiting.append(item)
        if len(waiting) >= ahead:
            yield waiting.popleft()
    yield from waiting


DASK_AHEAD = 64
"""The number of shards submitted to a cluster, whose size may change while it works."""


@contextmanager
def workers(jobs: int, dask: str | None) -> Iterator[tuple[Executor | None, int]]:
    """An executor (none for one job, processes, or a Dask cluster), and the number of shards to submit in advance."""
    if dask is not None:
        with _cluster(dask) as executor:
            yield executor, DASK_AHEAD
    elif jobs > 1:
        with _processes(jobs) as executor:
            yield executor, 2 * jobs
    else:
        yield None, 1


@contextmanager
def _processes(jobs: int) -> Iterator[Executor]:
    # New interpreters, since forked ones would inherit locks of numpy's threads.
    executor = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _leave_interrupts_to_the_parent)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError("--dask needs the extra of that name: pip install 'verishallow[dask]'") from error
    connect: Any = Client
    try:
        client = connect(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise InputError(f"dask: no scheduler answers at {address}") from error
    with client:
        yield client.get_executor(pure=False)
