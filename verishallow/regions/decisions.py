"""Decisions of one node, held as integers: their thousands of multipliers become rationals only when they are read."""

from collections.abc import Iterator, Sequence
from math import lcm
from typing import overload

from gmpy2 import mpq

from verishallow.farkas import FarkasCertificate
from verishallow.regions.cell_tree import Decision

IntegerDecision = tuple[int, Sequence[int], Sequence[int], int]
"""A neuron, the numbers of constraints, and their multipliers up to a common sign: integers over one denominator."""


class IntegerDecisions(Sequence[Decision]):
    """Decisions whose reasons have one denominator each; multipliers 0 are left out of the reasons.

    >>> found = IntegerDecisions()
    >>> found.add((7, (2, 5), (-4, 0), 6))
    >>> found[0]
    Decision(neuron=7, reason=FarkasCertificate(multipliers=((2, mpq(2,3)),)))
    """

    __slots__ = ("add", "integers")

    def __init__(self) -> None:
        self.integers: list[IntegerDecision] = []
        self.add = self.integers.append

    def add_reason(self, neuron: int, reason: FarkasCertificate) -> None:
        """One more decision, whose multipliers are not negative."""
        denominator = lcm(*(int(value.denominator) for _, value in reason.multipliers))
        values = [int(value * denominator) for _, value in reason.multipliers]
        self.add((neuron, [number for number, _ in reason.multipliers], values, denominator))

    @overload
    def __getitem__(self, index: int) -> Decision: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Decision]: ...
    def __getitem__(self, index: int | slice) -> Decision | Sequence[Decision]:
        """A decision, with its reason in rationals."""
        if isinstance(index, slice):
            return [_decision(integers) for integers in self.integers[index]]
        return _decision(self.integers[index])

    def __iter__(self) -> Iterator[Decision]:
        return map(_decision, self.integers)

    def __len__(self) -> int:
        return len(self.integers)


def _decision(integers: IntegerDecision) -> Decision:
    neuron, numbers, values, denominator = integers
    pairs = zip(numbers, values, strict=True)
    return Decision(neuron, FarkasCertificate(tuple((number, mpq(abs(a), denominator)) for number, a in pairs if a)))
