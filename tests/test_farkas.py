"""Farkas certificates: the identity, the signs, and nothing else."""

from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import forms, points, rationals
from verishallow.affine import AffineForm
from verishallow.errors import ProofError
from verishallow.farkas import FarkasCertificate
from verishallow.polyhedron import Polyhedron

QUADRANT = [AffineForm.of([0, 1, 0]), AffineForm.of([0, 0, 1]), AffineForm.of([4, -1, -1])]


def certificate(*pairs: tuple[int, Any]) -> FarkasCertificate:
    return FarkasCertificate(tuple((index, mpq(multiplier)) for index, multiplier in pairs))


@pytest.mark.parametrize(
    ("form", "pairs", "equations", "bound"),
    [
        ([5, 2, 1], [(0, 2), (1, 1)], (), 5),
        ([7, 0, 0], [], (), 7),
        ([-1, 0, 0], [], (), -1),
        ([0, -1, 0], [(1, 1), (2, 1)], (), -4),
        (["1/3", 0, "1/2"], [(1, "1/2")], (), "1/3"),
        ([4, -1, 0], [(1, 1), (2, 1)], (), 0),
        ([4, 0, -1], [(0, 1), (2, 1)], (0,), 0),
        ([4, -2, -1], [(0, -1), (2, 1)], (0,), 0),
        ([1, -3, 2], [(0, -3), (1, 2)], (0, 1), 1),
    ],
)
def test_the_bound_is_what_the_identity_leaves(
    form: list[Any], pairs: list[Any], equations: tuple[int, ...], bound: Any
) -> None:
    reason = certificate(*pairs)
    assert reason.lower_bound(AffineForm.of(form), QUADRANT, equations) == mpq(bound)
    assert reason.support() == {index for index, _ in pairs}


@pytest.mark.parametrize(
    ("form", "pairs", "equations", "fragment"),
    [
        ([5, 2, 1], [(0, 2)], (), "the multipliers do not reproduce"),
        ([5, 2, 1], [(0, 2), (1, "1000000000000001/1000000000000000")], (), "do not reproduce"),
        ([0, -1, 0], [(0, -1)], (), "multiplier -1 of inequality 0 is negative"),
        ([0, -1, 0], [(0, -1)], (1, 2), "multiplier -1 of inequality 0 is negative"),
        ([4, -2, -1], [(0, -1), (2, 1)], (2,), "is negative"),
    ],
)
def test_a_wrong_certificate_is_refused(
    form: list[Any], pairs: list[Any], equations: tuple[int, ...], fragment: str
) -> None:
    with pytest.raises(ProofError, match=fragment):
        certificate(*pairs).lower_bound(AffineForm.of(form), QUADRANT, equations)


@given(st.data())
def test_a_bound_holds_wherever_the_constraints_do(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    constraints = data.draw(st.lists(forms(n), min_size=1, max_size=4))
    multipliers = data.draw(st.lists(rationals.map(abs), min_size=len(constraints), max_size=len(constraints)))
    slack, at = data.draw(rationals), data.draw(points(n))
    form = _combination(constraints, multipliers, slack)
    bound = certificate(*enumerate(multipliers)).lower_bound(form, constraints)
    assert bound == slack
    assert form(at) >= bound or not Polyhedron(n, tuple(constraints)).contains(at)


def _combination(constraints: list[AffineForm], multipliers: list[mpq], slack: mpq) -> AffineForm:
    total = AffineForm.of([slack] + [0] * constraints[0].dimension)
    for constraint, multiplier in zip(constraints, multipliers, strict=True):
        total += constraint.scaled(multiplier)
    return total
