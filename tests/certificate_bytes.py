"""The bytes of certificates, pinned: ``python -m tests.certificate_bytes`` writes the digests anew.

One SHA-256 of the uncompressed lines per small certificate that the checker's cases start from, per example, claim and
engine, and per kept proof. A change that moves code moves none of them.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

from tests.checker.bases import BASES, base_lines
from tests.examples import EXAMPLES, Example
from verishallow.claims.bounds import OutputBounds, output_range
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.equality import Equality
from verishallow.claims.finite import finite
from verishallow.claims.gated import gated
from verishallow.claims.merge import Merged
from verishallow.claims.one_hidden import one_hidden
from verishallow.claims.quantised import quantised
from verishallow.claims.regions import RegionCount
from verishallow.errors import VerishallowError
from verishallow.polyhedron import Polyhedron
from verishallow.proof import proof_lines
from verishallow.rationals import Vector
from verishallow.regions.enumeration import ENGINES
from verishallow.shallow.grids import Grid

HERE = Path(__file__).parent
STORED = HERE / "certificate_bytes.json"
PROOFS = HERE.parent / "proofs"

CLAIMS: dict[str, Callable[[Example, Polyhedron], Claim]] = {
    "cells, boundary exact": lambda _example, _domain: Equality("exact"),
    "cells, boundary ignored": lambda _example, _domain: Equality("ignore"),
    "cells, one unit": lambda example, domain: Equality("exact", low=_lows(example, domain)),
    "merge": lambda _example, _domain: Merged(),
    "merge, boundary ignored": lambda _example, _domain: Merged("ignore"),
    "gated": lambda example, _domain: gated(example.network),
    "one hidden layer": lambda example, domain: one_hidden(example.network, domain),
    "finite": lambda example, domain: finite(example.network, domain),
    "quantised": lambda example, domain: quantised(example.network, domain, _grid(domain)),
    "regions": lambda _example, _domain: RegionCount(),
    "bounds": lambda example, domain: OutputBounds(output_range(example.network, domain)),
    "equal": lambda example, _domain: EqualNetworks(example.network),
}


def _lows(example: Example, domain: Polyhedron) -> Vector:
    return tuple(bound.low for bound in output_range(example.network, domain) if bound.low is not None)


def _grid(domain: Polyhedron) -> Grid:
    return Grid.of([("1/7", "1/3")] * domain.dimension)


def digest(lines: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(lines)).hexdigest()


def proved(name: str, claim: str, engine: str, executor: Executor | None = None) -> str:
    """The digest of the certificate of an example, or which error says that there is none."""
    example = EXAMPLES[name]
    domain = example.domain.normalised()
    try:
        return digest(proof_lines(example.network, domain, CLAIMS[claim](example, domain), engine, executor))
    except VerishallowError as refused:
        return type(refused).__name__


def kept_proofs() -> dict[str, str]:
    """The digests of the library's certificates."""
    files = sorted(PROOFS.rglob("*.cert.jsonl.gz"))
    return {path.relative_to(PROOFS).as_posix(): digest([gzip.decompress(path.read_bytes())]) for path in files}


def entries() -> Iterator[tuple[str, Callable[[], str]]]:
    """What is pinned, by its name in words, and how it is made."""
    for base in BASES:
        yield f"base: {base}", partial(lambda name: digest(base_lines(name)), base)
    for name in EXAMPLES:
        for claim in CLAIMS:
            for engine in ENGINES:
                yield f"{name}: {claim}: {engine}", partial(proved, name, claim, engine)


def main() -> None:
    found = {name: make() for name, make in entries()}
    pinned = {"made": found, "kept": kept_proofs()}
    STORED.write_text(json.dumps(pinned, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(found)} certificates pinned")


if __name__ == "__main__":
    main()
