"""Two checkers, one verdict: asks both checkers and asserts that they agree."""

import io
import random
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from tests.checker.bases import BASES
from tests.rearranging import randomly_rearranged
from verishallow import checker, fast_checker
from verishallow.claims.bounds import OutputBounds, output_range
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.equality import Equality
from verishallow.claims.regions import RegionCount
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.records.lines import certificate_lines
from verishallow.regions.cdd_engine import cdd_engine, generic_point

MUTANTS = 60
"""The number of mutants of each base."""

each_base = pytest.mark.parametrize("name", BASES)

CLAIMS = ("exact", "ignore", "regions", "bounds", "equal")


def both(lines: Iterable[bytes], **expected: Any) -> checker.Verdict:
    """The verdict on which both agree: kind, place and words, header and counts."""
    kept = list(lines)
    verdict = checker.check_lines(kept, **expected)
    fast = fast_checker.check_lines(kept, **expected)
    assert fast == verdict, (fast, verdict)
    return verdict


def both_on(content: bytes) -> checker.Verdict:
    """The verdict on which both agree about the content of a file."""
    verdict = checker.check_lines(checker.lines_of(checker.chunks_of(io.BytesIO(content))))
    fast = fast_checker.check_lines(checker.lines_of(checker.chunks_of(io.BytesIO(content))))
    assert fast == verdict, (fast, verdict)
    return verdict


def certificate(network: ReLUNetwork, claim: Claim, domain: Polyhedron | None = None) -> list[bytes]:
    """A certificate, on the box [-1, 1]^n unless another domain is given."""
    domain = domain or Polyhedron.box([(-1, 1)] * network.inputs)
    nodes = cdd_engine(claim.explored(network), domain, generic_point(domain))
    return list(certificate_lines(network, domain, claim, nodes))


def claim_about(network: ReLUNetwork, domain: Polyhedron, name: str, rng: random.Random) -> Claim:
    match name:
        case "regions":
            return RegionCount()
        case "bounds":
            found = output_range(network, domain, engine="cdd")
            return OutputBounds(found) if found else RegionCount()
        case "equal":
            return EqualNetworks(randomly_rearranged(network, rng))
    return Equality(name)  # type: ignore[arg-type]  # a boundary: the other claims are above


def random_network(*widths: int, bits: int = 6) -> ReLUNetwork:
    rng = random.Random(str(widths))

    def weight() -> Fraction:
        return Fraction(rng.randint(-(2**bits), 2**bits), 2**bits)

    return ReLUNetwork.of(
        ([[weight() for _ in range(n)] for _ in range(m)], [weight() for _ in range(m)]) for n, m in pairwise(widths)
    )
