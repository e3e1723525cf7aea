"""``verishallow prove``."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from verishallow.claims import CONSTRUCTIONS
from verishallow.claims.bounds import BOUNDS, Bound, OutputBounds
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.equality import CELLS, Equality
from verishallow.claims.named import Wanted, claim_meant, exact_ranges
from verishallow.cli import options
from verishallow.cli.constructing import HELP as CONSTRUCTIONS_HELP
from verishallow.cli.default_names import HELP as DEFAULT_NAMES
from verishallow.cli.default_names import default_certificate
from verishallow.cli.equal import different
from verishallow.cli.proving import Work, proved_and_reported
from verishallow.cli.reporting import print_json, texts
from verishallow.cli.slicing import HUGE, Where, targets_named
from verishallow.cli.verifying import Target, answered, report_answer
from verishallow.errors import InputError, RefutedError
from verishallow.network import ReLUNetwork
from verishallow.rationals import parse_rational
from verishallow.read import load
from verishallow.read.domains.parts_of import DomainPart
from verishallow.regions.choice import MANY_INPUTS
from verishallow.regions.enumeration import engine_named
from verishallow.shallow.signed_faces import Boundary
from verishallow.verify import verify


def prove(
    network: options.NetworkFile,
    domain: options.DomainText = None,
    domain_only: options.DomainOnly = False,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    line: options.LineEnds = None,
    plane: options.PlanePoints = None,
    slice_file: options.SliceFile = None,
    boundary: Annotated[str, typer.Option(help="exact: equality everywhere; ignore: off region boundaries.")] = "exact",
    construction: Annotated[
        str,
        typer.Option(help=CONSTRUCTIONS_HELP),
    ] = CELLS.name,
    grid: options.GridText = None,
    units: options.UnitsText = "two",
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
            help="For --claim bounds, one per output; either side may be empty. Default: the exact range of each on "
            "each part of the domain.",
        ),
    ] = None,
    other: Annotated[Path | None, typer.Option(metavar="NETWORK", help="For --claim equal.")] = None,
    engine: options.EngineName = "auto",
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="CERT", help=DEFAULT_NAMES)] = None,
    force: options.Force = False,
    jobs: options.Jobs = 1,
    dask: options.DaskAddress = None,
    max_regions: options.MostRegions = None,
    check: Annotated[bool, typer.Option("--check/--no-check", help="Check the file once it is written.")] = True,
    as_json: options.AsJson = False,
) -> int:
    """Prove a claim, by default that a deep network equals its three-layer network, and write the certificate."""
    _refuse_strangers(claim, boundary, construction, units, bound, other)
    if engine == RELAX:
        _refuse_without_bounds(claim, bound, line, plane, slice_file)
    read = load(network, logits=logits, batch_axis=batch_axis, normalised=normalised)
    where = Where(domain, line, plane, slice_file, domain_only)
    parts = where.parts(read)
    given = _bounds(bound or [], read.outputs)
    if given is not None and (engine == RELAX or (engine == "auto" and _is_cheaper(read, parts))):
        target = Target(output, network, "bounds", force)
        return _by_relaxation(network, read, parts, given, target, jobs, dask, as_json)
    chosen = engine_named(engine, parts[0].polyhedron.dimension)
    default = default_certificate(network, claim, construction, boundary, units, sliced=where.sliced, other=other)
    targets = targets_named(output, default, len(parts), network, other, *where.files)
    wanted = Wanted(construction, boundary, grid, units)
    twin = None if other is None else load(other, logits=logits, batch_axis=batch_axis, normalised=normalised)
    if claim == BOUNDS.name and given is None:
        claims: list[Claim] = [OutputBounds(found) for found in exact_ranges(read, parts, chosen)]
    else:
        claims = [claim_meant(claim, wanted, read, parts, chosen, given, twin)] * len(parts)
    claimed = claims[0]
    if isinstance(claimed, Equality) and not CONSTRUCTIONS[construction].needs_grid:
        warn_of_faces(parts[0].polyhedron.dimension, claimed.boundary)
    work = Work(engine, jobs, dask, max_regions, check, kept=output is None and not force)
    try:
        return proved_and_reported(read, parts, claims, work, targets, as_json)
    except RefutedError as refuted:
        if not as_json:
            raise
        return _refuted(read, claimed, refuted)


RELAX = "relax"
"""The engine that lists no regions."""


def _is_cheaper(network: ReLUNetwork, parts: Sequence[DomainPart]) -> bool:
    """Whether given bounds are proved without regions by default: in many inputs, where each program is large."""
    return network.inputs >= HUGE and len(parts) == 1 and parts[0].slice is None


def _refuse_without_bounds(claim: str, bound: list[str] | None, *slices: object) -> None:
    if claim != BOUNDS.name or not bound:
        raise InputError("--engine relax is for --claim bounds with --bound OUTPUT:LOW,HIGH; it lists no regions")
    if any(slices):
        raise InputError("--engine relax: expected a domain of the inputs, found a slice")


def _by_relaxation(
    file: Path,
    network: ReLUNetwork,
    parts: Sequence[DomainPart],
    given: OutputBounds,
    target: Target,
    jobs: int,
    dask: str | None,
    as_json: bool,
) -> int:
    """Bounds as a property, proved without listing regions."""
    if len(parts) != 1 or parts[0].slice is not None:
        raise InputError("--engine relax: expected a domain in one part with an interior; name each part by itself")
    domain = parts[0].polyhedron
    answer = answered([network], lambda: verify(network, given, domain, jobs=jobs, dask=dask), target, file)
    return report_answer(answer, as_json)


def _refuted(network: ReLUNetwork, claim: Claim, refuted: RefutedError) -> int:
    """The point at which a claim fails, as one JSON object."""
    if isinstance(claim, EqualNetworks):
        return different(network, claim.other, refuted.point, as_json=True)
    at, output = texts(refuted.point), texts(network(refuted.point))
    print_json({"verdict": "refuted", "reason": str(refuted), "at": at, "output": output})
    return 1


def _bounds(texts: Sequence[str], outputs: int) -> OutputBounds | None:
    """The bounds that texts spell, if there are any."""
    found = sorted((_bound(text, outputs) for text in texts), key=lambda bound: bound.output)
    return OutputBounds(tuple(found)) if found else None


def _refuse_strangers(
    claim: str, boundary: str, construction: str, units: str, bound: list[str] | None, other: Path | None
) -> None:
    """Refuse an option that belongs to another claim."""
    of_claims = (
        ("--boundary", boundary != "exact", "equality"),
        ("--construction", construction != CELLS.name, "equality"),
        ("--units", units != "two", "equality"),
        ("--bound", bound, "bounds"),
        ("--other", other, "equal"),
    )
    for option, given, needs in of_claims:
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


def warn_of_faces(inputs: int, boundary: Boundary) -> None:
    """Warn on stderr that with many inputs an exact boundary needs very many faces."""
    if inputs >= MANY_INPUTS and boundary == "exact":
        print(
            f"warning: with {inputs} inputs an exact boundary takes up to about 2^{inputs} signed faces per region; "
            "--boundary ignore takes one",
            file=sys.stderr,
        )
