"""The weight that a gate needs, and the proof that it suffices: one linear program per leaf, gate and side.

A gate ``w`` is at least its step at every grid point of the domain that lies beyond it. There ``M w`` must be at least
``F_o`` and ``-F_o``, so that the units of a leaf are 0. This is proved for all points of the domain with ``w >= step``.
"""

from dataclasses import dataclass
from functools import cache

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm
from verishallow.farkas import FarkasCertificate
from verishallow.polyhedron import Polyhedron
from verishallow.shallow.grids import Grid, least_power


@dataclass(frozen=True)
class Gates:
    """The gates on a bounded, full-dimensional domain."""

    domain: Polyhedron
    grid: Grid

    def needed(self, side: AffineForm, form: AffineForm, weight: mpq) -> mpq:
        """The least power of two, at least ``weight``, with ``power * gate >= form`` beyond the gate of a side.

        0 stands for no weight.
        """
        beyond, gate = _beyond(self, side), self.grid.gate(side)
        if beyond is None:
            return weight
        while True:
            slack = gate.scaled(weight) - form
            least = beyond.minimise(slack).value
            if least is not None and least >= 0:
                return weight
            point = beyond.minimiser(slack)
            weight = least_power(form(point) / gate(point))

    def reason(self, side: AffineForm, slack: AffineForm) -> FarkasCertificate:
        """Why a form is non-negative beyond the gate of a side, from the domain's rows and one for the gate."""
        beyond = _beyond(self, side)
        if beyond is not None:
            return beyond.minimise(slack).reason
        return self._nowhere(self.grid.beyond(side), slack)

    def _nowhere(self, row: AffineForm, slack: AffineForm) -> FarkasCertificate:
        """The same if a row is negative on all of the domain."""
        least, below = self.domain.minimise(slack), self.domain.minimise(-row)
        if least.value is None or below.value is None:
            raise ValueError("the domain is unbounded")
        times = max(ZERO, -least.value / below.value)
        total = dict(least.reason.multipliers)
        for number, multiplier in (*below.reason.multipliers, (len(self.domain.inequalities), mpq(1))):
            total[number] = total.get(number, ZERO) + times * multiplier
        return FarkasCertificate(tuple((number, value) for number, value in sorted(total.items()) if value))


@cache
def _beyond(gates: Gates, side: AffineForm) -> Polyhedron | None:
    """The part of the domain beyond a gate; ``None`` if it is empty."""
    row = gates.grid.beyond(side)
    most = gates.domain.minimise(-row).value
    return None if most is not None and most > 0 else gates.domain.with_inequality(row)
