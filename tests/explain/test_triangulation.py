"""Exact volumes of all cells, against the tests' own volume, on bodies everybody knows, and in sum."""

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import CUBE, EXAMPLES, PLANE, STRIP, WEDGE, example_leaves
from tests.regions.volume import volume as reference
from tests.strategies import boxes, networks
from verishallow.errors import DomainError
from verishallow.explain import cell_volumes, volume
from verishallow.explain.linear_algebra import total
from verishallow.explain.summary import by_layers
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.cell_tree import Pattern
from verishallow.regions.lattice_engine import lattice_engine


def is_bounded(domain: Polyhedron) -> bool:
    return not domain.v_representation.rays and not domain.v_representation.lines


BOUNDED = [name for name, example in EXAMPLES.items() if is_bounded(example.domain)]
OCTAHEDRON = Polyhedron.of([[1, a, b, c] for a in (1, -1) for b in (1, -1) for c in (1, -1)])
CROSS_POLYTOPE = Polyhedron.of([[1, a, b, c, d] for a in (1, -1) for b in (1, -1) for c in (1, -1) for d in (1, -1)])


def by_pattern(network: ReLUNetwork, domain: Polyhedron) -> dict[Pattern, mpq]:
    found = lattice_engine(network, domain)
    patterns = [by_layers(network, pattern) for pattern in (found.patterns > 0).tolist()]
    return dict(zip(patterns, cell_volumes(found), strict=True))


@pytest.mark.parametrize("name", BOUNDED)
def test_every_region_has_the_volume_of_its_polytope(name: str) -> None:
    example = EXAMPLES[name]
    expected = {leaf.pattern: reference(leaf.cell.polyhedron) for leaf in example_leaves(name)}
    assert by_pattern(example.network, example.domain) == expected


@given(st.integers(1, 3).flatmap(lambda n: st.tuples(networks(n, most_neurons=6), boxes(n))))
@settings(max_examples=30, deadline=None)
def test_the_regions_fill_the_domain(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    network, box = problem
    assert total(by_pattern(network, box).values()) == reference(box)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (Polyhedron.box([(0, 1)]), 1),
        (Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, -1]]), "1/2"),
        (OCTAHEDRON, "4/3"),
        (CROSS_POLYTOPE, "2/3"),
        (CUBE, 10),
        (Polyhedron.box([("1/3", "1/2")] * 5), mpq(1, 6**5)),
        (Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, 0], [1, 0, -1], [2, -1, -1], [0, 2, 0]]), 1),
    ],
)
def test_known_bodies(body: Polyhedron, expected: object) -> None:
    assert volume(body) == mpq(expected)


@pytest.mark.parametrize("domain", [PLANE, WEDGE, STRIP])
def test_an_unbounded_domain_has_no_volume(domain: Polyhedron) -> None:
    with pytest.raises(DomainError, match="expected a bounded domain"):
        volume(domain)


def test_sums_of_neighbours() -> None:
    assert [total(mpq(1, k) for k in range(1, n + 1)) for n in (0, 1, 2, 3, 6)] == [
        0,
        1,
        mpq(3, 2),
        mpq(11, 6),
        mpq(49, 20),
    ]
