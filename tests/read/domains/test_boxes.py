"""Domains that are boxes."""

import pytest

from verishallow.polyhedron import Polyhedron
from verishallow.rationals import vector
from verishallow.read.domains.boxes import box_of


def test_a_box_is_recognised_in_any_order_and_scale() -> None:
    rows = Polyhedron.of([[3, 0, -1], [1, 2, 0], [0, 0, 5], [3, -1, 0]]).inequalities
    assert box_of(rows, 2) == [tuple(vector(["-1/2", 3])), tuple(vector([0, 3]))]


@pytest.mark.parametrize(
    "rows",
    [
        [[1, 1], [1, 2]],
        [[1, 1]],
        [[1, 1], [1, -1], [2, 1]],
        [[1, 1, 0], [1, -1, 0], [1, 1, 1], [1, 0, -1]],
        [[1, 0], [1, 1]],
    ],
    ids=["two lower bounds", "no upper bound", "one bound too many", "a row of two inputs", "a row of no input"],
)
def test_other_rows_are_no_box(rows: list[list[int]]) -> None:
    domain = Polyhedron.of(rows)
    assert box_of(domain.inequalities, domain.dimension) is None
