"""Boxes in hundreds of inputs: where no neuron splits them no linear program is solved, and ranges are exact."""

from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq

from verishallow import Bound, OutputBounds, Polyhedron, ReLUNetwork, explain, output_range, prove
from verishallow.errors import RefutedError
from verishallow.explain import local
from verishallow.polyhedron import MANY
from verishallow.regions.box_programs import BoxOfRows
from verishallow.regions.float_program import FloatProgram

INPUTS = MANY + 20


def network(seed: int = 0) -> ReLUNetwork:
    """Random weights of few bits, three layers."""
    draw = np.random.default_rng(seed)
    sizes = [INPUTS, 12, 8, 2]
    layers: list[Any] = []
    for width, read in zip(sizes[1:], sizes, strict=False):
        weight = [[mpq(int(a), 8) for a in row] for row in draw.integers(-8, 9, (width, read))]
        layers.append((weight, [mpq(int(a), 4) for a in draw.integers(-4, 5, width)]))
    return ReLUNetwork.of(layers)


def ball(point: list[mpq], radius: Any) -> Polyhedron:
    return Polyhedron.box([(x - mpq(radius), x + mpq(radius)) for x in point])


POINT = [mpq(7 * i % 11, 16) for i in range(INPUTS)]


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any) -> Any:
        raise AssertionError("a linear program was solved")

    monkeypatch.setattr(FloatProgram, "minimise", refuse)
    monkeypatch.setattr(Polyhedron, "minimise", refuse)
    monkeypatch.setattr(local, "closed_region", refuse)


@pytest.mark.usefixtures("no_programs")
def test_the_range_on_a_small_ball_is_that_of_one_affine_map() -> None:
    found = network()
    radius = mpq(1, 10**5)
    form = found.affine_map_for(found.pattern_at(POINT)).forms[1]
    low, high = (form(POINT) + side * radius * sum(map(abs, form.linear)) for side in (-1, 1))
    domain = ball(POINT, radius)
    assert output_range(found, domain)[1] == Bound(1, low, high)
    certificate = prove(found, domain, claim=OutputBounds(output_range(found, domain)))
    assert certificate.check()
    assert certificate.counts["activation_regions"] == 1


@pytest.mark.usefixtures("no_programs")
def test_a_point_is_explained_with_its_nearest_walls() -> None:
    found = explain(network(), POINT)
    region = found.region
    assert region.affine_map(POINT) == found.output
    assert len(region.nearest_walls(5)) == 5
    distances = [wall.to_hyperplane.l2_squared for wall in region.nearest_walls(len(region.walls))]
    assert distances == sorted(distances)
    assert region.own == network().pattern_at(POINT)


def ramp(bend: Any) -> ReLUNetwork:
    """The positive part of the sum of all inputs less a number, and of its negative."""
    ones = [1] * INPUTS
    return ReLUNetwork.of([([ones, [-1] * INPUTS], [-mpq(bend), mpq(bend)]), ([[1, 0], [1, 1]], [0, 0])])


@pytest.mark.parametrize("bend", ["1/2"])
def test_a_neuron_that_splits_the_box_has_an_exact_range(bend: Any) -> None:
    # The sum of all inputs lies between -n and n: the ramp ends at n - bend, the modulus at the farther end.
    domain = Polyhedron.box([(-1, 1)] * INPUTS)
    expected = (Bound(0, mpq(0), INPUTS - mpq(bend)), Bound(1, mpq(0), INPUTS + abs(mpq(bend))))
    assert output_range(ramp(bend), domain) == expected
    certificate = prove(ramp(bend), domain, claim=OutputBounds(expected))
    assert certificate.check()
    assert certificate.counts["activation_regions"] == 2


def test_a_bound_that_fails_is_refuted_at_a_point_of_the_box() -> None:
    domain = Polyhedron.box([(-1, 1)] * INPUTS)
    with pytest.raises(RefutedError) as found:
        prove(ramp("1/2"), domain, claim=OutputBounds((Bound(0, None, mpq(INPUTS - 1)),)))
    assert domain.contains(found.value.point)
    assert ramp("1/2")(found.value.point)[0] > INPUTS - 1


@pytest.mark.parametrize(
    ("change", "is_box"),
    [
        (lambda rows: rows, True),
        (lambda rows: rows[::-1], True),
        (lambda rows: rows[1:], False),
        (lambda rows: [*rows, rows[0]], False),
        (lambda rows: [rows[1], *rows[1:]], False),
        (lambda rows: [(1, 1, 1, *rows[0][3:]), *rows[1:]], False),
    ],
    ids=["a box", "its rows turned round", "a side less", "a side twice", "a side for another", "an oblique side"],
)
def test_what_is_a_box(change: Any, is_box: bool) -> None:
    rows = [tuple(int(a) for a in form.row) for form in Polyhedron.box([(-1, 1)] * INPUTS).inequalities]
    assert (BoxOfRows.of(change(rows), INPUTS) is not None) == is_box
