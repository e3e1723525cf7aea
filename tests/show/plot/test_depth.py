"""The order from back to front: along every line of sight a cell comes after those behind it."""

import random

import pytest
from gmpy2 import mpq

from tests.benchmarks.networks import Case
from verishallow.rationals import Vector
from verishallow.show.plot.cells import Cells, cells_of
from verishallow.show.plot.depth import back_to_front, determinant
from verishallow.show.plot.frame import frame_of

AWAY = {2: (mpq(-3), mpq(4)), 3: (mpq(-3), mpq(4), mpq(-2))}


def cells(name: str) -> Cells:
    case = Case(name)
    return cells_of(case.network, case.polyhedron, frame_of(case.network, case.polyhedron))


def crossed(found: Cells, network_case: Case, start: Vector, away: Vector) -> list[int]:
    """The cells that a line of sight crosses, nearest first, by the patterns in the middle of each part of it."""
    numbers = {cell.pattern: number for number, cell in enumerate(found.cells)}
    steps = [mpq(k, 400) for k in range(-800, 801)]
    places = [tuple(a + t * d for a, d in zip(start, away, strict=True)) for t in steps]
    inside = [place for place in places if network_case.polyhedron.contains_strictly(place)]
    patterns = [network_case.network.pattern_at(place) for place in inside]
    return list(dict.fromkeys(numbers[pattern] for pattern in patterns if pattern in numbers))


@pytest.mark.parametrize("name", ["2-8-8-1", "3-6-5-1"])
def test_no_cell_is_drawn_over_one_before_it(name: str) -> None:
    case, found = Case(name), cells(name)
    away = AWAY[case.inputs]
    order = back_to_front(found, away)
    assert sorted(order) == list(range(len(found.cells)))
    rank = {number: place for place, number in enumerate(order)}
    rng, longest = random.Random(3), 0
    for _ in range(12):
        start = tuple(mpq(rng.randint(-90, 90), 97) for _ in range(case.inputs))
        ranks = [rank[number] for number in crossed(found, case, start, away)]
        assert ranks == sorted(ranks, reverse=True)
        longest = max(longest, len(ranks))
    assert longest > 4


def test_a_determinant_of_three_rows() -> None:
    rows = [(mpq(2), mpq(0), mpq(1)), (mpq(1), mpq(3), mpq(-1)), (mpq(0), mpq(5), mpq(4))]
    assert determinant(rows) == 2 * (12 + 5) + (5 - 0)
