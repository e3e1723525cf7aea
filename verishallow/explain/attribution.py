"""Attributions: one number per feature; they add up exactly to a difference of two values of the function."""

from collections.abc import Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import ZERO
from verishallow.errors import ProofError
from verishallow.rationals import Vector


@dataclass(frozen=True, slots=True)
class Attribution:
    """The share of each feature in the change of an output from ``baseline_output`` to ``output``.

    Completeness, ``sum(values) == output - baseline_output``, is checked when it is made.

    >>> Attribution((mpq(1), mpq(2)), mpq(5), mpq(3))
    Traceback (most recent call last):
    verishallow.errors.ProofError: the attributions add up to 3, expected 5 - 3
    """

    values: Vector
    output: mpq
    baseline_output: mpq

    def __post_init__(self) -> None:
        total = sum(self.values, ZERO)
        if total != self.output - self.baseline_output:
            raise ProofError(f"the attributions add up to {total}, expected {self.output} - {self.baseline_output}")


def mean_attribution(found: Sequence[Attribution]) -> Attribution:
    """The mean of attributions to several baselines, an attribution to their mean output.

    >>> one, other = Attribution((mpq(2),), mpq(5), mpq(3)), Attribution((mpq(4),), mpq(5), mpq(1))
    >>> mean_attribution([one, other])
    Attribution(values=(mpq(3,1),), output=mpq(5,1), baseline_output=mpq(2,1))
    """
    count = len(found)
    values = tuple(sum(column, ZERO) / count for column in zip(*(each.values for each in found), strict=True))
    return Attribution(values, found[0].output, sum((each.baseline_output for each in found), ZERO) / count)
