"""Non-negative combinations of rows against exact linear programs: free, dependent and repeated rows."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from flint import fmpq_mat
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import Draw
from verishallow.affine import AffineForm, rank
from verishallow.polyhedron import Polyhedron
from verishallow.regions.cone import MOST_TRIED, Basis, Multipliers, combination

Rows = Sequence[tuple[int, ...]]


def sum_of(multipliers: Multipliers, rows: Rows, dimension: int) -> tuple[mpq, ...]:
    return tuple(sum((value * rows[i][k] for i, value in multipliers), mpq(0)) for k in range(dimension))


def assert_combination(found: Multipliers, target: tuple[int, ...], rows: Rows, free: frozenset[int]) -> None:
    assert sum_of(found, rows, len(target)) == target
    assert all(value > 0 or (value and i in free) for i, value in found)
    used = [i for i, _ in found]
    assert used == sorted(set(used))
    assert rank([tuple(map(mpq, rows[i])) for i in used]) == len(used)


def exists(target: tuple[int, ...], rows: Rows, free: frozenset[int]) -> bool:
    """Farkas: there is one just when the target is non-negative wherever the rows are, and the free ones are 0."""
    domain = Polyhedron(len(target), tuple(AffineForm.of((0, *row)) for row in rows))
    return domain.minimise(AffineForm.of((0, *target)), sorted(free)).value == 0


@st.composite
def cases(draw: Draw) -> tuple[tuple[int, ...], Rows, frozenset[int]]:
    """A target, rows around which it lies more often than by chance, and which rows are free."""
    dimension = draw(st.integers(1, 5))
    row = st.tuples(*[st.integers(-2, 2)] * dimension).filter(any)
    rows = draw(st.lists(row, max_size=dimension + 3))
    free = frozenset(draw(st.sets(st.integers(0, len(rows) - 1), max_size=2))) if rows else frozenset[int]()
    if rows and draw(st.booleans()):
        factors = draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
        return tuple(sum(f * r[k] for f, r in zip(factors, rows, strict=True)) for k in range(dimension)), rows, free
    return draw(st.tuples(*[st.integers(-3, 3)] * dimension)), rows, free


@given(cases())
@settings(max_examples=400, deadline=None)
def test_a_combination_is_found_just_when_there_is_one(
    case: tuple[tuple[int, ...], Rows, frozenset[int]],
) -> None:
    target, rows, free = case
    found = combination(target, rows, free)
    assert (found is not None) == exists(target, rows, free)
    if found is not None:
        assert_combination(found, target, rows, free)


@pytest.mark.parametrize(
    ("target", "rows", "free", "expected"),
    [
        ((0, 0), [], (), ()),
        ((0, 0), [(1, 0)], (), ()),
        ((5,), [(2,)], (), ((0, "5/2"),)),
        ((-5,), [(2,)], (), None),
        ((-5,), [(2,)], (0,), ((0, "-5/2"),)),
        ((1, 1), [(1, 0), (0, 1)], (), ((0, 1), (1, 1))),
        ((2, 0), [(1, 0), (0, 1)], (), ((0, 2),)),
        ((1, -1), [(1, 0), (0, 1)], (), None),
        ((1, -1), [(1, 0), (0, 1)], (1,), ((0, 1), (1, -1))),
        ((1, 0), [(1, 1), (2, 2)], (), None),
        ((3, 3), [(1, 1), (2, 2)], (), ((0, 3),)),
        ((1, 0), [], (), None),
        ((0, 0, 1), [(1, 0, 1), (-1, 0, 1), (0, 1, 1), (0, -1, 1)], (), ((0, "1/2"), (1, "1/2"))),
        ((2, 0, 2), [(1, 0, 1), (-1, 0, 1), (0, 1, 1), (0, -1, 1)], (), ((0, 2),)),
        ((4, 6, 9), [(2, 3, 0), (0, 0, 3)], (), ((0, 2), (1, 3))),
        ((4, 6, 9), [(2, 3, 0), (0, 1, 3)], (), None),
    ],
)
def test_combinations_by_hand(
    target: tuple[int, ...], rows: Rows, free: tuple[int, ...], expected: tuple[tuple[int, str], ...] | None
) -> None:
    found = combination(target, rows, free)
    assert found == (expected if expected is None else tuple((i, mpq(value)) for i, value in expected))


@pytest.mark.parametrize("dimension", range(1, 6))
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_basis_is_solved_once_for_all_targets(dimension: int, data: st.DataObject) -> None:
    row = st.tuples(*[st.integers(-3, 3)] * dimension)
    rows = data.draw(st.lists(row, min_size=dimension, max_size=dimension))
    target, scale = data.draw(row), data.draw(st.integers(1, 6))
    numbers = list(range(10, 10 + dimension))
    basis = Basis.of(numbers, rows)
    independent = rank([tuple(map(mpq, row)) for row in rows]) == dimension
    assert (basis is not None) == independent
    if basis is not None:
        found = [mpq(value, basis.size * scale) for value in basis.coefficients(target)]
        expected = [form / scale for form in solved(target, rows)]
        assert basis.numbers == tuple(numbers)
        assert found == expected
        short = combination(target, rows)
        assert (short is None) == (min(found) < 0)
        assert short is None or short == tuple((i, value * scale) for i, value in enumerate(found) if value)


def solved(target: tuple[int, ...], rows: Rows) -> list[mpq]:
    """The coefficients of a target in a basis, by another library."""
    columns = fmpq_mat([[int(row[k]) for row in rows] for k in range(len(target))])
    solution = columns.solve(fmpq_mat([[int(a)] for a in target]))
    return [mpq(int(entry.p), int(entry.q)) for (entry,) in solution.tolist()]


def test_a_basis_of_large_numbers() -> None:
    size = 10**50
    basis = Basis.of(range(4), [[size if i == j else 1 for j in range(4)] for i in range(4)])
    assert basis is not None
    target = [size + 3] * 4
    assert [mpq(value, 7 * basis.size) for value in basis.coefficients(target)] == [mpq(1, 7)] * 4
    assert max(basis.coefficients([-a for a in target])) < 0


def test_too_many_rows_are_not_tried_for_ever() -> None:
    # The four rows that span the target come last, behind more sets than are tried.
    far = [(1, k, k * k, k**3) for k in range(1, 26)]
    rows = [*far, (-1, 0, 0, 0), (0, -1, 0, 0), (0, 0, -1, 0), (0, 0, 0, -1)]
    assert len(list(combinations(rows, 4))) > MOST_TRIED
    target = (-1, -2, -3, -4)
    assert exists(target, rows, frozenset())
    assert combination(target, rows) is None
    assert combination(target, rows[-4:]) == tuple((i, mpq(i + 1)) for i in range(4))
