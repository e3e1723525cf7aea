"""Table 7: what equality on region boundaries costs: signed faces, and bytes of the certificate."""

import io
from collections.abc import Iterator

from tests.benchmarks.measuring import number, table
from tests.benchmarks.networks import Case
from verishallow import checker
from verishallow.claims.equality import Equality
from verishallow.proof import proof_lines
from verishallow.records.lines import write_lines
from verishallow.shallow.signed_faces import Boundary

QUICK = (Case("1-16-16-1"), Case("2-16-16-1"), Case("3-8-8-1"), Case("4-6-6-1"))
WIDER = (Case("2-32-32-1"), Case("3-16-16-1"))
HEADS = (
    "network", "domain", "regions", "signed faces per region, exact", "bytes per region (gzip), exact", "ignore",
)  # fmt: skip


def report(repeat: int, quick: bool, full: bool) -> Iterator[str]:
    """One table, made once: nothing in it varies."""
    del repeat, full
    yield NOTES
    yield from table(HEADS, map(row, QUICK if quick else (*QUICK, *WIDER)))


def row(case: Case) -> tuple[str, ...]:
    exact, ignored = (lines_of(case, boundary) for boundary in ("exact", "ignore"))
    verdict = checker.check_lines(exact)
    if verdict.kind != "valid":
        raise ValueError(str(verdict))
    regions = verdict.counts["activation_regions"]
    bytes_each = (number(zipped(lines) / regions) for lines in (exact, ignored))
    return case.label, case.domain, number(regions), f"{verdict.counts['faces'] / regions:.1f}", *bytes_each


def lines_of(case: Case, boundary: Boundary) -> tuple[bytes, ...]:
    return tuple(proof_lines(case.network, case.polyhedron, Equality(boundary), "lattice"))


def zipped(lines: tuple[bytes, ...]) -> int:
    """The size of the file."""
    file = io.BytesIO()
    write_lines(lines, file)
    return len(file.getvalue())


NOTES = """\
Random networks with 6-bit weights. `exact` claims equality everywhere, `ignore` off the hyperplanes where cells meet.
"""
