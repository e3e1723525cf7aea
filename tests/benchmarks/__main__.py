"""``python -m tests.benchmarks [TABLE ...] [--repeat 5] [--quick] [--full] [--write]``; ``--help`` names the tables."""

import argparse
import sys
from collections.abc import Callable, Iterator

from tests.benchmarks import (
    boundaries,
    enumeration,
    finite_weights,
    miscounts,
    proofs,
    real,
    reported_counts,
    results,
    sizes,
    verified,
    verify_properties,
)
from tests.benchmarks.measuring import versions

REPORTS: dict[str, Callable[[int, bool, bool], Iterator[str]]] = {
    "enumeration": enumeration.report,
    "proofs": proofs.report,
    "miscounts": miscounts.report,
    "real": real.report,
    "sizes": sizes.report,
    "finite": finite_weights.report,
    "boundary": boundaries.report,
    "verified": verified.report,
    "reported": reported_counts.report,
    "verify": verify_properties.report,
}
REPEAT = 5


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    found.add_argument("tables", nargs="*", metavar="TABLE", help=f"any of {', '.join(REPORTS)}; by default all")
    found.add_argument("--repeat", type=int, default=REPEAT, help="rounds, of which medians are taken")
    found.add_argument("--quick", action="store_true", help="small networks only")
    found.add_argument("--full", action="store_true", help="a million regions, and all of a plane of ACAS Xu, too")
    found.add_argument("--write", action="store_true", help="replace the tables' sections of RESULTS.md")
    return found


def command(table: str, options: argparse.Namespace) -> str:
    """What measures one table again, with these options."""
    words = ["python -m tests.benchmarks", table]
    words += [f"--repeat {options.repeat}"] if options.repeat != REPEAT else []
    words += [f"--{name}" for name in ("quick", "full") if getattr(options, name)]
    return " ".join([*words, "--write"])


def main(arguments: list[str] | None = None) -> int:
    """Print the tables asked for, and keep them where that is asked for."""
    options = parser().parse_args(arguments)
    if unknown := set(options.tables) - set(REPORTS):
        parser().error(f"no such table: {', '.join(sorted(unknown))}")
    print(versions())
    for name in options.tables or REPORTS:
        print(f"\n## {name}\n")
        lines = tuple(printed(REPORTS[name](options.repeat, options.quick, options.full)))
        if options.write:
            section = results.Section(name, command(name, options), versions(), lines)
            results.write(section, REPORTS, results.RESULTS)
    return 0


def printed(lines: Iterator[str]) -> Iterator[str]:
    """The lines, each printed as soon as it is there."""
    for line in lines:
        print(line, flush=True)
        yield line


if __name__ == "__main__":
    sys.exit(main())
