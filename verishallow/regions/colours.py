"""Colours that colour-blind readers can tell apart, and a way to assign them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

Item = TypeVar("Item")

PALETTE = ("56B4E9", "E69F00", "009E73", "F0E442", "CC79A7", "D55E00", "0072B2", "999999")
"""Okabe and Ito's colours without black, and a grey."""

TINTS = (60, 25, 100)
"""Per cent of a colour over white; after eight items the colours are used again in the next tint."""


def colouring(items: Iterable[Item], touching: Iterable[tuple[Item, Item]]) -> dict[Item, int]:
    """A number for each item, in order: an unused one if there is one, else that of an item that it does not touch.

    >>> colouring("abc", [("a", "b")])
    {'a': 0, 'b': 1, 'c': 2}
    """
    beside: defaultdict[Item, set[Item]] = defaultdict(set)
    for one, other in touching:
        beside[one].add(other)
        beside[other].add(one)
    found: dict[Item, int] = {}
    used = [0] * (len(PALETTE) * len(TINTS))
    for item in items:
        taken = {found.get(other) for other in beside[item] - {item}}
        found[item] = min(range(len(used)), key=lambda number: (number in taken, used[number], number))
        used[found[item]] += 1
    return found


def colour_of(number: int) -> str:
    """The colour as xcolor spells it, over the colours ``vs0``, ``vs1``, ... of the palette.

    >>> colour_of(9)
    'vs1!25'
    """
    return f"vs{number % len(PALETTE)}!{TINTS[number // len(PALETTE)]}"
