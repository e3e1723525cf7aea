"""Operator norms and Lipschitz constants: exact where rational, enclosed and proved where not."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES, each_example, example_leaves
from tests.strategies import rationals
from verishallow.affine import AffineMap
from verishallow.explain.distances import NORMS, Norm
from verishallow.explain.linear_algebra import gram_matrix
from verishallow.explain.operator_norms import largest_eigenvalue, lipschitz, smaller_gram
from verishallow.rationals import vector

ROTATION = AffineMap.of([[7, "3/5", "-4/5"], [0, "4/5", "3/5"]])
GOLDEN = AffineMap.of([[0, 1, 1], [0, 1, 0]])


@st.composite
def matrices(draw: st.DrawFn) -> list[tuple[mpq, ...]]:
    columns = draw(st.integers(1, 4))
    row = st.lists(rationals, min_size=columns, max_size=columns).map(vector)
    return draw(st.lists(row, min_size=1, max_size=4))


@given(matrices())
@settings(max_examples=80, deadline=None)
def test_the_interval_contains_what_floats_compute(rows: list[tuple[mpq, ...]]) -> None:
    found = largest_eigenvalue(smaller_gram(rows))
    square = float(np.linalg.norm(np.array(rows, float), 2)) ** 2
    assert float(found.low) <= square * (1 + 1e-9) + 1e-12
    assert float(found.high) >= square * (1 - 1e-9) - 1e-12
    assert found.high - found.low <= mpq(1, 2**39) * sum(row[i] for i, row in enumerate(gram_matrix(rows)))


@given(matrices())
@settings(max_examples=40, deadline=None)
def test_it_is_the_same_for_rows_and_columns(rows: list[tuple[mpq, ...]]) -> None:
    assume(any(any(row) for row in rows))
    one, other = (largest_eigenvalue(gram_matrix(lines)) for lines in (rows, list(zip(*rows, strict=True))))
    assert max(one.low, other.low) <= min(one.high, other.high)


def test_rational_eigenvalues_are_exact() -> None:
    found = lipschitz([ROTATION], "l2")
    assert (found.constant.low, found.constant.high, found.constant.is_exact) == (1, 1, True)
    assert largest_eigenvalue([vector([2, 0]), vector([0, "7/3"])]).low == mpq(7, 3)
    assert largest_eigenvalue([vector([0, 0]), vector([0, 0])]).is_exact


def test_the_golden_ratio_squared_plus_is_enclosed() -> None:
    found = lipschitz([GOLDEN], "l2").constant
    assert not found.is_exact
    # The largest root of x^2 - 3 x + 1.
    assert found.low**2 - 3 * found.low + 1 < 0 < found.high**2 - 3 * found.high + 1
    assert found.high - found.low < mpq(1, 2**38)


def test_which_regions_attain_it() -> None:
    maps = [AffineMap.of([[0, 1, 0]]), GOLDEN, AffineMap.of([[5, -1, -1], [2, -1, 0]]), ROTATION]
    assert {norm: lipschitz(maps, norm).regions for norm in NORMS} == {"l1": (1, 2), "l2": (1, 2), "linf": (1, 2)}


@each_example
def test_one_output_has_an_exact_constant_that_its_slopes_attain(name: str) -> None:
    maps = [leaf.affine_map for leaf in example_leaves(name)]
    for norm in NORMS:
        found = lipschitz(maps, norm)
        assert found.regions
        if EXAMPLES[name].network.outputs == 1:
            sizes = {
                "l1": lambda a: max(map(abs, a)),
                "l2": lambda a: sum(x * x for x in a),
                "linf": lambda a: sum(map(abs, a)),
            }
            slopes = [sizes[norm](form.linear) for each in maps for form in each.forms]
            assert found.constant.is_exact
            assert found.constant.low == max(slopes)
            assert found.regions == tuple(i for i, slope in enumerate(slopes) if slope == max(slopes))


@pytest.mark.parametrize("norm", ["l1", "linf"])
@given(rows=matrices(), sizes=st.lists(rationals, min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_no_vector_grows_more(norm: Norm, rows: list[tuple[mpq, ...]], sizes: list[mpq]) -> None:
    measure: Callable[[Iterable[mpq]], mpq] = sum if norm == "l1" else max
    direction = sizes[: len(rows[0])]
    image = [sum(a * x for a, x in zip(row, direction, strict=True)) for row in rows]
    constant = lipschitz([AffineMap.of([[0, *row] for row in rows])], norm).constant.low
    assert measure(map(abs, image)) <= constant * measure(map(abs, direction))
