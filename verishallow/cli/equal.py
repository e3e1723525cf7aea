"""``verishallow equal``."""

from pathlib import Path
from typing import Annotated

import typer

from verishallow.claims.equal import EqualNetworks
from verishallow.cli import options
from verishallow.cli.default_names import default_certificate
from verishallow.cli.proving import Work, proved_and_reported
from verishallow.cli.reporting import print_json, texts
from verishallow.cli.slicing import Where, targets_named
from verishallow.errors import RefutedError
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector, point_text
from verishallow.read import load
from verishallow.show.tables import facts_table


def equal(
    network: options.NetworkFile,
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="The network to compare with.")],
    domain: options.DomainText = None,
    domain_only: options.DomainOnly = False,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    line: options.LineEnds = None,
    plane: options.PlanePoints = None,
    slice_file: options.SliceFile = None,
    engine: options.EngineName = "auto",
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="CERT",
            help="Default: A.equal.B.cert.jsonl.gz beside A; on a slice A.slice.equal.B....",
        ),
    ] = None,
    force: options.Force = False,
    jobs: options.Jobs = 1,
    dask: options.DaskAddress = None,
    max_regions: options.MostRegions = None,
    as_json: options.AsJson = False,
) -> int:
    """Decide whether two networks are one function: a certificate that they are, or a point where they differ (1)."""
    one, twin = (load(file, logits=logits, batch_axis=batch_axis, normalised=normalised) for file in (network, other))
    where = Where(domain, line, plane, slice_file, domain_only)
    parts = where.parts(one)
    default = default_certificate(network, "equal", sliced=where.sliced, other=other)
    targets = targets_named(output, default, len(parts), network, other, *where.files)
    work = Work(engine, jobs, dask, max_regions, kept=output is None and not force)
    try:
        return proved_and_reported(one, parts, [EqualNetworks(twin)] * len(parts), work, targets, as_json)
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
