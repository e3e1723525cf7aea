"""Hypothesis strategies: rationals, points, networks, and domains with an interior."""

from collections.abc import Callable, Iterable
from typing import Any

from gmpy2 import mpq
from hypothesis import strategies as st

from tests.examples import Layers
from verishallow.affine import AffineForm
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector

Draw = Callable[[st.SearchStrategy[Any]], Any]

rationals: st.SearchStrategy[mpq] = st.builds(mpq, st.integers(-12, 12), st.sampled_from([1, 2, 3, 7]))
"""Small rationals, integers often."""

wide_rationals: st.SearchStrategy[mpq] = st.builds(mpq, st.integers(-(10**30), 10**30), st.integers(1, 10**30))


def points(dimension: int) -> st.SearchStrategy[Vector]:
    """Rational points near the origin, where the small networks bend."""
    return st.tuples(*[rationals] * dimension)


def directions(dimension: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Non-zero integer vectors."""
    return st.tuples(*[st.integers(-2, 2)] * dimension).filter(any)


def forms(dimension: int) -> st.SearchStrategy[AffineForm]:
    """Affine forms, constant ones among them."""
    return st.tuples(*[rationals] * (dimension + 1)).map(AffineForm)


@st.composite
def layers(draw: Draw, inputs: int, most_neurons: int = 9) -> Layers:
    """Layers with weights and biases in -1, 0, 1: degenerate on purpose; every layer may read any earlier ones."""
    hidden = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3).filter(lambda sizes: sum(sizes) <= most_neurons))
    widths, drawn = [inputs], []
    for width in (*hidden, draw(st.integers(1, 2))):
        extra = draw(st.sets(st.integers(0, len(widths) - 1), max_size=2))
        reads = sorted(extra if draw(st.integers(0, 7)) == 7 and extra else extra | {len(widths) - 1})
        drawn.append(draw(_layer(width, sum(widths[source] for source in reads), reads)))
        widths.append(width)
    return tuple(drawn)


@st.composite
def _layer(draw: Draw, width: int, columns: int, reads: list[int]) -> tuple[Any, ...]:
    row = st.lists(st.integers(-1, 1), min_size=columns, max_size=columns)
    weight = draw(st.lists(row, min_size=width, max_size=width))
    return weight, draw(st.lists(st.integers(-1, 1), min_size=width, max_size=width)), reads


@st.composite
def networks(draw: Draw, inputs: int | None = None, most_neurons: int = 9) -> ReLUNetwork:
    """Networks of 1 to 3 inputs, 1 to 3 hidden layers of width 1 to 4 and 1 or 2 outputs."""
    chosen = draw(st.integers(1, 3)) if inputs is None else inputs
    drawn = draw(layers(chosen, most_neurons))
    # The input's size follows from the first layer, which reads nothing but the input.
    return ReLUNetwork.of(drawn)


@st.composite
def around(draw: Draw, dimension: int) -> Polyhedron:
    """Half-spaces that hold one point strictly: bounded or not, with redundant rows, with lines."""
    centre, rows = draw(points(dimension)), draw(st.lists(directions(dimension), min_size=1, max_size=5))
    margins = draw(st.lists(st.sampled_from([1, 2, mpq(1, 3)]), min_size=len(rows), max_size=len(rows)))
    return _through(centre, zip(margins, rows, strict=True))


@st.composite
def cones(draw: Draw, dimension: int) -> Polyhedron:
    """Unbounded cones with a rational apex; an inner direction keeps them full-dimensional."""
    apex, inner = draw(points(dimension)), draw(directions(dimension))
    rows = draw(st.lists(directions(dimension), min_size=1, max_size=5))
    sides = (row for row in rows if sum(a * d for a, d in zip(row, inner, strict=True)) > 0)
    return _through(apex, ((0, row) for row in sides))


def _through(point: Vector, sides: Iterable[tuple[Any, tuple[int, ...]]]) -> Polyhedron:
    """The half-spaces ``a.(x - point) + margin >= 0`` of pairs (margin, a)."""
    rows = [
        AffineForm.of([margin - sum(a * x for a, x in zip(row, point, strict=True)), *row]) for margin, row in sides
    ]
    return Polyhedron(len(point), tuple(rows))


@st.composite
def boxes(draw: Draw, dimension: int) -> Polyhedron:
    """Boxes, some of their sides on natural hyperplanes of the networks."""
    lows = draw(points(dimension))
    sizes = draw(st.tuples(*[st.sampled_from([1, 2, mpq(5, 3)])] * dimension))
    return Polyhedron.box([(low, low + size) for low, size in zip(lows, sizes, strict=True)])


def domains(dimension: int) -> st.SearchStrategy[Polyhedron]:
    """Full-dimensional polyhedra of every kind."""
    whole = st.just(Polyhedron.whole_space(dimension))
    return st.one_of(whole, whole, boxes(dimension), around(dimension), cones(dimension))


@st.composite
def problems(draw: Draw, most_neurons: int = 9) -> tuple[ReLUNetwork, Polyhedron]:
    """A network and a domain for it."""
    network: ReLUNetwork = draw(networks(most_neurons=most_neurons))
    return network, draw(domains(network.inputs))


@st.composite
def polyhedra(draw: Draw) -> Polyhedron:
    """Polyhedra of any kind in 1 to 3 dimensions: empty and flat ones too."""
    dimension = draw(st.integers(1, 3))
    loose = st.lists(forms(dimension), max_size=6).map(lambda rows: Polyhedron(dimension, tuple(rows)))
    return draw(st.one_of(loose, domains(dimension)))  # type: ignore[no-any-return]  # a Draw returns Any
