"""What ``prove`` and ``equal`` share: a claim is proved, written, and checked."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verishallow.checker import Verdict
from verishallow.claims.bounds import OutputBounds, hull_of
from verishallow.claims.claim import Claim
from verishallow.cli.replacing import beside_another
from verishallow.cli.reporting import counts, report_all
from verishallow.cli.slicing import in_the_inputs
from verishallow.errors import RefutedError
from verishallow.fast_checker.checking import check
from verishallow.network import ReLUNetwork
from verishallow.parallel import workers
from verishallow.progress import stage, with_progress
from verishallow.proof import proof_lines, refuted_inside
from verishallow.read.domains.parts_of import DomainPart
from verishallow.records.lines import header_record, write_lines
from verishallow.records.spelling import network_sha256
from verishallow.regions.enumeration import engine_named
from verishallow.whole_file import written_whole


@dataclass(frozen=True, slots=True)
class Work:
    """How a proof is made: by which engine, with how many workers, up to how many regions.

    What lies at its target is ``kept`` where it is about something else.
    """

    engine: str
    jobs: int = 1
    dask: str | None = None
    max_regions: int | None = None
    checked: bool = True
    kept: bool = False


def proved_and_reported(
    network: ReLUNetwork,
    parts: Sequence[DomainPart],
    claims: Sequence[Claim],
    work: Work,
    targets: Sequence[Path],
    as_json: bool,
) -> int:
    """Write the certificate of a claim for each part of the domain, check them, and report; the exit code."""
    asked = zip(parts, claims, targets, strict=True)
    outcomes = [proved(network, part, claim, work, target) for part, claim, target in asked]
    bounds = [claim.bounds for claim in claims if isinstance(claim, OutputBounds)]
    return report_all(outcomes, as_json, on_union=[bound.record() for bound in hull_of(bounds)] if bounds[1:] else [])


def proved(
    network: ReLUNetwork, part: DomainPart, claim: Claim, work: Work, target: Path
) -> tuple[Verdict | None, dict[str, Any]]:
    """Write the certificate of a claim on one part and check it; the verdict, and what there is to say."""
    start, engine = time.perf_counter(), engine_named(work.engine, part.polyhedron.dimension)
    header = header_record(network, part.polyhedron, claim, part.slice)
    target, kept = beside_another(target, header) if work.kept else (target, None)
    try:
        with written_whole(target) as file, workers(work.jobs, work.dask) as (executor, ahead):
            lines = proof_lines(network, part.polyhedron, claim, engine, executor, ahead, part.slice)
            end = write_lines(with_progress(lines, work.max_regions), file)
    except RefutedError as refuted:
        raise in_the_inputs(refuted_inside(refuted, network, claim, part), part.slice) from refuted
    proved = time.perf_counter()
    with stage("checking the certificate"):
        verdict = check(target) if work.checked else None
    return verdict, {
        **counts(end),
        "inputs": part.polyhedron.dimension,
        "outputs": network.outputs,
        "slice_of": part.slice and part.slice.inputs,
        "strict": part.strict.texts() or None,
        **_about(claim.header()),
        "engine": engine,
        "certificate": str(target),
        "kept": kept,
        "network_sha256": network_sha256(network),
        "notes": network.notes or None,
        "proof_seconds": round(proved - start, 3),
        "check_seconds": round(time.perf_counter() - proved, 3) if work.checked else None,
    }


def _about(header: Mapping[str, Any]) -> dict[str, Any]:
    names = ("claim", "boundary", "construction", "bounds", "grid", "gate_weight", "other_network_sha256")
    return {name: header.get(name) for name in names}
