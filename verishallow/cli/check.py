"""``verishallow check``."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from verishallow import checker
from verishallow.cli import options
from verishallow.cli.kinds_of_files import refuse_network
from verishallow.cli.reporting import claim_facts, report
from verishallow.errors import InputError, ProofError
from verishallow.fast_checker.checking import check as check_certificate
from verishallow.read import load

CLAIMED = tuple(checker.CLAIMED)
BOUNDARIES = tuple(dict.fromkeys(rules.boundary for rules in checker.TABLE if rules.boundary))


def check(
    certificate: options.CertificateFile,
    network: Annotated[
        Path | None, typer.Option(metavar="NETWORK", help="The certificate must be about this network.")
    ] = None,
    property_file: Annotated[
        Path | None,
        typer.Option("--property", metavar="FILE", help="It must be about the property in this VNN-LIB file."),
    ] = None,
    symbolic: Annotated[
        bool,
        typer.Option("--symbolic", help="Also compare both networks with sympy on every region (of cells)."),
    ] = False,
    claim: Annotated[
        str | None, typer.Option(metavar="CLAIM", help=f"The certificate must make this claim: {', '.join(CLAIMED)}.")
    ] = None,
    boundary: Annotated[
        str | None,
        typer.Option(metavar="BOUNDARY", help="It must be of this boundary, exact or ignore; an equality is exact."),
    ] = None,
    as_json: options.AsJson = False,
) -> int:
    """Check a certificate, or every proof in a FOLDER: exit code 0 valid, 1 invalid, 3 incomplete."""
    if claim is not None and claim not in CLAIMED:
        raise InputError(f"claim: expected one of {', '.join(CLAIMED)}, found {claim!r}")
    if boundary is not None and boundary not in BOUNDARIES:
        raise InputError(f"boundary: expected {' or '.join(BOUNDARIES)}, found {boundary!r}")
    if certificate.is_dir():
        if network is not None or property_file is not None:
            raise InputError(
                f"{certificate}: is a folder, whose proofs are about the files beside them: no --network, no --property"
            )
        # Only a library has networks and domains of all formats: checking one certificate needs none of their readers.
        from verishallow.cli.library import check_library  # noqa: PLC0415

        return check_library(certificate, _with_symbolic if symbolic else None, claim, boundary, as_json)
    expected = None if network is None else load(network)
    refuse_network(certificate)
    start = time.perf_counter()
    verdict = check_certificate(certificate, expected, claim=claim, boundary=boundary, unsafe=property_file)
    facts: dict[str, Any] = {"certificate": str(certificate), **claim_facts(verdict), "engine": None}
    facts["check_seconds"] = round(time.perf_counter() - start, 3)
    if symbolic and verdict.kind == "valid":
        return _report_both(certificate, verdict, facts, as_json)
    return report(verdict, facts, as_json)


def _report_both(path: Path, verdict: checker.Verdict, facts: dict[str, Any], as_json: bool) -> int:
    """Report a valid certificate with its symbolic reading; where there is none, report it without, then refuse."""
    try:
        read, facts["symbolic"] = _with_symbolic(path, verdict)
    except InputError as unavailable:
        report(verdict, facts, as_json)
        raise InputError(f"{path}: {unavailable}") from None
    return report(read, facts, as_json)


def _with_symbolic(path: Path, verdict: checker.Verdict) -> tuple[checker.Verdict, str | None]:
    # sympy takes over a second to import: only those who ask for it wait.
    from verishallow.certificate.certificate import Certificate  # noqa: PLC0415
    from verishallow.fast_checker.symbolic import symbolic_reading  # noqa: PLC0415

    try:
        return verdict, str(symbolic_reading(Certificate.checked(path)))
    except ProofError as error:
        return replace(verdict, kind="invalid", reason=f"symbolic reading: {error}"), None
