"""Classes, and the pieces where one meets another: both representations, both sides, and nothing left out."""

import random
from collections.abc import Iterator

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import ABSOLUTE_VALUE, EXAMPLES, TWO_OUTPUTS, example_leaves, leaves_of
from tests.explain.test_summary import THREE_CLASSES
from tests.explain.test_triangulation import is_bounded
from tests.strategies import networks, problems
from verishallow.affine import rank
from verishallow.errors import InputError, ProofError
from verishallow.explain import BoundaryPiece, classes_at, decision_boundary
from verishallow.explain.classes import class_count, comparing, winners_of
from verishallow.explain.decision_boundary import _plane
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron, VRepresentation
from verishallow.rationals import Vector
from verishallow.slices import Slice

CLASSIFIER, SQUARE = ReLUNetwork.of(THREE_CLASSES), Polyhedron.box([(-1, 1), (-1, 1)])
ONE_OUTPUT = [name for name, example in EXAMPLES.items() if example.network.outputs == 1 and is_bounded(example.domain)]


def spanned(generators: VRepresentation) -> set[Vector]:
    """The generators in one spelling: vertices with a 1 before them, rays as multiples with sum of sizes 1."""
    rays = ((mpq(0), *(a / sum(map(abs, ray)) for a in ray)) for ray in generators.rays)
    return {*((mpq(1), *vertex) for vertex in generators.vertices), *rays}


def holds(network: ReLUNetwork, domain: Polyhedron, pieces: tuple[BoundaryPiece, ...]) -> None:
    """All parts of each piece."""
    for piece in pieces:
        closed = piece.h_representation(network, domain)
        generators = closed.v_representation
        if not generators.lines:
            assert spanned(generators) == spanned(piece.v_representation)
        assert closed.affine_dimension() == network.inputs - 1
        middle = generators.relative_interior_point()
        assert middle is not None
        one, other = piece.sides
        assert set(classes_at(network, middle)) >= {*one.winners, *other.winners}
        assert one.winners != other.winners
        # A little off the plane each side's winners win, as its region says.
        seen = []
        for sign in (1, -1):
            step = mpq(sign, 10**9) / sum(map(abs, piece.plane.linear))
            beside = tuple(x + step * a for x, a in zip(middle, piece.plane.linear, strict=True))
            if domain.contains(beside):
                seen.append(classes_at(network, beside))
        assert sorted(seen) == [one.winners, other.winners]


def lies_on(piece: BoundaryPiece, network: ReLUNetwork, domain: Polyhedron, point: Vector) -> bool:
    return piece.h_representation(network, domain).contains(point)


def changes(network: ReLUNetwork, one: Vector, other: Vector) -> Iterator[Vector]:
    """The points of a segment at which the winners before and after differ, by the leaves of the line."""
    line = Slice.line(one, other)
    leaves = leaves_of(line.restricted(comparing(network)), Polyhedron.box([(0, 1)]))
    ends = sorted({vertex[0] for leaf in leaves for vertex in leaf.cell.polyhedron.v_representation.vertices})
    for before, here, after in zip(ends, ends[1:], ends[2:], strict=False):
        around = [classes_at(network, line.affine_map([(here + end) / 2])) for end in (before, after)]
        if around[0] != around[1]:
            yield line.affine_map([here])


def test_three_classes_on_a_square() -> None:
    pieces = decision_boundary(CLASSIFIER, SQUARE)
    holds(CLASSIFIER, SQUARE, pieces)
    assert len(pieces) > 4


def test_three_affine_scores_meet_in_three_segments() -> None:
    affine = ReLUNetwork.of([([[0, 0], [1, 0], [0, 1]], [0, 0, 0])])
    found = {
        (piece.sides[0].winners, piece.sides[1].winners): spanned(piece.v_representation)
        for piece in decision_boundary(affine, SQUARE)
    }
    assert found == {
        ((0,), (1,)): {(1, 0, 0), (1, 0, -1)},
        ((0,), (2,)): {(1, 0, 0), (1, -1, 0)},
        ((1,), (2,)): {(1, 0, 0), (1, 1, 1)},
    }


def test_every_change_of_class_lies_on_a_piece() -> None:
    rng, pieces, met = random.Random(2), decision_boundary(CLASSIFIER, SQUARE), 0
    for _ in range(25):
        ends = [tuple(mpq(rng.randint(-99, 99), 100) for _ in range(2)) for _ in range(2)]
        for point in changes(CLASSIFIER, ends[0], ends[1]):
            assert any(lies_on(piece, CLASSIFIER, SQUARE, point) for piece in pieces)
            met += 1
    assert met > 8


@given(problems(most_neurons=5))
@settings(max_examples=30, deadline=None)
def test_any_network_on_any_domain(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    network, domain = problem
    try:
        pieces = decision_boundary(network, domain)
    except InputError:
        # Layers that skip may bend lines, which only unbounded domains have.
        assert not is_bounded(domain)
        return
    holds(network, domain, pieces)
    # A segment between two points inside crosses the boundary on pieces only.
    leaves = leaves_of(network, domain)
    one, other = leaves[0].witness, leaves[-1].witness
    if one != other:
        for point in changes(network, one, other):
            assert any(lies_on(piece, network, domain, point) for piece in pieces)


@pytest.mark.parametrize("name", ONE_OUTPUT)
def test_the_zeros_of_one_output(name: str) -> None:
    example = EXAMPLES[name]
    shift = sum((leaf.affine_map.forms[0](leaf.witness) for leaf in example_leaves(name)), mpq(0))
    level = shift / len(example_leaves(name))
    last = example.network.layers[-1]
    lowered = ReLUNetwork.of(
        [
            *((layer.weight, layer.bias, layer.reads) for layer in example.network.hidden),
            (last.weight, [last.bias[0] - level], last.reads),
        ]
    )
    pieces = decision_boundary(lowered, example.domain)
    holds(lowered, example.domain, pieces)
    assert all(lowered(vertex) == (0,) for piece in pieces for vertex in piece.v_representation.vertices)


# -------------------------------------------------------------------------------------- Ties and edges


def test_a_class_that_only_touches_is_no_boundary() -> None:
    modulus = ReLUNetwork.of(ABSOLUTE_VALUE)
    assert decision_boundary(modulus, "box:-1,1") == ()
    assert classes_at(modulus, [0]) == (0, 1)


def test_a_tie_on_a_whole_region_has_an_edge() -> None:
    rectifier = ReLUNetwork.of([([[1, 0]], [0]), ([[1]], [0])])
    (piece,) = decision_boundary(rectifier, "box:-1,1")
    assert [side.winners for side in piece.sides] == [(0, 1), (1,)]
    assert {str(piece.plane), *map(str, piece.v_representation.vertices)} == {
        "x0",
        "(mpq(0,1), mpq(1,1))",
        "(mpq(0,1), mpq(-1,1))",
    }


def test_an_unbounded_boundary_has_rays() -> None:
    pieces = decision_boundary(ReLUNetwork.of(TWO_OUTPUTS))
    holds(ReLUNetwork.of(TWO_OUTPUTS), Polyhedron.whole_space(2), pieces)
    assert any(piece.v_representation.rays for piece in pieces)


def test_one_input_has_points() -> None:
    (left, right) = decision_boundary(ReLUNetwork.of([ABSOLUTE_VALUE[0], ([[1, 1]], [-2])]))
    assert {left.v_representation.vertices, right.v_representation.vertices} == {((mpq(2),),), ((mpq(-2),),)}


def test_pieces_cut_by_other_comparisons_are_joined() -> None:
    # Class 2 is far behind where 0 meets 1, yet it is compared too: the boundary is one segment all the same.
    affine = ReLUNetwork.of([([[1, 0], [0, 0], [0, 1]], [0, 0, -5])])
    (piece,) = decision_boundary(affine, "box:-1,1")
    assert spanned(piece.v_representation) == {(1, 0, 1), (1, 0, -1)}


def test_three_dimensions() -> None:
    network = ReLUNetwork.of(
        [([[1, 1, 0], [0, 1, -1], [1, 0, 1]], [0, "1/2", 0]), ([[1, -1, 1], [-1, 1, 1], [0, 1, -1]], [0, 0, "1/3"])]
    )
    pieces = decision_boundary(network, "box:-1,1")
    holds(network, Polyhedron.box([(-1, 1)] * 3), pieces)
    assert max(rank(list(piece.v_representation.vertices)) for piece in pieces) == 3


@given(networks(most_neurons=6), st.data())
@settings(max_examples=30, deadline=None)
def test_comparing_changes_nothing_and_knows_the_winners(network: ReLUNetwork, data: st.DataObject) -> None:
    idle = comparing(network)
    assert len(idle.hidden) == len(network.hidden) + class_count(network) - 1
    box = Polyhedron.box([(-2, 2)] * network.inputs)
    for leaf in leaves_of(idle, box)[: data.draw(st.integers(1, 6))]:
        assert leaf.affine_map(leaf.witness) == network(leaf.witness) == idle(leaf.witness)
        values = [layer[0](leaf.witness) for layer in idle.pre_activations_for(leaf.pattern)[len(network.hidden) :]]
        assert winners_of([(value > 0) - (value < 0) for value in values]) == classes_at(network, leaf.witness)


def test_equal_sides_are_no_piece() -> None:
    (piece,) = decision_boundary(ReLUNetwork.of([([[1]], [0])]))
    with pytest.raises(ProofError, match="different winners"):
        _plane(piece.sides[0], piece.sides[0])
