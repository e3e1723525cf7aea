"""Counterfactuals, against the nearest point of every region, one by one."""

from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import ABSOLUTE_VALUE, MAX_OF_TWO, TWO_OUTPUTS, leaves_of
from tests.explain.test_summary import THREE_CLASSES
from tests.strategies import boxes, networks, points
from verishallow.errors import DomainError, IncompleteError, InputError
from verishallow.explain import Counterfactual, Distances, class_count, classes_at, counterfactual
from verishallow.explain.classes import score_forms
from verishallow.explain.distances import NORMS, Norm, nearest
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.slices import Slice

MODULUS, CLASSIFIER = ReLUNetwork.of(ABSOLUTE_VALUE), ReLUNetwork.of(THREE_CLASSES)
SQUARE = Polyhedron.box([(-1, 1), (-1, 1)])


def brute_force(
    network: ReLUNetwork, start: Vector, to: int, norm: Norm, domain: Polyhedron, on_slice: Slice | None = None
) -> mpq | None:
    """The least distance over all regions that have points where the class wins strictly."""
    explored, distances = on_slice.restricted(network) if on_slice else network, []
    for leaf in leaves_of(explored, domain):
        forms = score_forms(leaf.affine_map)
        ahead = [forms[to] - form for number, form in enumerate(forms) if number != to]
        cell = leaf.cell.polyhedron
        part = Polyhedron(cell.dimension, (*cell.inequalities, *ahead)).normalised()
        vertices = part.v_representation
        inside = vertices.relative_interior_point()
        if inside is not None and all(form(inside) > 0 for form in ahead):
            found = nearest(start, part, norm, on_slice.affine_map if on_slice else None)
            assert found is not None
            distances.append(found.distance)
    return min(distances, default=None)


def holds(found: Counterfactual, network: ReLUNetwork, domain: Polyhedron | None = None) -> None:
    apart = Distances.between(found.point, found.start)
    assert found.distance == {"l1": apart.l1, "l2": apart.l2_squared, "linf": apart.linf}[found.norm]
    assert found.output == network(found.point)
    assert found.to in found.classes == classes_at(network, found.point)
    assert domain is None or domain.contains(found.point)


@given(st.integers(1, 3).flatmap(lambda n: st.tuples(networks(n, most_neurons=6), boxes(n), points(n))), st.data())
@settings(max_examples=50, deadline=None)
def test_no_region_has_a_nearer_point(problem: tuple[ReLUNetwork, Polyhedron, Vector], data: st.DataObject) -> None:
    network, box, start = problem
    norm = data.draw(st.sampled_from(NORMS))
    to = data.draw(st.integers(0, class_count(network) - 1))
    found, expected = counterfactual(network, start, to, norm, box), brute_force(network, start, to, norm, box)
    assert (None if found is None else found.distance) == expected
    if found is not None:
        holds(found, network, box)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("to", [0, 1, 2])
def test_three_classes_in_the_whole_plane(norm: Norm, to: int) -> None:
    start = (mpq(1, 3), mpq(-1, 5))
    found = counterfactual(CLASSIFIER, start, to, norm)
    assert found is not None
    holds(found, CLASSIFIER)
    assert found.distance == brute_force(CLASSIFIER, start, to, norm, Polyhedron.whole_space(2))


def test_what_is_far_away_is_not_looked_at() -> None:
    wide = ReLUNetwork.of([([[1]] * 20, [-k for k in range(20)]), ([[1] * 20], [-1])])
    found = counterfactual(wide, [0], 1)
    assert found is not None
    # Of 21 regions only those up to the one that begins at the answer.
    assert (found.point, found.search.leaves) == ((1,), 3)


def test_what_was_looked_at_is_not_counted_as_left_out() -> None:
    # Both regions are looked at, and the answer in the other one waits as far away as this one.
    found = counterfactual(MODULUS, [0], 1, margin=2)
    assert found is not None
    assert (abs(found.point[0]), found.search.leaves, found.search.pruned) == (2, 2, 0)


def test_a_point_of_the_class_is_its_own_counterfactual() -> None:
    found = counterfactual(ReLUNetwork.of(TWO_OUTPUTS), [5, 0], 0)
    assert found is not None
    assert (found.point, found.distance, found.classes) == ((5, 0), 0, (0,))


@given(points(2), st.sampled_from(NORMS), st.integers(0, 1))
@settings(max_examples=30, deadline=None)
def test_fixed_features_keep_their_values(start: Vector, norm: Norm, feature: int) -> None:
    found = counterfactual(CLASSIFIER, start, 2, norm, fixed=[feature])
    rows = [[start[0], 0], [0, 1]] if feature == 0 else [[0, 1], [start[1], 0]]
    line = Slice.of(rows)
    expected = brute_force(CLASSIFIER, start, 2, norm, Polyhedron.whole_space(1), line)
    assert (None if found is None else found.distance) == expected
    if found is not None:
        holds(found, CLASSIFIER)
        assert found.point[feature] == start[feature]


def test_bounded_features_stay_in_their_intervals() -> None:
    start = (mpq(1, 3), mpq(-1, 5))
    free = counterfactual(CLASSIFIER, start, 2, "linf", SQUARE)
    bounded = counterfactual(CLASSIFIER, start, 2, "linf", SQUARE, bounds={1: ("-1/4", "0")})
    narrowed = Polyhedron.box([(-1, 1), ("-1/4", 0)])
    assert free is not None
    assert (None if bounded is None else bounded.distance) == brute_force(CLASSIFIER, start, 2, "linf", narrowed)
    assert bounded is None or bounded.distance >= free.distance


# -------------------------------------------------------------------------------------- Ties and margins


RECTIFIER = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])


def test_a_tie_is_no_win() -> None:
    # Class 0 wins nowhere: the output is 0 or positive.
    assert counterfactual(RECTIFIER, [3], 0) is None
    found = counterfactual(RECTIFIER, [3], 0, ties=True)
    assert found is not None
    assert (found.point, found.classes) == ((0,), (0, 1))
    # Class 1 ties everywhere on the left, but wins only from 0 on.
    for ties, nearest_point in ((False, 0), (True, -2)):
        again = counterfactual(RECTIFIER, [-2], 1, ties=ties)
        assert again is not None
        assert again.point == (nearest_point,)


def test_a_margin_is_kept() -> None:
    found = counterfactual(RECTIFIER, [-2], 1, margin="1/2")
    assert found is not None
    assert (found.point, found.classes) == ((mpq(1, 2),), (1,))
    assert counterfactual(RECTIFIER, [-2], 1, "l1", "box:-3,1", margin=2) is None
    touched = counterfactual(RECTIFIER, [-2], 1, "linf", "box:-3,2", margin=2)
    assert touched is not None
    assert (touched.point, touched.distance) == ((2,), 4)


def test_equal_scores_never_win() -> None:
    twins = ReLUNetwork.of([([[1], [1]], [0, 0])])
    assert [counterfactual(twins, [3], to) for to in (0, 1)] == [None, None]
    assert [found and found.distance for found in (counterfactual(twins, [3], to, ties=True) for to in (0, 1))] == [
        0,
        0,
    ]


def test_touching_from_outside_is_a_limit_only_where_there_is_a_win() -> None:
    # |x| - 2 is positive outside (-2, 2): from 0 both ends are as near.
    shifted = ReLUNetwork.of([ABSOLUTE_VALUE[0], ([[1, 1]], [-2])])
    found = counterfactual(shifted, [0], 1)
    assert found is not None
    assert (found.distance, abs(found.point[0]), found.classes) == (4, 2, (0, 1))
    assert counterfactual(shifted, [0], 1, domain="box:-2,2") is None
    assert counterfactual(MODULUS, [1], 0) is None


# ---------------------------------------------------------------------------------------------- Domains


def test_parts_and_flat_domains(tmp_path: Any) -> None:
    text = """(declare-const X_0 Real)
(declare-const X_1 Real)
(declare-const Y_0 Real)
(assert (<= X_0 8.0))
(assert (or (and (>= X_0 4.0) (<= X_1 1.0) (>= X_1 1.0)) (and (>= X_0 2.0) (<= X_0 3.0) (<= X_1 -1.0) (>= X_1 -9.0))))
"""
    (tmp_path / "parts.vnnlib").write_text(text)
    difference = ReLUNetwork.of([([[1, 1]], [0]), ([[1]], [-4])])
    found = counterfactual(difference, [0, 0], 1, "l1", str(tmp_path / "parts.vnnlib"))
    assert found is not None
    assert (found.point, found.distance) == ((4, 1), 5)
    other = counterfactual(difference, [0, 0], 0, "linf", str(tmp_path / "parts.vnnlib"))
    assert other is not None
    assert (other.point[0], other.distance) == (2, 2)
    assert -2 <= other.point[1] <= -1


@pytest.mark.parametrize(
    ("options", "error", "fragment"),
    [
        ({"to": 3}, InputError, "class: expected a number from 0 to 2, found 3"),
        ({"to": -1}, InputError, "class: expected a number from 0 to 2, found -1"),
        ({"norm": "l3"}, InputError, "norm: expected one of l1, l2, linf, found 'l3'"),
        ({"margin": -1}, InputError, "margin: expected at least 0, found -1"),
        ({"fixed": [2]}, InputError, "feature: expected a number from 0 to 1, found 2"),
        ({"fixed": [0, 1]}, DomainError, "no point of the domain is left"),
        ({"fixed": [0], "domain": "box:5,6"}, DomainError, "no point of the domain is left"),
        (
            {"fixed": [0], "domain": Polyhedron.of([[0, 1, 1], [0, -1, 1], [0, 0, -1], [9, 1, 0]])},
            DomainError,
            "interior",
        ),
        ({"bounds": {0: (1, 1)}}, InputError, "bounds of feature 0: expected low < high, found 1 and 1"),
        ({"bounds": {0: (3, 4)}, "domain": "box:0,1"}, DomainError, "no point of the domain is left"),
        ({"bounds": {0: (1, 4)}, "domain": "box:0,1"}, DomainError, "the domain is flat"),
        ({"start": [1]}, InputError, "expected 2 coordinates, found 1"),
        ({"most_leaves": 1}, IncompleteError, "more than 1 regions to look at"),
    ],
)
def test_bad_questions(options: dict[str, Any], error: type[Exception], fragment: str) -> None:
    with pytest.raises(error, match=fragment):
        counterfactual(CLASSIFIER, **{"start": [0, 0], "to": 2, **options})


def test_many_inputs() -> None:
    network = ReLUNetwork.of([([[1] * 12, [1, -1] * 6], [-1, 0]), ([[1, 0], [0, 1]], [0, "1/2"])])
    for norm in NORMS:
        found = counterfactual(network, [0] * 12, 0, norm)
        assert found is not None
        holds(found, network)
    # It is not None: its distance says so too.
    assert counterfactual(ReLUNetwork.of(MAX_OF_TWO), [-1, -2], 1, "linf").distance == 1  # type: ignore[union-attr]
