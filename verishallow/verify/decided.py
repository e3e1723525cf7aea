"""Cells on which every neuron is decided: there the network is affine, and exact linear programs decide.

By Motzkin's theorem either some point of the cell is unsafe, or a combination of the rows is a contradiction: its
multipliers are the weights, betas and lambdas of a refutation, scaled so that nothing is rounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import lcm

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.network import rectified
from verishallow.polyhedron import MANY, Polyhedron
from verishallow.rationals import Vector
from verishallow.verify.attack import Counterexample, exact_counterexample
from verishallow.verify.problem import Problem
from verishallow.verify.relaxation import Multipliers
from verishallow.verify.state import ACTIVE, RelaxedCell
from verishallow.verify.tree import Refutation


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds where a point is unsafe: its form of the input, and what its multiplier is called."""

    form: AffineForm
    strict: bool = False
    name: tuple[str, int, int] = ("box", 0, 0)
    """("w", row, 0), ("lambda", row, 0), ("beta", layer, neuron), or ("box", 0, 0), which is not written."""


def conclusion(problem: Problem, cell: RelaxedCell) -> Counterexample | tuple[Refutation, ...] | None:
    """A counterexample in the cell, or a refutation of each conjunction; ``None`` where neither is found."""
    if problem.network.inputs > MANY:
        return None
    around, outputs = _rows_of(problem, cell)
    found = list[Refutation]()
    for number, unsafe in enumerate(problem.asked.unsafe):
        rows = [Row(_at_outputs(form, outputs), strict, ("w", j, 0)) for j, (form, strict) in enumerate(unsafe.pairs())]
        verdict = contradiction(problem.network.inputs, [*around, *rows])
        if isinstance(verdict, tuple):
            return exact_counterexample(problem.network, problem.asked, verdict)
        found.append(_refutation(problem, len(rows), [*around, *rows], verdict))
        del number
    return tuple(found) if problem.refuted([cell], [found])[0] else None


def _rows_of(problem: Problem, cell: RelaxedCell) -> tuple[list[Row], AffineMap]:
    """The rows of a cell, and the outputs on it."""
    network, n = problem.network, problem.network.inputs
    domain = [Row(form, strict, ("lambda", i, 0)) for i, (form, strict) in enumerate(problem.asked.domain.pairs())]
    sources, signed = [AffineMap.identity(n)], list[Row]()
    for k, layer in enumerate(network.hidden, start=1):
        forms = layer.on(sources)
        signed += [Row(forms.forms[i].scaled(mpq(s)), name=("beta", k, i)) for at, i, s in cell.signs if at == k]
        sources.append(rectified(forms, [kind == ACTIVE for kind in cell.layers[k - 1].kinds]))
    return [*domain, *map(Row, _sides(cell, n)), *signed], network.layers[-1].on(sources)


def _sides(cell: RelaxedCell, n: int) -> list[AffineForm]:
    lows = [(i, mpq(1), -a) for i, a in enumerate(cell.lows) if a is not None]
    highs = [(i, mpq(-1), a) for i, a in enumerate(cell.highs) if a is not None]
    return [AffineForm((b, *AffineForm.coordinate(i, n).scaled(s).linear)) for i, s, b in chain(lows, highs)]


def _at_outputs(form: AffineForm, outputs: AffineMap) -> AffineForm:
    """A form in inputs and outputs, where the outputs are affine."""
    n = outputs.forms[0].dimension
    total = AffineForm(form.row[: n + 1])
    for a, output in zip(form.row[n + 1 :], outputs.forms, strict=True):
        total = total + output.scaled(a) if a else total
    return total


def contradiction(dimension: int, rows: Sequence[Row]) -> Vector | list[mpq]:
    """A point where all rows hold, the strict ones strictly, as a tuple; or multipliers of a contradiction, as a list.

    Their combination is a negative number, or 0 with a strict row in it.

    >>> x = AffineForm.of([0, 1])
    >>> contradiction(1, [Row(x, strict=True), Row(-x)])
    [mpq(1,1), mpq(1,1)]
    """
    lifted = [AffineForm((*row.form.row, mpq(1))) for row in rows]
    slack = AffineForm.coordinate(dimension, dimension + 1)
    program = Polyhedron(dimension + 1, (*lifted, slack))
    least = program.minimise(slack)
    if least.value is not None and least.value > 0:
        return _dense(least.reason.multipliers, len(rows))
    if not any(row.strict for row in rows):
        return tuple(program.minimiser(slack)[:dimension])
    deeper = [AffineForm((*row.form.row, mpq(-1 if row.strict else 0))) for row in rows]
    at_most_one = AffineForm((mpq(1), *(mpq(0),) * dimension, mpq(-1)))
    program = Polyhedron(dimension + 1, (*deeper, at_most_one))
    least = program.minimise(-slack)
    if least.value is not None and least.value < 0:
        return tuple(program.minimiser(-slack)[:dimension])
    return _dense(least.reason.multipliers, len(rows))


def _dense(multipliers: Sequence[tuple[int, mpq]], many: int) -> list[mpq]:
    found = [mpq(0)] * many
    for index, value in multipliers:
        if index < many:
            found[index] = value
    return found


def _refutation(problem: Problem, many: int, rows: Sequence[Row], multipliers: Sequence[mpq]) -> Refutation:
    """The multipliers as integers so large that no coefficient of a neuron is rounded."""
    common = lcm(*(int(t.denominator) for t in multipliers)) * _denominators(problem)
    weights, betas, lambdas = [0] * many, dict[tuple[int, int], int](), dict[int, int]()
    for row, value in zip(rows, multipliers, strict=True):
        kind, first, second = row.name
        number = int(value * common)
        if number and kind == "w":
            weights[first] += number
        elif number and kind == "beta":
            betas[first, second] = betas.get((first, second), 0) + (number << problem.precision.slopes)
        elif number and kind == "lambda":
            lambdas[first] = number << problem.precision.slopes
    named = tuple((layer, neuron, t) for (layer, neuron), t in sorted(betas.items()))
    return Refutation(tuple(weights), Multipliers((), named, tuple(sorted(lambdas.items()))))


def _denominators(problem: Problem) -> int:
    """The product of the denominators that coefficients meet on their way backwards."""
    rows = (a for rows in problem.rows for row in rows for part in row.parts.values() for a in part)
    total = lcm(*(int(a.denominator) for a in rows))
    for layer in problem.layers.hidden:
        total *= max((block.denominator for block in layer.blocks), default=1)
    return total
