"""The records of a certificate, in the format of proofs/FORMAT.md, written as a stream of lines."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from verishallow.affine import AffineForm
from verishallow.errors import LimitError
from verishallow.farkas import FarkasCertificate
from verishallow.network import Layer, ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import MAX_DIGITS, format_rational
from verishallow.regions.cell_tree import Decision, LayerEntry, Leaf, Node, Open, Redundant, Reported, Split, Stable
from verishallow.shallow.signed_faces import Boundary, GatedLeaf, gated_leaf

Record = dict[str, Any]
FORMAT, VERSION = "verishallow-certificate", 1


def canonical_line(record: Record) -> bytes:
    """The one spelling of a record: JSON with sorted keys, no spaces, ASCII, and a line feed."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def network_record(network: ReLUNetwork) -> Record:
    """The canonical record of a network; networks are the same when their records are."""
    return {"record": "network", "layers": [_layer_record(i, layer) for i, layer in enumerate(network.layers)]}


def network_sha256(network: ReLUNetwork) -> str:
    """The SHA-256 of the canonical line of a network's record."""
    return hashlib.sha256(canonical_line(network_record(network))).hexdigest()


def certificate_lines(
    network: ReLUNetwork, domain: Polyhedron, boundary: Boundary, nodes: Iterable[Node | Reported]
) -> Iterator[bytes]:
    """The lines of a certificate, one by one, from the nodes of a cell tree in preorder and what is reported last."""
    digest = hashlib.sha256()
    tally = _Tally(network)
    for record in (_header(network, domain, boundary), network_record(network)):
        digest.update(line := canonical_line(record))
        yield line
    for node in nodes:
        if isinstance(node, Reported):
            tally.report(node)
            continue
        digest.update(line := canonical_line(_node_record(node, boundary, tally)))
        yield line
    end = tally.end_record()
    digest.update(canonical_line(end))
    yield canonical_line({**end, "sha256": digest.hexdigest()})


def write_lines(lines: Iterable[bytes], file: BinaryIO) -> Record:
    """Write a certificate gzipped, with nothing in the container that depends on time or place.

    Returns the last record, the one with the counts.
    """
    line = b"{}"
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as stream:
        for line in lines:
            stream.write(line)
    end: Record = json.loads(line)
    return end


class _Tally:
    """The counts of the end record, gathered while the nodes pass by."""

    def __init__(self, network: ReLUNetwork) -> None:
        self._outputs = network.outputs
        self._layer1 = 2 * network.inputs
        self._leaves = self._faces = self._open = 0
        self._reported = Reported(0, 0)

    def add_planes(self, entry: LayerEntry) -> None:
        self._layer1 += 2 * len(entry.planes)

    def add_leaf(self, gated: GatedLeaf) -> None:
        self._leaves += 1
        self._faces += len(gated.faces)

    def add_open(self) -> None:
        self._open += 1

    def report(self, reported: Reported) -> None:
        self._reported = reported

    def end_record(self) -> Record:
        return {
            "record": "end",
            "leaves": self._leaves,
            "activation_regions": self._leaves,
            "affine_pieces": self._reported.affine_pieces,
            "linear_regions": self._reported.linear_regions,
            "faces": self._faces,
            "open": self._open,
            "units": {"layer1": self._layer1, "layer2": 2 * self._outputs * self._faces},
        }


def _header(network: ReLUNetwork, domain: Polyhedron, boundary: Boundary) -> Record:
    return {
        "record": "header",
        "format": FORMAT,
        "version": VERSION,
        "claim": "equality",
        "construction": "cells",
        "boundary": boundary,
        "inputs": network.inputs,
        "outputs": network.outputs,
        "domain": [_form(form) for form in domain.inequalities],
        "network_sha256": network_sha256(network),
    }


def _layer_record(index: int, layer: Layer) -> Record:
    reads = {} if layer.reads == (index,) else {"reads": list(layer.reads)}
    return {"weight": [_texts(row) for row in layer.weight], "bias": _texts(layer.bias), **reads}


def _node_record(node: Node, boundary: Boundary, tally: _Tally) -> Record:
    match node:
        case LayerEntry():
            tally.add_planes(node)
            planes = [_form(plane) for plane in node.planes]
            numbers = {"layer": node.layer, "undecided": list(node.undecided), "planes": planes}
            return {"record": "layer", **numbers, **_stable(node.stable)}
        case Stable():
            return {"record": "stable", **_stable(node)}
        case Redundant():
            return {"record": "redundant", "constraints": [[n, _reason(reason)] for n, reason in node.constraints]}
        case Split():
            strict = {"strict": "+" if node.strict_side > 0 else "-"} if boundary == "exact" else {}
            return {"record": "split", "neuron": node.neuron, **strict}
        case Leaf():
            gated = gated_leaf(node.cell, boundary)
            tally.add_leaf(gated)
            return _leaf_record(node, gated, boundary)
        case Open():
            tally.add_open()
            return {"record": "open"}


def _leaf_record(leaf: Leaf, gated: GatedLeaf, boundary: Boundary) -> Record:
    exact = boundary == "exact"
    units = [
        {"-inf": list(face.gates), "weight": str(face.sign), **({"face": list(face.on)} if exact else {})}
        for face in gated.faces
    ]
    return {
        "record": "leaf",
        "map": [_form(form) for form in leaf.affine_map.forms],
        "witness": _texts(leaf.witness),
        "units": units,
        **({"absent": [[list(on), _reason(reason)] for on, reason in gated.absent]} if exact else {}),
    }


def _stable(stable: Stable) -> Record:
    return {"active": _decisions(stable.active), "inactive": _decisions(stable.inactive)}


def _decisions(decisions: Iterable[Decision]) -> list[Any]:
    return [[decision.neuron, _reason(decision.reason)] for decision in decisions]


def _reason(reason: FarkasCertificate) -> list[Any]:
    return [[index, *_texts([multiplier])] for index, multiplier in reason.multipliers]


def _form(form: AffineForm) -> list[str]:
    return _texts(form.row)


def _texts(values: Iterable[Any]) -> list[str]:
    texts = [format_rational(value) for value in values]
    for text in texts:
        if len(text) > MAX_DIGITS and max(len(part.lstrip("-")) for part in text.split("/")) > MAX_DIGITS:
            raise LimitError(f"a number of this proof needs more than the format's {MAX_DIGITS} digits")
    return texts
