"""Counting regions without a proof, and how far the search was pruned."""

from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np

from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Engine, Leaf, Reported
from verishallow.regions.choice import best_engine
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.components import components_of
from verishallow.regions.composition import composed_forms
from verishallow.regions.integer_network import IntegerNetwork
from verishallow.regions.lattice_engine import Watch, lattice_engine
from verishallow.regions.sharded import lattice_tree_engine
from verishallow.regions.tree_engine import tree_engine

ENGINES: dict[str, Engine] = {"lattice": lattice_tree_engine, "tree": tree_engine, "cdd": cdd_engine}
"""The engines that build cell trees for proofs, by name."""

TREES: dict[str, Engine] = {"tree": tree_engine, "cdd": cdd_engine}
"""The engines that find cells one by one and build no complex."""

BLOCK = 4096
"""The number of cells whose affine maps are composed at once."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """The three counts and, if the whole complex is known, its f-vector and Euler characteristic."""

    activation_regions: int
    affine_pieces: int
    linear_regions: int
    f_vector: tuple[int, ...] | None
    euler_characteristic: int | None
    engine: str


def enumerate_regions(
    network: ReLUNetwork, domain: Polyhedron, engine: str = "auto", watch: Watch | None = None
) -> Enumeration:
    """Count the regions of a network on a full-dimensional domain, exactly and without a proof.

    >>> network = ReLUNetwork.of([([[1, 0], [0, 1], [1, 1]], [0, 0, -1]), ([[1, 1, 1]], [0])])
    >>> enumerate_regions(network, Polyhedron.whole_space(2)).f_vector
    (3, 9, 7)
    """
    chosen = engine_named(engine, network.inputs)
    if chosen in TREES:
        return _by_tree(network, domain, chosen, watch)
    try:
        return _by_lattice(network, domain, watch)
    except InputError:
        if engine == "lattice":
            raise
        return _by_tree(network, domain, "cdd", watch)


def upper_bound(network: ReLUNetwork) -> int:
    """The best known upper bound of the number of regions (arXiv 1711.02114); skip connections weaken it.

    >>> upper_bound(ReLUNetwork.of([([[1], [2]], [0, 1]), ([[1, 1]], [0])]))
    3
    """
    widths = [layer.width for layer in network.hidden]
    chain = all(layer.reads == (number,) for number, layer in enumerate(network.layers))

    @cache
    def below(layer: int, dimension: int) -> int:
        if layer == len(widths):
            return 1
        width = widths[layer]
        return sum(
            comb(width, off) * below(layer + 1, min(dimension, width - off) if chain else dimension)
            for off in range(min(dimension, width) + 1)
        )

    return below(0, network.inputs)


def _by_tree(network: ReLUNetwork, domain: Polyhedron, engine: str, watch: Watch | None) -> Enumeration:
    neurons = sum(layer.width for layer in network.hidden)
    leaves, reported = 0, Reported(0, 0)
    for node in TREES[engine](network, domain, generic_point(domain)):
        if isinstance(node, Leaf):
            leaves += 1
            if watch is not None and neurons:
                watch(0, neurons, leaves)
        reported = node if isinstance(node, Reported) else reported
    return Enumeration(leaves, reported.affine_pieces, reported.linear_regions, None, None, engine)


def _by_lattice(network: ReLUNetwork, domain: Polyhedron, watch: Watch | None) -> Enumeration:
    found = lattice_engine(network, domain, watch)
    maps = affine_map_numbers(network, found)
    one, other = found.neighbours().T
    same = maps[one] == maps[other]
    _, linear = components_of(found.cells, zip(one[same].tolist(), other[same].tolist(), strict=True))
    pieces = len(np.unique(maps))
    return Enumeration(found.cells, pieces, linear, found.f_vector, found.euler_characteristic, "lattice")


def affine_map_numbers(network: ReLUNetwork, found: PolyhedralComplex) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each cell a number that identifies its affine map."""
    integers, numbers, names = IntegerNetwork.of(network), dict[tuple[int, ...], int](), list[int]()
    for start in range(0, found.cells, BLOCK):
        forms = composed_forms(integers, found.patterns[start : start + BLOCK] > 0, len(network.layers) - 1)
        for rows in forms.reshape(len(forms), -1).tolist():
            names.append(numbers.setdefault(tuple(rows), len(numbers)))
    return np.array(names, dtype=np.int64)


def engine_named(engine: str, inputs: int) -> str:
    """The engine with this name; "auto" chooses the best one for this number of inputs."""
    if engine not in ("auto", *ENGINES):
        raise InputError(f"engine: expected one of auto, {', '.join(ENGINES)}, found {engine!r}")
    return best_engine(inputs) if engine == "auto" else engine
