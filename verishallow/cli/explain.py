"""``verishallow explain``."""

import os
from collections.abc import Callable
from typing import Annotated, Any

import typer

from verishallow.affine import ZERO
from verishallow.cli import options
from verishallow.cli.explained import attribution_values, explanation_facts, rows, summary_facts, tree_facts
from verishallow.cli.explained_texts import explanation_text, summary_text, tree_text
from verishallow.cli.reporting import print_json, texts
from verishallow.cli.slicing import Where
from verishallow.cli.subject import CommandSubject, subject_named
from verishallow.cli.sufficient import SufficientOptions, explain_sufficient, require_fitting
from verishallow.cli.verifications import refuse_verification
from verishallow.errors import InputError, KinkError, LimitError, OutsideDomainError
from verishallow.explain import (
    Attribution,
    Explanation,
    decision_tree,
    integrated_gradients,
    shapley_values,
    summarise,
)
from verishallow.explain.gradients import mean_gradient, times_input
from verishallow.explain.local import explain as explain_point
from verishallow.explain.points import mean_output, require_inside
from verishallow.explain.shapley import require_mixtures_inside
from verishallow.progress import watching
from verishallow.rationals import Vector, format_rational
from verishallow.read import load
from verishallow.read.domains.points import read_point, read_points

TREES = ("text", "dot")


def explain(
    file: options.EitherFile,
    at: Annotated[
        str | None,
        typer.Option(metavar="X", help="The point to explain, such as 1/2,-3 or an .npy file. Default: the domain."),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="B", help="Points of the domain that attributions compare with (;, .npy). Default: 0."),
    ] = None,
    output: Annotated[
        str, typer.Option("--of", metavar="K", help="The output to explain, a number from 0 or a name.")
    ] = "0",
    domain: options.DomainText = None,
    domain_only: options.DomainOnly = False,
    line: options.LineEnds = None,
    plane: options.PlanePoints = None,
    slice_file: options.SliceFile = None,
    names: options.FeatureNames = None,
    output_names: options.OutputNames = None,
    kinks: Annotated[
        str, typer.Option(help="Where the function bends: refuse a gradient, or take the mean of those that meet.")
    ] = "refuse",
    tree: Annotated[
        str | None, typer.Option(metavar="text|dot", help="Print the cell tree of the domain as a decision tree.")
    ] = None,
    merge: Annotated[bool, typer.Option("--merge", help="Leave out tests of the tree that change nothing.")] = False,
    max_regions: options.MostRegions = None,
    sufficient: Annotated[
        bool, typer.Option("--sufficient", help="Of --at X: a minimal set of inputs that, fixed, force its class on D.")
    ] = False,
    winner: Annotated[
        str | None, typer.Option("--class", metavar="C", help="Of --sufficient: the class X is expected to have.")
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(metavar="A,B,...", help="Of --sufficient: inputs let go first. Default: by gradient times range."),
    ] = None,
    certificate: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="CERT|FOLDER",
            help="Of --sufficient: the proof, in a folder/ counterexamples too. "
            "Default: NETWORK.property.sufficient.cert.jsonl.gz.",
        ),
    ] = None,
    force: options.Force = False,
    timeout: options.Timeout = None,
    max_nodes: options.MostNodes = None,
    jobs: options.Jobs = 1,
    dask: options.DaskAddress = None,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    as_json: options.AsJson = False,
) -> int:
    """Explain a value (--at), a bounded domain, or all of a function as a decision tree (--tree); exactly.

    For a certificate the three-layer network is explained: its live units, their weights and rules.

    --sufficient: inputs that force the class of X, with proofs: 0, or 3 where one is not shown to be needed.
    """
    where = Where(domain, line, plane, slice_file, domain_only)
    own = SufficientOptions(winner, order, certificate, force, timeout, max_nodes, jobs, dask)
    if sufficient:
        others = {"--tree": tree, "--merge": merge, "--baseline": baseline, "--max-regions": max_regions}
        point = require_fitting(file, at, {**others, "--line": line, "--plane": plane, "--slice": slice_file})
        read = load(os.fsdecode(file), logits=logits, batch_axis=batch_axis, normalised=normalised)
        return explain_sufficient(read, file, point, where.text, names, output_names, own, as_json)
    own.require_unused()
    refuse_verification(file, "explain", "it has no three-layer network to explain; name the network")
    subject = subject_named(
        file, where, names, output_names, logits=logits, batch_axis=batch_axis, normalised=normalised
    )
    if tree is not None:
        _explain_as_tree(subject, tree, merge, as_json)
    elif at is not None:
        _explain_point(subject, read_point(at, subject.network.inputs), baseline, output, kinks, as_json)
    else:
        _explain_domain(subject, max_regions, as_json)
    return 0


def _explain_point(
    subject: CommandSubject, point: Vector, baseline: str | None, output: str, kinks: str, as_json: bool
) -> None:
    subject.strict.require_at(subject.slice.affine_map(point) if subject.slice else point)
    chosen, baselines = subject.names.output(output), _baselines(subject, baseline)
    domain = subject.domain if subject.through == "network" else None
    found = explain_point(subject.function, point, domain, subject.names.features, subject.names.outputs)
    gradient, no_gradient = _or_reason(lambda: _gradient(found, chosen, kinks))
    tried = _attributions(subject, found, baselines, chosen, kinks)
    attributions = {name: value for name, (value, _) in tried.items()}
    reasons = {"gradient": no_gradient, **{name: reason for name, (_, reason) in tried.items()}}
    refused = {name: reason for name, reason in reasons.items() if reason is not None}
    if not as_json:
        print(explanation_text(found, chosen, gradient, attributions, refused, subject.through))
        return
    compared, _ = _or_reason(lambda: mean_output(subject.network, _inside(subject, baselines), chosen))
    print_json(
        {
            **explanation_facts(found, chosen),
            "through": subject.through,
            "baseline": rows(baselines),
            "baseline_output": None if compared is None else format_rational(compared),
            **{name: attribution_values(value) for name, value in attributions.items()},
            "gradient": None if gradient is None else texts(gradient),
            "refused": refused,
        }
    )


def _attributions(
    subject: CommandSubject, found: Explanation, baselines: tuple[Vector, ...], output: int, kinks: str
) -> dict[str, tuple[Attribution | None, str | None]]:
    """Each kind of attribution, or why there is none."""
    network, point = subject.network, found.point
    wanted: dict[str, Callable[[], Attribution]] = {
        "shapley": lambda: _shapley(subject, point, _inside(subject, baselines), output),
        "integrated_gradients": lambda: integrated_gradients(
            network, point, _inside(subject, baselines), output, kinks
        ),
        "gradient_times_input": lambda: times_input(_gradient(found, output, kinks), point, found.output[output]),
    }
    return {name: _or_reason(attribute) for name, attribute in wanted.items()}


def _gradient(found: Explanation, output: int, kinks: str) -> Vector:
    """The gradient at the point, of the regions that meet there inside the domain."""
    return mean_gradient(found.gradients(output), kinks, "at the point")


def _baselines(subject: CommandSubject, baseline: str | None) -> tuple[Vector, ...]:
    """The given baselines, which must lie inside the domain; by default 0, wherever it lies."""
    if baseline is None:
        return ((ZERO,) * subject.network.inputs,)
    found = read_points(baseline, subject.network.inputs)
    for number, each in enumerate(found):
        which = f"baseline {number}" if found[1:] else "the baseline"
        require_inside(subject.domain, each, which, "; give --baseline inside the domain")
    return found


def _inside(subject: CommandSubject, baselines: tuple[Vector, ...]) -> tuple[Vector, ...]:
    """The baselines; refused if the default lies outside the domain, where nothing is said about the function."""
    for each in baselines:
        require_inside(subject.domain, each, "the default baseline 0", "; give --baseline B inside the domain")
    return baselines


def _shapley(subject: CommandSubject, point: Vector, baselines: tuple[Vector, ...], output: int) -> Attribution:
    require_mixtures_inside(subject.domain, point, baselines)
    return shapley_values(subject.network, point, baselines, output)


def _or_reason(attribute: Callable[[], Any]) -> tuple[Any, str | None]:
    """The attribution, or the reason why there is none."""
    try:
        return attribute(), None
    except (KinkError, LimitError, OutsideDomainError) as error:
        return None, str(error)


def _explain_domain(subject: CommandSubject, max_regions: int | None, as_json: bool) -> None:
    with watching(subject.network.inputs, max_regions) as watch:
        found = summarise(subject.network, subject.domain, subject.names.features, subject.names.outputs, watch)
    if as_json:
        print_json(summary_facts(found))
    else:
        print(summary_text(found))


def _explain_as_tree(subject: CommandSubject, kind: str, merge: bool, as_json: bool) -> None:
    if kind not in TREES:
        raise InputError(f"tree: expected one of {', '.join(TREES)}, found {kind!r}")
    names = subject.names
    found = decision_tree(subject.network, subject.domain, names.features, names.outputs)
    shown = found.merged() if merge else found
    if as_json:
        print_json(tree_facts(shown))
    else:
        print(tree_text(shown) if kind == "text" else shown.dot(), end="" if kind == "dot" else "\n")
