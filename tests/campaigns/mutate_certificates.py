"""Random changes of random certificates: each is refused, or the claim that is left is true.

``python -m tests.campaigns.mutate_certificates --mutants 100000 --seed 0``. Some changes are followed by deriving
anew all that a checker derives. Exit code 1 where a change passes that nothing explains, or a claim is refuted.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import Any

from gmpy2 import mpq

from tests.checker.claims import refutations
from tests.checker.derived import derive
from tests.checker.editing import Records, encoded, parsed, sealed
from tests.checker.mutations import changed_somewhere, mutant
from tests.checker.survivors import explanation
from tests.rearranging import randomly_rearranged
from verishallow import checker
from verishallow.affine import AffineForm
from verishallow.certificate.certificate import Certificate
from verishallow.certificate.trimming import trimmed_to_points
from verishallow.claims.bounds import Bound, OutputBounds, range_of_leaves
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.equality import BOUNDARIES, Equality
from verishallow.claims.finite import finite
from verishallow.claims.gated import gated
from verishallow.claims.merge import Merged
from verishallow.claims.one_hidden import one_hidden
from verishallow.claims.quantised import quantised
from verishallow.claims.regions import RegionCount
from verishallow.errors import DomainError, InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.records.lines import certificate_lines
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Leaf
from verishallow.shallow.grids import Grid
from verishallow.slices import Slice

A_CERTIFICATE = 400
"""Mutants of each certificate."""

DERIVED_ANEW = "derived anew"
LIKELY_DERIVED = 0.1
LIKELY_SLICED = 0.2
LIKELY_TRIMMED = 0.2
MOST_BYTES = 30_000
WEIGHTS = (-2, -1, -1, 0, 0, 1, 1, 2, "1/2", "-2/3")


# ------------------------------------------------------------------------------------------ Certificates


def certificates(rng: random.Random) -> Iterator[list[bytes]]:
    return small_ones(certificate, rng)


def small_ones(certificate: Callable[[random.Random], list[bytes]], rng: random.Random) -> Iterator[list[bytes]]:
    while True:
        lines = certificate(rng)
        if sum(map(len, lines)) < MOST_BYTES:
            yield lines


def certificate(rng: random.Random) -> list[bytes]:
    lines = certificate_of(random_claim, rng)
    return trimmed(lines, rng) if rng.random() < LIKELY_TRIMMED else lines


RandomClaim = Callable[[ReLUNetwork, Slice | None, Polyhedron, random.Random], Claim]


def certificate_of(random_claim: RandomClaim, rng: random.Random) -> list[bytes]:
    """A certificate of such a claim about a random network, on a random domain or slice."""
    network = random_network(rng)
    embedding = random_slice(network.inputs, rng) if rng.random() < LIKELY_SLICED else None
    dimension = embedding.parameters if embedding else network.inputs
    domain = random_domain(dimension, rng)
    claim = random_claim(network, embedding, domain, rng)
    owner: Any = WanderingOwner(dimension, rng) if rng.random() < 0.5 else generic_point(domain)
    owner = generic_point(domain) if isinstance(claim, Merged) else owner
    nodes = claim.tree(cdd_engine, restricted(claim.explored(network), embedding), domain, owner)
    return list(certificate_lines(network, domain, claim, nodes, embedding))


def trimmed(lines: list[bytes], rng: random.Random) -> list[bytes]:
    """The certificate with some of its cells alone, if it can be trimmed."""
    certificate = Certificate(tuple(lines))
    points = certificate.domain.v_representation.vertices or [(mpq(0),) * certificate.domain.dimension]
    try:
        return list(trimmed_to_points(certificate, rng.sample(list(points), 1)).lines)
    except InputError:
        return lines


def restricted(network: ReLUNetwork, embedding: Slice | None) -> ReLUNetwork:
    return embedding.restricted(network) if embedding else network


def random_slice(inputs: int, rng: random.Random) -> Slice:
    """Any affine map of parameters to inputs: its image may be a point, and its parameters more than the inputs."""
    parameters = rng.randint(1, 2)
    return Slice.of([rng.choice(WEIGHTS) for _ in range(parameters + 1)] for _ in range(inputs))


KINDS = (
    "equality", "equality", "ignore", "regions", "bounds", "equal", "finite", "one-hidden",
    "merge", "gated", "one unit", "quantised",
)  # fmt: skip


def unbounded(domain: Polyhedron) -> bool:
    generators = domain.v_representation
    return bool(generators.rays or generators.lines)


def lower_bounds(network: ReLUNetwork, domain: Polyhedron, rng: random.Random) -> tuple[mpq, ...]:
    """A lower bound of each output, often the greatest; none where an output has none."""
    nodes = cdd_engine(network, domain, generic_point(domain))
    ranges = {each.output: each.low for each in range_of_leaves(n for n in nodes if isinstance(n, Leaf))}
    lows = [ranges.get(output) for output in range(network.outputs)]
    return () if None in lows else tuple(low - rng.choice([0, 0, 1]) for low in lows if low is not None)


def on_some_grid(network: ReLUNetwork, domain: Polyhedron, rng: random.Random) -> Claim:
    pairs = [(rng.choice(["0", "1/2", "-1/3"]), rng.choice(["1", "1/2", "2/3"])) for _ in range(domain.dimension)]
    try:
        return quantised(network, domain, Grid.of(pairs), "cdd")
    except DomainError:
        return Equality()


def random_claim(network: ReLUNetwork, embedding: Slice | None, domain: Polyhedron, rng: random.Random) -> Claim:
    kind = rng.choice(KINDS)
    match kind:
        case "regions":
            return RegionCount()
        case "bounds":
            nodes = cdd_engine(restricted(network, embedding), domain, generic_point(domain))
            ranges = range_of_leaves(node for node in nodes if isinstance(node, Leaf))
            return OutputBounds(tuple(loosened(bound, rng) for bound in ranges)) if ranges else RegionCount()
        case "equal":
            return EqualNetworks(randomly_rearranged(network, rng))
        case "finite" | "one-hidden":
            return of_finite_weights(kind, network, embedding, domain)
    return smaller(kind, restricted(network, embedding), domain, rng)


def smaller(kind: str, network: ReLUNetwork, domain: Polyhedron, rng: random.Random) -> Claim:
    """Equality with another network than that of all cells, where it applies."""
    match kind:
        case "ignore":
            return Equality("ignore")
        case "merge":
            return Merged(rng.choice(BOUNDARIES))
        case "gated":
            return gated(network)
        case "one unit" if low := lower_bounds(network, domain, rng):
            return rng.choice([Equality, Merged])("exact", low)
        case "quantised" if not unbounded(domain):
            return on_some_grid(network, domain, rng)
    return Equality()


def of_finite_weights(kind: str, network: ReLUNetwork, embedding: Slice | None, domain: Polyhedron) -> Claim:
    """Finite weights where there are any: for few inputs, for one hidden layer, and on a slice with parameters."""
    try:
        return (
            finite(restricted(network, embedding), domain)
            if kind == "finite"
            else one_hidden(network, domain, embedding)
        )
    except InputError:
        return Equality()


def loosened(bound: Bound, rng: random.Random) -> Bound:
    """The bound with more room, or with one side only, at times."""
    low, high = bound.low, bound.high
    if low is not None and high is not None:
        low, high = rng.choice([(low, high), (low, None), (None, high), (low - 1, high)])
    return Bound(bound.output, low, high)


class WanderingOwner:
    """An owner of hyperplanes that stands elsewhere whenever it is asked: either side of a split is strict."""

    def __init__(self, dimension: int, rng: random.Random) -> None:
        self._dimension, self._rng = dimension, rng

    def __iter__(self) -> Iterator[int]:
        return (self._rng.randrange(-9, 10) for _ in range(self._dimension))


def random_network(rng: random.Random) -> ReLUNetwork:
    inputs = rng.choice([1, 1, 2, 2, 3])
    widths = [inputs, *(rng.randint(1, 3) for _ in range(rng.randint(0, 3 if inputs < 3 else 1)))]
    layers = []
    for number in range(1, len(widths) + 1):
        width = rng.randint(1, 2) if number == len(widths) else widths[number]
        reads = random_reads(number, rng)
        columns = sum(widths[source] for source in reads)
        weight = [[rng.choice(WEIGHTS) for _ in range(columns)] for _ in range(width)]
        layers.append((weight, [rng.choice(WEIGHTS) for _ in range(width)], reads))
    return ReLUNetwork.of(layers)


def random_reads(number: int, rng: random.Random) -> list[int]:
    if rng.random() < 0.7:
        return [number - 1]
    return sorted(rng.sample(range(number), rng.randint(1, number)))


def random_domain(dimension: int, rng: random.Random) -> Polyhedron:
    if rng.random() < 0.4:
        return Polyhedron.whole_space(dimension)
    box = Polyhedron.box([(rng.randint(-2, 0), rng.randint(1, 2)) for _ in range(dimension)])
    cut = AffineForm.of([3, *(rng.randint(-1, 1) for _ in range(dimension))])
    return box.with_inequality(cut) if any(cut.row[1:]) and rng.random() < 0.5 else box


# ----------------------------------------------------------------------------------------------- Mutants


def outcomes(lines: list[bytes], number: int, rng: random.Random) -> Iterator[tuple[str, str | None]]:
    """What became of each mutant: ``invalid``, an explanation or a failure; and a failure's description."""
    records = parsed(lines)
    for _ in range(number):
        yield derived_anew(records, rng) if rng.random() < LIKELY_DERIVED else changed_once(records, lines, rng)


def changed_once(records: Records, lines: list[bytes], rng: random.Random) -> tuple[str, str | None]:
    text, changed = mutant(records, rng)
    while changed == lines:
        text, changed = mutant(records, rng)
    kind = checker.check_lines(changed).kind
    why = "invalid" if kind == "invalid" else explanation(records, parsed(changed), kind)
    return ("UNEXPLAINED", text) if why is None else judged(why, kind, text, changed, rng)


def derived_anew(records: Records, rng: random.Random) -> tuple[str, str | None]:
    forged = deepcopy(records)
    text = changed_somewhere(forged, rng)
    derive(forged)
    changed = sealed(encoded(forged))
    kind = checker.check_lines(changed).kind
    return judged("invalid" if kind == "invalid" else DERIVED_ANEW, kind, text, changed, rng)


def judged(why: str, kind: str, text: str, changed: list[bytes], rng: random.Random) -> tuple[str, str | None]:
    if kind == "valid" and refutations(changed, rng):
        return "REFUTED", text
    return why, None


# ----------------------------------------------------------------------------------------------- Command


def run(mutants: int, seed: int) -> tuple[Counter[str], list[str]]:
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    failures = []
    for lines in certificates(rng):
        left = mutants - counts.total() + counts["certificates"]
        if left <= 0:
            break
        counts["certificates"] += 1
        for outcome, failure in outcomes(lines, min(A_CERTIFICATE, left), rng):
            counts[outcome] += 1
            failures += [] if failure is None else [f"{outcome}: {failure}\n{b''.join(lines[:2]).decode()}"]
    return counts, failures


def print_table(counts: Counter[str], failures: Iterable[str]) -> None:
    for name, number in counts.most_common():
        print(f"{number:>10}  {name}")
    for failure in failures:
        print(failure)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    counts, failures = run(options.mutants, options.seed)
    print_table(counts, failures)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
