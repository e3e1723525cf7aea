"""``verishallow prove``."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from verishallow.claims import CLAIMS, CONSTRUCTIONS
from verishallow.claims.bounds import BOUNDS, Bound, OutputBounds, output_range
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.equality import CELLS, Equality
from verishallow.claims.regions import RegionCount
from verishallow.cli import options
from verishallow.cli.constructing import HELP as CONSTRUCTIONS_HELP
from verishallow.cli.constructing import Wanted, boundary_named, claim_of
from verishallow.cli.default_names import HELP as DEFAULT_NAMES
from verishallow.cli.default_names import default_certificate
from verishallow.cli.equal import different
from verishallow.cli.proving import Work, proved_and_reported
from verishallow.cli.reporting import print_json, texts
from verishallow.cli.slicing import Where, targets_named
from verishallow.errors import InputError, RefutedError
from verishallow.network import ReLUNetwork
from verishallow.rationals import parse_rational
from verishallow.read import load
from verishallow.read.domains.parts_of import DomainPart
from verishallow.regions.choice import MANY_INPUTS
from verishallow.regions.enumeration import engine_named
from verishallow.shallow.signed_faces import Boundary
from verishallow.show.progress import stage


def prove(
    network: options.NetworkFile,
    domain: options.DomainText = None,
    domain_only: options.DomainOnly = False,
    logits: options.Logits = False,
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
            help="For --claim bounds, once an output; either side may be empty. Default: the exact range of each "
            "on each part of the domain.",
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
    """Prove a claim, by default that a network equals its three-layer twin, and write the certificate."""
    _refuse_strangers(claim, boundary, construction, units, bound, other)
    read = load(network, logits=logits, normalised=normalised)
    where = Where(domain, line, plane, slice_file, domain_only)
    parts = where.parts(read)
    chosen = engine_named(engine, parts[0].polyhedron.dimension)
    default = default_certificate(network, claim, construction, boundary, units, sliced=where.sliced, other=other)
    targets = targets_named(output, default, len(parts), network, other, *where.files)
    wanted = Wanted(construction, boundary_named(boundary), grid, units)
    twin = None if other is None else load(other, logits=logits, normalised=normalised)
    claims = _claims(claim, wanted, bound or [], twin, read, parts, chosen)
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


def _refuted(network: ReLUNetwork, claim: Claim, refuted: RefutedError) -> int:
    """The point at which a claim fails, as one JSON object."""
    if isinstance(claim, EqualNetworks):
        return different(network, claim.other, refuted.point, as_json=True)
    at, output = texts(refuted.point), texts(network(refuted.point))
    print_json({"verdict": "refuted", "reason": str(refuted), "at": at, "output": output})
    return 1


def _claims(
    claim: str,
    wanted: Wanted,
    bounds: list[str],
    twin: ReLUNetwork | None,
    network: ReLUNetwork,
    parts: Sequence[DomainPart],
    engine: str,
) -> list[Claim]:
    """One claim a part of the domain, the same of all but for exact ranges."""
    if claim == BOUNDS.name and not bounds:
        return [OutputBounds(found) for found in _exact_ranges(network, parts, engine)]
    return [_claim(claim, wanted, bounds, twin, network, parts, engine)] * len(parts)


def _claim(
    claim: str,
    wanted: Wanted,
    bounds: list[str],
    twin: ReLUNetwork | None,
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
            return OutputBounds(tuple(given))
        case "equal" if twin is not None:
            return EqualNetworks(twin)
        case "equal":
            raise InputError("--claim equal: name the second network with --other, or use 'verishallow equal A B'")
    *names, last = (name for name, kind in CLAIMS.items() if kind.asked)
    raise InputError(f"claim: expected {', '.join(names)} or {last}, found {claim!r}")


def _refuse_strangers(
    claim: str, boundary: str, construction: str, units: str, bound: list[str] | None, other: Path | None
) -> None:
    """An option that another claim needs is a misunderstanding."""
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


def _exact_ranges(network: ReLUNetwork, parts: Sequence[DomainPart], engine: str) -> Iterator[tuple[Bound, ...]]:
    """The range of the outputs on each part."""
    for number, part in enumerate(parts, start=1):
        with stage("the exact range of every output"):
            found = output_range(part.slice.restricted(network) if part.slice else network, part.polyhedron, engine)
        if not found:
            where = f"part {number} of this domain" if parts[1:] else "this domain"
            raise InputError(f"bounds: on {where} no output is bounded on any side; name a smaller --domain")
        yield found


def warn_of_faces(inputs: int, boundary: Boundary) -> None:
    """Say on stderr that an exact boundary takes very many faces with so many inputs."""
    if inputs >= MANY_INPUTS and boundary == "exact":
        print(
            f"warning: with {inputs} inputs an exact boundary goes towards 2^{inputs} signed faces a region; "
            "--boundary ignore has one",
            file=sys.stderr,
        )
