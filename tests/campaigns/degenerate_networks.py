"""Random degenerate networks: the lattice engine against the reference, pattern by pattern and node by node.

``python -m tests.campaigns.degenerate_networks --networks 2000 --seed 0``. Weights are -1, 0 and 1, layers read any
earlier ones, the first layer is often of deficient rank, and domains are bounded or not, with and without lines.
Exit code 1 where anything differs.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from verishallow import checker
from verishallow.affine import AffineForm
from verishallow.claims.equality import Equality
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.records.lines import certificate_lines
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import LayerEntry, Leaf, Node, Pattern, Redundant, Reported, Split, Stable
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.enumeration import enumerate_regions, upper_bound
from verishallow.regions.lattice_engine import lattice_engine
from verishallow.regions.sharded import lattice_tree_engine

MOST_NEURONS = {1: 10, 2: 9, 3: 7, 4: 6}
"""Hidden neurons by the number of inputs."""

Nodes = list[Node | Reported]


@dataclass(frozen=True)
class Problem:
    """A network on a domain of some kind."""

    network: ReLUNetwork
    domain: Polyhedron
    kind: str


# -------------------------------------------------------------------------------------- Random problems


def random_problems(number: int, seed: int) -> Iterator[Problem]:
    rng = random.Random(seed)
    for _ in range(number):
        network = random_network(rng)
        kind = rng.choice(list(DOMAINS))
        yield Problem(network, DOMAINS[kind](network.inputs, rng).normalised(), kind)


def random_network(rng: random.Random) -> ReLUNetwork:
    inputs = rng.choice([1, 2, 2, 3, 3, 4])
    widths = [inputs, *random_widths(MOST_NEURONS[inputs], rng), rng.randint(1, 2)]
    layers: list[tuple[Any, ...]] = []
    for number in range(1, len(widths)):
        reads = random_reads(number, rng)
        weight = random_rows(widths[number], sum(widths[source] for source in reads), rng)
        bias = [rng.randint(-1, 1) for _ in range(widths[number])]
        layers.append((deficient(weight, rng) if number == 1 else weight, bias, reads))
    return ReLUNetwork.of(layers)


def random_widths(most: int, rng: random.Random) -> list[int]:
    widths = [rng.randint(1, 5) for _ in range(rng.choice([0, 1, 1, 2, 2, 2, 3, 3]))]
    while sum(widths) > most:
        widths.pop()
    return widths


def random_reads(number: int, rng: random.Random) -> list[int]:
    if rng.random() < 0.5:
        return [number - 1]
    return sorted(rng.sample(range(number), rng.randint(1, number)))


def random_rows(rows: int, columns: int, rng: random.Random) -> list[list[int]]:
    return [[rng.randint(-1, 1) for _ in range(columns)] for _ in range(rows)]


def deficient(weight: list[list[int]], rng: random.Random) -> list[list[int]]:
    """The rows, sometimes with a column that another one determines."""
    if rng.random() < 0.7:
        return weight
    column, other, factor = rng.randrange(len(weight[0])), rng.randrange(len(weight[0])), rng.choice([-1, 0, 0, 1])
    return [[factor * row[other] if i == column else a for i, a in enumerate(row)] for row in weight]


# --------------------------------------------------------------------------------------- Random domains


def box(dimension: int, rng: random.Random) -> Polyhedron:
    return Polyhedron.box([(low := rng.randint(-2, 1), low + rng.randint(1, 3)) for _ in range(dimension)])


def polyhedron(dimension: int, rng: random.Random) -> Polyhedron:
    """Half-spaces that hold one point strictly: bounded or not."""
    rows = random_normals(dimension, rng.randint(1, dimension + 3), rng)
    return around(random_point(dimension, rng), [(rng.choice([1, 2, mpq(1, 3)]), row) for row in rows])


def cone(dimension: int, rng: random.Random) -> Polyhedron:
    """Half-spaces through an apex, with an inner direction."""
    apex, inner = random_point(dimension, rng), random_normals(dimension, 1, rng)[0]
    rows = random_normals(dimension, dimension + 2, rng)
    slopes = [sum(a * d for a, d in zip(row, inner, strict=True)) for row in rows]
    return around(apex, [(0, row) for row, slope in zip(rows, slopes, strict=True) if slope > 0])


def strip(dimension: int, rng: random.Random) -> Polyhedron:
    """Pairs of parallel half-spaces, fewer than make the set bounded: it contains lines where n > 1."""
    rows = random_normals(dimension, max(1, rng.randint(1, dimension) - 1), rng)
    return around(random_point(dimension, rng), [(1, side) for row in rows for side in (row, [-a for a in row])])


def whole_space(dimension: int, _rng: random.Random) -> Polyhedron:
    return Polyhedron.whole_space(dimension)


DOMAINS = {"R^n": whole_space, "box": box, "polyhedron": polyhedron, "cone": cone, "strip": strip}


def random_normals(dimension: int, number: int, rng: random.Random) -> list[list[int]]:
    rows: list[list[int]] = []
    while len(rows) < number:
        rows += [row for row in random_rows(1, dimension, rng) if any(row)]
    return rows


def random_point(dimension: int, rng: random.Random) -> Vector:
    return tuple(mpq(rng.randint(-4, 4), rng.choice([1, 1, 2, 3])) for _ in range(dimension))


def around(point: Vector, sides: Iterable[tuple[Any, list[int]]]) -> Polyhedron:
    """The half-spaces ``a.(x - point) + margin >= 0`` of pairs (margin, a)."""
    rows = [[margin - sum(a * x for a, x in zip(row, point, strict=True)), *row] for margin, row in sides]
    return Polyhedron(len(point), tuple(AffineForm.of(row) for row in rows))


# ------------------------------------------------------------------------------------------ Differences


def patterns_of(found: PolyhedralComplex, network: ReLUNetwork) -> list[Pattern]:
    """The activation patterns of the cells, one row per hidden layer."""
    ends = [sum(layer.width for layer in network.hidden[: i + 1]) for i in range(len(network.hidden))]
    starts = [0, *ends]
    rows = (found.patterns > 0).tolist()
    return [tuple(tuple(row[a:b]) for a, b in zip(starts, ends, strict=False)) for row in rows]


def skeleton(nodes: Iterable[Node | Reported]) -> Iterator[tuple[Any, ...]]:
    """What two engines must agree upon: everything but the reasons and the witnesses."""
    for node in nodes:
        match node:
            case LayerEntry():
                yield "layer", node.layer, node.undecided, node.planes, *decided(node.stable)
            case Stable():
                yield "stable", *decided(node)
            case Redundant():
                yield "redundant", tuple(number for number, _ in node.constraints)
            case Split():
                yield "split", node.neuron, node.strict_side
            case Leaf():
                yield "leaf", node.cell.path, node.cell.facets, node.pattern, node.affine_map
            case Reported():
                yield "reported", node.affine_pieces, node.linear_regions


def decided(stable: Stable) -> tuple[tuple[int, ...], tuple[int, ...]]:
    active, inactive = stable.active, stable.inactive
    return tuple(decision.neuron for decision in active), tuple(decision.neuron for decision in inactive)


def differences(problem: Problem) -> tuple[Counter[str], list[str]]:
    """What was compared, and what differs."""
    network, domain = problem.network, problem.domain
    reference = generic_point(domain)
    nodes = list(cdd_engine(network, domain, reference))
    leaves = [node for node in nodes if isinstance(node, Leaf)]
    counts = Counter({"networks": 1, f"on a domain of kind {problem.kind}": 1, "regions": len(leaves)})
    failed = list(_of_complex(problem, leaves, counts))
    failed += _of_counts(problem, nodes, len(leaves))
    failed += _of_trees(problem, nodes, list(lattice_tree_engine(network, domain, reference)))
    return counts, failed


def _of_complex(problem: Problem, leaves: list[Leaf], counts: Counter[str]) -> Iterator[str]:
    try:
        found = lattice_engine(problem.network, problem.domain)
    except InputError:
        counts["left to the reference, for lines in cells"] += 1
        return
    patterns = patterns_of(found, problem.network)
    if sorted(patterns) != sorted(leaf.pattern for leaf in leaves):
        yield "activation patterns"
    counts["faces"] += sum(found.f_vector)


def _of_counts(problem: Problem, nodes: Nodes, leaves: int) -> Iterator[str]:
    counted = enumerate_regions(problem.network, problem.domain, "auto")
    reported = Reported(counted.affine_pieces, counted.linear_regions)
    if (counted.activation_regions, reported) != (leaves, nodes[-1]):
        yield "counts"
    if leaves > upper_bound(problem.network):
        yield "more regions than the upper bound"


def _of_trees(problem: Problem, nodes: Nodes, others: Nodes) -> Iterator[str]:
    if list(skeleton(nodes)) != list(skeleton(others)):
        yield "trees"
    for boundary in ("exact", "ignore"):
        lines = certificate_lines(problem.network, problem.domain, Equality(boundary), others)
        if checker.check_lines(list(lines)).kind != "valid":
            yield f"a certificate that is not valid, {boundary}"


# ---------------------------------------------------------------------------------------------- Command


def run(networks: int, seed: int) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    failures = []
    for number, problem in enumerate(random_problems(networks, seed)):
        try:
            compared, failed = differences(problem)
        except Exception as error:  # noqa: BLE001 - whatever a crash raises is a difference
            compared, failed = Counter({"networks": 1}), [f"{type(error).__name__}: {error}"]
        counts += compared
        failures += [f"network {number} of seed {seed}, {problem.kind}: {text}" for text in failed]
    counts["differences"] += len(failures)
    return counts, failures


def print_table(counts: Counter[str], failures: Iterable[str]) -> None:
    for name in sorted(counts):
        print(f"{counts[name]:>10}  {name}")
    for failure in failures:
        print(failure)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    counts, failures = run(options.networks, options.seed)
    print_table(counts, failures)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
