"""``verishallow counterfactual``."""

import os
from typing import Annotated

import typer

from verishallow.cli import options
from verishallow.cli.explained import counterfactual_facts
from verishallow.cli.explained_texts import counterfactual_text
from verishallow.cli.reporting import print_json, texts
from verishallow.cli.subject import listed
from verishallow.errors import InputError, OutsideDomainError
from verishallow.explain import Names, class_count, classes_at
from verishallow.explain import counterfactual as nearest_of_class
from verishallow.explain.distances import nearest
from verishallow.explain.names import index_named
from verishallow.explain.points import require_inside
from verishallow.proof import parts_of
from verishallow.rationals import Vector, rational
from verishallow.read import load
from verishallow.read.domain_parts import DomainPart
from verishallow.read.points import read_point


def counterfactual(
    network: options.NetworkFile,
    at: Annotated[str, typer.Option(metavar="X", help="The point to start from, such as 1/2,-3 or an .npy file.")],
    to: Annotated[str, typer.Option(metavar="CLASS", help="The class wanted: the greatest output, from 0, or a name.")],
    norm: Annotated[str, typer.Option(help="The distance to make least: l1, l2 or linf.")] = "l2",
    domain: options.DomainText = None,
    fix: Annotated[str | None, typer.Option(metavar="A,B,...", help="Features that keep their values.")] = None,
    bound: Annotated[
        list[str] | None, typer.Option(metavar="A=LOW,HIGH", help="An interval for a feature; may be repeated.")
    ] = None,
    margin: Annotated[str, typer.Option(help="By how much the class must exceed every other.")] = "0",
    ties: Annotated[bool, typer.Option("--ties", help="A tie is enough, even where the class never wins.")] = False,
    names: options.FeatureNames = None,
    class_names: options.OutputNames = None,
    max_regions: options.MostRegions = None,
    logits: options.Logits = False,
    normalised: options.Normalised = False,
    as_json: options.AsJson = False,
) -> int:
    """Find the nearest point of another class, exactly, and prove that none is nearer.

    The class is the greatest output; a single output makes the classes 0 (below 0) and 1 (above).
    """
    read = load(os.fsdecode(network), logits=logits, normalised=normalised)
    called = Names.of(read.inputs, class_count(read), listed(names), _classes(class_names, read.outputs))
    start, wanted = read_point(at, read.inputs), index_named("class", called.outputs, to)
    fixed = [called.feature(name) for name in listed(fix) or []]
    bounds = dict(_interval(text, called) for text in bound or [])
    _require_inside(domain, start)
    found = nearest_of_class(
        read, start, wanted, norm, domain, fixed, bounds, rational(margin), ties=ties, most_leaves=max_regions
    )
    was = classes_at(read, start)
    if as_json:
        facts = {"at": texts(start), "from": list(was), "to": wanted, "norm": norm}
        print_json({**facts, **counterfactual_facts(found, norm)})
    else:
        print(counterfactual_text(found, called, called.outputs[wanted], " = ".join(called.outputs[k] for k in was)))
    return 0


def _require_inside(domain: str | None, start: Vector) -> None:
    """Refuse a point that lies in no part of the domain."""
    parts = parts_of(domain, len(start))
    if len(parts) == 1 and parts[0].slice is None:
        require_inside(parts[0].polyhedron, start)
    elif not any(_holds(part, start) for part in parts):
        raise OutsideDomainError(f"the point lies outside the domain{', in none of its parts' if parts[1:] else ''}")


def _holds(part: DomainPart, point: Vector) -> bool:
    """Whether a part contains a point; on a slice, whether the nearest point there is the point itself."""
    if part.slice is None:
        return part.polyhedron.contains(point)
    found = nearest(point, part.polyhedron, "linf", part.slice.embedding)
    return found is not None and found.distance == 0


def _classes(names: str | None, outputs: int) -> list[str]:
    """The names of the classes; by default the numbers of the outputs."""
    return listed(names) or [str(number) for number in range(max(outputs, 2))]


def _interval(text: str, names: Names) -> tuple[int, tuple[str, str]]:
    name, equals, ends = text.rpartition("=")
    low, comma, high = ends.partition(",")
    if not equals or not comma:
        raise InputError(f"bound: expected FEATURE=LOW,HIGH, found {text!r}")
    return names.feature(name), (low, high)
