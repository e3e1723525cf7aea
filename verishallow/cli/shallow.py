"""``verishallow shallow``: a three-layer network of a construction, with its size; or all of them compared."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from verishallow.certificate.certificate import Certificate
from verishallow.certificate.sizes import DeepSize, ShallowSize
from verishallow.checker import Verdict
from verishallow.claims import CONSTRUCTIONS
from verishallow.claims.equality import CELLS
from verishallow.claims.named import Wanted
from verishallow.cli import options
from verishallow.cli.constructing import HELP
from verishallow.cli.default_names import HELP as DEFAULT_NAMES
from verishallow.cli.default_names import default_certificate
from verishallow.cli.proving import Work, proved
from verishallow.cli.reporting import deep_text, print_json, report_all, worst_exit_code
from verishallow.cli.slicing import Where, targets_named, targets_of
from verishallow.errors import InputError, VerishallowError
from verishallow.network import ReLUNetwork
from verishallow.read import load
from verishallow.read.domains.parts_of import DomainPart
from verishallow.show.tables import columns_table, facts_table

Facts = dict[str, Any]
Outcome = tuple[Verdict | None, Facts]


def shallow(
    network: options.NetworkFile,
    construction: Annotated[str, typer.Option(help=HELP)] = CELLS.name,
    domain: options.DomainText = None,
    domain_only: options.DomainOnly = False,
    grid: options.GridText = None,
    units: options.UnitsText = "two",
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    line: options.LineEnds = None,
    plane: options.PlanePoints = None,
    slice_file: options.SliceFile = None,
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="CERT", help=DEFAULT_NAMES)] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Make the network of every construction, and keep none.")
    ] = False,
    engine: options.EngineName = "auto",
    force: options.Force = False,
    jobs: options.Jobs = 1,
    max_regions: options.MostRegions = None,
    as_json: options.AsJson = False,
) -> int:
    """Make a three-layer network that equals a deep one, with its certificate, and say how large it is."""
    read = load(network, logits=logits, batch_axis=batch_axis, normalised=normalised)
    where = Where(domain, line, plane, slice_file, domain_only)
    parts = where.parts(read)
    work = Work(engine, jobs, max_regions=max_regions, kept=output is None and not force)
    if compare:
        if output is not None:
            raise InputError("--compare keeps no certificate: leave out -o, or name one --construction")
        return _compared(network, read, parts, _all_constructions(grid, units), work, as_json)
    wanted = Wanted(construction, grid=grid, units=units)
    default = default_certificate(network, construction=construction, units=units, sliced=where.sliced)
    targets = targets_named(output, default, len(parts), network, *where.files)
    return report_all(_made(read, parts, wanted, work, targets), as_json)


def _made(
    network: ReLUNetwork, parts: Sequence[DomainPart], wanted: Wanted, work: Work, targets: Sequence[Path]
) -> list[Outcome]:
    claim = wanted.claim(network, parts, work.engine)
    pairs = zip(parts, targets, strict=True)
    return [_sized(network, proved(network, part, claim, work, target)) for part, target in pairs]


def _sized(network: ReLUNetwork, outcome: Outcome) -> Outcome:
    verdict, facts = outcome
    size = ShallowSize.of(Certificate.checked(facts["certificate"]))
    sizes = {"nonzeros": size.nonzeros, "infinite_weights": size.infinite_weights}
    return verdict, {**facts, **sizes, "deep": DeepSize.of(network).facts()}


# ------------------------------------------------------------------------------------------ Side by side


def _compared(
    file: Path, network: ReLUNetwork, parts: Sequence[DomainPart], wanted: Sequence[Wanted], work: Work, as_json: bool
) -> int:
    outcomes, refused = list[Outcome](), list[tuple[str, str]]()
    with TemporaryDirectory(prefix="verishallow-") as folder:
        for each in wanted:
            targets = targets_of(Path(folder, f"{each.construction}.cert.jsonl.gz"), len(parts))
            try:
                outcomes += _made(network, parts, each, work, targets)
            except VerishallowError as error:
                refused.append((each.construction, " ".join(str(error).splitlines())))
    if as_json:
        rows, order = [*map(_row, outcomes), *map(_reason, refused)], list(CONSTRUCTIONS)
        constructions = sorted(rows, key=lambda row: order.index(row["construction"]))
        print_json({"network": str(file), "deep": DeepSize.of(network).facts(), "constructions": constructions})
    else:
        _print_side_by_side(network, outcomes, refused)
    return worst_exit_code(outcomes)


def _all_constructions(grid: str | None, units: str) -> list[Wanted]:
    """All constructions, each with the options that apply to it."""
    return [
        Wanted(
            name,
            grid=grid if construction.needs_grid else None,
            units=units if construction.one_unit else "two",
        )
        for name, construction in CONSTRUCTIONS.items()
    ]


def _row(outcome: Outcome) -> Facts:
    verdict, facts = outcome
    left_out = ("certificate", "deep", "notes")
    return {
        "verdict": None if verdict is None else verdict.kind,
        **{name: value for name, value in facts.items() if name not in left_out and value is not None},
    }


def _reason(refused: tuple[str, str]) -> Facts:
    name, reason = refused
    return {"construction": name, "refused": reason}


HEADS = (
    "construction", "leaves", "faces", "layer 1", "layer 2", "non-zeros", "infinite", "proof seconds", "check seconds",
)  # fmt: skip


def _print_side_by_side(network: ReLUNetwork, outcomes: Sequence[Outcome], refused: Sequence[tuple[str, str]]) -> None:
    deep, widths = DeepSize.of(network), "-".join(map(str, network.widths))
    print(facts_table({"deep network": f"{widths}, {deep_text(deep.facts())}"}))
    if outcomes:
        print(columns_table(HEADS, [_columns(facts) for _, facts in outcomes]))
    for name, reason in refused:
        print(f"{name} does not apply: {reason.removeprefix(f'{name}: ')}")


def _columns(facts: Facts) -> tuple[str, ...]:
    faces = "-" if facts["faces"] is None else facts["faces"]
    counts = (facts["leaves"], faces, facts["units"]["layer1"], facts["units"]["layer2"])
    weights, seconds = (facts["nonzeros"], facts["infinite_weights"]), (facts["proof_seconds"], facts["check_seconds"])
    return (facts["construction"], *map(str, (*counts, *weights)), *(f"{each:.3f}" for each in seconds))
