"""Properties written in Python."""

from collections.abc import Callable
from typing import Any

import pytest

from verishallow.errors import InputError
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.expressions import property_where, variables

(X, Z), (Y,) = variables(2, 1)


def test_comparisons_are_rows() -> None:
    rows: list[tuple[Any, list[Any]]] = [
        (Y >= 2, [-2, 0, 0, 1]),
        (Y < X / 2, [0, "1/2", 0, -1]),
        (3 - Z > Y, [3, 0, -1, -1]),
        (Z <= 2 * X, [0, 2, -1, 0]),
    ]
    for condition, row in rows:
        (part,) = condition.parts
        assert part.forms == Conjunction.of([row]).forms
    assert [part.strict for condition, _ in rows for part in condition.parts] == [(), (0,), (0,), ()]


def test_unions_and_intersections() -> None:
    both = ((Y >= 1) | (X > 0)) & Z.equals(0)
    assert [(len(part.forms), part.strict) for part in both.parts] == [(3, ()), (3, (0,))]
    assert [part.strict for part in Y.differs(X).parts] == [(0,), (0,)]


def test_the_domain_is_about_inputs() -> None:
    found = property_where(Y > 1, domain=(X >= 0) & (Z < 1))
    assert found.domain == Conjunction.of([[0, 1, 0], [1, 0, -1]], strict=[1])


@pytest.mark.parametrize(
    ("made", "says"),
    {
        "an output in the domain": (lambda: property_where(Y > 1, domain=Y < 2), "found an output"),
        "a union as domain": (lambda: property_where(Y > 1, domain=(X > 1) | (X < 0)), "expected one conjunction"),
        "a product": (lambda: X * Y, "not linear"),
        "a division by 0": (lambda: X / 0, "other than 0"),
        "and, not &": (lambda: (X > 1) and (Y > 1), "neither true nor false"),
        "a chain": (lambda: 0 < X < 1, "neither true nor false"),
        "other variables": (lambda: X + variables(1, 1)[0][0], "the same variables"),
        "not a number": (lambda: float("inf") > X, "expected a finite number, found inf"),
    }.values(),
)
def test_what_is_no_property_is_refused(made: Callable[[], Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        made()
