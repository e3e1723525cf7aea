"""``verishallow prove``."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from verishallow.cli.options import AsJson, DomainText, EngineName, MostRegions, NetworkFile
from verishallow.cli.reporting import counts, report, spare
from verishallow.errors import InputError
from verishallow.proof import check as check_certificate
from verishallow.proof import engine_named, proof_lines, usable_domain
from verishallow.read import load
from verishallow.records import network_sha256, write_lines
from verishallow.regions.enumeration import MANY_INPUTS
from verishallow.shallow.signed_faces import Boundary
from verishallow.show.progress import with_progress
from verishallow.whole_file import written_whole
from verishallow.workers import workers


def prove(
    network: NetworkFile,
    domain: DomainText = None,
    boundary: Annotated[str, typer.Option(help="exact: equality everywhere; ignore: off region boundaries.")] = "exact",
    engine: EngineName = "auto",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="CERT", help="Default: NAME.cert.jsonl.gz beside it.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that work on the proof.")] = 1,
    dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler to work on the proof.")] = None,
    max_regions: MostRegions = None,
    check: Annotated[bool, typer.Option("--check/--no-check", help="Check the file once it is written.")] = True,
    as_json: AsJson = False,
) -> int:
    """Prove that a network equals its three-layer twin, and write the certificate."""
    read = load(network)
    usable, claimed = usable_domain(domain, read.inputs), _boundary(boundary)
    target = output or network.with_name(network.stem + ".cert.jsonl.gz")
    spare(target, network, domain)
    chosen = engine_named(engine, read.inputs)
    _warn_of_faces(read.inputs, claimed)
    start = time.perf_counter()
    with written_whole(target) as file, workers(jobs, dask) as (executor, ahead):
        lines = proof_lines(read, usable, claimed, chosen, executor, ahead)
        end = write_lines(with_progress(lines, max_regions), file)
    proved = time.perf_counter()
    verdict = check_certificate(target) if check else None
    facts = {
        **counts(end),
        "inputs": read.inputs,
        "outputs": read.outputs,
        "boundary": boundary,
        "construction": "cells",
        "engine": chosen,
        "certificate": str(target),
        "network_sha256": network_sha256(read),
        "proof_seconds": round(proved - start, 3),
        "check_seconds": round(time.perf_counter() - proved, 3) if check else None,
    }
    return report(verdict, facts, as_json)


def _boundary(text: str) -> Boundary:
    if text not in ("exact", "ignore"):
        raise InputError(f"boundary: expected exact or ignore, found {text!r}")
    return "exact" if text == "exact" else "ignore"


def _warn_of_faces(inputs: int, boundary: Boundary) -> None:
    if inputs >= MANY_INPUTS and boundary == "exact":
        print(
            f"warning: with {inputs} inputs an exact boundary goes towards 2^{inputs} signed faces a region; "
            "--boundary ignore has one",
            file=sys.stderr,
        )
