"""Constraints of single inputs: the bounds of each input, and which inputs are fixed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.read.domains.vnnlib import Linear, Part


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from ``low`` to ``high``; ``None`` is no bound on that side."""

    low: mpq | None = None
    high: mpq | None = None

    @property
    def empty(self) -> bool:
        """Whether it contains no number."""
        return self.low is not None and self.high is not None and self.low > self.high

    @property
    def flat(self) -> bool:
        """Whether it contains exactly one number."""
        return self.low is not None and self.low == self.high


def intervals(part: Part) -> dict[int, Interval]:
    """The interval of each input that some form of this input alone bounds.

    >>> x_is_at_most_2 = Linear(mpq(2), ((0, mpq(-1)),))
    >>> intervals(Part((x_is_at_most_2,)))
    {0: Interval(low=None, high=mpq(2,1))}
    """
    lows, highs = dict[int, mpq](), dict[int, mpq]()
    for form, sides in _of_one_input(part):
        (position, a), bound = form.terms[0], -form.constant / form.terms[0][1]
        if a > 0 or sides == 2:
            lows[position] = max(lows.get(position, bound), bound)
        if a < 0 or sides == 2:
            highs[position] = min(highs.get(position, bound), bound)
    return {position: Interval(lows.get(position), highs.get(position)) for position in sorted({*lows, *highs})}


def _of_one_input(part: Part) -> Iterator[tuple[Linear, int]]:
    """The forms of one input, each with the number of sides (1 or 2) on which it bounds the input."""
    for forms, sides in ((part.inequalities, 1), (part.equations, 2)):
        yield from ((form, sides) for form in forms if len(form.terms) == 1)


def is_box(part: Part) -> bool:
    """Whether every form has at most one input."""
    return all(len(form.terms) < 2 for form in (*part.inequalities, *part.equations))


def never_true(part: Part) -> bool:
    """Whether a constraint without inputs is false."""
    below = any(form.constant < 0 for form in part.inequalities if not form.terms)
    at_most_0 = any(form.constant <= 0 for form in part.strict if not form.terms)
    zero = any(not form.constant for form in part.nonzero if not form.terms)
    return below or at_most_0 or zero or any(form.constant for form in part.equations if not form.terms)


def with_constants(fixed: Mapping[int, mpq], inputs: int) -> AffineMap:
    """The inputs as affine forms of the inputs that are not fixed.

    >>> with_constants({1: mpq(1, 2)}, 3).forms
    (AffineForm(x0), AffineForm(1/2), AffineForm(x1))
    """
    free = {i: number for number, i in enumerate(i for i in range(inputs) if i not in fixed)}
    zeros = (mpq(0),) * len(free)
    return AffineMap(
        tuple(
            AffineForm((fixed[i], *zeros)) if i in fixed else AffineForm.coordinate(free[i], len(free))
            for i in range(inputs)
        )
    )
