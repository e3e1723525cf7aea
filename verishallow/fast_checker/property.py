"""The claim ``property``: the checker's own walk, whose bounds of neurons are computed many at a time, in floats."""

from contextlib import suppress
from typing import Any

from verishallow.checker.property import Property
from verishallow.checker.relaxation import Cell
from verishallow.fast_checker.float_pass import FloatPasses, OutOfRangeError


class FastProperty(Property):
    """The walk of the stand-alone checker, with the same numbers sooner."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.passes: FloatPasses | None = None
        with suppress(OutOfRangeError):
            self.passes = FloatPasses(self.rule)

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
