"""``verishallow trim``: a certificate of a smaller domain, or of the cells alone that data visit."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from verishallow.affine import AffineForm
from verishallow.certificate.certificate import Certificate
from verishallow.certificate.trimming import trimmed_to_points
from verishallow.claims.named import Wanted
from verishallow.cli import options
from verishallow.cli.kinds_of_files import refuse_network
from verishallow.cli.proving import Work, proved
from verishallow.cli.reporting import claim_facts, file_to_write, report, spare
from verishallow.cli.verifications import refuse_verification
from verishallow.errors import DomainError, InputError
from verishallow.fast_checker.checking import check as check_certificate
from verishallow.polyhedron import Polyhedron
from verishallow.read.domains.parts_of import DomainPart
from verishallow.read.domains.points import read_points
from verishallow.read.domains.texts import parse_domain
from verishallow.read.domains.usable_domain import usable_domain
from verishallow.read.places import within


def trim(
    certificate: Annotated[
        Path, typer.Argument(metavar="CERT", help="A certificate of equality; it is checked first.")
    ],
    output: Annotated[str, typer.Option("-o", "--output", metavar="CERT", help="The certificate to write.")],
    domain: Annotated[
        str | None, typer.Option(metavar="D", help="Keep what this part of the domain needs; equality on all of it.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.npy", help="Keep the cells that these points visit (or texts: 1/2,0;3,1); equality on them."
        ),
    ] = None,
    engine: options.EngineName = "auto",
    as_json: options.AsJson = False,
) -> int:
    """Trim the three-layer network of a certificate to a smaller domain, or to the cells that data visit."""
    if (domain is None) == (data is None):
        raise InputError("trim: expected one of --domain and --data")
    target = file_to_write(output)
    spare([target], certificate, domain, data)
    refuse_network(certificate)
    refuse_verification(certificate, "trim", "expected a certificate of equality")
    read = Certificate.read(certificate)
    if read.claim not in ("equality", "equality-on-grid", "equality-on-cells"):
        raise InputError(f"trim: expected a certificate of equality, found the claim {read.claim}")
    if data is not None:
        return _to_points(read, data, target, as_json)
    return _to_domain(read, str(domain), target, engine, as_json)


def _to_points(certificate: Certificate, data: str, output: Path, as_json: bool) -> int:
    start = time.perf_counter()
    trimmed_to_points(certificate, read_points(os.fsdecode(data), certificate.domain.dimension)).save(output)
    trimmed = time.perf_counter()
    verdict = check_certificate(output)
    seconds = {"proof_seconds": trimmed - start, "check_seconds": time.perf_counter() - trimmed}
    facts = {name: round(value, 3) for name, value in seconds.items()}
    return report(verdict, {**claim_facts(verdict), "engine": None, "certificate": str(output), **facts}, as_json)


def _to_domain(certificate: Certificate, domain: str, output: Path, engine: str, as_json: bool) -> int:
    """The trimmed certificate, proved again by the same construction, without cells that only touch the part."""
    if certificate.claim == "equality-on-cells":
        raise InputError("trim: this certificate has lost cells already; trim the one that it was made of to a domain")
    header = certificate.header
    part, note = _part_of(certificate.domain, domain)
    parts = (DomainPart(_without_redundant(part), certificate.slice),)
    grid = ",".join(f"{step}@{offset}" for offset, step in header["grid"]) if "grid" in header else None
    units = "one" if "low" in header else "two"
    wanted = Wanted(header["construction"], header.get("boundary", "exact"), grid, units)
    claim = wanted.claim(certificate.whole_network, parts, engine)
    verdict, facts = proved(certificate.whole_network, parts[0], claim, Work(engine), output)
    if note:
        print(f"note: {note}", file=sys.stderr)
        facts["notes"] = [*(facts["notes"] or ()), note]
    return report(verdict, facts, as_json)


def _part_of(whole: Polyhedron, domain: str) -> tuple[Polyhedron, str | None]:
    """The intersection of a domain with the certificate's, and a note where it is smaller than the domain."""
    with within("--domain", DomainError):
        asked = usable_domain(parse_domain(domain, whole.dimension), whole.dimension)
    common = Polyhedron(whole.dimension, tuple(dict.fromkeys((*whole.inequalities, *asked.inequalities))))
    if common.implicit_equations() is None:
        raise DomainError("trim: the domain does not meet the certificate's")
    with within("the part of the certificate's domain", DomainError):
        part = usable_domain(common, whole.dimension)
    if all(_holds(asked, row) for row in whole.inequalities):
        return part, None
    return part, f"only the part of {domain} within the certificate's domain is kept"


def _holds(polyhedron: Polyhedron, row: AffineForm) -> bool:
    """Whether an inequality is true throughout a polyhedron that is not empty."""
    least = polyhedron.minimise(row).value
    return least is not None and least >= 0


def _without_redundant(part: Polyhedron) -> Polyhedron:
    """The same set without the rows that follow from the others."""
    kept = list(part.inequalities)
    for row in part.inequalities:
        others = [other for other in kept if other is not row]
        if _holds(Polyhedron(part.dimension, tuple(others)), row):
            kept = others
    return Polyhedron(part.dimension, tuple(kept))
