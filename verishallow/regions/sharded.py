"""A cell tree explored in parts: places small enough for the lattice are shards, larger ones are split first.

Which places become shards depends on the network and the domain alone, so the tree is the same, node for node, for
any number of processes.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TypeVar

from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.cdd_engine import CellPlace, expand
from verishallow.regions.cell_tree import Node, Reported
from verishallow.regions.lattice_engine import lattice_engine
from verishallow.regions.lattice_tree import LatticeTree
from verishallow.regions.reported import LeafReport
from verishallow.regions.sorted_cells import SortedCells

CELLS_OF_A_SHARD = 4096

Result = TypeVar("Result")


def shard(network: ReLUNetwork, place: CellPlace, reference: Vector) -> LatticeTree | None:
    """The tree below a place, by the lattice; ``None`` if the lattice would be too large or has no vertices."""
    try:
        found = lattice_engine(network, place.cell.polyhedron, _at_most_a_shard)
    except (InputError, _TooManyCellsError):
        return None
    return LatticeTree(SortedCells(network, found), place, reference)


class _TooManyCellsError(Exception):
    """A place has more cells than a shard may have."""


def _at_most_a_shard(_done: int, _all: int, cells: int) -> None:
    if cells > CELLS_OF_A_SHARD:
        raise _TooManyCellsError


def explore(
    network: ReLUNetwork,
    domain: Polyhedron,
    reference: Vector,
    submit: "Callable[[CellPlace], Future[Result | None]]",
    ahead: int,
) -> Iterator[list[Node] | Result]:
    """The tree in preorder: the nodes above the shards, and for each shard the result of ``submit`` for its place.

    At most ``ahead`` shards are submitted in advance.
    """
    return _explore(network, CellPlace.start(network, domain), reference, submit, ahead)


def tree_below(network: ReLUNetwork, start: CellPlace, reference: Vector) -> Iterator[Node]:
    """The nodes of the tree below a place, in preorder."""
    for part in _explore(network, start, reference, lambda place: _now(shard(network, place, reference)), 1):
        yield from part.nodes() if isinstance(part, LatticeTree) else part


def _explore(
    network: ReLUNetwork,
    start: CellPlace,
    reference: Vector,
    submit: "Callable[[CellPlace], Future[Result | None]]",
    ahead: int,
) -> Iterator[list[Node] | Result]:
    waiting: list[tuple[CellPlace, Future[Result | None] | None]] = [(start, None)]
    while waiting:
        _hand_out(waiting, submit, ahead)
        place, future = waiting.pop()
        result = future.result() if future else None
        if result is not None:
            yield result
        else:
            nodes, below = expand(network, place, reference)
            yield nodes
            waiting += [(child, None) for child in reversed(below)]


def _hand_out(
    waiting: list[tuple[CellPlace, Future[Result | None] | None]],
    submit: "Callable[[CellPlace], Future[Result | None]]",
    ahead: int,
) -> None:
    """Submit the places that are needed next, from the end of the list, until ``ahead`` are submitted."""
    submitted = sum(future is not None for _, future in waiting)
    for index in range(len(waiting) - 1, -1, -1):
        place, future = waiting[index]
        if future is None and (submitted < ahead or index == len(waiting) - 1):
            waiting[index] = place, submit(place)
            submitted += 1


def lattice_tree_engine(
    network: ReLUNetwork, domain: Polyhedron, reference: Vector, *, reporting: bool = True
) -> Iterator[Node | Reported]:
    """The cell tree of a network on a full-dimensional domain, nodes in preorder, by lattices of bounded size."""
    report = LeafReport(network) if reporting else None
    for part in explore(network, domain, reference, lambda place: _now(shard(network, place, reference)), 1):
        if isinstance(part, LatticeTree):
            yield from part.nodes()
            if report is not None:
                report.whole.add(part.report())
        else:
            yield from part if report is None else report.watched(part)
    if report is not None:
        yield report.reported()


def _now(result: Result) -> "Future[Result]":
    future: Future[Result] = Future()
    future.set_result(result)
    return future
