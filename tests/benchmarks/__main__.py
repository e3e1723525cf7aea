"""``python -m tests.benchmarks [TABLE ...] [--repeat 5] [--quick] [--full]``; ``--help`` names the tables."""

import argparse
import sys

from tests.benchmarks import enumeration, finite_weights, miscounts, proofs, real, sizes, verified
from tests.benchmarks.measuring import versions


def main(arguments: list[str] | None = None) -> int:
    """Print the tables asked for, all by default."""
    reports = {
        "enumeration": enumeration.report,
        "proofs": proofs.report,
        "miscounts": miscounts.report,
        "real": real.report,
        "sizes": sizes.report,
        "finite": finite_weights.report,
        "verified": verified.report,
    }
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"any of {', '.join(reports)}")
    parser.add_argument("--repeat", type=int, default=5, help="rounds, of which medians are taken")
    parser.add_argument("--quick", action="store_true", help="small networks only")
    parser.add_argument("--full", action="store_true", help="a million regions, and all of a plane of ACAS Xu, too")
    options = parser.parse_args(arguments)
    if unknown := set(options.tables) - set(reports):
        parser.error(f"no such table: {', '.join(sorted(unknown))}")
    print(versions())
    for name in options.tables or reports:
        print(f"\n## {name}\n")
        for line in reports[name](options.repeat, options.quick, options.full):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
