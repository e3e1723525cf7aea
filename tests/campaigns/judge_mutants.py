"""Random changes of random certificates, checked by the stand-alone checker and by the one that is proved correct.

``make -C proofs/formal``, then ``python -m tests.campaigns.judge_mutants --mutants 20000 --seed 0``. The certificates
are of the claims and constructions that proofs/formal treats. Exit code 1 where the two verdicts differ.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.campaigns.mutate_certificates import LIKELY_DERIVED, certificate_of, print_table, small_ones
from tests.checker.derived import derive
from tests.checker.editing import Records, encoded, parsed, sealed
from tests.checker.mutations import changed_somewhere, mutant
from tests.formal.building import FORMAL, Development
from verishallow import checker
from verishallow.claims.claim import Claim
from verishallow.claims.equality import Equality
from verishallow.claims.gated import gated
from verishallow.claims.regions import RegionCount
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.slices import Slice

EACH = 100
"""Mutants of each certificate."""

LIKELY_UNCHANGED = 0.01


# ------------------------------------------------------------------------------------------ Certificates


def certificates(rng: random.Random) -> Iterator[list[bytes]]:
    """Small certificates of the claims and constructions that the verified checker knows."""
    return small_ones(partial(certificate_of, random_claim), rng)


def random_claim(network: ReLUNetwork, _embedding: Slice | None, _domain: Polyhedron, rng: random.Random) -> Claim:
    return rng.choice([Equality(), Equality("ignore"), RegionCount(), gated(network)])


# ----------------------------------------------------------------------------------------------- Mutants


def mutants(lines: list[bytes], number: int, rng: random.Random) -> Iterator[tuple[str, list[bytes]]]:
    """What was changed, and the lines that are left."""
    records = parsed(lines)
    for _ in range(number):
        if rng.random() < LIKELY_UNCHANGED:
            yield "unchanged", lines
        else:
            yield derived_anew(records, rng) if rng.random() < LIKELY_DERIVED else mutant(records, rng)


def derived_anew(records: Records, rng: random.Random) -> tuple[str, list[bytes]]:
    forged = deepcopy(records)
    text = changed_somewhere(forged, rng)
    derive(forged)
    return f"{text}, derived anew", sealed(encoded(forged))


# ----------------------------------------------------------------------------------------------- Command


def run(mutated: int, seed: int, development: Development) -> tuple[Counter[str], list[str]]:
    """How often each verdict was given by both, and where they differ."""
    rng, counts, failures = random.Random(seed), Counter[str](), list[str]()
    with TemporaryDirectory() as folder:
        file = Path(folder, "mutant.jsonl")
        for lines in certificates(rng):
            left = mutated - counts.total() + counts["certificates"]
            if left <= 0:
                return counts, failures
            counts["certificates"] += 1
            for text, changed in mutants(lines, min(EACH, left), rng):
                outcome = judged(changed, file, development)
                counts[outcome] += 1
                failures += [f"{outcome}: {text}\n{b''.join(changed).decode()}"] if "but" in outcome else []
    return counts, failures


def judged(lines: list[bytes], file: Path, development: Development) -> str:
    """The verdict that both checkers give, or both verdicts; a claim changed into another may be unsupported."""
    kind = checker.check_lines(lines).kind
    file.write_bytes(b"".join(lines))
    verified = development.verdict(file)[0]
    if verified == kind or (verified == "unsupported" and kind == "invalid"):
        return verified
    return f"{kind}, but verified: {verified}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--development", type=Path, default=FORMAL / "build", help="where proofs/formal was compiled")
    options = parser.parse_args(arguments)
    counts, failures = run(options.mutants, options.seed, Development(options.development))
    print_table(counts, failures)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
