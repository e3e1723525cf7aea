"""The complex that refinement starts from: the domain, cut into pointed cells, with all its faces.

A domain that contains lines is first cut by hyperplanes of first-layer neurons until every cell is pointed. Before
that, directions are removed in which the domain is unbounded both ways and every pre-activation is constant.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product

import numpy as np

from verishallow.affine import ZERO, AffineForm, kernel, pivots, rank
from verishallow.errors import InputError
from verishallow.network import Layer, ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.constraint_rows import integer_row_of
from verishallow.regions.face_lattice import FaceLattice, Numbers
from verishallow.regions.integer_network import Integers, primitive_integers

Generator = tuple[int, ...]
AT_INFINITY = -1
"""The label of a facet at infinity; a facet in row k of the domain is labelled ``-2 - k``."""


@dataclass(frozen=True)
class Quotient:
    """A network and a domain without the inputs ``dropped``, which can be fixed at 0.

    ``lines`` spans the directions along which the domain and the hidden neurons do not change.
    """

    network: ReLUNetwork
    domain: Polyhedron
    dropped: tuple[int, ...]
    lines: tuple[Vector, ...]


@dataclass(frozen=True)
class StartComplex:
    """Vertices and rays as primitive homogeneous integers, one per row, and the faces that they span."""

    points: Integers
    lattice: FaceLattice
    labels: Numbers
    """Per facet: the first-layer neuron in whose hyperplane it lies, or a label as in :class:`PolyhedralComplex`."""


def quotient(network: ReLUNetwork, domain: Polyhedron) -> Quotient:
    """Leave out the inputs that can be fixed at 0 by a move along ``lines``, which changes no hidden neuron."""
    lines = domain.v_representation.lines
    seen = [row[: network.inputs] for layer in network.hidden if layer.reads[0] == 0 for row in layer.weight]
    unseen = kernel([*seen, *(form.linear for form in domain.inequalities)], network.inputs) if lines else ()
    dropped = pivots(unseen)
    kept = [i for i in range(network.inputs) if i not in dropped]
    if not dropped or not kept:
        return Quotient(network, domain, (), ()) if not dropped else Quotient(network, domain, dropped, unseen)
    forms = tuple(AffineForm((form.constant, *(form.linear[i] for i in kept))) for form in domain.inequalities)
    layers = tuple(_restricted(layer, network.inputs, kept) for layer in network.layers)
    return Quotient(ReLUNetwork(len(kept), layers), Polyhedron(len(kept), forms), dropped, unseen)


def start_complex(network: ReLUNetwork, domain: Polyhedron) -> StartComplex:
    """The domain as a complex of pointed cells.

    Raises :class:`~verishallow.errors.InputError` if first-layer hyperplanes cannot make the cells pointed.
    """
    by_dimension: defaultdict[int, dict[int, int]] = defaultdict(dict)
    pairs: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    forms = _spanning_forms(network.layers[0], domain.v_representation.lines)
    pieces = [_generators(piece) for piece in _pointed_pieces(domain, list(forms.values()))]
    numbers = {generator: number for number, generator in enumerate(dict.fromkeys(chain.from_iterable(pieces)))}
    points: Integers = np.array(list(numbers), dtype=object)
    walls = _walls(points, {**{-2 - row: form for row, form in enumerate(domain.inequalities)}, **forms})
    for generators in pieces:
        _add_faces(domain.dimension, _bits(numbers[g] for g in generators), walls, by_dimension, pairs)
    n = domain.dimension
    counts = [len(by_dimension[k]) for k in range(n + 1)]
    # Vertices are faces too; their numbers are those of the points.
    vertex = {face: face.bit_length() - 1 for face in by_dimension[0]}
    edges = sorted((by_dimension[1][edge], vertex[end]) for edge, end in pairs[1])
    ends = np.array([end for _, end in edges], dtype=np.int64).reshape(-1, 2)
    owners, facets = {}, {}
    for k in range(2, n + 1):
        numbered = sorted((by_dimension[k][face], by_dimension[k - 1][facet]) for face, facet in pairs[k])
        owners[k], facets[k] = np.array(numbered, dtype=np.int64).reshape(-1, 2).T.copy()
    labels = np.array([_label(facet, walls) for facet in by_dimension[n - 1]], dtype=np.int64)
    return StartComplex(points, FaceLattice(counts, ends, owners, facets), labels)


def _walls(points: Integers, forms: dict[int, AffineForm]) -> dict[int, int]:
    """For each label, the set of points on its hyperplane as bits; that at infinity comes last."""
    rows = [integer_row_of(form) for form in forms.values()]
    at_infinity = [1, *(0,) * (points.shape[1] - 1)]
    on = (points @ np.array([*rows, at_infinity], dtype=object).T == 0).T.tolist()
    labels = (*forms, AT_INFINITY)
    return {
        label: _bits(number for number, is_on in enumerate(row) if is_on) for label, row in zip(labels, on, strict=True)
    }


def _label(facet: int, walls: dict[int, int]) -> int:
    return next((label for label, wall in walls.items() if facet & wall == facet), AT_INFINITY)


def _restricted(layer: Layer, inputs: int, kept: Sequence[int]) -> Layer:
    if layer.reads[0] != 0:
        return layer
    rows = tuple((*(row[i] for i in kept), *row[inputs:]) for row in layer.weight)
    return Layer(rows, layer.bias, layer.reads)


def _pointed_pieces(domain: Polyhedron, forms: Sequence[AffineForm]) -> Iterator[Polyhedron]:
    for signs in product((1, -1), repeat=len(forms)):
        sides = [form if sign > 0 else -form for form, sign in zip(forms, signs, strict=True)]
        # A domain without lines is the only piece, and its generators are known already.
        yield Polyhedron(domain.dimension, (*domain.inequalities, *sides)) if sides else domain


def _spanning_forms(layer: Layer, lines: Sequence[Vector]) -> dict[int, AffineForm]:
    """First-layer neurons whose linear parts form a basis of the dual of the span of the lines."""
    chosen: dict[int, AffineForm] = {}
    slopes: list[Vector] = []
    for neuron, (bias, row) in enumerate(zip(layer.bias, layer.weight, strict=True)):
        form = AffineForm((bias, *row))
        slope = tuple(form.at_homogeneous((ZERO, *line)) for line in lines)
        if len(slopes) < len(lines) and rank([*slopes, slope]) > len(slopes):
            slopes.append(slope)
            chosen[neuron] = form
    if len(chosen) < len(lines):
        raise InputError("lattice engine: first-layer neurons leave lines in the cells; use the cdd engine")
    return chosen


def _generators(piece: Polyhedron) -> list[Generator]:
    return [tuple(primitive_integers(row)) for row in piece.v_representation.homogeneous]


def _add_faces(
    dimension: int,
    piece: int,
    walls: dict[int, int],
    by_dimension: dict[int, dict[int, int]],
    pairs: dict[int, set[tuple[int, int]]],
) -> None:
    """All faces of a pointed polyhedron, also those at infinity, as bit sets of its numbered generators."""
    parts = {piece & wall for wall in walls.values()}
    level = {piece}
    for k in range(dimension, -1, -1):
        for face in level:
            by_dimension[k].setdefault(face, len(by_dimension[k]))
        below = {face: _facets(face, parts) for face in level} if k else {}
        pairs[k].update((face, facet) for face, facets in below.items() for facet in facets)
        level = set().union(*below.values())


def _facets(face: int, walls: set[int]) -> set[int]:
    """The facets of a face: its maximal intersections with hyperplanes that do not contain it."""
    parts = {face & wall for wall in walls if face & wall != face}
    return {part for part in parts if part and [part & other for other in parts].count(part) == 1}


def _bits(numbers: Iterator[int]) -> int:
    return sum(1 << number for number in numbers)
