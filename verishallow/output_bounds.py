"""Bounds of one output, from below and from above."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import InputError
from verishallow.rationals import format_rational, rational
from verishallow.spelling import Record, rational_texts


@dataclass(frozen=True, slots=True)
class Bound:
    """An interval for one output; ``None`` is no bound on that side.

    >>> print(Bound(0, mpq(-1, 2), None))
    -1/2 <= f_0
    """

    output: int
    low: mpq | None
    high: mpq | None

    def __post_init__(self) -> None:
        if type(self.output) is not int or self.output < 0:
            raise InputError(f"output: expected a number from 0 on, found {self.output!r}")
        if self.low is None and self.high is None:
            raise InputError(f"output {self.output}: expected a low or a high bound, found neither")

    @classmethod
    def of(cls, output: int, low: Any = None, high: Any = None) -> Self:
        """The bound with sides of any exact kind: integers, fractions, texts.

        >>> Bound.of(1, "-1/3", "0.5")
        Bound(output=1, low=mpq(-1,3), high=mpq(1,2))
        """
        return cls(output, *(None if side is None else rational(side) for side in (low, high)))

    def record(self) -> Record:
        """As the header spells it."""
        sides = {"low": self.low, "high": self.high}
        return {"output": self.output, **{side: rational_texts([b])[0] for side, b in sides.items() if b is not None}}

    def slacks(self, form: AffineForm) -> Iterator[AffineForm]:
        """What must not be negative where the output has this form."""
        dimension = form.dimension
        if self.low is not None:
            yield form - constant_form(self.low, dimension)
        if self.high is not None:
            yield constant_form(self.high, dimension) - form

    def __str__(self) -> str:
        low = "" if self.low is None else f"{format_rational(self.low)} <= "
        high = "" if self.high is None else f" <= {format_rational(self.high)}"
        return f"{low}f_{self.output}{high}"


def constant_form(value: mpq, dimension: int) -> AffineForm:
    """The form that is a number everywhere."""
    return AffineForm((value, *(mpq(0),) * dimension))
