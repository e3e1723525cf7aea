"""The tree of a certificate, walked record by record: what is decided where, and the affine forms that follow."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.certificate import Certificate
from verishallow.network import ReLUNetwork
from verishallow.regions.cell_tree import Pattern
from verishallow.side_by_side import side_by_side


@dataclass(frozen=True, slots=True)
class Node:
    """Where the walk stands: the splits above as (layer, neuron, sign), the layers decided, the one under way.

    ``dropped`` are the numbers of constraints that are redundant here.
    """

    path: tuple[tuple[int, int, int], ...] = ()
    pattern: Pattern = ()
    layer: int = 0
    decided: tuple[tuple[int, bool], ...] = ()
    dropped: frozenset[int] = frozenset()

    def entering(self, layer: int) -> "Node":
        """The node at which a layer begins."""
        return replace(self, pattern=self.whole_pattern(), layer=layer, decided=())

    def deciding(self, record: dict[str, Any]) -> "Node":
        """The node below a record that decides neurons."""
        found = [(neuron, kind == "active") for kind in ("active", "inactive") for neuron, _ in record[kind]]
        return replace(self, decided=(*self.decided, *found))

    def dropping(self, record: dict[str, Any]) -> "Node":
        """The node below a record of redundant constraints."""
        return replace(self, dropped=self.dropped.union(number for number, _ in record["constraints"]))

    def on_side(self, neuron: int, sign: int) -> "Node":
        """One of the two nodes below a split."""
        step = (self.layer, neuron, sign)
        return replace(self, path=(*self.path, step), decided=(*self.decided, (neuron, sign > 0)))

    def whole_pattern(self) -> Pattern:
        """The layers decided, and the one under way, which must be decided too."""
        return (*self.pattern, tuple(on for _, on in sorted(self.decided))) if self.decided else self.pattern


def nodes(certificate: Certificate) -> Iterator[tuple[int, dict[str, Any], Node]]:
    """Every record of the tree with its line, counted from 1, and its node; a layer's record with the layer entered."""
    first = 2 if certificate.other is None else 3
    waiting = [Node()]
    for number, line in enumerate(certificate.lines[first:-1], start=first + 1):
        record, node = json.loads(line), waiting.pop()
        if record["record"] == "layer":
            node = node.entering(record["layer"])
        yield number, record, node
        match record["record"]:
            case "layer" | "stable":
                waiting.append(node.deciding(record))
            case "redundant":
                waiting.append(node.dropping(record))
            case "split":
                waiting += [node.on_side(record["neuron"], sign) for sign in (-1, 1)]


def explored(certificate: Certificate) -> ReLUNetwork:
    """The network whose neurons the tree decides: both side by side, where there are two."""
    other = certificate.other
    return certificate.network if other is None else side_by_side(certificate.network, other)


def padded(network: ReLUNetwork, pattern: Pattern) -> Pattern:
    """The pattern with the layers that are not decided yet as inactive: no form of a lower one depends on them."""
    rest = network.hidden[len(pattern) :]
    return (*pattern, *((False,) * layer.width for layer in rest))


def path_constraints(network: ReLUNetwork, node: Node) -> tuple[AffineForm, ...]:
    """The sides of the splits above a node, from the root down, with primitive forms."""
    forms = network.pre_activations_for(padded(network, node.pattern))
    return tuple(forms[layer - 1][neuron].scaled(mpq(sign)).primitive() for layer, neuron, sign in node.path)


@dataclass(frozen=True, slots=True)
class Cell:
    """A leaf: its line, the network's map, and the inequalities that it needs besides those of the domain."""

    line: int
    affine_map: AffineMap
    inequalities: tuple[AffineForm, ...]


def cells(certificate: Certificate) -> Iterator[Cell]:
    """The leaves in the order of the tree, each computed when it is asked for, and without any vertex.

    >>> from verishallow import ReLUNetwork, prove
    >>> clipped = prove(ReLUNetwork.of([([[1], [1]], [0, -1]), ([[1, -1]], [0])]))
    >>> [(cell.line, str(cell.affine_map.forms[0]), *map(str, cell.inequalities)) for cell in cells(clipped)]
    [(7, '1', '-1 + x0'), (8, 'x0', 'x0', '1 - x0'), (10, '0', '-x0')]
    """
    network, rows = explored(certificate), len(certificate.domain.inequalities)
    for line, record, node in nodes(certificate):
        if record["record"] == "leaf":
            path = enumerate(path_constraints(network, node), start=rows)
            kept = dict.fromkeys(form for number, form in path if number not in node.dropped)
            pattern = node.whole_pattern()[: len(certificate.network.hidden)]
            yield Cell(line, certificate.network.affine_map_for(pattern), tuple(kept))
