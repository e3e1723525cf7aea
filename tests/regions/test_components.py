"""Disjoint sets: merged, grown and numbered."""

from hypothesis import given
from hypothesis import strategies as st

from verishallow.regions.components import Components, components_of


@given(st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2)))))
def test_numbers_are_those_of_the_connected_components(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    size, pairs = drawn
    numbers, count = components_of(size, pairs)
    reached = [{member} for member in range(size)]
    for _ in range(size):
        for one, other in pairs:
            together = reached[one] | reached[other]
            reached = [together if together & each else each for each in reached]
    assert [[numbers[i] == numbers[j] for j in range(size)] for i in range(size)] == [
        [j in reached[i] for j in range(size)] for i in range(size)
    ]
    # In the order of their first members.
    assert list(dict.fromkeys(numbers)) == list(range(count))


def test_sets_that_grow_keep_what_was_merged() -> None:
    sets = Components(2)
    sets.merge(0, 1)
    assert sets.grow(2) == 2
    assert sets.grow(0) == 4
    sets.merge(3, 1)
    assert sets.count() == 2
    assert sets.numbers() == ([0, 0, 1, 0], 2)
