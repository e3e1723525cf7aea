"""Rows that are appended in parts against all of them joined at once."""

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from verishallow.regions.growing_rows import GrowingRows

parts = st.lists(st.lists(st.tuples(st.integers(-9, 9), st.integers(10**20, 10**21)), max_size=7), min_size=1)


@given(parts)
def test_appended_rows_are_joined_rows(given_parts: list[list[tuple[int, int]]]) -> None:
    arrays = [np.array(part, dtype=object).reshape(-1, 2) for part in given_parts]
    growing = GrowingRows(arrays[0])
    found = [growing.rows.tolist(), *(growing.append(array).tolist() for array in arrays[1:])]
    assert found == list(accumulate(array.tolist() for array in arrays))
    assert growing.rows.tolist() == found[-1]


def test_writing_into_the_rows_is_kept_when_more_are_appended() -> None:
    growing = GrowingRows(np.zeros((2, 1), np.int8))
    for length in range(3, 40):
        growing.rows[:, 0] = length
        rows = growing.append(np.zeros((1, 1), np.int8))
        assert rows[:, 0].tolist() == [length] * (length - 1) + [0]
