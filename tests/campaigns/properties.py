"""Verdicts on random properties of small networks against exact enumeration, and mutants of their certificates too.

``python -m tests.campaigns.properties --properties 2000 --mutants 10000 --seed 0``. The oracle lists all activation
regions of R^n, on which outputs are affine maps: a region has an unsafe point of the domain if a system of rows, some
of them strict, has a solution, which a point in the relative interior of its closure decides. Exit code 1 where a
verdict differs, a certificate is not valid, or a mutant that is still accepted claims what the oracle refutes.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from gmpy2 import mpq

from tests.campaigns.mutate_properties import certificates, mutant, network_from, property_of
from tests.checker.editing import Records, encoded, sealed
from tests.checker.property_claims import in_domain, points
from tests.verify.random_cells import network_of
from verishallow import checker
from verishallow.affine import AffineForm, AffineMap
from verishallow.network import ReLUNetwork, side_by_side
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, vector
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Leaf
from verishallow.slices import Slice
from verishallow.verify.verification import Outcome, verify

A_CERTIFICATE = 20
"""Mutants of each certificate."""

LIKELY_FORGED = 0.5

MOST_NEURONS = 9

NODES = 5_000
"""That a search may bound; all of these properties are decided long before."""


# ------------------------------------------------------------------------------------------------- Oracle


def counterexample(function: ReLUNetwork, asked: Property) -> Vector | None:
    """An unsafe point of the domain, by all activation regions; ``None`` if there is none."""
    return next(unsafe_points(function, asked), None)


def unsafe_points(function: ReLUNetwork, asked: Property) -> Iterator[Vector]:
    whole = Polyhedron.whole_space(function.inputs)
    for leaf in cdd_engine(function, whole, generic_point(whole)):
        if isinstance(leaf, Leaf):
            region = Conjunction(tuple(rows_of(function, leaf)))
            for conjunction in asked.unsafe:
                inside = Conjunction(tuple(pulled_back(form, leaf.affine_map) for form in conjunction.forms))
                system = asked.domain.also(region).also(Conjunction(inside.forms, conjunction.strict))
                point = solution(system, function.inputs)
                if point is not None:
                    yield point


def rows_of(function: ReLUNetwork, leaf: Leaf) -> Iterator[AffineForm]:
    """The closed region of a pattern: ``z >= 0`` of active neurons, ``z <= 0`` of others."""
    sources: list[tuple[AffineForm, ...]] = [AffineMap.identity(function.inputs).forms]
    for layer, pattern in zip(function.hidden, leaf.pattern, strict=True):
        read = AffineMap(tuple(form for source in layer.reads for form in sources[source]))
        z = read.then(layer.weight, layer.bias).forms
        yield from (form if active else -form for form, active in zip(z, pattern, strict=True))
        zero = AffineForm.zero(function.inputs)
        sources.append(tuple(form if active else zero for form, active in zip(z, pattern, strict=True)))


def pulled_back(form: AffineForm, outputs: AffineMap) -> AffineForm:
    """A row in inputs and outputs as a form of the inputs, where the outputs are an affine map of them."""
    inputs = len(form.linear) - len(outputs.forms)
    found = AffineForm((form.constant, *form.linear[:inputs]))
    for a, output in zip(form.linear[inputs:], outputs.forms, strict=True):
        found = found + output.scaled(a)
    return found


def solution(system: Conjunction, inputs: int) -> Vector | None:
    """A point where all rows hold: if there is any, strict rows are positive in the relative interior of the closure.

    >>> solution(Conjunction.of([[0, 1], [0, -1]]), 1), solution(Conjunction.of([[0, 1], [0, -1]], [1]), 1)
    ((mpq(0,1),), None)
    """
    point = Polyhedron(inputs, system.forms).v_representation.relative_interior_point()
    return point if point is not None and system.contains(point) else None


# ----------------------------------------------------------------------------------------------- Verdicts


def random_question(rng: random.Random) -> tuple[ReLUNetwork, Property]:
    """A small network, and a property of it: thresholds are often values that it has, rows are often strict."""
    while True:
        inputs = rng.randint(1, 2)
        network = network_of(rng, rng.choice(["small", "small", "dyadic", "any"]), inputs, 3)
        if sum(layer.width for layer in network.hidden) <= MOST_NEURONS:
            return network, property_of(rng, network, None, None, inputs)


def difference(outcome: Outcome, network: ReLUNetwork, asked: Property) -> str | None:
    """What is wrong with a verdict."""
    if checker.check_lines(outcome.lines).kind != ("incomplete" if outcome.verdict == "unknown" else "valid"):
        return f"{outcome.verdict}, with a certificate that is {checker.check_lines(outcome.lines)}"
    known = counterexample(network, asked)
    if outcome.verdict == "unknown" or (outcome.verdict == "violated") == (known is not None):
        return None
    return f"{outcome.verdict}, but unsafe: {known}"


def compare(properties: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Counts of verdicts, and what differs."""
    rng, counts, failures = random.Random(seed), Counter[str](), list[str]()
    for number in range(properties):
        network, asked = random_question(rng)
        outcome = verify(network, asked, max_nodes=NODES)
        counts[outcome.verdict] += 1
        wrong = difference(outcome, network, asked)
        failures += [f"property {number} of seed {seed}: {wrong}"] if wrong else []
    return counts, failures


# ------------------------------------------------------------------------------------------------ Mutants


def claimed(records: Records) -> tuple[ReLUNetwork, Property]:
    """What a file claims: the function of one network or of two, on a slice or not, and the property."""
    header = records[0]
    networks = [network_from(record) for record in records if record["record"] == "network"]
    whole = networks[0] if len(networks) == 1 else side_by_side(*networks)
    function = Slice.of(header["slice"]).restricted(whole) if "slice" in header else whole
    unsafe = [Conjunction.of(each["rows"], each["strict"]) for each in header["unsafe"]]
    domain = Conjunction.of(header["domain"], header["strict"])
    return function, Property.of(function.inputs, function.outputs, domain, unsafe)


def refuted(records: Records) -> str | None:
    """Why the claim of a file is false, by the oracle alone."""
    function, asked = claimed(records)
    header: Any = records[0]
    if header["claim"] == "counterexample":
        point = tuple(header["point"])
        return None if asked.violated_at(point, function(point)) is not None else "the point is none"
    found = counterexample(function, asked)
    return None if found is None else f"unsafe: {found}"


def really_changed(records: Records, rng: random.Random) -> Records:
    """A mutant that is not the file itself."""
    while (changed := mutant(records, rng)) == records:
        pass
    return changed


def forgery(records: Records, rng: random.Random) -> Records | None:
    """The file of a property that is made false by as little as can be: rows of one conjunction tie at some point."""
    changed = deepcopy(records)
    header: Any = changed[0]
    tried = [point for point in points(header, rng, 10) if in_domain(header, point)]
    if header["claim"] != "property" or not tried:
        return None
    point = vector(rng.choice(tried))
    both = (*point, *claimed(changed)[0](point))
    chosen = rng.choice(header["unsafe"])
    values = [AffineForm.of(row)(both) for row in chosen["rows"]]
    for row, value in zip(chosen["rows"], values, strict=True):
        row[0] = str(mpq(row[0]) - min(value, 0))
    chosen["strict"] = [number for number in chosen["strict"] if values[number] > 0]
    return changed


def of_the_claim(kind: str, records: Records, changed: Records) -> str:
    """Whether an accepted mutant claims what the file did, or something else, which alone may be false."""
    if kind != "valid":
        return ""
    before, after = ([each for each in file if claims(each)] for file in (records, changed))
    return ", the same claim" if before == after else ", another claim"


def claims(record: Any) -> bool:
    return record["record"] in ("header", "network")


def mutants(number: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Counts of what the checker says of mutants, and those that it accepts although they are false."""
    rng, counts, failures = random.Random(seed), Counter[str](), list[str]()
    made = certificates(rng)
    while counts.total() < number:
        records = next(made)
        for _ in range(min(A_CERTIFICATE, number - counts.total())):
            forged = rng.random() < LIKELY_FORGED and forgery(records, rng)
            changed = forged or really_changed(records, rng)
            kind = checker.check_lines(sealed(encoded(changed))).kind
            counts[f"forgeries {kind}" if forged else f"mutants {kind}{of_the_claim(kind, records, changed)}"] += 1
            wrong = refuted(changed) if kind == "valid" else None
            failures += [f"{wrong}\n{b''.join(sealed(encoded(changed))).decode()}"] if wrong else []
    return counts, failures


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--properties", type=int, default=2_000)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    compared, differ = compare(options.properties, options.seed)
    counts, false = mutants(options.mutants, options.seed)
    print(", ".join(f"{number} {kind}" for kind, number in sorted((compared + counts).items())))
    for text in (*differ, *false):
        print(text)
    return 1 if differ or false else 0


if __name__ == "__main__":
    sys.exit(main())
