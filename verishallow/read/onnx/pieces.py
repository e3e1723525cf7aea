"""Functions that change only where one affine form takes given values: affine on each piece between, and there.

They may jump. A condition such as ``h > 0`` is one, and so is what a choice, a product or a sum makes of such: some of
them, as ``h > 0 ? h : h / 10``, are continuous again, and then a sum of ReLU.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gmpy2 import mpq

from verishallow.affine import ONE, ZERO
from verishallow.errors import LimitError, NetworkError
from verishallow.read.onnx.refusals import JUMPING, not_exact
from verishallow.read.onnx.tensors import MULTIPLICATIVE

CONSTANT = -1
"""The number of the variable that is always 1."""

MAX_BREAKS = 64
"""Values of one form at which a function may change."""

Form = dict[int, mpq]
"""An affine form: the coefficients, none of them 0, of variables, and of the one that is always 1."""


@dataclass(frozen=True, slots=True)
class Direction:
    """A form without constant term, its first coefficient 1; ``scale`` times it is the form that was first met."""

    terms: tuple[tuple[int, mpq], ...]
    scale: mpq = field(default=ONE, compare=False)

    @classmethod
    def of(cls, form: Form) -> "Direction":
        """That of a form that is not constant."""
        terms = sorted((variable, value) for variable, value in form.items() if variable != CONSTANT)
        first = terms[0][1]
        return cls(tuple((variable, value / first) for variable, value in terms), first)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A function by the value of one form: below the first break, at it, up to the next one, and so on.

    There are two more cells for each break. Without a direction it is one affine form everywhere.
    """

    direction: Direction | None
    breaks: tuple[mpq, ...]
    cells: tuple[Form, ...]

    def refined(self, breaks: Sequence[mpq]) -> "Pieces":
        """The same function with more breaks, in order."""
        if len(breaks) > MAX_BREAKS:
            raise LimitError(f"expected at most {MAX_BREAKS} values at which a choice changes, found {len(breaks)}")
        places = [bisect_left(self.breaks, value) for value in breaks]
        known = [p < len(self.breaks) and self.breaks[p] == value for p, value in zip(places, breaks, strict=True)]
        cells = [self.cells[0]]
        for place, is_old in zip(places, known, strict=True):
            at = 2 * place + 1 if is_old else 2 * place
            cells += [self.cells[at], self.cells[at + 1 if is_old else at]]
        return Pieces(self.direction, tuple(breaks), tuple(cells))

    def samples(self) -> list[mpq]:
        """A value of the form in each cell."""
        if not self.breaks:
            return [ZERO]
        between = [(low + high) / 2 for low, high in pairwise(self.breaks)]
        inner = [each for pair in zip(self.breaks, [*between, self.breaks[-1] + 1], strict=True) for each in pair]
        return [self.breaks[0] - 1, *inner]

    def mapped(self, function: Callable[[Form], Form]) -> "Pieces":
        """A function of each form, piece by piece."""
        return Pieces(self.direction, self.breaks, tuple(map(function, self.cells)))

    def simplified(self) -> "Pieces":
        """Without the breaks at which nothing changes."""
        kept = [
            number
            for number in range(len(self.breaks))
            if not self.cells[2 * number] == self.cells[2 * number + 1] == self.cells[2 * number + 2]
        ]
        cells = [self.cells[0], *(self.cells[2 * number + step] for number in kept for step in (1, 2))]
        return Pieces(self.direction if kept else None, tuple(self.breaks[number] for number in kept), tuple(cells))


def whole(form: Form) -> Pieces:
    """One form everywhere."""
    return Pieces(None, (), (form,))


def sum_of(first: Form, second: Form, factor: mpq = ONE) -> Form:
    """The first form and a multiple of the second."""
    if not second:
        return first
    total = dict(first)
    for variable, value in second.items():
        if changed := total.get(variable, ZERO) + factor * value:
            total[variable] = changed
        else:
            total.pop(variable, None)
    return total


def multiple(form: Form, factor: mpq) -> Form:
    """A multiple of a form."""
    if factor == ONE:
        return form
    return {variable: factor * value for variable, value in form.items()} if factor else {}


def product_of(first: Form, second: Form) -> Form:
    """The product of two forms, one of them constant."""
    if first.keys() <= {CONSTANT}:
        return multiple(second, first.get(CONSTANT, ZERO))
    if second.keys() <= {CONSTANT}:
        return multiple(first, second.get(CONSTANT, ZERO))
    raise NetworkError(f"both factors depend on the network's input: {MULTIPLICATIVE}")


def along(form: Form, direction: Direction) -> tuple[mpq, mpq] | None:
    """The form as ``a + b d`` with the direction d; None where it is none such."""
    slope, count = form.get(direction.terms[0][0], ZERO), len(form) - (CONSTANT in form)
    if count != (len(direction.terms) if slope else 0):
        return None
    if slope and any(form.get(variable) != slope * value for variable, value in direction.terms):
        return None
    return form.get(CONSTANT, ZERO), slope


def together(parts: Sequence[Pieces]) -> list[Pieces]:
    """The functions with the same breaks, of one direction."""
    directions = {part.direction for part in parts if part.direction is not None}
    if len(directions) > 1:
        raise not_exact(f"{JUMPING}, across hyperplanes that are not parallel")
    direction = next((part.direction for part in parts if part.direction is not None), None)
    breaks = sorted({value for part in parts for value in part.breaks})
    return [Pieces(direction, part.breaks, part.cells).refined(breaks) for part in parts]


def combined_pieces(function: Callable[..., Form], *parts: Pieces) -> Pieces:
    """A function of the forms of several, piece by piece."""
    alike = together(parts)
    cells = tuple(function(*forms) for forms in zip(*(part.cells for part in alike), strict=True))
    return Pieces(alike[0].direction, alike[0].breaks, cells).simplified()


def signs(part: Pieces) -> tuple[Pieces, list[int]]:
    """The function with breaks wherever its sign changes, and the sign in each cell."""
    if part.direction is None:
        if not part.cells[0].keys() <= {CONSTANT}:
            raise NetworkError("expected a direction for what is compared, found none")
        return part, [_sign(part.cells[0].get(CONSTANT, ZERO))]
    lines = [along(form, part.direction) for form in part.cells]
    if None in lines:
        raise not_exact(f"{JUMPING}, or bends, across hyperplanes that are not parallel")
    roots = _roots(part.breaks, [line for line in lines[::2] if line is not None])
    finer = part.refined(sorted({*part.breaks, *roots}))
    values = zip(finer.cells, finer.samples(), strict=True)
    return finer, [_sign(_value(form, part.direction, sample)) for form, sample in values]


def _roots(breaks: Sequence[mpq], lines: Sequence[tuple[mpq, mpq]]) -> list[mpq]:
    """Where each line is 0 inside its own piece."""
    bounds = zip([None, *breaks], [*breaks, None], lines, strict=True)
    roots = [(low, high, -shift / slope) for low, high, (shift, slope) in bounds if slope]
    return [root for low, high, root in roots if (low is None or low < root) and (high is None or root < high)]


def _value(form: Form, direction: Direction, sample: mpq) -> mpq:
    shift, slope = along(form, direction) or (ZERO, ZERO)
    return shift + slope * sample


def _sign(value: mpq) -> int:
    return int(value > 0) - int(value < 0)


@dataclass(frozen=True, slots=True)
class ScaledReLU:
    """``factor * ReLU(form)``."""

    factor: mpq
    form: Form


def bends(part: Pieces) -> tuple[Form, list[ScaledReLU]] | None:
    """A continuous function as an affine form and multiples of ReLU; None for one that jumps."""
    direction = part.direction
    if direction is None:
        return part.cells[0], []
    slopes = [_bend(part, number, direction) for number in range(len(part.breaks))]
    rises = [slope for slope in slopes if slope is not None]
    if len(rises) < len(slopes):
        return None
    start, size, terms = _start(part, direction), abs(direction.scale), dict(direction.terms)
    found = [
        ScaledReLU(rise / size, sum_of(multiple(terms, side), {CONSTANT: ONE}, -side * value))
        for number, (rise, value) in enumerate(zip(rises, part.breaks, strict=True))
        if rise and (side := size if number >= start else -size)
    ]
    return part.cells[2 * start], found


def _start(part: Pieces, direction: Direction) -> int:
    """The piece with which the sum begins: a constant one, which reads nothing; else that of the least values."""
    last = len(part.breaks)
    pieces = range(last + 1) if direction.scale > 0 else range(last, -1, -1)
    return next((number for number in pieces if part.cells[2 * number].keys() <= {CONSTANT}), pieces[0])


def is_seen_to_jump(part: Pieces, inputs: int) -> bool:
    """Whether two pieces differ, where they meet, by a number or by inputs; neurons might be equal there."""
    if part.direction is None:
        return False
    rests = [rest for number in range(len(part.breaks)) for rest in _differences(part, number, part.direction)]
    return any(rest and max(rest) < inputs for rest in rests)


def _differences(part: Pieces, number: int, direction: Direction) -> list[Form]:
    """How the value at a break, and the piece above, differ there from the piece below."""
    wall = sum_of(dict(direction.terms), {CONSTANT: ONE}, -part.breaks[number])
    left, *others = part.cells[2 * number : 2 * number + 3]
    steps = [sum_of(each, left, -ONE) for each in others]
    return [sum_of(step, wall, -step.get(direction.terms[0][0], ZERO)) for step in steps]


def _bend(part: Pieces, number: int, direction: Direction) -> mpq | None:
    """By how much the slope changes at a break; None where the function jumps there."""
    if any(_differences(part, number, direction)):
        return None
    first = direction.terms[0][0]
    return part.cells[2 * number + 2].get(first, ZERO) - part.cells[2 * number].get(first, ZERO)
