"""What ``prove`` and ``equal`` share: a claim is proved, written, and checked."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verishallow.claims import Claim
from verishallow.cli.reporting import counts, report
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import check, proof_lines
from verishallow.records import write_lines
from verishallow.show.progress import with_progress
from verishallow.spelling import network_sha256
from verishallow.whole_file import written_whole
from verishallow.workers import workers


@dataclass(frozen=True, slots=True)
class Work:
    """How a proof is made: by which engine, with how many workers, up to how many regions."""

    engine: str
    jobs: int = 1
    dask: str | None = None
    max_regions: int | None = None
    checked: bool = True


def proved_and_reported(
    network: ReLUNetwork, domain: Polyhedron, claim: Claim, work: Work, target: Path, as_json: bool
) -> int:
    """Write the certificate of a claim, check it, and report; the exit code."""
    start = time.perf_counter()
    with written_whole(target) as file, workers(work.jobs, work.dask) as (executor, ahead):
        lines = proof_lines(network, domain, claim, work.engine, executor, ahead)
        end = write_lines(with_progress(lines, work.max_regions), file)
    proved = time.perf_counter()
    verdict = check(target) if work.checked else None
    facts = {
        **counts(end),
        "inputs": network.inputs,
        "outputs": network.outputs,
        **_about(claim.header()),
        "engine": work.engine,
        "certificate": str(target),
        "network_sha256": network_sha256(network),
        "proof_seconds": round(proved - start, 3),
        "check_seconds": round(time.perf_counter() - proved, 3) if work.checked else None,
    }
    return report(verdict, facts, as_json)


def _about(header: Mapping[str, Any]) -> dict[str, Any]:
    names = ("claim", "boundary", "construction", "bounds", "other_network_sha256")
    return {name: header.get(name) for name in names}
