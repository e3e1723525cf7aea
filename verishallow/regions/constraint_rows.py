"""Constraints as integer rows, the form in which the tree of the engine ``lattice`` handles them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.farkas import FarkasCertificate
from verishallow.polyhedron import Polyhedron
from verishallow.regions.integer_network import primitive_integers

Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Constraints:
    """The constraints of a node by number: integer rows, their linear parts, and the neurons that they come from."""

    rows: tuple[Row, ...]
    slopes: tuple[Row, ...]
    numbers: dict[int, int]
    """The number of the path constraint that comes from a neuron (by column)."""

    def with_split(self, row: Row, slope: Row, column: int) -> "Constraints":
        """One more constraint."""
        return Constraints((*self.rows, row), (*self.slopes, slope), {**self.numbers, column: len(self.rows)})


def reason_by_linear_program(
    constraints: Constraints, form: Row, scale: int, usable: Sequence[int], free: Collection[int]
) -> FarkasCertificate:
    """The reason by an exact linear program, for when rounding chose a wrong point or many constraints meet."""
    polyhedron = Polyhedron(len(form) - 1, tuple(affine_form(constraints.rows[number]) for number in usable))
    equations = [index for index, number in enumerate(usable) if number in free]
    reason = polyhedron.minimise(affine_form(form), equations).reason
    return FarkasCertificate(tuple((usable[index], value / scale) for index, value in reason.multipliers))


def rounded(form: Row) -> list[float]:
    """The form as floats, divided by its largest coefficient."""
    size = max(map(abs, form))
    return [a / size for a in form]


def oriented(form: Row, active: bool) -> Row:
    """The form, or its negative."""
    return form if active else tuple(-a for a in form)


def integer_row_of(form: AffineForm) -> Row:
    """The primitive integer row of a form; zero stays zero."""
    return tuple(primitive_integers(form.row)) if any(form.row) else tuple(0 for _ in form.row)


def leading(row: Row) -> int:
    """The position of the first non-zero linear coefficient."""
    return next(i for i, a in enumerate(row) if a and i)


def plane_row(form: Row) -> Row:
    """The hyperplane where a form vanishes, as :func:`verishallow.affine.plane_of`."""
    divisor = gcd(*form)
    return tuple(a // divisor for a in form) if form[leading(form)] > 0 else tuple(-a // divisor for a in form)


def affine_form(row: Sequence[Any]) -> AffineForm:
    """The affine form of an integer row."""
    return AffineForm(tuple(map(mpq, row)))
