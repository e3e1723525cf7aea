"""One proof by many workers: any ``concurrent.futures.Executor`` explores shards, and the result is the same bytes.

Places are handed to workers in the order in which their lines are needed, a bounded number ahead, so that memory is
bounded too. A worker that dies takes no result with it: whoever runs the executor decides whether to try again.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

from verishallow.claims import Claim
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.records import EncodedPart, encoded
from verishallow.regions.cdd_engine import Place
from verishallow.regions.cell_tree import Leaf, Node, Reported
from verishallow.regions.reported import PartReport, merged, report_of_leaf
from verishallow.regions.sharded import explore, shard


@dataclass(frozen=True, slots=True)
class ProvedShard:
    """The lines of a shard and what is reported of its regions."""

    part: EncodedPart
    report: PartReport


def prove_shard(network: ReLUNetwork, place: Place, owner: Vector, claim: Claim) -> ProvedShard | None:
    """What a worker does: the proof below a place, or ``None`` where the place must be split first."""
    tree = shard(network, place, owner)
    return None if tree is None else ProvedShard(encoded(tree.nodes(), claim), tree.report())


def parallel_parts(
    network: ReLUNetwork, domain: Polyhedron, owner: Vector, claim: Claim, executor: Executor, ahead: int
) -> Iterator[Node | EncodedPart | Reported]:
    """The cell tree in preorder, its shards explored by an executor, at most ``ahead`` before they are needed."""
    reports: list[PartReport] = []
    for part in explore(
        network, domain, owner, lambda place: executor.submit(prove_shard, network, place, owner, claim), ahead
    ):
        if isinstance(part, ProvedShard):
            reports.append(part.report)
            yield part.part
        else:
            reports += [report_of_leaf(node) for node in part if isinstance(node, Leaf)]
            yield from part
    yield merged(reports)
