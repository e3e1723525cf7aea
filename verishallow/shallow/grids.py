"""Grids of inputs, such as pixels k/255, and gates of finite weight that are exact on them.

On a grid the values of an affine form are a residue plus the multiples of a step. So a gate can be shifted into the
gap between the last value on one side of a hyperplane and the first one on the other: it is 0 at the grid points of one
side and at least the step at all others. Then a finite weight switches a unit off as well as an infinite one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd, lcm
from typing import Any, Self

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import InputError
from verishallow.rationals import Vector, listed, parse_rational, vector


@dataclass(frozen=True, slots=True)
class Grid:
    """The points whose coordinates are ``offset + k * step`` with integers k; each input has its own offset and step.

    >>> pixels = Grid.of([(0, "1/255")] * 2)
    >>> pixels.contains(["3/255", 1]), pixels.contains(["1/2", 0])
    (True, False)
    """

    offsets: Vector
    steps: Vector

    def __post_init__(self) -> None:
        if len(self.offsets) != len(self.steps):
            raise InputError(f"grid: expected a step for each offset, found {len(self.steps)} and {len(self.offsets)}")
        if not self.steps:
            raise InputError("grid: expected an offset and a step for each input, found none")
        if any(step <= 0 for step in self.steps):
            raise InputError("grid: expected positive steps")

    @classmethod
    def parsed(cls, text: str, inputs: int) -> Self:
        """The grid that a text spells: one step for all inputs or one per input, each with an optional offset after @.

        >>> Grid.parsed("1/4", 2).steps, Grid.parsed("1/4,1@1/2", 2).offsets
        ((mpq(1,4), mpq(1,4)), (mpq(0,1), mpq(1,2)))
        """
        entries = [entry.partition("@") for entry in text.split(",")]
        pairs = [(parse_rational(offset) if at else mpq(0), parse_rational(step)) for step, at, offset in entries]
        if len(pairs) not in (1, inputs):
            raise InputError(f"grid: expected one step, or {inputs}, one for each input, found {len(pairs)}")
        return cls.of(pairs * inputs if len(pairs) == 1 else pairs)

    @classmethod
    def meant(cls, given: Any, inputs: int) -> Self:
        """A grid itself, or what :meth:`parsed` makes of a text.

        >>> Grid.meant(3, 1)
        Traceback (most recent call last):
        verishallow.errors.InputError: grid: expected a Grid, or a text such as '1/255', found 3
        """
        if not isinstance(given, cls | str):
            raise InputError(f"grid: expected a Grid, or a text such as '1/255', found {given!r}")
        return cls.parsed(given, inputs) if isinstance(given, str) else given

    @classmethod
    def of(cls, pairs: Iterable[tuple[Any, Any]]) -> Self:
        """The grid of these pairs (offset, step)."""
        numbers = [vector(pair) for pair in listed(pairs, "grid: expected pairs (offset, step), one per input")]
        if any(len(pair) != 2 for pair in numbers):
            raise InputError("grid: expected pairs (offset, step), one per input, found other lengths")
        return cls(tuple(offset for offset, _ in numbers), tuple(step for _, step in numbers))

    @property
    def dimension(self) -> int:
        """The number of inputs."""
        return len(self.steps)

    def contains(self, point: Iterable[Any]) -> bool:
        """Whether a point lies on the grid."""
        found = vector(point)
        if len(found) != self.dimension:
            raise InputError(f"point: expected {self.dimension} coordinates, found {len(found)}")
        triples = zip(found, self.offsets, self.steps, strict=True)
        return all(((x - offset) / step).denominator == 1 for x, offset, step in triples)

    def values(self, form: AffineForm) -> tuple[mpq, mpq]:
        """The residue and the step of a non-constant form: its values on the grid are residue + k step.

        >>> Grid.of([(0, "1/2"), ("1/3", 1)]).values(AffineForm.of([0, 1, 1]))
        (mpq(1,3), mpq(1,2))
        """
        factors = [a * step for a, step in zip(form.linear, self.steps, strict=True) if a]
        below = lcm(*(int(a.denominator) for a in factors))
        step = mpq(gcd(*(int(a * below) for a in factors)), below)
        return form(self.offsets) % step, step

    def owned(self, side: AffineForm) -> bool:
        """Whether the grid points of a hyperplane belong to its side ``side >= 0``."""
        return next(a for a in side.linear if a) > 0 or bool(self.values(side)[0])

    def gate(self, side: AffineForm) -> AffineForm:
        """The form whose ReLU is 0 at all grid points that belong to ``side >= 0``, and at least a step at all others.

        >>> halves = Grid.of([(0, "1/2")])
        >>> halves.gate(AffineForm.of([-1, 3])), halves.gate(AffineForm.of([1, -3]))
        (AffineForm(3/2 - 3*x0), AffineForm(3*x0))
        """
        positive = next(a for a in side.linear if a) > 0
        residue, step = self.values(side if positive else -side)
        return _shifted(-side, residue if positive else step - residue)

    def beyond(self, side: AffineForm) -> AffineForm:
        """The primitive form that is non-negative exactly where the gate of a side is at least a step."""
        return _shifted(self.gate(side), -self.values(side)[1]).primitive()


def _shifted(form: AffineForm, constant: mpq) -> AffineForm:
    return AffineForm((form.constant + constant, *form.linear))


def least_power(value: mpq) -> mpq:
    """The least power of two that is at least a number; 1 for 0, for which any would do.

    >>> least_power(mpq(5)), least_power(mpq(1, 4)), least_power(mpq(1, 5)), least_power(mpq(0))
    (mpq(8,1), mpq(1,4), mpq(1,4), mpq(1,1))
    """
    if value <= 0:
        return mpq(1)
    exponent = int(value.numerator).bit_length() - int(value.denominator).bit_length() - 1
    power = mpq(2) ** exponent
    while power < value:
        power *= 2
    return power
