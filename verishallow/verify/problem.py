"""A network and a property of it, made ready for both arithmetics."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from gmpy2 import mpq, mpz

from verishallow.network import ReLUNetwork
from verishallow.read.properties.property import Property
from verishallow.verify.float_bounds import FloatCells
from verishallow.verify.float_layers import Array, FloatLayers, nearest
from verishallow.verify.integer_layers import IntegerLayers
from verishallow.verify.outputs import SourceForm, substituted
from verishallow.verify.precision import RoundingBits
from verishallow.verify.relaxation import Relaxation
from verishallow.verify.state import RelaxedCell, Sides
from verishallow.verify.tree import Refutation

Question = tuple[ReLUNetwork, Property, RoundingBits, Sides, Sides]
"""The fields of a problem, without what is computed of them."""


@dataclass(frozen=True)
class Problem:
    """What is asked, of a network whose last layer the property's outputs are; and the box around its domain."""

    network: ReLUNetwork
    asked: Property
    precision: RoundingBits
    lows: Sides
    highs: Sides

    @classmethod
    def of(cls, network: ReLUNetwork, asked: Property, precision: RoundingBits) -> Self:
        """The problem whose box has the tightest rows of one input each as its sides."""
        return cls(network, asked, precision, *box_of_rows(asked))

    @property
    def question(self) -> Question:
        """What a worker needs to know of it."""
        return self.network, self.asked, self.precision, self.lows, self.highs

    @cached_property
    def rows(self) -> tuple[tuple[SourceForm, ...], ...]:
        """Per conjunction its rows, as forms of the sources."""
        return tuple(tuple(substituted(self.network, form) for form in each.forms) for each in self.asked.unsafe)

    @cached_property
    def layers(self) -> IntegerLayers:
        """The network over integers."""
        return IntegerLayers.of(self.network, self.precision, [row for rows in self.rows for row in rows])

    @cached_property
    def rule(self) -> Relaxation:
        """Exact bounds."""
        return Relaxation(self.layers, self.asked.domain.forms)

    @cached_property
    def floats(self) -> FloatLayers:
        """The network in floating point."""
        return FloatLayers.of(self.network, [each.forms for each in self.asked.unsafe])

    @cached_property
    def float_domain(self) -> Array:
        """The rows of the domain in floats that are more than sides of a box."""
        rows = [[nearest(a) for a in self.asked.domain.forms[number].row] for number in self.slanted]
        return np.array(rows).reshape(len(rows), self.network.inputs + 1)

    @cached_property
    def slanted(self) -> tuple[int, ...]:
        """The numbers of the rows of the domain in more than one input."""
        return tuple(i for i, form in enumerate(self.asked.domain.forms) if sum(a != 0 for a in form.linear) > 1)

    @cached_property
    def root(self) -> RelaxedCell:
        """The whole domain, where nothing is known."""
        return RelaxedCell.root(self.network, self.lows, self.highs)

    def in_floats(self, cells: Sequence[RelaxedCell]) -> FloatCells:
        """Cells in floats."""
        return FloatCells.of(cells, self.precision.bounds)

    # ------------------------------------------------------------------------------------------- Refutations

    def objective(self, conjunction: int, weights: Sequence[int]) -> SourceForm:
        """The form - sum of w_j r_j, which is above 0 on a cell that has no point of the conjunction."""
        total = SourceForm(mpq(0), (mpq(0),) * self.network.inputs, {})
        for row, weight in zip(self.rows[conjunction], weights, strict=True):
            total = total.plus(row.scaled(mpq(mpz(-weight)))) if weight else total
        return total

    def refuted(self, cells: Sequence[RelaxedCell], refutations: Sequence[Sequence[Refutation]]) -> list[bool]:
        """Per cell whether its refutations, one per conjunction, hold."""
        pairs = [(index, number) for index, each in enumerate(refutations) for number in range(len(each))]
        if not pairs:
            return [True] * len(cells)
        chosen = [refutations[index][number] for index, number in pairs]
        forms = self.layers.forms(
            [self.objective(number, each.weights) for (_, number), each in zip(pairs, chosen, strict=True)]
        )
        node = np.array([index for index, _ in pairs], dtype=np.intp)
        placed = forms.of(np.arange(len(pairs)), node)
        lows = self.rule.low(placed, cells, [each.multipliers for each in chosen])
        holds = [True] * len(cells)
        for (index, number), low, each in zip(pairs, lows, chosen, strict=True):
            enough = low is not None and (low > 0 or (low == 0 and self.strictly(number, each)))
            holds[index] = holds[index] and enough
        return holds

    def strictly(self, conjunction: int, reason: Refutation) -> bool:
        """Whether a refutation uses a strict row, so that a bound of 0 is enough."""
        rows = any(reason.weights[j] for j in self.asked.unsafe[conjunction].strict)
        return rows or any(number in self.asked.domain.strict for number, _ in reason.multipliers.lambdas)


def box_of_rows(asked: Property) -> tuple[Sides, Sides]:
    """The sides that rows in one input each give; ``None`` where there is none."""
    lows, highs = [None] * asked.inputs, [None] * asked.inputs
    for form in asked.domain.forms:
        entries = [(i, a) for i, a in enumerate(form.linear) if a]
        if len(entries) == 1:
            ((i, a),) = entries
            bound, sides, tighter = -form.constant / a, lows if a > 0 else highs, max if a > 0 else min
            sides[i] = bound if sides[i] is None else tighter(sides[i], bound)
    return tuple(lows), tuple(highs)
