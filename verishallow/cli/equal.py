"""``verishallow equal``."""

from pathlib import Path
from typing import Annotated

import typer

from verishallow.claims import EqualNetworks
from verishallow.cli.default_names import default_certificate
from verishallow.cli.options import (
    AsJson,
    DaskAddress,
    DomainText,
    EngineName,
    Jobs,
    LineEnds,
    Logits,
    MostRegions,
    NetworkFile,
    Normalised,
    PlanePoints,
    SliceFile,
)
from verishallow.cli.proving import Work, proved_and_reported
from verishallow.cli.reporting import file_to_write, print_json, spare, texts
from verishallow.cli.slicing import parts_named, targets_of
from verishallow.errors import RefutedError
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector
from verishallow.read import load
from verishallow.show.tables import facts_table, point_text


def equal(
    network: NetworkFile,
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="The network to compare with.")],
    domain: DomainText = None,
    logits: Logits = False,
    normalised: Normalised = False,
    line: LineEnds = None,
    plane: PlanePoints = None,
    slice_file: SliceFile = None,
    engine: EngineName = "auto",
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="CERT",
            help="Default: A.equal.B.cert.jsonl.gz beside A; on a slice A.slice.equal.B....",
        ),
    ] = None,
    jobs: Jobs = 1,
    dask: DaskAddress = None,
    max_regions: MostRegions = None,
    as_json: AsJson = False,
) -> int:
    """Decide whether two networks are one function: a certificate that they are, or a point where they differ (1)."""
    one, twin = (load(file, logits=logits, normalised=normalised) for file in (network, other))
    parts = parts_named(one, domain, line, plane, slice_file)
    named = default_certificate(network, "equal", sliced=any((line, plane, slice_file)), other=other)
    targets = targets_of(named if output is None else file_to_write(output), len(parts))
    spare(targets, network, other, domain, slice_file, *(line or ()), *(plane or ()))
    work = Work(engine, jobs, dask, max_regions)
    try:
        return proved_and_reported(one, parts, EqualNetworks(twin), work, targets, as_json)
    except RefutedError as refuted:
        return different(one, twin, refuted.point, as_json)


def different(one: ReLUNetwork, other: ReLUNetwork, point: Vector, as_json: bool) -> int:
    """Print a point at which two networks differ, with both values; the exit code."""
    values = {"one": one(point), "other": other(point)}
    if as_json:
        print_json({"verdict": "different", "at": texts(point), **{name: texts(y) for name, y in values.items()}})
    else:
        print(f"different: f(x) is not g(x) at x = {point_text(point)}")
        print(facts_table({name: point_text(value) for name, value in values.items()}))
    return 1
