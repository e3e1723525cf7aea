"""Whether a fixed first dimension is a batch: at some points all outputs are those of each sample alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from gmpy2 import mpq

from verishallow.errors import NetworkError
from verishallow.network import ReLUNetwork

ROUNDS = 3
"""Points at which the two are compared."""


@dataclass(frozen=True, slots=True)
class SampleSizes:
    """How many numbers each input and each output has."""

    inputs: Sequence[int]
    outputs: Sequence[int]


def require_samples(
    sample: ReLUNetwork, sizes: SampleSizes, whole: ReLUNetwork, whole_sizes: SampleSizes, batch: int
) -> None:
    """Refuse a network of a sample whose values, one sample behind the other, are not those of the whole."""
    for turn in range(ROUNDS):
        points = [_point(sizes.inputs, whole_sizes.inputs, turn, number) for number in range(batch)]
        together = [each for parts in zip(*points, strict=True) for each in _joined(parts)]
        expected = whole(together)
        values = [_parts(sample([x for part in point for x, _ in part]), sizes.outputs) for point in points]
        found = [value for parts in zip(*values, strict=True) for part in parts for value in part]
        if tuple(found) != expected:
            raise NetworkError(
                f"axis 0 of the inputs is no batch of {batch}: the outputs are not those of each sample alone; "
                "without --batch-axis (batch_axis=True) all numbers are inputs"
            )


Part = list[tuple[mpq, bool]]
"""The numbers of one input, and whether each sample has its own."""


def _point(sizes: Sequence[int], whole: Sequence[int], turn: int, number: int) -> list[Part]:
    """Some numbers for each input; the same for all samples where the input has no batch."""
    parts, place = list[Part](), 1
    for size, all_sizes in zip(sizes, whole, strict=True):
        own = size < all_sizes
        seeds = range(place, place + size)
        parts.append(
            [
                (mpq((seed * seed * 31 + seed * 17 * (turn + 1) + number * 29 * own * seed) % 61 - 30, 8), own)
                for seed in seeds
            ]
        )
        place += size
    return parts


def _joined(parts: Sequence[Part]) -> list[mpq]:
    """One input's numbers, of all samples, or once where they share them."""
    own = parts[0][0][1]
    return [number for part in (parts if own else parts[:1]) for number, _ in part]


def _parts(values: Sequence[mpq], sizes: Sequence[int]) -> list[Sequence[mpq]]:
    return [values[start:end] for start, end in pairwise(accumulate(sizes, initial=0))]
