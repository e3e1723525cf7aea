"""One proof by many workers: any ``concurrent.futures.Executor`` explores shards, and the bytes are the same.

Places are submitted in the order in which their lines are needed, a bounded number in advance, so that memory is
bounded too. If a worker dies no finished result is lost, and the executor decides whether to try again.
"""

import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, TypeVar

from verishallow.claims.claim import Claim
from verishallow.errors import InputError, require, require_whole
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.records.lines import EncodedPart, encoded
from verishallow.regions.cdd_engine import CellPlace
from verishallow.regions.cell_tree import Node, Reported
from verishallow.regions.reported import LeafReport, PartReport
from verishallow.regions.sharded import explore, shard
from verishallow.regions.tree_engine import TreePlace, TreeSearch

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ProvedPart:
    """The lines of a part of the tree, and what is reported of its regions where the claim reports that."""

    part: EncodedPart
    report: PartReport | None


def prove_shard(network: ReLUNetwork, place: CellPlace, reference: Vector, claim: Claim) -> ProvedPart | None:
    """What a worker does: the proof below a place, or ``None`` where the place must be split first."""
    tree = shard(network, place, reference)
    if tree is None:
        return None
    return ProvedPart(encoded(tree.nodes(), claim), tree.report() if claim.reports else None)


def parallel_parts(
    network: ReLUNetwork, domain: Polyhedron, reference: Vector, claim: Claim, executor: Executor, ahead: int
) -> Iterator[Node | EncodedPart | Reported]:
    """The tree of the lattice engine in preorder; an executor explores its shards, at most ``ahead`` at a time."""
    return _reported(
        network,
        claim,
        explore(
            network,
            domain,
            reference,
            lambda place: executor.submit(prove_shard, network, place, reference, claim),
            ahead,
        ),
    )


def _reported(
    network: ReLUNetwork, claim: Claim, parts: Iterable[list[Node] | ProvedPart]
) -> Iterator[Node | EncodedPart | Reported]:
    """The nodes of the tree, and what workers made of the rest; last what is reported of all, if the claim does."""
    report = LeafReport(network) if claim.reports else None
    for part in parts:
        if isinstance(part, ProvedPart):
            if report is not None and part.report is not None:
                report.whole.add(part.report)
            yield part.part
        else:
            yield from part if report is None else report.watched(part)
    if report is not None:
        yield report.reported()


def prove_branch(network: ReLUNetwork, place: TreePlace, reference: Vector, claim: Claim) -> ProvedPart:
    """What a worker does for the tree engine: the proof below a place."""
    nodes = TreeSearch(network, reference).below(place)
    if not claim.reports:
        return ProvedPart(encoded(nodes, claim), None)
    report = LeafReport(network)
    return ProvedPart(encoded(report.watched(nodes), claim), report.as_part())


def parallel_branches(
    network: ReLUNetwork, domain: Polyhedron, reference: Vector, claim: Claim, executor: Executor, ahead: int
) -> Iterator[Node | EncodedPart | Reported]:
    """The tree of the tree engine in preorder; an executor explores its branches, at most ``ahead`` at a time."""
    walk = TreeSearch(network, reference)
    parts = (
        executor.submit(prove_branch, network, part, reference, claim) if isinstance(part, TreePlace) else part
        for part in walk.top(walk.start(domain))
    )
    found = (part if isinstance(part, list) else part.result() for part in _some_ahead(parts, ahead))
    return _reported(network, claim, found)


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
    require_whole("jobs", jobs, 1, "a number of processes, 1 or more")
    if dask is not None:
        require("dask", dask, str, "the address of a scheduler")
        with _cluster(dask) as executor:
            yield executor, DASK_AHEAD
    elif jobs > 1:
        with _processes(jobs) as executor:
            yield executor, 2 * jobs
    else:
        yield None, 1


THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""What says how many threads numpy's products take."""


class _Worker(SpawnProcess):
    """A new interpreter that does not run the caller's script again, which may have no ``__main__`` guard."""

    def start(self) -> None:
        script = sys.modules["__main__"]
        # What is spawned imports the module of this name first, unless it has no file.
        sys.modules["__main__"] = ModuleType("__main__")
        # One thread each, unless the user says otherwise: several for numpy's products would be in each other's way.
        unsaid = [name for name in THREADS if name not in os.environ]
        os.environ.update(dict.fromkeys(unsaid, "1"))
        try:
            super().start()
        finally:
            sys.modules["__main__"] = script
            for name in unsaid:
                del os.environ[name]


class _Workers(SpawnContext):
    Process = _Worker


@contextmanager
def _processes(jobs: int) -> Iterator[Executor]:
    # New interpreters, since forked ones would inherit locks of numpy's threads.
    executor = ProcessPoolExecutor(jobs, _Workers(), _leave_interrupts_to_the_parent)
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
