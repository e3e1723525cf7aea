"""Answers in the syntax of the competition of verification tools, VNN-COMP: a word, and for "sat" the assignment."""

from gmpy2 import mpq

from verishallow.rationals import Vector
from verishallow.verify.verification import Outcome

WORDS = {"holds": "unsat", "violated": "sat", "unknown": "unknown"}


def competition_text(outcome: Outcome, *, late: bool = False) -> str:
    """The text of a result file; ``late`` says that an unknown verdict is one for want of time.

    Numbers are exact decimals where they have one, else the nearest doubles.

    >>> from verishallow import ReLUNetwork, verify
    >>> slope = ReLUNetwork.of([([[1]], [0]), ([[1]], ["1/4"])])
    >>> print(competition_text(verify(slope, lambda x, y: y[0] >= 1, "box:0,2")))
    sat
    ((X_0 2)
     (Y_0 2.25))
    <BLANKLINE>
    """
    word = "timeout" if late and outcome.verdict == "unknown" else WORDS[outcome.verdict]
    if outcome.point is None or outcome.outputs is None:
        return f"{word}\n"
    listed = "\n ".join([*_assigned("X", outcome.point), *_assigned("Y", outcome.outputs)])
    return f"{word}\n({listed})\n"


def timed_out(outcome: Outcome, timeout: float | None) -> bool:
    """Whether a search ended because its time was over."""
    return outcome.verdict == "unknown" and timeout is not None and outcome.seconds >= timeout


def _assigned(letter: str, values: Vector) -> list[str]:
    return [f"({letter}_{number} {decimal(value)})" for number, value in enumerate(values)]


def decimal(value: mpq) -> str:
    """A rational as a decimal: exactly, if its denominator has the primes 2 and 5 alone and it is short.

    >>> decimal(mpq(-5, 4)), decimal(mpq(1, 3))
    ('-1.25', '0.3333333333333333')
    """
    places = _places(int(value.denominator))
    if places is None:
        return repr(float(value))
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    whole, rest = (digits[: len(digits) - places], digits[len(digits) - places :])
    return ("-" if value < 0 else "") + whole + (f".{rest}" if rest else "")


LONGEST = 60
"""Decimal places that are written out."""


def _places(denominator: int) -> int | None:
    """The number of decimal places of 1 / denominator, if there are few."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 and max(twos, fives) <= LONGEST else None
