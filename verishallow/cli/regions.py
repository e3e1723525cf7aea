"""``verishallow regions``."""

import time
from dataclasses import asdict
from typing import Any

from verishallow.cli import options
from verishallow.cli.reporting import report_all
from verishallow.cli.slicing import Where
from verishallow.network import ReLUNetwork
from verishallow.progress import watching
from verishallow.read import load
from verishallow.read.domains.parts_of import DomainPart
from verishallow.records.spelling import network_sha256
from verishallow.regions.enumeration import engine_named, enumerate_regions, upper_bound


def regions(
    network: options.NetworkFile,
    domain: options.DomainText = None,
    domain_only: options.DomainOnly = False,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    line: options.LineEnds = None,
    plane: options.PlanePoints = None,
    slice_file: options.SliceFile = None,
    engine: options.EngineName = "auto",
    max_regions: options.MostRegions = None,
    as_json: options.AsJson = False,
) -> int:
    """Count the regions of a network, exactly, without a proof."""
    read = load(network, logits=logits, batch_axis=batch_axis, normalised=normalised)
    parts = Where(domain, line, plane, slice_file, domain_only).parts(read)
    return report_all([(None, _counted(read, part, engine, max_regions)) for part in parts], as_json)


def _counted(network: ReLUNetwork, part: DomainPart, engine: str, max_regions: int | None) -> dict[str, Any]:
    explored = part.slice.restricted(network) if part.slice else network
    chosen = engine if engine == "auto" else engine_named(engine, explored.inputs)
    start = time.perf_counter()
    with watching(explored.inputs, max_regions) as watch:
        found = enumerate_regions(explored, part.polyhedron, chosen, watch)
    return {
        **asdict(found),
        "inputs": explored.inputs,
        "outputs": explored.outputs,
        "slice_of": part.slice and part.slice.inputs,
        "strict": part.strict.texts() or None,
        **dict.fromkeys(("leaves", "faces", "units", "claim", "boundary", "construction", "certificate")),
        "network_sha256": network_sha256(network),
        "notes": network.notes or None,
        "enumeration_seconds": round(time.perf_counter() - start, 3),
        "patterns": f"2^{sum(layer.width for layer in explored.hidden)}",
        "upper_bound": upper_bound(explored),
    }
