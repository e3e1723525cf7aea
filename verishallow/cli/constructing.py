"""The claim of equality with the network of a construction, as options name it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gmpy2 import mpq

from verishallow.claims.claim import Claim
from verishallow.claims.equality import Equality
from verishallow.claims.finite import finite
from verishallow.claims.gated import gated
from verishallow.claims.merge import Merged
from verishallow.errors import InputError
from verishallow.hidden_layers.decide import one_hidden
from verishallow.network import ReLUNetwork
from verishallow.proof import output_range, quantised
from verishallow.rationals import Vector, parse_rational
from verishallow.read.domains.parts_of import DomainPart
from verishallow.shallow.grids import Grid
from verishallow.shallow.signed_faces import Boundary

CONSTRUCTIONS = {
    "cells": "all activation regions",
    "merge": "convex pieces of the function",
    "gated": "cells for all hidden layers but the last two",
    "quantised": "all activation regions, for the inputs of a --grid",
    "one-hidden": "one hidden layer, where one is enough",
    "finite": "kinks, for one input or two, with no infinite weight",
}
"""The names of the constructions, and what their units belong to."""

HELP = f"Of the three-layer network: {', '.join(f'{name} ({what})' for name, what in CONSTRUCTIONS.items())}."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A construction, by its name, what is claimed where cells meet, and for quantised the grid of inputs."""

    construction: str
    boundary: str = "exact"
    grid: str | None = None
    units: str = "two"

    def __post_init__(self) -> None:
        if self.construction not in CONSTRUCTIONS:
            expected = f"{', '.join(list(CONSTRUCTIONS)[:-1])} or {list(CONSTRUCTIONS)[-1]}"
            raise InputError(f"construction: expected {expected}, found {self.construction!r}")
        if self.units not in ("one", "two"):
            raise InputError(f"units: expected one or two, found {self.units!r}")
        if self.units == "one" and (self.construction not in ("cells", "merge") or self.boundary != "exact"):
            raise InputError(
                "--units one is for the constructions cells and merge with the boundary exact, "
                f"found {self.construction}, {self.boundary}"
            )
        if self.grid is not None and self.construction != "quantised":
            raise InputError(f"--grid is for --construction quantised, found --construction {self.construction}")
        if self.construction == "quantised" and self.boundary != "exact":
            raise InputError("boundary: the points of a grid on boundaries are included, found --boundary ignore")


def claim_of(wanted: Wanted, network: ReLUNetwork, parts: Sequence[DomainPart], engine: str) -> Claim:
    """The claim that a network equals that of a construction on the parts of a domain."""
    boundary = boundary_named(wanted.boundary)
    low = _lower_bounds(network, parts, engine) if wanted.units == "one" else ()
    match wanted.construction:
        case "merge":
            return Merged(boundary, low)
        case "gated":
            return gated(network, boundary)
        case "quantised":
            return _quantised(wanted.grid, network, parts, engine)
        case "one-hidden":
            part = _only_part(wanted, parts)
            return one_hidden(network, part.polyhedron, part.slice)
        case "finite":
            part = _only_part(wanted, parts)
            return finite(part.slice.restricted(network) if part.slice else network, part.polyhedron)
        case _:
            return Equality(boundary, low)


def _lower_bounds(network: ReLUNetwork, parts: Sequence[DomainPart], engine: str) -> Vector:
    """The least value of each output."""
    if len(parts) != 1:
        raise InputError(f"--units one: expected a domain in one part, found {len(parts)}, each of other bounds")
    (part,) = parts
    function = part.slice.restricted(network) if part.slice else network
    found = {bound.output: bound.low for bound in output_range(function, part.polyhedron, engine)}
    lows = [found.get(output) for output in range(network.outputs)]
    if None in lows:
        raise InputError(
            f"--units one: output {lows.index(None)} is not bounded below on this domain; name a bounded --domain"
        )
    return tuple(low for low in lows if low is not None)


def _quantised(grid: str | None, network: ReLUNetwork, parts: Sequence[DomainPart], engine: str) -> Claim:
    if grid is None:
        raise InputError("quantised: name the grid of the inputs with --grid, such as 1/255")
    if len(parts) != 1:
        raise InputError(f"quantised: expected a domain in one part, found {len(parts)}, each of another weight")
    (part,) = parts
    pairs = grid_named(grid, part.polyhedron.dimension)
    return quantised(network, part.polyhedron, pairs, engine, part.slice)


def grid_named(text: str, inputs: int) -> Grid:
    """The grid that a text means: a step for all inputs or one for each, and after each @ where the grid starts.

    >>> grid_named("1/4", 2).steps, grid_named("1/4,1@1/2", 2).offsets
    ((mpq(1,4), mpq(1,4)), (mpq(0,1), mpq(1,2)))
    """
    entries = [entry.partition("@") for entry in text.split(",")]
    pairs = [(parse_rational(offset) if at else mpq(0), parse_rational(step)) for step, at, offset in entries]
    if len(pairs) not in (1, inputs):
        raise InputError(f"grid: expected one step, or {inputs}, one for each input, found {len(pairs)}")
    return Grid.of(pairs * inputs if len(pairs) == 1 else pairs)


def _only_part(wanted: Wanted, parts: Sequence[DomainPart]) -> DomainPart:
    """The domain, which must be in one part: the network of the construction is that of a domain."""
    name, part = wanted.construction, parts[0]
    if wanted.boundary != "exact":
        raise InputError(f"boundary: {name} has no cells that meet, found --boundary ignore")
    if len(parts) != 1:
        raise InputError(f"{name}: expected a domain in one part, found {len(parts)}; name each by itself")
    return part


def boundary_named(text: str) -> Boundary:
    """The boundary that a word means."""
    if text not in ("exact", "ignore"):
        raise InputError(f"boundary: expected exact or ignore, found {text!r}")
    chosen: Literal["exact", "ignore"] = "exact" if text == "exact" else "ignore"
    return chosen
