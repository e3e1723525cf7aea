"""Conjunctions of affine rows, each strict or not, over the rationals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from verishallow.affine import ONE, AffineForm
from verishallow.errors import InputError
from verishallow.rationals import Vector, vector


@dataclass(frozen=True, slots=True)
class Conjunction:
    """The points where every form is at least 0, and those numbered in ``strict`` are above 0.

    No form at all: every point.

    >>> Conjunction.of([[0, 1], [1, -1]], strict=[1]).contains([1])
    False
    """

    forms: tuple[AffineForm, ...] = ()
    strict: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(form.dimension != self.forms[0].dimension for form in self.forms):
            raise InputError(f"expected rows of one length, found {sorted({len(form.row) for form in self.forms})}")
        if sorted(set(self.strict)) != list(self.strict) or not all(0 <= i < len(self.forms) for i in self.strict):
            raise InputError(f"expected increasing numbers of {len(self.forms)} rows, found {list(self.strict)}")

    @classmethod
    def of(cls, rows: Iterable[Iterable[Any]], strict: Iterable[int] = ()) -> Self:
        """The conjunction of rows ``[b, a1, ..., an]`` of exact numbers."""
        return cls(tuple(map(AffineForm.of, rows)), tuple(strict))

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[AffineForm, bool]]) -> Self:
        """The conjunction of pairs (form, whether it is strict)."""
        listed = list(pairs)
        return cls(tuple(form for form, _ in listed), tuple(i for i, (_, strict) in enumerate(listed) if strict))

    def pairs(self) -> tuple[tuple[AffineForm, bool], ...]:
        """Each form, and whether it is strict."""
        return tuple((form, number in self.strict) for number, form in enumerate(self.forms))

    def contains(self, point: Iterable[Any]) -> bool:
        """Whether every row holds at a point."""
        homogeneous: Vector = (ONE, *vector(point))
        values = ((form.at_homogeneous(homogeneous), strict) for form, strict in self.pairs())
        return all(value > 0 or (value == 0 and not strict) for value, strict in values)

    def also(self, other: "Conjunction") -> "Conjunction":
        """The points of both."""
        return Conjunction.of_pairs([*self.pairs(), *other.pairs()])

    def key(self) -> frozenset[tuple[AffineForm, bool]]:
        """What it says, whatever the order and the scale of its rows."""
        return frozenset((form.primitive(), strict) for form, strict in self.pairs())
