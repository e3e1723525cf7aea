"""The records of a certificate, in the format of proofs/FORMAT.md, written as a stream of lines."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, Protocol

from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.records.spelling import Record, canonical_line, form_texts, network_record, network_sha256
from verishallow.regions.cell_tree import Node, Reported
from verishallow.slices import Slice

FORMAT, VERSION = "verishallow-certificate", 1


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers that the end record counts."""

    planes: int = 0
    leaves: int = 0
    faces: int = 0
    open: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.planes + other.planes, self.leaves + other.leaves, self.faces + other.faces, self.open + other.open
        )

    @staticmethod
    def total(tallies: "Iterable[Tally]") -> "Tally":
        """The sum of all tallies. Many are :data:`NOTHING`: they are skipped."""
        return sum((tally for tally in tallies if tally is not NOTHING), start=NOTHING)


NOTHING = Tally()
"""The tally of most records: they count nothing."""


@dataclass(frozen=True, slots=True)
class EncodedPart:
    """The lines of a whole part of the tree, and their tally."""

    lines: tuple[bytes, ...]
    tally: Tally


class ClaimRecords(Protocol):
    """What a claim writes into the records; see :class:`verishallow.claims.claim.Claim`."""

    def networks(self, network: ReLUNetwork) -> tuple[ReLUNetwork, ...]:
        """The networks that the claim is about, in the order of their records."""

    def header(self) -> Record:
        """The members of the header that say what is claimed."""

    def node(self, node: Node) -> tuple[Record, Tally] | None:
        """The record of a node and its tally; ``None`` if the claim does not need it."""

    def end(self, inputs: int, outputs: int, total: Tally, reported: Reported) -> Record:
        """The members of the end record."""


def encoded(nodes: Iterable[Node], claim: ClaimRecords) -> EncodedPart:
    """The lines of those nodes, in preorder, that a claim needs."""
    written = [_written(node, claim) for node in nodes]
    lines = chain.from_iterable(lines for lines, _ in written)
    return EncodedPart(tuple(lines), Tally.total(tally for _, tally in written))


def _written(node: Node, claim: ClaimRecords) -> tuple[tuple[bytes, ...], Tally]:
    found = claim.node(node)
    return ((), NOTHING) if found is None else ((canonical_line(found[0]),), found[1])


def certificate_lines(
    network: ReLUNetwork,
    domain: Polyhedron,
    claim: ClaimRecords,
    parts: Iterable[Node | EncodedPart | Reported],
    on_slice: Slice | None = None,
) -> Iterator[bytes]:
    """The lines of a certificate, one by one, from a tree in preorder (nodes or encoded parts, then what is reported).

    On a slice the domain and the tree are in terms of its parameters, and the network is the one of all inputs.
    """
    digest, total, reported = hashlib.sha256(), Tally(), Reported(0, 0)
    for record in (header_record(network, domain, claim, on_slice), *map(network_record, claim.networks(network))):
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
    """Write a certificate gzipped; nothing in the file depends on time or place.

    Returns the last record, which has the counts.
    """
    line = b"{}"
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as stream:
        for line in lines:
            stream.write(line)
    end: Record = json.loads(line)
    return end


def header_record(network: ReLUNetwork, domain: Polyhedron, claim: ClaimRecords, on_slice: Slice | None) -> Record:
    """The first record, which is the whole statement."""
    return {
        "record": "header",
        "format": FORMAT,
        "version": VERSION,
        **claim.header(),
        **({"slice": [form_texts(form) for form in on_slice.affine_map.forms]} if on_slice else {}),
        "inputs": domain.dimension,
        "outputs": network.outputs,
        "domain": [form_texts(form) for form in domain.inequalities],
        "network_sha256": network_sha256(network),
    }
