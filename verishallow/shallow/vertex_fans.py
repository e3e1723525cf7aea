"""Piecewise linear functions of one input or two as sums of terms ``weight * max(0, ...)``, one or two forms each.

In the plane the gradient jumps along an edge of direction d by ``c rot90(d)``. All directions point to the right, or
upwards: an edge from v to w is a ray of size c from v plus one of size -c from w. An edge that does not start inside
the domain is a full line plus a ray from its other end. Rays with the same vertex and direction are added up, so only
true vertices keep any. The rays that a vertex keeps are its **fan**, and ``sum of c d = 0`` over each fan.

A ray (d, c) becomes c times a **tripod**, the convex function ``max(0, |d2| y1, sgn(d2) d1 y2)`` of ``y = x - v``. Its
kinks are the rays along d, ``-e1`` and ``-sgn(d2) e2``, of sizes 1, d1 and |d2|. At each vertex the rays along -e1 add
up to 0, and those along e2 and -e2 to a full line, which one ReLU removes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import gcd
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm, plane_of
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.kinks import Kink
from verishallow.shallow.terms import Term

Direction = tuple[int, int]
"""Coprime integers, the first non-zero one positive."""

Fan = dict[Direction, Vector]
"""The rays of a vertex, each with the size of the jump along it, one number per output."""


def terms_of_kinks(kinks: Iterable[Kink], domain: Polyhedron) -> tuple[Term, ...]:
    """Terms whose sum has these kinks inside a domain of one or two dimensions: the function up to an affine map.

    Source for their number in the plane: arXiv 2503.13001.

    >>> from verishallow.network import ReLUNetwork
    >>> from verishallow.regions.kinks import kinks
    >>> plane = Polyhedron.whole_space(2)
    >>> corner = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])
    >>> for term in terms_of_kinks(kinks(corner, plane), plane):
    ...     print(*term.forms, "|", *term.weight)
    x0 x1 | 1
    x1 | -1
    """
    lines, fans = _lines_and_fans(kinks, domain)
    tripods = [term for vertex, fan in sorted(fans.items()) for term in _tripods(vertex, fan, lines)]
    single = [Term((plane,), weight) for plane, weight in sorted(lines.items(), key=lambda item: item[0].row)]
    return tuple(term.balanced() for term in (*tripods, *single) if any(term.weight))


def multiples_of_normal(kink: Kink) -> Vector:
    """The jump of the gradient of each output across a kink, in multiples of the plane's normal.

    >>> from verishallow.network import ReLUNetwork
    >>> from verishallow.regions.kinks import kinks
    >>> bend = ReLUNetwork.of([([[1]], [0]), ([[3], [-1]], [0, 0])])
    >>> [multiples_of_normal(kink) for kink in kinks(bend, Polyhedron.whole_space(1))]
    [(mpq(3,1), mpq(-1,1))]
    """
    column = next(i for i, a in enumerate(kink.plane.linear) if a)
    return tuple(form.linear[column] / kink.plane.linear[column] for form in kink.jump.forms)


def _lines_and_fans(kinks: Iterable[Kink], domain: Polyhedron) -> tuple[dict[AffineForm, Vector], dict[Vector, Fan]]:
    lines, fans = dict[AffineForm, Vector](), defaultdict[Vector, Fan](dict)
    for kink in kinks:
        size = multiples_of_normal(kink)
        if kink.plane.dimension == 1:
            _add(lines, kink.plane, size)
            continue
        direction, per_step = _direction(kink.plane)
        jump = tuple(per_step * c for c in size)
        first, last = _ends(kink, domain)
        if first is None:
            _add(lines, kink.plane, size)
        else:
            _add(fans[first], direction, jump)
        if last is not None:
            _add(fans[last], direction, tuple(-c for c in jump))
    return lines, fans


def _direction(plane: AffineForm) -> tuple[Direction, mpq]:
    """The direction of a line, and the normal of its plane in multiples of the direction's length."""
    across, up = (int(a) for a in plane.linear)
    divisor = gcd(across, up)
    right, rise = up // divisor, -across // divisor
    sign = -1 if right < 0 or (right == 0 and rise < 0) else 1
    return (sign * right, sign * rise), mpq(divisor)


def _ends(kink: Kink, domain: Polyhedron) -> tuple[Vector | None, Vector | None]:
    """The leftmost and the rightmost point of a kink in the plane; ``None`` for one that is not inside the domain."""
    ends = [_inside(row[1:], domain) for row in sorted(kink.generators, key=lambda row: row[1:]) if row[0]]
    rays = [row[1:] > (0, 0) for row in kink.generators if not row[0]]
    if len(rays) > 1:
        return None, None
    if rays:
        return (ends[0], None) if rays[0] else (None, ends[0])
    return ends[0], ends[-1]


def _inside(point: Vector, domain: Polyhedron) -> Vector | None:
    return point if domain.contains_strictly(point) else None


def _tripods(vertex: Vector, fan: Fan, lines: dict[AffineForm, Vector]) -> Iterator[Term]:
    """The tripods of a vertex; its horizontal rays, and what remains along the vertical, are added to the lines."""
    v1, v2 = vertex
    for (right, rise), size in sorted(fan.items()):
        if rise == 0:
            _add_line(lines, AffineForm.of([-v2, 0, 1]), size)
        elif right and any(size):
            sign = 1 if rise > 0 else -1
            forms = AffineForm.of([-abs(rise) * v1, abs(rise), 0]), AffineForm.of([-sign * right * v2, 0, sign * right])
            yield Term(forms, size)
            if rise > 0:
                _add_line(lines, AffineForm.of([-v1, 1, 0]), tuple(-rise * c for c in size))


def _add_line(lines: dict[AffineForm, Vector], form: AffineForm, size: Vector) -> None:
    """Add ``size * ReLU(form)``, up to an affine map, to the line of a form."""
    plane = plane_of(form)
    ratio = next(abs(a / b) for a, b in zip(form.linear, plane.linear, strict=True) if b)
    _add(lines, plane, tuple(ratio * c for c in size))


def _add(sums: dict[Any, Vector], key: Any, size: Vector) -> None:
    sums[key] = tuple(a + b for a, b in zip(sums[key], size, strict=True)) if key in sums else size
