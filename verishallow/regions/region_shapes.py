"""The shapes of regions in the form that other tools need: facets, shared numbered points, bounding boxes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd, lcm

from gmpy2 import mpq

from verishallow.affine import AffineForm, kernel, pivots
from verishallow.errors import InputError, LimitError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.region import Region

MOST_INPUTS = 12
"""Vertices are computed for at most this many inputs: a box has 2^n of them."""

Box = tuple[tuple[mpq, mpq], ...]
"""A pair (low, high) for each input."""


@dataclass(frozen=True, slots=True)
class SharedPoints:
    """All vertices and rays of some regions, each once, and the ones that generate each region.

    ``points`` are primitive homogeneous integer rows ``(w, x)``: the vertex ``x / w``, or for ``w = 0`` a ray.
    Every region contains the lines ``lines`` (a basis in reduced row echelon form) and no other; points are then
    those on which the leading coordinates of the lines are 0, one for each class modulo the lines.
    """

    points: tuple[tuple[int, ...], ...]
    cells: tuple[tuple[int, ...], ...]
    lines: tuple[Vector, ...]


def require_vertices(kind: str, inputs: int) -> None:
    """Raise an error if a region may have too many vertices to list."""
    if inputs > MOST_INPUTS:
        raise LimitError(
            f"{kind}: lists vertices, and with {inputs} inputs a region may have 2^{inputs}; expected at most "
            f"{MOST_INPUTS} inputs; 'ine' and 'csv' give the regions by their inequalities"
        )


def region_numbered(regions: Sequence[Region], number: str | int) -> Region:
    """The region with this number, counted from 1."""
    count = len(regions)
    text = str(number)
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:20]) <= count:
        raise InputError(f"region: expected a number from 1 to {count}, found {text!r}")
    return regions[int(text) - 1]


def facets_of(region: Region) -> tuple[AffineForm, ...]:
    """The facets of a closed region, primitive, each once.

    >>> from verishallow import ReLUNetwork, prove
    >>> facets_of(prove(ReLUNetwork.of([([[2]], [1]), ([[1]], [0])]), domain="box:-1,1").regions[0])
    (AffineForm(1 - x0), AffineForm(1 + 2*x0))
    """
    if region.polyhedron.dimension <= MOST_INPUTS:
        return tuple(dict.fromkeys(form.primitive() for form in region.h_representation))
    polyhedron = region.polyhedron.normalised()
    seen = {_first_hit(polyhedron, region.witness, form) for form in polyhedron.inequalities}
    return tuple(form for form in polyhedron.inequalities if form in seen or not _implied(polyhedron, form))


def _first_hit(polyhedron: Polyhedron, inside: Vector, towards: AffineForm) -> AffineForm | None:
    """The only inequality that a ray from a point inside meets first: a facet; ``None`` if there are several."""
    slopes = [
        (form, sum((a * b for a, b in zip(form.linear, towards.linear, strict=True) if a and b), mpq(0)))
        for form in polyhedron.inequalities
    ]
    times = sorted(((form(inside) / slope, index) for index, (form, slope) in enumerate(slopes) if slope > 0))
    return None if len(times) > 1 and times[0][0] == times[1][0] else slopes[times[0][1]][0]


def _implied(polyhedron: Polyhedron, form: AffineForm) -> bool:
    """Whether the other inequalities of a full-dimensional polyhedron imply this one."""
    others = Polyhedron(polyhedron.dimension, tuple(h for h in polyhedron.inequalities if h != form))
    least = others.minimise(form).value
    return least is not None and least >= 0


def shared_points(regions: Sequence[Region]) -> SharedPoints:
    """The vertices and rays of regions that all contain the same lines, numbered as they are met.

    Raises :class:`~verishallow.errors.InputError` for regions with different lines: they do not meet face to face.

    >>> from verishallow import ReLUNetwork, prove
    >>> shared_points(prove(ReLUNetwork.of([([[1], [1]], [0, -2]), ([[1, 1]], [0])])).regions).points
    ((1, 2), (0, 1), (1, 0), (0, -1))
    """
    lines = {lines_in(region.polyhedron) for region in regions}
    if len(lines) > 1:
        raise InputError("the regions contain different lines, so they do not meet face to face and share no points")
    numbers: dict[tuple[int, ...], int] = {}
    cells = [tuple(sorted({numbers.setdefault(point, len(numbers)) for point in points_of(r)})) for r in regions]
    return SharedPoints(tuple(numbers), tuple(cells), lines.pop())


def lines_in(polyhedron: Polyhedron) -> tuple[Vector, ...]:
    """A basis of the lines that a non-empty polyhedron contains, in reduced row echelon form."""
    return kernel([form.linear for form in polyhedron.inequalities], polyhedron.dimension)


def points_of(region: Region) -> Iterator[tuple[int, ...]]:
    """The vertices and rays of a closed region, primitive and homogeneous; leading coordinates of its lines are 0."""
    generators, lines = region.v_representation, lines_in(region.polyhedron)
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
    """A lower bound of ``sign * x_index``: from an inequality in this variable alone, else from a linear program."""
    coordinate = AffineForm.coordinate(index, polyhedron.dimension)
    form = coordinate if sign > 0 else -coordinate
    alone = [h for h in polyhedron.inequalities if h.scaled(1 / abs(h.linear[index] or mpq(1))).linear == form.linear]
    if alone:
        return max(mpq(-h.constant / abs(h.linear[index])) for h in alone)
    return polyhedron.minimise(form).value
