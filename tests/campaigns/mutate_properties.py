"""Random changes of certificates of random properties: each is refused, or the claim that is left is true.

``python -m tests.campaigns.mutate_properties --mutants 10000 --seed 0``. Two checkers judge each: the stand-alone one,
and a plain one with fractions where it knows what the file has; they must agree. A claim that is still accepted is
tried at points, and by a search for a counterexample. Exit code 1 where a claim is false, or checkers differ.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from fractions import Fraction
from typing import Any

from tests.checker.editing import Records, encoded, parsed, recounted, sealed
from tests.checker.mutations import TINY, changed_somewhere
from tests.checker.property_claims import refutations
from tests.verify import plain_checker
from tests.verify.random_cells import network_of, number
from verishallow import checker
from verishallow.network import ReLUNetwork
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property
from verishallow.slices import Slice
from verishallow.verify.precision import RoundingBits
from verishallow.verify.verification import verify

A_CERTIFICATE = 100
"""Mutants of each certificate."""

NODES = 300
"""That a search for a counterexample may bound."""

LIKELY_RECOUNTED = 0.7


# ------------------------------------------------------------------------------------------ Certificates


def certificates(rng: random.Random) -> Iterator[Records]:
    """Certificates of both claims, about random networks, thresholds often at values that they have."""
    while True:
        inputs, kind = rng.randint(1, 2), rng.choice(["small", "small", "dyadic", "any"])
        network = network_of(rng, kind, inputs, 3)
        other = with_outputs(network_of(rng, kind, inputs, 3), network.outputs) if rng.random() < 0.3 else None
        on_slice = slice_of(rng, inputs) if rng.random() < 0.2 else None
        dimension = on_slice.parameters if on_slice else inputs
        asked = property_of(rng, network, other, on_slice, dimension)
        bits = RoundingBits(rng.choice([0, 2, 32]), rng.choice([6, 8, 20]), rng.choice([0, 3, 32]))
        found = verify(network, asked, other=other, on_slice=on_slice, max_nodes=200, precision=bits)
        if sum(map(len, found.lines)) < 30_000:
            yield parsed(found.lines)


def with_outputs(network: ReLUNetwork, outputs: int) -> ReLUNetwork:
    """The network with its last neurons repeated, or left out, until it has so many."""
    *hidden, last = [(layer.weight, layer.bias, layer.reads) for layer in network.layers]
    rows, bias = ([part[i % len(part)] for i in range(outputs)] for part in last[:2])
    return ReLUNetwork.of([*hidden, (rows, bias, last[2])])


def slice_of(rng: random.Random, inputs: int) -> Slice:
    return Slice.of([number(rng, "any") for _ in range(rng.choice([2]))] for _ in range(inputs))


def property_of(
    rng: random.Random, network: ReLUNetwork, other: ReLUNetwork | None, on_slice: Slice | None, dimension: int
) -> Property:
    """A box with strict sides, at times cut, or without one of them."""
    rows = list[tuple[list[Any], bool]]()
    for i in range(dimension):
        low, high = sorted([number(rng, "any"), number(rng, "any")])
        unit = [int(j == i) for j in range(dimension)]
        rows += [([-low, *unit], rng.random() < 0.2), ([high, *(-a for a in unit)], rng.random() < 0.2)]
    if rng.random() < 0.3:
        rows.append(([rng.randint(-2, 4), *(rng.randint(-2, 2) for _ in range(dimension))], rng.random() < 0.3))
    if rng.random() < 0.15:
        del rows[rng.randrange(len(rows))]
    domain = Conjunction.of([row for row, _ in rows], [i for i, (_, strict) in enumerate(rows) if strict])
    many = network.outputs * (1 if other is None else 2)
    whole = Threshold(network, other, on_slice)
    unsafe = [whole.conjunction(rng, dimension, many) for _ in range(rng.randint(1, 2))]
    return Property.of(dimension, many, domain, unsafe)


class Threshold:
    """Rows whose constants are values of the networks, so that ties are met."""

    def __init__(self, network: ReLUNetwork, other: ReLUNetwork | None, on_slice: Slice | None) -> None:
        networks = [network] if other is None else [network, other]
        self.networks = [on_slice.restricted(each) for each in networks] if on_slice else networks

    def conjunction(self, rng: random.Random, inputs: int, outputs: int) -> Conjunction:
        rows = []
        for _ in range(rng.randint(1, 2)):
            linear = [rng.choice([0, 0, 1, -1]) for _ in range(inputs)]
            linear += [rng.choice([1, -1, 0, 2]) for _ in range(outputs)]
            point = [number(rng, "any") for _ in range(inputs)]
            at = [*point, *(value for network in self.networks for value in network(point))]
            value = sum(a * b for a, b in zip(linear, at, strict=True))
            rows.append([-value + rng.choice([0, 0, -1, -5, -20]), *linear])
        return Conjunction.of(rows, [i for i in range(len(rows)) if rng.random() < 0.4])


# ----------------------------------------------------------------------------------------------- Changes


def mutant(records: Records, rng: random.Random) -> Records:
    """One to three changes, often such as a forger would try: what is claimed is a little more."""
    changed = deepcopy(records)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        # A second change may meet what the first one has left: no row, or no array.
        with suppress(ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            rng.choice([anywhere, anywhere, more_unsafe, less_strict, another_weight, another_node])(changed, rng)
    if rng.random() < LIKELY_RECOUNTED:
        with suppress(AttributeError, KeyError, TypeError):
            recounted(changed)
    return changed


def anywhere(records: Records, rng: random.Random) -> None:
    changed_somewhere(records, rng)


def more_unsafe(records: Records, rng: random.Random) -> None:
    """A row of the unsafe set, or of the domain, that holds at more points; the domain's are scaled to integers."""
    rows = [row for each in records[0]["unsafe"] for row in each["rows"]]
    rows += records[0]["domain"]
    if rows:
        row = rng.choice(rows)
        moved = Fraction(row[0]) + rng.choice([TINY, Fraction(1, 1 << 20), Fraction(1, 4), Fraction(1)])
        row[0] = str(moved if row not in records[0]["domain"] else int(moved) + 1)


def less_strict(records: Records, rng: random.Random) -> None:
    for each in rng.sample([records[0], *records[0]["unsafe"]], 1):
        each["strict"] = rng.choice([[], each["strict"][1:], list(range(len(each.get("rows", records[0]["domain"]))))])


def another_weight(records: Records, rng: random.Random) -> None:
    layers = [layer for record in records if record["record"] == "network" for layer in record["layers"]]
    row = rng.choice([row for layer in layers for row in (*layer["weight"], layer["bias"])])
    at = rng.randrange(len(row))
    row[at] = str(Fraction(row[at]) + rng.choice([TINY, -TINY, Fraction(1, 8), Fraction(-1, 8), Fraction(1)]))


def another_node(records: Records, rng: random.Random) -> None:
    """A multiplier, a letter or a slope that is another; a node left out, repeated or exchanged with one below."""
    first = 3 if "other_network_sha256" in records[0] else 2
    if len(records) - 1 <= first:
        return
    at = rng.randrange(first, len(records) - 1)
    match rng.randrange(4):
        case 0:
            del records[at]
        case 1:
            records.insert(at, deepcopy(records[at]))
        case 2:
            other = rng.randrange(first, len(records) - 1)
            records[at], records[other] = records[other], records[at]
        case _:
            inside([records[at]], rng)


def inside(records: Records, rng: random.Random) -> None:
    changed_somewhere(records, rng)


# ---------------------------------------------------------------------------------------------- Judging


def failure(records: Records, rng: random.Random) -> tuple[str, str | None]:
    """The verdict, and what is wrong with it."""
    lines = sealed(encoded(records))
    verdict = checker.check_lines(lines)
    plain = plain_verdict(lines)
    if plain is not None and plain != verdict.kind and not (plain == "valid" and spelled_otherwise(verdict.reason)):
        return verdict.kind, f"the plain checker says {plain}, the checker {verdict}"
    if verdict.kind != "valid":
        return verdict.kind, None
    refuted = refutations(records, rng) or searched(records)
    return "valid", f"false at {refuted}" if refuted else None


def plain_verdict(lines: list[bytes]) -> str | None:
    """What the plain checker says; nothing where there is a slice, a second network, or an empty cell."""
    unknown = (b'"other_network_sha256"', b'"slice"', b'"record":"empty"')
    if any(name in line for line in lines for name in unknown):
        return None
    try:
        return str(plain_checker.check(tuple(lines)))
    except Exception:  # noqa: BLE001 - whatever is wrong with a file
        return "invalid"


def spelled_otherwise(reason: str) -> bool:
    """The plain checker does not look at spelling; it would have to refuse what is about a fact."""
    facts = ("is not refuted", "no bound shows", "does not fulfil", "does not hold", "not strictly between", "stable")
    return not any(fact in reason for fact in facts)


def searched(records: Records) -> str | None:
    """A counterexample of what a file claims, found by a search."""
    header = records[0]
    if header["claim"] != "property":
        return None
    networks = [network_from(record) for record in records if record["record"] == "network"]
    many = header["outputs"] * len(networks)
    domain = Conjunction.of(header["domain"], header["strict"])
    unsafe = [Conjunction.of(each["rows"], each["strict"]) for each in header["unsafe"]]
    asked = Property.of(header["inputs"], many, domain, unsafe)
    on_slice = Slice.of(header["slice"]) if "slice" in header else None
    other = networks[1] if len(networks) > 1 else None
    found = verify(networks[0], asked, other=other, on_slice=on_slice, max_nodes=NODES)
    return None if found.point is None else str(found.point)


def network_from(record: Any) -> ReLUNetwork:
    return ReLUNetwork.of((layer["weight"], layer["bias"], layer.get("reads")) for layer in record["layers"])


def run(mutants: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Counts of verdicts, and what failed."""
    rng, counts, failures = random.Random(seed), Counter[str](), list[str]()
    made = certificates(rng)
    while counts.total() - counts["certificates"] < mutants:
        records = next(made)
        counts["certificates"] += 1
        for _ in range(min(A_CERTIFICATE, mutants - counts.total() + counts["certificates"])):
            changed = mutant(records, rng)
            kind, wrong = failure(changed, rng)
            counts[kind] += 1
            if wrong:
                failures.append(f"{wrong}\n{b''.join(sealed(encoded(changed))).decode()}")
    return counts, failures


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    counts, failures = run(options.mutants, options.seed)
    print(", ".join(f"{number} {kind}" for kind, number in sorted(counts.items())))
    for text in failures:
        print(text)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
