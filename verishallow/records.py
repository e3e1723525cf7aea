"""The records of a certificate, in the format of proofs/FORMAT.md, written as a stream of lines."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)
FORMAT, VERSION = "verishallow-certificate", 1


def canonical_line(record: Record) -> bytes:
    """The one spelling of a record: JSON with sorted keys, no spaces, ASCII, and a line feed."""
    return _ENCODER.encode(record).encode() + b"\n"


def network_record(network: ReLUNetwork) -> Record:
    """The canonical record of a network; networks are the same when their records are."""
    return {"record": "network", "layers": [_layer_record(i, layer) for i, layer in enumerate(network.layers)]}


def network_sha256(network: ReLUNetwork) -> str:
    """The SHA-256 of the canonical line of a network's record."""
    return hashlib.sha256(canonical_line(network_record(network))).hexdigest()


@dataclass(frozen=True, slots=True)
class Tally:
    """What the end record counts."""

    planes: int = 0
    leaves: int = 0
    faces: int = 0
    open: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.planes + other.planes, self.leaves + other.leaves, self.faces + other.faces, self.open + other.open
        )


@dataclass(frozen=True, slots=True)
class EncodedPart:
    """The lines of a whole part of the tree, and what they count."""

    lines: tuple[bytes, ...]
    tally: Tally


def encoded(nodes: Iterable[Node], boundary: Boundary) -> EncodedPart:
    """The lines of nodes in preorder."""
    lines, total = list[bytes](), Tally()
    for node in nodes:
        record, tally = _node_record(node, boundary)
        lines.append(canonical_line(record))
        total += tally
    return EncodedPart(tuple(lines), total)


def certificate_lines(
    network: ReLUNetwork, domain: Polyhedron, boundary: Boundary, parts: Iterable[Node | EncodedPart | Reported]
) -> Iterator[bytes]:
    """The lines of a certificate, one by one, from a tree in preorder, in nodes or parts, and what is reported last."""
    digest, total, reported = hashlib.sha256(), Tally(), Reported(0, 0)
    for record in (_header(network, domain, boundary), network_record(network)):
        digest.update(line := canonical_line(record))
        yield line
    for part in parts:
        if isinstance(part, Reported):
            reported = part
            continue
        found = part if isinstance(part, EncodedPart) else encoded([part], boundary)
        total += found.tally
        for line in found.lines:
            digest.update(line)
            yield line
    end = _end_record(network, total, reported)
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


def _end_record(network: ReLUNetwork, total: Tally, reported: Reported) -> Record:
    layer1, layer2 = 2 * (network.inputs + total.planes), 2 * network.outputs * total.faces
    return {
        "record": "end",
        "leaves": total.leaves,
        "activation_regions": total.leaves,
        "affine_pieces": reported.affine_pieces,
        "linear_regions": reported.linear_regions,
        "faces": total.faces,
        "open": total.open,
        "units": {"layer1": layer1, "layer2": layer2},
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


def _node_record(node: Node, boundary: Boundary) -> tuple[Record, Tally]:
    match node:
        case LayerEntry():
            planes = [_form(plane) for plane in node.planes]
            numbers = {"layer": node.layer, "undecided": list(node.undecided), "planes": planes}
            return {"record": "layer", **numbers, **_stable(node.stable)}, Tally(planes=len(planes))
        case Stable():
            return {"record": "stable", **_stable(node)}, Tally()
        case Redundant():
            dropped = [[number, _reason(reason)] for number, reason in node.constraints]
            return {"record": "redundant", "constraints": dropped}, Tally()
        case Split():
            strict = {"strict": "+" if node.strict_side > 0 else "-"} if boundary == "exact" else {}
            return {"record": "split", "neuron": node.neuron, **strict}, Tally()
        case Leaf():
            gated = gated_leaf(node.cell, boundary)
            return _leaf_record(node, gated, boundary), Tally(leaves=1, faces=len(gated.faces))
        case Open():
            return {"record": "open"}, Tally(open=1)


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
    return [
        [index, text]
        for (index, _), text in zip(reason.multipliers, _texts(value for _, value in reason.multipliers), strict=True)
    ]


def _form(form: AffineForm) -> list[str]:
    return _texts(form.row)


def _texts(values: Iterable[Any]) -> list[str]:
    texts = [format_rational(value) for value in values]
    for text in texts:
        # A text this short cannot have too many digits: only long ones are looked at.
        if len(text) > MAX_DIGITS and max(len(part.lstrip("-")) for part in text.split("/")) > MAX_DIGITS:
            raise LimitError(f"a number of this proof needs more than the format's {MAX_DIGITS} digits")
    return texts
