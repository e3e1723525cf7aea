"""The command line: options in, verdicts out; no mathematics."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from dataclasses import asdict, replace
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn, ParamSpec

import typer

from verishallow import checker
from verishallow.certificate import Certificate, is_certificate
from verishallow.errors import IncompleteError, InputError, InvalidCertificateError, ProofError, VerishallowError
from verishallow.network import ReLUNetwork
from verishallow.proof import check as check_certificate
from verishallow.proof import engine_named, proof_lines, usable_domain
from verishallow.rationals import format_rational
from verishallow.read import load
from verishallow.read.domains import parse_point
from verishallow.records import network_sha256, write_lines
from verishallow.regions.enumeration import MANY_INPUTS, enumerate_regions, upper_bound
from verishallow.shallow.signed_faces import Boundary
from verishallow.show.progress import watching, with_progress
from verishallow.show.tables import facts_table, point_text, rounded
from verishallow.whole_file import written_whole
from verishallow.workers import workers

app = typer.Typer(
    help="Exact linear regions of ReLU networks, their three-layer twins, and checkable certificates.",
    epilog="Exit codes: 0 valid, 1 invalid, 2 usage or input, 3 incomplete.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Parameters = ParamSpec("Parameters")
NetworkFile = Annotated[Path, typer.Argument(metavar="NETWORK", help="A network: .onnx, or verishallow's .json.")]
CertificateFile = Annotated[Path, typer.Argument(metavar="CERT", help="A certificate file.")]
EitherFile = Annotated[Path, typer.Argument(metavar="NETWORK|CERT", help="A network or a certificate.")]
DomainText = Annotated[
    str | None,
    typer.Option(
        "--domain", metavar="D", help="box:-1,1 or box:[-1,1]x[0,1/2] or a file (.json, .ine). Default: all of R^n."
    ),
]
EngineName = Annotated[
    str,
    typer.Option(
        help="lattice (best for few inputs), tree (for many), cdd (the readable reference), or auto: "
        f"lattice up to {MANY_INPUTS - 1} inputs, tree from {MANY_INPUTS} on."
    ),
]
MostRegions = Annotated[int | None, typer.Option(min=1, help="Stop, with exit code 3, beyond so many regions.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def reporting(command: Callable[Parameters, int]) -> Callable[Parameters, NoReturn]:
    """Turn a command's result into its exit code, and any foreseen failure into one line on stderr."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> NoReturn:
        try:
            code = command(*arguments, **options)
        except InvalidCertificateError as error:
            code = _complain(error, 1)
        except IncompleteError as error:
            code = _complain(error, 3)
        except (VerishallowError, OSError) as error:
            code = _complain(error, 2)
        except BrokenExecutor:
            code = _complain(
                "stopped: a worker process ended before its work; a file that was not finished is not there", 3
            )
        except KeyboardInterrupt:
            code = _complain("interrupted; a file that was not finished is not there", 130)
        raise typer.Exit(code)

    return run


def _complain(error: Exception | str, code: int) -> int:
    print(f"verishallow: {' '.join(str(error).splitlines())}", file=sys.stderr)
    return code


@app.command()
@reporting
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
    _spare(target, network, domain)
    chosen = engine_named(engine, read.inputs)
    _warn_of_faces(read.inputs, claimed)
    start = time.perf_counter()
    with written_whole(target) as file, workers(jobs, dask) as (executor, ahead):
        lines = proof_lines(read, usable, claimed, chosen, executor, ahead)
        end = write_lines(with_progress(lines, max_regions), file)
    proved = time.perf_counter()
    verdict = check_certificate(target) if check else None
    facts = {
        **_counts(end),
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
    return _report(verdict, facts, as_json)


@app.command()
@reporting
def regions(
    network: NetworkFile,
    domain: DomainText = None,
    engine: EngineName = "auto",
    max_regions: MostRegions = None,
    as_json: AsJson = False,
) -> int:
    """Count the regions of a network, exactly, without a proof."""
    read = load(network)
    usable = usable_domain(domain, read.inputs)
    start = time.perf_counter()
    with watching(read.inputs, max_regions) as watch:
        found = enumerate_regions(
            read, usable, engine_named(engine, read.inputs) if engine != "auto" else engine, watch
        )
    facts = {
        **asdict(found),
        "inputs": read.inputs,
        "outputs": read.outputs,
        **dict.fromkeys(("leaves", "faces", "units", "boundary", "construction", "certificate")),
        "network_sha256": network_sha256(read),
        "enumeration_seconds": round(time.perf_counter() - start, 3),
        "patterns": f"2^{sum(layer.width for layer in read.hidden)}",
        "upper_bound": upper_bound(read),
    }
    return _report(None, facts, as_json)


@app.command("check")
@reporting
def check_command(
    certificate: CertificateFile,
    network: Annotated[
        Path | None, typer.Option(metavar="NETWORK", help="The certificate must be about this very network.")
    ] = None,
    symbolic: Annotated[
        bool, typer.Option("--symbolic", help="Also compare both networks with sympy on every region.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Check a certificate: exit code 0 valid, 1 invalid, 3 incomplete."""
    expected = None if network is None else load(network)
    start = time.perf_counter()
    verdict = check_certificate(certificate, expected)
    facts: dict[str, Any] = {"certificate": str(certificate), **_claim_facts(verdict), "engine": None}
    facts["check_seconds"] = round(time.perf_counter() - start, 3)
    if symbolic and verdict.kind == "valid":
        verdict, facts["symbolic"] = _with_symbolic(certificate, verdict)
    return _report(verdict, facts, as_json)


@app.command("eval")
@reporting
def evaluate(
    file: EitherFile,
    at: Annotated[str, typer.Option(metavar="X", help="A rational point, such as 1/2,-3.")],
    as_json: AsJson = False,
) -> int:
    """Evaluate exactly; a certificate is evaluated through its three-layer network."""
    function: Certificate | ReLUNetwork = Certificate.read(file) if is_certificate(file) else load(file)
    deep = function.network if isinstance(function, Certificate) else function
    point = parse_point(at, deep.inputs)
    value = function(point)
    if as_json:
        through = "three-layer network" if isinstance(function, Certificate) else "network"
        _print_json({"at": _texts(point), "output": _texts(value), "through": through})
    else:
        print(f"at {point_text(point)}")
        print(facts_table({f"y{i}": f"{format_rational(y)}  {rounded(y)}" for i, y in enumerate(value)}))
    return 0


@app.command()
@reporting
def info(file: EitherFile, as_json: AsJson = False) -> int:
    """Say what a file holds; a certificate is checked first."""
    if is_certificate(file):
        verdict = check_certificate(file)
        return _report(verdict, {"certificate": str(file), **_claim_facts(verdict), "engine": None}, as_json)
    network = load(file)
    hidden = [layer.width for layer in network.hidden]
    facts = {
        "network": str(file),
        "inputs": network.inputs,
        "hidden": hidden,
        "outputs": network.outputs,
        "weights": sum(len(row) for layer in network.layers for row in layer.weight),
        "network_sha256": network_sha256(network),
    }
    if as_json:
        _print_json(facts)
    else:
        print(facts_table({**facts, "hidden": ", ".join(map(str, hidden)) or "none"}))
    return 0


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


def _spare(target: Path, *inputs: Path | str | None) -> None:
    """Refuse to write a certificate over what it is made from."""
    for read in inputs:
        if read is not None and target.exists() and os.path.exists(read) and target.samefile(read):
            raise InputError(f"{target}: is read by this command; name another file with -o")


def _with_symbolic(path: Path, verdict: checker.Verdict) -> tuple[checker.Verdict, str | None]:
    # sympy takes over a second to import: only those who ask for it wait.
    from verishallow.symbolic import symbolic_reading  # noqa: PLC0415

    try:
        return verdict, str(symbolic_reading(Certificate.read(path)))
    except ProofError as error:
        return replace(verdict, kind="invalid", reason=f"symbolic reading: {error}"), None


def _counts(end: dict[str, Any]) -> dict[str, Any]:
    names = ("activation_regions", "affine_pieces", "linear_regions", "leaves", "faces", "units")
    return {name: end.get(name) for name in names}


def _claim_facts(verdict: checker.Verdict) -> dict[str, Any]:
    names = ("inputs", "outputs", "boundary", "construction", "network_sha256")
    return {**_counts(verdict.counts), **{name: verdict.header.get(name) for name in names}}


def _report(verdict: checker.Verdict | None, facts: dict[str, Any], as_json: bool) -> int:
    code: int = verdict.exit_code if verdict else 0
    if as_json:
        reason = {"reason": verdict.reason} if verdict else {}
        _print_json({"verdict": verdict.kind if verdict else "unchecked", **reason, **facts})
    else:
        print(verdict or _unproved(facts))
        print(facts_table(_readable(facts)))
    return code


def _unproved(facts: dict[str, Any]) -> str:
    if facts.get("certificate"):
        return "unchecked: run 'verishallow check' on the certificate"
    return f"{facts['activation_regions']} activation regions, counted exactly; run 'verishallow prove' for a proof"


def _readable(facts: dict[str, Any]) -> dict[str, Any]:
    units = facts.get("units")
    shown = {**facts, "units": units and f"{units['layer1']} in layer 1, {units['layer2']} in layer 2"}
    return {name.replace("_", " "): value for name, value in shown.items()}


def _texts(values: tuple[Any, ...]) -> list[str]:
    return [format_rational(value) for value in values]


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, indent=2))


def main() -> None:
    """The entry point: a request to terminate ends like Ctrl-C, so that nothing half-written stays."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    app()


if __name__ == "__main__":
    main()
