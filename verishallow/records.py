"""The records of a certificate, in the format of proofs/FORMAT.md, written as a stream of lines."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from verishallow.claims import NOTHING, Claim, Tally
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.cell_tree import Node, Reported
from verishallow.slices import Slice
from verishallow.spelling import Record, canonical_line, form_texts, network_record, network_sha256

FORMAT, VERSION = "verishallow-certificate", 1


@dataclass(frozen=True, slots=True)
class EncodedPart:
    """The lines of a whole part of the tree, and what they count."""

    lines: tuple[bytes, ...]
    tally: Tally


def encoded(nodes: Iterable[Node], claim: Claim) -> EncodedPart:
    """The lines of nodes in preorder, as far as a claim needs them."""
    written = [_written(node, claim) for node in nodes]
    lines = chain.from_iterable(lines for lines, _ in written)
    return EncodedPart(tuple(lines), Tally.total(tally for _, tally in written))


def _written(node: Node, claim: Claim) -> tuple[tuple[bytes, ...], Tally]:
    found = claim.node(node)
    return ((), NOTHING) if found is None else ((canonical_line(found[0]),), found[1])


def certificate_lines(
    network: ReLUNetwork,
    domain: Polyhedron,
    claim: Claim,
    parts: Iterable[Node | EncodedPart | Reported],
    embedding: Slice | None = None,
) -> Iterator[bytes]:
    """The lines of a certificate, one by one, from a tree in preorder, in nodes or parts, and what is reported last.

    On a slice the domain and the tree are about its parameters, and the network is the whole one.
    """
    digest, total, reported = hashlib.sha256(), Tally(), Reported(0, 0)
    for record in (_header(network, domain, claim, embedding), *map(network_record, claim.networks(network))):
        digest.update(line := canonical_line(record))
        yield line
    for part in parts:
        if isinstance(part, Reported):
            reported = part
            continue
        lines, tally = (part.lines, part.tally) if isinstance(part, EncodedPart) else _written(part, claim)
        if tally is not NOTHING:
            total += tally
        for line in lines:
            digest.update(line)
            yield line
    end = {"record": "end", **claim.end(domain.dimension, network.outputs, total, reported)}
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


def _header(network: ReLUNetwork, domain: Polyhedron, claim: Claim, embedding: Slice | None) -> Record:
    return {
        "record": "header",
        "format": FORMAT,
        "version": VERSION,
        **claim.header(),
        **({"slice": [form_texts(form) for form in embedding.embedding.forms]} if embedding else {}),
        "inputs": domain.dimension,
        "outputs": network.outputs,
        "domain": [form_texts(form) for form in domain.inequalities],
        "network_sha256": network_sha256(network),
    }
