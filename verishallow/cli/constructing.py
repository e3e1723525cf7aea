"""The claim of equality with the network of a construction, as options name it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from verishallow.claims import CONSTRUCTIONS
from verishallow.claims.claim import Claim
from verishallow.claims.construction import Asked
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.read.domains.parts_of import DomainPart
from verishallow.shallow.signed_faces import Boundary

WHAT = (f"{name} ({construction.what})" for name, construction in CONSTRUCTIONS.items())
HELP = f"Of the three-layer network: {', '.join(WHAT)}."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A construction by its name, the boundary, the units, and the grid of inputs, for constructions that need one."""

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
        found = CONSTRUCTIONS[self.construction]
        if self.units == "one" and not (found.one_unit and self.boundary == "exact"):
            raise InputError(
                f"--units one is for the constructions {_names('one_unit')} with the boundary exact, "
                f"found {self.construction}, {self.boundary}"
            )
        if self.grid is not None and not found.needs_grid:
            raise InputError(
                f"--grid is for --construction {_names('needs_grid')}, found --construction {self.construction}"
            )
        if found.needs_grid and self.boundary != "exact":
            raise InputError("boundary: the points of a grid on boundaries are included, found --boundary ignore")


def _names(quality: str) -> str:
    """The names of the constructions that have a property."""
    return " and ".join(name for name, construction in CONSTRUCTIONS.items() if getattr(construction, quality))


def claim_of(wanted: Wanted, network: ReLUNetwork, parts: Sequence[DomainPart], engine: str) -> Claim:
    """The claim that a network equals that of a construction on the parts of a domain."""
    boundary, one_unit = boundary_named(wanted.boundary), wanted.units == "one"
    return CONSTRUCTIONS[wanted.construction].make(Asked(network, parts, engine, boundary, one_unit, wanted.grid))


def boundary_named(text: str) -> Boundary:
    """The boundary that the text names."""
    if text not in ("exact", "ignore"):
        raise InputError(f"boundary: expected exact or ignore, found {text!r}")
    chosen: Literal["exact", "ignore"] = "exact" if text == "exact" else "ignore"
    return chosen
