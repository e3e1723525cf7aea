"""The claim that a name and options ask for: one meaning for Python and for the command line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from verishallow.claims import CLAIMS, CONSTRUCTIONS
from verishallow.claims.bounds import BOUNDS, Bound, OutputBounds, output_range
from verishallow.claims.claim import Claim
from verishallow.claims.construction import Asked
from verishallow.claims.equal import EQUAL, EqualNetworks
from verishallow.claims.equality import BOUNDARIES, CELLS, EQUALITY
from verishallow.claims.regions import REGIONS, RegionCount
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.progress import stage
from verishallow.read.domains.parts_of import DomainPart
from verishallow.read.places import shown
from verishallow.shallow.grids import Grid
from verishallow.shallow.signed_faces import Boundary

UNITS = ("two", "one")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A construction by its name, what is claimed where cells meet, the grid of inputs, and units per face and output.

    >>> Wanted("cells", boundary="somewhere")
    Traceback (most recent call last):
    verishallow.errors.InputError: boundary: expected exact or ignore, found 'somewhere'
    """

    construction: str = CELLS.name
    boundary: str = "exact"
    grid: Grid | str | None = None
    units: str = "two"

    def __post_init__(self) -> None:
        _require("construction", self.construction, tuple(CONSTRUCTIONS))
        _require("boundary", self.boundary, BOUNDARIES)
        _require("units", self.units, tuple(reversed(UNITS)))
        found = CONSTRUCTIONS[self.construction]
        if self.units == "one" and not (found.one_unit and self.boundary == "exact"):
            raise InputError(
                f"--units one is for the constructions {_with('one_unit')} with the boundary exact, "
                f"found {self.construction}, {self.boundary}"
            )
        if self.grid is not None and not found.needs_grid:
            raise InputError(
                f"--grid is for --construction {_with('needs_grid')}, found --construction {self.construction}"
            )
        if found.needs_grid and self.boundary != "exact":
            raise InputError("boundary: the points of a grid on boundaries are included, found --boundary ignore")

    @property
    def at_boundaries(self) -> Boundary:
        """The boundary, exact or ignore."""
        return "exact" if self.boundary == "exact" else "ignore"

    def claim(self, network: ReLUNetwork, parts: Sequence[DomainPart], engine: str = "auto") -> Claim:
        """The claim that a network equals that of the construction on the parts of a domain."""
        asked = Asked(network, parts, engine, self.at_boundaries, self.units == "one", self.grid)
        return CONSTRUCTIONS[self.construction].make(asked)


def claim_meant(
    name: Any,
    wanted: Wanted,
    network: ReLUNetwork,
    parts: Sequence[DomainPart],
    engine: str = "auto",
    bounds: OutputBounds | None = None,
    other: ReLUNetwork | None = None,
) -> Claim:
    """The claim of a name; ``bounds`` without any given are the exact range of each output on the domain."""
    match name:
        case EQUALITY.name:
            return wanted.claim(network, parts, engine)
        case REGIONS.name:
            return RegionCount()
        case BOUNDS.name:
            return bounds or OutputBounds(next(exact_ranges(network, parts[:1], engine)))
        case EQUAL.name if other is not None:
            return EqualNetworks(other)
        case EQUAL.name:
            raise InputError("--claim equal: name the second network with --other, or use 'verishallow equal A B'")
    raise InputError(f"claim: expected {listed_names()}, found {shown(name)}")


def listed_names() -> str:
    """The claims that are asked for by name, in words."""
    *names, last = (name for name, kind in CLAIMS.items() if kind.asked)
    return f"{', '.join(names)} or {last}"


def exact_ranges(network: ReLUNetwork, parts: Sequence[DomainPart], engine: str) -> Iterator[tuple[Bound, ...]]:
    """The exact range of each output on each part of a domain."""
    for number, part in enumerate(parts, start=1):
        with stage("the exact range of every output"):
            found = output_range(part.slice.restricted(network) if part.slice else network, part.polyhedron, engine)
        if not found:
            where = f"part {number} of this domain" if parts[1:] else "this domain"
            raise InputError(f"bounds: on {where} no output is bounded on any side; name a smaller --domain")
        yield found


def _require(what: str, found: Any, known: tuple[str, ...]) -> None:
    if found not in known:
        raise InputError(f"{what}: expected {', '.join(known[:-1])} or {known[-1]}, found {found!r}")


def _with(quality: str) -> str:
    """The names of the constructions that have a property."""
    return " and ".join(name for name, construction in CONSTRUCTIONS.items() if getattr(construction, quality))
