"""``verishallow regions``."""

import time
from dataclasses import asdict

from verishallow.cli.options import AsJson, DomainText, EngineName, MostRegions, NetworkFile
from verishallow.cli.reporting import report
from verishallow.proof import engine_named, usable_domain
from verishallow.read import load
from verishallow.regions.enumeration import enumerate_regions, upper_bound
from verishallow.show.progress import watching
from verishallow.spelling import network_sha256


def regions(
    network: NetworkFile,
    domain: DomainText = None,
    engine: EngineName = "auto",
    max_regions: MostRegions = None,
    as_json: AsJson = False,
) -> int:
    """Count the regions of a network, exactly, without a proof."""
    read = load(network)
    usable = usable_domain(domain, read.inputs)
    start = time.perf_counter()
    with watching(read.inputs, max_regions) as watch:
        found = enumerate_regions(
            read, usable, engine_named(engine, read.inputs) if engine != "auto" else engine, watch
        )
    facts = {
        **asdict(found),
        "inputs": read.inputs,
        "outputs": read.outputs,
        **dict.fromkeys(("leaves", "faces", "units", "boundary", "construction", "certificate")),
        "network_sha256": network_sha256(read),
        "enumeration_seconds": round(time.perf_counter() - start, 3),
        "patterns": f"2^{sum(layer.width for layer in read.hidden)}",
        "upper_bound": upper_bound(read),
    }
    return report(None, facts, as_json)
