"""The claim ``property``: the checker's own walk, with the same numbers sooner."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from verishallow.checker.property import Property
from verishallow.checker.relaxation import Cell, Form, Reason, Relaxation, SourceForm
from verishallow.fast_checker.float_pass import FloatPasses, OutOfRangeError


@dataclass(frozen=True, eq=False)
class IntegerRows:
    """Rows of U over integers: what sums of them with integer weights are, without rationals.

    ``exact`` are the rule's [c, A_0] of each row, and ``parts`` the numerators of each row's A_s, for each layer s,
    with their common denominator.
    """

    bits: int
    exact: list[list[int]]
    parts: dict[int, tuple[list[list[int]], int]]

    @classmethod
    def of(cls, rule: Relaxation, rows: Sequence[SourceForm]) -> "IntegerRows":
        """The rows of one network's property."""
        sources = sorted({source for row in rows for source in row.parts})
        parts = {source: numerators([row.parts.get(source, []) for row in rows]) for source in sources}
        return cls(rule.precision.coefficients, [rule.start(row).exact for row in rows], parts)

    def form(self, weights: Sequence[tuple[int, int]]) -> Form:
        """The sum of rows, given as pairs (row, weight), as the rule begins with it."""
        exact = summed(self.exact, weights)
        parts = {source: (summed(rows, weights), common) for source, (rows, common) in self.parts.items()}
        return Form(exact, {s: [(a << self.bits) // common for a in part] for s, (part, common) in parts.items()})


def numerators(rows: Sequence[Sequence[Fraction]]) -> tuple[list[list[int]], int]:
    """Rows over one denominator; those that are empty are 0."""
    common, width = lcm(*(a.denominator for row in rows for a in row)), max(map(len, rows))
    return [[int(a * common) for a in row] or [0] * width for row in rows], common


def summed(rows: Sequence[Sequence[int]], weights: Sequence[tuple[int, int]]) -> list[int]:
    """The sum of rows with weights."""
    total = [0] * len(rows[0])
    for number, weight in weights:
        total = [a + weight * b for a, b in zip(total, rows[number], strict=True)]
    return total


class FastProperty(Property):
    """The walk of the stand-alone checker: bounds of neurons are computed many at a time, in floats.

    What it is about to refute are sums of rows: here each row stands for itself, as a part of its number, until a sum
    is bounded.
    """

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.passes: FloatPasses | None = None
        with suppress(OutOfRangeError):
            self.passes = FloatPasses(self.rule)
        self.rows = IntegerRows.of(self.rule, [row for rows in self.unsafe for row in rows])
        zeros, numbers = [Fraction(0)] * (1 + self.network.inputs), iter(range(len(self.rows.exact)))
        self.unsafe = [[SourceForm(zeros, {next(numbers): [Fraction(1)]}) for _ in rows] for rows in self.unsafe]

    def neuron_lows(self, number: int, cell: Cell, asked: list[tuple[int, int]]) -> list[int | None]:
        """The checker's numbers."""
        if self.passes:
            spent = self.rule.spent
            self.rule.spend(number, len(asked))
            try:
                return self.passes.lows(number, cell, asked)
            except OutOfRangeError:
                self.rule.spent = spent
        return super().neuron_lows(number, cell, asked)

    def form_low(self, form: SourceForm, cell: Cell, reason: Reason) -> int | None:
        """The checker's number, for a sum of rows."""
        if not form.parts:
            return super().form_low(form, cell, reason)
        self.rule.spend(self.network.last, 1)
        return self.rule.low(
            self.rows.form([(row, int(weight)) for row, (weight,) in form.parts.items()]), cell, reason
        )
