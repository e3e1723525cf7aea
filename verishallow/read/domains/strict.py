"""What a domain excludes of its closure: strict inequalities, and forms that must not be 0.

A proof is one about the closure, which includes the domain; a point that refutes one has to lie in the domain itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from gmpy2 import mpq

from verishallow.affine import AffineMap
from verishallow.errors import OutsideDomainError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.read.domains.vnnlib import Linear

MOST_SHOWN = 3
"""Rows that are written out."""


@dataclass(frozen=True, slots=True)
class StrictRows:
    """Forms of the inputs that are positive on a domain, and forms that are not 0 there: on its closure they may be 0.

    >>> below_one_half = StrictRows((Linear(mpq(1, 2), ((0, mpq(-1)),)),))
    >>> below_one_half.hold_at((mpq(0),)), below_one_half.hold_at((mpq(1, 2),)), str(below_one_half)
    (True, False, '1/2 - x0 > 0')
    """

    positive: tuple[Linear, ...] = ()
    nonzero: tuple[Linear, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.positive or self.nonzero)

    def hold_at(self, point: Vector) -> bool:
        """Whether all of them hold at an input."""
        return all(_holds(form.at(point), sign) for form, sign in self._signed())

    def require_at(self, point: Vector, what: str = "the point") -> None:
        """Refuse an input at which one fails: raises :class:`~verishallow.errors.OutsideDomainError`."""
        for form, sign in self._signed():
            if not _holds(form.at(point), sign):
                raise OutsideDomainError(f"{what} lies outside the domain: {form} {sign} 0 fails, which is strict")

    def hold_somewhere(self, inputs: AffineMap) -> bool:
        """Whether a full-dimensional polyhedron on whose closure no form is negative has a point where all hold.

        ``inputs`` are those of the points of the polyhedron.
        """
        pulled = ((form.on(inputs), sign) for form, sign in self._signed())
        return not any(form.is_constant() and not _holds(form.constant, sign) for form, sign in pulled)

    def texts(self) -> tuple[str, ...]:
        """Each of them as it is written."""
        return tuple(f"{form} {sign} 0" for form, sign in self._signed())

    def __str__(self) -> str:
        texts = self.texts()
        more = len(texts) - MOST_SHOWN
        return ", ".join(texts[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")

    def _signed(self) -> Iterator[tuple[Linear, str]]:
        yield from ((form, ">") for form in self.positive)
        yield from ((form, "!=") for form in self.nonzero)


def _holds(value: mpq, sign: str) -> bool:
    return bool(value > 0 if sign == ">" else value)


NOT_STRICT = StrictRows()
"""Those of a closed domain: none."""


def towards_the_inside(closed: Polyhedron, rows: StrictRows, inputs: AffineMap, point: Vector) -> Iterator[Vector]:
    """Points of a domain, nearer and nearer to a point of its closure; that point itself where it is one of them.

    >>> rows = StrictRows((Linear(mpq(1), ((0, mpq(-1)),)),))
    >>> next(towards_the_inside(Polyhedron.box([(0, 1)]), rows, AffineMap.identity(1), (mpq(1),)))
    (mpq(3,4),)
    """
    if rows.hold_at(inputs(point)):
        yield point
        return
    inside, share = _inside(closed, rows, inputs), mpq(1)
    while True:
        share /= 2
        found = tuple(a + share * (b - a) for a, b in zip(point, inside, strict=True))
        if rows.hold_at(inputs(found)):
            yield found


def _inside(closed: Polyhedron, rows: StrictRows, inputs: AffineMap) -> Vector:
    """A point strictly inside, at which all rows hold: the middle, or one beside it, off finitely many hyperplanes."""
    middle, step, drawn = closed.interior_point(), mpq(1), Random(0)  # noqa: S311 - any direction does
    found = middle
    while not (closed.contains_strictly(found) and rows.hold_at(inputs(found))):
        step /= 2
        found = tuple(a + step * drawn.randint(-9, 9) for a in middle)
    return found
