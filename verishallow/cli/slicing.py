"""The slice and the parts of the domain that options name."""

import os
import sys
from pathlib import Path

from verishallow.errors import InputError, RefutedError
from verishallow.network import ReLUNetwork
from verishallow.proof import parts_of
from verishallow.proof_library import CERTIFICATES
from verishallow.read.domain_parts import DomainPart
from verishallow.read.points import read_point
from verishallow.read.slice_files import slice_from_file
from verishallow.show.tables import point_text
from verishallow.slices import Slice

HUGE = 50
"""Inputs of networks that are rather asked about on slices."""

MOST_SHOWN = 20
"""Coordinates of a point that one line shows."""


def parts_named(
    network: ReLUNetwork,
    domain: str | None,
    line: tuple[str, str] | None,
    plane: tuple[str, str, str] | None,
    file: Path | None,
) -> tuple[DomainPart, ...]:
    """The parts of the domain, on the slice if one is named."""
    embedding = slice_named(network.inputs, line, plane, file)
    fixed = domain is not None and domain.lower().endswith(".vnnlib")
    if embedding is None and network.inputs >= HUGE and not fixed:
        print(
            f"warning: in {network.inputs} inputs each linear program is large, and a proof may take hours; "
            "--line, --plane or --slice take the network to few",
            file=sys.stderr,
        )
    return parts_of(domain, network.inputs, embedding)


def slice_named(
    inputs: int, line: tuple[str, str] | None, plane: tuple[str, str, str] | None, file: Path | None
) -> Slice | None:
    """The one slice that is named; ``None`` for none."""
    if sum(given is not None for given in (line, plane, file)) > 1:
        raise InputError("slice: expected one of --line, --plane and --slice, found several")
    if line is not None:
        return Slice.line(*(read_point(point, inputs) for point in line))
    if plane is not None:
        return Slice.plane(*(read_point(point, inputs) for point in plane))
    return None if file is None else slice_from_file(os.fsdecode(file))


def targets_of(target: Path, parts: int) -> list[Path]:
    """The certificates of so many parts, numbered from 1 where there are several.

    >>> [path.name for path in targets_of(Path("net.v2.cert.jsonl.gz"), 2)]
    ['net.v2.part-1.cert.jsonl.gz', 'net.v2.part-2.cert.jsonl.gz']
    """
    suffix = next((suffix for suffix in CERTIFICATES if target.name.endswith(suffix)), target.suffix)
    stem = target.name.removesuffix(suffix)
    numbers = range(1, parts + 1)
    return [target if parts == 1 else target.with_name(f"{stem}.part-{number}{suffix}") for number in numbers]


def in_the_inputs(refuted: RefutedError, embedding: Slice | None) -> RefutedError:
    """The same refutation at a point of the inputs; on a slice its message names the parameters."""
    if embedding is None:
        return refuted
    point = embedding.embedding(refuted.point)
    where = f", which is the input {point_text(point)}" if len(point) <= MOST_SHOWN else ""
    return RefutedError(f"{refuted}, in the parameters of the slice{where}", point, refuted.cell)
