"""``verishallow export``."""

from pathlib import Path
from typing import Annotated, Any

import typer

from verishallow.certificate.certificate import Certificate
from verishallow.cli import options
from verishallow.cli.kinds_of_files import refuse_network
from verishallow.cli.reporting import print_facts, spare
from verishallow.write import KINDS, require_options
from verishallow.write import export as write_export

KIND_LIST = "; ".join(f"{name}: {kind.what}" for name, kind in KINDS.items())


def export(
    certificate: Annotated[Path, typer.Argument(metavar="CERT", help="A certificate; it is checked first.")],
    kind: Annotated[str, typer.Option("--to", metavar="KIND", help=f"{KIND_LIST}.")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="PATH", help="The file or folder to write.")],
    most_regions: Annotated[
        int | None, typer.Option(min=0, help="latex: the most regions listed; the text says how many are left out.")
    ] = None,
    window: Annotated[
        str | None, typer.Option(metavar="BOX", help="tikz: the rectangle shown, such as box:[-1,1]x[0,2].")
    ] = None,
    prefix: Annotated[str | None, typer.Option(help="macros: the letters that begin each name. Default: vs.")] = None,
    grouped: Annotated[
        bool | None, typer.Option("--grouped", help="macros: thin spaces between groups of three digits.")
    ] = None,
    query: Annotated[str | None, typer.Option(help="smt2: regions, cover, single, or all (the default).")] = None,
    files: Annotated[str | None, typer.Option(help="smt2: one script (the default), or many in a folder.")] = None,
    region: Annotated[int | None, typer.Option(metavar="K", help="ine, ext: only region K, from 1, as a file.")] = None,
    rounded: Annotated[str | None, typer.Option(help="csv, parquet: float64 adds rounded columns, named so.")] = None,
    within: Annotated[
        str | None, typer.Option(metavar="D", help="onnx, torch, npz: bound the error on this part of the domain.")
    ] = None,
    as_json: options.AsJson = False,
) -> int:
    """Write a certificate as something else: for a paper, or for another tool."""
    of_papers = {"most_regions": most_regions, "window": window, "prefix": prefix, "grouped": grouped}
    of_tools = {"query": query, "files": files, "region": region, "rounded": rounded, "within": within}
    wanted: dict[str, Any] = {**of_papers, **of_tools}
    given = {name: value for name, value in wanted.items() if value is not None}
    require_options(kind, given)
    spare([Path(output)], certificate)
    refuse_network(certificate)
    read = Certificate.read(certificate)
    write_export(read, kind, output, **given)
    facts = {
        "written": str(Path(output)),
        "kind": kind,
        "certificate": str(certificate),
        "claim": read.claim,
        "network_sha256": read.header["network_sha256"],
    }
    print_facts(facts, as_json)
    return 0
