"""``verishallow verify``."""

import os
from pathlib import Path
from typing import Annotated

import typer

from verishallow.certificate.certificate import Certificate
from verishallow.cli import options
from verishallow.cli.instances import run_instances
from verishallow.cli.reporting import file_to_write
from verishallow.cli.verifying import Target, answered, report_answer
from verishallow.errors import InputError
from verishallow.read import load
from verishallow.verify import verify as decided
from verishallow.verify.asking import asked_of
from verishallow.verify.competition import competition_text, timed_out
from verishallow.whole_file import written_whole


def verify(
    network: Annotated[Path | None, typer.Argument(metavar="NETWORK", help="A network.")] = None,
    property_file: Annotated[
        Path | None, typer.Argument(metavar="PROPERTY", help="A VNN-LIB file (1.0 or 2.0): what must never happen.")
    ] = None,
    domain: options.DomainText = None,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="CERT",
            help="Default: NETWORK.property.PROPERTY.cert.jsonl.gz, or NETWORK.counterexample.PROPERTY...",
        ),
    ] = None,
    force: options.Force = False,
    timeout: options.Timeout = None,
    max_nodes: options.MostNodes = None,
    jobs: options.Jobs = 1,
    dask: options.DaskAddress = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="CERT", help="Go on from the open nodes of a certificate of this property.")
    ] = None,
    vnncomp: Annotated[
        str | None, typer.Option("--vnncomp", metavar="FILE", help="Write sat, unsat, timeout or unknown there too.")
    ] = None,
    instances: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Lines NETWORK,PROPERTY,SECONDS: all of them, with --folder.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Where certificates and results.csv of --instances go.")
    ] = None,
    as_json: options.AsJson = False,
) -> int:
    """Decide a property exactly: holds (0), violated at an exact point (1), or unknown so far (3)."""
    if instances is not None:
        if network is not None or folder is None:
            raise InputError("--instances CSV: expected --folder OUT, and no NETWORK beside it")
        return run_instances(instances, folder, max_nodes, as_json)
    if network is None or property_file is None:
        raise InputError("expected NETWORK and PROPERTY.vnnlib, or --instances CSV --folder OUT")
    read = load(os.fsdecode(network), logits=logits, batch_axis=batch_axis, normalised=normalised)
    asked = asked_of(property_file, domain, read.inputs, read.outputs)
    target = Target(output, network, property_file.name.partition(".")[0], force or resume is not None)
    stored = None if resume is None else Certificate.checked(resume)
    answer = answered(
        [read],
        lambda: decided(read, asked, timeout=timeout, max_nodes=max_nodes, jobs=jobs, dask=dask, resume=stored),
        target,
        network,
        property_file,
        domain,
    )
    if vnncomp is not None:
        with written_whole(file_to_write(vnncomp)) as file:
            file.write(competition_text(answer.outcome, late=timed_out(answer.outcome, timeout)).encode("ascii"))
    return report_answer(answer, as_json)
