"""Exact distances from a point: L1, Linf, and L2 squared."""

from dataclasses import dataclass
from typing import Literal, get_args

from gmpy2 import mpq

from verishallow.affine import ONE, ZERO, AffineForm, AffineMap
from verishallow.errors import InputError, ProofError
from verishallow.explain.linear_algebra import dot, gram_matrix, solved
from verishallow.explain.projection import projection
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector

Norm = Literal["l1", "l2", "linf"]
NORMS: tuple[Norm, ...] = get_args(Norm)


@dataclass(frozen=True, slots=True)
class Distances:
    """The distance in L1, in L2 (squared), and in Linf."""

    l1: mpq
    l2_squared: mpq
    linf: mpq

    @classmethod
    def between(cls, one: Vector, other: Vector) -> "Distances":
        """The distances of two points.

        >>> Distances.between((mpq(0), mpq(0)), (mpq(3), mpq(-4)))
        Distances(l1=mpq(7,1), l2_squared=mpq(25,1), linf=mpq(4,1))
        """
        sizes = [abs(a - b) for a, b in zip(one, other, strict=True)]
        return cls(sum(sizes, ZERO), sum((a * a for a in sizes), ZERO), max(sizes))

    @classmethod
    def to_hyperplane(cls, point: Vector, form: AffineForm) -> "Distances":
        """The distances to the points where a form, not a constant one, vanishes.

        >>> Distances.to_hyperplane((mpq(0), mpq(0)), AffineForm.of([-12, 3, -4]))
        Distances(l1=mpq(3,1), l2_squared=mpq(144,25), linf=mpq(12,7))
        """
        value, sizes = abs(form(point)), [abs(a) for a in form.linear]
        return cls(value / max(sizes), value**2 / sum(a * a for a in sizes), value / sum(sizes))

    @classmethod
    def to_polyhedron(cls, point: Vector, polyhedron: Polyhedron) -> "Distances":
        """The distances to a non-empty polyhedron.

        >>> Distances.to_polyhedron((mpq(0), mpq(0)), Polyhedron.of([[-3, 1, 0], [-4, 0, 1]]))
        Distances(l1=mpq(7,1), l2_squared=mpq(25,1), linf=mpq(4,1))
        """
        found = {norm: nearest(point, polyhedron, norm) for norm in NORMS}
        l1, l2, linf = (_present(found[norm]).distance for norm in NORMS)
        return cls(l1, l2, linf)


def norm_named(name: str) -> Norm:
    """The norm with this name."""
    for norm in NORMS:
        if norm == name:
            return norm
    raise InputError(f"norm: expected one of {', '.join(NORMS)}, found {name!r}")


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest point and its distance, which for L2 is squared."""

    point: Vector
    distance: mpq


def nearest(target: Vector, polyhedron: Polyhedron, norm: Norm, embedding: AffineMap | None = None) -> Nearest | None:
    """The point of a polyhedron whose image under an injective affine map is nearest to a target.

    The map is the identity by default. ``None`` where the polyhedron is empty.

    >>> nearest((mpq(0), mpq(0)), Polyhedron.of([[-2, 1, 1]]), "linf")
    Nearest(point=(mpq(1,1), mpq(1,1)), distance=mpq(1,1))
    """
    image = embedding or AffineMap.identity(polyhedron.dimension)
    if norm == "l2":
        return _by_projection(target, polyhedron, image)
    if is_empty(polyhedron):
        return None
    return _by_program(target, polyhedron, image, 1 if norm == "linf" else len(target))


def is_empty(polyhedron: Polyhedron) -> bool:
    """Whether no point satisfies all inequalities.

    >>> is_empty(Polyhedron.of([[0, 1], [-1, -1]])), is_empty(Polyhedron.of([[0, 1], [0, -1]]))
    (True, False)
    """
    n = polyhedron.dimension
    slack = AffineForm.coordinate(n, n + 1)
    rows = [AffineForm((*form.row, ONE)) for form in polyhedron.inequalities]
    violation = Polyhedron(n + 1, (*rows, slack)).minimise(slack).value
    return violation is None or violation > 0


def _by_projection(target: Vector, polyhedron: Polyhedron, image: AffineMap) -> Nearest | None:
    columns = list(zip(*(form.linear for form in image.forms), strict=True))
    gram = gram_matrix(columns)
    residual = [b - form.constant for b, form in zip(target, image.forms, strict=True)]
    # The nearest point of the whole image comes first: there the gradient vanishes.
    start = solved(gram, [dot(column, residual) for column in columns])
    found = projection(start, polyhedron, gram)
    return None if found is None else Nearest(found.point, Distances.between(image(found.point), target).l2_squared)


def _by_program(target: Vector, polyhedron: Polyhedron, image: AffineMap, bounds: int) -> Nearest:
    """A linear program with one variable that bounds all errors (Linf), or one variable per error (L1)."""
    n = polyhedron.dimension
    padding = (ZERO,) * bounds
    variables = [AffineForm.coordinate(n + i, n + bounds) for i in range(bounds)]
    rows = [AffineForm((*form.row, *padding)) for form in polyhedron.inequalities]
    for index, (form, wanted) in enumerate(zip(image.forms, target, strict=True)):
        error = AffineForm((form.constant - wanted, *form.linear, *padding))
        rows += [variables[index % bounds] - error, variables[index % bounds] + error]
    program, total = Polyhedron(n + bounds, tuple(rows)), AffineForm((ZERO,) * (n + 1) + (ONE,) * bounds)
    point, least = program.minimiser(total), program.minimise(total).value
    if least is None or not program.contains(point) or total(point) != least:
        raise ProofError("the linear program of a distance has no proved optimum")
    return Nearest(point[:n], least)


def _present(found: Nearest | None) -> Nearest:
    if found is None:
        raise ProofError("expected a polyhedron with a point, found an empty one")
    return found
