"""``verishallow prove``."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from verishallow.claims import Claim, Equality, EqualNetworks, OutputBounds, RegionCount
from verishallow.cli.constructing import HELP as CONSTRUCTIONS_HELP
from verishallow.cli.constructing import Wanted, boundary_named, claim_of
from verishallow.cli.default_names import HELP as DEFAULT_NAMES
from verishallow.cli.default_names import default_certificate
from verishallow.cli.equal import different
from verishallow.cli.options import (
    AsJson,
    DaskAddress,
    DomainText,
    EngineName,
    GridText,
    Jobs,
    LineEnds,
    Logits,
    MostRegions,
    NetworkFile,
    Normalised,
    PlanePoints,
    SliceFile,
    UnitsText,
)
from verishallow.cli.proving import Work, proved_and_reported
from verishallow.cli.reporting import file_to_write, print_json, spare, texts
from verishallow.cli.slicing import parts_named, targets_of
from verishallow.errors import InputError, RefutedError
from verishallow.network import ReLUNetwork
from verishallow.output_bounds import Bound
from verishallow.proof import engine_named, output_range
from verishallow.rationals import parse_rational
from verishallow.read import load
from verishallow.read.domain_parts import DomainPart
from verishallow.regions.enumeration import MANY_INPUTS
from verishallow.shallow.signed_faces import Boundary


def prove(
    network: NetworkFile,
    domain: DomainText = None,
    logits: Logits = False,
    normalised: Normalised = False,
    line: LineEnds = None,
    plane: PlanePoints = None,
    slice_file: SliceFile = None,
    boundary: Annotated[str, typer.Option(help="exact: equality everywhere; ignore: off region boundaries.")] = "exact",
    construction: Annotated[
        str,
        typer.Option(help=CONSTRUCTIONS_HELP),
    ] = "cells",
    grid: GridText = None,
    units: UnitsText = "two",
    claim: Annotated[
        str,
        typer.Option(
            help="equality (with the three-layer network), regions (their number), bounds (of outputs), "
            "or equal (to another network)."
        ),
    ] = "equality",
    bound: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OUTPUT:LOW,HIGH",
            help="For --claim bounds, once an output; either side may be empty. Default: the exact range of each.",
        ),
    ] = None,
    other: Annotated[Path | None, typer.Option(metavar="NETWORK", help="For --claim equal.")] = None,
    engine: EngineName = "auto",
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="CERT", help=DEFAULT_NAMES)] = None,
    jobs: Jobs = 1,
    dask: DaskAddress = None,
    max_regions: MostRegions = None,
    check: Annotated[bool, typer.Option("--check/--no-check", help="Check the file once it is written.")] = True,
    as_json: AsJson = False,
) -> int:
    """Prove a claim, by default that a network equals its three-layer twin, and write the certificate."""
    _refuse_strangers(claim, boundary, construction, bound, other)
    read = load(network, logits=logits, normalised=normalised)
    parts = parts_named(read, domain, line, plane, slice_file)
    chosen = engine_named(engine, parts[0].polyhedron.dimension)
    sliced = any((line, plane, slice_file))
    named = default_certificate(network, claim, construction, boundary, units, sliced=sliced, other=other)
    targets = targets_of(named if output is None else file_to_write(output), len(parts))
    spare(targets, network, domain, other, slice_file, *(line or ()), *(plane or ()))
    wanted = Wanted(construction, boundary_named(boundary), grid, units)
    claimed = _claim(claim, wanted, bound or [], other, read, parts, chosen)
    if isinstance(claimed, Equality) and construction != "quantised":
        warn_of_faces(parts[0].polyhedron.dimension, claimed.boundary)
    work = Work(engine, jobs, dask, max_regions, check)
    try:
        return proved_and_reported(read, parts, claimed, work, targets, as_json)
    except RefutedError as refuted:
        if not as_json:
            raise
        return _refuted(read, claimed, refuted)


def _refuted(network: ReLUNetwork, claim: Claim, refuted: RefutedError) -> int:
    """The point at which a claim fails, as one JSON object."""
    if isinstance(claim, EqualNetworks):
        return different(network, claim.other, refuted.point, as_json=True)
    at, output = texts(refuted.point), texts(network(refuted.point))
    print_json({"verdict": "refuted", "reason": str(refuted), "at": at, "output": output})
    return 1


def _claim(
    claim: str,
    wanted: Wanted,
    bounds: list[str],
    other: Path | None,
    network: ReLUNetwork,
    parts: Sequence[DomainPart],
    engine: str,
) -> Claim:
    match claim:
        case "equality":
            return claim_of(wanted, network, parts, engine)
        case "regions":
            return RegionCount()
        case "bounds":
            given = sorted((_bound(text, network.outputs) for text in bounds), key=lambda bound: bound.output)
            return OutputBounds(tuple(given) or _exact_range(network, parts, engine))
        case "equal" if other is not None:
            return EqualNetworks(load(other))
        case "equal":
            raise InputError("--claim equal: name the second network with --other, or use 'verishallow equal A B'")
    raise InputError(f"claim: expected equality, regions, bounds or equal, found {claim!r}")


def _refuse_strangers(
    claim: str, boundary: str, construction: str, bound: list[str] | None, other: Path | None
) -> None:
    """An option that another claim needs is a misunderstanding."""
    options = (
        ("--boundary", boundary != "exact", "equality"),
        ("--construction", construction != "cells", "equality"),
        ("--bound", bound, "bounds"),
        ("--other", other, "equal"),
    )
    for option, given, needs in options:
        if given and claim != needs:
            raise InputError(f"{option} is for --claim {needs}, found --claim {claim}")


def _bound(text: str, outputs: int) -> Bound:
    number, colon, sides = text.partition(":")
    low, comma, high = sides.partition(",")
    if not (colon and comma and re.fullmatch("[0-9]{1,9}", number)):
        raise InputError(f"bound: expected OUTPUT:LOW,HIGH such as 0:-3/2,5 or 1:0, (outputs from 0), found {text!r}")
    if int(number) >= outputs:
        raise InputError(f"bound: expected an output from 0 to {outputs - 1}, found {number}")
    return Bound(int(number), *(parse_rational(side) if side else None for side in (low, high)))


def _exact_range(network: ReLUNetwork, parts: Sequence[DomainPart], engine: str) -> tuple[Bound, ...]:
    (part,) = parts if len(parts) == 1 else (None,)
    if part is None:
        raise InputError(f"bounds: the domain has {len(parts)} parts, each of another range; name bounds with --bound")
    found = output_range(part.slice.restricted(network) if part.slice else network, part.polyhedron, engine)
    if not found:
        raise InputError("bounds: on this domain no output is bounded on any side; name a smaller --domain")
    return found


def warn_of_faces(inputs: int, boundary: Boundary) -> None:
    """Say on stderr that an exact boundary takes very many faces with so many inputs."""
    if inputs >= MANY_INPUTS and boundary == "exact":
        print(
            f"warning: with {inputs} inputs an exact boundary goes towards 2^{inputs} signed faces a region; "
            "--boundary ignore has one",
            file=sys.stderr,
        )
