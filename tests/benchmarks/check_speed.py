"""How much faster the fast checker is than the stand-alone one: ``python -m tests.benchmarks.check_speed [--quick]``.

Both check the same lines in one process, in turn, so that a noisy machine is noisy for both; medians of CPU seconds.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain
from statistics import median

from tests.benchmarks.networks import UNIT_BOX, WHOLE, Case
from verishallow import checker, fast_checker
from verishallow.claims.equality import Equality
from verishallow.records.lines import certificate_lines
from verishallow.regions.cdd_engine import generic_point
from verishallow.regions.sharded import lattice_tree_engine
from verishallow.shallow.signed_faces import Boundary

HEADS = ("network", "domain", "boundary", "regions", "judge, regions/s", "fast, regions/s", "ratio")
SMALL = (("2-16-16-1", UNIT_BOX), ("2-32-32-1", WHOLE), ("3-16-16-1", UNIT_BOX), ("4-12-12-1", UNIT_BOX))
LARGE = (
    ("2-64-64-64-1", UNIT_BOX),
    ("3-32-32-1", UNIT_BOX),
    ("tll_n2_m8_0.onnx", "box:-2,2"),
    ("lindex.onnx", UNIT_BOX),
)
BOUNDARIES: tuple[Boundary, ...] = ("exact", "ignore")


def lines_of(case: Case, boundary: Boundary) -> list[bytes]:
    """The certificate of a network."""
    nodes = lattice_tree_engine(case.network, case.polyhedron, generic_point(case.polyhedron))
    return list(certificate_lines(case.network, case.polyhedron, Equality(boundary), nodes))


def cases(quick: bool) -> Iterator[tuple[Case, Boundary]]:
    """The available networks, with both boundaries."""
    for name, domain in SMALL if quick else SMALL + LARGE:
        case = Case(name, domain)
        if case.path is None or case.path.exists():
            yield from ((case, boundary) for boundary in BOUNDARIES)


def seconds(check: Callable[[list[bytes]], checker.Verdict], lines: list[bytes]) -> tuple[float, checker.Verdict]:
    """The CPU seconds of one check, and its verdict."""
    start = time.process_time()
    verdict = check(lines)
    return time.process_time() - start, verdict


def row(case: Case, boundary: Boundary, repeat: int) -> tuple[str, ...]:
    """A row of the table; both verdicts must be equal."""
    lines, rounds = lines_of(case, boundary), []
    for _ in range(repeat):
        (small, verdict), (fast, other) = (seconds(judge.check_lines, lines) for judge in (checker, fast_checker))
        assert verdict == other, (verdict, other)
        rounds.append((small, fast))
    regions, ratio = verdict.counts["activation_regions"], median(small / fast for small, fast in rounds)
    speeds = (f"{regions / median(column):,.0f}" for column in zip(*rounds, strict=True))
    return case.name, case.domain, boundary, f"{regions:,}", *speeds, f"{ratio:.2f}x"


def main(arguments: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="rounds, of which medians are taken")
    parser.add_argument("--quick", action="store_true", help="small networks only")
    options = parser.parse_args(arguments)
    rows = (row(*case, options.repeat) for case in cases(options.quick))
    for line in chain([HEADS, ["---"] * len(HEADS)], rows):
        print("| " + " | ".join(line) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
