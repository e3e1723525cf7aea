"""The slice and the parts of the domain that options name."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from verishallow.cli.reporting import file_to_write, spare
from verishallow.errors import InputError, RefutedError
from verishallow.kept_proofs.library import CERTIFICATES
from verishallow.network import ReLUNetwork
from verishallow.progress import stage
from verishallow.rationals import point_text
from verishallow.read.domains.parts_of import INPUTS_ALONE, DomainPart, is_vnnlib
from verishallow.read.domains.points import read_point
from verishallow.read.domains.slices import slice_from_file
from verishallow.read.domains.usable_domain import parts_of
from verishallow.show.domains import closure_text
from verishallow.slices import Slice

HUGE = 50
"""Inputs from which on a slice is recommended."""

MOST_SHOWN = 20
"""Coordinates up to which a point is shown on one line."""


@dataclass(frozen=True, slots=True)
class Where:
    """The domain and the slice (of a line, a plane or a file) that the options name."""

    domain: str | None = None
    line: tuple[str, str] | None = None
    plane: tuple[str, str, str] | None = None
    slice_file: Path | None = None
    domain_only: bool = False

    def __post_init__(self) -> None:
        if self.domain_only and not (self.domain and is_vnnlib(self.domain)):
            raise InputError("--domain-only is for a VNN-LIB file: --domain FILE.vnnlib --domain-only")

    @property
    def text(self) -> str | None:
        """The domain, as everyone reads it."""
        return f"{INPUTS_ALONE}{self.domain}" if self.domain_only else self.domain

    @property
    def sliced(self) -> bool:
        """Whether a slice is named."""
        return any(given is not None for given in (self.line, self.plane, self.slice_file))

    @property
    def files(self) -> tuple[str | Path | None, ...]:
        """All options that may name files, which the command must not overwrite."""
        return self.domain, self.slice_file, *(self.line or ()), *(self.plane or ())

    def refuse(self) -> None:
        """Refuse any of these options beside a certificate."""
        if self.sliced or self.domain is not None:
            raise InputError("a certificate has its own domain: leave out --domain, --line, --plane and --slice")

    def parts(self, network: ReLUNetwork) -> tuple[DomainPart, ...]:
        """The parts of the domain, on the slice if one is named; warns of many inputs without a slice."""
        on_slice = slice_named(network.inputs, self.line, self.plane, self.slice_file)
        fixed = self.domain is not None and self.domain.lower().endswith(".vnnlib")
        if on_slice is None and network.inputs >= HUGE and not fixed:
            print(
                f"warning: in {network.inputs} inputs each linear program is large, and a proof may take hours; "
                "--line, --plane or --slice restrict the network to few parameters",
                file=sys.stderr,
            )
        with stage("reading the domain"):
            return parts_of(self.text, network.inputs, on_slice)

    def only_part(self, network: ReLUNetwork) -> DomainPart:
        """The domain, which must have one part, on the slice if one is named."""
        on_slice = slice_named(network.inputs, self.line, self.plane, self.slice_file)
        (part,) = parts_of(self.text, network.inputs, on_slice, most=1)
        if part.strict:
            print(f"note: {closure_text(part.strict.texts())}", file=sys.stderr)
        return part


def slice_named(
    inputs: int, line: tuple[str, str] | None, plane: tuple[str, str, str] | None, file: Path | None
) -> Slice | None:
    """The one slice that is named; ``None`` for none."""
    if sum(given is not None for given in (line, plane, file)) > 1:
        raise InputError("slice: expected one of --line, --plane and --slice, found several")
    if line is not None:
        return Slice.line(*(read_point(point, inputs) for point in line))
    if plane is not None:
        return Slice.plane(*(read_point(point, inputs) for point in plane))
    return None if file is None else slice_from_file(os.fsdecode(file))


def targets_named(output: str | None, default: Path, parts: int, *inputs: Path | str | None) -> list[Path]:
    """The certificates to write, named by -o or by default; refused if the command reads one of them."""
    targets = targets_of(default if output is None else file_to_write(output), parts)
    spare(targets, *inputs)
    return targets


def targets_of(target: Path, parts: int) -> list[Path]:
    """The file names for this many parts, numbered from 1 if there are several.

    >>> [path.name for path in targets_of(Path("net.v2.cert.jsonl.gz"), 2)]
    ['net.v2.part-1.cert.jsonl.gz', 'net.v2.part-2.cert.jsonl.gz']
    """
    suffix = next((suffix for suffix in CERTIFICATES if target.name.endswith(suffix)), target.suffix)
    stem = target.name.removesuffix(suffix)
    numbers = range(1, parts + 1)
    return [target if parts == 1 else target.with_name(f"{stem}.part-{number}{suffix}") for number in numbers]


def in_the_inputs(refuted: RefutedError, on_slice: Slice | None) -> RefutedError:
    """The same refutation at a point of the inputs; on a slice its message names the parameters."""
    if on_slice is None:
        return refuted
    point = on_slice.affine_map(refuted.point)
    where = f", which is the input {point_text(point)}" if len(point) <= MOST_SHOWN else ""
    return RefutedError(f"{refuted}, in the parameters of the slice{where}", point, refuted.cell)
