"""The statements that kept certificates must prove."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verishallow.claims.bounds import OutputBounds
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.equality import BOUNDARIES, Equality
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.read.domains.parts_of import DomainPart
from verishallow.read.domains.strict import NOT_STRICT, StrictRows
from verishallow.records.spelling import form_texts, network_record
from verishallow.slices import Slice


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that a kept certificate must prove: a claim about a network on a normalised, full-dimensional domain.

    On a ``slice`` the domain is a set of its parameters. ``regions`` is the expected number of activation regions, if
    any; ``names`` are the names of the claim's networks in messages; ``strict`` are rows of which the domain is only
    the closure: what is proved holds on all of that, and a point that refutes it satisfies them.
    """

    network: ReLUNetwork
    domain: Polyhedron
    claim: Claim
    slice: Slice | None = None
    regions: int | None = None
    names: tuple[str, ...] = ("the network", "the other network")
    strict: StrictRows = NOT_STRICT

    def __post_init__(self) -> None:
        outputs = [bound.output for bound in self.claim.bounds] if isinstance(self.claim, OutputBounds) else []
        if outputs and outputs[-1] >= self.network.outputs:
            raise InputError(f"bounds: expected outputs from 0 to {self.network.outputs - 1}, found {outputs[-1]}")
        # Two networks with different numbers of inputs or outputs raise an error here.
        self.claim.explored(self.network)

    @property
    def networks(self) -> tuple[ReLUNetwork, ...]:
        """The networks of the claim."""
        return self.claim.networks(self.network)

    @property
    def part(self) -> DomainPart:
        """The domain with its slice and its strict rows."""
        return DomainPart(self.domain, self.slice, self.strict)

    @property
    def rows(self) -> list[tuple[int, ...]]:
        """The rows of the domain in the form that the checker reads."""
        return [tuple(int(a) for a in form.row) for form in self.domain.inequalities]

    @property
    def slice_rows(self) -> list[list[str]] | None:
        """The rows of the slice in the form that the checker reads."""
        return None if self.slice is None else [form_texts(form) for form in self.slice.affine_map.forms]

    def on_domain(self, network: ReLUNetwork) -> ReLUNetwork:
        """A network as a function on the domain; on a slice, of its parameters."""
        return network if self.slice is None else self.slice.restricted(network)

    def input(self, point: Vector) -> Vector:
        """The network's input at a point of the domain, which on a slice is a tuple of parameters."""
        return point if self.slice is None else self.slice.affine_map(point)

    def expected(self) -> dict[str, Any]:
        """The values that the stand-alone checker must find in a certificate."""
        records = (network_record(network) for network in self.networks)
        about = dict(zip(("network", "other"), records, strict=False))
        return {
            **about,
            "domain": self.rows,
            "slice": self.slice_rows,
            "claim": self.claim.name,
            "boundary": self.claim.header().get("boundary"),
        }


def claim_named(
    name: str,
    boundary: str | None = None,
    regions: int | None = None,
    bounds: Mapping[int, tuple[Any, Any]] | None = None,
    other: ReLUNetwork | None = None,
) -> Claim:
    """The claim with this name, "equality", "regions", "bounds" or "equal", and with its arguments.

    ``bounds`` has a pair (low, high) of exact rationals per output, with ``None`` on a side without a bound.
    Raises :class:`~verishallow.errors.InputError` for arguments that are missing, unknown, or of another claim.

    >>> print(claim_named("bounds", bounds={0: ("-1/2", None)}).bounds[0])
    -1/2 <= f_0
    """
    belongings = {"boundary": boundary, "regions": regions, "bounds": bounds, "other": other}
    _refuse_strangers(name, {option for option, value in belongings.items() if value is not None})
    match name:
        case "equality":
            return Equality(_boundary(boundary or "exact"))
        case "regions":
            return RegionCount()
        case "bounds" if bounds is not None:
            return OutputBounds.of(bounds)
        case "equal" if other is not None:
            return EqualNetworks(other)
    raise InputError(f"claim {name!r}: needs the keyword {NEEDED[name]}")


BELONGS = {"boundary": "equality", "regions": "regions", "bounds": "bounds", "other": "equal"}
NEEDED = {"bounds": "bounds={output: (low, high)}", "equal": "other=NETWORK"}


def _refuse_strangers(name: str, given: set[str]) -> None:
    if name not in BELONGS.values():
        raise InputError(f"claim: expected one of {', '.join(BELONGS.values())}, found {name!r}")
    for option in sorted(given):
        if BELONGS[option] != name:
            raise InputError(f"{option} belongs to claim={BELONGS[option]!r}, found claim={name!r}")


def _boundary(text: str) -> Any:
    if text not in BOUNDARIES:
        raise InputError(f"boundary: expected one of {', '.join(BOUNDARIES)}, found {text!r}")
    return text
