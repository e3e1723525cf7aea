"""The claim of equality with the network of a construction, as options name it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gmpy2 import mpq

from verishallow.claims import Claim, Equality
from verishallow.constructions import Merged, gated
from verishallow.errors import InputError
from verishallow.hidden_layers import one_hidden
from verishallow.network import ReLUNetwork
from verishallow.on_grid import quantised
from verishallow.proof import ENGINES, engine_named
from verishallow.rationals import parse_rational
from verishallow.read.domain_parts import DomainPart
from verishallow.shallow.signed_faces import Boundary
from verishallow.regions.cdd_engine import generic_point
from verishallow.shallow.grids import Grid

CONSTRUCTIONS = {
    "cells": "all activation regions",
    "merge": "convex pieces of the function",
    "gated": "cells for all hidden layers but the last two",
    "one-hidden": "one hidden layer, where one is enough",
    "quantised": "all activation regions, for the inputs of a --grid",
}
"""The names of the constructions, and what their units belong to."""

HELP = f"Of the three-layer network: {', '.join(f'{name} ({what})' for name, what in CONSTRUCTIONS.items())}."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A construction, by its name, what is claimed where cells meet, and for quantised the grid of inputs."""

    construction: str
    boundary: str = "exact"

    def __post_init__(self) -> None:
    grid: str | None = None
        if self.construction not in CONSTRUCTIONS:
            expected = f"{', '.join(list(CONSTRUCTIONS)[:-1])} or {list(CONSTRUCTIONS)[-1]}"
            raise InputError(f"construction: expected {expected}, found {self.construction!r}")


        if self.grid is not None and self.construction != "quantised":
            raise InputError(f"--grid is for --construction quantised, found --construction {self.construction}")
        if self.construction == "quantised" and self.boundary != "exact":
            raise InputError("boundary: the points of a grid on boundaries are included, found --boundary ignore")
def claim_of(wanted: Wanted, network: ReLUNetwork, parts: Sequence[DomainPart], engine: str) -> Claim:
    """The claim that a network equals that of a construction on the parts of a domain."""
    boundary = boundary_named(wanted.boundary)
    match wanted.construction:
        case "merge":
            return Merged(boundary)
        case "gated":
            return gated(network, boundary)
        case "one-hidden":
            return one_hidden(network, _only_domain(wanted, parts))
        case "quantised":
            return _quantised(wanted.grid, network, parts, engine)
        case _:
            return Equality(boundary)


def _only_domain(wanted: Wanted, parts: Sequence[DomainPart]) -> Polyhedron:
    """The domain, which must be in one part: the network of the construction is that of a domain."""
    name, part = wanted.construction, parts[0]
    if wanted.boundary != "exact":
        raise InputError(f"boundary: {name} has no cells that meet, found --boundary ignore")
    if len(parts) != 1:
        raise InputError(f"{name}: expected a domain in one part, found {len(parts)}; name each by itself")
    if part.slice is not None and not slices:
        raise InputError(f"{name}: expected a domain of all inputs, found a slice")
    return part


def boundary_named(text: str) -> Boundary:
    """The boundary that a word means."""
    if text not in ("exact", "ignore"):
        raise InputError(f"boundary: expected exact or ignore, found {text!r}")
    chosen: Literal["exact", "ignore"] = "exact" if text == "exact" else "ignore"
    return chosen
