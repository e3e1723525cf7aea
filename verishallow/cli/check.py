"""``verishallow check``."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from verishallow import checker
from verishallow.certificate import Certificate
from verishallow.cli.library import check_library
from verishallow.cli.options import AsJson, CertificateFile
from verishallow.cli.reporting import claim_facts, report
from verishallow.errors import InputError, ProofError
from verishallow.proof import check as check_certificate
from verishallow.read import load


def check(
    certificate: CertificateFile,
    network: Annotated[
        Path | None, typer.Option(metavar="NETWORK", help="The certificate must be about this very network.")
    ] = None,
    symbolic: Annotated[
        bool, typer.Option("--symbolic", help="Also compare both networks with sympy on every region.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Check a certificate, or every proof in a FOLDER: exit code 0 valid, 1 invalid, 3 incomplete."""
    if certificate.is_dir():
        if network is not None:
            raise InputError(
                f"{certificate}: is a folder, whose proofs are about the networks beside them: no --network"
            )
        return check_library(certificate, _with_symbolic if symbolic else None, as_json)
    expected = None if network is None else load(network)
    start = time.perf_counter()
    verdict = check_certificate(certificate, expected)
    facts: dict[str, Any] = {"certificate": str(certificate), **claim_facts(verdict), "engine": None}
    facts["check_seconds"] = round(time.perf_counter() - start, 3)
    if symbolic and verdict.kind == "valid":
        verdict, facts["symbolic"] = _with_symbolic(certificate, verdict)
    return report(verdict, facts, as_json)


def _with_symbolic(path: Path, verdict: checker.Verdict) -> tuple[checker.Verdict, str | None]:
    # sympy takes over a second to import: only those who ask for it wait.
    from verishallow.symbolic import symbolic_reading  # noqa: PLC0415

    try:
        return verdict, str(symbolic_reading(Certificate.read(path)))
    except ProofError as error:
        return replace(verdict, kind="invalid", reason=f"symbolic reading: {error}"), None
