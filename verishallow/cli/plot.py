"""``verishallow plot``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from verishallow.certificate.certificate import Certificate
from verishallow.claims.equality import Equality
from verishallow.cli import options
from verishallow.cli.reporting import file_to_write, print_facts, spare
from verishallow.cli.slicing import Where
from verishallow.cli.subject import CommandSubject, listed, subject_named
from verishallow.errors import InputError
from verishallow.progress import watching, with_progress
from verishallow.proof import proof_lines
from verishallow.show.verified import Verified, verification_in


def plot(
    file: options.EitherFile,
    picture_file: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The picture: .svg, .pdf, .png or .html; in space .html can be turned.",
        ),
    ],
    domain: options.DomainText = None,
    domain_only: options.DomainOnly = False,
    line: options.LineEnds = None,
    plane: options.PlanePoints = None,
    slice_file: options.SliceFile = None,
    color: Annotated[
        str | None,
        typer.Option(
            metavar="piece|pattern|output|class",
            help="What the colours stand for. Default: piece. Of a verification depth or kind. Default: depth.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--of", metavar="K", help="The output drawn, a number from 0 or a name. Default: 0; of a graph all."
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Points to lay over: the rows of an .npy or .csv file, perhaps with labels."),
    ] = None,
    decision: Annotated[
        bool | None, typer.Option("--decision-boundary/--no-decision-boundary", help="Default: with --color class.")
    ] = None,
    surface: Annotated[bool, typer.Option("--surface", help="Two inputs: the graph in space.")] = False,
    cells: Annotated[bool, typer.Option("--cells", help="Three inputs: the cells in space.")] = False,
    twin: Annotated[
        bool, typer.Option("--twin", help="The deep network beside the three-layer network that equals it.")
    ] = False,
    window: Annotated[str | None, typer.Option(metavar="BOX", help="The part shown, such as box:[-1,1]x[0,2].")] = None,
    caption: Annotated[bool, typer.Option("--caption/--no-caption", help="The line below the picture.")] = True,
    names: options.FeatureNames = None,
    output_names: options.OutputNames = None,
    max_regions: options.MostRegions = None,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    as_json: options.AsJson = False,
) -> int:
    """Draw a function of one, two or three inputs, or a slice of a larger one; exact until it is drawn."""
    where = Where(domain, line, plane, slice_file, domain_only)
    if (certificate := verification_in(file)) is not None:
        where.refuse()
        beside = {"--of": output, "--data": data, "--decision-boundary": decision, "--twin": twin or None}
        refused = {**beside, "--surface": surface or None, "--cells": cells or None}
        return _draw_tree(
            certificate, file, picture_file, TreeWish(color, names, output_names, window, caption), refused, as_json
        )
    subject = subject_named(
        file, where, names, output_names, logits=logits, batch_axis=batch_axis, normalised=normalised
    )
    target = file_to_write(picture_file)
    spare([target], file, data, *where.files)
    _require_inputs(subject, surface, cells)
    if twin:
        _refuse_with_twin(data, surface or cells, window, output)
        print_facts({"written": str(target), **_draw_twin(subject, target, caption, max_regions)}, as_json)
        return 0
    with watching(subject.network.inputs, max_regions) as watch:
        # matplotlib takes half a second to import: only those who ask for a picture wait.
        from verishallow.show.plot.colours import color_by  # noqa: PLC0415
        from verishallow.show.plot.data import read_data  # noqa: PLC0415
        from verishallow.show.plot.picture import Wish, write_picture  # noqa: PLC0415
        from verishallow.show.plot.subject import Subject as Drawn  # noqa: PLC0415

        drawn = Drawn(subject.network, subject.domain, subject.names, subject.slice)
        points = None if data is None else read_data(str(data), subject.network.inputs, subject.names.outputs)
        chosen = None if output is None else subject.names.output(output)
        wish = Wish(color_by("piece" if color is None else color), chosen, points, decision, surface or cells, caption)
        picture = write_picture(drawn, target, wish, window, watch)
    counts = {"activation_regions": picture.regions, "affine_pieces": picture.pieces}
    print_facts({"written": str(target), **counts, "shown": picture.shown, "notes": picture.note or None}, as_json)
    return 0


@dataclass(frozen=True, slots=True)
class TreeWish:
    """The options of a picture of a verification."""

    color: str | None
    names: str | None
    output_names: str | None
    window: str | None
    caption: bool


def _draw_tree(
    certificate: Certificate, file: Path, picture: str, wish: TreeWish, refused: dict[str, Any], as_json: bool
) -> int:
    """Draw the cells of a proof of a property, or a counterexample."""
    from verishallow.show.plot.tree import require_fitting, write_tree  # noqa: PLC0415 - as below
    from verishallow.show.plot.tree_cells import color_leaves_by  # noqa: PLC0415

    require_fitting(refused)
    target = file_to_write(picture)
    spare([target], file)
    found = Verified(certificate, certificate.check())
    by = color_leaves_by(wish.color or "depth")
    called = found.names(listed(wish.names), listed(wish.output_names))
    made = write_tree(found, target, by, called, wish.window, wish.caption)
    counts = {"leaves": made.leaves, "open": made.open}
    facts = {"written": str(target), "property": made.statement, **counts, "shown": made.shown}
    print_facts({**facts, "notes": made.note or None}, as_json)
    return 0


def _draw_twin(subject: CommandSubject, target: Path, caption: bool, max_regions: int | None) -> dict[str, Any]:
    """Draw the networks side by side; a deep network is first proved equal to its three-layer network."""
    from verishallow.show.plot.files import kind_of  # noqa: PLC0415 - as above
    from verishallow.show.plot.twin import write_twin  # noqa: PLC0415

    kind_of(target)
    certificate = subject.function
    if not isinstance(certificate, Certificate):
        lines = proof_lines(subject.network, subject.domain, Equality(), "auto")
        certificate = Certificate(tuple(with_progress(lines, max_regions)))
    write_twin(certificate, target, subject.names, caption=caption)
    names = ("activation_regions", "affine_pieces", "faces", "units")
    return {name: certificate.counts.get(name) for name in names}


def _refuse_with_twin(data: Path | None, in_space: bool, window: str | None, output: str | None) -> None:
    beside = {"--data": data, "--surface or --cells": in_space or None, "--window": window, "--of": output}
    for option, given in beside.items():
        if given is not None:
            raise InputError(f"--twin draws both networks and their regions: leave out {option}")


def _require_inputs(subject: CommandSubject, surface: bool, cells: bool) -> None:
    for option, given, inputs in (("--surface", surface, 2), ("--cells", cells, 3)):
        if given and subject.network.inputs != inputs:
            raise InputError(f"{option}: expected a function of {inputs} inputs, found {subject.network.inputs}")
