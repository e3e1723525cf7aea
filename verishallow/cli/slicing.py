"""The slice and the parts of the domain that options name."""

import os
from pathlib import Path

from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.proof import parts_of
from verishallow.read.domain_parts import DomainPart
from verishallow.read.points import read_point
from verishallow.read.slice_files import slice_from_file
from verishallow.slices import Slice


def parts_named(
    network: ReLUNetwork,
    domain: str | None,
    line: tuple[str, str] | None,
    plane: tuple[str, str, str] | None,
    file: Path | None,
) -> tuple[DomainPart, ...]:
    """The parts of the domain, on the slice if one is named."""
    return parts_of(domain, network.inputs, slice_named(network.inputs, line, plane, file))


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


def target_of(target: Path, number: int, parts: int) -> Path:
    """The certificate of a part, numbered from 1 where there are several.

    >>> target_of(Path("net.cert.jsonl.gz"), 2, 3).name
    'net.part-2.cert.jsonl.gz'
    """
    stem, dot, suffixes = target.name.partition(".")
    return target if parts == 1 else target.with_name(f"{stem}.part-{number}{dot}{suffixes}")
