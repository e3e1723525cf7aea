"""``verishallow within``."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from verishallow.cli import options
from verishallow.cli.reporting import texts
from verishallow.cli.verifying import Target, answered, report_answer
from verishallow.errors import IncompleteError, InputError
from verishallow.rationals import parse_rational, point_text
from verishallow.read import load
from verishallow.show.tables import with_decimal
from verishallow.verify.asking import within as certified
from verishallow.verify.largest import STEPS, largest_difference


def within(
    network: options.NetworkFile,
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="The network to compare with.")],
    eps: Annotated[
        str | None, typer.Option(metavar="E", help="The greatest difference allowed, such as 1/100.")
    ] = None,
    domain: options.DomainText = None,
    largest: Annotated[
        bool,
        typer.Option("--largest-difference", help="The exact maximum where regions can be listed, else proved bounds."),
    ] = False,
    steps: Annotated[int, typer.Option(min=1, help="Of --largest-difference: bisections.")] = STEPS,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="CERT", help="Default: A.property.within-B.cert.jsonl.gz.")
    ] = None,
    force: options.Force = False,
    timeout: options.Timeout = None,
    max_nodes: options.MostNodes = None,
    jobs: options.Jobs = 1,
    dask: options.DaskAddress = None,
    as_json: options.AsJson = False,
) -> int:
    """Decide whether two networks differ by at most E everywhere: 0, an exact point (1), or unknown (3)."""
    one, twin = (
        load(os.fsdecode(file), logits=logits, batch_axis=batch_axis, normalised=normalised)
        for file in (network, other)
    )
    if (eps is None) != largest:
        raise InputError("within: expected either --eps E or --largest-difference")
    search: dict[str, Any] = {"timeout": timeout, "max_nodes": max_nodes, "jobs": jobs, "dask": dask}
    target = Target(output, network, f"within-{other.name.partition('.')[0]}", force)
    if eps is not None:
        size = parse_rational(eps)
        answer = answered([one, twin], lambda: certified(one, twin, size, domain, **search), target, network, other)
        return report_answer(answer, as_json, eps=texts((size,))[0])
    found = largest_difference(one, twin, domain, steps=steps, **search)
    if found.proof is None or found.high is None:
        raise IncompleteError(
            f"no bound was proved; a difference of {found.low} is met at {point_text(found.point or ())}"
        )
    proof = found.proof
    answer = answered([one, twin], lambda: proof, target, network, other)
    shown = texts if as_json else lambda values: [with_decimal(value) for value in values]
    return report_answer(
        answer,
        as_json,
        exact=found.exact,
        eps=shown((found.high,))[0],
        met=shown((found.low,))[0],
        met_at=found.point and point_text(found.point),
    )
