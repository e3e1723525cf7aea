"""To how many bits bounds are rounded; everything that is not named here is exact."""

from dataclasses import dataclass

from verishallow.errors import InputError
from verishallow.records.spelling import Record

MOST_BITS = 256
LEVELS = 64
"""A slope is a multiple of 1 / LEVELS."""


@dataclass(frozen=True, slots=True)
class RoundingBits:
    """Bits after the point: of coefficients of neurons (S), of slopes and multipliers (P), of bounds and halvings (X).

    >>> RoundingBits().record()
    {'P': 20, 'S': 32, 'X': 32}
    """

    coefficients: int = 32
    slopes: int = 20
    bounds: int = 32

    def __post_init__(self) -> None:
        bits = (self.coefficients, self.slopes, self.bounds)
        if not all(type(b) is int and 0 <= b <= MOST_BITS for b in bits) or 1 << self.slopes < LEVELS:
            raise InputError(f"precision: expected bits from 0 to {MOST_BITS}, 6 or more for slopes, found {bits}")

    def record(self) -> Record:
        """As the header spells it."""
        return {"P": self.slopes, "S": self.coefficients, "X": self.bounds}
