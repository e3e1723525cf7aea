"""The claim of equality with the network of a construction, as options name it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from verishallow.claims import Claim, Equality
from verishallow.constructions import Merged, gated
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.read.domain_parts import DomainPart
from verishallow.shallow.signed_faces import Boundary

CONSTRUCTIONS = {
    "cells": "all activation regions",
    "merge": "convex pieces of the function",
    "gated": "cells for all hidden layers but the last two",
}
"""The names of the constructions, and what their units belong to."""

HELP = f"Of the three-layer network: {', '.join(f'{name} ({what})' for name, what in CONSTRUCTIONS.items())}."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A construction, by its name, and what is claimed where cells meet."""

    construction: str
    boundary: str = "exact"

    def __post_init__(self) -> None:
        if self.construction not in CONSTRUCTIONS:
            expected = f"{', '.join(list(CONSTRUCTIONS)[:-1])} or {list(CONSTRUCTIONS)[-1]}"
            raise InputError(f"construction: expected {expected}, found {self.construction!r}")


def claim_of(wanted: Wanted, network: ReLUNetwork, parts: Sequence[DomainPart]) -> Claim:
    """The claim that a network equals that of a construction on the parts of a domain."""
    del parts
    boundary = boundary_named(wanted.boundary)
    match wanted.construction:
        case "merge":
            return Merged(boundary)
        case "gated":
            return gated(network, boundary)
        case _:
            return Equality(boundary)


def boundary_named(text: str) -> Boundary:
    """The boundary that a word means."""
    if text not in ("exact", "ignore"):
        raise InputError(f"boundary: expected exact or ignore, found {text!r}")
    chosen: Literal["exact", "ignore"] = "exact" if text == "exact" else "ignore"
    return chosen
