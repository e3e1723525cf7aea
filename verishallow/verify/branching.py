"""Where to split a cell: rules that each see something else, none of which is best everywhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.verify.float_bounds import FloatCells, bounded
from verishallow.verify.float_layers import Array
from verishallow.verify.problem import Problem
from verishallow.verify.slopes import Ascent, Reasons
from verishallow.verify.state import RelaxedCell
from verishallow.verify.tree import Halving, SignSplit

MOST_TRIED = 6
"""Inputs whose halves are bounded before one is chosen."""

TRIAL_STEPS = 6


@dataclass(frozen=True, slots=True)
class Unclosed:
    """Cells that are to be split: as they are known in floats, each with its conjunction that is furthest from done."""

    problem: Problem
    known: FloatCells
    worst: Reasons
    conjunctions: NDArray[np.intp]
    depths: NDArray[np.intp]


Rule = Callable[[Unclosed], list[Halving | SignSplit | None]]
"""Per cell where to split it; ``None``: the rule sees nothing to split."""


def by_pull(cells: Unclosed) -> list[Halving | SignSplit | None]:
    """The input on which the form that is left hangs most."""
    return _halvings(pulls(cells))


def in_turn(cells: Unclosed) -> list[Halving | SignSplit | None]:
    """By the gain of halving at even depths, by pull at odd ones, each with a little of the other."""
    pull, gain = _shares(pulls(cells)), _shares(gains(cells))
    odd = (cells.depths % 2 == 1)[:, None]
    return _halvings(np.where(odd, gain + 0.1 * pull, pull + 0.1 * gain))


def by_gain(cells: Unclosed) -> list[Halving | SignSplit | None]:
    """The input whose halves have the best bounds."""
    return _halvings(_shares(gains(cells)) + 0.01 * _shares(pulls(cells)))


def by_sign(cells: Unclosed) -> list[Halving | SignSplit | None]:
    """The neuron at which the bound loses most."""
    loss = _sizes(cells)
    where = loss.argmax(axis=1)
    ends = np.cumsum([losses.shape[1] for losses in cells.worst.losses])
    found = list[Halving | SignSplit | None]()
    for line, number in enumerate(where.tolist()):
        layer = int(np.searchsorted(ends, number, side="right"))
        neuron = number - (int(ends[layer - 1]) if layer else 0)
        found.append(SignSplit(layer + 1, neuron) if loss[line, number] > 0 else None)
    return found


def mixed(cells: Unclosed) -> list[Halving | SignSplit | None]:
    """The input by gain, or the neuron, whichever the bound owes more to: its form over the box, or one relaxation."""
    halvings, signs = in_turn(cells), by_sign(cells)
    hangs, losses = pulls(cells).max(axis=1), _sizes(cells).max(axis=1)
    return [
        s if s is not None and loss > pull else h
        for h, s, pull, loss in zip(halvings, signs, hangs, losses, strict=True)
    ]


def _sizes(cells: Unclosed) -> Array:
    """How much is lost at most at each unstable neuron: at the point that counts, or what it may be."""
    sizes = [
        np.where(kind == 0, np.maximum(np.abs(loss), TINY * np.minimum(-low, high)), 0.0)
        for loss, kind, low, high in zip(
            cells.worst.losses, cells.known.kinds, cells.known.below, cells.known.above, strict=True
        )
    ]
    found: Array = np.nan_to_num(np.concatenate(sizes, axis=1), posinf=HUGE)
    return found


TINY, HUGE = 1e-6, 1e30


def pulls(cells: Unclosed) -> Array:
    """How far the form that is left goes along each side of the box."""
    width = cells.known.highs - cells.known.lows
    found: Array = np.where(np.isinf(width), HUGE, np.abs(cells.worst.form) * np.where(np.isinf(width), 0.0, width))
    return np.where(width > 0, found + TINY * np.minimum(width, 1.0), 0.0)


def gains(cells: Unclosed) -> Array:
    """What the bounds of both halves have more, together, than twice the bound now; 0 for inputs that are not tried."""
    pull = pulls(cells)
    many = min(MOST_TRIED, pull.shape[1])
    tried = np.argsort(-pull, axis=1, kind="stable")[:, :many]
    count = len(pull)
    lines = np.repeat(np.arange(count), 2 * many)
    halves = _halves(cells.known.taken(lines), np.repeat(tried.ravel(), 2))
    known = bounded(cells.problem.floats, halves)
    ascent = Ascent(cells.problem.floats, cells.problem.float_domain)
    low = ascent.reasons(known, cells.conjunctions[lines], TRIAL_STEPS).low.reshape(count, many, 2)
    before = np.maximum(cells.worst.low, -HUGE)[:, None]
    better = np.maximum(np.minimum(low, 0.0), -HUGE).sum(axis=2) - 2 * before
    found = np.zeros_like(pull)
    np.put_along_axis(found, tried, np.maximum(better, 0.0), axis=1)
    return np.where(pull > 0, found, 0.0)


def _halves(cells: FloatCells, inputs: NDArray[np.intp]) -> FloatCells:
    """Of each two equal cells the lower and the upper half."""
    lows, highs, lines = cells.lows.copy(), cells.highs.copy(), np.arange(len(inputs))
    at = _float_middle(lows[lines, inputs], highs[lines, inputs])
    highs[lines[::2], inputs[::2]] = at[::2]
    lows[lines[1::2], inputs[1::2]] = at[1::2]
    return cells.with_boxes(lows, highs)


def _float_middle(low: Array, high: Array) -> Array:
    low, high = (
        np.where(np.isinf(low), np.minimum(high, 0.0) * 2 - 1, low),
        np.where(np.isinf(high), np.maximum(low, 0) * 2 + 1, high),
    )
    return (np.where(np.isinf(low), -1.0, low) + np.where(np.isinf(high), 1.0, high)) / 2


def _shares(values: Array) -> Array:
    most: Array = values.max(axis=1, keepdims=True, initial=0.0)
    return values / np.maximum(most, 1e-300)


def _halvings(scores: Array) -> list[Halving | SignSplit | None]:
    chosen = scores.argmax(axis=1).tolist()
    return [Halving(i, mpq(0)) if scores[line, i] > 0 else None for line, i in enumerate(chosen)]


def middle(cell: RelaxedCell, number: int, bits: int) -> mpq | None:
    """The multiple of 2^-bits nearest to the middle of a side, ``None`` if none is inside; far out, a double."""
    low, high = cell.lows[number], cell.highs[number]
    if low is None or high is None:
        if low is None and high is None:
            return mpq(0)
        if low is None:
            return _rounded(2 * min(high, mpq(0)) - 1, bits) if high is not None else None
        return _rounded(2 * max(low, mpq(0)) + 1, bits)
    at = _rounded((low + high) / 2, bits)
    return at if low < at < high else None


def _rounded(value: mpq, bits: int) -> mpq:
    return mpq((2 * value * (1 << bits) + 1) // 2, 1 << bits)


RULES: dict[str, Rule] = {"turn": in_turn, "sign": by_sign, "pull": by_pull, "mixed": mixed, "gain": by_gain}


FEW_NEURONS = 16
"""So few unstable neurons are split by their signs, which ends for sure."""

FEW_INPUTS = 16


def portfolio(free: int, unstable: int) -> Sequence[str]:
    """The rules to try, in their order, for so many inputs that are not fixed and so many unstable neurons."""
    if unstable <= FEW_NEURONS:
        return ("sign", "turn", "mixed")
    return ("turn", "pull", "mixed", "sign") if free <= FEW_INPUTS else ("sign", "mixed", "turn")
