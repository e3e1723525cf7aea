"""The page's data about the leaves and the open nodes of a proof: one row per node, as plain texts."""

from collections.abc import Sequence
from typing import Any

from gmpy2 import mpq

from verishallow.explain.names import Names
from verishallow.rationals import format_rational
from verishallow.records.relaxed_tree import TreeNode
from verishallow.show.tables import rounded
from verishallow.show.verified import Verified, split_in_words

MOST_LISTED = 20_000
"""Leaves that the page lists; it says how many are left out."""

MOST_WIDTHS = 12
"""Inputs up to which the widths of all are shown; of more, those that are cut most often."""

KINDS = {"refuted": "refuted", "empty": "empty", "open": "open"}


def leaf_data(found: Verified, names: Names) -> dict[str, Any]:
    """The ends of the tree in the order of the certificate, and the inputs whose widths are shown."""
    inputs = inputs_shown(found)
    return {
        "inputs": [names.features[number] for number in inputs],
        "leaves": [_leaf(node, names, inputs) for node in found.ends[:MOST_LISTED]],
    }


def inputs_shown(found: Verified) -> list[int]:
    """The inputs whose widths are shown, increasing."""
    many = found.certificate.domain.dimension
    if many <= MOST_WIDTHS:
        return list(range(many))
    return sorted(number for number, _ in found.counted("halve").most_common(MOST_WIDTHS))


def _leaf(node: TreeNode, names: Names, inputs: Sequence[int]) -> dict[str, Any]:
    widths = node.cell.widths
    return {
        "kind": KINDS[node.kind],
        "line": node.line,
        "depth": node.depth,
        "signs": len(node.cell.signs),
        "relaxed": int(node.relaxed),
        "path": ", ".join(split_in_words(split, names.features) for split in node.cell.path) or "the whole domain",
        "widths": [_twice(widths[number]) for number in inputs],
    }


def _twice(value: mpq | None) -> list[str]:
    return ["infinite"] * 2 if value is None else [format_rational(value), rounded(value)]
