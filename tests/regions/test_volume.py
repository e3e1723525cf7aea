"""The tests' own volume, on bodies whose volume everybody knows."""

from typing import Any

import pytest
from gmpy2 import mpq

from tests.examples import CUBE, SQUARE, TRIANGLE, UNIT_INTERVAL
from tests.regions.volume import volume
from verishallow.polyhedron import Polyhedron

OCTAHEDRON = Polyhedron.of([[1, a, b, c] for a in (1, -1) for b in (1, -1) for c in (1, -1)])
SIMPLEX = Polyhedron.of([[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, -1, -1, -1]])
HEXAGON = Polyhedron.of([[1, 1, 0], [1, -1, 0], [1, 0, 1], [1, 0, -1], [1, 1, -1], [1, -1, 1]])
REDUNDANT = Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, 0], [1, 0, -1], [2, -1, -1], [0, 2, 0]])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (UNIT_INTERVAL, 1),
        (SQUARE, 16),
        (TRIANGLE, "1/2"),
        (CUBE, 10),
        (HEXAGON, 3),
        (SIMPLEX, "1/6"),
        (OCTAHEDRON, "4/3"),
        (REDUNDANT, 1),
    ],
)
def test_known_volumes(body: Polyhedron, expected: Any) -> None:
    assert volume(body) == mpq(expected)
