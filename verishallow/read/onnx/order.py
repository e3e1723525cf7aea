"""The nodes that outputs need, in an order in which each reads only what earlier ones give."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import onnx

from verishallow.errors import NetworkError
from verishallow.read.places import shown


@dataclass(frozen=True, slots=True)
class OrderedNodes:
    """The nodes in order, each with its number in the file; the names that they and the outputs read."""

    nodes: Sequence[tuple[int, onnx.NodeProto]]
    needed: Collection[str]

    @property
    def moved(self) -> bool:
        """Whether the file has them in another order."""
        numbers = [number for number, _ in self.nodes]
        return numbers != sorted(numbers)


def ordered_nodes(nodes: Sequence[onnx.NodeProto], outputs: Iterable[str], given: Collection[str]) -> OrderedNodes:
    """The nodes on which the outputs depend, as the file has them as far as possible; a circle is refused.

    ``given`` are the names of inputs and stored tensors.
    """
    makers = _makers(nodes)
    needed, kept = _needed(nodes, outputs, makers)
    sources = {number: _sources(nodes[number - 1], makers, given) for number in kept}
    numbers = list(_sorted(sources))
    if len(numbers) < len(sources):
        node = nodes[(number := _on_circle(sources, set(numbers))) - 1]
        raise NetworkError(f"{place_of(number, node)}: it reads what it gives, perhaps through other nodes: a circle")
    return OrderedNodes([(number, nodes[number - 1]) for number in numbers], needed)


def place_of(number: int, node: onnx.NodeProto) -> str:
    """A node as errors and notes name it."""
    return f"node {number} {shown(node.name)} ({shown(node.op_type)[1:-1]})"


def names_read(node: onnx.NodeProto) -> Iterator[str]:
    """The names that a node reads, those in graphs that are its attributes included."""
    yield from filter(None, node.input)
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            yield from (value.name for value in attribute.g.output)
            for inner in attribute.g.node:
                yield from names_read(inner)


def _makers(nodes: Sequence[onnx.NodeProto]) -> Mapping[str, list[int]]:
    makers: dict[str, list[int]] = {}
    for number, node in enumerate(nodes, start=1):
        for name in filter(None, node.output):
            makers.setdefault(name, []).append(number)
    return makers


def _needed(
    nodes: Sequence[onnx.NodeProto], outputs: Iterable[str], makers: Mapping[str, list[int]]
) -> tuple[set[str], set[int]]:
    needed, kept = set(outputs), set[int]()
    waiting = list(needed)
    while waiting:
        for number in makers.get(waiting.pop(), ()):
            if number not in kept:
                kept.add(number)
                fresh = set(names_read(nodes[number - 1])) - needed
                needed |= fresh
                waiting += fresh
    return needed, kept


def _sources(node: onnx.NodeProto, makers: Mapping[str, list[int]], given: Collection[str]) -> set[int]:
    return {number for name in names_read(node) if name not in given for number in makers.get(name, ())}


def _sorted(sources: Mapping[int, set[int]]) -> Iterator[int]:
    """The numbers of nodes behind those of their sources, the least first; those on a circle are left out."""
    readers: dict[int, list[int]] = {number: [] for number in sources}
    for number, read in sources.items():
        for source in read:
            readers[source].append(number)
    open_sources = {number: len(read) for number, read in sources.items()}
    ready = [number for number, count in open_sources.items() if not count]
    heapify(ready)
    while ready:
        yield (number := heappop(ready))
        for reader in readers[number]:
            open_sources[reader] -= 1
            if not open_sources[reader]:
                heappush(ready, reader)


def _on_circle(sources: Mapping[int, set[int]], done: Collection[int]) -> int:
    """The first node, from the least that is left on backwards, that is met twice."""
    number, seen = min(set(sources).difference(done)), set[int]()
    while number not in seen:
        seen.add(number)
        number = min(sources[number].difference(done))
    return number
