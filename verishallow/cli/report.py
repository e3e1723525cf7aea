"""``verishallow report``."""

import os
from typing import Annotated

import typer

from verishallow.certificate import Certificate, is_certificate
from verishallow.claims import Equality
from verishallow.cli.constructing import boundary_named
from verishallow.cli.options import (
    AsJson,
    DomainText,
    EitherFile,
    FeatureNames,
    LineEnds,
    Logits,
    MostRegions,
    Normalised,
    OutputNames,
    PlanePoints,
    SliceFile,
)
from verishallow.cli.prove import warn_of_faces
from verishallow.cli.reporting import counts, file_to_write, print_json, spare
from verishallow.cli.slicing import slice_named
from verishallow.cli.subject import listed
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.proof import parts_of, proof_lines
from verishallow.read import load
from verishallow.read.domain_parts import DomainPart
from verishallow.shallow.signed_faces import Boundary
from verishallow.show.progress import with_progress
from verishallow.show.report import report as page_about
from verishallow.show.tables import facts_table
from verishallow.whole_file import written_whole


def report(
    file: EitherFile,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="PAGE", help="Default: NAME.report.html beside the file.")
    ] = None,
    domain: DomainText = None,
    line: LineEnds = None,
    plane: PlanePoints = None,
    slice_file: SliceFile = None,
    boundary: Annotated[str, typer.Option(help="exact: equality everywhere; ignore: off region boundaries.")] = "exact",
    names: FeatureNames = None,
    output_names: OutputNames = None,
    title: Annotated[str | None, typer.Option(help="The heading. Default: the name of the file.")] = None,
    volumes: Annotated[
        bool | None,
        typer.Option(
            "--volumes/--no-volumes", help="Volumes, means and feature importance. Default: where that is quick."
        ),
    ] = None,
    max_regions: MostRegions = None,
    logits: Logits = False,
    normalised: Normalised = False,
    as_json: AsJson = False,
) -> int:
    """Write one self-contained page: proof, sizes, picture and table of the regions, feature importance.

    A network is proved first; a certificate is checked. The page loads nothing from the network.
    """
    default = file.with_name(f"{file.name.split('.')[0]}.report.html")
    target = default if output is None else file_to_write(output)
    spare([target], file, domain, slice_file, *(line or ()), *(plane or ()))
    if is_certificate(file):
        if any((domain, line, plane, slice_file)):
            raise InputError("a certificate has its own domain: leave out --domain, --line, --plane and --slice")
        certificate = Certificate.read(file)
    else:
        network = load(os.fsdecode(file), logits=logits, normalised=normalised)
        embedding = slice_named(network.inputs, line, plane, slice_file)
        (part,) = parts_of(domain, network.inputs, embedding, most=1)
        certificate = _proved(network, part, boundary_named(boundary), max_regions)
    on = certificate.slice
    called = listed(names) or (None if on is None else on.parameter_names)
    with written_whole(target) as stream:
        stream.write(page_about(certificate, title or file.name, called, listed(output_names), volumes))
    facts = {
        "written": str(target),
        **counts(certificate.counts),
        "claim": certificate.claim,
        "network_sha256": certificate.header["network_sha256"],
        "certificate_sha256": certificate.counts["sha256"],
    }
    _print(facts, as_json)
    return 0


def _proved(network: ReLUNetwork, part: DomainPart, boundary: Boundary, max_regions: int | None) -> Certificate:
    warn_of_faces(part.polyhedron.dimension, boundary)
    lines = proof_lines(network, part.polyhedron, Equality(boundary), "auto", embedding=part.slice)
    return Certificate(tuple(with_progress(lines, max_regions)))


def _print(facts: dict[str, object], as_json: bool) -> None:
    if as_json:
        print_json(facts)
        return
    units = facts["units"]
    words = f"{units['layer1']} in layer 1, {units['layer2']} in layer 2" if isinstance(units, dict) else None
    print(facts_table({name.replace("_", " "): value for name, value in {**facts, "units": words}.items()}))
