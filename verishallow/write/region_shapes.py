"""The shapes of regions as other tools want them: facets, points shared by number, neighbours, bounding boxes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd, lcm

from gmpy2 import mpq

from verishallow.affine import AffineForm, kernel, pivots, plane_of
from verishallow.certificate import Certificate
from verishallow.errors import InputError, LimitError, ProofError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.region import Region

MOST_INPUTS = 12
"""Up to so many inputs vertices are computed: a box has 2^n."""

Box = tuple[tuple[mpq, mpq], ...]
"""A pair (low, high) for each input."""


@dataclass(frozen=True, slots=True)
class SharedPoints:
    """All vertices and rays of some regions, each once, and which of them generate each region.

    ``points`` are primitive homogeneous integer rows ``(w, x)``: the vertex ``x / w``, or for ``w = 0`` a ray.
    Every region contains the lines ``lines`` (a basis in reduced row echelon form) and no other; points are then
    those on which the leading coordinates of the lines are 0, one for each class modulo the lines.
    """

    points: tuple[tuple[int, ...], ...]
    cells: tuple[tuple[int, ...], ...]
    lines: tuple[Vector, ...]


def require_vertices(kind: str, inputs: int) -> None:
    """Refuse where a region may have more vertices than anyone wants."""
    if inputs > MOST_INPUTS:
        raise LimitError(
            f"{kind}: lists vertices, and with {inputs} inputs a region may have 2^{inputs}; expected at most "
            f"{MOST_INPUTS} inputs; 'ine' and 'csv' give the regions by their inequalities"
        )


def region_numbered(certificate: Certificate, number: str | int) -> Region:
    """The region with this number, counted from 1."""
    count = len(certificate.regions)
    text = str(number)
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:20]) <= count:
        raise InputError(f"region: expected a number from 1 to {count}, found {text!r}")
    return certificate.regions[int(text) - 1]


def facets_of(region: Region) -> tuple[AffineForm, ...]:
    """The facets of a closed region, primitive, each once.

    >>> from verishallow import ReLUNetwork, prove
    >>> facets_of(prove(ReLUNetwork.of([([[2]], [1]), ([[1]], [0])]), domain="box:-1,1").regions[0])
    (AffineForm(1 - x0), AffineForm(1 + 2*x0))
    """
    polyhedron = region.polyhedron.normalised()
    if polyhedron.dimension <= MOST_INPUTS:
        return tuple(polyhedron.inequalities[number] for number in polyhedron.facets)
    return tuple(form for form in polyhedron.inequalities if not _implied(polyhedron, form))


def _implied(polyhedron: Polyhedron, form: AffineForm) -> bool:
    """Whether the other inequalities of a full-dimensional polyhedron imply this one."""
    others = Polyhedron(polyhedron.dimension, tuple(h for h in polyhedron.inequalities if h != form))
    least = others.minimise(form).value
    return least is not None and least >= 0


def shared_points(regions: Sequence[Region]) -> SharedPoints:
    """The vertices and rays of regions, numbered in the order in which they are met.

    >>> from verishallow import ReLUNetwork, prove
    >>> shared_points(prove(ReLUNetwork.of([([[1], [1]], [0, -2]), ([[1, 1]], [0])])).regions).points
    ((1, 2), (0, 1), (1, 0), (0, -1))
    """
    lines = {_lines(region.polyhedron) for region in regions}
    if len(lines) > 1:
        raise ProofError(f"the regions of one network contain different lines: {sorted(map(len, lines))}")
    (basis,) = lines
    numbers: dict[tuple[int, ...], int] = {}
    cells = [
        tuple(sorted({numbers.setdefault(point, len(numbers)) for point in _points(region, basis)}))
        for region in regions
    ]
    return SharedPoints(tuple(numbers), tuple(cells), basis)


def _lines(polyhedron: Polyhedron) -> tuple[Vector, ...]:
    return kernel([form.linear for form in polyhedron.inequalities], polyhedron.dimension)


def _points(region: Region, lines: tuple[Vector, ...]) -> Iterable[tuple[int, ...]]:
    generators = region.v_representation
    for weight, vectors in ((mpq(1), generators.vertices), (mpq(0), generators.rays)):
        for vector in vectors:
            yield primitive((weight, *_modulo(vector, lines)))


def _modulo(vector: Vector, lines: tuple[Vector, ...]) -> Vector:
    for pivot, line in zip(pivots(lines), lines, strict=True):
        vector = tuple(a - vector[pivot] * b for a, b in zip(vector, line, strict=True))
    return vector


def primitive(row: Vector) -> tuple[int, ...]:
    """The positive multiple of a row with coprime integers."""
    scale = lcm(*(int(a.denominator) for a in row))
    integers = [int(a * scale) for a in row]
    divisor = gcd(*integers) or 1
    return tuple(a // divisor for a in integers)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two regions, by their indices from 0, that share a facet, and the hyperplane in which it lies."""

    one: int
    other: int
    plane: AffineForm


def neighbours(regions: Sequence[Region]) -> tuple[Neighbours, ...]:
    """All pairs of regions that share a facet.

    The closed regions of a network meet face to face, since every pre-activation is continuous: a facet inside the
    domain belongs to exactly two regions, with the same vertices and rays.
    """
    shared = shared_points(regions)
    owners: defaultdict[tuple[AffineForm, frozenset[int]], list[int]] = defaultdict(list)
    for index, (region, cell) in enumerate(zip(regions, shared.cells, strict=True)):
        for form in facets_of(region):
            owners[plane_of(form), _on(form, shared.points, cell)].append(index)
    pairs = [Neighbours(ids[0], ids[1], plane) for (plane, _), ids in owners.items() if len(ids) == 2]
    return tuple(sorted(pairs, key=lambda pair: (pair.one, pair.other)))


def _on(form: AffineForm, points: Sequence[tuple[int, ...]], cell: Sequence[int]) -> frozenset[int]:
    """The points of a cell on which a form vanishes."""
    return frozenset(number for number in cell if not sum(a * x for a, x in zip(form.row, points[number], strict=True)))


def containing_box(polyhedron: Polyhedron) -> Box | None:
    """A box that contains a non-empty polyhedron; ``None`` if it is unbounded.

    >>> containing_box(Polyhedron.of([[0, 1], [3, -2]]))
    ((mpq(0,1), mpq(3,2)),)
    """
    sides = [_side(polyhedron, index, sign) for index in range(polyhedron.dimension) for sign in (1, -1)]
    found = [side for side in sides if side is not None]
    if len(found) < len(sides):
        return None
    return tuple((low, -high) for low, high in zip(found[::2], found[1::2], strict=True))


def _side(polyhedron: Polyhedron, index: int, sign: int) -> mpq | None:
    """A lower bound of ``sign * x_index``: from an inequality in it alone, else from a linear program."""
    coordinate = AffineForm.coordinate(index, polyhedron.dimension)
    form = coordinate if sign > 0 else -coordinate
    alone = [h for h in polyhedron.inequalities if h.scaled(1 / abs(h.linear[index] or mpq(1))).linear == form.linear]
    if alone:
        return max(mpq(-h.constant / abs(h.linear[index])) for h in alone)
    return polyhedron.minimise(form).value
