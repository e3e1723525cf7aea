"""``verishallow robust``."""

import os
from typing import Annotated, Any

import typer

from verishallow.cli import options
from verishallow.cli.reporting import texts
from verishallow.cli.verifying import Target, answered, report_answer
from verishallow.errors import IncompleteError, InputError
from verishallow.explain import Names, class_count
from verishallow.explain.names import index_named
from verishallow.rationals import parse_rational, point_text
from verishallow.read import load
from verishallow.read.domains.points import read_point
from verishallow.show.tables import with_decimal
from verishallow.verify.asking import robust as certified
from verishallow.verify.largest import STEPS, largest_radius
from verishallow.verify.robustness import class_at


def robust(
    network: options.NetworkFile,
    at: Annotated[str, typer.Option(metavar="X", help="The centre of the ball, such as 1/2,-3 or an .npy file.")],
    radius: Annotated[str | None, typer.Option(metavar="R", help="The radius, such as 1/255.")] = None,
    norm: Annotated[str, typer.Option(help="linf or l1.")] = "linf",
    winner: Annotated[
        str | None, typer.Option("--class", metavar="C", help="The class that must win. Default: that of X.")
    ] = None,
    domain: options.DomainText = None,
    largest: Annotated[
        bool, typer.Option("--largest", help="The largest radius that can be certified, up to --radius if it is given.")
    ] = False,
    steps: Annotated[int, typer.Option(min=1, help="Of --largest: bisections.")] = STEPS,
    class_names: options.OutputNames = None,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="CERT", help="Default: NETWORK.property.robust.cert.jsonl.gz."),
    ] = None,
    force: options.Force = False,
    timeout: options.Timeout = None,
    max_nodes: options.MostNodes = None,
    jobs: options.Jobs = 1,
    dask: options.DaskAddress = None,
    as_json: options.AsJson = False,
) -> int:
    """Decide whether one class wins on a whole ball around a point: 0, an exact point (1), or unknown (3)."""
    read = load(os.fsdecode(network), logits=logits, batch_axis=batch_axis, normalised=normalised)
    point = read_point(at, read.inputs)
    names = class_names.split(",") if class_names else [str(number) for number in range(class_count(read))]
    called = Names.of(read.inputs, class_count(read), None, names)
    chosen = class_at(read, point) if winner is None else index_named("class", called.outputs, winner)
    size = None if radius is None else parse_rational(radius)
    if size is None and not largest:
        raise InputError("robust: expected --radius R, or --largest")
    search: dict[str, Any] = {"timeout": timeout, "max_nodes": max_nodes, "jobs": jobs, "dask": dask, "domain": domain}
    more: dict[str, Any] = {"class": called.outputs[chosen], "norm": norm}
    target = Target(output, network, "robust", force)
    if not largest:
        ball = more | {"radius": texts((size,))[0]}
        answer = answered(
            [read], lambda: certified(read, point, size, norm=norm, winner=chosen, **search), target, network
        )
        return report_answer(answer, as_json, **ball)
    found = largest_radius(read, point, norm=norm, winner=chosen, first=size or 1, most=size, steps=steps, **search)
    if found.proof is None:
        raise IncompleteError(f"no radius above 0 was certified; nearest counterexample: {_beyond(found)}")
    proof = found.proof
    answer = answered([read], lambda: proof, target, network)
    shown = texts if as_json else lambda values: [with_decimal(value) for value in values]
    return report_answer(
        answer,
        as_json,
        **more,
        radius=shown((found.radius,))[0],
        violated_at=None if found.beyond is None else shown((found.beyond,))[0],
        counterexample=None if found.violation is None else point_text(found.violation.point or ()),
        gap=None if found.gap is None else shown((found.gap,))[0],
    )


def _beyond(found: Any) -> str:
    return "none is known" if found.violation is None else f"at distance {found.beyond}"
