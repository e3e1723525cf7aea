"""``verishallow counterfactual``."""

import os
from typing import Annotated

import typer

from verishallow.cli import options
from verishallow.cli.explained import counterfactual_facts
from verishallow.cli.explained_texts import counterfactual_text
from verishallow.cli.reporting import print_json, texts
from verishallow.cli.slicing import Where, slice_named
from verishallow.cli.subject import listed
from verishallow.errors import InputError
from verishallow.explain import Names, class_count, classes_at
from verishallow.explain import counterfactual as nearest_of_class
from verishallow.explain.names import index_named
from verishallow.explain.points import require_in_parts
from verishallow.read import load
from verishallow.read.domains.points import read_point
from verishallow.read.domains.usable_domain import parts_of


def counterfactual(
    network: options.NetworkFile,
    at: Annotated[
        str,
        typer.Option(metavar="X", help="The start, such as 1/2,-3 or an .npy file; on a slice the parameters."),
    ],
    to: Annotated[str, typer.Option(metavar="CLASS", help="The class wanted: the greatest output, from 0, or a name.")],
    norm: Annotated[str, typer.Option(help="The distance to make least: l1, l2 or linf.")] = "l2",
    domain: options.DomainText = None,
    domain_only: options.DomainOnly = False,
    line: options.LineEnds = None,
    plane: options.PlanePoints = None,
    slice_file: options.SliceFile = None,
    fix: Annotated[str | None, typer.Option(metavar="A,B,...", help="Features that keep their values.")] = None,
    bound: Annotated[
        list[str] | None, typer.Option(metavar="A=LOW,HIGH", help="An interval for a feature; may be repeated.")
    ] = None,
    margin: Annotated[str, typer.Option(help="How much the class must exceed every other by.")] = "0",
    ties: Annotated[bool, typer.Option("--ties", help="A tie is enough, even where the class never wins.")] = False,
    names: options.FeatureNames = None,
    class_names: options.OutputNames = None,
    max_regions: options.MostRegions = None,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    as_json: options.AsJson = False,
) -> int:
    """Find the nearest point of another class, exactly, and prove that none is nearer.

    The class is the greatest output; a single output makes the classes 0 (below 0) and 1 (above). On a slice it is the
    nearest point of the slice; features and distances are those of the inputs.
    """
    read = load(os.fsdecode(network), logits=logits, batch_axis=batch_axis, normalised=normalised)
    called = Names.of(read.inputs, class_count(read), listed(names), _classes(class_names, read.outputs))
    on, wanted = slice_named(read.inputs, line, plane, slice_file), index_named("class", called.outputs, to)
    start = read_point(at, read.inputs) if on is None else on.affine_map(read_point(at, on.parameters))
    fixed = [called.feature(name) for name in listed(fix) or []]
    bounds = dict(_interval(text, called) for text in bound or [])
    domain = Where(domain, domain_only=domain_only).text
    require_in_parts(parts_of(domain, read.inputs, on), start)
    found = nearest_of_class(
        read, start, wanted, norm, domain, fixed, bounds, margin, ties=ties, most_leaves=max_regions, on_slice=on
    )
    was = classes_at(read, start)
    if as_json:
        facts = {"at": texts(start), "from": list(was), "to": wanted, "norm": norm}
        print_json({**facts, **counterfactual_facts(found, norm)})
    else:
        print(counterfactual_text(found, called, called.outputs[wanted], " = ".join(called.outputs[k] for k in was)))
    return 0


def _classes(names: str | None, outputs: int) -> list[str]:
    """The names of the classes; by default the numbers of the outputs."""
    return listed(names) or [str(number) for number in range(max(outputs, 2))]


def _interval(text: str, names: Names) -> tuple[int, tuple[str, str]]:
    name, equals, ends = text.rpartition("=")
    low, comma, high = ends.partition(",")
    if not equals or not comma:
        raise InputError(f"bound: expected FEATURE=LOW,HIGH, found {text!r}")
    return names.feature(name), (low, high)
