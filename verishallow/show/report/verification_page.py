"""The page about a verification: a property that holds, that is violated, or of which part is proved."""

import json
from collections.abc import Sequence
from typing import Any

from verishallow.rationals import counted
from verishallow.show.report.elements import Child, element
from verishallow.show.report.leaf_data import leaf_data
from verishallow.show.report.page import document, footer, heading, network_in_words, packed
from verishallow.show.report.verification_sections import (
    answer,
    counterexample_section,
    domain_section,
    leaves_section,
    network_section,
    proved_section,
    tree_section,
)
from verishallow.show.verified import Verified


def verification_page(
    found: Verified, title: str, features: Sequence[str] | None = None, outputs: Sequence[str] | None = None
) -> bytes:
    """The page as UTF-8.

    >>> from verishallow import ReLUNetwork, verify
    >>> from verishallow.show.verified import verified
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> outcome = verify(modulus, lambda inputs, outputs: outputs[0] > 2, domain=[(-1, 2)])
    >>> b"no x in D with y_0 &gt; 2" in verification_page(verified(outcome.certificate), "|x|")
    True
    """
    names = found.names(features, outputs)
    cards: list[Child] = [domain_section(found, names), network_section(found)]
    first, last = counterexample_section(found, names), None
    data: dict[str, Any] = {"inputs": [], "leaves": []}
    if not found.violated:
        cards.insert(0, tree_section(found, names))
        last, data = leaves_section(found, names), leaf_data(found, names)
    return document(
        f"{title}: {answer(found)}",
        "verification.js",
        heading(title, f"{network_in_words(found.certificate)}. {_sized(found)}"),
        element("main", proved_section(found), first, element("div", *cards, class_="cards"), last),
        footer(),
        packed("data-leaves", [json.dumps(data, separators=(",", ":")).encode()]),
        packed("data-certificate", found.certificate.lines),
    )


def _sized(found: Verified) -> str:
    """What was proved with, in a few words."""
    if found.violated:
        return "A property is violated at an exact point."
    leaves = counted(sum(node.is_leaf for node in found.nodes), "leaf", "leaves")
    left = sum(node.kind == "open" for node in found.nodes)
    return f"A property, proved on {leaves}" + (f"; {counted(left, 'node')} still open." if left else ".")
