"""Table 5: networks of finite weights in the plane: neurons per linear region, and what proof and check cost."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.benchmarks.measuring import table
from tests.benchmarks.networks import WHOLE, Case
from verishallow import checker
from verishallow.claims.finite import finite
from verishallow.proof import proof_lines
from verishallow.regions.enumeration import enumerate_regions

QUICK = (Case("2-8-8-1", WHOLE), Case("2-16-16-1"), Case("2-16-16-1", WHOLE))
CASES = (
    *QUICK,
    Case("2-32-32-1", WHOLE),
    Case("2-64-64-1", WHOLE),
    Case("2-64-64-64-1"),
)
LARGEST = (Case("2-64-64-64-1", WHOLE),)
HEADS = (
    "network", "domain", "activation regions", "linear regions", "neurons", "neurons per linear region",
    "proof, CPU s", "checker, CPU s",
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One network: ``neurons`` are those of both hidden layers."""

    case: Case
    regions: int
    linear_regions: int
    neurons: int
    proof: float
    check: float

    @property
    def share(self) -> float:
        """Neurons per linear region."""
        return self.neurons / self.linear_regions

    def row(self) -> tuple[str, ...]:
        counts = (self.regions, self.linear_regions, self.neurons)
        seconds = (f"{self.proof:.1f}", f"{self.check:.1f}")
        return (self.case.label, self.case.domain, *(f"{n:,}" for n in counts), f"{self.share:.2f}", *seconds)


def report(repeat: int, quick: bool, full: bool) -> Iterator[str]:
    """The table, made once: the counts do not vary."""
    del repeat
    found = [measured(case) for case in (QUICK if quick else (*CASES, *(LARGEST if full else ())))]
    yield from table(HEADS, [each.row() for each in found])
    yield bounded(found)


def bounded(found: Sequence[Measured]) -> str:
    most = max(each.share for each in found)
    text = f"Neurons for each linear region, both hidden layers together: at most {most:.2f}."
    return f"{text} Random networks with 6-bit weights."


def measured(case: Case) -> Measured:
    """A certificate of the construction is made, and checked by the stand-alone checker."""
    network, domain = case.network, case.polyhedron
    start = time.process_time()
    lines = list(proof_lines(network, domain, finite(network, domain), "auto"))
    proved = time.process_time()
    verdict = checker.check_lines(lines)
    judged = time.process_time()
    if verdict.kind != "valid":
        raise AssertionError(str(verdict))
    units = verdict.counts["units"]
    return Measured(
        case,
        verdict.counts["activation_regions"],
        enumerate_regions(network, domain).linear_regions,
        units["layer1"] + units["layer2"],
        proved - start,
        judged - proved,
    )
