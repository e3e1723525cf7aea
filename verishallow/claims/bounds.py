"""The claim ``bounds``: low <= f_o(x) <= high for all x in D."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.claims.claim import Claim, ClaimKind
from verishallow.errors import InputError, ProofError, RefutedError, require
from verishallow.farkas import FarkasCertificate
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector, format_rational, point_text, rational
from verishallow.read import load
from verishallow.read.domains.usable_domain import Domain, usable_domain
from verishallow.read.sources import Model
from verishallow.records.lines import Tally
from verishallow.records.spelling import (
    Record,
    listed,
    rational_texts,
    spelled_reason,
)
from verishallow.regions.cdd_engine import generic_point
from verishallow.regions.cell_tree import (
    Cell,
    Leaf,
)
from verishallow.regions.enumeration import ENGINES, engine_named


@dataclass(frozen=True, slots=True)
class Bound:
    """An interval for one output; ``None`` means no bound on that side.

    >>> print(Bound(0, mpq(-1, 2), None))
    -1/2 <= f_0
    """

    output: int
    low: mpq | None
    high: mpq | None

    def __post_init__(self) -> None:
        if type(self.output) is not int or self.output < 0:
            raise InputError(f"output: expected a number from 0 on, found {self.output!r}")
        for side in ("low", "high"):
            value = getattr(self, side)
            object.__setattr__(self, side, None if value is None else rational(value))
        if self.low is None and self.high is None:
            raise InputError(f"output {self.output}: expected a low or a high bound, found neither")

    @classmethod
    def of(cls, output: int, low: Any = None, high: Any = None) -> Self:
        """The bound with sides of any exact kind: integers, fractions, floats, texts.

        >>> Bound.of(1, "-1/3", "0.5")
        Bound(output=1, low=mpq(-1,3), high=mpq(1,2))
        """
        return cls(output, low, high)

    def record(self) -> Record:
        """The bound as the header spells it."""
        sides = {"low": self.low, "high": self.high}
        return {"output": self.output, **{side: rational_texts([b])[0] for side, b in sides.items() if b is not None}}

    def slacks(self, form: AffineForm) -> Iterator[AffineForm]:
        """The forms that must be non-negative where the output has this form."""
        dimension = form.dimension
        if self.low is not None:
            yield form - constant_form(self.low, dimension)
        if self.high is not None:
            yield constant_form(self.high, dimension) - form

    def excess(self, value: mpq) -> mpq:
        """By how much a value of the output is too small or too large; at most 0 where it is neither."""
        below = [] if self.low is None else [self.low - value]
        return max(below if self.high is None else [*below, value - self.high])

    def __str__(self) -> str:
        low = "" if self.low is None else f"{format_rational(self.low)} <= "
        high = "" if self.high is None else f" <= {format_rational(self.high)}"
        return f"{low}f_{self.output}{high}"


def _as_output(output: Any) -> int:
    if not isinstance(output, int) or isinstance(output, bool) or output < 0:
        raise InputError(f"bounds: expected the number of an output, from 0, found {output!r}")
    return output


def _bound_of(output: int, pair: Any) -> Bound:
    if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
        raise InputError(f"bounds: expected a pair (low, high) for output {output}, found {pair!r}")
    return Bound.of(output, *pair)


def constant_form(value: mpq, dimension: int) -> AffineForm:
    """The form that is constant."""
    return AffineForm((value, *(mpq(0),) * dimension))


@dataclass(frozen=True, slots=True)
class OutputBounds(Claim):
    """The claim that outputs lie between bounds; each bound has a reason on every leaf.

    >>> from verishallow import prove
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> prove(modulus, "box:-1,2", claim=OutputBounds((Bound(0, mpq(0), mpq(1)),)))
    Traceback (most recent call last):
    verishallow.errors.RefutedError: 0 <= f_0 <= 1 does not hold: it fails by 1 at (2)
    """

    bounds: tuple[Bound, ...] = ()
    name: ClassVar[str] = "bounds"

    def __post_init__(self) -> None:
        require("bounds", self.bounds, tuple, "a tuple of Bound")
        for bound in self.bounds:
            require("bounds", bound, Bound, "a tuple of Bound")
        outputs = [bound.output for bound in self.bounds]
        if not outputs or sorted(set(outputs)) != outputs:
            raise InputError(f"bounds: expected increasing outputs, at least one, found {outputs}")

    @classmethod
    def of(cls, bounds: Any) -> Self:
        """The bounds ``{output: (low, high)}``, sides of any exact kind, ``None`` for no bound on a side.

        >>> print(*OutputBounds.of({0: ("-1/2", None), 1: (0, 2.5)}).bounds)
        -1/2 <= f_0 0 <= f_1 <= 5/2
        """
        if not isinstance(bounds, Mapping):
            raise InputError(f"bounds: expected a mapping {{output: (low, high)}}, found {bounds!r}")
        return cls(tuple(_bound_of(output, bounds[output]) for output in sorted(bounds, key=_as_output)))

    def explored(self, network: ReLUNetwork) -> ReLUNetwork:
        """The network, if it has the outputs that are bounded."""
        last = self.bounds[-1].output
        if last >= network.outputs:
            raise InputError(f"bounds: expected outputs from 0 to {network.outputs - 1}, found {last}")
        return network

    def header(self) -> Record:
        """The bounds."""
        return {"claim": self.name, "bounds": [bound.record() for bound in self.bounds]}

    def leaf(self, leaf: Leaf) -> tuple[Record, Tally]:
        """A reason for each bound; raises :class:`~verishallow.errors.RefutedError` with a point where one fails."""
        reasons = [
            spelled_reason(proved(leaf.cell, slack, bound))
            for bound in self.bounds
            for slack in bound.slacks(leaf.affine_map.forms[bound.output])
        ]
        return {"bounds": listed(reasons)}, Tally(leaves=1)

    def failure(self, values: Sequence[Vector]) -> str | None:
        """The first bound that fails, and by how much."""
        for bound in self.bounds:
            excess = bound.excess(values[0][bound.output])
            if excess > 0:
                return f"{bound} does not hold: it fails by {format_rational(excess)}"
        return None


def proved(cell: Cell, slack: AffineForm, bound: Bound) -> FarkasCertificate:
    """Why a form is non-negative on a cell."""
    least = cell.minimise(slack)
    if least.value is None or least.value < 0:
        point = cell.polyhedron.point_below_zero(slack)
        if point is None or slack(point) >= 0 or not cell.polyhedron.contains(point):
            raise ProofError(f"a least value below 0 is found nowhere on its cell: {slack}")
        raise RefutedError(
            f"{bound} does not hold: it fails by {format_rational(-slack(point))} at {point_text(point)}",
            point,
            cell.polyhedron,
        )
    return least.reason


def range_of_leaves(leaves: Iterable[Leaf]) -> tuple[Bound, ...]:
    """The exact range of each output over all leaves; outputs bounded on neither side are left out."""
    lows, highs = list[mpq | None](), list[mpq | None]()
    for leaf in leaves:
        forms = leaf.affine_map.forms
        lows = _least(lows, [leaf.cell.minimise(form).value for form in forms])
        highs = _least(highs, [leaf.cell.minimise(-form).value for form in forms])
    sides = enumerate(zip(lows, highs, strict=True))
    return tuple(
        Bound(o, low, None if high is None else -high) for o, (low, high) in sides if (low, high) != (None,) * 2
    )


def _least(known: list[mpq | None], found: list[mpq | None]) -> list[mpq | None]:
    pairs = zip(known, found, strict=True) if known else ((value, value) for value in found)
    return [None if a is None or b is None else min(a, b) for a, b in pairs]


def hull_of(ranges: Sequence[Sequence[Bound]]) -> tuple[Bound, ...]:
    """The bounds on a union, of those on its parts; outputs that are bounded on neither side are left out.

    >>> print(*hull_of([[Bound.of(0, -1, 0), Bound.of(1, 5)], [Bound.of(0, 1, "5/2")]]))
    -1 <= f_0 <= 5/2
    """
    of_outputs = [{bound.output: bound for bound in bounds} for bounds in ranges]
    return tuple(
        Bound(output, low, high)
        for output in sorted(set.intersection(*map(set, of_outputs)))
        for low, high in [_around([bounds[output] for bounds in of_outputs])]
        if (low, high) != (None, None)
    )


def _around(bounds: Sequence[Bound]) -> tuple[mpq | None, mpq | None]:
    lows = [bound.low for bound in bounds if bound.low is not None]
    highs = [bound.high for bound in bounds if bound.high is not None]
    whole = len(bounds)
    return min(lows) if len(lows) == whole else None, max(highs) if len(highs) == whole else None


def output_range(network: Model, domain: Domain = None, engine: str = "auto") -> tuple[Bound, ...]:
    """The exact least and greatest value of each output on a domain; ``None`` on a side without a bound.

    Outputs that are bounded on neither side are left out.

    >>> from verishallow import ReLUNetwork
    >>> print(*output_range(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])))
    0 <= f_0
    """
    read = load(network)
    usable = usable_domain(domain, read.inputs)
    nodes = ENGINES[engine_named(engine, read.inputs)](read, usable, generic_point(usable), reporting=False)
    leaves = (node for node in nodes if isinstance(node, Leaf))
    return range_of_leaves(leaves)


BOUNDS = ClaimKind(OutputBounds.name, "Certificate of bounds of the outputs of a {ReLU} network", "17")
