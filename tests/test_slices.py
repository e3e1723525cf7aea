"""Slices: the laws of restricting, pulling back and composing, on networks that read their inputs anywhere."""

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import MAX_OF_TWO, READS_INPUT_AND_TWO, RESIDUAL
from tests.strategies import domains, forms, networks, points, rationals
from verishallow.affine import AffineForm
from verishallow.errors import DomainError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.slices import Slice, affine_hull


@st.composite
def slices(draw: st.DrawFn, inputs: int, most_parameters: int = 3) -> Slice:
    """Any affine map into this many inputs: injective ones, projections, constants."""
    parameters = draw(st.integers(1, most_parameters))
    row = st.lists(rationals, min_size=parameters + 1, max_size=parameters + 1)
    return Slice.of(draw(st.lists(row, min_size=inputs, max_size=inputs)))


# -------------------------------------------------------------------------------------------- Restricting


@given(st.data())
def test_a_restricted_network_is_the_network_after_the_affine_map(data: st.DataObject) -> None:
    network = data.draw(networks())
    on_slice = data.draw(slices(network.inputs))
    restricted = on_slice.restricted(network)
    for parameters in data.draw(st.lists(points(on_slice.parameters), min_size=3, max_size=3)):
        assert restricted(parameters) == network(on_slice.affine_map(parameters))
        assert restricted.pattern_at(parameters) == network.pattern_at(on_slice.affine_map(parameters))


@given(st.data())
def test_restricting_keeps_every_layer_and_what_it_reads(data: st.DataObject) -> None:
    network = data.draw(networks())
    restricted = data.draw(slices(network.inputs)).restricted(network)
    assert restricted.widths[1:] == network.widths[1:]
    assert [layer.reads for layer in restricted.layers] == [layer.reads for layer in network.layers]


@pytest.mark.parametrize("layers", [MAX_OF_TWO, RESIDUAL, READS_INPUT_AND_TWO])
def test_layers_that_read_the_input_again_are_restricted_too(layers: tuple[tuple[object, ...], ...]) -> None:
    network = ReLUNetwork.of(layers)
    n = network.inputs
    on_slice = Slice.of([[i - 2, i + 1, mpq(-1, 3)] for i in range(n)])
    for a, b in ((0, 0), (1, -2), (mpq(-7, 2), 5), (100, mpq(1, 9))):
        assert on_slice.restricted(network)([a, b]) == network(on_slice.affine_map([a, b]))


@given(st.data())
def test_a_slice_of_a_slice_restricts_twice(data: st.DataObject) -> None:
    network = data.draw(networks())
    outer = data.draw(slices(network.inputs))
    inner = data.draw(slices(outer.parameters, 2))
    both = outer.after(inner)
    assert both.restricted(network) == inner.restricted(outer.restricted(network))
    for parameters in data.draw(st.lists(points(inner.parameters), min_size=3, max_size=3)):
        assert both.affine_map(parameters) == outer.affine_map(inner.affine_map(parameters))


def test_a_network_of_other_inputs_is_refused() -> None:
    with pytest.raises(NetworkError, match="slice: expected a network with 3 inputs, found 2"):
        Slice.line([0, 0, 0], [1, 0, 0]).restricted(ReLUNetwork.of(MAX_OF_TWO))


# ---------------------------------------------------------------------------------------------- Preimages


@given(st.data())
@settings(deadline=None)
def test_a_preimage_holds_just_the_parameters_of_its_points(data: st.DataObject) -> None:
    inputs = data.draw(st.integers(1, 3))
    domain, on_slice = data.draw(domains(inputs)), data.draw(slices(inputs))
    preimage = on_slice.preimage(domain)
    assert preimage.dimension == on_slice.parameters
    for parameters in data.draw(st.lists(points(on_slice.parameters), min_size=4, max_size=4)):
        point = on_slice.affine_map(parameters)
        assert preimage.contains(parameters) == domain.contains(point)
        assert preimage.contains_strictly(parameters) == domain.contains_strictly(point)


def test_the_preimage_of_all_of_space_is_all_of_space() -> None:
    assert Slice.line([0, 0], [1, 1]).preimage(Polyhedron.whole_space(2)) == Polyhedron.whole_space(1)


@given(st.data())
def test_a_form_is_pulled_back_to_its_values(data: st.DataObject) -> None:
    inputs = data.draw(st.integers(1, 3))
    on_slice, some = data.draw(slices(inputs)), data.draw(st.lists(forms(inputs), max_size=3))
    pulled = on_slice.pulled_back(some)
    for parameters in data.draw(st.lists(points(on_slice.parameters), min_size=2, max_size=2)):
        assert [form(parameters) for form in pulled] == [form(on_slice.affine_map(parameters)) for form in some]


# ---------------------------------------------------------------------------------------- Lines and planes


@given(st.data())
def test_a_line_has_its_points_at_0_and_1(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 4))
    start, end = data.draw(points(n)), data.draw(points(n))
    if start == end:
        with pytest.raises(DomainError, match="points that span it, found P = Q"):
            Slice.line(start, end)
        return
    line = Slice.line(start, end)
    assert (line.inputs, line.parameters) == (n, 1)
    assert (line.affine_map([0]), line.affine_map([1])) == (start, end)
    assert line.affine_map(["1/2"]) == tuple((a + b) / 2 for a, b in zip(start, end, strict=True))


@given(st.data())
def test_a_plane_has_its_points_at_the_corners(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 4))
    origin, first, second = (data.draw(points(n)) for _ in "PQR")
    sides = [tuple(b - a for a, b in zip(origin, corner, strict=True)) for corner in (first, second)]
    independent = any(sides[0][i] * sides[1][j] != sides[0][j] * sides[1][i] for i in range(n) for j in range(n))
    if not independent:
        with pytest.raises(DomainError, match="points that span it, found three on a line"):
            Slice.plane(origin, first, second)
        return
    plane = Slice.plane(origin, first, second)
    assert (plane.inputs, plane.parameters) == (n, 2)
    assert [plane.affine_map(corner) for corner in ([0, 0], [1, 0], [0, 1])] == [origin, first, second]


def test_points_of_several_dimensions_are_refused() -> None:
    with pytest.raises(DomainError, match=r"slice: expected points of one dimension, found \[2, 2, 3\]"):
        Slice.plane([0, 0], [1, 0], [0, 1, 0])


# ------------------------------------------------------------------------------------------ Affine hulls


@given(st.data())
def test_an_affine_hull_is_just_where_the_forms_vanish(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 4))
    equations = data.draw(st.lists(forms(n), min_size=1, max_size=4))
    hull = affine_hull(equations, n)
    if hull is None:
        dimension = Polyhedron(n, tuple(side for form in equations for side in (form, -form))).affine_dimension()
        assert dimension <= 0
        return
    assert all(not any(form.row) for form in hull.pulled_back(equations))
    # Its parameters are coordinates of the point, so each point where the forms vanish has just one choice of them.
    k = hull.parameters
    places = [
        next(i for i, form in enumerate(hull.affine_map.forms) if form == AffineForm.coordinate(j, k)) for j in range(k)
    ]
    point = data.draw(points(n))
    vanishes = not any(form(point) for form in equations)
    assert (hull.affine_map([point[i] for i in places]) == point) == vanishes


def test_a_hull_that_is_empty_or_a_point_is_none() -> None:
    x, one = AffineForm.of([0, 1]), AffineForm.of([1, 0])
    assert affine_hull([x], 1) is None
    assert affine_hull([one], 1) is None
    assert affine_hull([x, AffineForm.of([-1, 1])], 1) is None
