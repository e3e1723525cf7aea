"""``verishallow report``."""

import os
from typing import Annotated

import typer

from verishallow.certificate.certificate import Certificate
from verishallow.claims.equality import Equality
from verishallow.claims.named import Wanted
from verishallow.cli import options
from verishallow.cli.prove import warn_of_faces
from verishallow.cli.reporting import counts, file_to_write, print_facts, spare
from verishallow.cli.slicing import Where
from verishallow.cli.subject import feature_names, listed
from verishallow.network import ReLUNetwork
from verishallow.progress import with_progress
from verishallow.proof import proof_lines
from verishallow.read import load
from verishallow.read.domains.parts_of import DomainPart
from verishallow.read.files import is_certificate
from verishallow.shallow.signed_faces import Boundary
from verishallow.show.report import report as page_about
from verishallow.show.verified import verification_in
from verishallow.whole_file import written_whole


def report(
    file: options.EitherFile,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="PAGE", help="Default: NAME.report.html beside the file.")
    ] = None,
    domain: options.DomainText = None,
    domain_only: options.DomainOnly = False,
    line: options.LineEnds = None,
    plane: options.PlanePoints = None,
    slice_file: options.SliceFile = None,
    boundary: Annotated[str, typer.Option(help="exact: equality everywhere; ignore: off region boundaries.")] = "exact",
    names: options.FeatureNames = None,
    output_names: options.OutputNames = None,
    title: Annotated[str | None, typer.Option(help="The heading. Default: the name of the file.")] = None,
    volumes: Annotated[
        bool | None,
        typer.Option(
            "--volumes/--no-volumes", help="Volumes, means and feature importance. Default: where that is quick."
        ),
    ] = None,
    max_regions: options.MostRegions = None,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    as_json: options.AsJson = False,
) -> int:
    """Write one self-contained page: proof, sizes, picture and table of the regions, feature importance.

    A network is proved first; a certificate is checked. Of a property the page shows the tree, or the counterexample.
    The page loads nothing from the network.
    """
    default = file.with_name(f"{file.name.split('.')[0]}.report.html")
    target = default if output is None else file_to_write(output)
    where = Where(domain, line, plane, slice_file, domain_only)
    spare([target], file, *where.files)
    if is_certificate(file):
        where.refuse()
        found = verification_in(file)
        certificate = Certificate.read(file) if found is None else found
    else:
        network = load(os.fsdecode(file), logits=logits, batch_axis=batch_axis, normalised=normalised)
        certificate = _proved(network, where.only_part(network), Wanted(boundary=boundary).at_boundaries, max_regions)
    called = feature_names(names, certificate.slice)
    made = page_about(certificate, title or file.name, called, listed(output_names), volumes)
    with written_whole(target) as stream:
        stream.write(made)
    facts = {
        "written": str(target),
        **counts(certificate.counts),
        "claim": certificate.claim,
        "network_sha256": certificate.header["network_sha256"],
        "certificate_sha256": certificate.counts["sha256"],
    }
    print_facts(facts, as_json)
    return 0


def _proved(network: ReLUNetwork, part: DomainPart, boundary: Boundary, max_regions: int | None) -> Certificate:
    warn_of_faces(part.polyhedron.dimension, boundary)
    lines = proof_lines(network, part.polyhedron, Equality(boundary), "auto", on_slice=part.slice)
    return Certificate(tuple(with_progress(lines, max_regions)))
