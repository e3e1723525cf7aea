"""Affine forms in neurons as functions of one form that those neurons bend: ``2 ReLU(h) - h`` by the value of h."""

from collections.abc import Callable
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import ONE
from verishallow.read.onnx.affine_rows import AffineRows
from verishallow.read.onnx.neurons import Neurons
from verishallow.read.onnx.pieces import CONSTANT, Direction, Form, Pieces, along, multiple, signs, sum_of, together


@dataclass(frozen=True, slots=True)
class Unfolding:
    """The neurons of a network as functions of one form each."""

    neurons: Neurons

    def directed(self, form: Form) -> Pieces:
        """A form by the value of the one that its last neuron bends, if that is all it depends on, else of itself."""
        variables = form.keys() - {CONSTANT}
        if not variables:
            return Pieces(None, (), (form,))
        direction = self._of_neuron(max(variables)).direction if max(variables) >= self.neurons.inputs else None
        if direction is not None:
            found = self.spread(form, direction)
            if all(along(cell, direction) is not None for cell in found.cells):
                return found
        return Pieces(Direction.of(form), (), (form,))

    def spread(self, form: Form, direction: Direction) -> Pieces:
        """A form with the pieces of those of its neurons that bend this direction."""
        bent = {
            variable: each
            for variable in self._later(form, direction)
            if (each := self._of_neuron(variable)).direction == direction
        }
        rest = {variable: value for variable, value in form.items() if variable not in bent}
        scaled = [each.mapped(_times(form[variable])) for variable, each in bent.items()]
        first, *others = together([Pieces(direction, (), (rest,)), *scaled])
        cells = list(first.cells)
        for other in others:
            cells = [sum_of(one, two) for one, two in zip(cells, other.cells, strict=True)]
        return Pieces(direction, first.breaks, tuple(cells))

    def _later(self, form: Form, direction: Direction) -> list[int]:
        """The neurons in a form that may bend a direction: they come after all that it reads."""
        least = max(self.neurons.inputs - 1, direction.terms[-1][0])
        return [variable for variable in form if variable > least]

    def _of_neuron(self, variable: int) -> Pieces:
        """A neuron as a function of one form; those that it needs are worked out before it, without recursion."""
        known, waiting = self.neurons.unfolded, [variable]
        while waiting:
            if waiting[-1] in known:
                waiting.pop()
            elif needed := self._unknown(form := form_of(*self.neurons.row(waiting[-1]))):
                waiting += needed
            else:
                finer, values = signs(self.directed(form))
                cells = tuple(cell if sign > 0 else {} for cell, sign in zip(finer.cells, values, strict=True))
                known[waiting.pop()] = Pieces(finer.direction, finer.breaks, cells)
        found: Pieces = known[variable]
        return found

    def _unknown(self, form: Form) -> list[int]:
        """The neurons that must be worked out before a form can be."""
        known, last = self.neurons.unfolded, max(form.keys() - {CONSTANT}, default=CONSTANT)
        if last < self.neurons.inputs:
            return []
        if last not in known:
            return [last]
        direction = known[last].direction
        return [] if direction is None else [each for each in self._later(form, direction) if each not in known]


def _times(factor: mpq) -> Callable[[Form], Form]:
    return lambda form: multiple(form, factor)


def form_of(rows: AffineRows, number: int) -> Form:
    """One row as a form, without zeros."""
    start, end = int(rows.starts[number]), int(rows.starts[number + 1])
    terms = zip(rows.variables[start:end].tolist(), rows.coefficients[start:end].tolist(), strict=True)
    form: Form = {variable: value for variable, value in terms if value}
    if constant := rows.constants[number]:
        form[CONSTANT] = constant * ONE
    return form
